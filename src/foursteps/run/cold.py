"""ColdRunner: each notebook in a fresh kernel, by papermill."""

import copy
import difflib
import threading
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from foursteps import notebook as notebooks
from foursteps.errors import ParameterError
from foursteps.run.device import require_torch_sees_gpu
from foursteps.run.result import DEFAULT_LIMITS, Limits, OnCell, RunResult

if TYPE_CHECKING:
    from foursteps.run.session import Session

INJECTED = "injected-parameters"


class ColdRunner:
    """Runs each notebook in a fresh kernel that ends with it. Safe to use from several threads."""

    def __init__(self) -> None:
        self._sessions: set[Session] = set()
        self._stopped = False
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
        """Run `notebook`; see Runner.run."""
        began = monotonic()
        given = load(notebook)
        check_parameters(given, parameters or {}, where=name_of(notebook))
        # Imported here because they take two seconds to import, which other commands need not wait for.
        from papermill.engines import papermill_engines

        from foursteps.run.engine import FourstepsEngine
        from foursteps.run.session import Session

        papermill_engines.register("foursteps", FourstepsEngine)
        prepared = _prepare(given, dict(parameters or {}))
        session = Session(cwd, env=env, limits=limits, on_cell=on_cell)
        with self._lock:
            self._sessions.add(session)
            if self._stopped:
                session.stop()
        try:
            papermill_engines.execute_notebook_with_engine(
                "foursteps",
                prepared,
                prepared.metadata.kernelspec.name,
                progress_bar=False,
                autosave_cell_every=0,
                session=session,
            )
        finally:
            with self._lock:
                self._sessions.discard(session)
        return RunResult(
            notebook=_tidy(prepared, given),
            status=session.status,
            error=session.error,
            seconds=monotonic() - began,
            peak_mb=session.peak_mb,
            cell_seconds=tuple(session.cell_seconds),
        )

    def stop(self) -> None:
        """End every run in progress in other threads, and any that comes; see Runner.stop."""
        with self._lock:
            self._stopped = True
            for session in self._sessions:
                session.stop()


class GpuRunner(ColdRunner):
    """A ColdRunner for GPU runs: it starts nothing before it is known that torch sees the GPU."""

    def run(self, notebook: NotebookNode | Path, **more: Any) -> RunResult:
        """Run `notebook`; see Runner.run. Raises RunError too when torch cannot use the GPU."""
        require_torch_sees_gpu()
        return super().run(notebook, **more)


def load(notebook: NotebookNode | Path) -> NotebookNode:
    """`notebook` itself, or read from its path."""
    return notebook if isinstance(notebook, NotebookNode) else notebooks.read(Path(notebook))


def name_of(notebook: NotebookNode | Path) -> str:
    """What a message calls `notebook`."""
    return "the notebook" if isinstance(notebook, NotebookNode) else str(notebook)


def check_parameters(notebook: NotebookNode, parameters: Mapping[str, Any], where: object) -> None:
    """Refuse a parameter that the notebook does not declare; raises ParameterError.

    papermill itself only warns, and runs with the notebook's own value.
    """
    declared = notebooks.parameters(notebook)
    for name in parameters:
        if name in declared:
            continue
        near = difflib.get_close_matches(name, declared, n=1)
        raise ParameterError(
            where,
            expected=f"one of the parameters {', '.join(declared)}" if declared else "no parameters",
            found=name,
            mend=f"Did you mean {near[0]}?"
            if near
            else "Correct the name, or declare it in the cell tagged parameters.",
        )


def _prepare(notebook: NotebookNode, parameters: dict[str, Any]) -> NotebookNode:
    """A copy of `notebook` as papermill's engines want it, with `parameters` in a cell of their own."""
    from papermill.parameterize import parameterize_notebook

    prepared = copy.deepcopy(notebook)
    prepared.metadata.setdefault("papermill", NotebookNode())
    for cell in prepared.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", NotebookNode())
    if not parameters:
        return prepared
    spec = prepared.metadata.kernelspec
    prepared = parameterize_notebook(
        prepared, parameters, kernel_name=spec.name, language=spec.get("language", "python")
    )
    cell = notebooks.tagged(prepared, INJECTED)
    assert cell is not None  # papermill has just put it there
    cell.id = INJECTED
    cell.metadata.setdefault("papermill", NotebookNode())
    return prepared


def _tidy(run: NotebookNode, given: NotebookNode) -> NotebookNode:
    """`run` without papermill's own metadata, which is about this machine and this minute."""
    if "papermill" not in given.metadata:
        run.metadata.pop("papermill", None)
    for cell in run.cells:
        cell.metadata.pop("papermill", None)
        if not cell.metadata.get("tags", ["some"]):
            del cell.metadata["tags"]
    return run
