"""One kernel and one notebook: the cells are sent, the outputs kept, the limits held."""

import asyncio
import logging
import os
import re
import shutil
import signal
import tempfile
import threading
import uuid
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from nbformat import NotebookNode
from nbformat.v4 import new_output

from foursteps.errors import RunError
from foursteps.run.processes import MARK, Family
from foursteps.run.result import CellError, Limits, OnCell, Status

START_SECONDS = 60
LOOK_EVERY = 1.0
OUTPUT_WAIT = 60
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COUNTED = (
    "stream",
    "display_data",
    "execute_result",
    "update_display_data",
    "error",
    "comm_open",
    "comm_msg",
)

quiet = logging.getLogger("foursteps.run.kernel")
quiet.addHandler(logging.NullHandler())
quiet.propagate = False


class Session:
    """Runs the cells of one notebook in a fresh kernel, and leaves no process behind.

    After `run`: status, error, cell_seconds and peak_mb, as RunResult has them.
    """

    def __init__(
        self,
        cwd: Path,
        *,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        on_cell: OnCell | None = None,
    ):
        self.cwd, self.limits, self.on_cell = Path(cwd), limits or Limits(), on_cell
        self.mark = uuid.uuid4().hex
        self.env = {**os.environ, **(env or {}), MARK: self.mark}
        self.status: Status = "ok"
        self.error: CellError | None = None
        self.cell_seconds: list[float] = []
        self.peak_mb = 0.0
        self._family: Family | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self._task: asyncio.Task | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, nb_man: Any, kernel_name: str) -> None:
        """Run `nb_man.nb`, papermill's execution manager telling it of each cell.

        Raises RunError when no kernel can be started; KeyboardInterrupt, or CancelledError after `stop`,
        when the run is broken off.
        """
        # A socket's path may have 107 characters, which a long TMPDIR would use up.
        home = tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp"
        folder = Path(tempfile.mkdtemp(prefix="foursteps-", dir=home))
        try:
            _complete(self._main(nb_man, kernel_name, folder))
        finally:
            if self._family:
                self._family.end()
                self.peak_mb = self._family.peak_mb
            shutil.rmtree(folder, ignore_errors=True)

    def stop(self) -> None:
        """Break the run off from another thread."""
        with self._lock:
            self._stopped = True
            if self._loop and self._task:
                with suppress(RuntimeError):  # the loop has just closed: there is nothing left to stop
                    self._loop.call_soon_threadsafe(self._task.cancel)

    async def _main(self, nb_man: Any, kernel_name: str, folder: Path) -> None:
        with self._lock:
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
            if self._stopped:
                raise asyncio.CancelledError
        deadline = monotonic() + self.limits.notebook_seconds
        client = Client(nb_man.nb, self.limits, deadline)
        try:
            await self._start(client, kernel_name, folder)
            watch = asyncio.create_task(self._watch())  # named, or it could be collected
            await self._cells(client, nb_man)
            watch.cancel()
        finally:
            if self._family:
                self._family.look()
            await _cancel_others()  # the watch, and what nbclient leaves when a cell is given up
            await client.end()

    async def _start(self, client: "Client", kernel_name: str, folder: Path) -> None:
        """Start the kernel and wait until it answers."""

        def failed(expected: str, found: str, mend: str) -> RunError:
            return RunError(f"kernel {kernel_name!r}", expected=expected, found=found, mend=mend)

        if not self.cwd.is_dir():
            raise failed("a folder to run in", f"no folder {self.cwd}", "Create it, or name another one.")
        # IPC: no port that two kernels could both take, and none that other users of the machine reach.
        client.km = AsyncKernelManager(
            kernel_name=kernel_name, transport="ipc", connection_file=str(folder / "kernel.json")
        )
        try:
            await client.async_start_new_kernel(cwd=str(self.cwd), env=self.env)
            self._family = Family(client.km.provisioner.pid, self.mark)  # type: ignore[union-attr]
            await client.async_start_new_kernel_client()
        except NoSuchKernel:
            raise failed(
                "a Jupyter kernel installed here",
                "no kernel of that name",
                "Open the notebook in JupyterLab, choose the kernel Python 3, and save it.",
            ) from None
        except (RuntimeError, OSError) as error:
            raise failed(
                f"a kernel that answers within {START_SECONDS} s",
                str(error),
                "Start it by hand with `jupyter console` to see why it does not.",
            ) from error

    async def _watch(self) -> None:
        while self._family:
            self._family.look()
            await asyncio.sleep(LOOK_EVERY)

    async def _cells(self, client: "Client", nb_man: Any) -> None:
        """Send the cells until one of them ends the run."""
        running = [cell for cell in nb_man.nb.cells if _runs(cell)]
        number = 0
        for index, cell in enumerate(nb_man.nb.cells):
            if not _runs(cell):
                continue
            number += 1
            if self.on_cell:
                self.on_cell(number, len(running), cell.source.strip().splitlines()[0])
            nb_man.cell_start(cell, index)
            began = monotonic()
            try:
                await client.async_execute_cell(cell, index)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
                if self._task and self._task.cancelling():  # nbclient takes this for a dead kernel
                    raise asyncio.CancelledError from None
                self.status, name, value, trace = client.explain(problem)
                self.error = CellError(cell.get("id", ""), number, cell.source, name, value, trace)
                if self.status != "error":
                    message = f"The run ended here. {value}."
                    cell.outputs.append(
                        new_output("error", ename=name, evalue=value, traceback=[f"{name}: {message}"])
                    )
                nb_man.cell_exception(cell, index)
                return
            finally:
                self.cell_seconds.append(monotonic() - began)
                nb_man.cell_complete(cell, index)
        client.set_widgets_metadata()


