"""A new release into a learner's copy: three notebooks in, one out, and what has to be said. Pure.

Cells are matched by what they are (nbgrader's id, the cell's id, their text), so that a learner may move,
copy and delete them; the text of a cell that both sides changed is merged by nbdime, three ways. The
learner's text stays the learner's: where the two collide, theirs stays and the new one is shown beside it.
"""

import copy
import itertools
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from foursteps.notebook import grader_metadata

TAG = "foursteps-update"
GIVEN_METADATA = ("nbgrader", "deletable", "editable", "tags")
"""What a release says about its cells; everything else in a cell's metadata is the learner's."""


@dataclass
class Merged:
    """The merged notebook, a sentence for whatever is worth one, and the conflicts among them."""

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def merge(base: NotebookNode, local: NotebookNode, remote: NotebookNode) -> Merged:
    """The learner's notebook with everything that changed between two releases.

    base : what was handed out then. local : what the learner made of it. remote : what is handed out now.
    """
    return _Merge(base, local, remote).done()


class _Merge:
    def __init__(self, base: NotebookNode, local: NotebookNode, remote: NotebookNode):
        self.base = {_key(cell): cell for cell in base.cells}
        self.remote = {_key(cell): cell for cell in remote.cells}
        self.result = copy.deepcopy(local)
        self.result.metadata["foursteps"] = copy.deepcopy(remote.metadata.get("foursteps", NotebookNode()))
        self.local = copy.deepcopy(local.cells)
        self.names = self._identify()
        self.cells: list[tuple[str | None, NotebookNode]] = []
        self.out = Merged(self.result)

    def done(self) -> Merged:
        for name, cell in zip(self.names, self.local, strict=True):
            self._take(name, cell)
        self._deleted()
        self._new()
        self.result.cells = self._with_own_ids()
        self.result.nbformat, self.result.nbformat_minor = 4, max(self.result.get("nbformat_minor", 5), 5)
        return self.out

    def _identify(self) -> list[str | None]:
        """For each of the learner's cells, which handed-out cell it is; each of these at most once."""
        names: list[str | None] = [None] * len(self.local)
        free = {name: cell for name, cell in (self.remote | self.base).items()}
        by_id = {cell.get("id"): name for name, cell in free.items()}
        looks = (
            lambda cell: (
                by_id.get(cell.get("id")) if _grade_id(cell) in (None, by_id.get(cell.get("id"))) else None
            ),
            _grade_id,
            lambda cell: by_id.get(cell.get("id")),
            lambda cell: next((name for name, other in free.items() if _same_text(cell, other)), None),
        )
        for look in looks:
            for index, cell in enumerate(self.local):
                if names[index] is None and (name := look(cell)) in free:
                    names[index] = name
                    del free[name]
        return names

    def _take(self, name: str | None, mine: NotebookNode) -> None:
        """Put one of the learner's cells, as it is after the update, into the result."""
        if name is None:
            self._keep(mine)
        elif name not in self.remote:
            if not _same_text(mine, self.base[name]):
                self.out.notes.append(f"The new release is without {_called(self.base[name])}; yours stays.")
                self._keep(mine)
        elif _is_locked(self.remote[name]) or mine.cell_type != self.remote[name].cell_type:
            self._replace(name, mine)
        else:
            self._blend(name, mine)

    def _keep(self, mine: NotebookNode) -> None:
        mine = copy.deepcopy(mine)
        for key in ("nbgrader", "deletable", "editable"):
            mine.metadata.pop(key, None)
        self.cells.append((None, mine))

    def _replace(self, name: str, mine: NotebookNode) -> None:
        """A graded cell becomes the new one; what the learner had written into it stands before it."""
        theirs = self.remote[name]
        untouched = [cell for cell in (theirs, self.base.get(name)) if cell is not None]
        if not any(_same_text(mine, cell) for cell in untouched) and mine.source.strip():
            self.out.notes.append(f"What you had written into {_called(theirs)} now stands before it.")
            self._keep(mine)
        cell = copy.deepcopy(theirs)
        if _same_text(mine, theirs) and cell.cell_type == "code":
            cell.outputs, cell.execution_count = mine.get("outputs", []), mine.get("execution_count")
        self.cells.append((name, cell))

    def _blend(self, name: str, mine: NotebookNode) -> None:
        """A cell of both: its text merged three ways, the release's metadata, all else the learner's."""
        theirs, before = self.remote[name], self.base.get(name)
        cell = copy.deepcopy(mine)
        source, clear = _three_ways(
            before.source if before else "", mine.source, theirs.source, mine.cell_type
        )
        if source != mine.source and cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cell.source = source
        _give_metadata(cell, theirs)
        self.cells.append((name, cell))
        if not clear:
            where = _called(theirs)
            self.out.conflicts.append(
                f"Both you and the new release changed {where}: yours stays, the new one is below."
            )
            self.cells.append((None, _shown(theirs)))

    def _deleted(self) -> None:
        """What the learner deleted: a cell that nbgrader knows comes back; another one only if it is new."""
        for name, before in self.base.items():
            theirs = self.remote.get(name)
            if name in self.names or theirs is None:
                continue
            if grader_metadata(theirs).get("grade_id"):
                self.out.notes.append(f"You had deleted {_called(theirs)}; it is needed, and is back.")
                self._insert(name, copy.deepcopy(theirs))
            elif not _same_text(theirs, before):
                self.out.conflicts.append(f"You deleted {_called(theirs)}, which is new now: it is shown.")
                self._insert(None, _shown(theirs), place=name)

    def _new(self) -> None:
        for name, theirs in self.remote.items():
            if name not in self.base and name not in self.names:
                self.out.notes.append(f"New: {_called(theirs)}.")
                self._insert(name, copy.deepcopy(theirs))

    def _insert(self, name: str | None, cell: NotebookNode, place: str | None = None) -> None:
        """Insert a handed-out cell behind the one that it follows in the release, and its additions."""
        order = list(self.remote)
        earlier = order[: order.index(place or name or "")]
        there = [known for known, _ in self.cells]
        index = next((there.index(known) + 1 for known in reversed(earlier) if known in there), 0)
        while index < len(there) and there[index] is None:
            index += 1
        self.cells.insert(index, (name, cell))

    def _with_own_ids(self) -> list[NotebookNode]:
        """The cells, those of the release under their own ids, every other id once."""
        taken = {self.remote[name]["id"] for name, _ in self.cells if name and "id" in self.remote[name]}
        fresh = (new for number in itertools.count(1) if (new := f"mine-{number}") not in taken)
        for name, cell in self.cells:
            if name and "id" in self.remote[name]:
                cell["id"] = self.remote[name]["id"]
            elif cell.get("id") in taken or not cell.get("id"):
                cell["id"] = next(fresh)
            taken.add(cell["id"])
        return [cell for _, cell in self.cells]


