"""What is checked when a learner fits a line to penguins."""

from foursteps.checks.definition import Expect, Function, Metric, Property


def two_arrays(rng):
    """Predictions and truths of several lengths, far from zero, with errors of both signs."""
    cases = []
    for n in (7, 30, 101, 12):
        truth = rng.normal(rng.uniform(-50, 400), rng.uniform(5, 80), n)
        cases.append((truth + rng.normal(rng.uniform(-9, 9), 10, n), truth))
    return cases


def two_columns(rng):
    """Columns x and y of several lengths with a line in them, upwards and downwards, x far from zero."""
    cases = []
    for n, slope in ((9, 2.5), (40, -7.0), (150, 0.3), (25, 40.0)):
        x = rng.normal(rng.uniform(50, 200), rng.uniform(3, 20), n)
        cases.append((x, slope * x + rng.uniform(-900, 900) + rng.normal(0, 15, n)))
    return cases


CHECKS = (
    Property(
        name="lengths",
        asks="the flipper lengths of the training penguins",
        probe="array",
        expect={"shape": Expect(equals=[160])},
        hints=(
            "Which rows may the line learn from?",
            "A column of a table becomes an array by `to_numpy()`.",
            '`x = train["flipper_length_mm"].to_numpy(dtype=float)`',
        ),
        advice={"shape": "One number for each training penguin, and none for the others."},
    ),
    Function(
        name="rmse",
        asks="the root mean squared error",
        inputs=two_arrays,
        hints=(
            "Read the name backwards: which comes first, the error, its square, the mean or the root?",
            "`(predicted - truth) ** 2` are the squared errors.",
            "`np.sqrt(np.mean((predicted - truth) ** 2))`",
        ),
        advice={"it gave": "One number, in the unit of the truth: did you take the root, after the mean?"},
    ),
    Function(
        name="fit_line",
        asks="slope and intercept of the line with the least squared error",
        inputs=two_columns,
        hints=(
            "How far do x and y leave their means together, per unit of how far x does alone?",
            "The slope is a sum of products over a sum of squares, both of distances from the means.",
            "`slope = (dx * dy).sum() / (dx**2).sum()`, and the line goes through the two means.",
        ),
        advice={"it gave": "The pair (slope, intercept), in this order. x is what you predict from."},
    ),
    Function(
        name="r_squared",
        asks="the share of the variance that a prediction explains",
        inputs=two_arrays,
        hints=(
            "What would always saying the mean be off by?",
            "Two sums of squares: of the errors, and of the distances of the truth from its mean.",
            "`1 - ((truth - predicted) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()`",
        ),
    ),
    Metric(
        name="weight",
        asks="`predict(table)`: as near to the weights as the lecture's line, for birds not seen",
        takes="predict",
        metric="rmse",
        datasets=("penguins",),
        claim="lecture.rmse",
        hints=(
            "Which two numbers make a line, and which column do they belong to?",
            "`fit_line(x, y)` gives both; keep them outside `predict`.",
            '`return slope * table["flipper_length_mm"] + intercept`',
        ),
        advice={
            "body_mass_g": "The table that the check gives has no weights: they are what is asked for.",
            "no dataset": 'Call `get("penguins", seed=seed)` in this notebook.',
        },
    ),
)
