"""Handing in and feedback: nbgrader's own exchange, from a learner's folder to the class and back."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from learner_course import TOPIC, filled_in, given_out, solution, tiny_course
from test_work import foursteps

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.grade import grade_class
from foursteps.learner.handin import pack
from foursteps.learner.work import Copy, start
from foursteps.release import write_bundle


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture
def course(released, tmp_path):
    shutil.copytree(released.root, tmp_path / "course")
    return Course.load(tmp_path / "course")


def attempt(course):
    topic = course.topics[0]
    start(topic)
    own = Copy(topic, "reproduce")
    nb.write(own.path, filled_in(nb.read(own.path), solution_of(course)))
    folder = own.path.parent
    (folder / "helper.py").write_text("mine = 1\n")
    (folder / "feedback").mkdir()
    (folder / "feedback" / "old.html").write_text("old")
    nb.write(folder / "solution_reproduce.ipynb", nb.read(own.path))
    nb.write(folder / "reproduce-Copy1.ipynb", nb.read(own.path))


def solution_of(course):
    return nb.read(course.root / "complete.ipynb")


def test_when_work_is_packed_then_the_exercises_and_own_files_are_in_it_and_nothing_else(course):
    nb.write(course.root / "complete.ipynb", solution(course, "reproduce"))
    attempt(course)
    code, out, err = foursteps(course.root, "submit", "01", "--file")
    assert (code, err) == (0, "")
    with zipfile.ZipFile(course.work / f"{TOPIC}.zip") as archive:
        assert archive.namelist() == ["apply_elsewhere.ipynb", "helper.py", "reproduce.ipynb"]
        assert json.loads(archive.read("reproduce.ipynb"))["cells"]
    assert "○ Nothing is written in apply_elsewhere yet." in out
    assert pack(course.topics[0]).untouched == ("apply_elsewhere",)


def test_when_there_is_nothing_to_hand_in_then_it_says_how_to_begin(course):
    code, _, err = foursteps(course.root, "submit", "01", "--file")
    assert code == 1
    assert "found neither. Run `foursteps start 01_means`, and work in them." in err


@pytest.mark.slow
def test_when_work_is_handed_in_over_the_exchange_then_marks_come_back_as_feedback(
    course, tmp_path, monkeypatch
):
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    where = ("--", f"--Exchange.root={exchange}")
    shutil.unpack_archive(write_bundle(course), tmp_path / "home")
    home = Course.load(tmp_path / "home" / "a_tiny_course")
    nb.write(home.root / "complete.ipynb", solution(course, "reproduce"))
    attempt(home)

    code, _, err = foursteps(home.root, "submit", "01", *where)
    assert code == 1
    assert "Ask your instructor, or upload the file that `foursteps submit --file` writes." in " ".join(
        err.split()
    )

    def nbgrader(*arguments):
        command = [sys.executable, "-m", "nbgrader", *arguments, TOPIC, f"--Exchange.root={exchange}"]
        ran = subprocess.run(command, cwd=course.root, capture_output=True, text=True, env=os.environ)
        assert ran.returncode == 0, ran.stderr[-2000:]

    nbgrader("release_assignment")
    code, out, err = foursteps(home.root, "submit", "01", *where)
    assert (code, err) == (0, "")
    assert "✓ reproduce, apply_elsewhere: a_tiny_course 01_means" in out

    code, _, err = foursteps(home.root, "feedback", "01", *where)
    assert code == 1

    nbgrader("collect")
    rows = grade_class(course, course.topics[0], sandbox="none")
    assert [row.points for row in rows if row.exercise == "reproduce"] == [10]
    nbgrader("generate_feedback")
    nbgrader("release_feedback")
    code, out, err = foursteps(home.root, "feedback", "01", *where)
    assert (code, err) == (0, "")
    pages = [line.removeprefix("✓ ") for line in out.splitlines()]
    assert {page.rsplit("/", 1)[1] for page in pages} == {"apply_elsewhere.html", "reproduce.html"}
    page = next(home.root / page for page in pages if page.endswith("reproduce.html"))
    assert "Check accuracy: Passed" in page.read_text("utf-8")
