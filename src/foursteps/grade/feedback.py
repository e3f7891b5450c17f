"""Feedback pages: nbgrader's generate_feedback on what was graded, where it is not there already."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from foursteps import atomic
from foursteps.course import Course, Topic
from foursteps.grade import table
from foursteps.grade.batch import course_directory, quiet, submitted_by
from foursteps.grade.gradebook import db_url
from foursteps.grade.keys import digest
from foursteps.grade.nbgrader_setup import load_config, log, told_by
from foursteps.grade.stamps import installed


def write_feedback(
    course: Course,
    topic: Topic,
    students: Iterable[str] = (),
    *,
    on_student: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Path, ...]:
    """Write `class/feedback/<learner>/<topic>/*.html` for a graded topic; gives the pages' paths.

    A learner without a graded notebook gets none, and pages that are still right are left alone. No key is
    in a page, and nothing that a learner's notebook printed can act in it: both were taken out when it was
    graded. `on_student` is told before each learner how many are done, and of how many.

    Raises GradeError when nobody handed anything in, or nbgrader fails.
    """
    named = submitted_by(course, topic, students)
    path = course.workspace / "graded" / f"{topic.name}-feedback.json"
    written = _read(path)
    entered = table.entries(db_url(course), topic.name)
    shared = digest([installed()], course.root / "nbgrader_config.py")
    config: Any = None
    pages: list[Path] = []
    try:
        for number, student in enumerate(named):
            on_student(number, len(named))
            notebooks = sorted((course.workspace / "autograded" / student / topic.name).glob("*.ipynb"))
            if not notebooks:
                continue
            told = [entered[student, name].told for name in topic.exercises if (student, name) in entered]
            wanted = digest([shared, repr(told)], *notebooks)
            folder = course.workspace / "feedback" / student / topic.name
            found = [folder / f"{notebook.stem}.html" for notebook in notebooks]
            if written.get(student) != wanted or not all(page.is_file() for page in found):
                config = config or load_config(course.root)
                _write(config, topic, student, notebooks[0].parent)
                written[student] = wanted
            pages += [page for page in found if page.is_file()]
    finally:
        atomic.write_text(path, json.dumps(written), mode=0o600)
    return tuple(pages)


def _write(config: Any, topic: Topic, student: str, autograded: Path) -> None:
    from nbgrader.converters import GenerateFeedback

    with quiet(), told_by(log, autograded):
        coursedir = course_directory(config, topic, student)
        GenerateFeedback(coursedir=coursedir, config=config, log=log, force=True).start()


def _read(path: Path) -> dict[str, str]:
    """Of which marks each learner's pages are, as it was noted; empty where nothing was."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
