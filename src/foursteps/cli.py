"""The command line: each command parses, calls one function, prints its result and sets the exit code."""

import errno
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from foursteps import __version__
from foursteps.course import EXERCISES, Course
from foursteps.errors import FourstepsError

out = Console()
err = Console(stderr=True)


class Commands(TyperGroup):
    """The commands, and what becomes of an error: one message, an exit code, no traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Exit codes: 0 done, 1 something is wrong, 2 wrong usage, 130 interrupted."""
        try:
            return super().invoke(ctx)
        except FourstepsError as error:
            _complain(error)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            err.print("Stopped. Nothing is half written; the same command goes on from here.")
            raise typer.Exit(130) from None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            _complain(
                f"{error.filename or 'the disk'}: expected room to write; found a full disk. "
                "Free some space and run the command again; nothing is half written."
            )
            raise typer.Exit(1) from None


app = typer.Typer(
    name="foursteps",
    cls=Commands,
    help="Watch, run, reproduce, apply elsewhere: a course kit for machine learning.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Topics = Annotated[
    list[str] | None, typer.Argument(help="Topics, by name or number; all when none is given.")
]
Force = Annotated[bool, typer.Option("--force", help="Do it again, also where nothing changed.")]


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    course: Annotated[Path, typer.Option(help="The course's folder, or one inside it.")] = Path("."),
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Options of every command."""
    if version:
        out.print(f"foursteps {__version__}")
        raise typer.Exit
    context.obj = course


def the_course(context: typer.Context) -> Course:
    """The course that --course names."""
    return Course.load(context.obj)


@app.command()
def check(context: typer.Context) -> None:
    """Read the whole course and say what in it breaks a rule, where, and how to mend it."""
    from foursteps.rules import broken

    course = the_course(context)
    found = broken(course)
    for error in found:
        _complain(error)
    if found:
        err.print(f"{len(found)} to mend.")
        raise typer.Exit(1)
    exercises = sum(len(topic.exercises) for topic in course.topics)
    out.print(f"✓ {course.title}: {len(course.topics)} lectures and {exercises} exercises, nothing to mend.")


@app.command()
def release(context: typer.Context, topics: Topics = None) -> None:
    """Make exercises from solutions, with nbgrader: stubs, headers, checks.json, a gradebook."""
    from foursteps.release import release as release_topics

    course = the_course(context)
    chosen = course.choose(topics or [])
    with err.status("Releasing") as status:
        done = release_topics(course, chosen, on_topic=lambda topic: status.update(f"Releasing {topic.name}"))
    for item in done:
        out.print(f"✓ {item.topic}: {', '.join(item.exercises)} {item.state} in {_near(item.folder)}")


@app.command()
def sample(context: typer.Context, topics: Topics = None) -> None:
    """Write the sample class: for each topic a complete submission, an untouched one and a wrong one."""
    from foursteps.grade.attempts import sample_class

    course = the_course(context)
    for topic in course.choose(topics or []):
        for folder in sample_class(course, topic):
            out.print(f"✓ {_near(folder)}")


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


@app.command()
def reproduce(
    context: typer.Context,
    topics: Topics = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="Runs of each notebook, each with a seed of its own.")
    ] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    measure: Annotated[bool, typer.Option("--measure", help="Write claims.json from these runs.")] = False,
    force: Force = False,
    workers: Annotated[int, typer.Option(min=1, help="Kernels at the same time.")] = 1,
    only: Annotated[
        list[str] | None, typer.Option(help="lecture, reproduce or apply_elsewhere; all when not given.")
    ] = None,
    report: Annotated[
        list[Path] | None, typer.Option(help="Write a report too: a file ending in .html, .json or .md.")
    ] = None,
) -> None:
    """Run the lectures and their solutions, and hold their results against the bands in claims.json.

    Exit codes: 0 all inside, 1 a claim is out or a notebook failed, 3 some could not be compared.
    """
    from foursteps.reproduce import exit_code, run_seeds
    from foursteps.reproduce import reproduce as run
    from foursteps.reproduce.compare import NOTEBOOKS
    from foursteps.reproduce.report import write as write_report

    if unknown := sorted(set(only or []) - set(NOTEBOOKS)):
        raise typer.BadParameter(f"{unknown[0]} is none of {', '.join(NOTEBOOKS)}")
    course = the_course(context)
    with Bar() as bar:
        findings = run(
            course,
            course.choose(topics or []),
            seeds=run_seeds(seeds, measure=measure),
            device=device,
            measure=measure,
            force=force,
            workers=workers,
            notebooks=tuple(only or NOTEBOOKS),
            on_event=bar.run_event,
        )
    for path in report or []:
        write_report(findings, path)
    for finding in findings:
        sign = "[green]✓[/]" if finding.ok else "[bold red]✗[/]"
        out.print(sign, escape(finding.message), highlight=False, soft_wrap=True)
        for more in (finding.traceback, finding.diff):
            if more:
                out.print(escape(more), highlight=False, soft_wrap=True)
    raise typer.Exit(exit_code(findings))


@app.command()
def prove(
    context: typer.Context,
    topics: Topics = None,
    seeds: Annotated[int, typer.Option(min=1, help="Splits and trainings of each right answer.")] = 5,
    only: Annotated[
        str | None, typer.Option(help="reproduce or apply_elsewhere; both when not given.")
    ] = None,
    mutants: Annotated[
        bool, typer.Option(help="Mutants of the solution too; without, no proof is kept.")
    ] = True,
    workers: Annotated[int, typer.Option(min=1, help="Kernels at the same time.")] = 1,
) -> None:
    """Prove the graders: right answers earn all, wrong ones what they should, mutants are caught."""
    from foursteps.prove import KINDS
    from foursteps.prove import prove as prove_graders

    course = the_course(context)
    exercises = [
        exercise
        for topic in course.choose(topics or [])
        for name, exercise in topic.exercises.items()
        if only in (None, name)
    ]
    if not exercises:
        raise typer.BadParameter(f"{only} is none of {', '.join(EXERCISES)}")
    with Bar() as bar:
        proofs = prove_graders(
            course, exercises, seeds=seeds, with_mutants=mutants, workers=workers, on_event=bar.run_event
        )
    for proof in proofs:
        for fault in proof.faults:
            _complain(fault.message)
    table = Table(title="Proof of the graders", title_justify="left")
    for name in ("exercise", "attempts", "mutants", *KINDS):
        table.add_column(name, justify="left" if name == "exercise" else "right")
    for proof in proofs:
        counts = [proof.attempts, proof.mutants, *(proof.count(kind) for kind in KINDS)]
        table.add_row(str(proof.exercise), *map(str, counts))
    out.print(table)
    if not all(proof.ok for proof in proofs):
        raise typer.Exit(1)


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
                _complain(line)
    table = Table(title=course.title, title_justify="left")
    for name in ("stage", "", "result", "seconds", "where to look"):
        table.add_column(name, justify="right" if name == "seconds" else "left", overflow="fold")
    signs = {"ok": "[green]✓[/]", "look": "[yellow]○[/]", "failed": "[bold red]✗[/]"}
    for stage in stages:
        table.add_row(
            stage.name, signs[stage.state], stage.words, f"{stage.seconds:.0f}", _near(stage.look_at)
        )
    out.print(table)
    if any(stage.state == "failed" for stage in stages):
        raise typer.Exit(1)


class Bar:
    """One progress bar with what runs now and how long it may still take; quiet where nobody watches."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (
            BarColumn(24),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
        )
        self.bars = Bars(*columns, console=err, transient=True, disable=not err.is_terminal)
        self.task = self.bars.add_task("", total=1.0)
        self.said, self.share = "", 0.0

    def __enter__(self) -> "Bar":
        self.bars.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.bars.stop()

    def progress(self, progress: Any) -> None:
        """Show how far `foursteps course` is."""
        self._show(progress.done / progress.total, progress.now)

    def run_event(self, event: Any) -> None:
        """Show how far `foursteps reproduce` is."""
        cell = event.cell / event.cells if event.kind == "cell" and event.cells else 0.0
        now = f"{event.topic}/{event.notebook}, seed {event.seed}"
        now += f", cell {event.cell} of {event.cells}: {event.line}" if event.kind == "cell" else ""
        self._show((event.done + cell) / max(event.total, 1), now, quiet=event.kind == "cell")

    def _show(self, share: float, now: str, *, quiet: bool = False) -> None:
        self.share = share = max(self.share, share)  # of several runs at a time, the farthest one tells
        self.bars.update(self.task, completed=min(share, 1.0), description=escape(now[:70]))
        if not err.is_terminal and not quiet and now.split(", cell")[0] != self.said:
            self.said = now.split(", cell")[0]
            err.print(f"{share:4.0%} {escape(self.said)}", highlight=False)


@app.command()
def book(context: typer.Context) -> None:
    """Build the book from executed lectures, offline, into book/_build/html."""
    from foursteps.pipeline import build_book

    course = the_course(context)
    with err.status("Building the book"):
        report = build_book(course)
    out.print(f"✓ {report.pages} pages in {report.seconds:.0f} s: {_near(report.index)}")


def marks_table(title: str, rows) -> Table:
    """A class's marks: one line a learner and exercise."""
    table = Table(title=title, title_justify="left")
    for name in ("learner", "exercise", "marks", "checks"):
        table.add_column(name, justify="right" if name == "marks" else "left")
    for row in rows:
        table.add_row(row.student, row.exercise, f"{row.points:g} of {row.max_points:g}", row.said)
    return table


def _near(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _complain(error: object) -> None:
    """Print one error's text, as it stands."""
    err.print("[bold red]✗[/]", escape(str(error)), highlight=False, soft_wrap=True)
