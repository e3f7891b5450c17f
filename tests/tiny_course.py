"""A course of one topic, small enough to grade in seconds: real digits, no torch, every kind of check.

    course = tiny_course(tmp_path)                  # written, with measured bands, not released
    submit(course, "ada", reproduce=solution(course, "reproduce"))

`ANSWERS` are the solution's regions by cell, for tests that write other ones.
"""

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from foursteps import notebook as nb
from foursteps.claims.ledger import Ledger, load_or_new, measured
from foursteps.course import Course, Exercise
from foursteps.prove.proof import Proof, Row, write_proofs
from foursteps.run.provenance import stamp

TOPIC = "01_means"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}

COURSE = """
title = "A tiny course"

[lectures.01_means]
title = "What a mean can do"
minutes = 30
memory_gb = 1
grading_seconds = 60
cell_seconds = 30
"""
RECALL = """
[[recall]]
question = "What is nearest?"
answer = "What has the least distance."
"""
CONFIG = """\
from pathlib import Path

from foursteps.grade.nbgrader_setup import configure

configure(get_config(), Path(__file__).parent)  # noqa: F821
"""

READ = """\
import numpy as np
from PIL import Image
from sklearn.neighbors import KNeighborsClassifier

from foursteps.data import get


def read(paths):
    return np.stack([np.asarray(Image.open(path)) for path in paths]).reshape(len(paths), -1) / 255"""

ANSWERS = {
    "mean_image": "return images.mean(axis=0)",
    "distance": "gap = a - b\nreturn float(np.sqrt((gap**2).sum()))",
    "classes": (
        "train = sorted(path.glob('train/*/*.png'))\n"
        "labels = [file.parent.name for file in train]\n"
        "classes = sorted(set(labels))"
    ),
    "model": (
        "model = KNeighborsClassifier(3).fit(read(train), labels)\n"
        "predict = lambda paths: model.predict(read(paths))"
    ),
    "model_elsewhere": (
        "files = sorted(path.glob('train/*/*.png'))\n"
        "model = KNeighborsClassifier(3).fit(read(files), [file.parent.name for file in files])\n"
        "predict = lambda paths: model.predict(read(paths))"
    ),
    "story": "The neighbours gain because one mean blurs the strokes that tell the digits apart.",
}
POINTS = {"mean_image": 2, "distance": 2, "classes": 1, "accuracy": 5, "gain": 6, "story": 4}

GRADERS = {
    "reproduce": """
from foursteps.checks.definition import Expect, Function, Metric, Property

CHECKS = (
    Function(
        name="mean_image", asks="The mean of a stack of images.",
        hints=("Over which axis?", "axis=0 is the images", "images.mean(axis=0)"),
        inputs=lambda rng: [(rng.random((4, 3, 2)),) for _ in range(4)],
    ),
    Function(
        name="distance", asks="The distance of two images.",
        inputs=lambda rng: [(rng.random(5), rng.random(5)) for _ in range(4)],
    ),
    Property(name="classes", asks="Two labels.", probe="value", expect={"value": Expect(equals=["3", "7"])}),
    Metric(
        name="accuracy", asks="The lecture's accuracy.", datasets=("mnist_3_7",), takes="predict",
        claim="lecture.accuracy",
    ),
)
""",
    "apply_elsewhere": """
from foursteps.checks.definition import Criterion, Metric, WriteUp

CHECKS = (
    Metric(
        name="gain", asks="Beat the nearest mean.", datasets=("mnist_3_5",), takes="predict",
        claim="apply_elsewhere.gain.{dataset}", lift=True,
    ),
    WriteUp(
        name="story", asks="What did you find, and why?",
        rubric=(Criterion(looks_for="a reason", points=2), Criterion(looks_for="a number", points=2)),
    ),
)
""",
}


