"""A plain nbgrader course: its configuration, its folders, and what its gradebook knows of an assignment."""

import contextlib
import glob
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from foursteps.errors import GradeError
from foursteps.grade.database import anchored
from foursteps.grade.nbgrader_setup import find_alembic, log


@dataclass(frozen=True)
class PlainCourse:
    """The course at `root`; `app` is nbgrader's own application, configured as its commands would be."""

    root: Path
    app: Any

    @classmethod
    def load(cls, root: Path | str) -> "PlainCourse":
        """Read the configuration that `nbgrader autograde` would have in `root`; raises GradeError."""
        from nbgrader.apps import AutogradeApp

        root = Path(root).resolve()
        find_alembic()
        with contextlib.chdir(root):
            app = AutogradeApp(log=log)
            app.raise_config_file_errors = True
            try:
                app.initialize(argv=[])
            except (Exception, SystemExit) as error:
                raise GradeError(
                    root / "nbgrader_config.py",
                    expected="a configuration that nbgrader can read",
                    found=f"{type(error).__name__}: {error}",
                    mend="Correct it: `nbgrader autograde` would stop at it too.",
                ) from error
        # What the configuration says from the course's folder on holds wherever our command is started.
        place = app.config.CourseDirectory
        place.root = str(root / place.get("root", ""))
        if "db_url" in place:
            place.db_url = anchored(place.db_url, root)
        return cls(root, app)

    def directory(self, assignment: str = "", student: str = "*") -> Any:
        """nbgrader's view of an assignment, of one learner or of all."""
        from nbgrader.coursedir import CourseDirectory

        name = student if student == "*" else glob.escape(student)
        return CourseDirectory(parent=self.app, assignment_id=assignment, student_id=name)

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Where nbgrader keeps `step` (source, release, submitted, autograded) of an assignment."""
        directory = self.directory()
        return Path(directory.format_path(getattr(directory, f"{step}_directory"), student, assignment))

    def submitted(self, assignment: str) -> dict[str, Path]:
        """The folder of each learner who handed something in, by name, but for those left out on purpose."""
        directory = self.directory()
        step = directory.submitted_directory
        pattern = directory.format_path(step, "(?P<student>.*)", re.escape(assignment), escape=True)
        excluded = directory.student_id_exclude.split(",") if directory.student_id_exclude else []
        found = {}
        for folder in sorted(glob.glob(directory.format_path(step, "*", glob.escape(assignment)))):
            match = re.fullmatch(pattern, folder)
            if match and os.path.isdir(folder) and match["student"] not in excluded:
                found[match["student"]] = Path(folder)
        return found

    def gradebook(self) -> Any:
        """The course's own gradebook; use it in a `with` block."""
        from nbgrader.api import Gradebook

        directory = self.directory()
        return Gradebook(directory.db_url, directory.course_id)

    def assignments(self) -> list[str]:
        """The assignments that the gradebook knows and somebody handed in; raises GradeError without any."""
        with self.gradebook() as gradebook:
            names = sorted(entry.name for entry in gradebook.assignments)
        if found := [name for name in names if self.submitted(name)]:
            return found
        raise GradeError(
            self.root,
            expected="an assignment with submissions",
            found=f"none for {', '.join(names)}" if names else "no assignment in the gradebook",
            mend="Run `nbgrader generate_assignment NAME`, and collect what learners hand in.",
        )

    def known(self, assignment: str) -> dict[str, NotebookNode]:
        """The notebooks of an assignment, by name, with the cells that the gradebook has of them.

        Raises GradeError when it has none: nbgrader learns of an assignment by generate_assignment.
        """
        from nbgrader.api import MissingEntry

        with self.gradebook() as gradebook:
            try:
                entries = list(gradebook.find_assignment(assignment).notebooks)
            except MissingEntry:
                entries = []
            if not entries:
                names = sorted(entry.name for entry in gradebook.assignments)
                raise GradeError(
                    f"the gradebook of {self.root}",
                    expected=f"the assignment {assignment}",
                    found=", ".join(names) if names else "no assignment",
                    mend=f"Correct the name, or run `nbgrader generate_assignment {assignment}` first.",
                )
            release = self.folder("release", ".", assignment)
            return {entry.name: recorded(entry, _order(release / f"{entry.name}.ipynb")) for entry in entries}


def recorded(entry: Any, order: list[str]) -> NotebookNode:
    """The cells that the gradebook holds of a notebook, tests whole, in the order of the release."""
    graded = {cell.name: float(cell.max_score) for cell in entry.grade_cells}
    solutions = {cell.name for cell in entry.solution_cells}
    tasks = {cell.name: float(cell.max_score) for cell in entry.task_cells}
    place = {name: number for number, name in enumerate(order)}
    cells = []
    for number, cell in enumerate(
        sorted(entry.source_cells, key=lambda cell: place.get(cell.name, len(place))), start=1
    ):
        new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        meta = {
            "schema_version": 3,
            "grade_id": cell.name,
            "grade": cell.name in graded,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
            "locked": cell.locked,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
        }
        if (most := {**graded, **tasks}.get(cell.name)) is not None:
            meta["points"] = most
        meta = {key: value for key, value in meta.items() if value is not None}
        cells.append(new(cell.source or "", id=f"recorded-{number}", metadata={"nbgrader": meta}))
    kernel = json.loads(entry.kernelspec) if entry.kernelspec else None
    return new_notebook(cells=cells, metadata={"kernelspec": kernel} if kernel else {})


def _order(path: Path) -> list[str]:
    """The ids of nbgrader's cells in a released notebook, in order; none when it cannot be read."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:  # nbformat raises many types on broken input, and the gradebook has an order too
        return []
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]
