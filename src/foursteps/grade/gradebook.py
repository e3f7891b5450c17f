"""The class's gradebook: nbgrader's own database, opened, filled with what is released, and read."""

from typing import Any

from foursteps import notebook as nb
from foursteps.course import Course, Topic, subfolders
from foursteps.grade import table
from foursteps.grade.database import anchored, checked
from foursteps.grade.nbgrader_setup import find_alembic, load_config, log
from foursteps.release.exercise import released_text


def open_gradebook(course: Course) -> Any:
    """The gradebook of the class, made when there is none; use it in a `with` block.

    Raises GradeError for a gradebook of another nbgrader, and where no database answers.
    """
    from nbgrader.api import Gradebook

    find_alembic()
    course.workspace.mkdir(mode=0o700, exist_ok=True)
    return Gradebook(checked(db_url(course)))


def db_url(course: Course) -> str:
    """The address of the class's gradebook."""
    return anchored(load_config(course.root).CourseDirectory.db_url, course.root)


def released(topic: Topic) -> dict[str, Any]:
    """The released notebooks of a topic, by exercise; made anew where one is missing."""
    import nbformat

    return {
        name: nb.read(exercise.released)
        if exercise.released.is_file()
        else nbformat.reads(released_text(exercise), as_version=4)
        for name, exercise in topic.exercises.items()
    }


def register(course: Course, name: str) -> None:
    """Bring the assignment `name` in the gradebook to what is released, keeping the grades there are."""
    topic = course.topic(name)
    url = db_url(course)
    notebooks = released(topic)
    current = table.cells(url, topic.name)
    changed = [exercise for exercise in notebooks if current.get(exercise) != _cells(notebooks[exercise])]
    if not changed:
        return
    from foursteps.release.preprocessors import RecordCells

    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(topic.name)
    for exercise in changed:
        names = {"assignment": topic.name, "notebook": exercise, "db_url": url}
        RecordCells(log=log).preprocess(notebooks[exercise], {"nbgrader": names})


def _cells(notebook: Any) -> dict[str, tuple]:
    """What the gradebook should say of a released notebook's cells: checksum and points, by id."""
    metas = [nb.grader_metadata(cell) for cell in notebook.cells]
    return {
        meta["grade_id"]: (meta["checksum"], float(meta["points"]) if meta.get("grade") else None)
        for meta in metas
        if meta.get("grade") or meta.get("solution") or meta.get("locked")
    }


def score_missing(course: Course, assignment: str) -> None:
    """Give no points, and nothing to wait for, to each submission without any notebook of the assignment.

    nbgrader does not see such a folder, and would leave the learner without a row.
    """
    topic = course.topic(assignment)
    submitted = course.workspace / "submitted"
    empty = [
        student
        for student in subfolders(submitted)
        if (submitted / student / topic.name).is_dir()
        and not any(
            (submitted / student / topic.name / f"{name}.ipynb").is_file() for name in topic.exercises
        )
    ]
    entered = table.entries(db_url(course), topic.name) if empty else {}
    settled = {key for key, entry in entered.items() if entry.settled_at_zero}
    empty = [student for student in empty if not all((student, name) in settled for name in topic.exercises)]
    if not empty:
        return
    with open_gradebook(course) as gradebook:
        for student in empty:
            gradebook.update_or_create_student(student)
            submission = gradebook.update_or_create_submission(topic.name, student)
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0.0, False
        gradebook.db.commit()


__all__ = ["db_url", "open_gradebook", "register", "released", "score_missing"]
