"""Only the single bundle of a graded cell counts, and what a learner reads holds no key."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

from foursteps.checks.definition import Criterion, Expect, Function, Property, Scale, WriteUp
from foursteps.checks.evidence import MIME, Evidence, encode
from foursteps.grade import keys as key_files
from foursteps.grade.mark import mark, without_key
from foursteps.grade.score import MetricKey, Outcome
from foursteps.grade.secret import class_secret, seed_for

MEAN = Function(name="mean", asks="A mean.", points=4)
KEYS = {"mean": {"cases": [2.0, 4.5]}}


def bundle(values, check="mean"):
    content = [{"value": encode(value)} for value in values]
    return Evidence(check=check, state="given", content=content).dump()


def cell(*outputs, name="mean", **metadata):
    meta = {"grade": True, "solution": False, "locked": True, "grade_id": name, "points": 4, **metadata}
    return new_code_cell("check(...)", metadata={"nbgrader": meta}, outputs=list(outputs))


def shown(data):
    return new_output("display_data", data={MIME: data})


def marked(*outputs, **more):
    (outcome,) = mark(new_notebook(cells=[cell(*outputs)]), [MEAN], KEYS, **more)
    return outcome


def test_when_the_evidence_is_right_then_all_points_are_earned_whatever_else_was_printed():
    noise = new_output("execute_result", data={"text/plain": "99.0"})
    stderr = new_output("stream", name="stderr", text="a warning")
    assert marked(noise, stderr, shown(bundle([2.0, 4.5]))).points == 4
    assert marked(noise, stderr, shown(bundle([2.0, 9.0]))).points == 2


def test_when_there_are_two_bundles_then_none_counts():
    outcome = marked(shown(bundle([2.0, 4.5])), shown(bundle([2.0, 4.5])))
    assert (outcome.state, outcome.points) == ("failed", 0)
    assert outcome.reason == "The cell gave 2 bundles of evidence where one counts, so none does."


def test_when_a_cell_raised_before_its_check_then_the_error_is_the_reason():
    outcome = marked(new_output("error", ename="NameError", evalue="name 'x' is not defined", traceback=[]))
    assert outcome.state == "crashed"
    assert outcome.reason.startswith("NameError: name 'x' is not defined. The cell ended before")


def test_when_the_run_ended_before_a_cell_then_its_reason_says_why():
    assert marked(ended="The notebook ran longer than 5 s.").reason == "The notebook ran longer than 5 s."


def test_when_the_cell_is_not_there_then_it_is_said():
    (outcome,) = mark(new_notebook(), [MEAN], KEYS)
    assert (outcome.points, outcome.reason) == (0, "The notebook has no cell for this check.")


def test_when_the_evidence_is_for_another_check_then_it_earns_nothing():
    assert marked(shown(bundle([2.0, 4.5], check="other"))).points == 0


def test_when_a_check_is_a_write_up_then_it_is_left_to_a_person():
    write_up = WriteUp(name="words", asks="Words.", rubric=(Criterion(looks_for="a reason", points=1),))
    assert mark(new_notebook(), [write_up], {}) == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["schema", "check", "state", "content", "value"]), inner)
        ),
    )
)
def test_whatever_is_in_the_bundle_then_marking_neither_raises_nor_pays(anything):
    assert marked({"output_type": "display_data", "data": {MIME: anything}, "metadata": {}}).points == 0


def test_when_a_function_fails_then_the_learner_sees_how_many_but_not_what_was_right():
    outcome = marked(shown(bundle([2.0, 8.0])))
    assert "4.5" in outcome.expected
    told = without_key(MEAN, outcome)
    assert (told.points, told.got, told.expected) == (2, "1 of 2 hidden inputs right", "")
    assert told.reason == "Right on 1 of 2 inputs."


@pytest.mark.parametrize("helps", ["it raised ValueError: no", "the shape is (2,), not (3,)"])
def test_when_it_raised_or_the_shape_is_wrong_then_the_learner_is_told(helps):
    outcome = Outcome("mean", "failed", 0, 4, reason=f"Right on 0 of 2 inputs; on input 1 {helps}.")
    assert without_key(MEAN, outcome).reason == f"Right on 0 of 2 inputs; on input 1 {helps}."


def test_when_a_check_is_no_function_then_its_outcome_stays_as_it_is():
    fact = Property(name="classes", asks="Ten.", probe="value", expect={"value": Expect(equals=10)})
    outcome = Outcome("classes", "failed", 0, 1, got="value 3", expected="value 10", reason="…")
    assert without_key(fact, outcome) == outcome


def test_when_keys_are_kept_then_they_come_back_and_only_the_owner_may_read_them(tmp_path):
    metric = MetricKey(np.asarray(["a", "b"]), np.asarray(["a", "a"]), Scale(zero=0.5, full=0.9))
    numbers = dataclasses.replace(metric, labels=np.asarray([1.5, 2.0]), baseline=np.asarray([1.0, 1.0]))
    path = tmp_path / "keys" / "k.json"
    key_files.write_private(path, key_files.dump({**KEYS, "accuracy": {"digits": metric, "prices": numbers}}))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    back = key_files.load(path)
    assert back["mean"] == KEYS["mean"]
    assert back["accuracy"]["digits"].labels.tolist() == ["a", "b"]
    assert back["accuracy"]["prices"].labels.tolist() == [1.5, 2.0]
    assert back["accuracy"]["digits"].scale == metric.scale


def test_when_a_class_asks_for_its_secret_then_it_is_made_once_and_is_private(tmp_path):
    secret = class_secret(tmp_path / "class")
    assert class_secret(tmp_path / "class") == secret
    assert len(secret) == 32
    assert (tmp_path / "class" / "secret").stat().st_mode & 0o777 == 0o600
    assert class_secret(tmp_path / "other") != secret
    assert seed_for(secret, "a") != seed_for(secret, "b")
    assert 0 <= seed_for(secret, "a") < 2**31
