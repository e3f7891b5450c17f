"""One answer, run and marked as a class's submission is, with a seed in place of the class's secret."""

import copy
import re
import tempfile
import threading
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from foursteps import notebook as notebooks
from foursteps.checks.definition import Metric
from foursteps.course import Course, Exercise, Topic
from foursteps.grade.mark import mark
from foursteps.grade.prepare import Prepared, checks_of, hidden_calls, prepare, seen_by_a_run
from foursteps.grade.preprocessors import how_it_ended, run_submission
from foursteps.grade.score import Outcome
from foursteps.grade.walls import limits_of, runner_for
from foursteps.prove.mutants import Mutant
from foursteps.prove.reach import slice_for
from foursteps.run.cache import RunCache
from foursteps.run.provenance import stamp
from foursteps.run.result import OnCell, Runner

CAUGHT_AT = 1.0
"""The points that a mutant must lose, together, on every seed."""


@dataclass(frozen=True)
class Trial:
    """One answer to be run with one seed: what to call it, and the notebook that a learner would hand in.

    reaches : the checks at which it may differ from the solution; None for any of them.
    """

    topic: Topic
    exercise: Exercise
    answer: str
    submission: NotebookNode
    seed: int
    dataset: str = ""
    mutant: Mutant | None = None
    reaches: frozenset[str] | None = None

    @property
    def notebook(self) -> str:
        """What progress calls it."""
        return f"{self.exercise.name}, {self.answer}{f' on {self.dataset}' if self.dataset else ''}"


@dataclass(frozen=True)
class Run:
    """Whether a run was made just now, as progress wants to know."""

    fresh: bool


@dataclass(frozen=True)
class Result:
    """What a trial earned: the outcomes of the checks that were asked, and whether anything had to run."""

    trial: Trial
    outcomes: tuple[Outcome, ...]
    entry: Run

    @property
    def lost(self) -> float:
        """The points that the checks which were asked did not give."""
        return sum(outcome.max_points - outcome.points for outcome in self.outcomes)


class Bench:
    """Runs trials. An exercise is prepared once for each seed, in a folder that goes when the bench does.

    runner : runs everything; where none is given, each exercise has the one that its submissions have, behind
        the best walls of this machine.
    """

    def __init__(self, course: Course, runner: Runner | None, cache: RunCache) -> None:
        self.course, self.given, self.cache = course, runner, cache
        self._stack = ExitStack()
        self._lock = threading.Lock()
        self._locks: dict[tuple[str, int], threading.Lock] = {}
        self._prepared: dict[tuple[str, int], Prepared] = {}
        self._runners: dict[str, Runner] = {}

    @property
    def runner(self) -> "Bench":
        """What a crew stops when it is broken off."""
        return self

    def stop(self) -> None:
        """End every run in progress."""
        for runner in {id(runner): runner for runner in (self.given, *self._runners.values())}.values():
            if runner is not None:
                runner.stop()

    def _runner(self, exercise: Exercise) -> Runner:
        if self.given is not None:
            return self.given
        with self._lock:
            if str(exercise) not in self._runners:
                self._runners[str(exercise)] = runner_for(self.course, exercise, "best")
            return self._runners[str(exercise)]

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def perform(self, trial: Trial, on_cell: OnCell | None = None) -> Result:
        """Run `trial`, or find its run, and mark it.

        One that differs from the solution only where nothing is trained is asked only there: elsewhere it
        is the solution, which has a trial of its own. A mutant that differs at a metric too is run whole only
        when the other checks give it their points.
        """
        prepared = self._prepare(trial.exercise, trial.seed)
        trained = {check.name for check in prepared.checks if isinstance(check, Metric)}
        if trial.reaches is None or not (quick := trial.reaches - trained):
            return self._run(trial, trial.submission, prepared)
        if trial.mutant is None and trial.reaches & trained:
            return self._run(trial, trial.submission, prepared)
        result = self._run(trial, slice_for(trial.submission, quick), prepared, quick)
        if trial.reaches & trained and result.lost < CAUGHT_AT:
            return self._run(trial, trial.submission, prepared)
        return result

    def _run(
        self, trial: Trial, notebook: NotebookNode, prepared: Prepared, asked: Collection[str] | None = None
    ) -> Result:
        notebook = with_dataset(notebook, trial.dataset)
        limits = limits_of(trial.topic)
        key = self.cache.key(
            notebook,
            parameters={"seed": trial.seed},
            device="cpu",
            extra={"proved with": [trial.seed, prepared.stamp, limits.notebook_seconds, limits.cell_seconds]},
        )
        entry, ended = self.cache.get(key), ""
        if entry:
            ran = entry.result.notebook
        else:
            runner = self._runner(trial.exercise)
            with tempfile.TemporaryDirectory(prefix="foursteps-") as own:
                result = run_submission(notebook, prepared, runner, Path(own), limits)
            ran, ended = result.notebook, how_it_ended(result)
            if result.ok:  # a cell that raises does not end the run, so this is nearly always
                said = stamp(
                    notebook, {"seed": trial.seed}, "cpu", seconds=result.seconds, peak_mb=result.peak_mb
                )
                self.cache.put(key, result, said)
        checks = [check for check in prepared.checks if asked is None or check.name in asked]
        return Result(trial, mark(ran, checks, prepared.keys, ended=ended), Run(fresh=entry is None))

    def _prepare(self, exercise: Exercise, seed: int) -> Prepared:
        """The exercise with the split and the hidden inputs of `seed`; made when it is first asked for."""
        place = (str(exercise), seed)
        with self._lock:
            lock = self._locks.setdefault(place, threading.Lock())
        with lock:
            if place not in self._prepared:
                with self._lock:
                    root = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="foursteps-"))
                folder = Path(root) / "grading"
                keys = prepare(exercise, folder, seed, self._runner(exercise))
                checks = checks_of(exercise)
                seen = seen_by_a_run(exercise, checks, hidden_calls(checks, seed))
                self._prepared[place] = Prepared(folder, checks, keys, seed, seen)
            return self._prepared[place]


def menu(exercise: Exercise) -> tuple[str, ...]:
    """The datasets that a learner may choose from; only the one without a name where there is no choice."""
    names = [name for check in checks_of(exercise) if isinstance(check, Metric) for name in check.datasets]
    chosen = "dataset" in notebooks.parameters(notebooks.read(exercise.source))
    return tuple(dict.fromkeys(names)) if chosen and len(set(names)) > 1 else ("",)


def with_dataset(notebook: NotebookNode, dataset: str) -> NotebookNode:
    """A copy of `notebook` whose parameter `dataset` is the one given, as a learner would write it there."""
    if not dataset:
        return notebook
    other = copy.deepcopy(notebook)
    cell = notebooks.tagged(other, "parameters")
    if cell is not None:
        cell.source = re.sub(r"(?m)^dataset\s*=.*$", f'dataset = "{dataset}"', cell.source)
    return other
