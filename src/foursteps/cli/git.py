"""Commands about notebooks in git."""

from typing import Annotated

import typer

from foursteps.cli.app import app, near, out, the_course


@app.command(name="setup-git")
def setup_git(
    context: typer.Context,
    undo: Annotated[bool, typer.Option("--undo", help="Take it out again, as it was before.")] = False,
) -> None:
    """Set up this clone for notebooks: nbdime to compare and merge them, no outputs in commits."""
    from foursteps import git

    course = the_course(context)
    if undo:
        out.print(f"✓ {near(git.undo(course.root))}: notebooks are files like any other again.")
        return
    done = git.set_up(course.root)
    out.print(
        f"✓ {near(done.repository)}: `git diff` and `git merge` read notebooks (nbdime), and outputs stay "
        "out of commits. `git difftool --tool nbdime` shows differences in the browser.",
        soft_wrap=True,
        highlight=False,
    )
    if done.with_outputs:
        names = ", ".join(done.with_outputs[:3]) + ("…" if len(done.with_outputs) > 3 else "")
        out.print(
            f"{len(done.with_outputs)} notebooks were committed with outputs ({names}); "
            "`git add --renormalize .` takes them out.",
            soft_wrap=True,
            highlight=False,
        )
