"""How far a learner is: a small SQLite file in their own `work/` folder, private, and never in the way.

One table of events, which is only ever added to: what `check()` said, which claims were reached, guesses,
answers recalled. Written ahead (WAL), so that two notebooks write at once and a killed kernel loses nothing
that was shown. Where it cannot be written (a full disk, a read-only home), an event waits in memory for the
next one, and no cell fails over it.
"""

# No run depends on this module: nothing is recorded outside a learner's own folder, nor while grading.

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foursteps.errors import WorkError

VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    topic TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT '',
    points REAL,
    max_points REAL,
    more TEXT NOT NULL DEFAULT '{}'
)
"""
COLUMNS = "at, kind, topic, name, state, points, max_points, more"
WAIT_SECONDS = 5.0
MAX_WAITING = 1000
_waiting: dict[Path, list["Event"]] = {}


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    kind : check, mark, claim, guess, recall, watched or shown.
    name : the check, the claim, the guess or the question it is about.
    state : an outcome's state; for recall, `knew` or `missed`.
    at : seconds since 1970.
    """

    kind: str
    topic: str
    name: str
    state: str = ""
    points: float | None = None
    max_points: float | None = None
    more: dict[str, Any] = field(default_factory=dict)
    at: float = field(default_factory=time.time)


class Progress:
    """The events in the file `path`, which is created when the first one is added."""

    def __init__(self, path: Path):
        self.path = path

    @classmethod
    def of(cls, work: Path) -> "Progress":
        """The progress kept in a learner's folder `work`."""
        return cls(work / ".foursteps" / "progress.db")

    def add(self, *events: Event) -> None:
        """Add events, all or none, after those that waited; raises WorkError when that fails."""
        held = [*_waiting.get(self.path, []), *events]
        rows = [
            (e.at, e.kind, e.topic, e.name, e.state, e.points, e.max_points, json.dumps(e.more)) for e in held
        ]
        with self._open() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
        _waiting.pop(self.path, None)

    def keep(self, event: Event) -> bool:
        """Add an event if it can be written, else let it wait in memory; says whether it was written."""
        try:
            self.add(event)
        except WorkError:
            waiting = _waiting.setdefault(self.path, [])
            waiting.append(event)
            del waiting[:-MAX_WAITING]
            return False
        return True

    def events(self, *kinds: str, topic: str | None = None) -> list[Event]:
        """Every event of these kinds, or of all, oldest first; none while there is no file."""
        if not self.path.is_file():
            return []
        with self._open() as connection:
            rows = connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY at, id").fetchall()
        found = [
            Event(kind, of, name, state, points, most, json.loads(more), at)
            for at, kind, of, name, state, points, most, more in rows
        ]
        return [e for e in found if (not kinds or e.kind in kinds) and topic in (None, e.topic)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with closing(
                sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)
            ) as connection:
                # A file system without shared memory (some network homes) keeps SQLite's older journal.
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                self._require_known(connection)
                connection.execute(SCHEMA)
                connection.execute(f"PRAGMA user_version = {VERSION}")
                os.chmod(self.path, 0o600)
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise WorkError(
                self.path,
                expected="a record of progress that can be read and written",
                found=str(error),
                mend="Free some disk space; if the file is damaged, rename it, and a new one begins.",
            ) from error

    def _require_known(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise WorkError(
                self.path,
                expected=f"progress of version {VERSION} or older",
                found=f"version {version}",
                mend="Install the foursteps that wrote it, or a newer one.",
            )


def progress_here(folder: Path | None = None) -> Progress | None:
    """The progress that a notebook in `folder` belongs to; None outside a learner's own folder.

    Only what runs inside a course's `work/` counts, so that authors' and graders' runs leave no trace.
    """
    here = (folder or Path.cwd()).resolve()
    for place in (here, *here.parents):
        if place.name == "work" and (place.parent / "course.toml").is_file():
            return Progress.of(place)
    return None


def remember(kind: str, name: str, state: str = "", **more: Any) -> bool:
    """Note in a learner's notebook that something happened there; never raises.

    The topic is the folder's name. Gives False when it could not be written and waits in memory.
    """
    try:
        if "FOURSTEPS_GRADING" in os.environ:
            return True
        progress = progress_here()
        return progress is None or progress.keep(Event(kind, Path.cwd().name, name, state, more=more))
    except Exception:  # whatever it is, a cell does not fail over a note
        return False
