"""Commands that begin something: a course, or a topic of one, as a small and whole example to edit."""

from pathlib import Path
from typing import Annotated

import typer

from foursteps.cli.app import app, near, out, the_course

new = typer.Typer(no_args_is_help=True, help="Begin a course, or a topic of one: a whole example to edit.")
app.add_typer(new, name="new")

Title = Annotated[str, typer.Option(help="What it is called; made from the name when not given.")]


@new.command("course")
def new_course(
    name: Annotated[str, typer.Argument(help="The folder to make here: letters, digits, - and _.")],
    title: Title = "",
) -> None:
    """Write a small course, with one topic that every command accepts, into a new folder."""
    from foursteps.new.course import new_course as write

    course = write(name, Path.cwd(), title)
    out.print(f"✓ {course.title}: a whole small course in {near(course.root)}.", soft_wrap=True)
    out.print(f"Next: cd {near(course.root)}, then foursteps check, or make course.", highlight=False)


@new.command("lecture")
def new_lecture(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="Two digits and words, such as 02_heights.")],
    title: Title = "",
    draft: Annotated[bool, typer.Option("--draft", help="Published nowhere until you say so.")] = False,
) -> None:
    """Write a topic into the course: a lecture, two exercises, graders and the attempts that prove them."""
    from foursteps.new.lecture import new_lecture as write

    course = the_course(context)
    made = write(course, topic, title, draft=draft)
    kind = "a draft, published nowhere" if draft else "the last of the course"
    out.print(f"✓ {made.name}: {made.title} ({kind}).", highlight=False, soft_wrap=True)
    for folder in (made.folder, *(course.root / kind / made.name for kind in ("solutions", "graders"))):
        out.print(f"  {near(folder)}", highlight=False, soft_wrap=True)
    out.print(
        f"It is a whole example: edit it, then foursteps reproduce {made.name} --measure.",
        highlight=False,
        soft_wrap=True,
    )
