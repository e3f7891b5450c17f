"""Progress: private, written ahead, and nothing lost to two notebooks, a killed kernel or a full disk."""

import signal
import sqlite3
import stat
import subprocess
import sys
import time

import pytest
from learner_course import TOPIC, given_out, tiny_course

from foursteps import check
from foursteps.claims import record
from foursteps.course import Course
from foursteps.errors import WorkError
from foursteps.learner import progress as module
from foursteps.learner.progress import Event, Progress, progress_here
from foursteps.learner.standing import next_step, standing
from foursteps.learner.work import start

ADD = """
import sys
from pathlib import Path
from foursteps.learner.progress import Event, Progress
kept = Progress(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    kept.add(Event("check", "t", f"{sys.argv[2]}-{number}"))
    print(number, flush=True)
"""


@pytest.fixture
def kept(tmp_path):
    return Progress(tmp_path / "work" / ".foursteps" / "progress.db")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture
def learner(course, tmp_path, monkeypatch):
    """A learner's own copy of the course, standing in the topic's folder."""
    import shutil

    root = tmp_path / "course"
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work", "class"))
    own = Course.load(root)
    start(own.topics[0])
    monkeypatch.chdir(root / "work" / TOPIC)
    monkeypatch.delenv("FOURSTEPS_GRADING", raising=False)
    return own


def test_when_events_are_added_then_they_come_back_as_they_were_and_only_their_owner_can_read_them(kept):
    first = Event("check", "01", "accuracy", "failed", 2.5, 5, {"value": 0.9}, at=1.0)
    second = Event("claim", "02", "accuracy", at=2.0)
    kept.add(first)
    kept.add(second)
    assert kept.events() == [first, second]
    assert kept.events("claim") == [second]
    assert kept.events(topic="01") == [first]
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700
    with sqlite3.connect(kept.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_when_nothing_happened_yet_then_asking_writes_no_file(kept):
    assert kept.events() == []
    assert not kept.path.exists()


def test_when_two_notebooks_write_at_once_then_every_event_of_both_is_kept(kept):
    writers = [
        subprocess.Popen([sys.executable, "-c", ADD, kept.path, name, "40"], stdout=subprocess.DEVNULL)
        for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    names = {event.name for event in kept.events()}
    assert names == {f"{writer}-{number}" for writer in ("one", "two") for number in range(40)}


def test_when_a_kernel_is_killed_then_what_it_had_noted_is_kept_and_the_file_is_whole(kept):
    writer = subprocess.Popen(
        [sys.executable, "-c", ADD, kept.path, "one", "100000"], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    noted = [int(writer.stdout.readline()) for _ in range(20)]
    writer.send_signal(signal.SIGKILL)
    noted += [int(line) for line in writer.stdout if line.endswith("\n")]
    writer.wait(60)
    writer.stdout.close()
    there = {event.name for event in kept.events()}
    assert there >= {f"one-{number}" for number in noted}
    with sqlite3.connect(kept.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    kept.add(Event("check", "t", "after"))
    assert kept.events()[-1].name == "after"


def test_when_the_disk_is_full_then_events_wait_and_the_next_one_takes_them_along(kept):
    """A limit on the size of files is what a full disk is to SQLite; the process lifts it again."""
    kept.add(Event("check", "t", "before"))
    script = """
import resource, signal, sys
from pathlib import Path
from foursteps.learner.progress import Event, Progress
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
kept = Progress(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))
assert not kept.keep(Event("check", "t", "first"))
assert not kept.keep(Event("check", "t", "second"))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert kept.keep(Event("check", "t", "third"))
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, kept.path], capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert [event.name for event in kept.events()] == ["before", "first", "second", "third"]


def test_when_the_file_is_damaged_or_newer_then_the_error_says_how_to_go_on(kept):
    kept.path.parent.mkdir(parents=True)
    kept.path.write_bytes(b"this was a database once" * 100)
    with pytest.raises(WorkError, match=r"file is not a database.*rename it, and a new one begins"):
        kept.add(Event("check", "t", "a"))
    kept.path.unlink()
    with sqlite3.connect(kept.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(WorkError, match=r"found version 99\. Install the foursteps that wrote it"):
        kept.events()


def test_when_check_runs_in_the_own_folder_then_its_outcome_is_kept_and_counts(learner, capsys):
    assert check("mean_image", lambda images: images.mean(axis=1)) == 0.0
    assert check("mean_image", lambda images: images.mean(axis=0)) == 2.0
    assert check("distance", ...) == 0.0
    events = Progress.of(learner.work).events()
    assert [(e.kind, e.topic, e.name, e.state, e.points) for e in events] == [
        ("check", TOPIC, "mean_image", "failed", 0.0),
        ("check", TOPIC, "mean_image", "passed", 2.0),
        ("check", TOPIC, "distance", "not_attempted", 0.0),
    ]
    assert events[0].more["exercise"] == "reproduce"
    (found,) = standing(learner, events)
    steps = {step.name: step for step in found.steps}
    assert (steps["reproduce"].points, steps["reproduce"].max_points) == (2.0, 10.0)
    assert steps["reproduce"].says == "2 of 10 points"
    assert steps["reproduce"].minutes_left == 16
    assert not steps["watch"].is_done


def test_when_the_lecture_reaches_its_claim_then_two_steps_are_done_and_the_next_is_named(learner, capsys):
    record("accuracy", 0.9, baseline=0.5)
    events = Progress.of(learner.work).events()
    (found,) = standings = standing(learner, events)
    assert [step.says for step in found.steps] == ["done", "done", "to do", "to do"]
    assert found.minutes_left == 40
    assert next_step(standings) == (found, found.steps[2])
    all_done = [Event("check", TOPIC, n, "passed", p, p) for n, p in module_points().items()]
    assert next_step(standing(learner, [*events, *all_done])) is None


def module_points():
    return {"mean_image": 2, "distance": 2, "classes": 1, "accuracy": 5, "gain": 6}


def test_when_grading_or_outside_the_own_folder_then_nothing_is_kept(learner, monkeypatch, capsys):
    monkeypatch.setenv("FOURSTEPS_GRADING", str(learner.root))
    check("mean_image", lambda images: images.mean(axis=0))
    record("accuracy", 0.9, baseline=0.5)
    monkeypatch.delenv("FOURSTEPS_GRADING")
    monkeypatch.chdir(learner.topics[0].checks.parent)
    assert progress_here() is None
    assert check("mean_image", lambda images: images.mean(axis=0)) == 2.0
    assert Progress.of(learner.work).events() == []


def test_when_progress_cannot_be_written_then_the_check_still_answers_and_says_so_once_it_matters(
    learner, monkeypatch, capsys
):
    path = Progress.of(learner.work).path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no database" * 100)
    monkeypatch.setattr(module, "_waiting", {})
    assert check("mean_image", lambda images: images.mean(axis=0)) == 2.0
    said = capsys.readouterr().out
    assert "✓ Passed: mean_image" in said
    assert "Your progress cannot be saved now" in said
    path.unlink()
    assert check("distance", ...) == 0.0
    assert [event.name for event in Progress.of(learner.work).events()] == ["mean_image", "distance"]


def test_when_two_minutes_of_checks_pass_then_noting_one_costs_little(kept):
    kept.add(Event("check", "t", "a"))
    began = time.perf_counter()
    for number in range(20):
        kept.add(Event("check", "t", str(number)))
    assert (time.perf_counter() - began) / 20 < 0.5
