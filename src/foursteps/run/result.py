"""What a run is given and what it gives back: Limits, Resources, RunResult, and the Runner that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from nbformat import NotebookNode

from foursteps.errors import RunError

Status = Literal["ok", "error", "timeout", "died", "flooded"]
OnCell = Callable[[int, int, str], None]
"""Told before each code cell: its number from 1, how many there are, its first line of source."""

MENDS = {
    "error": "Open the notebook, run it from the top, and correct that cell.",
    "timeout": "Make the cell do less, or raise the limit.",
    "died": "Look for a crash in native code, for os._exit, or for too much memory.",
    "flooded": "Print less, or raise the limit on output.",
}


@dataclass(frozen=True)
class Limits:
    """How long a notebook and each of its cells may run, in seconds, and the bytes its outputs may take."""

    notebook_seconds: float = 1800.0
    cell_seconds: float = 900.0
    output_bytes: int = 20 * 2**20


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Resources:
    """What one walled run may take: memory of all its processes and of its files in MB of 2**20 bytes,
    processes and threads, files that are open at a time, and MB of files that it brings along.
    """

    memory_mb: float = 4096
    scratch_mb: float = 1024
    processes: int = 128
    open_files: int = 1024
    submission_mb: float = 100


@dataclass(frozen=True)
class CellError:
    """Why a run ended early, and where.

    cell is the cell's id, number its place among the code cells from 1; name and value are the exception's,
    or the limit's; the traceback is plain text, empty when the kernel could give none.
    """

    cell: str
    number: int
    source: str
    name: str
    value: str
    traceback: str = ""

    def __str__(self) -> str:
        first = self.source.strip().splitlines()[0] if self.source.strip() else ""
        said = f"{self.name}: {self.value}" if self.value else self.name
        return f"cell {self.number} ({self.cell}), `{first[:70]}`: {said}"


@dataclass(frozen=True)
class RunResult:
    """One run of a notebook.

    notebook is the notebook as it stood at the end, with the outputs that had arrived, whatever the status.
    peak_mb is the highest memory seen of the kernel and its children, in MB of 2**20 bytes. cell_seconds
    are the wall seconds of the code cells that were started, in order (an injected parameters cell too).
    device is the model of another machine's device that it ran on; empty for this machine's.
    """

    notebook: NotebookNode
    status: Status
    error: CellError | None
    seconds: float
    peak_mb: float
    cell_seconds: tuple[float, ...] = ()
    device: str = ""

    @property
    def ok(self) -> bool:
        """Whether the notebook ran to its end without an exception."""
        return self.status == "ok"

    def require_ok(self, where: object) -> "RunResult":
        """This result if it is ok; otherwise raises RunError about `where`."""
        if self.ok:
            return self
        raise RunError(
            where,
            expected="a notebook that runs from top to bottom",
            found=str(self.error or self.status),
            mend=MENDS[self.status],
        )


class Runner(Protocol):
    """Runs notebooks. The only seam behind which a kernel starts."""

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
        """Run `notebook` in the folder `cwd` and give what became of it; the notebook given is not changed.

        `env` is added to this process's environment for the kernel. Raises ParameterError for a parameter
        that the notebook does not declare, and RunError when no kernel can be started, both before any
        cell runs. What a cell does is never an exception here but the result's status.
        """
        ...

    def stop(self) -> None:
        """End every run in progress in other threads, their kernels, and any run that comes after.

        Those runs raise CancelledError. Called when the command that they belong to is broken off.
        """
        ...
