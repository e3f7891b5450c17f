"""A class of the tiny course whose marks stand in a real gradebook, without a run.

course = a_class(tmp_path / "course")            # released, opened, ada bob eve zoe in it
give(course, "ada", {"accuracy": 5.0}, at="2026-11-02 12:00:00")
"""

from datetime import datetime
from pathlib import Path

from learner_course import TOPIC, given_out, tiny_course

from foursteps.classroom.opening import open_class
from foursteps.classroom.roster import Learner
from foursteps.course import Course
from foursteps.grade.batch import quiet
from foursteps.grade.gradebook import open_gradebook, register

CLASS = (
    Learner("ada", "Ada", "Lovelace", "ada@example.org", "11"),
    Learner("bob", "Bob", "Roberts", "bob@example.org", "22"),
    Learner("eve", "Eve", "Adams", "eve@example.org", "33"),
    Learner("zoe", "Zoë", "Last", "zoe@example.org", "44"),
)
CHECKS = {
    "reproduce": ("mean_image", "distance", "classes", "accuracy"),
    "apply_elsewhere": ("gain", "story"),
}


def a_class(root: Path, learners=CLASS) -> Course:
    """The tiny course, released, with a class in it; the gradebook knows its topic."""
    course = given_out(tiny_course(root))
    open_class(course, learners)
    register(course, TOPIC)
    return course


def give(course: Course, learner: str, scores: dict[str, float | None], at: str | None = None) -> None:
    """Enter scores by check, as grading does; None waits for a person, and what is not named gets 0."""
    with quiet(), open_gradebook(course) as gradebook:
        submission = gradebook.update_or_create_submission(TOPIC, learner)
        submission.timestamp = datetime.fromisoformat(at) if at else None
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = scores.get(grade.name, 0.0)
                grade.needs_manual_grade = grade.auto_score is None
        gradebook.db.commit()
    (course.workspace / "submitted" / learner / TOPIC).mkdir(parents=True, exist_ok=True)
