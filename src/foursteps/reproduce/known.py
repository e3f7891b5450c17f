"""Which kept run a task asks for, known at once while nothing at all has changed.

What a run depends on is found by reading: the kit's modules that a notebook imports, and the inputs that its
grader draws, for which the grader is run and may import torch. That takes seconds. While no byte of the
notebook, of the graders beside it and of the kit differs, and no package, the answer cannot differ either.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from foursteps import atomic
from foursteps.run.cache import Entry, RunCache
from foursteps.run.device import DeviceClass
from foursteps.run.modules import PACKAGE
from foursteps.run.provenance import packages_hash

MARKED = "marked by"
"""The note on a solution's run that says by what its evidence was valued."""


def question(
    notebook: Path, beside: Path, seed: int, parameters: Mapping[str, Any], device: DeviceClass
) -> str:
    """A digest (64 hex digits) of everything that the run of a notebook could depend on, unread.

    beside : a folder whose modules count too: a solution's graders, a lecture's piece.
    """
    files = [notebook, *sorted(beside.glob("*.py"))]
    parts = [_bytes(files), seed, dict(parameters), device, packages_hash(), kit()]
    text = json.dumps(parts, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()


def recall(runs: RunCache, asked: str) -> Entry | None:
    """The run that answered the question `asked`, while it is kept, and valued as it was then."""
    try:
        key, marked = _place(runs, asked).read_text("utf-8").split("\n")
    except (OSError, ValueError):
        return None
    entry = runs.get(key)
    return entry if entry and entry.notes.get(MARKED, "") == marked else None


def remember(runs: RunCache, asked: str, entry: Entry) -> None:
    """Keep that `entry`, which is kept, answers the question `asked`."""
    atomic.write_text(_place(runs, asked), f"{entry.key}\n{entry.notes.get(MARKED, '')}")


@cache
def kit() -> str:
    """A digest of every module of the kit."""
    return _bytes(sorted(PACKAGE.rglob("*.py")))


def _bytes(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _place(runs: RunCache, asked: str) -> Path:
    return runs.root / "known" / asked[:2] / asked
