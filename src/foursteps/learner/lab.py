"""JupyterLab on the course: the learner's copies are made ready, and the start page is what opens."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from foursteps.course import Course
from foursteps.errors import WorkError
from foursteps.learner.start_page import write_start_page
from foursteps.learner.work import start_course


def make_ready(course: Course) -> Path:
    """Give the learner a copy of everything that is released, and write the start page; gives its path."""
    start_course(course)
    return write_start_page(course)


def lab_command(course: Course, page: Path, more: list[str]) -> list[str]:
    """The command that opens JupyterLab at the course's folder, on `page`; `more` are options of its own."""
    return [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={course.root}", *more, str(page)]


def open_lab(course: Course, more: list[str]) -> None:
    """Become JupyterLab on the start page; does not return. Raises WorkError when it is not installed."""
    if find_spec("jupyterlab") is None:
        raise WorkError(
            "foursteps lab",
            expected="JupyterLab in this Python",
            found="none",
            mend="Run: python -m pip install 'foursteps[lab]'",
        )
    command = lab_command(course, make_ready(course), more)
    os.chdir(course.root)  # nbgrader reads its nbgrader_config.py from here
    sys.stdout.flush()
    os.execv(command[0], command)
