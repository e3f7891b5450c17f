"""What nbgrader's generate_assignment runs here: our release of an exercise, and cells into the gradebook.

nbgrader refuses to change the cells of an assignment that has submissions. RecordCells migrates instead: what
is gone goes, what is new comes for every submission, and every other grade stays as it is.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells
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
        notebook = gradebook.find_notebook(*place)
        for submission in notebook.submissions:
            self._complete(notebook, submission)
        gradebook.db.commit()

    def _complete(self, notebook: Any, submission: Any) -> None:
        """Give `submission` a place for the grade and the comment of every cell; no more than its points."""
        graded = {grade.cell_id: grade for grade in submission.grades}
        commented = {comment.cell_id for comment in submission.comments}
        for cell in [*notebook.grade_cells, *notebook.task_cells]:
            if cell.id not in graded:
                self.gradebook.db.add(Grade(cell_id=cell.id, notebook=submission))
            elif (graded[cell.id].auto_score or 0) > cell.max_score:
                graded[cell.id].auto_score = cell.max_score
        for cell in [*notebook.solution_cells, *notebook.task_cells]:
            if cell.id not in commented:
                self.gradebook.db.add(Comment(cell_id=cell.id, notebook=submission))
