"""Probes: each looks at a thing that a learner made and states a few facts about it, by name.

A property check names a probe and says what its facts must be. A probe takes what it finds: a fact it
cannot get is left out, and counts as wrong.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from foursteps.errors import CheckError


def dataloaders(thing: Any) -> dict[str, Any]:
    """Facts of a fastai DataLoaders, or of a Learner's.

    train, valid: rows in each set. classes: how many. batch: the shape of one training batch of inputs,
    as a list. normalised: whether that batch's mean is within 0.5 of 0 and its deviation within 0.5 of 1.
    shared: how many items stand in both sets, where items can be compared.
    """
    dls = getattr(thing, "dls", thing)
    facts: dict[str, Any] = {}
    with suppress(Exception):
        facts["train"], facts["valid"] = len(dls.train_ds), len(dls.valid_ds)
    with suppress(Exception):
        facts["classes"] = len(dls.vocab)
    with suppress(Exception):
        inputs = dls.one_batch()[0].detach().cpu().float()
        facts["batch"] = list(inputs.shape)
        facts["normalised"] = bool(abs(inputs.mean()) < 0.5 and abs(inputs.std() - 1) < 0.5)
    with suppress(Exception):
        facts["shared"] = len(set(map(str, dls.train_ds.items)) & set(map(str, dls.valid_ds.items)))
    return facts


def array(thing: Any) -> dict[str, Any]:
    """Facts of an array or a tensor of numbers: shape (a list), dtype (text), min, max, mean."""
    if hasattr(thing, "detach"):
        thing = thing.detach().cpu().numpy()
    values = np.asarray(thing)
    facts: dict[str, Any] = {"shape": list(values.shape), "dtype": str(values.dtype)}
    if values.size and values.dtype.kind in "biuf":
        facts |= {
            "min": float(values.min()),
            "max": float(values.max()),
            "mean": float(values.astype(float).mean()),
        }
    return facts


def module(thing: Any) -> dict[str, Any]:
    """Facts of a torch module, or of a Learner's model: parameters (how many trainable numbers), layers."""
    model = getattr(thing, "model", thing)
    return {
        "parameters": sum(p.numel() for p in model.parameters() if p.requires_grad),
        "layers": sum(1 for part in model.modules() if not list(part.children())),
    }


def table(thing: Any) -> dict[str, Any]:
    """Facts of a data frame: rows, columns (names), missing (empty cells)."""
    return {
        "rows": len(thing),
        "columns": [str(column) for column in thing.columns],
        "missing": int(thing.isna().sum().sum()),
    }


def tabular(thing: Any) -> dict[str, Any]:
    """Facts of fastai's DataLoaders for a table, or of a Learner's.

    train, valid: rows in each set. words, numbers: names of the columns, sorted, without those that fastai
    adds for missing values. lowest_target, highest_target: of the training rows. shared: how many rows, alike
    in every column, stand in both sets.
    """
    from pandas.util import hash_pandas_object

    dls = getattr(thing, "dls", thing)
    train, valid = dls.train_ds, dls.valid_ds
    target = train.ys.to_numpy(dtype=float)
    rows = [set(hash_pandas_object(part.items, index=False).tolist()) for part in (train, valid)]
    return {
        "train": len(train),
        "valid": len(valid),
        "words": sorted(name for name in train.cat_names if not name.endswith("_na")),
        "numbers": sorted(train.cont_names),
        "lowest_target": float(target.min()),
        "highest_target": float(target.max()),
        "shared": len(rows[0] & rows[1]),
    }


def value(thing: Any) -> dict[str, Any]:
    """The thing itself, as `value`: a number, a text, a list."""
    return {"value": thing}


PROBES: dict[str, Callable[[Any], dict[str, Any]]] = {
    probe.__name__: probe for probe in (dataloaders, array, module, table, tabular, value)
}


def probe(name: str) -> Callable[[Any], dict[str, Any]]:
    """The probe called `name`; raises CheckError when there is none."""
    if name not in PROBES:
        raise CheckError(
            "probe", expected=f"one of {', '.join(PROBES)}", found=name, mend="Correct the grader."
        )
    return PROBES[name]
