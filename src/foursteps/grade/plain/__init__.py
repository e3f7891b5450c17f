"""Plain nbgrader courses: nbgrader's own converter, with a warm run and a rule for points that holds.

`grade_plain` does an assignment; `PlainCourse` is the folder. The gradebook, the configuration and everything
that is not named in docs/nbgrader-differences.md are nbgrader's own.
"""

from pathlib import Path
from typing import Any

__all__ = ["PlainCourse", "grade_plain", "is_plain"]


def is_plain(root: Path | str) -> bool:
    """Whether `root` is a course of nbgrader alone: its configuration or sources, no course.toml above."""
    folder = Path(root).resolve()
    if any((above / "course.toml").is_file() for above in (folder, *folder.parents)):
        return False
    return (folder / "nbgrader_config.py").is_file() or (folder / "source").is_dir()


def __getattr__(name: str) -> Any:
    # nbgrader takes seconds to import, which a command that only asks `is_plain` need not wait for.
    if name == "PlainCourse":
        from foursteps.grade.plain.course import PlainCourse

        return PlainCourse
    if name == "grade_plain":
        from foursteps.grade.plain.grading import grade_plain

        return grade_plain
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
