"""`foursteps start`, `doctor` and `progress`, as a learner types them."""

import os
import shutil
import subprocess
import sys

import pytest
from learner_course import TOPIC, given_out, tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import CourseError
from foursteps.learner import doctor
from foursteps.learner.progress import Event, Progress
from foursteps.learner.work import Copy, copies, start, start_course
from foursteps.release import at_level, level_of, write_bundle

COMMAND = [sys.executable, "-c", "from foursteps.cli import app; app()"]


def foursteps(root, *arguments, env=os.environ):
    ran = subprocess.run(
        [*COMMAND, *arguments], cwd=root, capture_output=True, text=True, env={**env, "COLUMNS": "200"}
    )
    return ran.returncode, ran.stdout, ran.stderr


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture
def course(released, tmp_path):
    shutil.copytree(released.root, tmp_path / "course")
    return Course.load(tmp_path / "course")


@pytest.fixture
def topic(course):
    return course.topics[0]


def write_in(copy, text="mean = 1"):
    notebook = nb.read(copy.path)
    next(cell for cell in notebook.cells if cell.id == "answer-mean").source = text
    nb.write(copy.path, notebook)


def test_when_a_topic_is_started_then_its_notebooks_and_what_they_read_lie_in_work(course, topic):
    done = start(topic, "outline")
    assert [(item.copy.name, item.state, item.level) for item in done] == [
        ("lecture", "new", "guided"),
        ("reproduce", "new", "outline"),
        ("apply_elsewhere", "new", "outline"),
    ]
    own = course.work / TOPIC
    names = {path.name for path in own.iterdir()}
    assert names == {
        "lecture.ipynb",
        "reproduce.ipynb",
        "apply_elsewhere.ipynb",
        "checks.json",
        "claims.json",
    }
    guided = nb.read(topic.exercises["reproduce"].released)
    assert nb.read(own / "reproduce.ipynb") == at_level(guided, "outline")
    assert all(copy.is_untouched() for copy in copies(topic))


def test_when_somebody_has_worked_in_a_copy_then_no_start_changes_a_byte_of_it(topic):
    start(topic)
    copy = Copy(topic, "reproduce")
    write_in(copy)
    before = copy.path.read_bytes()
    for level in (None, "guided", "blank"):
        assert {item.copy.name: item.state for item in start(topic, level)}["reproduce"] == "kept"
    assert copy.path.read_bytes() == before
    assert level_of(nb.read(Copy(topic, "apply_elsewhere").path)) == "blank"


def test_when_nothing_was_written_yet_then_another_level_takes_its_place(topic):
    start(topic)
    copy = Copy(topic, "reproduce")
    ran = nb.read(copy.path)
    ran.cells[1].outputs = [nb.nbformat.v4.new_output("stream", text="ran once")]
    nb.write(copy.path, ran)
    assert {item.copy.name: item.state for item in start(topic, "blank")}["reproduce"] == "relevelled"
    assert level_of(nb.read(copy.path)) == "blank"
    assert {item.copy.name: item.state for item in start(topic)}["reproduce"] == "kept"


def test_when_it_is_not_released_then_starting_says_so_and_writes_nothing(tmp_path):
    course = tiny_course(tmp_path)
    with pytest.raises(CourseError, match=r"expected a released exercise; found no such file\. Run"):
        start(course.topics[0])
    assert not course.work.exists()
    start_course(course)  # the lecture can be opened all the same
    assert [copy.name for copy in copies(course.topics[0])] == ["lecture"]
    assert Copy(course.topics[0], "lecture").path.is_file()


def test_when_a_learner_has_only_the_bundle_then_start_and_progress_work_there(course, tmp_path):
    shutil.unpack_archive(write_bundle(course), tmp_path / "home")
    root = tmp_path / "home" / "a_tiny_course"
    code, out, err = foursteps(root, "start", "1", "--level", "blank")
    assert (code, err) == (0, "")
    assert f"✓ work/{TOPIC}/reproduce.ipynb (blank)" in out
    code, out, err = foursteps(root, "start", "1", "--level", "hard")
    assert code == 1
    assert "expected one of guided, outline, blank; found hard" in err
    code, out, _ = foursteps(root, "progress")
    assert code == 0
    assert "Next: watch 01_means, work/01_means/lecture.ipynb" in out


