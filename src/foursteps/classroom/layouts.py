"""Grades as CSV, in the layouts that learning platforms import. Pure.

A cell of text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from foursteps.classroom.grades import Record
from foursteps.classroom.roster import FORMULA

Cell = str | float | None


def as_csv(layout: str, records: Sequence[Record], titles: Mapping[str, str]) -> str:
    """The grades as the text of a CSV file.

    layout : one of LAYOUTS. titles : of topics, by name; they head the columns.
    """
    topics = [name for name in titles if records and name in records[0].marks]
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    for row in LAYOUTS[layout](records, {name: titles[name] for name in topics}):
        writer.writerow([safe(cell) for cell in row])
    return held.getvalue()


def safe(cell: Cell) -> str:
    """A cell that no spreadsheet runs: text that begins like a formula gets an apostrophe in front."""
    if isinstance(cell, int | float):
        return f"{cell:g}"
    text = "" if cell is None else " ".join(str(cell).split("\x00"))
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text


def _marks(record: Record, titles: Mapping[str, str]) -> list[Cell]:
    return [record.marks[name].points for name in titles]


def _plain(records: Sequence[Record], titles: Mapping[str, str]) -> list[list[Cell]]:
    """Ours: who, the points of each topic, and the total in what counts."""
    header = ["id", "first name", "last name", "email", "lms id", *titles, "total", "of"]
    rows: list[list[Cell]] = [
        [*_who(record), record.learner.lms_id, *_marks(record, titles), record.points, record.most]
        for record in records
    ]
    return [list(header), *rows]


def _moodle(records: Sequence[Record], titles: Mapping[str, str]) -> list[list[Cell]]:
    """Moodle's Grades, Import, CSV file: learners are mapped by user name or address."""
    header = ["Username", "First name", "Last name", "Email address", *titles.values()]
    return [list(header), *([*_who(record), *_marks(record, titles)] for record in records)]


def _canvas(records: Sequence[Record], titles: Mapping[str, str]) -> list[list[Cell]]:
    """Canvas's Gradebook, Import: learners by Canvas's own number, or else by what they sign in with."""
    most: list[Cell] = [records[0].marks[name].most for name in titles] if records else []
    rows: list[list[Cell]] = [
        [
            ", ".join(part for part in (record.learner.last_name, record.learner.first_name) if part),
            record.learner.lms_id,
            record.learner.id,
            "",
            *_marks(record, titles),
        ]
        for record in records
    ]
    header = ["Student", "ID", "SIS Login ID", "Section", *titles.values()]
    return [list(header), ["Points Possible", "", "", "", *most], *rows]


def _blackboard(records: Sequence[Record], titles: Mapping[str, str]) -> list[list[Cell]]:
    """Blackboard's Grade Center, Upload: learners by user name."""
    rows: list[list[Cell]] = [
        [record.learner.last_name, record.learner.first_name, record.learner.id, *_marks(record, titles)]
        for record in records
    ]
    return [["Last Name", "First Name", "Username", *titles.values()], *rows]


def _brightspace(records: Sequence[Record], titles: Mapping[str, str]) -> list[list[Cell]]:
    """Brightspace's Grades, Import: a column says how it is graded, and each line its own end."""
    heads = [f"{title} Points Grade" for title in titles.values()]
    rows: list[list[Cell]] = [[record.learner.id, *_marks(record, titles), "#"] for record in records]
    return [["Username", *heads, "End-of-Line Indicator"], *rows]


def _who(record: Record) -> list[Cell]:
    learner = record.learner
    return [learner.id, learner.first_name, learner.last_name, learner.email]


LAYOUTS: dict[str, Callable[[Sequence[Record], Mapping[str, str]], list[list[Cell]]]] = {
    "plain": _plain,
    "moodle": _moodle,
    "canvas": _canvas,
    "blackboard": _blackboard,
    "brightspace": _brightspace,
}
