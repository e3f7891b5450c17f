"""Variants: neighbours differ, everybody's own dataset counts, and somebody else's does not."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from classroom_course import TOPIC, a_class
from test_cli import foursteps

from foursteps.checks.definition import Metric, Scale
from foursteps.checks.evidence import Evidence, encode
from foursteps.classroom.roster import Learner, enter
from foursteps.classroom.variants import variants
from foursteps.course import Course
from foursteps.errors import ClassError
from foursteps.grade.prepare import Prepared
from foursteps.grade.score import MetricKey, score
from foursteps.grade.secret import class_secret
from foursteps.grade.variants import drawn, for_learner

LABELS = np.array(["3", "5", "3", "5"] * 20)
NAMES = [f"learner{at:02}" for at in range(40)]
MENU = ("mnist_3_5", "mnist_3_7", "mnist_4_9")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    course = a_class(tmp_path_factory.mktemp("class") / "course")
    enter(course, [Learner(name) for name in NAMES])
    return course


@pytest.fixture
def course(made, tmp_path):
    root = shutil.copytree(made.root, tmp_path / "course")
    settings = (root / "course.toml").read_text()
    (root / "course.toml").write_text(settings.replace("minutes = 30", "minutes = 30\nvariants = true"))
    grader = root / "graders" / TOPIC / "apply_elsewhere.py"
    grader.write_text(grader.read_text().replace('datasets=("mnist_3_5",)', f"datasets={MENU}"))
    return Course.load(root)


def prepared(course):
    check = Metric(name="gain", asks="x", datasets=MENU, takes="predict", claim="c.{dataset}")
    keys = {"gain": {name: MetricKey(LABELS, np.full(80, "3"), Scale(zero=0.5, full=0.9)) for name in MENU}}
    return Prepared(course.root, (check,), keys, 1, "stamp")


def evidence(dataset):
    return Evidence(check="gain", state="given", dataset=dataset, content={"labels": encode(LABELS)})


def test_when_a_topic_has_variants_then_neighbours_differ_and_each_is_the_same_every_time(course):
    found = variants(course, course.topics[0])
    assert found == variants(course, course.topics[0])
    assert {one.dataset for one in found} == set(MENU)
    counts = [sum(one.dataset == name for one in found) for name in MENU]
    assert min(counts) >= 5
    assert {(one.exercise, one.check) for one in found} == {("apply_elsewhere", "gain")}


def test_when_the_class_has_another_secret_then_it_draws_otherwise(course):
    exercise = course.topics[0].exercises["apply_elsewhere"]
    check = prepared(course).checks[0]
    other = [drawn(b"x" * 32, exercise, check, name) for name in NAMES]
    assert other != [drawn(class_secret(course.workspace), exercise, check, name) for name in NAMES]


def test_when_a_learner_uses_the_own_dataset_then_it_counts_and_any_other_does_not(course):
    exercise = course.topics[0].exercises["apply_elsewhere"]
    for learner in NAMES[:6]:
        own = for_learner(course, exercise, learner, prepared(course))
        (check,) = own.checks
        (mine,) = check.datasets
        assert score(check, evidence(mine), own.keys["gain"]).state == "passed"
        theirs = next(name for name in MENU if name != mine)
        outcome = score(check, evidence(theirs), own.keys["gain"])
        assert outcome.points == 0
        assert outcome.reason == f"The predictions are for '{theirs}'; this check wants {mine}."


def test_when_a_topic_has_no_variants_then_everything_is_as_ever(made):
    exercise = made.topics[0].exercises["apply_elsewhere"]
    given = prepared(made)
    assert for_learner(made, exercise, "ada", given) is given
    with pytest.raises(ClassError, match=r"expected variants = true in \[lectures\.01_means\]"):
        variants(made, made.topics[0])


def test_when_there_is_nothing_to_draw_from_then_it_says_so(made):
    topic = replace(made.topics[0], settings=made.topics[0].settings.model_copy(update={"variants": True}))
    with pytest.raises(
        ClassError, match="a metric in 01_means with several datasets to draw from; found none"
    ):
        variants(made, topic)


def test_when_the_command_is_used_then_it_gives_a_table(course):
    code, out, err = foursteps(course.root, "class", "variants", "01")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "id,exercise,check,dataset"
    assert len(out.split()) == 1 + 44
