"""A cluster that makes runs: Dask's, anywhere, or one of this machine's own processes.

What a run needs is sent, as bytes: no disk is shared. What comes back is what the run left.
"""

import io
import tarfile
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from foursteps import notebook as notebooks
from foursteps.errors import GradeError, RunError
from foursteps.run.cold import ColdRunner, GpuRunner, check_parameters, load, name_of
from foursteps.run.device import DeviceClass, cores, device_name, gpus
from foursteps.run.modules import PACKAGE, code_hash
from foursteps.run.provenance import packages_hash
from foursteps.run.result import DEFAULT_LIMITS, Limits, OnCell, RunResult
from foursteps.run.sandbox import available, require

GRADING = "FOURSTEPS_GRADING"
WAIT_SECONDS = 60.0
RETRIES = 2
"""How often a run is made again whose worker was lost."""


class Cluster:
    """A Dask cluster at `address` (tcp://host:port), or `local`: processes of this machine. Use it in a
    `with` block.

    workers : processes of a local cluster, each making one run at a time; as many as processors unless given.

    It is connected to, or started, when the first run is asked for.
    """

    def __init__(self, address: str, workers: int | None = None) -> None:
        self.address, self._workers = address, workers
        self._own: Any = None
        self._client: Any = None

    @property
    def client(self) -> Any:
        """Dask's client, connected; raises RunError without Dask, a scheduler, or any worker."""
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
            raise unfit(
                self.address,
                "Dask's distributed",
                "none installed",
                "Run `pip install 'foursteps[cluster]'`.",
            ) from None
        target: Any = self.address
        if self.address == "local":
            # No limit on a worker's memory: the watch of each run ends what takes too much.
            self._own = target = LocalCluster(
                n_workers=self._workers or cores(),
                threads_per_worker=1,
                dashboard_address=None,
                memory_limit=None,
            )
        try:
            client = Client(target, timeout=WAIT_SECONDS)
            client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise unfit(
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

    def able(self) -> dict[str, "Fitness"]:
        """What each worker has, by its address; raises RunError for one with other software than here.

        A worker that joins later is asked when it gets its first run.
        """
        found: dict[str, Fitness] = self.client.run(fitness)
        known = self.client.scheduler_info(n_workers=-1)["workers"]
        able = {
            address: replace(
                has,
                threads=known[address]["nthreads"],
                memory=min(has.memory, known[address]["memory_limit"] or has.memory),
            )
            for address, has in found.items()
        }
        for address, has in able.items():
            require_software(address, has.software)
        return able

    def gpus(self) -> tuple[str, ...]:
        """The models of the workers' GPUs; none unless each has one, since any of them may get a run."""
        able = self.able().values()
        return tuple(model for has in able for model in has.gpus) if all(has.gpus for has in able) else ()

    def executor(self) -> Any:
        """Dask's executor: what is submitted is made by any worker, and again when its worker is lost."""
        return self.client.get_executor(pure=False, retries=RETRIES)


@dataclass(frozen=True)
class Fitness:
    """What a worker has.

    sandbox : why it has none; empty when it has. software : a digest of its Python, packages and foursteps.
    memory in bytes; cores of its machine; threads, which are the runs that it makes at a time; gpus by model.
    """

    sandbox: str
    software: str
    memory: int
    cores: int = 1
    threads: int = 1
    host: str = ""
    gpus: tuple[str, ...] = ()


class ClusterRunner:
    """A Runner whose kernels start on the workers of a cluster. Safe to use from several threads.

    Which cell a far run is at is not told: its `on_cell` is never called.

    Parameters
    ----------
    cluster : connected to when the first run is asked for.
    device : the class of device that the runs are for. Raises RunError for "cuda" when a worker has no GPU,
        or makes more runs at a time than one: a run has a card to itself.
    """

    def __init__(self, cluster: Cluster, device: DeviceClass = "cpu") -> None:
        self.device, self._stopped = device, False
        able = cluster.able()
        if device == "cuda":
            for address, has in able.items():
                require_gpu(address, has)
        self.workers = sum(has.threads for has in able.values())
        self.threads = threads_each(able)
        self._executor = cluster.executor()
        self._waiting: set[Future] = set()
        self._lock = threading.Lock()

    def run(
        self,
        notebook: NotebookNode | Path,
        *,
        parameters: Mapping[str, Any] | None = None,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        on_cell: OnCell | None = None,
    ) -> RunResult:
        """Run `notebook`; see Runner.run. The files beneath `cwd` are sent, and the grading folder."""
        given = load(notebook)
        check_parameters(given, parameters or {}, where=name_of(notebook))
        told = dict(env or {})
        grading = told.pop(GRADING, None)
        parcel = Parcel(
            notebook=notebooks.dumps(given),
            parameters=dict(parameters or {}),
            folder=pack(cwd),
            grading=pack(Path(grading)) if grading else None,
            env=told,
            limits=limits,
            device=self.device,
            software=software(),
        )
        with self._lock:
            if self._stopped:
                raise CancelledError
            future = self._executor.submit(far_run, parcel)
            self._waiting.add(future)
        try:
            return future.result()
        finally:
            with self._lock:
                self._waiting.discard(future)

    def stop(self) -> None:
        """Give up every run in progress, and any that comes; see Runner.stop."""
        with self._lock:
            self._stopped = True
            for future in self._waiting:
                future.cancel()
        self._executor.shutdown(wait=False)


@dataclass(frozen=True)
class Parcel:
    """A run, as it is sent: plain values only. Folders are packed."""

    notebook: str
    parameters: dict[str, Any]
    folder: bytes
    grading: bytes | None
    env: dict[str, str]
    limits: Limits
    device: DeviceClass
    software: str


def threads_each(able: Mapping[str, Fitness]) -> int:
    """The threads of each run, when every worker is at work: a share of its machine's cores, the least."""
    runs: Counter[str] = Counter()
    for address, has in able.items():
        runs[has.host or address] += has.threads
    return max(1, min(has.cores // runs[has.host or address] for address, has in able.items()))


def require_software(where: object, found: str) -> None:
    """Refuse a worker whose software is not what is here: versions change results. Raises RunError."""
    if found != software():
        raise unfit(
            where,
            "the same Python, packages and foursteps as here",
            "others",
            "Install the same constraints.txt on every worker: versions change results.",
        )


def require_gpu(where: object, has: Fitness) -> None:
    """Refuse a worker that cannot give a run a card of its own; raises RunError."""
    if not has.gpus:
        raise unfit(
            where,
            "a worker with an NVIDIA GPU",
            "none",
            "Use --device cpu, or let only workers with a GPU join.",
        )
    if has.threads > 1:
        raise unfit(
            where,
            "one run at a time on its GPU",
            f"{has.threads} threads",
            "Start one worker a card, with --nthreads 1.",
        )


def unfit(where: object, expected: str, found: str, mend: str) -> RunError:
    """The error about a cluster, or a worker, that cannot do what is asked."""
    return RunError(f"the cluster at {where}", expected=expected, found=found, mend=mend)


def pack(folder: Path) -> bytes:
    """A folder as the bytes of a tar file, compressed."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
        tar.add(folder, arcname=".")
    return packed.getvalue()


def unpack(packed: bytes, folder: Path) -> None:
    """What `pack` gave, into `folder`; raises tarfile.TarError for a path that leads out of it."""
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        tar.extractall(folder, filter="data")


@cache
def software() -> str:
    """A digest of all that must be the same on every machine: Python, packages, and the kit's code."""
    return packages_hash() + code_hash(sorted(PACKAGE.rglob("*.py")), PACKAGE)


# What follows runs on the workers.


def fitness() -> Fitness:
    """What this worker has."""
    import platform

    import psutil

    missing = ""
    try:
        require("bwrap", available())
    except GradeError as error:
        missing = error.found
    memory = psutil.virtual_memory().total
    return Fitness(missing, software(), memory, cores(), host=platform.node(), gpus=gpus())


def far_run(parcel: Parcel) -> RunResult:
    """Make the run in `parcel` here.

    Raises RunError on a worker that joined since and has other software, or no GPU.
    """
    require_software("a worker", parcel.software)
    given = nbformat.reads(parcel.notebook, as_version=nbformat.NO_CONVERT)
    runner = GpuRunner() if parcel.device == "cuda" else ColdRunner()
    with tempfile.TemporaryDirectory(prefix="foursteps-") as place:
        cwd, grading = Path(place, "work"), Path(place, "grading")
        unpack(parcel.folder, cwd)
        env = dict(parcel.env)
        if parcel.grading is not None:
            unpack(parcel.grading, grading)
            env[GRADING] = str(grading)
        result = runner.run(given, parameters=parcel.parameters, cwd=cwd, env=env, limits=parcel.limits)
    return replace(result, device=device_name(parcel.device))
