"""The course at a glance: which topic stands on which, as a page and as a picture. Pure."""

import re
from collections.abc import Sequence
from html import escape

from foursteps.book.chapter import Chapter, hours
from foursteps.claims.strip import BLUE, FONT, INK, LINE, PAPER, SOFT


def needed(chapter: Chapter, chapters: Sequence[Chapter]) -> list[Chapter]:
    """The earlier topics that a topic's needs name, as `01_image_classifier`, `lecture 01` or `topic 1`."""
    text = " ".join(map(str, chapter.about.get("needs", [])))
    numbers = {int(n) for n in re.findall(r"\b(?:[Ll]ecture|[Tt]opic)\s+0*(\d+)\b", text)}
    return [
        other
        for other in chapters[: list(chapters).index(chapter)]
        if other.topic.name in text or (other.number.isdigit() and int(other.number) in numbers)
    ]


def arrows(chapter: Chapter, chapters: Sequence[Chapter]) -> list[Chapter]:
    """The topics from which an arrow is drawn: those needed, but for what another of them needs already."""
    found = needed(chapter, chapters)
    implied = {one.topic.name for other in found for one in _all_needed(other, chapters)}
    return [other for other in found if other.topic.name not in implied]


def _all_needed(chapter: Chapter, chapters: Sequence[Chapter]) -> list[Chapter]:
    """What a topic needs, and what that needs, and so on."""
    found = needed(chapter, chapters)
    return found + [one for other in found for one in _all_needed(other, chapters)]


def course_map(chapters: Sequence[Chapter]) -> str:
    """The page that shows the course as a whole; its picture is `map_svg`."""
    total = sum(chapter.topic.minutes + sum(chapter.minutes.values()) for chapter in chapters)
    topics = f"{len(chapters)} topic" + ("s" if len(chapters) != 1 else "")
    lines = [
        "# The course at a glance",
        "",
        f"{topics}, about {hours(total)} of work. An arrow leads from a topic to one that stands on it.",
        "",
        f"![{map_words(chapters)}](map.svg)",
        "",
        "| topic | your time | runs on | data of the lecture | stands on |",
        "|---|---|---|---|---|",
    ]
    for chapter in chapters:
        before = ", ".join(other.number for other in needed(chapter, chapters)) or "nothing earlier"
        data = ", ".join(map(str, chapter.about.get("data", []))).replace("_", "\\_")
        minutes = chapter.topic.minutes + sum(chapter.minutes.values())
        device = "any laptop" if chapter.topic.device == "cpu" else "a GPU"
        lines.append(
            f"| [{chapter.heading}](topics/{chapter.slug}/index.md) | {hours(minutes)} | {device} "
            f"| {data} | {before} |"
        )
    return "\n".join(lines) + "\n"


def map_words(chapters: Sequence[Chapter]) -> str:
    """The map in words."""
    sentences = []
    for chapter in chapters:
        before = [other.number for other in needed(chapter, chapters)]
        sentences.append(f"{chapter.heading}" + (f", after {' and '.join(before)}" if before else ""))
    return f"Map of the course: {'; '.join(sentences)}."


def map_svg(chapters: Sequence[Chapter]) -> str:
    """The course map: a row a topic with its four steps, and an arc from each topic to those that need it."""
    row, top, left, width = 74, 16, 96, 760
    height = top * 2 + row * len(chapters) - 16
    rows = {chapter.topic.name: index for index, chapter in enumerate(chapters)}
    parts = []
    for chapter in chapters:
        y = top + row * rows[chapter.topic.name]
        title = escape(chapter.topic.title)
        parts += [
            f'<rect x="{left}" y="{y}" width="{width - left - 16}" height="{row - 16}" rx="8" fill="{PAPER}" '
            f'stroke="{LINE}"/>',
            f'<text x="{left + 16}" y="{y + 35}" font-size="17" font-weight="700" fill="{BLUE}">'
            f"{chapter.number}</text>",
            f'<text x="{left + 50}" y="{y + 35}" font-size="15" fill="{INK}">{title}</text>',
        ]
        parts += [
            f'<rect x="{width - 120 + 20 * step}" y="{y + 40 - 8 * step}" width="17" height="{8 + 8 * step}" '
            f'rx="2" fill="{BLUE}" opacity="{0.35 + 0.2 * step:.2f}"/>'
            for step in range(4)
        ]
        for other in arrows(chapter, chapters):
            start, end = top + row * rows[other.topic.name] + 29, y + 29
            bend = left - min(20 + 14 * (rows[chapter.topic.name] - rows[other.topic.name]), 86)
            parts += [
                f'<path d="M{left - 4} {start}C{bend} {start} {bend} {end} {left - 10} {end}" fill="none" '
                f'stroke="{SOFT}" stroke-width="2"/>',
                f'<path d="M{left - 3} {end}l-9 -5v10z" fill="{SOFT}"/>',
            ]
    words = escape(map_words(chapters))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"><title>{words}</title>'
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" fill="#fff" stroke="{LINE}"/>'
        f'<g font-family="{FONT}">{"".join(parts)}</g></svg>\n'
    )
