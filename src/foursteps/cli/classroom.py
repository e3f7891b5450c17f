"""Commands around a class: who is in it, what came in, what goes out."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from foursteps.cli.app import DryRun, Topics, app, complain, err, near, out, the_course
from foursteps.course import Course

classroom = typer.Typer(
    name="class", help="A class: its list, its uploads, its grades, its feedback.", no_args_is_help=True
)
app.add_typer(classroom)

TopicName = Annotated[str, typer.Argument(help="The topic, by name or number.")]
ExchangeRoot = Annotated[
    Path | None, typer.Option("--exchange", help="The exchange's folder, where it is not nbgrader's own.")
]
MANY = 12
"""Names: of more, only so many are listed."""


@classroom.command()
def create(
    context: typer.Context,
    roster: Annotated[Path | None, typer.Argument(help="The class list: CSV with a header.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Open a class: its folder, its secret, its settings, its gradebook, and who is in it.

    What is there already stays as it is.
    """
    from foursteps.classroom.opening import open_class
    from foursteps.classroom.roster import read_roster

    course = the_course(context)
    found = read_roster(roster) if roster else None
    opened = open_class(course, found.learners if found else None, dry_run=dry_run)
    made = "would be made" if dry_run else "made"
    for name, is_new, place in opened.parts:
        _say("✓", f"{name}: {made if is_new else 'there'}, {_short(place)}")
    if found and opened.entered:
        _tell_entered(found, opened.entered, dry_run)


