"""A plain nbgrader course is graded as it is; each difference from stock nbgrader is a test here."""

import os
import shutil
import sqlite3
import threading
from pathlib import Path

import nbformat
import pytest
from plain_course import ASSIGNMENT, TRAPS, all_traps, answered, hand_in, plain_course, released, source
from typer.testing import CliRunner

from foursteps.cli import app
from foursteps.errors import GradeError
from foursteps.grade.plain import PlainCourse, grade_plain, is_plain
from foursteps.grade.walls import sandbox_for
from foursteps.run import ColdRunner
from foursteps.run.warm import WarmRunner

pytestmark = pytest.mark.slow
FULL = {"shown": 1.0, "hidden": 1.0, "value": 2.0, "story": 0.0}
NOTHING = dict.fromkeys(FULL, 0.0)


def worth(points):
    return {**FULL, "value": points}


@pytest.fixture(scope="module")
def released_course(tmp_path_factory):
    return plain_course(tmp_path_factory.mktemp("plain") / "course")


@pytest.fixture(scope="module")
def graded(released_course, tmp_path_factory):
    """The course with every trap handed in, and the rows that came of it, by learner."""
    root = shutil.copytree(released_course, tmp_path_factory.mktemp("traps") / "course")
    # A course's folder can be moved; nbgrader's gradebook goes with it.
    all_traps(root)
    # torch is imported before the fork, or its import would be what is limited.
    modules, sandbox = ("numpy", "torch"), sandbox_for("best")
    with WarmRunner(preload=modules, sandbox=sandbox, stop_on_error=False) as runner:
        return root, {row.student: row for row in grade_plain(root, ASSIGNMENT, runner=runner)}


def scores(root, student):
    """What nbgrader's gradebook holds of a learner's cells."""
    with PlainCourse.load(root).gradebook() as gradebook:
        entry = gradebook.find_submission_notebook("p1", ASSIGNMENT, student)
        return {grade.name: grade.auto_score for grade in entry.grades}


def said(root, student):
    path = root / "autograded" / student / ASSIGNMENT / "p1.ipynb"
    return nbformat.read(path, as_version=4).metadata["foursteps"]


def test_when_one_submission_is_odd_then_all_the_others_are_graded(graded):
    _, rows = graded
    assert set(rows) == set(TRAPS)
    assert [row.student for row in rows.values() if row.error] == []


EXPECTED = {
    "right": FULL,
    "stub": NOTHING,
    "half": worth(0.5),
    "nothing": worth(0.0),
    "true": worth(2.0),
    "text": worth(2.0),
    "none": worth(2.0),
    "raised-points": worth(2.0),
    "wrong": {"shown": 1.0, "hidden": 0.0, "value": 1.0, "story": 0.0},
    "no-traceback": NOTHING,
    "numpy-half": worth(0.5),
    "numpy-single": worth(0.5),
    "numpy-integer": worth(1.0),
    "numpy-array": worth(0.5),
    "tensor": worth(0.5),
    "nan": worth(0.0),
    "numpy-nan": worth(0.0),
    "false": worth(0.0),
    "numpy-false": worth(0.0),
    "below-zero": worth(0.0),
    "too-much": worth(2.0),
    "infinite": worth(0.0),
    "warns": FULL,
    "logs": FULL,
    "answer-twice": FULL,
    "answer-split": FULL,
    "test-twice": FULL,
    "no-test": FULL,
    "no-answer": NOTHING,
    "ungraded-test": FULL,
    "old-metadata": FULL,
    "new-metadata": FULL,
    "own-id": FULL,
    "no-metadata": FULL,
    "made-markdown": FULL,
    "skipped-tests": NOTHING,
    "never-ends": NOTHING,
    "not-to-be-stopped": {"shown": 0.0, "hidden": 0.0, "value": 2.0, "story": 0.0},
    "exits": NOTHING,
    "dies-in-a-test": {"shown": 1.0, "hidden": 0.0, "value": 0.0, "story": 0.0},
    "not-json": NOTHING,
    "empty-file": NOTHING,
    "absent": NOTHING,
}


