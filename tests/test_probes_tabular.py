"""What the probe of tables sees in fastai's DataLoaders: columns, rows, the target, and rows in both sets."""

import numpy as np
import pandas as pd
import pytest

from foursteps.checks.probes import probe


@pytest.fixture(scope="module")
def facts_of():
    """Facts of DataLoaders for a table whose rows from `cut` on are for validation."""
    fastai = pytest.importorskip("fastai.tabular.all", reason="fastai belongs to the extra `course`")

    def facts(table: pd.DataFrame, cut: int) -> dict:
        dls = fastai.TabularDataLoaders.from_df(
            table,
            procs=[fastai.Categorify, fastai.FillMissing, fastai.Normalize],
            cat_names=["cut"],
            cont_names=["weight"],
            y_names="price",
            y_block=fastai.RegressionBlock(),
            valid_idx=list(range(cut, len(table))),
            bs=8,
        )
        return probe("tabular")(dls)

    return facts


def stones(rows: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "cut": rng.choice(["Fair", "Ideal"], rows),
            "weight": rng.random(rows),
            "price": np.arange(rows) + 1.0,
        }
    )


@pytest.mark.slow
def test_when_a_table_is_split_then_rows_columns_and_the_target_of_training_are_seen(facts_of):
    assert facts_of(stones(), 50) == {
        "train": 50,
        "valid": 10,
        "words": ["cut"],
        "numbers": ["weight"],
        "lowest_target": 1.0,
        "highest_target": 50.0,
        "shared": 0,
    }


@pytest.mark.slow
def test_when_rows_stand_in_both_sets_then_they_are_counted(facts_of):
    table = pd.concat([stones(), stones().head(5)])
    assert facts_of(table, 60)["shared"] == 5


@pytest.mark.slow
def test_when_fastai_adds_a_column_for_missing_numbers_then_it_is_not_named(facts_of):
    table = stones()
    table.loc[3, "weight"] = np.nan
    assert facts_of(table, 50)["words"] == ["cut"]
