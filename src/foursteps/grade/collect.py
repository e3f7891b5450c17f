"""Unpacking archives that learners handed in: nothing outside of its folder, and one bad one stops no other.

nbgrader's zip_collect takes this plugin by name (`ZipCollectApp.extractor_plugin`).
"""

import os
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from nbgrader.plugins.zipcollect import ExtractorPlugin

MAX_BYTES = 500 * 2**20
MAX_MEMBERS = 5000
ARCHIVES = {".zip", ".gz", ".tar", ".tgz", ".bz2", ".xz"}


class SafeExtractor(ExtractorPlugin):
    """nbgrader's extractor, one archive at a time, each without what leads out of its folder."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every archive beneath `archive_path`; one that cannot be unpacked is said and left out."""
        for place, _, names in os.walk(archive_path):
            for name in sorted(names):
                with tempfile.TemporaryDirectory(prefix="foursteps-") as own:
                    beside = Path(own, os.path.relpath(place, archive_path), name)
                    beside.parent.mkdir(parents=True, exist_ok=True)
                    try:
                        self._take(Path(place, name), beside)
                        super().extract(own, extracted_path)
                    except Exception as error:  # whatever is wrong with it, the others are unpacked
                        self.log.error("%s was left out: %s", name, error)

    def _take(self, source: Path, target: Path) -> None:
        """Copy a file; of a zip archive, what may be unpacked."""
        if not zipfile.is_zipfile(source):
            shutil.copyfile(source, target)
            return
        with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as taken:
            for member in members_of(given):
                if not is_safe(member):
                    self.log.warning("%s: %r was left out", source.name, member.filename)
                elif not member.is_dir():
                    taken.writestr(member.filename, given.read(member))


def members_of(
    archive: zipfile.ZipFile, *, max_bytes: int | None = None, max_members: int | None = None
) -> list[zipfile.ZipInfo]:
    """What is in `archive`; raises ValueError when unpacking it would take more than is allowed.

    A learner's own archive may take MAX_BYTES in MAX_MEMBERS files, unless said otherwise.
    """
    max_bytes, max_members = max_bytes or MAX_BYTES, max_members or MAX_MEMBERS
    members = archive.infolist()
    if len(members) > max_members or sum(member.file_size for member in members) > max_bytes:
        raise ValueError(f"it holds more than {max_bytes / 2**20:g} MB in {max_members:,} files")
    return members


def is_safe(member: zipfile.ZipInfo, *, outer: bool = False) -> bool:
    """Whether a member is a plain file or a folder beneath its archive's folder, and no archive itself.

    outer : the archive is a platform's own; it may hold archives, and names with a time of day in them.
    """
    path = PurePosixPath(member.filename.replace("\\", "/"))
    kind = member.external_attr >> 28
    inside = not path.is_absolute() and ".." not in path.parts
    plain = path.suffix.lower() not in ARCHIVES and ":" not in member.filename
    return inside and kind in (0, 4, 8) and (outer or plain)
