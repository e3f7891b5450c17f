"""Variants: where a topic has them, the class's secret draws each learner one dataset of a metric's menu.

Neighbours then work on different data. The run is as ever; only the key differs: predictions for a dataset
that somebody else was drawn earn nothing, and the card says which one was meant.
"""

from dataclasses import replace

from foursteps.checks.definition import AnyCheck, Metric
from foursteps.course import Course, Exercise
from foursteps.grade.prepare import Prepared
from foursteps.grade.secret import class_secret, seed_for


def drawn(secret: bytes, exercise: Exercise, check: Metric, learner: str) -> str:
    """The dataset of `learner` in a check; the same for all checks of an exercise that have the same menu."""
    return check.datasets[seed_for(secret, f"{exercise}/variant/{learner}") % len(check.datasets)]


def for_learner(course: Course, exercise: Exercise, learner: str, prepared: Prepared) -> Prepared:
    """`prepared` with the choice and the key of one learner; as it is where the topic has no variants."""
    if not course.topic(exercise.topic).settings.variants:
        return prepared
    secret = class_secret(course.workspace)
    keys, checks = dict(prepared.keys), list[AnyCheck]()
    for check in prepared.checks:
        if isinstance(check, Metric) and len(check.datasets) > 1:
            name = drawn(secret, exercise, check, learner)
            keys[check.name] = {name: prepared.keys[check.name][name]}
            check = check.model_copy(update={"datasets": (name,)})
        checks.append(check)
    return replace(prepared, checks=tuple(checks), keys=keys)
