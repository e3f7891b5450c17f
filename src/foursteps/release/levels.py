"""Scaffold levels: how much of its structure an exercise leaves in. Pure: notebook in, notebook out.

`guided` is the released notebook: every question, signatures, docstrings, code that is given. `outline`
leaves the headings, the signatures and the checks, and folds the questions. `blank` leaves the goal, empty
cells, and the checks at the end. Every level has every cell that nbgrader knows, under the same id, and every
graded cell word for word; so one gradebook, one repair and one set of checks serve all three.
"""

import ast
import copy
import re
from typing import Literal, get_args

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from foursteps.errors import NotebookError
from foursteps.notebook import grader_metadata, syntax_tree, tagged
from foursteps.release.exercise import checksum

Level = Literal["guided", "outline", "blank"]
LEVELS: tuple[Level, ...] = get_args(Level)
SAYS: dict[Level, str] = {
    "guided": "every question, and the structure with gaps",
    "outline": "headings, signatures and checks; the questions are folded",
    "blank": "the goal, empty cells, and the checks at the end",
}
GIVEN = re.compile(r"\n\n\*\*Given\*\*\n\n(- .*\n?)*\n?(?=\n|$)")
START = "from foursteps import check, hint"


def at_level(guided: NotebookNode, level: str) -> NotebookNode:
    """The exercise `guided`, as it was released, at another scaffold level; a copy.

    Its metadata `foursteps.level` says which; a guided one says nothing. Raises NotebookError for a level
    that does not exist, and for code that cannot be read.
    """
    if level not in LEVELS:
        raise NotebookError(
            "--level", expected=f"one of {', '.join(LEVELS)}", found=level, mend="Correct the level."
        )
    notebook = copy.deepcopy(guided)
    if level == "guided":
        return notebook
    notebook.cells = _outline(notebook) if level == "outline" else _blank(notebook)
    for cell in notebook.cells:
        if "checksum" in grader_metadata(cell):
            cell.metadata.nbgrader.checksum = checksum(cell)
    notebook.metadata.setdefault("foursteps", NotebookNode())["level"] = level
    header = tagged(notebook, "header")
    if header is not None:
        if level == "blank":
            header.source = GIVEN.sub("\n", header.source)
        header.source += f"\n\n**Level** {level}: {SAYS[level]}"  # type: ignore[index]  # checked above
    return notebook


def level_of(notebook: NotebookNode) -> str:
    """The scaffold level that `notebook` was released at."""
    return str(notebook.metadata.get("foursteps", {}).get("level", "guided"))


def _outline(notebook: NotebookNode) -> list[NotebookNode]:
    for cell in notebook.cells:
        if _is_prompt(cell):
            cell.source = _folded(cell.source)
        elif _is_answer(cell):
            cell.source = _without_docstrings(cell.source)
    return list(notebook.cells)


def _blank(notebook: NotebookNode) -> list[NotebookNode]:
    cells = list(notebook.cells)
    graded = [cell for cell in cells if grader_metadata(cell).get("grade")]
    wanted = _read_by(graded)
    given = [cell for cell in cells if _is_given(cell)]
    kept = _needed(given, wanted)
    stubs = _stubs(cells, wanted - set().union(*(_bound(cell.source) for cell in kept)))
    header = [cell for cell in cells if "header" in cell.metadata.get("tags", [])]
    parameters = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    answers = [cell for cell in cells if _is_answer(cell)]
    for cell in answers:
        cell.source = ""
    first = [
        new_markdown_cell(_goal(cells, [cell for cell in given if cell not in kept]), id="the-goal"),
        *parameters,
        new_code_cell(START, id="start"),
        *kept,
        new_code_cell(stubs, id="what-the-checks-look-at"),
    ]
    end = new_markdown_cell("## The checks\n\nYour work stands above this line.", id="the-checks")
    return [*header, *first, *answers, end, *graded]


def _is_answer(cell: NotebookNode) -> bool:
    meta = grader_metadata(cell)
    return bool(meta.get("solution") and not meta.get("grade"))


