"""IPython as a kernel would run it, without a kernel's sockets and threads."""

import asyncio
import io
import logging
import os
import signal
import sys
import threading
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from jupyter_client.session import Session
from traitlets import Type
from traitlets.config import Config

from foursteps.run.warm.protocol import pack

quiet = logging.getLogger("foursteps.run.warm")
quiet.addHandler(logging.NullHandler())
quiet.propagate = False
TEXTS = {"stdout": 1, "stderr": 2}


class Link:
    """The way to the trusted side: whole frames, from any thread, unharmed by an interrupt."""

    def __init__(self, socket: Any):
        self._socket, self._lock, self._pid = socket, threading.RLock(), os.getpid()
        self._sending = self._interrupted = False

    def send(self, message: dict[str, Any]) -> None:
        """Send `message`; from a process that the notebook forked, only its text, by file descriptor."""
        if os.getpid() != self._pid:
            if message["t"] == "stream":
                os.write(TEXTS[message["name"]], message["text"].encode("utf-8", "replace"))
            return
        frame = pack(message)
        with self._lock:
            self._sending = True
            try:
                self._socket.sendall(frame)
            finally:
                self._sending = False
        if self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt

    def interrupt(self, *_: object) -> None:
        """The handler of SIGINT: half a frame would be the end of the run, so it waits for a whole one."""
        if self._sending:
            self._interrupted = True
        else:
            raise KeyboardInterrupt


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr: a line, or what is flushed, becomes a message."""

    encoding, errors = "UTF-8", "replace"

    def __init__(self, name: str, link: Link):
        self.name, self._which, self._link = f"<{name}>", name, link
        self._held: list[str] = []
        self._size = 0

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._held.append(text)
        self._size += len(text)
        if "\n" in text or self._size > 8192:
            self.flush()
        return len(text)

    def flush(self) -> None:
        text, self._held, self._size = "".join(self._held), [], 0
        if text:
            self._link.send({"t": "stream", "name": self._which, "text": text})

    def fileno(self) -> int:
        return TEXTS[self._which]

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class Messages(Session):
    """A session whose messages go by the link, cut down to what a notebook keeps."""

    link: Any = None

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *others: Any, **named: Any) -> Any:
        """Send what a notebook would keep of this message."""
        named_only = isinstance(msg_or_type, str)
        message = self.msg(msg_or_type, content=content) if named_only else msg_or_type
        kind, content = message["header"]["msg_type"], message["content"]
        if self.link is None:
            return message
        if kind in ("display_data", "execute_result", "update_display_data"):
            sent = {"data": content["data"], "metadata": content.get("metadata") or {}}
            if display_id := (content.get("transient") or {}).get("display_id"):
                sent["id"] = display_id
            if kind == "execute_result":
                sent["count"] = content.get("execution_count")
        elif kind == "error":
            sent = {key: content[key] for key in ("ename", "evalue", "traceback")}
        elif kind == "clear_output":
            sent = {"wait": bool(content.get("wait"))}
        elif kind in ("comm_open", "comm_msg", "comm_close"):
            sent = {"id": content.get("comm_id"), "data": content.get("data")}
        else:
            return message
        self.link.send({"t": kind, **sent})
        return message


class Interactive(ZMQInteractiveShell):
    """The shell of ipykernel, for which no window can be opened."""

    def enable_gui(self, gui: Any = None) -> None:
        """Accept what draws into the notebook, refuse the rest."""
        if gui not in (None, "inline"):
            raise UsageError(f"No window can be opened here: use %matplotlib inline, not {gui}.")
        self.active_eventloop = gui


class Shell(IPythonKernel):
    """ipykernel's kernel with nobody at the other end of its sockets.

    Made in the parent, before the fork; `open` belongs to the child.
    """

    shell_class = Type(Interactive)
    shell: Any
    session: Any
    io_loop: Any

    @classmethod
    def made(cls) -> "Shell":
        """The one shell of this process."""
        settings = Config()
        settings.HistoryManager.enabled = False  # its database would start a thread
        shell = cls.instance(session=Messages(key=b""), config=settings, log=quiet)
        shell.shell_channel_thread = _Here()
        return shell

    def open(self, link: Link) -> None:
        """Send everything that the notebook shows to `link` from now on."""
        self._link, self.session.link = link, link
        sys.stdout, sys.stderr = Stream("stdout", link), Stream("stderr", link)
        sys.path.insert(0, "")
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.io_loop = _Loop(self.loop)
        self.shell.displayhook.get_execution_count = lambda: self.shell.execution_count
        os.register_at_fork(before=_flush)

    def run_cell(self, code: str, cell_id: str, number: int) -> dict[str, Any]:
        """Run one cell and give the end of the story: status, count, and whether the kernel wants to exit."""
        header = {"msg_id": f"cell-{number}", "session": "foursteps", "msg_type": "execute_request"}
        parent = {"header": header, "metadata": {}, "content": {"code": code}}
        self.set_parent([], parent)
        self.shell.displayhook.msg = None
        signal.signal(signal.SIGINT, self._link.interrupt)
        count = self.shell.execution_count
        try:
            reply = self.loop.run_until_complete(
                self.do_execute(code, False, True, {}, False, cell_meta={}, cell_id=cell_id)
            )
            _flush()
        except (KeyboardInterrupt, asyncio.CancelledError) as error:
            # The interrupt came between two steps of the machinery, outside of the cell's own code.
            reply = {"status": "error"}
            trace = [f"{type(error).__name__}: interrupted"]
            self._link.send({"t": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": trace})
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return {
            "t": "done",
            "status": reply["status"],
            "ename": str(reply.get("ename", "")),
            "evalue": str(reply.get("evalue", "")),
            "traceback": [str(line) for line in reply.get("traceback", ())],
            "count": reply.get("execution_count", count),
            "exit": bool(self.shell.exit_now),
        }


class _Here:
    """Says to ipykernel that cells run in the main thread."""

    parent_thread = threading.main_thread()


class _Loop:
    """What ipykernel asks of tornado's loop: to interrupt an awaiting cell, and to stop after exit()."""

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop

    def add_callback(self, callback: Any) -> None:
        self._loop.call_soon_threadsafe(callback)

    def call_later(self, delay: float, callback: Any) -> None:
        """Nothing: the child ends by itself after the cell."""

    def stop(self) -> None:
        """Nothing, likewise."""


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        flush = getattr(stream, "flush", None)
        if flush:
            flush()


def reseed(seed: int) -> None:
    """Begin every generator anew: what the parent drew, and what other children draw, has no part in it."""
    import random

    random.seed(seed)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(seed % 2**32)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
