"""Repair: graded and locked cells are put back as they were released, and the learner is told. Pure.

A cell is known by its nbgrader id, by its notebook id, or by its text. A learner's own words and code stay,
wherever they stand.
"""

import difflib
import itertools
from collections.abc import Iterable

from nbformat import NotebookNode

from foursteps.notebook import clone, grader_metadata, tagged
from foursteps.release.stub import TEXT_STUB

ALIKE = 0.6
COMPARED = 2000
MAX_COMPARED = 100
"""How many characters of how many cells are compared with a cell that was lost: it takes its time."""
MISSING_ANSWER = "# This answer cell was missing from the submission."


def repair(submitted: NotebookNode, release: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """A copy of `submitted` with every cell that nbgrader knows in place, and a sentence for each repair."""
    return _Repair(submitted, release).done()


class _Repair:
    def __init__(self, submitted: NotebookNode, release: NotebookNode):
        self.release = release
        self.known = {
            grader_metadata(cell)["grade_id"]: cell
            for cell in release.cells
            if grader_metadata(cell).get("grade_id")
        }
        self.order = list(self.known)
        self.cells = clone(submitted.cells)
        self.names: list[str | None] = [None] * len(self.cells)
        self.notes: list[str] = []

    def done(self) -> tuple[NotebookNode, list[str]]:
        self._identify()
        self._restore()
        self._move()
        self._add_missing()
        self._parameters()
        notebook = NotebookNode({name: clone(part) for name, part in self.release.items() if name != "cells"})
        notebook.cells = _with_own_ids(self.cells, self.names)
        return notebook, self.notes

    def _identify(self) -> None:
        """Say which cell is which, each id once; the rest become plain cells."""
        claims: dict[str, list[int]] = {name: [] for name in self.known}
        for index, cell in enumerate(self.cells):
            if (name := grader_metadata(cell).get("grade_id")) in claims:
                claims[name].append(index)
        free = [
            index for index in range(len(self.cells)) if not any(index in found for found in claims.values())
        ]
        for name in [name for name, found in claims.items() if not found]:
            place = self._find(self.known[name], free)
            if place is not None:
                claims[name].append(place)
                free.remove(place)
                self.notes.append(f"The cell `{name}` had lost its nbgrader data; they have been put back.")
        doomed: list[int] = []
        for name, found in claims.items():
            if found:
                doomed += self._settle(name, found)
        for index in sorted(doomed, reverse=True):
            del self.cells[index], self.names[index]

    def _find(self, wanted: NotebookNode, free: Iterable[int]) -> int | None:
        """The free cell that is `wanted`: by its id, by its text, or by a text much like it."""
        candidates = [index for index in free if self.cells[index].cell_type == wanted.cell_type]
        for index in candidates:
            if self.cells[index].get("id") == wanted.get("id"):
                return index
        for index in candidates:
            if self.cells[index].source.strip() == wanted.source.strip():
                return index
        if not grader_metadata(wanted).get("solution"):
            return None
        found, best = None, ALIKE
        matcher = difflib.SequenceMatcher(None, b=wanted.source[:COMPARED])
        for index in candidates[:MAX_COMPARED]:
            matcher.set_seq1(self.cells[index].source[:COMPARED])
            # The two quick ones are never less than the slow one.
            if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
                continue
            if (ratio := matcher.ratio()) >= best:
                found, best = index, ratio
        return found

    def _settle(self, name: str, found: list[int]) -> list[int]:
        """Choose among several cells of one id; gives the indexes of those to drop."""
        wanted = self.known[name]
        solution = grader_metadata(wanted).get("solution")
        by_id = [index for index in found if self.cells[index].get("id") == wanted.get("id")]
        chosen = (by_id or (found if solution else found[::-1]))[0]
        self.names[chosen] = name
        others = [index for index in found if index != chosen]
        if not others:
            return []
        if solution and wanted.cell_type == "markdown":
            texts = dict.fromkeys(self.cells[index].source.strip() for index in found)
            self.cells[chosen].source = "\n\n".join(text for text in texts if text)
            self.notes.append(f"The write-up `{name}` was there {len(found)} times; its parts were joined.")
            return others
        if solution:
            self.notes.append(
                f"The answer `{name}` was there {len(found)} times; all of them ran, in their order."
            )
            return []
        self.notes.append(f"The check `{name}` was there {len(found)} times; one of them counts.")
        return [index for index in others if self.cells[index].source.strip() == wanted.source.strip()]

    def _restore(self) -> None:
        """Put back the text and the metadata of known cells; the text of answers is the learner's."""
        for index, name in enumerate(self.names):
            if name is None:
                continue
            mine, cell = self.cells[index], clone(self.known[name])
            if mine.cell_type != cell.cell_type:
                self.notes.append(
                    f"The cell `{name}` was made a {mine.cell_type} cell; it is {cell.cell_type} again."
                )
            if not grader_metadata(cell).get("solution"):
                if mine.source != cell.source:
                    self.notes.append(f"The cell `{name}` had been edited; it is as released again.")
            elif not _untouched(cell, mine):
                cell.source = mine.source
                if "attachments" in mine and cell.cell_type == "markdown":
                    cell["attachments"] = mine["attachments"]
            self.cells[index] = cell

    def _move(self) -> None:
        """Put a check that stands before its answer behind it."""
        for name in self.order:
            if name not in self.names or grader_metadata(self.known[name]).get("solution"):
                continue
            answer = self._last_answer_before(name)
            if answer is not None and self.names.index(name) < self.names.index(answer):
                index = self.names.index(name)
                cell = self.cells.pop(index)
                self.names.pop(index)
                self._insert(name, cell)
                self.notes.append(f"The cell `{name}` stood before its answer; it has been moved behind it.")

    def _last_answer_before(self, name: str) -> str | None:
        earlier = self.order[: self.order.index(name)]
        answers = [
            other
            for other in earlier
            if other in self.names and grader_metadata(self.known[other]).get("solution")
        ]
        return answers[-1] if answers else None

    def _add_missing(self) -> None:
        for name in self.order:
            if name in self.names:
                continue
            cell = clone(self.known[name])
            if grader_metadata(cell).get("solution") and cell.cell_type == "code":
                # Not the stub: it would undo what the learner's code elsewhere defines.
                cell.source = MISSING_ANSWER
            self._insert(name, cell)
            self.notes.append(f"The cell `{name}` was missing and has been put back.")

    def _insert(self, name: str, cell: NotebookNode) -> None:
        """Insert a known cell as late as its place allows: before the next known cell, or at the end."""
        earlier = [self.names.index(n) for n in self.order[: self.order.index(name)] if n in self.names]
        index = max(earlier, default=-1) + 1
        while index < len(self.cells) and self.names[index] is None:
            index += 1
        self.cells.insert(index, cell)
        self.names.insert(index, name)

    def _parameters(self) -> None:
        """The cell through which the grader sets the seed has to be there, and tagged."""
        wanted = tagged(self.release, "parameters")
        here = NotebookNode(cells=self.cells)
        for cell in self.cells:
            tags = cell.metadata.get("tags", [])
            first = "parameters" in tags and cell is tagged(here, "parameters")
            if "parameters" in tags and not (first and cell.cell_type == "code"):
                tags.remove("parameters")
        if wanted is None or tagged(here, "parameters") is not None:
            return
        for index, cell in enumerate(self.cells):
            same = cell.get("id") == wanted.get("id") or cell.source.strip() == wanted.source.strip()
            if self.names[index] is None and cell.cell_type == "code" and same:
                cell.metadata["tags"] = ["parameters"]
                return
        self.cells.insert(0, clone(wanted))
        self.names.insert(0, None)
        self.notes.append("The cell with the parameters was missing and has been put back.")


def _untouched(released: NotebookNode, mine: NotebookNode) -> bool:
    """Whether a write-up holds nothing but what was released; spaces and a deleted invitation don't count."""
    if released.cell_type != "markdown":
        return mine.source.strip() == released.source.strip()

    def words(text: str) -> list[str]:
        return text.replace(TEXT_STUB, "").split()

    return not words(mine.source) or words(mine.source) == words(released.source)


def _with_own_ids(cells: list[NotebookNode], names: list[str | None]) -> list[NotebookNode]:
    """The cells, plain ones without nbgrader's data, each with an id of its own."""
    taken = {cell["id"] for cell, name in zip(cells, names, strict=True) if name and "id" in cell}
    fresh = (new for number in itertools.count(1) if (new := f"learner-{number}") not in taken)
    for cell, name in zip(cells, names, strict=True):
        if name:
            continue
        cell.metadata.pop("nbgrader", None)
        if cell.get("id") in taken or "id" not in cell:
            cell["id"] = next(fresh)
        taken.add(cell["id"])
    return cells
