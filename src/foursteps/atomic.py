"""Writing that a crash, a full disk or Ctrl-C cannot leave half done: write beside, then rename."""

# No run depends on this module: it keeps files whole, whatever is in them.

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_bytes(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write `data` to `path` whole or not at all; the folder is made when missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
    """Write `text` to `path` as UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"), mode)


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of `path` only if the block ends well.

    An older `path` is replaced. When two processes fill the same path, the later one wins and
    neither fails.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    os.chmod(beside, 0o755)
    try:
        yield beside
        _swap(beside, path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _swap(new: Path, path: Path) -> None:
    """Put the folder `new` where `path` is; a folder cannot be renamed over one with content."""
    while True:
        try:
            os.rename(new, path)
            return
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.old."))
        try:
            os.rename(path, old / "old")
        except FileNotFoundError:
            pass  # another process moved it away first; try again
        finally:
            shutil.rmtree(old, ignore_errors=True)
