"""Each limit on a warm child binds, and the next run is as if nothing had happened. The bombs are bounded."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from asyncio import CancelledError
from pathlib import Path

import psutil
import pytest
import warm_notebooks
from warm_notebooks import text

from foursteps.errors import ParameterError, RunError
from foursteps.run.result import Limits, Resources
from foursteps.run.warm import WarmRunner

pytestmark = pytest.mark.slow
QUICK = Limits(notebook_seconds=20, cell_seconds=1.0, output_bytes=2**20)
SMALL = Resources(memory_mb=300, scratch_mb=50, processes=40, submission_mb=1)
EARLIER: set[psutil.Process] = set()


@pytest.fixture(scope="module", autouse=True)
def earlier():
    """What this process started before: a warm parent of another file's tests lives as long as it does."""
    EARLIER.update(psutil.Process().children(recursive=True))


@pytest.fixture(scope="module")
def runner(earlier):
    with WarmRunner(preload=("numpy",), resources=SMALL, stop_on_error=False) as runner:
        runner.start()
        yield runner


@pytest.fixture
def run(runner, tmp_path):
    """Runs cells; afterwards an honest notebook still runs, and no process of any run is left."""

    def run(*sources, limits=QUICK, **others):
        return runner.run(warm_notebooks.of(*sources), cwd=tmp_path, limits=limits, **others)

    yield run
    after = run("print(6 * 7)")
    assert (after.status, text(after.notebook.cells[0])) == ("ok", "42\n")
    assert [process.name() for process in children() if process.name() in ("sleep", "sh", "yes")] == []
    # bwrap and its first process, the parent and the keeper: nothing else
    assert len(children()) == 4


def children():
    return set(psutil.Process().children(recursive=True)) - EARLIER


def test_when_a_cell_never_ends_then_it_is_interrupted_and_the_next_one_runs(run):
    result = run("print('a')\nwhile True: pass", "print('b')")
    assert result.status == "timeout"
    assert result.error.value == "The cell ran longer than its limit of 1 s"
    first, second = result.notebook.cells
    assert text(first) == "a\nKeyboardInterrupt: "
    assert text(second) == "b\n"
    assert result.seconds < 5


def test_when_an_awaiting_cell_never_ends_then_it_is_interrupted_too(run):
    result = run("import asyncio\nawait asyncio.sleep(100)", "print('b')")
    assert result.status == "timeout"
    assert text(result.notebook.cells[1]) == "b\n"


def test_when_a_cell_prints_without_end_then_an_interrupt_leaves_the_messages_whole(run):
    limits = Limits(notebook_seconds=20, cell_seconds=0.5, output_bytes=200 * 2**20)
    result = run("while True: print('x' * 50)", "print('b')", limits=limits)
    assert result.status == "timeout"
    assert text(result.notebook.cells[1]) == "b\n"


def test_when_a_cell_ignores_the_interrupt_then_the_run_is_ended(run):
    stubborn = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); print('a')\nwhile True: pass"
    result = run(stubborn, "print('b')")
    assert result.status == "timeout"
    assert text(result.notebook.cells[0]).startswith("a\n")
    assert result.notebook.cells[1].outputs == []


def test_when_the_notebook_takes_too_long_then_it_is_ended_whatever_its_cells_took(run):
    limits = Limits(notebook_seconds=1.5, cell_seconds=1.0)
    result = run(*["import time; time.sleep(0.8); print('a')"] * 3, limits=limits)
    assert result.status == "timeout"
    assert result.error.value == "The notebook ran longer than its limit of 1.5 s"
    assert [len(cell.outputs) for cell in result.notebook.cells] == [1, 1, 0]


def test_when_a_cell_waits_for_a_lock_that_nobody_gives_then_it_is_interrupted(run):
    result = run("import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()", "1")
    assert result.status == "timeout"
    assert text(result.notebook.cells[1]) == "1"


@pytest.mark.parametrize(
    "flood",
    [
        "while True: print('x' * 10_000)",
        "print('x' * 60_000_000)",
        "import os\nwhile True: os.write(1, b'x' * 10_000)",
        "import os\nos.system('yes')",
        "from IPython.display import display\nwhile True: display('x' * 10_000)",
        "import sys\nwhile True: sys.stderr.write('x' * 10_000)",
        "from IPython.display import display\nwhile True: display({'text/plain': ''}, raw=True)",
    ],
)
def test_when_the_outputs_are_too_many_then_the_run_is_flooded_and_keeps_what_came_before(run, flood):
    result = run("print('kept')", flood, "print('b')", limits=Limits(20, 10, 2**20))
    assert result.status == "flooded"
    assert result.error.value == "The outputs take more than the limit of 1 MB"
    assert text(result.notebook.cells[0]) == "kept\n"
    assert len(text(result.notebook.cells[1])) < 2 * 2**20
    assert result.notebook.cells[2].outputs == []


