"""Reading what was handed in to a plain course: as nbgrader does, or repaired where that would stop."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

from foursteps.grade.repair import repair
from foursteps.grade.submission import MAX_BYTES, read_submission
from foursteps.notebook import grader_metadata

ROLES = ("grade", "solution", "task")


class PlainExporter(NotebookExporter):
    """The exporter of a PlainAutograde: nbgrader's, but a notebook that would stop it is repaired first."""

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any) -> tuple[Any, dict]:
        """Convert a notebook; who calls: nbgrader, once to sanitize it and once to grade it."""
        path = Path(filename)
        autograde: Any = self.parent
        if not autograde._sanitizing:
            return super().from_filename(filename, resources=resources, **kw)
        known: Mapping[str, NotebookNode] = autograde.known
        notebook, notes = read_plain(path, known[path.stem])
        notebook.metadata["foursteps"] = {"repairs": notes}
        resources = {**(resources or {}), "metadata": {"name": path.stem, "path": str(path.parent)}}
        return self.from_notebook_node(notebook, resources=resources, **kw)


def read_plain(path: Path, known: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """The notebook at `path`, as it is when nbgrader can grade it, and else repaired, with what was done."""
    if path.is_symlink():  # to somebody else's work, for one
        return copy.deepcopy(known), ["The notebook was a link; it was graded as the untouched exercise."]
    try:
        if path.stat().st_size <= MAX_BYTES:
            notebook = nbformat.read(path, as_version=4)
            if is_sound(notebook, known):
                return notebook, []
    except Exception:  # nbformat raises many types on broken input; what can be had of it is read below
        pass
    read, notes = read_submission(path)
    if read is None:
        return copy.deepcopy(known), notes
    repaired, repairs = repair(read, known)
    # A notebook that names no kernel is no news where nbgrader gives it the release's.
    return repaired, [note for note in notes if "named no kernel" not in note] + repairs


def is_sound(notebook: NotebookNode, known: NotebookNode) -> bool:
    """Whether nbgrader's own steps would give `notebook` its marks: each known cell once, as what it was."""
    from nbgrader.nbgraderformat import MetadataValidator

    validator = MetadataValidator()
    found: list[tuple[str, tuple[bool, ...]]] = []
    for cell in notebook.cells:
        meta = grader_metadata(cell)
        if "nbgrader" not in cell.metadata:
            continue
        try:
            validator.validate_cell(cell)
        except Exception:  # nbgrader and jsonschema have many types for it
            return False
        if any(meta.get(role) for role in (*ROLES, "locked")):
            found.append((meta.get("grade_id", ""), _roles(cell)))
    return len(found) == len(known.cells) and dict(found) == {
        grader_metadata(cell)["grade_id"]: _roles(cell) for cell in known.cells
    }


def _roles(cell: NotebookNode) -> tuple[bool, ...]:
    return tuple(bool(grader_metadata(cell).get(role)) for role in ROLES)
