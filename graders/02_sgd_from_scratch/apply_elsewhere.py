"""What is checked when a learner takes SGD to clothes that look alike."""

import numpy as np

from foursteps.checks.definition import Criterion, Function, Metric, WriteUp


def answers(rng):
    """True labels and two predictions of them."""
    cases = []
    for rows, ours, theirs in ((60, 0.9, 0.6), (90, 0.7, 0.8), (120, 0.95, 0.9)):
        truth = rng.integers(0, 2, rows)
        cases.append(
            (
                truth,
                np.where(rng.random(rows) < ours, truth, 1 - truth),
                np.where(rng.random(rows) < theirs, truth, 1 - truth),
            )
        )
    return cases


def probabilities(rng):
    """True answers, probabilities of 1, and how many rows are asked for."""
    return [(rng.integers(0, 2, rows), rng.random(rows), k) for rows, k in ((12, 3), (40, 8), (25, 5))]


CHECKS = (
    WriteUp(
        name="question",
        asks="the question, the metric and the baseline",
        rubric=(
            Criterion(looks_for="A question that a prediction answers", points=1),
            Criterion(looks_for="A metric, and why it suits", points=1),
            Criterion(looks_for="A baseline, and why beating it means something", points=1),
        ),
    ),
    Function(
        name="gain",
        asks="the gain in accuracy and its paired standard error",
        inputs=answers,
        hints=(
            "Both models answer the same rows. What is the difference for one row?",
            "It is 1, 0 or -1. The gain is its mean.",
            "`(ours == truth).astype(float) - (theirs == truth)`; then its mean, and its std over sqrt(n)",
        ),
        advice={"boolean subtract": "Turn booleans into numbers first: `.astype(float)`."},
    ),
    Metric(
        name="lift",
        asks="`predict(files)`: a gain over the nearest mean that is more than chance",
        datasets=("fashion_pullover_coat", "fashion_sneaker_boot", "fashion_shirt_tshirt"),
        takes="predict",
        lift=True,
        claim="apply_elsewhere.lift.{dataset}",
        hints=(
            "Where are the labels now, if not in the names of folders?",
            "`labels.csv` has file, label, split; normalise the pixels; use momentum.",
            "Two layers, a ReLU between, `torch.optim.SGD(..., lr=0.02, momentum=0.9)`, twenty epochs.",
        ),
        advice={"no better than": "Give labels as `labels.csv` spells them. Does the loss fall?"},
    ),
    Function(
        name="worst",
        asks="the rows that were most wrong, the worst first",
        inputs=probabilities,
        hints=(
            "How far is each probability from the truth?",
            "The distance is the absolute difference; sort it downwards.",
            "`np.argsort(-np.abs(truth - p))[:k]`",
        ),
        advice={"shape": "As many row numbers as k says."},
    ),
    WriteUp(
        name="write_up",
        asks="what, why, how, the number with its uncertainty, what next",
        rubric=(
            Criterion(looks_for="What was done and why, and what was changed from the lecture", points=1),
            Criterion(looks_for="The number with its baseline and its uncertainty", points=1),
            Criterion(looks_for="Errors as cases, with a reason offered", points=1),
            Criterion(looks_for="One next step, and how one would know that it helped", points=1),
        ),
    ),
)
