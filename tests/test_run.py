"""Runs in real kernels: what comes back from each way to end, and that nothing is left behind."""

import ast
import asyncio
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from tiny_notebook import outputs, tiny_notebook

from foursteps import notebook as notebooks
from foursteps.errors import NotebookError, ParameterError, RunError
from foursteps.run import ColdRunner, FakeRunner, Limits, RunResult, device_env, resolve_device
from foursteps.run import device as devices
from foursteps.run.cold import GpuRunner
from foursteps.run.provenance import stamp

PID = "import os; print(os.getpid())"


def gone(pid: int) -> bool:
    """Whether no process `pid` runs any more; one that nobody has waited for counts as gone."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def printed(result: RunResult, cell: str) -> str:
    return "".join(output.get("text", "") for output in outputs(result.notebook, cell))


@pytest.fixture
def runner():
    return ColdRunner()


def test_when_all_cells_run_then_the_result_is_ok(runner, tmp_path):
    given = tiny_notebook(PID, "scale * 2", "", "print('input')", parameters="seed = 42\nscale = 1")
    seen = []
    result = runner.run(
        given, parameters={"scale": 21}, cwd=tmp_path, on_cell=lambda *step: seen.append(step)
    )
    assert (result.ok, result.status, result.error) == (True, "ok", None)
    assert outputs(result.notebook, "cell-2")[0].data["text/plain"] == "42"
    assert [cell.id for cell in result.notebook.cells][:4] == [
        "title",
        "parameters",
        "injected-parameters",
        "cell-1",
    ]
    # An empty cell is not run, and so not counted.
    assert [(number, total) for number, total, _ in seen] == [(n, 5) for n in range(1, 6)]
    assert seen[3][2] == "scale * 2"
    assert len(result.cell_seconds) == 5
    assert 20 < result.peak_mb < 2000
    assert 0 < sum(result.cell_seconds) < result.seconds
    assert gone(int(printed(result, "cell-1")))
    assert all("papermill" not in cell.metadata for cell in result.notebook.cells)
    assert given == tiny_notebook(PID, "scale * 2", "", "print('input')", parameters="seed = 42\nscale = 1")


def test_when_a_cell_raises_then_the_error_says_where_and_the_notebook_is_kept(runner, tmp_path):
    result = runner.run(tiny_notebook("print('before')", "x = 1\nx / 0", "print('after')"), cwd=tmp_path)
    assert result.status == "error"
    assert str(result.error) == "cell 2 (cell-2), `x = 1`: ZeroDivisionError: division by zero"
    assert "----> 2 x / 0" in result.error.traceback
    assert "\x1b" not in result.error.traceback
    assert printed(result, "cell-1") == "before\n"
    assert outputs(result.notebook, "cell-2")[0].ename == "ZeroDivisionError"
    assert outputs(result.notebook, "cell-3") == []
    with pytest.raises(RunError, match=r"lecture.ipynb: expected a notebook that runs .* ZeroDivisionError"):
        result.require_ok("lecture.ipynb")


def test_when_a_cell_never_ends_then_the_limit_ends_it(runner, tmp_path):
    result = runner.run(tiny_notebook(PID, "while True: pass"), cwd=tmp_path, limits=Limits(cell_seconds=0.5))
    assert result.status == "timeout"
    assert str(result.error).endswith("Timeout: The cell ran longer than its limit of 0.5 s")
    assert result.seconds < 10
    assert gone(int(printed(result, "cell-1")))


def test_when_the_notebook_takes_too_long_then_its_own_limit_ends_it(runner, tmp_path):
    slow = tiny_notebook(*["import time; time.sleep(0.4)"] * 20)
    result = runner.run(slow, cwd=tmp_path, limits=Limits(notebook_seconds=2))
    assert result.status == "timeout"
    assert str(result.error).endswith("The notebook ran longer than its limit of 2 s")


def test_when_a_cell_prints_100_mb_then_the_run_ends_flooded(runner, tmp_path):
    before = psutil.Process().memory_info().rss
    result = runner.run(
        tiny_notebook("print('before')", "for _ in range(100): print('x' * 2**20)", PID),
        cwd=tmp_path,
        limits=Limits(output_bytes=2**20),
    )
    assert result.status == "flooded"
    assert str(result.error).endswith("TooMuchOutput: The outputs take more than the limit of 1 MB")
    assert printed(result, "cell-1") == "before\n"
    kept = len(printed(result, "cell-2"))
    assert 2**19 < kept <= 2**20, "what came before the limit is kept, and no more"
    assert psutil.Process().memory_info().rss - before < 400 * 2**20


def test_when_a_cell_prints_without_end_then_it_is_not_waited_for(runner, tmp_path):
    result = runner.run(
        tiny_notebook("while True: print('x' * 1000)"), cwd=tmp_path, limits=Limits(output_bytes=2**20)
    )
    assert result.status == "flooded"
    assert result.seconds < 20


def test_when_the_kernel_is_killed_then_the_run_died_and_keeps_what_came_before(runner, tmp_path):
    result = runner.run(
        tiny_notebook("print('before')", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
        cwd=tmp_path,
    )
    assert result.status == "died"
    assert str(result.error).endswith("DeadKernel: The kernel died, killed by SIGKILL")
    assert printed(result, "cell-1") == "before\n"


def test_when_a_cell_asks_for_input_then_it_raises(runner, tmp_path):
    result = runner.run(tiny_notebook("input('Who are you? ')"), cwd=tmp_path)
    assert result.error.name == "StdinNotImplementedError"


def test_when_a_cell_leaves_detached_children_then_they_are_gone(runner, tmp_path):
    detached = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
        " start_new_session=True)\n"
        "print(child.pid)"
    )
    orphan = (
        "import os, time\n"
        "read, write = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if (grandchild := os.fork()) == 0:\n"
        "        time.sleep(600)\n"
        "    os.write(write, str(grandchild).encode())\n"
        "    os._exit(0)\n"
        "print(os.read(read, 20).decode())"
    )
    result = runner.run(tiny_notebook(detached, orphan), cwd=tmp_path)
    assert result.ok
    for cell in ("cell-1", "cell-2"):
        assert gone(int(printed(result, cell)))


def test_the_environment_and_the_folder_reach_the_kernel(runner, tmp_path):
    result = runner.run(
        tiny_notebook("import os; print(os.environ['OMP_NUM_THREADS'], os.getcwd())"),
        cwd=tmp_path,
        env=device_env("cpu", threads=3),
    )
    assert printed(result, "cell-1").split() == ["3", str(tmp_path.resolve())]


def test_an_unknown_parameter_is_refused_before_anything_starts(runner, tmp_path):
    path = tmp_path / "lecture.ipynb"
    marker = tmp_path / "ran"
    source = f"open({str(marker)!r}, 'w')"
    notebooks.write(path, tiny_notebook(source, parameters="seed = 42\nepochs = 3"))
    with pytest.raises(ParameterError) as raised:
        runner.run(path, parameters={"epoch": 99}, cwd=tmp_path)
    assert str(raised.value) == (
        f"{path}: expected one of the parameters seed, epochs; found epoch. Did you mean epochs?"
    )
    assert not marker.exists()
    with pytest.raises(ParameterError, match=r"no parameters; found seed\. Correct the name, or declare it"):
        runner.run(tiny_notebook("1"), parameters={"seed": 1}, cwd=tmp_path)


def test_a_kernel_that_is_not_installed_is_named(runner, tmp_path):
    with pytest.raises(RunError, match=r"kernel 'julia-1\.9': expected a Jupyter kernel installed here"):
        runner.run(tiny_notebook("1", kernel="julia-1.9"), cwd=tmp_path)


def test_a_notebook_without_a_kernel_and_a_folder_that_is_missing_are_refused(runner, tmp_path):
    path = tmp_path / "lecture.ipynb"
    given = tiny_notebook("1")
    del given.metadata["kernelspec"]
    notebooks.write(path, given)
    with pytest.raises(NotebookError, match="no kernel"):
        runner.run(path, cwd=tmp_path)
    with pytest.raises(RunError, match="a folder to run in; found no folder"):
        runner.run(tiny_notebook("1"), cwd=tmp_path / "none")


def test_two_runs_at_once_keep_apart(runner, tmp_path):
    found = {}

    def run(number):
        given = tiny_notebook("import os; os.getcwd(), seed", parameters="seed = 0")
        folder = tmp_path / str(number)
        folder.mkdir()
        found[number] = runner.run(given, parameters={"seed": number}, cwd=folder)

    threads = [threading.Thread(target=run, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, result in found.items():
        text = outputs(result.notebook, "cell-1")[0].data["text/plain"]
        assert ast.literal_eval(text) == (str((tmp_path / str(number)).resolve()), number)


def test_a_run_works_where_a_loop_already_runs(runner, tmp_path):
    """As in a cell of a notebook that grades, or in a server."""

    async def inside():
        return runner.run(tiny_notebook("1 + 1"), cwd=tmp_path)

    assert asyncio.run(inside()).ok


def test_stop_ends_runs_in_other_threads_and_those_that_come(runner, tmp_path):
    pid = tmp_path / "pid"
    endless = tiny_notebook(
        f"import os, pathlib; pathlib.Path({str(pid)!r}).write_text(str(os.getpid()))", "while True: pass"
    )
    ended = []
    started = threading.Event()

    def run():
        try:
            runner.run(endless, cwd=tmp_path, on_cell=lambda number, *_: number == 2 and started.set())
        except asyncio.CancelledError:
            ended.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(60)
    runner.stop()
    thread.join(20)
    assert ended == [True]
    assert gone(int(pid.read_text()))
    with pytest.raises(asyncio.CancelledError):
        runner.run(endless, cwd=tmp_path)


@pytest.mark.slow
def test_ctrl_c_ends_the_run_and_its_kernel(tmp_path):
    """A whole process, as somebody at a terminal would interrupt it."""
    source = f"""
