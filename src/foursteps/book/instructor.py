"""What only the instructor's edition has: the solutions, and how each exercise is graded. No effects."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from foursteps import notebook as nb
from foursteps.book.chapter import Chapter, slug
from foursteps.checks.definition import AnyCheck, Metric, WriteUp
from foursteps.course import Exercise, Topic

NAMES = {"reproduce": "Reproduce", "apply_elsewhere": "Apply elsewhere"}
WARNING = "```{warning}\nThe instructor's edition: solutions and graders. Learners have another one.\n```"


def pages(chapter: Chapter) -> dict[str, bytes]:
    """The sources of a topic's extra pages by path: a solution for each exercise, and one on the grading.

    Raises CourseError when a grader does not fit its exercise.
    """
    here = f"topics/{chapter.slug}"
    topic = chapter.topic
    files = {
        f"{here}/solution-{slug(exercise.name)}.ipynb": solution(exercise, topic)
        for exercise in topic.exercises.values()
    }
    return files | {f"{here}/grading.md": grading(topic, _proofs(topic)).encode()}


def entries(topic: Topic) -> dict[str, str]:
    """The extra pages of a topic, by name within its folder, and their titles in the contents."""
    found = {f"solution-{slug(name)}": f"Solution: {NAMES[name].lower()}" for name in topic.exercises}
    return {**found, "grading": "How it is graded"}


def solution(exercise: Exercise, topic: Topic) -> bytes:
    """A solution notebook as a page: as its author wrote it, without the markers of the answers."""
    page = copy.deepcopy(nb.read(exercise.source))
    title = f"# Solution: {NAMES[exercise.name].lower()}, {topic.title}\n\n{WARNING}"
    first = page.cells[0]
    if first.cell_type == "markdown" and first.source.lstrip().startswith("# "):
        page.cells = page.cells[1:]
    for cell in page.cells:
        cell.source = cell.source.replace("### BEGIN SOLUTION\n", "").replace("### END SOLUTION", "").rstrip()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    from nbformat.v4 import new_markdown_cell

    page.cells = [new_markdown_cell(title, id="book-title"), *page.cells]
    page.metadata.pop("foursteps", None)
    return nb.dumps(page).encode()


def grading(topic: Topic, proofs: Mapping[str, Any]) -> str:
    """How the exercises of `topic` are graded: checks, rubrics, and what proved the graders."""
    from foursteps.grade.prepare import checks_of

    parts = [f"# How {topic.title} is graded", WARNING]
    for name, exercise in topic.exercises.items():
        parts += [f"## {NAMES[name]}", _checks(checks_of(exercise))]
        parts += [_rubric(check) for check in checks_of(exercise) if isinstance(check, WriteUp)]
        parts.append(_proof(name, topic, proofs.get(name)))
    return "\n\n".join(parts) + "\n"


def _checks(checks: tuple[AnyCheck, ...]) -> str:
    lines = ["| check | points | kind | asks for |", "|---|---|---|---|"]
    for check in checks:
        kind = check.kind.replace("_", "-")
        if isinstance(check, Metric):
            kind += f": {check.metric}" + (", gain over the baseline" if check.lift else "")
        lines.append(f"| `{check.name}` | {check.points:g} | {kind} | {_cell(check.asks)} |")
    return "\n".join(lines)


def _rubric(check: WriteUp) -> str:
    lines = [f"### Rubric of `{check.name}`", "", "| looks for | points |", "|---|---|"]
    lines += [f"| {_cell(line.looks_for)} | {line.points:g} |" for line in check.rubric]
    return "\n".join(lines)


def _proof(name: str, topic: Topic, record: Mapping[str, Any] | None) -> str:
    """What the grader made of every known answer, as its proof has it."""
    heading = f"### What proves the grader of {NAMES[name].lower()}"
    if record is None:
        return f"{heading}\n\nNothing yet: `foursteps prove {topic.name} --only {name}` does it."
    seeds = record["seeds"]
    lines = [
        heading,
        "",
        f"{record['attempts']} known answers and {record['mutants']} mutants of the solution went through "
        f"the real grading path, right ones with {seeds['right']} seeds, the others with {seeds['wrong']}: "
        f"{record['wrong_accepted']} wrong accepted, {record['right_refused']} right refused, "
        f"{record['mutant_alive']} mutants alive.",
        "",
        "| answer | kind | what it is | marks, lowest to highest |",
        "|---|---|---|---|",
    ]
    for row in record["table"]:
        if row["kind"] != "mutant":
            marks = ", ".join(f"`{check}` {span}" for check, span in _spans(row["runs"]).items())
            lines.append(f"| {_cell(row['answer'])} | {row['kind']} | {_cell(row['says'])} | {marks} |")
    return "\n".join(lines)


def _spans(runs: list[Mapping[str, Any]]) -> dict[str, str]:
    """For each check the lowest and the highest mark over the runs that asked it."""
    found: dict[str, list[float]] = {}
    for run in runs:
        for check, points in run["marks"].items():
            found.setdefault(check, []).append(points)
    return {
        check: f"{min(points):g}" if min(points) == max(points) else f"{min(points):g}–{max(points):g}"
        for check, points in found.items()
    }


def _proofs(topic: Topic) -> dict[str, Any]:
    from foursteps.prove.proof import proof_file

    path = proof_file(topic)
    try:
        return json.loads(path.read_text("utf-8"))["exercises"]
    except (OSError, ValueError, KeyError):
        return {}


def _cell(text: str) -> str:
    """Text for a cell of a table: one line, no column of its own."""
    return " ".join(text.split()).replace("|", r"\|")
