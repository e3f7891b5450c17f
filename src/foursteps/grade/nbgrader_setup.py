"""nbgrader on a foursteps course: what `nbgrader_config.py` calls, and the same for our own commands.

So `nbgrader generate_assignment`, `autograde`, `generate_feedback`, `validate`, the formgrader and the
JupyterLab extension work in a course as they are, and `foursteps release` and `foursteps grade` are the
same code.
"""

import logging
import os
import re
import shutil
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from traitlets.config import Config

from foursteps.errors import GradeError

RELEASE = [
    "foursteps.release.preprocessors.ReleaseExercise",
    "nbgrader.preprocessors.CheckCellMetadata",
    "foursteps.release.preprocessors.RecordCells",
]
SANITIZE = [
    "foursteps.grade.preprocessors.Repair",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
AUTOGRADE = [
    "foursteps.grade.preprocessors.RunSubmission",
    "foursteps.grade.preprocessors.ScoreEvidence",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

log = logging.getLogger("foursteps.nbgrader")
log.addHandler(logging.NullHandler())
log.propagate = False


def configure(c: Config, root: Path | str) -> None:
    """Set up nbgrader for the course at `root`.

    nbgrader's `source` is `solutions/`, its `release` is `exercises/`, and everything about learners lies in
    `class/`. Grading runs in our Runner, and takes its scores from evidence.
    """
    root = Path(root).resolve()
    workspace = root / "class"
    workspace.mkdir(mode=0o700, exist_ok=True)
    find_alembic()

    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = course_id(root)
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "exercises"
    for step in ("submitted", "autograded", "feedback"):
        setattr(c.CourseDirectory, f"{step}_directory", f"class/{step}")
    c.CourseDirectory.db_url = f"sqlite:///{workspace / 'gradebook.db'}"

    c.CoursePreprocessor.root = str(root)
    c.GenerateAssignment.preprocessors = RELEASE
    c.GenerateAssignment.post_convert_hook = PublishChecks(root)
    c.Autograde.exporter_class = "foursteps.grade.exporter.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = SANITIZE
    c.Autograde.autograde_preprocessors = AUTOGRADE
    c.Autograde.pre_convert_hook = Register(root)
    c.GenerateFeedback.exporter_class = "foursteps.grade.feedback_page.FeedbackExporter"
    c.AssignLatePenalties.plugin_class = "foursteps.classroom.late.LatePolicy"
    c.ZipCollectApp.extractor_plugin = "foursteps.grade.collect.SafeExtractor"
    # Validate runs a learner's own notebook, which trains models.
    c.Execute.timeout = 900


def load_config(root: Path) -> Config:
    """The configuration that nbgrader would have in the course at `root`, its nbgrader_config.py included."""
    from traitlets.config.loader import PyFileConfigLoader

    config = Config()
    configure(config, root)
    if (root / "nbgrader_config.py").is_file():
        config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config())
    return config


def find_alembic() -> None:
    """Let nbgrader find `alembic`, which it starts by name: it lies beside this Python."""
    beside = Path(sys.executable).parent
    if not shutil.which("alembic") and (beside / "alembic").exists():
        os.environ["PATH"] = f"{beside}{os.pathsep}{os.environ.get('PATH', '')}"


def course_id(root: Path) -> str:
    """The course's name in nbgrader's exchange, and of what is handed out: its title as a word."""
    try:
        title = tomllib.loads((root / "course.toml").read_text("utf-8"))["title"]
    except (OSError, ValueError, KeyError):
        title = root.name
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "course"


class Register:
    """Before a submission is graded, the gradebook gets the assignment as it is released.

    A submission without any notebook of the assignment, which nbgrader would leave without a row, gets 0.
    """

    def __init__(self, root: Path):
        self.root = root

    def __call__(self, assignment: str, student: str, notebooks: list[str]) -> None:
        from foursteps.course import Course
        from foursteps.grade.gradebook import register, score_missing
        from foursteps.grade.intake import sort_out

        course = Course.load(self.root)
        sort_out(course.workspace, assignment)
        register(course, assignment)
        score_missing(course, assignment)


class PublishChecks:
    """After nbgrader has released an assignment, the public half of its graders is put beside it."""

    def __init__(self, root: Path):
        self.root = root

    def __call__(self, assignment: str, student: str, notebooks: list[str]) -> None:
        from foursteps import atomic
        from foursteps.course import Course
        from foursteps.release.public import public_checks
        from foursteps.run import ColdRunner

        topic = Course.load(self.root).topic(assignment)
        atomic.write_text(topic.checks, public_checks(topic, ColdRunner()).dumps())


@contextmanager
def told_by(logger: logging.Logger, where: object) -> Iterator[None]:
    """Turn an exception of nbgrader into a GradeError with the last thing that it logged as an error."""
    from nbgrader.converters import NbGraderException

    said: list[str] = []
    here = threading.get_ident()  # others may be at the same work in other threads

    class Listen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread != here:
                return
            said.extend(line for line in record.getMessage().strip().splitlines() if line.strip())

    listener = Listen(logging.ERROR)
    logger.addHandler(listener)
    try:
        yield
    except NbGraderException as error:
        reason = next(
            (line for line in reversed(said) if re.match(r"[\w.]*(Error|Exception)\b", line)), str(error)
        )
        raise GradeError(
            where,
            expected="work that nbgrader gets through",
            found=reason.strip(),
            mend="Run the same nbgrader command with --debug to see more.",
        ) from error
    finally:
        logger.removeHandler(listener)
