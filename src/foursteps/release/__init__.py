"""Solutions become exercises: stubs, headers, the public half of the graders, nbgrader's own release."""

from foursteps.release.bundle import bundle_folder, write_bundle
from foursteps.release.exercise import released_text
from foursteps.release.header import refresh_header
from foursteps.release.levels import LEVELS, at_level, level_of
from foursteps.release.publish import Released, release

__all__ = [
    "LEVELS",
    "Released",
    "at_level",
    "bundle_folder",
    "level_of",
    "refresh_header",
    "release",
    "released_text",
    "write_bundle",
]
