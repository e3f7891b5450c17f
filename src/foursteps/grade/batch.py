"""Grading a class: nbgrader's own autograde, one submission after another, and its gradebook's rows."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from foursteps.course import Course, Topic, subfolders
from foursteps.errors import FourstepsError, GradeError
from foursteps.grade.gradebook import open_gradebook, register, score_missing
from foursteps.grade.nbgrader_setup import load_config, log, told_by
from foursteps.grade.prepare import Prepared, prepare_for_class
from foursteps.grade.score import Outcome
from foursteps.grade.walls import sandbox_for


@dataclass(frozen=True)
class Row:
    """One notebook of one learner, as the gradebook has it.

    by_hand names the checks that wait for a person. `note` says, in a sentence, why there was nothing to
    grade; `error`, that the grading itself failed, so that the marks are not what the work deserves.
    """

    student: str
    exercise: str
    points: float
    max_points: float
    outcomes: tuple[Outcome, ...] = ()
    by_hand: tuple[str, ...] = ()
    note: str = ""
    error: str = ""

    @property
    def said(self) -> str:
        """What became of the checks, in few words."""
        if self.error or self.note:
            return self.error or self.note
        passed = [outcome for outcome in self.outcomes if outcome.state == "passed"]
        parts = [f"{len(passed)} passed"] if passed else []
        for state, words in WORDS.items():
            if names := [outcome.check for outcome in self.outcomes if outcome.state == state]:
                parts.append(f"{words}: {', '.join(names)}")
        if self.by_hand:
            parts.append(f"to mark by hand: {', '.join(self.by_hand)}")
        return "; ".join(parts)


WORDS = {
    "failed": "not yet",
    "not_attempted": "not attempted",
    "crashed": "raised an error",
    "grader_broken": "the check is broken",
}


def grade_class(
    course: Course,
    topic: Topic,
    students: Iterable[str] = (),
    *,
    force: bool = False,
    sandbox: str = "bwrap",
    runner: Any = None,
    on_submission: Callable[[str], None] = lambda what: None,
) -> tuple[Row, ...]:
    """Grade what lies in `class/submitted/*/<topic>`, and give a row for each learner and exercise.

    The same as `nbgrader autograde <topic>`, but that one submission's failure never stops the others, and
    that what was graded from the same files with the same keys is left alone unless `force`.

    students : all who handed something in, unless named.
    sandbox : the walls around a submission's run: bwrap, external (a container is the wall), none, or best,
        which takes bwrap where it is to be had. Marks given without one say so.
    runner : runs the submissions instead.
    on_submission : told before each submission, in words.

    Raises GradeError when nobody, or a learner who is named, handed anything in; and whatever keeps the
    exercises themselves from being prepared.
    """
    chosen = submitted_by(course, topic, students)
    config = load_config(course.root)
    config.GradingPreprocessor.sandbox = sandbox_for(sandbox)
    if runner is not None:
        config.GradingPreprocessor.runner = runner
    prepared = {
        name: prepare_for_class(course, exercise, runner or _cold())
        for name, exercise in topic.exercises.items()
    }
    with quiet():
        register(course, topic.name)
        score_missing(course, topic.name)
        errors: dict[str, str] = {}
        for number, student in enumerate(chosen, 1):
            on_submission(f"{topic.name}, {student} ({number} of {len(chosen)})")
            if force or not _is_current(course, topic, student, prepared):
                errors[student] = _grade_one(course, topic, student, config)
        return rows(course, topic, chosen, errors)


def submitted_by(course: Course, topic: Topic, students: Iterable[str] = ()) -> tuple[str, ...]:
    """Who handed in something for `topic`, by name; those of `students` when there are any."""
    folder = course.workspace / "submitted"
    there = [name for name in subfolders(folder) if (folder / name / topic.name).is_dir()]
    wanted = tuple(students)
    if missing := [name for name in wanted if name not in there]:
        raise GradeError(
            folder / missing[0] / topic.name,
            expected="a submission",
            found="no such folder",
            mend="Correct the name, or collect the submissions first.",
        )
    if not there:
        raise GradeError(
            folder,
            expected=f"submissions: <learner>/{topic.name}/*.ipynb",
            found="none",
            mend="Put them there, or use `nbgrader zip_collect` or `nbgrader collect`.",
        )
    return wanted or tuple(there)


def _cold() -> Any:
    from foursteps.run import ColdRunner

    return ColdRunner()


def _is_current(course: Course, topic: Topic, student: str, prepared: dict[str, Prepared]) -> bool:
    """Whether every notebook of `student` was graded from just these files and keys."""
    from foursteps.grade.preprocessors import graded_from, read_autograded

    submitted = course.workspace / "submitted" / student / topic.name
    autograded = course.workspace / "autograded" / student / topic.name
    there = [name for name in prepared if (submitted / f"{name}.ipynb").is_file()]
    return bool(there) and all(
        read_autograded(autograded / f"{name}.ipynb").get("graded_from")
        == (graded_from(submitted / f"{name}.ipynb", prepared[name]) if name in there else None)
        for name in prepared
    )


def _grade_one(course: Course, topic: Topic, student: str, config: Any) -> str:
    """Let nbgrader grade one learner's submission; gives what went wrong, or nothing."""
    from nbgrader.converters import Autograde

    submitted = course.workspace / "submitted" / student / topic.name
    if not any((submitted / f"{name}.ipynb").is_file() for name in topic.exercises):
        return ""  # it has its zeros already
    try:
        with told_by(log, submitted):
            Autograde(
                coursedir=course_directory(config, topic, student), config=config, log=log, force=True
            ).start()
    except FourstepsError as error:
        return f"The grading failed: {error.found}."
    except Exception as error:  # whatever it is, the next submission is graded
        return f"The grading failed: {type(error).__name__}: {error}."
    return ""


