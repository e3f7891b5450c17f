"""What nbgrader's generate_assignment runs here: our release of an exercise, and cells into the gradebook.

nbgrader refuses to change the cells of an assignment that has submissions. RecordCells migrates instead: what
is gone goes, what is new comes for every submission, and every other grade stays as it is.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, MissingEntry, SubmittedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells
from sqlalchemy.orm import selectinload
from traitlets import Unicode

from foursteps.course import Course, Exercise
from foursteps.grade.prepare import checks_of
from foursteps.release.exercise import released_notebook


class CoursePreprocessor(NbGraderPreprocessor):
    """A preprocessor that knows its course."""

    root = Unicode(help="The course's folder, where course.toml lies.").tag(config=True)

    def course(self) -> Course:
        """The course, read now."""
        return Course.load(Path(self.root))

    def exercise(self, resources: dict[str, Any]) -> Exercise:
        """The exercise that the notebook in hand belongs to."""
        course, names = self.course(), resources["nbgrader"]
        return course.topic(names["assignment"]).exercises[names["notebook"]]


class ReleaseExercise(CoursePreprocessor):
    """Turn a solution into the exercise that learners get."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The released notebook; who calls: nbgrader, for each notebook of `solutions/<topic>`."""
        exercise = self.exercise(resources)
        return released_notebook(exercise, nb, checks_of(exercise)), resources


class RecordCells(SaveCells):
    """Save the cells into the gradebook, also into one that has submissions already."""

    def _create_notebook(self, nb: NotebookNode) -> None:
        with suppress(MissingEntry):
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
            if notebook.submissions:
                self._migrate(notebook)
        super()._create_notebook(nb)

    def _migrate(self, notebook: Any) -> None:
        """Make the gradebook's cells those of the release, keeping the grades of cells that stay."""
        gradebook, place = self.gradebook, (self.notebook_id, self.assignment_id)
        kinds = (
            (notebook.grade_cells, self.new_grade_cells, gradebook.update_or_create_grade_cell),
            (notebook.solution_cells, self.new_solution_cells, gradebook.update_or_create_solution_cell),
            (notebook.task_cells, self.new_task_cells, gradebook.update_or_create_task_cell),
            (notebook.source_cells, self.new_source_cells, gradebook.update_or_create_source_cell),
        )
        for old, new, create in kinds:
            for cell in old:
                if cell.name not in new:
                    self.log.warning("Removing the cell %r and its grades from the gradebook", cell.name)
                    for given in [
                        *(getattr(cell, "grades", None) or ()),
                        *(getattr(cell, "comments", None) or ()),
                    ]:
                        gradebook.db.delete(given)
                    gradebook.db.delete(cell)
            gradebook.db.commit()
            for name, info in new.items():
                create(name, *place, **info)
        gradebook.db.expire_all()
        self._complete(gradebook.find_notebook(*place))
        gradebook.db.commit()

    def _complete(self, notebook: Any) -> None:
        """Give each submission a place for every cell's grade and comment, and no more than its points."""
        graded = [*notebook.grade_cells, *notebook.task_cells]
        commented = [*notebook.solution_cells, *notebook.task_cells]
        # The rows of all submissions at once: asked one by one, a class of a thousand waits for seconds.
        submissions = (
            self.gradebook.db.query(SubmittedNotebook)
            .filter(SubmittedNotebook.notebook_id == notebook.id)
            .options(selectinload(SubmittedNotebook.grades), selectinload(SubmittedNotebook.comments))
        )
        for submission in submissions:
            grades = {grade.cell_id: grade for grade in submission.grades}
            comments = {comment.cell_id for comment in submission.comments}
            for cell in graded:
                if cell.id not in grades:
                    self.gradebook.db.add(Grade(cell_id=cell.id, notebook=submission))
                elif (grades[cell.id].auto_score or 0) > cell.max_score:
                    grades[cell.id].auto_score = cell.max_score
            for cell in commented:
                if cell.id not in comments:
                    self.gradebook.db.add(Comment(cell_id=cell.id, notebook=submission))
