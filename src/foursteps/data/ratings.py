"""Tables of ratings: who rated what, how highly; and the baseline that knows no taste, only means."""

# No run depends on this module: rows have a checksum, and a dataset's version has its baseline's code.

from typing import TYPE_CHECKING

import numpy as np

from foursteps.data.dataset import Baseline, Rows

if TYPE_CHECKING:
    import pandas as pd

FEWEST_OF_A_FILM = 3


def films(table: "pd.DataFrame") -> "pd.DataFrame":
    """MovieLens as user, film, year, genres, rating: films with three ratings or more, each by another user.

    A film is its title with its year, since titles repeat. Ratings without a title cannot be read, and go.
    """
    table = table.dropna(subset=["title", "year"])
    year = table["year"].astype(int)
    table = table.assign(user=table["userId"], film=table["title"] + " (" + year.astype(str) + ")", year=year)
    table = table.drop_duplicates(["user", "film"])
    rated = table.groupby("film")["rating"].transform("size")
    return table.loc[rated >= FEWEST_OF_A_FILM, ["user", "film", "year", "genres", "rating"]]


def lectures(table: "pd.DataFrame") -> "pd.DataFrame":
    """InstEval with words for its letters: who rated whom, and which lecture it was."""
    names = {
        "s": "student",
        "d": "lecturer",
        "lectage": "semesters_ago",
        "service": "service",
        "dept": "department",
        "studage": "semester",
        "y": "rating",
    }
    return table[list(names)].rename(columns=names)


def user_and_item_means(train: Rows, inputs: "np.ndarray | pd.DataFrame") -> np.ndarray:
    """The mean rating, plus how far the item lies from it, plus how far the user lies from both.

    The first two columns say who rates and what is rated. Each offset is a mean shrunken towards zero, the
    sum of the deviations over their number plus 5 (items) or 10 (users), so that a single rating moves
    little; whoever and whatever has none gets 0. Estimated one after the other as in Y. Koren, Factor in
    the neighbors, ACM TKDD 4(1), 2010, section 2.1.
    """
    import pandas as pd

    user, item = inputs.columns[:2]  # type: ignore[union-attr]
    middle = train.labels.mean()
    predicted, rest = np.full(len(inputs), middle), train.labels - middle
    for column, weight in ((item, 5), (user, 10)):
        groups = pd.Series(rest).groupby(train.inputs[column].to_numpy())
        offsets = groups.sum() / (groups.size() + weight)
        rest = rest - train.inputs[column].map(offsets).to_numpy()
        predicted = predicted + inputs[column].map(offsets).fillna(0.0).to_numpy()
    return predicted


USER_AND_ITEM_MEANS = Baseline(
    "user and item means",
    "the mean rating, shifted by how the item and then the user differ from it, both shrunken",
    user_and_item_means,
)
