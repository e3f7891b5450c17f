"""Ratings: real films and lectures, and a baseline of shrunken means that knows what to do with newcomers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foursteps.checks.measures import MEASURES
from foursteps.data.catalog import DATASETS
from foursteps.data.dataset import Rows
from foursteps.data.ratings import films, user_and_item_means
from foursteps.data.source import rows_of
from foursteps.data.split import split

MENU = ["movielens", "lecture_ratings"]


def rated(*rows):
    """Rows of (user, item, rating)."""
    table = pd.DataFrame(rows, columns=["user", "film", "rating"])
    return Rows(table[["user", "film"]], table["rating"].to_numpy(float))


TRAIN = rated(("ann", "x", 5), ("bob", "x", 4), ("ann", "y", 3), ("bob", "y", 2), ("cy", "y", 1))


def test_the_means_are_shrunken_item_first_and_user_on_what_is_left():
    middle, x, y = 3.0, (2 + 1) / (2 + 5), (0 - 1 - 2) / (3 + 5)
    ann = (2 - x + 0 - y) / (2 + 10)
    said = user_and_item_means(TRAIN, pd.DataFrame({"user": ["ann", "ann"], "film": ["x", "y"]}))
    assert said == pytest.approx([middle + x + ann, middle + y + ann])


def test_whoever_and_whatever_is_new_gets_no_offset():
    asked = pd.DataFrame({"user": ["new", "new", "ann"], "film": ["z", "x", "z"]})
    both, item, user = user_and_item_means(TRAIN, asked)
    assert both == 3.0
    assert item > 3.0
    assert user > 3.0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 5)), min_size=2, max_size=40))
def test_the_order_of_the_training_rows_and_the_index_of_a_table_change_nothing(rows):
    train, turned = rated(*rows), rated(*rows[::-1])
    turned.inputs.index = range(100, 100 + len(rows))
    said = user_and_item_means(train, train.inputs)
    assert user_and_item_means(turned, train.inputs.set_index(np.arange(len(rows)) * 3)) == pytest.approx(
        said
    )
    assert np.isfinite(said).all()


def test_a_film_is_its_title_and_year_and_has_three_ratings_or_more():
    table = pd.DataFrame(
        {
            "title": ["Hamlet"] * 7 + ["Rare", None],
            "year": [2000.0] * 3 + [1996.0] * 4 + [1990.0, 1990.0],
            "genres": "Drama",
            "userId": [1, 2, 3, 1, 2, 3, 3, 1, 1],
            "rating": 4.0,
        }
    )
    found = films(table)
    assert found["film"].value_counts().to_dict() == {"Hamlet (2000)": 3, "Hamlet (1996)": 3}


@pytest.mark.parametrize("name", MENU)
def test_the_baseline_beats_the_mean_on_held_out_rows_of_which_some_are_new(name):
    dataset = DATASETS[name]
    rows = rows_of(dataset.source)
    parts = split(rows.labels, dataset.sizes, 0)
    train, held_out = rows.take(parts.train), rows.take(parts.held_out)
    measure = MEASURES[dataset.metric]
    said = dataset.baseline.predict(train, held_out.inputs)
    mean = np.full(len(said), train.labels.mean())
    assert measure.value(said, held_out.labels) < measure.value(mean, held_out.labels) - 0.1
    known = [held_out.inputs[column].isin(train.inputs[column]) for column in held_out.inputs.columns[:2]]
    assert not np.logical_and(*known).all()
