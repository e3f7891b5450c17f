"""Feedback pages: nbgrader's generate_feedback on what was graded."""

from collections.abc import Iterable
from pathlib import Path

from foursteps.course import Course, Topic
from foursteps.errors import GradeError
from foursteps.grade.batch import course_directory, quiet, submitted_by
from foursteps.grade.nbgrader_setup import load_config, log, told_by


def write_feedback(course: Course, topic: Topic, students: Iterable[str] = ()) -> tuple[Path, ...]:
    """Write `class/feedback/<learner>/<topic>/*.html` for a graded topic; gives the pages' paths.

    A learner without a graded notebook gets none. No key is in a page, and nothing that a learner's notebook
    printed can act in it: both were taken out when it was graded. Raises GradeError when nobody handed
    anything in; and, when every other page is written, for one that nbgrader could not make.
    """
    from nbgrader.converters import GenerateFeedback

    config = load_config(course.root)
    pages: list[Path] = []
    failed: list[GradeError] = []
    with quiet():
        for student in submitted_by(course, topic, students):
            autograded = course.workspace / "autograded" / student / topic.name
            if not any(autograded.glob("*.ipynb")):
                continue
            try:
                with told_by(log, autograded):
                    coursedir = course_directory(config, topic, student)
                    GenerateFeedback(coursedir=coursedir, config=config, log=log, force=True).start()
            except GradeError as error:
                failed.append(error)
                continue
            pages += sorted((course.workspace / "feedback" / student / topic.name).glob("*.html"))
    if failed:
        raise failed[0]
    return tuple(pages)
