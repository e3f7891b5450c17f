"""Warm kernels, from the trusted side: started from a parent that this process keeps, asked, ended.

`KernelProcess` is to jupyter_client what subprocess.Popen is: poll, wait, send_signal, kill.
"""

import atexit
import json
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from foursteps.errors import RunError
from foursteps.run import sandbox as sandboxes
from foursteps.run.processes import MARK, Family
from foursteps.run.sandbox import Sandbox
from foursteps.run.warm import files
from foursteps.run.warm.host import ONE_THREAD, Host
from foursteps.run.warm.protocol import PORTS, Frames, Malformed, TooMuch, pack

START_SECONDS = 60.0
HELLO_BYTES = 1 << 16
KERNELS_PER_PARENT = 500
SUBMISSION_BYTES = 100 * 2**20
TOLD = "NBGRADER_"
"""What the names of the variables begin with that a walled kernel is told of; it knows no other."""
WALLED = {"cpu": 7 * 24 * 3600, "scratch": 1 << 30, "files": 1024, "processes": 128}
"""The limits of a walled kernel: CPU seconds, bytes of its files, open files, processes."""


class KernelHost(Host):
    """A parent of kernels: behind walls, or, with sandbox "none", in the environment of this process."""

    def __init__(self, preload: tuple[str, ...], sandbox: Sandbox):
        self.wants_rooms = sandbox != "none"
        super().__init__(("foursteps.run.warm.kernel", *preload), None, sandbox)

    def environment(self, temporary: str) -> dict[str, str]:
        """The environment of the parent and of its children."""
        made = super().environment(temporary)
        if self.wants_rooms:
            return made
        # A kernel without walls is its user's own: the same home, the same settings. No GPU, as for all that
        # is forked: CUDA cannot be used on both sides of a fork.
        return {**os.environ, **ONE_THREAD, "MPLBACKEND": made["MPLBACKEND"], "CUDA_VISIBLE_DEVICES": ""}


_hosts: dict[tuple[Any, ...], KernelHost] = {}
_lock = threading.RLock()


def _take(preload: tuple[str, ...], sandbox: Sandbox) -> KernelHost:
    """This process's parent for such kernels; a new one where there is none, or it died or is used up."""
    with _lock:
        key = (os.getpid(), preload, sandbox)
        host = _hosts.get(key)
        if host and not (host.alive and not host.retired and host.runs < KERNELS_PER_PARENT):
            del _hosts[key]
            host.retired = True
            if not host.active:
                host.close()
            host = None
        if host is None:
            sandboxes.require(sandbox, sandboxes.available())
            host = _hosts[key] = KernelHost(preload, sandbox)
        host.runs += 1
        host.active += 1
        return host


def _give(host: KernelHost) -> None:
    with _lock:
        host.active -= 1
        if host.retired and not host.active:
            host.close()


def stop() -> None:
    """End every parent of kernels that this process has, and with them the kernels."""
    with _lock:
        for key in [key for key in _hosts if key[0] == os.getpid()]:
            _hosts.pop(key).close()


atexit.register(stop)


def start(
    connection: Mapping[str, Any],
    *,
    cwd: Path,
    env: Mapping[str, str],
    preload: tuple[str, ...],
    sandbox: Sandbox,
    memory_mb: float = 4096,
    arguments: tuple[str, ...] = (),
    outputs: tuple[Any, Any] = (None, None),
) -> "KernelProcess":
    """Start a kernel for `connection`, whose transport is ipc and whose ports are chosen.

    cwd : where it works. A walled kernel gets copies of the files there, and what it writes is gone with it.
    env : its environment; of a walled kernel only nbgrader's own variables.
    outputs : file descriptors, or files, for what is written past Jupyter; None for this process's own.

    Raises RunError when no kernel comes to be, and GradeError when the sandbox is not to be had.
    """
    parcel = files.collect(cwd, SUBMISSION_BYTES) if sandbox != "none" else None
    host = _take(preload, sandbox)
    try:
        return KernelProcess(host, connection, cwd, env, parcel, memory_mb, arguments, outputs)
    except BaseException:
        _give(host)
        raise


