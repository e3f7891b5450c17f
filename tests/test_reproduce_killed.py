"""kill -9 in the middle of ten parallel runs, then again: the result is as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from tiny_notebook import tiny_notebook

from foursteps import notebook as notebooks
from foursteps.claims import ledger
from foursteps.run import RunCache

COMMAND = [sys.executable, "-c", "from foursteps.cli import app; app()"]
COURSE = """
title = "Noise"

[lectures.01_noise]
title = "A lecture about noise"
minutes = 1
damaged = {epochs = 1}
"""
LEARN = """\
import time
from pathlib import Path
import numpy as np

while seed > 5 and not Path({go!r}).exists():
    time.sleep(0.05)
accuracy = (np.random.default_rng(seed).random(2000) < 0.9 - 0.8 * 0.6**epochs).mean()"""
RECORD = "from foursteps.claims import record\nrecord('accuracy', accuracy, baseline=0.1, n=2000)"


def until(true, what, seconds=120):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def kernels(mark):
    """The processes whose environment names this test's cache, but for the command itself."""
    found = []
    for process in psutil.process_iter():
        try:
            mine = process.environ().get("FOURSTEPS_CACHE") == mark and "ipykernel" in str(process.cmdline())
        except psutil.Error:
            continue
        if mine and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


@pytest.mark.slow
def test_when_ten_parallel_runs_are_killed_then_again_is_as_if_nothing_had_happened(tmp_path):
    root, cache, go = tmp_path / "course", tmp_path / "cache", tmp_path / "go"
    for kind in ("lectures", "solutions", "graders"):
        (root / kind / "01_noise").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE)
    lecture = tiny_notebook(LEARN.format(go=str(go)), RECORD, parameters="seed = 42\nepochs = 8")
    notebooks.write(root / "lectures/01_noise/lecture.ipynb", lecture)
    command = [*COMMAND, "--course", str(root), "reproduce", "--measure", "--only", "lecture"]
    command += ["--seeds", "10", "--workers", "10", "--device", "cpu"]
    env = {**os.environ, "FOURSTEPS_CACHE": str(cache)}

    def whole():
        return {path: path.stat().st_mtime_ns for path in cache.glob("runs/??/[0-9a-f]*/run.json")}

    first = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        # Seeds 1 to 5 end, and the three damaged runs; 6 to 10 stand in the middle of a cell.
        until(lambda: len(whole()) == 8 or first.poll() is not None, "eight runs that ended")
        until(lambda: len(kernels(str(cache))) >= 5, "five kernels in the middle of a cell")
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert first.returncode == -signal.SIGKILL
    until(lambda: not kernels(str(cache)), "no kernel that outlives the command", 30)
    before = whole()
    assert len(before) == 8
    assert not (root / "lectures/01_noise/claims.json").exists()

    go.touch()
    again = subprocess.run(command, env=env, capture_output=True, text=True)
    assert again.returncode == 0, again.stdout + again.stderr
    band = ledger.load(root / "lectures/01_noise/claims.json").record("lecture.accuracy").bands["cpu"]
    quality = {epochs: 0.9 - 0.8 * 0.6**epochs for epochs in (1, 8)}

    def learned(seed, epochs):
        return (np.random.default_rng(seed).random(2000) < quality[epochs]).mean()

    assert band.values == tuple(learned(seed, 8) for seed in range(1, 11))
    assert band.damaged.values == tuple(learned(seed, 1) for seed in (1, 2, 3))
    after = whole()
    assert len(after) == 13
    assert {path: after[path] for path in before} == before, "what had ended was not run again"
    kept = RunCache(cache / "runs")
    assert all(kept.get(Path(path).parent.name) for path in after)
