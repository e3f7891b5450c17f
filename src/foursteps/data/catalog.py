"""The datasets that come with the kit, for any course. State here only what the sources themselves say."""

# No run depends on this module: a dataset's version says what of it matters.

from collections import ChainMap

from foursteps.data import fashion
from foursteps.data.baseline import (
    CENTRED_LOGISTIC_REGRESSION,
    LOGISTIC_REGRESSION,
    NEAREST_MEAN,
    RIDGE_OF_LOG,
)
from foursteps.data.brought import Brought
from foursteps.data.dataset import Dataset
from foursteps.data.keywords import KEYWORD_COUNT, KEYWORD_RULE
from foursteps.data.origins import (
    BIRD_STRIKES,
    DIAMONDS,
    FASHION,
    FOOD_REVIEWS,
    HOTEL_RATES,
    LECTURE_RATINGS,
    MNIST,
    MNIST_OFF_CENTRE,
    MOVIELENS,
    UCI_DIGITS,
    WISCONSIN,
)
from foursteps.data.ratings import USER_AND_ITEM_MEANS
from foursteps.data.split import Sizes

DIGITS = tuple("0123456789")


def _fashion_pair(name: str, first: str, second: str) -> Dataset:
    """Two articles of Fashion-MNIST that are easily taken for each other."""
    return Dataset(
        name=name,
        title=f"Fashion-MNIST, {first} against {second}",
        about=f"Two articles of Fashion-MNIST that look alike: {first} and {second}.",
        source=FASHION,
        task="classification",
        layout="labels_csv",
        target="article",
        classes=(first, second),
        shape=(28, 28),
        sizes=Sizes(train=2_000, valid=500, held_out=2_000),
        metric="accuracy",
        baseline=NEAREST_MEAN,
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
    ),
    Dataset(
        name="mnist_10",
        title="MNIST off the middle, 10 of each digit",
        about=(
            "Handwritten digits as in `mnist`, but each lies where somebody might have written it: up to 4 "
            "pixels off the middle of its picture. And labels are dear: 10 images of each digit to train on, "
            "20 of each to choose with, and all others held out."
        ),
        source=MNIST_OFF_CENTRE,
        task="classification",
        layout="labels_csv",
        target="digit",
        classes=DIGITS,
        shape=(28, 28),
        sizes=Sizes(train=100, valid=200, held_out=4_700),
        metric="accuracy",
        baseline=CENTRED_LOGISTIC_REGRESSION,
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
        sizes=Sizes(train=8_000, valid=1_000, held_out=4_000),
        metric="accuracy",
        baseline=LOGISTIC_REGRESSION,
    ),
    _fashion_pair("fashion_pullover_coat", "Pullover", "Coat"),
    _fashion_pair("fashion_shirt_tshirt", "Shirt", "T-shirt"),
    _fashion_pair("fashion_sneaker_boot", "Sneaker", "Ankle boot"),
    Dataset(
        name="digits",
        title="Digits, 8 × 8",
        about="Handwritten digits at low resolution; the ink of 4 × 4 pixels of a scan makes one.",
        source=UCI_DIGITS,
        task="classification",
        layout="labels_csv",
        target="digit",
        classes=DIGITS,
        shape=(8, 8),
        sizes=Sizes(train=897, valid=200, held_out=700),
        metric="accuracy",
        baseline=NEAREST_MEAN,
    ),
    Dataset(
        name="breast_cancer",
        title="Breast cancer",
        about="Cell nuclei in images of 569 tumours: 30 measurements each, and what the tumour was.",
        source=WISCONSIN,
        task="classification",
        layout="table",
        target="diagnosis",
        classes=("malignant", "benign"),
        shape=(30,),
        sizes=Sizes(train=269, valid=50, held_out=250),
        metric="accuracy",
        baseline=NEAREST_MEAN,
    ),
    Dataset(
        name="diamonds",
        title="Diamonds",
        about=(
            "Prices of almost 54,000 round cut diamonds in US dollars, with weight, size, cut, colour and "
            "clarity. Rows that are there twice are taken once, and those with an impossible size (a length, "
            "width or depth of 0 mm, or a width or depth of 30 mm and more) are left out. The documentation "
            "does not say who collected the prices, nor when."
        ),
        source=DIAMONDS,
        task="regression",
        layout="table",
        target="price",
        classes=(),
        shape=(9,),
        sizes=Sizes(train=16_000, valid=2_000, held_out=5_000),
        metric="rmse_log",
        baseline=RIDGE_OF_LOG,
    ),
    Dataset(
        name="hotel_rates",
        title="Hotel rates",
        about=(
            "Bookings of a resort hotel: 27 things known about each, among them the country, the agent and "
            "the room, and what a night cost. Rows that are there twice are taken once."
        ),
        source=HOTEL_RATES,
        task="regression",
        layout="table",
        target="avg_price_per_room",
        classes=(),
        shape=(27,),
        sizes=Sizes(train=8_000, valid=1_500, held_out=4_000),
        metric="rmse_log",
        baseline=RIDGE_OF_LOG,
    ),
    Dataset(
        name="food_reviews",
        title="Reviews of fine foods",
        about=(
            "What buyers wrote about food, each about another product, and whether they gave it five stars "
            "(great) or fewer (other). A text that is there twice is taken once."
        ),
        source=FOOD_REVIEWS,
        task="classification",
        layout="table",
        target="score",
        classes=("great", "other"),
        shape=(1,),
        sizes=Sizes(train=3_300, valid=450, held_out=1_200),
        metric="accuracy",
        baseline=KEYWORD_RULE,
    ),
    Dataset(
        name="bird_strikes",
        title="Bird strikes",
        about=(
            "Remarks in reports of aircraft that hit birds or other animals, and whether the report states "
            "an effect on the flight, such as a precautionary landing (1), or none (0). A 0 may hide an "
            "effect: in this copy nothing tells 'no effect' from 'not said'. A remark that stands in several "
            "reports is taken once, with what most of them state."
        ),
        source=BIRD_STRIKES,
        task="classification",
        layout="table",
        target="effect",
        classes=("0", "1"),
        shape=(1,),
        sizes=Sizes(train=8_000, valid=1_200, held_out=4_300),
        metric="auc",
        baseline=KEYWORD_COUNT,
    ),
    Dataset(
        name="movielens",
        title="MovieLens",
        about=(
            "Who gave which film how many stars, from half a star to five: 671 people who rated at least "
            "twenty films each, and the films that at least three of them rated. What is held out are "
            "ratings, not people; so a few films are held out whole, and new to a model."
        ),
        source=MOVIELENS,
        task="regression",
        layout="table",
        target="rating",
        classes=(),
        shape=(4,),
        sizes=Sizes(train=64_000, valid=10_000, held_out=20_000),
        metric="rmse",
        baseline=USER_AND_ITEM_MEANS,
    ),
    Dataset(
        name="lecture_ratings",
        title="Lectures at ETH",
        about=(
            "What 2,972 students gave the lectures of 1,128 lecturers, from 1 (poor) to 5 (very good). A row "
            "is one student's rating of one lecture: `semesters_ago` says when it was held, `service` is 1 "
            "when it was for another department than the lecturer's, `department` is that of the lecture, "
            "`semester` how many semesters the student has been enrolled. The numbers are names, but for "
            "the two that count semesters."
        ),
        source=LECTURE_RATINGS,
        task="regression",
        layout="table",
        target="rating",
        classes=(),
        shape=(6,),
        sizes=Sizes(train=46_000, valid=7_000, held_out=20_000),
        metric="rmse",
        baseline=USER_AND_ITEM_MEANS,
    ),
)

KIT = {dataset.name: dataset for dataset in _ALL}
DATASETS: ChainMap[str, Dataset] = ChainMap({}, Brought(taken={*KIT, "own"}), KIT)
"""Every dataset by name: those that come with the kit, those that the course at hand brings, and `own`, when
`get_folder` or `get_table` has read somebody's data."""
