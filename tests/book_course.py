"""A small course for the tests of the book: one topic, written here, with a lecture that plots and claims."""

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from foursteps import notebook as nb
from foursteps.claims.band import Band
from foursteps.claims.ledger import BandLimits, ClaimRecord, Ledger, MeasuredBand
from foursteps.course import Course
from foursteps.run.provenance import Provenance

TOPIC = "01_lines"
SECRET = "slope_of_mine = (inputs * targets).sum() / (inputs**2).sum()"
SHARED = "error = float(np.abs(targets - slope * inputs).mean())"

COURSE = """
title = "Lines & curves"
author = "Somebody"
[lectures.01_lines]
title = "A line through points"
minutes = 75
[launch]
"""
RECALL = """
[[recall]]
question = "What does the slope $a$ say?"
answer = "How much `y` grows when `x` grows by one.\\n\\n```python\\ny = a * x\\n```"
[[talk]]
question = "Why a line?"
good_answer = "It is the simplest thing that can be wrong in a way one can see."
"""
SHOWN = """from IPython.display import Markdown
Markdown(f"| slope | error |\\n|---|---|\\n| $a = 2.2$ | {error:.1f} |")"""
CELLS = [
    ("markdown", "header", "# 01 · A line through points\n\nOne line, fitted by hand.", {"tags": ["header"]}),
    (
        "markdown",
        "why",
        "A line is the smallest model: $y = a x$.\n\n$$\na = \\frac{\\sum x y}{\\sum x^2}\n$$",
        {},
    ),
    ("code", "parameters", 'seed = 42\ndevice = "cpu"', {"tags": ["parameters"]}),
    ("code", "points", "import numpy as np\ninputs = np.arange(1.0, 9.0)\ntargets = 2 * inputs + 1", {}),
    ("markdown", "look", "## Look first\n\nThe points lie on a line.", {}),
    (
        "code",
        "plot",
        "import matplotlib.pyplot as plt\nplt.plot(inputs, targets, 'o')\nplt.xlabel('x')\nplt.show()",
        {"foursteps": {"alt": "Eight points that rise on a straight line from (1, 3) to (8, 17)."}},
    ),
    ("code", "fit", f"slope = 2.2\n{SHARED}\nprint('error', error)\n{SHOWN}", {}),
    (
        "code",
        "claim",
        'from foursteps.claims import record\nrecord("error", error, baseline=5.0, higher_is_better=False)',
        {},
    ),
]
PIECE = '''# ruff: noqa: F821
"""Try it: turn the line

Move the slope. Where is the error *smallest*?
"""

slopes = [1.0, 1.5, 2.0, 2.5]
errors = [[abs(t - s * i) for i, t in zip(inputs.tolist(), targets.tolist())] for s in slopes]
piece = {
    "kind": "curves",
    "before": "## Look first",
    "alt": "The error at each of eight points, one line a slope.",
    "x": inputs.tolist(),
    "across": {"label": "input"},
    "up": {"label": "error"},
    "choose": "slope",
    "options": [str(s) for s in slopes],
    "ordered": True,
    "start": [2, 3],
    "columns": {"error": {"values": errors, "digits": 1}},
    "says": "Slope {option} at {x}: off by {error}.",
}
'''
TAKE_AWAY = """
## The pattern

A slope is a sum over a sum.

| word | meaning |
|---|---|
| slope | how much $y$ grows when $x$ grows by one |
"""
SEEDED = (0.2, 0.5, 0.4, 0.6, 0.3)
MADE = Provenance(
    notebook="0" * 64,
    parameters={"seed": 42},
    python="3.11.0",
    versions={"torch": "2.0"},
    packages="0" * 64,
    device_class="cpu",
    device="a processor",
    seconds=3.0,
    peak_mb=100.0,
    date="2026-01-02T03:04:05+00:00",
)


