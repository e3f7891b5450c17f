"""Commands that run notebooks to see what holds: `reproduce` for results, `prove` for graders."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from foursteps.cli.app import Far, Force, Topics, app, complain, far, out, the_course
from foursteps.cli.bar import Bar
from foursteps.course import EXERCISES


@app.command()
def reproduce(
    context: typer.Context,
    topics: Topics = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="Runs of each notebook, each with a seed of its own.")
    ] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    require_gpu: Annotated[
        bool, typer.Option("--require-gpu", help="An error where there is no GPU; for CI.")
    ] = False,
    measure: Annotated[bool, typer.Option("--measure", help="Write claims.json from these runs.")] = False,
    force: Force = False,
    workers: Annotated[int, typer.Option(min=1, help="Kernels at the same time.")] = 1,
    cluster: Far = None,
    only: Annotated[
        list[str] | None, typer.Option(help="lecture, reproduce or apply_elsewhere; all when not given.")
    ] = None,
    part: Annotated[
        str, typer.Option("--shard", metavar="K/N", help="Only the K-th of N parts of the topics.")
    ] = "1/1",
    report: Annotated[
        list[Path] | None, typer.Option(help="Write a report too: a file ending in .html, .json or .md.")
    ] = None,
) -> None:
    """Run the lectures and their solutions, and hold their results against the bands in claims.json.

    Exit codes: 0 all inside, 1 a claim is out or a notebook failed (or the command could not be done), 2
    wrong usage, 3 some could not be compared with a band and nothing else was wrong, 130 interrupted.
    """
    from foursteps.reproduce import exit_code, run_seeds, shard
    from foursteps.reproduce import reproduce as run
    from foursteps.reproduce.compare import NOTEBOOKS
    from foursteps.reproduce.report import write as write_report

    if unknown := sorted(set(only or []) - set(NOTEBOOKS)):
        raise typer.BadParameter(f"{unknown[0]} is none of {', '.join(NOTEBOOKS)}")
    course = the_course(context)
    with far(cluster, workers) as there, Bar() as bar:
        findings = run(
            course,
            shard(course.choose(topics or []), part),
            seeds=run_seeds(seeds, measure=measure),
            device=device,
            require_gpu=require_gpu,
            measure=measure,
            force=force,
            workers=workers,
            cluster=there,
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
    changed: Annotated[
        bool, typer.Option("--changed", help="Only graders whose proof is missing or stale.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Only so many runs, drawn at random; no proof is kept.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Kernels at the same time.")] = 1,
) -> None:
    """Prove the graders: right answers earn all, wrong ones what they should, mutants are caught."""
    from foursteps.prove import KINDS
    from foursteps.prove import prove as prove_graders
    from foursteps.prove.proof import stale

    course = the_course(context)
    exercises = [
        exercise
        for topic in course.choose(topics or [])
        for name, exercise in topic.exercises.items()
        if only in (None, name)
    ]
    if not exercises:
        raise typer.BadParameter(f"{only} is none of {', '.join(EXERCISES)}")
    if changed:
        exercises = [e for e in exercises if e.name in stale(course.topic(e.topic))]
        if not exercises:
            out.print("✓ Every proof holds: nothing to prove.")
            return
    with Bar() as bar:
        proofs = prove_graders(
            course,
            exercises,
            seeds=seeds,
            with_mutants=mutants,
            sample=sample,
            workers=workers,
            on_event=bar.run_event,
        )
    for proof in proofs:
        for fault in proof.faults:
            complain(fault.message)
    table = Table(title="Proof of the graders", title_justify="left")
    for name in ("exercise", "attempts", "mutants", *KINDS):
        table.add_column(name, justify="left" if name == "exercise" else "right")
    for proof in proofs:
        counts = [proof.attempts, proof.mutants, *(proof.count(kind) for kind in KINDS)]
        table.add_row(str(proof.exercise), *map(str, counts))
    out.print(table)
    if not all(proof.ok for proof in proofs):
        raise typer.Exit(1)
