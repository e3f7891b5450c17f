"""Grading an assignment of a plain nbgrader course: every learner, whatever they handed in."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from foursteps import notebook as nbs
from foursteps.errors import FourstepsError, GradeError, NotebookError, RunError
from foursteps.grade.batch import quiet
from foursteps.grade.crew import fitting
from foursteps.grade.keys import digest
from foursteps.grade.nbgrader_setup import log, told_by
from foursteps.grade.plain.course import PlainCourse
from foursteps.grade.plain.turns import Turns
from foursteps.grade.rows import Row
from foursteps.grade.score import Outcome
from foursteps.grade.walls import imported, installed, sandbox_for
from foursteps.run import ColdRunner

MEMORY_GB = 2.0
"""Free memory for each run at the same time; a plain course does not say what its runs take."""


def grade_plain(
    root: Path | str,
    assignment: str,
    students: Iterable[str] = (),
    *,
    force: bool = False,
    sandbox: str = "bwrap",
    runner: Any = None,
    workers: int | None = None,
    on_submission: Callable[[str], None] = lambda what: None,
) -> tuple[Row, ...]:
    """Grade what was handed in for `assignment` in the nbgrader course at `root`.

    As `nbgrader autograde` does, into the same gradebook, with the differences that
    docs/nbgrader-differences.md lists. What was graded here from the same files is left alone unless `force`.
    Gives a row for each learner and notebook.

    students : all who handed something in, unless named.
    sandbox : the walls around a submission's run: bwrap, external, none, or best.
    runner : runs the submissions instead; the caller stops it.
    workers : runs at the same time; unless given, as many as there are processors, and free memory for.
    on_submission : told before each submission, in words.

    Raises GradeError when the course, the assignment or a learner who is named is not there.
    """
    course, walls = PlainCourse.load(root), sandbox_for(sandbox)
    with quiet():
        known = course.known(assignment)
        chosen = _chosen(course, assignment, students)
        stamp = digest(*_assignment_files(course, assignment), [nbformat.writes(nb) for nb in known.values()])
        origins = {student: digest(stamp, *_files(folder)) for student, folder in chosen.items()}
        todo = [
            student
            for student, folder in chosen.items()
            if force or not _is_current(course, assignment, student, folder, known, origins[student])
        ]
        runs = any(_handed_in(chosen[student], known) for student in todo)
        own = warm_runner(imports(course, assignment, known), walls) if runs and not runner else None
        turns = Turns()
        settings = {"known": known, "runner": runner or own, "sandbox": walls, "turns": turns}

        def grade(numbered: tuple[int, str]) -> str:
            number, student = numbered
            with turns:
                on_submission(f"{assignment}, {student} ({number} of {len(todo)})")
                told = {**settings, "graded_from": origins[student]}
                return _grade_one(course, assignment, student, chosen[student], told)

        pool = ThreadPoolExecutor(workers or fitting(MEMORY_GB), thread_name_prefix="foursteps")
        try:
            errors = dict(zip(todo, pool.map(grade, enumerate(todo, 1)), strict=True))
        finally:  # after an exception, Ctrl-C among them: nothing more is begun, and what runs is ended
            pool.shutdown(wait=False, cancel_futures=True)
            if own:
                own.stop()
            pool.shutdown()
        return rows(course, assignment, chosen, known, errors)


def _chosen(course: PlainCourse, assignment: str, students: Iterable[str]) -> dict[str, Path]:
    there = course.submitted(assignment)
    wanted = tuple(students)
    missing = [name for name in wanted if name not in there]
    if missing or not there:
        raise GradeError(
            course.folder("submitted", missing[0] if missing else "<learner>", assignment),
            expected="a submission",
            found="no such folder",
            mend="Correct the name, or use `nbgrader zip_collect` or `nbgrader collect` first.",
        )
    return {name: there[name] for name in wanted} if wanted else there


def warm_runner(modules: tuple[str, ...], sandbox: str) -> Any:
    """A runner whose parent has imported `modules`; one that has not, where they cannot be imported.

    Where nothing can be forked (off Linux), fresh kernels, and the marks say so.
    """
    if not sys.platform.startswith("linux"):
        return ColdRunner()
    from foursteps.run.warm import WarmRunner

    runner = WarmRunner(preload=modules, sandbox=sandbox, stop_on_error=False)  # type: ignore[arg-type]
    try:
        runner.start()
    except RunError:  # one of them cannot be imported in the sandbox: then each run that needs it says so
        if not modules:
            raise
        runner = WarmRunner(preload=(), sandbox=sandbox, stop_on_error=False)  # type: ignore[arg-type]
    return runner


def imports(course: PlainCourse, assignment: str, known: Mapping[str, NotebookNode]) -> tuple[str, ...]:
    """The modules that the assignment's notebooks import, as far as they are installed here."""
    found: list[str] = []
    for name, recorded in known.items():
        try:
            notebook = nbformat.read(course.folder("source", ".", assignment) / f"{name}.ipynb", as_version=4)
        except Exception:  # there need be no sources where a class is graded; the tests are in the gradebook
            notebook = recorded
        for cell in nbs.code_cells(notebook):
            with suppress(NotebookError):  # another language, or a stub
                found += imported(cell.source)
    return installed(found)


