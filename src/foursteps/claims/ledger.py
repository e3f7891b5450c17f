"""claims.json: what a lecture and its exercises claim, and the bands measured for each class of device."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from foursteps import atomic
from foursteps.checks.definition import Scale
from foursteps.claims.band import APPLIED, METHOD, PUBLISHED, Band, Kind, require_excludes
from foursteps.errors import ClaimError
from foursteps.run.device import DeviceClass
from foursteps.run.provenance import Provenance

NAME = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
CLOSE = 1e-6


class Model(BaseModel):
    """Frozen, and an unknown name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BandLimits(Model):
    """The limits of a band, in the claim's unit; each follows from the values, and is kept for readers.

    alarm, fail and stale are for the mean of 1, 3 and 1 fresh runs; applied and published are where all
    the marks are reached.
    """

    alarm: float
    fail: float
    stale: float
    applied: float
    published: float

    @classmethod
    def of(cls, band: Band) -> "BandLimits":
        """The limits of `band`."""
        applied, published = band.tolerance(APPLIED), band.tolerance(PUBLISHED)
        return cls(
            alarm=band.alarm(), fail=band.fail(), stale=band.stale(), applied=applied, published=published
        )


class Damaged(Model):
    """Runs that were damaged on purpose, and fell outside the band: the proof that it can fail."""

    parameters: dict[str, Any]
    seeds: tuple[int, ...]
    values: tuple[float, ...]


class MeasuredBand(Model):
    """The seeded runs of a claim on one class of device, and what follows from them.

    deviation is the standard deviation of the values (n - 1), or its floor where that is larger.
    """

    seeds: tuple[int, ...]
    values: tuple[float, ...]
    baselines: tuple[float, ...]
    mean: float
    deviation: float
    limits: BandLimits
    method: str = METHOD
    damaged: Damaged | None = None
    provenance: Provenance


class ClaimRecord(Model):
    """One claim: what kind of number it is, its baseline (the mean of those recorded), and its bands.

    rows is the number of rows it was measured on.
    """

    higher_is_better: bool = True
    kind: Kind = "value"
    rows: int | None = Field(default=None, gt=0)
    baseline: float
    bands: dict[DeviceClass, MeasuredBand] = {}

    @model_validator(mode="after")
    def _measured(self) -> "ClaimRecord":
        """A band that does not follow from its values was typed, not measured."""
        for device, kept in self.bands.items():
            band = self._made(kept)
            limits = BandLimits.of(band)
            stated = {"mean": kept.mean, "deviation": kept.deviation, **kept.limits.model_dump()}
            follows = {"mean": band.mean, "deviation": band.deviation, **limits.model_dump()}
            for name, value in follows.items():
                if not abs(stated[name] - value) <= CLOSE * max(abs(value), 1e-6):
                    raise ValueError(
                        f"{name} of the {device} band is {stated[name]:.6g}, but {value:.6g} follows from "
                        f"its values; a band is measured, never typed"
                    )
        return self

    def band(self, device: DeviceClass) -> Band | None:
        """The band for `device`, or None where none was measured."""
        return self._made(self.bands[device]) if device in self.bands else None

    def _made(self, kept: MeasuredBand) -> Band:
        return Band.of(kept.values, kind=self.kind, rows=self.rows, higher=self.higher_is_better)

    def nearest(self, device: DeviceClass) -> DeviceClass | None:
        """The class of device whose band a run on `device` is to be compared with; None without any band."""
        return device if device in self.bands else next(iter(self.bands), None)


