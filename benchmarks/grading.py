"""Grading a class: stock nbgrader against `foursteps grade`, both sides in one run, on the same submissions.

    python benchmarks/grading.py [--stock 20] [--ours 100] [--write docs/benchmarks.md]

A class hands in one notebook each: two functions and a property to check, each submission different, every
fourth wrong. Stock nbgrader grades the released exercise as it is, by the value of its check cells; foursteps
grades it from evidence, in bubblewrap. Both are started as commands, and the marks are compared. Prints
Markdown tables of medians over the rounds and their ratios.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import tiny_course as tiny
from page import put

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.release import release
from foursteps.run.device import cores

IMPORTS = {
    "trivial": "import numpy as np",
    "torch": "import numpy as np\nimport torch",
    "fastai": "import numpy as np\nfrom fastai.vision.all import *",
}
GRADER = """
from foursteps.checks.definition import Expect, Function, Property

CHECKS = (
    Function(name="mean_image", asks="The mean of a stack of images.",
             inputs=lambda rng: [(rng.random((4, 3, 2)),) for _ in range(4)]),
    Function(name="distance", asks="The distance of two images.",
             inputs=lambda rng: [(rng.random(5), rng.random(5)) for _ in range(4)]),
    Property(name="classes", asks="Two labels.", probe="value", expect={"value": Expect(equals=["3", "7"])}),
)
"""
WORK = "sum(i * i for i in range(20_000_000))"
"""What each submission computes where workers are compared: long enough that a command's start is little."""
PARTS = "feedback,workers,cluster,rescore"
COMMAND = [sys.executable, "-c", "from foursteps.cli import app; app()"]
STOCK = [sys.executable, "-m", "nbgrader"]


def a_course(root, kind):
    """The tests' tiny course, with an exercise that imports what `kind` imports and trains nothing."""
    course = tiny.tiny_course(root)
    exercise = course.topics[0].exercises["reproduce"]
    notebook = nb.read(exercise.source)
    dropped = {"answer_model", "accuracy"}
    notebook.cells = [
        cell for cell in notebook.cells if nb.grader_metadata(cell).get("grade_id") not in dropped
    ]
    next(
        cell for cell in notebook.cells if cell.id == "imports"
    ).source = f"{IMPORTS[kind]}\n\nfrom foursteps import check, hint"
    tiny.answer(notebook, "answer_data", tiny.region('classes = ["3", "7"]'))
    nb.write(exercise.source, notebook)
    exercise.grader.write_text(GRADER, "utf-8")
    course = Course.load(root)
    release(course, course.topics)
    return course


def hand_in(course, count, work=""):
    """`count` submissions, no two alike, every fourth with a wrong answer; `work` is done by each of them."""
    shutil.rmtree(course.workspace / "submitted", ignore_errors=True)
    for number in range(count):
        notebook = tiny.solution(course, "reproduce")
        wrong = "    return 0.0" if number % 4 == 3 else "    return float(np.sqrt(((a - b) ** 2).sum()))"
        lines = ["def distance(a, b):", f"    # learner {number}", *([work] if work else []), wrong]
        tiny.answer(notebook, "answer_distance", "\n".join(lines))
        tiny.submit(course, f"learner-{number:04}", reproduce=notebook)


def stock_course(course, root):
    """A plain nbgrader course with the same released exercise and the same submissions."""
    topic, exercise = course.topics[0], course.topics[0].exercises["reproduce"]
    (root / "source" / topic.name).mkdir(parents=True)
    shutil.copy(exercise.released, root / "source" / topic.name / "reproduce.ipynb")
    shutil.copy(topic.checks, root / "source" / topic.name / "checks.json")
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 300\n", "utf-8")
    shutil.copytree(course.workspace / "submitted", root / "submitted")
    command(STOCK, root, "generate_assignment", topic.name)
    return root


class Took(NamedTuple):
    """Seconds that a command took: by the clock, and of processors, its children's too."""

    wall: float
    cpu: float


