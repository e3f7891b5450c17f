"""Whole writes: after any ending there is the old content or the new, and nothing beside it."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from foursteps import atomic


def test_when_the_write_fails_then_the_old_text_stays_and_nothing_is_left(tmp_path):
    path = tmp_path / "claims.json"
    atomic.write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        atomic.write_text(path, "\ud800")
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        atomic.write_text(tmp_path / "folder", "a folder stands there")
    assert path.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["claims.json", "folder"]


def test_when_the_disk_is_full_then_the_old_text_stays(tmp_path):
    path = tmp_path / "kept"
    atomic.write_text(path, "old")
    # A file-size limit is the full disk that a test can have: the kernel refuses the write.
    script = (
        "import resource, signal, sys; from pathlib import Path; from foursteps import atomic;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "atomic.write_text(Path(sys.argv[1]), 'x' * 10_000)"
    )
    ended = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True)
    assert ended.returncode == 1
    assert "File too large" in ended.stderr
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["kept"]


def test_when_a_mode_is_given_then_the_file_never_had_another(tmp_path):
    atomic.write_bytes(tmp_path / "secret", b"x", mode=0o600)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_when_the_block_raises_then_the_folder_is_not_there(tmp_path):
    def interrupted():
        with atomic.folder(tmp_path / "data") as beside:
            (beside / "half").write_text("x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert os.listdir(tmp_path) == []


def test_when_the_folder_was_there_then_it_is_replaced_whole(tmp_path):
    for name in ("one", "two"):
        with atomic.folder(tmp_path / "data") as beside:
            (beside / name).write_text("x")
    assert os.listdir(tmp_path / "data") == ["two"]
    assert os.listdir(tmp_path) == ["data"]


def test_when_the_process_is_killed_in_the_block_then_the_old_folder_stays(tmp_path):
    with atomic.folder(tmp_path / "data") as beside:
        (beside / "old").write_text("x")
    script = (
        "import os, signal, sys; from pathlib import Path; from foursteps import atomic\n"
        "with atomic.folder(Path(sys.argv[1])) as beside:\n"
        "    (beside / 'new').write_text('x'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", script, tmp_path / "data"])
    assert ended.returncode == -signal.SIGKILL
    assert os.listdir(tmp_path / "data") == ["old"]


def test_when_many_fill_the_same_folder_at_once_then_one_whole_folder_is_there(tmp_path):
    def fill(number):
        with atomic.folder(tmp_path / "data") as beside:
            for part in "abc":
                (beside / part).write_text(str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fill, range(40)))
    assert len({path.read_text() for path in (tmp_path / "data").iterdir()}) == 1
    assert os.listdir(tmp_path) == ["data"]
