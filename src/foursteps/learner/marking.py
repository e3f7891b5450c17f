"""`foursteps mark`: the grading path of a class, on a learner's own notebook and machine, with a fresh split.

Where the course has solutions, every check is marked as in a class. A bundle has none, so the hidden inputs
of functions cannot be answered there: metrics and properties are marked, and what is not is said.
"""

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from foursteps import notebook as nb
from foursteps.checks.definition import AnyCheck, Checks, Function, Metric, WriteUp
from foursteps.course import Course, Exercise, Topic
from foursteps.errors import WorkError
from foursteps.grade.mark import mark, without_key
from foursteps.grade.prepare import Prepared, checks_of, fill, prepare
from foursteps.grade.score import Key, MetricKey, Outcome, public_key
from foursteps.learner.progress import Event, Progress
from foursteps.learner.work import Copy

SEED_LIMIT = 2**31


@dataclass(frozen=True)
class Marks:
    """What a learner's notebook earned.

    outcomes : of what was marked, in the order of the checks; asks : what each check asks.
    unmarked : by check, why it was not marked here. told : repairs, and which limit the run met.
    """

    exercise: Exercise
    outcomes: tuple[Outcome, ...]
    asks: Mapping[str, str]
    unmarked: Mapping[str, str]
    told: tuple[str, ...]

    @property
    def points(self) -> float:
        """The points of what was marked."""
        return sum(outcome.points for outcome in self.outcomes)

    @property
    def max_points(self) -> float:
        """The most that what was marked can earn."""
        return sum(outcome.max_points for outcome in self.outcomes)

    @property
    def reached(self) -> bool:
        """Whether every metric, the exercise's claim, was reached in full."""
        return all(o.state == "passed" for o in self.outcomes if o.value is not None) and any(
            o.value is not None for o in self.outcomes
        )


def mark_own(
    course: Course, topic: Topic, name: str, *, runner: Any = None, seed: int | None = None
) -> Marks:
    """Mark the learner's copy of an exercise, and note the marks in their progress.

    name : reproduce or apply_elsewhere. runner : runs it (a fresh kernel unless given).
    seed : of the split and the hidden inputs; a new one each time unless given.

    Raises WorkError when there is no copy, and whatever keeps the exercise from being prepared.
    """
    own, exercise = Copy(topic, name), topic.exercises[name]
    if not own.path.is_file():
        raise WorkError(
            own.path,
            expected="your copy of the exercise",
            found="no such file",
            mend=f"Run `foursteps start {topic.name}`, and work in it.",
        )
    if runner is None:
        from foursteps.run import ColdRunner

        runner = ColdRunner()
    seed = secrets.randbelow(SEED_LIMIT) if seed is None else seed
    with tempfile.TemporaryDirectory(prefix="foursteps-") as made:
        folder = Path(made) / "prepared"
        if has_solution(exercise):
            prepared = _as_in_a_class(exercise, folder, seed, runner)
        else:
            prepared = _without_solution(topic, exercise, folder, seed)
        marks = _marked(course, own, exercise, prepared, runner)
        for path in folder.rglob("*"):
            path.chmod(0o755)  # what was prepared is read only, and has to go
    events = [
        Event(
            "mark", topic.name, o.check, o.state, o.points, o.max_points, {"exercise": name, "value": o.value}
        )
        for o in marks.outcomes
    ]
    Progress.of(course.work).add(*events)
    return marks


def has_solution(exercise: Exercise) -> bool:
    """Whether this course can say what is right on any input."""
    return exercise.source.is_file() and exercise.grader.is_file()


def _as_in_a_class(exercise: Exercise, folder: Path, seed: int, runner: Any) -> Prepared:
    run_seed = secrets.randbelow(SEED_LIMIT)
    keys = prepare(exercise, folder, seed, runner, run_seed=run_seed)
    return Prepared(folder, checks_of(exercise), keys, run_seed, "")


def _without_solution(topic: Topic, exercise: Exercise, folder: Path, seed: int) -> Prepared:
    """Prepared from the public half: data with a fresh split, cut-offs from the bands, visible cases."""
    from foursteps.claims import ledger

    checks = Checks.loads(topic.checks.read_text("utf-8"), topic.checks).exercises[exercise.name]
    calls = {c.name: [case.arguments for case in c.visible] for c in checks if isinstance(c, Function)}
    held_out = fill(folder, exercise, checks, calls, seed)
    keys: dict[str, Key] = {}
    for check in checks:
        if isinstance(check, Function):
            keys[check.name] = public_key(check)
        elif isinstance(check, Metric):
            keys[check.name] = {
                name: MetricKey(
                    np.asarray(held_out[name].labels),
                    np.asarray(held_out[name].baseline),
                    ledger.load(topic.claims).scale(check.claim_for(name))[0],
                )
                for name in check.datasets
            }
    return Prepared(folder, checks, keys, secrets.randbelow(SEED_LIMIT), "")


def _marked(course: Course, own: Copy, exercise: Exercise, prepared: Prepared, runner: Any) -> Marks:
    from foursteps.grade.sheet import handed_in
    from foursteps.grade.walls import limits_of
    from foursteps.grade.work import copy_files, how_it_ended, run_submission

    notebook = handed_in(own.path, exercise, nb.read(exercise.released))
    with tempfile.TemporaryDirectory(prefix="foursteps-") as made:
        copy_files(own.path.parent, Path(made))
        result = run_submission(notebook, prepared, runner, Path(made), limits_of(own.topic))
    ended = how_it_ended(result)
    outcomes = mark(result.notebook, prepared.checks, prepared.keys, ended=ended)
    by_name = {check.name: check for check in prepared.checks}
    shown = {o.check: without_key(by_name[o.check], o) for o in outcomes}
    unmarked = {check.name: _by_a_person(check) for check in prepared.checks if isinstance(check, WriteUp)}
    if not has_solution(exercise):
        unmarked |= {
            check.name: _on_visible(shown.pop(check.name))
            for check in prepared.checks
            if isinstance(check, Function)
        }
    told = (*notebook.metadata["foursteps"]["repairs"], *([ended] if ended else []))
    asks = {name: check.asks for name, check in by_name.items()}
    return Marks(exercise, tuple(shown.values()), asks, unmarked, told)


def _by_a_person(check: AnyCheck) -> str:
    assert isinstance(check, WriteUp)
    lines = "; ".join(f"{line.looks_for} ({line.points:g})" for line in check.rubric)
    return f"A person marks it. Be that person: {lines}" if lines else "A person marks it."


def _on_visible(outcome: Outcome) -> str:
    words = {"passed": "it passed", "not_attempted": "not attempted"}.get(outcome.state, outcome.reason)
    return (
        "Its hidden inputs cannot be answered here: this folder has no solution. "
        f"On the visible inputs: {words.rstrip('.')}."
    )
