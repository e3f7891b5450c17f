"""Several learners at a time through nbgrader, made for one: its steps in turn, the runs side by side.

nbgrader changes the working folder and the environment of the whole process while it grades somebody. So
whoever has the turn finds both as they left them, and all but the runs themselves happens in turn.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TELLS = "NBGRADER_"
"""With this begin the variables by which nbgrader tells a notebook what is done with it."""


class Turns:
    """One at a time, in a `with` block; `away` leaves it to others for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outside = _surroundings()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        _restore(*self._outside)
        self._lock.release()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Without the turn, in the surroundings of whoever began; afterwards with it again, in one's own."""
        own = _surroundings()
        _restore(*self._outside)
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
            _restore(*own)


def _surroundings() -> tuple[Path, dict[str, str]]:
    return Path.cwd(), {name: value for name, value in os.environ.items() if name.startswith(TELLS)}


def _restore(folder: Path, told: dict[str, str]) -> None:
    os.chdir(folder)
    for name in [name for name in os.environ if name.startswith(TELLS)]:
        if name not in told:
            del os.environ[name]
    os.environ.update(told)
