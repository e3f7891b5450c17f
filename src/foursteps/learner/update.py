"""`foursteps update`: a new release into the learner's copies; a backup first, and nothing of theirs lost."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from foursteps import atomic
from foursteps import notebook as nb
from foursteps.course import Topic
from foursteps.learner.merge import merge
from foursteps.learner.work import Copy, companions, copies


@dataclass(frozen=True)
class Updated:
    """What became of one copy: its backup, a sentence for whatever changed in it, the conflicts."""

    copy: Copy
    state: Literal["current", "updated", "conflicts"]
    notes: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    backup: Path | None = None


def update(topic: Topic) -> tuple[Updated, ...]:
    """Bring what is handed out now into the learner's copies of a topic; copies that do not exist stay so.

    Each copy is saved in `work/.foursteps/backup/` before it changes. When this stops half way, the next
    update goes on from there. Raises NotebookError for a copy that cannot be read, which is left as it is.
    """
    done = tuple(_update(copy) for copy in copies(topic) if copy.path.is_file())
    if done:
        companions(topic)
    return done


def _update(copy: Copy) -> Updated:
    local = nb.read(copy.path)
    remote = copy.released(copy.level)
    # Without a record of what was handed out, all that differs from the release counts as the learner's.
    base = nb.read(copy.base) if copy.base.is_file() else remote
    if copy.base.is_file() and base == remote:
        return Updated(copy, "current")
    merged = merge(base, local, remote)
    backup = _back_up(copy)
    nb.write(copy.path, merged.notebook)
    nb.write(copy.base, remote)
    state: Literal["updated", "conflicts"] = "conflicts" if merged.conflicts else "updated"
    return Updated(copy, state, tuple(merged.notes), tuple(merged.conflicts), backup)


def _back_up(copy: Copy) -> Path:
    """Save the learner's notebook, byte for byte, under a name that no other backup has."""
    folder = copy.topic.root / "work" / ".foursteps" / "backup" / copy.topic.name
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    names = (f"{copy.name}-{stamp}{f'-{number}' if number else ''}.ipynb" for number in range(1000))
    path = next(folder / name for name in names if not (folder / name).exists())
    atomic.write_bytes(path, copy.path.read_bytes())
    return path
