"""Solutions become exercises: stubs, headers, the public half of the graders, nbgrader's own release."""

from foursteps.release.exercise import released_text
from foursteps.release.header import refresh_header
from foursteps.release.publish import Released, release

__all__ = ["Released", "refresh_header", "release", "released_text"]
