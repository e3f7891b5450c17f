"""The warm parent, from the trusted side: started, asked, ended."""

import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foursteps.errors import RunError
from foursteps.run import sandbox as sandboxes
from foursteps.run.sandbox import NOBODY, Sandbox, python_walls

IMPORT_SECONDS = 300.0
BEGIN = "import sys; sys.path.insert(0, {kit!r}); from foursteps.run.warm.parent import main; main({door})"
KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
"""The only variables that pass from this process to a learner's: how text and time are written."""
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM")}


@dataclass(frozen=True)
class Places:
    """Folders as a child sees them: where it works, where it may write, and where the grading folder is."""

    work: str
    scratch: str
    temporary: str
    grading: str | None
    binds: Mapping[str, str]


class Host:
    """One parent process. `runs` counts what it was asked for; `active` what still goes on."""

    wants_rooms = True

    def __init__(self, preload: tuple[str, ...], folder: Path | None, sandbox: Sandbox):
        self.preload, self.folder, self.sandbox = preload, folder, sandbox
        self.runs = self.active = 0
        self.retired = False
        self.root: Path | None = None
        self.places = self._places()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115, read when the parent fails, closed with it
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _places(self) -> Places:
        if self.sandbox == "bwrap":
            grading = "/grading" if self.folder else None
            binds = {"work": "/submission", "tmp": "/tmp", "shm": "/dev/shm"}
            return Places("/submission", "/scratch", "/tmp", grading, binds)
        self.root = Path(tempfile.mkdtemp(prefix="foursteps-warm-"))
        for name in ("scratch", "work"):
            (self.root / name).mkdir()
        scratch = self.root / "scratch"
        grading = str(self.folder.resolve()) if self.folder else None
        return Places(
            str(self.root / "work"),
            str(scratch),
            str(scratch / "tmp"),
            grading,
            {"work": str(self.root / "work")},
        )

    def environment(self, temporary: str) -> dict[str, str]:
        """The environment of the parent and, with what a run adds, of its children: made from nothing."""
        home = f"{temporary}/home"
        return {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            **ONE_THREAD,
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": home,
            "TMPDIR": temporary,
            "USER": "learner",
            "LOGNAME": "learner",
            "PYTHONHASHSEED": "0",  # or sets would be in another order after each new parent
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "MPLCONFIGDIR": f"{home}/matplotlib",
            "IPYTHONDIR": f"{home}/ipython",
            "CUDA_VISIBLE_DEVICES": "",
        }

    def _start(self) -> None:
        import foursteps

        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kit = str(Path(foursteps.__file__).resolve().parent.parent)
        line = [os.path.abspath(sys.executable), "-I", "-c", BEGIN.format(kit=kit, door=theirs.fileno())]
        bound = self.sandbox == "bwrap"
        again: dict[str, str] = {}
        if bound:
            found = sandboxes.available()
            sandboxes.require(self.sandbox, found)
            walls = python_walls(self.folder)
            again = walls.again
            line = sandboxes.command(walls, line, found.bwrap or "bwrap")
        else:
            Path(self.places.temporary, "home").mkdir(parents=True)
        self._process = _spawn(
            line,
            pass_fds=[theirs.fileno()],
            env=self.environment(self.places.temporary),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            cwd=None if bound else self.root,
        )
        theirs.close()
        settings = {
            "preload": ["foursteps", *self.preload],
            "uid": NOBODY if bound and os.geteuid() == 0 else None,
            "sandbox": self.sandbox,
            "rooms": self.wants_rooms,
            "places": {
                "scratch": self.places.scratch,
                "binds": dict(self.places.binds),
                "again": again,
            },
        }
        self._door.settimeout(IMPORT_SECONDS)
        try:
            self._door.send(json.dumps(settings).encode())
            answer = json.loads(self._door.recv(1 << 16) or b"{}")
        except (OSError, ValueError):
            answer = {}
        if answer.get("t") != "ready":
            raise RunError(
                "the warm runner",
                expected=f"a parent process that imports {', '.join(self.preload) or 'nothing'}",
                found=answer.get("reason") or self._last_words(),
                mend="Install what is missing, or look at `foursteps check` for what the sandbox needs.",
            )
        self.rooms, self.threads = bool(answer["rooms"]), int(answer["threads"])

    def _last_words(self) -> str:
        self._errors.seek(0)
        said = self._errors.read()[-2000:].decode("utf-8", "replace").strip()
        return said.splitlines()[-1] if said else "nothing heard from it"

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def fork(self, order: dict[str, Any], handles: list[int]) -> None:
        """Ask for a child that speaks over `handles`; raises RunError when the parent is gone."""
        try:
            socket.send_fds(self._door, [json.dumps(order).encode()], handles)
        except OSError as error:
            raise RunError(
                "the warm runner",
                expected="a parent process that answers",
                found=str(error),
                mend="Run it again: the next run gets a new one.",
            ) from None

    def close(self) -> None:
        """End the parent and with it every child; back when it is gone."""
        if hasattr(self, "_door"):
            self._door.close()
        if hasattr(self, "_process"):
            # The parent goes when its socket is closed; one that is still importing does not look at it.
            try:
                self._process.wait(0.5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._errors.close()
        if self.root:
            shutil.rmtree(self.root, ignore_errors=True)


def _spawn(line: list[str], **options: Any) -> subprocess.Popen:
    """Popen, from a thread that lives as long as the process: bwrap dies with the thread that started it."""
    started: queue.SimpleQueue = queue.SimpleQueue()

    def live() -> None:
        try:
            process = subprocess.Popen(line, **options)
        except BaseException as error:
            started.put(error)
            return
        started.put(process)
        process.wait()

    threading.Thread(target=live, name="foursteps-warm", daemon=True).start()
    process = started.get()
    if isinstance(process, BaseException):
        raise process
    return process
