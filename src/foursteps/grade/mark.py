"""A notebook as it ran in; outcomes out. Pure: reads evidence, calls `score`, touches no file.

Whatever else a graded cell printed is not looked at.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping

from nbformat import NotebookNode

from foursteps.checks.definition import AnyCheck, Function, WriteUp
from foursteps.checks.evidence import MIME, Evidence, parse
from foursteps.errors import EvidenceError
from foursteps.grade.score import Key, Outcome, score
from foursteps.notebook import grader_metadata


def mark(
    notebook: NotebookNode, checks: Iterable[AnyCheck], keys: Mapping[str, Key], *, ended: str = ""
) -> tuple[Outcome, ...]:
    """The outcome of every check that needs no person, in the order of `checks`.

    notebook : as it ran in grading mode.
    keys : by check; a property needs none.
    ended : why the run stopped before its end, as one sentence; said where a cell has no evidence.
    """
    cells = {
        grader_metadata(cell).get("grade_id"): cell
        for cell in notebook.cells
        if cell.cell_type == "code" and grader_metadata(cell).get("grade")
    }
    return tuple(
        _mark_cell(cells.get(check.name), check, keys.get(check.name), ended)
        for check in checks
        if not isinstance(check, WriteUp)
    )


def _mark_cell(cell: NotebookNode | None, check: AnyCheck, key: Key | None, ended: str) -> Outcome:
    nothing = Outcome(check.name, "crashed", 0.0, check.points)
    if cell is None:
        return dataclasses.replace(nothing, reason="The notebook has no cell for this check.")
    found = bundles(cell)
    if len(found) > 1:
        reason = f"The cell gave {len(found)} bundles of evidence where one counts, so none does."
        return dataclasses.replace(nothing, state="failed", reason=reason)
    if not found:
        return dataclasses.replace(nothing, reason=_why_none(cell, ended))
    try:
        evidence: Evidence = parse(found[0])
    except EvidenceError as error:
        reason = f"The evidence cannot be read: {error.found}."
        return dataclasses.replace(nothing, state="failed", reason=reason)
    return score(check, evidence, key)


def bundles(cell: NotebookNode) -> list[object]:
    """Every evidence bundle among a cell's outputs, unread."""
    return [
        output["data"][MIME]
        for output in cell.get("outputs", [])
        if isinstance(output.get("data"), dict) and MIME in output["data"]
    ]


def _why_none(cell: NotebookNode, ended: str) -> str:
    for output in cell.get("outputs", []):
        if output.get("output_type") == "error":
            message = " ".join(f"{output.get('ename')}: {output.get('evalue')}".split())
            return f"{message[:300].rstrip(': ')}. The cell ended before its check could look at anything."
    return ended or "The cell ended before its check could look at anything."


def without_key(check: AnyCheck, outcome: Outcome) -> Outcome:
    """`outcome` as a learner may see it: nothing in it tells what was right on a hidden input."""
    if not isinstance(check, Function) or outcome.state != "failed":
        return outcome
    # What it raised, or its shape, helps and gives nothing away; a value with its distance does.
    kept = re.match(
        r"Right on \d+ of \d+ inputs(; on input \d+ (it raised|the shape is) .*)?", outcome.reason
    )
    reason = kept.group().rstrip(".") + "." if kept else outcome.reason
    counts = re.match(r"Right on (\d+ of \d+)", outcome.reason)
    got = f"{counts.group(1)} hidden inputs right" if counts else outcome.got
    return dataclasses.replace(outcome, got=got, expected="", reason=reason)
