"""`foursteps course`: a course from its sources to its published book, each stage once, only what changed.

check, release, reproduce, grade a sample class, book. A stage that finds something wrong does not stop the
next one where that can still say something useful; the summary and the exit code tell.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

from foursteps.book import BookReport, Edition, build
from foursteps.book.claim import claims_of
from foursteps.book.lecture import claims_said
from foursteps.claims.ledger import load_or_new
from foursteps.course import Course, Topic
from foursteps.errors import FourstepsError
from foursteps.reproduce import Event, executed_lecture, own_seed, reproduce
from foursteps.reproduce.task import LECTURE
from foursteps.run.cache import Entry
from foursteps.run.device import cores

State = Literal["ok", "look", "failed"]


@dataclass(frozen=True)
class Stage:
    """What became of one stage: a few words, where to look, and every line that has to be said."""

    name: str
    state: State
    words: str
    look_at: Path
    seconds: float
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far the whole is: `done` of `total` parts, and what runs now."""

    done: float
    total: float
    now: str


OnProgress = Callable[[Progress], None]

# How long the stages take, roughly and in parts of the whole, so that the bar moves evenly.
WEIGHTS = {"release": 1, "check": 1, "reproduce": 12, "grade": 8, "book": 3}


def run(course: Course, on_progress: OnProgress = lambda progress: None) -> Iterator[Stage]:
    """Take `course` through every stage; yields each as it ends.

    Raises only what makes every later stage pointless (a course that cannot be read, Ctrl-C, a full disk).
    """
    stages: dict[str, Callable[[Course, Callable[[float, str], None]], Stage]] = {
        "release": _release,
        "check": _check,
        "reproduce": _reproduce,
        "grade": _grade,
        "book": _book,
    }
    total, before = sum(WEIGHTS.values()), 0
    farthest = 0.0
    for name, stage in stages.items():

        def within(share: float, now: str, name: str = name, before: int = before) -> None:
            nonlocal farthest  # of several runs at a time, the one that is farthest tells
            farthest = max(farthest, before + WEIGHTS[name] * share)
            on_progress(Progress(farthest, total, now))

        within(0, name)
        began = monotonic()
        try:
            yield stage(course, within)
        except FourstepsError as error:
            yield Stage(name, "failed", "stopped", course.root, monotonic() - began, (str(error),))
        before += WEIGHTS[name]
    on_progress(Progress(total, total, "done"))


def workers() -> int:
    """How many kernels run side by side: one a core, and at least 3 GB of memory each."""
    import psutil

    return max(1, min(cores(), int(psutil.virtual_memory().available / 3e9)))


def build_book(course: Course, edition: Edition = "learner") -> BookReport:
    """The book of `course` from its executed lectures: as they were kept, or run now.

    Where a printed run raises an alarm, so are the further seeds that settle it.
    """
    entries = {topic.name: executed_lecture(topic) for topic in course.topics}
    return build(
        course,
        {name: entry.result.notebook for name, entry in entries.items()},
        provenance={name: entry.provenance for name, entry in entries.items()},
        edition=edition,
        more={topic.name: _more(course, topic, entries[topic.name]) for topic in course.topics},
    )


def _more(course: Course, topic: Topic, printed: Entry) -> Mapping[str, Sequence[float]]:
    """What further seeds gave of a lecture's claims, by claim, where the printed run raises an alarm."""
    said = claims_said(printed.result.notebook)
    claims = claims_of(load_or_new(topic.claims), said, printed.provenance.device_class)
    if all(claim.state != "open" for claim in claims):
        return {}
    seed = own_seed(topic)
    findings = reproduce(course, [topic], seeds=(seed,), notebooks=(LECTURE,))
    return {
        finding.claim: [value for other, value in finding.values.items() if other != seed]
        for finding in findings
    }


def _release(course: Course, within: Callable[[float, str], None]) -> Stage:
    from foursteps.release import release

    began = monotonic()
    topics = course.topics
    numbers = {topic.name: number for number, topic in enumerate(topics)}
    done = release(
        course,
        topics,
        on_topic=lambda topic: within(numbers[topic.name] / len(topics), f"release {topic.name}"),
    )
    written = sum(item.state == "written" for item in done)
    words = (
        f"{2 * len(done)} exercises, {written} topics new"
        if written
        else f"{2 * len(done)} exercises, as they were"
    )
    return Stage("release", "ok", words, course.root / "exercises", monotonic() - began)


def _check(course: Course, within: Callable[[float, str], None]) -> Stage:
    from foursteps.rules import broken  # it takes nbgrader along, which a book does not need

    began = monotonic()
    found = broken(course)
    words = f"{len(found)} to mend" if found else f"{len(course.topics)} lectures, nothing to mend"
    return Stage(
        "check",
        "failed" if found else "ok",
        words,
        course.root / "course.toml",
        monotonic() - began,
        tuple(str(error) for error in found),
    )


def _reproduce(course: Course, within: Callable[[float, str], None]) -> Stage:
    began = monotonic()

    def tell(event: Event) -> None:
        cell = event.cell / event.cells if event.cells and event.kind == "cell" else 0.0
        share = (event.done + cell) / max(event.total, 1)
        within(min(share, 1.0), f"run {event.topic}/{event.notebook}, cell {event.cell} of {event.cells}")

    findings = reproduce(course, workers=workers(), on_event=tell)
    good = [finding for finding in findings if finding.ok]
    bad = [finding for finding in findings if not finding.ok]
    return Stage(
        "reproduce",
        "failed" if bad else "ok",
        f"{len(good)} of {len(findings)} results inside their bands",
        course.root / "lectures",
        monotonic() - began,
        tuple(finding.message for finding in bad),
    )


def _grade(course: Course, within: Callable[[float, str], None]) -> Stage:
    from foursteps.grade import grade_class
    from foursteps.grade.attempts import sample_class
    from foursteps.grade.feedback import write_feedback
    from foursteps.grade.walls import sandbox_for

    began = monotonic()
    rows = []
    for number, topic in enumerate(course.topics):
        sample_class(course, topic)
        share = number / len(course.topics)
        rows += grade_class(
            course,
            topic,
            sandbox="best",
            on_submission=lambda name, share=share: within(share, f"grade {name}"),
        )
        write_feedback(course, topic)
    wrong = [row for row in rows if row.error]
    full = sum(row.points == row.max_points for row in rows)
    return Stage(
        "grade",
        "failed" if wrong else "ok",
        f"{len(rows)} notebooks, {full} with full marks (sandbox: {sandbox_for('best')})",
        course.workspace / "feedback",
        monotonic() - began,
        tuple(f"{row.student}, {row.exercise}: {row.error}" for row in wrong),
    )


def _book(course: Course, within: Callable[[float, str], None]) -> Stage:
    within(0.1, "book")
    report = build_book(course)
    bare = len(report.figures_without_alt)
    words = f"{report.pages} pages" + (f", {bare} figures without alternative text" if bare else "")
    return Stage("book", "look" if bare else "ok", words, report.index, report.seconds)
