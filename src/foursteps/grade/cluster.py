"""The runs of a class, made by the workers of a cluster.

What is sent is the submission and the prepared folder, as bytes: no key, no other learner's file and no
gradebook ever leaves this machine. What comes back is what the run left. Each worker has warm parents and
walls of its own, and refuses to run anything without them.
"""

import atexit
import json
import shutil
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from foursteps.course import Topic
from foursteps.grade import walls
from foursteps.grade.crew import Crew
from foursteps.grade.intake import own_files
from foursteps.grade.prepare import Prepared
from foursteps.grade.work import Ran, Work, run
from foursteps.run import Limits, Resources
from foursteps.run.cluster import Cluster, Fitness, pack, require_software, software, unfit, unpack

Sandbox = Literal["bwrap", "external", "none"]
GB = 2**30


@dataclass(frozen=True)
class Parcel:
    """One run, as it is sent: plain values only. `files` are the learner's own, by their path."""

    notebook: str
    files: Mapping[str, bytes]
    seed: int
    stamp: str
    limits: Limits
    resources: Resources
    preload: tuple[str, ...]
    sandbox: Sandbox
    software: str


def crew_on(cluster: Cluster, topic: Topic, sandbox: Sandbox) -> Crew:
    """Who runs submissions for `topic` on `cluster`; raises RunError when a worker is not fit for it.

    A run whose worker is lost is made again by another.
    """
    memory_gb = walls.resources_of(topic).memory_mb / 1024
    able = cluster.able()
    for address, has in able.items():
        require_room(address, has, sandbox, memory_gb)
    executor = cluster.executor()
    preload = {name: walls.preload(exercise) for name, exercise in topic.exercises.items()}
    folders: dict[str, Any] = {}

    def submit(work: Work) -> Future:
        stamp = work.prepared.run_stamp
        if stamp not in folders:
            # A task, not scattered data: when the worker that holds it is lost, Dask makes it again.
            packed = pack(work.prepared.folder)
            folders[stamp] = cluster.client.submit(bytes, packed, key=f"foursteps-prepared-{stamp}")
        exercise = work.notebook.metadata["foursteps"]["exercise"].split("/")[-1]
        parcel = Parcel(
            notebook=nbformat.writes(work.notebook, version=nbformat.NO_CONVERT),
            files={inside: path.read_bytes() for path, inside in own_files(work.folder)[0]},
            seed=work.prepared.seed,
            stamp=stamp,
            limits=work.limits,
            resources=work.resources,
            preload=preload[exercise],
            sandbox=sandbox,
            software=software(),
        )
        return _Unpacked(executor.submit(far_run, parcel, folders[stamp]))

    return Crew(
        submit,
        sum(has.threads for has in able.values()),
        stop=lambda: executor.shutdown(wait=False),
        close=lambda: executor.shutdown(wait=True),
    )


def require_room(where: object, has: Fitness, sandbox: Sandbox, memory_gb: float) -> None:
    """Refuse a worker that has no walls, or not enough memory for a run; raises RunError."""
    if sandbox == "bwrap" and has.sandbox:
        raise unfit(
            where,
            "a worker with a sandbox",
            has.sandbox,
            "Install bubblewrap there, or start the workers in a container and use --sandbox external.",
        )
    if has.memory < memory_gb * GB:
        raise unfit(
            where,
            f"{memory_gb:g} GB of memory for a run",
            f"{has.memory / GB:.1f} GB",
            "Start workers with more memory, or lower memory_gb in course.toml.",
        )


class _Unpacked(Future):
    """The future of a Ran, from the future of its text."""

    def __init__(self, text: Future) -> None:
        super().__init__()
        self._text = text
        text.add_done_callback(self._take)

    def cancel(self) -> bool:
        self._text.cancel()
        return super().cancel()

    def _take(self, text: Future) -> None:
        if self.cancelled() or text.cancelled():
            super().cancel()
            return
        error = text.exception()
        if error is not None:
            self.set_exception(error)
        else:
            self.set_result(Ran.from_json(json.loads(text.result())))


# What follows runs on the workers.

_lock = threading.Lock()
_folders: dict[str, Path] = {}
_runners: dict[Any, Any] = {}


def far_run(parcel: Parcel, packed: bytes) -> str:
    """Make the run in `parcel` here, and give what it left as JSON.

    Raises RunError on a worker that joined since and has other software, GradeError on one without a sandbox.
    """
    require_software("a worker", parcel.software)
    with tempfile.TemporaryDirectory(prefix="foursteps-") as sent:
        for inside, content in parcel.files.items():
            path = Path(sent) / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with _lock:
            folder, runner = _unpacked(parcel.stamp, packed), _runner(parcel)
        prepared = Prepared(folder, (), {}, parcel.seed, "", parcel.stamp)
        notebook = nbformat.reads(parcel.notebook, as_version=nbformat.NO_CONVERT)
        work = Work(notebook, Path(sent), prepared, parcel.limits, parcel.resources, "")
        return json.dumps(run(work, runner).as_json())


def _unpacked(stamp: str, packed: bytes) -> Path:
    """The prepared folder on this worker, for as long as it lives."""
    if stamp not in _folders:
        folder = Path(tempfile.mkdtemp(prefix="foursteps-prepared-"))
        unpack(packed, folder)
        folder.chmod(0o755)
        _folders[stamp] = folder
    return _folders[stamp]


def _runner(parcel: Parcel) -> Any:
    """The warm runner for `parcel`, kept by this worker; it refuses to be made without its walls."""
    from foursteps.run.warm import WarmRunner

    wanted = (parcel.preload, parcel.sandbox, parcel.resources, parcel.stamp)
    if wanted not in _runners:
        _runners[wanted] = WarmRunner(
            preload=parcel.preload,
            sandbox=parcel.sandbox,
            resources=parcel.resources,
            stop_on_error=False,
        )
    return _runners[wanted]


@atexit.register
def _leave() -> None:
    for runner in _runners.values():
        runner.stop()
    for folder in _folders.values():
        shutil.rmtree(folder, ignore_errors=True)
