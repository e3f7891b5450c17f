"""What stands in the place of nbgrader's Execute and SaveAutoGrades when a plain course is graded."""

import copy
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute, SaveAutoGrades

from foursteps import notebook as nbs
from foursteps.errors import GradeError
from foursteps.grade.plain.points import points
from foursteps.grade.plain.turns import TELLS
from foursteps.grade.sheet import about
from foursteps.grade.walls import label
from foursteps.grade.work import GO_ON, copy_files, how_it_ended
from foursteps.run import Limits

DAY = 86400.0
NATIVE = "python3"


class WarmExecute(Execute):
    """nbgrader's Execute, configured as it is, but in a warm child, and one that no cell can break off.

    The runner and the sandbox are those of the PlainAutograde whose step this is.
    """

    def preprocess(self, nb: NotebookNode, resources: dict, km: Any = None) -> tuple[NotebookNode, dict]:
        """The notebook as it ran; its metadata `foursteps` say how. GradeError for a foreign kernel."""
        ran = copy.deepcopy(nb)
        said = dict(ran.metadata.get("foursteps", {"repairs": []}))
        spec = ran.metadata.get("kernelspec", {})
        kernel = self.kernel_name or spec.get("name") or NATIVE
        found = is_this_python(kernel)
        if found is None and spec.get("language", "python").lower() == "python":
            said["repairs"] = [
                *said["repairs"],
                f"The notebook asked for the kernel {kernel}, which is not here; Python 3 ran it.",
            ]
        elif not found:
            return self._foreign(nb, resources, kernel)
        prepared, runner = as_run(ran), self.parent.parent.runner
        with tempfile.TemporaryDirectory(prefix="foursteps-") as own:
            copy_files(Path(resources["metadata"]["path"]), Path(own))
            told, limits = _told(), self._limits(prepared)
            with self.parent.parent.turns.away():
                result = runner.run(prepared, cwd=Path(own), env=told, limits=limits)
        take_outputs(ran, result)
        said["run"] = {
            "status": result.status,
            "seconds": round(result.seconds, 1),
            "ended": how_it_ended(result),
            "sandbox": label(runner),
        }
        ran.metadata["foursteps"] = said
        if notice := about(said):
            if (ran.nbformat, ran.nbformat_minor) < (4, 5):
                notice.pop("id", None)
            ran.cells.insert(0, notice)
        return ran, resources

    def _foreign(self, nb: NotebookNode, resources: dict, kernel: str) -> tuple[NotebookNode, dict]:
        """Run `nb` in a kernel that is not this Python, as nbgrader does, where no sandbox is asked for."""
        if self.parent.parent.sandbox != "none":
            raise GradeError(
                f"kernel {kernel!r}",
                expected="the Python that runs foursteps, which is what the sandbox can hold",
                found="another language, or another Python",
                mend="Install foursteps there; or give --sandbox none, and it runs as nbgrader runs it.",
            )
        return super().preprocess(nb, resources)

    def _limits(self, notebook: NotebookNode) -> Limits:
        """nbgrader's limit a cell; the whole notebook has no other."""
        cell = float(self.timeout) if self.timeout and self.timeout > 0 else DAY
        return Limits(notebook_seconds=cell * (len(nbs.code_cells(notebook)) + 1), cell_seconds=cell)


def as_run(notebook: NotebookNode) -> NotebookNode:
    """A copy in which each cell has an id, no tag keeps a cell from running, and no error ends the run."""
    prepared = copy.deepcopy(notebook)
    prepared.metadata["kernelspec"] = {"name": NATIVE, "display_name": "Python 3", "language": "python"}
    for number, cell in enumerate(prepared.cells, start=1):
        cell["id"] = f"cell-{number}"
        tags = [tag for tag in cell.metadata.get("tags", []) if tag not in ("skip-execution", "parameters")]
        cell.metadata["tags"] = [*tags, GO_ON]
    return prepared


def take_outputs(notebook: NotebookNode, result: Any) -> None:
    """Put the outputs of a run into `notebook`, and an error where a cell failed or never ran. In place."""
    failed = {error.cell: error for error in getattr(result, "failed", ())}
    running = [cell for cell in nbs.code_cells(result.notebook) if cell.source.strip()]
    missed = {cell["id"] for cell in running[len(result.cell_seconds) :]}
    for cell, ran in zip(notebook.cells, result.notebook.cells, strict=True):
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
        name, value = "", ""
        if (error := failed.get(ran["id"])) and not _shows_an_error(ran):
            name, value = error.name or "Error", error.value
        elif ran["id"] in missed:
            name, value = "NotRun", "The run had ended before this cell."
        if name:
            cell.outputs.append(new_output("error", ename=name, evalue=value, traceback=[f"{name}: {value}"]))
    if widgets := result.notebook.metadata.get("widgets"):
        notebook.metadata["widgets"] = widgets


def _shows_an_error(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def _told() -> dict[str, str]:
    """nbgrader's own variables, by which a notebook can tell that it is graded; none of the others."""
    return {name: value for name, value in os.environ.items() if name.startswith(TELLS)}


def is_this_python(kernel: str) -> bool | None:
    """Whether the kernel of that name is an ipykernel of this Python; None when there is no such kernel."""
    name = NATIVE if kernel == "python" else kernel
    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return None
    program = spec.argv[0] if spec.argv else ""
    here = program in ("python", "python3") or os.path.realpath(program) == os.path.realpath(sys.executable)
    return here and spec.language.lower() == "python"


class SavePoints(SaveAutoGrades):
    """nbgrader's SaveAutoGrades with our rule for points; notes in the notebook what it was graded from."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Save the points of every graded cell."""
        nb, resources = super().preprocess(nb, resources)
        nb.metadata["foursteps"] = {
            **nb.metadata.get("foursteps", {}),
            "graded_from": self.parent.parent.graded_from,
        }
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        grade = self.gradebook.find_grade(
            nbs.grader_metadata(cell)["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = points(cell)
        # As nbgrader has it: a mark that a person gave is to be looked at again.
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()