class Client(NotebookClient):
    """nbclient's client, with a limit on the whole notebook and one on the bytes of its outputs."""

    def __init__(self, notebook: NotebookNode, limits: Limits, deadline: float):
        super().__init__(
            notebook,
            timeout_func=self._seconds_left,
            startup_timeout=START_SECONDS,
            iopub_timeout=OUTPUT_WAIT,
            raise_on_iopub_timeout=True,
            shutdown_kernel="immediate",
            record_timing=False,
            coalesce_streams=True,  # or the same run would be cut into outputs differently each time
            log=quiet,
        )
        self.limits, self.deadline = limits, deadline
        self.bytes_left = limits.output_bytes
        self.flooded = False

    def _seconds_left(self, cell: NotebookNode | None) -> float:
        # nbclient takes 0 for no limit.
        return max(min(self.limits.cell_seconds, self.deadline - monotonic()), 0.001)

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Keep an output while there is room for it, and end the run at the first that has none."""
        if self.flooded:
            return None
        if msg["msg_type"] in COUNTED:
            taken = _size(msg["content"]) + sum(len(buffer) for buffer in msg.get("buffers", ()))
            if taken > self.bytes_left:
                self._flood(msg, cell, cell_index)
                return None
            self.bytes_left -= taken
        return super().process_message(msg, cell, cell_index)

    def _flood(self, msg: dict, cell: NotebookNode, cell_index: int) -> None:
        self.flooded = True
        if msg["msg_type"] == "stream":
            kept = msg["content"]["text"].encode("utf-8", "replace")[: self.bytes_left]
            msg["content"]["text"] = kept.decode("utf-8", "ignore")
            super().process_message(msg, cell, cell_index)
        # The cell may never end by itself, so its reply is not waited for.
        if self.task_poll_for_reply:
            self.task_poll_for_reply.cancel()

    def explain(self, problem: Exception) -> tuple[Status, str, str, str]:
        """The status of a run that `problem` ended, with the name, value and traceback of its error."""
        if self.flooded:
            size = f"{self.limits.output_bytes / 2**20:g} MB"
            return "flooded", "TooMuchOutput", f"The outputs take more than the limit of {size}", ""
        if isinstance(problem, CellExecutionError):
            return "error", problem.ename, ANSI.sub("", problem.evalue), ANSI.sub("", problem.traceback)
        if isinstance(problem, DeadKernelError):
            return "died", "DeadKernel", f"The kernel died{self._how()}", ""
        if monotonic() >= self.deadline:
            limit = f"notebook ran longer than its limit of {self.limits.notebook_seconds:g} s"
        else:
            limit = f"cell ran longer than its limit of {self.limits.cell_seconds:g} s"
        return "timeout", "Timeout", f"The {limit}", ""

    def _how(self) -> str:
        process = getattr(self.km.provisioner, "process", None) if self.km else None
        code = process.poll() if process else None
        if code is None:
            return ""
        if code >= 0:
            return f" with exit code {code}"
        with suppress(ValueError):
            return f", killed by {signal.Signals(-code).name}"
        return f", killed by signal {-code}"

    async def end(self) -> None:
        """End the kernel and close what was opened to it."""
        if self.km is None:
            return
        kernel: Any = self.km
        channels, self.km, self.kc = self.kc, None, None
        try:
            if kernel.has_kernel:
                await kernel.shutdown_kernel(now=True)
        finally:
            await ensure_async(kernel.cleanup_resources())
            if channels:
                channels.stop_channels()


def _runs(cell: NotebookNode) -> bool:
    """Whether the cell is sent to the kernel."""
    tags = cell.metadata.get("tags", [])
    return cell.cell_type == "code" and bool(cell.source.strip()) and "skip-execution" not in tags


def _size(content: Any) -> int:
    """Bytes of text in a message's content."""
    if isinstance(content, str):
        return len(content) if content.isascii() else len(content.encode("utf-8", "replace"))
    if isinstance(content, dict):
        return sum(_size(key) + _size(value) for key, value in content.items())
    if isinstance(content, list | tuple):
        return sum(map(_size, content))
    return 8


async def _cancel_others() -> None:
    """Cancel every other task of this loop, which is this run's own, and wait for them."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _complete(coroutine: Coroutine) -> None:
    """Run `coroutine` to its end; in a thread of its own where this one already has a loop (a notebook)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(coroutine)
        return
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()
