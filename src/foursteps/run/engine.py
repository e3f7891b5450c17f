"""papermill's engine `foursteps`: `papermill --engine foursteps in.ipynb out.ipynb` works too."""

from pathlib import Path
from typing import Any

from foursteps.errors import RunError
from foursteps.run.result import MENDS, Limits
from foursteps.run.session import Session


def __getattr__(name: str) -> Any:
    # papermill loads this module while it is itself being imported, by its entry point, and this module
    # needs papermill's base class: so the class is made when it is first asked for.
    if name != "FourstepsEngine":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from papermill.engines import Engine

    if name not in globals():
        globals()[name] = _made_of(Engine)
    return globals()[name]


def _made_of(base: type) -> type:
    class FourstepsEngine(base):
        """Runs a notebook in a fresh kernel, with the limits of foursteps."""

        @classmethod
        def execute_managed_notebook(
            cls, nb_man, kernel_name, session=None, execution_timeout=None, **others
        ) -> None:
            """Run `nb_man.nb` in `session`, or in one of its own that raises RunError at a limit."""
            if session is not None:
                session.run(nb_man, kernel_name)
                return
            limits = Limits(cell_seconds=execution_timeout) if execution_timeout else Limits()
            session = Session(Path.cwd(), limits=limits)
            session.run(nb_man, kernel_name)
            if session.status not in ("ok", "error"):  # an error papermill itself finds and raises
                raise RunError(
                    others.get("input_path") or "the notebook",
                    expected="a notebook that runs from top to bottom",
                    found=str(session.error),
                    mend=MENDS[session.status],
                )

    return FourstepsEngine