def _grade_one(
    course: PlainCourse, assignment: str, student: str, folder: Path, settings: Mapping[str, Any]
) -> str:
    """Let nbgrader grade one learner's submission; gives what went wrong, or nothing."""
    from foursteps.grade.plain.autograde import PlainAutograde

    if not _handed_in(folder, settings["known"]):
        _score_missing(course, assignment, student)
        return ""
    try:
        with told_by(log, folder):
            directory = course.directory(assignment, student)
            PlainAutograde(coursedir=directory, parent=course.app, **settings).start()
    except FourstepsError as error:
        return f"The grading failed: {error.found}."
    except Exception as error:  # whatever it is, the next submission is graded
        return f"The grading failed: {type(error).__name__}: {error}."
    return ""


def _score_missing(course: PlainCourse, assignment: str, student: str) -> None:
    """No points, and nothing to wait for: nbgrader gives a learner without a notebook no row at all."""
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(assignment, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = 0.0, False
        gradebook.db.commit()


def _handed_in(folder: Path, known: Iterable[str]) -> list[str]:
    """The notebooks of the assignment that are there, by name; a link counts, and is told of when graded."""
    return [name for name in known if os.path.lexists(folder / f"{name}.ipynb")]


def _is_current(
    course: PlainCourse, assignment: str, student: str, folder: Path, known: Iterable[str], source: str
) -> bool:
    """Whether every notebook that `student` handed in was graded here from just these files."""
    there = _handed_in(folder, known)
    autograded = course.folder("autograded", student, assignment)
    return bool(there) and all(_graded_from(autograded / f"{name}.ipynb") == source for name in there)


def _graded_from(path: Path) -> str:
    from foursteps.grade.sheet import read_autograded

    return read_autograded(path).get("graded_from", "")


def _assignment_files(course: PlainCourse, assignment: str) -> list[Path | str]:
    """What marks depend on beside the submission: the configuration and the files that come with it."""
    source = course.folder("source", ".", assignment)
    return [course.root / "nbgrader_config.py", *_files(source)]


def _files(folder: Path) -> list[Path | str]:
    """The files beneath `folder`, each with its path in it before it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [part for path in found for part in (path.relative_to(folder).as_posix(), path)]


def rows(
    course: PlainCourse,
    assignment: str,
    students: Iterable[str],
    known: Iterable[str],
    errors: Mapping[str, str],
) -> tuple[Row, ...]:
    """The marks that the gradebook holds: a row for each learner and notebook."""
    from nbgrader.api import MissingEntry

    found: list[Row] = []
    with course.gradebook() as gradebook:
        for student in students:
            error = errors.get(student, "")
            for name in known:
                try:
                    entry = gradebook.find_submission_notebook(name, assignment, student)
                except MissingEntry:
                    most = gradebook.find_notebook(name, assignment).max_score
                    found.append(Row(student, name, 0.0, most, error=error or "It could not be graded."))
                    continue
                path = course.folder("submitted", student, assignment) / f"{name}.ipynb"
                note = "" if path.is_file() else f"There is no {name}.ipynb in the submission."
                found.append(_row(entry, student, name, note, error))
    return tuple(found)


def _row(entry: Any, student: str, name: str, note: str, error: str) -> Row:
    outcomes = tuple(
        Outcome(
            grade.name,
            "passed" if grade.auto_score >= grade.max_score else "failed",
            grade.auto_score,
            grade.max_score,
        )
        for grade in entry.grades
        if grade.auto_score is not None
    )
    return Row(
        student,
        name,
        entry.score - (entry.late_submission_penalty or 0.0),
        entry.max_score,
        outcomes=outcomes,
        by_hand=tuple(grade.name for grade in entry.grades if grade.needs_manual_grade),
        note=note,
        error=error,
    )
