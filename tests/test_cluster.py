"""Runs made elsewhere: the same marks, no key sent, and a lost worker costs time only."""

import os
import shutil
import signal
from dataclasses import replace

import pytest
from test_grade_batch import DISTANCE, gradebook, kept, points
from tiny_course import answer, solution, submit, tiny_course

from foursteps.course import Course
from foursteps.errors import RunError
from foursteps.grade import grade_class
from foursteps.grade.cluster import require_room
from foursteps.grade.secret import class_secret
from foursteps.release import release
from foursteps.reproduce import reproduce
from foursteps.run import RunCache
from foursteps.run import cluster as clusters
from foursteps.run.cluster import (
    Cluster,
    Fitness,
    require_gpu,
    require_software,
    software,
    threads_each,
)

ABLE = Fitness(sandbox="", software=software(), memory=8 * 2**30, gpus=("H",))


def test_when_a_worker_has_what_a_run_needs_then_it_is_taken():
    require_room("tcp://w:1", ABLE, "bwrap", 2)
    require_room("tcp://w:1", replace(ABLE, sandbox="no bubblewrap"), "external", 2)
    require_software("tcp://w:1", software())
    require_gpu("tcp://w:1", ABLE)


@pytest.mark.parametrize(
    ("require", "said"),
    [
        (
            lambda where: require_room(where, replace(ABLE, sandbox="no bubblewrap"), "bwrap", 2),
            "expected a worker with a sandbox; found no bubblewrap. Install bubblewrap there, or start the "
            "workers in a container and use --sandbox external.",
        ),
        (
            lambda where: require_room(where, replace(ABLE, memory=2**30), "bwrap", 2),
            "expected 2 GB of memory for a run; found 1.0 GB. Start workers with more memory, or lower "
            "memory_gb in course.toml.",
        ),
        (
            lambda where: require_software(where, "another"),
            "expected the same Python, packages and foursteps as here; found others. Install the same "
            "constraints.txt on every worker: versions change results.",
        ),
        (
            lambda where: require_gpu(where, replace(ABLE, gpus=())),
            "expected a worker with an NVIDIA GPU; found none. Use --device cpu, or let only workers with a "
            "GPU join.",
        ),
        (
            lambda where: require_gpu(where, replace(ABLE, threads=4)),
            "expected one run at a time on its GPU; found 4 threads. Start one worker a card, with "
            "--nthreads 1.",
        ),
    ],
)
def test_when_a_worker_lacks_something_then_it_is_named_before_anything_is_sent(require, said):
    with pytest.raises(RunError) as caught:
        require("tcp://w:1")
    assert str(caught.value) == f"the cluster at tcp://w:1: {said}"


def test_when_workers_share_a_machine_then_their_runs_share_its_cores():
    four = replace(ABLE, host="a", cores=8, threads=2)
    assert threads_each({"tcp://a:1": four, "tcp://a:2": four}) == 2
    assert threads_each({"tcp://a:1": four, "tcp://b:1": replace(four, host="b", cores=2)}) == 1
    assert threads_each({"tcp://a:1": replace(four, cores=1)}) == 1


@pytest.mark.slow
def test_when_no_scheduler_answers_then_it_is_said(monkeypatch):
    monkeypatch.setattr(clusters, "WAIT_SECONDS", 1.0)
    with Cluster("tcp://127.0.0.1:9") as cluster, pytest.raises(RunError, match="Start them, or correct"):
        _ = cluster.client


@pytest.mark.slow
def test_when_lectures_run_on_a_cluster_then_the_results_are_those_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    course = tiny_course(tmp_path / "course")
    with Cluster("local", workers=2) as cluster:
        far = reproduce(course, seeds=(42, 43), cluster=cluster, cache=RunCache(tmp_path / "far"))
        with pytest.raises(RunError, match="expected an NVIDIA GPU"):
            reproduce(course, device="cuda", cluster=cluster, cache=RunCache(tmp_path / "far"))
    here = reproduce(course, seeds=(42, 43), cache=RunCache(tmp_path / "here"))
    assert [finding.message for finding in far] == [finding.message for finding in here]
    assert [finding.values for finding in far] == [finding.values for finding in here]
    assert len(far) == 3
    kept = {name: sorted((tmp_path / name).glob("??/*/run.json")) for name in ("far", "here")}
    assert [path.parent.name for path in kept["far"]] == [path.parent.name for path in kept["here"]]


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
