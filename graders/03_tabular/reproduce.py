"""What is checked when a learner rebuilds the pricing of diamonds: data, measure, embedding, result."""

import numpy as np

from foursteps.checks.definition import Expect, Function, Metric, Property


def prices(rng):
    """Predicted and true prices, over four orders of magnitude."""
    cases = []
    for rows, spread in [(5, 0.1), (40, 0.3), (1, 0.5), (200, 0.05), (12, 1.0), (80, 0.2)]:
        truth = np.exp(rng.uniform(4, 10, rows)).round(2)
        cases.append(((truth * np.exp(rng.normal(0.1, spread, rows))).round(2), truth))
    return cases


def words_and_rows(rng):
    """A vocabulary, a row for each word and one for the unknown, and words to look up, some unknown."""
    cases = []
    for known, width, asked in [(3, 2, 6), (8, 4, 20), (6, 1, 3), (12, 3, 9), (5, 6, 1), (20, 8, 40)]:
        # In no alphabetical order, so that a vocabulary sorted again gives other rows.
        words = [f"word {number}" for number in rng.permutation(100)[: known + 3]]
        vocabulary, unknown = words[:known], words[known:]
        pool = [*vocabulary, *vocabulary, *unknown]
        cases.append(
            (
                vocabulary,
                rng.normal(0, 1, (known + 1, width)).round(3),
                [unknown[0], *rng.choice(pool, asked).tolist()],
            )
        )
    return cases


def groups_and_prices(rng):
    """Groups of different sizes, and prices of which each group's lean one way."""
    cases = []
    for groups, rows in [(2, 10), (5, 60), (3, 30), (8, 100), (4, 12), (6, 200)]:
        names = [f"grade {number}" for number in range(groups)]
        of_row = np.concatenate([np.arange(groups), rng.integers(0, groups, rows)])
        lean = rng.normal(0, 0.2, groups)
        truth = np.exp(rng.uniform(5, 9.5, len(of_row))).round(2)
        predicted = (truth * np.exp(lean[of_row] + rng.normal(0, 0.2, len(of_row)))).round(2)
        cases.append(([names[number] for number in of_row], predicted, truth))
    return cases


CHECKS = (
    Property(
        name="data",
        asks="DataLoaders for the table: words, numbers, and the logarithm of the price",
        probe="tabular",
        expect={
            "train": Expect(equals=16000),
            "valid": Expect(equals=2000),
            "words": Expect(equals=["clarity", "color", "cut"]),
            "numbers": Expect(equals=["carat", "depth", "table", "x", "y", "z"]),
            "highest_target": Expect(at_most=12.0),
            "shared": Expect(equals=0),
        },
        hints=(
            "Which columns could a network multiply as they stand, and which rows may it learn from?",
            "`TabularDataLoaders.from_df` takes one table; `valid_idx` lists the numbers of the rows to "
            "validate on. Put the two tables on top of each other first.",
            "`TabularDataLoaders.from_df(both, procs=[Categorify, Normalize], cat_names=[...], "
            'cont_names=[...], y_names="log_price", y_block=RegressionBlock(), '
            "valid_idx=list(range(len(train), len(both))), bs=...)`",
        ),
        advice={
            "train is": "The course's split is in two files. Name the validation rows with `valid_idx`; "
            "without it, fastai draws rows of its own.",
            "valid is": "The course's split is in two files. Name the validation rows with `valid_idx`.",
            "highest_target": "The target is the logarithm of the price, a column that you add: "
            '`np.log(both["price"])`.',
            "words is": "Three columns are words: cut, color and clarity. They go into `cat_names`.",
            "numbers is": "Six columns are numbers, and the price is not one of them: it is what is "
            "asked for.",
        },
    ),
    Function(
        name="rmse_log",
        asks="the root mean squared error of the logarithm",
        inputs=prices,
        hints=(
            "In which order do the words come: root, mean, squared, error, of the logarithm?",
            "Take the logarithm of both first; the rest is the usual RMSE of those.",
            "`np.sqrt(np.mean((np.log(predicted) - np.log(truth)) ** 2))`",
        ),
        advice={
            "shape": "One number is wanted: the mean over all rows, then its root.",
            "off": "The natural logarithm of each price first; then difference, square, mean, root, in this "
            "order.",
        },
    ),
    Function(
        name="look_up",
        asks="an embedding by hand: words in, rows out",
        inputs=words_and_rows,
        hints=(
            "Which row belongs to the first word of the vocabulary, and which to a word that is not in it?",
            "Make a dict from word to row number, beginning with 1; `dict.get(word, 0)` gives 0 for "
            "the rest. "
            "An array can be indexed with a list of numbers.",
            "`code = {word: n for n, word in enumerate(vocabulary, 1)}`, then "
            "`weight[[code.get(word, 0) for word in asked]]`.",
        ),
        advice={
            "is not in list": "Some words are unknown: give them row 0.",
            "keyerror": "Some words are unknown: give them row 0, with `dict.get(word, 0)`.",
            "shape": "One row of the table for each word that is asked for.",
            "difference": "Row 0 is for unknown words, so the first word of the vocabulary has row "
            "1. Keep the "
            "vocabulary's order.",
        },
    ),
    Function(
        name="group_bias",
        asks="the mean residual of each group",
        inputs=groups_and_prices,
        hints=(
            "What should the number be for a group that is priced 10 % too high, row by row?",
            "The residual of a row is log predicted - log true. Take its mean over the rows of each group.",
            "`pd.Series(np.log(predicted) - np.log(truth)).groupby(np.array(groups)).mean().to_dict()`",
        ),
        advice={
            "list": "A dict is wanted, from each group's name to its mean residual: `.to_dict()`.",
            "dict": "A dict is wanted, from each group's name to its mean residual: `.to_dict()`.",
            "it gave": "Above zero means too high: log predicted minus log true, and the mean of "
            "that, not of "
            "its size and not of dollars.",
        },
    ),
    Metric(
        name="price",
        asks="a function that prices diamonds it has never seen, in dollars",
        datasets=("diamonds",),
        metric="rmse_log",
        takes="predict",
        claim="lecture.rmse_log",
        hints=(
            "On which scale was your network trained, and on which are its answers wanted?",
            "`learn.dls.test_dl(table)` makes batches of a new table, as the training rows were made; "
            "`learn.get_preds(dl=...)` gives the answers, and `np.exp` turns logarithms back.",
            "`said, _ = learn.get_preds(dl=learn.dls.test_dl(table))`, then `np.exp(said.numpy().ravel())`; "
            "layers [100, 50], eight epochs and a `y_range` a little wider than the log prices.",
        ),
        advice={
            "no better than": "Ridge is as good. Was the Learner fitted? Are prices turned back "
            "with `np.exp`? "
            "Did `y_range` leave room at both ends?",
            "not above zero": "A price is above zero. Did you train on the logarithm, and turn it back?",
            "keyerror": "The table that `price` gets has no column price: ask only for columns that "
            "are there.",
            "shape": "One number a row: `.ravel()` makes (n, 1) into (n,).",
        },
    ),
)
