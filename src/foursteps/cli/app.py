"""The application that the commands join: its options, its errors, and what every command prints with."""

import errno
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from foursteps import __version__
from foursteps.course import Course
from foursteps.errors import FourstepsError

# jsonschema, which reads notebooks, would build a grammar of international addresses on import. That takes
# longer than most commands, and no notebook has such an address; without the grammar it does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

out = Console()
err = Console(stderr=True)


class Commands(TyperGroup):
    """The commands, and what becomes of an error: one message, an exit code, no traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Exit codes: 0 done, 1 something is wrong, 2 wrong usage, 130 interrupted."""
        try:
            return super().invoke(ctx)
        except FourstepsError as error:
            complain(error)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            err.print("Stopped. Nothing is half written; the same command goes on from here.")
            raise typer.Exit(130) from None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            complain(
                f"{error.filename or 'the disk'}: expected room to write; found a full disk. "
                "Free some space and run the command again; nothing is half written."
            )
            raise typer.Exit(1) from None
        except Exception as error:
            told = _of_the_gradebook(error)
            if told is None:
                raise
            complain(told)
            raise typer.Exit(1) from None


def _of_the_gradebook(error: Exception) -> Exception | None:
    """What an error of the gradebook's database means; None for every other error."""
    if not type(error).__module__.startswith("sqlalchemy"):
        return None
    from foursteps.grade.database import explained

    return explained(error)


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
Far = Annotated[
    str | None,
    typer.Option("--cluster", help="A Dask scheduler that makes the runs, tcp://HOST:PORT, or local."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
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


def far(address: str | None, workers: int | None) -> Any:
    """The cluster at `address`, as a context; None in one without an address."""
    if address is None:
        return nullcontext()
    from foursteps.run.cluster import Cluster

    return Cluster(address, workers)


def near(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def complain(error: object) -> None:
    """Print one error's text, as it stands."""
    err.print("[bold red]✗[/]", escape(str(error)), highlight=False, soft_wrap=True)
