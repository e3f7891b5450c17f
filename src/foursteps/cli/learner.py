"""Commands of whoever takes the course, in the order in which a learner meets them."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from foursteps.cli.app import Topics, app, err, near, out, the_course
from foursteps.course import EXERCISES

TopicName = Annotated[str, typer.Argument(help="The topic, by name or number.")]
SIGNS = {"ok": "[green]✓[/]", "note": "[yellow]○[/]", "fault": "[bold red]✗[/]"}


@app.command()
def doctor(context: typer.Context) -> None:
    """Examine this machine: Python, packages, kernel, data, GPU, disk, memory; how to mend what is wrong.

    Exit codes: 0 all is well, 1 something has to be mended.
    """
    from foursteps.learner.doctor import examine

    faults = 0
    course = the_course(context)
    for finding in examine(course):
        faults += finding.state == "fault"
        out.print(
            SIGNS[finding.state], f"{finding.name}:", escape(finding.found), highlight=False, soft_wrap=True
        )
        if finding.mend:
            out.print("  →", escape(finding.mend), highlight=False, soft_wrap=True)
    if faults:
        err.print(f"{faults} to mend.")
        raise typer.Exit(1)


@app.command()
def start(
    context: typer.Context,
    topic: TopicName,
    level: Annotated[str | None, typer.Option(help="guided, outline or blank.")] = None,
) -> None:
    """Copy a topic's lecture and exercises into your own work/ folder. What you wrote stays as it is."""
    from foursteps.learner.work import start as start_topic

    chosen = the_course(context).topic(topic)
    for item in start_topic(chosen, level):
        what = near(item.copy.path)
        is_exercise = item.copy.name != "lecture"
        at = f" ({item.level})" if is_exercise else ""
        if item.state == "kept" and is_exercise and level not in (None, item.level):
            out.print(f"○ {what}{at}: your work is in it, so it stays. Rename it to begin again at {level}.")
        elif item.state == "kept":
            out.print(f"✓ {what}{at}: there already")
        else:
            out.print(f"✓ {what}{at}")


