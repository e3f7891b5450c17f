"""What nbgrader's autograde runs here, in its order: Repair, then RunSubmission and ScoreEvidence.

RunSubmission stands in the place of nbgrader's Execute. ScoreEvidence writes the points where nbgrader's own
SaveAutoGrades reads them: as a plain float, the only result of a graded cell.
"""

import copy
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from traitlets import Any as AnyTrait
from traitlets import Unicode

from foursteps import atomic
from foursteps import notebook as nbs
from foursteps.checks.card import html_card, text_card
from foursteps.checks.definition import AnyCheck, WriteUp
from foursteps.errors import FourstepsError
from foursteps.grade import walls
from foursteps.grade.gradebook import released
from foursteps.grade.mark import bundles, mark, without_key
from foursteps.grade.prepare import Prepared, cpu_environment, prepare_for_class
from foursteps.grade.repair import repair
from foursteps.grade.score import Outcome
from foursteps.grade.tame import tame
from foursteps.release.exercise import checksum
from foursteps.release.preprocessors import CoursePreprocessor
from foursteps.run import CellError, ColdRunner, Limits, RunResult

FILES_BYTES = 100 * 2**20
INJECTED = "injected-parameters"
GO_ON = "raises-exception"
"""nbclient's tag for a cell whose exception does not end the run."""


class Repair(CoursePreprocessor):
    """Put graded and locked cells back as they were released; note each repair for the feedback."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The repaired notebook; its metadata `foursteps` says what was repaired."""
        exercise = self.exercise(resources)
        release = released(self.course().topic(exercise.topic))[exercise.name]
        said = nb.metadata.get("foursteps", {})
        notes = list(said.get("repairs", []))
        if said.get("unreadable"):
            notebook = copy.deepcopy(release)
        else:
            notebook, repairs = repair(nb, release)
            notes += repairs
        notebook.metadata["foursteps"] = {"exercise": str(exercise), "repairs": notes}
        for note in notes:
            self.log.warning("%s, %s: %s", resources["nbgrader"]["student"], exercise, note)
        return notebook, resources


class GradingPreprocessor(CoursePreprocessor):
    """A preprocessor that has the exercise prepared for this class."""

    runner = AnyTrait(help="The Runner of submissions; a warm one in the sandbox unless given.").tag(
        config=True
    )
    sandbox = Unicode("bwrap", help="bwrap, external, none, or best: what this machine has.").tag(config=True)

    def prepared(self, resources: dict[str, Any]) -> Prepared:
        """What the class's exercise is graded with; made when it is asked for the first time."""
        return prepare_for_class(self.course(), self.exercise(resources), self.runner or ColdRunner())

    def submissions_runner(self, resources: dict[str, Any]) -> Any:
        """What runs a submission."""
        return self.runner or walls.runner_for(self.course(), self.exercise(resources), self.sandbox)


class RunSubmission(GradingPreprocessor):
    """Run a submission in grading mode, in a folder of its own, within its limits."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook as it ran; its metadata say how the run ended. Raises only when no kernel starts."""
        prepared = self.prepared(resources)
        names = resources["nbgrader"]
        course = self.course()
        settings = course.topic(names["assignment"]).settings
        submitted = course.workspace / "submitted" / names["student"] / names["assignment"]
        with tempfile.TemporaryDirectory(prefix="foursteps-") as own:
            copy_files(submitted, Path(own))
            runner = self.submissions_runner(resources)
            result = run_submission(
                nb,
                prepared,
                runner,
                Path(own),
                Limits(notebook_seconds=settings.grading_seconds, cell_seconds=settings.cell_seconds),
            )
        said = dict(nb.metadata["foursteps"])
        said["run"] = {
            "status": result.status,
            "seconds": round(result.seconds, 1),
            "peak_mb": round(result.peak_mb),
            "ended": how_it_ended(result),
            "sandbox": walls.label(runner),
        }
        ran = copy.deepcopy(nb)
        outputs = {cell.id: cell.outputs for cell in nbs.code_cells(result.notebook)}
        counts = {cell.id: cell.execution_count for cell in nbs.code_cells(result.notebook)}
        for cell in nbs.code_cells(ran):
            cell.outputs, cell.execution_count = outputs.get(cell.id, []), counts.get(cell.id)
        ran.metadata["foursteps"] = said
        return ran, resources


def run_submission(
    notebook: NotebookNode, prepared: Prepared, runner: Any, folder: Path, limits: Limits
) -> RunResult:
    """Run `notebook` in grading mode in `folder`; a cell that raises does not end the run."""
    going_on = copy.deepcopy(notebook)
    for cell in nbs.code_cells(going_on):
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != "skip-execution"]
        cell.metadata["tags"] = [*tags, GO_ON]
    try:
        seeded = {"seed": prepared.seed} if "seed" in nbs.parameters(going_on) else {}
    except (SyntaxError, ValueError, RecursionError, FourstepsError):
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
    """Copy a learner's own files beside the notebook; no links, no notebooks, at most FILES_BYTES."""
    room = FILES_BYTES
    for place, _, names in os.walk(submitted):
        for name in names:
            path = Path(place) / name
            if path.is_symlink() or not path.is_file() or path.suffix == ".ipynb":
                continue
            room -= path.stat().st_size
            if room < 0:
                return
            target = folder / path.relative_to(submitted)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


