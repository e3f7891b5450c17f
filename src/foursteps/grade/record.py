"""Marked submissions into the gradebook and the folder of autograded notebooks, many in one go.

This is what nbgrader's Autograde does after a run, for a batch at a time: it opens the database nine times
for each submission, and validates each notebook after each of its steps. Its own functions are used for
what is nbgrader's to decide: a cell's score, a late penalty, an output's length.
`tests/test_grade_batch.py` holds both ways together, row by row and byte by byte.
"""

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from foursteps import notebook as nbs
from foursteps.course import Course, Topic
from foursteps.grade import nbgrader_setup
from foursteps.grade.gradebook import open_gradebook

OURS = {
    "exporter_class",
    "sanitize_preprocessors",
    "autograde_preprocessors",
    "pre_convert_hook",
}
"""What a course sets for Autograde; whatever else is set there, only nbgrader itself honours."""

Scores = dict[tuple[str, str], tuple[Any]]
"""What nbgrader enters, by ("grade" or "comment", cell): a score, or words; None where a person is to say."""


@dataclass(frozen=True)
class Marked:
    """A learner's marked notebooks, by exercise; an exercise that was not handed in is not among them."""

    student: str
    notebooks: Mapping[str, NotebookNode]


def usual(config: Any) -> bool:
    """Whether Autograde is configured as in every foursteps course, so that this module does the same."""
    found = config.Autograde
    return (
        set(found) <= OURS
        and found.get("sanitize_preprocessors") == nbgrader_setup.SANITIZE
        and found.get("autograde_preprocessors") == nbgrader_setup.AUTOGRADE
        and not config.CourseDirectory.get("groupshared")
        and not config.BaseConverter
        and not config.OverwriteCells
        and not config.NbGraderPreprocessor
    )


