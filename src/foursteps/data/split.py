"""Which rows are for training, validation and held out: a function of the labels, the sizes and a seed."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foursteps.errors import DataError


class Sizes(NamedTuple):
    """How many rows each part of a dataset has. The same for a lecture, a learner and a grader."""

    train: int
    valid: int
    held_out: int


@dataclass(frozen=True)
class Split:
    """Row numbers of each part, each an int64 array (rows of the part,), in an order without meaning."""

    train: np.ndarray
    valid: np.ndarray
    held_out: np.ndarray


def split(labels: np.ndarray, sizes: Sizes, seed: int) -> Split:
    """Draw the parts of a dataset; each has the classes in the shares they have in the whole.

    Rows are shuffled, ranked within their class, and laid out by rank / size of the class, so that every
    stretch of the line has each class in proportion; the line is cut into the parts, and each part is
    shuffled again, so that its order says nothing. All randomness is
    `numpy.random.default_rng(seed)`.

    Parameters
    ----------
    labels : (n,) text, or numbers; numbers with a fractional type are drawn without classes.
    sizes : rows of each part, together at most n; rows left over are not used for this seed.
    seed : a whole number, 0 or more.

    Raises
    ------
    DataError : if there are fewer rows than `sizes` asks for, or the seed is no whole number from 0 up.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise DataError(
            "seed", expected="a whole number, 0 or more", found=repr(seed), mend="Give another seed."
        )
    rows = len(labels)
    if sum(sizes) > rows or min(sizes) < 1:
        raise DataError(
            "split",
            expected=f"enough rows for {sizes.train} + {sizes.valid} + {sizes.held_out}, each at least 1",
            found=f"{rows} rows",
            mend="Ask for smaller parts, or bring more rows.",
        )
    rng = np.random.default_rng(int(seed))
    order = rng.permutation(rows)
    if labels.dtype.kind != "f":
        place = np.empty(rows)
        for label in np.unique(labels):
            of_class = np.flatnonzero(labels[order] == label)
            place[of_class] = (np.arange(len(of_class)) + 0.5) / len(of_class)
        order = order[np.lexsort((rng.random(rows), place))]
    ends = np.cumsum(sizes)
    parts = np.split(order[: ends[-1]], ends[:-1])
    return Split(*(rng.permutation(part) for part in parts))