@pytest.mark.parametrize("name", TRAPS)
def test_when_a_learner_hands_this_in_then_it_gets_these_marks(graded, name):
    root, _ = graded
    assert scores(root, name) == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("answer-twice", "The answer `answer` was there 2 times; all of them ran, in their order."),
        ("test-twice", "The check `shown` was there 2 times; one of them counts."),
        ("no-test", "The cell `hidden` was missing and has been put back."),
        ("not-json", "It was graded as the untouched exercise."),
    ],
)
def test_when_a_notebook_was_repaired_then_the_graded_one_says_so(graded, name, words):
    root, _ = graded
    notes = said(root, name)["repairs"]
    assert words in " ".join(notes)
    path = root / "autograded" / name / ASSIGNMENT / "p1.ipynb"
    assert words in nbformat.read(path, as_version=4).cells[0].source


def test_when_a_kernel_dies_then_it_is_said_where_and_what_came_before_counts(graded):
    root, _ = graded
    assert said(root, "dies-in-a-test")["run"]["ended"].startswith("The kernel died with exit code 3")


def test_when_nothing_changed_then_nothing_runs_again_and_force_runs_all(graded):
    root, _ = graded
    told = []
    path = root / "autograded" / "half" / ASSIGNMENT / "p1.ipynb"
    before = path.stat().st_mtime_ns
    grade_plain(root, ASSIGNMENT, ["half", "right"], on_submission=told.append)
    assert (told, path.stat().st_mtime_ns) == ([], before)
    hand_in(root, "half", answered(released(root)))
    grade_plain(root, ASSIGNMENT, ["half", "right"], on_submission=told.append)
    assert told == ["ps1, half (1 of 1)"]
    assert scores(root, "half") == FULL
    grade_plain(root, ASSIGNMENT, ["right"], force=True, on_submission=told.append)
    assert told[1:] == ["ps1, right (1 of 1)"]
    hand_in(root, "half", TRAPS["half"](released(root)))


def test_when_a_learners_code_looks_around_then_neither_gradebook_nor_tests_lie_there(
    released_course, tmp_path
):
    root = shutil.copytree(released_course, tmp_path / "course")
    code = (
        "import os, pathlib\ndef square(n):\n    return n * n\nworth = 2.0\n"
        f"found = [str(path) for path in [*pathlib.Path('.').rglob('*'), pathlib.Path({str(root)!r})]"
        " if path.exists()]\n"
        "assert not found, found\nassert os.environ.get('NBGRADER_EXECUTION') == 'autograde'\n"
    )
    hand_in(root, "curious", answered(released(root), code))
    grade_plain(root, ASSIGNMENT)
    assert scores(root, "curious") == FULL
    notebook = nbformat.read(root / "autograded" / "curious" / ASSIGNMENT / "p1.ipynb", as_version=4)
    errors = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output for output in errors if output.output_type == "error"] == []


def test_when_a_submission_has_links_and_pipes_then_nothing_comes_home_through_them(
    released_course, tmp_path
):
    root = shutil.copytree(released_course, tmp_path / "course")
    theirs = hand_in(root, "ada", answered(released(root)))
    path = hand_in(root, "eve", answered(released(root)))
    (path.parent / "marks.txt").symlink_to(root / "gradebook.db")
    os.mkfifo(path.parent / "pipe")
    hand_in(root, "bob", None).symlink_to(theirs)
    grade_plain(root, ASSIGNMENT)
    assert scores(root, "eve") == FULL
    assert [found.name for found in (root / "autograded/eve/ps1").iterdir()] == ["p1.ipynb"]
    assert scores(root, "bob") == NOTHING
    assert "The notebook was a link" in said(root, "bob")["repairs"][0]


def test_when_the_command_line_is_given_a_plain_course_then_it_marks_it_and_nbgrader_reads_the_marks(
    released_course, tmp_path
):
    root = shutil.copytree(released_course, tmp_path / "course")
    hand_in(root, "ada", answered(released(root)))
    done = CliRunner().invoke(app, ["grade", ASSIGNMENT, "--course", str(root)])
    assert done.exit_code == 0, done.output
    assert "4 of 7" in done.output
    with sqlite3.connect(root / "gradebook.db") as database:
        (total,) = database.execute("select sum(auto_score) from grade").fetchone()
    assert total == 4.0


def test_when_the_configuration_names_places_from_the_courses_folder_then_they_are_found_from_elsewhere(
    released_course, tmp_path, monkeypatch
):
    root = shutil.copytree(released_course, tmp_path / "course")
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.root = '.'\nc.CourseDirectory.db_url = 'sqlite:///marks.db'\n")
    (root / "gradebook.db").rename(root / "marks.db")
    hand_in(root, "ada", answered(released(root)))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["grade", ASSIGNMENT, "--course", "course"])
    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == ["course"]
    with sqlite3.connect(root / "marks.db") as database:
        assert database.execute("select sum(auto_score) from grade").fetchone() == (4.0,)


