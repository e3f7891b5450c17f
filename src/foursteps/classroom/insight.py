"""What a class's results say about the exercises and about who may need help. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median

from foursteps.classroom.results import Sheet

WEAK = 0.2
"""A corrected item-total correlation under which an item hardly tells learners apart (Ebel and Frisbie,
Essentials of Educational Measurement, 1991: an index of discrimination below 0.20 is poor)."""
FEWEST = 10
"""Learners under whom a correlation says too little to be shown."""
NEEDS_HELP = 0.5


@dataclass(frozen=True)
class Item:
    """One check in the class.

    states : learners by what became of it. share : mean share of its points. discrimination : correlation
    of its points with those of all other checks; None where too few learners or no spread say nothing.
    values : a metric's values by dataset, with the points' cut-offs (zero, full).
    """

    exercise: str
    check: str
    states: Mapping[str, int]
    share: float
    discrimination: float | None
    values: Mapping[str, tuple[tuple[float, ...], float, float]]

    @property
    def learners(self) -> int:
        """How many had it before them."""
        return sum(self.states.values())

    @property
    def verdict(self) -> str:
        """What may be wrong with it as an item, in words; empty when nothing is seen."""
        if self.learners < FEWEST:
            return ""
        if self.states.get("grader_broken"):
            return "the check itself is broken"
        if self.share >= 0.98:
            return "nearly everybody has it: it tells nobody apart"
        if self.share <= 0.02:
            return "nearly nobody has it: is the question clear, and the grader right?"
        if self.discrimination is not None and self.discrimination < 0:
            return "those who do well elsewhere fail here: look at the grader"
        if self.discrimination is not None and self.discrimination < WEAK:
            return "it hardly tells learners apart"
        return ""


@dataclass(frozen=True)
class Error:
    """A reason that several learners share, with one of them word for word."""

    exercise: str
    check: str
    example: str
    learners: tuple[str, ...]


@dataclass(frozen=True)
class Insight:
    """A topic: its items, shared errors, who may need help and why, and seconds of the runs."""

    items: tuple[Item, ...]
    errors: tuple[Error, ...]
    help: tuple[tuple[str, str], ...]
    seconds: tuple[float, float]
    totals: Mapping[str, float]


def insight(sheets: Sequence[Sheet], missing: Sequence[str] = ()) -> Insight:
    """What `sheets`, the results of a topic, say; `missing` are learners who handed in nothing."""
    shares: dict[tuple[str, str], dict[str, float]] = {}
    for sheet in sheets:
        for one in sheet.results:
            share = one.outcome.points / one.outcome.max_points if one.outcome.max_points else 0.0
            shares.setdefault((sheet.exercise, one.check.name), {})[sheet.learner] = share
    learners = sorted({sheet.learner for sheet in sheets})
    totals = {
        learner: fmean(item[learner] for item in shares.values() if learner in item) for learner in learners
    }
    items = tuple(_item(name, sheets, shares) for name in shares)
    times = [sheet.seconds for sheet in sheets]
    return Insight(
        items,
        shared_errors(sheets),
        _who_needs_help(sheets, totals, missing),
        (sum(times), median(times) if times else 0.0),
        totals,
    )


def shared_errors(sheets: Sequence[Sheet]) -> tuple[Error, ...]:
    """Reasons for lost points that say the same but for their numbers, the commonest first."""
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for sheet in sheets:
        for one in sheet.results:
            if one.outcome.state in ("failed", "crashed"):
                kind = (sheet.exercise, one.check.name, pattern(one.outcome.reason))
                found.setdefault(kind, []).append((sheet.learner, one.outcome.reason))
    errors = [
        Error(exercise, check, said[0][1], tuple(sorted(who for who, _ in said)))
        for (exercise, check, _), said in found.items()
    ]
    return tuple(sorted(errors, key=lambda one: (-len(one.learners), one.exercise, one.check)))


def pattern(reason: str) -> str:
    """A reason without what differs from learner to learner: numbers, quoted names, shapes."""
    text = re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", "…", reason)
    return re.sub(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?", "0", text, flags=re.IGNORECASE)[:300]


def correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Pearson's correlation of two equally long sequences; None where one of them has no spread."""
    mean_a, mean_b = fmean(a), fmean(b)
    spread_a = sqrt(sum((value - mean_a) ** 2 for value in a))
    spread_b = sqrt(sum((value - mean_b) ** 2 for value in b))
    if spread_a < 1e-9 or spread_b < 1e-9:
        return None
    both = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    return max(-1.0, min(1.0, both / (spread_a * spread_b)))


def _item(
    name: tuple[str, str], sheets: Sequence[Sheet], shares: Mapping[tuple[str, str], Mapping[str, float]]
) -> Item:
    exercise, check = name
    own = shares[name]
    states: dict[str, int] = {}
    values: dict[str, tuple[list[float], float, float]] = {}
    for sheet in sheets:
        for one in sheet.results:
            if (sheet.exercise, one.check.name) != name:
                continue
            states[one.outcome.state] = states.get(one.outcome.state, 0) + 1
            value, scale = one.outcome.value, one.outcome.scale
            if value is not None and scale is not None and one.evidence is not None and value == value:
                place = values.setdefault(one.evidence.dataset or "", ([], scale.zero, scale.full))
                place[0].append(value)
    rest = {
        learner: [other[learner] for key, other in shares.items() if key != name and learner in other]
        for learner in own
    }
    pairs = [(own[learner], fmean(others)) for learner, others in rest.items() if others]
    tells = len(pairs) >= FEWEST
    return Item(
        exercise,
        check,
        states,
        fmean(own.values()),
        correlation([a for a, _ in pairs], [b for _, b in pairs]) if tells else None,
        {dataset: (tuple(sorted(all_)), zero, full) for dataset, (all_, zero, full) in values.items()},
    )


def _who_needs_help(
    sheets: Sequence[Sheet], totals: Mapping[str, float], missing: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Who may need help, with what shows it; who is furthest behind comes first."""
    found = [(-1.0, learner, "handed in nothing") for learner in missing]
    for learner, share in totals.items():
        outcomes = [one.outcome for sheet in sheets if sheet.learner == learner for one in sheet.results]
        untouched = sum(one.state == "not_attempted" for one in outcomes)
        crashed = sum(one.state == "crashed" for one in outcomes)
        if share >= NEEDS_HELP:
            continue
        reasons = [f"{share:.0%} of the points that a machine gives"]
        reasons += [f"{untouched} of {len(outcomes)} checks not attempted"] if untouched else []
        reasons += [f"{crashed} raised an error"] if crashed else []
        found.append((share, learner, ", ".join(reasons)))
    return tuple((learner, reason) for _, learner, reason in sorted(found))
