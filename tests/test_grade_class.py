"""A class is graded by nbgrader itself: every submission gets its marks, and by hand the same ones."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import jinja2
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tiny_course import TOPIC, answer, find, released, solution, submit, tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import GradeError
from foursteps.grade import feedback_page, grade_class, write_feedback
from foursteps.grade.batch import rows
from foursteps.release import release

pytestmark = pytest.mark.slow
REPRODUCE = ("mean_image", "distance", "classes", "accuracy")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tiny_course(tmp_path_factory.mktemp("course"))
    release(course, course.topics)
    return course


@pytest.fixture
def empty_class(course):
    """The released course with nobody in its class."""
    for folder in ("submitted", "autograded", "feedback", "evidence", "gradebook.db", "released.json"):
        path = course.workspace / folder
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return course


def nbgrader(course: Course, *words: str) -> subprocess.CompletedProcess:
    """Run nbgrader as a person would, without the environment's own folder on the PATH."""
    command = [sys.executable, "-m", "nbgrader", *words]
    env = {**os.environ, "PATH": os.defpath}
    return subprocess.run(command, cwd=course.root, env=env, capture_output=True, text=True, timeout=400)


def by_name(found):
    return {(row.student, row.exercise): row for row in found}


def states(row):
    return {outcome.check: outcome.state for outcome in row.outcomes}


def wrong_reproduce(course):
    notebook = solution(course, "reproduce")
    return answer(notebook, "answer_distance", "def distance(a, b):\n    return abs(a - b).sum()")


def test_when_a_class_is_graded_then_each_gets_its_marks_and_by_hand_the_same_ones(empty_class):
    course, topic = empty_class, empty_class.topics[0]
    both = {name: solution(course, name) for name in topic.exercises}
    submit(course, "complete", **both)
    submit(course, "stub", **{name: released(course, name) for name in topic.exercises})
    submit(course, "wrong", reproduce=wrong_reproduce(course), apply_elsewhere=b"\xff not a notebook")
    submit(course, "absent")
    # From a fresh clone: no gradebook yet.
    done = nbgrader(course, "autograde", TOPIC)
    assert done.returncode == 0, done.stderr[-3000:]
    students = ("absent", "complete", "stub", "wrong")
    by_hand = by_name(rows(course, topic, students))

    shutil.rmtree(course.workspace / "autograded")
    graded = by_name(grade_class(course, topic))
    for key, row in by_hand.items():
        assert (row.points, row.max_points, row.by_hand, states(row)) == (
            graded[key].points,
            graded[key].max_points,
            graded[key].by_hand,
            states(graded[key]),
        )

    full = graded["complete", "reproduce"]
    assert (full.points, full.max_points, set(states(full).values())) == (10, 10, {"passed"})
    elsewhere = graded["complete", "apply_elsewhere"]
    assert (elsewhere.points, elsewhere.by_hand) == (6, ("story",))
    for name in topic.exercises:
        row = graded["stub", name]
        assert (row.points, row.by_hand, set(states(row).values())) == (0, (), {"not_attempted"})
    assert graded["wrong", "reproduce"].points == 8
    assert states(graded["wrong", "reproduce"]) == dict.fromkeys(REPRODUCE, "passed") | {"distance": "failed"}
    assert (graded["wrong", "apply_elsewhere"].points, graded["wrong", "apply_elsewhere"].by_hand) == (0, ())
    absent = graded["absent", "reproduce"]
    assert (absent.points, absent.max_points, absent.by_hand) == (0, 10, ())
    assert absent.note == "There is no reproduce.ipynb in the submission."

    told = []
    before = {path: path.stat().st_mtime_ns for path in course.workspace.glob("autograded/*/*/*.ipynb")}
    grade_class(course, topic, on_submission=told.append)
    assert told[0] == "01_means, absent (1 of 4)"
    assert before == {
        path: path.stat().st_mtime_ns for path in course.workspace.glob("autograded/*/*/*.ipynb")
    }

    said = []
    pages = write_feedback(course, topic, on_student=lambda done, total: said.append((done, total)))
    assert said == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert len(pages) == 6
    page = next(path for path in pages if path.parts[-3] == "wrong" and path.stem == "reproduce")
    text = page.read_text("utf-8")
    assert "0 of 4 hidden inputs right" in text
    assert "Score: 8.0 / 10.0" in text


def test_when_many_pages_are_written_then_a_template_is_compiled_once_and_the_pages_are_the_same(monkeypatch):
    compiled = []
    compile_ = jinja2.Environment.compile
    monkeypatch.setattr(
        jinja2.Environment, "compile", lambda self, *given: compiled.append(given) or compile_(self, *given)
    )
    monkeypatch.setattr(feedback_page.COMPILED, "_code", {})
    notebook = new_notebook(cells=[new_markdown_cell("The root is $\\sqrt{2}$."), new_code_cell("1 + 1")])
    first, _ = feedback_page.FeedbackExporter(template_name="classic").from_notebook_node(notebook)
    count = len(compiled)
    again, _ = feedback_page.FeedbackExporter(template_name="classic").from_notebook_node(notebook)
    assert count > 3
    assert len(compiled) == count
    assert "<math" in first
    assert again == first


ENDS = {
    "raises": ("raise ValueError('mine')", dict.fromkeys(REPRODUCE, "passed"), ""),
    "kills-its-kernel": (
        "import os; os._exit(3)",
        {"mean_image": "passed", "distance": "crashed", "classes": "crashed", "accuracy": "crashed"},
        "The kernel died",
    ),
    "never-ends": (
        "while True: pass",
        dict.fromkeys(REPRODUCE, "passed"),
        "The cell ran longer than its limit of 15 s, in code cell 5 (`while True: pass`); "
        "it was interrupted, and the rest ran.",
    ),
    "prints-100-mb": (
        "for _ in range(100): print('x' * 2**20)",
        {"mean_image": "passed", "distance": "crashed", "classes": "crashed", "accuracy": "crashed"},
        "The outputs take more than the limit of 20 MB",
    ),
}