def tiny_course(root: Path) -> Course:
    """Write the course into the folder `root`, and load it."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "course.toml").write_text(COURSE, "utf-8")
    (root / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    lecture = root / "lectures" / TOPIC
    nb.write(lecture / "lecture.ipynb", _lecture())
    (lecture / "recall.toml").write_text(RECALL, "utf-8")
    _claims(lecture / "claims.json").save()
    for name, cells in (("reproduce", _reproduce()), ("apply_elsewhere", _elsewhere())):
        said = {"difficulty": 2, "minutes": 20, "given": ["the reader"], "not_given": ["the model"]}
        nb.write(root / "solutions" / TOPIC / f"{name}.ipynb", _notebook(cells, said))
        grader = root / "graders" / TOPIC / f"{name}.py"
        grader.parent.mkdir(parents=True, exist_ok=True)
        grader.write_text(GRADERS[name], "utf-8")
    return Course.load(root)


def solution(course: Course, exercise: str) -> NotebookNode:
    """The solution notebook of an exercise."""
    return nb.read(course.topic(TOPIC).exercises[exercise].source)


def released(course: Course, exercise: str) -> NotebookNode:
    """The released notebook of an exercise."""
    return nb.read(course.topic(TOPIC).exercises[exercise].released)


def submit(course: Course, student: str, **notebooks: NotebookNode | str | bytes) -> Path:
    """Put notebooks, by exercise, where nbgrader looks for a student's; text and bytes as they are."""
    folder = course.workspace / "submitted" / student / TOPIC
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in notebooks.items():
        if isinstance(content, NotebookNode):
            content = nbformat.writes(content, version=nbformat.NO_CONVERT)
        content = content.encode("utf-8") if isinstance(content, str) else content
        (folder / f"{name}.ipynb").write_bytes(content)
    return folder


def answer(notebook: NotebookNode, grade_id: str, source: str) -> NotebookNode:
    """`notebook` with another source in the cell `grade_id`, changed in place."""
    find(notebook, grade_id).source = source
    return notebook


