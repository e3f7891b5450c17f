"""Guesses and recall: committed before, compared after; what was missed comes back first."""

import shutil
import sqlite3
import subprocess
import zipfile

import pytest
from learner_course import TOPIC, given_out, tiny_course
from test_work import COMMAND, foursteps

from foursteps.course import Course
from foursteps.errors import CourseError
from foursteps.learner import guess, guesses, recall, reveal
from foursteps.learner.progress import Event, Progress
from foursteps.learner.recalling import DAY, Card, cards, due
from foursteps.learner.work import start

MORE = """
[[recall]]
question = "What does a mean blur?"
answer = "What differs from one image to the next: x < y."
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture
def course(released, tmp_path, monkeypatch):
    shutil.copytree(released.root, tmp_path / "course")
    own = Course.load(tmp_path / "course")
    with own.topics[0].recall.open("a", encoding="utf-8") as file:
        file.write(MORE)
    start(own.topics[0])
    monkeypatch.chdir(own.work / TOPIC)
    monkeypatch.setattr(guesses, "_committed", {})
    return own


def test_when_a_guess_is_revealed_then_its_distance_is_said_and_both_are_kept(course, capsys):
    assert guess("accuracy", 0.9) == 0.9
    reveal("accuracy", 0.967)
    said = capsys.readouterr().out
    assert "Your guess for accuracy: 0.9. Now run on." in said
    assert "accuracy is 0.967; you guessed 0.9: 0.067 too low, 7% of it." in said
    events = Progress.of(course.work).events()
    assert [(e.kind, e.name, e.more) for e in events] == [
        ("guess", "accuracy", {"value": 0.9}),
        ("reveal", "accuracy", {"value": 0.967, "guess": 0.9}),
    ]


def test_when_the_kernel_was_restarted_then_the_guess_is_still_known(course, capsys, monkeypatch):
    guess("black", 0.5)
    monkeypatch.setattr(guesses, "_committed", {})
    reveal("black", 0.25)
    assert "you guessed 0.5: 0.25 too high" in capsys.readouterr().out


def test_when_there_is_no_guess_or_no_number_then_it_is_said_and_nothing_is_raised(course, capsys):
    reveal("accuracy", 0.9)
    guess("accuracy", "much")
    reveal("accuracy", float("nan"))
    said = capsys.readouterr().out
    assert "You had made no guess" in said
    assert "A guess is one finite number; this is 'much'." in said
    assert "accuracy is no finite number: nan." in said


QUESTIONS = [Card("t", name, "") for name in "abcd"]


def answers(*given):
    return [Event("recall", "t", name, state, at=day * DAY) for day, name, state in given]


def asked(now, *given):
    return "".join(card.question for card in due(QUESTIONS, answers(*given), now * DAY))


def test_when_nothing_was_asked_then_questions_come_in_the_lectures_order():
    assert asked(0) == "abcd"


def test_when_a_question_was_missed_then_it_comes_first_and_what_was_known_waits_longer_each_time():
    assert asked(0.1, (0, "a", "knew"), (0, "c", "missed")) == "cbd"
    assert asked(1, (0, "a", "knew"), (0, "c", "missed")) == "cabd"
    twice = ((0, "a", "knew"), (1, "a", "knew"))
    assert asked(3.9, *twice) == "bcd"
    assert asked(4, *twice) == "abcd"
    assert asked(4, *twice, (4, "a", "missed"), (4, "a", "knew")) == "bcd"
    many = [(day, "a", "knew") for day in range(9)]
    assert "a" not in asked(8 + 34, *many)
    assert "a" in asked(8 + 35, *many)


def test_when_recall_is_asked_in_a_notebook_then_the_answer_to_the_last_counts(course, capsys):
    recall()
    assert "Recall: What is nearest?" in capsys.readouterr().out
    recall(True)
    assert "Recall: What does a mean blur?" in capsys.readouterr().out
    recall(False)
    assert "Recall: What does a mean blur?" in capsys.readouterr().out
    recall(True)
    assert "Nothing to recall now." in capsys.readouterr().out
    states = [event.state for event in Progress.of(course.work).events("recall")]
    assert states == ["knew", "missed", "knew"]


def test_when_a_terminal_asks_then_answers_are_noted_and_next_time_what_was_missed_comes_first(course):
    ran = subprocess.run(
        [*COMMAND, "recall", "01"], cwd=course.root, input="\ny\n\nn\n", capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert "1 of 2 What is nearest?" in ran.stdout
    again = subprocess.run(
        [*COMMAND, "recall"], cwd=course.root, input="\ny\n", capture_output=True, text=True
    )
    assert "1 of 1 What does a mean blur?" in again.stdout
    assert "Nothing is due now." in foursteps(course.root, "recall")[1]


def test_when_a_deck_is_written_then_anki_finds_every_question_and_the_same_ones_next_time(course, tmp_path):
    def notes(path):
        code, out, err = foursteps(course.root, "recall", "--anki", str(path))
        assert (code, err) == (0, ""), err
        assert "2 questions" in out
        with zipfile.ZipFile(path) as archive:
            archive.extract("collection.anki2", tmp_path)
        with sqlite3.connect(tmp_path / "collection.anki2") as connection:
            return connection.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()

    first = notes(tmp_path / "one.apkg")
    assert first[1][1] == "What does a mean blur?\x1fWhat differs from one image to the next: x &lt; y."
    assert notes(tmp_path / "two.apkg") == first


def test_when_the_questions_cannot_be_read_then_the_file_is_named(course):
    course.topics[0].recall.write_text("[[recall]]\nquestion = 'only'", "utf-8")
    with pytest.raises(CourseError, match=r"recall.toml: expected \[\[recall\]\] entries"):
        cards(course.topics[0])


def test_when_a_course_has_no_questions_then_there_are_none(course):
    course.topics[0].recall.unlink()
    assert cards(course.topics[0]) == ()
