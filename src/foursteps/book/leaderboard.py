"""The leaderboard as a page of the book: pseudonyms, gains over the baseline, and how sure they are.

`foursteps class leaderboard --to class/leaderboard.json` writes what is read here; without that file
there is no page.
"""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foursteps.book.chapter import Chapter, slug
from foursteps.claims.record import number
from foursteps.claims.strip import AMBER, BLUE, FONT, INK, LINE, SOFT, ticks
from foursteps.errors import BookError

FILE = "leaderboard.json"
SHOWN = 40
"""Places on a picture; the table has all."""
WIDTH, LEFT, ROW = 640, 150, 24


class Place(BaseModel):
    """A learner's place, as `foursteps.classroom.leaderboard.Place`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: int
    name: str
    value: float
    gain: float
    low: float
    high: float
    tied: bool


class Board(BaseModel):
    """A board, as `foursteps.classroom.leaderboard.Board`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    exercise: str
    check: str
    metric: str
    dataset: str
    final: bool
    rows: int
    places: tuple[Place, ...]

    @property
    def picture(self) -> str:
        """The file of its picture."""
        return f"leaderboard/{'-'.join(map(slug, (self.topic, self.exercise, self.check, self.dataset)))}.svg"


class Boards(BaseModel):
    """The file of boards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = Field(alias="schema")
    boards: tuple[Board, ...]


def read(path: Path) -> tuple[Board, ...]:
    """The boards in the file `path`; none where there is no file.

    Raises BookError for a file of another form, and for a name that is no pseudonym: a page is for everybody.
    """
    if not path.is_file():
        return ()
    from foursteps.classroom.leaderboard import HOW, WHO  # a second that a book without a class need not wait

    try:
        found = Boards.model_validate_json(path.read_text("utf-8")).boards
    except (ValidationError, UnicodeDecodeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        raise _broken(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    how, who = set(HOW.split()), set(WHO.split())
    for board in found:
        for place in board.places:
            first_word, _, second = place.name.partition(" ")
            if not (first_word in how and second in who) and not re.fullmatch(r"[0-9a-f]{12}", place.name):
                raise _broken(path, "a place whose name is no pseudonym")
    return found


def _broken(path: Path, found: str) -> BookError:
    return BookError(
        path,
        expected="the boards of a class, under pseudonyms",
        found=found,
        mend="Run `foursteps class leaderboard --to class/leaderboard.json`, or remove the file.",
    )


def page(boards: Sequence[Board], chapters: Sequence[Chapter]) -> str:
    """The page of all boards of published topics, in their order."""
    lines = [
        "# Leaderboard",
        "",
        "How far results of this class stand above the baseline, on rows that nobody has seen. Nobody is "
        "named: whose a pseudonym is, the instructor alone knows. A line is the interval in which the gain "
        "lies in 95 of 100 draws of such rows, so where lines overlap, the order may be luck.",
        "",
    ]
    for chapter in chapters:
        mine = [board for board in boards if board.topic == chapter.topic.name]
        lines += [f"## {chapter.heading}", ""] if mine else []
        for board in mine:
            part = "the private part, in the end" if board.final else "the public part; the rest decides"
            check, dataset = board.check.replace("_", " "), board.dataset.replace("_", " ")
            lines += [
                f"### {check.capitalize()} on {dataset}",
                "",
                f"{board.rows:,} held-out rows: {part}. Places with an equals sign may be the first as well.",
                "",
                f"![{words(board)}]({board.picture})",
                "",
                f"| place | who | {board.metric.replace('_', ' ')} | over the baseline | 95 % interval |",
                "|---:|---|---:|---:|---:|",
            ]
            lines += [
                f"| {place.rank}{'=' if place.tied and place.rank > 1 else ''} | {place.name} "
                f"| {number(place.value)} | {place.gain:+.3f} | {place.low:+.3f} to {place.high:+.3f} |"
                for place in board.places
            ]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def words(board: Board) -> str:
    """The picture in words."""
    if not board.places:
        return "Nobody has a place yet."
    first, last = board.places[0], board.places[-1]
    tied = sum(place.tied for place in board.places[1:])
    return (
        f"{len(board.places)} gains over the baseline with their intervals, from {first.gain:+.3f} "
        f"({first.low:+.3f} to {first.high:+.3f}) down to {last.gain:+.3f}; {tied} may be as good as the "
        "first."
    )


def picture(board: Board) -> str:
    """The first places as dots on their intervals, the baseline as a dashed line at no gain: SVG."""
    places = board.places[:SHOWN]
    values = [0.0, *(place.low for place in places), *(place.high for place in places)]
    low, high = min(values), max(values)
    room = (high - low) * 0.05 or 0.5
    low, high, bottom = low - room, high + room, 14 + ROW * len(places)

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - 20) * (value - low) / (high - low)

    parts = [
        f'<path d="M{x(value):.1f} 10V{bottom}" stroke="{LINE}"/><text x="{x(value):.1f}" y="{bottom + 16}" '
        f'text-anchor="middle" fill="{SOFT}">{value:+g}</text>'
        for value in ticks(low, high)
    ]
    parts.append(
        f'<path d="M{x(0):.1f} 10V{bottom}" stroke="{AMBER}" stroke-width="2" stroke-dasharray="5 4"/>'
    )
    for row, place in enumerate(places):
        y = 14 + ROW * row + ROW / 2
        parts.append(
            f'<text x="{LEFT - 10}" y="{y + 4:.0f}" text-anchor="end" fill="{INK}">'
            f"{escape(place.name)}</text>"
            f'<path d="M{x(place.low):.1f} {y:.0f}H{x(place.high):.1f}" stroke="{BLUE}" stroke-width="2"/>'
            f'<circle cx="{x(place.gain):.1f}" cy="{y:.0f}" r="4.5" fill="{BLUE}"/>'
        )
    said, height = escape(words(board)), bottom + 44
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{said}" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"><title>{said}</title>'
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="8" fill="#fff" stroke="{LINE}"/>'
        f'<g font-family="{FONT}" font-size="13">{"".join(parts)}<text x="{x(0):.1f}" y="{height - 8}" '
        f'text-anchor="middle" fill="{AMBER}">baseline</text></g></svg>\n'
    )
