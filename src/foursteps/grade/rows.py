"""The marks of a class, as rows: what the gradebook holds, and what the autograded notebooks say of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foursteps.course import Course, Topic
from foursteps.grade import table
from foursteps.grade.gradebook import db_url
from foursteps.grade.index import Index
from foursteps.grade.score import Outcome

WORDS = {
    "failed": "not yet",
    "not_attempted": "not attempted",
    "crashed": "raised an error",
    "grader_broken": "the check is broken",
}


@dataclass(frozen=True)
class Row:
    """One notebook of one learner, as the gradebook has it.

    by_hand names the checks that wait for a person. `note` says, in a sentence, why there was nothing to
    grade; `error`, that the grading itself failed, so that the marks are not what the work deserves.
    """

    student: str
    exercise: str
    points: float
    max_points: float
    outcomes: tuple[Outcome, ...] = ()
    by_hand: tuple[str, ...] = ()
    note: str = ""
    error: str = ""

    @property
    def said(self) -> str:
        """What became of the checks, in few words."""
        if self.error or self.note:
            return self.error or self.note
        passed = [outcome for outcome in self.outcomes if outcome.state == "passed"]
        parts = [f"{len(passed)} passed"] if passed else []
        for state, words in WORDS.items():
            if names := [outcome.check for outcome in self.outcomes if outcome.state == state]:
                parts.append(f"{words}: {', '.join(names)}")
        if self.by_hand:
            parts.append(f"to mark by hand: {', '.join(self.by_hand)}")
        return "; ".join(parts)


def rows(
    course: Course,
    topic: Topic,
    students: Iterable[str],
    errors: Mapping[str, str] | None = None,
    index: Index | None = None,
) -> tuple[Row, ...]:
    """The marks that the gradebook holds for `topic`: a row for each learner and exercise."""
    url, index, students = db_url(course), index or Index(course, topic), tuple(students)
    entered = table.entries(url, topic.name, students)
    most = {
        name: sum(points or 0.0 for _, points in cells.values())
        for name, cells in table.cells(url, topic.name).items()
    }
    submitted = course.workspace / "submitted"
    found: list[Row] = []
    for student in students:
        error = (errors or {}).get(student, "")
        for name in topic.exercises:
            entry = entered.get((student, name))
            if entry is None:
                note = "" if error else "It has not been graded yet."
                found.append(Row(student, name, 0.0, most.get(name, 0.0), note=note, error=error))
                continue
            there = (submitted / f"{student}/{topic.name}/{name}.ipynb").is_file()
            said = index.said(student, name)
            found.append(
                Row(
                    student,
                    name,
                    entry.points,
                    most.get(name, 0.0),
                    outcomes=tuple(Outcome(**record) for record in said.get("outcomes", ())),
                    by_hand=entry.by_hand,
                    note="" if there else f"There is no {name}.ipynb in the submission.",
                    error=error,
                )
            )
    return tuple(found)
