"""What is checked when a learner takes offsets and factors to lectures: a plan, a gain, its limits, a report."""

import itertools

import numpy as np

from foursteps.checks.definition import Criterion, Function, Metric, WriteUp


def errors_and_draws(rng):
    """True ratings, a model's and a baseline's predictions, and row numbers of bootstrap draws (draws, n)."""
    cases = []
    for rows, ours, theirs in [
        (120, 0.8, 1.0),
        (90, 1.1, 0.9),
        (150, 0.7, 0.72),
        (110, 0.3, 0.9),
        (100, 1.0, 1.0),
    ]:
        truth = rng.integers(1, 6, rows).astype(float)
        # Errors are shared in part, as real ones are: pairing matters.
        shared = rng.normal(0, 0.6, rows)
        model = truth + shared + rng.normal(0, ours, rows)
        baseline = truth + shared + rng.normal(0.2, theirs, rows)
        cases.append(
            (truth, model.round(3), baseline.round(3), rng.integers(0, rows, (60, rows), dtype=np.int16))
        )
    return cases


def names_and_errors(rng):
    """Names in training rows, names asked about, their errors, and the edges of groups; none is empty."""
    cases = []
    for edges in ([1, 5], [1, 3, 8], [2], [1, 5, 20]):
        cuts = [0, *edges, edges[-1] * 3]
        trained, asked = [], []
        for low, high in itertools.pairwise(cuts):
            for _ in range(3):
                name, times = f"n{rng.integers(10**6)}", int(rng.integers(low, high))
                # The edge itself is among them: "from once" and "more than once" differ.
                times = low if rng.random() < 0.5 else times
                trained += [name] * times
                asked += [name] * int(rng.integers(2, 6))
        errors = rng.normal(0.3, 1, len(asked)) * rng.uniform(0.3, 2, len(asked))
        order = rng.permutation(len(trained))
        cases.append(([trained[k] for k in order], asked, errors.round(3), edges))
    return cases


CHECKS = (
    WriteUp(
        name="plan",
        asks="the question, the metric and the baseline, before any model",
        rubric=(
            Criterion(
                looks_for="A question that a prediction answers, for somebody who would act on it", points=1
            ),
            Criterion(looks_for="The metric, and why it suits these ratings", points=1),
            Criterion(
                looks_for="The baseline, what it reaches here, and why beating it means something", points=2
            ),
        ),
        hints=(
            "Who would act on an expected rating, and what would they do?",
            "What do the means already know, and what can they not know?",
            "Name the question, the metric with its reason, and the baseline with the number your cell printed.",
        ),
    ),
    Function(
        name="rmse_gain",
        asks="the 95 % interval of a gain in root mean squared error, by paired bootstrap",
        inputs=errors_and_draws,
        hints=(
            "If other ratings had been drawn, how far would the difference of the two errors swing?",
            "Square each row's error once; for each draw take the mean along its rows, and the root. Baseline minus "
            "model, on the same draw.",
            "`ours = np.sqrt(((model - truth) ** 2)[draws].mean(axis=1))`, the same for `baseline`, then "
            "`np.quantile(theirs - ours, [0.025, 0.975])`.",
        ),
        advice={
            "shape": "Two numbers are wanted: (low, high). The mean goes along axis=1, the rows of one draw.",
            "broadcast": "Square first, then take `[draws]`, then the mean along axis=1.",
            "largest difference": "Baseline minus model, draw by draw, with the root inside the difference; then the 2.5 "
            "and the 97.5 percent quantiles.",
            "it gave": "Baseline minus model, draw by draw, with the root inside the difference; then the 2.5 and the 97.5 "
            "percent quantiles.",
        },
    ),
    Function(
        name="error_by_known",
        asks="the error of rows, by how often their name was in training",
        inputs=names_and_errors,
        hints=(
            "How often was each asked name in the training rows, and what of one that never was?",
            "`pd.Series(trained).value_counts()` counts; `.map(...).fillna(0)` looks up; `np.searchsorted(edges, times, "
            'side="right")` gives the group.',
            "`squared[group == k].mean() ** 0.5` for each k from 0 to `len(edges)`.",
        ),
        advice={
            "nan": "A name that never was in training counts 0 times: `.fillna(0)`.",
            "the shape is": "One number for each group: one more than there are edges.",
            "largest difference": "A count that equals an edge belongs to the group above it; and it is the root of the "
            "mean of squares.",
            "it gave": "A count that equals an edge belongs to the group above it; and it is the root of the mean of "
            "squares.",
        },
    ),
    Metric(
        name="lift",
        asks="`predict(table)`: a gain over the shrunken means that is more than chance",
        datasets=("lecture_ratings",),
        metric="rmse",
        takes="predict",
        lift=True,
        claim="apply_elsewhere.lift.{dataset}",
        hints=(
            "A student hears two lectures of one lecturer, and likes one of them. Can your model say so?",
            "What was rated is named by three columns together: the lecturer, the semester, and whether it was service. "
            "Give each of these its own offset, beside the student's and the lecturer's, and pull it back more.",
            "A table of zeros for each of student, lecturer and lecture; the prediction is the mean plus three looked-up "
            "rows; `torch.optim.SGD` with `lr=5`, momentum 0.9 and `weight_decay = 2 * d / len(train)`, d of about 10.",
        ),
        advice={
            "could be chance": "The interval of the gain reaches zero. What was rated? And is a row that is seen twice "
            "pulled back enough?",
            "no better than": "Worse than the means: does the validation error end far above the training error? Without the "
            "dot product, and with more decay, it will not.",
            "on the way": "A gain, and not yet all there is. Decay for each table on its own; passes until the validation "
            "error settles.",
            "keyerror": "A new name, or a column of the films: look up with a default of 0, and name the columns of this "
            "table.",
            "not finite": "A new name gives NaN, or the rate is too large.",
            "predictions of shape": "One number a row: shape (n,).",
            "requires grad": "Predict inside `with torch.no_grad():`.",
            "no dataset": "Call `get(dataset, seed=seed)` in this notebook, with a name from the menu.",
        },
    ),
    WriteUp(
        name="report",
        asks="what you did, what came out, what it is worth, what next",
        rubric=(
            Criterion(looks_for="What and why: the question again, in one or two sentences", points=1),
            Criterion(
                looks_for="How: what was taken for the thing rated, the model, what was changed and why",
                points=1.5,
            ),
            Criterion(looks_for="The number, with its baseline, its rows and its interval", points=2),
            Criterion(
                looks_for="Errors as cases, and by how well a thing is known, with a reason offered", points=2
            ),
            Criterion(
                looks_for="What next: one change, what it should do, and how one would know", points=1.5
            ),
        ),
        hints=(
            "What would a colleague need, to trust your number without asking you?",
            "The number, the baseline, the interval, the rows; then what goes wrong, shown by cases.",
            "Five short paragraphs: what and why, how, the number, errors, and what next.",
        ),
    ),
)
