"""What is checked when a learner ranks reports of bird strikes: a plan, two metrics, a ranking, a report."""

import numpy as np

from foursteps.checks.definition import Criterion, Function, Metric, WriteUp


def rankings(rng):
    """True labels, of which few are 1, and scores with ties among them."""
    cases = []
    for rows, ones, skill, decimals in ((60, 9, 1.0, 1), (40, 5, -0.5, 1), (80, 30, 2.0, 0), (50, 6, 0.3, 1)):
        truth = rng.permutation(np.arange(rows) < ones).astype(int)
        cases.append((truth, (rng.normal(0, 1, rows) + skill * truth).round(decimals)))
    truth = rng.permutation(np.arange(30) < 4).astype(int)
    one = np.arange(30) == np.argmax(truth)
    return [*cases, (truth, one * 1.0)]  # all the same, but for one that is right


def tops(rng):
    """True labels, scores that are all different, and how many rows are read from the top."""
    cases = []
    for rows, ones, k in ((40, 8, 5), (70, 9, 20), (30, 12, 13), (90, 15, 9), (25, 5, 3)):
        while True:
            truth = rng.permutation(np.arange(rows) < ones).astype(int)
            scores = rng.permutation(rows) / 10 - 2.0
            ranked = truth[np.argsort(-scores)]
            if 0 < ranked[:k].sum() != ranked[-k:].sum():
                break
        cases.append((truth, scores, k))
    return cases


CHECKS = (
    WriteUp(
        name="plan",
        asks="the question, the metric and the baseline, before any model",
        rubric=(
            Criterion(
                looks_for="A question that a ranking answers, for somebody who would act on it", points=1
            ),
            Criterion(looks_for="Why accuracy is wrong here, and what is measured instead", points=2),
            Criterion(looks_for="What ten keywords can know, and why beating them means something", points=1),
        ),
        hints=(
            "Who reads the reports, and what would they do with a list in order?",
            "Compute what 'none' to everything is right on. Who is helped by that?",
            "Name the reader, the number your cell printed for 'none' to all, the metric that a rare label "
            "does not fool, and what the keywords leave out.",
        ),
    ),
    Function(
        name="auc",
        asks="how often a 1 has a higher score than a 0",
        inputs=rankings,
        hints=(
            "How many pairs of a 1 and a 0 are there, and how many are in the right order?",
            "All differences at once: the scores of the ones as a column, those of the zeros as a row.",
            "`gaps = scores[truth == 1][:, None] - scores[truth == 0][None]`; the mean of `(gaps > 0) + "
            "0.5 * (gaps == 0)`.",
        ),
        advice={
            "boolean": "Turn comparisons into numbers: `0.5 * (gaps == 0)`.",
            "broadcast": "The ones as a column, the zeros as a row: `[:, None]` and `[None, :]`.",
            "the shape is": "One number is wanted: the mean over all pairs.",
            "it gave": "All pairs of a 1 and a 0; right order 1, a tie one half, wrong order 0; then "
            "the mean.",
        },
    ),
    Function(
        name="found_in_top",
        asks="the share of all effects among the k highest scores",
        inputs=tops,
        hints=(
            "Whom does it help to know how many of the read reports were worth it, and whom how many of all?",
            "`np.argsort` sorts upwards: sort the negative, and take the first k.",
            "`top = np.argsort(-scores)[:k]`; `truth[top].sum() / truth.sum()`.",
        ),
        advice={
            "it gave": "Of all effects, the share that is found: divide by the number of ones, not by k. "
            "Highest scores first.",
            "only integer": "Row numbers are wanted to index with: `np.argsort`.",
        },
    ),
    Metric(
        name="lift",
        asks="`predict(table)`: a ranking whose gain over ten keywords is more than chance",
        datasets=("bird_strikes",),
        metric="auc",
        takes="predict",
        lift=True,
        claim="apply_elsewhere.lift.{dataset}",
        hints=(
            "What does your model give for a report: a label, or how strongly it believes in an effect?",
            "The second output less the first is a score. Tokens that keep A/C together help, and so "
            "does the "
            "largest value of each column beside the mean.",
            "`torch.cat([mean, rows.masked_fill(~real, -torch.inf).max(1).values], 1)`; a few epochs at "
            "`0.01`; "
            "`predict` gives `scores[:, 1] - scores[:, 0]`, in the order of the table.",
        ),
        advice={
            "not finite": "A text of padding alone has no largest value: give an empty text one word.",
            "could be chance": "The interval of the gain reaches zero. Are these scores, or labels? Is "
            "the order "
            "that of the table?",
            "no better than": "Are these scores, higher for an effect, in the order of the table? "
            "Labels make "
            "ties of nearly all pairs.",
            "on the way": "A gain, and not yet all there is: scores instead of labels, other tokens, "
            "the largest "
            "value beside the mean.",
            "could not convert": "A score is a number: `scores[:, 1]`, not the name of a label.",
            "one for each of": "One number a row: take the score for an effect.",
            "keyerror": "The column is called `remarks`; the effect is not in the table that is asked about.",
            "attribute": '`predict` gets a table: go through `table["remarks"]`.',
            "no dataset": "Call `get(dataset, seed=seed)` in this notebook, with a name from the menu.",
        },
    ),
    WriteUp(
        name="report",
        asks="what you did, what came out, what it is worth, what next",
        rubric=(
            Criterion(looks_for="What and why: the question again, and who acts on the order", points=1),
            Criterion(looks_for="How: tokens, model, what was changed from the lecture and why", points=1.5),
            Criterion(
                looks_for="The number with baseline and interval, and TF-IDF beside it, whoever wins",
                points=2,
            ),
            Criterion(looks_for="Errors as cases: remarks quoted, with a reason offered", points=2),
            Criterion(
                looks_for="What next: one change, what it should do, and how one would know", points=1.5
            ),
        ),
        hints=(
            "What would a colleague need, to trust your number without asking you?",
            "The number, the keywords, TF-IDF, the interval; then what goes wrong, shown by remarks.",
            "Five short paragraphs: what, why, how, the result with both references, errors and what next.",
        ),
    ),
)
