"""The pages that the book makes from data: openings, recall, the map, and whether it still reproduces. Pure.

All of it is in the part of MyST Markdown that versions 1 and 2 of Jupyter Book both read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from foursteps.book import figure
from foursteps.book.claim import Claim
from foursteps.course import Exercise, LaunchSettings, Topic

STEPS = {
    "lecture": (
        "Watch and run",
        "The lecture, executed. Read it, then run it yourself and change one thing at a time.",
    ),
    "reproduce": ("Reproduce", "An empty notebook and the same result to reach, in your own words."),
    "apply_elsewhere": ("Apply elsewhere", "The technique on other data, where nobody shows you the way."),
    "recall": ("Recall and talk", "Questions to answer from memory, and the ones an interviewer would ask."),
}

VERBS = {"reproduce": "reproduce it", "apply_elsewhere": "apply it elsewhere"}


@dataclass(frozen=True)
class Chapter:
    """All that a topic's pages are made from, read once: the folders are not needed any more."""

    topic: Topic
    about: Mapping[str, Any]
    """The lecture's own metadata: objectives, needs, data; `why` where the author gave one."""
    lead: str = ""
    cards: tuple[str, ...] = ()
    recall: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
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


def folded(title: str, body: str) -> str:
    """A box that opens on a click, with `title` on it; the fence is longer than any fence inside."""
    longest = max((len(run) for run in re.findall(r"`{3,}", body)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{{dropdown}} {' '.join(title.split())}\n{body.strip()}\n{fence}\n"


def hours(minutes: int) -> str:
    """`75` as `1 h 15 min`."""
    whole, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{whole} h" if whole else "", f"{rest} min" if rest else "") if part)


def times(chapter: Chapter) -> str:
    """How long a topic's parts take a learner."""
    parts = [f"about {hours(chapter.topic.minutes)} for the lecture"]
    parts += [
        f"{hours(chapter.minutes[name])} to {verb}"
        for name, verb in VERBS.items()
        if chapter.minutes.get(name)
    ]
    return ", ".join(parts)


def hardware(topic: Topic) -> str:
    """What the lecture runs on, in words."""
    device = (
        "any laptop's processor; a GPU is used when there is one" if topic.device == "cpu" else "a CUDA GPU"
    )
    return f"{device}; {topic.memory_gb:g} GB of memory"


def lead_of(cells: Iterable[Any]) -> str:
    """The first paragraph of prose after the header: what a lecture says of itself."""
    for cell in cells:
        if cell.cell_type != "markdown" or "header" in cell.metadata.get("tags", []):
            continue
        for paragraph in re.split(r"\n\s*\n", cell.source):
            text = paragraph.strip()
            if text and not text.startswith(("#", "|", "!", ":::", "```", "<", "- ", "* ")):
                return text
    return ""


def launch_links(launch: LaunchSettings, path: str) -> list[str]:
    """Markdown links that open the repository's file `path` on each service that course.toml names."""
    if not launch.repository:
        return []

    repository = launch.repository.rstrip("/").removesuffix(".git")
    owner = urlsplit(repository).path.strip("/")
    branch, file = quote(launch.branch, safe=""), quote(path)
    links = []
    if launch.colab:
        links.append(f"[Open in Colab]({launch.colab.rstrip('/')}/github/{owner}/blob/{branch}/{file})")
    if launch.binder:
        binder = launch.binder.rstrip("/")
        links.append(f"[Open on Binder]({binder}/v2/gh/{owner}/{branch}?labpath={quote(path, safe='')})")
    if launch.jupyterhub:
        folder = repository.rsplit("/", 1)[-1]
        query = f"repo={quote(repository, safe='')}&branch={branch}&urlpath={quote(f'lab/tree/{folder}/{path}', safe='')}"
        links.append(
            f"[Open on JupyterHub]({launch.jupyterhub.rstrip('/')}/hub/user-redirect/git-pull?{query})"
        )
    return links


def get_it(downloads: Mapping[str, str], launch: Sequence[str]) -> str:
    """The row of links above a notebook: downloads (text to path) and launch links."""
    links = [f"{{download}}`{text} <{path}>`" for text, path in downloads.items()]
    return "**Work on it:** " + " · ".join([*links, *launch])


def opening(chapter: Chapter) -> str:
    """A topic's first page: what, why, how long, on what, with which data, and what to know first."""
    topic, about = chapter.topic, chapter.about
    lines = [f"# {chapter.heading}", ""]
    if badges := badge_row(chapter):
        lines += [badges, ""]
    if why := (about.get("why") or chapter.lead):
        lines += [why, ""]
    if objectives := about.get("objectives"):
        lines += ["## What you will be able to do", "", *(f"- {one}" for one in objectives), ""]
    lines += [
        "## Four steps",
        "",
        "````{grid} 1 2 2 2",
        ":gutter: 3",
        "",
    ]
    for number, (page, (title, text)) in zip(("1 and 2", "3", "4", "After"), STEPS.items(), strict=True):
        lines += [
            f"```{{grid-item-card}} {number} · {title}",
            f":link: {slug(page)}",
            ":link-type: doc",
            "",
            text,
            "```",
            "",
        ]
    lines += ["````", "", "## Before you start", ""]
    lines += [
        "| | |",
        "|---|---|",
        f"| Your time | {times(chapter)} |",
        f"| Hardware | {hardware(topic)} |",
    ]
    needs = list(about.get("needs", []))
    lines += ["", "**What to know first:**", "", *(f"- {need}" for need in needs)] if needs else []
    lines += [""]
    if measured := [claim for claim in chapter.claims if claim.values]:
        lines += ["## What the lecture claims", "", *_figures(measured, "claims")]
    if chapter.cards:
        lines += ["## The data", ""]
        for card in chapter.cards:
            lines += [card.strip(), ""]
    return "\n".join(lines).rstrip() + "\n"


def recall(chapter: Chapter) -> str:
    """The questions of recall.toml, each folded over its answer, and the talking points."""
    lines = [f"# Recall and talk: {chapter.topic.title}", ""]
    questions, talks = chapter.recall.get("recall", ()), chapter.recall.get("talk", ())
    if questions:
        lines += [
            "## Recall",
            "",
            "Answer from memory, in a full sentence, before you open the box. What you could not say today, ask "
            "yourself again tomorrow and in a week: that is what makes it stay.",
            "",
        ]
        lines += [
            folded(f"{n}. {one['question']}", one["answer"]) for n, one in enumerate(questions, start=1)
        ]
    if talks:
        lines += [
            "## Talk about it",
            "",
            "What an interviewer would ask about this project. Say your answer aloud, then see what a good one has "
            "in it.",
            "",
        ]
        lines += [folded(one["question"], one["good_answer"]) for one in talks]
    return "\n".join(lines).rstrip() + "\n"


def badge_name(claim: Claim) -> str:
    """The file of a claim's badge; its figure's is the same with `strip-` before."""
    return f"{slug(claim.name).replace('.', '-')}-{claim.device}.svg"


def badge_row(chapter: Chapter, folder: str = "claims") -> str:
    """The badges of a topic's claims, in one paragraph."""
    return " ".join(
        f"![{claim.label}: {claim.words}]({folder}/{badge_name(claim)})" for claim in chapter.claims
    )


def claim_cell(chapter: Chapter) -> str:
    """What a lecture shows under its header: the badges, and, folded, how they were measured."""
    measured = [claim for claim in chapter.claims if claim.values]
    if not chapter.claims:
        return ""
    lines = [badge_row(chapter), ""]
    if measured:
        lines.append(folded("Does it still reproduce?", "\n".join(_figures(measured, "claims"))))
    return "\n".join(lines)


def _figures(claims: Iterable[Claim], folder: str) -> list[str]:
    lines = []
    for claim in claims:
        lines += [
            f"![{figure.describe(claim)}]({folder}/strip-{badge_name(claim)})",
            "",
            provenance(claim),
            "",
        ]
    return lines


def provenance(claim: Claim) -> str:
    """When, on what and with which versions a claim was measured, in a sentence."""
    made = claim.made or {}
    seeds = f"Measured over {len(claim.values)} seeds" if claim.values else "Not measured yet"
    parts = [seeds, *(f"on {made[key]}" for key in ("date", "device") if made.get(key))]
    if made.get("torch"):
        parts.append(f"with torch {made['torch']}")
    return " ".join(parts) + "."


def reproduces(chapters: Sequence[Chapter]) -> str:
    """The page "Does it still reproduce?" for the whole course."""
    lines = [
        "# Does it still reproduce?",
        "",
        "Every number that a lecture claims is run again, over many seeds, and held against a band that was measured "
        "and not chosen: the interval that honest runs stay in. A trivial baseline has to fall outside it. Each dot "
        "is one seed, the shaded part is the band, the dashed line the baseline, and the triangle the run whose "
        "outputs this book prints.",
        "",
    ]
    if not any(chapter.claims for chapter in chapters):
        return "\n".join(
            [*lines, "No claim has been measured yet. `foursteps reproduce --measure` does it.", ""]
        )
    lines += ["| topic | claim | printed here | band | baseline | says |", "|---|---|---|---|---|---|"]
    for chapter in chapters:
        for claim in chapter.claims:
            link = f"[{chapter.number}](topics/{chapter.slug}/index.md)"
            word = {"in": "reproduces", "out": "**outside its band**"}.get(claim.state, "not measured")
            lines.append(
                f"| {link} | {claim.label} ({claim.device}) | {_number(claim.printed)} | {_band(claim)} "
                f"| {_number(claim.baseline)} | {word} |"
            )
    lines.append("")
    for chapter in chapters:
        measured = [claim for claim in chapter.claims if claim.values]
        if measured:
            lines += [f"## {chapter.heading}", "", *_figures(measured, f"topics/{chapter.slug}/claims")]
    return "\n".join(lines).rstrip() + "\n"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _band(claim: Claim) -> str:
    if claim.low is None and claim.high is None:
        return ""
    if claim.high is None:
        return f"from {claim.low:.3f}"
    if claim.low is None:
        return f"up to {claim.high:.3f}"
    return f"{claim.low:.3f} to {claim.high:.3f}"


def needed(chapter: Chapter, chapters: Sequence[Chapter]) -> list[Chapter]:
    """The earlier topics that a topic's needs name, as `01_image_classifier`, `lecture 01` or `topic 1`."""
    text = " ".join(map(str, chapter.about.get("needs", [])))
    numbers = {int(n) for n in re.findall(r"\b(?:[Ll]ecture|[Tt]opic)\s+0*(\d+)\b", text)}
    return [
        other
        for other in chapters[: list(chapters).index(chapter)]
        if other.topic.name in text or (other.number.isdigit() and int(other.number) in numbers)
    ]


def course_map(chapters: Sequence[Chapter]) -> str:
    """The page that shows the course as a whole; its picture is `map_svg`."""
    total = sum(chapter.topic.minutes + sum(chapter.minutes.values()) for chapter in chapters)
    topics = f"{len(chapters)} topic" + ("s" if len(chapters) != 1 else "")
    lines = [
        "# The course at a glance",
        "",
        f"{topics}, about {hours(total)} of work. An arrow means that a topic stands on an earlier one.",
        "",
        f"{len(chapters)} topics, about {hours(total)} of lectures; the exercises take as long again. An arrow means "
        "that a topic stands on an earlier one.",
        "",
        f"![{map_words(chapters)}](map.svg)",
        "",
        "| topic | your time | runs on | data of the lecture | stands on |",
        "|---|---|---|---|---|",
    ]
    for chapter in chapters:
        before = ", ".join(other.number for other in needed(chapter, chapters)) or "nothing earlier"
        data = ", ".join(map(str, chapter.about.get("data", []))).replace("_", "\\_")
        device = "any laptop" if chapter.topic.device == "cpu" else "a GPU"
        lines.append(
            f"| [{chapter.heading}](topics/{chapter.slug}/index.md) | {hours(chapter.topic.minutes + sum(chapter.minutes.values()))} | {device} "
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
        parts.append(
            f'<rect x="{left}" y="{y}" width="{width - left - 16}" height="{row - 16}" rx="8" fill="#f5f7f9" '
            f'stroke="{figure.LINE}"/>'
            f'<text x="{left + 16}" y="{y + 35}" font-size="17" font-weight="700" fill="#2b6cb0">{chapter.number}</text>'
            f'<text x="{left + 50}" y="{y + 35}" font-size="15" fill="{figure.INK}">{escape(chapter.topic.title)}</text>'
        )
        for step in range(4):
            parts.append(
                f'<rect x="{width - 120 + 20 * step}" y="{y + 40 - 8 * step}" width="17" height="{8 + 8 * step}" '
                f'rx="2" fill="#2b6cb0" opacity="{0.35 + 0.2 * step:.2f}"/>'
            )
        for other in needed(chapter, chapters):
            start, end = top + row * rows[other.topic.name] + 29, y + 29
            bend = min(20 + 14 * (rows[chapter.topic.name] - rows[other.topic.name]), 86)
            parts.append(
                f'<path d="M{left - 4} {start}C{left - bend} {start} {left - bend} {end} {left - 10} {end}" fill="none" '
                f'stroke="{figure.SOFT}" stroke-width="2"/><path d="M{left - 3} {end}l-9 -5v10z" fill="{figure.SOFT}"/>'
            )
    words = escape(map_words(chapters))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><title>{words}</title>'
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" fill="#fff" stroke="{figure.LINE}"/>'
        f'<g font-family="system-ui,-apple-system,Segoe UI,DejaVu Sans,sans-serif">{"".join(parts)}</g></svg>\n'
    )


def topic_cards(chapters: Sequence[Chapter]) -> str:
    """The topics as cards, for the landing page."""
    lines = ["````{grid} 1 1 2 2", ":gutter: 3", ""]
    for chapter in chapters:
        objectives = list(chapter.about.get("objectives", []))
        lines += [
            f"```{{grid-item-card}} {chapter.heading}",
            f":link: topics/{chapter.slug}/index",
            ":link-type: doc",
            "",
            str(objectives[0]) if objectives else chapter.lead,
            "",
            f"*{hours(chapter.topic.minutes)} · {'any laptop' if chapter.topic.device == 'cpu' else 'a GPU'}*",
            "```",
            "",
        ]
    return "\n".join([*lines, "````", ""])


def released_at(exercise: Exercise) -> str:
    """The exercise's path in the repository, for launch links."""
    return exercise.released.relative_to(exercise.root).as_posix()
