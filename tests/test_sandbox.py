"""The command line of bubblewrap, from a description of the walls; and what is said when it cannot be had."""

import os
import subprocess
from pathlib import Path

import pytest

from foursteps.errors import GradeError
from foursteps.run.sandbox import Capabilities, Walls, available, command, python_walls, require

ALL = Capabilities("/usr/bin/bwrap", True, 4, 2)


def pairs(line, option):
    """What follows each `option` in the command line: its two arguments."""
    return [(line[at + 1], line[at + 2]) for at, word in enumerate(line) if word == option]


def test_when_walls_are_described_then_nothing_else_is_shown():
    line = command(
        Walls(read=("/usr", "/deep/er/venv"), shown=(("/a", "/grading"),)), ["python", "-c", "pass"]
    )
    assert pairs(line, "--ro-bind-try") == [("/usr", "/usr"), ("/deep/er/venv", "/deep/er/venv")]
    assert pairs(line, "--ro-bind") == [("/a", "/grading")]
    assert "--bind" not in line
    assert line[-4:] == ["--", "python", "-c", "pass"]


def test_when_a_path_lies_deep_then_the_folders_above_it_are_open_to_every_user():
    line = command(Walls(read=("/opt/ada/python",)), ["true"])
    made = [line[at + 1] for at, word in enumerate(line) if word == "--dir"]
    assert made[:2] == ["/opt", "/opt/ada"]


@pytest.mark.parametrize("user", [True, False])
def test_when_walls_stand_then_every_namespace_is_new_and_the_root_is_read_only(user):
    line = command(Walls(read=(), user=user), ["true"])
    assert {"--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--new-session"} <= set(line)
    assert ("--unshare-user" in line) is user
    assert line[line.index("--remount-ro") + 1] == "/dev"
    assert line.index("--remount-ro") > line.index("--dev")


def test_when_a_folder_holds_public_data_then_it_is_covered_by_an_empty_one_that_cannot_be_written():
    line = command(Walls(read=("/venv",), hidden=("/venv/data",)), ["true"])
    at = line.index("/venv/data")
    assert line[at - 1 : at + 3] == ["--tmpfs", "/venv/data", "--remount-ro", "/venv/data"]
    assert at > line.index("/venv")


def test_when_python_is_walled_in_then_the_course_and_the_home_are_not_shown(tmp_path):
    walls = python_walls(tmp_path)
    assert walls.shown == ((str(tmp_path), "/grading"),)
    home = Path.home()
    assert not {str(home), str(home.parent), "/", "/home", "/tmp", "/var", "/etc"} & set(walls.read)
    assert not any(Path(path) in Path(os.getcwd()).parents for path in walls.read)
    assert any(path.endswith("sklearn/datasets/data") for path in walls.hidden)


@pytest.mark.skipif(not available().bwrap, reason="bubblewrap is not installed")
def test_when_the_command_runs_then_only_the_walls_are_there(tmp_path):
    (tmp_path / "shown").write_text("here")
    (tmp_path.parent / "beside").write_text("hidden")
    line = command(
        python_walls(tmp_path), ["/bin/sh", "-c", f"cat /grading/shown; ls {tmp_path.parent}; ls /home"]
    )
    done = subprocess.run(line, capture_output=True, text=True, timeout=20)
    assert done.stdout == "here"
    assert done.stderr.count("No such file") == 2


@pytest.mark.parametrize(
    ("mode", "found", "words"),
    [
        ("bwrap", Capabilities(None, True, 0, 0), "apt install bubblewrap"),
        ("bwrap", Capabilities("/usr/bin/bwrap", False, 0, 0), "user.max_user_namespaces"),
        ("docker", ALL, "bwrap, external or none"),
    ],
)
def test_when_the_sandbox_cannot_be_had_then_the_message_says_what_to_do(mode, found, words):
    with pytest.raises(GradeError) as problem:
        require(mode, found)
    assert words in str(problem.value)


@pytest.mark.parametrize("mode", ["none", "external"])
def test_when_no_bubblewrap_is_asked_for_then_none_is_needed(mode):
    require(mode, Capabilities(None, False, 0, 0))


def test_when_the_capabilities_are_printed_then_each_is_named():
    assert str(ALL) == "bubblewrap /usr/bin/bwrap, user namespaces yes, Landlock 4, cgroup v2"
    assert (
        str(Capabilities(None, False, 0, 0))
        == "bubblewrap missing, user namespaces no, Landlock none, no cgroups"
    )


def test_when_the_interpreter_lies_under_tmp_then_it_is_shown_again_with_its_holes():
    walls = Walls(("/usr", "/tmp/course/.venv"), hidden=("/tmp/course/.venv/lib/data",))
    assert walls.again == {"/behind/0": "/tmp/course/.venv"}
    line = " ".join(command(walls, ["true"]))
    assert "--ro-bind /tmp/course/.venv /behind/0" in line
    assert "--tmpfs /behind/0/lib/data --remount-ro /behind/0/lib/data" in line
    assert line.index("--tmpfs /tmp ") < line.index("--ro-bind-try /tmp/course/.venv")
    assert Walls(("/usr",)).again == {}
