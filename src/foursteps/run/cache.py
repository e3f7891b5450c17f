"""The run cache: a notebook that was run is not run again until something it depends on has changed."""

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from foursteps import atomic
from foursteps import notebook as notebooks
from foursteps.errors import FourstepsError
from foursteps.run.cold import load
from foursteps.run.device import DeviceClass
from foursteps.run.modules import modules_hash
from foursteps.run.provenance import Provenance, packages_hash, stamp
from foursteps.run.result import DEFAULT_LIMITS, Limits, OnCell, Runner, RunResult

FORMAT = 1
STALE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Entry:
    """A run, where it comes from, whether it was run just now or found, and the caller's own notes on it."""

    key: str
    result: RunResult
    provenance: Provenance
    fresh: bool
    notes: Mapping[str, Any] = field(default_factory=dict)


class RunCache:
    """Runs by what they depend on, as folders below `root`; by default `runs` in foursteps' cache.

    A folder is written beside and renamed, so there are only whole ones, whatever is killed, and several
    processes may share them: the worst is that two of them run the same notebook at the same time. Only
    runs that ended well are kept.
    """

    def __init__(self, root: Path | None = None) -> None:
        if root is None:
            from foursteps.data.source import cache

            root = cache() / "runs"
        self.root = Path(root)

    def key(
        self,
        notebook: NotebookNode,
        *,
        parameters: Mapping[str, Any] | None = None,
        device: DeviceClass,
        extra: Any = None,
    ) -> str:
        """The name of a run: SHA-256 (64 hex digits) of all that its result depends on.

        That is the notebook's kernel and code, the values of its parameters, the versions of all installed
        packages, the kit's own modules that the notebook imports, the checksums of the datasets its
        metadata names, the class of device, and `extra`, which the caller knows of (plain JSON).
        """
        return _digest(
            FORMAT,
            notebooks.source_hash(notebook),
            {**notebooks.parameters(notebook), **(parameters or {})},
            packages_hash(),
            modules_hash(notebook),
            _checksums(notebook),
            device,
            extra,
        )

    def get(self, key: str) -> Entry | None:
        """The entry called `key`, or None where there is none that can be read."""
        folder = self._folder(key)
        try:
            kept = json.loads((folder / "run.json").read_text("utf-8"))
            result = RunResult(
                notebook=notebooks.read(folder / "notebook.ipynb"),
                status="ok",
                error=None,
                seconds=kept["seconds"],
                peak_mb=kept["peak_mb"],
                cell_seconds=tuple(kept["cell_seconds"]),
            )
            provenance = Provenance.model_validate(kept["provenance"])
            return Entry(key, result, provenance, fresh=False, notes=kept["notes"])
        except (OSError, ValueError, KeyError, TypeError, FourstepsError):
            return None  # missing, or damaged from outside: it is run and written again

    def put(
        self, key: str, result: RunResult, provenance: Provenance, notes: Mapping[str, Any] | None = None
    ) -> None:
        """Keep a run that ended well, with `notes`, which are plain JSON."""
        self._sweep()
        kept = {
            "seconds": result.seconds,
            "peak_mb": result.peak_mb,
            "cell_seconds": result.cell_seconds,
            "provenance": provenance.model_dump(mode="json"),
            "notes": dict(notes or {}),
        }
        with atomic.folder(self._folder(key)) as folder:
            notebooks.write(folder / "notebook.ipynb", result.notebook)
            atomic.write_text(folder / "run.json", json.dumps(kept, indent=1) + "\n")

    def run(
        self,
        runner: Runner,
        notebook: NotebookNode | Path,
        *,
        parameters: Mapping[str, Any] | None = None,
        cwd: Path,
        device: DeviceClass,
        env: Mapping[str, str] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        on_cell: OnCell | None = None,
        extra: Any = None,
        force: bool = False,
    ) -> Entry:
        """The run of `notebook` as it was kept; else, or with `force`, run it with `runner` and keep it.

        Parameters as of Runner.run and `key`. Raises what Runner.run raises. A run that did not end well is
        given back (look at `result.ok`) and not kept.
        """
        given = load(notebook)
        key = self.key(given, parameters=parameters, device=device, extra=extra)
        if not force and (found := self.get(key)):
            return found
        result = runner.run(notebook, parameters=parameters, cwd=cwd, env=env, limits=limits, on_cell=on_cell)
        provenance = stamp(
            given,
            parameters or {},
            device,
            seconds=result.seconds,
            peak_mb=result.peak_mb,
            model=result.device,
        )
        if result.ok:
            self.put(key, result, provenance)
        return Entry(key, result, provenance, fresh=True)

    def _folder(self, key: str) -> Path:
        return self.root / key[:2] / key

    def _sweep(self) -> None:
        """Remove what killed processes left beside whole entries, once it is a day old."""
        for left in self.root.glob("??/.*"):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > STALE_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)


def _checksums(notebook: NotebookNode) -> dict[str, str]:
    """The version (rows, sizes, layout) of each dataset that the notebook's metadata names."""
    names = notebook.metadata.get("foursteps", {}).get("data", [])
    if not names:
        return {}
    from foursteps.data import DATASETS

    return {name: DATASETS[name].version if name in DATASETS else "" for name in sorted(names)}


def _digest(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, default=repr, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
