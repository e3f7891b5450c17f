"""One run of one notebook of a course, and the numbers that it states."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from nbformat import NotebookNode

from foursteps import notebook as notebooks
from foursteps.checks.measures import MEASURES
from foursteps.claims.band import Kind
from foursteps.claims.record import CLAIMS, MIME
from foursteps.course import Exercise, Topic
from foursteps.errors import ClaimError, FourstepsError, ParameterError
from foursteps.grade.score import MetricKey
from foursteps.reproduce import known
from foursteps.reproduce.printed import with_piece
from foursteps.run.cache import Entry, RunCache
from foursteps.run.device import DeviceClass, device_env
from foursteps.run.provenance import stamp
from foursteps.run.result import MENDS, Limits, OnCell, Runner

LECTURE = "lecture"
NO_CARD_BAND = {CLAIMS: ""}
"""A run that is kept shows no band on its cards, since the band may change and the run stays."""


@dataclass(frozen=True)
class Stated:
    """A number that a run states, by its name in claims.json; the fields are those of a ClaimRecord."""

    name: str
    value: float
    baseline: float
    rows: int | None
    higher_is_better: bool
    kind: Kind


@dataclass(frozen=True)
class Task:
    """One run: which notebook of which topic, with which seed, and with which other parameters."""

    topic: Topic
    notebook: str
    seed: int
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The notebook's file."""
        return self.topic.lecture if self.notebook == LECTURE else self.exercise.source

    @property
    def exercise(self) -> Exercise:
        """The exercise, for a notebook that is not the lecture."""
        return self.topic.exercises[self.notebook]

    def __str__(self) -> str:
        return f"{self.topic.name}/{self.notebook}, seed {self.seed}"


@dataclass(frozen=True)
class Sample:
    """What became of a task: the numbers it stated, or what was wrong with it.

    problem is one sentence, and traceback a cell's, where there is one; `entry` is None when nothing ran.
    """

    task: Task
    stated: tuple[Stated, ...] = ()
    entry: Entry | None = None
    problem: str = ""
    traceback: str = ""

    def find(self, name: str) -> Stated | None:
        """The number called `name`, if it was stated."""
        return next((stated for stated in self.stated if stated.name == name), None)


