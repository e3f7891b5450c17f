"""One run in a warm child, from the trusted side: cells go in, outputs come back, limits hold."""

import codecs
import os
import selectors
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from foursteps.errors import RunError
from foursteps.run.result import CellError, Limits, OnCell, Status
from foursteps.run.session import ANSI, _runs
from foursteps.run.warm import files
from foursteps.run.warm.memory import Watch
from foursteps.run.warm.outputs import Outputs
from foursteps.run.warm.protocol import Frames, Malformed, TooMuch, pack, parse

START_SECONDS = 60.0
GRACE_SECONDS = 3.0
LOOK_EVERY = 0.1
OUTPUT_COSTS = 500
"""Bytes that an output counts beside its own: so much memory does even the smallest take here."""
CREDENTIALS = struct.Struct("3i")


class Ended(Exception):
    """The run cannot go on: `status` as RunResult has it, and the name and value of its error."""

    def __init__(self, status: Status, name: str, value: str):
        self.status, self.name, self.value = status, name, value


class Late(Exception):
    """A deadline has passed."""


class Visit:
    """Runs the cells of `notebook`, changing it.

    After `go`: status, error, failed (one error for each cell that raised or ran late), cell_seconds, layers
    and watch.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        limits: Limits,
        *,
        memory_mb: float,
        stop_on_error: bool,
        on_cell: OnCell | None,
    ):
        self.notebook, self.limits, self.memory_mb = notebook, limits, memory_mb
        self.stop_on_error, self.on_cell = stop_on_error, on_cell
        self.status: Status = "ok"
        self.error: CellError | None = None
        self.failed: list[CellError] = []
        self.cell_seconds: list[float] = []
        self.layers: tuple[str, ...] = ()
        self.watch: Watch | None = None
        self.stopped = self.cleared = False
        self.outputs = Outputs()
        self.frames = Frames(limits.output_bytes)
        self._cell: NotebookNode | None = None
        self._number = 0
        self._before = ""
        self._deadline = self._looked = self.seconds = 0.0
        self._child = -1
        self._code: int | None = None
        self._over = False

    def go(self, start: Callable[[list[int]], None], parcel: files.Parcel) -> None:
        """Have `start` begin a child with four descriptors, and run the notebook in it to its end."""
        began = monotonic()
        self._speak, theirs = socket.socketpair()
        self._speak.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._texts: dict[int, tuple[str, Any]] = {}
        given = [theirs.detach()]
        for name in ("stdout", "stderr"):
            read, write = os.pipe()
            os.set_blocking(read, False)
            self._texts[read] = (name, codecs.getincrementaldecoder("utf-8")("replace"))
            given.append(write)
        self._told, write = os.pipe()
        given.append(write)
        self._selector = selectors.DefaultSelector()
        for handle in (*self._texts, self._told, self._speak.fileno()):
            self._selector.register(handle, selectors.EVENT_READ)
        try:
            try:
                start(given)
            finally:
                for handle in given:
                    os.close(handle)
            self._meet()
            try:
                self._send_files(parcel)
                self._cells()
            except Ended as ended:
                self._note(ended.status, ended.name, ended.value)
        finally:
            self._leave()
            self.seconds = monotonic() - began

    def stop(self) -> None:
        """End the run from another thread."""
        self.stopped = True

    def _meet(self) -> None:
        """Wait for the child, and take hold of its process before it runs any learner's code."""
        deadline = monotonic() + START_SECONDS
        try:
            hello = self._await("ready", deadline)
        except (Ended, Late) as problem:
            raise RunError(
                "the warm runner",
                expected="a child ready to run",
                found=self._before.strip().rpartition("\n")[2] or getattr(problem, "value", "none in time"),
                mend="Look at `foursteps check` for what the sandbox needs.",
            ) from None
        self.layers = tuple(str(name) for name in hello.get("layers", ()))

    def _send_files(self, parcel: files.Parcel) -> None:
        self._deadline = monotonic() + START_SECONDS
        for path, size in parcel.files:
            self._send(pack({"t": "file", "path": path, "size": size}) + files.read(parcel, path, size))

    def _cells(self) -> None:
        """Run the cells until one of them ends the run."""
        deadline = monotonic() + self.limits.notebook_seconds
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = (
                    [],
                    None,
                )  # what a submission brings along is not a result
        running = [cell for cell in self.notebook.cells if _runs(cell)]
        for number, cell in enumerate(running, start=1):
            if self.on_cell:
                self.on_cell(number, len(running), cell.source.strip().splitlines()[0])
            self._cell, self._number = cell, number
            self.outputs.begin(cell)
            began = monotonic()
            try:
                goes_on = self._one(cell, deadline)
            finally:
                self.cell_seconds.append(monotonic() - began)
                self.outputs.end(cell.execution_count)
            if not goes_on:
                return
        if widgets := self.outputs.widgets():
            self.notebook.metadata.widgets = widgets

    def _one(self, cell: NotebookNode, deadline: float) -> bool:
        """Run one cell; whether the next one is to run."""
        cell_deadline = monotonic() + self.limits.cell_seconds
        self._deadline = min(cell_deadline, deadline)
        late = False
        try:
            self._send(pack({"t": "cell", "source": cell.source, "id": str(cell.get("id", ""))}))
            done = self._await("done", self._deadline)
        except Late:
            late = True
            limit = f"The cell ran longer than its limit of {self.limits.cell_seconds:g} s"
            if deadline <= cell_deadline:
                limit = f"The notebook ran longer than its limit of {self.limits.notebook_seconds:g} s"
                raise Ended("timeout", "Timeout", limit) from None
            self._interrupt()
            try:
                done = self._await("done", monotonic() + GRACE_SECONDS)
            except Late:
                raise Ended("timeout", "Timeout", limit) from None
            self._note("timeout", "Timeout", limit, mark=False)
        self._drain()
        count = done.get("count")
        cell.execution_count = count if type(count) is int and 0 <= count < 2**31 else None
        if late:
            self._failed("Timeout", limit)
        elif done.get("status") == "error":
            self._failed(*(ANSI.sub("", str(done.get(key, ""))) for key in ("ename", "evalue")))
        if done.get("status") != "error" or "raises-exception" in cell.metadata.get("tags", []):
            return not (late and self.stop_on_error)
        if not late:
            name, value = (ANSI.sub("", str(done.get(key, ""))) for key in ("ename", "evalue"))
            lines = done.get("traceback")
            trace = "\n".join(map(str, lines)) if isinstance(lines, list) else ""
            self._note("error", name, value, ANSI.sub("", trace), mark=False)
        return not self.stop_on_error

    def _failed(self, name: str, value: str) -> None:
        """Keep that this cell failed, whatever its outputs say: its code can keep an error from showing."""
        cell = self._cell or NotebookNode()
        self.failed.append(CellError(cell.get("id", ""), self._number, cell.get("source", ""), name, value))

    def _note(self, status: Status, name: str, value: str, trace: str = "", *, mark: bool = True) -> None:
        """Keep the first problem of the run; one that ends it is more than an exception before it."""
        if mark and self._cell is not None:
            text = f"{name}: The run ended here. {value}."
            self._cell.outputs.append(new_output("error", ename=name, evalue=value, traceback=[text]))
        if self.error is not None and (self.status != "error" or status == "error"):
            return
        self.status = status
        cell = self._cell
        self.error = CellError(
            cell.get("id", "") if cell else "",
            self._number,
            cell.source if cell else "",
            name,
            value,
            trace,
        )

    def _send(self, data: bytes) -> None:
        # A child that never reads must not hold this side up.
        self._speak.settimeout(max(0.01, self._deadline - monotonic()))
        try:
            self._speak.sendall(data)
        except TimeoutError:
            raise Late from None
        except OSError:
            self._wait_for_death()
        finally:
            self._speak.setblocking(False)

    def _await(self, kind: str, deadline: float) -> dict[str, Any]:
        """Take what arrives until a message of `kind` does; raises Late, or Ended when the child has."""
        while True:
            if self.stopped:
                raise Ended("died", "Stopped", "The run was stopped")
            left = deadline - monotonic()
            if left <= 0:
                raise Late
            ready = {key.fd for key, _ in self._selector.select(min(left, LOOK_EVERY))}
            try:
                for handle in ready & self._texts.keys():
                    self._take_text(handle)
                found = self._take_messages(kind) if self._speak.fileno() in ready else None
            except TooMuch:
                size = f"{self.limits.output_bytes / 2**20:g} MB"
                raise Ended(
                    "flooded", "TooMuchOutput", f"The outputs take more than the limit of {size}"
                ) from None
            except Malformed as error:
                raise Ended("died", "Malformed", f"The kernel sent what no kernel sends ({error})") from None
            if found is not None:
                return found
            if self._told in ready:
                self._wait_for_death()
            self._look()

    def _look(self) -> None:
        now = monotonic()
        if self.watch and now - self._looked >= LOOK_EVERY:
            self._looked = now
            if self.watch.look(self.memory_mb):
                raise Ended(
                    "died", "MemoryLimit", f"The run held more memory than its limit of {self.memory_mb:g} MB"
                )

    def _take_text(self, handle: int) -> None:
        """Take what was written to a file descriptor."""
        name, decoder = self._texts[handle]
        try:
            data = os.read(handle, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(handle)
            del self._texts[handle]
            os.close(handle)
            return
        self.frames.spend(len(data))
        text = decoder.decode(data)
        if self._cell is None:
            self._before = (self._before + text)[-2000:]
        else:
            self.outputs.stream(name, text)

    def _take_messages(self, kind: str) -> dict[str, Any] | None:
        """Take messages; the first of `kind`, if it is among them."""
        try:
            if self._child < 0:
                data, ancillary, _, _ = self._speak.recvmsg(1 << 16, socket.CMSG_SPACE(CREDENTIALS.size))
                self._hold(ancillary)
            else:
                data = self._speak.recv(1 << 18)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        if not data:
            self._wait_for_death()
        found = None
        for message in self.frames.feed(data):
            if message["t"] == kind and found is None:
                found = message
            elif message["t"] != "done" and self._cell is not None:
                self.outputs.take(message)
                if message["t"] != "stream":
                    self.frames.spend(OUTPUT_COSTS)
        return found

    def _hold(self, ancillary: list) -> None:
        """Know the child's process by the kernel's word, not by its own."""
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                self.pid = CREDENTIALS.unpack(data[: CREDENTIALS.size])[0]
                self._child = os.pidfd_open(self.pid)
                self.watch = Watch(self.pid)
        self._speak.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)

    def _drain(self) -> None:
        """Take what the cell wrote to its file descriptors before it ended."""
        with suppress(TooMuch):
            for _ in range(64):
                ready = {key.fd for key, _ in self._selector.select(0)} & self._texts.keys()
                if not ready:
                    return
                for handle in ready:
                    self._take_text(handle)

    def _interrupt(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._child, 0)  # the process is still there, so its number is its own
            os.killpg(self.pid, signal.SIGINT)

    def _wait_for_death(self) -> None:
        """The child is going: keep what it still wrote, learn how it went, and raise Ended."""
        if self._child >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._child, signal.SIGKILL)
        how = ""
        answer = self._hear(10.0)
        if "failed" in answer:
            raise Ended("died", "NoRun", str(answer["failed"]))
        code = answer.get("code")
        if isinstance(code, int):
            how = f" with exit code {code}" if code >= 0 else f", killed by {_signal(-code)}"
        self._drain()
        raise Ended("died", "DeadKernel", f"The kernel died{how}")

    def _hear(self, seconds: float) -> dict[str, Any]:
        """What the parent says about how the child ended; empty when it says nothing in time."""
        self._over = True
        with selectors.DefaultSelector() as selector:
            selector.register(self._told, selectors.EVENT_READ)
            if not selector.select(seconds):
                self._over = False
                return {}
        data = os.read(self._told, 4096)
        self.cleared = bool(data)
        with suppress(Malformed):
            return parse(b'{"t":"told",' + data[1:]) if data else {}
        return {}

    def _leave(self) -> None:
        """End the child, and wait until the parent says that everything it started is gone."""
        if self.watch and not self._over:
            self.watch.look(float("inf"))
        if self._child >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._child, signal.SIGKILL)
        if not self._over:
            self._hear(10.0)
        self._selector.close()
        self._speak.close()
        for handle in (*self._texts, self._told, *([self._child] if self._child >= 0 else [])):
            os.close(handle)


def _signal(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