def test_when_work_is_in_a_copy_then_the_command_says_that_it_stays(course, topic):
    start(topic)
    write_in(Copy(topic, "reproduce"))
    code, out, _ = foursteps(course.root, "start", TOPIC, "--level", "blank")
    assert code == 0
    assert (
        "reproduce.ipynb (guided): your work is in it, so it stays. Rename it to begin again at blank." in out
    )
    assert "apply_elsewhere.ipynb (blank)" in out


def test_when_steps_are_done_then_progress_shows_them_and_what_is_left(course):
    code, _, err = foursteps(course.root, "progress", "--watched")
    assert code == 2
    assert "say which topics" in err
    Progress.of(course.work).add(Event("check", TOPIC, "accuracy", "passed", 5, 5))
    code, out, _ = foursteps(course.root, "progress", "01", "--watched")
    assert code == 0
    rows = {line.split("│")[2].strip(): line for line in out.splitlines() if line.count("│") == 6}
    assert "✓" in rows["Watch"]
    assert "done" in rows["Watch"]
    assert "◐" in rows["Reproduce"]
    assert "5 of 10 points" in rows["Reproduce"]
    assert "○" in rows["Apply elsewhere"]
    assert "Next: run 01_means, work/01_means/lecture.ipynb" in out


@pytest.mark.slow
def test_when_the_machine_is_fit_then_the_doctor_says_so_and_exits_0(course):
    code, out, err = foursteps(course.root, "doctor")
    assert (code, err) == (0, "")
    for name in ("Python", "packages", "disk", "memory", "work folder", "kernel", "GPU", "data"):
        assert f"✓ {name}:" in out or f"○ {name}:" in out


def test_when_something_is_wrong_then_each_finding_says_how_to_mend_it(course, monkeypatch):
    old = doctor.python(course, (3, 9, 2))
    assert (old.state, old.mend[:25]) == ("fault", "Install Python 3.11 or ne")
    full = doctor.disk(course, lambda path: 2**20)
    assert (full.state, "FOURSTEPS_CACHE" in full.mend) == ("fault", True)
    small = doctor.memory(course, 2**29)
    assert (small.state, "more memory" in small.mend) == ("fault", True)
    assert doctor.memory(course, 2 * 2**30).state == "note"
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda name: ["numpy>=99", "no-such-package; extra == 'course'"]
    )
    wrong = doctor.packages(course)
    assert wrong.state == "fault"
    assert "missing: no-such-package" in wrong.found
    assert "(wanted: >=99)" in wrong.found
    assert wrong.mend == "Run: python -m pip install 'foursteps[course,lab]'"
    Progress.of(course.work).path.parent.mkdir(parents=True)
    Progress.of(course.work).path.write_bytes(b"garbage" * 200)
    damaged = doctor.work_folder(course)
    assert (damaged.state, "rename it" in damaged.mend) == ("fault", True)


def test_when_a_course_says_what_it_needs_then_the_doctor_looks_for_that_and_nothing_else(
    course, monkeypatch
):
    monkeypatch.setattr("importlib.metadata.requires", lambda name: ["torch>=99; extra == 'course'", "numpy"])
    own = course.root / "requirements.txt"
    own.write_text("# for this course\nfoursteps[lab]  # or its address\n\nscipy\n--no-binary scipy\n")
    assert (doctor.packages(course).state, doctor.packages(course).found[:5]) == ("ok", "all 2")
    own.write_text("foursteps[lab]\nno-such-package>=1\n")
    wrong = doctor.packages(course)
    assert (wrong.state, wrong.found) == ("fault", "missing: no-such-package")
    assert wrong.mend == f"Run: python -m pip install -r {own}"


def test_when_a_doctor_finds_a_fault_then_the_command_exits_1_and_goes_on(course):
    Progress.of(course.work).path.parent.mkdir(parents=True)
    Progress.of(course.work).path.write_bytes(b"garbage" * 200)
    found = {finding.name: finding.state for finding in doctor.examine(course) if finding.name != "kernel"}
    assert found["work folder"] == "fault"
    assert "data" in found
