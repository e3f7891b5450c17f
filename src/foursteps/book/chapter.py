"""What a topic's pages are made from, and the few pieces of Markdown that all pages share. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foursteps.book.claim import Claim
from foursteps.course import Topic
from foursteps.run.provenance import Provenance


@dataclass(frozen=True)
class Chapter:
    """All that a topic's pages are made from, read once: the folders are not needed any more."""

    topic: Topic
    about: Mapping[str, Any]
    """The lecture's own metadata: objectives, needs, data; `why` where the author gave one."""
    lead: str = ""
    prose: tuple[str, ...] = ()
    """The text cells of the lecture."""
    cards: tuple[str, ...] = ()
    recall: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    parts: tuple[str, ...] = ("lecture", "reproduce", "apply_elsewhere", "recall")
    """Which of its pages there are: an exercise has none before its release."""
    run: Provenance | None = None
    """Where the printed outputs come from."""
    take_away: str = ""
    """What the author wrote for the page to take away."""
    minutes: Mapping[str, int] = field(default_factory=dict)
    """The learner's time for each exercise, where it says one."""

    @property
    def slug(self) -> str:
        """The folder of the topic's pages; hyphens, because version 2 rewrites underscores."""
        return slug(self.topic.name)

    @property
    def number(self) -> str:
        return self.topic.name.split("_")[0]

    @property
    def heading(self) -> str:
        return f"{self.number} · {self.topic.title}"


def slug(name: str) -> str:
    """`01_image_classifier` as an address: `01-image-classifier`."""
    return name.replace("_", "-").lower()


def slug_of(words: str) -> str:
    """`Tables, tastes and texts` as an address: `tables-tastes-and-texts`."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def folded(title: str, body: str) -> str:
    """A box that opens on a click, with `title` on it; the fence is longer than any fence inside."""
    longest = max((len(run) for run in re.findall(r"`{3,}", body)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{{dropdown}} {' '.join(title.split())}\n{body.strip()}\n{fence}\n"


def hours(minutes: int) -> str:
    """`75` as `1 h 15 min`."""
    whole, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{whole} h" if whole else "", f"{rest} min" if rest else "") if part)
