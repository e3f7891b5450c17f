"""A new course and a new topic are whole at once: every command accepts them, and nothing is written over."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tiny_course import tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.data.brought import COURSE
from foursteps.errors import CourseError, FourstepsError
from foursteps.new.course import TEMPLATE, new_course
from foursteps.new.lecture import EXAMPLE, new_lecture
from foursteps.rules import broken, broken_topic

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-c", "from foursteps.cli import app; app()"]


@pytest.fixture(autouse=True)
def forget_the_course(monkeypatch):
    """What Course.load sets is undone after each test."""
    monkeypatch.setenv(COURSE, "")


def content(root):
    """Every file below `root` with what is in it."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def test_when_a_course_is_made_then_check_finds_nothing_to_mend(tmp_path):
    course = new_course("data-science", tmp_path)
    assert course.root == tmp_path / "data-science"
    assert [str(error) for error in broken(course)] == []
    for file in ("README.md", "book/index.md"):
        assert (course.root / file).read_text().startswith("# Data science\n")
    assert course.title == "Data science"


def test_when_a_title_is_given_then_the_course_has_it_to_the_letter(tmp_path):
    title = 'Größe & "Gewicht": a\\b'
    course = new_course("sizes", tmp_path, title)
    assert course.title == title
    assert f"# {title}\n" in (course.root / "book" / "index.md").read_text()


@pytest.mark.parametrize("there", ["folder", "file"])
def test_when_something_has_the_name_then_it_is_left_alone(tmp_path, there):
    mine = tmp_path / "stats"
    if there == "folder":
        mine.mkdir()
        (mine / "thesis.txt").write_text("years of work")
    else:
        mine.write_text("years of work")
    before = content(tmp_path)
    with pytest.raises(CourseError) as error:
        new_course("stats", tmp_path)
    assert str(error.value) == (
        f"{mine}: expected nothing of that name yet; found a {there}. "
        "Take another name, or move what is there elsewhere."
    )
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "proposed"),
    [("../up", "up"), ("My Course", "my-course"), ("", "statistics"), ("-x", "x"), (".", "statistics")],
)
def test_when_a_name_is_no_folders_then_one_error_says_what_would_do(tmp_path, name, proposed):
    with pytest.raises(CourseError) as error:
        new_course(name, tmp_path)
    assert str(error.value) == (
        f"new course {name!r}: expected a name of letters, digits, - and _, which becomes the course's "
        f"folder; found {name!r}. Try `foursteps new course {proposed}`."
    )
    assert list(tmp_path.iterdir()) == []


def test_when_a_module_of_datasets_is_broken_then_check_names_it(tmp_path):
    course = new_course("stats", tmp_path)
    path = course.root / "datasets" / "penguins.py"
    path.write_text("DATASETS = 1\n")
    assert str(path) in {error.where for error in broken(course)}


@pytest.mark.parametrize("draft", [False, True])
def test_when_a_topic_is_added_then_the_course_has_nothing_to_mend(tmp_path, draft):
    course = new_course("stats", tmp_path)
    topic = new_lecture(course, "02_many_columns", draft=draft)
    course = Course.load(course.root)
    assert [t.name for t in course.topics] == [EXAMPLE] + ["02_many_columns"] * (not draft)
    assert [str(error) for error in [*broken(course), *broken_topic(topic)]] == []
    assert nb.read(topic.lecture).cells[0].source.startswith("# Many columns\n")
    released = nb.read(topic.exercises["reproduce"].released)
    assert released.cells[0].source.startswith("# Many columns: reproduce it\n")
    assert released.metadata.foursteps.exercise == "02_many_columns/reproduce"
    assert json.loads(topic.checks.read_text())["topic"] == "02_many_columns"
    assert topic.settings.draft is draft


def test_when_a_topic_is_added_to_another_course_then_the_examples_data_come_with_it(tmp_path):
    course = tiny_course(tmp_path / "course")
    before = content(course.root)
    topic = new_lecture(course, "02_lines", "Lines & planes")
    assert topic.title == "Lines & planes"
    after = content(course.root)
    assert {name: after[name] for name in before if name != "course.toml"} == {
        name: data for name, data in before.items() if name != "course.toml"
    }
    assert after["course.toml"].startswith(before["course.toml"].rstrip(b"\n"))
    assert {Path(name).parts[0] for name in after} == {
        *(Path(name).parts[0] for name in before), "datasets", "exercises"
    }  # fmt: skip
    assert [str(error) for error in broken_topic(topic)] == []


@pytest.mark.parametrize(
    ("name", "expected", "mend"),
    [
        ("heights", "two digits, _ and words", "Try `foursteps new lecture 02_heights`."),
        ("2_Heights!", "two digits, _ and words", "Try `foursteps new lecture 02_heights`."),
        ("../02_x", "two digits, _ and words", "Try `foursteps new lecture 02_x`."),
        ("", "two digits, _ and words", "Try `foursteps new lecture 02_topic`."),
        ("01_heights", "a number that no topic of the course has", "Try `foursteps new lecture 02_heights`."),
    ],
)
def test_when_a_topics_name_is_none_or_taken_then_one_error_says_what_would_do(
    tmp_path, name, expected, mend
):
    course = new_course("stats", tmp_path)
    before = content(tmp_path)
    with pytest.raises(CourseError) as error:
        new_lecture(course, name)
    assert error.value.where == f"new lecture {name!r}"
    assert error.value.expected.startswith(expected)
    assert error.value.mend == mend
    assert content(tmp_path) == before


