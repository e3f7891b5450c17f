"""Datasets by name: a folder to train on, made once; what is held out, for those who may know.

While grading (`$FOURSTEPS_GRADING` names a folder), there is one split, prepared by somebody else, and
nothing here tells what was held out.
"""

import json
import os
import shutil
import time
from pathlib import Path

import numpy as np

from foursteps import atomic
from foursteps.data import layout
from foursteps.data.catalog import DATASETS
from foursteps.data.dataset import Dataset, HeldOut, Rows
from foursteps.data.source import cache, rows_of, writing
from foursteps.data.split import Split, split
from foursteps.errors import DataError

MANIFEST = ".whole.json"
"""In a cached folder, the size of every file: what is missing or cut short is seen, and made again."""
STALE_SECONDS = 24 * 3600

_opened: dict[str, tuple[Path, int]] = {}


def get(name: str, *, seed: int = 42) -> Path:
    """The folder of a dataset, split by `seed`; made on the first call, in the cache.

    Parameters
    ----------
    name : one of `DATASETS`.
    seed : draws the split; a whole number, 0 or more. While grading it changes nothing.

    Returns
    -------
    a folder in the dataset's layout (`DATASETS[name].layout`), without the held-out labels.

    Raises
    ------
    DataError : if the name is unknown, the source is out of reach, or the folder cannot be written.
    """
    graded = grading()
    path = _graded(name, graded) if graded else _cached(named(name), seed)
    _opened.pop(name, None)
    _opened[name] = (path, seed)
    return path


def opened() -> dict[str, tuple[Path, int]]:
    """The datasets opened in this process, in order of last opening: name -> (folder, seed asked for)."""
    return dict(_opened)


def held_out_labels(name: str, *, seed: int = 42) -> np.ndarray:
    """What is true of each held-out row: (n,) text, or numbers for a regression, in the rows' order.

    Raises
    ------
    DataError : while grading, and as `get` does.
    """
    rows, parts = _drawn(_open_only(name), seed)
    return rows.labels[parts.held_out]


def held_out_baseline(name: str, *, seed: int = 42) -> np.ndarray:
    """What the dataset's declared baseline, fitted on the training rows, predicts: (n,), as the labels.

    Kept in the cache, since some baselines take seconds to fit.

    Raises
    ------
    DataError : while grading, and as `get` does.
    """
    dataset = _open_only(name)
    kept = _folder(dataset, seed).with_suffix(".baseline.json")
    try:
        return np.array(json.loads(kept.read_text(encoding="utf-8"))["baseline"])
    except (OSError, ValueError, KeyError):
        predicted = _baseline(dataset, *_drawn(dataset, seed))
    with writing(kept):
        atomic.write_text(kept, json.dumps({"baseline": predicted.tolist()}))
    return predicted


def prepare(name: str, folder: Path, seed: int) -> HeldOut:
    """Write a dataset's folder for somebody who must not know what is held out. Trusted code only.

    Parameters
    ----------
    folder : where to write; what is there is replaced. Neither the seed nor a held-out label goes in.
    seed : draws the split; whoever knows it knows the labels.

    Returns
    -------
    the labels of the held-out rows, and the declared baseline's predictions.
    """
    dataset = _open_only(name)
    rows, parts = _drawn(dataset, seed)
    with writing(folder), atomic.folder(Path(folder)) as beside:
        layout.write(beside, dataset, rows, parts)
    return HeldOut(rows.labels[parts.held_out], _baseline(dataset, rows, parts))


def named(name: str) -> Dataset:
    """The dataset with this name, or a DataError that lists those there are."""
    if name in DATASETS:
        return DATASETS[name]
    raise DataError(
        f"dataset {name!r}",
        expected=f"one of {', '.join(sorted(DATASETS))}",
        found=repr(name),
        mend="Use one of these names; for data of your own, foursteps.data.get_folder or get_table.",
    )


def grading() -> Path | None:
    """The grading folder, or None when nothing is being graded."""
    folder = os.environ.get("FOURSTEPS_GRADING")
    return Path(folder) if folder else None


def _open_only(name: str) -> Dataset:
    """The dataset with this name, unless somebody is being graded."""
    dataset = named(name)
    if grading():
        raise DataError(
            f"dataset {name!r}",
            expected="nobody to ask for what is held out while grading",
            found="a call that does",
            mend="It is not here while grading: use the training and validation rows.",
        )
    return dataset


def _graded(name: str, folder: Path) -> Path:
    ready = sorted(path.name for path in (folder / "data").glob("*") if path.is_dir())
    if name in ready:
        return folder / "data" / name
    raise DataError(
        f"dataset {name!r}",
        expected=f"one that is prepared for grading ({', '.join(ready) or 'none is'})",
        found=repr(name),
        mend="Use a dataset from this exercise's menu.",
    )


def _drawn(dataset: Dataset, seed: int) -> tuple[Rows, Split]:
    """The rows of a dataset (of its classes only), and their split."""
    rows = rows_of(dataset.source)
    if dataset.classes:
        rows = rows.take(np.flatnonzero(np.isin(rows.labels, dataset.classes)))
    return rows, split(rows.labels, dataset.sizes, seed)


def _baseline(dataset: Dataset, rows: Rows, parts: Split) -> np.ndarray:
    train = rows.take(parts.train)
    return dataset.baseline.predict(train, rows.take(parts.held_out).inputs)


def _folder(dataset: Dataset, seed: int) -> Path:
    """Where the cache keeps this split; another definition of the dataset is another folder."""
    return cache() / "data" / dataset.name / f"{dataset.version}-seed-{seed}"


def _cached(dataset: Dataset, seed: int) -> Path:
    path = _folder(dataset, seed)
    if _whole(path):
        return path
    with writing(path):
        rows, parts = _drawn(dataset, seed)
        _sweep(path.parent)
        try:
            with atomic.folder(path) as beside:
                layout.write(beside, dataset, rows, parts)
                _seal(beside)
                if _whole(path):
                    raise _MadeMeanwhile
        except _MadeMeanwhile:
            pass  # another process was quicker, and perhaps somebody is reading from it already
    return path


class _MadeMeanwhile(Exception):
    """Another process has made the same folder."""


def _seal(folder: Path) -> None:
    """Write down what files the folder has, and their sizes."""
    sizes = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }
    (folder / MANIFEST).write_text(json.dumps(sizes), encoding="utf-8")


def _whole(folder: Path) -> bool:
    """True if every file that was written is there in its size. (A PNG guards its own content.)

    Files that came later are left alone: fastai keeps models there.
    """
    try:
        sizes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return all(os.path.getsize(folder / name) == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def _sweep(folder: Path) -> None:
    """Remove what a killed process left beside the datasets, once it is surely not at work any more."""
    for left in folder.glob(".*.*"):
        if left.is_dir() and time.time() - left.stat().st_ctime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
