"""`foursteps grade` on a plain nbgrader course: its assignments, marked into its own gradebook."""

from pathlib import Path

import typer
from rich.table import Table

from foursteps.cli.app import err, out


def grade_assignments(
    folder: Path, names: list[str], *, force: bool, sandbox: str, workers: int | None
) -> None:
    """Grade the assignments `names`, all that were released when there are none, and print the marks."""
    from foursteps.grade.plain import PlainCourse, grade_plain

    failed = False
    for name in names or PlainCourse.load(folder).assignments():
        with err.status(f"Grading {name}") as status:
            rows = grade_plain(
                folder,
                name,
                force=force,
                sandbox=sandbox,
                workers=workers,
                on_submission=lambda said: status.update(f"Grading {said}"),
            )
        table = Table(title=name, title_justify="left")
        for column in ("learner", "notebook", "marks", "tests"):
            table.add_column(column, justify="right" if column == "marks" else "left")
        for row in rows:
            table.add_row(row.student, row.exercise, f"{row.points:g} of {row.max_points:g}", row.said)
        out.print(table)
        failed |= any(row.error for row in rows)
    if failed:
        raise typer.Exit(1)