class Recorder:
    """The one writer of a class's marks for `topic`. Use it in a `with` block."""

    def __init__(self, course: Course, topic: Topic, config: Any) -> None:
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.preprocessors import AssignLatePenalties, LimitOutput

        self.course, self.topic = course, topic
        self.coursedir = CourseDirectory(config=config, log=nbgrader_setup.log)
        self.limit = LimitOutput(config=config, log=nbgrader_setup.log)
        self.late = AssignLatePenalties(config=config, log=nbgrader_setup.log)
        self.late.init_plugin()

    def __enter__(self) -> "Recorder":
        self.gradebook = open_gradebook(self.course)
        # nbgrader and its database layer are here to stay: to look them through for garbage again and again
        # would be a sixteenth of the time that marking a class again takes.
        gc.freeze()
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    def write(self, batch: Sequence[Marked]) -> dict[str, str]:
        """Record `batch`, all of it or nothing; gives what could not be recorded, by student.

        The gradebook comes first: a notebook that lies in the folder has its marks there already, so
        whoever is killed between the two finds the notebook old or missing, and records it again.
        """
        from sqlalchemy.exc import IntegrityError

        errors: dict[str, str] = {}
        ready: list[tuple[Marked, dict[str, Scores], datetime | None]] = []
        # By name: two who record the same learners at once then wait for each other in turn, never both.
        for marked in sorted(batch, key=lambda marked: marked.student):
            try:
                for notebook in marked.notebooks.values():
                    self.limit.preprocess(notebook, {})
                scores = {name: _scores(notebook) for name, notebook in marked.notebooks.items()}
                ready.append((marked, scores, self._handed_in_at(marked.student)))
            except Exception as error:  # whatever it is, the others are recorded
                errors[marked.student] = f"The grading failed: {type(error).__name__}: {error}."
        try:
            try:
                self._enter(ready)
                self.gradebook.db.commit()
            except IntegrityError:  # somebody else entered the same learner just now: theirs is there to fill
                self.gradebook.db.rollback()
                self.gradebook.db.expunge_all()
                self._enter(ready)
                self.gradebook.db.commit()
        except BaseException:
            self.gradebook.db.rollback()
            raise
        self.gradebook.db.expunge_all()
        for marked, _, _ in ready:
            self._write_files(marked)
        return errors

    def _handed_in_at(self, student: str) -> datetime | None:
        return self.coursedir.get_existing_timestamp(str(self._submitted(student)))

    def _submitted(self, student: str) -> Path:
        return self.course.workspace / "submitted" / student / self.topic.name

    def _enter(self, ready: Sequence[tuple[Marked, dict[str, Scores], datetime | None]]) -> None:
        """The rows of `ready`, in the session."""
        from nbgrader import utils
        from nbgrader.api import SubmittedAssignment, SubmittedNotebook
        from sqlalchemy.orm import selectinload

        database = self.gradebook.db
        assignment = self.gradebook.find_assignment(self.topic.name)
        notebooks = {notebook.id: notebook for notebook in assignment.notebooks}
        cells = {cell.id: cell.name for notebook in notebooks.values() for cell in _known_cells(notebook)}
        wanted = [marked.student for marked, _, _ in ready]
        within = selectinload(SubmittedAssignment.notebooks)
        found = database.query(SubmittedAssignment).filter(
            SubmittedAssignment.assignment_id == assignment.id, SubmittedAssignment.student_id.in_(wanted)
        )
        found = found.options(
            within.selectinload(SubmittedNotebook.grades), within.selectinload(SubmittedNotebook.comments)
        )
        submissions = {submission.student_id: submission for submission in found}
        for marked, scores, at in ready:
            submission = submissions.get(marked.student) or self._new(assignment, notebooks, marked.student)
            if at is not None:
                submission.timestamp = utils.parse_utc(at)
            for entry in submission.notebooks:
                name = entry.notebook.name if entry.notebook else notebooks[entry.notebook_id].name
                if name in scores:
                    _fill(entry, scores[name], cells)
                    self._penalty(submission, entry, marked.student)
                else:
                    for grade in entry.grades:
                        grade.auto_score, grade.needs_manual_grade = 0, False

    def _new(self, assignment: Any, notebooks: Mapping[str, Any], student: str) -> Any:
        """A submission with a place for every grade and comment, as Gradebook.add_submission makes it."""
        from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook

        database = self.gradebook.db
        learner = database.get(Student, student)
        if learner is None:
            learner = Student(id=student)
            database.add(learner)
        submission = SubmittedAssignment(assignment=assignment, student=learner)
        for notebook in notebooks.values():
            entry = SubmittedNotebook(notebook=notebook, assignment=submission)
            for cell in (*notebook.grade_cells, *notebook.task_cells):
                Grade(cell_id=cell.id, notebook=entry)
            for cell in (*notebook.solution_cells, *notebook.task_cells):
                Comment(cell_id=cell.id, notebook=entry)
        database.add(submission)
        return submission

    def _penalty(self, submission: Any, entry: Any, student: str) -> None:
        """What the course's plugin takes off for being late, as AssignLatePenalties does."""
        entry.late_submission_penalty = None
        if submission.total_seconds_late <= 0:
            return
        self.gradebook.db.flush()
        self.gradebook.db.refresh(entry)  # its score is the database's sum
        penalty = self.late.plugin_inst.late_submission_penalty(
            student, entry.score, submission.total_seconds_late
        )
        if penalty is not None:
            entry.late_submission_penalty = self.late._check_late_penalty(entry, penalty)

    def _write_files(self, marked: Marked) -> None:
        """The autograded folder: marked notebooks, the learner's own files, the instructor's over them."""
        folder = self.course.workspace / "autograded" / marked.student / self.topic.name
        folder.mkdir(parents=True, exist_ok=True)
        files = self._files(self._submitted(marked.student))
        files |= self._instructors_files
        wanted = {*files, *(f"{name}.ipynb" for name in marked.notebooks)}
        for path in [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]:
            if path.relative_to(folder).as_posix() not in wanted:
                path.unlink()
        for inside, source in files.items():
            _put(folder / inside, source.read_bytes())
        for name, notebook in marked.notebooks.items():
            _put(folder / f"{name}.ipynb", f"{nbs.text_of(notebook)}\n".encode())

    @cached_property
    def _instructors_files(self) -> dict[str, Path]:
        return self._files(self.course.root / "solutions" / self.topic.name)

    def _files(self, source: Path) -> dict[str, Path]:
        """The files of `source` that nbgrader copies, by their path in it; links are left out."""
        from nbgrader.utils import find_all_files

        found = map(Path, find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"]))
        return {
            path.relative_to(source).as_posix(): path
            for path in found
            if path.is_file() and not path.is_symlink()
        }


def _put(path: Path, content: bytes) -> None:
    """Write `path` whole or not at all, readable only, as nbgrader does it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    beside.write_bytes(content)
    beside.chmod(0o444)
    beside.replace(path)


def _known_cells(notebook: Any) -> list[Any]:
    return [*notebook.grade_cells, *notebook.task_cells, *notebook.solution_cells]


def _scores(notebook: NotebookNode) -> Scores:
    """What SaveAutoGrades reads from a marked notebook: ("grade", score) and ("comment", words), by cell."""
    from nbgrader import utils

    found: Scores = {}
    for cell in notebook.cells:
        name = nbs.grader_metadata(cell).get("grade_id", "")
        if utils.is_grade(cell):
            found["grade", name] = (utils.determine_grade(cell, nbgrader_setup.log)[0],)
        if utils.is_solution(cell) or utils.is_task(cell):
            untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            found["comment", name] = ("No response." if untouched and not utils.is_task(cell) else None,)
    return found


def _fill(entry: Any, scores: Scores, cells: Mapping[str, str]) -> None:
    """Enter a notebook's scores; what a person gave stays, and asks to be looked at again."""
    for grade in entry.grades:
        given = scores.get(("grade", cells[grade.cell_id]))
        if given is not None:
            grade.auto_score = given[0]
            grade.needs_manual_grade = grade.manual_score is not None or given[0] is None
    for comment in entry.comments:
        given = scores.get(("comment", cells[comment.cell_id]))
        if given is not None:
            comment.auto_comment = given[0]