class KernelProcess:
    """One kernel in a warm child; `close` at the latest ends it, and what it started.

    pid, returncode and the three streams as subprocess.Popen has them.
    """

    stdin = stdout = stderr = None

    def __init__(
        self,
        host: KernelHost,
        connection: Mapping[str, Any],
        cwd: Path,
        env: Mapping[str, str],
        parcel: files.Parcel | None,
        memory_mb: float,
        arguments: tuple[str, ...],
        outputs: tuple[Any, Any],
    ):
        self.pid = -1
        self.returncode: int | None = None
        self.layers: tuple[str, ...] = ()
        self._host: KernelHost | None = host
        self._mark = uuid.uuid4().hex
        self._child = -1
        speak, theirs = socket.socketpair()
        speak.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._told, tell = os.pipe()
        listening = [_listen(f"{connection['ip']}-{connection[port]}") for port in PORTS]
        written = [_output(kind, number, walled=bool(parcel)) for number, kind in enumerate(outputs, start=1)]
        try:
            order = self._order(host, cwd, env, memory_mb, walled=parcel is not None)
            try:
                host.fork(order, [theirs.fileno(), *written, *(each.fileno() for each in listening), tell])
            finally:
                theirs.close()
                for handle in (*written, tell):
                    os.close(handle)
                for each in listening:
                    each.close()
            self._meet(speak)
            speak.settimeout(START_SECONDS)
            if parcel:
                for path, size in parcel.files:
                    speak.sendall(pack({"t": "file", "path": path, "size": size}))
                    speak.sendall(files.read(parcel, path, size))
            said = {name: v.decode() if isinstance(v, bytes) else v for name, v in connection.items()}
            speak.sendall(pack({"t": "kernel", "connection": said, "arguments": list(arguments)}))
        except BaseException as error:
            self._host = None  # `start` gives it back
            self.kill()
            self._shut()
            if isinstance(error, OSError):
                raise _failed(str(error)) from error
            raise
        finally:
            speak.close()

    def _order(
        self, host: KernelHost, cwd: Path, env: Mapping[str, str], memory_mb: float, *, walled: bool
    ) -> dict[str, Any]:
        """What the child is told about itself."""
        places = host.places
        seed = int.from_bytes(os.urandom(6), "big")  # as a kernel that has just been started
        if not walled:
            own = {**env, **{name: env.get(name, "1") for name in ONE_THREAD}, "CUDA_VISIBLE_DEVICES": ""}
            own[MARK] = self._mark
            return {"kernel": True, "open": True, "cwd": str(cwd), "env": own, "seed": seed}
        told = {name: value for name, value in env.items() if name.startswith(TOLD)}
        written = [places.work, places.scratch, places.temporary, "/dev/shm", "/dev/pts", "/dev/null"]
        return {
            "kernel": True,
            "cwd": places.work,
            "env": {**host.environment(places.temporary), **told},
            "seed": seed,
            "read": ["/"],
            "write": [*written, "/dev/tty", "/dev/zero", "/dev/full", "/dev/ptmx", "/proc/self"],
            "limits": {**WALLED, "memory": int(memory_mb * 2**20)},
        }

    def _meet(self, speak: socket.socket) -> None:
        """Wait for the child, and take hold of its process before it runs anybody's code."""
        frames, deadline = Frames(HELLO_BYTES), monotonic() + START_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(speak, selectors.EVENT_READ)
            selector.register(self._told, selectors.EVENT_READ)
            while monotonic() < deadline:
                ready = {key.fd for key, _ in selector.select(deadline - monotonic())}
                if speak.fileno() in ready:
                    room = socket.CMSG_SPACE(struct.calcsize("3i"))
                    data, ancillary, _, _ = speak.recvmsg(HELLO_BYTES, room)
                    self._hold(ancillary)
                    try:
                        messages = list(frames.feed(data))
                    except (Malformed, TooMuch) as error:
                        raise _failed(f"a child that says {error}") from None
                    if messages:
                        self.layers = tuple(map(str, messages[0].get("layers", ())))
                        return
                if self._told in ready:
                    self.poll()
                    raise _failed("a child that ended at once")
        raise _failed(f"none within {START_SECONDS:g} s")

    def _hold(self, ancillary: list) -> None:
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS) and self._child < 0:
                self.pid = struct.unpack("3i", data[: struct.calcsize("3i")])[0]
                self._child = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._told, selectors.EVENT_READ)
                if selector.select(0):
                    self._ended(os.read(self._told, 4096))
        return self.returncode

    def _ended(self, said: bytes) -> None:
        """Note how it ended. A parent that says nothing is gone, and with it, by a signal, the kernel."""
        with suppress(ValueError):
            code = json.loads(said).get("code") if said else -signal.SIGKILL
            self.returncode = code if isinstance(code, int) else 1
        if self.returncode is None:
            self.returncode = 1
        self._shut()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else monotonic() + timeout
        while self.poll() is None:
            if deadline is not None and monotonic() >= deadline:
                raise subprocess.TimeoutExpired("a warm kernel", timeout or 0.0)
            sleep(0.005)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and what it started in its session; nothing when it has ended."""
        if self.poll() is None and self._child >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._child, 0)  # still there, so its number is its own
                os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it, and with it all that it started."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """End it if it has not, and let go of it."""
        self.kill()
        with suppress(subprocess.TimeoutExpired):
            self.wait(10)
        self._shut()

    def _shut(self) -> None:
        """Let go of everything, once: what a kernel without walls has left behind is ended too."""
        if self._told >= 0:
            os.close(self._told)
            self._told = -1
        if self._child >= 0:
            os.close(self._child)
            self._child = -1
            if self._host and not self._host.rooms:
                Family(self.pid, self._mark).end()
        if self._host:
            host, self._host = self._host, None
            _give(host)


def _listen(path: str) -> socket.socket:
    """A socket that is listened on at `path`, for this user alone."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.bind(path)
        os.chmod(path, 0o600)
        made.listen(128)
        made.setblocking(False)  # as ZeroMQ wants its own
    except OSError:
        made.close()
        raise
    return made


def _output(wanted: Any, number: int, *, walled: bool) -> int:
    """A descriptor for what a kernel writes past Jupyter; never a walled one's to our terminal."""
    if walled or wanted in (subprocess.DEVNULL, subprocess.PIPE):
        return os.open(os.devnull, os.O_WRONLY)
    if wanted is None:
        with suppress(OSError):
            return os.dup(number)
        return os.open(os.devnull, os.O_WRONLY)
    return os.dup(wanted if isinstance(wanted, int) else wanted.fileno())


def _failed(found: str) -> RunError:
    return RunError(
        "a warm kernel",
        expected="a child ready to run",
        found=found,
        mend="Look at `foursteps check` for what the sandbox needs, or choose the kernel python3.",
    )


def possible() -> bool:
    """Whether processes can be forked into warm kernels here."""
    return sys.platform.startswith("linux")