def test_when_one_process_asks_for_too_much_memory_then_it_gets_a_memory_error_and_goes_on(run):
    result = run("block = bytearray(4 * 2**30)", "print('b')")
    assert result.error.name == "MemoryError"
    assert text(result.notebook.cells[1]) == "b\n"


def test_when_many_processes_hold_too_much_memory_together_then_the_run_is_ended(run):
    bomb = (
        "import os, time\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n"
        "        block = bytearray(os.urandom(1)) * (100 * 2**20)\n"
        "        time.sleep(8); os._exit(0)\n"
        "time.sleep(8)"
    )
    result = run("print('kept')", bomb, limits=Limits(30, 20))
    assert result.status == "died"
    assert result.error.value == "The run held more memory than its limit of 300 MB"
    assert text(result.notebook.cells[0]) == "kept\n"
    assert result.seconds < 8


def test_when_memory_is_shared_and_not_a_process_own_then_it_counts_too(run):
    bomb = (
        "import mmap, time\nblock = mmap.mmap(-1, 2**30)\n"
        "for at in range(0, 2**30, 4096): block[at] = 1\ntime.sleep(5)"
    )
    result = run(bomb, limits=Limits(30, 20))
    assert (result.status, result.error.name) == ("died", "MemoryLimit")


def test_when_a_fork_bomb_goes_off_then_the_number_of_processes_is_limited(run):
    bomb = (
        "import os, time\nmade = 0\n"
        "try:\n"
        "    for _ in range(200):\n"
        "        if os.fork() == 0:\n"
        "            time.sleep(30); os._exit(0)\n"
        "        made += 1\n"
        "except OSError as error:\n"
        "    print(made, type(error).__name__)"
    )
    result = run(bomb, limits=Limits(20, 10))
    assert text(result.notebook.cells[0]) == "38 BlockingIOError\n"


def test_when_threads_are_started_without_end_then_they_are_limited(run):
    bomb = (
        "import threading, time\nmade = 0\n"
        "try:\n"
        "    for _ in range(200):\n"
        "        threading.Thread(target=time.sleep, args=(30,), daemon=True).start(); made += 1\n"
        "except RuntimeError: print(made)"
    )
    result = run(bomb, limits=Limits(20, 10))
    assert 30 < int(text(result.notebook.cells[0])) <= 38


@pytest.mark.parametrize("place", [".", "/tmp", "/dev/shm"])
def test_when_the_disk_is_filled_then_there_is_no_space_left(run, place):
    bomb = (
        "made = 0\n"
        "try:\n"
        "    for number in range(2048):\n"
        f"        open(f'{place}/{{number}}', 'wb').write(bytes(2**20)); made += 1\n"
        "except OSError as error: print(error.errno)\n"
        "made"
    )
    result = run(bomb, limits=Limits(30, 20))
    said = text(result.notebook.cells[0])
    assert said.startswith("28\n")
    assert int(said.split()[1]) <= 50


def test_when_one_file_is_too_large_then_the_write_fails(run):
    result = run(
        "file = open('big', 'wb')\ntry:\n    file.truncate(2**31)\nexcept OSError as e: print(e.errno)",
    )
    assert text(result.notebook.cells[0]) == "27\n"


def test_when_too_many_files_are_opened_then_that_fails(run):
    result = run("kept = [open('/dev/null') for _ in range(3000)]", "del kept")
    assert "Too many open files" in result.error.value


def test_when_the_processor_time_is_used_up_by_many_processes_then_the_run_still_ends(run):
    result = run(
        "import os\nfor _ in range(2):\n    if os.fork() == 0:\n        while True: pass\nos.wait()",
        limits=Limits(1.5, 1.5),
    )
    assert result.status == "timeout"


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("import os; os._exit(7)", "The kernel died with exit code 7"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "The kernel died, killed by SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "The kernel died, killed by SIGSEGV"),
        ("import os; os.abort()", "The kernel died, killed by SIGABRT"),
        ("exit()", "The kernel died with exit code 0"),
    ],
)
def test_when_the_kernel_dies_then_what_came_before_is_kept(run, end, how):
    result = run("print('kept')", f"print('here')\n{end}", "print('never')")
    assert (result.status, result.error.value) == ("died", how)
    kept, last, never = result.notebook.cells
    assert text(kept) == "kept\n"
    assert text(last).startswith("here\n")
    assert never.outputs == [] or end == "exit()"


