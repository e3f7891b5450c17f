"""`foursteps new course`: the template, under a name of its own."""

import json
import shutil
from pathlib import Path

from foursteps import atomic
from foursteps.course import Course
from foursteps.errors import CourseError
from foursteps.new.names import require_course_name, title_of

TEMPLATE = Path(__file__).parent / "template"
MADE = ("class", "work", "dist", "_build", "__pycache__", ".ipynb_checkpoints")
"""What commands leave in a course: none of it is copied."""
TITLED = ("course.toml", "README.md", "book/index.md")
TITLE = "A new course"


def new_course(name: str, into: Path, title: str = "") -> Course:
    """Write a whole small course into the folder `name` in `into`, and load it.

    title : what the course is called; made from the name when empty.

    Raises CourseError for a name that is none, and when something of that name is there: nothing is ever
    written over.
    """
    require_course_name(name)
    root = Path(into).resolve() / name
    if root.exists():
        raise CourseError(
            root,
            expected="nothing of that name yet",
            found="a folder" if root.is_dir() else "a file",
            mend="Take another name, or move what is there elsewhere.",
        )
    with atomic.folder(root) as beside:
        copy_template(beside)
        said = title or title_of(name)
        quoted = json.dumps(said, ensure_ascii=False)  # a TOML string is written as a JSON one
        for file in TITLED:
            text = (beside / file).read_text("utf-8")
            text = text.replace(f'"{TITLE}"', quoted).replace(f"# {TITLE}\n", f"# {said}\n", 1)
            (beside / file).write_text(text, "utf-8")
    return Course.load(root)


def copy_template(to: Path) -> None:
    """Copy the template into the folder `to`, without what commands may have left in it."""
    shutil.copytree(TEMPLATE, to, ignore=shutil.ignore_patterns(*MADE), dirs_exist_ok=True)
