"""nbgrader in this course: `solutions/` is its source, `exercises/` its release, `class/` everything else."""

from pathlib import Path

from foursteps.grade.nbgrader_setup import configure

configure(get_config(), Path(__file__).parent)  # noqa: F821