def _grade_id(cell: NotebookNode) -> str | None:
    name = grader_metadata(cell).get("grade_id")
    return f"grade:{name}" if name else None


def _key(cell: NotebookNode) -> str:
    """What a handed-out cell is known by: nbgrader's id, else the cell's own."""
    return _grade_id(cell) or f"cell:{cell.get('id')}"


def _is_locked(cell: NotebookNode) -> bool:
    meta = grader_metadata(cell)
    return bool(meta) and not meta.get("solution")


def _same_text(one: NotebookNode, other: NotebookNode) -> bool:
    return one.cell_type == other.cell_type and one.source.strip() == other.source.strip()


def _called(cell: NotebookNode) -> str:
    """A cell as a learner would point at it."""
    if name := grader_metadata(cell).get("grade_id"):
        return f"the check `{name}`" if grader_metadata(cell).get("grade") else f"the answer cell `{name}`"
    first = next((line.strip("#* ").strip() for line in cell.source.split("\n") if line.strip()), "")
    return f"the cell “{first[:50]}”" if first else "an empty cell"


def _give_metadata(cell: NotebookNode, theirs: NotebookNode) -> None:
    own_tags = [tag for tag in cell.metadata.get("tags", []) if tag not in theirs.metadata.get("tags", [])]
    for key in GIVEN_METADATA:
        cell.metadata.pop(key, None)
    cell.metadata.update(copy.deepcopy(theirs.metadata))
    if own_tags:
        cell.metadata["tags"] = [*theirs.metadata.get("tags", []), *own_tags]


def _three_ways(base: str, mine: str, theirs: str, kind: str) -> tuple[str, bool]:
    """The merged text of a cell, and whether it merged; where it did not, it is `mine`."""
    if theirs in (base, mine):
        return mine, True
    if mine.strip() == base.strip():
        return theirs, True
    from nbdime.merging import merge_notebooks

    make = new_code_cell if kind == "code" else new_markdown_cell
    three = [new_notebook(cells=[make(text, id="cell")]) for text in (base, mine, theirs)]
    merged, decisions = merge_notebooks(*three)
    if any(decision.conflict for decision in decisions) or len(merged.cells) != 1:
        return mine, False
    return merged.cells[0].source, True


def _shown(theirs: NotebookNode) -> NotebookNode:
    """The release's side of a conflict, to read: it is not run, and the learner may delete it."""
    text = theirs.source.strip()
    body = f"```python\n{text}\n```" if theirs.cell_type == "code" else text
    said = f"**Update: the new release says here**\n\n{body}"
    return new_markdown_cell(said, id="update", metadata={"tags": [TAG]})
