"""Reading, writing and asking about notebooks, without running them."""

import ast
import hashlib
import json
import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient

from foursteps import atomic
from foursteps.errors import NotebookError

MAX_BYTES = 50 * 2**20
MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
# Before 3.11.8 ast.parse in two threads at once can fail with a SystemError (CPython issue 106905).
_parsing = threading.Lock()


def read(path: Path, *, max_bytes: int = MAX_BYTES) -> NotebookNode:
    """Read the notebook at `path` as nbformat 4.

    Raises NotebookError when the file is missing, larger than `max_bytes`, not UTF-8, not JSON, not a
    notebook, or names no kernel.
    """
    path = Path(path)
    if not path.is_file():
        raise _unusable(path, "no such file", "Check the path, or create the notebook.")
    if path.stat().st_size > max_bytes:
        raise _unusable(
            path,
            f"{path.stat().st_size / 2**20:.0f} MB, more than the limit of {max_bytes / 2**20:.0f} MB",
            "Clear its outputs and save it again.",
        )
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unusable(
            path, f"bytes that are not UTF-8 at {error.start}", "Save it again from JupyterLab."
        ) from None
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unusable(path, f"no JSON ({error})", "Restore it from git or from a backup.") from None
    try:
        nbformat.validate(raw)
        notebook = nbformat.reads(text, as_version=4)  # joins the lists of lines that files have
    except Exception as error:  # nbformat raises many types on broken input
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise _unusable(
            path, f"JSON of another shape ({reason})", "Restore it from git or from a backup."
        ) from None
    if not notebook.metadata.get("kernelspec", {}).get("name"):
        raise _unusable(path, "no kernel", "Open it in JupyterLab, choose the kernel Python 3, and save it.")
    return notebook


def _unusable(path: Path, found: str, mend: str) -> NotebookError:
    return NotebookError(path, expected="a Jupyter notebook with a kernel", found=found, mend=mend)


def write(path: Path, notebook: NotebookNode) -> None:
    """Write `notebook` to `path` in the one form that git sees: sorted keys, one space, a last newline."""
    atomic.write_text(Path(path), dumps(notebook))


def dumps(notebook: NotebookNode) -> str:
    """The notebook as the text that `write` writes."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def clone(node: Any) -> Any:
    """A copy of a notebook, or of a part of one, that shares nothing with it.

    As copy.deepcopy, for plain JSON only, in a fifth of its time: a class is marked again in copies.
    """
    if isinstance(node, dict):
        made = type(node)()
        # Most values are no part with parts of its own: to ask here saves two calls of three.
        dict.update(
            made,
            {
                name: clone(value) if isinstance(value, (dict, list, tuple)) else value
                for name, value in node.items()
            },
        )
        return made
    return [clone(item) for item in node] if isinstance(node, (list, tuple)) else node


def text_of(notebook: NotebookNode) -> str:
    """The text that nbformat writes for a notebook of its version 4, byte for byte, and much sooner.

    A class hands in one exercise: most cells of one notebook are the cells of the last, and are known.
    """
    cells = ",\n  ".join(_cell_text(_json(cell)) for cell in notebook.cells)
    rest = strip_transient(NotebookNode(clone({**notebook, "cells": []})))
    text = json.dumps(rest, ensure_ascii=False, indent=1, sort_keys=True)
    return text.replace(' "cells": []', f' "cells": [\n  {cells}\n ]', 1) if cells else text


@lru_cache(maxsize=4096)
def _cell_text(cell: str) -> str:
    """A cell, given as JSON, as it stands in a notebook's text: lists of lines, two spaces further in."""
    one = NotebookNode(cells=[nbformat.from_dict(json.loads(cell))], metadata={})
    (plain,) = strip_transient(split_lines(one)).cells
    # No string has a line's end in it: JSON writes it as two letters.
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True).replace("\n", "\n  ")


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def grader_metadata(cell: NotebookNode) -> dict[str, Any]:
    """A cell's nbgrader metadata; empty for a cell that nbgrader does not know."""
    return cell["metadata"].get("nbgrader", {})


def graded_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that carry points, by grade_id, in order; raises NotebookError on a repeated id."""
    cells: dict[str, NotebookNode] = {}
    for cell in notebook.cells:
        meta = grader_metadata(cell)
        if not meta.get("grade"):
            continue
        name = meta.get("grade_id")
        if not name or name in cells:
            raise NotebookError(
                f"cell {cell.get('id', '?')}",
                expected="an nbgrader id of its own",
                found=f"the id {name!r}, which an earlier cell has" if name else "no nbgrader id",
                mend="Give the cell another id in the Create Assignment panel.",
            )
        cells[name] = cell
    return cells


def tagged(notebook: NotebookNode, tag: str) -> NotebookNode | None:
    """The first cell with `tag`, or None."""
    for cell in notebook.cells:
        if tag in cell.metadata.get("tags", []):
            return cell
    return None


def parameters(notebook: NotebookNode) -> dict[str, Any]:
    """The parameters the notebook declares, by name, with their defaults.

    They are the literal assignments of the cell tagged `parameters`, papermill's convention. Raises
    NotebookError for an assignment whose value is not a literal.
    """
    cell = tagged(notebook, "parameters")
    if cell is None:
        return {}
    declared: dict[str, Any] = {}
    for node in syntax_tree(cell.source, "parameters cell").body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(targets[0], ast.Name):
            continue
        if node.value is None:
            continue
        try:
            declared[targets[0].id] = ast.literal_eval(node.value)
        except ValueError:
            raise NotebookError(
                f"parameters cell, line {node.lineno}",
                expected="a literal value",
                found=f"`{ast.unparse(node)}`",
                mend="Move computed values to a later cell.",
            ) from None
    return declared


def syntax_tree(source: str, where: object) -> ast.Module:
    """The syntax tree of a cell's source; lines of IPython magic count as `pass`. Raises NotebookError."""
    try:
        with _parsing:
            try:
                return ast.parse(source)
            except SyntaxError:
                return ast.parse(MAGIC.sub(r"\1pass", source))
    except SyntaxError as error:
        raise NotebookError(
            f"{where}, line {error.lineno}",
            expected="Python code",
            found=f"{error.msg}: {(error.text or '').strip()!r}",
            mend="Correct the cell.",
        ) from None


def source_hash(notebook: NotebookNode) -> str:
    """SHA-256 (64 hex digits) of what a run depends on: the kernel and the source of the code cells."""
    digest = hashlib.sha256(notebook.metadata.get("kernelspec", {}).get("name", "").encode())
    for cell in code_cells(notebook):
        digest.update(b"\0" + cell.source.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
