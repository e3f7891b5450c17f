"""What stands around a learner's code while it is graded: which runner, behind which walls.

Each exercise has one warm parent, which has imported what its solution imports; each submission is a child
forked from it. Where nothing can be forked (off Linux) a fresh kernel runs it, and its marks say so.
"""

import ast
import atexit
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Literal

from foursteps import notebook as nbs
from foursteps.course import Course, Exercise, Topic
from foursteps.errors import GradeError
from foursteps.run import ColdRunner, Limits, Resources, Runner
from foursteps.run.sandbox import available, require

Wanted = Literal["bwrap", "external", "none", "best"]
"""A sandbox by name, or the best that this machine has."""

UNSANDBOXED = "unsandboxed"
_warm: dict[tuple[Exercise, str], Runner] = {}


def runner_for(course: Course, exercise: Exercise, wanted: str) -> Runner:
    """The runner of submissions for `exercise`, kept for this process.

    Raises GradeError when the sandbox `wanted` is unknown or not to be had here.
    """
    sandbox = sandbox_for(wanted)
    if not sys.platform.startswith("linux"):
        return ColdRunner()
    key = (exercise, sandbox)
    if key not in _warm:
        from foursteps.run.warm import WarmRunner

        _warm[key] = WarmRunner(
            preload=preload(exercise),
            sandbox=sandbox,
            resources=resources_of(course.topic(exercise.topic)),
            stop_on_error=False,
        )
    return _warm[key]


def limits_of(topic: Topic) -> Limits:
    """How long a submission for `topic` may run, and how much it may print, as course.toml says."""
    settings = topic.settings
    return Limits(settings.grading_seconds, settings.cell_seconds, int(settings.output_mb * 2**20))


def resources_of(topic: Topic) -> Resources:
    """What a submission for `topic` may take of the machine, as course.toml says."""
    settings = topic.settings
    return Resources(
        memory_mb=1024 * max(settings.memory_gb, 1),
        scratch_mb=settings.scratch_mb,
        processes=settings.processes,
        open_files=settings.open_files,
    )


def sandbox_for(wanted: str) -> Literal["bwrap", "external", "none"]:
    """The sandbox that `wanted` comes to on this machine; raises GradeError when it is not to be had."""
    if wanted == "best":
        try:
            require("bwrap", available())
        except GradeError:
            return "none"
        return "bwrap"
    require(wanted, available())  # type: ignore[arg-type]  # it refuses what it does not know
    return wanted  # type: ignore[return-value]


def label_of(wanted: str, runner: object = None) -> str:
    """What marks will say of runs in the sandbox `wanted`, or by `runner` where one is given."""
    if runner is not None:
        return label(runner)
    sandbox = sandbox_for(wanted)
    return UNSANDBOXED if sandbox == "none" or not sys.platform.startswith("linux") else sandbox


def label(runner: object) -> str:
    """What the marks say about the walls around a run."""
    return getattr(runner, "label", UNSANDBOXED)


def preload(exercise: Exercise) -> tuple[str, ...]:
    """The modules that the solution of `exercise` imports, as far as they are installed here."""
    names = [name for cell in nbs.code_cells(nbs.read(exercise.source)) for name in imported(cell.source)]
    return installed(names)


def installed(names: Iterable[str]) -> tuple[str, ...]:
    """The modules of `names` that are installed here, each once, in order."""
    return tuple(name for name in dict.fromkeys(names) if _is_installed(name))


def imported(source: str) -> Iterator[str]:
    """The modules that a cell imports; raises NotebookError for a cell that is no Python."""
    for node in ast.walk(nbs.syntax_tree(source, "a cell of the solution")):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _is_installed(name: str) -> bool:
    # Only the package is looked for: find_spec of a submodule would import it here.
    return name.split(".")[0] in sys.stdlib_module_names or find_spec(name.split(".")[0]) is not None


def stop() -> None:
    """End every warm parent of this process."""
    while _warm:
        _warm.popitem()[1].stop()


atexit.register(stop)
