"""Handing work in and getting feedback: over nbgrader's exchange, or as a file for any learning platform.

What goes is a clean copy: the two exercises and the learner's own files. The lecture, a solution that was
opened, earlier feedback and progress stay at home.
"""

import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from foursteps import atomic
from foursteps.course import EXERCISES, Course, Topic
from foursteps.errors import WorkError
from foursteps.grade.nbgrader_setup import course_id
from foursteps.learner.work import COMPANIONS, Copy
from foursteps.release.bundle import ZIP_TIME

STAYS = ("feedback", "figures")
"""Folders in a topic's work that are not handed in."""


@dataclass(frozen=True)
class HandedIn:
    """What was handed in: where it went, which notebooks, and which of them nothing was written in."""

    where: str
    notebooks: tuple[str, ...]
    untouched: tuple[str, ...]


def submit(course: Course, topic: Topic, *, more: tuple[str, ...] = ()) -> HandedIn:
    """Hand a topic in over nbgrader's exchange, as JupyterLab's Assignments tab does.

    more : options for nbgrader, such as `--course=NAME`; the course's own name unless given.

    Raises WorkError when there is nothing to hand in, or nbgrader refuses, with nbgrader's own reason.
    """
    with tempfile.TemporaryDirectory(prefix="foursteps-") as made:
        folder = Path(made) / topic.name
        names = _stage(topic, folder)
        said = _nbgrader(course, "submit", topic.name, f"--Exchange.assignment_dir={made}", *more)
    found = re.findall(r"Submitted as: (.*)", said)
    return HandedIn(found[-1] if found else "the exchange", names, _untouched(topic, names))


def pack(topic: Topic) -> HandedIn:
    """Write what would be handed in as a zip file, `work/<topic>.zip`, to upload where the class wants it."""
    with tempfile.TemporaryDirectory(prefix="foursteps-") as made:
        folder = Path(made) / topic.name
        names = _stage(topic, folder)
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), ZIP_TIME)
                    info.external_attr = 0o644 << 16
                    archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)
    path = topic.root / "work" / f"{topic.name}.zip"
    atomic.write_bytes(path, held.getvalue())
    return HandedIn(str(path), names, _untouched(topic, names))


def fetch_feedback(course: Course, topic: Topic, *, more: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Fetch what the class has released; gives the pages of the latest feedback, newest hand-in first.

    Raises WorkError when nbgrader refuses, or there is none yet.
    """
    _nbgrader(course, "fetch_feedback", topic.name, f"--Exchange.assignment_dir={course.work}", *more)
    folder = course.work / topic.name / "feedback"
    latest = max((path for path in folder.glob("*") if path.is_dir()), default=None)
    pages = tuple(sorted(latest.glob("*.html"))) if latest else ()
    if not pages:
        raise WorkError(
            folder,
            expected="feedback",
            found="none yet",
            mend="Ask again when your class has been marked; `foursteps mark` marks it here and now.",
        )
    return pages


def _stage(topic: Topic, folder: Path) -> tuple[str, ...]:
    """Put a clean copy of what is handed in into `folder`; gives the exercises' names."""
    own = topic.root / "work" / topic.name
    names = tuple(name for name in EXERCISES if Copy(topic, name).path.is_file())
    if not names:
        raise WorkError(
            own,
            expected=f"{' and '.join(f'{name}.ipynb' for name in EXERCISES)}, to hand in",
            found="neither",
            mend=f"Run `foursteps start {topic.name}`, and work in them.",
        )
    for path in sorted(own.rglob("*")):
        inside = path.relative_to(own)
        wanted = inside.stem in names if path.suffix == ".ipynb" else inside.name not in COMPANIONS
        hidden = any(part.startswith(".") or part in STAYS for part in inside.parts)
        if path.is_file() and not path.is_symlink() and wanted and not hidden:
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return names


def _untouched(topic: Topic, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if Copy(topic, name).is_untouched())


def _nbgrader(course: Course, command: str, topic: str, *options: str) -> str:
    """Run an nbgrader command for a learner; gives what it logged. Raises WorkError with its last error."""
    if not any(option.startswith("--course") for option in options):
        options = (*options, f"--course={course_id(course.root)}")
    full = [sys.executable, "-m", "nbgrader", command, topic, *options]
    ran = subprocess.run(full, cwd=course.root, capture_output=True, text=True)
    if ran.returncode:
        errors = re.findall(r"(?:ERROR|CRITICAL)\]? \|? ?(.*)", ran.stderr) or ran.stderr.strip().split("\n")
        raise WorkError(
            f"nbgrader {command} {topic}",
            expected="the class's exchange",
            found=errors[-1].strip().rstrip(".") or f"exit code {ran.returncode}",
            mend="Ask your instructor, or upload the file that `foursteps submit --file` writes.",
        )
    return ran.stderr
