"""What a submission costs beside its own computation: warm child against cold kernel, both in one run.

    python benchmarks/warm.py [--rounds 5]

Prints a table of medians in seconds, and the memory that is a child's own. The cold side is ColdRunner, the
fresh kernel that papermill, nbclient and nbgrader start.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

from foursteps.run import ColdRunner
from foursteps.run.warm import WarmRunner

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
TRAIN = (
    "x = torch.randn(100, 10); model = torch.nn.Linear(10, 1)\n"
    "step = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    "for _ in range(20):\n"
    "    loss = model(x).pow(2).mean(); loss.backward(); step.step(); step.zero_grad()\n"
    "float(loss)"
)
NOTEBOOKS = {
    "trivial": ["print('hello')", "1 + 1"],
    "torch": ["import torch", TRAIN],
    "fastai": ["from fastai.vision.all import *", TRAIN],
}
PRIVATE = (
    "lines = [line.split() for line in open('/proc/self/smaps_rollup')]\n"
    "print(sum(int(line[1]) for line in lines if line[0].startswith('Private_')))"
)


def notebook(cells):
    return new_notebook(cells=[new_code_cell(source) for source in cells], metadata=KERNEL)


def seconds(runner, cells, rounds, folder):
    """The median of the whole run, and of what its cells took."""
    whole, own = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        result = runner.run(notebook(cells), cwd=folder).require_ok("the benchmark")
        whole.append(time.perf_counter() - began)
        own.append(sum(result.cell_seconds))
    return statistics.median(whole), statistics.median(own)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    folder = Path(tempfile.mkdtemp())
    print(f"{'notebook':10}{'cold':>8}{'warm':>8}{'ratio':>8}{'cells':>8}{'around':>8}{'own MB':>8}")
    with WarmRunner() as warm:
        warm.start()
        for name, cells in NOTEBOOKS.items():
            warm.run(notebook(cells), cwd=folder)
            whole, own = seconds(warm, cells, rounds, folder)
            cold, _ = seconds(ColdRunner(), cells, max(1, rounds // 2), folder)
            ran = warm.run(notebook([*cells, PRIVATE]), cwd=folder).notebook
            private = int(ran.cells[-1].outputs[0].text) / 1024
            times = f"{cold:8.2f}{whole:8.3f}{cold / whole:8.1f}{own:8.3f}{whole - own:8.3f}"
            print(f"{name:10}{times}{private:8.0f}", flush=True)
    folder.rmdir()


if __name__ == "__main__":
    main()