class ScoreEvidence(GradingPreprocessor):
    """Score what the checks emitted; leave in each graded cell its card and its points, and nothing else."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook as a person and the gradebook read it. The evidence is kept in the class's folder."""
        prepared, names = self.prepared(resources), resources["nbgrader"]
        course, exercise = self.course(), self.exercise(resources)
        said = dict(nb.metadata["foursteps"])
        kept = course.workspace / "evidence" / names["student"] / exercise.topic / f"{exercise.name}.json"
        keep_evidence(kept, nb, prepared, said)
        outcomes = list(mark(nb, prepared.checks, prepared.keys, ended=said["run"]["ended"]))
        outcomes += untouched_write_ups(nb, prepared.checks)

        shown = {
            check.name: without_key(check, o)
            for o in outcomes
            for check in prepared.checks
            if check.name == o.check
        }
        checks = {check.name: check for check in prepared.checks}
        plain = {cell.source for cell in released(course.topic(exercise.topic))[exercise.name].cells}
        for cell in nb.cells:
            name = nbs.grader_metadata(cell).get("grade_id")
            if cell.cell_type == "code" and name in shown:
                cell.outputs = card_and_points(shown[name], checks[name])
                cell.execution_count = None
            elif cell.cell_type == "code" or cell.source not in plain:
                tame(cell)
        submitted = (
            course.workspace / "submitted" / names["student"] / exercise.topic / f"{exercise.name}.ipynb"
        )
        said["outcomes"] = [outcome_record(outcome) for outcome in shown.values()]
        said["graded_from"] = graded_from(submitted, prepared)
        nb.metadata["foursteps"] = said
        if notice := about(said):
            nb.cells.insert(0, notice)
        return nb, resources


def keep_evidence(path: Path, notebook: NotebookNode, prepared: Prepared, said: dict[str, Any]) -> None:
    """Keep what the graded cells emitted, so that a class can be scored again without running anything."""
    evidence = {
        nbs.grader_metadata(cell)["grade_id"]: bundles(cell)
        for cell in nbs.code_cells(notebook)
        if nbs.grader_metadata(cell).get("grade")
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    record = {"schema": 1, "stamp": prepared.stamp, "run": said["run"], "evidence": evidence}
    atomic.write_text(path, json.dumps(record), mode=0o600)


def untouched_write_ups(notebook: NotebookNode, checks: tuple[AnyCheck, ...]) -> list[Outcome]:
    """The outcomes of write-ups in which nothing was written; the others wait for a person."""
    wanted = {check.name: check for check in checks if isinstance(check, WriteUp)}
    return [
        Outcome(name, "not_attempted", 0.0, wanted[name].points, reason="Nothing is written here yet.")
        for cell in notebook.cells
        if (name := nbs.grader_metadata(cell).get("grade_id")) in wanted
        and checksum(cell) == nbs.grader_metadata(cell).get("checksum")
    ]


def card_and_points(outcome: Outcome, check: AnyCheck) -> list[NotebookNode]:
    """A graded cell's outputs: the card for people, the points for nbgrader."""
    card = {"text/plain": text_card(outcome, check.asks), "text/html": html_card(outcome, check.asks)}
    return [
        new_output("display_data", data=card),
        new_output("execute_result", data={"text/plain": repr(float(outcome.points))}, execution_count=None),
    ]


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the autograded notebook's metadata keep it."""
    record = asdict(outcome)
    return {name: record[name] for name in ("check", "state", "points", "max_points", "got", "reason")}


def graded_from(submitted: Path, prepared: Prepared) -> str:
    """A digest of all that the marks of a submission come from."""
    from foursteps.grade.keys import digest

    return digest(submitted, prepared.stamp)


def about(said: dict[str, Any]) -> NotebookNode | None:
    """A first cell that tells what was repaired and which limit was hit; None with nothing to tell."""
    told = [*said["repairs"], *([said["run"]["ended"]] if said["run"]["ended"] else [])]
    if said["run"].get("sandbox") == walls.UNSANDBOXED:
        told.append("It was graded without a sandbox.")
    if not told:
        return None
    lines = ["### About this submission", "", *(f"- {note}" for note in told)]
    cell = new_markdown_cell("\n".join(lines), id="about-this-submission")
    tame(cell)
    return cell


def read_autograded(path: Path) -> dict[str, Any]:
    """The metadata `foursteps` of an autograded notebook; empty when there is none yet."""
    if not path.is_file():
        return {}
    return nbformat.read(path, as_version=4).metadata.get("foursteps", {})