import os
from pathlib import Path
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from tiny_notebook import tiny_notebook
from foursteps.run import ColdRunner
first = "import os, pathlib; pathlib.Path('pid').write_text(str(os.getpid()))"
tell = lambda number, *_: number == 2 and print("started", flush=True)
ColdRunner().run(tiny_notebook(first, "while True: pass"), cwd=Path({str(tmp_path)!r}), on_cell=tell)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", source], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == -signal.SIGINT
    assert errors.strip().endswith("KeyboardInterrupt")
    assert "never awaited" not in errors
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.slow
def test_papermill_finds_the_engine_by_name(tmp_path):
    source, run = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    notebooks.write(source, tiny_notebook("print(seed)", parameters="seed = 1"))
    command = [sys.executable, "-m", "papermill", "--engine", "foursteps", "-p", "seed", "7"]
    done = subprocess.run(
        [*command, str(source), str(run)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "".join(outputs(notebooks.read(run), "cell-1")[0].text) == "7\n"


def test_nothing_is_printed_while_a_notebook_runs(runner, tmp_path, capfd):
    runner.run(tiny_notebook("print('x')", "1 / 0"), cwd=tmp_path)
    assert capfd.readouterr() == ("", "")


def test_the_fake_runner_answers_as_its_handler_says(tmp_path):
    fake = FakeRunner(lambda notebook, parameters: notebook)
    given = tiny_notebook("1", parameters="seed = 42")
    assert fake.run(given, parameters={"seed": 3}, cwd=tmp_path).ok
    assert fake.calls == [(given, {"seed": 3})]
    with pytest.raises(ParameterError):
        fake.run(given, parameters={"sed": 3}, cwd=tmp_path)


def test_a_stamp_says_what_was_run_on_what():
    given = tiny_notebook("1", parameters="seed = 42\nepochs = 3")
    made = stamp(given, {"seed": 7}, "cpu", seconds=1.234, peak_mb=99.99)
    assert made.notebook == notebooks.source_hash(given)
    assert made.parameters == {"seed": 7, "epochs": 3}
    assert {"numpy", "foursteps"} <= set(made.versions)
    assert made.device
    assert (made.seconds, made.peak_mb) == (1.23, 100.0)
    assert made.date.endswith("+00:00")
    assert type(made).model_validate_json(made.model_dump_json()) == made


def test_cuda_without_a_gpu_is_an_error_and_never_a_cpu_run(monkeypatch):
    monkeypatch.setattr(devices, "gpus", tuple)
    assert resolve_device("auto") == resolve_device("cpu") == "cpu"
    with pytest.raises(RunError, match=r"device cuda: expected an NVIDIA GPU .* found none\. Use --device"):
        resolve_device("cuda")
    with pytest.raises(RunError, match="auto, cpu or cuda; found gpu"):
        resolve_device("gpu")


def test_auto_takes_the_gpu_where_there_is_one(monkeypatch):
    monkeypatch.setattr(devices, "gpus", lambda: ("A card",))
    assert resolve_device("auto") == resolve_device("cuda") == "cuda"
    assert resolve_device("cpu") == "cpu"
    assert devices.device_name("cuda") == "A card"


def test_a_gpu_that_the_environment_hides_is_none(monkeypatch):
    monkeypatch.setattr(devices, "_installed", lambda: ("A card",))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert devices.gpus() == ()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    assert devices.gpus() == ("A card",)


def test_when_a_gpu_is_required_then_there_is_no_silent_cpu_run(monkeypatch):
    monkeypatch.setattr(devices, "gpus", tuple)
    with pytest.raises(
        RunError, match=r"device auto, with --require-gpu: expected an NVIDIA GPU .* found none"
    ):
        resolve_device("auto", require_gpu=True)
    monkeypatch.setattr(devices, "gpus", lambda: ("A card",))
    assert resolve_device("auto", require_gpu=True) == "cuda"
    with pytest.raises(RunError, match="device cpu: expected a GPU, as --require-gpu asks; found cpu"):
        resolve_device("cpu", require_gpu=True)


@pytest.mark.parametrize(
    ("allowed", "count", "names"),
    [
        (None, 3, ("0", "1", "2")),
        ("", 3, ()),
        ("-1", 3, ()),
        ("2,0", 3, ("2", "0")),
        ("1,-1,2", 3, ("1",)),
        ("GPU-8932f937", 1, ("GPU-8932f937",)),
        ("0,1", 0, ()),
    ],
)
def test_the_cards_of_a_process_are_those_that_cuda_would_show_it(allowed, count, names):
    assert devices.visible(allowed, count) == names


def test_on_gpus_there_is_one_kernel_a_card_and_on_a_cpu_as_many_as_asked():
    assert [devices.side_by_side("cuda", 8, count) for count in (1, 2, 4)] == [1, 2, 4]
    assert devices.side_by_side("cuda", 2, 4) == 2
    assert devices.side_by_side("cpu", 8, 0) == 8
    assert device_env("cuda", card="2") == {"CUDA_VISIBLE_DEVICES": "2"}


def test_when_torch_cannot_use_the_gpu_then_a_gpu_run_starts_nothing(tmp_path, monkeypatch):
    """Here torch sees no GPU, as with a driver that is too old: the run must not train on the CPU unsaid."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    devices.require_torch_sees_gpu.cache_clear()
    with pytest.raises(RunError, match=r"device cuda: expected a torch that can use the GPU; found torch \d"):
        GpuRunner().run(tiny_notebook("1"), cwd=tmp_path)


@pytest.mark.slow
def test_foursteps_run_imports_without_papermill_and_torch():
    code = "import sys, json; import foursteps.run; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert not {"papermill", "torch", "nbclient"} & set(json.loads(done.stdout))


def test_no_kernel_of_these_tests_is_left(runner, tmp_path):
    runner.run(tiny_notebook("1"), cwd=tmp_path)
    children = psutil.Process().children(recursive=True)
    commands = [" ".join(c.cmdline()) for c in children if c.status() != psutil.STATUS_ZOMBIE]
    assert not [command for command in commands if "ipykernel_launcher" in command]
