"""What the class's runs left, check by check: outcomes with their values, and the evidence behind them.

Read from what is kept; nothing is run, and nothing is written.
"""

from dataclasses import dataclass

from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.checks.definition import AnyCheck, Metric
from foursteps.checks.evidence import Evidence, parse
from foursteps.course import Course, Exercise, Topic, subfolders
from foursteps.errors import EvidenceError, FourstepsError
from foursteps.grade.gradebook import released
from foursteps.grade.index import Index
from foursteps.grade.kept import Kept
from foursteps.grade.mark import bundles, mark, without_key
from foursteps.grade.prepare import Prepared, prepare_for_class
from foursteps.grade.score import MetricKey, Outcome
from foursteps.grade.sheet import handed_in
from foursteps.grade.variants import for_learner
from foursteps.grade.work import Ran, Work


@dataclass(frozen=True)
class Result:
    """One check of one learner: its outcome, and for a metric the evidence and the key of its dataset."""

    learner: str
    exercise: str
    check: AnyCheck
    outcome: Outcome
    evidence: Evidence | None = None
    key: MetricKey | None = None


@dataclass(frozen=True)
class Sheet:
    """One notebook of one learner that was run: its results, and the seconds that its run took."""

    learner: str
    exercise: str
    results: tuple[Result, ...]
    seconds: float


def sheets(course: Course, topic: Topic) -> tuple[Sheet, ...]:
    """The results of `topic` for everybody whose run is kept, by exercise and learner.

    Raises what `prepare_for_class` raises when the exercises cannot be prepared.
    """
    from foursteps.run import ColdRunner

    release, index = released(topic), Index(course, topic)
    found: list[Sheet] = []
    for exercise in topic.exercises.values():
        prepared = prepare_for_class(course, exercise, ColdRunner())
        kept = Kept(course.workspace, exercise)
        for learner in subfolders(course.workspace / "submitted"):
            walls = index.said(learner, exercise.name).get("run", {}).get("sandbox")
            path = course.workspace / "submitted" / learner / topic.name / f"{exercise.name}.ipynb"
            if walls is None or not path.is_file():
                continue
            try:
                notebook = handed_in(path, exercise, release[exercise.name])
                work = Work.of(course, exercise, learner, notebook, prepared, walls)
                ran = kept.get(work.key)
            except FourstepsError:
                continue
            if ran is not None:
                own = for_learner(course, exercise, learner, prepared)
                found.append(_sheet(learner, exercise, ran.shown_in(notebook), ran, own))
    return tuple(found)


def _sheet(learner: str, exercise: Exercise, shown: NotebookNode, ran: Ran, prepared: Prepared) -> Sheet:
    checks = {check.name: check for check in prepared.checks}
    cells = {nb.grader_metadata(cell).get("grade_id"): cell for cell in nb.code_cells(shown)}
    results = []
    for outcome in mark(shown, prepared.checks, prepared.keys, ended=ran.ended):
        check = checks[outcome.check]
        # Who sees this is an instructor; all the same, keys stay where they are.
        said = without_key(check, outcome)
        evidence = _evidence(cells.get(outcome.check)) if isinstance(check, Metric) else None
        key = (prepared.keys.get(outcome.check) or {}).get(evidence.dataset or "") if evidence else None
        results.append(Result(learner, exercise.name, check, said, evidence, key))
    return Sheet(learner, exercise.name, tuple(results), ran.seconds)


def _evidence(cell: NotebookNode | None) -> Evidence | None:
    """The one bundle of evidence of a cell, where it can be read."""
    given = bundles(cell) if cell is not None else []
    if len(given) != 1:
        return None
    try:
        return parse(given[0])
    except EvidenceError:
        return None
