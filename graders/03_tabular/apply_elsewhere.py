"""What is checked when a learner takes embeddings to another table: a plan, rare words, a gain, a report."""

import numpy as np

from foursteps.checks.definition import Criterion, Function, Metric, WriteUp


def words_and_counts(rng):
    """Words of which some are rare, some cells empty; other words; how often one must occur."""
    cases = []
    for names, rows, asked, at_least in [
        (4, 20, 8, 2),
        (10, 60, 20, 4),
        (5, 24, 9, 3),
        (20, 200, 30, 10),
        (6, 40, 10, 5),
        (15, 90, 25, 6),
    ]:
        pool = [f"agent {number}" for number in rng.permutation(90)[:names]]
        weights = rng.dirichlet(np.full(names, 0.7))
        train = rng.choice(pool, rows, p=weights).tolist()
        # One word just often enough and one just not: a rule of "more than" shows.
        train += ["edge"] * at_least + ["nearly"] * (at_least - 1) + [None] * (at_least + 2)
        train = [train[row] for row in rng.permutation(len(train))]
        new = [*rng.choice([*pool, "new one", "edge", "nearly"], asked).tolist(), "edge", "nearly", None]
        cases.append((train, new, at_least))
    return cases


def groups_and_rates(rng):
    """Groups that differ in size and in error; rates; the fewest rows, and how many groups are asked for."""
    cases = []
    for groups, rows, at_least, count in [
        (5, 80, 8, 2),
        (8, 200, 10, 3),
        (4, 60, 6, 1),
        (10, 300, 12, 4),
        (6, 120, 9, 3),
        (7, 150, 10, 2),
    ]:
        names = [f"room {number}" for number in rng.permutation(50)[: groups + 2]]
        # The last two groups are small and the worst of all; one is a row short of enough.
        of_row = np.concatenate(
            [
                np.repeat(np.arange(groups), at_least),
                rng.integers(0, groups, rows),
                np.full(at_least - 1, groups),
                np.full(2, groups + 1),
            ]
        )
        spread = np.append(rng.permutation(np.linspace(0.05, 0.4, groups)), [0.9, 1.2])
        # Dear groups have the largest errors in money, whatever their error in logarithms.
        level = np.append(rng.uniform(3, 6, groups), [4.0, 4.0])
        sign = rng.choice([-1.0, 1.0], len(of_row))
        truth = np.exp(level[of_row] + rng.normal(0, 0.2, len(of_row))).round(2)
        error = sign * spread[of_row] * rng.uniform(0.8, 1.2, len(of_row))
        order = rng.permutation(len(of_row))
        cases.append(
            (
                [names[number] for number in of_row[order]],
                (truth * np.exp(error)).round(3)[order],
                truth[order],
                at_least,
                count,
            )
        )
    return cases


CHECKS = (
    WriteUp(
        name="plan",
        asks="the question, the metric and the baseline, before any model",
        rubric=(
            Criterion(
                looks_for="A question that a prediction answers, for somebody who acts on it", points=1
            ),
            Criterion(looks_for="The metric, and why these errors are equally bad", points=1),
            Criterion(looks_for="A baseline, what it reaches here, and why beating it counts", points=1),
            Criterion(looks_for="Which columns are known when the question is asked", points=1),
        ),
        hints=(
            "Who would use the answer, and when do they ask?",
            "Are ten too many as bad on a cheap night as on a dear one?",
            "Name the question, the metric with its reason, the baseline with its number from the "
            "cell above, "
            "and the columns that are filled too late.",
        ),
    ),
    Function(
        name="codes",
        asks="codes for words, with one for all that is rare, unknown or empty",
        inputs=words_and_counts,
        hints=(
            "Which words deserve a row of their own, and where do the others go?",
            "Count the training words, keep those that occur often enough, sort them, number them from 1; "
            "`dict.get(word, 0)` does the rest.",
            "`counts = pd.Series(train).value_counts()`; `known = sorted(counts.index[counts >= at_least])`; "
            "`{word: n for n, word in enumerate(known, 1)}`.",
        ),
        advice={
            "'<' not supported": "`None` and words can't be sorted together: leave the empty cells out.",
            "keyerror": "Words that training never had get 0: `dict.get(word, 0)`.",
            "shape": "One code for each word of `new`.",
            "it gave": "Numbers begin at 1, in alphabetical order of the frequent words; 0 is for "
            "the rest. A word "
            "that occurs exactly `at_least` times is frequent enough. Count in `train`, not in `new`.",
        },
    ),
    Function(
        name="worst_groups",
        asks="the groups with the highest error, among those with enough rows",
        inputs=groups_and_rates,
        hints=(
            "How bad can a group of two rows look by luck?",
            "The squared difference of the logarithms, its mean by group, and the number of rows of "
            "each group; "
            "drop the small ones, then sort.",
            '`squares.groupby(groups).agg(["mean", "size"])`; keep `size >= at_least`; '
            "`sort_values(ascending=False).index[:count].tolist()`.",
        ),
        advice={
            "shape": "As many names as `count` says are wanted.",
            "it gave": "Names, the worst first. The error is that of the logarithm, and its size counts, not "
            "its sign. Groups with fewer than `at_least` rows don't take part.",
        },
    ),
    Metric(
        name="lift",
        asks="rates whose gain over the declared baseline is more than chance",
        datasets=("hotel_rates",),
        metric="rmse_log",
        takes="predict",
        lift=True,
        claim="apply_elsewhere.lift.{dataset}",
        hints=(
            "What is each column: an amount, a word, a date? Which words are too rare to teach anything?",
            "A date as text is a word that never comes again. Its month, its weekday and its day of the year "
            "do. `FillMissing` fills empty numbers; `Categorify` takes an empty word for one of its own.",
            "One function `prepared(table)` for the training rows and for those that `rate` is asked about; "
            "train on `np.log` of the rate with a `y_range`, and turn back with `np.exp`.",
        ),
        advice={
            "could be chance": "The baseline here is a strong one. Look at the date, the rare words and the "
            "number of steps, and let the validation rows tell.",
            "no better than": "Was the network fitted, and are rates turned back with `np.exp`?",
            "not above zero": "A rate is above zero. Did you train on the logarithm, and turn it back?",
            "keyerror": "Your function gets the table as it is: do there what you did to the training rows.",
            "not in index": "Your function gets the table as it is: do there what you did to the "
            "training rows.",
            "shape": "One number a row: `.ravel()` makes (n, 1) into (n,).",
            "no dataset": "Call `get(dataset, seed=seed)` in this notebook, with a name from the menu.",
        },
    ),
    WriteUp(
        name="report",
        asks="what you did, what came out, what it is worth, what next",
        rubric=(
            Criterion(looks_for="What and why: the question again, in one or two sentences", points=1),
            Criterion(looks_for="How: what each kind of column became, what was changed and why", points=1.5),
            Criterion(
                looks_for="The number, with baseline, rows and interval; the strong reference beside it",
                points=2,
            ),
            Criterion(looks_for="Errors as cases: named groups or bookings, with a reason offered", points=2),
            Criterion(
                looks_for="What next: one change, what it should do, and how one would know", points=1.5
            ),
        ),
        hints=(
            "What would a colleague need, to trust your number without asking you?",
            "The number, the baseline, the interval, the rows; then what goes wrong, shown by cases.",
            "Five short paragraphs: what, why, how, the result with baseline and interval, errors "
            "and what next.",
        ),
    ),
)
