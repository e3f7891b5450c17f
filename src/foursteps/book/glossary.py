"""The words that the topics explain, gathered from where they explain them. Pure.

A lecture, or its page to take away, has a table headed `word` and `meaning`; nobody writes it a second time.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foursteps.book.chapter import Chapter

TABLE = re.compile(r"^\| *word *\| *meaning *\|\n\|[-| :]+\|\n((?:\|.*\|(?:\n|$))+)", re.MULTILINE)


@dataclass(frozen=True)
class Word:
    """A word or a few that belong together, what they mean, and the topics that explain them."""

    word: str
    meaning: str
    topics: tuple[Chapter, ...]


def entries(text: str) -> list[tuple[str, str]]:
    """The rows of the tables of words in `text`, as (word, meaning)."""
    rows = []
    for table in TABLE.findall(text):
        for line in table.strip().splitlines():
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if len(cells) == 2:
                rows.append((cells[0], cells[1]))
    return rows


def words(chapters: Sequence[Chapter]) -> list[Word]:
    """The words of all topics in alphabetical order; of one that several explain, the first's meaning."""
    found: dict[str, Word] = {}
    for chapter in chapters:
        for word, meaning in entries("\n\n".join([*chapter.prose, chapter.take_away])):
            earlier = found.get(word.lower())
            topics = (*earlier.topics, chapter) if earlier else (chapter,)
            if earlier and earlier.topics[-1] is chapter:
                continue
            found[word.lower()] = Word(word, earlier.meaning if earlier else meaning, topics)
    return sorted(found.values(), key=lambda one: one.word.lower())


def table(found: Iterable[Word]) -> str:
    """The words as a table, each with links to its topics."""
    lines = ["| word | meaning | topic |", "|---|---|---|"]
    for one in found:
        links = ", ".join(f"[{topic.number}](../topics/{topic.slug}/index.md)" for topic in one.topics)
        lines.append(f"| {one.word} | {one.meaning} | {links} |")
    return "\n".join(lines) if len(lines) > 2 else "The topics explain none yet."
