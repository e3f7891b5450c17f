"""A lecture as the book prints it: the text of today's notebook with the outputs of a run of the same code.

Pure: notebooks in, a notebook out.
"""

import copy
import re
from typing import Any

import nbformat
from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.errors import BookError

SHOWN = (
    "text/html",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "text/markdown",
    "text/latex",
    "text/plain",
)
"""What a page shows of an output. Other types (claims, evidence, widgets) are for machines."""

CLAIM = "application/vnd.foursteps.claim+json"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml")
NO_ALT = "A figure; the text after it says how to read it."


def printed(source: NotebookNode, executed: NotebookNode, where: object) -> NotebookNode:
    """The notebook `source` with the outputs of `executed`, a run of the same code.

    The prose is today's, so that mending a sentence needs no new run. `where` names the lecture in errors.
    Raises BookError, naming the cell, when a cell raised or was not run, when the run is of another code,
    or when it was given other parameters than the notebook shows.
    """
    runs = _code_of_run(source, executed, where)
    page = copy.deepcopy(source)
    for cell, run in zip(nb.code_cells(page), runs, strict=True):
        _refuse_failure(cell, run, where)
        cell.execution_count = run.execution_count
        cell.outputs = [shown for output in run.outputs if (shown := clean(output)) is not None]
        describe_figures(cell)
    return page


def _code_of_run(source: NotebookNode, executed: NotebookNode, where: object) -> list[NotebookNode]:
    """The run's code cells, without what papermill put in; BookError unless they are the source's."""
    given = nb.tagged(executed, "injected-parameters")
    plain = copy.copy(executed)
    plain.cells = [cell for cell in executed.cells if cell is not given]
    if nb.source_hash(plain) != nb.source_hash(source):
        raise BookError(
            where,
            expected="outputs of the very code that is printed",
            found=_first_difference(source, plain),
            mend="Run the lecture again: `foursteps reproduce`.",
        )
    if given is not None:
        declared = nb.parameters(source)
        values = nb.parameters(_only(given))
        other = {
            name: value
            for name, value in values.items()
            if declared.get(name, ...) != value and not (name == "device" and declared.get(name) == "auto")
        }
        if other:
            name, value = next(iter(other.items()))
            raise BookError(
                where,
                expected=f"the parameters that are printed: {name} = {declared.get(name, 'not declared')!r}",
                found=f"{name} = {value!r}",
                mend="Build from a run with the notebook's own parameters.",
            )
    return nb.code_cells(plain)


def _only(cell: NotebookNode) -> NotebookNode:
    """A notebook of one parameters cell, for `notebook.parameters`."""
    cell = copy.deepcopy(cell)
    cell.metadata["tags"] = ["parameters"]
    return nbformat.v4.new_notebook(cells=[cell])


def _first_difference(source: NotebookNode, run: NotebookNode) -> str:
    ours, theirs = nb.code_cells(source), nb.code_cells(run)
    for cell, other in zip(ours, theirs, strict=False):
        if cell.source != other.source:
            return f"a run in which cell {name(cell)} was written otherwise"
    if len(ours) != len(theirs):
        return f"a run of {len(theirs)} code cells, where the lecture has {len(ours)}"
    return "a run on another kernel"


def name(cell: NotebookNode) -> str:
    """How an error names a cell: its id, or the start of its first line."""
    return cell.get("id") or repr(cell.source.strip().splitlines()[0][:40] if cell.source.strip() else "")


def _refuse_failure(cell: NotebookNode, run: NotebookNode, where: object) -> None:
    for output in run.outputs:
        if output.output_type == "error":
            raise BookError(
                f"{where}, cell {name(cell)}",
                expected="a cell that runs",
                found=f"{output.ename}: {output.evalue}",
                mend="Mend the cell, then run the lecture again: `foursteps reproduce`.",
            )
    if cell.source.strip() and run.execution_count is None:
        raise BookError(
            f"{where}, cell {name(cell)}",
            expected="a run to the last cell",
            found="a cell that was not run",
            mend="Run the lecture again: `foursteps reproduce`.",
        )


def clean(output: NotebookNode) -> NotebookNode | None:
    """The part of an output that a page shows, or None.

    Dropped: what a library muttered on standard error, MIME types that no page can show (a claim's card
    stays, its data goes), and all but the last state of a progress line.
    """
    output = copy.deepcopy(output)
    if output.output_type == "stream":
        if output.name == "stderr":
            return None
        output.text = re.sub(r"[^\n]*\r(?!\n)", "", output.text)
        return output if output.text.strip() else None
    data = {kind: value for kind, value in output.get("data", {}).items() if kind in SHOWN}
    if not any(_text(value).strip() for value in data.values()):
        return None
    output.data = nbformat.from_dict(data)
    return output


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(map(str, value))


def describe_figures(cell: NotebookNode) -> bool:
    """Give the cell's figures the alternative text that its author wrote; False when one has none."""
    pictures = [o for o in cell.outputs if any(kind in o.get("data", {}) for kind in PICTURES)]
    if not pictures:
        return True
    alt = str(cell.metadata.get("foursteps", {}).get("alt", "")).strip()
    options = cell.metadata.setdefault("mystnb", nbformat.from_dict({}))
    options["image"] = nbformat.from_dict({"alt": " ".join(alt.split()) or NO_ALT})
    return bool(alt)


def undescribed(page: NotebookNode) -> tuple[str, ...]:
    """The cells of a printed page whose figures have no alternative text of their own."""
    return tuple(
        name(cell)
        for cell in nb.code_cells(page)
        if cell.metadata.get("mystnb", {}).get("image", {}).get("alt") == NO_ALT
    )


def claims_said(executed: NotebookNode) -> dict[str, dict[str, Any]]:
    """The claims that a run recorded, by name: what each cell emitted for machines."""
    said: dict[str, dict[str, Any]] = {}
    for cell in nb.code_cells(executed):
        for output in cell.outputs:
            claim = output.get("data", {}).get(CLAIM)
            if isinstance(claim, dict) and "name" in claim:
                said[claim["name"]] = dict(claim)
    return said
