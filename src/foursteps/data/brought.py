"""Datasets that a course brings itself: modules in its folder `datasets/`, with the files that they read.

Each module states `DATASETS`, a tuple of `Dataset`. They join the kit's own, in every process that works for
the course: the one that `$FOURSTEPS_COURSE` names (`Course.load` sets it, and what is started from there
inherits it), or else the course around the working folder. While grading, a learner's process sees neither,
and needs none: what it may open was prepared for it.
"""

# No run depends on this module: a dataset's version says what of it matters.

import os
from collections.abc import Collection, Iterator, MutableMapping
from pathlib import Path
from types import ModuleType

from foursteps.data.dataset import Dataset
from foursteps.errors import DataError

FOLDER = "datasets"
COURSE = "FOURSTEPS_COURSE"


def course_at_hand() -> Path | None:
    """The root of the course that this process works for; None where there is none."""
    if named := os.environ.get(COURSE):
        return Path(named)
    try:
        here = Path.cwd()
    except FileNotFoundError:
        return None  # the working folder was removed
    return next((folder for folder in (here, *here.parents) if (folder / "course.toml").is_file()), None)


class Brought(MutableMapping[str, Dataset]):
    """The datasets of the course at hand, by name; read again when its modules or the course change.

    taken : names that a course may not give to a dataset of its own.

    Raises DataError, at any look-up, for a module that cannot be used.
    """

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = taken
        self._kept: tuple[tuple[tuple[Path, int, int], ...], dict[str, Dataset]] = ((), {})

    def _now(self) -> dict[str, Dataset]:
        root = course_at_hand()
        paths = sorted((root / FOLDER).glob("*.py")) if root else []
        state = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
        if state != self._kept[0]:
            self._kept = (state, load(paths, self._taken))
        return self._kept[1]

    def __getitem__(self, name: str) -> Dataset:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def __setitem__(self, name: str, dataset: Dataset) -> None:
        raise TypeError("a course's datasets are stated in its folder datasets/")

    def __delitem__(self, name: str) -> None:
        raise TypeError("a course's datasets are stated in its folder datasets/")


def load(paths: Collection[Path], taken: Collection[str] = ()) -> dict[str, Dataset]:
    """The datasets that the modules `paths` state, by name. Runs the modules: trusted code only.

    Raises DataError for a module that fails or states no DATASETS, and for a name that is `taken` or that two
    of them have.
    """
    found: dict[str, Dataset] = {}
    for path in paths:
        for dataset in _stated(path):
            if dataset.name in taken or dataset.name in found:
                raise DataError(
                    f"{path}, dataset {dataset.name}",
                    expected="a name that no other dataset has",
                    found="the name of one that comes with the kit"
                    if dataset.name in taken
                    else "the name of another one of this course",
                    mend="Rename it, here and in the notebooks.",
                )
            found[dataset.name] = dataset
    return found


def _stated(path: Path) -> tuple[Dataset, ...]:
    """DATASETS of one module."""

    def broken(found: str) -> DataError:
        return DataError(
            path,
            expected="a module that states DATASETS, a tuple of datasets",
            found=found,
            mend="Correct it; the author guide shows one.",
        )

    # Not by an importer, which would leave compiled files in the course's folder.
    module = ModuleType(f"foursteps_datasets_{path.stem}")
    module.__file__ = str(path)
    try:
        exec(compile(path.read_bytes(), path, "exec"), module.__dict__)
    except Exception as error:
        raise broken(f"{type(error).__name__}: {error}") from error
    stated = getattr(module, "DATASETS", None)
    if not isinstance(stated, tuple) or not all(isinstance(one, Dataset) for one in stated):
        raise broken("no such tuple")
    return stated
