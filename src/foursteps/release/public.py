"""`checks.json`: the public half of a topic's graders, with which an exercise checks itself anywhere."""

import tempfile
from pathlib import Path
from typing import Any

from foursteps import notebook as nb
from foursteps.checks.definition import AnyCheck, Case, Checks, Function, Metric
from foursteps.claims import ledger
from foursteps.course import Exercise, Topic
from foursteps.errors import ClaimError, FourstepsError
from foursteps.grade.keys import digest
from foursteps.grade.prepare import answers, checks_of, fill, hidden_calls

PUBLIC_SEED = 42
VISIBLE_CASES = 3


def public_checks(topic: Topic, runner: Any) -> Checks:
    """The checks of a topic as learners get them.

    Names, hints and what is asked come from the graders, points from the solutions' cells, cut-offs from the
    published half of each band, visible cases from running the solution; what was recorded from the same
    solution and grader before is taken over.
    """
    exercises = {
        name: tuple(
            _with_scales(topic, check) for check in _with_cases(topic, exercise, checks_of(exercise), runner)
        )
        for name, exercise in topic.exercises.items()
    }
    return Checks(topic=topic.name, exercises=exercises)


def _with_cases(
    topic: Topic, exercise: Exercise, checks: tuple[AnyCheck, ...], runner: Any
) -> tuple[AnyCheck, ...]:
    """`checks` with what the solution's functions give on a few public inputs."""
    calls = {name: drawn[:VISIBLE_CASES] for name, drawn in hidden_calls(checks, PUBLIC_SEED).items()}
    if not calls:
        return checks
    expected = _recorded(topic, exercise, calls)
    if expected is None:
        with tempfile.TemporaryDirectory(prefix="foursteps-") as made:
            folder = Path(made)
            fill(folder, exercise, checks, calls, PUBLIC_SEED)
            expected = answers(exercise, calls, folder, PUBLIC_SEED, runner)
    return tuple(
        check.model_copy(
            update={
                "visible": tuple(
                    Case(arguments=arguments, expected=value)
                    for arguments, value in zip(calls[check.name], expected[check.name], strict=True)
                )
            }
        )
        if isinstance(check, Function)
        else check
        for check in checks
    )


def _recorded(topic: Topic, exercise: Exercise, calls: dict[str, Any]) -> dict[str, list[Any]] | None:
    """What checks.json already holds for exactly `calls`, if it came from this solution and grader."""
    try:
        released = nb.read(exercise.released).metadata.get("foursteps", {}).get("released_from")
        current = digest(nb.source_hash(nb.read(exercise.source)), exercise.grader)
        before = Checks.loads(topic.checks.read_text("utf-8"), topic.checks).exercises[exercise.name]
    except (FourstepsError, OSError, KeyError):
        return None
    cases = {check.name: check.visible for check in before if isinstance(check, Function)}
    same = {name: [case.arguments for case in found] for name, found in cases.items()} == calls
    if released != current or not same:
        return None
    return {name: [case.expected for case in found] for name, found in cases.items()}


def _with_scales(topic: Topic, check: AnyCheck) -> AnyCheck:
    """A metric with its published cut-offs, as far as bands have been measured."""
    if not isinstance(check, Metric):
        return check
    scales = {}
    for name in check.datasets:
        try:
            scales[name] = ledger.load(topic.claims).scale(check.claim_for(name))[1]
        except ClaimError:
            continue  # not measured yet; `foursteps check` says so
    return check.model_copy(update={"scales": scales})
