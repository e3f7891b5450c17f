"""An honest baseline for texts: ten words, counted. What a sensible person would try before any model."""

# No run depends on this module: a dataset's version says how its baseline is computed.

import re
from typing import TYPE_CHECKING

import numpy as np

from foursteps.data.dataset import Baseline, Rows

if TYPE_CHECKING:
    import pandas as pd

WORDS = 10
TOKEN = re.compile(r"[a-z']+|!")


def _words(inputs: "np.ndarray | pd.DataFrame") -> list[set[str]]:
    """The different words of each row of a table, of all its columns of text."""
    rows = inputs.fillna("").astype(str).agg(" ".join, axis=1)  # type: ignore[union-attr]
    return [set(TOKEN.findall(text.lower())) for text in rows]


def _counted(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> tuple[np.ndarray, np.ndarray]:
    """The count of telling words of the training rows and of the rows that are asked about, each (n,).

    Telling are the ten words whose share of texts differs most between the two labels; one that is more
    frequent with the second label, in alphabetical order, counts 1, the others count -1.
    """
    of_train = _words(train.inputs)
    second = train.labels == np.unique(train.labels)[-1]
    number = {word: column for column, word in enumerate(sorted(set().union(*of_train)))}
    shares = np.zeros((2, len(number)))
    for words, label in zip(of_train, second.astype(int), strict=True):
        shares[label, [number[word] for word in words]] += 1
    gaps = shares[1] / second.sum() - shares[0] / (~second).sum()
    names = list(number)
    telling = {names[i]: np.sign(gaps[i]) for i in np.argsort(-np.abs(gaps), kind="stable")[:WORDS]}
    return tuple(  # type: ignore[return-value]
        np.array([sum(telling.get(word, 0.0) for word in words) for words in rows], dtype=float)
        for rows in (of_train, _words(inputs))
    )


def keyword_count(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """How much ten telling words speak for the second label: (n,) whole numbers from -10 to 10, as floats."""
    return _counted(train, inputs)[1]


def keyword_rule(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """The second label where the count of ten telling words is above what suits the training rows best."""
    of_train, of_asked = _counted(train, inputs)
    first, second = np.unique(train.labels)
    cuts = np.arange(-WORDS - 0.5, WORDS + 1)
    right = np.array([np.mean((of_train > cut) == (train.labels == second)) for cut in cuts])
    best = cuts[right == right.max()]
    return np.where(of_asked > best[len(best) // 2], second, first)


KEYWORD_RULE = Baseline(
    "ten keywords",
    "counts the ten words that differ most between the labels, and cuts where that suits the training rows",
    keyword_rule,
)
KEYWORD_COUNT = Baseline(
    "ten keywords", "counts the ten words that differ most between the labels, for and against", keyword_count
)
