"""A learner's side of the tiny course: released without nbgrader, and filled in at any level."""

import copy

from nbformat import NotebookNode
from tiny_course import POINTS, TOPIC, solution, tiny_course

from foursteps import atomic
from foursteps import notebook as nb
from foursteps.course import Course, Exercise
from foursteps.release import level_of, released_text
from foursteps.release.public import public_checks
from foursteps.run import ColdRunner

__all__ = ["POINTS", "TOPIC", "filled_in", "given_out", "put_out", "solution", "tiny_course"]


def put_out(exercise: Exercise) -> NotebookNode:
    """Write the released notebook of an exercise, and give it."""
    notebook = nb.nbformat.reads(released_text(exercise), as_version=4)
    nb.write(exercise.released, notebook)
    return notebook


def given_out(course: Course) -> Course:
    """Release the tiny course's exercises and checks, without a gradebook."""
    topic = course.topics[0]
    for exercise in topic.exercises.values():
        put_out(exercise)
    atomic.write_text(topic.checks, public_checks(topic, ColdRunner()).dumps())
    return course


def filled_in(exercise_at_level: NotebookNode, complete: NotebookNode) -> NotebookNode:
    """The exercise with the complete solution written into its answers, as a learner would.

    At the level `blank` the code that the other levels give is the learner's to write, too.
    """
    notebook = copy.deepcopy(exercise_at_level)
    there = {cell.id: cell for cell in notebook.cells}
    pending: list[str] = []
    for cell in complete.cells:
        meta = nb.grader_metadata(cell)
        if meta.get("solution"):
            there[cell.id].source = "\n\n".join([*pending, cell.source])
            pending = []
        elif cell.cell_type == "code" and cell.id not in there and level_of(notebook) == "blank":
            pending.append(cell.source)
    return notebook
