"""The pages that the book makes from data: openings, recall, cards, and the row above a notebook. Pure.

All of it is in the part of MyST Markdown that versions 1 and 2 of Jupyter Book both read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from foursteps.book.chapter import Chapter, folded, hours, slug
from foursteps.book.reproduces import badge_row, figures
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


def runs_on(topic: Topic) -> str:
    """The machine that a topic asks for, in two words."""
    return "any laptop" if topic.device == "cpu" else "a GPU"


def lead_of(cells: Iterable[Any]) -> str:
    """What a lecture says of itself: the first paragraph of its first numbered section, or of all."""
    prose = [
        cell.source
        for cell in cells
        if cell.cell_type == "markdown" and "header" not in cell.metadata.get("tags", [])
    ]
    text = "\n\n".join(prose)
    numbered = re.search(r"^#+ \d.*$", text, re.MULTILINE)
    return _paragraph(text[numbered.end() :] if numbered else text)


def _paragraph(text: str) -> str:
    """The first paragraph of `text` that is prose: no heading, list, table, box or formula."""
    for paragraph in re.split(r"\n\s*\n", text):
        paragraph = paragraph.strip()
        if paragraph and not paragraph.startswith(("#", "|", "!", ":::", "```", "<", "- ", "* ", "$$")):
            return paragraph
    return ""


def sentence(text: str) -> str:
    """`text` with a capital letter and a full stop, for where it stands alone."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


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
        opened = quote(f"lab/tree/{folder}/{path}", safe="")
        query = f"repo={quote(repository, safe='')}&branch={branch}&urlpath={opened}"
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
        if page not in chapter.parts:
            continue
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
    if measured := [claim for claim in chapter.claims if claim.values and claim.of_lecture]:
        lines += ["## What the lecture claims", "", *figures(measured, "claims")]
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
            "Answer from memory, in a full sentence, before you open the box. What you could not say today, "
            "ask yourself again tomorrow and in a week: that is what makes it stay.",
            "",
        ]
        lines += [
            folded(f"{n}. {one['question']}", one["answer"]) for n, one in enumerate(questions, start=1)
        ]
    if talks:
        lines += [
            "## Talk about it",
            "",
            "What an interviewer would ask about this project. Say your answer aloud, then see what a good "
            "one has in it.",
            "",
        ]
        lines += [folded(one["question"], one["good_answer"]) for one in talks]
    return "\n".join(lines).rstrip() + "\n"


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
            sentence(str(objectives[0])) if objectives else chapter.lead,
            "",
            f"*{hours(chapter.topic.minutes)} · {runs_on(chapter.topic)}*",
            "```",
            "",
        ]
    return "\n".join([*lines, "````", ""])


def released_at(exercise: Exercise) -> str:
    """The exercise's path in the repository, for launch links."""
    return exercise.released.relative_to(exercise.root).as_posix()
