"""The command line as it is used: real processes, their messages and their exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_course import TOPIC, released, solution, submit, tiny_course, with_proofs

from foursteps import notebook as nb

COMMAND = [sys.executable, "-c", "from foursteps.cli import app; app()"]


def foursteps(root, *arguments, **more):
    ran = subprocess.run(
        [*COMMAND, "--course", str(root), *arguments], capture_output=True, text=True, **more
    )
    return ran.returncode, ran.stdout, ran.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = with_proofs(tiny_course(tmp_path_factory.mktemp("cli") / "course"))
    code, out, err = foursteps(course.root, "release")
    assert code == 0, err
    assert f"✓ {TOPIC}: reproduce, apply_elsewhere written" in out
    return course


def test_when_the_course_is_whole_then_check_says_so_and_exits_0(course):
    code, out, _ = foursteps(course.root, "check")
    assert (code, out.strip()) == (0, "✓ A tiny course: 1 lecture and 2 exercises, nothing to mend.")


def test_when_an_exercise_was_edited_then_check_names_it_exits_1_and_release_mends_it(course):
    path = course.topic(TOPIC).exercises["reproduce"].released
    before = path.read_text()
    path.write_text(before.replace("Write the mean", "Guess the mean"))
    code, _, err = foursteps(course.root, "check")
    assert code == 1
    assert f"{path}: expected what its solution gives" in err
    assert foursteps(course.root, "release")[0] == 0
    assert foursteps(course.root, "check")[0] == 0
    assert path.read_text() == before


def test_when_nothing_changed_then_releasing_again_leaves_the_files_alone(course):
    path = course.topic(TOPIC).exercises["reproduce"].released
    before = path.stat().st_mtime_ns
    code, out, _ = foursteps(course.root, "release")
    assert (code, "unchanged" in out) == (0, True)
    assert path.stat().st_mtime_ns == before


def test_when_there_is_no_course_then_the_message_says_what_to_do_and_exits_1(tmp_path):
    code, _, err = foursteps(tmp_path, "check")
    assert code == 1
    assert "expected a course: a folder with course.toml, here or above; found none." in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [("grde",), ("grade", "--farce"), ("reproduce", "--only", "book")])
def test_when_the_usage_is_wrong_then_it_exits_2(course, arguments):
    code, _, err = foursteps(course.root, *arguments)
    assert code == 2
    assert "Error" in err


def test_when_a_topic_is_unknown_then_the_message_lists_the_topics(course):
    code, _, err = foursteps(course.root, "grade", "07_none")
    assert code == 1
    assert f"expected one of {TOPIC}; found 07_none" in err


@pytest.mark.parametrize("asked", [("--device", "cuda"), ("--require-gpu",)])
def test_when_there_is_no_gpu_then_asking_for_one_exits_1_and_runs_nothing(course, asked, tmp_path):
    hidden = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "FOURSTEPS_CACHE": str(tmp_path)}
    code, _, err = foursteps(course.root, "reproduce", *asked, env=hidden)
    assert code == 1
    assert "expected an NVIDIA GPU that this process may use; found none. Use --device auto or cpu" in err
    assert not list(tmp_path.glob("runs/*/*"))


def test_when_nothing_could_be_compared_then_reproduce_exits_3_and_the_reports_are_there(tmp_path):
    course = tiny_course(tmp_path / "course")
    settings = course.root / "course.toml"
    settings.write_text(settings.read_text() + 'device = "cuda"\n')
    reports = [tmp_path / f"report.{ending}" for ending in ("html", "json", "md")]
    given = [word for path in reports for word in ("--report", str(path))]
    hidden = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "FOURSTEPS_CACHE": str(tmp_path / "cache")}
    code, out, _ = foursteps(course.root, "reproduce", *given, env=hidden)
    assert code == 3
    assert "expected a GPU, which this lecture declares; found only a CPU, so it was not run" in out
    assert json.loads(reports[1].read_text())["exit_code"] == 3
    assert "Exit code 3" in reports[0].read_text()
    assert "? not-comparable" in reports[2].read_text()
    assert foursteps(course.root, "reproduce", "--shard", "2/2", env=hidden)[0] == 0


@pytest.mark.slow
def test_when_a_class_is_graded_then_the_table_says_what_became_of_each(course):
    submit(
        course,
        "ada",
        reproduce=solution(course, "reproduce"),
        apply_elsewhere=solution(course, "apply_elsewhere"),
    )
    submit(course, "ben", reproduce=released(course, "reproduce"), apply_elsewhere="not a notebook")
    code, out, err = foursteps(course.root, "grade", env={**os.environ, "COLUMNS": "200"})
    assert code == 0, err
    lines = {tuple(re.split(r"\s*│\s*", line.strip("│ ")))[:3] for line in out.splitlines() if "│" in line}
    assert ("ada", "reproduce", "10 of 10") in lines
    assert ("ada", "apply_elsewhere", "6 of 10") in lines
    assert ("ben", "reproduce", "0 of 10") in lines
    assert ("ben", "apply_elsewhere", "0 of 10") in lines
    assert "to mark by hand: story" in out
    assert list((course.workspace / "feedback" / "ada" / TOPIC).glob("*.html"))


@pytest.mark.slow
def test_when_a_lecture_trains_for_nothing_then_reproduce_exits_1_naming_the_claim(course, tmp_path):
    code, out, _ = foursteps(course.root, "reproduce", "--only", "lecture")
    assert code == 0, out
    path = course.topic(TOPIC).lecture
    before = path.read_text()
    notebook = nb.read(path)
    cell = next(cell for cell in notebook.cells if cell.id == "train")
    cell.source = cell.source.replace(
        "[file.parent.name for file in train]", '["3", "7"] * (len(train) // 2)'
    )
    nb.write(path, notebook)
    try:
        code, out, _ = foursteps(course.root, "reproduce", "--only", "lecture")
    finally:
        path.write_text(before)
    assert code == 1
    assert "lecture.accuracy: expected at least" in out
    assert "nearest recorded run is seed" in out


@pytest.mark.slow
def test_when_ctrl_c_comes_in_the_middle_then_it_exits_130_and_leaves_no_process(course, tmp_path):
    path = course.topic(TOPIC).lecture
    before = path.read_text()
    notebook = nb.read(path)
    cell = next(cell for cell in notebook.cells if cell.id == "train")
    started = tmp_path / "started"
    cell.source = (
        f"open({str(started)!r}, 'w').write(str(__import__('os').getpid()))\nimport time\ntime.sleep(120)"
    )
    nb.write(path, notebook)
    try:
        process = subprocess.Popen(
            [*COMMAND, "--course", str(course.root), "reproduce", "--only", "lecture"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while not (started.exists() and started.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
    finally:
        path.write_text(before)
    assert process.returncode == 130
    assert "Stopped. Nothing is half written; the same command goes on from here." in err
    assert not Path(f"/proc/{started.read_text()}").exists()


def test_when_help_is_asked_for_then_every_command_has_a_sentence():
    ran = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True)
    commands = re.findall(r"^  (\w+)\s{2,}(\S.*)$", ran.stdout.split("Commands:")[1], re.MULTILINE)
    assert {name for name, _ in commands} >= {"check", "release", "grade", "reproduce", "book", "course"}
    assert all(text.strip() for _, text in commands)


def test_when_checks_are_released_then_they_name_no_hidden_input(course):
    public = json.loads(course.topic(TOPIC).checks.read_text())
    functions = [c for checks in public["exercises"].values() for c in checks if c["kind"] == "function"]
    assert functions
    assert all(0 < len(check["visible"]) <= 3 and "inputs" not in check for check in functions)


def test_when_every_proof_holds_then_prove_changed_runs_nothing(course):
    code, out, _ = foursteps(course.root, "prove", "--changed")
    assert code == 0
    assert "nothing to prove" in out


def test_when_a_topic_is_a_draft_then_check_says_what_it_lacks_and_passes(tmp_path):
    root = tiny_course(tmp_path / "course").root
    toml = root / "course.toml"
    toml.write_text(toml.read_text("utf-8").replace("minutes = 30", "minutes = 30\ndraft = true"), "utf-8")
    code, out, _ = foursteps(root, "check")
    assert code == 0
    assert f"○ {TOPIC} is a draft and published nowhere; " in out
    assert "Run `foursteps release`." in out
