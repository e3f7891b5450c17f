"""The points of a test cell: its value is what it says, an error is nothing, and a warning is no error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from foursteps.grade.plain.points import as_number, earned, points
from foursteps.grade.repair import MISSING_ANSWER
from foursteps.release.exercise import checksum

VALUES = {
    "0.5": 0.5,
    "1": 1.0,
    "-1.0": 0.0,
    "1e-1": 0.1,
    "2.5": 2.0,
    "nan": 0.0,
    "inf": 0.0,
    "-inf": 0.0,
    "True": 2.0,
    "False": 0.0,
    "'0.5'": 2.0,
    "[0.5]": 2.0,
    "(1, 2)": 2.0,
    "'all right'": 2.0,
    "np.float64(0.5)": 0.5,
    "np.float32(0.1)": 0.1,
    "np.int64(1)": 1.0,
    "np.float64(nan)": 0.0,
    "np.float64(2.5)": 2.0,
    "np.True_": 2.0,
    "np.False_": 0.0,
    "np.str_('0.5')": 2.0,
    "array(0.5)": 0.5,
    "array(0.5, dtype=float32)": 0.5,
    "array([0.5])": 2.0,
    "tensor(0.5000)": 0.5,
    "tensor(1.)": 1.0,
    "tensor(0.5000, grad_fn=<MeanBackward0>)": 0.5,
    "tensor(0.5000, device='cuda:0', dtype=torch.float64)": 0.5,
    "tensor(nan)": 0.0,
    "tensor(False)": 0.0,
    "tensor(True)": 2.0,
    "tensor([0.5000, 1.0000])": 2.0,
    "TensorBase(0.5000)": 0.5,
    "Array(0.5, dtype=float32)": 0.5,
    "<tf.Tensor: shape=(), dtype=float32, numpy=0.5>": 0.5,
}


def graded(*outputs, points=2.0):
    meta = {"grade": True, "solution": False, "grade_id": "value", "points": points}
    cell = new_code_cell("value", metadata={"nbgrader": meta})
    cell.outputs = list(outputs)
    return cell


def value(text):
    return new_output("execute_result", data={"text/plain": text})


@pytest.mark.parametrize("text", VALUES)
def test_when_a_cell_has_a_value_then_it_earns_what_the_value_says(text):
    assert points(graded(value(text))) == VALUES[text]


def test_when_what_numpy_and_torch_print_is_read_then_it_is_the_number_that_was_printed():
    import numpy as np
    import torch

    for number in (np.float64(0.25), np.float32(0.25), np.array(0.25), torch.tensor(0.25), 0.25):
        assert earned(repr(number), 2) == 0.25
    assert earned(repr(torch.tensor(0.25, requires_grad=True).mean()), 2) == 0.25
    assert [earned(repr(np.bool_(said)), 2) for said in (True, False)] == [2.0, 0.0]


@given(st.text(max_size=30), st.floats(0, 100))
def test_when_a_value_is_any_text_then_the_points_are_between_none_and_all(text, most):
    assert 0 <= earned(text, most) <= most


@given(st.floats(0, 10))
def test_when_a_value_is_a_number_of_points_then_python_and_numpy_earn_the_same(number):
    assert as_number(repr(number)) == as_number(f"np.float64({number!r})") == number


def test_when_a_cell_warns_then_it_still_earns_its_points():
    warning = new_output("stream", name="stderr", text="UserWarning: slow")
    assert points(graded(warning)) == 2.0
    assert points(graded(warning, value("0.5"))) == 0.5


def test_when_a_cell_raises_then_it_earns_nothing_wherever_the_error_stands():
    error = new_output("error", ename="AssertionError", evalue="", traceback=[])
    assert points(graded(error)) == 0.0
    assert points(graded(value("2.0"), error)) == 0.0


def test_when_a_person_marks_a_cell_then_only_an_untouched_one_is_marked_at_once():
    meta = {"grade": True, "solution": True, "locked": False, "grade_id": "story", "points": 3}
    cell = new_markdown_cell("YOUR ANSWER HERE", metadata={"nbgrader": meta})
    meta["checksum"] = cell.metadata.nbgrader["checksum"] = checksum(cell)
    assert points(cell) == 0.0
    cell.source = "My answer."
    assert points(cell) is None


def test_when_an_answer_for_a_person_was_missing_then_nobody_has_to_mark_it():
    meta = {"grade": True, "solution": True, "locked": False, "grade_id": "story", "points": 3}
    assert points(new_code_cell(MISSING_ANSWER, metadata={"nbgrader": meta})) == 0.0
    assert points(new_code_cell("mine = 1", metadata={"nbgrader": meta})) is None
