"""A warm kernel by name: what nbclient, papermill and nbgrader start is forked, and does as kernels do."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import papermill
import psutil
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook
from plain_course import ASSIGNMENT, CONFIG, TRAPS, hand_in, plain_course, released
from typer.testing import CliRunner

from foursteps.cli import app
from foursteps.run.processes import MARK
from foursteps.run.warm import kernels
from foursteps.run.warm.provisioner import install

pytestmark = pytest.mark.slow
WHO = "import os, sys\n(os.getpid(), os.getppid(), 'matplotlib' in sys.modules, os.getcwd())"


@pytest.fixture(scope="module", autouse=True)
def installed(tmp_path_factory):
    """Two kernels, in a place of this test's own."""
    home = tmp_path_factory.mktemp("jupyter")
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = str(home / "share" / "jupyter")
    install("foursteps-warm", preload=("matplotlib.pyplot",), prefix=str(home))
    install("foursteps-walled", preload=("matplotlib.pyplot",), sandbox="bwrap", prefix=str(home))
    yield
    kernels.stop()
    if before is None:
        del os.environ["JUPYTER_PATH"]
    else:
        os.environ["JUPYTER_PATH"] = before


@pytest.fixture(autouse=True)
def nothing_left():
    """No test leaves a kernel behind, nor a folder of sockets."""
    folders = set(Path("/tmp").glob("foursteps-kernel-*"))
    yield
    marked = [found for found in psutil.Process().children(recursive=True) if _mark(found)]
    assert marked == []
    assert set(Path("/tmp").glob("foursteps-kernel-*")) <= folders


def _mark(process):
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):
        return None


def notebook(*sources, kernel="foursteps-warm"):
    spec = {"name": kernel, "display_name": "warm", "language": "python"}
    return new_notebook(cells=[new_code_cell(s) for s in sources], metadata={"kernelspec": spec})


def run(folder, *sources, kernel="foursteps-warm", **settings):
    done = notebook(*sources, kernel=kernel)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(done, **{"timeout": 60, **settings}, resources=resources).execute()
    return done


def text(cell):
    return "".join(o.get("text", "") + o.get("data", {}).get("text/plain", "") for o in cell.outputs)


def test_when_nbclient_asks_twice_then_both_kernels_have_the_same_parent_and_its_imports(tmp_path):
    first, second = (eval(text(run(tmp_path, WHO).cells[0])) for _ in range(2))
    assert first[0] != second[0]
    assert first[1] == second[1]
    assert first[2:] == second[2:] == (True, str(tmp_path))


def test_when_a_notebook_uses_what_a_kernel_has_then_a_warm_one_has_it_too(tmp_path):
    done = run(
        tmp_path,
        "print('out'); import sys; print('err', file=sys.stderr)",
        "!echo from a shell",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
        "import os; os.write(1, b'written')\nopen('kept.txt', 'w').write('x')",
        "%%bash\necho a cell of bash",
        "In[1][:5]",
    )
    shown = [text(cell) for cell in done.cells]
    assert shown[0] == "out\nerr\n"
    assert "from a shell" in shown[1]
    assert [o.output_type for o in done.cells[2].outputs] == ["display_data"]
    assert "image/png" in done.cells[2].outputs[0].data
    assert shown[3] == "'awaited'"
    assert (tmp_path / "kept.txt").read_text() == "x"
    assert "a cell of bash" in shown[5]
    assert shown[6] == "'print'"


def test_when_papermill_is_given_the_kernel_then_it_runs_warm_with_its_parameters(tmp_path):
    source, target = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    given = notebook("epochs = 1", "epochs, __import__('sys').modules.get('matplotlib') is not None")
    given.cells[0].metadata["tags"] = ["parameters"]
    given.metadata.kernelspec.name = "python3"
    source.write_text(json.dumps(given))
    done = papermill.execute_notebook(
        source, target, {"epochs": 7}, kernel_name="foursteps-warm", cwd=tmp_path, progress_bar=False
    )
    assert text(done.cells[-1]) == "(7, True)"


def test_when_nbgrader_is_given_the_kernel_then_its_own_autograde_gives_its_marks(tmp_path):
    from nbgrader.converters import Autograde

    from foursteps.grade.plain import PlainCourse

    root = plain_course(tmp_path / "course", CONFIG + "c.Execute.kernel_name = 'foursteps-walled'\n")
    marks = {"right": 4.0, "wrong": 2.0}
    for name in marks:
        hand_in(root, name, TRAPS[name](released(root)))
    course = PlainCourse.load(root)
    Autograde(coursedir=course.directory(ASSIGNMENT), parent=course.app).start()
    with course.gradebook() as gradebook:
        assert {name: gradebook.find_submission(ASSIGNMENT, name).score for name in marks} == marks


