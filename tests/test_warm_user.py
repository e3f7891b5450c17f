"""The walls and the limits hold for an ordinary user as they do for root, and for whoever has no namespaces.

As root these tests become another user in a mount namespace of their own, where that user can read Python.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from foursteps.run import sandbox

SCRIPT = Path(__file__).with_name("warm_as_user.py")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sandbox.available().bwrap, reason="bubblewrap is not installed"),
]
UID = "4321"
BECOME = """
set -e
python=$1 home=$2 folder=$3; shift 3
mkdir -p "$folder/python"
mount --bind "$home" "$folder/python"
case "$home" in /root/*)
    mount -t tmpfs -o mode=755 none /root
    mkdir -p "$home"
    mount --bind "$folder/python" "$home";;
esac
exec setpriv --reuid 4321 --regid 4321 --clear-groups env HOME="$folder" TMPDIR="$folder" "$python" "$@"
"""


def ask(command, **others):
    """What the script found out, started by `command`."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **others)
    assert done.stdout, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def as_user(tmp_path_factory):
    """What a warm run looks like to an ordinary user of this machine."""
    if os.geteuid() != 0:
        return ask([sys.executable, str(SCRIPT), "bwrap"])
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        pytest.skip("unshare and setpriv, of util-linux, are not installed")
    folder = Path("/tmp") / f"foursteps-user-{os.getpid()}"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    home = sys.base_prefix
    line = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        BECOME,
        "sh",
        sys.executable,
        home,
        str(folder),
        str(SCRIPT),
        "bwrap",
    ]
    try:
        yield ask(line)
    finally:
        shutil.rmtree(folder)


def test_when_an_ordinary_user_grades_then_every_layer_holds(as_user):
    assert as_user["uid"] != 0
    assert {"user", "pid", "mount", "network", "ipc", "capabilities", "rlimits"} <= set(as_user["layers"])


def test_when_an_ordinary_user_grades_then_the_limits_bind(as_user):
    assert 30 < int(as_user["forks"]) <= 38
    assert as_user["memory"].startswith("MemoryError")
    assert as_user["disk"] == "28\n"


def test_when_an_ordinary_user_grades_then_their_home_is_hidden_and_nothing_is_left(as_user):
    assert as_user["secret"].startswith("FileNotFoundError")
    assert as_user["left"] == []


def test_when_there_are_no_namespaces_then_a_container_is_the_wall_and_the_rest_still_holds():
    no_more = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
    line = ["unshare", "--user", "--map-root-user", "sh", "-c", no_more, "sh", sys.executable, str(SCRIPT)]
    found = ask([*line, "external"])
    assert "user" not in found["layers"]
    assert {"capabilities", "rlimits"} <= set(found["layers"])
    assert found["memory"].startswith("MemoryError")
    assert found["left"] == []
    if sandbox.available().landlock:
        assert found["secret"].startswith("PermissionError")