def test_when_notebooks_end_badly_then_what_came_before_counts_and_the_others_are_graded(tmp_path):
    course = tiny_course(tmp_path)
    limits = "grading_seconds = 60\ncell_seconds = 30"
    text = (course.root / "course.toml").read_text("utf-8")
    assert limits in text
    (course.root / "course.toml").write_text(text.replace("cell_seconds = 30", "cell_seconds = 15"), "utf-8")
    course = Course.load(course.root)
    release(course, course.topics)
    for name, (source, _, _) in ENDS.items():
        notebook = solution(course, "reproduce")
        notebook.cells.insert(6, new_code_cell(source))
        submit(course, name, reproduce=notebook)
    graded = by_name(grade_class(course, course.topics[0]))
    for name, (_, expected, ended) in ENDS.items():
        row = graded[name, "reproduce"]
        assert row.error == ""
        assert row.by_hand == ()
        assert states(row) == expected, name
        notebook = nbformat.read(course.workspace / "autograded" / name / TOPIC / "reproduce.ipynb", 4)
        said = notebook.metadata["foursteps"]["run"]["ended"]
        assert said.startswith(ended), said
        assert bool(said) == bool(ended)
        assert (notebook.cells[0].id == "about-this-submission") == bool(ended)
        assert len(nb.dumps(notebook)) < 200_000


def test_when_the_release_changes_under_a_used_gradebook_then_grades_are_kept(empty_class, tmp_path):
    course = Course.load(shutil.copytree(empty_class.root, tmp_path / "copy"))
    topic = course.topics[0]
    submit(course, "ada", reproduce=solution(course, "reproduce"))
    assert by_name(grade_class(course, topic))["ada", "reproduce"].points == 10

    exercise = topic.exercises["reproduce"]
    source = nb.read(exercise.source)
    find(source, "distance").metadata.nbgrader.points = 1
    source.cells = [
        cell
        for cell in source.cells
        if nb.grader_metadata(cell).get("grade_id") not in ("classes", "answer_mean", "mean_image")
    ]
    nb.write(exercise.source, source)
    grader = exercise.grader.read_text("utf-8").replace("CHECKS = (", "ALL = (")
    grader += '\nCHECKS = tuple(check for check in ALL if check.name not in ("classes", "mean_image"))\n'
    exercise.grader.write_text(grader, "utf-8")
    release(course, course.topics)

    (row,) = [row for row in rows(course, topic, ["ada"]) if row.exercise == "reproduce"]
    assert (row.points, row.max_points, row.by_hand) == (6, 6, ())


def test_when_nobody_handed_anything_in_then_it_is_said(empty_class):
    with pytest.raises(GradeError, match="Put them there, or use `nbgrader zip_collect`"):
        grade_class(empty_class, empty_class.topics[0])
    submit(empty_class, "ada", reproduce=released(empty_class, "reproduce"))
    with pytest.raises(GradeError, match="Correct the name"):
        grade_class(empty_class, empty_class.topics[0], ["eve"])


def test_when_a_learner_prints_a_script_then_no_page_runs_it(empty_class):
    course, topic = empty_class, empty_class.topics[0]
    notebook = released(course, "apply_elsewhere")
    markup = "<script>stolen()</script><img src=x onerror=stolen()>"
    notebook.cells.insert(3, new_code_cell(f"from IPython.display import HTML\nHTML({markup!r})"))
    answer(notebook, "story", f"Words. {markup}")
    submit(course, "eve", apply_elsewhere=notebook)
    graded = by_name(grade_class(course, topic))
    assert graded["eve", "apply_elsewhere"].by_hand == ("story",)
    (page,) = (path for path in write_feedback(course, topic) if path.stem == "apply_elsewhere")
    assert "<script>stolen" not in page.read_text("utf-8")
    assert "<img src=x" not in page.read_text("utf-8")
    assert "Words." in page.read_text("utf-8")


def test_when_a_stock_nbgrader_grades_the_stub_then_it_scores_nothing_and_validate_fails(course, tmp_path):
    """Without our configuration: only nbgrader's own preprocessors, and its own Execute."""
    for name in ("reproduce", "apply_elsewhere"):
        target = tmp_path / "source" / TOPIC / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course.topics[0].exercises[name].released, target)
        submitted = tmp_path / "submitted" / "stub" / TOPIC / f"{name}.ipynb"
        submitted.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course.topics[0].exercises[name].released, submitted)
    shutil.copy(course.topics[0].checks, tmp_path / "source" / TOPIC / "checks.json")
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 120\n", "utf-8")

    def stock(*words):
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"}
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", *words],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=400,
        )

    # generate_assignment of the released form: it has no solution regions left, but the cells are recorded.
    assert stock("generate_assignment", TOPIC).returncode == 0
    done = stock("autograde", TOPIC)
    assert done.returncode == 0, done.stderr[-3000:]
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(TOPIC, "stub")
        graded = {grade.name: grade.auto_score for entry in submission.notebooks for grade in entry.grades}
    assert {graded[name] for name in (*REPRODUCE, "gain")} == {0.0}

    released_at = course.topics[0].exercises["reproduce"].released
    said = stock("validate", str(released_at)).stdout
    assert "VALIDATION FAILED ON 4 CELL(S)" in " ".join(said.split())
