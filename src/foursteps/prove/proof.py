"""What was proved of a grader, kept beside it, and whether that still holds."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foursteps import atomic, notebook
from foursteps.course import Course, Exercise, Topic
from foursteps.errors import CourseError
from foursteps.grade.marking import marking
from foursteps.grade.prepare import checks_of
from foursteps.prove.fault import KINDS, Fault, Kind
from foursteps.prove.mutants import read_equivalents
from foursteps.run.modules import code_hash

SCHEMA = 1
RIGHT_SEEDS, WRONG_SEEDS = 5, 2
"""Splits and trainings that a whole proof has of each right answer, and of each wrong one and mutant."""

FEWEST = {"right": 2, "wrong": 5, "stub": 1}
PROVE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """One answer of a proof: its name, its kind, what it is about, and its marks run by run."""

    answer: str
    kind: str
    says: str
    runs: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Proof:
    """What a grader made of every known answer. `seeds` and `wrong_seeds` are how many runs each had."""

    exercise: Exercise
    seeds: int
    wrong_seeds: int
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    equivalents: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing wrong was accepted, nothing right refused, nothing missed, and no mutant lives."""
        return not self.faults

    def count(self, kind: Kind) -> int:
        """How many answers have a fault of this kind, with whatever seed."""
        return len({fault.answer for fault in self.of(kind)})

    def of(self, kind: Kind) -> tuple[Fault, ...]:
        """The faults of this kind."""
        return tuple(fault for fault in self.faults if fault.kind == kind)

    @property
    def attempts(self) -> int:
        """How many answers there are, the solution with them, without the mutants."""
        return sum(row.kind != "mutant" for row in self.rows)

    @property
    def mutants(self) -> int:
        """How many mutants were run."""
        return len(self.rows) - self.attempts

    def record(self) -> dict[str, Any]:
        """The proof as proof.json has it."""
        return {
            "depends_on": digest(self.exercise),
            "seeds": {"right": self.seeds, "wrong": self.wrong_seeds},
            "attempts": self.attempts,
            "mutants": self.mutants,
            "equivalents": self.equivalents,
            **{kind.replace(" ", "_"): self.count(kind) for kind in KINDS},
            "table": [
                {"answer": row.answer, "kind": row.kind, "says": row.says, "runs": row.runs}
                for row in self.rows
            ],
        }


def proof_file(topic: Topic) -> Path:
    """Where the proofs of a topic's graders lie."""
    return topic.root / "graders" / topic.name / "proof.json"


def write_proofs(course: Course, proofs: Iterable[Proof]) -> None:
    """Put each proof into its topic's proof.json; what that says of the topic's other exercise stays."""
    for proof in proofs:
        path = proof_file(course.topic(proof.exercise.topic))
        kept = _read(path)
        kept[proof.exercise.name] = proof.record()
        text = json.dumps({"schema": SCHEMA, "exercises": kept}, indent=1, sort_keys=True, ensure_ascii=False)
        atomic.write_text(path, text + "\n")


def _read(path: Path) -> dict[str, Any]:
    """The records by exercise; empty where there is no file that can be read."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        return dict(kept["exercises"]) if kept["schema"] == SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def digest(exercise: Exercise) -> str:
    """SHA-256 (64 hex digits) of all that a proof of the grader depends on.

    That is what evidence is valued by, the solution's code and points, the bands, the attempts, the mutants
    listed as equivalent, the lecture's code (which is pasted into the exercise), and the code that proves.
    Prose is not.
    """
    topic = exercise.root / "lectures" / exercise.topic
    parts = [marking(exercise), code_hash(sorted(PROVE.glob("*.py")), PROVE)]
    parts += [f"{check.name} {check.points}" for check in checks_of(exercise)]
    parts += [f"{entry.cell}\0{entry.change}" for entry in read_equivalents(exercise)]
    parts += [
        notebook.source_hash(notebook.read(path)) for path in (exercise.source, topic / "lecture.ipynb")
    ]
    found = hashlib.sha256("\0".join(parts).encode())
    files = [topic / "claims.json", *sorted(exercise.attempts.glob("*.py"))]
    for path in files:
        content = path.read_bytes() if path.is_file() else b""
        found.update(f"{path.relative_to(exercise.root).as_posix()}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def stale(topic: Topic) -> tuple[str, ...]:
    """The exercises of `topic` whose proof is missing or of an earlier state of something."""
    kept = _read(proof_file(topic))
    return tuple(
        name
        for name, exercise in topic.exercises.items()
        if kept.get(name, {}).get("depends_on") != digest(exercise)
    )


def broken_proof(topic: Topic) -> Iterator[CourseError]:
    """A rule of a course: each grader is proved, as it is now, over all seeds, with nothing amiss."""
    path = proof_file(topic)
    kept = _read(path)
    for name, exercise in topic.exercises.items():
        yield from _missing_attempts(exercise)
        record = kept.get(name)
        again = f"Run `foursteps prove {topic.name} --only {name}`."
        where = f"{path}, {name}"
        if record is None:
            yield CourseError(where, expected="a proof of the grader", found="none", mend=again)
        elif record["depends_on"] != digest(exercise):
            yield CourseError(
                where,
                expected="a proof of the grader as it is now",
                found="a stale one: the solution, the grader, an attempt, a band or the kit has changed",
                mend=again,
            )
        elif (record["seeds"]["right"], record["seeds"]["wrong"]) != (RIGHT_SEEDS, WRONG_SEEDS):
            yield CourseError(
                where,
                expected=f"{RIGHT_SEEDS} seeds of right answers and {WRONG_SEEDS} of wrong ones",
                found=f"{record['seeds']['right']} and {record['seeds']['wrong']}",
                mend=again,
            )
        else:
            for kind in KINDS:
                if count := record[kind.replace(" ", "_")]:
                    yield CourseError(where, expected=f"no {kind}", found=str(count), mend=again)


def _missing_attempts(exercise: Exercise) -> Iterator[CourseError]:
    """An exercise has two right answers, five wrong ones, a stub, and elsewhere the lecture pasted."""
    from foursteps.grade.attempts import read_attempts

    attempts = read_attempts(exercise)
    fewest = FEWEST | ({"pasted": 1} if exercise.name == "apply_elsewhere" else {})
    for kind, least in fewest.items():
        there = sum(attempt.kind == kind for attempt in attempts)
        if there < least:
            yield CourseError(
                exercise.attempts,
                expected=f"at least {least} of kind {kind}",
                found=str(there),
                mend="Add an attempt: a file with the header `# /// attempt`.",
            )
    for attempt in attempts:
        if attempt.kind in ("wrong", "pasted") and not attempt.expect:
            yield CourseError(
                attempt.path,
                expected="a check that this wrong answer loses points at",
                found="none",
                mend="Say in [expect] what it must earn there.",
            )


__all__ = ["Proof", "Row", "broken_proof", "digest", "proof_file", "stale", "write_proofs"]
