"""A leaderboard for each metric check: part of the held-out rows now, the rest at the end; no names.

Whoever tunes to the public part gains nothing in the private one. Marks are another matter: they take all
rows, and stand in the gradebook.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

import numpy as np

from foursteps import atomic
from foursteps.checks.definition import Metric
from foursteps.checks.measures import MEASURES
from foursteps.claims.record import number
from foursteps.classroom.results import Result, sheets
from foursteps.classroom.roster import members
from foursteps.course import Course, Topic, subfolders
from foursteps.errors import ClassError, EvidenceError
from foursteps.grade.score import MetricKey, lift, predictions_in
from foursteps.grade.secret import class_secret, seed_for
from foursteps.reproduce.page import STYLE

PUBLIC = 0.5
"""The share of the held-out rows that a leaderboard shows before the end."""
HOW = """
amber bold brave bright calm clever coral crisp eager early fair gentle glad golden green happy honest jade
keen kind lively lucky merry mild noble quick quiet ready rosy silver snug steady sunny swift teal tidy true
vivid warm wise
"""
WHO = """
alder ash aster badger beech birch bison cedar clover crane curlew dove elm falcon fern finch fox gecko hare
hazel heron ibis iris ivy jay kestrel lark lily linden lynx maple marten moss newt oak olive orchid otter owl
pine plover poppy puffin quail raven robin rowan sage seal sparrow stork swan swift tern thrush toad tulip
vole willow wren
"""


@dataclass(frozen=True)
class Place:
    """One learner on a board.

    value : the metric on the board's rows. gain : over the dataset's declared baseline, positive is better,
    with its 95 % bootstrap interval from low to high. rank : 1 and up; tied : whether the interval reaches
    the gain of the best, so that this order between the two may be chance.
    """

    rank: int
    name: str
    value: float
    gain: float
    low: float
    high: float
    tied: bool


@dataclass(frozen=True)
class Board:
    """The places for one check on one dataset, from `rows` held-out rows, in the public or the final part."""

    topic: str
    exercise: str
    check: str
    metric: str
    dataset: str
    final: bool
    rows: int
    places: tuple[Place, ...]


def boards(course: Course, topic: Topic, *, final: bool = False) -> tuple[Board, ...]:
    """The boards of `topic`, from the runs that are kept; `final` takes the part that was private."""
    secret = class_secret(course.workspace)
    found: dict[tuple[str, str, str], list[Result]] = {}
    for sheet in sheets(course, topic):
        for one in sheet.results:
            if isinstance(one.check, Metric) and one.evidence is not None and one.key is not None:
                place = (sheet.exercise, one.check.name, one.evidence.dataset or "")
                found.setdefault(place, []).append(one)
    names = named(course)
    made = []
    for (exercise, check, dataset), results in sorted(found.items()):
        key = results[0].key
        assert key is not None
        rows = part(len(key.labels), seed_for(secret, f"{topic.name}/{exercise}/{check}/{dataset}"), final)
        metric = results[0].check.metric if isinstance(results[0].check, Metric) else ""
        places = _places(results, metric, key, rows, names)
        made.append(Board(topic.name, exercise, check, metric, dataset, final, len(rows), places))
    return tuple(made)


def named(course: Course) -> dict[str, str]:
    """Everybody's pseudonym, who is in the class or handed something in."""
    everybody = {learner.id for learner in members(course)} | set(subfolders(course.workspace / "submitted"))
    return pseudonyms(class_secret(course.workspace), sorted(everybody))


def part(rows: int, seed: int, final: bool) -> np.ndarray:
    """Which of `rows` held-out rows a board takes, in order: the public ones, or at the end the rest."""
    order = np.random.default_rng(seed).permutation(rows)
    cut = max(round(PUBLIC * rows), 1)
    return np.sort(order[cut:] if final else order[:cut])


def pseudonyms(secret: bytes, learners: Sequence[str]) -> dict[str, str]:
    """A name for each learner that only the class's secret ties to them; no two are alike."""
    how, who = HOW.split(), WHO.split()
    found: dict[str, str] = {}
    taken: set[str] = set()
    for learner in sorted(learners):
        for tries in range(len(how) * len(who)):
            digest = hmac.digest(secret, f"pseudonym/{learner}/{tries}".encode(), "sha256")
            name = f"{how[digest[0] % len(how)]} {who[digest[1] % len(who)]}"
            if name not in taken:
                break
        else:
            name = digest.hex()[:12]
        taken.add(name)
        found[learner] = name
    return found


def _places(
    results: Sequence[Result], metric: str, key: MetricKey, rows: np.ndarray, names: Mapping[str, str]
) -> tuple[Place, ...]:
    """Each learner's place, the best first."""
    measure = MEASURES[metric]
    truth = key.labels.astype(float) if measure.numeric else key.labels.astype(str)
    baseline = key.baseline.astype(truth.dtype)
    scored = []
    for one in results:
        try:
            predicted, problem = predictions_in(
                one.evidence.content if one.evidence else None, len(truth), measure
            )
        except EvidenceError:
            continue
        if problem:
            continue
        value = measure.value(predicted[rows], truth[rows])
        gain, (low, high) = lift(measure, predicted[rows], baseline[rows], truth[rows])
        if np.isfinite([value, gain, low, high]).all():
            scored.append((gain, names[one.learner], value, low, high))
    scored.sort(key=lambda item: (-item[0], item[1]))
    best = scored[0][0] if scored else 0.0
    return tuple(
        Place(1 + sum(other[0] > gain for other in scored), name, value, gain, low, high, tied=high >= best)
        for gain, name, value, low, high in scored
    )


def write(made: Sequence[Board], path: Path) -> Path:
    """Write boards to `path`, as its ending says: .html for people, .json for programs. Raises ClassError."""
    if path.suffix == ".json":
        text = json.dumps({"schema": 1, "boards": [asdict(board) for board in made]}, indent=1) + "\n"
    elif path.suffix == ".html":
        text = page(made)
    else:
        raise ClassError(
            path,
            expected="a file that ends in .html or .json",
            found=path.suffix or "no ending",
            mend="Give it another name.",
        )
    atomic.write_text(path, text)
    return path


def page(made: Sequence[Board]) -> str:
    """The boards as one page that stands alone and names nobody."""
    parts = "".join(map(_section, made)) or "<p>Nothing to show yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Leaderboard</title><style>{STYLE}</style></head><body><main><h1>Leaderboard</h1>{parts}"
        "</main></body></html>\n"
    )


def _section(board: Board) -> str:
    which = "the private part, new to all" if board.final else "the public part; the rest decides"
    rows = "".join(
        f"<tr><td class=n>{place.rank}{'=' if place.tied and place.rank > 1 else ''}<td>{escape(place.name)}"
        f"<td class=n>{number(place.value)}<td class=n>{place.gain:+.3f}"
        f"<td class=n>{place.low:+.3f} to {place.high:+.3f}</tr>"
        for place in board.places
    )
    return (
        f"<section><h2>{escape(board.topic)}: {escape(board.check)} on {escape(board.dataset)}</h2>"
        f"<p>{board.rows} held-out rows, {which}. With an = it may be the first place as well: the interval "
        'reaches it.</p><div class="wide"><table><thead><tr><th class=n>place<th>who'
        f"<th class=n>{escape(board.metric)}<th class=n>over the baseline<th class=n>95 % interval</thead>"
        f"<tbody>{rows}</tbody></table></div></section>"
    )
