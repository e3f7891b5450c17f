"""Which of the kit's own modules a notebook's results depend on: read from its imports, importing nothing.

A module whose docstring is followed by a comment that begins with the words of `NO_RUN` does not count: one
that only shows things to people, or one whose effect has a checksum of its own. What it imports still counts.
"""

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode

from foursteps.errors import NotebookError
from foursteps.notebook import code_cells, syntax_tree

PACKAGE = Path(__file__).parents[1]
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
NO_RUN = "# No run depends on this module:"


def modules_of(notebook: NotebookNode, package: Path = PACKAGE) -> tuple[Path, ...]:
    """The files of `package` that the code of `notebook` imports, and those that these import, sorted.

    `import foursteps.data.get` runs `foursteps/__init__.py` too, but uses nothing of it, so a package's
    `__init__` counts only where a name is taken from it. Imports inside functions count; ones made from
    text at run time are not seen.
    """
    found: set[Path] = set()
    todo = [name for cell in code_cells(notebook) for name in _imports(cell.source, package.name, "")]
    while todo:
        for path in _files(todo.pop(), package):
            if path not in found:
                found.add(path)
                inside = ".".join((package.name, *path.relative_to(package).parts[:-1]))
                todo += _imports(path.read_text("utf-8"), package.name, inside)
    return tuple(sorted(found))


def modules_hash(notebook: NotebookNode, package: Path = PACKAGE) -> str:
    """SHA-256 (64 hex digits) of the code of `modules_of(notebook)`, but for those that no run depends on."""
    return code_hash([path for path in modules_of(notebook, package) if counts(path)], package)


def counts(path: Path) -> bool:
    """Whether runs depend on the module `path`."""
    return not any(line.startswith(NO_RUN) for line in path.read_text("utf-8").splitlines())


def code_hash(paths: Iterable[Path], root: Path) -> str:
    """SHA-256 (64 hex digits) of what the Python files do: their names below `root` and their code.

    Comments, docstrings and empty lines are left out: they change nothing that happens.
    """
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(root).as_posix()}\0{_code(path.read_text('utf-8'))}\0".encode())
    return digest.hexdigest()


@lru_cache(maxsize=512)
def _code(source: str) -> str:
    """The lines of a module that do something; the text itself where it is no Python.

    Text and not a syntax tree: how a tree is written differs from one Python to the next.
    """
    try:
        tree = syntax_tree(source, "a module of the kit")
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (NotebookError, tokenize.TokenError):
        return source
    lines = source.splitlines()
    for token in tokens:
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            words = node.body[0]
            lines[words.lineno - 1 : words.end_lineno] = [""] * ((words.end_lineno or 0) - words.lineno + 1)
    return "\n".join(line.rstrip() for line in lines if line.strip())


@lru_cache(maxsize=512)
def _imports(source: str, package: str, inside: str) -> tuple[str, ...]:
    """The dotted names below `package` that `source`, a module of the package `inside`, imports.

    Kept by the text itself, since every run of a lecture asks about the same modules.
    """
    try:
        return tuple(_named(syntax_tree(source, inside), package, inside))
    except NotebookError:
        return ()  # a cell that cannot run; what it would import does not matter


def _named(tree: ast.Module, package: str, inside: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = inside.split(".")[: len(inside.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == package)


def _files(name: str, package: Path) -> Iterator[Path]:
    """The file or files that the dotted `name` may mean: a module, a package, or a name out of either."""
    parts = name.split(".")[1:]
    for depth in (len(parts), len(parts) - 1):
        if depth < 0:
            continue
        place = package.joinpath(*parts[:depth])
        for path in (place.with_suffix(".py") if depth else None, place / "__init__.py"):
            if path and path.is_file():
                yield path
                return
