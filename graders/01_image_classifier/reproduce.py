"""What is checked when a learner rebuilds the digit classifier: data, baseline, measure, errors, result."""

import numpy as np

from foursteps.checks.definition import Expect, Function, Metric, Property


def pictures(rng):
    """Small pictures of three or four classes: training pictures, their labels, pictures to name."""
    cases = []
    for classes, side in [(3, 4), (4, 6), (4, 5), (3, 8), (4, 4), (3, 5)]:
        # Classes differ in size, so that a mean over the wrong rows shows; the noise makes near misses.
        centres = rng.uniform(0.2, 0.8, (classes, side, side))
        labels = np.concatenate([np.arange(classes), rng.integers(0, classes, 20)])
        asked = rng.integers(0, classes, 12)
        train = np.clip(centres[labels] + rng.normal(0, 0.15, (len(labels), side, side)), 0, 1)
        new = np.clip(centres[asked] + rng.normal(0, 0.3, (12, side, side)), 0, 1)
        cases.append((train.round(3), [str(2 * label) for label in labels], new.round(3)))
    return cases


def scores_and_labels(rng):
    """Scores of some classes for some pictures, and the number of the true class of each."""
    cases = []
    for rows, classes in [(5, 3), (8, 10), (1, 4), (40, 10), (7, 2), (100, 10)]:
        scores = rng.normal(0, 1, (rows, classes)).round(3)
        labels = rng.integers(0, classes, rows)
        lucky = rng.random(rows) < 0.6
        scores[lucky, labels[lucky]] += 3
        cases.append((scores, labels))
    return cases


def answers(rng):
    """True labels and answers in which one pair is confused most often, in one direction."""
    cases = []
    for rows in (10, 30, 50, 20, 40, 60):
        actual, said, other = (str(digit) for digit in rng.choice(10, 3, replace=False))
        # Each digit is right more often than any error occurs, so counting right answers goes wrong too.
        truth = [str(digit) for digit in range(10)] * 9 + rng.integers(0, 10, rows).astype(str).tolist()
        found = list(truth)
        # Seven one way, five the other, three elsewhere: counting pairs without direction goes wrong.
        for true, answer, times in [(actual, said, 7), (said, actual, 5), (other, said, 3)]:
            truth += [true] * times
            found += [answer] * times
        order = rng.permutation(len(truth)).tolist()
        # The first error in sight is a rare one, so naming whichever comes first goes wrong as well.
        first = next(place for place, row in enumerate(order) if truth[row] != found[row])
        rare = order.index(len(truth) - 1)
        order[first], order[rare] = order[rare], order[first]
        cases.append(([truth[i] for i in order], [found[i] for i in order]))
    return cases


CHECKS = (
    Property(
        name="data",
        asks="DataLoaders with the training and the validation pictures",
        probe="dataloaders",
        expect={
            "train": Expect(equals=3500),
            "valid": Expect(equals=500),
            "classes": Expect(equals=10),
            "shared": Expect(equals=0),
        },
        hints=(
            "Which folders lie in `path`, and which of them may the network learn from?",
            "`ImageDataLoaders.from_folder` has the arguments `train` and `valid`: names of folders in "
            "`path`.",
            '`dls = ImageDataLoaders.from_folder(path, train="train", valid="valid", img_cls=PILImageBW, '
            "bs=..., num_workers=0, device=...)`",
        ),
        advice={
            "classes": "The folder of a picture is its label. An eleventh class is a folder that is no "
            "digit: "
            "held_out/ has no labels, and belongs in neither set.",
            "train is": "`valid_pct` draws a split of its own from all pictures. The course's split is "
            "in the "
            "folders: name them.",
        },
    ),
    Function(
        name="nearest_mean",
        asks="the nearest mean image, as a function",
        inputs=pictures,
        hints=(
            "What is the mean picture of one label, and what does 'near' mean for two pictures?",
            "`images[labels == label].mean(axis=0)` is one mean picture; the distance is the sum of the "
            "squared "
            "differences over all pixels.",
            "`gaps = images[:, None] - means[None]`, then `(gaps**2).sum(axis=(2, 3))`, then "
            "`argmin(axis=1)`; "
            "that gives numbers of classes, and labels are wanted.",
        ),
        advice={
            "shape": "One label for each picture is wanted. Print the shape after every step; the "
            "distances are "
            "(n, classes), and argmin goes along the classes, axis=1.",
            "broadcast": "Pictures are (n, h, w), means (classes, h, w). Put an axis between: "
            "`images[:, None] - means[None]`.",
            "boolean": "A list can't be compared with one label: `labels = np.array(labels)` first.",
            "only integer": "A list can't be indexed by a mask: `labels = np.array(labels)` first.",
            "it gave": "Labels, not numbers of classes, are wanted: index the labels with what argmin gives.",
        },
    ),
    Function(
        name="share_right",
        asks="accuracy, from scores and labels",
        inputs=scores_and_labels,
        hints=(
            "Which class does a row of scores stand for?",
            "`scores.argmax(axis=1)` is the class with the highest score, row by row.",
            "`float((scores.argmax(axis=1) == labels).mean())`",
        ),
        advice={
            "shape": "One number is wanted, between 0 and 1: the mean of a comparison.",
            "list": "One number is wanted, not a list of comparisons: take its mean.",
            "off": "Check the axis of argmax: scores are (pictures, classes), and every picture has one "
            "answer. "
            "A share lies between 0 and 1; a percentage or a count does not.",
        },
    ),
    Function(
        name="most_confused",
        asks="the most frequent error: actual, said, how often",
        inputs=answers,
        hints=(
            "Is a 4 called 9 the same error as a 9 called 4?",
            "`collections.Counter` counts pairs; keep only those where the two differ.",
            "`Counter((a, b) for a, b in zip(truth, said) if a != b).most_common(1)` gives [((actual, "
            "said), count)].",
        ),
        advice={
            "it gave": "The order is (actual, said, count), and only wrong answers count.",
            "not hashable": "Count tuples: `(actual, said)`. A list or an array can't be a key.",
        },
    ),
    Metric(
        name="accuracy",
        asks="a trained Learner, on pictures that it has never seen",
        datasets=("mnist",),
        metric="accuracy",
        takes="learner",
        claim="lecture.accuracy",
        hints=(
            "What does the last line of the table that `fit_one_cycle` prints say, and what would you "
            "change?",
            "A network that ends low has not had enough steps, or steps of the wrong size. Look at the loss "
            "of a few learning rates, each a few times the last.",
            "Three `ConvLayer`s, each followed by `nn.MaxPool2d(2)`, then `nn.Flatten()` and "
            "`nn.Linear(32 * 3 * 3, dls.c)`; `learn.fit_one_cycle(5, 0.02)`.",
        ),
        advice={
            "no better than": "Was the Learner fitted? A network that never was fitted guesses. If it "
            "was, compare "
            "the learning rate with those in the lecture.",
            "expected input": "The first layer wants as many channels as your pictures have: 1 with "
            "`img_cls=PILImageBW`, 3 without.",
            "mat1 and mat2": "The Linear layer wants as many inputs as Flatten gives it. Print the "
            "shape before it, "
            "as the lecture does.",
            "no dataset": 'Call `path = get("mnist", seed=seed)` in this notebook.',
            "a fastai learner": "Give the Learner itself, `learn`; not its accuracy or its predictions.",
            "on the way": "Close. A few more epochs, or a learning rate of another order of magnitude.",
        },
    ),
)
