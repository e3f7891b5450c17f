"""Mutants: the solution with one mistake in one of its regions. A grader must catch each of them.

Pure but for `read_equivalents`. A mutant that is as right as the solution is listed, with its reason, in
`graders/<topic>/equivalent.toml`.
"""

import ast
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, ValidationError

from foursteps.course import Exercise
from foursteps.errors import CourseError
from foursteps.notebook import grader_metadata
from foursteps.prove.operators import OPERATORS, Change, changes
from foursteps.prove.reach import is_answer, reached

MOST_TRAININGS = 4
"""Mutants of an exercise that need a training; each of these costs as much as a submission."""


@dataclass(frozen=True)
class Mutant:
    """One wrong answer made from the right one.

    cell is the answer's grade_id, `change` says what is written for what, `says` what that gets wrong;
    source is the cell's new source, and reaches are the checks that may notice.
    """

    cell: str
    change: str
    says: str
    operator: str
    source: str
    reaches: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.cell}: {self.change} ({self.says})"


class Equivalent(BaseModel):
    """A mutant that is no mistake, as equivalent.toml lists it, with the reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exercise: str
    cell: str
    change: str
    reason: str


def mutants(notebook: NotebookNode) -> tuple[Mutant, ...]:
    """Every mutant of a solution notebook, in the order of its cells, once each.

    Lines that no check depends on have none: nothing grades them.
    """
    found: list[Mutant] = []
    for cell in notebook.cells:
        if is_answer(cell):
            found += _mutants_of(notebook, grader_metadata(cell)["grade_id"], cell.source)
    return tuple(found)


def _mutants_of(notebook: NotebookNode, name: str, source: str) -> Iterator[Mutant]:
    seen: set[str] = set()
    said: dict[str, int] = {}
    for change, text in mutated(source):
        checks = reached(notebook, name, change.node.lineno)  # type: ignore[attr-defined]
        if text in seen or not checks:
            continue
        seen.add(text)
        old, new = _shown(source, text)
        became = f"`{old}` becomes `{new}`"
        said[became] = said.get(became, 0) + 1
        if said[became] > 1:
            became += f", number {said[became]}"
        yield Mutant(name, became, change.says, change.operator, text, checks)


def mutated(source: str) -> Iterator[tuple[Change, str]]:
    """Each change inside the solution regions of a cell, with the cell's source after it.

    What is given parses and is another program than `source`. None for a source that is no Python.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    regions, original = _region_lines(source), ast.dump(tree)
    for change in changes(tree):
        if getattr(change.node, "lineno", 0) not in regions:
            continue
        text = _replaced(source, change)
        try:
            different = ast.dump(ast.parse(text)) != original
        except (SyntaxError, ValueError):
            continue
        if different:
            yield change, text


def _region_lines(source: str) -> set[int]:
    """The numbers, from 1, of the lines between solution markers; all lines where there are none."""
    lines = source.split("\n")
    if not any("BEGIN SOLUTION" in line for line in lines):
        return set(range(1, len(lines) + 1))
    inside, found = False, set()
    for number, line in enumerate(lines, 1):
        if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            inside = "BEGIN SOLUTION" in line
        elif inside:
            found.add(number)
    return found


def _replaced(source: str, change: Change) -> str:
    """`source` with the change's text in the place of its node; columns of a tree count UTF-8 bytes."""
    node = change.node
    assert isinstance(node, ast.expr | ast.stmt)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    lines = source.encode("utf-8").split(b"\n")
    before = b"\n".join([*lines[: node.lineno - 1], lines[node.lineno - 1][: node.col_offset]])
    after = b"\n".join([lines[node.end_lineno - 1][node.end_col_offset :], *lines[node.end_lineno :]])
    return (before + change.text.encode("utf-8") + after).decode("utf-8")


def _shown(source: str, text: str) -> tuple[str, str]:
    """What a change replaces and by what, each with the rest of its words, cut where it is long."""
    same_before = _common(source, text)
    start = max((source.rfind(space, 0, same_before) for space in " \n"), default=-1) + 1
    longest = min(len(source), len(text)) - same_before
    same_after = min(_common(source[::-1], text[::-1]), longest)
    rest = source[len(source) - same_after :]
    more = len(re.match(r"\S*", rest).group())  # type: ignore[union-attr]
    old = source[start : len(source) - same_after + more]
    new = text[start : len(text) - same_after + more]
    return _short(old), _short(new)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _short(text: str, limit: int = 70) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def choose(found: Iterable[Mutant], quick: Collection[str], most: int = MOST_TRAININGS) -> list[Mutant]:
    """The mutants to run: all that a `quick` check may notice, and the `most` telling ones of the others.

    Of those, each operator's first comes before any operator's second, in the order of OPERATORS.
    """
    found, ranks = list(found), list(OPERATORS)
    earlier: dict[str, int] = {}
    order: list[tuple[int, int, Mutant]] = []
    for mutant in found:
        if not set(mutant.reaches) & set(quick):
            earlier[mutant.operator] = earlier.get(mutant.operator, 0) + 1
            order.append((earlier[mutant.operator], ranks.index(mutant.operator), mutant))
    taken = [mutant for _, _, mutant in sorted(order, key=lambda item: item[:2])[:most]]
    return [mutant for mutant in found if set(mutant.reaches) & set(quick) or mutant in taken]


def equivalents_file(exercise: Exercise) -> Path:
    """Where the equivalent mutants of an exercise's topic are listed."""
    return exercise.grader.parent / "equivalent.toml"


def read_equivalents(exercise: Exercise) -> tuple[Equivalent, ...]:
    """The equivalent mutants of an exercise; raises CourseError for a file of another form."""
    path = equivalents_file(exercise)
    if not path.is_file():
        return ()
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        entries = [Equivalent.model_validate(entry) for entry in raw.get("mutant", [])]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError, TypeError, AttributeError) as error:
        raise CourseError(
            path,
            expected="[[mutant]] tables with exercise, cell, change and reason",
            found=str(error).splitlines()[0],
            mend="Correct that entry.",
        ) from None
    return tuple(entry for entry in entries if entry.exercise == exercise.name)


def without_equivalents(
    found: Iterable[Mutant], equivalents: Iterable[Equivalent], where: object
) -> tuple[Mutant, ...]:
    """The mutants that are mistakes; raises CourseError when an entry names none of them any more."""
    found = tuple(found)
    named = {(mutant.cell, mutant.change) for mutant in found}
    listed = [(entry.cell, entry.change) for entry in equivalents]
    for cell, change in listed:
        if (cell, change) not in named:
            raise CourseError(
                f"{where}, {cell}",
                expected="an entry for a mutant that the solution has",
                found=f"{change}, which none has",
                mend="Remove the entry, or copy the change anew from what `foursteps prove` shows.",
            )
    return tuple(mutant for mutant in found if (mutant.cell, mutant.change) not in listed)


__all__ = ["Equivalent", "Mutant", "choose", "mutants", "read_equivalents", "without_equivalents"]
