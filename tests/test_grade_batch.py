"""A class at speed: runs side by side, one writer, nothing twice, and nbgrader's own marks."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from tiny_course import TOPIC, answer, find, released, solution, submit, tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import GradeError
from foursteps.grade import grade_class
from foursteps.grade.batch import rescore_class, the_only_one
from foursteps.grade.gradebook import open_gradebook
from foursteps.grade.plan import plan_class
from foursteps.grade.secret import class_secret
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
    """One of each kind: right, untouched, wrong, unreadable, half and late with files of its own, absent."""
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with open_gradebook(course) as book:
        book.update_or_create_assignment(TOPIC, duedate="2020-01-01 00:00:00 UTC")
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
select student_id, notebook.name, submitted_assignment.timestamp, late_submission_penalty, base_cell.name,
       auto_score, manual_score, needs_manual_grade, auto_comment
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
    """The runs that are kept: their names, and which file each is; one that is written again is another."""
    return {path.name: path.stat().st_ino for path in (course.workspace / "runs").rglob("*.json")}


def test_when_nbgrader_grades_by_hand_then_every_row_and_every_byte_is_the_same(course, tmp_path):
    a_class(course)
    class_secret(course.workspace)
    other = Course.load(shutil.copytree(course.root, tmp_path / "other"))
    done = nbgrader(other, "autograde", TOPIC)
    assert done.returncode == 0, done.stderr[-3000:]
    assert len(kept(other)) == 6  # of seven notebooks: what cannot be read is graded as the stub

    shutil.copytree(other.workspace / "runs", course.workspace / "runs")
    runs, told = kept(course), []
    found = grade_class(course, course.topics[0], workers=2, on_event=told.append)
    assert gradebook(course) == gradebook(other)
    assert any("-01-02" in row and ", 10.0, " in row for row in gradebook(course))  # the late one's penalty
    ours, theirs = autograded(course), autograded(other)
    for path in theirs:
        assert ours[path] == theirs[path], path
    assert ours.keys() == theirs.keys()
    assert kept(course) == runs  # by hand or not, it is the same run, and it is kept
    done = [event for event in told if event.kind == "done"]
    shown = sorted((row for event in done for row in event.rows), key=str)
    assert shown == sorted((row for row in found if row.student != "absent"), key=str)
    assert (done[-1].done, done[-1].total, done[-1].left) == (5, 5, 0)
    graded_again(course)


def graded_again(course):
    """Nothing changed: nothing runs, nothing is written, and nbgrader is not even loaded."""
    before = stamps(course)
    again = (
        "import sys; from foursteps.course import Course; from foursteps.grade import grade_class\n"
        f"course = Course.load({str(course.root)!r})\n"
        "found = grade_class(course, course.topics[0])\n"
        "print(len(found), 'nbgrader' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, timeout=300)
    assert done.stdout.split() == ["10", "False"], done.stderr[-3000:]
    assert stamps(course) == before


def stamps(course):
    """The time of every autograded file and of the gradebook."""
    files = [*(course.workspace / "autograded").rglob("*"), course.workspace / "gradebook.db"]
    return {path: path.stat().st_mtime_ns for path in files}


def with_points(course, name, points):
    """The course with other points for the check `name`, released."""
    exercise = course.topics[0].exercises["reproduce"]
    source = nb.read(exercise.source)
    find(source, name).metadata.nbgrader.points = points
    nb.write(exercise.source, source)
    release(course, course.topics)


def test_when_points_or_a_tolerance_change_then_kept_runs_are_marked_again_and_nothing_runs(course):
    topic = course.topics[0]
    near = answer(
        solution(course, "reproduce"),
        "answer_distance",
        "def distance(a, b):\n    return 1.001 * " + DISTANCE,
    )
    submit(course, "ada", reproduce=solution(course, "reproduce"))
    submit(course, "near", reproduce=near)
    assert would(course) == {"ada": "run", "near": "run"}
    assert points(grade_class(course, topic)) == {"ada": 10, "near": 8}
    assert would(course) == {"ada": "stay", "near": "stay"}
    runs = kept(course)
    with open_gradebook(course) as book:
        book.find_grade("distance", "reproduce", TOPIC, "near").manual_score = 1.5
        book.db.commit()

    with_points(course, "distance", 3)
    assert would(course) == {"ada": "mark", "near": "mark"}  # a dry run foresees just what comes
    found = rescore_class(course, topic)
    assert points(before for before, _ in found) == {"ada": 10, "near": 9.5}
    assert points(after for _, after in found) == {"ada": 11, "near": 9.5}
    (near,) = (after for _, after in found if after.student == "near" and after.exercise == "reproduce")
    assert near.by_hand == ("distance",)  # what a person gave stays, and asks to be looked at again

    grader = topic.exercises["reproduce"].grader
    text = grader.read_text("utf-8")
    grader.write_text(text.replace('name="distance",', 'name="distance", rtol=0.01,'), "utf-8")
    release(course, course.topics)
    after = next(after for _, after in rescore_class(course, topic) if after.student == "near")
    assert {outcome.check: outcome.state for outcome in after.outcomes}["distance"] == "passed"
    assert kept(course) == runs

    submit(course, "late", reproduce=answer(solution(course, "reproduce"), "answer_mean", "mean_image = ..."))
    assert would(course) == {"ada": "stay", "near": "stay", "late": "run"}
    errors = {(after.student, after.error) for _, after in rescore_class(course, topic) if after.error}
    assert errors == {("late", "It has not been run yet (reproduce); `foursteps grade` runs it.")}
    assert kept(course) == runs


def would(course):
    steps = plan_class(course, course.topics[0])
    return {step.student: step.would for step in steps if step.exercise == "reproduce"}


DISTANCE = "float(np.sqrt(((a - b) ** 2).sum()))"


def points(found):
    return {row.student: row.points for row in found if row.exercise == "reproduce"}


def slow_class(course, count=4):
    """Submissions that take a second or more each, no two alike."""
    for number in range(count):
        notebook = solution(course, "reproduce")
        wrong = "0.0" if number % 2 else DISTANCE
        source = f"import time\ntime.sleep(1.{number})\ndef distance(a, b):\n    return {wrong}"
        submit(course, f"learner-{number}", reproduce=answer(notebook, "answer_distance", source))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_when_a_grading_is_killed_in_the_middle_then_the_next_goes_on_as_if_nothing_had_happened(
    course, tmp_path, how
):
    slow_class(course)
    class_secret(course.workspace)
    untouched = Course.load(shutil.copytree(course.root, tmp_path / "untouched"))
    command = [sys.executable, "-c", "from foursteps.cli import app; app()", "--course", str(course.root)]
    process = subprocess.Popen(
        [*command, "grade", "--no-feedback", "--workers", "1"], stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 300
    while not kept(course) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(how)
    assert process.wait(60) == (-signal.SIGKILL if how == signal.SIGKILL else 130)
    left = kept(course)
    assert 0 < len(left) < 4

    found = grade_class(course, course.topics[0])
    assert {name: kept(course)[name] for name in left} == left  # what was run is not run again
    assert found == grade_class(untouched, untouched.topics[0])
    assert gradebook(course) == gradebook(untouched)
    assert autograded(course).keys() == autograded(untouched).keys()
    assert points(found) == {"learner-0": 10, "learner-1": 8, "learner-2": 10, "learner-3": 8}


def test_when_a_class_is_being_graded_then_a_second_grading_is_refused_by_name(course):
    submit(course, "ada", reproduce=released(course, "reproduce"))
    with the_only_one(course), pytest.raises(GradeError) as caught:
        grade_class(course, course.topics[0])
    assert str(caught.value) == (
        f"{course.workspace}: expected a class that nobody else is grading; found process {os.getpid()} at "
        "work on it. Wait until it is done, or end it; nothing is lost."
    )


def test_when_the_course_configures_autograde_itself_then_nbgrader_records_and_the_runs_are_kept(course):
    """An instructor's own preprocessor is honoured, which only nbgrader's converter can do."""
    (course.root / "mine.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n\n\n"
        "class Stamp(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n"
        "        nb.metadata['mine'] = 'stamped'\n"
        "        return nb, resources\n"
    )
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(
            f"\nimport sys\nsys.path.insert(0, {str(course.root)!r})\nc = get_config()\n"
            "c.Autograde.autograde_preprocessors = [*c.Autograde.autograde_preprocessors, 'mine.Stamp']\n"
        )
    submit(course, "ada", reproduce=solution(course, "reproduce"))
    assert points(grade_class(course, course.topics[0])) == {"ada": 10}
    path = course.workspace / "autograded" / "ada" / TOPIC / "reproduce.ipynb"
    assert nb.read(path).metadata["mine"] == "stamped"
    assert len(kept(course)) == 1


def test_when_several_hand_in_the_same_then_it_runs_once(course):
    for name in ("ada", "ben", "cem"):
        submit(course, name, reproduce=released(course, "reproduce"))
    assert points(grade_class(course, course.topics[0], workers=2)) == {"ada": 0, "ben": 0, "cem": 0}
    assert len(kept(course)) == 1