def in_the_way(root):
    (root / "graders" / "02_lines").mkdir()
    return "graders/02_lines", "found a folder. Take another name, or move what is there elsewhere."


def other_data(root):
    (root / "datasets" / "penguins.csv").write_text("my,own\n1,2\n")
    return (
        "datasets/penguins.csv",
        "found another content. Rename your file (and its dataset), then try again",
    )


def same_name(root):
    (root / "datasets" / "penguins.py").rename(root / "datasets" / "birds.py")
    return "datasets/birds.py, dataset penguins", "expected a name that no other dataset has"


def inline_topics(root):
    (root / "course.toml").write_text(
        'title = "x"\nlectures = { 01_straight_line = { title = "y", minutes = 1 } }'
    )
    return "course.toml", "Write each topic as a table of its own, [lectures.01_name]."


@pytest.mark.parametrize("obstacle", [in_the_way, other_data, same_name, inline_topics])
def test_when_something_is_in_the_way_then_the_course_is_as_it_was(tmp_path, obstacle):
    course = new_course("stats", tmp_path)
    where, said = obstacle(course.root)
    before = content(tmp_path)
    with pytest.raises(FourstepsError) as error:
        new_lecture(course, "02_lines")
    assert where in error.value.where
    assert said in str(error.value)
    assert content(tmp_path) == before


def test_when_a_move_fails_half_way_then_nothing_of_the_topic_stays(tmp_path, monkeypatch):
    course = new_course("stats", tmp_path)
    before, rename, moves = content(tmp_path), os.rename, []

    def full(source, to):
        moves.append(to)
        if len(moves) == 3:
            raise OSError(28, "No space left on device")
        rename(source, to)

    monkeypatch.setattr("foursteps.new.lecture.os.rename", full)
    with pytest.raises(OSError, match="No space"):
        new_lecture(course, "02_lines")
    assert content(tmp_path) == before


def test_when_the_example_is_not_proved_as_it_is_then_its_copy_asks_for_a_proof(tmp_path, monkeypatch):
    stale = tmp_path / "template"
    monkeypatch.setattr("foursteps.new.course.TEMPLATE", stale)
    new_course_from(TEMPLATE, stale)
    grader = stale / "graders" / EXAMPLE / "reproduce.py"
    grader.write_text(grader.read_text().replace("two_arrays(rng)", "two_arrays( rng)"))
    topic = new_lecture(tiny_course(tmp_path / "course"), "02_lines")
    assert {error.expected for error in broken_topic(topic)} == {"a proof of the grader"}


def new_course_from(template, to):
    for name, data in content(template).items():
        if not {"class", "dist", "_build"} & set(Path(name).parts):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            (to / name).write_bytes(data)


def test_when_the_template_is_looked_at_then_its_book_is_built_like_the_courses():
    ours, theirs = (yaml.safe_load((root / "book" / "_config.yml").read_text()) for root in (ROOT, TEMPLATE))
    for config in (ours, theirs):
        config["sphinx"]["config"]["html_theme_options"].pop("extra_footer")
    assert theirs == ours
    assert content(TEMPLATE / "book" / "_static") == content(ROOT / "book" / "_static")


def test_when_the_template_is_looked_at_then_it_needs_no_deep_learning(tmp_path):
    for path in sorted(TEMPLATE.rglob("*")):
        if path.suffix in (".ipynb", ".py", ".txt", ".md") and "_build" not in path.parts:
            assert "torch" not in path.read_text("utf-8")
            assert "fastai" not in path.read_text("utf-8")


@pytest.mark.slow
def test_when_a_course_is_new_then_every_command_accepts_it(tmp_path):
    env = {**os.environ, "FOURSTEPS_CACHE": str(tmp_path / "cache"), COURSE: "", "COLUMNS": "200"}

    def foursteps(*arguments, at=tmp_path / "stats"):
        ran = subprocess.run([*COMMAND, *arguments], cwd=at, env=env, capture_output=True, text=True)
        assert ran.returncode == 0, f"{arguments}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    assert "a whole small course in stats" in foursteps("new", "course", "stats", at=tmp_path)
    nothing = "✓ Stats: 1 lecture and 2 exercises, nothing to mend."
    assert foursteps("check").strip() == nothing
    assert foursteps("reproduce").count("✓") == 3
    assert "unchanged" in foursteps("release")
    assert foursteps("check").strip() == nothing
    # Every attempt, by the real path; mutants, which take minutes, are in the proof that the course brings.
    foursteps("prove", "--no-mutants", "--seeds", "1")
    assert "02_lines" in foursteps("new", "lecture", "02_lines", "--draft")
    # The whole of it: a sample class is graded, and the book is built.
    said = foursteps("course")
    assert "6 notebooks, 1 with full marks" in said  # a person marks the write-ups of the other
    assert foursteps("check").strip().endswith("nothing to mend.")
    book = tmp_path / "stats" / "book" / "_build" / "html"
    assert "How heavy is a penguin?" in (book / "index.html").read_text()
    assert "nobody has used" in (book / "topics" / "01-straight-line" / "lecture.html").read_text()
    # Its bands can be measured anew, and hold what they say.
    foursteps("reproduce", "--measure", "--seeds", "10")
    claims = json.loads((tmp_path / "stats" / "lectures" / EXAMPLE / "claims.json").read_text())["claims"]
    assert set(claims) == {"lecture.rmse", "apply_elsewhere.lift.diabetes"}
