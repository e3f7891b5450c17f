"""What the gradebook holds of one assignment, read in one go.

nbgrader's own API asks the database some ten times for each notebook, and takes seconds to import. Its tables
are read here, never written.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foursteps.grade.database import checked, explained

MANY = 500
"""Students: from here on everybody's rows are read, and those of others are left. A query has its limits."""
GRADES = """
select submitted_assignment.student_id, notebook.name, submitted_notebook.late_submission_penalty,
       base_cell.name, grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade
from assignment
join notebook on notebook.assignment_id = assignment.id
join submitted_notebook on submitted_notebook.notebook_id = notebook.id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
left join grade on grade.notebook_id = submitted_notebook.id
left join base_cell on base_cell.id = grade.cell_id
where assignment.name = :assignment{only}
order by base_cell.name
"""
CELLS = """
select notebook.name, source_cell.name, source_cell.checksum, grade_cells.max_score
from assignment
join notebook on notebook.assignment_id = assignment.id
join source_cell on source_cell.notebook_id = notebook.id
left join base_cell on base_cell.notebook_id = notebook.id and base_cell.name = source_cell.name
     and base_cell.type = 'GradeCell'
left join grade_cells on grade_cells.id = base_cell.id
where assignment.name = :assignment
"""
COMMENTS = """
select submitted_assignment.student_id, notebook.name, base_cell.name, comment.auto_comment,
       comment.manual_comment
from assignment
join notebook on notebook.assignment_id = assignment.id
join submitted_notebook on submitted_notebook.notebook_id = notebook.id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join comment on comment.notebook_id = submitted_notebook.id
join base_cell on base_cell.id = comment.cell_id
where assignment.name = :assignment{only}
order by base_cell.name
"""


TIMES = """
select submitted_assignment.student_id, submitted_assignment.timestamp, submitted_assignment.extension,
       assignment.duedate
from assignment join submitted_assignment on submitted_assignment.assignment_id = assignment.id
where assignment.name = :assignment order by submitted_assignment.student_id
"""
STUDENTS = "select id, first_name, last_name, email, lms_user_id from student order by id"


@dataclass(frozen=True)
class Entry:
    """One notebook of one learner: its points, late penalty taken off, and the cells that wait for a person.

    settled_at_zero: nothing was there to grade, and every cell has its zero. `told` is all of it that a
    feedback page shows.
    """

    points: float
    by_hand: tuple[str, ...]
    settled_at_zero: bool
    told: tuple


def entries(
    url: str, assignment: str, students: Collection[str] | None = None
) -> dict[tuple[str, str], Entry]:
    """What is entered for `assignment`, by (student, notebook): at least of `students`, of all when None."""
    found: dict[tuple[str, str], list] = {}
    for student, notebook, *grade in _of(url, GRADES, assignment, students):
        found.setdefault((student, notebook), []).append(grade)
    said: dict[tuple[str, str], list] = {}
    for student, notebook, *comment in _of(url, COMMENTS, assignment, students):
        said.setdefault((student, notebook), []).append(tuple(comment))
    return {key: _entry(grades, said.get(key, [])) for key, grades in found.items()}


def _entry(grades: list[list], comments: list[tuple]) -> Entry:
    points = -float(grades[0][0] or 0.0)
    by_hand = []
    for _, cell, auto, manual, extra, waits in grades:
        if cell is None:
            continue
        given = manual if manual is not None else auto
        if given is not None:  # as nbgrader adds up: extra credit counts where there is a score
            points += given + (extra or 0.0)
        if waits:
            by_hand.append(cell)
    settled = all(auto == 0 and not waits for _, _, auto, _, _, waits in grades)
    return Entry(points, tuple(by_hand), settled, (*map(tuple, grades), *comments))


def cells(url: str, assignment: str) -> dict[str, dict[str, tuple[str, float | None]]]:
    """The cells that the gradebook knows, by notebook and id: checksum, and points where there are any."""
    found: dict[str, dict[str, tuple[str, float | None]]] = {}
    for notebook, cell, checksum, points in _rows(url, CELLS, assignment):
        found.setdefault(notebook, {})[cell] = (checksum, points)
    return found


def students(url: str) -> list[Any]:
    """Everybody in the gradebook: id, first name, last name, email, and their id on a platform."""
    return select(url, STUDENTS)


def times(url: str, assignment: str) -> list[Any]:
    """When each learner handed in: id, time, extension, due date; UTC, None where unknown."""
    from sqlalchemy import DateTime, Interval, String, text

    typed = text(TIMES).columns(student_id=String, timestamp=DateTime, extension=Interval, duedate=DateTime)
    return select(url, typed, assignment=assignment)


def _of(url: str, query: str, assignment: str, students: Collection[str] | None) -> list[Any]:
    """What a query with a place for it gives of `students`: of everybody when None, or when they are many."""
    from sqlalchemy import String, bindparam, text

    if students is None or len(students) > MANY:
        return _rows(url, query.format(only=""), assignment)
    some = text(query.format(only=" and submitted_assignment.student_id in :students"))
    some = some.bindparams(bindparam("students", expanding=True, type_=String))
    return select(url, some, assignment=assignment, students=list(students))


def _rows(url: str, query: str, assignment: str) -> list[Any]:
    return select(url, query, assignment=assignment)


def select(url: str, query: Any, **values: Any) -> list[Any]:
    """What a query gives with `values` in the places of its names; nothing while there is no gradebook."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with _connected(url) as connection:
            if connection is None:
                return []
            return list(connection.execute(text(query) if isinstance(query, str) else query, values))
    except (SQLAlchemyError, ImportError) as error:
        checked(url)  # says whether it is another nbgrader's, or out of reach
        told = explained(error, url)
        if told is None:
            raise
        raise told from error


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    """A connection to the gradebook; None while there is none."""
    from sqlalchemy import create_engine, inspect
    from sqlalchemy.engine import make_url

    database = make_url(url).database
    if url.startswith("sqlite") and not (database and Path(database).is_file()):
        yield None
        return
    engine = create_engine(url)
    try:
        if not inspect(engine).has_table("submitted_notebook"):
            yield None
            return
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
