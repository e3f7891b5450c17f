"""Which checks an answer can change, and how little of a notebook is needed to ask them. Pure.

Read from the names that cells bind and use, Python's own symbol tables; in doubt, more is reached and kept.
"""

import ast
import copy
import re
import symtable
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from nbformat import NotebookNode

from foursteps.notebook import grader_metadata
from foursteps.prove.operators import is_shown

NOT_PYTHON = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)

CERTAIN = (ast.Assign, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
"""Statements that surely bind their names; what a loop or a condition binds may stay unbound."""


@dataclass(frozen=True)
class Names:
    """What a cell does with global names.

    binds: gives them a value, somewhere. touches: reads them while it runs. needs: reads them, at once or in
    its functions, without having given them a value of its own before.
    """

    binds: frozenset[str] = frozenset()
    touches: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


@lru_cache(maxsize=1024)
def statements(source: str) -> tuple[tuple[ast.stmt, Names], ...]:
    """The statements of a cell, each with its names; none for a cell that is no Python."""
    try:
        tree = ast.parse(NOT_PYTHON.sub(r"\1pass", source))
        return tuple((statement, _names(ast.unparse(statement))) for statement in tree.body)
    except (SyntaxError, ValueError):
        return ()


def names(source: str) -> Names:
    """The names of a whole cell."""
    binds, touches, needs, own = set[str](), set[str](), set[str](), set[str]()
    for statement, found in statements(source):
        binds, touches, needs = binds | found.binds, touches | found.touches, needs | (found.needs - own)
        if isinstance(statement, CERTAIN):
            own |= found.binds
    return Names(frozenset(binds), frozenset(touches), frozenset(needs))


def _names(source: str) -> Names:
    """The names of one statement, by Python's own symbol tables."""
    top = symtable.symtable(source, "cell", "exec")
    symbols = top.get_symbols()
    binds = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    touches = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    needs, tables = set(touches), list(top.get_children())
    while tables:
        table = tables.pop()
        tables += table.get_children()
        needs |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return Names(frozenset(binds), frozenset(touches), frozenset(needs))


def is_answer(cell: NotebookNode) -> bool:
    """Whether a cell is a learner's to write, and code."""
    return cell.cell_type == "code" and bool(grader_metadata(cell).get("solution"))


def _graded(cell: NotebookNode) -> bool:
    return bool(grader_metadata(cell).get("grade"))


def _answered(notebook: NotebookNode) -> frozenset[str]:
    """The names that answers bind; only through these can one answer change what another one gives."""
    return frozenset().union(*(names(cell.source).binds for cell in notebook.cells if is_answer(cell)))


def _changes(statement: ast.stmt, found: Names, answered: frozenset[str]) -> frozenset[str]:
    """The names whose values a statement may change: those it binds, and answers' names that it handles.

    An assignment to names changes only these: what an expression does to its operands is not looked for.
    """
    if is_shown(statement):
        return frozenset()
    plain = isinstance(statement, CERTAIN) and all(
        isinstance(target, ast.Name | ast.Tuple) for target in getattr(statement, "targets", ())
    )
    return found.binds if plain else found.binds | (found.touches & answered)


def reached(notebook: NotebookNode, answer: str, line: int | None = None) -> tuple[str, ...]:
    """The names of the checks that may come out otherwise when the cell `answer` does, in their order.

    line : only this line of the cell, from 1, is another; any of them when it is not given.
    """
    answered, changed, checks = _answered(notebook), frozenset[str](), dict[str, None]()
    begun = False
    for cell in notebook.cells:
        name = grader_metadata(cell).get("grade_id", "")
        for statement, found in statements(cell.source) if cell.cell_type == "code" else ():
            last = statement.end_lineno or statement.lineno
            if name == answer and (line is None or statement.lineno <= line <= last):
                begun = True
                changed |= _changes(statement, found, answered)
            elif begun and found.needs & changed:
                if _graded(cell):
                    checks[name] = None
                else:
                    changed |= _changes(statement, found, answered)
            elif begun and isinstance(statement, CERTAIN):
                changed -= found.binds
    return tuple(checks)


def slice_for(notebook: NotebookNode, checks: Collection[str]) -> NotebookNode:
    """A copy of `notebook` that asks only `checks`, and holds only the answers which these need.

    Cells that are nobody's to write (imports, parameters) all stay, up to the last of the checks.
    """
    answered = _answered(notebook)
    kept: list[NotebookNode] = []
    wanted: set[str] = set()
    for cell in reversed(notebook.cells):
        asked = _graded(cell) and grader_metadata(cell).get("grade_id") in checks
        if not asked and not wanted:
            continue  # after the last check
        found = names(cell.source) if cell.cell_type == "code" else Names()
        if asked or (is_answer(cell) and (found.binds | (found.touches & answered)) & wanted):
            wanted |= found.needs
        elif is_answer(cell) or _graded(cell) or cell.cell_type != "code":
            continue
        kept.append(cell)
    short = copy.deepcopy(notebook)
    short.cells = copy.deepcopy(kept[::-1])
    return short
