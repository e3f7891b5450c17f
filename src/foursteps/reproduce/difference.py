"""The notebook that last reproduced, and how another run differs from it."""

import copy
import hashlib
import io
import re
from pathlib import Path

from nbformat import NotebookNode

from foursteps import atomic
from foursteps import notebook as notebooks
from foursteps.errors import NotebookError
from foursteps.run.cache import RunCache

MOST_LINES = 200
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def _kept(cache: RunCache, path: Path, device: str) -> Path:
    name = hashlib.sha256(f"{path.resolve()}\0{device}".encode()).hexdigest()
    return cache.root / "reproduced" / f"{name}.ipynb"


def remember(cache: RunCache, path: Path, device: str, run: NotebookNode, key: str) -> None:
    """Keep `run`, called `key`, as the one in which the notebook at `path` last reproduced on `device`."""
    kept = _kept(cache, path, device)
    name = kept.with_suffix(".key")
    if kept.exists() and name.exists() and name.read_text("utf-8") == key:
        return
    notebooks.write(kept, run)
    atomic.write_text(name, key)


def keep_failed(cache: RunCache, name: str, run: NotebookNode) -> Path:
    """Keep `run`, a notebook that failed, as it stood, for whoever looks for the reason; gives its file."""
    path = cache.root / "failed" / f"{name}.ipynb"
    notebooks.write(path, run)
    return path


def difference(cache: RunCache, path: Path, device: str, run: NotebookNode) -> str:
    """nbdime's text of what differs in `run` from the notebook that last reproduced; empty when none did.

    Images are compared by their hash, and metadata, ids and execution counts not at all.
    """
    try:
        last = notebooks.read(_kept(cache, path, device))
    except NotebookError:
        return ""
    # Imported here: nbdime takes a second, and is needed only when something is out.
    from nbdime.diffing.notebooks import diff_notebooks
    from nbdime.prettyprint import PrettyPrintConfig, pretty_print_notebook_diff

    before, after = _plain(last), _plain(run)
    out = io.StringIO()
    config = PrettyPrintConfig(out=out, color_words=False, use_git=False, use_diff=False, use_color=False)
    changes = diff_notebooks(before, after)
    if not changes:
        return ""
    pretty_print_notebook_diff("last reproduced", "this run", before, changes, config)
    lines = ANSI.sub("", out.getvalue()).splitlines()
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines"]
    return "\n".join(lines)


def _plain(run: NotebookNode) -> NotebookNode:
    """`run` with nothing in it but what a reader would compare."""
    plain = copy.deepcopy(run)
    plain.metadata = NotebookNode(kernelspec=plain.metadata.get("kernelspec", {}))
    for cell in plain.cells:
        cell.metadata = NotebookNode()
        cell.pop("id", None)
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        for output in cell.outputs:
            output.pop("execution_count", None)
            for mime, content in list(output.get("data", {}).items()):
                if mime.startswith("application/vnd.foursteps") or mime == "text/html":
                    del output["data"][mime]  # the text beside it says the same
                elif mime.startswith("image/"):
                    digest = hashlib.sha256(str(content).encode()).hexdigest()[:12]
                    output["data"][mime] = f"an image, {digest}"
    return plain
