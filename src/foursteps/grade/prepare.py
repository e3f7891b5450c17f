"""Getting an exercise ready to be graded: the folder a learner's process sees, and the keys it never sees.

The folder holds a split without its held-out labels, the hidden inputs and the checks' public half. The
keys are the held-out labels, and what the solution gave on the same hidden inputs in the same mode.
"""

import copy
import json
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from nbformat import NotebookNode

from foursteps import atomic, data, notebook
from foursteps.checks.definition import AnyCheck, Checks, Function, Metric, Scale, load_grader
from foursteps.checks.evidence import encode, parse
from foursteps.course import Course, Exercise
from foursteps.errors import CourseError, FourstepsError, GradeError
from foursteps.grade import keys as key_files
from foursteps.grade import stamps
from foursteps.grade.mark import bundles
from foursteps.grade.score import Key, MetricKey
from foursteps.grade.secret import class_secret, seed_for
from foursteps.run.device import device_env

Calls = dict[str, list[list[Any]]]
"""A function check's calls, by check: the encoded arguments of each."""

NO_EVIDENCE = {"asks", "hints", "advice", "points", "visible", "scales", "rubric", "expect", "rtol", "atol"}
"""What of a check's definition is for people, or for marking."""

# One thread, by hand and in a batch: the number of threads changes results.
ONE_THREAD = {
    name: "1"
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
}


def prepare(
    exercise: Exercise,
    folder: Path,
    seed: int,
    runner: Any,
    *,
    run_seed: int | None = None,
    measuring: bool = False,
) -> dict[str, Key]:
    """Fill `folder` for grading `exercise` with `seed`, and give the keys, by check.

    folder : gets `data/<dataset>/`, `inputs.json` and `checks.json`; no key is in it.
    seed : what the split and the hidden inputs come from; a class's own, or a run's.
    runner : runs the solution, once, for the keys of functions; what it gave is kept by content.
    run_seed : the seed that is injected into notebooks, the solution's too; `seed` unless given.
    measuring : the bands are being measured, so a metric without one gets the scale 0 to 1.

    Raises GradeError when the solution fails its own checks' inputs, DataError when a dataset is out of
    reach, ClaimError when a claim has no band.
    """
    checks = checks_of(exercise)
    calls = hidden_calls(checks, seed)
    held_out = fill(folder, exercise, checks, calls, seed)
    keys: dict[str, Key] = {
        name: {"cases": results}
        for name, results in answers(
            exercise, calls, folder, seed if run_seed is None else run_seed, runner
        ).items()
    }
    for check in checks:
        if isinstance(check, Metric):
            scales = _scales(exercise, check, measuring)
            keys[check.name] = {
                name: MetricKey(
                    np.asarray(held_out[name].labels), np.asarray(held_out[name].baseline), scales[name]
                )
                for name in check.datasets
            }
    return keys


def fill(
    folder: Path, exercise: Exercise, checks: tuple[AnyCheck, ...], calls: Calls, seed: int
) -> dict[str, data.HeldOut]:
    """Write what a notebook in grading mode reads into `folder`; give what is held out, by dataset."""
    folder.mkdir(parents=True, exist_ok=True)
    held_out = {name: data.prepare(name, folder / "data" / name, seed) for name in datasets(exercise, checks)}
    atomic.write_text(folder / "inputs.json", json.dumps(calls))
    public = Checks(topic=exercise.topic, exercises={exercise.name: checks})
    atomic.write_text(folder / "checks.json", public.dumps())
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    return held_out


def checks_of(exercise: Exercise) -> tuple[AnyCheck, ...]:
    """The grader's checks, with the points of the solution's graded cells, in the order of the cells.

    Raises CourseError when a graded cell has no check, a check no graded cell, or a cell no points.
    """
    checks = {check.name: check for check in load_grader(exercise.grader)}
    cells = notebook.graded_cells(notebook.read(exercise.source))
    for name in cells:
        if name not in checks:
            raise CourseError(
                f"{exercise.source}, cell {name}",
                expected=f"a check of this name in {exercise.grader.name}",
                found=f"{', '.join(checks) or 'none'}",
                mend="Give the cell's nbgrader id and the check one name.",
            )
        if not float(notebook.grader_metadata(cells[name]).get("points") or 0) > 0:
            raise CourseError(
                f"{exercise.source}, cell {name}",
                expected="a graded cell with points",
                found="none",
                mend="Set its points in the Create Assignment panel.",
            )
    if unused := [name for name in checks if name not in cells]:
        raise CourseError(
            f"{exercise.grader}, check {unused[0]}",
            expected=f"a graded cell of this id in {exercise.source.name}",
            found=f"{', '.join(cells) or 'none'}",
            mend="Give the check and the cell's nbgrader id one name.",
        )
    return tuple(
        checks[name].model_copy(update={"points": float(notebook.grader_metadata(cell)["points"])})
        for name, cell in cells.items()
    )


