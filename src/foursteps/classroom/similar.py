"""Notebooks that are more alike than chance would have it, after what was released is taken out of them.

By winnowing: S. Schleimer, D. Wilkerson and A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003. Code becomes a line of tokens in which names, numbers and texts are one each, so
renaming hides nothing; of the hashes of all runs of K tokens, the least in each window of W is kept. Two
notebooks that share W + K - 1 tokens in a row always share a fingerprint.

What comes out is a reason to look and to ask. It is never a verdict: there are not many ways to write a short
answer.
"""

import io
import keyword
import tokenize
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.course import Course, Topic, subfolders
from foursteps.errors import ClassError
from foursteps.grade.gradebook import released
from foursteps.grade.sheet import handed_in
from foursteps.learner.difference import only_code, side_by_side

K, W = 12, 8
"""Tokens in a run, and runs in a window: any 19 tokens in a row that two share are found."""
MOST = 10
"""What more learners than these have written is how one writes it (MOSS's option -m has the same default)."""
LEAST = 3
"""Shared fingerprints under which a pair is not named: some forty tokens, four or five lines."""
NOTABLE = 0.5
LONG_LINE = 25
"""Characters of a line that is unlikely to be written twice by chance."""
SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
SKIPPED |= {tokenize.ENCODING, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Pair:
    """Two learners whose code is alike.

    share : of the smaller one's own fingerprints, those the other has too (0 to 1). shared : how many.
    lines : long lines that both have to the letter, comments included, and nobody else.
    """

    exercise: str
    first: str
    second: str
    share: float
    shared: int
    lines: tuple[str, ...] = ()


def similar(course: Course, topic: Topic) -> tuple[Pair, ...]:
    """The pairs of submissions for `topic` that are worth a look, the most alike first.

    Code of the released exercises, of the lecture and of the learners' bundle does not count.
    """
    found: list[Pair] = []
    release = released(topic)
    given = [nb.read(topic.lecture), *release.values()]
    known = set().union(*(fingerprints(tokens(code_of(notebook))) for notebook in given))
    lines = set().union(*(long_lines(code_of(notebook)) for notebook in given))
    for name, exercise in topic.exercises.items():
        codes = {}
        for learner in subfolders(course.workspace / "submitted"):
            path = _submitted(course, topic, learner, name)
            if path.is_file():
                codes[learner] = code_of(handed_in(path, exercise, release[name]))
        found += pairs(name, codes, known, lines)
    return tuple(sorted(found, key=lambda pair: (-pair.share, -pair.shared, pair.first, pair.second)))


def pairs(
    exercise: str, codes: Mapping[str, str], known: Collection[int] = (), given: Collection[str] = ()
) -> list[Pair]:
    """The pairs of `codes`, by learner, that share much. Pure.

    known, given : fingerprints and lines of what everybody was given.
    """
    own = {learner: fingerprints(tokens(code)) - set(known) for learner, code in codes.items()}
    usual = _had_by_many(own)
    own = {learner: prints - usual for learner, prints in own.items()}
    said = {learner: long_lines(code) - set(given) for learner, code in codes.items()}
    rare = {line for line, who in _holders(said).items() if len(who) == 2}
    shared: dict[tuple[str, str], int] = {}
    for who in _holders(own).values():
        for at, first in enumerate(who):
            for second in who[at + 1 :]:
                shared[first, second] = shared.get((first, second), 0) + 1
    found = []
    for (first, second), number in shared.items():
        share = number / min(len(own[first]), len(own[second]))
        if number >= LEAST and share >= NOTABLE:
            lines = tuple(sorted(said[first] & said[second] & rare))
            found.append(Pair(exercise, first, second, share, number, lines))
    return found


def tokens(code: str) -> list[str]:
    """The tokens of `code`, in order: keywords, operators and attributes as they are; every other name, every
    number and every text as one sign each. What cannot be read as Python ends them.
    """
    found: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in SKIPPED:
                continue
            if token.type == tokenize.NAME:
                is_own = not keyword.iskeyword(token.string) and (not found or found[-1] != ".")
                found.append("name" if is_own else token.string)
            elif token.type == tokenize.NUMBER:
                found.append("0")
            elif token.type == tokenize.STRING:
                found.append("''")
            else:
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def fingerprints(words: list[str], k: int = K, w: int = W) -> set[int]:
    """The winnowed fingerprints of `words`: of each window of `w` hashes of `k` words, the least.

    Of fewer than `k` words there are none; of fewer than a window, one.
    """
    hashes = [zlib.crc32("\0".join(words[at : at + k]).encode()) for at in range(len(words) - k + 1)]
    if not hashes:
        return set()
    return {min(hashes[at : at + w]) for at in range(max(len(hashes) - w + 1, 1))}


def long_lines(code: str) -> set[str]:
    """The lines of `code` that are long enough to say something, without their indentation."""
    return {line.strip() for line in code.splitlines() if len(line.strip()) >= LONG_LINE}


def code_of(notebook: NotebookNode) -> str:
    """What somebody wrote as code, as one text: no checks, no magic."""
    sources = [nb.MAGIC.sub("", cell.source) for cell in only_code(notebook).cells]
    return "\n\n".join(sources) + "\n"


def show(course: Course, topic: Topic, exercise: str, learners: tuple[str, str], *, web: bool = False) -> int:
    """Let nbdime show two learners' code side by side; gives its exit code. Raises ClassError."""
    sides, release = {}, released(topic)
    for learner in learners:
        path = _submitted(course, topic, learner, exercise)
        if exercise not in release or not path.is_file():
            raise ClassError(path, expected="a submission", found="no such file", mend="Correct the name.")
        reduced = only_code(handed_in(path, topic.exercises[exercise], release[exercise]))
        reduced.metadata = NotebookNode(kernelspec=release[exercise].metadata.kernelspec)
        sides[learner] = reduced
    return side_by_side(sides, web=web)


def _had_by_many(own: Mapping[str, set[int]]) -> set[int]:
    return {one for one, who in _holders(own).items() if len(who) > MOST}


def _holders(own: Mapping[str, Iterable]) -> dict:
    """Who has each thing, in order."""
    found: dict = {}
    for learner in sorted(own):
        for one in own[learner]:
            found.setdefault(one, []).append(learner)
    return found


def _submitted(course: Course, topic: Topic, learner: str, exercise: str) -> Path:
    return course.workspace / "submitted" / learner / topic.name / f"{exercise}.ipynb"