class Ledger(Model):
    """A claims.json. `claims` is by name: `lecture.<claim>` or `<exercise>.<check>.<dataset>`."""

    format: Literal[1] = Field(default=1, alias="schema")
    claims: dict[str, ClaimRecord] = {}
    _path: Path = PrivateAttr(default=Path("claims.json"))

    @classmethod
    def at(cls, path: Path, claims: Mapping[str, ClaimRecord] | None = None) -> "Ledger":
        """A ledger of `claims` that `save` writes to `path`."""
        ledger = cls(claims=dict(claims or {}))
        ledger._path = Path(path)
        return ledger

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self._path

    def record(self, name: str) -> ClaimRecord:
        """The record of the claim `name`; raises ClaimError when there is none."""
        if name in self.claims:
            return self.claims[name]
        raise ClaimError(
            self.path,
            expected=f"a record of the claim {name}",
            found=", ".join(self.claims) or "none at all",
            mend="Run `foursteps reproduce --measure`, or correct the name.",
        )

    def scale(self, name: str, device: DeviceClass = "cpu") -> tuple[Scale, Scale]:
        """The cut-offs of the marks for the claim `name`: those applied, and those published.

        No marks at the baseline; all of them at the tolerance limit that 99.9 % of honest runs reach, and
        in what is published at the one that 99 % reach, which is slightly stricter. From the band for
        `device`, or the nearest one. Raises ClaimError when no band was measured.
        """
        found = self.record(name)
        nearest = found.nearest(device)
        if nearest is None:
            raise ClaimError(
                f"{self.path}, {name}",
                expected="a measured band",
                found="none",
                mend="Run `foursteps reproduce --measure`.",
            )
        limits = found.bands[nearest].limits
        return (
            Scale(zero=found.baseline, full=limits.applied),
            Scale(zero=found.baseline, full=limits.published),
        )

    def with_claims(self, claims: Mapping[str, ClaimRecord], *, instead_of: str = "") -> "Ledger":
        """This ledger with `claims` in it; bands of other devices of the same claims are kept.

        Claims that begin with `instead_of`, where that is given, and are not in `claims` go.
        """
        merged = {
            name: record
            for name, record in self.claims.items()
            if name in claims or not instead_of or not name.startswith(instead_of)
        }
        for name, new in claims.items():
            old = merged.get(name)
            bands = {**(old.bands if old else {}), **new.bands}
            merged[name] = new.model_copy(update={"bands": dict(sorted(bands.items()))})
        return Ledger.at(self.path, dict(sorted(merged.items())))

    def dumps(self) -> str:
        """The text of claims.json."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), indent=1, ensure_ascii=False) + "\n"

    def save(self) -> None:
        """Write claims.json, whole or not at all."""
        atomic.write_text(self.path, self.dumps())


def load(path: Path) -> Ledger:
    """Read the claims.json at `path`; raises ClaimError naming the entry that is wrong."""
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise _unusable(path, "no such file", "Run `foursteps reproduce --measure`.") from None
    except UnicodeDecodeError as error:
        raise _unusable(path, f"bytes that are not UTF-8 ({error})", "Restore it from git.") from None
    try:
        ledger = Ledger.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        found = f"{place}: {first['msg']}" if place else first["msg"]
        raise _unusable(path, found, "Restore it from git, or measure again.") from None
    except ClaimError as error:
        raise _unusable(path, error.found, "Restore it from git, or measure again.") from None
    return Ledger.at(path, ledger.claims)


def load_or_new(path: Path) -> Ledger:
    """The ledger at `path`, or an empty one that would be written there."""
    return load(path) if Path(path).exists() else Ledger.at(path)


def _unusable(path: Path, found: str, mend: str) -> ClaimError:
    return ClaimError(path, expected="claims with their measured bands", found=found, mend=mend)


def measured(
    name: str,
    values: Mapping[int, float],
    baselines: Sequence[float],
    provenance: Provenance,
    *,
    kind: Kind,
    rows: int | None,
    higher_is_better: bool,
    damaged: Damaged | None = None,
) -> ClaimRecord:
    """A record of the claim `name` with the band that `values`, by seed, make.

    Raises ClaimError when the band does not exclude the best of the `baselines` and every damaged run.
    """
    seeds = tuple(sorted(values))
    try:
        band = Band.of([values[seed] for seed in seeds], kind=kind, rows=rows, higher=higher_is_better)
    except ClaimError as error:
        raise ClaimError(name, expected=error.expected, found=error.found, mend=error.mend) from None
    best = max(baselines) if higher_is_better else min(baselines)
    require_excludes(name, band, best, damaged.values if damaged else ())
    kept = MeasuredBand(
        seeds=seeds,
        values=tuple(values[seed] for seed in seeds),
        baselines=tuple(baselines),
        mean=band.mean,
        deviation=band.deviation,
        limits=BandLimits.of(band),
        damaged=damaged,
        provenance=provenance,
    )
    return ClaimRecord(
        higher_is_better=higher_is_better,
        kind=kind,
        rows=rows,
        baseline=fmean(baselines),
        bands={provenance.device_class: kept},
    )
