"""A claim as the book shows it: what was measured over the seeds, and what the printed run gave. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foursteps.claims.ledger import Ledger
from foursteps.claims.record import number
from foursteps.run.provenance import Provenance


@dataclass(frozen=True)
class Claim:
    """A claim on one class of device.

    `values` are those of the measured seeds; `low` and `high` the values between which a run raises no
    question; `printed` what the run on the page gave; `made` where the measured values come from.
    """

    name: str
    device: str
    values: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    printed: float | None = None
    made: Provenance | None = None

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
        """`in` or `out` of the band for the printed run; `unknown` when one of the two is missing."""
        if self.printed is None or self.low is None or self.high is None:
            return "unknown"
        return "in" if self.low <= self.printed <= self.high else "out"

    @property
    def words(self) -> str:
        """What the badge says: the printed value and whether it reproduces."""
        value = number(self.printed) if self.printed is not None else "not run here"
        return f"{value} {({'in': 'reproduces', 'out': 'outside its band'}).get(self.state, '')}".strip()


def claims_of(ledger: Ledger | None, said: Mapping[str, Mapping[str, Any]], device: str) -> tuple[Claim, ...]:
    """The claims of a topic: those of its claims.json, and those that only the printed run `said`.

    The printed run, made on `device`, is held against the band of that class of device alone.
    """
    found = []
    for name, record in (ledger.claims if ledger else {}).items():
        mine = said.get(name.removeprefix("lecture."), {}) if name.startswith("lecture.") else {}
        for kind, band in record.bands.items():
            low, high = sorted((band.limits.alarm, band.limits.stale))
            printed = _float(mine.get("value")) if kind == device else None
            found.append(Claim(name, kind, band.values, low, high, record.baseline, printed, band.provenance))
    measured = {(claim.name, claim.device) for claim in found}
    for name, claim in said.items():
        if (f"lecture.{name}", device) not in measured:
            value, baseline = _float(claim.get("value")), _float(claim.get("baseline"))
            found.append(Claim(f"lecture.{name}", device, printed=value, baseline=baseline))
    return tuple(found)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
