"""Solution regions become stubs, by reading the code: what a learner gets in place of an answer.

A region lies between `### BEGIN SOLUTION` and `### END SOLUTION`. Inside a function its stub is
`return ...`; elsewhere it is `name = ...` for each name that the region binds and the code around it uses.
So a stub runs from top to bottom, and a check can tell "not attempted" from "wrong". Pure: no file.
"""

import ast
from collections.abc import Iterable

from nbformat import NotebookNode

from foursteps.errors import NotebookError
from foursteps.notebook import grader_metadata, syntax_tree

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
CODE_MARK = "# your code here"
TEXT_STUB = "*Your answer here.*"


def stub(notebook: NotebookNode) -> None:
    """Replace every solution region of `notebook` by its stub, in place.

    A solution cell without a region is replaced whole. Raises NotebookError, naming the cell, for a
    region without an end, inside another, outside a solution cell, or in code that cannot be read.
    """
    used = used_names(notebook)
    for cell in notebook.cells:
        where = f"cell {cell.get('id', '?')}"
        meta = grader_metadata(cell)
        if meta.get("solution"):
            source = cell.source
            if not _regions(source, where):
                source = f"### {BEGIN}\n{source}\n### {END}"
            is_code = cell.cell_type == "code"
            cell.source = code_stub(source, used, where) if is_code else text_stub(source, where)
        elif BEGIN in cell.source or END in cell.source:
            raise NotebookError(
                where,
                expected="solution markers only in solution cells",
                found="one in a cell that nbgrader does not know as a solution",
                mend="Mark the cell as an autograded answer in the Create Assignment panel.",
            )


def used_names(notebook: NotebookNode) -> frozenset[str]:
    """The names that the code outside solution regions reads: what a stub has to leave defined."""
    names: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        where = f"cell {cell.get('id', '?')}"
        regions = _regions(cell.source, where)
        if grader_metadata(cell).get("solution") and not regions:
            continue
        inside = {line for first, last in regions for line in range(first, last + 1)}
        for node in ast.walk(syntax_tree(cell.source, where)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.lineno not in inside:
                names.add(node.id)
    return frozenset(names)


def code_stub(source: str, used: Iterable[str], where: object = "code") -> str:
    """`source` with each solution region replaced by its stub; `used` are the names to leave defined."""
    used = frozenset(used)
    lines = source.split("\n")
    tree = syntax_tree(source, where)
    for first, last in reversed(_regions(source, where)):
        line = lines[first - 1]
        indent = line[: len(line) - len(line.lstrip())]
        body = [CODE_MARK]
        if _inside_function(tree, first, last):
            body.append("return ...")
        else:
            names = [name for name in _bound(tree, first, last) if name in used]
            body += [f"{name} = ..." for name in names]
            if indent and not names:
                body.append("...")  # a block needs a statement
        lines[first - 1 : last] = [indent + line for line in body]
    return "\n".join(lines)


def text_stub(source: str, where: object = "text") -> str:
    """`source`, a write-up, with each solution region replaced by an invitation to write."""
    lines = source.split("\n")
    for first, last in reversed(_regions(source, where)):
        lines[first - 1 : last] = [TEXT_STUB]
    return "\n".join(lines)


def solution_lines(notebook: NotebookNode) -> list[str]:
    """The lines of code and text inside the solution regions, stripped; what a release must not contain."""
    found: list[str] = []
    for cell in notebook.cells:
        if not grader_metadata(cell).get("solution"):
            continue
        lines = cell.source.split("\n")
        regions = _regions(cell.source, f"cell {cell.get('id', '?')}") or [(0, len(lines) + 1)]
        for first, last in regions:
            found += [line.strip() for line in lines[first : last - 1] if line.strip()]
    return found


def _regions(source: str, where: object) -> list[tuple[int, int]]:
    """First and last line (from 1, markers included) of each solution region, in order."""

    def broken(found: str) -> NotebookError:
        return NotebookError(
            where,
            expected=f"each ### {BEGIN} followed by its ### {END}",
            found=found,
            mend="Correct the markers in the solution notebook.",
        )

    regions: list[tuple[int, int]] = []
    begin = 0
    for number, line in enumerate(source.split("\n"), 1):
        if BEGIN in line:
            if begin:
                raise broken(f"a second {BEGIN} on line {number}, before an {END}")
            begin = number
        elif END in line:
            if not begin:
                raise broken(f"an {END} on line {number} without a {BEGIN}")
            regions.append((begin, number))
            begin = 0
    if begin:
        raise broken(f"no {END} after line {begin}")
    return regions


def _inside_function(tree: ast.Module, first: int, last: int) -> bool:
    """Whether the statements between the lines `first` and `last` belong to a function's body."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return any(
        isinstance(node, functions)
        and node.lineno < first
        and any(first < statement.lineno < last for statement in _statements(node))
        for node in ast.walk(tree)
    )


def _statements(node: ast.AST) -> Iterable[ast.stmt]:
    return (child for child in ast.walk(node) if isinstance(child, ast.stmt) and child is not node)


def _bound(tree: ast.Module, first: int, last: int) -> list[str]:
    """The names that the top-level statements between two lines bind, in order, each once."""
    names: dict[str, None] = {}

    def visit(node: ast.AST) -> None:
        inside = first < getattr(node, "lineno", 0) < last
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if inside:
                names[node.name] = None
            return  # what its body binds is its own
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            return
        if inside and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names[node.id] = None
        if inside and isinstance(node, ast.Import | ast.ImportFrom):
            names.update({(alias.asname or alias.name).split(".")[0]: None for alias in node.names})
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return list(names)
