"""The keeper: makes the rooms, one a run, in which a learner's code is alone.

A room is a set of namespaces (user, mount, PID, network, IPC, host name) with a small first process that
keeps them and buries what dies in them. When that process is killed, the kernel kills everything else in the
room. The keeper is forked from the parent before the parent imports anything large, so that a room costs
two forks of a small process; only the run itself is forked from the large one.
"""

import os
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from foursteps.run.warm import system

SPACES = ("pid_for_children", "user", "ipc", "uts", "net", "mnt")


class Keeper:
    """The parent's side: asks for a room, and has it cleared.

    places: where a room has its bounded place to write (`scratch`), and what folders of it are shown where
    (`binds`, path by name).
    """

    def __init__(self, places: Mapping[str, Any]) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            self._socket.close()
            try:
                _Rooms(places).serve(theirs)
            finally:
                os._exit(0)
        theirs.close()

    def room(self, scratch_bytes: int) -> "Room":
        """A new room; RuntimeError when none could be made."""
        self._socket.send(b"room %d" % scratch_bytes)
        answer, handles, _, _ = socket.recv_fds(self._socket, 4096, len(SPACES))
        if len(handles) != len(SPACES):
            raise RuntimeError(answer.decode("utf-8", "replace") or "the keeper is gone")
        return Room(int(answer), tuple(handles))

    def clear(self, room: "Room") -> None:
        """End a room and everything in it; back when all of it is gone."""
        for handle in room.handles:
            os.close(handle)
        self._socket.send(b"clear %d" % room.pid)
        self._socket.recv(16)


@dataclass(frozen=True)
class Room:
    """The pid of a room's first process, and descriptors of its namespaces in the order of SPACES."""

    pid: int
    handles: tuple[int, ...]

    def let_in_next_child(self) -> None:
        """What this process forks from now on is in the room's PID namespace."""
        system.setns(self.handles[0], system.NEWPID)

    def enter(self) -> None:
        """Enter all the other namespaces."""
        for handle in self.handles[1:]:
            system.setns(handle, 0)


class _Rooms:
    """What the keeper itself does."""

    def __init__(self, places: Mapping[str, Any]):
        self.places = places
        self.firsts: set[int] = set()
        system.prctl(system.PR_SET_CHILD_SUBREAPER, 1)  # a room's first process is ours to bury

    def serve(self, control: socket.socket) -> None:
        """Make and clear rooms until the parent is gone, then clear them all."""
        while request := control.recv(64):
            verb, number = request.split()
            if verb == b"clear":
                self._clear(int(number))
                control.send(b"gone")
                continue
            try:
                pid, handles = self._new(int(number))
                socket.send_fds(control, [b"%d" % pid], handles)
                for handle in handles:
                    os.close(handle)
            except OSError as error:
                control.send(str(error).encode()[:4000])
        for pid in list(self.firsts):
            self._clear(pid)

    def _clear(self, pid: int) -> None:
        self.firsts.discard(pid)
        os.kill(pid, signal.SIGKILL)
        # The first process of a PID namespace is gone only when everything else in it is.
        os.waitpid(pid, 0)

    def _new(self, scratch_bytes: int) -> tuple[int, list[int]]:
        """The first process of a new room, which is ready, and descriptors of its namespaces."""
        hear, tell = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        between = os.fork()
        if between == 0:
            try:
                hear.close()
                system.own_user_namespace()
                system.unshare(system.NEWNS | system.NEWPID | system.NEWNET | system.NEWIPC | system.NEWUTS)
                spaces = os.open("/proc/self/ns", os.O_RDONLY)  # another /proc will soon be in its place
                first = os.fork()
                if first == 0:
                    _furnish(self.places, scratch_bytes)
                    tell.send(b"ok")
                    _keep()
                # By their descriptors and not by the first process, which lets nobody look at it.
                handles = [os.open(name, os.O_RDONLY, dir_fd=spaces) for name in SPACES]
                socket.send_fds(tell, [b"%d" % first], handles)
            except OSError as error:
                tell.send(b"failed " + str(error).encode())
            os._exit(0)
        tell.close()
        os.waitpid(between, 0)
        pid, handles, ready, why = 0, [], False, ""
        while True:  # until the first process has closed everything it inherited
            said, more, _, _ = socket.recv_fds(hear, 4096, len(SPACES))
            handles += more
            if said.isdigit():
                pid = int(said)
                self.firsts.add(pid)
            elif said == b"ok":
                ready = True
            elif said:
                why = said.decode("utf-8", "replace")
            else:
                break
        hear.close()
        if not (pid and ready):
            raise OSError(0, why or "the room's first process died")
        return pid, handles


def _furnish(places: Mapping[str, Any], scratch_bytes: int) -> None:
    """A /proc of its own, and one bounded place to write."""
    system.mount("none", "/", None, system.MS_REC | system.MS_PRIVATE)
    plain = system.MS_NOSUID | system.MS_NODEV
    system.mount("proc", "/proc", "proc", plain | system.MS_NOEXEC)
    system.mount("tmpfs", places["scratch"], "tmpfs", plain, f"size={scratch_bytes},mode=755")
    for name in ("work", "tmp", "shm"):
        folder = Path(places["scratch"], name)
        folder.mkdir()
        folder.chmod(0o755 if name == "work" else 0o1777)
        if name in places["binds"]:
            system.mount(str(folder), places["binds"][name], None, system.MS_BIND)
    Path(places["scratch"], "tmp", "home").mkdir()
    for place, path in places["again"].items():
        Path(path).mkdir(parents=True, exist_ok=True)
        system.mount(place, path, None, system.MS_BIND | system.MS_REC)
    terminals = system.MS_NOSUID | system.MS_NOEXEC
    system.mount("devpts", "/dev/pts", "devpts", terminals, "newinstance,ptmxmode=0666")
    # No further user namespaces, in which a learner's code would be root again.
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _keep() -> NoReturn:
    """Be the first process of a room: bury what dies, until killed."""
    # A learner's code can look at this process: it must hold nothing, and not let itself be traced.
    os.closerange(0, 65536)
    system.drop_capabilities()
    system.prctl(system.PR_SET_DUMPABLE, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    while True:
        try:
            os.wait()
        except ChildProcessError:
            signal.sigwait([signal.SIGCHLD])
