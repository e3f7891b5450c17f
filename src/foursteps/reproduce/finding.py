"""What was found about one claim, and the words for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Literal

from foursteps.claims.band import Band, Verdict
from foursteps.claims.ledger import MeasuredBand
from foursteps.claims.record import number
from foursteps.run.device import DeviceClass
from foursteps.run.provenance import Provenance

FindingVerdict = Verdict | Literal["error", "measured", "refused"]
GOOD = ("pass", "stale-better", "measured")
OPEN = ("not-comparable",)


@dataclass(frozen=True)
class Finding:
    """What was found about one claim, or about a notebook that could not be asked.

    where is the notebook's file, claim the name in claims.json (empty when the notebook did not come to
    state one). values are this run's, by seed; band is the one they were held against, measured the seeds
    it came from, band_device its class of device, which differs from `device` when there was none for it.
    verdict adds to the statistics' own: error (the notebook did not run, or not rightly), measured and
    refused (a band that was, or could not be, written). diff is nbdime's, against the notebook that last
    reproduced; traceback a failed cell's.
    """

    topic: str
    notebook: str
    where: str
    claim: str
    verdict: FindingVerdict
    device: DeviceClass
    message: str
    values: Mapping[int, float] = field(default_factory=dict)
    baseline: float | None = None
    band: Band | None = None
    band_device: DeviceClass | None = None
    measured: MeasuredBand | None = None
    provenance: Provenance | None = None
    fresh: bool = True
    diff: str = ""
    traceback: str = ""

    @property
    def ok(self) -> bool:
        """Whether this finding is no reason to look further."""
        return self.verdict in GOOD


def exit_code(findings: Iterable[Finding]) -> int:
    """0 when all is well; 1 when a claim is out, or a notebook failed; 3 when some could not be compared."""
    verdicts = {finding.verdict for finding in findings}
    if verdicts <= set(GOOD):
        return 0
    return 3 if verdicts <= {*GOOD, *OPEN} else 1


def nearest_seed(value: float, measured: MeasuredBand) -> tuple[int, float]:
    """The recorded seed whose value is nearest to `value`, and that value."""
    pairs = zip(measured.seeds, measured.values, strict=True)
    return min(pairs, key=lambda pair: (abs(pair[1] - value), pair[0]))


def seeds_text(seeds: Iterable[int]) -> str:
    """`seed 3`, or `seeds 3, 4 and 5`."""
    names = [str(seed) for seed in seeds]
    if len(names) < 2:
        return f"seed {names[0]}" if names else "no seed"
    return f"seeds {', '.join(names[:-1])} and {names[-1]}"


def band_text(band: Band, device: str) -> str:
    """A band in words."""
    return f"the band of {band.n} seeds on {device}: mean {number(band.mean)}, deviation {band.deviation:.2g}"


def explain(
    where: str,
    claim: str,
    verdict: Verdict,
    values: Mapping[int, float],
    band: Band | None,
    measured: MeasuredBand | None,
    device: DeviceClass,
    band_device: DeviceClass | None,
    *,
    confirmed: bool,
) -> str:
    """The message of a verdict: where, what was expected, what was found, the nearest seed, what to do."""
    place = f"{where}, {claim}"
    found = f"{number(fmean(values.values()))}" if values else "no value"
    found += f" with {seeds_text(values)}" if len(values) < 2 else f", the mean of {seeds_text(values)}"
    if band is None or measured is None or band_device is None:
        return (
            f"{place}: expected a measured band to compare with; found none, and {found}. "
            f"Run `foursteps reproduce --measure`."
        )
    side = "at least" if band.higher_is_better else "at most"
    k = max(len(values), 1)
    limit = number(band.fail(k) if confirmed else band.alarm(k))
    expected = f"expected {side} {limit}, by {band_text(band, band_device)}; found {found}."
    seed, value = nearest_seed(fmean(values.values()), measured) if values else (0, 0.0)
    nearest = f"The nearest recorded run is seed {seed}, with {number(value)}."
    if band_device != device:
        return (
            f"{place}: no band was measured on {device}, so this is compared with the one of {band_device}, "
            f"which says nothing certain: {expected} Run `foursteps reproduce --measure --device {device}`."
        )
    match verdict:
        case "fail":
            return (
                f"{place}: {expected} {nearest} Look at what changed in the notebook, its data or the "
                f"installed packages; if the new result is meant, run `foursteps reproduce --measure`."
            )
        case "stale-better":
            return (
                f"{place}: better than the band expects: {found}, where {number(band.stale(k))} is the most "
                f"that {band_text(band, band_device)} explains. {nearest} Run `foursteps reproduce "
                f"--measure`, so that the band is about this lecture again."
            )
        case _:
            return f"{place}: {found}, inside {band_text(band, band_device)}."
