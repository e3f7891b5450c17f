"""Where a learner stands: what is done of each topic's four steps, what comes next, how long it takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from foursteps import notebook as nb
from foursteps.checks.definition import AnyCheck, Checks, WriteUp
from foursteps.course import EXERCISES, Course, Topic
from foursteps.errors import FourstepsError
from foursteps.learner.progress import Event
from foursteps.learner.work import Copy

STEPS = {"watch": "Watch", "run": "Run", "reproduce": "Reproduce", "apply_elsewhere": "Apply elsewhere"}


@dataclass(frozen=True)
class Step:
    """One of the four steps of a topic.

    share : how much of it is done, 0 to 1. minutes : what the whole step takes. path : what to open.
    points and max_points : of the checks that need no person; 0 for the lecture's two steps.
    """

    name: str
    path: Path
    minutes: int
    share: float = 0.0
    points: float = 0.0
    max_points: float = 0.0

    @property
    def title(self) -> str:
        """The step's name as people read it."""
        return STEPS[self.name]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.share >= 1.0

    @property
    def minutes_left(self) -> int:
        """What the rest of it takes, as far as its share tells."""
        return round(self.minutes * (1 - self.share))

    @property
    def says(self) -> str:
        """How far it is, in words."""
        if self.is_done:
            return "done"
        if not self.share:
            return "to do"
        return f"{self.points:g} of {self.max_points:g} points" if self.max_points else "begun"


@dataclass(frozen=True)
class Standing:
    """A topic's four steps, in order."""

    topic: str
    title: str
    steps: tuple[Step, ...]

    @property
    def minutes_left(self) -> int:
        """What the rest of the topic takes."""
        return sum(step.minutes_left for step in self.steps)


def standing(course: Course, events: Iterable[Event]) -> tuple[Standing, ...]:
    """Where the learner with these events stands, topic by topic. Reads notebooks, runs nothing."""
    events = tuple(events)
    return tuple(_topic(topic, [e for e in events if e.topic == topic.name]) for topic in course.topics)


def next_step(standings: Iterable[Standing]) -> tuple[Standing, Step] | None:
    """The first step that is not done, in course order; None when all of them are."""
    for found in standings:
        for step in found.steps:
            if not step.is_done:
                return found, step
    return None


def _topic(topic: Topic, events: list[Event]) -> Standing:
    ran = any(e.kind == "claim" for e in events)
    watched = ran or any(e.kind == "watched" for e in events)
    begun = any(e.kind in ("guess", "reveal") for e in events)
    lecture, half = Copy(topic, "lecture").path, topic.minutes / 2
    checks = _checks(topic)
    steps = [
        Step("watch", lecture, round(half), float(watched)),
        Step("run", lecture, round(topic.minutes - half), 1.0 if ran else 0.25 if begun else 0.0),
        *(_exercise(topic, name, checks.get(name, ()), events) for name in EXERCISES),
    ]
    return Standing(topic.name, topic.title, tuple(steps))


def _checks(topic: Topic) -> dict[str, tuple[AnyCheck, ...]]:
    try:
        return Checks.loads(topic.checks.read_text("utf-8"), topic.checks).exercises
    except (OSError, FourstepsError):
        return {}


def _exercise(topic: Topic, name: str, checks: tuple[AnyCheck, ...], events: list[Event]) -> Step:
    """A step of checks: the best that each of them ever earned counts, a mark like a check."""
    copy = Copy(topic, name)
    wanted = {check.name: check.points for check in checks if not isinstance(check, WriteUp)}
    best = dict.fromkeys(wanted, 0.0)
    for event in events:
        if event.kind in ("check", "mark") and event.name in best:
            best[event.name] = max(best[event.name], min(event.points or 0.0, wanted[event.name]))
    most, earned = sum(wanted.values()), sum(best.values())
    share = earned / most if most else 0.0
    return Step(name, copy.path, _minutes(copy), share, earned, most)


def _minutes(copy: Copy) -> int:
    """What an exercise takes, as its own header says."""
    for path in (copy.path, copy.source):
        try:
            return int(nb.read(path).metadata.get("foursteps", {}).get("minutes", 0))
        except FourstepsError:
            continue
    return 0
