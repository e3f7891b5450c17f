"""Honest baselines: what a sensible person would try before a network. (train, inputs) -> labels."""

import warnings
from typing import TYPE_CHECKING

import numpy as np

from foursteps.data.dataset import Baseline, Rows

if TYPE_CHECKING:
    import pandas as pd

THUMBNAIL = (16, 16)
"""Height and width, in pixels, at which the images of a folder are compared."""


def numbers(inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """Inputs as float32 (n, values): pixels from 0 to 1, thumbnails of image files, a table's columns."""
    if not isinstance(inputs, np.ndarray):
        return inputs.to_numpy(dtype=np.float32)
    if inputs.dtype != object:
        return inputs.reshape(len(inputs), -1).astype(np.float32) / 255
    from PIL import Image

    height, width = THUMBNAIL
    small = [np.asarray(Image.open(path).convert("L").resize((width, height))) for path in inputs]
    return np.stack(small).reshape(len(small), -1).astype(np.float32) / 255


def most_common(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """The label that most training rows have, for every row."""
    labels, counts = np.unique(train.labels, return_counts=True)
    return np.full(len(inputs), labels[np.argmax(counts)])


def nearest_mean(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """The label whose mean training row is nearest, by Euclidean distance.

    A table's columns are first brought to mean 0 and standard deviation 1 on the training rows, since
    their units differ; pixels share theirs.
    """
    rows, asked = numbers(train.inputs), numbers(inputs)
    if not isinstance(inputs, np.ndarray):
        mean, deviation = rows.mean(0), rows.std(0)
        rows, asked = (rows - mean) / deviation, (asked - mean) / deviation
    labels = np.unique(train.labels)
    means = np.stack([rows[train.labels == label].mean(0) for label in labels])
    # |a - m|² = |a|² - 2 a·m + |m|², and |a|² is the same for every label.
    distances = (means**2).sum(1) - 2 * asked @ means.T
    return labels[distances.argmin(1)]


def logistic_regression(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """scikit-learn's logistic regression on all values of a row, with standardised columns of a table."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if isinstance(inputs, np.ndarray):
        # Stronger regularisation than the default, so that it settles in few iterations.
        model = LogisticRegression(C=0.1, tol=1e-3, max_iter=60)
    else:
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    with warnings.catch_warnings():
        # Stopping early is meant: more iterations gain nothing, and take longer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(numbers(train.inputs), train.labels)
    return model.predict(numbers(inputs))


MOST_COMMON = Baseline("most common label", "always the label that most training rows have", most_common)
NEAREST_MEAN = Baseline(
    "nearest mean", "the label whose mean training row is nearest (Euclidean distance)", nearest_mean
)
LOGISTIC_REGRESSION = Baseline(
    "logistic regression", "scikit-learn's logistic regression on all values of a row", logistic_regression
)