@classroom.command()
def roster(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A class list to enter; shown without one.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Enter a class list, whole or not at all; or show who is in the class.

    Nobody is ever removed: their marks would go with them.
    """
    from foursteps.classroom.roster import enter, members, read_roster

    course = the_course(context)
    if file is None:
        table = Table()
        for name in ("id", "first name", "last name", "email", "platform's id"):
            table.add_column(name, overflow="fold")
        for one in members(course):
            cells = (one.id, one.first_name, one.last_name, one.email, one.lms_id)
            table.add_row(*map(escape, cells))
        out.print(table)
        return
    found = read_roster(file)
    _tell_entered(found, enter(course, found.learners, dry_run=dry_run), dry_run)


@classroom.command()
def release(
    context: typer.Context, topic: TopicName, dry_run: DryRun = False, exchange_root: ExchangeRoot = None
) -> None:
    """Release a topic, and put it into nbgrader's exchange, where learners fetch it."""
    from foursteps.release import release as release_topics

    course = the_course(context)
    if not dry_run:
        for item in release_topics(course, [course.topic(topic)]):
            _say("✓", f"{item.topic}: {', '.join(item.exercises)} {item.state} in {near(item.folder)}")
    _exchange(course, "release_assignment", topic, exchange_root, dry_run)


@classroom.command()
def variants(
    context: typer.Context,
    topic: TopicName,
    to: Annotated[Path | None, typer.Option(help="A CSV file to write; shown without one.")] = None,
) -> None:
    """List which dataset each learner was drawn, where course.toml gives a topic variants."""
    from foursteps import atomic
    from foursteps.classroom.variants import as_csv
    from foursteps.classroom.variants import variants as drawn

    course = the_course(context)
    found = drawn(course, course.topic(topic))
    if to is None:
        print(as_csv(found), end="")
        return
    atomic.write_text(to, as_csv(found), mode=0o600)
    _say("✓", f"{len(found)} lines in {near(to)}")


@classroom.command()
def collect(
    context: typer.Context,
    topic: TopicName,
    sources: Annotated[
        list[Path] | None,
        typer.Argument(help="Downloads of a learning platform: zip archives, folders, files."),
    ] = None,
    dry_run: DryRun = False,
    exchange_root: ExchangeRoot = None,
) -> None:
    """Take in what learners uploaded, as Moodle, Canvas, Blackboard, Brightspace and others name it.

    The later of two counts, and it is said. Without any source, from nbgrader's exchange. Exit code 1 when a
    file is nobody's.
    """
    from foursteps.classroom.late import set_due
    from foursteps.classroom.uploads import collect as take

    course = the_course(context)
    if not dry_run:
        set_due(course, course.topic(topic))
    if not sources:
        _exchange(course, "collect", topic, exchange_root, dry_run)
        return
    plan = take(course, course.topic(topic), sources, dry_run=dry_run)
    counts: dict[str, int] = {}
    for upload in plan.uploads:
        counts[upload.state] = counts.get(upload.state, 0) + 1
        for sentence in upload.said:
            _say("○", f"{upload.learner}: {sentence}")
        if upload.state == "new" and dry_run:
            _say("✓", f"{upload.learner}: {', '.join(sorted(upload.files))}")
    for name, reason in plan.unmatched:
        complain(f"{name}: {reason}.")
    said = ", ".join(f"{number} {state}" for state, number in counts.items()) or "nothing"
    _say("✓", f"{plan.topic}: {said}{' (a dry run: nothing was written)' if dry_run else ''}")
    if plan.missing:
        _say("○", f"{len(plan.missing)} have handed in nothing: {_some(plan.missing)}")
    if plan.unmatched:
        raise typer.Exit(1)


@classroom.command(name="return")
def give_back(
    context: typer.Context,
    topic: TopicName,
    to: Annotated[Path | None, typer.Option(help="A zip archive to write, for a platform.")] = None,
    dry_run: DryRun = False,
    exchange_root: ExchangeRoot = None,
) -> None:
    """Give feedback back: as a zip archive for a learning platform, or over nbgrader's exchange."""
    from foursteps.classroom.returned import pack, ready

    course = the_course(context)
    chosen = course.topic(topic)
    found = ready(course, chosen)
    if found.by_hand:
        _say("○", f"{len(found.by_hand)} still wait for a person: {_some(found.by_hand)}")
    if found.without:
        _say("○", f"{len(found.without)} get none: {_some(found.without)}")
    pages = sum(len(one) for one in found.pages.values())
    if to is None:
        _exchange(course, "release_feedback", topic, exchange_root, dry_run)
    elif not dry_run:
        pack(course, chosen, found, to)
    would = "would go" if dry_run else "are"
    _say(
        "✓", f"{pages} pages for {len(found.pages)} learners {would} in {near(to) if to else 'the exchange'}"
    )


@classroom.command()
def undo(context: typer.Context) -> None:
    """Take the last collecting back. What was there before is there again; nothing is deleted."""
    from foursteps.classroom.uploads import undo as take_back

    topic, done, left = take_back(the_course(context))
    _say("✓", f"{topic}: {len(done)} submissions are as they were before.")
    if left:
        _say("○", f"{len(left)} were changed since, and left alone: {_some(left)}")


@classroom.command()
def summary(context: typer.Context, topics: Topics = None) -> None:
    """Say for each topic what is missing, late, broken or odd. Nothing here is a verdict."""
    from foursteps.classroom.summary import summary as summed

    course = the_course(context)
    for topic in course.choose(topics or []):
        found = summed(course, topic)
        if not found.handed_in and not topics:
            continue
        waits = f", {found.by_hand} wait for a person" if found.by_hand else ""
        _say(
            "✓", f"{topic.name}: {found.handed_in} of {found.members} handed in, {found.graded} graded{waits}"
        )
        if found.missing:
            _say("○", f"missing: {_some(found.missing)}")
        for late in found.late:
            _say("○", f"late: {late.learner}, {late.days} days begun, {late.cost:g} points")
        for learner, sentence in found.broken:
            _say("○", f"broken: {learner}, {sentence}")
        for learner, sentence in found.odd:
            _say("○", f"odd: {learner}, {sentence}")
        if found.strangers:
            _say("○", f"not in the class: {_some(found.strangers)}")


@classroom.command()
def late(context: typer.Context, topics: Topics = None, dry_run: DryRun = False) -> None:
    """Bring penalties to what class.toml says, after a change of due dates, policy or extensions.

    Marks stay as they are; shows what was taken off before and after.
    """
    from foursteps.classroom.late import settle

    course = the_course(context)
    for topic in course.choose(topics or []):
        changes = settle(course, topic, dry_run=dry_run)
        if changes:
            table = Table(title=topic.name, title_justify="left")
            for name in ("learner", "exercise", "days", "before", "after"):
                table.add_column(name, justify="left" if name in ("learner", "exercise") else "right")
            for one in changes:
                cells = (one.learner, one.exercise, f"{one.days}", f"{-one.before:g}", f"{-one.after:g}")
                table.add_row(*map(escape, cells))
            out.print(table)
        would = "would have" if dry_run else "have"
        _say("✓", f"{topic.name}: {len(changes)} notebooks {would} another penalty.")


@classroom.command()
def extend(
    context: typer.Context,
    topic: TopicName,
    learner: Annotated[str, typer.Argument(help="The learner's id.")],
    days: Annotated[float, typer.Option(help="More days; 0 takes an extension back.")],
) -> None:
    """Give one learner more time for a topic. Extensions do not add up: the last one holds."""
    from datetime import timedelta

    from foursteps.classroom.late import extend as give

    course = the_course(context)
    chosen = course.topic(topic)
    give(course, chosen, learner, timedelta(days=days))
    _say(
        "✓", f"{learner} has {days:g} more days for {chosen.name}. `foursteps class late` settles penalties."
    )


@classroom.command()
def grades(
    context: typer.Context,
    topics: Topics = None,
    layout: Annotated[str, typer.Option(help="plain, moodle, canvas, blackboard or brightspace.")] = "plain",
    to: Annotated[Path | None, typer.Option(help="A file to write; shown without one.")] = None,
) -> None:
    """Export grades as CSV, in the layout that a learning platform imports."""
    from foursteps import atomic
    from foursteps.classroom.grades import grades as marks
    from foursteps.classroom.layouts import LAYOUTS, as_csv

    if layout not in LAYOUTS:
        raise typer.BadParameter(f"{layout} is none of {', '.join(LAYOUTS)}")
    course = the_course(context)
    chosen = course.choose(topics or [])
    records = marks(course, chosen)
    text = as_csv(layout, records, {topic.name: topic.title for topic in chosen})
    waiting = sum(bool(mark.by_hand) for record in records for mark in record.marks.values())
    if waiting:
        err.print(f"{waiting} submissions still wait for a person; their points may grow.")
    if to is None:
        print(text, end="")
        return
    atomic.write_text(to, text, mode=0o600)
    _say("✓", f"{len(records)} learners in {near(to)}")


@classroom.command()
def report(
    context: typer.Context,
    topics: Topics = None,
    to: Annotated[Path | None, typer.Option(help="Where to write it; class/report.html otherwise.")] = None,
) -> None:
    """Build a page for instructors: checks, values, shared errors, and who may need help."""
    from foursteps.classroom.report import write_report

    course = the_course(context)
    path = write_report(course, course.choose(topics or []), to or course.workspace / "report.html")
    _say("✓", near(path))


@classroom.command()
def similar(
    context: typer.Context,
    topic: TopicName,
    show: Annotated[
        tuple[str, str] | None, typer.Option(help="Two learners, whose code nbdime shows side by side.")
    ] = None,
    exercise: Annotated[str, typer.Option(help="With --show: which exercise.")] = "reproduce",
    web: Annotated[bool, typer.Option(help="With --show: in a browser.")] = False,
) -> None:
    """Name pairs whose code is alike, apart from what was released. Look, and ask: never a verdict."""
    from foursteps.classroom.similar import show as show_pair
    from foursteps.classroom.similar import similar as alike

    course = the_course(context)
    chosen = course.topic(topic)
    if show:
        raise typer.Exit(show_pair(course, chosen, exercise, show, web=web))
    found = alike(course, chosen)
    if found:
        table = Table(title=chosen.name, title_justify="left")
        for name in ("exercise", "learners", "alike", "same long lines"):
            table.add_column(name, justify="right" if name == "alike" else "left", overflow="fold")
        for pair in found:
            lines = f"{len(pair.lines)}: {pair.lines[0]}" if pair.lines else ""
            cells = (pair.exercise, f"{pair.first}, {pair.second}", f"{pair.share:.0%}", lines)
            table.add_row(*map(escape, cells))
        out.print(table)
    _say("✓", f"{len(found)} pairs to look at, with --show. Ask both; this is never a verdict.")


@classroom.command()
def leaderboard(
    context: typer.Context,
    topics: Topics = None,
    final: Annotated[bool, typer.Option("--final", help="The part of the rows that was private.")] = False,
    to: Annotated[
        Path | None, typer.Option(help="An .html or .json file; class/leaderboard.html without one.")
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="Show whose pseudonyms they are.")] = False,
) -> None:
    """Write a leaderboard for each metric check: part of the held-out rows, intervals, and no names."""
    from foursteps.classroom.leaderboard import boards, named, write

    course = the_course(context)
    if names:
        for learner, name in sorted(named(course).items()):
            _say("○", f"{learner}: {name}")
        return
    made = [board for topic in course.choose(topics or []) for board in boards(course, topic, final=final)]
    path = write(made, to or course.workspace / "leaderboard.html")
    _say("✓", f"{len(made)} boards in {near(path)}")


def _exchange(course: Course, step: str, topic: str, root: Path | None, dry_run: bool) -> None:
    from foursteps.classroom.exchange import exchange

    chosen = course.topic(topic)
    if dry_run:
        _say("✓", f"nbgrader {step} {chosen.name} would run.")
        return
    exchange(course, step, chosen, (f"--Exchange.root={root}",) if root else ())
    _say("✓", f"nbgrader {step} {chosen.name}: done.")


def _tell_entered(found, entered, dry_run: bool) -> None:
    for note in found.notes:
        _say("○", note)
    would = "would be " if dry_run else ""
    _say("✓", f"{len(entered.new)} learners {would}entered, {len(entered.changed)} {would}changed.")
    if entered.absent:
        _say("○", f"{len(entered.absent)} are in the class but not on this list: {_some(entered.absent)}")


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
    return ", ".join(names[:MANY]) + more


def _short(place: str) -> str:
    return near(Path(place)) if place.startswith("/") else place


def _say(sign: str, text: str) -> None:
    out.print(f"{sign} {escape(text)}", highlight=False, soft_wrap=True)
