"""Headers: the first cell of every notebook, from metadata, so that prose and grader cannot disagree."""

import copy
from collections.abc import Iterable

from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.checks.definition import AnyCheck, Function, Metric, Property, WriteUp
from foursteps.course import Course, Exercise, Topic
from foursteps.errors import NotebookError

TITLES = {"reproduce": "Reproduce it", "apply_elsewhere": "Apply it elsewhere"}
MARKED_BY = {
    Property: "what it is",
    Function: "inputs you have not seen",
    Metric: "rows you have not seen",
    WriteUp: "a person",
}


def refresh_header(topic: Topic, notebook: NotebookNode) -> NotebookNode:
    """A copy of a lecture's notebook, with the header that its metadata gives.

    The metadata `foursteps` of the notebook says `objectives`, `needs` and `data`; the rest comes from
    course.toml and the data cards.
    """
    fresh = copy.deepcopy(notebook)
    _header_cell(fresh, topic.lecture).source = lecture_header(topic, fresh)
    return fresh


def lecture_header(topic: Topic, notebook: NotebookNode) -> str:
    """The header of a lecture, as Markdown: objectives, minutes, hardware, what to know first, data."""
    said = notebook.metadata.get("foursteps", {})
    hardware = "a GPU helps, a CPU is enough" if topic.device == "cuda" else "a CPU is enough"
    parts = [f"# {topic.title}"]
    if said.get("objectives"):
        parts.append("**When you are through, you can**\n\n" + _list(said["objectives"]))
    parts.append(
        f"**Time** about {topic.minutes} minutes · **Hardware** {hardware}, {topic.memory_gb:g} GB of memory"
    )
    if said.get("needs"):
        parts.append("**Know this first**\n\n" + _list(said["needs"]))
    if said.get("data"):
        parts += ["## Data", *(_card(name, topic) for name in said["data"])]
    return "\n\n".join(parts)


def _card(name: str, topic: Topic) -> str:
    from foursteps.data import DATASETS

    if name not in DATASETS:
        raise NotebookError(
            f"{topic.lecture}, metadata foursteps.data",
            expected=f"names of datasets: {', '.join(DATASETS)}",
            found=name,
            mend="Correct the name.",
        )
    return DATASETS[name].card().strip()


def exercise_header(exercise: Exercise, notebook: NotebookNode, checks: Iterable[AnyCheck]) -> str:
    """The header of an exercise, as Markdown: difficulty, minutes, points, what is given and what is not."""
    said = notebook.metadata.get("foursteps", {})
    checks = tuple(checks)
    topic = Course.load(exercise.root).topic(exercise.topic)
    facts = []
    if level := said.get("difficulty"):
        facts.append(f"**Difficulty** {'●' * level}{'○' * (5 - level)} {level} of 5")
    if minutes := said.get("minutes"):
        facts.append(f"**Time** about {minutes} minutes")
    facts.append(f"**Points** {sum(check.points for check in checks):g}")
    rows = [
        f"| `{check.name}` | {check.asks} | {check.points:g} | {MARKED_BY[type(check)]} |" for check in checks
    ]
    table = "\n".join(["| check | what is asked | points | marked by |", "|---|---|---|---|", *rows])
    parts = [f"# {topic.title}: {TITLES[exercise.name].lower()}", " · ".join(facts), table]
    if said.get("given"):
        parts.append("**Given**\n\n" + _list(said["given"]))
    if said.get("not_given"):
        parts.append("**Not given**\n\n" + _list(said["not_given"]))
    return "\n\n".join(parts)


def fill_exercise_header(exercise: Exercise, notebook: NotebookNode, checks: Iterable[AnyCheck]) -> None:
    """Write the exercise's header into its header cell, in place."""
    _header_cell(notebook, exercise.source).source = exercise_header(exercise, notebook, checks)


def _header_cell(notebook: NotebookNode, path: object) -> NotebookNode:
    cell = nb.tagged(notebook, "header")
    if cell is None or cell.cell_type != "markdown" or cell is not notebook.cells[0]:
        raise NotebookError(
            path,
            expected="a first cell of Markdown tagged `header`",
            found="another first cell",
            mend="Add it; what it says is written by `foursteps release`.",
        )
    return cell


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