def test_when_a_daemon_detaches_itself_then_it_is_gone_with_the_run(run):
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.environ.clear()\n"
        "        os.execv('/bin/sleep', ['sleep', '600'])\n"
        "    os._exit(0)\n"
        "os.wait(); print('detached')"
    )
    result = run(daemon, "import subprocess; p = subprocess.Popen(['sleep', '600'], start_new_session=True)")
    assert result.status == "ok"
    # The fixture looks whether one is left.


def test_when_threads_are_left_behind_then_the_run_ends_all_the_same(run):
    result = run("import threading, time; threading.Thread(target=time.sleep, args=(600,)).start()", "1")
    assert (result.status, text(result.notebook.cells[1])) == ("ok", "1")


@pytest.mark.parametrize(
    "noise",
    [
        "import os; os.write(3, b'\\x00\\x00\\x00\\x05hello')",
        "import os; os.write(3, b'\\x00\\x00\\x00\\x02[]')",
        'import os; os.write(3, b\'\\x00\\x00\\x00\\x0c{"t":"evil"}\')',
        'import os; b = b\'{"t":"stream","name":"stdout","text":3}\'; '
        "os.write(3, len(b).to_bytes(4, 'big') + b)",
        "import os; b = b'[' * 100_000; os.write(3, len(b).to_bytes(4, 'big') + b)",
    ],
)
def test_when_the_child_sends_what_no_kernel_sends_then_the_run_has_died(run, noise):
    result = run("print('kept')", noise, "print('never')")
    assert (result.status, result.error.name) == ("died", "Malformed")
    assert text(result.notebook.cells[0]) == "kept\n"


def test_when_a_message_announces_more_than_is_allowed_then_the_run_is_flooded(run):
    result = run("import os; os.write(3, b'\\xff\\xff\\xff\\xff')")
    assert result.status == "flooded"


def test_when_the_channel_is_closed_by_the_learner_then_the_run_has_died(run):
    assert run("print('kept')", "import os; os.close(3)").status == "died"


def test_when_a_cell_may_raise_then_the_run_is_ok(runner, tmp_path):
    cells = warm_notebooks.of("1 / 0", tags=["raises-exception"])
    assert runner.run(cells, cwd=tmp_path).status == "ok"


def test_when_errors_end_a_run_then_the_cells_after_the_first_have_no_outputs(runner, tmp_path):
    strict = WarmRunner(preload=(), resources=SMALL)
    strict._host, strict._hosts = runner._host, set()  # the parent of this module, and not one more
    result = strict.run(warm_notebooks.of("print(1)", "1 / 0", "print(3)"), cwd=tmp_path)
    assert result.status == "error"
    assert (result.error.cell, result.error.name, result.error.value) == (
        "cell-2",
        "ZeroDivisionError",
        "division by zero",
    )
    assert "1 / 0" in result.error.traceback
    assert result.notebook.cells[2].outputs == []


def test_when_a_submission_brings_outputs_along_then_they_are_gone(runner, tmp_path):
    brought = warm_notebooks.of("import os; os._exit(0)", "print(2)")
    brought.cells[1].outputs = list(
        runner.run(warm_notebooks.of("print(9)"), cwd=tmp_path).notebook.cells[0].outputs
    )
    brought.cells[1].execution_count = 5
    result = runner.run(brought, cwd=tmp_path)
    assert (result.notebook.cells[1].outputs, result.notebook.cells[1].execution_count) == ([], None)
    assert brought.cells[1].outputs != []


def test_when_parameters_are_given_then_they_take_the_place_of_the_notebook_s_own(runner, tmp_path):
    cells = warm_notebooks.of("seed = 1", "seed")
    cells.cells[0].metadata.tags = ["parameters"]
    result = runner.run(cells, parameters={"seed": 7}, cwd=tmp_path)
    assert text(result.notebook.cells[-1]) == "7"
    with pytest.raises(ParameterError, match="Did you mean seed"):
        runner.run(cells, parameters={"sed": 7}, cwd=tmp_path)


