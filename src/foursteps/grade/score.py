"""Evidence and key in, points and reasons out. Pure: no file, no kernel, no clock.

The same function marks a class's submission and answers `check()` in a learner's notebook.
"""

# No run depends on this module: marks come after the run.

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from foursteps.checks.definition import AnyCheck, Expect, Function, Metric, Property, Scale
from foursteps.checks.evidence import Evidence, decode, same
from foursteps.checks.measures import MEASURES, Measure
from foursteps.errors import EvidenceError

State = Literal["passed", "failed", "not_attempted", "crashed", "grader_broken"]
LIFT_RESAMPLES = 1000
LIFT_CONFIDENCE = 0.95
LONGEST_LABEL = 500
"""Characters. An array of text is as wide as its longest entry: one long one would fill the memory."""
DRAWS_AT_ONCE = 100


@dataclass(frozen=True)
class MetricKey:
    """What a metric's evidence is held against, for one dataset.

    labels : (n,) what is true of each held-out row, text or numbers.
    baseline : (n,) what the dataset's declared baseline predicts for each row.
    scale : the cut-offs that are applied.
    """

    labels: np.ndarray
    baseline: np.ndarray
    scale: Scale


Key = dict[str, Any]
"""A check's key: a function's `{"cases": [encoded values]}`, a metric's `{dataset: MetricKey}`. Where a
function's inputs are public, `"inputs"` has them, one encoded argument list a case; a class's it has not."""


def public_key(check: Function) -> Key:
    """The key that a release publishes: the visible inputs, and what the solution gives for them."""
    return {
        "cases": [case.expected for case in check.visible],
        "inputs": [case.arguments for case in check.visible],
    }


@dataclass(frozen=True)
class Outcome:
    """What became of one check.

    got and expected are short texts for a card, `given` the public input that they belong to; `value` is a
    metric's, `scale` where its points begin and are full; `reason` is one sentence.
    """

    check: str
    state: State
    points: float
    max_points: float
    got: str = ""
    expected: str = ""
    reason: str = ""
    value: float | None = None
    scale: Scale | None = None
    interval: tuple[float, float] | None = None
    given: str = ""


def score(check: AnyCheck, evidence: Evidence | None, key: Key | None) -> Outcome:
    """The outcome of one check. Never raises on evidence, whatever a learner put there.

    `evidence` None means that the graded cell emitted none: it raised before it reached the check, or
    the run ended earlier. `key` None is for kinds that need none (a property).
    """
    blank = Outcome(check.name, "crashed", 0.0, check.points)

    def ended(state: State, reason: str, **more: Any) -> Outcome:
        return Outcome(check.name, state, 0.0, check.points, reason=reason, **more)

    if evidence is None:
        return ended("crashed", "The cell ended before its check could look at anything.")
    if evidence.check != check.name:
        return ended("failed", f"The evidence is for another check, {evidence.check!r}.")
    if evidence.state == "not_attempted":
        return ended("not_attempted", evidence.reason or "Nothing here yet.")
    if evidence.state == "crashed":
        return ended("crashed", evidence.reason)
    try:
        match check:
            case Property():
                return _score_property(check, evidence, blank)
            case Function():
                if key is None:
                    return ended("grader_broken", "There is no key to hold the results against.")
                return _score_function(check, evidence, key, blank)
            case Metric():
                if key is None or not key:
                    return ended("grader_broken", "There is no key to hold the predictions against.")
                if evidence.dataset not in key:
                    menu = ", ".join(check.datasets)
                    return ended(
                        "failed",
                        f"The predictions are for {evidence.dataset!r}; this check wants {menu}.",
                    )
                return _score_metric(check, evidence, key[evidence.dataset], blank)
    except EvidenceError as error:
        return ended("failed", f"The evidence cannot be read: {error.found}.")
    return ended("not_attempted", "A person marks this.")


def _marked(blank: Outcome, share: float, **more: Any) -> Outcome:
    """`blank` with `share` (0 to 1; NaN is 0) of the points."""
    share = float(share)
    share = min(max(share, 0.0), 1.0) if share == share else 0.0
    points = round(share * blank.max_points, 2)
    state: State = "passed" if points >= blank.max_points else "failed"
    return Outcome(blank.check, state, points, blank.max_points, **more)


def _score_property(check: Property, evidence: Evidence, blank: Outcome) -> Outcome:
    facts = decode(evidence.content)
    if not isinstance(facts, dict):
        raise EvidenceError("property", expected="facts by name", found="none", mend="")
    wrong = {name: rule for name, rule in check.expect.items() if not _holds(facts.get(name), rule)}
    got = ", ".join(f"{name} {_short(facts.get(name))}" for name in check.expect)
    expected = ", ".join(f"{name} {_rule(rule)}" for name, rule in check.expect.items())
    reason = "All as it should be."
    if wrong:
        name, rule = next(iter(wrong.items()))
        reason = f"{name} is {_short(facts.get(name))}, and should be {_rule(rule)}."
    share = 1 - len(wrong) / len(check.expect)
    return _marked(blank, share, got=got, expected=expected, reason=reason)


