"""What each learner was drawn, as a table to hand out with the exercise."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from foursteps.checks.definition import Metric
from foursteps.classroom.layouts import safe
from foursteps.classroom.roster import members
from foursteps.course import Course, Topic
from foursteps.errors import ClassError
from foursteps.grade.prepare import checks_of
from foursteps.grade.secret import class_secret
from foursteps.grade.variants import drawn


@dataclass(frozen=True)
class Variant:
    """A learner's dataset for one check."""

    learner: str
    exercise: str
    check: str
    dataset: str


def variants(course: Course, topic: Topic) -> tuple[Variant, ...]:
    """Everybody's datasets in `topic`, by learner. Raises ClassError for a topic without variants."""
    if not topic.settings.variants:
        raise ClassError(
            course.root / "course.toml",
            expected=f"variants = true in [lectures.{topic.name}]",
            found="a topic whose learners choose for themselves",
            mend="Add it before the topic is handed out.",
        )
    secret = class_secret(course.workspace)
    menus = [
        (exercise, check)
        for exercise in topic.exercises.values()
        for check in checks_of(exercise)
        if isinstance(check, Metric) and len(check.datasets) > 1
    ]
    if not menus:
        raise ClassError(
            course.root / "course.toml",
            expected=f"a metric in {topic.name} with several datasets to draw from",
            found="none",
            mend="Give its check more datasets, or take `variants` out.",
        )
    return tuple(
        Variant(learner.id, exercise.name, check.name, drawn(secret, exercise, check, learner.id))
        for learner in members(course)
        for exercise, check in menus
    )


def as_csv(found: Sequence[Variant]) -> str:
    """The table as the text of a CSV file."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(["id", "exercise", "check", "dataset"])
    for one in found:
        writer.writerow(map(safe, (one.learner, one.exercise, one.check, one.dataset)))
    return held.getvalue()
