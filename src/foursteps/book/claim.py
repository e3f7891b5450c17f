"""A claim as the book shows it: what was measured over the seeds, and what the printed run gave. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Claim:
    """A lecture's claim on one class of device.

    `values` are those of the measured seeds, `low` and `high` the band (None where it is open), `printed`
    what the run on the page gave, `made` the provenance of the measurement.
    """

    name: str
    device: str
    values: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    printed: float | None = None
    made: Mapping[str, Any] | None = None

    @property
    def label(self) -> str:
        """The claim's name as prose: `lecture.accuracy` is `accuracy`."""
        return self.name.removeprefix("lecture.").replace("_", " ")

    @property
    def state(self) -> str:
        """`in` or `out` of the band for the printed run; `unknown` when one of the two is missing."""
        if self.printed is None or (self.low is None and self.high is None):
            return "unknown"
        above = self.low is None or self.printed >= self.low
        below = self.high is None or self.printed <= self.high
        return "in" if above and below else "out"

    @property
    def words(self) -> str:
        """What the badge says: the printed value and whether it reproduces."""
        value = f"{self.printed:.3f}" if self.printed is not None else "not run here"
        return f"{value} {({'in': 'reproduces', 'out': 'outside its band'}).get(self.state, '')}".strip()


def claims_of(
    ledger: Mapping[str, Any], said: Mapping[str, Mapping[str, Any]], device: str
) -> tuple[Claim, ...]:
    """The claims of a topic: those of claims.json (its JSON, or {}), and those only the printed run `said`.

    The printed run is held against the band of its own class of device.
    """
    found = []
    for name, record in ledger.get("claims", {}).items():
        mine = said.get(name.removeprefix("lecture."), {}) if name.startswith("lecture.") else {}
        for kind, band in record.get("bands", {}).items():
            limits = band.get("limits", {})
            ends = [limits.get(key) for key in ("alarm", "stale")]
            low, high = _ordered(ends, record)
            found.append(
                Claim(
                    name=name,
                    device=kind,
                    values=tuple(map(float, band.get("values", ()))),
                    low=low,
                    high=high,
                    baseline=_float(mine.get("baseline", record.get("baseline"))),
                    printed=_float(mine.get("value")) if kind == device else None,
                    made=band.get("provenance"),
                )
            )
    measured = {claim.name for claim in found}
    for name, claim in said.items():
        if f"lecture.{name}" not in measured:
            found.append(
                Claim(
                    f"lecture.{name}",
                    device,
                    baseline=_float(claim.get("baseline")),
                    printed=_float(claim.get("value")),
                )
            )
    return tuple(found)


def _ordered(ends: list[Any], record: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """(low, high) of a band from its alarm limit and its limit of staleness; an end may be open."""
    alarm, stale = map(_float, ends)
    if alarm is not None and stale is not None:
        return min(alarm, stale), max(alarm, stale)
    if record.get("direction", record.get("higher_is_better", True)) in (True, "higher", "higher_is_better"):
        return alarm, stale
    return stale, alarm


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