def _holds(fact: Any, rule: Expect) -> bool:
    if rule.equals is not None and not same(fact, rule.equals, rtol=1e-9, atol=1e-9):
        return False
    for bound, sign in ((rule.at_least, 1), (rule.at_most, -1)):
        if bound is None:
            continue
        if isinstance(fact, bool) or not isinstance(fact, int | float):
            return False
        if not sign * fact >= sign * bound:
            return False
    return True


def _rule(rule: Expect) -> str:
    parts = [] if rule.equals is None else [_short(rule.equals)]
    parts += [] if rule.at_least is None else [f"at least {rule.at_least:g}"]
    parts += [] if rule.at_most is None else [f"at most {rule.at_most:g}"]
    return " and ".join(parts)


def _score_function(check: Function, evidence: Evidence, key: Key, blank: Outcome) -> Outcome:
    results, keys = evidence.content, key["cases"]
    if not isinstance(results, list) or len(results) != len(keys):
        found = len(results) if isinstance(results, list) else "no"
        return _marked(blank, 0, reason=f"There are {found} results for {len(keys)} inputs.", got=str(found))
    right = 0
    first: tuple[int, str, str, str] | None = None
    for number, (result, case) in enumerate(zip(results, keys, strict=True), 1):
        want = decode(case)
        verdict: str | None
        if isinstance(result, dict) and result.keys() == {"error"}:
            verdict = f"it raised {str(result['error'])[:200]}"
            got = str(verdict)
        elif isinstance(result, dict) and result.keys() == {"value"}:
            value = decode(result["value"])
            got = _short(value)
            verdict = None if same(value, want, rtol=check.rtol, atol=check.atol) else _gap(value, want)
        else:
            raise EvidenceError("function", expected="a value or an error", found="neither", mend="")
        if verdict is None:
            right += 1
        elif first is None:
            first = (number, verdict, got, _short(want))
    if first is None:
        return _marked(blank, 1, got=f"{right} of {len(keys)} right", reason="Right on every input.")
    number, verdict, got, want = first
    inputs = key.get("inputs")
    return _marked(
        blank,
        right / len(keys),
        given=", ".join(_short(decode(argument)) for argument in inputs[number - 1]) if inputs else "",
        got=got,
        expected=want,
        reason=f"Right on {right} of {len(keys)} inputs; on input {number} {verdict}.",
    )


def _gap(got: Any, want: Any) -> str:
    """How far off a value is, in words."""
    if isinstance(want, np.ndarray) or isinstance(got, np.ndarray):
        if not isinstance(got, np.ndarray | int | float):
            return f"it gave a {type(got).__name__}, not an array"
        got, want = np.asarray(got), np.asarray(want)
        if got.shape != want.shape:
            return f"the shape is {got.shape}, not {want.shape}"
        if got.dtype.kind not in "biuf" or want.dtype.kind not in "biuf":
            return f"it gave {_short(got)}"
        got, want = got.astype(float), want.astype(float)
        if broken := int(np.count_nonzero(~np.isfinite(got))):
            return f"{broken} of {got.size} numbers {'is' if broken == 1 else 'are'} not finite"
        return f"the largest difference is {np.abs(got - want).max() if got.size else 0:.3g}"
    if isinstance(want, int | float) and isinstance(got, int | float) and abs(got) < 1e300 > abs(want):
        return f"it gave {_short(got)}, {abs(got - want):.3g} off"
    return f"it gave {_short(got)}"


