"""Reading what a learner handed in: as much of it as is there, never an exception.

nbgrader reads a notebook before any of its preprocessors runs, and stops at one that it cannot read. So the
reading is ours: what is no notebook at all is graded as the untouched exercise, with a sentence.
"""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from foursteps.grade.intake import left_out

MAX_BYTES = 64 * 2**20
"""Of a notebook with its outputs. JSON takes some twenty times its length in memory while it is read."""
MAX_CELLS = 1000
MAX_SOURCE = 100_000
MAX_SOURCES = 500_000
"""Characters of one cell and of all of them: whoever shows a notebook colours its code letter by letter."""
CELL_TYPES = ("code", "markdown", "raw")
ENGINE_TAGS = {"injected-parameters", "skip-execution"}
"""What papermill and nbclient take orders from; only the grader gives them."""
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
IMAGE = re.compile(r"image/(png|jpeg|gif)")


def read_submission(path: Path) -> tuple[NotebookNode | None, list[str]]:
    """The notebook at `path` and what had to be said about it; None when there is none to be had.

    Kept are each cell's type, source, id, tags, images in Markdown and nbgrader's metadata. Outputs, and
    whatever else the metadata hold, are left behind: nothing of them is graded.
    """
    notes = left_out(path.parent)
    size = path.stat().st_size
    if size > MAX_BYTES:
        limit = MAX_BYTES / 2**20
        mend = "Clear its outputs and hand it in again"
        notes.append(_lost(f"it is {size / 2**20:.0f} MB large; at most {limit:.0f} MB are read", mend))
        return None, notes
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = content.decode("utf-8", "replace")
        notes.append(
            f"The file has bytes that are not UTF-8, the first at {error.start}; they were replaced."
        )
    try:
        raw = json.loads(text)
        if isinstance(raw, dict) and isinstance(raw.get("worksheets"), list):
            raw = nbformat.convert(nbformat.from_dict(raw), 4)
    except Exception as error:  # nbformat raises many types on broken input
        found = re.sub(r"\s+", " ", str(error))[:120]
        return None, [*notes, _lost(f"it is no JSON ({found})")]
    if not isinstance(raw, dict) or not isinstance(raw.get("cells"), list):
        return None, [*notes, _lost("it is JSON, but no notebook: it has no cells")]
    cells = [cell for cell in map(_salvage, raw["cells"][:MAX_CELLS]) if cell is not None]
    if dropped := len(raw["cells"]) - len(cells):
        notes.append(f"{dropped} of {len(raw['cells'])} cells could not be read and were left out.")
    notes += _without_long_cells(cells)
    if not isinstance(raw.get("metadata"), dict) or "kernelspec" not in raw["metadata"]:
        notes.append("The notebook named no kernel; the exercise's own was used.")
    notebook = new_notebook()
    notebook.cells = cells
    return notebook, notes


def _lost(reason: str, mend: str = "") -> str:
    lost = f"The notebook could not be read: {reason}. It was graded as the untouched exercise."
    return f"{lost} {mend}." if mend else lost


def _without_long_cells(cells: list[NotebookNode]) -> list[str]:
    """Leave out cells that are too long, and those for which no room is left; sentences that say so."""
    room, long = MAX_SOURCES, 0
    for index, cell in reversed(list(enumerate(cells))):
        if len(cell.source) > min(MAX_SOURCE, room):
            del cells[index]
            long += 1
        else:
            room -= len(cell.source)
    if not long:
        return []
    were = "cell was" if long == 1 else "cells were"
    limit = f"a cell may have {MAX_SOURCE:,} characters, a notebook {MAX_SOURCES:,}"
    return [f"{long} {were} left out: {limit}. Read data from a file beside the notebook."]


def _salvage(raw: Any) -> NotebookNode | None:
    """A cell with what may be kept of `raw`, or None when it is no cell."""
    if not isinstance(raw, dict) or raw.get("cell_type") not in CELL_TYPES:
        return None
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    # Not by nbformat's new_code_cell, which validates, and invents an id where the repair gives one.
    cell = NotebookNode(cell_type=raw["cell_type"], metadata=NotebookNode(), source=_clean(source))
    if cell.cell_type == "code":
        cell.update(outputs=[], execution_count=None)
    if isinstance(raw.get("id"), str) and CELL_ID.fullmatch(raw["id"]):
        cell["id"] = raw["id"]
    metadata = raw.get("metadata")
    if isinstance(metadata, dict):
        tags = metadata.get("tags")
        if isinstance(tags, list):
            kept = [tag for tag in tags if isinstance(tag, str) and CELL_ID.fullmatch(tag)]
            kept = [tag for tag in kept if tag not in ENGINE_TAGS]
            cell.metadata["tags"] = list(dict.fromkeys(kept))  # nbformat wants each once
        grade_id = (
            metadata["nbgrader"].get("grade_id") if isinstance(metadata.get("nbgrader"), dict) else None
        )
        if isinstance(grade_id, str):
            cell.metadata["nbgrader"] = {"grade_id": _clean(grade_id)}
    if cell.cell_type == "markdown" and (images := _images(raw.get("attachments"))):
        cell["attachments"] = images
    return cell


def _clean(text: str) -> str:
    """`text` without halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _images(raw: Any) -> dict[str, dict[str, str]]:
    """The pictures among a cell's attachments."""
    if not isinstance(raw, dict):
        return {}
    found = {}
    for name, bundle in raw.items():
        if isinstance(bundle, dict) and re.fullmatch(r"[\w. -]{1,100}", name):
            kept = {
                mime: data
                for mime, data in bundle.items()
                if IMAGE.fullmatch(mime)
                and isinstance(data, str)
                and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)
            }
            if kept:
                found[name] = kept
    return found