@dataclass(frozen=True)
class Place:
    """Where tasks run: by what, kept where, on which device, with how many threads a kernel.

    cards are the GPUs to run on, as CUDA names them; a run has one of them to itself.
    """

    runner: Runner
    cache: RunCache
    device: DeviceClass
    threads: int
    force: bool = False
    limits: Limits = field(default_factory=Limits)
    cards: tuple[str, ...] = ()
    _free: SimpleQueue[str] = field(default_factory=SimpleQueue, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for card in self.cards:
            self._free.put(card)

    @contextmanager
    def card(self) -> Iterator[str | None]:
        """A card that no other run has; waits until there is one. None where there are no cards."""
        card = self._free.get() if self.cards else None
        try:
            yield card
        finally:
            if card is not None:
                self._free.put(card)

    def perform(self, task: Task, on_cell: OnCell | None = None) -> Sample:
        """Run `task`, or find it in the cache. Whatever is wrong with it is said in the sample.

        Raises ParameterError for a parameter of the task that its notebook does not declare.
        """
        try:
            return self._perform(task, on_cell)
        except ParameterError:
            raise
        except FourstepsError as error:
            return Sample(task, problem=str(error))

    def _perform(self, task: Task, on_cell: OnCell | None) -> Sample:
        lecture = task.notebook == LECTURE
        asked = known.question(
            task.path,
            task.path.parent if lecture else task.exercise.grader.parent,
            task.seed,
            self._parameters(task, notebooks.read(task.path)),
            self.device,
        )
        if not self.force and (entry := known.recall(self.cache, asked)):
            return self._stated(task, entry)
        sample = self._lecture(task, on_cell) if lecture else self._solution(task, on_cell)
        if sample.entry and not sample.problem:
            known.remember(self.cache, asked, sample.entry)
        return sample

    def _stated(self, task: Task, entry: Entry) -> Sample:
        """The numbers that a run which ended well states."""
        if task.notebook != LECTURE:
            return _with_notes(task, entry)
        return Sample(task, claims_of(entry.result.notebook, task.path), entry)

    def run_lecture(self, task: Task, on_cell: OnCell | None = None) -> Entry:
        """The run of a lecture, whatever became of it; as it stands, in the form that the book prints."""
        parameters = self._parameters(task, notebooks.read(task.path))
        with tempfile.TemporaryDirectory(prefix="foursteps-") as empty, self.card() as card:
            return self.cache.run(
                self.runner,
                task.path if parameters else with_piece(task.topic),
                parameters=parameters,
                cwd=Path(empty),
                device=self.device,
                env={**device_env(self.device, self.threads, card), **NO_CARD_BAND},
                limits=self.limits,
                on_cell=on_cell,
                force=self.force,
            )

    def _lecture(self, task: Task, on_cell: OnCell | None) -> Sample:
        entry = self.run_lecture(task, on_cell)
        if not entry.result.ok:
            return _broken(task, entry)
        return self._stated(task, entry)

    def _solution(self, task: Task, on_cell: OnCell | None) -> Sample:
        """Run a solution as a submission is graded, with the task's seed in place of the class's secret.

        What was run is kept, with what its evidence came to; that is worked out again when marking changed.
        """
        from foursteps.grade.mark import mark
        from foursteps.grade.marking import marking
        from foursteps.grade.prepare import checks_of, hidden_calls, prepare, seen_by_a_run

        given = notebooks.read(task.path)
        parameters = self._parameters(task, given)
        checks = checks_of(task.exercise)
        seen = seen_by_a_run(task.exercise, checks, hidden_calls(checks, task.seed))
        extra = {"graded with": [task.seed, seen]}
        key = self.cache.key(given, parameters=parameters, device=self.device, extra=extra)
        entry = None if self.force else self.cache.get(key)
        if entry and entry.notes.get(known.MARKED) == marking(task.exercise):
            return _with_notes(task, entry)
        with tempfile.TemporaryDirectory(prefix="foursteps-") as scratch:
            folder = Path(scratch) / "grading"
            keys = prepare(task.exercise, folder, task.seed, self.runner, measuring=True)
            entry = entry or self._run_solution(task, given, parameters, folder, key, on_cell)
        if not entry.result.ok:
            return _broken(task, entry)
        outcomes = mark(entry.result.notebook, checks, keys)
        notes = {
            known.MARKED: marking(task.exercise),
            "stated": [asdict(stated) for stated in _metrics(entry.result.notebook, checks, keys, outcomes)],
            "failed": [
                f"{outcome.check}: {outcome.reason}"
                for outcome in outcomes
                if outcome.state != "passed" and outcome.value is None
            ],
        }
        if not notes["failed"]:
            self.cache.put(key, entry.result, entry.provenance, notes)
        return _with_notes(task, replace(entry, notes=notes))

    def _run_solution(
        self,
        task: Task,
        given: NotebookNode,
        parameters: dict[str, Any],
        folder: Path,
        key: str,
        on_cell: OnCell | None,
    ) -> Entry:
        """Run a solution in grading mode, on what was prepared in `folder`."""
        from foursteps.grade.prepare import grading_environment

        with tempfile.TemporaryDirectory(prefix="foursteps-") as empty, self.card() as card:
            result = self.runner.run(
                task.path,
                parameters=parameters,
                cwd=Path(empty),
                env={**device_env(self.device, card=card), **grading_environment(folder)},
                limits=self.limits,
                on_cell=on_cell,
            )
        said = stamp(
            given,
            parameters,
            self.device,
            seconds=result.seconds,
            peak_mb=result.peak_mb,
            model=result.device,
        )
        return Entry(key, result, said, fresh=True)

    def _parameters(self, task: Task, given: NotebookNode) -> dict[str, Any]:
        """What a run has to be told: the seed, and the task's own parameters, where they differ.

        The device is told by the environment, which hides the GPU from a CPU run, where the notebook says
        `auto`; so a run with the notebook's own seed is the notebook as it stands.
        """
        declared = notebooks.parameters(given)
        wanted: dict[str, Any] = {"seed": task.seed} if "seed" in declared else {}
        if declared.get("device", "auto") != "auto":
            wanted["device"] = self.device
        wanted |= task.parameters
        return {name: value for name, value in wanted.items() if declared.get(name, ...) != value}


def _with_notes(task: Task, entry: Entry) -> Sample:
    stated = tuple(Stated(**item) for item in entry.notes.get("stated", []))
    if failed := entry.notes.get("failed"):
        return Sample(task, stated, entry, problem=f"The solution fails its own check {failed[0]}")
    return Sample(task, stated, entry)


def _broken(task: Task, entry: Entry) -> Sample:
    error = entry.result.error
    said = f"{task.path}, {error or entry.result.status}. {MENDS[entry.result.status]}"
    return Sample(task, entry=entry, problem=said, traceback=error.traceback if error else "")


def claims_of(run: NotebookNode, where: object) -> tuple[Stated, ...]:
    """The claims that a notebook recorded while it ran, in order.

    Raises ClaimError when there is none, when one is recorded twice, or when a bundle is malformed.
    """
    found: dict[str, Stated] = {}
    for cell in notebooks.code_cells(run):
        for output in cell.get("outputs", []):
            bundle = output.get("data", {}).get(MIME)
            if bundle is None:
                continue
            stated = _stated(bundle, where)
            if stated.name in found:
                raise ClaimError(
                    f"{where}, cell {cell.get('id', '?')}",
                    expected="each claim recorded once",
                    found=f"{stated.name.removeprefix('lecture.')} for the second time",
                    mend="Give the second one another name, or record after the loop.",
                )
            found[stated.name] = stated
    if not found:
        raise ClaimError(
            where,
            expected="at least one claim",
            found="none",
            mend='Add record("accuracy", value, baseline=...) where the lecture states its result.',
        )
    return tuple(found.values())


def _stated(bundle: Any, where: object) -> Stated:
    try:
        return Stated(
            name=f"lecture.{bundle['name']}",
            value=float(bundle["value"]),
            baseline=float(bundle["baseline"]),
            rows=bundle["n"],
            higher_is_better=bool(bundle["higher_is_better"]),
            kind="share" if bundle["proportion"] else "value",
        )
    except (KeyError, TypeError, ValueError):
        raise ClaimError(
            where,
            expected="a claim as record() makes it",
            found=str(bundle)[:200],
            mend="Record claims with foursteps.claims.record.",
        ) from None


def _metrics(run: NotebookNode, checks: tuple, keys: Mapping[str, Any], outcomes: tuple) -> list[Stated]:
    """The values of the metrics that a solution reached, under the names of their claims."""
    from foursteps.checks.definition import Metric
    from foursteps.checks.evidence import parse
    from foursteps.grade.mark import bundles

    values = {outcome.check: outcome.value for outcome in outcomes}
    cells = notebooks.graded_cells(run)
    found = []
    for check in checks:
        if not isinstance(check, Metric) or values.get(check.name) is None:
            continue
        dataset = parse(bundles(cells[check.name])[0]).dataset or ""
        key: MetricKey = keys[check.name][dataset]
        measure = MEASURES[check.metric]
        truth = key.labels.astype(float if measure.numeric else str)
        baseline = 0.0 if check.lift else measure.value(key.baseline.astype(truth.dtype), truth)
        kind: Kind = "value" if measure.numeric else ("gain" if check.lift else "share")
        found.append(
            Stated(
                name=check.claim_for(dataset),
                value=float(values[check.name]),
                baseline=float(baseline),
                rows=len(key.labels),
                higher_is_better=check.lift or measure.higher_is_better,
                kind=kind,
            )
        )
    return found
