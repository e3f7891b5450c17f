"""FakeRunner: a runner without a kernel, for whoever tests what is built on one."""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from foursteps.run.cold import check_parameters, load, name_of
from foursteps.run.result import DEFAULT_LIMITS, Limits, OnCell, RunResult

Handler = Callable[..., RunResult | NotebookNode]


class FakeRunner:
    """Asks `handler(notebook, parameters)` instead of a kernel.

    The handler gets a copy of the notebook and a dict, and gives a RunResult, or a notebook that then
    counts as one that ran without an error. Each call is kept in `calls` as (notebook, parameters).
    """

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.calls: list[tuple[NotebookNode | Path, dict[str, Any]]] = []

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
        given = load(notebook)
        parameters = dict(parameters or {})
        check_parameters(given, parameters, where=name_of(notebook))
        self.calls.append((notebook, parameters))
        result = self.handler(copy.deepcopy(given), parameters)
        if isinstance(result, NotebookNode):
            result = RunResult(result, "ok", None, seconds=0.0, peak_mb=0.0)
        return result

    def stop(self) -> None:
        """Nothing runs, so nothing is to be stopped."""
