"""What is checked when a learner takes least squares to patients with diabetes."""

from foursteps.checks.definition import Criterion, Function, Metric, WriteUp


def planes(rng):
    """Tables of several sizes with a plane in them, whose columns have units of their own."""
    cases = []
    for n, d in ((20, 1), (60, 3), (45, 7), (200, 10)):
        x = rng.normal(rng.uniform(-30, 90, d), rng.uniform(0.5, 12, d), (n, d))
        y = rng.uniform(-100, 300) + x @ rng.normal(0, 4, d) + rng.normal(0, 6, n)
        cases.append((x, y))
    return cases


def two_predictions(rng):
    """The truth and two predictions that share errors, as real ones do; in the second case theirs is better."""
    cases = []
    for n, ours, theirs in ((40, 5, 12), (70, 15, 6), (150, 9, 11), (25, 3, 20)):
        truth = rng.normal(150, 60, n)
        shared = rng.normal(0, 8, n)
        cases.append(
            (truth, truth + shared + rng.normal(2, ours, n), truth + shared + rng.normal(-3, theirs, n))
        )
    return cases


CHECKS = (
    WriteUp(
        name="question",
        asks="the question, the metric and the baseline",
        rubric=(
            Criterion(looks_for="A question that a prediction answers, and who would act on it", points=1),
            Criterion(looks_for="A metric, and why it suits", points=1),
            Criterion(
                looks_for="The baseline, what it reaches here, and why beating it means something", points=1
            ),
        ),
        hints=(
            "Who would use the answer, and which error would cost them more?",
            "What does somebody say who knows nothing about the patient?",
            "Name the question, the metric with its reason, and the baseline with the number your cell printed.",
        ),
    ),
    Function(
        name="least_squares",
        asks="the coefficients of the plane with the least squared error",
        inputs=planes,
        hints=(
            "What is the intercept the coefficient of?",
            "A column of ones beside `x` makes the intercept a coefficient like the others.",
            "`np.linalg.lstsq(np.column_stack([np.ones(len(x)), x]), y, rcond=None)[0]`",
        ),
        advice={"shape": "d + 1 numbers: the intercept first, then one for each column of x."},
    ),
    Function(
        name="gain",
        asks="the gain in squared error and its standard error",
        inputs=two_predictions,
        hints=(
            "Both predict the same rows. What is the difference for one row?",
            "Their squared error minus ours, row by row; then the mean of that, and its spread.",
            "`d = (theirs - truth) ** 2 - (ours - truth) ** 2`; `d.mean()`, `d.std() / np.sqrt(len(d))`",
        ),
        advice={"it gave": "The pair (gain, error): theirs minus ours, since a smaller error is better."},
    ),
    Metric(
        name="lift",
        asks="`predict(table)`: a gain over the mean that is more than chance",
        takes="predict",
        metric="rmse",
        lift=True,
        datasets=("diabetes",),
        claim="apply_elsewhere.lift.{dataset}",
        hints=(
            "Which columns does your plane use, and does `predict` use the same, in the same order?",
            "Keep the names of the columns in a list, and use it both times.",
            "`plane[0] + table[names].to_numpy() @ plane[1:]`",
        ),
        advice={
            "could be chance": "The interval of the gain reaches zero. Does every column have its coefficient?",
            "progression": "The table that the check gives has no such column: keep the names of the others.",
            "no dataset": 'Call `get("diabetes", seed=seed)` in this notebook.',
        },
    ),
    WriteUp(
        name="write_up",
        asks="what and why, the number with its uncertainty, errors and what next",
        rubric=(
            Criterion(looks_for="What was done and why, and what differs from the lecture", points=1),
            Criterion(looks_for="The number, with its baseline, its uncertainty and its rows", points=1),
            Criterion(looks_for="Errors as cases with a reason, and one next step with its test", points=1),
        ),
        hints=(
            "What would a colleague need, to trust your number without asking you?",
            "The number, its baseline, the gain with its standard error, the rows; then what goes wrong.",
            "Three short paragraphs: what and why; the number; errors, and one next step with its test.",
        ),
    ),
)
