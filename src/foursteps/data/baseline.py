"""Honest baselines: what a sensible person would try before a network. (train, inputs) -> labels."""

# No run depends on this module: a dataset's version says how its baseline is computed.

import warnings
from typing import TYPE_CHECKING

import numpy as np

from foursteps.data.dataset import Baseline, Rows
from foursteps.data.places import centred

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


def encoded(train: Rows, *tables: "pd.DataFrame") -> list:
    """Tables as matrices of numbers (n, columns), sparse or dense, by what the training rows show.

    A column of numbers is brought to mean 0 and standard deviation 1, with its median where it is missing;
    a column of text becomes one column a value (one-hot), all 0 for a value that training never had.
    """
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    prepared = make_column_transformer(
        (
            make_pipeline(SimpleImputer(strategy="median"), StandardScaler()),
            make_column_selector(dtype_include="number"),
        ),
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_include=object)),
    ).fit(train.inputs)
    return [prepared.transform(table) for table in tables]


def mean_target(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """The mean of the training rows' targets, for every row."""
    return np.full(len(inputs), train.labels.mean())


def ridge(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """scikit-learn's ridge regression on a table's numbers and one-hot columns."""
    from sklearn.linear_model import Ridge

    rows, asked = encoded(train, train.inputs, inputs)
    return Ridge(random_state=0).fit(rows, train.labels).predict(asked)


def ridge_of_log(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """The exponential of what `ridge` predicts for the logarithm of the target, which is above zero."""
    return np.exp(ridge(Rows(train.inputs, np.log(train.labels)), inputs))


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
    elif len(inputs.select_dtypes(object).columns):
        rows, asked = encoded(train, train.inputs, inputs)
        return LogisticRegression(max_iter=1000).fit(rows, train.labels).predict(asked)
    else:
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    with warnings.catch_warnings():
        # Stopping early is meant: more iterations gain nothing, and take longer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(numbers(train.inputs), train.labels)
    return model.predict(numbers(inputs))


def logistic_regression_centred(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """`logistic_regression` on images (n, height, width), the box around each one's ink in the middle."""
    return logistic_regression(Rows(centred(train.inputs), train.labels), centred(inputs))


MOST_COMMON = Baseline("most common label", "always the label that most training rows have", most_common)
NEAREST_MEAN = Baseline(
    "nearest mean", "the label whose mean training row is nearest (Euclidean distance)", nearest_mean
)
LOGISTIC_REGRESSION = Baseline(
    "logistic regression", "scikit-learn's logistic regression on all values of a row", logistic_regression
)
CENTRED_LOGISTIC_REGRESSION = Baseline(
    "logistic regression, centred",
    "scikit-learn's logistic regression on all pixels, once the box around the ink lies in the middle",
    logistic_regression_centred,
)
MEAN = Baseline("mean", "always the mean of the training rows' targets", mean_target)
RIDGE = Baseline("ridge", "scikit-learn's ridge regression on numbers and one-hot columns", ridge)
RIDGE_OF_LOG = Baseline(
    "ridge on logarithms",
    "scikit-learn's ridge regression of the target's logarithm on numbers and one-hot columns",
    ridge_of_log,
)
