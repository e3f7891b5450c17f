"""What `foursteps reproduce` costs over plain papermill, for the same notebook, both in one go.

    OMP_NUM_THREADS=1 python benchmarks/reproduce.py                 # a notebook of 60 cells, 20 s of work
    OMP_NUM_THREADS=1 python benchmarks/reproduce.py --lecture 02    # a lecture of the course
    OMP_NUM_THREADS=1 python benchmarks/reproduce.py --rounds 5 --seconds 60

The two sides take turns, each with its own fresh kernel in the same living process, and the first round of
both does not count. The kit's side is a whole `reproduce()` of one lecture with an empty run cache: key,
limits, the watch over memory and processes, outputs counted, claims read, judged, kept, stamped. Printed are
the medians and the difference in seconds; the goal is under 3 s, which is 5 % of a lecture of one minute.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import papermill
from nbformat.v4 import new_code_cell, new_notebook
from page import put

from foursteps import notebook as notebooks
from foursteps.course import Course
from foursteps.reproduce import reproduce
from foursteps.run import RunCache

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
COURSE = '[lectures.01_work]\ntitle = "Work"\nminutes = 1\ndamaged = {{cells = 1}}\n'
CELLS = 60
WORK = """\
until = time.perf_counter() + seconds / cells
while time.perf_counter() < until:
    value = float(np.linalg.norm(np.random.default_rng(seed).random((200, 200))))
print("{cell}: " + "." * 500)"""
PICTURE = "from IPython.display import Image, display\ndisplay(Image(data=bytes(100_000), format='png'))"
CLAIM = "from foursteps.claims import record\nrecord('norm', value, baseline=0.0)"


def worker(seconds: float) -> Path:
    """The folder of a course of one lecture: cells that compute, print, and show a picture of 100 kB."""
    root = Path(tempfile.mkdtemp(prefix="foursteps-benchmark-"))
    for kind in ("lectures", "solutions", "graders"):
        (root / kind / "01_work").mkdir(parents=True)
    (root / "course.toml").write_text('title = "Work"\n' + COURSE.format())
    parameters = f"seed = 42\nseconds = {seconds}\ncells = {CELLS}"
    cells = [new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells.append(new_code_cell("import time\n\nimport numpy as np"))
    cells += [new_code_cell(WORK.replace("{cell}", str(cell))) for cell in range(CELLS)]
    cells += [new_code_cell(PICTURE), new_code_cell(CLAIM)]
    notebooks.write(root / "lectures/01_work/lecture.ipynb", new_notebook(cells=cells, metadata=KERNEL))
    return root


def plain(path: Path, folder: Path) -> None:
    """The notebook by papermill, as anybody would run it."""
    papermill.execute_notebook(
        str(path), str(folder / "out.ipynb"), {"seed": 42}, cwd=str(folder), progress_bar=False
    )


def kit(course: Course, topic: str, folder: Path) -> None:
    """The same notebook by the kit."""
    found = reproduce(
        course,
        [course.topic(topic)],
        seeds=(42,),
        device="cpu",
        notebooks=("lecture",),
        cache=RunCache(folder / "runs"),
    )
    assert not any(finding.verdict == "error" for finding in found), found[0].message


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=20.0, help="work of the made notebook")
    options.add_argument("--lecture", help="a topic of this course in place of the made notebook")
    options.add_argument("--write", type=Path, help="put the table into this file too")
    given = options.parse_args()
    root = Path(__file__).parents[1] if given.lecture else worker(given.seconds)
    course = Course.load(root)
    topic = given.lecture or "01_work"
    path = course.topic(topic).lecture
    times: dict[str, list[float]] = {"papermill": [], "foursteps": []}
    for turn in range(given.rounds + 1):
        for side in times:
            with tempfile.TemporaryDirectory() as scratch:
                began = time.perf_counter()
                if side == "papermill":
                    plain(path, Path(scratch))
                else:
                    kit(course, topic, Path(scratch))
                took = time.perf_counter() - began
            if turn:
                times[side].append(took)
                print(f"round {turn}  {side:10} {took:7.2f} s", flush=True)
    middle = {side: statistics.median(values) for side, values in times.items()}
    more = middle["foursteps"] - middle["papermill"]
    what = f"lecture {topic}" if given.lecture else f"a notebook that computes for {given.seconds:g} s"
    lines = [
        f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {what}, {given.rounds} rounds.",
        "",
        "| plain papermill, s | foursteps reproduce, s | the kit's share of a lecture of one minute |",
        "|---|---|---|",
        f"| {middle['papermill']:.2f} | {middle['foursteps']:.2f} | {more:+.2f} s, {more / 60:+.1%} |",
    ]
    print("\n".join(lines))
    if given.write:
        put(given.write, "reproduce", "\n".join(lines))


if __name__ == "__main__":
    main()