def datasets(exercise: Exercise, checks: Iterable[AnyCheck]) -> tuple[str, ...]:
    """The datasets an exercise may open: its metrics' menus, and what its notebook's metadata says."""
    names = [name for check in checks if isinstance(check, Metric) for name in check.datasets]
    # A learner's bundle has no source; the released notebook says the same.
    source = exercise.source if exercise.source.is_file() else exercise.released
    names += notebook.read(source).metadata.get("foursteps", {}).get("data", [])
    return tuple(dict.fromkeys(names))


def hidden_calls(checks: Iterable[AnyCheck], seed: int) -> Calls:
    """Draw the arguments of every function check's calls; each check has a generator of its own."""
    calls: Calls = {}
    for check in checks:
        if isinstance(check, Function):
            if check.inputs is None:
                raise GradeError(
                    f"check {check.name}",
                    expected="inputs(rng), which draws the hidden inputs",
                    found="none",
                    mend="Add it in the grader.",
                )
            rng = np.random.default_rng([seed, zlib.crc32(check.name.encode())])
            calls[check.name] = [
                [encode(argument) for argument in arguments] for arguments in check.inputs(rng)
            ]
    return calls


def seen_by_a_run(exercise: Exercise, checks: tuple[AnyCheck, ...], calls: Calls) -> str:
    """A digest of all that a graded run sees of its preparation, but the seed: data, inputs and questions.

    Points, cut-offs, hints and the visible cases are not in it: no evidence depends on them.
    """
    asked = [check.model_dump(mode="json", exclude=NO_EVIDENCE) for check in checks]
    versions = {name: data.DATASETS[name].version for name in datasets(exercise, checks)}
    return key_files.digest(asked, calls, versions)


def grading_environment(folder: Path) -> dict[str, str]:
    """The environment variables that a run in grading mode adds to its own."""
    return {"FOURSTEPS_GRADING": str(folder.resolve()), **ONE_THREAD}


def cpu_environment(folder: Path) -> dict[str, str]:
    """The same for a class, which is graded on the CPU: the cut-offs come from its band."""
    return {**device_env("cpu"), **grading_environment(folder)}


def answers(exercise: Exercise, calls: Calls, folder: Path, seed: int, runner: Any) -> dict[str, list[Any]]:
    """What the solution's functions give for `calls`, encoded, by check; run once, kept by content.

    Only the notebook up to the last function is run, without the other checks: no key needs more.
    """
    if not calls:
        return {}
    source = _up_to(notebook.read(exercise.source), set(calls))
    workspace = exercise.root / "class"
    kept = (
        workspace / "keys" / f"answers-{key_files.digest(notebook.source_hash(source), calls, [seed])}.json"
    )
    if kept.is_file():
        return json.loads(kept.read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="foursteps-") as empty:
        seeded = {"seed": seed} if "seed" in notebook.parameters(source) else {}
        result = runner.run(source, parameters=seeded, cwd=Path(empty), env=cpu_environment(folder))
    if result.status != "ok":
        raise _solution_fails(exercise, f"{result.status}, {result.error or 'without an error'}")
    found: dict[str, list[Any]] = {}
    for name, cell in notebook.graded_cells(result.notebook).items():
        given = bundles(cell)
        if len(given) != 1:
            raise _solution_fails(exercise, f"{len(given)} bundles of evidence for {name}")
        evidence = parse(given[0])
        wrong = [case for case in evidence.content or [{}] if "value" not in case]
        if evidence.state != "given" or wrong:
            raise _solution_fails(exercise, f"{name}: {evidence.reason or wrong[0].get('error', 'nothing')}")
        found[name] = [case["value"] for case in evidence.content]
    key_files.write_private(kept, found)
    return found


