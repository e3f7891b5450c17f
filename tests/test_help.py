"""Cards help: errors that are really raised get advice with the learner's own numbers, distances are said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foursteps.checks.card import distance, html_card, text_bar, text_card
from foursteps.checks.definition import Scale
from foursteps.checks.gather import describe
from foursteps.checks.help import HELP, about, for_error
from foursteps.grade.score import Outcome


def numpy_errors():
    return {
        "Shapes (2,3) and (2,) do not fit": lambda: np.ones((2, 3)) + np.ones(2),
        "`.any()`, `.all()`": lambda: bool(np.ones(3) == np.ones(3)) or None,
        "different lengths": lambda: np.array([[1], [1, 2]]),
        "There is no such axis": lambda: np.ones(3).sum(axis=2),
        "element that is not there": lambda: [1][4],
        "Nothing is called `modle` here": lambda: eval("modle"),
        "without `return`": lambda: None.shape,
        "takes 1, and is called with 2": lambda: (lambda x: x)(1, 2),
        "takes more arguments": lambda: (lambda x, y: x)(1),
        "There is no 'price' in it": lambda: {"prise": 1}["price"],
        "`no_such_thing` is not installed": lambda: __import__("no_such_thing"),
        "There is no such file": lambda: open("/no/such/file"),
        "One number is wanted": lambda: [1, 2][np.array([0, 1])],
    }


def torch_errors():
    import torch
    from torch import nn

    x = torch.ones(4, 10)
    return {
        "made for 3 inputs a row, and gets 10": lambda: nn.Linear(3, 2)(x),
        "wants pictures of 1 channel(s), yours have 3": lambda: nn.Conv2d(1, 4, 3)(torch.ones(2, 3, 9, 9)),
        "3 against 4": lambda: torch.ones(3) + torch.ones(4),
        "Two number types meet": lambda: nn.Linear(10, 2)(x.double()),
        "`.detach()` before `.numpy()`": lambda: torch.ones(2, requires_grad=True).numpy(),
        "Nothing in this loss can be learned": lambda: x.sum().backward(),
        "There is a label 7": lambda: nn.functional.cross_entropy(x[:, :3], torch.tensor([0, 7, 1, 2])),
        "single row: `model.eval()`": lambda: nn.BatchNorm1d(10)(x[:1]),
    }


def said(cause):
    try:
        cause()
    except Exception as error:
        return for_error(describe(error))
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize("advice", numpy_errors())
def test_when_an_error_is_raised_then_the_advice_fits_it(advice):
    assert advice in said(numpy_errors()[advice])


@pytest.mark.slow
@pytest.mark.parametrize("number", range(8))
def test_when_torch_raises_then_the_advice_fits_it(number):
    expected, cause = list(torch_errors().items())[number]
    assert expected in said(cause)


@given(st.text(max_size=200))
def test_whatever_the_text_looking_for_help_never_fails(text):
    assert isinstance(for_error(text), str)


def test_when_nothing_is_known_about_an_error_then_nothing_is_said():
    assert for_error("ValueError: the moon is full") == ""
    assert all(not advice.startswith(" ") and advice.endswith((".", "?")) for _, advice in HELP)


class Learner:
    def __init__(self, values, train=(), valid=()):
        items = type("Set", (), {})
        self.recorder = type("Recorder", (), {"values": values})()
        self.dls = type("Dls", (), {})()
        for name, found in (("train_ds", train), ("valid_ds", valid)):
            setattr(self.dls, name, items())
            getattr(self.dls, name).items = list(found)

    def fit_one_cycle(self):
        """As fastai has it."""


def test_when_a_learner_was_never_fitted_or_its_sets_overlap_then_it_is_said():
    assert about(Learner([])).startswith("This Learner was never fitted")
    assert about(Learner([[1.0]], "abc", "cd")).startswith(
        "1 items stand in the training and in the validation"
    )
    assert about(Learner([[1.0]], "ab", "cd")) == ""
    assert about(3) == about(None) == ""


def metric(value, state="failed", interval=None):
    return Outcome("accuracy", state, 1, 5, value=value, scale=Scale(zero=0.5, full=0.9), interval=interval)


def test_when_a_metric_is_not_there_yet_then_the_card_says_how_far_in_numbers_and_as_a_bar():
    assert distance(metric(0.8)) == "0.100 from all the points, 75% of the way"
    assert distance(metric(0.4)) == "0.500 from all the points, 0.100 before the first"
    assert distance(metric(0.95, "passed")) == ""
    assert text_bar(0.7, Scale(zero=0.5, full=0.9)) == (
        "---|----------o-----------|---  | 0.500 none, o 0.700 you, | 0.900 all"
    )
    assert "how far   0.100 from all the points, 75% of the way" in text_card(metric(0.8))
    assert "o 0.800 you" in text_card(metric(0.8))


def test_when_an_error_is_the_metric_then_less_is_farther_on_the_way():
    outcome = Outcome("rmse", "failed", 1, 5, value=0.3, scale=Scale(zero=0.5, full=0.1))
    assert distance(outcome) == "0.200 from all the points, 50% of the way"


def test_when_a_gain_has_an_interval_then_the_bar_draws_it_and_says_it():
    card = html_card(metric(0.7, interval=(0.6, 0.8)))
    assert "The 95 % interval is 0.600 to 0.800." in card
    assert 'H62.5" stroke' in card


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_whatever_the_value_every_bar_can_be_drawn(value):
    assert text_bar(value, Scale(zero=0.5, full=0.9)).count("o ") >= 1
    assert "<svg" in html_card(metric(value))
