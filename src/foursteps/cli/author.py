"""Commands of whoever writes the course: check it, release it, publish it, or all of that at once."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from foursteps.cli.app import Topics, app, complain, err, near, out, the_course
from foursteps.cli.bar import Bar


@app.command()
def check(context: typer.Context) -> None:
    """Read the whole course and say what in it breaks a rule, where, and how to mend it."""
    from foursteps.rules import broken, broken_topic

    course = the_course(context)
    found = broken(course)
    for error in found:
        complain(error)
    for draft in course.drafts:
        lacking = broken_topic(draft)
        out.print(f"○ {draft.name} is a draft and published nowhere; {len(lacking)} to mend first.")
        for error in lacking:
            out.print(f"  {error}", highlight=False, soft_wrap=True, markup=False)
    if found:
        err.print(f"{len(found)} to mend.")
        raise typer.Exit(1)
    exercises = sum(len(topic.exercises) for topic in course.topics)
    number = "1 lecture" if len(course.topics) == 1 else f"{len(course.topics)} lectures"
    out.print(f"✓ {course.title}: {number} and {exercises} exercises, nothing to mend.")


@app.command()
def release(context: typer.Context, topics: Topics = None) -> None:
    """Make exercises from solutions, with nbgrader: stubs, headers, checks.json, a gradebook, the bundle."""
    from foursteps.release import bundle_folder
    from foursteps.release import release as release_topics

    course = the_course(context)
    chosen = course.choose(topics or [])
    with err.status("Releasing") as status:
        done = release_topics(course, chosen, on_topic=lambda topic: status.update(f"Releasing {topic.name}"))
    for item in done:
        out.print(f"✓ {item.topic}: {', '.join(item.exercises)} {item.state} in {near(item.folder)}")
    out.print(f"✓ for learners: {near(bundle_folder(course))}, and the same as .zip")


@app.command(name="course")
def whole_course(context: typer.Context) -> None:
    """Take the course from sources to book: release, check, reproduce, grade a sample class, publish."""
    from foursteps.pipeline import run

    course = the_course(context)
    stages = []
    with Bar() as bar:
        for stage in run(course, bar.progress):
            stages.append(stage)
            for line in stage.told:
                complain(line)
    table = Table(title=course.title, title_justify="left")
    for name in ("stage", "", "result", "seconds", "where to look"):
        table.add_column(name, justify="right" if name == "seconds" else "left", overflow="fold")
    signs = {"ok": "[green]✓[/]", "look": "[yellow]○[/]", "failed": "[bold red]✗[/]"}
    for stage in stages:
        table.add_row(
            stage.name, signs[stage.state], stage.words, f"{stage.seconds:.0f}", near(stage.look_at)
        )
    out.print(table)
    if any(stage.state == "failed" for stage in stages):
        raise typer.Exit(1)


@app.command()
def launch(context: typer.Context) -> None:
    """Write the environment files of Binder and Colab, where course.toml's [launch] names them."""
    from foursteps.book.launch import install_line, write_environments

    course = the_course(context)
    written = write_environments(course)
    for path in written:
        out.print(f"✓ {near(path)}")
    if not written:
        out.print("course.toml names neither Binder nor Colab with a repository: nothing to write.")
    if line := install_line(course):
        out.print(f"Readers install the course with: {escape(line)}", highlight=False, soft_wrap=True)


@app.command()
def book(
    context: typer.Context,
    since: Annotated[
        Path | None, typer.Option(help="An earlier build's folder: list the pages that read otherwise now.")
    ] = None,
    edition: Annotated[
        str, typer.Option(help="learner, or instructor: with solutions, in book/_build/instructor.")
    ] = "learner",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print it, too, into one PDF; asks for Chromium.")
    ] = False,
    version_2: Annotated[
        Path | None,
        typer.Option(
            "--version-2",
            help="The `jupyter` of an environment with Jupyter Book 2: let it read the sources.",
        ),
    ] = None,
) -> None:
    """Build the book from executed lectures, offline, into book/_build/html."""
    from foursteps.book.changes import changes, markdown
    from foursteps.pipeline import build_book

    if edition not in ("learner", "instructor"):
        raise typer.BadParameter(f"{edition} is neither learner nor instructor")
    course = the_course(context)
    with err.status("Building the book"):
        report = build_book(course, "instructor" if edition == "instructor" else "learner")
    out.print(f"✓ {report.pages} pages in {report.seconds:.0f} s: {near(report.index)}")
    if pdf:
        from foursteps.book.pdf import print_book

        with err.status("Printing the book"):
            printed = print_book(report)
        out.print(f"✓ {printed.stat().st_size / 2**20:.1f} MB: {near(printed)}")
    if version_2 is not None:
        from foursteps.book.version2 import lint

        with err.status("Jupyter Book 2 reads the sources"):
            pages = lint(report.html.parent / "src", version_2)
        out.print(f"✓ Jupyter Book 2 reads {pages} pages without a warning")
    if since is not None:
        out.print(escape(markdown(changes(since, report.html))), highlight=False, soft_wrap=True)
