"""A claim as the book shows it: what was measured over the seeds, and what the printed run gave. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from foursteps.claims.band import Band, Verdict, judge
from foursteps.claims.ledger import Ledger
from foursteps.claims.record import number
from foursteps.run.provenance import Provenance


@dataclass(frozen=True)
class Claim:
    """A claim on one class of device.

    `values` are those of the measured seeds; `low` and `high` the values between which a run raises no
    question; `printed` what the run on the page gave, `more` what further seeds did where the rule asks for
    them, and `verdict` what follows; `made` where the measured values come from.
    """

    name: str
    device: str
    values: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    printed: float | None = None
    made: Provenance | None = None
    more: tuple[float, ...] = ()
    verdict: Verdict = "not-comparable"

    @property
    def of_lecture(self) -> bool:
        """Whether the lecture states it; the others are what solutions of exercises reach."""
        return self.name.startswith("lecture.")

    @property
    def label(self) -> str:
        """The claim's name as prose: `lecture.accuracy` is `accuracy`."""
        return self.name.removeprefix("lecture.").replace(".", ", ").replace("_", " ")

    @property
    def state(self) -> str:
        """`in` or `out` of the band for the printed run; `open` until further seeds have settled it;
        `unknown` without a run or a band."""
        if self.printed is None:
            return "unknown"
        states = {"pass": "in", "stale-better": "in", "confirm": "open", "fail": "out"}
        return states.get(self.verdict, "unknown")

    @property
    def says(self) -> str:
        """Whether the printed value reproduces, in words; empty where nothing can be said."""
        if self.printed is None:
            return ""
        words = {
            "pass": "reproduces",
            "stale-better": "better than its band",
            "confirm": "outside its band; two more seeds decide",
            "fail": "does not reproduce",
        }
        said, seeds = words.get(self.verdict, ""), (self.printed, *self.more)
        return f"{said}: {len(seeds)} seeds average {number(fmean(seeds))}" if self.more else said

    @property
    def words(self) -> str:
        """What the badge says: the printed value and whether it reproduces."""
        value = number(self.printed) if self.printed is not None else "not run here"
        return f"{value} {self.says}".strip()


def claims_of(
    ledger: Ledger | None,
    said: Mapping[str, Mapping[str, Any]],
    device: str,
    more: Mapping[str, Sequence[float]] | None = None,
) -> tuple[Claim, ...]:
    """The claims of a topic: those of its claims.json, and those that only the printed run `said`.

    The printed run, made on `device`, is held against the band of that class of device alone, by the rule of
    `foursteps reproduce`: where it raises an alarm, `more`, what further seeds gave, by claim, settles it.
    """
    found = []
    for name, record in (ledger.claims if ledger else {}).items():
        mine = said.get(name.removeprefix("lecture."), {}) if name.startswith("lecture.") else {}
        for kind, band in record.bands.items():
            low, high = sorted((band.limits.alarm, band.limits.stale))
            printed = _float(mine.get("value")) if kind == device else None
            own = Claim(name, kind, band.values, low, high, record.baseline, printed, band.provenance)
            if printed is not None:
                own = _judged(own, record.band(kind), tuple((more or {}).get(name, ())))
            found.append(own)
    measured = {(claim.name, claim.device) for claim in found}
    for name, claim in said.items():
        if (f"lecture.{name}", device) not in measured:
            value, baseline = _float(claim.get("value")), _float(claim.get("baseline"))
            found.append(Claim(f"lecture.{name}", device, printed=value, baseline=baseline))
    return tuple(found)


def _judged(claim: Claim, band: Band | None, more: tuple[float, ...]) -> Claim:
    """`claim` with the verdict on its printed value; where that is an alarm, on the mean with `more`."""
    assert claim.printed is not None
    verdict = judge([claim.printed], band)
    if verdict != "confirm" or not more:
        return replace(claim, verdict=verdict)
    return replace(claim, verdict=judge([claim.printed, *more], band, confirmed=True), more=more)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
