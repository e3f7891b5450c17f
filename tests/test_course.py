"""A course is read from its folders; what does not agree is refused with the place and the mend."""

import re
from pathlib import Path

import pytest
from tiny_course import TOPIC, tiny_course

from foursteps.course import Course, LaunchSettings, LectureSettings
from foursteps.errors import CourseError

TOML = """
title = "Two topics"
[lectures.02_later]
title = "Later"
minutes = 10
[lectures.01_sooner]
title = "Sooner"
minutes = 20
damaged = { epochs = 1 }
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "course.toml").write_text(TOML)
    for kind in ("lectures", "solutions", "graders", "exercises"):
        for name in ("01_sooner", "02_later"):
            (tmp_path / kind / name).mkdir(parents=True)
    return tmp_path


def test_when_a_course_loads_then_its_topics_stand_in_the_order_of_course_toml(root):
    course = Course.load(root / "lectures" / "01_sooner")
    assert [topic.name for topic in course.topics] == ["02_later", "01_sooner"]
    assert course.topic("1").damaged == {"epochs": 1}
    assert course.topic("01_sooner") == course.topic("01") == course.topic("1")
    exercise = course.topic("2").exercises["reproduce"]
    assert exercise.source == root / "solutions/02_later/reproduce.ipynb"
    assert exercise.released == root / "exercises/02_later/reproduce.ipynb"


def test_when_topics_are_chosen_then_they_keep_the_course_order(root):
    course = Course.load(root)
    assert [t.name for t in course.choose(["1", "02_later"])] == ["02_later", "01_sooner"]
    assert len(course.choose([])) == 2


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda r: (r / "course.toml").unlink(), "expected a course: a folder with course.toml"),
        (
            lambda r: (r / "course.toml").write_text("title ="),
            "course.toml: expected a course's settings; found no TOML",
        ),
        (
            lambda r: (r / "course.toml").write_text(TOML + "minuets = 3"),
            "lectures.01_sooner.minuets: Extra inputs",
        ),
        (
            lambda r: (r / "course.toml").write_text(TOML.replace("20", "-1")),
            "lectures.01_sooner.minutes: Input should be greater",
        ),
        (
            lambda r: (r / "solutions/01_sooner").rename(r / "solutions/01_soner"),
            "01_soner: expected one of the topics",
        ),
        (lambda r: (r / "graders/02_later").rmdir(), "graders: expected a folder 02_later"),
        (lambda r: (r / "lectures/03_extra").mkdir(), "03_extra: expected one of the topics of course.toml"),
    ],
    ids=["no-toml", "not-toml", "unknown-key", "bad-value", "name-differs", "missing-pair", "unlisted"],
)
def test_when_the_folders_and_course_toml_disagree_then_the_course_is_refused(root, break_it, message):
    break_it(root)
    with pytest.raises(CourseError) as caught:
        Course.load(root)
    assert message in str(caught.value)
    assert caught.value.mend


def test_when_a_topic_is_unknown_then_the_error_lists_the_known_ones(root):
    with pytest.raises(CourseError, match="expected one of 02_later, 01_sooner; found 7"):
        Course.load(root).topic("7")


def test_when_a_topic_is_a_draft_then_it_is_there_by_name_only(tmp_path):
    course = tiny_course(tmp_path / "course")
    toml = course.root / "course.toml"
    toml.write_text(toml.read_text("utf-8").replace("minutes = 30", "minutes = 30\ndraft = true"), "utf-8")
    course = Course.load(course.root)
    assert course.topics == ()
    assert course.choose([]) == ()
    assert [topic.name for topic in course.drafts] == [TOPIC]
    assert course.choose(["01"]) == course.drafts
    assert course.topic(TOPIC).settings.draft


def test_the_page_on_course_toml_has_every_setting_with_its_default():
    text = (Path(__file__).parents[1] / "docs" / "course-toml.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", text, re.MULTILINE))
    assert rows.keys() == LectureSettings.model_fields.keys()
    for name, field in LectureSettings.model_fields.items():
        if isinstance(field.default, int | float) and not isinstance(field.default, bool):
            assert float(rows[name]) == field.default, name
    assert all(f"`{name}`" in text for name in LaunchSettings.model_fields)
