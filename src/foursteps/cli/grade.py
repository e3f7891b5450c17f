"""Commands of whoever grades a class."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from foursteps.cli.app import DryRun, Far, Force, Topics, app, complain, err, far, near, out, the_course
from foursteps.cli.bar import Bar
from foursteps.course import Course, Topic

LONG = 60
"""Rows: drawing a table takes a second for some hundreds, and nobody reads its lines."""


@app.command()
def sample(context: typer.Context, topics: Topics = None) -> None:
    """Write the sample class: for each topic a complete submission, an untouched one and a wrong one."""
    from foursteps.grade.attempts import sample_class

    course = the_course(context)
    for topic in course.choose(topics or []):
        for folder in sample_class(course, topic):
            out.print(f"✓ {near(folder)}")


Sandbox = Annotated[
    str, typer.Option(help="Around learners' code: bwrap, external (a container is the wall) or none.")
]


@app.command()
def grade(
    context: typer.Context,
    topics: Topics = None,
    force: Force = False,
    feedback: Annotated[bool, typer.Option(help="Write feedback pages too.")] = True,
    sandbox: Sandbox = "bwrap",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Runs at the same time; one a processor when not given.")
    ] = None,
    course_folder: Annotated[
        Path | None, typer.Option("--course", help="The course's folder; a plain nbgrader course will do.")
    ] = None,
    cluster: Far = None,
    dry_run: DryRun = False,
) -> None:
    """Mark what learners submitted, in class/submitted/LEARNER/TOPIC, and give feedback.

    What has not changed is not run again. Broken off, the same command goes on from there. In a plain
    nbgrader course the topics are its assignments, and the marks go into its own gradebook.
    """
    from foursteps.grade import grade_class
    from foursteps.grade.plain import is_plain

    context.obj = course_folder or context.obj
    if dry_run:
        _say_plan(context, topics or [], force=force, sandbox=sandbox)
        return
    if sandbox == "none":
        err.print("Without a sandbox learners' code runs with your rights; the marks will say so.")
    if is_plain(context.obj):
        from foursteps.cli.plain import grade_assignments

        grade_assignments(context.obj, topics or [], force=force, sandbox=sandbox, workers=workers)
        return
    course = the_course(context)
    failed = False
    with far(cluster, workers) as there:
        for topic in course.choose(topics or []):
            with Bar() as bar:
                rows = grade_class(
                    course,
                    topic,
                    force=force,
                    sandbox=sandbox,
                    workers=workers,
                    cluster=there,
                    on_event=bar.grade_event,
                )
            if feedback:
                _give_feedback(course, topic)
            say_lines(marks_table(topic.name, rows))
            failed |= any(row.error for row in rows)
    if failed:
        raise typer.Exit(1)


def _give_feedback(course: Course, topic: Topic) -> None:
    from foursteps.grade.feedback import write_feedback

    said = f"Writing feedback, {topic.name}"
    with err.status(said) as status:
        write_feedback(
            course, topic, on_student=lambda done, total: status.update(f"{said}: {done} of {total}")
        )


WOULD = {
    "run": "runs",
    "mark": "is marked again, from the run that is kept",
    "stay": "stays: graded from just this already",
    "miss": "not handed in",
}


def _say_plan(context: typer.Context, topics: list[str], *, force: bool, sandbox: str) -> None:
    """Print what grading would do, and how much it is."""
    from foursteps.errors import GradeError
    from foursteps.grade.plain import is_plain
    from foursteps.grade.plan import plan_class

    if is_plain(context.obj):
        raise GradeError(
            context.obj,
            expected="a foursteps course, for a dry run",
            found="a plain nbgrader course",
            mend="Grade it: what was graded from the same files is left alone there, too.",
        )
    course = the_course(context)
    for topic in course.choose(topics):
        steps = plan_class(course, topic, force=force, sandbox=sandbox)
        rows = [(step.student, step.exercise, WOULD.get(step.would, step.note)) for step in steps]
        found = lines_of(topic.name, ("learner", "exercise", "what grading would do"), rows)
        say_lines(found)
        count = Counter(step.would for step in steps)
        runs = len({step.run or (step.student, step.exercise) for step in steps if step.would == "run"})
        failing = f"; that cannot be read: {count['fail']}" if count["fail"] else ""
        out.print(
            f"✓ {topic.name}: notebooks to run: {count['run']} (runs: {runs}); to mark again: "
            f"{count['mark']}; that stay: {count['stay']}; not handed in: {count['miss']}{failing} "
            "(a dry run: nothing was written)"
        )


def lines_of(
    title: str, names: Sequence[str], rows: Sequence[tuple[str, ...]], right: Sequence[str] = ()
) -> Table | str:
    """A table of words, with the columns `right` set to the right; plain lines, in columns still, where
    drawing it would take its time."""
    if len(rows) > LONG:
        sides = [">" if name in right else "<" for name in names[:-1]]
        widths = [max(len(row[column]) for row in rows) for column in range(len(sides))]
        line = "  ".join([*(f"{{:{side}{width}}}" for side, width in zip(sides, widths, strict=True)), "{}"])
        return "\n".join([title, *(line.format(*row) for row in rows)])
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, justify="right" if name in right else "left")
    for row in rows:
        table.add_row(*row)
    return table


def say_lines(found: Table | str) -> None:
    """Print what `lines_of` gave."""
    print(found) if isinstance(found, str) else out.print(found)


@app.command()
def rescore(context: typer.Context, topics: Topics = None, sandbox: Sandbox = "bwrap") -> None:
    """Mark a class again from the runs that are kept, after a change of points or tolerances; run nothing.

    Shows each learner's marks that changed, before and after.
    """
    from foursteps.grade.batch import rescore_class

    course = the_course(context)
    failed = False
    for topic in course.choose(topics or []):
        with Bar() as bar:
            pairs = rescore_class(course, topic, sandbox=sandbox, on_event=bar.grade_event)
        changed = [pair for pair in pairs if _marks(pair[0]) != _marks(pair[1])]
        if changed:
            say_lines(changes_table(topic.name, changed))
        out.print(f"✓ {topic.name}: {len(changed)} of {len(pairs)} notebooks have other marks.")
        for after in (after for _, after in pairs if after.error):
            complain(f"{after.student}, {after.exercise}: {after.error}")
            failed = True
    if failed:
        raise typer.Exit(1)


def _marks(row) -> str:
    return f"{row.points:g} of {row.max_points:g}"


def changes_table(title: str, pairs) -> Table | str:
    """Marks before and after: one line a notebook whose marks changed; plain lines where there are many."""
    names = ("learner", "exercise", "before", "after", "checks")
    rows = [
        (after.student, after.exercise, _marks(before), _marks(after), after.said) for before, after in pairs
    ]
    return lines_of(title, names, rows, right=("before", "after"))


def marks_table(title: str, rows) -> Table | str:
    """A class's marks: one line a learner and exercise; plain lines where there are many."""
    names = ("learner", "exercise", "marks", "checks")
    lines = [(row.student, row.exercise, _marks(row), row.said) for row in rows]
    return lines_of(title, names, lines, right=("marks",))