def find(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell with an nbgrader id."""
    return next(cell for cell in notebook.cells if nb.grader_metadata(cell).get("grade_id") == grade_id)


def region(source: str, indent: str = "") -> str:
    """`source` between solution markers."""
    lines = ["### BEGIN SOLUTION", *source.split("\n"), "### END SOLUTION"]
    return "\n".join(indent + line for line in lines)


def _notebook(cells: list[NotebookNode], said: dict) -> NotebookNode:
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "foursteps": said})


def _markdown(name: str, source: str, **metadata) -> NotebookNode:
    return new_markdown_cell(source, id=name, metadata=metadata)


def _code(name: str, source: str, **metadata) -> NotebookNode:
    return new_code_cell(source, id=name, metadata=metadata)


def _meta(grade_id: str, *, grade: bool, solution: bool, points: float | None = None) -> dict:
    meta = {
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "grade_id": grade_id,
        "schema_version": 3,
        "task": False,
    }
    return meta | ({"points": points} if grade else {})


def _answer(name: str, source: str) -> NotebookNode:
    return _code(name.replace("_", "-"), source, nbgrader=_meta(name, grade=False, solution=True))


def _check(name: str, thing: str) -> NotebookNode:
    meta = _meta(name, grade=True, solution=False, points=POINTS[name])
    return _code(f"check-{name.replace('_', '-')}", f'check("{name}", {thing})', nbgrader=meta)


def _start() -> list[NotebookNode]:
    return [
        _markdown("header", "written by release", tags=["header"]),
        _code("parameters", 'seed = 42\ndevice = "cpu"', tags=["parameters"]),
        _code("imports", f"from foursteps import check, hint\n\n{READ}", foursteps={"alt": "none"}),
    ]


def _reproduce() -> list[NotebookNode]:
    return [
        *_start(),
        _markdown("ask-mean", "## The mean image\n\nWrite the mean of a stack of images."),
        _answer("answer_mean", "def mean_image(images):\n" + region(ANSWERS["mean_image"], "    ")),
        _check("mean_image", "mean_image"),
        _answer("answer_distance", "def distance(a, b):\n" + region(ANSWERS["distance"], "    ")),
        _check("distance", "distance"),
        _answer("answer_data", 'path = get("mnist_3_7", seed=seed)\n' + region(ANSWERS["classes"])),
        _check("classes", "classes"),
        _answer("answer_model", region(ANSWERS["model"])),
        _check("accuracy", "predict"),
    ]


def _elsewhere() -> list[NotebookNode]:
    story = "## Your story\n\n" + region(ANSWERS["story"])
    meta = _meta("story", grade=True, solution=True, points=POINTS["story"])
    return [
        *_start(),
        _code("data", 'path = get("mnist_3_5", seed=seed)'),
        _answer("answer_model", region(ANSWERS["model_elsewhere"])),
        _check("gain", "predict"),
        _markdown("story", story, nbgrader=meta),
    ]


def _lecture() -> NotebookNode:
    said = {"objectives": ["tell two digits apart"], "needs": ["arrays"], "data": ["mnist_3_7"]}
    train = (
        'path = get("mnist_3_7", seed=seed)\n'
        'train = sorted(path.glob("train/*/*.png"))\n'
        "model = KNeighborsClassifier(neighbours).fit(read(train), [file.parent.name for file in train])"
    )
    claim = (
        "from foursteps.claims import record\n"
        "from foursteps.data import held_out_inputs, held_out_labels\n"
        'truth = held_out_labels("mnist_3_7", seed=seed)\n'
        "right = (model.predict(read(held_out_inputs(path))) == truth).mean()\n"
        'record("accuracy", right, baseline=0.5, n=len(truth), proportion=True)'
    )
    cells = [
        _markdown("header", "written by release", tags=["header"]),
        _code("parameters", 'seed = 42\ndevice = "cpu"\nneighbours = 3', tags=["parameters"]),
        _code("imports", READ),
        _code("train", train),
        _code("claim", claim),
    ]
    return _notebook(cells, said)


def _claims(path: Path) -> Ledger:
    """Bands as measured with the solutions, over five seeds."""
    from_run = stamp(_lecture(), {}, "cpu", seconds=1.0, peak_mb=200.0)
    accuracy = measured(
        "lecture.accuracy",
        dict(zip(range(1, 6), (0.9875, 0.985, 0.99, 0.98, 0.9875), strict=True)),
        [0.5],
        from_run,
        kind="share",
        rows=400,
        higher_is_better=True,
    )
    gain = measured(
        "apply_elsewhere.gain.mnist_3_5",
        dict(zip(range(1, 6), (0.115, 0.105, 0.1, 0.11, 0.1075), strict=True)),
        [0.0],
        from_run,
        kind="gain",
        rows=400,
        higher_is_better=True,
    )
    claims = {"lecture.accuracy": accuracy, "apply_elsewhere.gain.mnist_3_5": gain}
    return load_or_new(path).with_claims(claims)


def attempt(exercise: Exercise, name: str, kind: str, expect: str = "", **cells: str) -> None:
    """Write a known answer beside the grader of `exercise`; `cells` are its sources by cell."""
    lines = ["# /// attempt", f'# says = "{name}"', f'# kind = "{kind}"']
    lines += ["# [expect]", f"# {expect}"] if expect else []
    lines += ["# ///", *(f"# %% {cell}\n{source}" for cell, source in cells.items())]
    exercise.attempts.mkdir(parents=True, exist_ok=True)
    (exercise.attempts / f"{name}.py").write_text("\n".join(lines) + "\n", "utf-8")


def with_proofs(course: Course) -> Course:
    """`course` with attempts and proofs in their form: what `foursteps check` reads, which runs nothing."""
    for exercise in course.topic(TOPIC).exercises.values():
        for name in ("right_one", "right_two"):
            attempt(exercise, name, "right", answer_model="predict = len")
        for number in range(5):
            attempt(exercise, f"wrong_{number}", "wrong", "accuracy = 0", answer_model="predict = len")
        attempt(exercise, "stub", "stub")
    attempt(course.topic(TOPIC).exercises["apply_elsewhere"], "pasted", "pasted", "gain = 0")
    row = Row("solution", "right", "The solution.", [{"seed": 101, "marks": {"accuracy": 5.0}}])
    write_proofs(course, [Proof(e, 5, 2, (row,), ()) for e in course.topic(TOPIC).exercises.values()])
    return course
