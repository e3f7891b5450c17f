"""What a dataset is: rows from a source, a split, a metric, an honest baseline and a card."""

import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from foursteps.data.split import Sizes

if TYPE_CHECKING:
    import pandas as pd

Layout = Literal["folders", "labels_csv", "table"]


class Rows(NamedTuple):
    """The rows of a source or of one of its parts.

    inputs : images as uint8 (n, height, width), or paths of image files as objects (n,), or a table of n
        rows without its target, whose columns are numbers, or objects: text, or None where it is missing.
    labels : (n,) text, or float64 for a regression.
    """

    inputs: "np.ndarray | pd.DataFrame"
    labels: np.ndarray

    def take(self, which: np.ndarray) -> "Rows":
        """The rows with these numbers, in this order."""
        inputs = self.inputs[which] if isinstance(self.inputs, np.ndarray) else self.inputs.iloc[which]
        return Rows(inputs, self.labels[which])


@dataclass(frozen=True)
class Source:
    """Where rows come from, and what may be done with them.

    sha256 is that of the decoded rows (`foursteps.data.source.digest`), so it holds whichever way they
    came. `licence` is an SPDX identifier where there is one. `load` reads them all, without a cache.
    """

    name: str
    title: str
    comes_from: str
    url: str
    licence: str
    citation: str
    sha256: str
    load: Callable[[], Rows]
    slow: bool = False
    """True when loading takes seconds, so that decoded images are kept; a table is read again."""


@dataclass(frozen=True)
class Baseline:
    """An honest baseline: what a sensible person would try first, fitted on the training rows.

    `predict(train, inputs)` gives (n,) labels for n rows of inputs.
    """

    name: str
    says: str
    predict: Callable[[Rows, "np.ndarray | pd.DataFrame"], np.ndarray]

    @property
    def version(self) -> str:
        """Changes with the name, and with the code of `predict`."""
        return f"{self.name} {hashlib.sha256(inspect.getsource(self.predict).encode()).hexdigest()[:8]}"


class HeldOut(NamedTuple):
    """What is true of each held-out row, and what the declared baseline predicts. Both (n,)."""

    labels: np.ndarray
    baseline: np.ndarray


@dataclass(frozen=True)
class Dataset:
    """A named dataset of the course: `foursteps.data.get(name)` gives its folder.

    Parameters
    ----------
    target : what is to be predicted; the name of the column where there is a table.
    classes : the labels that are kept, in the source's order; none for a regression.
    shape : (height, width) of an image in pixels, or (columns,) of a table.
    """

    name: str
    title: str
    about: str
    source: Source
    task: Literal["classification", "regression"]
    layout: Layout
    target: str
    classes: tuple[str, ...]
    shape: tuple[int, ...]
    sizes: Sizes
    metric: str
    baseline: Baseline
    used_for: str = ""

    @property
    def version(self) -> str:
        """Eight hex digits that change with anything that changes a row, the split or the baseline."""
        facts = [self.source.sha256, self.layout, self.classes, self.sizes, self.baseline.version]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:8]

    @property
    def licence(self) -> str:
        """The SPDX identifier of the licence, or its name."""
        return self.source.licence

    @property
    def citation(self) -> str:
        """Who to cite."""
        return self.source.citation

    @property
    def url(self) -> str:
        """A page about the data, for people."""
        return self.source.url

    def card(self) -> str:
        """The data card, as Markdown: where the data come from, what is in them, what may be done."""
        from foursteps.data.card import card

        return card(self)
