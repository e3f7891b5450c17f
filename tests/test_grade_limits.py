"""Limits as course.toml sets them: each binds, and the learner is told which one it was."""

import pytest
from nbformat.v4 import new_code_cell
from tiny_course import TOPIC, solution, submit, tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import CourseError
from foursteps.grade import grade_class
from foursteps.grade.walls import limits_of, resources_of
from foursteps.release import release

SET = """
scratch_mb = 3
output_mb = 0.5
processes = 48
open_files = 100
"""
OVER = {
    "scratch": (
        "open('large', 'wb').write(b'0' * 5_000_000)",
        "The notebook wrote more than its limit of 3 MB of files.",
    ),
    "output": ("print('a line\\n' * 200_000)", "The outputs take more than the limit of 0.5 MB"),
    "processes": (
        "import threading, time\nfor _ in range(60): threading.Thread(target=time.sleep, args=[2]).start()",
        "The notebook started more processes and threads than its limit of 48.",
    ),
    "files": (
        "held = [open('/dev/null') for _ in range(120)]",
        "The notebook opened more files at a time than its limit of 100.",
    ),
}


def limited(root):
    """The tiny course, with limits that are soon met."""
    course = tiny_course(root)
    file = root / "course.toml"
    file.write_text(file.read_text("utf-8") + SET.lstrip(), "utf-8")
    return Course.load(course.root)


def test_when_course_toml_sets_a_limit_then_runs_get_it(tmp_path):
    topic = limited(tmp_path / "course").topics[0]
    assert limits_of(topic).output_bytes == 2**19
    assert limits_of(topic).notebook_seconds == 60
    allowed = resources_of(topic)
    assert (allowed.scratch_mb, allowed.processes, allowed.open_files) == (3, 48, 100)
    assert allowed.memory_mb == 1024


@pytest.mark.parametrize("line", ["processes = 3", "open_files = 0", "scratch_mb = -1", 'output_mb = "much"'])
def test_when_a_limit_lets_nothing_run_then_the_course_is_refused(tmp_path, line):
    course = tiny_course(tmp_path / "course")
    file = course.root / "course.toml"
    file.write_text(file.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(CourseError, match=line.split()[0]):
        Course.load(course.root)


@pytest.mark.slow
def test_when_a_submission_meets_a_limit_then_its_feedback_names_it_and_the_rest_counts(tmp_path):
    course = limited(tmp_path / "course")
    release(course, course.topics)
    for name, (source, _) in OVER.items():
        handed_in = solution(course, "reproduce")
        handed_in.cells.append(new_code_cell(source, id="over"))
        submit(course, name, reproduce=handed_in)
    rows = {row.student: row for row in grade_class(course, course.topics[0]) if row.exercise == "reproduce"}
    for name, (_, said) in OVER.items():
        path = course.workspace / "autograded" / name / TOPIC / "reproduce.ipynb"
        ended = nb.read(path).metadata["foursteps"]["run"]["ended"]
        assert said in ended, name
        assert rows[name].points == 10, name
