"""What grading a class would do, submission by submission. Reads only: nothing is run or written."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from foursteps.course import Course, Exercise, Topic
from foursteps.errors import FourstepsError
from foursteps.grade import stamps, table, walls
from foursteps.grade.batch import is_current, submitted_by
from foursteps.grade.desk import why
from foursteps.grade.gradebook import db_url, released
from foursteps.grade.index import Index
from foursteps.grade.kept import Kept
from foursteps.grade.prepare import (
    Prepared,
    checks_of,
    hidden_calls,
    seen_by_a_run,
    stamp_for_class,
)
from foursteps.grade.secret import class_secret, seed_for
from foursteps.grade.sheet import handed_in
from foursteps.grade.work import Work

Would = Literal["run", "mark", "stay", "miss", "fail"]
"""Run and mark it; mark it from the run that is kept; leave it; find nothing; say why it cannot be read."""


@dataclass(frozen=True)
class Step:
    """What would become of one notebook of one learner.

    run : the name of its run; those who hand in the same share one. note : why it would fail.
    """

    student: str
    exercise: str
    would: Would
    run: str = ""
    note: str = ""


def plan_class(
    course: Course, topic: Topic, students: Iterable[str] = (), *, force: bool = False, sandbox: str = "bwrap"
) -> tuple[Step, ...]:
    """What `grade_class` would do with the same arguments: a step for each learner and exercise.

    Without names also for those of the class's list who handed nothing in. Raises what `grade_class` raises
    before it begins.
    """
    named = tuple(students)
    chosen = submitted_by(course, topic, named)
    ids = () if named else (student for student, *_ in table.students(db_url(course)))
    names = sorted({*chosen, *ids})
    label = walls.label_of(sandbox)
    if not (course.workspace / "secret").is_file():  # it comes with the first grading: nothing is kept yet
        return tuple(
            Step(student, name, "run" if _there(course, topic, student, name) else "miss")
            for student in names
            for name in topic.exercises
        )
    marks = {name: stamp_for_class(course, exercise) for name, exercise in topic.exercises.items()}
    runs = {name: _runs_of(course, exercise, marks[name]) for name, exercise in topic.exercises.items()}
    release, index = released(topic), Index(course, topic)
    found: list[Step] = []
    for student in names:
        current = student in chosen and is_current(course, topic, student, marks, label, index)
        for name, exercise in topic.exercises.items():
            path = _there(course, topic, student, name)
            if path is None:
                found.append(Step(student, name, "miss"))
            elif path.is_symlink():  # set aside, and graded as what it stands for: nothing
                found.append(Step(student, name, "run"))
            elif current and not force:
                found.append(Step(student, name, "stay"))
            else:
                try:
                    notebook = handed_in(path, exercise, release[name])
                    key = Work.of(course, exercise, student, notebook, runs[name], label).key
                    kept = not force and Kept(course.workspace, exercise).holds(key)
                    found.append(Step(student, name, "mark" if kept else "run", key))
                except (FourstepsError, OSError) as error:
                    found.append(Step(student, name, "fail", note=why(error)))
    return tuple(found)


def _there(course: Course, topic: Topic, student: str, name: str) -> Path | None:
    path = course.workspace / "submitted" / student / topic.name / f"{name}.ipynb"
    return path if path.is_symlink() or path.exists() else None


def _runs_of(course: Course, exercise: Exercise, stamp: str) -> Prepared:
    """What names the runs of `exercise` in this class, as `prepare_for_class` has it; without its folder."""
    secret = class_secret(course.workspace)
    seed, run_seed = seed_for(secret, str(exercise)), seed_for(secret, f"{exercise}/run")
    checks = checks_of(exercise)
    seen = seen_by_a_run(exercise, checks, hidden_calls(checks, seed))
    run_stamp = stamps.digest_of_runs(exercise, seen, [seed, run_seed])
    return Prepared(Path(), checks, {}, run_seed, stamp, run_stamp)


__all__ = ["Step", "plan_class"]
