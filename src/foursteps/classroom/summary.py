"""What a person should look at before marks go out: who is missing, late, broken, or odd.

Nothing here changes a mark, and nothing here is a verdict.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from foursteps import notebook as nb
from foursteps.classroom.grades import is_blank
from foursteps.classroom.roster import members
from foursteps.classroom.settings import days_late, read_settings
from foursteps.course import Course, Topic, subfolders
from foursteps.errors import NotebookError
from foursteps.grade import table
from foursteps.grade.gradebook import db_url, released
from foursteps.grade.index import Index
from foursteps.grade.intake import aside_of, named


@dataclass(frozen=True)
class Late:
    """Work that came after its time: days begun, and the points it cost."""

    learner: str
    days: int
    cost: float


@dataclass(frozen=True)
class Summary:
    """One topic in the class. broken and odd : (learner, a sentence); strangers are not in the class."""

    topic: str
    members: int
    handed_in: int
    graded: int
    by_hand: int
    missing: tuple[str, ...]
    late: tuple[Late, ...]
    broken: tuple[tuple[str, str], ...]
    odd: tuple[tuple[str, str], ...]
    strangers: tuple[str, ...]


def summary(course: Course, topic: Topic) -> Summary:
    """How a topic stands in the class: from the folder of submissions, the gradebook and what was graded."""
    url, folder = db_url(course), course.workspace / "submitted"
    known = [learner.id for learner in members(course)]
    there = [name for name in subfolders(folder) if (folder / name / topic.name).is_dir()]
    entered = table.entries(url, topic.name)
    graded = {student for (student, _), entry in entered.items() if student in there and not is_blank(entry)}
    waiting = {student for (student, _), entry in entered.items() if entry.by_hand}
    broken, odd = _looked_at(course, topic, there)
    return Summary(
        topic.name,
        members=len(known),
        handed_in=len(set(there) & set(known)),
        graded=len(graded),
        by_hand=len(waiting),
        missing=tuple(name for name in known if name not in there),
        late=_late(course, topic, entered),
        broken=tuple(broken),
        odd=tuple(odd + alike(_codes(course, topic, there))),
        strangers=tuple(name for name in there if known and name not in known),
    )


def alike(codes: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Who handed in the very same code: a sentence for each. Pure.

    codes : learner, exercise, digest of its code; the untouched exercise is not among them.
    """
    same: dict[tuple[str, str], list[str]] = {}
    for learner, exercise, digest in codes:
        same.setdefault((exercise, digest), []).append(learner)
    return [
        (who[0], f"{exercise}: the same code, to the letter, as {', '.join(who[1:])}")
        for (exercise, _), who in sorted(same.items(), key=lambda item: (item[0][0], item[1]))
        if len(who) > 1
    ]


def _late(course: Course, topic: Topic, entered: dict[tuple[str, str], table.Entry]) -> tuple[Late, ...]:
    found = []
    agreed = read_settings(course).due_utc(topic.name)
    cost: dict[str, float] = {}
    for (student, _), entry in entered.items():
        cost[student] = cost.get(student, 0.0) + float(entry.told[0][0] or 0.0)
    for student, at, extension, known in table.times(db_url(course), topic.name):
        due = agreed or known
        if at is None or due is None:
            continue
        seconds = (at - due).total_seconds() - (extension.total_seconds() if extension else 0.0)
        if days := days_late(seconds):
            found.append(Late(student, days, cost.get(student, 0.0)))
    return tuple(found)


def _looked_at(
    course: Course, topic: Topic, there: list[str]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What broke or had to be repaired, and what was set aside, by learner."""
    index = Index(course, topic)
    broken: list[tuple[str, str]] = []
    odd: list[tuple[str, str]] = []
    for student in there:
        folder = course.workspace / "submitted" / student / topic.name
        for exercise in topic.exercises:
            if not (folder / f"{exercise}.ipynb").is_file():
                broken.append((student, f"there is no {exercise}.ipynb"))
                continue
            said = index.said(student, exercise)
            notes = [*said.get("repairs", ()), said.get("run", {}).get("ended", "")]
            broken += [(student, f"{exercise}: {note}") for note in notes if note]
            faults = [one["check"] for one in said.get("outcomes", ()) if one["state"] == "grader_broken"]
            broken += [(student, f"{exercise}: the check {name} is broken") for name in faults]
        odd += [(student, note) for note in named(aside_of(folder))]
    index.save()
    return broken, odd


def _codes(course: Course, topic: Topic, there: list[str]) -> list[tuple[str, str, str]]:
    """Each learner's code, as a digest, of the notebooks in which something was written."""
    untouched = {name: nb.source_hash(notebook) for name, notebook in released(topic).items()}
    found = []
    for student in there:
        for exercise in topic.exercises:
            path = course.workspace / "submitted" / student / topic.name / f"{exercise}.ipynb"
            try:
                digest = nb.source_hash(nb.read(path))
            except NotebookError:
                continue
            if digest != untouched[exercise]:
                found.append((student, exercise, digest))
    return found
