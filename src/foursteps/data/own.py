"""Data of your own, split and served like the course's: a folder with a subfolder a class, or a CSV file."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from foursteps.data import tables
from foursteps.data.baseline import LOGISTIC_REGRESSION, NEAREST_MEAN, RIDGE
from foursteps.data.catalog import DATASETS
from foursteps.data.dataset import Dataset, Rows, Source
from foursteps.data.layout import LONGEST_SIDE
from foursteps.data.source import digest
from foursteps.data.split import Sizes
from foursteps.data.store import get, grading
from foursteps.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

OWN = "own"
"""The name under which somebody's own images or table are known."""
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
FEWEST_OF_A_CLASS = 10
FEWEST_ROWS = 100
VALID_SHARE, HELD_OUT_SHARE = 0.1, 0.2


def get_folder(path: Path | str, *, source: str, licence: str, url: str = "", seed: int = 42) -> Path:
    """A folder like `get`'s, from images of your own; afterwards `"own"` is a dataset's name.

    Parameters
    ----------
    path : a folder of images; the folder that an image lies in is its label, at any depth (fastai's
        `parent_label`), so that train/cat/1.jpg and valid/cat/2.jpg are two cats, split anew.
    source : where the images come from, and who made them.
    licence : what may be done with them: an SPDX identifier, or a sentence.
    url : a page about them, where there is one.
    seed : draws the split, as for `get`.

    Raises
    ------
    DataError : if there are no images, too few of a class, one image with two labels, a file that is no
        image, or no source or licence.
    """
    if not grading():
        register(path, source=source, licence=licence, url=url)
    return get(OWN, seed=seed)


def get_table(
    path: Path | str,
    *,
    target: str,
    source: str,
    licence: str,
    url: str = "",
    task: Literal["regression", "classification"] | None = None,
    seed: int = 42,
) -> Path:
    """A folder like `get`'s, from a CSV file of your own; afterwards `"own"` is a dataset's name.

    Parameters
    ----------
    path : a CSV file with a line of names first, which `pandas.read_csv` reads.
    target : the column to predict. Rows without it are left out, and a row that is there twice is taken once.
    source, licence, url : as for `get_folder`.
    task : what the target is; unless said, a number is a regression and text a classification.
    seed : draws the split, as for `get`.

    Raises
    ------
    DataError : if there is no such file, no such column, too few rows or too few of a class, or no source
        or licence.
    """
    if not grading():
        register_table(path, target=target, source=source, licence=licence, url=url, task=task)
    return get(OWN, seed=seed)


def register(path: Path | str, *, source: str, licence: str, url: str = "") -> Dataset:
    """Make the images under `path` the dataset `own` of this process; arguments as for `get_folder`."""
    path = Path(path).expanduser().absolute()
    _said(path, "images", "get_folder", source=source, licence=licence)
    rows = _rows(path)
    _classes(
        path, rows.labels, "images", f"Put images ({', '.join(sorted(PICTURES))}) into one subfolder a class."
    )
    DATASETS[OWN] = Dataset(
        name=OWN,
        title=f"Own images: {path.name}",
        about=f"Images from a learner's own folder; the longer side is brought to {LONGEST_SIDE} pixels.",
        source=_source(rows, "a folder of the learner's", source, licence, url),
        task="classification",
        layout="labels_csv",
        target="label",
        classes=tuple(np.unique(rows.labels).tolist()),
        shape=(LONGEST_SIDE, LONGEST_SIDE),
        sizes=_sizes(rows),
        metric="accuracy",
        baseline=NEAREST_MEAN,
        used_for="apply elsewhere",
    )
    return DATASETS[OWN]


