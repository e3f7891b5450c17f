"""A solution opens when the learner has reached its claim, or asks to be shown it."""

from pathlib import Path

from foursteps import notebook as nb
from foursteps.checks.definition import Checks, Metric
from foursteps.course import Course, Topic
from foursteps.errors import WorkError
from foursteps.learner.progress import Event, Progress


def is_reached(course: Course, topic: Topic, name: str) -> bool:
    """Whether the learner has passed every metric of the exercise once, in its checks or its marks."""
    public = Checks.loads(topic.checks.read_text("utf-8"), topic.checks)
    wanted = {check.name for check in public.exercises[name] if isinstance(check, Metric)}
    events = Progress.of(course.work).events("check", "mark", topic=topic.name)
    return wanted <= {event.name for event in events if event.state == "passed"}


def open_solution(course: Course, topic: Topic, name: str, *, show_me: bool = False) -> Path:
    """Put the solution of an exercise beside the learner's copy; gives its path.

    Raises WorkError while the claim is not reached, unless `show_me`; and where the course has no solutions.
    """
    exercise = topic.exercises[name]
    if not exercise.source.is_file():
        raise WorkError(
            exercise.source,
            expected="a solution",
            found="none: this is the learner bundle",
            mend="Ask your instructor; `foursteps mark` says what your own reaches.",
        )
    if not show_me and not is_reached(course, topic, name):
        raise WorkError(
            f"the solution of {exercise}",
            expected="its claim reached in your own notebook",
            found="not yet",
            mend="Try on, ask hint(...), or say --show-me: it opens, and your progress notes that.",
        )
    path = course.work / topic.name / f"solution_{name}.ipynb"
    nb.write(path, nb.read(exercise.source))
    Progress.of(course.work).add(Event("shown", topic.name, name, "asked" if show_me else "reached"))
    return path
