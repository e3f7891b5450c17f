"""A submission's files, read where they can be trusted and sent, never mounted."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from foursteps.errors import RunError

MAX_FILES = 5000


@dataclass(frozen=True)
class Parcel:
    """Files to send, as (path inside the folder, size in bytes), and what is left out, with the reason."""

    root: Path
    files: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...] = ()


def collect(root: Path, max_bytes: int) -> Parcel:
    """The regular files beneath `root`; a link, a pipe, a socket or a device is left out, never followed.

    Raises RunError when there are more than `max_bytes` or MAX_FILES of them, or no folder.
    """
    if not root.is_dir():
        raise RunError(
            root,
            expected="a folder to run in",
            found="no such folder",
            mend="Create it, or name another one.",
        )
    files, left_out, total = [], [], 0
    for path in _beneath(root):
        inside = path.relative_to(root).as_posix()
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            left_out.append(f"{inside} ({_kind(mode)})")
            continue
        size = path.lstat().st_size
        total += size
        files.append((inside, size))
        if total > max_bytes or len(files) > MAX_FILES:
            raise RunError(
                root,
                expected=f"at most {max_bytes / 2**20:g} MB in {MAX_FILES} files",
                found=f"more, up to {inside}",
                mend="Remove what the notebook does not need, or raise the limit.",
            )
    return Parcel(root, tuple(files), tuple(left_out))


def _beneath(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name) for name in sorted(names + links))


def _kind(mode: int) -> str:
    return {stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}.get(
        stat.S_IFMT(mode), "a device"
    )


def read(parcel: Parcel, inside: str, size: int) -> bytes:
    """A file of the parcel, exactly `size` bytes whatever became of it meanwhile; never through a link."""
    try:
        handle = os.open(parcel.root / inside, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return bytes(size)
    with os.fdopen(handle, "rb") as file:
        return file.read(size).ljust(size, b"\0")


def place(inside: str) -> PurePosixPath:
    """The path of a file in the working folder; ValueError for one that leads out of it."""
    path = PurePosixPath(inside)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"{inside!r} leads out of the folder")
    return path