def ledger(path: Path) -> Ledger:
    """A claims.json whose one claim was measured over five seeds."""
    band = Band.of(SEEDED, higher=False)
    measured = MeasuredBand(
        seeds=(1, 2, 3, 4, 5),
        values=SEEDED,
        baselines=(5.0,) * 5,
        mean=band.mean,
        deviation=band.deviation,
        limits=BandLimits.of(band),
        provenance=MADE,
    )
    record = ClaimRecord(higher_is_better=False, baseline=5.0, bands={"cpu": measured})
    return Ledger.at(path, {"lecture.error": record})


def notebook(cells: list, metadata: dict | None = None) -> NotebookNode:
    """A notebook of (kind, id, source, metadata)."""
    make = {"markdown": new_markdown_cell, "code": new_code_cell}
    built = [make[kind](source, id=name, metadata=meta) for kind, name, source, meta in cells]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return new_notebook(cells=built, metadata={"kernelspec": kernel, "foursteps": metadata or {}})


def lecture() -> NotebookNode:
    """The lecture as its author stores it: without outputs."""
    about = {
        "objectives": ["Fit a line.", "Say how far off it is."],
        "needs": ["School mathematics."],
        "data": [],
    }
    return notebook(CELLS, about)


def exercise(solved: bool) -> NotebookNode:
    """The exercise: as its solution, or as released."""
    body = f"### BEGIN SOLUTION\n{SECRET}\n{SHARED}\nreturn slope_of_mine\n    ### END SOLUTION"
    cells = [
        ("markdown", "header", "# Reproduce: a line\n\nDifficulty 1 of 5.", {"tags": ["header"]}),
        ("code", "parameters", "seed = 42", {"tags": ["parameters"]}),
        ("markdown", "ask", "## The slope\n\nWrite a function.", {}),
        ("code", "answer", "def slope(inputs, targets):\n    " + (body if solved else "return ..."), {}),
        ("code", "check", 'check("slope", slope)', {}),
    ]
    return notebook(cells)


def write_course(root: Path, *, claims: bool = True, piece: bool = False) -> Course:
    """Write the course into `root` and load it; `piece` gives its lecture one, which its run needs too."""
    files = {"course.toml": COURSE, f"lectures/{TOPIC}/recall.toml": RECALL}
    files[f"lectures/{TOPIC}/take_away.md"] = TAKE_AWAY
    if piece:
        files[f"lectures/{TOPIC}/piece.py"] = PIECE
    files[f"graders/{TOPIC}/reproduce.py"] = "CHECKS = ()\nHIDDEN_SEED_OF_THE_GRADER = 12345\n"
    files[f"exercises/{TOPIC}/checks.json"] = json.dumps({"schema": 1, "topic": TOPIC, "exercises": {}})
    files["book/index.md"] = "# Lines\n\nWelcome.\n\n<!-- topics -->\n"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    if claims:
        ledger(root / f"lectures/{TOPIC}/claims.json").save()
    nb.write(root / f"lectures/{TOPIC}/lecture.ipynb", lecture())
    for name in ("reproduce", "apply_elsewhere"):
        nb.write(root / f"solutions/{TOPIC}/{name}.ipynb", exercise(solved=True))
        nb.write(root / f"exercises/{TOPIC}/{name}.ipynb", exercise(solved=False))
    own = Path(__file__).parents[1] / "book"
    for path in [own / "_config.yml", *(own / "_static").rglob("*")]:
        if path.is_file():
            target = root / "book" / path.relative_to(own)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return Course.load(root)


def as_run(source: NotebookNode) -> NotebookNode:
    """`source` as if a kernel had run it: every code cell counted, the last one with a claim."""
    run = nbformat.from_dict(source)
    for number, cell in enumerate(nb.code_cells(run), start=1):
        cell.execution_count = number
    claim = {"schema": 1, "name": "error", "value": 0.4, "baseline": 5.0}
    data = {"application/vnd.foursteps.claim+json": claim, "text/html": "<b>error</b> 0.4"}
    nb.code_cells(run)[-1].outputs = [nbformat.v4.new_output("display_data", data)]
    return run


def executed(source: NotebookNode) -> NotebookNode:
    """`source`, run by a real kernel."""
    from nbclient import NotebookClient

    run = nbformat.from_dict(source)
    NotebookClient(run, timeout=120).execute()
    return run
