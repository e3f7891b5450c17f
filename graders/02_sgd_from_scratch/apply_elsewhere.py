"""What is checked when a learner takes SGD to clothes that look alike."""

import numpy as np

from foursteps.checks.definition import Criterion, Expect, Function, Metric, Property, WriteUp


def answers(rng):
    """True labels and two predictions of them, which share errors as real ones do: pairing matters."""
    cases = []
    for rows, ours, theirs in ((60, 0.9, 0.6), (90, 0.7, 0.8), (120, 0.95, 0.9), (80, 0.8, 0.7)):
        truth = rng.integers(0, 2, rows)
        our = np.where(rng.random(rows) < ours, truth, 1 - truth)
        # In the second case theirs are made of the truth, and better: the gain lies below zero.
        their = np.where(rng.random(rows) < theirs, truth if theirs == 0.8 else our, 1 - truth)
        cases.append((truth, our, their))
    return cases


def probabilities(rng):
    """True answers, probabilities of 1, and how many rows are asked for.

    The worst rows are of both kinds, and rows that are as sure and right lie among them: neither the
    signed difference nor the sureness alone finds them.
    """
    cases = []
    for rows, k in ((12, 3), (40, 8), (25, 5), (60, 2)):
        truth = rng.permutation(np.arange(rows) % 2)
        off = rng.uniform(0.0, 0.45, rows)
        for label in (0, 1):
            here = rng.permutation(np.flatnonzero(truth == label))
            off[here[:k]] = rng.uniform(0.55, 0.97, k)
            off[here[0]] = rng.uniform(0.98, 0.99)  # the worst two are one of each kind
            off[here[k:][:2]] = rng.uniform(0.0, 0.02, len(here[k:][:2]))
        cases.append((truth, np.abs(truth - off), k))
    return cases


CHECKS = (
    WriteUp(
        name="question",
        asks="the question, the metric and the baseline",
        rubric=(
            Criterion(looks_for="A question that a prediction answers, and who would act on it", points=1),
            Criterion(looks_for="A metric, and why it suits these labels", points=1),
            Criterion(
                looks_for="The baseline, what it reaches here, and why beating it means something", points=1
            ),
        ),
        hints=(
            "Who would use the answer, and which error would cost them more?",
            "Look at the counts of the labels before you choose accuracy.",
            "Name the question, the metric with its reason, and the baseline with the number your cell "
            "printed.",
        ),
    ),
    Property(
        name="rows",
        asks="the training rows, all of them and no others",
        probe="array",
        expect={"shape": Expect(equals=[2000, 784])},
        hints=(
            "Which rows of the table may the network learn from?",
            'The rows where `split` is "train"; a file in `path / "images"` becomes one row of pixels.',
            '`rows = table[table["split"] == "train"]`; stack `np.array(Image.open(path / "images" / name))` '
            "for their files, `.float().flatten(1) / 255`",
        ),
        advice={
            "shape is": "One row an image, one column a pixel; only the rows whose `split` is `train`.",
        },
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
        advice={
            "boolean subtract": "Turn booleans into numbers first: `.astype(float)`.",
            "it gave": "The pair (gain, error): ours minus theirs, row by row; the error is the standard "
            "deviation of the differences, with n below, over the root of n.",
            "scalar": "Two plain numbers are wanted: `float(...)` of each.",
        },
    ),
    Metric(
        name="lift",
        asks="`predict(files)`: a gain over the nearest mean that is more than chance",
        datasets=("fashion_pullover_coat", "fashion_sneaker_boot"),
        takes="predict",
        lift=True,
        claim="apply_elsewhere.lift.{dataset}",
        hints=(
            "Do image and label belong together in your rows, and does the training loss fall?",
            "Steps of one length leap about where the classes overlap: let the rate shrink from epoch to "
            "epoch. Normalise with the same two numbers in training and in `predict`.",
            "`nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 1))`; `torch.optim.SGD(..., lr, "
            'momentum=0.9)`; at each epoch `optimizer.param_groups[0]["lr"] = lr * (1 - epoch / epochs)`.',
        ),
        advice={
            "could be chance": "The interval of the gain reaches zero. Watch the validation loss: shorter "
            "steps towards the end, rates a factor of three apart. And do labels and probabilities mean "
            "the same class?",
            "no better than": "Give labels as `labels.csv` spells them, in the order of `files`. Does the "
            "loss fall?",
            "on the way": "A gain, and not yet all there is: does the validation loss settle? Shorter steps "
            "towards the end, more epochs.",
            "target size": "Make the answers a column: `y[:, None]`.",
            "cannot be converted to scalar": "Go through the scores one by one: `scores.tolist()`.",
            "no such file": "`predict` is given whole paths: open them as they are.",
            "no dataset": "Call `get(dataset, seed=seed)` in this notebook, with a name from the menu.",
        },
    ),
    Function(
        name="worst",
        asks="the rows that were most wrong, the worst first",
        inputs=probabilities,
        hints=(
            "How far is each probability from the truth, whichever of the two is larger?",
            "The distance is the absolute difference; `np.argsort` sorts upwards, so sort its negative.",
            "`np.argsort(-np.abs(truth - p))[:k]`",
        ),
        advice={
            "the shape is": "As many row numbers as k says.",
            "only integer": "Row numbers are wanted, not probabilities: `np.argsort`.",
            "it gave": "Row numbers, the worst first. Sure and right is not wrong; an error may go either "
            "way, so take the absolute difference.",
            "difference": "Row numbers, the worst first. Sure and right is not wrong; an error may go "
            "either way, so take the absolute difference.",
        },
    ),
    WriteUp(
        name="write_up",
        asks="what, why, how, the number with its uncertainty, what next",
        rubric=(
            Criterion(looks_for="What was done and why, and what was changed from the lecture", points=1),
            Criterion(looks_for="The number, with its baseline, its uncertainty and its rows", points=1),
            Criterion(looks_for="Errors as cases, with a reason offered for each kind", points=1),
            Criterion(looks_for="One next step, and how one would know that it helped", points=1),
        ),
        hints=(
            "What would a colleague need, to trust your number without asking you?",
            "The number, its baseline, the gain with its standard error, the rows; then what goes wrong.",
            "Four short paragraphs: what, why and how; the number; errors as cases; one next step with its "
            "test.",
        ),
    ),
)
