"""A plain nbgrader course, as an instructor without foursteps has it, and what learners hand in to break it.

course = plain_course(tmp_path)            # released by nbgrader itself
hand_in(course, "ada", answer=...)         # the release with this code as its answer
TRAPS                                      # name -> what changes a released notebook into that trap
"""

import copy
import json
import logging
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from foursteps.grade.plain import PlainCourse

ASSIGNMENT = "ps1"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'plain'\nc.Execute.timeout = 6\n"
SOLVED = "def square(n):\n    return n * n\nworth = 2.0"
MOST = {"shown": 1.0, "hidden": 1.0, "value": 2.0, "story": 3.0}


def _meta(name: str, points: float = 0, *, grade: bool = False, solution: bool = False) -> dict:
    meta = {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": grade and not solution,
        "task": False,
    }
    return {"nbgrader": {**meta, "points": points} if grade else meta}


def source() -> NotebookNode:
    """The instructor's notebook: an answer, a shown and a hidden test, one for partial credit, a story."""
    solution = f"### BEGIN SOLUTION\n{SOLVED}\n### END SOLUTION"
    hidden = "### BEGIN HIDDEN TESTS\nassert square(-3) == 9\n### END HIDDEN TESTS"
    cells = [
        new_markdown_cell("# Squares", id="title"),
        new_code_cell("import numpy as np", id="imports"),
        new_code_cell(solution, id="answer", metadata=_meta("answer", solution=True)),
        new_code_cell("assert square(2) == 4", id="shown", metadata=_meta("shown", 1, grade=True)),
        new_code_cell(hidden, id="hidden", metadata=_meta("hidden", 1, grade=True)),
        new_code_cell("worth", id="value", metadata=_meta("value", 2, grade=True)),
        new_markdown_cell(
            "=== the model answer ===", id="story", metadata=_meta("story", 3, grade=True, solution=True)
        ),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def plain_course(root: Path, config: str = CONFIG, notebooks: dict[str, NotebookNode] | None = None) -> Path:
    """Write a course with one assignment at `root` and release it with nbgrader."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text(config, "utf-8")
    for name, notebook in (notebooks or {"p1": source()}).items():
        path = root / "source" / ASSIGNMENT / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    release(root, ASSIGNMENT)
    return root


def release(root: Path, assignment: str) -> None:
    """nbgrader's own generate_assignment, in this process: its command takes seconds to start."""
    from nbgrader.converters import GenerateAssignment

    app = PlainCourse.load(root).app
    from nbgrader.coursedir import CourseDirectory

    directory = CourseDirectory(parent=app, assignment_id=assignment)
    GenerateAssignment(coursedir=directory, parent=app, force=True).start()


def released(root: Path, name: str = "p1") -> NotebookNode:
    """What learners get."""
    return nbformat.read(root / "release" / ASSIGNMENT / f"{name}.ipynb", as_version=4)


def hand_in(root: Path, student: str, notebook: NotebookNode | bytes | None, name: str = "p1") -> Path:
    """Put a notebook, or the bytes of a file, where nbgrader collects; None for an empty folder."""
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    if isinstance(notebook, bytes):
        path.write_bytes(notebook)
    elif notebook is not None:
        path.write_text(json.dumps(notebook), "utf-8")  # not nbformat's writer, which mends what is broken
    return path


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with that nbgrader id."""
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def answered(notebook: NotebookNode, code: str = SOLVED) -> NotebookNode:
    """A copy with `code` as the answer."""
    notebook = copy.deepcopy(notebook)
    cell(notebook, "answer").source = code
    return notebook


def _worth(value: str) -> Callable[[NotebookNode], NotebookNode]:
    return lambda notebook: answered(notebook, f"{SOLVED}\nworth = {value}")


def _extra(line: str) -> Callable[[NotebookNode], NotebookNode]:
    return lambda notebook: answered(notebook, f"{SOLVED}\n{line}")


def _twice(name: str, *, split: bool = False) -> Callable[[NotebookNode], NotebookNode]:
    def change(notebook: NotebookNode) -> NotebookNode:
        notebook = answered(notebook)
        original = cell(notebook, name)
        double = copy.deepcopy(original)
        double["id"] = f"{name}-copy"
        if split:
            original.source, double.source = SOLVED.split("\nworth")[0], "worth" + SOLVED.split("\nworth")[1]
        notebook.cells.insert(notebook.cells.index(original) + 1, double)
        return notebook

    return change


def _without(name: str) -> Callable[[NotebookNode], NotebookNode]:
    def change(notebook: NotebookNode) -> NotebookNode:
        notebook = answered(notebook)
        notebook.cells.remove(cell(notebook, name))
        return notebook

    return change


def _stripped(notebook: NotebookNode) -> NotebookNode:
    notebook = answered(notebook)
    for each in notebook.cells:
        each.metadata.pop("nbgrader", None)
    return notebook


def _edited(name: str, **changes: object) -> Callable[[NotebookNode], NotebookNode]:
    def change(notebook: NotebookNode) -> NotebookNode:
        notebook = answered(notebook)
        cell(notebook, name).metadata.nbgrader.update(changes)
        return notebook

    return change


def _made_markdown(notebook: NotebookNode) -> NotebookNode:
    """A test turned into text, in a notebook as those of the format before 4.5: cells without ids."""
    notebook = answered(notebook)
    test = cell(notebook, "shown")
    test.cell_type = "markdown"
    del test["outputs"], test["execution_count"]
    notebook.nbformat_minor = 4
    for each in notebook.cells:
        del each["id"]
    return notebook


def _tagged(notebook: NotebookNode) -> NotebookNode:
    notebook = answered(notebook, "def square(n):\n    return 0\nworth = 0")
    for name in ("shown", "hidden", "value"):
        cell(notebook, name).metadata["tags"] = ["skip-execution"]
    return notebook


QUIET_ERRORS = (
    "from IPython.core.interactiveshell import InteractiveShell\n"
    "InteractiveShell.showtraceback = lambda *a, **k: None\n"
    "def square(n):\n    return 0\nworth = 0"
)
STUBBORN = (
    "import time\ndef square(n):\n    try:\n        time.sleep(60)\n"
    "    except KeyboardInterrupt:\n        pass\n    return n * n\nworth = 2.0"
)

TRAPS: dict[str, Callable[[NotebookNode], NotebookNode | bytes | None]] = {
    # Marked alike by nbgrader and by us.
    "right": answered,
    "stub": lambda notebook: notebook,
    "half": _worth("0.5"),
    "nothing": _worth("0"),
    "true": _worth("True"),
    "text": _worth("'0.5'"),
    "none": _worth("None"),
    "raised-points": _edited("value", points=50),
    "wrong": lambda notebook: answered(notebook, "def square(n):\n    return 2 * n\nworth = 1"),
    "no-traceback": lambda notebook: answered(notebook, QUIET_ERRORS),
    "never-ends": lambda notebook: answered(notebook, "while True:\n    pass"),
    "not-to-be-stopped": lambda notebook: answered(notebook, STUBBORN),
    # Values: what nbgrader takes for all, or for the end of the submission.
    "numpy-half": _worth("np.float64(0.5)"),
    "numpy-single": _worth("np.float32(0.5)"),
    "numpy-integer": _worth("np.int64(1)"),
    "numpy-array": _worth("np.array(0.5)"),
    "tensor": lambda notebook: answered(notebook, f"import torch\n{SOLVED}\nworth = torch.tensor(0.5)"),
    "nan": _worth("float('nan')"),
    "numpy-nan": _worth("np.float64('nan')"),
    "false": _worth("False"),
    "numpy-false": _worth("np.bool_(False)"),
    "below-zero": _worth("-1.0"),
    "too-much": _worth("2.5"),
    "infinite": _worth("float('inf')"),
    # A test that warns.
    "warns": _extra("import warnings\nf = square\ndef square(n):\n    warnings.warn('slow'); return f(n)"),
    "logs": _extra("import sys\nf = square\ndef square(n):\n    print('hm', file=sys.stderr); return f(n)"),
    # Cells that are not as they were released.
    "answer-twice": _twice("answer"),
    "answer-split": _twice("answer", split=True),
    "test-twice": _twice("shown"),
    "no-test": _without("hidden"),
    "no-answer": _without("answer"),
    "ungraded-test": _edited("shown", grade=False, locked=False),
    "old-metadata": _edited("shown", schema_version=1),
    "new-metadata": _edited("shown", schema_version=9),
    "own-id": _edited("shown", grade_id="mine"),
    "no-metadata": _stripped,
    "made-markdown": _made_markdown,
    "skipped-tests": _tagged,
    # Kernels that die.
    "exits": lambda notebook: answered(notebook, f"{SOLVED}\nimport os\nos._exit(3)"),
    "dies-in-a-test": lambda notebook: answered(
        notebook,
        "import os\nworth = 2.0\ndef square(n):\n    os._exit(3) if n < 0 else None\n    return n * n",
    ),
    # Files that are no notebook of the assignment.
    "not-json": lambda notebook: b"\xff\xfe not a notebook",
    "empty-file": lambda notebook: b"",
    "absent": lambda notebook: None,
}


def all_traps(root: Path, names: tuple[str, ...] = ()) -> Path:
    """Hand in every trap, by learners of their names."""
    for name in names or TRAPS:
        hand_in(root, name, TRAPS[name](released(root)))
    return root


logging.getLogger("traitlets").setLevel(logging.ERROR)
