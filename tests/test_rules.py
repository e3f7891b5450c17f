"""`foursteps check` refuses a broken course: each case breaks one thing in a whole course."""

import shutil

import pytest
from tiny_course import TOPIC, find, tiny_course, with_proofs

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.release import release
from foursteps.rules import broken

SOLUTION = f"solutions/{TOPIC}/reproduce.ipynb"
LECTURE = f"lectures/{TOPIC}/lecture.ipynb"
RELEASED = f"exercises/{TOPIC}/reproduce.ipynb"
GRADER = f"graders/{TOPIC}/reproduce.py"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A released course that breaks no rule."""
    course = with_proofs(tiny_course(tmp_path_factory.mktemp("whole") / "course"))
    release(course, course.topics)
    assert [str(error) for error in broken(course)] == []
    return course


@pytest.fixture
def root(whole, tmp_path):
    """A copy of it to break."""
    copy = tmp_path / "course"
    shutil.copytree(whole.root, copy, ignore=shutil.ignore_patterns("class"))
    return copy


def edit(path, change):
    notebook = nb.read(path)
    change(notebook)
    nb.write(path, notebook)


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def write_output(notebook):
    notebook.cells[-1].execution_count = 7


def type_a_result(notebook):
    notebook.cells.append(nb.nbformat.v4.new_markdown_cell("It reaches 0.967 here.", id="boast"))


def quote_a_setting(notebook):
    notebook.cells.append(nb.nbformat.v4.new_markdown_cell("Set it to `0.001`; $p < 0.05$.", id="setting"))


def remove_parameters(notebook):
    notebook.cells = [c for c in notebook.cells if "parameters" not in c.metadata.get("tags", [])]


def replace_text(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


CASES = {
    "exercise edited by hand": (
        lambda r: edit(r / RELEASED, lambda n: n.cells[-1].update(source="easier()")),
        f"{RELEASED}: expected what its solution gives; found a notebook that differs from it. "
        "Make the change in solutions/ and run `foursteps release`.",
    ),
    "solution changed and not released": (
        lambda r: edit(r / SOLUTION, lambda n: cell(n, "ask-mean").update(source="Another prompt.")),
        "found a notebook that differs from it",
    ),
    "exercise missing": (lambda r: (r / RELEASED).unlink(), "expected the released exercise; found none"),
    "checks.json missing": (
        lambda r: (r / f"exercises/{TOPIC}/checks.json").unlink(),
        "expected the exercises' checks; found none",
    ),
    "lecture without parameters": (
        lambda r: edit(r / LECTURE, remove_parameters),
        f"{LECTURE}, parameters cell: expected a code cell tagged `parameters`",
    ),
    "lecture without a claim": (
        lambda r: edit(r / LECTURE, lambda n: cell(n, "claim").update(source="1 + 1")),
        f'{LECTURE}: expected a claim: record("accuracy", value, baseline=...); found none',
    ),
    "claim that was never measured": (
        lambda r: replace_text(r / LECTURE, '\\"accuracy\\", right', '\\"precision\\", right'),
        f"{LECTURE}, claim precision: expected a band in claims.json; found none",
    ),
    "claims.json missing": (
        lambda r: (r / f"lectures/{TOPIC}/claims.json").unlink(),
        "expected the measured bands of the lecture's claims; found no such file. "
        f"Run `foursteps reproduce {TOPIC} --measure`.",
    ),
    "result typed in prose": (
        lambda r: edit(r / LECTURE, type_a_result),
        f"{LECTURE}, cell boast: expected no result typed in prose; found 0.967.",
    ),
    "notebook stored with outputs": (
        lambda r: edit(r / LECTURE, write_output),
        "expected no output; found an output or an execution count",
    ),
    "stale lecture header": (
        lambda r: replace_text(r / "course.toml", "What a mean can do", "What a mean cannot do"),
        f"{LECTURE}, cell header: expected the header that its metadata gives; found another text",
    ),
    "graded cell without points": (
        lambda r: edit(r / SOLUTION, lambda n: find(n, "distance").metadata.nbgrader.update(points=0)),
        "cell distance: expected points above zero; found 0",
    ),
    "graded cell without a check": (
        lambda r: replace_text(r / GRADER, 'name="distance"', 'name="remoteness"'),
        f"{SOLUTION}, cell distance: expected a check called distance in reproduce.py; found none",
    ),
    "cell that calls another check": (
        lambda r: edit(r / SOLUTION, lambda n: find(n, "distance").update(source='check("mean_image", 1)')),
        'cell distance: expected check("distance", ...); found no such call',
    ),
    "two graded cells with one id": (
        lambda r: edit(
            r / SOLUTION, lambda n: find(n, "distance").metadata.nbgrader.update(grade_id="mean_image")
        ),
        "expected an nbgrader id of its own; found the id 'mean_image', which an earlier cell has",
    ),
    "properties worth too much": (
        lambda r: edit(r / SOLUTION, lambda n: find(n, "classes").metadata.nbgrader.update(points=4)),
        "expected properties worth at most 20% of the points; found 4 of 13",
    ),
    "rubric that does not add up": (
        lambda r: replace_text(r / f"graders/{TOPIC}/apply_elsewhere.py", "points=2)", "points=3)"),
        "check story: expected a rubric worth the cell's 4 points; found 6",
    ),
    "check name used twice": (
        lambda r: replace_text(r / f"graders/{TOPIC}/apply_elsewhere.py", 'name="gain"', 'name="distance"'),
        "check distance: expected a name of its own within the topic",
    ),
    "stray file": (
        lambda r: (r / f"lectures/{TOPIC}/notes.txt").write_text("x"),
        "notes.txt: expected only claims.json, figures, lecture.ipynb, piece.py, recall.toml, take_away.md "
        "in this folder; found a stray file",
    ),
    "recall question without an answer": (
        lambda r: (r / f"lectures/{TOPIC}/recall.toml").write_text('[[recall]]\nquestion = "Why?"\n'),
        "recall.toml, recall 1: expected answer and question; found question",
    ),
    "notebook that is no JSON": (
        lambda r: (r / SOLUTION).write_text("{"),
        "expected a Jupyter notebook with a kernel; found no JSON",
    ),
    "unclosed solution region": (
        lambda r: replace_text(r / SOLUTION, "### END SOLUTION", "### THE END"),
        f"{SOLUTION}, cell answer-mean: expected each ### BEGIN SOLUTION followed by its ### END SOLUTION",
    ),
}


@pytest.mark.parametrize(
    ("break_it", "message"), CASES.values(), ids=[name.replace(" ", "-") for name in CASES]
)
def test_when_one_thing_is_broken_then_it_is_named_with_its_place_and_mend(root, break_it, message):
    break_it(root)
    found = [str(error) for error in broken(Course.load(root))]
    assert any(message in text for text in found), found
    assert all(error.mend for error in broken(Course.load(root)))


def test_when_a_number_is_code_or_a_formula_then_it_is_no_typed_result(root):
    edit(root / LECTURE, quote_a_setting)
    assert broken(Course.load(root)) == []


def test_when_several_things_are_broken_then_all_are_named_at_once(root):
    (root / f"lectures/{TOPIC}/notes.txt").write_text("x")
    edit(root / LECTURE, type_a_result)
    (root / RELEASED).unlink()
    assert len(broken(Course.load(root))) == 3
