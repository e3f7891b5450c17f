"""The files in what an instructor downloaded: folders, single files, archives, and archives in those.

Nothing is unpacked to where its name says: a piece has a name, which decides nothing but whose it is, and its
content.
"""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from foursteps.classroom.names import JUNK
from foursteps.errors import ClassError
from foursteps.grade import collect
from foursteps.grade.collect import ARCHIVES, is_safe, members_of

MAX_CLASS_BYTES = 20 * 2**30
MAX_CLASS_MEMBERS = 200_000


@dataclass(frozen=True)
class Piece:
    """One file: its path with the names of archives as folders, its bytes on demand, when it was changed."""

    path: PurePosixPath
    read: Callable[[], bytes]
    size: int
    changed: float


class Pieces:
    """What lies in `sources`. Use it in a `with` block; `left_out` says what was not taken, and why."""

    def __init__(self, sources: tuple[Path, ...]) -> None:
        self.sources = sources
        self.left_out: list[tuple[str, str]] = []
        self._stack = ExitStack()
        self._unpacked = 0

    def __enter__(self) -> "Pieces":
        self._own = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="foursteps-")))
        return self

    def __exit__(self, *kind: object) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[Piece]:
        """Every file; raises ClassError for a source that does not exist."""
        for source in self.sources:
            if not source.exists():
                raise ClassError(
                    source,
                    expected="uploads: files, folders or zip archives",
                    found="no such file",
                    mend="Check the path.",
                )
            if source.is_dir():
                yield from self._folder(source)
            else:
                yield from self._file(source, PurePosixPath(source.name), outer=True)

    def _folder(self, folder: Path) -> Iterator[Piece]:
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name not in JUNK)
            for name in sorted(set(names) - JUNK):
                path = Path(place, name)
                inside = PurePosixPath(path.relative_to(folder).as_posix())
                if path.is_symlink() or not path.is_file():
                    self.left_out.append((str(inside), "it is no file"))
                else:
                    yield from self._file(path, inside, outer=True)

    def _file(self, path: Path, inside: PurePosixPath, *, outer: bool) -> Iterator[Piece]:
        """A file, or what is in it where it is an archive; `outer`: a platform may have made it."""
        suffix = inside.suffix.lower()
        if suffix == ".zip":
            try:
                yield from self._archive(path, inside, outer=outer)
            except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
                self.left_out.append((str(inside), f"it cannot be unpacked: {error}"))
        elif suffix in ARCHIVES | {".rar", ".7z"}:
            self.left_out.append((str(inside), f"a {suffix} archive is not opened: ask for a .zip"))
        else:
            stat = path.stat()
            yield Piece(inside, path.read_bytes, stat.st_size, stat.st_mtime)

    def _archive(self, path: Path, inside: PurePosixPath, *, outer: bool) -> Iterator[Piece]:
        archive = self._stack.enter_context(zipfile.ZipFile(path))
        most, many = (MAX_CLASS_BYTES, MAX_CLASS_MEMBERS) if outer else (None, None)
        for member in members_of(archive, max_bytes=most, max_members=many):
            parts = PurePosixPath(member.filename.replace("\\", "/")).parts
            if member.is_dir() or JUNK.intersection(parts):
                continue
            name = inside.joinpath(*(part for part in parts if part not in ("/", "..")))
            archive_inside = name.suffix.lower() in ARCHIVES | {".rar", ".7z"}
            if archive_inside and (not outer or name.suffix.lower() != ".zip"):
                self.left_out.append((str(name), "an archive of this kind is not opened: ask for one .zip"))
            elif not is_safe(member, outer=outer):
                self.left_out.append((str(name), "its name leads out of the archive, or it is no plain file"))
            elif archive_inside and member.file_size > collect.MAX_BYTES:
                self.left_out.append((str(name), f"it has {member.file_size / 2**20:.0f} MB"))
            elif archive_inside:
                self._unpacked += 1
                beside = self._own / str(self._unpacked)
                with archive.open(member) as source, beside.open("wb") as target:
                    shutil.copyfileobj(source, target)
                yield from self._file(beside, name, outer=False)
            else:
                yield Piece(name, partial(archive.read, member), member.file_size, _time(member))


def _time(member: zipfile.ZipInfo) -> float:
    try:
        return datetime(*member.date_time).timestamp()
    except (ValueError, OverflowError):
        return 0.0
