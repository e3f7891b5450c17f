"""The run of one submission: what it depends on, how it is made, and what it leaves.

A run depends on a `Work`, and leaves a `Ran`. Neither knows of keys, points or the gradebook: scoring is
another step, and takes a `Ran` that was kept just as well as one made now.
"""

import shutil
import tempfile
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from foursteps import notebook as nbs
from foursteps.course import Course, Exercise
from foursteps.errors import FourstepsError, GradeError
from foursteps.grade import walls
from foursteps.grade.intake import own_files
from foursteps.grade.keys import digest
from foursteps.grade.limits import limits_met
from foursteps.grade.prepare import Prepared, cpu_environment
from foursteps.run import CellError, Limits, Resources, RunResult

FORMAT = 1
INJECTED = "injected-parameters"
GO_ON = "raises-exception"
"""nbclient's tag for a cell whose exception does not end the run."""


@dataclass(frozen=True)
class Work:
    """A submission's notebook, ready to run.

    notebook : as handed in, repaired. folder : with the learner's own files. walls : what results are to say
    about the walls around the run. limits and resources : how long the run may last, what it may take.
    """

    notebook: NotebookNode
    folder: Path
    prepared: Prepared
    limits: Limits
    resources: Resources
    walls: str

    @classmethod
    def of(
        cls,
        course: Course,
        exercise: Exercise,
        student: str,
        notebook: NotebookNode,
        prepared: Prepared,
        label: str,
    ) -> "Work":
        """The work of `student` in `exercise`, its notebook repaired."""
        topic = course.topic(exercise.topic)
        folder = course.workspace / "submitted" / student / exercise.topic
        return cls(notebook, folder, prepared, walls.limits_of(topic), walls.resources_of(topic), label)

    @cached_property
    def key(self) -> str:
        """The name of this run: a digest (32 hex digits) of all that it depends on.

        Of the notebook that is its code, not its prose: a run that differs in words only is the same.
        """
        return digest(
            [
                FORMAT,
                nbs.source_hash(self.notebook),
                [cell.metadata.get("tags", []) for cell in nbs.code_cells(self.notebook)],
                self.prepared.run_stamp,
                self.prepared.seed,
                asdict(self.limits),
                asdict(self.resources),
                self.walls,
            ],
            *(
                part
                for path, inside in own_files(self.folder)[0]
                for part in (inside.encode("utf-8", "replace"), path)
            ),
        )


