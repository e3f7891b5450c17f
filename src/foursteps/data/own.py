"""Images of your own: any folder with a subfolder a class, split and served like the course's datasets."""

import hashlib
from pathlib import Path

import numpy as np

from foursteps.data.baseline import NEAREST_MEAN
from foursteps.data.catalog import DATASETS
from foursteps.data.dataset import Dataset, Rows, Source
from foursteps.data.layout import LONGEST_SIDE
from foursteps.data.source import digest
from foursteps.data.split import Sizes
from foursteps.data.store import get, grading
from foursteps.errors import DataError

OWN = "own"
"""The name under which somebody's own images are known."""
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
FEWEST_OF_A_CLASS = 10
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


def register(path: Path | str, *, source: str, licence: str, url: str = "") -> Dataset:
    """Make the images under `path` the dataset `own` of this process; arguments as for `get_folder`."""
    path = Path(path).expanduser().absolute()
    for name, said in (("source", source), ("licence", licence)):
        if not said.strip():
            raise DataError(
                path,
                expected=f"the {name} of the images, in words",
                found="nothing",
                mend=f'Say it: get_folder(path, {name}="…"). Data without it cannot be shown to anybody.',
            )
    rows = _rows(path)
    labels, counts = np.unique(rows.labels, return_counts=True)
    if len(labels) < 2 or counts.min() < FEWEST_OF_A_CLASS:
        found = ", ".join(f"{label}: {count}" for label, count in zip(labels, counts, strict=True))
        raise DataError(
            path,
            expected=f"two classes or more, each with {FEWEST_OF_A_CLASS} different images or more",
            found=found or "no images",
            mend=f"Put images ({', '.join(sorted(PICTURES))}) into one subfolder a class.",
        )
    total = len(rows.labels)
    valid, held_out = round(VALID_SHARE * total), round(HELD_OUT_SHARE * total)
    DATASETS[OWN] = Dataset(
        name=OWN,
        title=f"Own images: {path.name}",
        about=f"Images from a learner's own folder; the longer side is brought to {LONGEST_SIDE} pixels.",
        source=Source(
            name=OWN,
            title=source,
            comes_from="a folder of the learner's",
            url=url,
            licence=licence,
            citation=source,
            sha256=digest(rows),
            load=lambda: rows,
        ),
        task="classification",
        layout="labels_csv",
        target="label",
        classes=tuple(labels.tolist()),
        shape=(LONGEST_SIDE, LONGEST_SIDE),
        sizes=Sizes(total - valid - held_out, valid, held_out),
        metric="accuracy",
        baseline=NEAREST_MEAN,
        used_for="apply elsewhere",
    )
    return DATASETS[OWN]


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
