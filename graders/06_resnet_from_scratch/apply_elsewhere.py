"""What is checked when a learner takes the residual network to digits with few labels."""

import numpy as np

from foursteps.checks.definition import Criterion, Expect, Function, Metric, Property, WriteUp


def moves(rng):
    """Pictures with ink up to the border, and how far they go: no two directions alike, one not at all, and
    two off the picture."""
    import torch  # takes seconds: `reproduce` reads this file to learn which datasets there are, and draws nothing

    shapes = ((2, 6, 8), (3, 5, 5), (2, 7, 5), (1, 5, 8), (2, 8, 6), (3, 4, 7), (1, 6, 8), (2, 5, 7))
    far = ((2, -1), (0, 0), (-1, 2), (0, -3), (-3, 0), (0, 2), (6, 0), (1, -7))
    return [
        (torch.tensor(rng.uniform(0.1, 1, (n, 1, h, w)), dtype=torch.float32), down, right)
        for (n, h, w), (down, right) in zip(shapes, far, strict=True)
    ]


def answers(rng):
    """True labels and two models' answers: clear cases, close ones, and two models that never differ."""
    cases = []
    for rows, better, worse in ((60, 9, 2), (90, 4, 12), (40, 3, 3), (120, 15, 6), (50, 0, 5), (30, 0, 0)):
        truth = rng.integers(0, 10, rows)
        ours, theirs = truth.copy(), truth.copy()
        places = rng.permutation(rows)
        wrong = (truth + rng.integers(1, 10, rows)) % 10
        both, only_theirs, only_ours = np.split(places[: 8 + better + worse], [8, 8 + worse])
        ours[both], theirs[both] = wrong[both], (wrong[both] * 3 + 1) % 10
        # Where that happens to be the truth, both give the same wrong answer.
        theirs[both] = np.where(theirs[both] == truth[both], wrong[both], theirs[both])
        ours[only_theirs], theirs[only_ours] = wrong[only_theirs], wrong[only_ours]
        cases.append((truth, ours, theirs))
    return cases


