"""Scoring: pure, total, monotone, and closed to NaN, wrong lengths and wrong orders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foursteps.checks.definition import Expect, Function, Metric, Property, Scale
from foursteps.checks.evidence import Evidence, encode
from foursteps.checks.measures import MEASURES
from foursteps.grade.score import MetricKey, _short, lift, score

LABELS = np.array([str(i % 5) for i in range(200)])
SCALE = Scale(zero=0.4, full=0.9)
METRIC = Metric(
    name="accuracy", asks="", points=5, datasets=("digits",), takes="predict", claim="lecture.accuracy"
)
LIFT = METRIC.model_copy(update={"lift": True})
FUNCTION = Function(name="double", asks="", points=4)
PROPERTY = Property(
    name="data",
    asks="",
    points=2,
    probe="dataloaders",
    expect={"train": Expect(equals=80), "valid": Expect(at_least=10, at_most=30)},
)


def metric_key(scale=SCALE, baseline=None):
    baseline = np.array(["0"] * len(LABELS)) if baseline is None else baseline
    return {"digits": MetricKey(LABELS, baseline, scale)}


def predictions(labels, dataset="digits"):
    return Evidence(
        check="accuracy", state="given", dataset=dataset, content={"labels": list(map(str, labels))}
    )


def with_share_right(share):
    labels = LABELS.copy()
    wrong = round(len(labels) * (1 - share))
    labels[:wrong] = "x"
    return predictions(labels)


@pytest.mark.parametrize(("share", "points"), [(1.0, 5), (0.9, 5), (0.65, 2.5), (0.4, 0), (0.1, 0)])
def test_when_a_metric_lies_between_the_cut_offs_then_marks_are_linear(share, points):
    outcome = score(METRIC, with_share_right(share), metric_key())
    assert outcome.points == points
    assert outcome.state == ("passed" if points == 5 else "failed")


@given(st.integers(0, 200), st.integers(0, 200))
def test_when_more_rows_are_right_then_marks_never_fall(one, other):
    low, high = sorted((one, other))
    marks = [score(METRIC, with_share_right(n / 200), metric_key()).points for n in (low, high)]
    assert marks[0] <= marks[1]


@given(st.permutations(range(40)))
def test_when_predictions_come_in_another_order_then_they_are_scored_as_they_stand(order):
    truth = np.array([str(i) for i in range(40)])
    key = {"digits": MetricKey(truth, truth, SCALE)}
    outcome = score(METRIC, predictions(truth[list(order)]), key)
    assert outcome.value == np.mean(np.array(order) == np.arange(40))


@pytest.mark.parametrize("rows", [0, 1, 199, 201])
def test_when_the_length_is_wrong_then_nothing_is_earned(rows):
    outcome = score(METRIC, predictions(["0"] * rows), metric_key())
    assert (outcome.state, outcome.points) == ("failed", 0)
    assert f"({rows},) for 200 rows" in outcome.reason


@pytest.mark.parametrize(
    "content",
    [None, {}, {"labels": "0" * 200}, {"labels": [["0"]] * 200}, {"points": 5}, {"labels": {"dict": {}}}, 7],
)
def test_when_the_content_is_not_predictions_then_nothing_is_earned(content):
    evidence = Evidence(check="accuracy", state="given", dataset="digits", content=content)
    assert score(METRIC, evidence, metric_key()).points == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_when_a_number_is_not_finite_then_nothing_is_earned(bad):
    check = METRIC.model_copy(update={"metric": "rmse"})
    truth = np.arange(10.0)
    key = {"digits": MetricKey(truth, truth, Scale(zero=2.0, full=0.5))}
    good = Evidence(check="accuracy", state="given", dataset="digits", content={"values": encode(truth)})
    spoiled = truth.copy()
    spoiled[3] = bad
    worse = good.model_copy(update={"content": {"values": encode(spoiled)}})
    assert score(check, good, key).points == 5
    assert score(check, worse, key).points == 0


def test_when_the_dataset_is_not_on_the_menu_then_the_reason_names_the_menu():
    outcome = score(METRIC, predictions(LABELS, dataset="mnist"), metric_key())
    assert (outcome.state, outcome.points) == ("failed", 0)
    assert outcome.reason == "The predictions are for 'mnist'; this check wants digits."


def test_when_there_is_no_evidence_then_the_check_crashed_and_is_worth_nothing():
    outcome = score(METRIC, None, metric_key())
    assert (outcome.state, outcome.points) == ("crashed", 0)


def test_when_there_is_no_key_then_the_grader_is_broken_and_not_the_learner():
    assert score(METRIC, predictions(LABELS), None).state == "grader_broken"


def test_when_the_evidence_is_another_checks_then_nothing_is_earned():
    stolen = predictions(LABELS).model_copy(update={"check": "easier"})
    assert score(METRIC, stolen, metric_key()).points == 0


def test_when_predictions_equal_the_baseline_then_the_lift_is_zero_and_earns_nothing():
    baseline = with_share_right(0.8).content["labels"]
    outcome = score(LIFT, predictions(baseline), metric_key(Scale(zero=0.0, full=0.1), np.array(baseline)))
    assert outcome.value == 0
    assert outcome.points == 0
    assert "could be chance" in outcome.reason


def test_when_predictions_are_worse_than_the_baseline_by_more_than_chance_then_the_reason_says_so():
    baseline = np.array(with_share_right(0.9).content["labels"])
    outcome = score(LIFT, with_share_right(0.5), metric_key(Scale(zero=0.0, full=0.1), baseline))
    assert (outcome.state, outcome.points) == ("failed", 0)
    assert outcome.interval[1] < 0
    assert outcome.reason.startswith("No better than the baseline, but worse")
    assert "chance" not in outcome.reason


def test_when_a_gain_is_shown_then_what_both_reached_is_shown_too():
    baseline = np.array(with_share_right(0.6).content["labels"])
    outcome = score(LIFT, with_share_right(0.95), metric_key(Scale(zero=0.0, full=0.3), baseline))
    assert outcome.got.startswith(
        "accuracy 0.950, the baseline's 0.600: +0.350 over the baseline, 95 % interval"
    )


def test_when_the_gain_is_large_then_its_interval_excludes_zero_and_all_points_are_earned():
    baseline = np.array(with_share_right(0.6).content["labels"])
    outcome = score(LIFT, with_share_right(0.95), metric_key(Scale(zero=0.0, full=0.3), baseline))
    assert outcome.points == 5
    assert outcome.interval[0] > 0
    assert outcome.value == pytest.approx(0.35)


def test_when_the_gain_is_two_rows_then_it_could_be_chance():
    baseline = LABELS.copy()
    baseline[:10] = "x"
    better = LABELS.copy()
    better[:9], better[50] = "x", "x"
    value, (low, high) = lift(MEASURES["accuracy"], better, baseline, LABELS)
    assert value == 0
    assert low < 0 < high


def function_evidence(*results):
    return Evidence(check="double", state="given", content=list(results))


KEYS = {"cases": [2, encode(np.array([2.0, 4.0])), [1, 2]]}
RIGHT = ({"value": 2}, {"value": encode(np.array([2.0, 4.0]))}, {"value": [1, 2]})


def test_when_every_result_is_right_then_a_function_earns_all():
    assert score(FUNCTION, function_evidence(*RIGHT), KEYS).state == "passed"


def test_when_one_of_three_results_is_off_then_the_reason_says_how_far():
    results = (RIGHT[0], {"value": encode(np.array([2.0, 4.5]))}, RIGHT[2])
    outcome = score(FUNCTION, function_evidence(*results), KEYS)
    assert outcome.points == pytest.approx(2.67)
    assert outcome.reason == "Right on 2 of 3 inputs; on input 2 the largest difference is 0.5."


def test_when_the_inputs_are_public_then_the_one_that_failed_is_named():
    results = (RIGHT[0], {"value": encode(np.array([2.0, 4.5]))}, RIGHT[2])
    public = KEYS | {"inputs": [[1], [encode(np.array([1.0, 2.0])), "up", 1 / 3], [[0.5, 1]]]}
    assert score(FUNCTION, function_evidence(*results), public).given == "[1.0, 2.0], 'up', 0.3333"
    assert score(FUNCTION, function_evidence(*results), KEYS).given == ""


def test_when_a_result_has_another_shape_then_the_reason_names_both():
    results = (RIGHT[0], {"value": encode(np.array([[2.0, 4.0]]))}, RIGHT[2])
    assert "the shape is (1, 2), not (2,)" in score(FUNCTION, function_evidence(*results), KEYS).reason


def test_when_a_value_holds_floats_however_deep_then_four_digits_of_each_are_shown():
    assert _short(np.array([[1 / 3, 2 / 3], [1, 0]])) == "[[0.3333, 0.6667], [1.0, 0.0]]"
    assert _short((1 / 3, {"a": [1e-9 / 3]})) == "(0.3333, {'a': [3.333e-10]})"


def test_when_a_call_raised_then_only_that_input_is_lost():
    results = (RIGHT[0], {"error": "ValueError: no"}, RIGHT[2])
    outcome = score(FUNCTION, function_evidence(*results), KEYS)
    assert outcome.points == pytest.approx(2.67)
    assert "it raised ValueError: no" in outcome.reason


@pytest.mark.parametrize("results", [[], RIGHT[:2], [*RIGHT, RIGHT[0]], [1, 2, 3], [{}, {}, {}]])
def test_when_results_are_too_few_too_many_or_no_results_then_nothing_is_earned(results):
    assert score(FUNCTION, function_evidence(*results), KEYS).points == 0


def test_when_a_fact_is_missing_or_out_of_range_then_its_share_is_lost():
    facts = encode({"train": 80, "valid": 20})
    good = Evidence(check="data", state="given", content=facts)
    assert score(PROPERTY, good, None).points == 2
    off = good.model_copy(update={"content": encode({"train": 80, "valid": 31})})
    outcome = score(PROPERTY, off, None)
    assert outcome.points == 1
    assert outcome.reason == "valid is 31, and should be at least 10 and at most 30."
    nan = good.model_copy(update={"content": encode({"train": 80, "valid": float("nan")})})
    assert score(PROPERTY, nan, None).points == 1
    assert score(PROPERTY, good.model_copy(update={"content": None}), None).points == 0


@pytest.mark.parametrize("state", ["not_attempted", "crashed"])
@pytest.mark.parametrize("check", [METRIC, FUNCTION, PROPERTY])
def test_when_nothing_was_given_then_the_state_is_kept_and_worth_nothing(check, state):
    evidence = Evidence(check=check.name, state=state, reason="because")
    outcome = score(check, evidence, metric_key() if check is METRIC else KEYS)
    assert (outcome.state, outcome.points, outcome.reason) == (state, 0, "because")


@given(st.recursive(st.none() | st.floats() | st.text(max_size=4), lambda x: st.lists(x, max_size=4)))
def test_when_evidence_is_anything_then_scoring_never_raises_and_never_pays(content):
    for check, key in ((METRIC, metric_key()), (FUNCTION, KEYS), (PROPERTY, None)):
        evidence = Evidence(check=check.name, state="given", dataset="digits", content=content)
        outcome = score(check, evidence, key)
        assert outcome.points == 0
        assert outcome.state == "failed"


PRICES = np.geomspace(100, 20_000, 200)
PRICE = METRIC.model_copy(update={"metric": "rmse_log"})
PRICE_SCALE = Scale(zero=0.2, full=0.1)


def prices_off_by(factor, scale=PRICE_SCALE, check=PRICE, baseline=PRICES * 1.3):
    """The outcome for prices that are all too high by `factor`; the baseline's are too high by 1.3."""
    given = predictions([]).model_copy(update={"content": {"values": encode(PRICES * factor)}})
    return score(check, given, {"digits": MetricKey(PRICES, baseline, scale)})


