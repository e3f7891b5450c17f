"""Grading a real exercise: what `foursteps grade` adds to the learners' own computation.

    python benchmarks/exercise.py [--topic 01] [--count 100] [--write docs/benchmarks.md]

A class hands in the reproduction of a lecture of this course: its solution, with one more line in each, so
that no two runs are the same. The time by the clock is compared with what the learners' own cells took, all
together, divided by the processors; and two workers with one. Prints a Markdown table.
"""

import argparse
import os
import platform
import shutil
import tempfile
from pathlib import Path

from grading import COMMAND, command, fresh, runs
from page import put

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.grade.attempts import sample_submissions
from foursteps.run.device import cores

ROOT = Path(__file__).parents[1]
PARTS = ("lectures", "exercises", "solutions", "graders", "course.toml", "nbgrader_config.py")


def a_copy(folder):
    """The course, without its class, in `folder`."""
    for name in PARTS:
        path = ROOT / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / name)
    return Course.load(folder)


def hand_in(course, topic, count):
    """`count` complete submissions of the topic's reproduction, no two alike."""
    shutil.rmtree(course.workspace / "submitted", ignore_errors=True)
    complete = sample_submissions(topic.exercises["reproduce"])["complete"]
    answer = next(cell for cell in nb.code_cells(complete) if nb.grader_metadata(cell).get("solution"))
    source = answer.source
    for number in range(count):
        answer.source = f"{source}\nlearner = {number}"
        folder = course.workspace / "submitted" / f"learner-{number:04}" / topic.name
        nb.write(folder / "reproduce.ipynb", complete)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--topic", default="01")
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--write", type=Path, help="put the table into this file too")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="foursteps-benchmark-") as folder:
        course = a_copy(Path(folder))
        topic = course.choose([given.topic])[0]
        words = ["grade", topic.name, "--no-feedback"]
        hand_in(course, topic, 1)
        command(COMMAND, course.root, *words)  # the keys are recorded once a class
        fresh(course)
        hand_in(course, topic, given.count)
        alone = command(COMMAND, course.root, *words, "--workers", "1")
        own_alone, _ = runs(course)
        fresh(course)
        took = command(COMMAND, course.root, *words)
        again = command(COMMAND, course.root, *words)
        own, memory = runs(course)
    share, gain = own / cores(), alone.wall / took.wall
    lines = [
        f"{cores()} processors, Python {platform.python_version()}, load average {os.getloadavg()[1]:.1f}.",
        "",
        "| what | |",
        "|---|---|",
        f"| submissions of {topic.name}, reproduce | {given.count} |",
        f"| the learners' own cells, all together | {own:.0f} s |",
        f"| the same, divided by the processors | {share:.0f} s |",
        f"| the whole command, by the clock | {took.wall:.0f} s: **{took.wall / share:.2f} times** that |",
        f"| one worker | {alone.wall:.0f} s: {cores()} are **{gain:.2f} times** that fast |",
        f"| the learners' own cells, with one worker | {own_alone:.0f} s: {cores()} at a time, they are "
        f"{own_alone / share:.2f} times that fast themselves |",
        f"| the same class again, nothing changed | {again.wall:.1f} s |",
        f"| memory of a run's own | {memory:.0f} MB |",
    ]
    print("\n".join(lines))
    if given.write:
        put(given.write, "exercise", "\n".join(lines))


if __name__ == "__main__":
    main()
