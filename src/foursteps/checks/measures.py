"""The metrics that a check may name: each a function of predictions and truths. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from foursteps.checks.auc import auc, resampled_auc


@dataclass(frozen=True)
class Measure:
    """A metric: its value for (n,) predictions and truths, and whether more of it is better."""

    value: Callable[[np.ndarray, np.ndarray], float]
    higher_is_better: bool
    numeric: bool
    above_zero: bool = False
    """Whether only predictions above zero have a value."""
    shown: str = "{:.3f}"
    resampled: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray] | None = None
    """For a value that takes long: (predictions, truths, counts (draws, n)) -> (draws,), the values of
    samples in which each row is as often as its count says."""


def accuracy(predicted: np.ndarray, truth: np.ndarray) -> float:
    """The share of rows, 0 to 1, whose predicted label is the true one. Arrays of shape (n,)."""
    return float(np.mean(predicted == truth))


def rmse(predicted: np.ndarray, truth: np.ndarray) -> float:
    """Root mean squared error, in the target's unit. Arrays of shape (n,)."""
    return float(np.sqrt(np.mean((predicted - truth) ** 2)))


def rmse_log(predicted: np.ndarray, truth: np.ndarray) -> float:
    """Root mean squared error of the natural logarithm: 0.1 is about 10 % off. Arrays (n,), above zero."""
    return rmse(np.log(predicted), np.log(truth))


MEASURES = {
    "accuracy": Measure(accuracy, higher_is_better=True, numeric=False),
    "rmse": Measure(rmse, higher_is_better=False, numeric=True),
    "rmse_log": Measure(rmse_log, higher_is_better=False, numeric=True, above_zero=True),
    "auc": Measure(auc, higher_is_better=True, numeric=True, resampled=resampled_auc),
}
