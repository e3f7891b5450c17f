"""WarmRunner: each notebook in a child forked from a process that has imported everything already."""

import copy
import hashlib
import json
import os
import shutil
import sys
import threading
import uuid
from asyncio import CancelledError
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from foursteps import notebook as notebooks
from foursteps.errors import GradeError, RunError
from foursteps.run import sandbox as sandboxes
from foursteps.run.cold import _prepare, _tidy, check_parameters, load, name_of
from foursteps.run.processes import MARK, Family
from foursteps.run.result import DEFAULT_LIMITS, CellError, Limits, OnCell, Resources, RunResult
from foursteps.run.sandbox import Sandbox
from foursteps.run.warm import files
from foursteps.run.warm.host import Host
from foursteps.run.warm.visit import Visit

GRADING = "FOURSTEPS_GRADING"


@dataclass(frozen=True)
class WarmResult(RunResult):
    """A RunResult that also says what stood around the run.

    sandbox: "bwrap", "external" or "unsandboxed". layers: what the child itself was held by. left_out: files
    of the submission that were not shown to it, with the reason. own_mb: the most memory that the run held
    and had not inherited, in MB of 2**20 bytes. failed: an error for each cell that raised or ran late, in
    order, whatever its outputs show of it. resources: what the run might take.
    """

    sandbox: str = "bwrap"
    layers: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    own_mb: float = 0.0
    failed: tuple[CellError, ...] = ()
    resources: Resources = field(default_factory=Resources)


