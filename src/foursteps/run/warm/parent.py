"""The parent: imports what an assignment imports, once, and forks a child for each run.

It runs inside the sandbox, holds no secret, starts no thread and makes no call to a GPU. What it is asked
for comes as packets on one socket, from the trusted side only.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import socket
import sys
from typing import Any, NoReturn

from foursteps.run.warm import system
from foursteps.run.warm.keeper import Keeper, Room

HANDLES = 16
"""Descriptors that one order may come with: nine for a kernel, four for a run."""
COVERED = ("sys", "sysrq-trigger", "irq", "bus")


def main(control: int) -> NoReturn:
    """Serve the socket `control` until its other end is closed."""
    door = socket.socket(fileno=control)
    settings = json.loads(door.recv(1 << 20))
    try:
        keeper = _settle(settings)
        shell = _preload(settings["preload"])
    except BaseException as error:
        door.send(_packet(t="failed", reason=f"{type(error).__name__}: {error}"))
        os._exit(1)
    threads = len(os.listdir("/proc/self/task"))
    door.send(_packet(t="ready", rooms=keeper is not None, threads=threads, why=settings.get("why", "")))
    Parent(door, keeper, shell).serve()


def _packet(**what: Any) -> bytes:
    return json.dumps(what).encode()


def _settle(settings: dict[str, Any]) -> Keeper | None:
    """Become an ordinary user with a user namespace of its own, and start the keeper of the rooms."""
    uid = settings["uid"]
    if uid is not None:
        # bwrap covers these for root, who is not here any more in a moment; covered, no room gets its /proc.
        for name in COVERED:
            with contextlib.suppress(OSError):
                system.umount(f"/proc/{name}")
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        system.prctl(system.PR_SET_DUMPABLE, 1)  # lost with the uid; needed to write our own maps
    if not settings["rooms"]:
        return None
    try:
        system.own_user_namespace()
        keeper = Keeper(settings["places"])
        keeper.clear(keeper.room(1 << 20))  # to see whether it can be done at all
    except (OSError, RuntimeError) as error:
        if settings["sandbox"] == "bwrap":
            raise
        settings["why"] = str(error)
        return None
    return keeper


def _preload(names: list[str]) -> Any:
    """Import `names` and make the shell, so that no child has to."""
    from foursteps.run.warm.shell import Shell

    for name in names:
        importlib.import_module(name)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
        # The first optimizer imports torch._dynamo, which takes a second.
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    shell = Shell.made()
    # The first cell, the first traceback and the first `!command` import what no child needs to again.
    for cell in ("pass", "1/0", "!true"):
        shell.shell.run_cell(cell, store_history=False, silent=True)
    shell.shell.user_ns.pop("_exit_code", None)
    if "matplotlib" in sys.modules:
        importlib.import_module("matplotlib.font_manager")
        importlib.import_module("matplotlib_inline.backend_inline")
    gc.collect()
    gc.freeze()
    return shell


class Parent:
    """Forks children, waits for them, and has their rooms cleared."""

    def __init__(self, door: socket.socket, keeper: Keeper | None, shell: Any):
        self.door, self.keeper, self.shell = door, keeper, shell
        self.running: dict[int, tuple[int, int, Room | None]] = {}

    def serve(self) -> NoReturn:
        """Serve until the trusted side is gone."""
        poll = select.poll()
        poll.register(self.door, select.POLLIN)
        while True:
            for handle, _ in poll.poll():
                if handle != self.door.fileno():
                    poll.unregister(handle)
                    self._ended(handle)
                    continue
                data, handles, _, _ = socket.recv_fds(self.door, 1 << 20, HANDLES)
                if not data:
                    os._exit(0)
                if (child := self._fork(json.loads(data), handles)) is not None:
                    poll.register(child, select.POLLIN)

    def _fork(self, order: dict[str, Any], handles: list[int]) -> int | None:
        """Start a run; gives a pidfd of it.

        handles: socket, two pipes, a kernel's listening sockets, and where to say how it ended.
        """
        *theirs, tell = handles
        room = None
        try:
            if self.keeper:
                room = self.keeper.room(order["limits"]["scratch"])
                room.let_in_next_child()  # never undone: this process forks nothing else
            pid = os.fork()
        except (OSError, RuntimeError) as error:
            os.write(tell, _packet(failed=str(error)))
            os.close(tell)
            if self.keeper and room:
                self.keeper.clear(room)
            pid = None
        if pid == 0:
            from foursteps.run.warm.child import become

            self.door.detach()
            become(order, theirs, room, self.shell)
        for handle in theirs:
            os.close(handle)
        if pid is None:
            return None
        child = os.pidfd_open(pid)
        self.running[child] = (pid, tell, room)
        return child

    def _ended(self, child: int) -> None:
        """A run is over: clear its room, then say how it ended."""
        pid, tell, room = self.running.pop(child)
        os.close(child)
        _, status = os.waitpid(pid, 0)
        if self.keeper and room:
            self.keeper.clear(room)
        with contextlib.suppress(OSError):  # nobody waits for it any more
            os.write(tell, _packet(code=os.waitstatus_to_exitcode(status)))
        os.close(tell)
