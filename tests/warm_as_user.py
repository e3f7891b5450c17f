"""Runs one warm notebook as whoever started this, and prints what it found as JSON; see test_warm_user.py."""

import json
import os
import sys
import tempfile
from pathlib import Path

import psutil
import warm_notebooks
from warm_notebooks import text

from foursteps.run.result import Limits, Resources
from foursteps.run.warm import WarmRunner

FORKS = (
    "import os, time\nmade = 0\n"
    "try:\n"
    "    for _ in range(200):\n"
    "        if os.fork() == 0:\n"
    "            time.sleep(30); os._exit(0)\n"
    "        made += 1\n"
    "except OSError: pass\n"
    "print(made)"
)
DISK = (
    "try:\n"
    "    for number in range(200): open(f'/tmp/{number}', 'wb').write(bytes(2**20))\n"
    "except OSError as error: print(error.errno)"
)


def is_ours(process):
    """Whether this is the daemon that the notebook started, and alive."""
    try:
        return process.name() == "sleep" and "321" in process.cmdline()
    except psutil.Error:  # gone meanwhile, or dead and waiting for its burial
        return False


def main(sandbox):
    folder = Path(tempfile.mkdtemp())
    secret = Path(tempfile.mkdtemp()) / "secret"
    secret.write_text("hidden")
    work = folder / "work"
    work.mkdir()
    resources = Resources(memory_mb=400, scratch_mb=50, processes=40)
    with WarmRunner(preload=(), sandbox=sandbox, resources=resources, stop_on_error=False) as runner:
        cells = {
            "secret": f"open({str(secret)!r}).read()",
            "memory": "block = bytearray(4 * 2**30)",
            "daemon": "import subprocess; p = subprocess.Popen(['sleep', '321'], start_new_session=True)",
        }
        if sandbox == "bwrap":  # without namespaces these would count what others on this machine do
            cells |= {"disk": DISK, "forks": FORKS}
        result = runner.run(warm_notebooks.of(*cells.values()), cwd=work, limits=Limits(60, 30))
    left = [process.pid for process in psutil.process_iter() if is_ours(process)]
    said = {name: text(cell) for name, cell in zip(cells, result.notebook.cells, strict=True)}
    secret.unlink()
    print(json.dumps({**said, "uid": os.getuid(), "layers": result.layers, "left": left}))


if __name__ == "__main__":
    main(sys.argv[1])
