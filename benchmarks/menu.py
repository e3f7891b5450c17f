"""Is a dataset fit for a menu? A small network against the declared baseline, on many splits.

    OMP_NUM_THREADS=1 python benchmarks/menu.py                     # every dataset, 20 splits
    OMP_NUM_THREADS=1 python benchmarks/menu.py --splits 5 digits   # a look at one

A dataset belongs on a menu when the network's gain over the baseline is no chance (the paired bootstrap
interval excludes zero) on at least 19 of 20 splits, and when the gain that nearly every honest run reaches
(the 99.9 % tolerance limit) is above zero, since that is where the marks are full.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from foursteps.claims.band import APPLIED, tolerance_factor
from foursteps.data import DATASETS
from foursteps.data.baseline import logistic_regression, most_common, nearest_mean, numbers
from foursteps.data.dataset import Dataset, Rows
from foursteps.data.source import rows_of
from foursteps.data.split import split
from foursteps.grade.score import MEASURES, lift

ENOUGH = 19 / 20


def two_layers(train: Rows, inputs: object, seed: int) -> np.ndarray:
    """Lecture 02's kind of model: two layers, stochastic gradient descent written by hand."""
    random = torch.Generator().manual_seed(seed)
    x, y, asked, labels = _tensors(train, inputs)
    width, hidden, classes = x.shape[1], 64, len(labels)
    weights = [
        torch.randn(width, hidden, generator=random) * (2 / width) ** 0.5,
        torch.zeros(hidden),
        torch.randn(hidden, classes, generator=random) * (1 / hidden) ** 0.5,
        torch.zeros(classes),
    ]
    for weight in weights:
        weight.requires_grad_()

    def model(rows: Tensor) -> Tensor:
        first, shift, second, offset = weights
        return (rows @ first + shift).relu() @ second + offset

    for epoch in range(epochs := 30):
        rate = 0.1 * (1 - epoch / epochs)
        for batch in torch.randperm(len(x), generator=random).split(32):
            cross_entropy(model(x[batch]), y[batch]).backward()
            with torch.no_grad():
                for weight in weights:
                    weight -= rate * weight.grad
                    weight.grad.zero_()
    with torch.no_grad():
        return labels[model(asked).argmax(1).numpy()]


def convolutions(train: Rows, inputs: np.ndarray, seed: int) -> np.ndarray:
    """Lecture 01's kind of model: a small convolutional network, one cycle of Adam."""
    torch.manual_seed(seed)
    height, width = inputs.shape[1:]
    x, y, asked, labels = _tensors(train, inputs)
    x, asked = x.view(-1, 1, height, width), asked.view(-1, 1, height, width)
    layers: list[nn.Module] = []
    for before, after, size, stride in ((1, 16, 5, 2), (16, 32, 3, 1), (32, 64, 3, 2)):
        layers += [
            nn.Conv2d(before, after, size, stride, size // 2, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(),
        ]
    with torch.no_grad():
        features = nn.Sequential(*layers, nn.Flatten())(x[:2]).shape[1]
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(features, len(labels)))
    batches = -(-len(x) // 64)
    epochs = max(5, 500 // batches)
    adam = torch.optim.Adam(model.parameters())
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, 0.01, total_steps=epochs * batches)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(64):
            cross_entropy(model(x[batch]), y[batch]).backward()
            adam.step()
            adam.zero_grad()
            cycle.step()
    model.eval()
    with torch.no_grad():
        return labels[torch.cat([model(part).argmax(1) for part in asked.split(500)]).numpy()]


def _tensors(train: Rows, inputs: object) -> tuple[Tensor, Tensor, Tensor, np.ndarray]:
    """Rows as standardised tensors: training rows, their classes, the rows asked about, the labels."""
    labels, classes = np.unique(train.labels, return_inverse=True)
    x, asked = torch.from_numpy(numbers(train.inputs)), torch.from_numpy(numbers(inputs))
    # The columns of a table differ in their units; pixels share theirs.
    images = isinstance(inputs, np.ndarray)
    mean, deviation = (x.mean(), x.std()) if images else (x.mean(0), x.std(0))
    return (x - mean) / deviation, torch.from_numpy(classes), (asked - mean) / deviation, labels


NETWORKS: dict[str, Callable] = {
    "mnist": convolutions,
    "fashion_mnist": convolutions,
    "digits": convolutions,
}
"""The reference for each dataset; `two_layers` for those of lecture 02."""
OTHERS = {"most common": most_common, "nearest mean": nearest_mean, "logistic": logistic_regression}


def measure(dataset: Dataset, splits: int) -> dict[str, object]:
    """One line of the table: what the network and every baseline reach on `splits` splits."""
    network = NETWORKS.get(dataset.name, two_layers)
    accuracy = MEASURES["accuracy"]
    rows = rows_of(dataset.source)
    rows = rows.take(np.flatnonzero(np.isin(rows.labels, dataset.classes)))
    reached: dict[str, list[float]] = {name: [] for name in ("network", *OTHERS)}
    gains, clear, seconds = [], 0, []
    for seed in range(splits):
        parts = split(rows.labels, dataset.sizes, seed)
        train, held_out = rows.take(parts.train), rows.take(parts.held_out)
        began = time.process_time()
        predicted = network(train, held_out.inputs, seed)
        seconds.append(time.process_time() - began)
        reached["network"].append(accuracy.value(predicted, held_out.labels))
        for name, baseline in OTHERS.items():
            reached[name].append(accuracy.value(baseline(train, held_out.inputs), held_out.labels))
        declared = dataset.baseline.predict(train, held_out.inputs)
        gain, (low, _) = lift(accuracy, predicted, declared, held_out.labels)
        gains.append(gain)
        clear += low > 0
    mean, deviation = np.mean(gains), np.std(gains, ddof=1)
    full = mean - tolerance_factor(splits, APPLIED) * deviation
    fit = clear >= ENOUGH * splits and full > 0
    return {
        "dataset": dataset.name,
        "held out": f"{dataset.sizes.held_out:,}",
        "declared": dataset.baseline.name,
        "network": network.__name__,
        **{f"{name} acc.": f"{np.mean(values):.3f}" for name, values in reached.items()},
        "gain": f"{mean:+.3f} ± {deviation:.3f}",
        "clear of 0": f"{clear}/{splits}",
        "full marks at": f"{full:+.3f}",
        "fit": "yes" if fit else "no",
        "CPU s": f"{np.mean(seconds):.1f}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=list(DATASETS), help="datasets; all of them if none")
    parser.add_argument("--splits", type=int, default=20)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    for number, name in enumerate(asked.names):
        line = measure(DATASETS[name], asked.splits)
        if number == 0:
            print("| " + " | ".join(line) + " |\n|" + "---|" * len(line))
        print("| " + " | ".join(str(value) for value in line.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