def test_when_a_kernel_is_walled_then_it_has_copies_of_the_files_beside_it_and_nothing_else(tmp_path):
    (tmp_path / "data.txt").write_text("given")
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("no")
    done = run(
        tmp_path,
        "print(open('data.txt').read()); open('data.txt', 'w').write('changed')",
        f"import os\nos.path.exists({str(secret)!r}), os.getuid() != 0, os.environ.get('HOME')",
        "import socket\nsocket.if_nameindex()",
        kernel="foursteps-walled",
    )
    assert text(done.cells[0]).startswith("given")
    assert (tmp_path / "data.txt").read_text() == "given"
    assert text(done.cells[1]).startswith("(False, True, '/tmp/")
    assert text(done.cells[2]) == "[(1, 'lo')]"


def test_when_a_cell_is_too_slow_then_it_is_interrupted_and_the_next_one_runs(tmp_path):
    done = run(
        tmp_path,
        "import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print('stopped')",
        "'after'",
        timeout=2,
        interrupt_on_timeout=True,
        error_on_timeout={"ename": "Timeout", "evalue": "", "traceback": []},
        allow_errors=True,
    )
    assert text(done.cells[0]) == "stopped\n"
    assert text(done.cells[1]) == "'after'"
    with pytest.raises(CellTimeoutError):
        run(tmp_path, "while True: pass", timeout=2)


def test_when_a_kernel_dies_then_nbclient_hears_of_it(tmp_path):
    with pytest.raises(DeadKernelError):
        run(tmp_path, "import os; os._exit(3)")


def started():
    manager = KernelManager(kernel_name="foursteps-warm")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return manager, client


def value(client, code):
    found = []
    client.execute_interactive(
        code, timeout=60, output_hook=lambda m: found.append(m["content"].get("data", {}).get("text/plain"))
    )
    return next((one for one in found if one is not None), None)


def gone(pid, seconds=10.0):
    deadline = time.monotonic() + seconds
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_when_a_manager_shuts_down_interrupts_and_restarts_then_the_kernel_does_as_it_says():
    manager, client = started()
    try:
        first = int(value(client, "kept = 1\n__import__('os').getpid()"))
        asked = client.execute("print('on', flush=True)\nwhile True: pass")
        while client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        while (reply := client.get_shell_msg(timeout=60))["parent_header"]["msg_id"] != asked:
            pass
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert value(client, "kept") == "1"
        manager.restart_kernel(now=False)
        client.wait_for_ready(timeout=60)
        second = int(value(client, "__import__('os').getpid()"))
        assert second != first
        assert gone(first)
        assert value(client, "'kept' in globals()") == "False"
        os.kill(second, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while manager.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not manager.is_alive()
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=60)
        third = int(value(client, "__import__('os').getpid()"))
        loose = "import subprocess, sys\nsubprocess.Popen(['sleep', '600'], start_new_session=True).pid"
        child = int(value(client, loose))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)
    assert not manager.has_kernel
    assert gone(third)
    assert gone(child)


def test_when_the_parent_dies_then_its_kernels_do_and_the_next_one_gets_another_parent(tmp_path):
    manager, client = started()
    pid, parent = eval(value(client, "__import__('os').getpid(), __import__('os').getppid()"))
    os.kill(parent, signal.SIGKILL)
    client.stop_channels()
    assert gone(pid)
    assert not manager.is_alive()
    manager.shutdown_kernel(now=True)
    assert eval(text(run(tmp_path, WHO).cells[0]))[1] != parent


def test_when_kernels_run_side_by_side_then_each_has_its_own_state():
    pairs = [started() for _ in range(3)]
    try:
        for number, (_, client) in enumerate(pairs):
            value(client, f"mine = {number}")
        assert [value(client, "mine") for _, client in pairs] == ["0", "1", "2"]
    finally:
        for manager, client in pairs:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def test_when_the_command_installs_a_kernel_then_it_can_be_asked_for_by_name(tmp_path):
    before = os.environ["JUPYTER_PATH"]
    done = CliRunner().invoke(app, ["kernel", "install", "--name", "mine", "--preload", "json"])
    assert done.exit_code == 0, done.output
    from jupyter_client.kernelspec import KernelSpecManager

    found = KernelSpecManager().get_kernel_spec("mine")
    try:
        assert found.metadata["kernel_provisioner"]["config"] == {"preload": ["json"], "sandbox": "none"}
        assert text(run(tmp_path, "'warm'", kernel="mine").cells[0]) == "'warm'"
    finally:
        shutil.rmtree(found.resource_dir)
    assert os.environ["JUPYTER_PATH"] == before
    refused = CliRunner().invoke(app, ["kernel", "install", "--sandbox", "some"])
    assert refused.exit_code == 2
