"""What is checked when a learner rebuilds the recommender: means, numbers, scores, neighbours, newcomers, result."""

import numpy as np
import torch

from foursteps.checks.definition import Expect, Function, Metric, Property


def _tensor(array):
    return torch.tensor(np.asarray(array), dtype=torch.float32)


def ratings(rng):
    """Who rated what, how highly, and who is asked about what; some names are new, and counts differ."""
    cases = []
    for rows, people, things in [(40, 6, 5), (80, 9, 12), (25, 4, 6), (120, 15, 8)]:
        users = rng.integers(0, people, rows)
        items = rng.integers(0, things, rows) // (1 + rng.integers(0, 2, rows))
        # Offsets are large, and people choose what they like: the order of the two steps shows.
        liked = rng.normal(0, 1, things)[items] + rng.normal(0, 0.8, people)[users]
        stars = np.clip(np.round(2 * (3 + liked + rng.normal(0, 0.5, rows))) / 2, 0.5, 5)
        asked = rng.integers(0, people + 2, 12), rng.integers(0, things + 2, 12)
        cases.append(
            (
                [f"u{k}" for k in users],
                [f"film {k}" for k in items],
                stars,
                [f"u{k}" for k in asked[0]],
                [f"film {k}" for k in asked[1]],
            )
        )
    return cases


def names(rng):
    """Known names, some of them twice, and names that are asked for, some of them new."""
    cases = []
    for known, asked in [(8, 6), (20, 15), (3, 5), (40, 20)]:
        words = [f"{chr(97 + k % 26)}{k}" for k in rng.permutation(60)]
        have = words[:known]
        ask = [*rng.choice(have, asked - 2), *words[known : known + 2]]
        cases.append(([*have, *rng.choice(have, 3)], [str(word) for word in rng.permutation(ask)]))
    return cases


def tables(rng):
    """Factors and biases of people and films, and the numbers of rows to look up."""
    cases = []
    for people, films, width, rows in [(5, 7, 3, 6), (12, 9, 5, 20), (4, 4, 4, 4), (8, 20, 2, 15)]:
        cases.append(
            (
                _tensor(rng.normal(0, 0.9, (people, width))),
                _tensor(rng.normal(0, 0.9, (films, width))),
                _tensor(rng.normal(0.4, 0.5, people)),
                _tensor(rng.normal(0, 0.5, films)),
                torch.tensor(rng.integers(0, people, rows)),
                torch.tensor(rng.integers(0, films, rows)),
            )
        )
    return cases


def factors(rng):
    """Rows of factors whose lengths and whose columns' scales differ, a row, and how many are asked for."""
    cases = []
    for rows, width, count in [(12, 3, 4), (30, 5, 6), (8, 2, 7), (50, 8, 5)]:
        table = rng.normal(0, 1, (rows, width)) * rng.uniform(0.1, 4, width) * rng.uniform(0.2, 5, (rows, 1))
        cases.append((_tensor(table.round(3)), int(rng.integers(0, rows)), count))
    return cases


def weights(rng):
    """Tables of weights whose row 0, never trained, is far from the others."""
    cases = []
    for rows, width in [(6, 3), (40, 5), (3, 2), (15, 1)]:
        table = rng.normal(1, 1, (rows, width))
        table[0] = rng.normal(-3, 1, width)
        cases.append((_tensor(table.round(3)),))
    return cases