@dataclass(frozen=True)
class Ran:
    """What a run left: how it ended, what it took, and the outputs of its code cells.

    ended : which limit was met and what that cost, as one sentence; empty when none was. seconds are wall
    seconds of the whole run, cell_seconds those of the learner's own code; peak_mb and own_mb the memory of
    its processes, with and without what the warm parent had loaded, in MB of 2**20 bytes. cells : the
    outputs and the execution count of each code cell, in order.
    """

    status: str
    ended: str
    seconds: float
    cell_seconds: float
    peak_mb: float
    own_mb: float
    sandbox: str
    cells: tuple[tuple[list[dict], int | None], ...]

    @classmethod
    def of(cls, work: Work, result: RunResult, label: str) -> "Ran":
        """What `result` left of `work`; raises GradeError for outputs that no notebook may have."""
        by_id = {cell.id: cell for cell in nbs.code_cells(result.notebook)}
        cells = []
        for cell in nbs.code_cells(work.notebook):
            ran = by_id.get(cell.id, NotebookNode(outputs=[], execution_count=None))
            cells.append((ran.outputs, ran.execution_count))
        found = cls(
            status=result.status,
            ended=" ".join(filter(None, (how_it_ended(result), *limits_met(result)))),
            seconds=round(result.seconds, 3),
            cell_seconds=round(sum(result.cell_seconds), 3),
            peak_mb=round(result.peak_mb),
            own_mb=round(getattr(result, "own_mb", 0.0)),
            sandbox=label,
            cells=tuple(cells),
        )
        try:
            nbformat.validate(found.shown_in(work.notebook))
        except nbformat.ValidationError as error:
            raise GradeError(
                work.folder,
                expected="outputs as notebooks have them",
                found=str(error).splitlines()[0],
                mend="Run the notebook by hand to see what it shows.",
            ) from None
        return found

    def shown_in(self, notebook: NotebookNode) -> NotebookNode:
        """`notebook`, whose run this is, with its outputs; its metadata say how the run ended."""
        shown = nbs.clone(notebook)
        for cell, (outputs, count) in zip(nbs.code_cells(shown), self.cells, strict=True):
            cell.outputs = [nbformat.from_dict(output) for output in outputs]
            cell.execution_count = count
        shown.metadata["foursteps"] = {
            **notebook.metadata.get("foursteps", {}),
            "run": {
                "status": self.status,
                "seconds": round(self.seconds, 1),
                "peak_mb": self.peak_mb,
                "ended": self.ended,
                "sandbox": self.sandbox,
            },
        }
        return shown

    def as_json(self) -> dict[str, Any]:
        """This run as plain JSON."""
        return {"format": FORMAT, **vars(self)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Ran":
        """The run that `as_json` gave; raises KeyError, TypeError or ValueError for anything else."""
        fields = dict(kept)
        if fields.pop("format") != FORMAT:
            raise ValueError("another format")
        fields["cells"] = tuple((outputs, count) for outputs, count in fields["cells"])
        return cls(**fields)


def run(work: Work, runner: Any) -> Ran:
    """Run `work` with `runner`, in a folder of its own. Raises only when nothing can be run at all."""
    with tempfile.TemporaryDirectory(prefix="foursteps-") as own:
        copy_files(work.folder, Path(own))
        result = run_submission(work.notebook, work.prepared, runner, Path(own), work.limits)
    return Ran.of(work, result, walls.label(runner))


def run_submission(
    notebook: NotebookNode, prepared: Prepared, runner: Any, folder: Path, limits: Limits
) -> RunResult:
    """Run `notebook` in grading mode in `folder`; a cell that raises does not end the run."""
    going_on = nbs.clone(notebook)
    for cell in nbs.code_cells(going_on):
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != "skip-execution"]
        cell.metadata["tags"] = [*tags, GO_ON]
    try:
        seeded = {"seed": prepared.seed} if "seed" in nbs.parameters(going_on) else {}
    except (SyntaxError, ValueError, RecursionError, MemoryError, FourstepsError):
        seeded = {}  # the cell fails when it runs, and its error says more
    tagged = nbs.tagged(going_on, "parameters")
    if not seeded and tagged is not None:
        tagged.metadata["tags"].remove("parameters")
    environment = cpu_environment(prepared.folder)
    return runner.run(going_on, parameters=seeded, cwd=folder, env=environment, limits=limits)


def how_it_ended(result: RunResult) -> str:
    """Which limit a run met, and what that cost, as one sentence; empty when it met none."""
    if result.status in ("ok", "error") or result.error is None:
        return ""
    error: CellError = result.error
    first = error.source.strip().splitlines()[0][:70] if error.source.strip() else ""
    # The learner's own cells, without the one that gave the grader's parameters.
    cells = [cell for cell in nbs.code_cells(result.notebook) if cell.id != INJECTED]
    number = [cell.id for cell in cells].index(error.cell) + 1 if error.cell != INJECTED else 0
    went_on = any(cell.execution_count for cell in cells[number:])
    cost = "it was interrupted, and the rest ran" if went_on else "nothing after it ran"
    return f"{error.value.rstrip('.')}, in code cell {number} (`{first}`); {cost}."


def copy_files(submitted: Path, folder: Path) -> None:
    """Copy a learner's own files into `folder`."""
    for path, inside in own_files(submitted)[0]:
        target = folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
