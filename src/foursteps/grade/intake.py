"""What lies in a submission's folder: files are taken, everything else is set aside and named.

nbgrader copies what it finds beside a notebook into the folder that learners get back, through links too: a
link to the gradebook would come home as its content. So links, pipes, sockets and devices are moved out of
its sight, to `class/set_aside/<learner>/<topic>/`, before it looks; nothing is deleted.
"""

import os
import re
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from foursteps import atomic

STAND_IN = "What was handed in under this name is no file. It has been set aside.\n"
TIMESTAMP = "timestamp.txt"
MAX_BYTES = 100 * 2**20
MAX_FILES = 1000
MAX_DEPTH = 20
USUAL = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d{1,6})? UTC")
KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
    stat.S_IFREG: "a file",
}


def sort_out(workspace: Path, topic: str) -> None:
    """Set aside what is no plain file in every submission for `topic`."""
    for submitted in sorted((workspace / "submitted").glob(f"*/{topic}")):
        if submitted.is_dir() and not submitted.is_symlink():
            set_aside(submitted, aside_of(submitted))


def set_aside(submitted: Path, aside: Path) -> None:
    """Move what is no plain file out of the folder `submitted` into `aside`; `named` says what there is.

    A notebook's name that was a link or a folder gets a stand-in, so that the learner has a row and is told.
    Of a submission that came later than what was set aside, the older things are forgotten.
    """
    if _is_newer(submitted, aside):
        shutil.rmtree(aside)
    for path in list(_strange(submitted)):
        target = aside / path.relative_to(submitted)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove(target)
        path.rename(target)
        if path.suffix == ".ipynb" and path.parent == submitted:
            atomic.write_text(path, STAND_IN)


def aside_of(submitted: Path) -> Path:
    """Where the things go that were set aside of the submission `class/submitted/<learner>/<topic>`."""
    return submitted.parents[2] / "set_aside" / submitted.parent.name / submitted.name


def left_out(submitted: Path) -> list[str]:
    """A sentence for each thing of the submission that was set aside, or that a run does not get."""
    notes = []
    if len(submitted.parents) > 2 and submitted.parents[1].name == "submitted":
        notes += named(aside_of(submitted))
    _, over = own_files(submitted)
    if over:
        were = "file was" if over == 1 else "files were"
        limit = f"{MAX_BYTES / 2**20:g} MB in {MAX_FILES:,} files, {MAX_DEPTH} folders deep"
        notes.append(f"{over:,} {were} left out: a notebook may bring along at most {limit}.")
    return notes


def named(aside: Path) -> list[str]:
    """A sentence for each thing that was set aside."""
    found = []
    for path in sorted(_leaves(aside)) if aside.is_dir() else ():
        inside = path.relative_to(aside).as_posix()
        if inside == TIMESTAMP and _kind(path) == "a file":
            found.append(f"{TIMESTAMP} holds no time that can be read; it was left out.")
        else:
            found.append(f"{_printable(inside)} is {_kind(path)}; only files are taken, so it was left out.")
    return found[:20] + ([f"{len(found) - 20} more things were left out."] if len(found) > 20 else [])


def own_files(submitted: Path) -> tuple[list[tuple[Path, str]], int]:
    """A learner's own files beside the notebook, sorted, each with its path inside; how many are left out.

    No links, no notebooks; at most MAX_BYTES in MAX_FILES files, MAX_DEPTH folders deep.
    """
    found: list[tuple[Path, str]] = []
    room, over = MAX_BYTES, 0
    for path in _files(submitted):
        inside = path.relative_to(submitted)
        size = path.lstat().st_size
        if size > room or len(found) == MAX_FILES or len(inside.parts) > MAX_DEPTH:
            over += 1
            continue
        room -= size
        found.append((path, inside.as_posix()))
    return found, over


def _files(submitted: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(submitted):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if stat.S_ISREG(path.lstat().st_mode) and path.suffix != ".ipynb":
                yield path


def _strange(submitted: Path) -> Iterator[Path]:
    """What is neither a plain file nor a folder of plain files, outermost first."""
    for place, folders, names in os.walk(submitted):
        for name in (*folders, *names):
            path = Path(place, name)
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                if path.suffix == ".ipynb":
                    yield path
            elif not stat.S_ISREG(mode) or (name == TIMESTAMP and not _is_time(path)):
                yield path
        folders[:] = [name for name in folders if Path(place, name).is_dir() and not name.endswith(".ipynb")]


def _is_time(path: Path) -> bool:
    """Whether nbgrader could read `path`; it ends the whole batch over one that it cannot."""
    try:
        text = path.read_text("utf-8").strip() if path.stat().st_size < 200 else "too long"
        if not text or _is_usual(text):
            return True
        from nbgrader.utils import parse_utc

        return parse_utc(text) is not None
    except (ValueError, OverflowError, TypeError, OSError):
        return False


def _is_usual(text: str) -> bool:
    """Whether `text` is a time as the exchange writes it; nbgrader takes seconds to load."""
    found = USUAL.fullmatch(text)
    try:
        return found is not None and bool(datetime.fromisoformat(found.group(1)))
    except ValueError:
        return False


def _is_newer(submitted: Path, aside: Path) -> bool:
    if not aside.is_dir():
        return False
    then = aside.stat().st_ctime
    notebooks = [path for path in submitted.glob("*.ipynb") if not path.is_symlink()]
    return any(path.stat().st_ctime > then and path.stat().st_size != len(STAND_IN) for path in notebooks)


def _leaves(aside: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(aside):
        for name in list(folders):
            path = Path(place, name)
            if path.is_symlink() or name.endswith(".ipynb"):
                folders.remove(name)
                yield path
        yield from (Path(place, name) for name in names)


def _kind(path: Path) -> str:
    return KINDS.get(stat.S_IFMT(path.lstat().st_mode), "a device")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _printable(name: str) -> str:
    """A name as it can be shown: one line, a bounded length, no half characters."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    return "`" + "".join(letter if letter.isprintable() else "�" for letter in text)[:80] + "`"