CHECKS = (
    Function(
        name="user_and_item_means",
        asks="the shrunken means of users and items, as a function",
        inputs=ratings,
        hints=(
            "What is left of a rating once you know the mean and the item?",
            "First the items: the sum of (rating - mean) of each, over (count + 5). Subtract it from every "
            "rating; then the same for the users, with 10.",
            "`groups = rest.groupby(np.array(items))`, `offset = groups.sum() / (groups.count() + 5)`, `rest = rest - "
            "pd.Series(items).map(offset)`; for the asked: `pd.Series(new_items).map(offset).fillna(0)`.",
        ),
        advice={
            "nan": "A name without a rating has no offset: `.fillna(0)`.",
            "keyerror": "Some of the asked names are new: look up with a default of 0.",
            "the shape is": "One rating for each asked pair.",
            "largest difference": "Items first; then the users, of what is left after the items. Sums over (count + 5) "
            "and (count + 10), and the mean once.",
            "it gave": "Items first; then the users, of what is left after the items. Sums over (count + 5) and "
            "(count + 10), and the mean once.",
        },
    ),
    Function(
        name="numbered",
        asks="numbers for names, and 0 for what is new",
        inputs=names,
        hints=(
            "What number does a name get that was not there when the numbers were given?",
            "`sorted(set(known))` is every name once, in order; `enumerate(..., start=1)` counts from 1.",
            "`number = {name: k for k, name in enumerate(sorted(set(known)), start=1)}`, then `number.get(name, 0)`.",
        ),
        advice={
            "keyerror": "A new name: `number.get(name, 0)`.",
            "the shape is": "One number for each asked name.",
            "it gave": "Names in their sorted order, from 1; 0 only for a new one.",
            "difference": "Names in their sorted order, from 1; 0 only for a new one.",
        },
    ),
    Function(
        name="score",
        asks="the prediction from factors and biases, by hand",
        inputs=tables,
        hints=(
            "Which row of each table belongs to the first pair?",
            "`people[users]` has a row for each pair; multiply by `films[items]` and sum along the width.",
            "`5.5 * torch.sigmoid((people[users] * films[items]).sum(1) + person_bias[users] + film_bias[items])`",
        ),
        advice={
            "the shape is": "One number for each pair: sum along the width, `.sum(1)`. A product of matrices gives every "
            "pair of rows.",
            "must match": "Look the rows up first: `people[users]`, and `person_bias[users]`.",
            "largest difference": "Dot product plus both biases, then the sigmoid, then times 5.5.",
            "it gave": "Dot product plus both biases, then the sigmoid, then times 5.5.",
        },
    ),
    Function(
        name="most_alike",
        asks="the rows that point most in one row's direction",
        inputs=factors,
        hints=(
            "Is a long row more alike to everything than a short one?",
            "Divide each row by its length, `factors.norm(dim=1, keepdim=True)`; the cosine is then a dot product.",
            "`order = (unit @ unit[row]).argsort(descending=True)`; leave out `row` itself; take `count`.",
        ),
        advice={
            "the shape is": "As many numbers of rows as `count` says, without the row itself.",
            "it gave": "Numbers of rows, the most alike first, the row itself left out; by direction, whatever the "
            "length.",
            "difference": "Numbers of rows, the most alike first, the row itself left out; by direction, whatever the "
            "length.",
        },
    ),
    Function(
        name="know_newcomers",
        asks="a row for whoever is new: the average of the known",
        inputs=weights,
        hints=(
            "Which rows were trained, and which one was not?",
            "`table[1:]` are the rows of the known; their mean over `dim=0` is one row.",
            "`torch.cat([table[1:].mean(dim=0, keepdim=True), table[1:]])`",
        ),
        advice={
            "the shape is": "As many rows as there were: the new row 0, then all the others. `keepdim=True` keeps a mean "
            "a row.",
            "largest difference": "The mean of rows 1 and up, without the untrained row 0; the other rows as they were.",
            "it gave": "The mean of rows 1 and up, without the untrained row 0; the other rows as they were.",
        },
    ),
    Property(
        name="data",
        asks="DataLoaders with the training and the validation ratings",
        probe="dataloaders",
        expect={"train": Expect(equals=64_000), "valid": Expect(equals=10_000)},
        hints=(
            "Which rows may the model learn from, and which does it choose with?",
            "`TabularCollab` takes one table and `splits`, a pair of lists of row numbers.",
            "`TabularCollab(pd.concat([train, valid], ignore_index=True), [Categorify], ['user', 'film'], "
            "y_names=['rating'], y_block=TransformBlock(), splits=..., reduce_memory=False).dataloaders(bs=..., "
            "dl_type=TabDataLoader)`",
        ),
        advice={
            "train is": "`CollabDataLoaders.from_df` draws a split of its own. The course's split is in the two files.",
            "valid is": "`CollabDataLoaders.from_df` draws a split of its own. The course's split is in the two files.",
        },
    ),
    Metric(
        name="gain",
        asks="`predict(table)`: nearer to the truth than the means, by as much as the lecture's",
        datasets=("movielens",),
        metric="rmse",
        takes="predict",
        lift=True,
        claim="lecture.gain",
        hints=(
            "Where do your training and your validation error end, and where do the means?",
            "A wide gap between the two is learning by heart: weight decay, fewer passes, every row once in a pass "
            "(`dl_type=TabDataLoader`). And what does a new film get?",
            "`collab_learner(dls, n_factors=50, y_range=(0, 5.5), metrics=rmse)`, `learn.fit_one_cycle(5, 0.005, "
            "wd=0.2)`; then `part.weight[:] = know_newcomers(part.weight)` for each table, inside `torch.no_grad()`.",
        ),
        advice={
            "could be chance": "The interval of the gain reaches zero: hardly better than the means. A wide gap between the "
            "training and the validation error is learning by heart.",
            "no better than": "No better than the means. Is the model trained, and does the row of each rating look up its "
            "own person and film?",
            "on the way": "Below the means, and not yet all there is: fewer or more passes, weight decay, the sigmoid.",
            "not finite": "A new film gives NaN: let it have the average, or 0 for an offset.",
            "keyerror": "A new film: look numbers up with a default, 0.",
            "predictions of shape": "One number a row: `.squeeze(1)`.",
            "requires grad": "Predict inside `with torch.no_grad():`.",
            "no dataset": 'Call `get("movielens", seed=seed)` in this notebook.',
        },
    ),
)
