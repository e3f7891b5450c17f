"""A class at speed: runs side by side, one writer, nothing twice, and the marks that nbgrader gives by hand."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from tiny_course import TOPIC, answer, released, solution, submit, tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import GradeError
from foursteps.grade import grade_class
from foursteps.grade.batch import rescore_class, rows, the_only_one
from foursteps.release import release

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    course = tiny_course(tmp_path_factory.mktemp("course"))
    release(course, course.topics)
    return course


@pytest.fixture
def course(made, tmp_path):
    """The released course with nobody in its class."""
    return Course.load(shutil.copytree(made.root, tmp_path / "course"))


def nbgrader(course, *words):
    command = [sys.executable, "-m", "nbgrader", *words]
    env = {**os.environ, "PATH": os.defpath}
    return subprocess.run(command, cwd=course.root, env=env, capture_output=True, text=True, timeout=400)


def a_class(course):
    """One of each kind: right, untouched, wrong, unreadable, half, late, with files of its own, absent."""
    both = {name: solution(course, name) for name in ("reproduce", "apply_elsewhere")}
    submit(course, "complete", **both)
    submit(course, "stub", **{name: released(course, name) for name in both})
    wrong = answer(solution(course, "reproduce"), "answer_distance", "def distance(a, b):\n    return 0.0")
    submit(course, "wrong", reproduce=wrong, apply_elsewhere=b"\xff not a notebook")
    half = submit(course, "half", reproduce=both["reproduce"])
    (half / "timestamp.txt").write_text("2020-01-02 00:00:00 UTC")
    (half / "mine").mkdir()
    (half / "mine" / "table.csv").write_text("1,2")
    submit(course, "absent")


QUERY = """
select student_id, notebook.name, timestamp, late_submission_penalty, base_cell.name, auto_score, manual_score,
       needs_manual_grade, auto_comment
from submitted_notebook join notebook on notebook.id = submitted_notebook.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join base_cell on base_cell.notebook_id = notebook.id
left join grade on grade.notebook_id = submitted_notebook.id and grade.cell_id = base_cell.id
left join comment on comment.notebook_id = submitted_notebook.id and comment.cell_id = base_cell.id
"""


def gradebook(course):
    """Every row of the gradebook about submissions, without its random names."""
    with sqlite3.connect(course.workspace / "gradebook.db") as database:
        return sorted(map(repr, database.execute(QUERY)))


def autograded(course):
    """Every autograded file: its content and its permissions."""
    folder = course.workspace / "autograded"
    return {
        str(path.relative_to(folder)): (path.read_bytes(), oct(path.stat().st_mode))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def kept(course):
    return sorted(path.name for path in (course.workspace / "runs").rglob("*.json"))


def test_when_nbgrader_grades_by_hand_then_every_row_and_every_byte_is_the_same(course):
    a_class(course)
    done = nbgrader(course, "autograde", TOPIC)
    assert done.returncode == 0, done.stderr[-3000:]
    by_hand, files, runs = gradebook(course), autograded(course), kept(course)
    assert len(runs) == 6

    (course.workspace / "gradebook.db").unlink()
    shutil.rmtree(course.workspace / "autograded")
    grade_class(course, course.topics[0], workers=2)
    assert gradebook(course) == by_hand
    ours = autograded(course)
    for path in files:
        assert ours[path] == files[path], path
    assert ours.keys() == files.keys()
    assert kept(course) == runs
