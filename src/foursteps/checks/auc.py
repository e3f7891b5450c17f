"""The area under the ROC curve: a measure for labels of which one is rare. Pure."""

import numpy as np


def auc(predicted: np.ndarray, truth: np.ndarray) -> float:
    """How often a row that is 1 has the higher score of a pair with a row that is 0; a tie counts half.

    1 for scores that sort the rows perfectly, 0.5 for scores that say nothing, however rare the ones are.
    This is the Mann-Whitney statistic over the number of pairs: J. A. Hanley and B. J. McNeil, The meaning
    and use of the area under a receiver operating characteristic curve, Radiology 143, 1982.

    Parameters
    ----------
    predicted : (n,) scores, finite numbers of any scale; only their order counts.
    truth : (n,) 0 or 1.

    Returns NaN when all rows are of one kind, for there is no pair then.
    """
    return float(resampled_auc(predicted, truth, np.ones((1, len(truth))))[0])


def resampled_auc(predicted: np.ndarray, truth: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The AUC of many samples drawn from the same n rows, sorted once: (draws,), NaN without both kinds.

    counts : (draws, n) how often each row is in each sample.
    """
    ones, zeros = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    zeros = zeros[np.argsort(predicted[zeros])]
    # How many zeros have one of the m lowest scores, for m from 0 up: a one beats those below its own score.
    lowest = np.zeros((len(counts), len(zeros) + 1))
    np.cumsum(counts[:, zeros], axis=1, out=lowest[:, 1:])
    below, not_above = (
        np.searchsorted(predicted[zeros], predicted[ones], side) for side in ("left", "right")
    )
    won = (counts[:, ones] * (lowest[:, below] + lowest[:, not_above])).sum(axis=1) / 2
    pairs = counts[:, ones].sum(axis=1) * lowest[:, -1]
    return np.divide(won, pairs, out=np.full(len(counts), np.nan), where=pairs > 0)
