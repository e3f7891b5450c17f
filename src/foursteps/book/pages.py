"""The pages that the book makes from data: openings, recall, cards, and the row above a notebook. Pure.

All of it is in the part of MyST Markdown that versions 1 and 2 of Jupyter Book both read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from foursteps.book.chapter import Chapter, folded, hours, slug
from foursteps.book.reproduces import badge_row, figures
from foursteps.course import Exercise, Topic

STEPS = {
    "lecture": (
        "Watch and run",
        "The lecture, executed. Read it, then run it yourself and change one thing at a time.",
    ),
    "reproduce": ("Reproduce", "An empty notebook and the same result to reach, in your own words."),
    "apply_elsewhere": ("Apply elsewhere", "The technique on other data, where nobody shows you the way."),
    "recall": ("Recall and talk", "Questions to answer from memory, and the ones an interviewer would ask."),
    "take_away": ("Take away", "What you can do now, on one page: the pattern, the pitfalls, what next."),
}
NUMBERS = {"lecture": "1 and 2", "reproduce": "3", "apply_elsewhere": "4"}

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


def get_it(downloads: Mapping[str, str], launch: Sequence[str]) -> str:
    """The row of links above a notebook: downloads (text to path) and launch links."""
    links = [f"{{download}}`{text} <{path}>`" for text, path in downloads.items()]
    return "**Work on it:** " + " · ".join([*links, *launch])


def opening(chapter: Chapter, install: str = "", colab: str = "") -> str:
    """A topic's first page: what, why, how long, on what, with which data, and what to know first.

    `install` is the line of a shell that installs the course, `colab` the cell that does it on Colab.
    """
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
    for page, (title, text) in STEPS.items():
        if page not in chapter.parts:
            continue
        lines += [
            f"```{{grid-item-card}} {NUMBERS.get(page, 'After')} · {title}",
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
    if install:
        lines += ["**To run it yourself**, install what the course needs:", "", "```bash", install, "```", ""]
    if colab:
        lines += ["On Colab, in a first cell of your own:", "", "```text", colab, "```", ""]
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


def take_away(chapter: Chapter) -> str:
    """What a learner takes away: the objectives, now as what they can do, and what the author wrote."""
    lines = [f"# Take away: {chapter.topic.title}", ""]
    if objectives := chapter.about.get("objectives"):
        lines += ["## What you can do now", "", *(f"- {sentence(str(one))}" for one in objectives), ""]
        where = "[reproduce](reproduce.ipynb)" if "reproduce" in chapter.parts else "reproduce"
        lines += [f"Not sure of one of them? Say it aloud without looking, then go back to {where}.", ""]
    return "\n".join([*lines, chapter.take_away.strip()]) + "\n"


def topic_cards(chapters: Sequence[Chapter], up: str = "") -> str:
    """The topics as cards; `up` leads from the page that shows them to the book's root."""
    lines = ["````{grid} 1 1 2 2", ":gutter: 3", ""]
    for chapter in chapters:
        objectives = list(chapter.about.get("objectives", []))
        lines += [
            f"```{{grid-item-card}} {chapter.heading}",
            f":link: {up}topics/{chapter.slug}/index",
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
