"""Runs made elsewhere: the same marks, no key sent, and a lost worker costs time only."""

import os
import shutil
import signal

import pytest
from test_grade_batch import DISTANCE, gradebook, kept, points
from tiny_course import answer, solution, submit, tiny_course

from foursteps.course import Course
from foursteps.errors import GradeError
from foursteps.grade import cluster as clusters
from foursteps.grade import grade_class
from foursteps.grade.cluster import Cluster, _require
from foursteps.grade.secret import class_secret
from foursteps.release import release

ABLE = {"sandbox": "", "software": "same", "memory": 8 * 2**30}


def test_when_a_worker_has_what_a_run_needs_then_it_is_taken():
    _require("tcp://w:1", ABLE, "bwrap", "same", 2, None)
    _require("tcp://w:1", ABLE | {"sandbox": "no bubblewrap"}, "external", "same", 2, None)


@pytest.mark.parametrize(
    ("lacks", "limit", "said"),
    [
        (
            {"sandbox": "no bubblewrap"},
            None,
            "expected a worker with a sandbox; found no bubblewrap. Install bubblewrap there, or start the "
            "workers in a container and use --sandbox external.",
        ),
        (
            {"software": "another"},
            None,
            "expected the same Python, packages and foursteps as here; found others. Install the same "
            "constraints.txt on every worker: versions change results.",
        ),
        (
            {"memory": 2**30},
            None,
            "expected 2 GB of memory for a run; found 1.0 GB. Start workers with more memory, or lower "
            "memory_gb in course.toml.",
        ),
        ({}, 2**30, "expected 2 GB of memory for a run; found 1.0 GB."),
    ],
)
def test_when_a_worker_lacks_something_then_it_is_named_before_anything_is_sent(lacks, limit, said):
    with pytest.raises(GradeError) as caught:
        _require("tcp://w:1", ABLE | lacks, "bwrap", "same", 2, limit)
    assert f"the cluster at tcp://w:1: {said}" in str(caught.value)


@pytest.mark.slow
def test_when_no_scheduler_answers_then_it_is_said(monkeypatch):
    monkeypatch.setattr(clusters, "WAIT_SECONDS", 1.0)
    with Cluster("tcp://127.0.0.1:9") as cluster, pytest.raises(GradeError, match="Start them, or correct"):
        _ = cluster.client


@pytest.mark.slow
def test_when_a_worker_is_killed_in_the_middle_then_the_marks_are_those_of_one_machine(tmp_path):
    course = tiny_course(tmp_path / "course")
    release(course, course.topics)
    for number in range(6):
        wrong = "0.0" if number % 2 else DISTANCE
        source = f"import time\ntime.sleep(1.{number})\ndef distance(a, b):\n    return {wrong}"
        notebook = answer(solution(course, "reproduce"), "answer_distance", source)
        submit(course, f"learner-{number}", reproduce=notebook)
    class_secret(course.workspace)
    here = Course.load(shutil.copytree(course.root, tmp_path / "here"))
    killed = []

    with Cluster("local", workers=2) as cluster:

        def kill_one(event):
            if event.kind == "done" and not killed:
                workers = cluster.client.run(os.getpid)
                os.kill(next(iter(workers.values())), signal.SIGKILL)
                killed.append(workers)

        found = grade_class(course, course.topics[0], cluster=cluster, on_event=kill_one)
    assert killed
    assert found == grade_class(here, here.topics[0])
    assert gradebook(course) == gradebook(here)
    assert kept(course).keys() == kept(here).keys()
    assert points(found) == {f"learner-{n}": 8 if n % 2 else 10 for n in range(6)}