def course_directory(config: Any, topic: Topic, student: str) -> Any:
    """nbgrader's view of one learner's submission."""
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=config, log=log, assignment_id=topic.name, student_id=_escaped(student))


def _escaped(name: str) -> str:
    """A folder's name as a pattern that finds only itself."""
    import glob

    return glob.escape(name)


def rows(
    course: Course, topic: Topic, students: Iterable[str], errors: dict[str, str] | None = None
) -> tuple[Row, ...]:
    """The marks that the gradebook holds for `topic`: a row for each learner and exercise."""
    from nbgrader.api import MissingEntry

    found: list[Row] = []
    with open_gradebook(course) as gradebook:
        for student in students:
            error = (errors or {}).get(student, "")
            for name in topic.exercises:
                try:
                    entry = gradebook.find_submission_notebook(name, topic.name, student)
                except MissingEntry:
                    most = gradebook.find_notebook(name, topic.name).max_score
                    note = "" if error else "It has not been graded yet."
                    found.append(Row(student, name, 0.0, most, note=note, error=error))
                else:
                    found.append(_row(course, topic, student, name, entry, error))
    return tuple(found)


def _row(course: Course, topic: Topic, student: str, name: str, entry: Any, error: str) -> Row:
    from foursteps.grade.preprocessors import read_autograded

    submitted = course.workspace / "submitted" / student / topic.name / f"{name}.ipynb"
    said = read_autograded(course.workspace / "autograded" / student / topic.name / f"{name}.ipynb")
    return Row(
        student,
        name,
        entry.score - (entry.late_submission_penalty or 0.0),
        entry.max_score,
        outcomes=tuple(Outcome(**record) for record in said.get("outcomes", ())),
        by_hand=tuple(grade.name for grade in entry.grades if grade.needs_manual_grade),
        note="" if submitted.is_file() else f"There is no {name}.ipynb in the submission.",
        error=error,
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings that nbgrader's database layer gives about itself."""
    from sqlalchemy.exc import SAWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield
