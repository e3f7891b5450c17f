"""What a class hands out: whole, the same each time, and nothing to peek at."""

import json
import zipfile

import pytest
from learner_course import TOPIC, given_out, tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.grade.prepare import checks_of, hidden_calls
from foursteps.release import LEVELS, at_level, write_bundle
from foursteps.release.stub import solution_lines


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def bundle(course):
    return write_bundle(course).with_suffix("")


def test_when_a_bundle_is_written_then_it_holds_lectures_and_exercises_at_every_level(course, bundle):
    assert bundle == course.root / "dist" / "a_tiny_course"
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    exercises = {f"exercises/{TOPIC}/{name}.ipynb" for name in ("reproduce", "apply_elsewhere")}
    levels = {
        f"exercises/{TOPIC}/levels/{level}/{name}.ipynb"
        for level in LEVELS[1:]
        for name in ("reproduce", "apply_elsewhere")
    }
    lecture = {f"lectures/{TOPIC}/{name}" for name in ("lecture.ipynb", "claims.json", "recall.toml")}
    others = {"README.md", "course.toml", "nbgrader_config.py", f"exercises/{TOPIC}/checks.json"}
    assert files == others | exercises | levels | lecture
    for level in LEVELS[1:]:
        guided = nb.read(bundle / "exercises" / TOPIC / "reproduce.ipynb")
        written = nb.read(bundle / "exercises" / TOPIC / "levels" / level / "reproduce.ipynb")
        assert written == at_level(guided, level)


def test_when_learners_open_the_bundle_then_it_is_a_course_without_solutions(course, bundle):
    own = Course.load(bundle)
    assert own.is_bundle
    assert not course.is_bundle
    assert [topic.name for topic in own.topics] == [TOPIC]


def test_when_the_bundle_is_searched_then_no_solution_grader_key_or_secret_is_in_it(course, bundle):
    everything = "\n".join(path.read_text("utf-8") for path in bundle.rglob("*") if path.is_file())
    assert "BEGIN SOLUTION" not in everything
    for exercise in course.topics[0].exercises.values():
        for line in solution_lines(nb.read(exercise.source)):
            assert json.dumps(line)[1:-1] not in everything
        for line in exercise.grader.read_text("utf-8").splitlines():
            assert "lambda" not in line or line.strip() not in everything
    for seed in (7, 123456):
        calls = hidden_calls(checks_of(course.topics[0].exercises["reproduce"]), seed)
        assert all(
            json.dumps(argument["array"]["data"]) not in everything for (argument,) in calls["mean_image"]
        )
    names = {part for path in bundle.rglob("*") for part in path.relative_to(bundle).parts}
    assert not names & {"solutions", "graders", "attempts", "class", "secret", "keys", "gradebook.db", "work"}


def test_when_nothing_changed_then_the_zip_is_the_same_byte_for_byte(course, bundle):
    packed = bundle.with_name(bundle.name + ".zip")
    before = packed.read_bytes()
    assert write_bundle(course) == packed
    assert packed.read_bytes() == before
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        assert f"a_tiny_course/exercises/{TOPIC}/reproduce.ipynb" in archive.namelist()


def test_when_a_topic_is_not_released_then_only_its_lecture_is_handed_out(tmp_path):
    course = tiny_course(tmp_path)
    folder = write_bundle(course).with_suffix("")
    assert (folder / "lectures" / TOPIC / "lecture.ipynb").is_file()
    assert not (folder / "exercises").exists()
    assert Course.load(folder).topics
