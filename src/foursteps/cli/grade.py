"""Commands of whoever grades a class."""

from typing import Annotated

import typer
from rich.table import Table

from foursteps.cli.app import Force, Topics, app, err, near, out, the_course


@app.command()
def sample(context: typer.Context, topics: Topics = None) -> None:
    """Write the sample class: for each topic a complete submission, an untouched one and a wrong one."""
    from foursteps.grade.attempts import sample_class

    course = the_course(context)
    for topic in course.choose(topics or []):
        for folder in sample_class(course, topic):
            out.print(f"✓ {near(folder)}")


@app.command()
def grade(
    context: typer.Context,
    topics: Topics = None,
    force: Force = False,
    feedback: Annotated[bool, typer.Option(help="Write feedback pages too.")] = True,
    sandbox: Annotated[
        str, typer.Option(help="Around learners' code: bwrap, external (a container is the wall) or none.")
    ] = "bwrap",
) -> None:
    """Mark what learners submitted, in class/submitted/LEARNER/TOPIC, and give feedback."""
    from foursteps.grade import grade_class
    from foursteps.grade.feedback import write_feedback

    course = the_course(context)
    failed = False
    if sandbox == "none":
        err.print("Without a sandbox learners' code runs with your rights; the marks will say so.")
    for topic in course.choose(topics or []):
        with err.status(f"Grading {topic.name}") as status:
            rows = grade_class(
                course,
                topic,
                force=force,
                sandbox=sandbox,
                on_submission=lambda s: status.update(f"Grading {s}"),
            )
            if feedback:
                write_feedback(course, topic)
        out.print(marks_table(topic.name, rows))
        failed |= any(row.error for row in rows)
    if failed:
        raise typer.Exit(1)


def marks_table(title: str, rows) -> Table:
    """A class's marks: one line a learner and exercise."""
    table = Table(title=title, title_justify="left")
    for name in ("learner", "exercise", "marks", "checks"):
        table.add_column(name, justify="right" if name == "marks" else "left")
    for row in rows:
        table.add_row(row.student, row.exercise, f"{row.points:g} of {row.max_points:g}", row.said)
    return table