CHECKS = (
    Property(
        name="rows",
        asks="the training pictures: as many, of that shape, with pixels from 0 to 1",
        probe="array",
        expect={
            "shape": Expect(equals=[100, 1, 28, 28]),
            "max": Expect(equals=1.0),
        },
        hints=(
            "How many rows of the table are for training, and how do you choose them?",
            '`table[table["split"] == "train"]` are the rows; their files lie in `path / "images"`.',
            "`torch.tensor(np.stack([...])).unsqueeze(1).float() / 255`, of the training rows only",
        ),
        advice={
            "max is": "Pixels are whole numbers to 255: `.float() / 255`.",
            "shape is": "Only the rows whose `split` is `train`, and (pictures, 1, height, width).",
        },
    ),
    WriteUp(
        name="question",
        asks="the question, the metric, the baseline, and what you know",
        rubric=(
            Criterion(looks_for="A question that a prediction answers, and who would act on it", points=1),
            Criterion(looks_for="A metric, and why it suits these labels", points=1),
            Criterion(
                looks_for="The baseline, what it reaches here, and why beating it means something", points=1
            ),
            Criterion(
                looks_for="What is known beyond the labels, and how the network is told; why not by mirroring",
                points=1,
            ),
        ),
        hints=(
            "Who would use the answer, and what may be done to a digit that leaves it what it is?",
            "Look at the counts before you choose accuracy, and at your pictures before you decide how to change "
            "them.",
            "Name the question, the metric with its reason, the baseline with the number your cell printed, and "
            "moves that keep a digit's meaning.",
        ),
    ),
    Function(
        name="shift",
        asks="pictures moved by whole pixels, with black coming in",
        inputs=moves,
        hints=(
            "Which columns of the old picture are still there when it goes two pixels to the right, and where?",
            "`F.pad(x, (left, right, top, bottom))` lays black around pictures; a negative number cuts off.",
            "`F.pad(x, (right, -right, down, -down))`",
        ),
        advice={
            "shape is": "The shape of x, all four axes of it: what is added on one side is cut off on the other. Do you "
            "slice? `:-0` is empty, and a move up or left needs slices of its own.",
            "must match": "Two slices differ in length. `:-0` is empty, and a move up or left needs slices of its own.",
            "left as it is": "Work on a copy: `moved = torch.zeros_like(x)`, or `F.pad`, which makes a new tensor.",
            "largest difference": "Down means that the top gets black rows, right that the left gets black columns. "
            "Nothing comes in again on the other side, as it does with `torch.roll`. The height is axis -2, the "
            "width axis -1. A move of 0 changes nothing along its axis: `:-0` is empty.",
        },
    ),
    Function(
        name="sign_test",
        asks="how often only one of two models is right, and whether a coin would be as uneven",
        inputs=answers,
        rtol=1e-6,
        atol=1e-12,
        hints=(
            "Which pictures say anything about which of the two is better?",
            "`(ours == truth) & (theirs != truth)` marks those that only ours gets right; count both kinds. Then add "
            "up binomial coefficients from 0 to the smaller count.",
            "`ways = sum(math.comb(a + b, k) for k in range(min(a, b) + 1))`; `p = min(1.0, 2 * ways / 2 ** (a + b))`",
        ),
        advice={
            "bitwise_and": "Put each comparison in brackets: `(ours == truth) & (theirs != truth)`.",
            "integer": "`math.comb` wants Python's whole numbers: `int(...)`.",
            "ambiguous": "Arrays are joined by `&`, not by `and`, and each comparison stands in brackets: "
            "`(ours == truth) & (theirs != truth)`.",
            "it gave": "The triple (only ours right, only theirs right, p): pictures that both get right count in "
            "neither. In either direction: twice the one side, "
            "and never more than 1. The sum goes from 0 up to the smaller count, and includes it.",
        },
    ),
    Metric(
        name="lift",
        asks="`predict(files)`: a gain over logistic regression on centred digits that is more than chance",
        datasets=("mnist_10",),
        takes="predict",
        lift=True,
        claim="apply_elsewhere.lift.{dataset}",
        hints=(
            "How many steps does your training take, and does the network ever see a picture it has not seen?",
            "A few hundred steps in one cycle, and every picture moved by a few pixels, another way each time. Choose "
            "by the validation pictures.",
            "A `Callback` with `before_batch`: `if self.training: self.learn.xb = (torch.cat([shift(one, *move) for "
            "one, move in zip(self.x.split(1), torch.randint(-3, 4, (len(self.x), 2)).tolist())]),)`",
        ),
        advice={
            "could be chance": "The interval of the gain reaches zero. Do your pictures move in training, each another "
            "way every time? Count your steps, too.",
            "no better than": "Good on your validation pictures? Then `predict` treats pictures otherwise: their scale, "
            "`eval()`, the order of `files`, or it spells the labels otherwise than the table. Poor there, too? So few "
            "are soon known by heart, places and all: move each "
            "another way every time. Then count your steps.",
            "on the way": "A gain, and not yet all there is. Do the pictures move in training, each another way every "
            "time? Do you mirror? A mirrored digit is none. Else more epochs, or pictures that move further.",
            "expected input": "A picture needs its axis of channels: (n, 1, 28, 28).",
            "expected more than 1 value": "`network.eval()` in `predict`.",
            "same device": "Bring the pictures to the network: `.to(device)`.",
            "no such file": "`predict` is given whole paths: open them as they are.",
            "no dataset": "Call `get(dataset, seed=seed)` in this notebook, with a name from the menu.",
        },
    ),
    WriteUp(
        name="report",
        asks="what, why, how, the number and whether it could be chance, errors, what next",
        rubric=(
            Criterion(looks_for="What was done and why, and what was changed from the lecture", points=1.5),
            Criterion(
                looks_for="The number, with its baseline, its rows, and whether it could be chance",
                points=1.5,
            ),
            Criterion(looks_for="Errors as cases, with a reason offered for each kind", points=1.5),
            Criterion(
                looks_for="One next step, what it costs, and how one would know that it helped", points=1.5
            ),
        ),
        hints=(
            "What would a colleague need, to trust your number without asking you?",
            "The number, its baseline, the two counts with p, the rows; then what goes wrong.",
            "Four short paragraphs: what, why and how; the number; errors as cases; one next step with its test.",
        ),
    ),
)
