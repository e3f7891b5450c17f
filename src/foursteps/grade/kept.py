"""Runs that are kept: a submission is not run again until something that its run depends on has changed."""

import json
import os
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from foursteps import atomic
from foursteps.grade.work import Ran

OLD_SECONDS = 30 * 24 * 3600


class Kept:
    """The runs of one exercise in a class, by key, as files that only their owner may read.

    A file is written beside and renamed, so there are only whole ones, whatever is killed.
    """

    def __init__(self, workspace: Path, exercise: object) -> None:
        self.root = workspace / "runs" / str(exercise)

    def get(self, key: str) -> Ran | None:
        """The run called `key`, or None where there is none that can be read."""
        path = self._path(key)
        try:
            found = Ran.from_json(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None  # missing, or damaged from outside: it is run and written again
        with suppress(OSError):
            os.utime(path)
        return found

    def holds(self, key: str) -> bool:
        """Whether there is a run called `key`; leaves its age as it is."""
        return self._path(key).is_file()

    def put(self, key: str, ran: Ran) -> None:
        """Keep `ran` as `key`."""
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.write_text(path, json.dumps(ran.as_json()), mode=0o600)

    def forget(self, wanted: Collection[str]) -> None:
        """Remove what was not asked for in the last thirty days and is none of `wanted`."""
        before = time.time() - OLD_SECONDS
        for path in self.root.glob("*/*"):
            with suppress(OSError):
                if path.stem not in wanted and path.stat().st_mtime < before:
                    path.unlink()

    def _path(self, key: str) -> Path:
        return self.root / key[:2] / f"{key}.json"
