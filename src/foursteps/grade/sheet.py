"""A submission's notebook, from what was handed in to what a person and the gradebook read. No database.

`handed_in` reads and repairs it; a run gives it outputs; `marked` puts a card and the points in the place
of each graded cell's evidence, and takes the sting out of all else.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell

from foursteps import notebook as nbs
from foursteps.checks.card import html_card, text_card
from foursteps.checks.definition import AnyCheck, WriteUp
from foursteps.course import Exercise
from foursteps.grade import walls
from foursteps.grade.intake import own_files
from foursteps.grade.keys import digest
from foursteps.grade.mark import mark, without_key
from foursteps.grade.prepare import Prepared
from foursteps.grade.repair import repair
from foursteps.grade.score import Outcome
from foursteps.grade.submission import read_submission
from foursteps.grade.tame import inert_html, tame
from foursteps.release.exercise import checksum


def handed_in(path: Path, exercise: Exercise, release: NotebookNode) -> NotebookNode:
    """The notebook at `path`, repaired; its metadata `foursteps` say what was repaired."""
    notebook, notes = read_submission(path)
    return repaired(notebook, notes, exercise, release)


def repaired(
    notebook: NotebookNode | None, notes: list[str], exercise: Exercise, release: NotebookNode
) -> NotebookNode:
    """`notebook` with the cells of `release` in place; the release itself where it could not be read."""
    if notebook is None:
        notebook = nbs.clone(release)
    else:
        notebook, repairs = repair(notebook, release)
        notes = notes + repairs
    notebook.metadata["foursteps"] = {"exercise": str(exercise), "repairs": notes}
    return notebook


def marked(notebook: NotebookNode, prepared: Prepared, release: NotebookNode, origin: str) -> NotebookNode:
    """`notebook`, as it ran, with cards and points; changed in place.

    origin : of what its marks come from, as `graded_from` gives it; kept in the metadata, with the outcomes.
    """
    said = dict(notebook.metadata["foursteps"])
    outcomes = list(mark(notebook, prepared.checks, prepared.keys, ended=said["run"]["ended"]))
    outcomes += untouched_write_ups(notebook, prepared.checks)
    checks = {check.name: check for check in prepared.checks}
    shown = {o.check: without_key(checks[o.check], o) for o in outcomes if o.check in checks}
    plain = {cell.source for cell in release.cells}
    for cell in notebook.cells:
        name = nbs.grader_metadata(cell).get("grade_id")
        if cell.cell_type == "code" and name in shown:
            cell.outputs = card_and_points(shown[name], checks[name])
            cell.execution_count = None
        elif cell.cell_type == "code" or cell.source not in plain:
            tame(cell)
    _put_rubrics(notebook, checks)
    said["outcomes"] = [outcome_record(outcome) for outcome in shown.values()]
    said["graded_from"] = origin
    notebook.metadata["foursteps"] = said
    if notice := about(said):
        notebook.cells.insert(0, notice)
    return notebook


def _put_rubrics(notebook: NotebookNode, checks: Mapping[str, AnyCheck]) -> None:
    """Put each write-up's rubric above it, where whoever marks it in the formgrader has it in sight."""
    for place in reversed(range(len(notebook.cells))):
        check = checks.get(nbs.grader_metadata(notebook.cells[place]).get("grade_id", ""))
        if isinstance(check, WriteUp) and check.rubric:
            lines = [f"- {line.looks_for}: {line.points:g}" for line in check.rubric]
            text = "\n".join([f"**Marked by a person, {check.points:g} points:**", "", *lines])
            rubric = new_markdown_cell(text, id=f"rubric-{check.name}"[:64].replace("_", "-"))
            notebook.cells.insert(place, rubric)


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
    page = inert_html(html_card(outcome, check.asks))
    card = {"text/plain": text_card(outcome, check.asks), "text/html": page}
    points = {"text/plain": repr(float(outcome.points))}
    # Not by nbformat's new_output, whose validation is most of what marking a class again would cost.
    return [
        from_dict({"output_type": "display_data", "metadata": {}, "data": card}),
        from_dict({"output_type": "execute_result", "metadata": {}, "data": points, "execution_count": None}),
    ]


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the autograded notebook's metadata keep it."""
    names = ("check", "state", "points", "max_points", "got", "reason")
    return {name: getattr(outcome, name) for name in names}


def about(said: Mapping[str, Any]) -> NotebookNode | None:
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


def graded_from(folder: Path, exercise: str, stamp: str, label: str) -> str:
    """A digest of all that the marks of an exercise come from: the submission in `folder`, and what grades
    it.

    stamp : as `prepare.stamp_for_class` gives it. label : the walls around the run.
    """
    own, _ = own_files(folder)
    files = [part for path, inside in own for part in (inside.encode("utf-8", "replace"), path)]
    return digest(folder / f"{exercise}.ipynb", [stamp, label], *files)


def read_autograded(path: Path) -> dict[str, Any]:
    """The metadata `foursteps` of an autograded notebook; empty when none can be read."""
    try:
        return dict(json.loads(path.read_bytes())["metadata"]["foursteps"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
