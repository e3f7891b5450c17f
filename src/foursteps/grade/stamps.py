"""What marks depend on and what runs depend on, as digests: two, since marks change without a run."""

import platform
from functools import cache
from pathlib import Path
from typing import Any

from foursteps import notebook
from foursteps.course import Course, Exercise
from foursteps.grade.keys import digest
from foursteps.run.modules import code_hash, modules_hash
from foursteps.run.provenance import package_folders

PACKAGE = Path(__file__).parents[1]
RUNS = ("run", "run/warm")
"""The kit's own modules that run a notebook; those that the notebook imports count too."""
MARKS = ("checks", "data", "grade", "run", "run/warm")


def digest_of_marks(course: Course, exercise: Exercise, seeds: list[int]) -> str:
    """A digest of all that a submission's marks depend on, but the submission.

    The files as they are: solution, release, grader, bands, settings; the kit, and what is installed.
    Reads, but neither loads a grader nor parses a notebook: a class that has not changed is seen quickly.
    """
    settings = course.topic(exercise.topic).settings
    return digest(
        exercise.source,
        exercise.released,
        exercise.grader,
        course.topic(exercise.topic).claims,
        course.root / "nbgrader_config.py",
        settings.model_dump(mode="json"),
        seeds,
        [kit(), installed()],
    )


def digest_of_runs(exercise: Exercise, seen: str, seeds: list[int]) -> str:
    """A digest of all that a submission's run depends on, but the submission, its limits and its walls.

    seen : of what the run is shown, as `prepare.seen_by_a_run` gives it.
    """
    kit = [path for folder in RUNS for path in sorted((PACKAGE / folder).glob("*.py"))]
    imports = modules_hash(notebook.read(exercise.source))
    return digest(seen, seeds, imports, code_hash(kit, PACKAGE), installed())


@cache
def kit() -> str:
    """A digest of the kit's modules that mark, or run, a submission."""
    return digest(*(path for folder in MARKS for path in sorted((PACKAGE / folder).glob("*.py"))))


@cache
def installed() -> list[Any]:
    """Python's version, and the installed packages with theirs.

    By the names of their folders: reading the metadata of some hundred packages takes a second.
    """
    names = {
        path.name
        for folder in package_folders()
        for kind in ("dist-info", "egg-info")
        for path in Path(folder).glob(f"*.{kind}")
    }
    return [platform.python_version(), sorted(names)]
