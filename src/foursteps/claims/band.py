"""Bands: which values of a claim are honest, from seeded runs. Pure statistics, no file and no clock.

A lecture is run with n seeds, everything that varies varying together (split, order, initialisation). The
values are taken to be normal, with mean and deviation estimated from them, and each limit below is a mean
minus a factor times a deviation (plus, where lower is better).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean, stdev
from typing import Literal

from scipy.special import nctdtrit, ndtri, stdtrit

from foursteps.errors import ClaimError

Verdict = Literal["pass", "confirm", "fail", "stale-better", "not-comparable"]
"""pass: inside. confirm: an alarm, to be settled by fresh seeds. fail: outside. stale-better: better than the
band expects, so the band is out of date. not-comparable: there is no band for this device."""

Kind = Literal["share", "gain", "value"]
"""share: a share of n rows (an accuracy). gain: a difference of two of these. value: anything else."""

ALARM = 0.95
FAIL = 0.99
STALE = 0.99
CONFIDENCE = 0.95
APPLIED = 0.999
PUBLISHED = 0.99
FRESH_RUNS = 2
FEWEST_SEEDS = 5

METHOD = (
    f"alarm: one-sided {ALARM:.0%} prediction limit for the mean of k runs; fail: the {FAIL:.0%} one after "
    f"{FRESH_RUNS} more seeds; stale: {STALE:.0%} on the better side; applied and published: "
    f"tolerance limits, content {APPLIED:.1%} and {PUBLISHED:.0%}, confidence {CONFIDENCE:.0%}"
)


@cache
def prediction_factor(n: int, k: int = 1, confidence: float = ALARM) -> float:
    """The factor of the one-sided prediction limit for the mean of `k` fresh runs, given `n` past ones.

    t(confidence; n - 1) * sqrt(1/k + 1/n): Hahn and Meeker, Statistical Intervals (1991), section 4.7; with
    n - 1 degrees of freedom. On average over calibrations, a share `confidence` of honest means is inside.
    """
    return float(stdtrit(n - 1, confidence)) * math.sqrt(1 / k + 1 / n)


@cache
def tolerance_factor(n: int, content: float, confidence: float = CONFIDENCE) -> float:
    """The factor of the one-sided tolerance limit that a share `content` of all runs is inside of.

    The quantile `confidence` of the noncentral t distribution with n - 1 degrees of freedom and
    noncentrality z(content) * sqrt(n), over sqrt(n): NIST/SEMATECH e-Handbook of Statistical Methods,
    section 7.2.6.3. Unlike a prediction limit it holds for one stored calibration, with that confidence.
    """
    return float(nctdtrit(n - 1, float(ndtri(content)) * math.sqrt(n), confidence)) / math.sqrt(n)


def deviation_floor(kind: Kind, n: int | None, mean: float) -> float:
    """The least deviation to believe in, whatever a few seeds happened to show.

    For a share of `n` rows: the metric's quantum 1/n, and half of its binomial error sqrt(p (1 - p) / n).
    For a gain: the quantum. A handful of runs can agree by luck, and then honest runs would fail.
    """
    if kind == "value" or n is None:
        return 0.0
    if kind == "gain":
        return 1 / n
    share = min(max(mean, 0.0), 1.0)
    return max(1 / n, math.sqrt(share * (1 - share) / n) / 2)


@dataclass(frozen=True)
class Band:
    """What honest runs of a claim look like: their number, mean and deviation (n - 1, floored)."""

    n: int
    mean: float
    deviation: float
    higher_is_better: bool = True

    @classmethod
    def of(
        cls, values: Sequence[float], *, kind: Kind = "value", rows: int | None = None, higher: bool = True
    ) -> "Band":
        """The band of seeded `values` of a claim measured on `rows` rows.

        Raises ClaimError for fewer than FEWEST_SEEDS values, one that is not finite, or values that do not
        vary at all where nothing explains it.
        """

        def refused(expected: str, found: str, mend: str) -> ClaimError:
            return ClaimError("band", expected=expected, found=found, mend=mend)

        if len(values) < FEWEST_SEEDS:
            raise refused(
                f"values of at least {FEWEST_SEEDS} seeds", str(len(values)), "Measure with more seeds."
            )
        if not all(map(math.isfinite, values)):
            raise refused("finite values", str(list(values)), "Correct the run that gave it.")
        # Sorted, so that the order of the seeds cannot show even in the last bit.
        ordered = sorted(values)
        mean, deviation = fmean(ordered), stdev(ordered)
        floored = max(deviation, deviation_floor(kind, rows, mean))
        if floored <= 1e-9 * max(abs(mean), 1e-9):
            raise refused(
                "values that vary with the seed",
                f"{values[0]!r} in all {len(values)} runs",
                "Let the notebook use its parameter seed for split, order and initialisation.",
            )
        return cls(len(values), mean, floored, higher)

    def worse(self, factor: float) -> float:
        """The value `factor` deviations from the mean on the worse side."""
        return self.mean - (factor if self.higher_is_better else -factor) * self.deviation

    def alarm(self, k: int = 1) -> float:
        """The limit that the mean of `k` runs must reach, or fresh seeds are asked."""
        return self.worse(prediction_factor(self.n, k, ALARM))

    def fail(self, k: int = 1 + FRESH_RUNS) -> float:
        """The limit that the mean of all `k` runs must reach once the fresh seeds have been run."""
        return self.worse(prediction_factor(self.n, k, FAIL))

    def stale(self, k: int = 1) -> float:
        """The limit beyond which the mean of `k` runs is better than the band expects."""
        return self.worse(-prediction_factor(self.n, k, STALE))

    def tolerance(self, content: float) -> float:
        """The limit that a share `content` of honest runs reaches."""
        return self.worse(tolerance_factor(self.n, content))

    def reaches(self, value: float, limit: float) -> bool:
        """Whether `value` is as good as `limit`; NaN never is."""
        return value >= limit if self.higher_is_better else value <= limit

    def excludes(self, value: float) -> bool:
        """Whether a lecture that comes to `value` would be failed, at both stages of the rule."""
        return not (self.reaches(value, self.alarm()) or self.reaches(value, self.fail()))


def judge(values: Sequence[float], band: Band | None, *, confirmed: bool = False) -> Verdict:
    """The verdict on `values` of one claim from one or more fresh seeds: the two-stage rule.

    First the mean of the k values is held against the 95 % prediction limit; under it is an alarm,
    "confirm", and the caller runs FRESH_RUNS more seeds. Then, `confirmed`, the mean of all of them is held
    against the 99 % limit. With 10 calibration seeds and one run, an honest lecture fails in 0.6 % of the
    checks, and one that lost 2, 3 or 4 deviations in about 45, 82 and 97 %.

    NaN never passes, and no values are no pass either.
    """
    if band is None:
        return "not-comparable"
    if not values or not all(map(math.isfinite, values)):
        return "fail"
    k, mean = len(values), fmean(sorted(values))
    limit = band.fail(k) if confirmed else band.alarm(k)
    if not band.reaches(mean, limit):
        return "fail" if confirmed else "confirm"
    beyond = band.reaches(mean, band.stale(k)) and mean != band.stale(k)
    return "stale-better" if beyond else "pass"


def require_excludes(where: object, band: Band, baseline: float, damaged: Sequence[float]) -> None:
    """Refuse a band that could not fail: one that the baseline or a damaged run falls in.

    baseline : the best value that was recorded as baseline; damaged : the values of damaged runs. Raises
    ClaimError. A band whose cut-off for full marks is no better than the baseline is refused too.
    """
    proofs = [("the baseline", baseline), *(("a damaged run", value) for value in damaged)]
    limit = min((band.alarm(), band.fail()), key=lambda value: value if band.higher_is_better else -value)
    side = "below" if band.higher_is_better else "above"
    for what, value in proofs:
        if not band.excludes(value):
            raise ClaimError(
                where,
                expected=f"{what} {side} {limit:.4g}, outside the band (mean {band.mean:.4g}, deviation "
                f"{band.deviation:.2g}, {band.n} seeds)",
                found=f"{value:.4g}, inside it",
                mend="Measure with more seeds, train until runs agree better, or validate on more rows: "
                "a band that nothing can fail says nothing.",
            )
    if band.reaches(baseline, band.tolerance(APPLIED)):
        raise ClaimError(
            where,
            expected=f"a cut-off for full marks better than the baseline, {baseline:.4g}",
            found=f"{band.tolerance(APPLIED):.4g}, which {APPLIED:.1%} of honest runs reach",
            mend="Measure with more seeds, or train until runs agree better.",
        )