def _up_to(source: NotebookNode, wanted: set[str]) -> NotebookNode:
    """A copy of `source` that ends with the last of the `wanted` checks and asks no other."""
    names = [notebook.grader_metadata(cell).get("grade_id") for cell in source.cells]
    last = max(number for number, name in enumerate(names) if name in wanted)
    short = copy.deepcopy(source)
    short.cells = [
        cell
        for cell, name in list(zip(short.cells, names, strict=True))[: last + 1]
        if name in wanted or not notebook.grader_metadata(cell).get("grade")
    ]
    return short


def _solution_fails(exercise: Exercise, found: str) -> GradeError:
    return GradeError(
        exercise.source,
        expected="a solution that answers its own checks",
        found=found,
        mend="Run the solution notebook from top to bottom and correct it.",
    )


def _scales(exercise: Exercise, check: Metric, measuring: bool) -> dict[str, Scale]:
    """The cut-offs to apply, by dataset."""
    from foursteps.claims import ledger

    found: dict[str, Scale] = {}
    path = exercise.root / "lectures" / exercise.topic / "claims.json"
    for name in check.datasets:
        try:
            found[name] = ledger.load(path).scale(check.claim_for(name))[0]
        except FourstepsError:
            if not measuring:
                raise
            found[name] = Scale(zero=0.0, full=1.0)
    return found


@dataclass(frozen=True)
class Prepared:
    """An exercise ready to be graded in one class.

    folder is what a learner's process may read; `seed` is injected into the notebook, and is not the one
    that the split came from; `stamp` names everything that the marks depend on but the submission, and
    `run_stamp` the part of it that a run depends on.
    """

    folder: Path
    checks: tuple[AnyCheck, ...]
    keys: Mapping[str, Key]
    seed: int
    stamp: str
    run_stamp: str = ""


def prepare_for_class(course: Course, exercise: Exercise, runner: Any) -> Prepared:
    """`exercise` with the class's own secret split and inputs.

    The folder is made again only when something changed that a run depends on; points, cut-offs and the
    solution are looked at anew each time.
    """
    stamp = stamp_for_class(course, exercise)
    seed, run_seed = _seeds(course, exercise)
    checks = checks_of(exercise)
    calls = hidden_calls(checks, seed)
    run_stamp = stamps.digest_of_runs(exercise, seen_by_a_run(exercise, checks, calls), [seed, run_seed])
    folder = course.workspace / "prepared" / exercise.topic / f"{exercise.name}-{run_stamp[:12]}"
    kept = course.workspace / "keys" / f"{exercise.topic}-{exercise.name}-{run_stamp}.json"
    if not (kept.is_file() and folder.is_dir()):
        with atomic.folder(folder) as beside:
            found = prepare(exercise, beside, seed, runner, run_seed=run_seed)
        key_files.write_private(kept, key_files.dump(found))
        _forget_older(folder)
    keys = dict(key_files.load(kept))
    for name, results in answers(exercise, calls, folder, run_seed, runner).items():
        keys[name] = {"cases": results}
    for check in checks:
        if isinstance(check, Metric):
            scales = _scales(exercise, check, measuring=False)
            keys[check.name] = {
                name: replace(key, scale=scales[name]) for name, key in keys[check.name].items()
            }
    return Prepared(folder, checks, keys, run_seed, stamp, run_stamp)


def stamp_for_class(course: Course, exercise: Exercise) -> str:
    """The stamp that `prepare_for_class` gives, from the files as they are; nothing is loaded or run."""
    return stamps.digest_of_marks(course, exercise, _seeds(course, exercise))


def _seeds(course: Course, exercise: Exercise) -> list[int]:
    """The class's seeds for the split and for the runs."""
    secret = class_secret(course.workspace)
    return [seed_for(secret, str(exercise)), seed_for(secret, f"{exercise}/run")]


def _forget_older(folder: Path) -> None:
    """Remove what was prepared for an earlier state of the same exercise."""
    name = folder.name.rsplit("-", 1)[0]
    for older in folder.parent.glob(f"{name}-*"):
        if older != folder and not older.name.startswith("."):
            shutil.rmtree(older, ignore_errors=True)


__all__ = [
    "Prepared",
    "answers",
    "checks_of",
    "grading_environment",
    "prepare",
    "prepare_for_class",
    "stamp_for_class",
]
