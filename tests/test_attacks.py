"""Every attack of the corpus ends with the right mark, in bounded time, and the honest keep theirs.

All of them hand in at once; one class is graded, by the real path, in the real sandbox.
"""

import html
import os
import re
import socket
import stat
import time

import nbformat
import psutil
import pytest
from attack_class import HONEST, attacks, hand_in
from tiny_course import TOPIC, solution, submit, tiny_course

from foursteps.course import Course
from foursteps.grade import grade_class, write_feedback
from foursteps.release import release

pytestmark = pytest.mark.slow
CORPUS = {attack.name: attack for attack in attacks()}
SECRET = "kept-from-learners-5b1f"
LONGEST_RUN = 75.0


@pytest.fixture(scope="module")
def listener():
    """A door on this machine that nobody may knock at."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        yield door


@pytest.fixture(scope="module")
def graded(tmp_path_factory, listener):
    """The course, its class graded, and the rows by learner and exercise."""
    course = tiny_course(tmp_path_factory.mktemp("attacked"))
    settings = (
        (course.root / "course.toml").read_text("utf-8").replace("cell_seconds = 30", "cell_seconds = 10")
    )
    (course.root / "course.toml").write_text(settings, "utf-8")
    course = Course.load(course.root)
    release(course, course.topics)
    for name in HONEST:
        submit(
            course, name, **{exercise: solution(course, exercise) for exercise in course.topics[0].exercises}
        )
    fill = {
        "COURSE": str(course.root),
        "PORT": str(listener.getsockname()[1]),
        "SECRET": SECRET[::-1],
    }
    for attack in CORPUS.values():
        hand_in(course, attack, fill)
    os.environ["FOURSTEPS_TEST_SECRET"] = SECRET
    try:
        began = time.monotonic()
        rows = grade_class(course, course.topics[0])
        print(f"{len(rows)} rows in {time.monotonic() - began:.0f} s")
        write_feedback(course, course.topics[0])
    finally:
        del os.environ["FOURSTEPS_TEST_SECRET"]
    return course, {(row.student, row.exercise): row for row in rows}


def page_of(course, student, exercise):
    """The feedback page as a person reads it: without tags, on one line."""
    path = course.workspace / "feedback" / student / TOPIC / f"{exercise}.html"
    text = path.read_text("utf-8")
    text = re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return " ".join(text.replace("`", "").split())


def autograded(course, student, exercise):
    path = course.workspace / "autograded" / student / TOPIC / f"{exercise}.ipynb"
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("name", CORPUS)
def test_when_a_class_is_attacked_then_the_mark_is_right_and_the_page_says_what_happened(graded, name):
    course, rows = graded
    attack = CORPUS[name]
    row = rows[name, attack.exercise]
    assert row.error == ""
    assert row.by_hand == attack.by_hand
    earned = {outcome.check: outcome.points for outcome in row.outcomes}
    for check, (least, most) in attack.earns(course).items():
        assert least <= earned.get(check, 0.0) <= most, (check, row.outcomes)
    assert row.points == pytest.approx(sum(earned.values()))
    page = page_of(course, name, attack.exercise)
    assert any(sentence.replace("`", "") in page for sentence in attack.feedback), page[-3000:]
    run = autograded(course, name, attack.exercise).metadata["foursteps"]["run"]
    assert run["seconds"] < LONGEST_RUN
    assert run["sandbox"] == "bwrap"


@pytest.mark.parametrize("name", HONEST)
def test_when_others_attack_then_an_honest_learner_keeps_every_point(graded, name):
    course, rows = graded
    assert (rows[name, "reproduce"].points, rows[name, "reproduce"].error) == (10, "")
    assert (rows[name, "apply_elsewhere"].points, rows[name, "apply_elsewhere"].by_hand) == (6, ("story",))
    assert "About this submission" not in page_of(course, name, "reproduce")


def test_when_a_class_is_attacked_then_nobody_knocked_and_nothing_was_left_behind(graded, listener):
    course, _ = graded
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert not (course.root / "started").exists()
    assert [p.name() for p in psutil.Process().children(recursive=True) if p.name() in ("sleep", "sh")] == []


def test_when_a_class_is_attacked_then_nothing_hidden_comes_back_with_the_feedback(graded):
    course, _ = graded
    hidden = {
        (course.workspace / "secret").read_bytes(),
        (course.workspace / "gradebook.db").read_bytes()[:100],
        *(path.read_bytes() for path in (course.workspace / "keys").iterdir()),
    }
    for name in ("feedback", "autograded"):
        for path in (course.workspace / name).rglob("*"):
            mode = path.lstat().st_mode
            assert stat.S_ISREG(mode) or stat.S_ISDIR(mode), path
            assert not (stat.S_ISREG(mode) and any(part in path.read_bytes() for part in hidden)), path


def test_every_attack_says_what_it_tries_and_how_it_ends():
    assert len(CORPUS) >= 30
    for name, attack in CORPUS.items():
        text = attack.attempt.path.read_text("utf-8")
        doc = text.partition('"""')[2].partition('"""')[0]
        assert "Ends with:" in doc, name
        assert f"The feedback says: {'|'.join(attack.feedback)}" in doc, name
        assert doc.startswith(attack.attempt.says), name
