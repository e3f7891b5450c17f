"""Which of the kit's own modules a notebook uses: read from its imports, without importing anything."""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from foursteps.errors import NotebookError
from foursteps.notebook import code_cells, syntax_tree

PACKAGE = Path(__file__).parents[1]


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
    """SHA-256 (64 hex digits) of the names and contents of `modules_of(notebook)`."""
    digest = hashlib.sha256()
    for path in modules_of(notebook, package):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _imports(source: str, package: str, inside: str) -> Iterator[str]:
    """The dotted names below `package` that `source`, a module of the package `inside`, imports."""
    try:
        tree = syntax_tree(source, inside)
    except NotebookError:
        return  # a cell that cannot run; what it would import does not matter
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
