"""`prove()`: every known answer through the real grading path, and what the grader makes of each."""

import random
from collections.abc import Iterable, Sequence
from typing import Any, cast

from nbformat import NotebookNode

from foursteps import notebook as notebooks
from foursteps.checks.definition import Metric
from foursteps.course import Course, Exercise
from foursteps.grade.attempts import Attempt, read_attempts, submission_of
from foursteps.grade.prepare import checks_of
from foursteps.prove.fault import Fault, attempt_faults, marks, mutant_faults
from foursteps.prove.mutants import choose, equivalents_file, mutants, read_equivalents, without_equivalents
from foursteps.prove.proof import RIGHT_SEEDS, WRONG_SEEDS, Proof, Row, write_proofs
from foursteps.prove.reach import reached
from foursteps.prove.trial import Bench, Result, Trial, menu
from foursteps.reproduce.crew import Crew, OnEvent
from foursteps.run.cache import RunCache
from foursteps.run.result import Runner

FIRST_SEED = 101
"""Bands are measured with seeds from 1, and compared with from 42: a proof is on splits of its own."""

SOLUTION = "solution"


def prove(
    course: Course,
    exercises: Iterable[Exercise] | None = None,
    *,
    seeds: int = RIGHT_SEEDS,
    with_mutants: bool = True,
    sample: int | None = None,
    runner: Runner | None = None,
    cache: RunCache | None = None,
    workers: int = 1,
    on_event: OnEvent | None = None,
) -> tuple[Proof, ...]:
    """Prove graders: one Proof for each exercise, in order, also written beside the grader when it is whole.

    Parameters
    ----------
    exercises : all of the course when not given.
    seeds : splits and trainings of each right answer; wrong ones and mutants have WRONG_SEEDS, or as few.
    with_mutants : False leaves the mutants out, and writes no proof.
    sample : only so many of the runs, drawn at random; writes no proof.
    runner : runs everything; unless given, what runs submissions, behind the best walls of this machine.
    cache : keeps runs, so that what has not changed is not run again.
    workers : how many kernels run at the same time.
    on_event : told of each step, from the threads that take it.

    Raises CourseError for an attempt or an equivalent mutant that does not fit its exercise, GradeError when
    a solution does not answer its own checks, ClaimError when a claim has no band.
    """
    chosen = tuple(exercises) if exercises is not None else _all(course)
    answers = {exercise: _answers(exercise) for exercise in chosen}
    trials = [
        trial
        for exercise in chosen
        for trial in _trials(course, exercise, answers[exercise], seeds, with_mutants)
    ]
    if sample is not None:
        trials = random.sample(trials, min(sample, len(trials)))
    with (
        Bench(course, runner, cache or RunCache()) as bench,
        Crew(cast(Any, bench), max(1, workers), on_event) as crew,  # a trial is a task to it
    ):
        results = cast("list[Result]", crew.perform(cast(Any, trials)))
    proofs = tuple(
        _proof(exercise, answers[exercise], [r for r in results if r.trial.exercise == exercise], seeds)
        for exercise in chosen
    )
    if with_mutants and sample is None:
        write_proofs(course, proofs)
    return proofs


def _all(course: Course) -> tuple[Exercise, ...]:
    return tuple(exercise for topic in course.topics for exercise in topic.exercises.values())


def _answers(exercise: Exercise) -> dict[str, Attempt]:
    """The solution, as an attempt that must earn everything, and the attempts, by name."""
    solution = Attempt(SOLUTION, exercise.source, "The solution.", "right")
    return {SOLUTION: solution} | {attempt.name: attempt for attempt in read_attempts(exercise)}


def _trials(
    course: Course, exercise: Exercise, answers: dict[str, Attempt], seeds: int, with_mutants: bool
) -> Iterable[Trial]:
    """Every run that a proof needs, those that share a preparation after one another."""
    topic = course.topic(exercise.topic)
    datasets = menu(exercise)
    found: list[Trial] = []
    for name, attempt in answers.items():
        submission = submission_of(exercise, None if name == SOLUTION else attempt)
        reaches = _reaches(exercise, attempt, submission)
        found += [
            Trial(topic, exercise, name, submission, seed, dataset, reaches=reaches)
            for seed in _seeds(attempt.kind == "right", seeds)
            for dataset in (datasets if attempt.kind == "right" else datasets[:1])
        ]
    if with_mutants:
        quick = [check.name for check in checks_of(exercise) if not isinstance(check, Metric)]
        every = mutants(notebooks.read(exercise.source))
        listed = read_equivalents(exercise)
        wrong = without_equivalents(every, listed, equivalents_file(exercise))
        for number, mutant in enumerate(choose(wrong, quick), 1):
            attempt = Attempt(
                f"mutant {number}", exercise.source, str(mutant), "wrong", {}, {mutant.cell: mutant.source}
            )
            submission = submission_of(exercise, attempt)
            found += [
                Trial(
                    topic,
                    exercise,
                    attempt.name,
                    submission,
                    seed,
                    datasets[0],
                    mutant,
                    frozenset(mutant.reaches),
                )
                for seed in _seeds(False, seeds)
            ]
    return sorted(found, key=lambda trial: trial.seed)


def _reaches(exercise: Exercise, attempt: Attempt, submission: NotebookNode) -> frozenset[str] | None:
    """The checks at which a wrong answer may differ from the solution; a right one is asked everything."""
    if attempt.kind != "wrong":
        return None
    both = (notebooks.read(exercise.source), submission)
    return frozenset(
        check for cell in attempt.cells for notebook in both for check in reached(notebook, cell)
    )


def _seeds(right: bool, seeds: int) -> range:
    return range(FIRST_SEED, FIRST_SEED + min(seeds, RIGHT_SEEDS if right else WRONG_SEEDS))


def _proof(exercise: Exercise, answers: dict[str, Attempt], results: Sequence[Result], seeds: int) -> Proof:
    """What the results say, answer by answer."""
    rows: dict[str, Row] = {}
    faults: list[Fault] = []
    for result in results:
        trial, mutant = result.trial, result.trial.mutant
        if mutant is not None:
            row = Row(trial.answer, "mutant", str(mutant))
            faults += mutant_faults(mutant, result)
        else:
            attempt = answers[trial.answer]
            row = Row(attempt.name, attempt.kind, attempt.says)
            faults += attempt_faults(attempt, result)
        run = {"seed": trial.seed, "marks": marks(result.outcomes)}
        rows.setdefault(trial.answer, row).runs.append(
            run | ({"dataset": trial.dataset} if trial.dataset else {})
        )
    return Proof(
        exercise,
        min(seeds, RIGHT_SEEDS),
        min(seeds, WRONG_SEEDS),
        tuple(rows.values()),
        tuple(faults),
        len(read_equivalents(exercise)),
    )
