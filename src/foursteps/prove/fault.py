"""Where a grader and what is known of an answer differ. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from foursteps.grade.attempts import Attempt
from foursteps.grade.attempts import Kind as AttemptKind
from foursteps.grade.score import Outcome
from foursteps.prove.mutants import Mutant
from foursteps.prove.trial import CAUGHT_AT, Result

Kind = Literal["wrong accepted", "right refused", "expectation missed", "mutant alive"]
KINDS: tuple[Kind, ...] = ("wrong accepted", "right refused", "expectation missed", "mutant alive")
HAIR = 0.005
"""Points are rounded to two places."""

MENDS: dict[Kind, str] = {
    "wrong accepted": "Let the check ask for what this answer gets wrong.",
    "right refused": "Let the check accept this answer, or correct the answer.",
    "expectation missed": "Correct what the attempt expects, or the check.",
    "mutant alive": "Let a check ask for it, or list the mutant in equivalent.toml with a reason.",
}


@dataclass(frozen=True)
class Fault:
    """One difference: of which answer, with which seed, at which check, what it must earn and what it did."""

    kind: Kind
    exercise: str
    answer: str
    seed: int
    check: str
    expected: str
    found: str
    dataset: str = ""

    @property
    def message(self) -> str:
        """Where, expected, found, and what to do next."""
        where = ", ".join(filter(None, (self.exercise, self.answer, f"seed {self.seed}", self.dataset)))
        said = f"{self.kind}: expected {self.expected}; found {self.found}."
        return f"{where}, {self.check}: {said} {MENDS[self.kind]}"


def attempt_faults(attempt: Attempt, result: Result) -> Iterable[Fault]:
    """Every check that gave `attempt` other points than it must earn, or called a stub attempted."""
    for outcome in result.outcomes:
        least, most = attempt.earns(outcome.check, outcome.max_points)
        kind = compare(attempt.kind, outcome.points, least, most, outcome.max_points)
        expected = _points(least, most, outcome.max_points)
        found = f"{outcome.points:g} ({outcome.state}: {outcome.reason.rstrip('.')})"
        if kind is None and attempt.kind == "stub" and outcome.state != "not_attempted":
            kind, expected = "expectation missed", "not attempted"
        if kind:
            trial = result.trial
            yield Fault(
                kind,
                str(trial.exercise),
                attempt.name,
                trial.seed,
                outcome.check,
                expected,
                found,
                trial.dataset,
            )


def compare(kind: AttemptKind, found: float, least: float, most: float, points: float) -> Kind | None:
    """What is wrong when a check worth `points` gave `found` and `least` to `most` are due, if anything."""
    if least - HAIR <= found <= most + HAIR:
        return None
    if kind == "right" and found < least:
        return "right refused"
    if kind != "right" and found > most and found >= points - HAIR:
        return "wrong accepted"
    return "expectation missed"


def mutant_faults(mutant: Mutant, result: Result) -> Iterable[Fault]:
    """The fault of a mutant that kept its points."""
    if result.lost < CAUGHT_AT - HAIR:
        trial = result.trial
        yield Fault(
            "mutant alive",
            str(trial.exercise),
            trial.answer,
            trial.seed,
            ", ".join(mutant.reaches),
            f"at least {CAUGHT_AT:g} point lost, as in {mutant}",
            f"{result.lost:g} lost",
            trial.dataset,
        )


def _points(least: float, most: float, points: float) -> str:
    span = f"{least:g}" if least == most else f"{least:g} to {most:g}"
    return f"{span} of {points:g}"


def marks(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """The points by check."""
    return {outcome.check: outcome.points for outcome in outcomes}
