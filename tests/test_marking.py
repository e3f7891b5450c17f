"""`foursteps mark` and `solution`: a learner alone gets what a learner in a class gets."""

import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from learner_course import TOPIC, filled_in, given_out, solution, tiny_course
from test_work import foursteps
from tiny_course import answer

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import WorkError
from foursteps.learner.marking import mark_own
from foursteps.learner.progress import Progress
from foursteps.learner.solution import open_solution
from foursteps.learner.standing import standing
from foursteps.learner.work import Copy, start
from foursteps.release import write_bundle
from foursteps.run import ColdRunner

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture
def course(released, tmp_path):
    shutil.copytree(released.root, tmp_path / "course")
    return Course.load(tmp_path / "course")


def attempt(course, complete, level="guided"):
    """Start the topic, and write `complete` (a solution notebook) into the reproduction."""
    start(course.topics[0], level)
    own = Copy(course.topics[0], "reproduce")
    nb.write(own.path, filled_in(nb.read(own.path), complete))


class Watched(ColdRunner):
    """A fresh kernel, and a digest of the data that each run was given."""

    def __init__(self):
        super().__init__()
        self.given = []

    def run(self, notebook, *, env, **rest):
        files = sorted(path for path in Path(env["FOURSTEPS_GRADING"]).rglob("*") if path.is_file())
        self.given.append(sha256(b"".join(path.read_bytes() for path in files)).hexdigest())
        return super().run(notebook, env=env, **rest)


def test_when_the_work_is_right_then_it_earns_all_on_fresh_splits_whatever_the_level(course):
    attempt(course, solution(course, "reproduce"), "blank")
    given = []
    for _ in range(2):
        runner = Watched()
        marks = mark_own(course, course.topics[0], "reproduce", runner=runner)
        assert (marks.points, marks.max_points, marks.told) == (10, 10, ())
        assert marks.reached
        assert marks.unmarked == {}
        given.append(runner.given[-1])  # the last run is the learner's own
    assert given[0] != given[1]
    (found,) = standing(course, Progress.of(course.work).events())
    assert found.steps[2].is_done


def test_when_the_work_leans_on_the_visible_inputs_then_marking_sees_it_and_says_no_key(course):
    complete = solution(course, "reproduce")
    answer(complete, "answer_mean", "def mean_image(images):\n    return images.mean(axis=1)")
    attempt(course, complete)
    marks = mark_own(course, course.topics[0], "reproduce")
    (mean,) = [o for o in marks.outcomes if o.check == "mean_image"]
    assert (mean.state, mean.points, mean.expected) == ("failed", 0.0, "")
    assert marks.points == 8


def test_when_there_is_no_solution_then_metrics_and_properties_are_marked_and_the_rest_is_said(
    course, tmp_path
):
    shutil.unpack_archive(write_bundle(course), tmp_path / "home")
    own = Course.load(tmp_path / "home" / "a_tiny_course")
    attempt(own, solution(course, "reproduce"))
    code, out, err = foursteps(own.root, "mark", "01", "--only", "reproduce")
    assert (code, err) == (0, ""), err
    assert "01_means/reproduce: 6 of 6 points" in out
    assert "✓ Passed: accuracy, 5 of 5 points" in out
    assert "○ Not marked here: mean_image" in out
    assert "this folder has no solution. On the visible inputs: it passed." in out
    with pytest.raises(WorkError, match="found none: this is the learner bundle"):
        open_solution(own, own.topics[0], "reproduce", show_me=True)


def test_when_a_write_up_waits_for_a_person_then_its_rubric_is_shown(course):
    start(course.topics[0])
    code, out, err = foursteps(course.root, "mark", "1", "--only", "apply_elsewhere")
    assert (code, err) == (0, "")
    assert "○ Not attempted: gain, 0 of 6 points" in out
    assert "Be that person: a reason (2); a number (2)" in out


def test_when_there_is_no_copy_then_it_says_how_to_get_one(course):
    code, _, err = foursteps(course.root, "mark", "01")
    assert code == 1
    assert "expected your copy of the exercise; found no such file. Run `foursteps start 01_means`" in err
    assert foursteps(course.root, "mark", "01", "--only", "lecture")[0] == 2


def test_when_the_claim_is_reached_or_one_asks_then_the_solution_opens_and_it_is_noted(course):
    start(course.topics[0])
    code, _, err = foursteps(course.root, "solution", "01")
    assert code == 1
    assert "expected its claim reached in your own notebook; found not yet" in err
    code, out, _ = foursteps(course.root, "solution", "01", "--show-me")
    assert (code, out.strip()) == (0, f"✓ work/{TOPIC}/solution_reproduce.ipynb")
    attempt(course, solution(course, "reproduce"))
    mark_own(course, course.topics[0], "reproduce")
    assert open_solution(course, course.topics[0], "reproduce").is_file()
    shown = Progress.of(course.work).events("shown")
    assert [event.state for event in shown] == ["asked", "reached"]
