"""A dry run of the grading: who would run, be marked again, stay, and who is missing; nothing is written."""

import json

import pytest
from test_cli import foursteps
from tiny_course import TOPIC, answer, solution, submit, tiny_course

from foursteps.classroom.roster import Learner, enter
from foursteps.course import Course
from foursteps.errors import GradeError
from foursteps.grade.kept import Kept
from foursteps.grade.plan import plan_class
from foursteps.grade.prepare import stamp_for_class
from foursteps.grade.secret import class_secret
from foursteps.grade.sheet import graded_from
from foursteps.grade.walls import UNSANDBOXED
from foursteps.grade.work import Ran
from foursteps.release import released_text

NAMES = ("reproduce", "apply_elsewhere")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The tiny course with a list of four, of whom one handed in nothing, and a guest beside the list."""
    course = tiny_course(tmp_path_factory.mktemp("course"))
    enter(course, [Learner(name) for name in ("ada", "bob", "eve", "zoe")])
    both = {name: solution(course, name) for name in NAMES}
    submit(course, "ada", **both)
    submit(course, "bob", **both)
    submit(course, "eve", reproduce=answer(both["reproduce"], "answer_distance", "distance = None"))
    guest = submit(course, "guest", reproduce=released_text(course.topics[0].exercises["reproduce"]))
    (guest / "apply_elsewhere.ipynb").symlink_to("/etc/passwd")
    return course


def everything(course):
    """Every file and folder of the course, with its time of change."""
    return {path: path.lstat().st_mtime_ns for path in sorted(course.root.rglob("*"))}


def would(course, **more):
    steps = plan_class(course, course.topics[0], sandbox="none", **more)
    return {(step.student, step.exercise): step.would for step in steps}


def test_when_nothing_was_graded_then_what_is_there_would_run_and_nothing_is_written(course):
    before = everything(course)
    first = would(course)
    assert everything(course) == before
    assert not (course.workspace / "secret").exists()
    assert first == {
        ("ada", "reproduce"): "run",
        ("ada", "apply_elsewhere"): "run",
        ("bob", "reproduce"): "run",
        ("bob", "apply_elsewhere"): "run",
        ("eve", "reproduce"): "run",
        ("eve", "apply_elsewhere"): "miss",
        ("guest", "reproduce"): "run",
        ("guest", "apply_elsewhere"): "run",
        ("zoe", "reproduce"): "miss",
        ("zoe", "apply_elsewhere"): "miss",
    }


def test_when_runs_are_kept_then_they_would_be_marked_and_what_is_graded_stays(course):
    class_secret(course.workspace)
    topic = course.topics[0]
    steps = {(s.student, s.exercise): s for s in plan_class(course, topic, sandbox="none")}
    one = steps["ada", "reproduce"].run
    assert one == steps["bob", "reproduce"].run  # they handed in the same
    assert len({step.run for step in steps.values() if step.run}) == 4
    Kept(course.workspace, topic.exercises["reproduce"]).put(
        one, Ran("ok", "", 1.0, 1.0, 1, 1, UNSANDBOXED, ())
    )
    found = would(course)
    assert (found["ada", "reproduce"], found["ada", "apply_elsewhere"]) == ("mark", "run")
    assert (found["bob", "reproduce"], found["eve", "reproduce"]) == ("mark", "run")

    autograded(course, "ada")
    before = everything(course)
    found = would(course)
    assert (found["ada", "reproduce"], found["ada", "apply_elsewhere"]) == ("stay", "stay")
    assert found["bob", "reproduce"] == "mark"
    assert set(would(course, force=True).values()) == {"run", "miss"}
    assert would(course, students=["ada"]).keys() == {("ada", name) for name in NAMES}
    code, out, err = foursteps(course.root, "grade", "01", "--sandbox", "none", "--dry-run")
    assert (code, err) == (0, "")
    assert "from the run that is kept" in out
    said = "notebooks to run: 4 (runs: 4); to mark again: 1; that stay: 2; not handed in: 3 (a dry run"
    assert said in " ".join(out.split())
    assert everything(course) == before


def autograded(course, student):
    """Write what the grading of a learner leaves, as far as it says what it was graded from."""
    topic = course.topics[0]
    submitted = course.workspace / "submitted" / student / TOPIC
    for name, exercise in topic.exercises.items():
        origin = graded_from(submitted, name, stamp_for_class(course, exercise), UNSANDBOXED)
        path = course.workspace / "autograded" / student / TOPIC / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"metadata": {"foursteps": {"graded_from": origin}}}))


def test_when_nobody_handed_in_then_a_dry_run_says_so_as_the_grading_does(tmp_path):
    course = tiny_course(tmp_path / "course")
    with pytest.raises(GradeError, match=r"expected submissions: <learner>/01_means/\*\.ipynb; found none"):
        plan_class(Course.load(course.root), course.topics[0], sandbox="none")


def test_when_the_course_is_plain_then_there_is_no_dry_run(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'plain'\n")
    (tmp_path / "source").mkdir()
    code, _, err = foursteps(tmp_path, "grade", "--dry-run")
    assert code == 1
    assert "expected a foursteps course, for a dry run; found a plain nbgrader course" in " ".join(
        err.split()
    )


def test_when_a_class_is_large_then_its_lines_stand_in_columns_and_no_table_is_drawn():
    from foursteps.cli.grade import LONG, marks_table
    from foursteps.grade.rows import Row

    rows = [Row(f"learner {number}", "reproduce", number, 10.0) for number in range(LONG + 1)]
    title, *lines = marks_table("01_means", rows).splitlines()
    assert title == "01_means"
    assert len(lines) == LONG + 1
    assert lines[7].split("  ")[0] == "learner 7"
    assert {line.index(" of 10") + len(" of 10") for line in lines} == {
        len(f"learner {LONG}  reproduce  {LONG} of 10")
    }
