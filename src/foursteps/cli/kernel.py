"""`foursteps kernel`: warm kernels for whatever starts kernels by name."""

from typing import Annotated

import typer

from foursteps.cli.app import app, near, out

kernel = typer.Typer(
    name="kernel", help="A warm kernel for nbclient, papermill, nbgrader and Jupyter.", no_args_is_help=True
)
app.add_typer(kernel)


@kernel.command()
def install(
    name: Annotated[str, typer.Option(help="What the kernel is asked for by.")] = "foursteps-warm",
    preload: Annotated[
        list[str] | None,
        typer.Option(help="A module to have imported; torch and fastai.vision.all when none is given."),
    ] = None,
    sandbox: Annotated[
        str, typer.Option(help="none, for your own notebooks; bwrap, for other people's.")
    ] = "none",
) -> None:
    """Install a kernel that is forked from a process which has imported what notebooks import.

    The first one waits for the imports, those after it in the same process do not. `jupyter kernelspec remove
    NAME` takes it away again.
    """
    from foursteps.grade.walls import installed
    from foursteps.run.warm.provisioner import install as write

    if sandbox not in ("none", "bwrap"):
        raise typer.BadParameter(f"{sandbox} is none of none, bwrap")
    modules = tuple(preload) if preload else installed(["torch", "fastai.vision.all"])
    folder = write(name, preload=modules, sandbox=sandbox)
    out.print(f"✓ {name}: {', '.join(modules) or 'nothing'} imported, in {near(folder)}")
