"""`foursteps diff`: what a learner did otherwise than the lecture, by nbdime."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

import pytest
from learner_course import TOPIC, filled_in, given_out, solution, tiny_course
from test_work import COMMAND, foursteps

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.learner.difference import only_code, sides
from foursteps.learner.work import Copy, start


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture
def course(released, tmp_path):
    shutil.copytree(released.root, tmp_path / "course")
    return Course.load(tmp_path / "course")


def attempt(course):
    """The learner has filled in the exercise."""
    start(course.topics[0])
    own = Copy(course.topics[0], "reproduce")
    nb.write(own.path, filled_in(nb.read(own.path), solution(course, "reproduce")))


def test_when_nothing_was_tried_yet_then_the_lecture_is_not_shown_and_it_says_what_to_do(course):
    code, _, err = foursteps(course.root, "diff", "01")
    assert code == 1
    assert "expected your reproduction of the lecture; found no such file" in err
    start(course.topics[0])
    code, _, err = foursteps(course.root, "diff", "01")
    assert code == 1
    assert "found nothing written yet" in err
    assert f"Run `foursteps start {TOPIC}`, try it yourself, then compare." in " ".join(err.split())


def test_when_both_are_compared_then_only_code_that_somebody_wrote_is(course):
    attempt(course)
    lecture, own = sides(course.topics[0])
    assert [cell.cell_type for cell in (*lecture.cells, *own.cells)].count("code") == len(
        lecture.cells + own.cells
    )
    assert not any(cell.source.startswith("check(") for cell in own.cells)
    assert only_code(own) == own


def test_when_the_learner_did_otherwise_then_the_terminal_shows_both_lines(course):
    attempt(course)
    code, out, err = foursteps(course.root, "diff", TOPIC)
    assert (code, err) == (0, "")
    assert "--- lecture.ipynb" in out
    assert "+++ yours.ipynb" in out
    assert "neighbours = 3" in out
    assert "+      model = KNeighborsClassifier(3).fit(read(train), labels)" in out
    assert "## The mean image" not in out
    assert "\x1b[" not in out


@pytest.mark.slow
def test_when_the_browser_is_asked_for_then_nbdime_serves_the_difference(course):
    attempt(course)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*COMMAND, "diff", "01", "--web", "--", "--port", str(port), "--browser", "no-such-browser"],
        cwd=course.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        page = fetched(f"http://127.0.0.1:{port}/diff?base=lecture.ipynb&remote=yours.ipynb")
        assert "nbdime" in page
        assert "yours.ipynb" in page
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def fetched(address, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(address, timeout=5).read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
