"""The child: what is done between the fork and a learner's first line."""

import contextlib
import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from foursteps.run.warm import system
from foursteps.run.warm.files import place
from foursteps.run.warm.keeper import Room
from foursteps.run.warm.protocol import HEAD, parse
from foursteps.run.warm.shell import Link, Shell, reseed

SPEAK = 3
"""The file descriptor of the socket to the trusted side; 0 to 2 are a notebook's own."""


def become(order: Mapping[str, Any], handles: list[int], room: Room | None, shell: Shell) -> NoReturn:
    """Turn this freshly forked process into a run; never returns.

    handles: the socket to the trusted side, and the pipes for file descriptors 1 and 2. room: where it is
    to live; None where no namespaces are to be had.
    """
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.setsid()
        layers = _walls(order, handles, room)
        speak = socket.socket(fileno=SPEAK)
        link = Link(speak)
        heard = speak.makefile("rb")
        if order.get("kernel"):
            _kernel(heard, link, layers, order["seed"])
        else:
            _run(heard, link, shell, layers, order)
    except BaseException:
        import traceback

        with contextlib.suppress(BaseException):
            os.write(2, traceback.format_exc().encode())
        os._exit(70)
    os._exit(0)


def _walls(order: Mapping[str, Any], handles: list[int], room: Room | None) -> list[str]:
    """Enter the room and give up every right; the names of the layers that hold.

    An order that is `open` has no walls: the code is as trusted as who started it.
    """
    layers = ["session"]
    if room is not None:
        room.enter()
        layers += ["user", "pid", "mount", "network", "ipc"]
    _keep_only(handles)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    if order.get("open"):
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)  # no namespace would end it with the parent
        return layers
    os.umask(0o022)
    system.drop_capabilities()
    layers.append("capabilities")
    # What the parent protected itself with would hide this process from itself.
    system.prctl(system.PR_SET_DUMPABLE, 1)
    if abi := system.landlock(order["read"], order["write"], network=room is not None):
        layers.append(f"landlock {abi}")
    _limit(order["limits"])
    return [*layers, "rlimits"]


def _keep_only(handles: list[int]) -> None:
    """The null device, the two pipes, the socket and a kernel's own as descriptors from 0, and no other."""
    high = max(handles) + 16
    moved = [_copy(handle, high) for handle in (handles[1], handles[2], handles[0], *handles[3:])]
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    for number, handle in enumerate(moved, start=1):
        os.dup2(handle, number, inheritable=number < SPEAK)
    os.closerange(len(moved) + 1, 65536)


def _copy(handle: int, least: int) -> int:
    import fcntl

    return fcntl.fcntl(handle, fcntl.F_DUPFD, max(least, 64))


def _limit(limits: Mapping[str, int]) -> None:
    """The limits of one process; what all of a run's processes take together is watched from outside."""
    held = _own_data()
    for kind, most in (
        (resource.RLIMIT_DATA, held + limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_FSIZE, limits["scratch"]),
        (resource.RLIMIT_NOFILE, limits["files"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    signal.signal(
        signal.SIGXFSZ, signal.SIG_IGN
    )  # then a write that is too long is an OSError, as on a full disk


def _own_data() -> int:
    """Bytes of data that were here before the learner: the parent's imports."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _run(heard: Any, link: Link, shell: Shell, layers: list[str], order: Mapping[str, Any]) -> None:
    """Take the files, then run cell after cell as they come."""
    shell.open(link)
    reseed(order["seed"])
    link.send({"t": "ready", "layers": layers})
    number = 0
    while True:
        message = _next(heard)
        if message is None:
            return
        if message["t"] == "file":
            _take_file(heard, message)
        elif message["t"] == "cell":
            number += 1
            done = shell.run_cell(message["source"], message["id"], number)
            leaves = done.pop("exit")
            link.send(done)
            if leaves:
                sys.stdout.flush()
                return


def _kernel(heard: Any, link: Link, layers: list[str], seed: int) -> None:
    """Take the files, then be a Jupyter kernel until it is told to end."""
    from foursteps.run.warm.kernel import serve

    reseed(seed)
    link.send({"t": "ready", "layers": layers})
    while (message := _next(heard)) is not None:
        if message["t"] == "file":
            _take_file(heard, message)
        elif message["t"] == "kernel":
            heard.close()
            serve(message["connection"], message["arguments"], first=SPEAK + 1)
            return


def _take_file(heard: Any, message: Mapping[str, Any]) -> None:
    path = Path(place(message["path"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(heard.read(message["size"]))


def _next(heard: Any) -> dict[str, Any] | None:
    """The next message of the trusted side; None when it has no more."""
    while True:
        try:
            head = heard.read(HEAD.size)
            return parse(heard.read(HEAD.unpack(head)[0])) if len(head) == HEAD.size else None
        except KeyboardInterrupt:  # one that a cell left behind
            continue


__all__ = ["become"]