class WarmRunner:
    """Runs notebooks in children of one warm, sandboxed parent process. Safe to use from several threads.

    Parameters
    ----------
    preload : modules that the parent imports before the first run.
    folder : the prepared grading folder, shown to a run read-only; the one that a run's environment names as
        FOURSTEPS_GRADING takes its place.
    sandbox : bwrap, external (a container is the wall) or none.
    resources : what one run may take.
    stop_on_error : end a run at its first exception, as a lecture does; for grading False, as nbgrader does.
    runs_per_parent : after so many runs the parent is replaced.

    A run sees copies of the files in `cwd`; what it writes is gone with it. Nothing of this process's
    environment reaches it but what `env` names, the language and the time zone.
    """

    def __init__(
        self,
        preload: tuple[str, ...] = ("torch", "fastai.vision.all"),
        *,
        folder: Path | None = None,
        sandbox: Sandbox = "bwrap",
        resources: Resources | None = None,
        stop_on_error: bool = True,
        runs_per_parent: int = 500,
    ) -> None:
        self.preload, self.folder, self.sandbox = tuple(preload), folder, sandbox
        self.resources, self.stop_on_error = resources or Resources(), stop_on_error
        self.runs_per_parent = runs_per_parent
        if not sys.platform.startswith("linux"):
            raise GradeError(
                "the warm runner",
                expected="Linux, whose processes can be forked and walled in",
                found=sys.platform,
                mend="Use ColdRunner, or run in a container.",
            )
        sandboxes.require(sandbox, sandboxes.available())
        self._host: Host | None = None
        self._hosts: set[Host] = set()
        self._visits: set[Visit] = set()
        self._lock = threading.RLock()

    @property
    def label(self) -> str:
        """What results say about the walls around them."""
        return "unsandboxed" if self.sandbox == "none" else self.sandbox

    def run(
        self,
        notebook: NotebookNode | Path,
        *,
        parameters: Mapping[str, Any] | None = None,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        on_cell: OnCell | None = None,
    ) -> WarmResult:
        """Run `notebook`; see Runner.run. `env` is all of this process's environment that the run gets."""
        given = load(notebook)
        parameters, env = dict(parameters or {}), dict(env or {})
        check_parameters(given, parameters, where=name_of(notebook))
        prepared = _prepare(given, parameters) if parameters else copy.deepcopy(given)
        parcel = files.collect(Path(cwd), int(self.resources.submission_mb * 2**20))
        folder = Path(env[GRADING]) if env.get(GRADING) else self.folder
        seed = seed_of(given, parameters)
        try:
            visit = self._visit(prepared, folder, env, limits, seed, on_cell, parcel)
        except RunError:
            # No child came to be: the parent had died meanwhile, and a new one takes its place.
            visit = self._visit(prepared, folder, env, limits, seed, on_cell, parcel)
        if visit.stopped:
            raise CancelledError
        return WarmResult(
            notebook=_tidy(prepared, given),
            status=visit.status,
            error=visit.error,
            seconds=visit.seconds,
            peak_mb=visit.watch.peak_mb if visit.watch else 0.0,
            cell_seconds=tuple(visit.cell_seconds),
            sandbox=self.label,
            layers=visit.layers,
            left_out=parcel.left_out,
            own_mb=visit.watch.own_mb if visit.watch else 0.0,
            failed=tuple(visit.failed),
            resources=self.resources,
        )

    def _visit(
        self,
        prepared: NotebookNode,
        folder: Path | None,
        env: dict[str, str],
        limits: Limits,
        seed: int,
        on_cell: OnCell | None,
        parcel: files.Parcel,
    ) -> Visit:
        """Run `prepared` in a child; raises RunError only before its first cell."""
        visit = Visit(
            prepared,
            limits,
            memory_mb=self.resources.memory_mb,
            stop_on_error=self.stop_on_error,
            on_cell=on_cell,
        )
        host = self._take(folder, visit)
        order = self._order(host, env, limits, seed)
        try:
            visit.go(lambda handles: host.fork(order, handles), parcel)
        finally:
            if not host.rooms:
                if visit.watch:
                    Family(visit.watch.pid, order["env"][MARK]).end()
                shutil.rmtree(Path(order["cwd"]).parent, ignore_errors=True)
            self._give(host, visit)
        return visit

    def start(self) -> None:
        """Start the parent now, and not with the first run."""
        with self._lock:
            self._ready(self.folder)

    def stop(self) -> None:
        """End every run in progress in other threads (they raise CancelledError), and the parent."""
        with self._lock:
            for visit in self._visits:
                visit.stop()
            for host in list(self._hosts):
                self._retire(host)

    def __enter__(self) -> "WarmRunner":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _ready(self, folder: Path | None) -> Host:
        """A parent that shows `folder`: the one there is, or a new one in its place."""
        host = self._host
        if host and not (
            host.alive and not host.retired and host.folder == folder and host.runs < self.runs_per_parent
        ):
            self._retire(host)
            host = None
        if host is None:
            host = self._host = Host(self.preload, folder, self.sandbox)
            self._hosts.add(host)
        return host

    def _take(self, folder: Path | None, visit: Visit) -> Host:
        with self._lock:
            host = self._ready(folder)
            host.runs += 1
            host.active += 1
            self._visits.add(visit)
            return host

    def _give(self, host: Host, visit: Visit) -> None:
        with self._lock:
            self._visits.discard(visit)
            host.active -= 1
            if not visit.cleared or host.retired:
                self._retire(host)  # what the run left behind goes with the parent

    def _retire(self, host: Host) -> None:
        """End a parent as soon as nothing runs in it."""
        host.retired = True
        if host is self._host:
            self._host = None
        if host.active == 0 and host in self._hosts:
            self._hosts.discard(host)
            host.close()

    def _order(self, host: Host, env: dict[str, str], limits: Limits, seed: int) -> dict[str, Any]:
        """What the child is told about itself."""
        places = host.places
        work, temporary, scratch = places.work, places.temporary, places.scratch
        mark = uuid.uuid4().hex
        if not host.rooms:  # then the runs share a file system: a folder for each, gone with it
            scratch = f"{places.work}/{mark}"
            work, temporary = f"{scratch}/work", f"{scratch}/tmp"
            for folder in (work, f"{temporary}/home"):
                os.makedirs(folder)
        env = {**host.environment(temporary), **env}
        if places.grading:
            env[GRADING] = places.grading
        if not host.rooms:
            env[MARK] = mark  # by which the processes are known that no namespace holds
        read = [*sandboxes.python_walls().read, "/etc", "/proc", "/sys", "/dev"]
        read += [places.grading] if places.grading else []
        written = [work, scratch, temporary, "/dev/shm", "/dev/pts", "/dev/null", "/dev/tty"]
        return {
            "cwd": work,
            "env": env,
            "seed": seed,
            "read": ["/"] if self.sandbox == "bwrap" else read,
            "write": [*written, "/dev/zero", "/dev/full", "/dev/ptmx", "/proc/self"],
            "limits": {
                "memory": int(self.resources.memory_mb * 2**20),
                "cpu": int(limits.notebook_seconds * 1.2) + 10,
                "scratch": int(self.resources.scratch_mb * 2**20),
                "files": self.resources.open_files,
                "processes": self.resources.processes,
            },
        }


def seed_of(notebook: NotebookNode, parameters: Mapping[str, Any]) -> int:
    """Where the random generators of a run begin: the same for the same notebook and parameters."""
    told = notebooks.source_hash(notebook) + json.dumps(parameters, sort_keys=True, default=str)
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:6], "big")
