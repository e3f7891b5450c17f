"""What is released is what the solution gives, holds nothing of it, and is the same by whichever way."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from tiny_course import POINTS, TOPIC, answer, find, released, solution, tiny_course

from foursteps import data
from foursteps import notebook as nb
from foursteps.checks.definition import Checks, Function, Metric
from foursteps.claims.ledger import load
from foursteps.errors import CourseError, NotebookError
from foursteps.grade.gradebook import open_gradebook, register
from foursteps.grade.prepare import checks_of, hidden_calls
from foursteps.release import refresh_header, release, released_text
from foursteps.release.exercise import checksum
from foursteps.release.public import PUBLIC_SEED
from foursteps.release.stub import solution_lines
from foursteps.run import FakeRunner


@pytest.fixture
def course(tmp_path):
    return tiny_course(tmp_path)


@pytest.fixture
def exercise(course):
    return course.topics[0].exercises["reproduce"]


def text_as_notebook(exercise):
    return nb.nbformat.reads(released_text(exercise), as_version=4)


def put_out(course):
    """Write the released notebooks without nbgrader and without a kernel."""
    for exercise in course.topics[0].exercises.values():
        nb.write(exercise.released, text_as_notebook(exercise))


def test_when_an_exercise_is_released_then_every_cell_keeps_its_id_its_tags_and_its_metadata(exercise):
    source, out = nb.read(exercise.source), text_as_notebook(exercise)
    assert [cell.id for cell in out.cells] == [cell.id for cell in source.cells]
    assert nb.tagged(out, "parameters").source == nb.tagged(source, "parameters").source
    imports = next(cell for cell in out.cells if cell.id == "imports")
    assert imports.metadata.foursteps == {"alt": "none"}
    assert out.metadata.kernelspec == source.metadata.kernelspec
    assert out.metadata.foursteps.exercise == "01_means/reproduce"


def test_when_an_exercise_is_released_then_its_header_has_the_points_and_what_is_asked(exercise):
    header = text_as_notebook(exercise).cells[0].source
    assert header.startswith("# What a mean can do: reproduce it")
    assert "**Difficulty** ●●○○○ 2 of 5 · **Time** about 20 minutes · **Points** 10" in header
    assert "| `mean_image` | The mean of a stack of images. | 2 | inputs you have not seen |" in header
    assert "**Given**\n\n- the reader" in header
    assert "**Not given**\n\n- the model" in header


def test_when_points_change_then_the_header_says_so(exercise):
    source = nb.read(exercise.source)
    find(source, "distance").metadata.nbgrader.points = 7
    nb.write(exercise.source, source)
    assert "| `distance` | The distance of two images. | 7 |" in text_as_notebook(exercise).cells[0].source


def test_when_a_lecture_has_metadata_then_its_header_comes_from_them(course):
    topic = course.topics[0]
    lecture = nb.read(topic.lecture)
    fresh = refresh_header(topic, lecture)
    assert lecture.cells[0].source == "written by release"
    header = fresh.cells[0].source
    assert header.startswith("# What a mean can do\n")
    assert "- tell two digits apart" in header
    assert "about 30 minutes" in header
    assert "a CPU is enough, 1 GB of memory" in header
    assert data.DATASETS["mnist_3_7"].card().strip() in header
    assert refresh_header(topic, fresh) == fresh


def test_when_a_lecture_names_unknown_data_or_has_no_header_then_it_is_said(course):
    topic = course.topics[0]
    lecture = nb.read(topic.lecture)
    lecture.metadata.foursteps["data"] = ["nowhere"]
    with pytest.raises(NotebookError, match="found nowhere"):
        refresh_header(topic, lecture)
    lecture.metadata.foursteps["data"] = []
    del lecture.cells[0]
    with pytest.raises(NotebookError, match="tagged `header`"):
        refresh_header(topic, lecture)


def test_when_cells_are_locked_then_the_checksums_are_nbgraders_own(exercise):
    from nbgrader.utils import compute_checksum

    for name in course_cells(exercise):
        cell = find(text_as_notebook(exercise), name)
        assert cell.metadata.nbgrader.checksum == checksum(cell) == compute_checksum(cell)
        assert cell.metadata.deletable is False
        assert cell.metadata.get("editable", True) is cell.metadata.nbgrader.solution


def course_cells(exercise):
    metas = [nb.grader_metadata(cell) for cell in nb.read(exercise.source).cells]
    return [meta["grade_id"] for meta in metas if meta]


@pytest.mark.parametrize("name", ["reproduce", "apply_elsewhere"])
def test_when_an_exercise_is_released_then_no_line_of_the_solution_is_in_it(course, name):
    exercise = course.topics[0].exercises[name]
    text = "\n".join(cell.source for cell in text_as_notebook(exercise).cells)
    lines = solution_lines(nb.read(exercise.source))
    assert lines
    assert [line for line in lines if line in text] == []


def test_when_a_cell_has_no_id_of_its_own_then_the_release_names_it(exercise):
    source = nb.read(exercise.source)
    find(source, "answer_model").metadata.nbgrader.grade_id = "answer_mean"
    nb.write(exercise.source, source)
    with pytest.raises(NotebookError, match="answer_mean, which an earlier cell has"):
        released_text(exercise)


def test_when_checks_and_cells_disagree_then_both_are_named(exercise):
    grader = exercise.grader.read_text("utf-8")
    exercise.grader.write_text(grader.replace('name="distance"', 'name="length"'), "utf-8")
    with pytest.raises(CourseError, match=r"cell distance.*one name"):
        checks_of(exercise)


def test_when_the_gradebook_has_the_cells_then_registering_again_changes_nothing(course):
    put_out(course)
    register(course, TOPIC)
    with open_gradebook(course) as gradebook:
        first = {cell.id for cell in gradebook.find_notebook("reproduce", TOPIC).grade_cells}
        gradebook.add_student("ada")
        gradebook.add_submission(TOPIC, "ada")
    register(course, TOPIC)
    with open_gradebook(course) as gradebook:
        assert {cell.id for cell in gradebook.find_notebook("reproduce", TOPIC).grade_cells} == first
        assert gradebook.find_assignment(TOPIC).max_score == sum(POINTS.values())


def test_when_cells_come_and_go_under_submissions_then_the_other_grades_stay(course):
    put_out(course)
    register(course, TOPIC)
    with open_gradebook(course) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(TOPIC, "ada")
        for name in ("mean_image", "distance", "accuracy"):
            grade = gradebook.find_grade(name, "reproduce", TOPIC, "ada")
            grade.auto_score, grade.needs_manual_grade = POINTS[name], False
        gradebook.find_grade("accuracy", "reproduce", TOPIC, "ada").manual_score = 3
        gradebook.db.commit()

    notebook = released(course, "reproduce")
    find(notebook, "distance").metadata.nbgrader.points = 1
    find(notebook, "mean_image").metadata.nbgrader.grade_id = "middle"
    for name in ("distance", "middle"):
        find(notebook, name).metadata.nbgrader.checksum = checksum(find(notebook, name))
    nb.write(course.topics[0].exercises["reproduce"].released, notebook)
    register(course, TOPIC)

    with open_gradebook(course) as gradebook:
        entry = gradebook.find_submission_notebook("reproduce", TOPIC, "ada")
        scores = {grade.name: (grade.auto_score, grade.manual_score) for grade in entry.grades}
        assert scores == {
            "distance": (1, None),
            "classes": (None, None),
            "accuracy": (5, 3),
            "middle": (None, None),
        }
        assert entry.max_score == 9


def test_when_the_solution_fails_its_own_inputs_then_nothing_is_written(course):
    def raises(notebook, parameters):
        return notebook  # without any evidence

    put_out(course)
    before = released_text(course.topics[0].exercises["reproduce"])
    with pytest.raises(Exception, match="0 bundles of evidence for mean_image"):
        release(course, course.topics, runner=FakeRunner(raises))
    assert not course.topics[0].checks.exists()
    assert course.topics[0].exercises["reproduce"].released.read_text("utf-8") == before
    assert [path.name for path in (course.root / "exercises").iterdir()] == [TOPIC]


@pytest.mark.slow
def test_when_a_course_is_released_then_by_hand_it_is_the_same_and_nothing_hidden_is_in_it(course, tmp_path):
    topic = course.topics[0]
    (done,) = release(course, course.topics)
    assert (done.state, done.folder) == ("written", topic.checks.parent)
    files = {path.name: path.read_text("utf-8") for path in topic.checks.parent.iterdir()}
    assert sorted(files) == ["apply_elsewhere.ipynb", "checks.json", "reproduce.ipynb"]
    for name, exercise in topic.exercises.items():
        assert files[f"{name}.ipynb"] == released_text(exercise)
    assert release(course, course.topics)[0].state == "unchanged"

    # by hand, in a fresh clone, without alembic on the PATH
    shutil.rmtree(course.workspace)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "--force", TOPIC]
    env = {**os.environ, "PATH": os.defpath}
    by_hand = subprocess.run(command, cwd=course.root, env=env, capture_output=True, text=True, timeout=300)
    assert by_hand.returncode == 0, by_hand.stderr[-3000:]
    assert {path.name: path.read_text("utf-8") for path in topic.checks.parent.iterdir()} == files

    # solutions
    everything = "\n".join(files.values())
    for exercise in topic.exercises.values():
        for line in solution_lines(nb.read(exercise.source)):
            assert json.dumps(line)[1:-1] not in everything
    # held-out labels and hidden inputs: neither of the public split nor of another seed
    for seed in (PUBLIC_SEED, 7):
        for name in ("mnist_3_7", "mnist_3_5"):
            labels = data.prepare(name, tmp_path / f"{name}-{seed}", seed).labels
            found = "".join(re.findall(r"\b\d\b", everything))
            assert "".join(map(str, labels[:30])) not in found
    checks = Checks.loads(files["checks.json"])
    calls = hidden_calls(checks_of(topic.exercises["reproduce"]), 7)
    assert all(json.dumps(argument["array"]["data"]) not in everything for (argument,) in calls["mean_image"])

    _, mean = checks.find("mean_image")
    assert isinstance(mean, Function)
    assert len(mean.visible) == 3
    assert mean.points == 2
    assert mean.hints == ("Over which axis?", "axis=0 is the images", "images.mean(axis=0)")
    _, metric = checks.find("accuracy")
    assert isinstance(metric, Metric)
    assert metric.scales["mnist_3_7"] == load(topic.claims).scale("lecture.accuracy")[1]

    # an edit in the release is drift, and goes with the next release
    nb.write(topic.exercises["reproduce"].released, answer(released(course, "reproduce"), "answer_mean", "1"))
    assert release(course, course.topics)[0].state == "written"
    assert topic.exercises["reproduce"].released.read_text("utf-8") == files["reproduce.ipynb"]
    assert solution(course, "reproduce").cells[0].source == "written by release"