def test_when_nothing_is_seeded_then_the_same_notebook_still_draws_the_same(run):
    draw = "import random, numpy; random.random(), float(numpy.random.rand()), list({'a', 'b', 'c'})"
    assert text(run(draw).notebook.cells[0]) == text(run(draw).notebook.cells[0])
    assert text(run(draw).notebook.cells[0]) != text(run(draw + " ").notebook.cells[0])


def test_when_cells_begin_then_the_caller_is_told(run):
    told = []
    run("print(1)\n2", "", "3", on_cell=lambda *what: told.append(what))
    assert told == [(1, 2, "print(1)"), (2, 2, "3")]


def test_when_a_submission_is_too_large_then_the_run_is_refused_before_it_starts(run, tmp_path):
    (tmp_path / "large").write_bytes(bytes(2**20 + 1))
    with pytest.raises(RunError, match="at most 1 MB") as problem:
        run("1")
    assert "Remove what the notebook does not need" in str(problem.value)
    (tmp_path / "large").unlink()


def test_when_the_parent_is_killed_then_the_next_run_has_a_new_one(runner, run):
    run("1")
    before = runner._host
    before._process.kill()
    before._process.wait()
    assert run("print('again')").status == "ok"
    assert runner._host is not before


def test_when_the_thread_that_started_the_parent_ends_then_the_parent_lives_on(tmp_path):
    with WarmRunner(preload=(), resources=SMALL) as runner:
        thread = threading.Thread(target=runner.start)
        thread.start()
        thread.join(60)
        host = runner._host
        assert runner.run(warm_notebooks.of("1"), cwd=tmp_path).ok
        assert runner._host is host


def test_when_this_process_is_killed_then_nothing_of_it_lives_on(tmp_path):
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import warm_notebooks\nfrom pathlib import Path\nfrom foursteps.run.warm import WarmRunner\n"
        "def begun(*what):\n    if what[0] == 2: print('begun', flush=True)\n"
        'cells = warm_notebooks.of(\'import subprocess; p = subprocess.Popen(["sleep", "600"])\','
        " 'import time; time.sleep(600)')\n"
        f"WarmRunner(preload=()).run(cells, cwd=Path({str(tmp_path)!r}), on_cell=begun)\n"
    )
    trusted = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert trusted.stdout.readline() == b"begun\n"
    family = psutil.Process(trusted.pid).children(recursive=True)
    assert len(family) >= 6
    trusted.kill()
    trusted.wait()
    trusted.stdout.close()
    _, left = psutil.wait_procs(family, timeout=10)
    assert left == []


def test_when_a_run_is_stopped_then_it_is_cancelled_and_nothing_is_left(tmp_path):
    runner = WarmRunner(preload=(), resources=SMALL)
    runner.start()
    raised = []

    def long():
        try:
            runner.run(warm_notebooks.of("import time; time.sleep(60)"), cwd=tmp_path, on_cell=begun)
        except CancelledError as error:
            raised.append(error)

    going = threading.Event()

    def begun(*_):
        going.set()

    before = len(children())
    thread = threading.Thread(target=long)
    thread.start()
    assert going.wait(30)
    began = time.monotonic()
    runner.stop()
    thread.join(10)
    assert raised
    assert time.monotonic() - began < 5
    assert len(children()) == before - 4


def test_when_two_threads_run_then_neither_sees_the_other(runner, tmp_path):
    cell = (
        "import os, time\nopen('mine', 'w').write('x'); open('/tmp/mine', 'w'); open('/dev/shm/mine', 'w')\n"
        "time.sleep(0.3)\nlen(os.listdir('.')), [n for n in os.listdir('/proc') if n.isdigit()], "
        "os.listdir('/dev/shm')"
    )
    found = []

    def one():
        found.append(text(runner.run(warm_notebooks.of(cell), cwd=tmp_path).notebook.cells[0]))

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == ["(1, ['1', '2'], ['mine'])"] * 3


@pytest.mark.parametrize("sandbox", ["bwrap", "none"])
def test_when_all_is_over_then_no_folder_and_no_mount_is_left(
    tmp_path, tmp_path_factory, monkeypatch, sandbox
):
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = Path("/proc/mounts").read_text()
    with WarmRunner(preload=(), resources=SMALL, sandbox=sandbox) as runner:
        runner.run(warm_notebooks.of("1"), cwd=tmp_path)
    assert Path("/proc/mounts").read_text() == before
    assert os.listdir(temporary) == []
    assert os.listdir(tmp_path) == []
