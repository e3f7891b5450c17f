"""Recall: a lecture's questions, asked again after growing intervals; what was missed comes back first.

In a notebook `recall()` shows the next question with its answer folded, `recall(True)` or `recall(False)`
says whether you knew it. The same questions go to Anki as a deck.
"""

# No run depends on this module: it asks a reader and remembers.

import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from foursteps.course import Course, Topic
from foursteps.errors import CourseError, FourstepsError, WorkError
from foursteps.learner.progress import Event, Progress, progress_here, remember

DAY = 24 * 3600.0
INTERVALS = (1, 3, 7, 16, 35)
"""Days until a question comes back that was known once, twice ... in a row."""
BOX = (
    "border:1px solid rgba(128,128,128,.35);border-left:5px solid #3b7dd8;border-radius:6px;"
    "padding:.6em .9em;margin:.3em 0;max-width:44em;line-height:1.45"
)
_asked: list["Card"] = []


@dataclass(frozen=True)
class Card:
    """A question of a lecture and its answer, as Markdown."""

    topic: str
    question: str
    answer: str


def cards(topic: Topic) -> tuple[Card, ...]:
    """The recall questions of a topic; none without a recall.toml. Raises CourseError for a broken one."""
    if not topic.recall.is_file():
        return ()
    try:
        listed = tomllib.loads(topic.recall.read_text("utf-8")).get("recall", [])
        return tuple(Card(topic.name, entry["question"].strip(), entry["answer"].strip()) for entry in listed)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError) as error:
        raise CourseError(
            topic.recall,
            expected="[[recall]] entries with question and answer",
            found=str(error) or type(error).__name__,
            mend="Correct the file, or get the bundle again.",
        ) from None


def due(questions: Iterable[Card], events: Iterable[Event], now: float) -> list[Card]:
    """The questions to ask now: those missed last time, those whose time has come, then new ones. Pure."""
    runs: dict[tuple[str, str], tuple[int, float]] = {}
    for event in events:
        if event.kind == "recall":
            key = (event.topic, event.name)
            before = runs.get(key, (0, 0.0))[0]
            runs[key] = (before + 1 if event.state == "knew" else 0, event.at)
    ranked: list[tuple[int, float, int, Card]] = []
    for number, card in enumerate(questions):
        found = runs.get((card.topic, card.question))
        if found is None:
            ranked.append((2, 0.0, number, card))
        elif found[0] == 0:
            ranked.append((0, found[1], number, card))
        elif (back := found[1] + DAY * INTERVALS[min(found[0], len(INTERVALS)) - 1]) <= now:
            ranked.append((1, back, number, card))
    return [card for *_, card in sorted(ranked, key=lambda entry: entry[:3])]


def recall(knew: bool | None = None) -> None:
    """Ask the next question of this topic; `knew` says whether you knew the last one. Never raises."""
    from foursteps.checks.session import show_text

    try:
        if knew is not None and _asked:
            last = _asked.pop()
            remember("recall", last.question, "knew" if knew else "missed")
        _ask()
    except FourstepsError as error:
        show_text(str(error), None)


def _ask() -> None:
    from foursteps.checks.session import show_text

    topic = Course.load().topic(Path.cwd().name)
    kept = progress_here()
    waiting = due(cards(topic), kept.events("recall", topic=topic.name) if kept else [], time.time())
    _asked[:] = waiting[:1]
    if not waiting:
        show_text("Nothing to recall now. What you knew comes back in a day or more.", None)
        return
    card, left = waiting[0], len(waiting) - 1
    tail = "Then run recall(True) if you knew it, recall(False) if not."
    text = f"Recall: {card.question}\n  Answer: {card.answer}\n  {tail} {left} more."
    html = (
        f'<div role="group" aria-label="Recall" style="{BOX}"><strong>{escape(card.question)}</strong>'
        '<details style="margin-top:.4em"><summary style="cursor:pointer">Answer</summary>'
        f'<div style="margin:.3em 0 0 1em">{escape(card.answer)}</div></details>'
        f'<small style="opacity:.75">{escape(tail)} {left} more.</small></div>'
    )
    show_text(text, html)


def answer(course: Course, card: Card, knew: bool) -> None:
    """Note, from a terminal, whether a question was known."""
    Progress.of(course.work).add(Event("recall", card.topic, card.question, "knew" if knew else "missed"))


def anki_deck(course: Course, topics: Iterable[Topic], path: Path) -> int:
    """Write an Anki deck (.apkg) of the topics' questions; gives how many. A second import doubles none."""
    try:
        import genanki
    except ImportError:
        raise WorkError(
            "foursteps recall --anki",
            expected="the package genanki",
            found="none",
            mend="Run: python -m pip install genanki",
        ) from None
    chosen = [card for topic in topics for card in cards(topic)]
    model = genanki.Model(
        _number("foursteps model"),
        "foursteps recall",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}],
    )
    deck = genanki.Deck(_number(course.title), course.title)
    for card in chosen:
        fields = [escape(card.question), escape(card.answer)]
        guid = genanki.guid_for(course.title, card.topic, card.question)
        deck.add_note(genanki.Note(model=model, fields=fields, guid=guid, tags=[card.topic]))
    path.parent.mkdir(parents=True, exist_ok=True)
    genanki.Package(deck).write_to_file(str(path))
    return len(chosen)


def _number(text: str) -> int:
    """A number of Anki's kind for `text`, the same every time."""
    import zlib

    return (1 << 30) + zlib.crc32(text.encode("utf-8")) % (1 << 30)
