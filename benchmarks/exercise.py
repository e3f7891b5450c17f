"""Grading a real exercise: what `foursteps grade` adds to the learners' own computation.

    python benchmarks/exercise.py [--topic 01] [--count 100] [--few 40] [--write docs/benchmarks.md]

A class hands in the reproduction of a lecture of this course: its solution, with one more line in each, so
that no two runs are the same. The time by the clock is compared with what the learners' own cells took, all
together, divided by the processors; and two workers with one. Prints Markdown tables.
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

LOAD = os.getloadavg()[1]
HEAD = (
    f"{cores()} processors, Python {platform.python_version()}, load average {LOAD:.1f} before.",
    "",
    "| what | |",
    "|---|---|",
)
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
    options.add_argument("--count", type=int, default=100, help="submissions of the class")
    options.add_argument("--few", type=int, default=40, help="submissions that one worker and all compare on")
    options.add_argument("--parts", default="class,workers", help="which, by comma")
    options.add_argument("--write", type=Path, help="put the tables into this file too")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="foursteps-benchmark-") as folder:
        course = a_copy(Path(folder))
        topic = course.choose([given.topic])[0]
        hand_in(course, topic, 1)
        grade(course, topic)  # the keys are recorded once a class
        for part, table in (("class", of_a_class), ("workers", of_workers)):
            if part in given.parts.split(","):
                count = given.count if part == "class" else given.few
                text = "\n".join([*HEAD, *table(course, topic, count)])
                print(text, flush=True)
                if given.write:
                    put(given.write, f"exercise-{part}", text)


def grade(course, topic, *more):
    return command(COMMAND, course.root, "grade", topic.name, "--no-feedback", *more)


def of_a_class(course, topic, count):
    """What the kit adds to the learners' own computation, with all processors."""
    fresh(course)
    hand_in(course, topic, count)
    took = grade(course, topic)
    again = grade(course, topic)
    own, memory = runs(course)
    share = own / cores()
    yield f"| submissions of {topic.name}, reproduce | {count} |"
    yield f"| the learners' own cells, all together | {own:.0f} s |"
    yield f"| the same, divided by the processors | {share:.0f} s |"
    yield f"| the whole command, by the clock | {took.wall:.0f} s: **{took.wall / share:.2f} times** that |"
    yield f"| the same class again, nothing changed | {again.wall:.1f} s |"
    yield f"| memory of a run's own | {memory:.0f} MB |"


def of_workers(course, topic, count):
    """All processors against one, and what the learners' own cells gain by it."""
    fresh(course)
    hand_in(course, topic, count)
    one = grade(course, topic, "--workers", "1")
    own_alone, _ = runs(course)
    fresh(course)
    took = grade(course, topic)
    own, _ = runs(course)
    share = own / cores()
    yield f"| submissions of {topic.name}, reproduce | {count} |"
    yield f"| one worker | {one.wall:.0f} s |"
    yield f"| {cores()} workers | {took.wall:.0f} s: **{one.wall / took.wall:.2f} times** as fast |"
    yield (
        f"| the learners' own cells alone | {own_alone:.0f} s in turn; {share:.0f} s {cores()} at a time: "
        f"{own_alone / share:.2f} times as fast |"
    )


if __name__ == "__main__":
    main()