def test_when_a_folder_is_a_course_of_nbgrader_alone_then_it_is_known(released_course, tmp_path):
    assert is_plain(released_course)
    assert not is_plain(tmp_path)
    (tmp_path / "course.toml").write_text("")
    (tmp_path / "source").mkdir()
    assert not is_plain(tmp_path)


def test_when_the_assignment_is_unknown_then_it_is_said_how_to_make_it_known(released_course):
    with pytest.raises(GradeError, match=r"the assignment ps2; found ps1\. Correct the name"):
        grade_plain(released_course, "ps2")
    with pytest.raises(GradeError, match="expected a submission; found no such folder"):
        grade_plain(released_course, ASSIGNMENT, ["eve"])


def test_when_the_configuration_is_broken_then_it_is_named(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    with pytest.raises(GradeError, match=r"nbgrader_config\.py: expected a configuration that"):
        grade_plain(tmp_path, ASSIGNMENT)


def test_when_a_course_has_an_execute_of_its_own_then_the_sandbox_refuses_it(released_course, tmp_path):
    root = shutil.copytree(released_course, tmp_path / "course")
    own = (
        "from nbgrader.preprocessors import Execute\nclass Mine(Execute):\n    pass\n"
        "c.Autograde.autograde_preprocessors = [Mine, 'nbgrader.preprocessors.SaveAutoGrades']\n"
    )
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(own)
    hand_in(root, "ada", answered(released(root)))
    (row,) = grade_plain(root, ASSIGNMENT)
    assert "expected nbgrader's own Execute" not in row.error
    assert "Mine" in row.error


@pytest.mark.parametrize(
    ("kernel", "marks", "words"),
    [
        ({"name": "my-env", "language": "python"}, 4.0, "asked for the kernel my-env, which is not here"),
        ({"name": "ir", "language": "R"}, 0.0, "another language, or another Python"),
    ],
)
def test_when_the_kernel_is_not_here_then_python_runs_what_is_python(tmp_path, kernel, marks, words):
    notebook = source()
    notebook.metadata["kernelspec"] = {**kernel, "display_name": "Theirs"}
    root = plain_course(tmp_path / "course", notebooks={"p1": notebook})
    hand_in(root, "ada", answered(released(root)))
    (row,) = grade_plain(root, ASSIGNMENT)
    assert row.points == marks
    assert words in row.error or words in said(root, "ada")["repairs"][0]


class Meeting(ColdRunner):
    """Begins no run before two are there."""

    def __init__(self):
        super().__init__()
        self.both = threading.Barrier(2, timeout=60)

    def run(self, *given, **more):
        self.both.wait()
        return super().run(*given, **more)


def test_when_two_run_at_the_same_time_then_the_marks_are_those_of_one_after_another(
    released_course, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    found = []
    for name, settings in (("two", {"runner": Meeting(), "workers": 2}), ("one", {"workers": 1})):
        root = shutil.copytree(released_course, tmp_path / name)
        for student in ("half", "numpy-nan", "right", "wrong"):
            hand_in(root, student, TRAPS[student](released(root)))
        rows = grade_plain(root, ASSIGNMENT, sandbox="best", **settings)
        found.append((rows, {row.student: scores(root, row.student) for row in rows}))
        assert [row.error for row in rows] == [""] * 4
    assert found[0] == found[1]
    assert Path.cwd() == tmp_path  # nbgrader goes into the course's folder, and each came back
    assert "NBGRADER_EXECUTION" not in os.environ


def test_when_nothing_can_be_forked_then_a_fresh_kernel_runs_it_and_the_notebook_says_so(
    released_course, tmp_path
):
    root = shutil.copytree(released_course, tmp_path / "course")
    hand_in(root, "wrong", TRAPS["wrong"](released(root)))
    grade_plain(root, ASSIGNMENT, runner=ColdRunner())
    assert scores(root, "wrong") == EXPECTED["wrong"]
    path = root / "autograded" / "wrong" / ASSIGNMENT / "p1.ipynb"
    assert "graded without a sandbox" in nbformat.read(path, as_version=4).cells[0].source