def register_table(
    path: Path | str,
    *,
    target: str,
    source: str,
    licence: str,
    url: str = "",
    task: Literal["regression", "classification"] | None = None,
) -> Dataset:
    """Make the CSV file `path` the dataset `own` of this process; arguments as for `get_table`."""
    path = Path(path).expanduser().absolute()
    _said(path, "table", "get_table", source=source, licence=licence)
    rows = tables.rows_from(_table(path), target, path)
    if task is None:
        task = "regression" if rows.labels.dtype.kind == "f" else "classification"
    if task == "classification":
        rows = Rows(rows.inputs, rows.labels.astype(str))
        _classes(path, rows.labels, "rows", "Bring more rows, or leave out the classes that are too few.")
    elif rows.labels.dtype.kind != "f":
        raise DataError(
            f"{path}, {target}",
            expected="numbers, for a regression",
            found=f"text, such as {rows.labels[:1].tolist()}",
            mend='Name another target, or say task="classification".',
        )
    if len(rows.labels) < FEWEST_ROWS:
        raise DataError(
            path,
            expected=f"{FEWEST_ROWS} different rows with a {target}, or more",
            found=f"{len(rows.labels)}",
            mend="Bring more rows: of fewer, nothing can be held out that says much.",
        )
    DATASETS[OWN] = Dataset(
        name=OWN,
        title=f"Own table: {path.name}",
        about="A table of a learner's own; rows that are there twice are taken once.",
        source=_source(rows, "a file of the learner's", source, licence, url),
        task=task,
        layout="table",
        target=target,
        classes=() if task == "regression" else tuple(np.unique(rows.labels).tolist()),
        shape=rows.inputs.shape[1:],
        sizes=_sizes(rows),
        metric="rmse" if task == "regression" else "accuracy",
        baseline=RIDGE if task == "regression" else LOGISTIC_REGRESSION,
        used_for="apply elsewhere",
    )
    return DATASETS[OWN]


def _said(path: Path, what: str, function: str, **said: str) -> None:
    """Refuse data of which the source or the licence is not said."""
    for name, words in said.items():
        if not words.strip():
            raise DataError(
                path,
                expected=f"the {name} of the {what}, in words",
                found="nothing",
                mend=f'Say it: {function}(path, {name}="…"). Data without it cannot be shown to anybody.',
            )


def _classes(path: Path, labels: np.ndarray, what: str, mend: str) -> None:
    """Refuse data with fewer than two classes, or too few rows of one."""
    names, counts = np.unique(labels, return_counts=True)
    if len(names) < 2 or counts.min() < FEWEST_OF_A_CLASS:
        found = [f"{label}: {count}" for label, count in zip(names, counts, strict=True)]
        raise DataError(
            path,
            expected=f"two classes or more, each with {FEWEST_OF_A_CLASS} different {what} or more",
            found=", ".join(found[:20] + ["…"] * (len(found) > 20)) or f"no {what}",
            mend=mend,
        )


def _source(rows: Rows, comes_from: str, source: str, licence: str, url: str) -> Source:
    """What a learner says about data that `rows` hold already."""
    return Source(
        name=OWN,
        title=source,
        comes_from=comes_from,
        url=url,
        licence=licence,
        citation=source,
        sha256=digest(rows),
        load=lambda: rows,
    )


def _sizes(rows: Rows) -> Sizes:
    total = len(rows.labels)
    valid, held_out = round(VALID_SHARE * total), round(HELD_OUT_SHARE * total)
    return Sizes(total - valid - held_out, valid, held_out)


def _table(path: Path) -> "pd.DataFrame":
    """The table in a CSV file."""
    import pandas as pd

    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise DataError(
            path,
            expected="a CSV file with a line of names first",
            found="no such file"
            if isinstance(error, FileNotFoundError)
            else f"one that pandas cannot read ({error})",
            mend="Check the path's spelling, or save the table as CSV in UTF-8, with commas.",
        ) from error


def _rows(path: Path) -> Rows:
    """The different images under `path`, in the order of their names; a copy of one is left out."""
    if not path.is_dir():
        raise DataError(
            path, expected="a folder of images", found="no such folder", mend="Check the path's spelling."
        )
    seen: dict[bytes, Path] = {}
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() not in PICTURES or file.parent == path or not file.is_file():
            continue
        first = seen.setdefault(hashlib.sha256(file.read_bytes()).digest(), file)
        if first.parent.name != file.parent.name:
            raise DataError(
                file,
                expected=f"one label for an image; {first.relative_to(path)} is the same one",
                found=f"{first.parent.name!r} and {file.parent.name!r}",
                mend="Delete the one that is wrong.",
            )
    inputs = np.empty(len(seen), dtype=object)
    inputs[:] = list(seen.values())
    return Rows(inputs, np.array([file.parent.name for file in seen.values()], dtype=str))