def _short(value: Any, limit: int = 80) -> str:
    """A value in few characters."""
    if isinstance(value, np.ndarray):
        if value.size > 6:
            return f"array of shape {value.shape}"
        value = value.tolist()
    if isinstance(value, float):
        return f"{value:.4g}"
    text = repr(_rounded(value))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _rounded(value: Any) -> Any:
    """`value` with four digits of each float in it."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, list | tuple):
        rounded = [_rounded(item) for item in value]
        return tuple(rounded) if isinstance(value, tuple) else rounded
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def _score_metric(check: Metric, evidence: Evidence, key: MetricKey, blank: Outcome) -> Outcome:
    measure = MEASURES[check.metric]
    predicted, problem = predictions_in(evidence.content, len(key.labels), measure)
    if problem:
        return _marked(blank, 0, reason=problem, expected=f"{len(key.labels)} predictions")
    truth = key.labels.astype(float) if measure.numeric else key.labels.astype(str)
    value = measure.value(predicted, truth)
    interval = None
    reason = ""
    zero, full = key.scale.zero, key.scale.full
    shown = measure.shown.format
    got, expected = shown(value), f"{shown(full)} for all the points, {shown(zero)} for none"
    if check.lift:
        baseline = key.baseline.astype(truth.dtype)
        got = f"{check.metric} {got}, the baseline's {shown(measure.value(baseline, truth))}"
        value, interval = lift(measure, predicted, baseline, truth)
        low, high = interval
        got += f": {value:+.3f} over the baseline, 95 % interval {low:+.3f} to {high:+.3f}"
        if high < 0:
            reason = "No better than the baseline, but worse: the whole interval of the gain lies below zero."
        elif not low > 0:  # NaN is no gain either
            reason = "The gain over the baseline could be chance: its interval reaches zero."
    share = 0.0 if reason else (value - zero) / (full - zero)
    if not reason:
        better = "above" if full > zero else "below"
        if share >= 1:
            reason = f"{check.metric} {'gain ' if check.lift else ''}{better} {shown(full)}: all the points."
        elif share <= 0:
            reason = f"No better than {shown(zero)}, where the points begin."
        else:
            reason = f"On the way: {share:.0%} of the way from {shown(zero)} to {shown(full)}."
    return _marked(
        blank,
        share,
        got=got,
        expected=expected,
        reason=reason,
        value=value,
        scale=key.scale,
        interval=interval,
    )


def predictions_in(content: Any, rows: int, measure: Measure) -> tuple[np.ndarray, str]:
    """The (rows,) predictions in `content`, or a sentence that says why there are none."""
    name = "values" if measure.numeric else "labels"
    if not isinstance(content, dict) or content.keys() != {name}:
        return np.empty(0), f"The evidence holds no {name}."
    given = decode(content[name])
    if isinstance(given, np.ndarray):
        if given.shape != (rows,):
            return np.empty(0), f"There are predictions of shape {given.shape} for {rows} rows."
        predicted = given
    else:
        if not isinstance(given, list) or len(given) != rows:
            shape = f"predictions of shape ({len(given)},)" if isinstance(given, list) else "no predictions"
            return np.empty(0), f"There are {shape} for {rows} rows."
        if not all(isinstance(item, int | float | str) for item in given):
            return np.empty(0), "Some predictions are neither text nor numbers."
        if any(len(item) > LONGEST_LABEL for item in given if isinstance(item, str)):
            return np.empty(0), f"Some predictions are longer than {LONGEST_LABEL} characters."
        predicted = np.asarray(given)
    if not measure.numeric:
        return predicted.astype(str), ""
    if predicted.dtype.kind not in "iuf" or not np.isfinite(predicted.astype(float)).all():
        return np.empty(0), "Some predictions are not finite numbers."
    if measure.above_zero and predicted.min() <= 0:
        return np.empty(0), "Some predictions are not above zero, so they have no logarithm."
    return predicted.astype(float), ""


def lift(
    measure: Measure, predicted: np.ndarray, baseline: np.ndarray, truth: np.ndarray
) -> tuple[float, tuple[float, float]]:
    """The gain of (n,) predictions over (n,) baseline predictions, and its 95 % interval.

    The interval is the percentile bootstrap of the paired difference over rows (Efron and Tibshirani,
    An Introduction to the Bootstrap, 1993, section 13.3), with a fixed seed, so that a mark does not
    depend on when it is given. Positive is better whatever the metric's direction.
    """
    sign = 1.0 if measure.higher_is_better else -1.0
    everything = np.arange(len(truth))
    rng = np.random.default_rng(20260101)

    def gain(rows: np.ndarray) -> float:
        ours, theirs = measure.value(predicted[rows], truth[rows]), measure.value(baseline[rows], truth[rows])
        return sign * (ours - theirs)

    def gains(draws: np.ndarray) -> np.ndarray:
        if measure.resampled is None:
            return np.array([gain(rows) for rows in draws])
        counts = np.stack([np.bincount(rows, minlength=len(truth)) for rows in draws])
        ours, theirs = (measure.resampled(said, truth, counts) for said in (predicted, baseline))
        return sign * (ours - theirs)

    found = np.concatenate(
        [
            gains(rng.integers(0, len(truth), (DRAWS_AT_ONCE, len(truth))))
            for _ in range(LIFT_RESAMPLES // DRAWS_AT_ONCE)
        ]
    )
    tail = (1 - LIFT_CONFIDENCE) / 2
    # A draw without both kinds of a rare label has no value; it says nothing about the gain.
    told = found[~np.isnan(found)]
    low, high = np.quantile(told, [tail, 1 - tail]) if len(told) else (np.nan, np.nan)
    return gain(everything), (float(low), float(high))
