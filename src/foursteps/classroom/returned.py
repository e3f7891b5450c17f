"""Feedback on its way back to learners: one archive, a folder a learner, named as their platform wants it."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from foursteps import atomic
from foursteps.classroom.roster import members
from foursteps.course import Course, Topic
from foursteps.errors import ClassError
from foursteps.grade import table
from foursteps.grade.feedback import write_feedback
from foursteps.grade.gradebook import db_url
from foursteps.release.bundle import ZIP_TIME


@dataclass(frozen=True)
class Returned:
    """Feedback that is ready: pages by learner, who still waits for a person, and who gets none."""

    pages: dict[str, tuple[Path, ...]]
    by_hand: tuple[str, ...]
    without: tuple[str, ...]


def ready(course: Course, topic: Topic) -> Returned:
    """Write the feedback of `topic` that is not there yet, and say whose there is.

    Raises GradeError when nobody handed anything in.
    """
    pages: dict[str, tuple[Path, ...]] = {}
    for page in write_feedback(course, topic):
        student = page.parents[1].name
        pages[student] = (*pages.get(student, ()), page)
    entered = table.entries(db_url(course), topic.name)
    waiting = sorted({student for (student, _), entry in entered.items() if entry.by_hand})
    without = tuple(learner.id for learner in members(course) if learner.id not in pages)
    return Returned(pages, tuple(waiting), without)


def pack(course: Course, topic: Topic, found: Returned, target: Path) -> Path:
    """Write the feedback `found` into the zip archive `target`, whole or not at all.

    A learner's folder has the name that Moodle gave it, where the work came from there, so that Moodle takes
    the archive as feedback files; otherwise the learner's id. Raises ClassError when there is no feedback.
    """
    if not found.pages:
        raise ClassError(
            course.workspace / "feedback",
            expected=f"feedback on {topic.name}",
            found="none",
            mend=f"Run `foursteps grade {topic.name}` first.",
        )
    folders = _folders(course, topic)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, pages in sorted(found.pages.items()):
            for page in pages:
                name = f"{folders.get(student) or student}/{page.name}"
                archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), page.read_bytes(), zipfile.ZIP_DEFLATED)
    atomic.write_bytes(target, held.getvalue(), mode=0o600)
    return target


def _folders(course: Course, topic: Topic) -> dict[str, str]:
    """What a platform called each learner's folder, the last time that something was collected from it."""
    found: dict[str, str] = {}
    for journal in sorted((course.workspace / "collected").glob("*.json")):
        said = json.loads(journal.read_text("utf-8"))
        if said["topic"] == topic.name:
            found |= {who: one["folder"] for who, one in said["learners"].items() if one["folder"]}
    return found
