"""One released exercise, from its solution: stubs, header, locks, checksums. Pure: no database, no kernel."""

import copy
import hashlib

from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.checks.definition import AnyCheck
from foursteps.course import Exercise
from foursteps.errors import NotebookError
from foursteps.grade.keys import digest
from foursteps.grade.prepare import checks_of
from foursteps.release.header import fill_exercise_header
from foursteps.release.stub import stub


def released_text(exercise: Exercise) -> str:
    """The text that the released notebook of `exercise` has when it is what its solution gives."""
    return nb.dumps(released_notebook(exercise, nb.read(exercise.source), checks_of(exercise)))


def released_notebook(
    exercise: Exercise, solution: NotebookNode, checks: tuple[AnyCheck, ...]
) -> NotebookNode:
    """The notebook that learners get. Every cell keeps its id, its tags and its foursteps metadata.

    Raises NotebookError when the solution breaks a rule that the release needs: markers, ids, a header.
    """
    notebook = copy.deepcopy(solution)
    _require_ids(exercise, notebook)
    fill_exercise_header(exercise, notebook, checks)
    stub(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cell.metadata.pop("execution", None)
        _lock(cell)
    said = dict(notebook.metadata.get("foursteps", {}))
    said |= {"exercise": str(exercise), "released_from": digest(nb.source_hash(solution), exercise.grader)}
    notebook.metadata = type(notebook.metadata)(kernelspec=notebook.metadata.kernelspec, foursteps=said)
    return notebook


def _require_ids(exercise: Exercise, notebook: NotebookNode) -> None:
    """Every cell that nbgrader knows has an id of its own, and so has every cell."""
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells, 1):
        meta = nb.grader_metadata(cell)
        known = meta.get("grade") or meta.get("solution") or meta.get("locked")
        for name in [cell.get("id"), *([meta.get("grade_id")] if known else [])]:
            key = f"{name!r} {name == cell.get('id')}" if name else None
            if key is None or (name != cell.get("id") and key in seen):
                raise NotebookError(
                    f"{exercise.source}, cell {number}",
                    expected="an id of its own",
                    found=f"the id {name}, which an earlier cell has" if name else "no id",
                    mend="Give the cell another id, and save the notebook as nbformat 4.5.",
                )
            seen.add(key)


def _lock(cell: NotebookNode) -> None:
    """Mark what may not be edited or deleted, as nbgrader's LockCells does, and note the checksum."""
    meta = cell.metadata.get("nbgrader")
    if not meta or not (meta.get("grade") or meta.get("solution") or meta.get("locked")):
        return
    cell.metadata["deletable"] = False
    if not meta.get("solution"):
        cell.metadata["editable"] = False
    meta["cell_type"] = cell.cell_type
    meta["checksum"] = checksum(cell)


def checksum(cell: NotebookNode) -> str:
    """nbgrader's checksum of a cell (32 hex digits), by which it sees an edit.

    The same as `nbgrader.utils.compute_checksum`, which takes seconds to import; a test holds them together.
    """
    meta = cell.metadata["nbgrader"]
    grade, solution = bool(meta.get("grade")), bool(meta.get("solution"))
    locked = not solution and (grade or bool(meta.get("locked")))
    parts = [cell.source, cell.cell_type, str(grade), str(solution), str(locked), meta["grade_id"]]
    if grade:
        parts.append(str(float(meta["points"])))
    return hashlib.md5("".join(parts).encode("utf-8"), usedforsecurity=False).hexdigest()
