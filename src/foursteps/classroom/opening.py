"""Opening a class: its folder, its secret, its settings and its gradebook, made where they are missing."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from foursteps import atomic
from foursteps.classroom.roster import Entered, Learner, enter
from foursteps.classroom.settings import TEMPLATE, read_settings, settings_path
from foursteps.course import Course
from foursteps.errors import ClassError
from foursteps.grade.batch import quiet
from foursteps.grade.gradebook import db_url, open_gradebook
from foursteps.grade.secret import class_secret


@dataclass(frozen=True)
class Opened:
    """What a class consists of: each part, whether it is new, and where it lies; and who was entered."""

    parts: tuple[tuple[str, bool, str], ...]
    entered: Entered | None


def open_class(course: Course, learners: tuple[Learner, ...] | None, *, dry_run: bool = False) -> Opened:
    """Make what is missing of the class in `course`; nothing that is there is written over.

    learners : to be entered, as `read_roster` gives them. dry_run : only say what would be made.

    Raises ClassError for a bundle (learners have no class), and for settings that cannot be read.
    """
    if course.is_bundle:
        raise ClassError(
            course.root,
            expected="a course with solutions and graders",
            found="the learners' bundle",
            mend="Open the class in the course's own folder.",
        )
    folder = not course.workspace.is_dir()
    url = db_url(course)
    sqlite = url.startswith("sqlite")
    book = Path(make_url(url).database or "") if sqlite else None
    address = make_url(url).render_as_string(hide_password=True)
    parts = (
        ("folder", folder, str(course.workspace)),
        ("secret", not (course.workspace / "secret").is_file(), str(course.workspace / "secret")),
        ("settings", not settings_path(course).is_file(), str(settings_path(course))),
        ("gradebook", bool(book and not book.is_file()), str(book or address)),
    )
    if not dry_run:
        class_secret(course.workspace)
        if not settings_path(course).is_file():
            atomic.write_text(settings_path(course), TEMPLATE, mode=0o600)
        read_settings(course)
        with quiet(), open_gradebook(course):
            pass
    entered = None if learners is None else enter(course, learners, dry_run=dry_run)
    return Opened(parts, entered)
