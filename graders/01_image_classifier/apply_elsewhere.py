"""What is checked when a learner takes the classifier to other pictures: a plan, a gain, errors, a report."""

import numpy as np

from foursteps.checks.definition import Criterion, Function, Metric, WriteUp


def answers_and_draws(rng):
    """True labels, a model's and a baseline's answers, and row numbers of bootstrap draws (draws, n)."""
    cases = []
    for rows, ours, theirs in [
        (120, 0.9, 0.6),
        (140, 0.8, 0.8),
        (100, 0.7, 0.9),
        (150, 0.95, 0.9),
        (110, 0.5, 0.1),
        (160, 0.85, 0.8),
    ]:
        truth = rng.integers(0, 4, rows)
        model = np.where(rng.random(rows) < ours, truth, (truth + 1) % 4)
        # The baseline shares some of the model's errors, as real ones do: pairing matters.
        baseline = np.where(rng.random(rows) < theirs, model, (truth + 2) % 4)
        cases.append((truth, model, baseline, rng.integers(0, rows, (60, rows), dtype=np.int16)))
    return cases


def scores_and_labels(rng):
    """Scores before softmax, true classes, and how many of the most expensive rows are asked for."""
    cases = []
    for rows, classes, count in [(12, 3, 4), (30, 10, 5), (8, 4, 8), (60, 10, 12), (25, 5, 1), (40, 10, 6)]:
        # One scale a row: the lowest score for the truth is then not the highest loss.
        scores = rng.normal(0, 1, (rows, classes)) * rng.uniform(0.2, 5, (rows, 1)) + rng.normal(
            0, 3, (rows, 1)
        )
        cases.append((scores.round(4), rng.integers(0, classes, rows), count))
    return cases


CHECKS = (
    WriteUp(
        name="plan",
        asks="the question, the metric and the baseline, before any model",
        rubric=(
            Criterion(
                looks_for="A question that a prediction answers, for somebody who would act on it", points=1
            ),
            Criterion(looks_for="A metric, and why it suits these labels", points=1),
            Criterion(
                looks_for="A baseline, what it reaches here, and why beating it means something", points=2
            ),
        ),
        hints=(
            "Who would use the answer, and which error would cost them more?",
            "Look at the counts of the labels before you choose accuracy.",
            "Name the question, the metric with its reason, and the baseline with its number from the "
            "cell above.",
        ),
    ),
    Function(
        name="gain_interval",
        asks="the 95 % interval of a gain, by paired bootstrap",
        inputs=answers_and_draws,
        hints=(
            "If you had drawn other pictures, how far would the difference of the two accuracies swing?",
            "For each picture, right is 1 and wrong is 0. The gain is the mean of (model right - "
            "baseline right); "
            "a draw takes that mean over the rows it names.",
            "`gains = ((model == truth) * 1.0 - (baseline == truth))[draws].mean(axis=1)`, then "
            "`np.quantile(gains, [0.025, 0.975])`.",
        ),
        advice={
            "shape": "Two numbers are wanted: (low, high). The mean goes along axis=1, the rows of one draw.",
            "boolean subtract": "NumPy does not subtract booleans: turn them into numbers first, `(a == "
            "b).astype(float)`.",
            "it gave": "Use the same rows for both: one difference a picture, then its mean over each draw. "
            "The ends are the 2.5 and the 97.5 percent quantiles.",
        },
    ),
    Function(
        name="most_expensive",
        asks="the rows that cost the most loss, most expensive first",
        inputs=scores_and_labels,
        hints=(
            "What does a picture cost that the network is sure of, and wrong?",
            "Softmax turns scores into probabilities; the cost is minus the logarithm of the true class's.",
            "`log_probability = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))`; the cost is "
            "`-log_probability[np.arange(len(labels)), labels]`; sort it downwards with "
            "`np.argsort(-cost)[:count]`.",
        ),
        advice={
            "shape": "As many row numbers as `count` says are wanted.",
            "axes don't match": "Keep the axis of the sum: `keepdims=True`.",
            "broadcast": "Keep the axis of the sum: `keepdims=True`.",
            "difference": "These are row numbers, most expensive first. Scores are not probabilities "
            "yet: a low "
            "score can still be the highest of its row.",
        },
    ),
    Metric(
        name="lift",
        asks="a Learner whose gain over the declared baseline is more than chance",
        datasets=("fashion_mnist",),
        metric="accuracy",
        takes="learner",
        lift=True,
        claim="apply_elsewhere.lift.{dataset}",
        hints=(
            "Which part of the lecture's ten lines assumed something about the files, and what is in "
            "`labels.csv`?",
            "A `DataBlock` says each step by itself: which items there are, their labels, which of them are for "
            "validation, and how a path becomes a picture. That last function may keep in memory what it gave.",
            "With two dicts of the table by file, `label` and `part`, and a `@cache`d function `in_memory(file)` "
            "that gives a float TensorImageBW (1, 28, 28): `DataBlock(blocks=(TransformBlock(type_tfms=in_memory), "
            'CategoryBlock), get_items=lambda folder: [folder / "images" / name for name in label], '
            'get_y=lambda file: label[file.name], splitter=FuncSplitter(lambda file: part[file.name] == "valid"))`, '
            "then its `.dataloaders(path, bs=batch_size)`. Import these names from `fastai.vision.all`.",
        ),
        advice={
            "could be chance": "The baseline here is a strong one. Watch the validation accuracy: more "
            "steps, a learning "
            "rate of the right order, or a wider network.",
            "no better than": "Was the Learner fitted, and on the right labels? Show a batch: do "
            "pictures and labels "
            "belong together?",
            "expected an input of type": "The Learner is asked with paths of files, as `test_dl(files)` "
            "gives them. "
            "Let your `get_x` or your items take a path.",
            "keyerror": "Your labels are looked up by file. Held-out files have no label: look up only "
            "in `get_y`.",
            "expected input": "The first layer wants as many channels as your pictures have: 1 with "
            "`img_cls=PILImageBW`, 3 without.",
            "mat1 and mat2": "The Linear layer wants as many inputs as Flatten gives it. Print the "
            "shape before it.",
            "no dataset": "Call `get(dataset, seed=seed)` in this notebook, with a name from the menu.",
            "a fastai learner": "Give the Learner itself, `learn`; not its accuracy or its predictions.",
        },
    ),
    WriteUp(
        name="report",
        asks="what you did, what came out, what it is worth, what next",
        rubric=(
            Criterion(looks_for="What and why: the question again, in one or two sentences", points=1),
            Criterion(
                looks_for="How: the data, the network, what was changed from the lecture and why", points=1.5
            ),
            Criterion(looks_for="The number, with its baseline, its rows and its interval", points=2),
            Criterion(looks_for="Errors as cases: named pictures or pairs, with a reason offered", points=2),
            Criterion(
                looks_for="What next: one change, what it should do, and how one would know", points=1.5
            ),
        ),
        hints=(
            "What would a colleague need, to trust your number without asking you?",
            "The number, the baseline, the interval, the rows; then what goes wrong, shown by cases.",
            "Five short paragraphs: what, why, how, the result with baseline and interval, errors and "
            "what next.",
        ),
    ),
)
