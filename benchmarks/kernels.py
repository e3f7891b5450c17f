"""What a kernel costs: a fresh one against a warm one by name, through nbclient and nbgrader's own autograde.

    python benchmarks/kernels.py [--rounds 3] [--write docs/warm-kernels.md]

Prints a table of medians in seconds.
"""

import argparse
import os
import platform
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from page import put

from foursteps.run.warm import kernels
from foursteps.run.warm.provisioner import install

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
KERNELS = ("python3", "foursteps-warm", "foursteps-walled")


def run(sources, kernel, folder):
    """Seconds from asking for the kernel to its end."""
    spec = {"name": kernel, "display_name": kernel, "language": "python"}
    notebook = new_notebook(cells=[new_code_cell(s) for s in sources], metadata={"kernelspec": spec})
    began = time.perf_counter()
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return time.perf_counter() - began


def autograde(sources, kernel, folder, learners):
    """Seconds a submission of nbgrader's own Autograde, the first learner left out."""
    import nbformat
    from nbgrader.converters import Autograde, GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    from foursteps.grade.plain import PlainCourse

    root = folder / kernel
    (root / "source" / "ps1").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Execute.kernel_name = {kernel!r}\nc.Execute.timeout = 300\n"
    )
    meta = {
        "schema_version": 3,
        "grade_id": "t",
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 1,
    }
    cells = [new_code_cell(source) for source in sources]
    cells.append(new_code_cell("assert True", metadata={"nbgrader": {**meta, "points": 1}}))
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(
        new_notebook(cells=cells, metadata={"kernelspec": spec}), root / "source" / "ps1" / "p.ipynb"
    )
    course = PlainCourse.load(root)
    directory = CourseDirectory(parent=course.app, assignment_id="ps1")
    GenerateAssignment(coursedir=directory, parent=course.app).start()
    seconds = []
    for number in range(learners):
        place = root / "submitted" / f"learner{number}" / "ps1"
        place.mkdir(parents=True)
        shutil.copy(root / "release" / "ps1" / "p.ipynb", place)
        began = time.perf_counter()
        Autograde(coursedir=course.directory("ps1", f"learner{number}"), parent=course.app).start()
        seconds.append(time.perf_counter() - began)
    return seconds[1:]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--write", type=Path, help="put the table into this file too")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp())
    os.environ["JUPYTER_PATH"] = str(folder / "share" / "jupyter")
    modules = ("torch", "fastai.vision.all")
    install("foursteps-warm", preload=modules, prefix=str(folder))
    install("foursteps-walled", preload=modules, sandbox="bwrap", prefix=str(folder))
    rows = []
    try:
        for kernel in KERNELS[1:]:
            began = time.perf_counter()
            run(NOTEBOOKS["trivial"], kernel, folder)
            print(
                f"{kernel}: the first kernel, with the imports, {time.perf_counter() - began:.1f} s",
                flush=True,
            )
        for name, sources in NOTEBOOKS.items():
            found = [
                statistics.median(run(sources, kernel, folder) for _ in range(given.rounds))
                for kernel in KERNELS
            ]
            rows.append((f"{name}, nbclient", found))
            print(rows[-1], flush=True)
        found = [
            statistics.median(autograde(NOTEBOOKS["fastai"], kernel, folder, given.rounds + 1))
            for kernel in KERNELS
        ]
        rows.append(("fastai, nbgrader autograde", found))
    finally:
        kernels.stop()
        shutil.rmtree(folder)
    text = "\n".join(
        [
            f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {given.rounds} rounds.",
            "",
            "| notebook | fresh kernel | warm | warm, walled | fresh / walled |",
            "|---|---:|---:|---:|---:|",
            *(
                f"| {name} | {cold:.2f} | {warm:.2f} | {walled:.2f} | {cold / walled:.1f} |"
                for name, (cold, warm, walled) in rows
            ),
        ]
    )
    print(text)
    if given.write:
        put(given.write, "kernels", text)


if __name__ == "__main__":
    main()
