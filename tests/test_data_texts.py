"""Texts: taken once each, and held against an honest baseline of ten counted words."""

import numpy as np
import pandas as pd
import pytest

from foursteps.checks.measures import MEASURES
from foursteps.data.catalog import DATASETS
from foursteps.data.dataset import Rows
from foursteps.data.keywords import keyword_count, keyword_rule
from foursteps.data.source import rows_of
from foursteps.data.split import split
from foursteps.data.texts import alike, strikes


def test_when_a_remark_stands_in_several_reports_then_it_is_taken_once_with_what_most_state():
    table = pd.DataFrame(
        {
            "remarks": ["NO DAMAGE", "no damage.", "No  damage!", "ENGINE OUT", "engine out", None],
            "effect": [None, "Other", None, "Other", "Other", "Other"],
        }
    )
    found = strikes(table)
    assert found.to_dict("list") == {"remarks": ["NO DAMAGE", "ENGINE OUT"], "effect": ["0", "1"]}


@pytest.mark.parametrize("name", ["food_reviews", "bird_strikes"])
def test_no_text_is_in_two_parts_of_a_split(name):
    texts = rows_of(DATASETS[name].source).inputs.iloc[:, 0]
    assert not alike(texts).duplicated().any()


def reviews(*texts):
    return pd.DataFrame({"text": texts})


TRAIN = Rows(
    reviews(*["great stuff, love it"] * 6, *["awful stuff, not for me"] * 4), np.array(["a"] * 6 + ["b"] * 4)
)


def test_when_words_speak_for_a_label_then_the_count_says_how_many():
    counts = keyword_count(TRAIN, reviews("great love", "stuff", "not awful", "great but not awful"))
    # "for" and "me" are told apart by the labels as well; "stuff" is in every text.
    assert counts.tolist() == [-2, 0, 2, 1]


def test_when_no_telling_word_is_there_then_the_rule_gives_the_label_that_suits_the_training_rows():
    assert keyword_rule(TRAIN, reviews("great", "awful", "")).tolist() == ["a", "b", "a"]


def test_when_a_text_is_missing_then_it_counts_as_empty():
    assert keyword_count(TRAIN, reviews(None, "great")).tolist() == [0, -1]


def test_the_keyword_rule_is_better_than_the_most_frequent_label_and_says_only_labels():
    dataset = DATASETS["food_reviews"]
    rows = rows_of(dataset.source)
    parts = split(rows.labels, dataset.sizes, 0)
    truth = rows.labels[parts.held_out]
    said = keyword_rule(rows.take(parts.train), rows.take(parts.held_out).inputs)
    assert set(said) == set(dataset.classes)
    assert np.mean(said == truth) > np.mean(truth == "great") + 0.02


def test_the_keyword_count_ranks_strikes_far_better_than_chance():
    dataset = DATASETS["bird_strikes"]
    rows = rows_of(dataset.source)
    parts = split(rows.labels, dataset.sizes, 0)
    said = keyword_count(rows.take(parts.train), rows.take(parts.held_out).inputs)
    assert MEASURES[dataset.metric].value(said, rows.labels[parts.held_out].astype(float)) > 0.7
