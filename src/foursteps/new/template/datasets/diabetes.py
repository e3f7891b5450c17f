"""Diabetes: a table from a Python package. Copy this for data that a package has, or that you compute."""

from foursteps.data import Dataset, Sizes, Source
from foursteps.data.baseline import MEAN
from foursteps.data.dataset import Rows


def load() -> Rows:
    """scikit-learn's 442 patients, in the units in which they were measured."""
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(as_frame=True, scaled=False)
    return Rows(bunch.data.astype(float), bunch.target.to_numpy(dtype=float))


DIABETES = Source(
    name="diabetes",
    title="Diabetes",
    comes_from="the Python package scikit-learn (BSD-3-Clause)",
    url="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
    licence="none stated for the data; that of scikit-learn, which publishes them, is BSD-3-Clause",
    citation=(
        "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least angle regression, Annals of Statistics "
        "32(2), 2004, pages 407-499."
    ),
    sha256="66be44d7ad15d8cdee926616b20aec40ca7029414f19f738bef3a0b0b1891a71",
    load=load,
)

DATASETS = (
    Dataset(
        name="diabetes",
        title="Diabetes",
        about=(
            "442 patients: age in years, sex (1 or 2), body mass index, mean blood pressure and six values "
            "of the blood serum, and a measure of how far the disease had come a year later."
        ),
        source=DIABETES,
        task="regression",
        layout="table",
        target="progression",
        classes=(),
        shape=(10,),
        sizes=Sizes(train=200, valid=42, held_out=200),
        metric="rmse",
        baseline=MEAN,
    ),
)
