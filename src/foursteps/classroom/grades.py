"""Grades: what each learner has in each topic, and in all that counts. As rows, and as a DataFrame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foursteps.classroom.roster import Learner, members
from foursteps.classroom.settings import Grades, read_settings
from foursteps.course import Course, Topic
from foursteps.grade import table
from foursteps.grade.gradebook import db_url


@dataclass(frozen=True)
class Mark:
    """A learner's points in a topic, penalties taken off; None where nothing was handed in.

    by_hand names the checks that still wait for a person. counts: whether it is in the total.
    """

    points: float | None
    most: float
    by_hand: tuple[str, ...] = ()
    counts: bool = True

    @property
    def share(self) -> float:
        """Points by possible points, 0 to 1 and more with extra credit."""
        return (self.points or 0.0) / self.most if self.most else 0.0


@dataclass(frozen=True)
class Record:
    """All marks of one learner, by topic."""

    learner: Learner
    marks: Mapping[str, Mark]

    @property
    def points(self) -> float:
        """Points in what counts."""
        return sum(mark.points or 0.0 for mark in self.marks.values() if mark.counts)

    @property
    def most(self) -> float:
        """Points that were to be had in what counts."""
        return sum(mark.most for mark in self.marks.values() if mark.counts)


def grades(course: Course, topics: Sequence[Topic] = ()) -> tuple[Record, ...]:
    """The marks of the whole class, by learner; of `topics`, or of all that the gradebook knows points of.

    Raises ClassError for settings that cannot be read.
    """
    url, settings = db_url(course), read_settings(course)
    chosen = topics or course.topics
    most = {
        topic.name: sum(
            points or 0.0 for cells in table.cells(url, topic.name).values() for _, points in cells.values()
        )
        for topic in chosen
    }
    known = [topic for topic in chosen if most[topic.name]]
    found: dict[tuple[str, str], list[table.Entry]] = {}
    for topic in known:
        for (student, _), entry in table.entries(url, topic.name).items():
            found.setdefault((student, topic.name), []).append(entry)
    records = []
    for learner in members(course):
        marks = {}
        for topic in known:
            entries = found.get((learner.id, topic.name), [])
            # An extension makes rows before anything is handed in: nothing is entered in them yet.
            entries = [entry for entry in entries if entry.points or not is_blank(entry)]
            points = round(sum(entry.points for entry in entries), 2) if entries else None
            by_hand = tuple(cell for entry in entries for cell in entry.by_hand)
            marks[topic.name] = Mark(points, most[topic.name], by_hand)
        records.append(Record(learner, counted(marks, settings.grades)))
    return tuple(records)


def counted(marks: Mapping[str, Mark], rules: Grades) -> dict[str, Mark]:
    """`marks` with those marked that do not count: left out for all, or a learner's lowest. Pure.

    Of equal shares the one with more points to be had is dropped; one topic always counts.
    """
    counting = [name for name in marks if name not in rules.leave_out]
    lowest = sorted(counting, key=lambda name: (marks[name].share, -marks[name].most))
    dropped = set(lowest[: min(rules.drop_lowest, max(len(counting) - 1, 0))])
    return {
        name: Mark(mark.points, mark.most, mark.by_hand, name in counting and name not in dropped)
        for name, mark in marks.items()
    }


def frame(course: Course, topics: Sequence[Topic] = ()) -> Any:
    """The class's marks as a pandas DataFrame: a row a learner, a column a topic, and the total.

    `total` and `of` are points in what counts; a topic that was not handed in is NaN.
    """
    import pandas as pd

    found = grades(course, topics)
    rows = [
        {
            "id": record.learner.id,
            "first_name": record.learner.first_name,
            "last_name": record.learner.last_name,
            "email": record.learner.email,
            **{name: mark.points for name, mark in record.marks.items()},
            "total": record.points,
            "of": record.most,
        }
        for record in found
    ]
    columns = list(found[0].marks) if found else []
    table = pd.DataFrame(rows).set_index("id") if rows else pd.DataFrame()
    return table.astype({name: float for name in columns})


def is_blank(entry: table.Entry) -> bool:
    """Whether nobody and nothing has given a score in this notebook."""
    grades = [told for told in entry.told if len(told) == 6]
    return all(auto is None and manual is None for _, _, auto, manual, _, _ in grades)
