"""`foursteps diff`: the learner's reproduction beside the lecture, in nbdime: what did they do otherwise?

Both are reduced to the code that somebody wrote: prose, checks, outputs and metadata differ anyway, and would
hide what one wants to see.
"""

import copy
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.course import Topic
from foursteps.errors import WorkError
from foursteps.learner.work import Copy

IGNORE = ["--sources"]
"""nbdime's option to show nothing but sources."""


def only_code(notebook: NotebookNode) -> NotebookNode:
    """The code of a notebook: no prose, no checks, no empty cells, no outputs, no metadata but the kernel."""
    reduced = copy.deepcopy(notebook)
    reduced.metadata = NotebookNode(kernelspec=notebook.metadata.get("kernelspec", NotebookNode()))
    reduced.cells = [
        cell
        for cell in nb.code_cells(reduced)
        if cell.source.strip() and not nb.grader_metadata(cell).get("grade")
    ]
    for cell in reduced.cells:
        cell.outputs, cell.execution_count, cell.metadata = [], None, NotebookNode()
    return reduced


def sides(topic: Topic) -> tuple[NotebookNode, NotebookNode]:
    """The code of the lecture and of the learner's reproduction; raises WorkError without an attempt."""
    own = Copy(topic, "reproduce")
    if not own.path.is_file() or own.is_untouched():
        raise WorkError(
            own.path,
            expected="your reproduction of the lecture",
            found="nothing written yet" if own.path.is_file() else "no such file",
            mend=f"Run `foursteps start {topic.name}`, try it yourself, then compare.",
        )
    return only_code(nb.read(topic.lecture)), only_code(nb.read(own.path))


def show(topic: Topic, *, web: bool = False, more: tuple[str, ...] = ()) -> int:
    """Let nbdime show the difference, in the terminal or in a browser; gives its exit code.

    more : options for nbdime, such as `--port 8890` for the browser's.
    """
    lecture, own = sides(topic)
    return side_by_side({"lecture": lecture, "yours": own}, web=web, more=more)


def side_by_side(notebooks: dict[str, NotebookNode], *, web: bool = False, more: tuple[str, ...] = ()) -> int:
    """Let nbdime show how two notebooks differ, called by the names they are given; gives its exit code."""
    with tempfile.TemporaryDirectory(prefix="foursteps-") as made:
        for name, notebook in notebooks.items():
            nb.write(Path(made) / f"{name}.ipynb", notebook)
        module = "nbdime.webapp.nbdiffweb" if web else "nbdime.nbdiffapp"
        colour = ["--no-color"] if not web and not sys.stdout.isatty() else []
        command = [sys.executable, "-m", module, *([] if web else IGNORE), *colour, *more]
        environment = {**os.environ, "PAGER": os.environ.get("PAGER", "cat")}
        files = [f"{name}.ipynb" for name in notebooks]
        return subprocess.run([*command, *files], cwd=made, env=environment).returncode