@pytest.mark.parametrize(("error", "points"), [(0.0, 5), (0.1, 5), (0.15, 2.5), (0.2, 0), (0.9, 0)])
def test_when_lower_is_better_then_marks_rise_as_the_error_falls(error, points):
    outcome = prices_off_by(np.exp(error))
    assert outcome.points == pytest.approx(points, abs=0.01)
    assert outcome.value == pytest.approx(error)


def test_when_every_price_is_off_by_one_factor_then_all_prices_count_alike():
    cheap, dear = PRICES.copy(), PRICES.copy()
    cheap[:20] *= 1.5
    dear[-20:] *= 1.5
    measure = MEASURES["rmse_log"].value
    assert measure(cheap, PRICES) == pytest.approx(measure(dear, PRICES))
    assert MEASURES["rmse"].value(dear, PRICES) > 50 * MEASURES["rmse"].value(cheap, PRICES)


@pytest.mark.parametrize("factor", [0.0, -1.0])
def test_when_a_price_is_not_above_zero_then_the_reason_says_so(factor):
    outcome = prices_off_by(factor)
    assert outcome.points == 0
    assert outcome.reason == "Some predictions are not above zero, so they have no logarithm."


def test_when_the_error_is_below_the_baselines_then_the_lift_is_positive_and_its_interval_clear_of_zero():
    outcome = prices_off_by(
        1.05, Scale(zero=0.0, full=0.1), PRICE.model_copy(update={"lift": True}), PRICES * 1.3
    )
    assert outcome.value == pytest.approx(np.log(1.3) - np.log(1.05))
    assert outcome.interval[0] > 0
    assert outcome.points == 5


def test_when_the_error_is_above_the_baselines_then_the_lift_earns_nothing():
    outcome = prices_off_by(1.6, Scale(zero=0.0, full=0.1), PRICE.model_copy(update={"lift": True}))
    assert outcome.value < 0
    assert outcome.points == 0