def _is_prompt(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and not grader_metadata(cell) and not cell.metadata.get("tags")


def _is_given(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and not grader_metadata(cell) and not cell.metadata.get("tags")


def _folded(source: str) -> str:
    """Markdown with its leading headings left open, and the rest behind one line to click on."""
    lines = source.strip().split("\n")
    count = 0
    while count < len(lines) and (not lines[count].strip() or lines[count].startswith("#")):
        count += 1
    heading, rest = "\n".join(lines[:count]).strip(), "\n".join(lines[count:]).strip()
    if not rest:
        return source
    summary = "The question in full" if heading else _summary(rest)
    folded = f"<details><summary>{summary}</summary>\n\n{rest}\n\n</details>"
    return f"{heading}\n\n{folded}" if heading else folded


def _summary(text: str) -> str:
    """The first sentence of Markdown, as plain text, in at most 60 characters."""
    words = re.sub(r"[*_`#<>&]", "", " ".join(text.split()))
    sentence = re.match(r"(.{3,60}?[.:?!])(\s|$)", words)
    return sentence.group(1) if sentence else words[:57] + "…" if len(words) > 60 else words


def _without_docstrings(source: str) -> str:
    """Code without the docstrings of its functions."""
    lines = source.split("\n")
    for node in ast.walk(syntax_tree(source, "an answer cell")):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        first = node.body[0]
        if ast.get_docstring(node) is not None and len(node.body) > 1:
            assert first.end_lineno is not None  # ast.parse sets it
            for number in range(first.lineno - 1, first.end_lineno):
                lines[number] = "\0"
    return "\n".join(line for line in lines if line != "\0")


def _read_by(graded: list[NotebookNode]) -> set[str]:
    """The names that graded code cells read and do not bind themselves, nor Python or foursteps give."""
    names: set[str] = set()
    for cell in graded:
        if cell.cell_type == "code":
            names |= _read(cell.source) - _bound(cell.source)
    known = set(dir(__import__("builtins"))) | {"check", "hint"}
    return names - known


def _read(source: str) -> set[str]:
    own = {
        argument.arg
        for node in ast.walk(syntax_tree(source, "a graded cell"))
        if isinstance(node, ast.arguments)
        for argument in [*node.posonlyargs, *node.args, *node.kwonlyargs]
    }
    loads = (
        node.id
        for node in ast.walk(syntax_tree(source, "a graded cell"))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
    return set(loads) - own


def _bound(source: str) -> set[str]:
    """The names that a cell binds, at its top level or, to be careful, below."""
    names: set[str] = set()
    for node in ast.walk(syntax_tree(source, "a cell")):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return names


def _needed(given: list[NotebookNode], wanted: set[str]) -> list[NotebookNode]:
    """The given cells that bind a wanted name, and those that these in turn stand on, in their order."""
    chosen: list[NotebookNode] = []
    open_names = set(wanted)
    for cell in reversed(given):
        if _bound(cell.source) & open_names:
            chosen.insert(0, cell)
            open_names |= _read(cell.source)
    return chosen


def _stubs(cells: list[NotebookNode], wanted: set[str]) -> str:
    """Code that leaves every wanted name defined: signatures where it is a function, `...` elsewhere."""
    plain, blocks = [], []
    for cell in cells:
        if not _is_answer(cell) or cell.cell_type != "code":
            continue
        for node in syntax_tree(cell.source, f"cell {cell.get('id')}").body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if node.name in wanted:
                    blocks.append(ast.get_source_segment(cell.source, node) or "")
                    wanted = wanted - {node.name}
            else:
                here = [name for name in _in_order(node) if name in wanted]
                plain += here
                wanted = wanted - set(here)
    plain += sorted(wanted)  # bound by nothing that can be seen: defined all the same
    lines = ["# What the checks at the end look at. Give each of them its meaning, here or below."]
    lines += [f"{name} = ..." for name in plain]
    return "\n\n\n".join(["\n".join(lines), *blocks])


def _in_order(node: ast.AST) -> list[str]:
    names = (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return list(dict.fromkeys(names))


def _goal(cells: list[NotebookNode], given: list[NotebookNode]) -> str:
    """What is to be reached, with the questions and the code of the other levels folded."""
    parts = [
        "## The goal\n\nThe table above says what is asked. The page is yours: the cells below are empty, "
        "add as many as you like, and keep `seed`. The checks stand at the end."
    ]
    if questions := [_lowered(cell.source) for cell in cells if _is_prompt(cell)]:
        parts.append(_fold("The questions, as the other levels ask them", "\n\n".join(questions)))
    if code := [cell.source for cell in given if cell.source.strip() != START]:
        body = "\n\n".join(f"```python\n{source}\n```" for source in code)
        parts.append(_fold("The code that the other levels give", body))
    return "\n\n".join(parts)


def _lowered(source: str) -> str:
    """Markdown whose headings stand in no table of contents."""
    return re.sub(r"^#+ (.*)$", r"**\1**", source, flags=re.MULTILINE)


def _fold(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"