def command(words, folder, *more):
    """Run a command in `folder`; gives what it took."""
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    env |= {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*words, *more], cwd=folder, env=env, capture_output=True, text=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        sys.exit(f"{' '.join(more)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return Took(wall, cpu)


def marks(database):
    """The marks in a gradebook, by learner and cell."""
    query = """
        select student_id, base_cell.name, auto_score from grade
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
        join base_cell on base_cell.id = grade.cell_id
        join notebook on notebook.id = base_cell.notebook_id where notebook.name = 'reproduce'
    """
    with sqlite3.connect(database) as connection:
        return {(student, cell): score for student, cell, score in connection.execute(query)}


def runs(course):
    """What the kept runs took: seconds of the learners' own code, and each child's own memory in MB."""
    found = [json.loads(path.read_text()) for path in (course.workspace / "runs").rglob("*.json")]
    return sum(run["cell_seconds"] for run in found), statistics.median(run["own_mb"] for run in found)


def fresh(course):
    """Forget the marks and the runs; keep what the exercise was prepared with."""
    for name in ("runs", "autograded", "graded", "gradebook.db"):
        path = course.workspace / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def grade(course, workers, *more):
    return command(COMMAND, course.root, "grade", "--no-feedback", "--workers", str(workers), *more)


def against_stock(kind, folder, stock, ours, rounds):
    """One line of the first table, and the two courses it was measured with: ours, and nbgrader's."""
    course = a_course(folder / kind, kind)
    hand_in(course, 1)
    grade(course, 1)  # the keys are recorded once a class
    there, here = [], []
    for number in range(rounds):
        hand_in(course, stock)
        plain = stock_course(course, folder / f"{kind}-stock-{number}")
        there.append(command(STOCK, plain, "autograde", tiny.TOPIC))
        fresh(course)
        grade(course, cores())
        if marks(plain / "gradebook.db") != marks(course.workspace / "gradebook.db"):
            sys.exit(f"{kind}: the marks differ")
        fresh(course)
        hand_in(course, ours)
        here.append(grade(course, cores()))
    _, memory = runs(course)
    wall = [statistics.median(took.wall for took in side) for side in (there, here)]
    cpu = [statistics.median(took.cpu for took in side) for side in (there, here)]
    each = (wall[0] / stock, wall[1] / ours, cpu[0] / stock, cpu[1] / ours)
    line = (
        f"| {kind} | {stock} | {each[0]:.2f} | {each[2]:.2f} | {ours} | {each[1]:.3f} | {each[3]:.3f} "
        f"| **{each[0] / each[1]:.0f}** | {each[2] / each[3]:.0f} | {memory:.0f} |"
    )
    print(line, flush=True)
    return line, course, plain


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--notebooks", default="trivial,torch,fastai", help="which, by comma")
    options.add_argument("--stock", type=int, default=20, help="submissions that stock nbgrader grades")
    options.add_argument("--ours", type=int, default=100, help="submissions that foursteps grades")
    options.add_argument("--rescore", type=int, default=1000, help="submissions that are marked again")
    options.add_argument(
        "--parts", default="feedback,workers,cluster,rescore", help="of the second table, by comma"
    )
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--write", type=Path, help="put the tables into this file too")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="foursteps-benchmark-"))
    try:
        told = list(tables(given, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if given.write:
        put(given.write, "grading", "\n".join(told))


def tables(given, folder):
    """The lines of all tables, printed as they come."""

    def say(*lines):
        print(*lines, sep="\n", flush=True)
        return lines

    with open("/proc/cpuinfo") as file:
        chip = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "")
    yield from say(
        f"{chip or platform.machine()}, {cores()} cores, Python {platform.python_version()}, load average "
        f"{os.getloadavg()[0]:.1f} at the start; medians of {given.rounds} round(s). Seconds are of whole "
        "commands, their start included: by the clock, and of processors.",
        "",
        "| notebook | stock: submissions | s each | CPU s each | foursteps: submissions | s each "
        "| CPU s each | times faster | by CPU | own MB a run |",
        "|---|---|---|---|---|---|---|---|---|---|",
    )
    for kind in given.notebooks.split(","):
        line, course, plain = against_stock(kind, folder, given.stock, given.ours, given.rounds)
        yield line
    lines = ["", f"The rest with the {kind} notebook:", "", "| what | s | CPU s |", "|---|---|---|"]
    yield from say(*lines, entry(f"{given.ours} submissions again, nothing changed", grade(course, cores())))
    if "feedback" in given.parts:
        yield from say(*fed_back(course, given.ours, plain, given.stock))
    if "workers" in given.parts or "cluster" in given.parts:
        yield from say(*side_by_side(course, given.ours // 2, far="cluster" in given.parts))
    if "rescore" in given.parts:
        yield from say(*rescored(course, given.rescore))


def fed_back(course, ours, plain, stock):
    """Feedback pages for two classes that are graded already, by nbgrader and by foursteps."""
    there = command(STOCK, plain, "generate_feedback", tiny.TOPIC)
    here = command(COMMAND, course.root, "grade")
    each = there.wall / stock, here.wall / ours
    yield entry(f"{stock} feedback pages by nbgrader generate_feedback: {each[0]:.2f} s each", there)
    yield entry(
        f"{ours} feedback pages by foursteps grade, which finds nothing else to do: {each[1]:.2f} s each, "
        f"**{each[0] / each[1]:.1f} times** as fast",
        here,
    )


def machine_gain():
    """How many times as fast this machine does the work twice at a time as twice in turn, without the kit."""
    words, gains = [sys.executable, "-c", WORK], []
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(2):
            subprocess.run(words, check=True)
        in_turn, began = time.perf_counter() - began, time.perf_counter()
        for process in [subprocess.Popen(words) for _ in range(2)]:
            process.wait()
        gains.append(in_turn / (time.perf_counter() - began))
    return statistics.median(gains)


def side_by_side(course, count, *, far):
    """One worker against two, on submissions that compute for a while; and, with `far`, a local cluster."""
    hand_in(course, count, f"    {WORK}")
    fresh(course)
    plain = machine_gain()
    one = grade(course, 1)
    own, _ = runs(course)
    yield entry(f"{count} submissions whose code takes {own / count:.2f} s each, one worker", one)
    fresh(course)
    two = grade(course, 2)
    own, _ = runs(course)
    ratio = two.wall / (own / min(2, cores()))
    gain = one.wall / two.wall
    yield entry(
        f"the same, two workers: **{gain:.2f} times** one (two plain processes with this code: {plain:.2f} "
        f"times one), {ratio:.2f} times the code's own time",
        two,
    )
    if far:
        fresh(course)
        there = grade(course, 2, "--cluster", "local")
        yield entry("the same, a Dask cluster of two workers on this machine", there)


def entry(what, took):
    return f"| {what} | {took.wall:.2f} | {took.cpu:.2f} |"


def rescored(course, count):
    """Marking again after a change of points: `count` submissions, whose runs are kept."""
    fresh(course)
    hand_in(course, min(count, 20))
    for number in range(20, count):
        source = course.workspace / "submitted" / f"learner-{number % 20:04}"
        shutil.copytree(source, course.workspace / "submitted" / f"learner-{number:04}")
    first = grade(course, cores())
    exercise = course.topics[0].exercises["reproduce"]
    notebook = nb.read(exercise.source)
    tiny.find(notebook, "distance").metadata.nbgrader.points = 3
    nb.write(exercise.source, notebook)
    release(course, course.topics)
    again = command(COMMAND, course.root, "rescore")
    same = grade(course, cores())
    return (
        entry(f"{count} submissions (20 different ones) for the first time", first),
        entry(f"{count} submissions marked again after a change of points, nothing run", again),
        entry(f"{count} submissions again, nothing changed", same),
    )


if __name__ == "__main__":
    main()
