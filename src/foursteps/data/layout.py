"""A dataset as a folder: written for whoever trains on it, read by whoever is asked to predict.

- `folders`: train/<label>/<nnnn>.png, valid/<label>/<nnnn>.png, held_out/<nnnn>.png
- `labels_csv`: images/<nnnn>.png and labels.csv (columns file, label, split), held_out/<nnnn>.png
- `table`: train.csv, valid.csv, and held_out.csv, which lacks the target

Numbers follow the order of the split, which says nothing, and every file has the same time.
"""

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from foursteps.data.dataset import Dataset, Rows
from foursteps.data.split import Split
from foursteps.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

WRITTEN_AT = 1_000_000_000
"""The time of every file, in seconds since 1970: when a row was written is nobody's business."""
LONGEST_SIDE = 256
"""Pixels to which the longer side of an image from somebody's own folder is brought, if it is longer."""


def write(folder: Path, dataset: Dataset, rows: Rows, parts: Split) -> None:
    """Fill the empty `folder` in the dataset's layout. The held-out labels are not used here at all."""
    train, valid = rows.take(parts.train), rows.take(parts.valid)
    held_out = rows.take(parts.held_out).inputs
    if dataset.layout == "table":
        _write_table(folder / "train.csv", train.inputs, **{dataset.target: train.labels})
        _write_table(folder / "valid.csv", valid.inputs, **{dataset.target: valid.labels})
        _write_table(folder / "held_out.csv", held_out)
    else:
        with tqdm(
            total=sum(dataset.sizes), desc=f"{dataset.title}: writing", delay=1, leave=False, disable=None
        ) as bar:
            if dataset.layout == "folders":
                _write_images(folder / "train", train, bar)
                _write_images(folder / "valid", valid, bar)
            else:
                _write_labelled(folder, train, valid, bar)
            _write_images(folder / "held_out", Rows(held_out, np.full(len(held_out), "")), bar)
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (WRITTEN_AT, WRITTEN_AT))


def _names(count: int) -> list[str]:
    """0000.png, 0001.png, …: as many digits as the last one needs, at least four."""
    width = max(4, len(str(count - 1)))
    return [f"{number:0{width}d}.png" for number in range(count)]


def _write_images(folder: Path, rows: Rows, bar: tqdm) -> None:
    """Write images to folder/<label>/<nnnn>.png; the label "" is the folder itself."""
    for label in np.unique(rows.labels):
        (folder / label).mkdir(parents=True)
    for name, item, label in zip(_names(len(rows.labels)), rows.inputs, rows.labels, strict=True):
        _write_image(folder / label / name, item)
        bar.update()


def _write_labelled(folder: Path, train: Rows, valid: Rows, bar: tqdm) -> None:
    """Write training and validation images to images/, and which is which to labels.csv."""
    labels = np.concatenate([train.labels, valid.labels])
    names = _names(len(labels))
    parts = ["train"] * len(train.labels) + ["valid"] * len(valid.labels)
    images = Rows(np.concatenate([train.inputs, valid.inputs]), np.full(len(labels), ""))
    _write_images(folder / "images", images, bar)
    with open(folder / "labels.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["file", "label", "split"])
        table.writerows(zip(names, labels, parts, strict=True))


def _write_image(path: Path, item: "np.ndarray | Path") -> None:
    """Write pixels, or the picture in a file brought to a common size, as PNG without its metadata."""
    from PIL import Image, ImageOps

    if isinstance(item, np.ndarray):
        # Level 1: on images this small the file is hardly larger, and it is written twice as fast.
        Image.fromarray(item).save(path, compress_level=1)
        return
    try:
        with Image.open(item) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(
            item,
            expected="an image that Pillow can read",
            found=f"a file that it cannot ({type(error).__name__})",
            mend="Delete the file, or save it again as PNG or JPEG.",
        ) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(path)


def _write_table(path: Path, inputs: "pd.DataFrame", **more: np.ndarray) -> None:
    inputs.assign(**more).to_csv(path, index=False, lineterminator="\n")


def held_out_inputs(path: Path) -> "list[Path] | pd.DataFrame":
    """What a `predict` is asked about: paths of the held-out images sorted by name, or the table.

    Raises
    ------
    DataError : if `path` is no folder of a dataset.
    """
    path = Path(path)
    if (path / "held_out").is_dir():
        return sorted((path / "held_out").glob("*.png"))
    if (path / "held_out.csv").is_file():
        import pandas as pd

        return pd.read_csv(path / "held_out.csv")
    raise DataError(
        path,
        expected="a dataset's folder, with held_out/ or held_out.csv in it",
        found="neither",
        mend="Give the folder that foursteps.data.get returned.",
    )