@app.command()
def progress(
    context: typer.Context,
    topics: Topics = None,
    watched: Annotated[
        bool, typer.Option("--watched", help="Note that you have watched these lectures.")
    ] = False,
) -> None:
    """Show what is done, what comes next and how long it will take. It is kept on your machine only."""
    from foursteps.learner.progress import Event, Progress
    from foursteps.learner.standing import next_step, standing

    course = the_course(context)
    kept = Progress.of(course.work)
    chosen = [topic.name for topic in course.choose(topics or [])]
    if watched:
        if not topics:
            raise typer.BadParameter("say which topics, such as: foursteps progress 01 --watched")
        kept.add(*(Event("watched", name, "lecture") for name in chosen))
    everything = standing(course, kept.events())
    table = Table(title=course.title, title_justify="left")
    for name in ("topic", "step", "", "how far", "minutes left"):
        table.add_column(name, justify="right" if name == "minutes left" else "left")
    for found in everything:
        for number, step in enumerate(found.steps if found.topic in chosen else ()):
            sign = "✓" if step.is_done else "◐" if step.share else "○"
            table.add_row(
                found.topic if not number else "", step.title, sign, step.says, str(step.minutes_left)
            )
    out.print(table)
    if coming := next_step(everything):
        found, step = coming
        out.print(f"Next: {step.title.lower()} {found.topic}, {near(step.path)}", soft_wrap=True)
    else:
        out.print("All done.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open JupyterLab on the start page. Options after -- are JupyterLab's own, such as --no-browser."""
    from foursteps.learner.lab import open_lab

    open_lab(the_course(context), list(context.args))


@app.command()
def update(context: typer.Context, topics: Topics = None) -> None:
    """Bring a new release into your own copies. Your cells stay yours, and a backup is written first."""
    from foursteps.learner.update import update as update_topic

    course = the_course(context)
    for topic in course.choose(topics or []):
        for item in update_topic(topic):
            what = near(item.copy.path)
            if item.state == "current":
                out.print(f"✓ {what}: nothing new")
                continue
            sign = "[yellow]○[/]" if item.conflicts else "[green]✓[/]"
            out.print(
                sign,
                f"{what}: updated; as it was: {near(item.backup or item.copy.path)}",
                highlight=False,
                soft_wrap=True,
            )
            for note in (*item.conflicts, *item.notes):
                out.print("  →", escape(note), highlight=False, soft_wrap=True)
            out.print("  If it is open in JupyterLab, choose File, Reload Notebook from Disk.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def diff(
    context: typer.Context,
    topic: TopicName,
    web: Annotated[bool, typer.Option("--web", help="In the browser instead of the terminal.")] = False,
) -> None:
    """Show your reproduction beside the lecture: what did you do otherwise? Options after -- are nbdime's."""
    from foursteps.learner.difference import show

    raise typer.Exit(show(the_course(context).topic(topic), web=web, more=tuple(context.args)))


@app.command()
def mark(
    context: typer.Context,
    topic: TopicName,
    only: Annotated[str | None, typer.Option(help="reproduce or apply_elsewhere; both unless said.")] = None,
) -> None:
    """Mark your own work as a class would: the whole path, on a split that you have not seen."""
    from foursteps.checks.card import text_card
    from foursteps.learner.marking import mark_own
    from foursteps.learner.work import Copy

    course = the_course(context)
    chosen = course.topic(topic)
    names = (
        [_exercise(only)]
        if only
        else [n for n in EXERCISES if Copy(chosen, n).path.is_file()] or EXERCISES[:1]
    )
    for name in names:
        with err.status(f"Marking {chosen.name}/{name}"):
            marks = mark_own(course, chosen, name)
        out.print(
            f"[bold]{marks.exercise}[/]: {marks.points:g} of {marks.max_points:g} points", highlight=False
        )
        for note in marks.told:
            out.print("  →", escape(note), highlight=False, soft_wrap=True)
        for outcome in marks.outcomes:
            out.print(escape(text_card(outcome, marks.asks[outcome.check])), highlight=False, soft_wrap=True)
        for check, why in marks.unmarked.items():
            out.print(f"○ Not marked here: {check}", highlight=False)
            out.print(f"  {escape(why)}", highlight=False, soft_wrap=True)
        if marks.reached:
            out.print(f"The claim is reached: `foursteps solution {chosen.name} {name}` opens the solution.")


@app.command()
def solution(
    context: typer.Context,
    topic: TopicName,
    exercise: Annotated[str, typer.Argument(help="reproduce or apply_elsewhere.")] = "reproduce",
    show_me: Annotated[bool, typer.Option("--show-me", help="Open it before the claim is reached.")] = False,
) -> None:
    """Put the solution beside your copy, once you have reached its claim, or ask to be shown it."""
    from foursteps.learner.solution import open_solution

    course = the_course(context)
    path = open_solution(course, course.topic(topic), _exercise(exercise), show_me=show_me)
    out.print(f"✓ {near(path)}")


def _exercise(name: str) -> str:
    if name not in EXERCISES:
        raise typer.BadParameter(f"{name} is none of {', '.join(EXERCISES)}")
    return name


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def submit(
    context: typer.Context,
    topic: TopicName,
    file: Annotated[bool, typer.Option("--file", help="Write a zip file to upload instead.")] = False,
) -> None:
    """Hand a topic in, over nbgrader's exchange or as a file. Options after -- are nbgrader's."""
    from foursteps.learner.handin import pack
    from foursteps.learner.handin import submit as hand_in

    course = the_course(context)
    chosen = course.topic(topic)
    done = pack(chosen) if file else hand_in(course, chosen, more=tuple(context.args))
    out.print(f"✓ {', '.join(done.notebooks)}: {done.where}", soft_wrap=True, highlight=False)
    for name in done.untouched:
        out.print(f"○ Nothing is written in {name} yet. You can hand it in again.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def feedback(context: typer.Context, topic: TopicName) -> None:
    """Fetch your class's feedback on a topic that you handed in. Options after -- are nbgrader's."""
    from foursteps.learner.handin import fetch_feedback

    course = the_course(context)
    for path in fetch_feedback(course, course.topic(topic), more=tuple(context.args)):
        out.print(f"✓ {near(path)}", soft_wrap=True)


@app.command()
def recall(
    context: typer.Context,
    topics: Topics = None,
    anki: Annotated[Path | None, typer.Option(help="Write an Anki deck (.apkg) instead of asking.")] = None,
) -> None:
    """Ask the lectures' questions; what you missed comes first, what you knew comes back later and later."""
    from foursteps.learner.progress import Progress
    from foursteps.learner.recalling import anki_deck, answer, cards, due

    course = the_course(context)
    chosen = course.choose(topics or [])
    if anki:
        count = anki_deck(course, chosen, anki)
        out.print(f"✓ {near(anki)}: {count} questions")
        return
    questions = [card for topic in chosen for card in cards(topic)]
    waiting = due(questions, Progress.of(course.work).events("recall"), time.time())
    for number, card in enumerate(waiting, 1):
        out.print(f"[bold]{number} of {len(waiting)}[/] {escape(card.question)}", highlight=False)
        typer.prompt("Think, then press Enter", default="", show_default=False)
        out.print(escape(card.answer), highlight=False)
        answer(course, card, typer.confirm("Did you know it?"))
    out.print("Nothing is due now." if not waiting else "All asked. What you missed comes first next time.")
