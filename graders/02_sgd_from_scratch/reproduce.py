"""What is checked when a learner writes SGD again, piece by piece."""

import torch

from foursteps.checks.definition import Expect, Function, Metric, Property


def _tensor(array):
    return torch.tensor(array, dtype=torch.float32)


def _answers(rng, rows):
    return _tensor(rng.permutation([[k % 2] for k in range(rows)]))


def means(rng):
    """Training rows, their answers and new rows; the last time there is a single new row."""
    return [
        (_tensor(rng.random((20, columns))), _answers(rng, 20), _tensor(rng.random((rows, columns))))
        for rows, columns in ((25, 9), (12, 6), (30, 9), (40, 16), (1, 9))
    ]


def scores(rng):
    """Columns of scores and answers; the last two lie far from zero."""
    return [(_tensor(rng.normal(0, scale, (16, 1))), _answers(rng, 16)) for scale in (1, 3, 400, 900)]


def models(rng):
    """Rows, answers, weights and a bias of linear models."""
    return [
        (
            _tensor(rng.random((n, d))),
            _answers(rng, n),
            _tensor(rng.normal(size=(d, 1))),
            _tensor(rng.normal(size=1)),
        )
        for n, d in ((6, 3), (20, 5), (11, 8))
    ]


def steps(rng):
    """Parameters, gradients and a learning rate."""
    shapes = ((3, 2), (2,), (2, 1))
    return [
        ([_tensor(rng.normal(size=s)) for s in shapes], [_tensor(rng.normal(size=s)) for s in shapes], lr)
        for lr in (0.1, 1.5, 0.003)
    ]


def epochs(rng):
    """How many rows there are and how many a batch holds; some are always left over."""
    return [(int(n), size) for n, size in zip(rng.integers(50, 60, 3) * 8 + 3, (8, 16, 32), strict=True)]


CHECKS = (
    Property(
        name="images",
        asks="the training images as rows of pixels from 0 to 1",
        probe="array",
        expect={
            "shape": Expect(equals=[500, 784]),
            "dtype": Expect(equals="float32"),
            "min": Expect(equals=0.0),
            "max": Expect(equals=1.0),
        },
        hints=(
            "How large can a pixel be in the file, and how large do you want it?",
            "`np.array(Image.open(file))` has whole numbers to 255; stack, then make one row of each.",
            "`torch.tensor(np.stack(...)).float().flatten(1) / 255`",
        ),
        advice={
            "max is": "Pixels are uint8, 0 to 255. Divide by 255, after `.float()`.",
            "dtype is": "Whole numbers came out of the file: `.float()`, and only then divide by 255.",
            "shape is": "One row an image, one column a pixel: `.flatten(1)` keeps the first axis.",
        },
    ),
    Function(
        name="nearest_mean",
        asks="the label whose mean image is nearer",
        inputs=means,
        hints=(
            "Which training rows make the mean of label 1?",
            "Choose rows by `y_train[:, 0] == k`; distances are sums of squares along a row.",
            "`((x - x_train[y_train[:, 0] == k].mean(0)) ** 2).sum(1)` for k of 0 and 1",
        ),
        advice={
            "mask": "`y_train` is a column, and a column cannot choose rows: `y_train[:, 0] == k`.",
            "the shape is": "One answer a row, flat: sum the squares along axis 1, and do not squeeze.",
            "largest difference": "0 or 1 for each row: 1 where the mean of the ones is nearer.",
        },
    ),
    Function(
        name="bce_loss",
        asks="the mean binary cross-entropy of scores, finite for any score",
        inputs=scores,
        hints=(
            "What is the logarithm of a sigmoid that was rounded to 0?",
            "Use the score itself; `F.softplus` is log(1 + e^s) without overflow.",
            "`(F.softplus(scores) - y * scores).mean()`",
        ),
        advice={
            "nan": "The log of zero: compute from scores, with `F.softplus`.",
            "inf": "The log of zero: compute from scores, with `F.softplus`.",
            "the shape is": "One number is wanted: the mean over all rows.",
            "largest difference": "The mean, not the sum; and scores come before the sigmoid. Far out a "
            "clamped probability is finite and wrong.",
        },
    ),
    Function(
        name="gradient",
        asks="the gradients of the loss for weights and bias",
        inputs=models,
        hints=(
            "How wrong is each row, and which pixels were lit when it was?",
            "The error is sigmoid(x @ w + b) - y; the weights get x.T @ error, divided by the rows.",
            "`x.T @ error / len(x)` and `error.mean(0)`",
        ),
        advice={
            "the shape is": "A column minus a flat array is a square: keep `y` a column; the bias is (1,).",
            "does not require grad": "Autograd must be asked first: `w.clone().requires_grad_()`.",
            "largest difference": "The loss is a mean over the rows, so both gradients are, too.",
            "leaf": "Clone before you ask for a gradient: `w.clone().requires_grad_()`.",
        },
    ),
    Function(
        name="sgd_step",
        asks="new parameters, one step downhill",
        inputs=steps,
        hints=(
            "The gradient points uphill. Where do you want to go?",
            "Each parameter minus the learning rate times its own gradient.",
            "`[p - lr * g for p, g in zip(params, grads)]`",
        ),
        advice={
            "nothing back": "Give the new parameters back, in a list.",
            "leaf": "Do not change p in place.",
            "largest difference": "Minus: the gradient points uphill. Each parameter has its own gradient.",
            "it gave": "Minus: the gradient points uphill. A list of as many tensors is wanted.",
        },
    ),
    Function(
        name="batches",
        asks="row numbers of batches: every row once, in an order that is new each time",
        inputs=epochs,
        hints=(
            "Does every row come exactly once, the last few as well, and in another order next time?",
            "`torch.randperm(n)` is every number once, shuffled; `split` cuts it.",
            "`torch.randperm(n).split(size)`",
        ),
        advice={
            "it gave": "Every row once, and a shorter last batch. The two words at the end say whether the "
            "order is shuffled, and whether it is new at the next call.",
        },
    ),
    Metric(
        name="accuracy",
        asks="`predict(files)`: 3 or 5, as right as the lecture's network",
        datasets=("mnist_3_5",),
        takes="predict",
        claim="lecture.accuracy",
        hints=(
            "Does the loss on the training rows fall, epoch after epoch?",
            "Random weights of size sqrt(2 / inputs); clear the gradients; shuffle.",
            "A batch: `bce_loss(net(x), y).backward()`, then `sgd_step`; `epochs` times over.",
        ),
        advice={
            "no better than": "Give labels back, the text 3 or 5. Does the loss fall?",
            "leaf": "Change parameters inside `torch.no_grad()`, or detach them after the step.",
            "on the way": "Close. Are the gradients cleared, the answers a column, all the epochs run?",
            "grad": "New parameters must ask for gradients again: `p.detach().requires_grad_()`.",
        },
    ),
)
