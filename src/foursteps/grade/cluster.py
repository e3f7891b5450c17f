"""A cluster that makes the runs of a class: Dask's, anywhere, or one of this machine's own processes.

What is sent is the submission and the prepared folder, as bytes: no disk is shared, and no key, no other
learner's file and no gradebook ever leaves this machine. What comes back is what the run left. Each worker
has warm parents and walls of its own, and refuses to run anything without them.
"""

import atexit
import io
import json
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from foursteps.course import Course, Topic
from foursteps.errors import GradeError
from foursteps.grade import walls
from foursteps.grade.crew import Crew, cores
from foursteps.grade.intake import own_files
from foursteps.grade.keys import digest
from foursteps.grade.prepare import Prepared
from foursteps.grade.stamps import installed, kit
from foursteps.grade.work import Ran, Work, run
from foursteps.run import Limits, Resources

Sandbox = Literal["bwrap", "external", "none"]
WAIT_SECONDS = 60.0
MB = 2**20


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


class Cluster:
    """A Dask cluster at `address` (tcp://host:port), or `local`: processes of this machine. Use it in a
    `with` block.

    workers : processes of a local cluster, each making one run at a time; as many as processors unless given.

    It is connected to, or started, when the first run is asked for.
    """

    def __init__(self, address: str, workers: int | None = None) -> None:
        self.address, self.workers = address, workers
        self._own: Any = None
        self._client: Any = None

    @property
    def client(self) -> Any:
        """Dask's client, connected; raises GradeError without Dask, a scheduler, or any worker."""
        if self._client is None:
            try:
                self._client = self._connected()
            except BaseException:
                self.close()
                raise
        return self._client

    def _connected(self) -> Any:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise _unfit(
                self.address,
                "Dask's distributed",
                "none installed",
                "Run `pip install 'foursteps[cluster]'`.",
            ) from None
        target: Any = self.address
        if self.address == "local":
            # No limit on a worker's memory: the watch of each run ends what takes too much.
            self._own = target = LocalCluster(
                n_workers=self.workers or cores(),
                threads_per_worker=1,
                dashboard_address=None,
                memory_limit=None,
            )
        try:
            client = Client(target, timeout=WAIT_SECONDS)
            client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise _unfit(
                self.address,
                "a Dask scheduler with at least one worker",
                str(error) or type(error).__name__,
                "Start them, or correct the address.",
            ) from None
        return client

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster; a local one ends."""
        for part in (self._client, self._own):
            if part is not None:
                part.close()
        self._client = self._own = None

    def crew(self, course: Course, topic: Topic, sandbox: Sandbox) -> Crew:
        """Who runs submissions for `topic`; raises GradeError when a worker is not fit for it.

        A run whose worker is lost is made again by another.
        """
        software = digest([installed(), kit()])
        memory_gb = walls.resources_of(topic).memory_mb / 1024
        found = self.client.run(fitness)
        limits = {name: state["memory_limit"] for name, state in self._workers().items()}
        for worker, able in found.items():
            _require(worker, able, sandbox, software, memory_gb, limits.get(worker))
        threads = sum(state["nthreads"] for state in self._workers().values())
        executor = self.client.get_executor(pure=False, retries=2)
        preload = {name: walls.preload(exercise) for name, exercise in topic.exercises.items()}
        folders: dict[str, Any] = {}

        def submit(work: Work) -> Future:
            stamp = work.prepared.run_stamp
            if stamp not in folders:
                # A task, not scattered data: when the worker that holds it is lost, Dask makes it again.
                packed = pack(work.prepared.folder)
                folders[stamp] = self.client.submit(bytes, packed, key=f"foursteps-prepared-{stamp}")
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
                software=software,
            )
            return _Unpacked(executor.submit(far_run, parcel, folders[stamp]))

        return Crew(
            submit,
            threads,
            stop=lambda: executor.shutdown(wait=False),
            close=lambda: executor.shutdown(wait=True),
        )

    def _workers(self) -> Mapping[str, Any]:
        return self.client.scheduler_info(n_workers=-1)["workers"]


def _unfit(where: object, expected: str, found: str, mend: str) -> GradeError:
    return GradeError(f"the cluster at {where}", expected=expected, found=found, mend=mend)


def _require(
    worker: str,
    able: Mapping[str, Any],
    sandbox: Sandbox,
    software: str,
    memory_gb: float,
    memory_limit: int | None,
) -> None:
    """Refuse a worker that could not make a run, or would make another one."""
    if sandbox == "bwrap" and able["sandbox"]:
        raise _unfit(
            worker,
            "a worker with a sandbox",
            able["sandbox"],
            "Install bubblewrap there, or start the workers in a container and use --sandbox external.",
        )
    if able["software"] != software:
        raise _unfit(
            worker,
            "the same Python, packages and foursteps as here",
            "others",
            "Install the same constraints.txt on every worker: versions change results.",
        )
    room = min(able["memory"], memory_limit or able["memory"]) / MB / 1024
    if room < memory_gb:
        raise _unfit(
            worker,
            f"{memory_gb:g} GB of memory for a run",
            f"{room:.1f} GB",
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


def pack(folder: Path) -> bytes:
    """A folder as the bytes of a tar file, compressed."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
        tar.add(folder, arcname=".")
    return packed.getvalue()


# What follows runs on the workers.

_lock = threading.Lock()
_folders: dict[str, Path] = {}
_runners: dict[Any, Any] = {}


def fitness() -> dict[str, Any]:
    """What this worker has: why it has no sandbox, if so; its software, as a digest; its memory in bytes."""
    import psutil

    from foursteps.run.sandbox import available, require

    missing = ""
    try:
        require("bwrap", available())
    except GradeError as error:
        missing = error.found
    software = digest([installed(), kit()])
    return {"sandbox": missing, "software": software, "memory": psutil.virtual_memory().total}


def far_run(parcel: Parcel, packed: bytes) -> str:
    """Make the run in `parcel` here, and give what it left as JSON.

    Raises GradeError on a worker that joined since and has another software, or no sandbox.
    """
    if digest([installed(), kit()]) != parcel.software:
        raise _unfit("a worker", "the same software as everywhere", "another", "Install the same everywhere.")
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
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
            tar.extractall(folder, filter="data")
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
