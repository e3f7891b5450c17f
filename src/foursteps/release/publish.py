"""Releasing: nbgrader's own generate_assignment on our solutions, then the checks; all or nothing."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from foursteps import atomic
from foursteps import notebook as nb
from foursteps.course import Course, Topic
from foursteps.errors import CourseError
from foursteps.grade.keys import digest
from foursteps.release.bundle import write_bundle
from foursteps.release.exercise import released_text
from foursteps.release.header import refresh_header


@dataclass(frozen=True)
class Released:
    """What became of one topic: its folder, and whether anything in it is new."""

    topic: str
    folder: Path
    state: Literal["written", "unchanged"]
    exercises: tuple[str, ...]


def release(
    course: Course,
    topics: Iterable[Topic],
    *,
    runner: Any = None,
    on_topic: Callable[[Topic], None] = lambda topic: None,
) -> tuple[Released, ...]:
    """Release the exercises of `topics` into `exercises/`, and record them in the class's gradebook.

    Then the learner bundle of the whole course is written into `dist/`.

    Each topic's folder is replaced whole or not at all. A gradebook with submissions is migrated, and keeps
    their grades. What is released already and recorded is left alone. `runner` records the visible cases of
    function checks (a ColdRunner unless given). Raises CourseError or NotebookError for a source that
    cannot be released, before anything is written.
    """
    from foursteps.run import ColdRunner

    done = []
    for topic in topics:
        on_topic(topic)
        done.append(_release_topic(course, topic, runner or ColdRunner()))
    write_bundle(course)
    return tuple(done)


def _release_topic(course: Course, topic: Topic, runner: Any) -> Released:
    from foursteps.release.public import public_checks

    _refresh_lecture(topic)
    texts = {name: released_text(exercise) for name, exercise in topic.exercises.items()}
    checks = public_checks(topic, runner).dumps()
    folder = topic.checks.parent

    files = {f"{name}.ipynb": text for name, text in texts.items()} | {"checks.json": checks}
    stamp, state = course.workspace / "released.json", digest(files)
    known = json.loads(stamp.read_text("utf-8")) if stamp.is_file() else {}
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*") if path.name in files}
    recorded = known.get(topic.name) == state and (course.workspace / "gradebook.db").is_file()
    names = tuple(texts)
    if there == files and recorded:
        return Released(topic.name, folder, "unchanged", names)

    with atomic.folder(folder) as beside:
        _generate(course, topic, beside)
        (beside / "checks.json").write_text(checks, "utf-8")
        _require_same(beside, texts)
    atomic.write_text(stamp, json.dumps(known | {topic.name: state}, indent=1))
    return Released(topic.name, folder, "unchanged" if there == files else "written", names)


def _refresh_lecture(topic: Topic) -> None:
    """Write the lecture's header, when its metadata give another one."""
    notebook = nb.read(topic.lecture)
    fresh = refresh_header(topic, notebook)
    if fresh != notebook:
        nb.write(topic.lecture, fresh)


def _generate(course: Course, topic: Topic, beside: Path) -> None:
    """Let nbgrader generate the assignment into `beside`, and record it in the gradebook."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    from foursteps.grade.nbgrader_setup import load_config, log, told_by

    config = load_config(course.root)
    config.CourseDirectory.release_directory = str(beside / ".made")
    config.CourseDirectory.assignment_id = topic.name
    config.GenerateAssignment.post_convert_hook = _nothing  # checks.json is made here
    with told_by(log, topic.root / "solutions" / topic.name):
        coursedir = CourseDirectory(config=config, log=log)
        GenerateAssignment(coursedir=coursedir, config=config, log=log, force=True).start()
    made = beside / ".made"
    for path in (made / topic.name).iterdir():
        path.rename(beside / path.name)
    (made / topic.name).rmdir()
    made.rmdir()


def _nothing(**_: Any) -> None:
    pass


def _require_same(folder: Path, texts: dict[str, str]) -> None:
    """What nbgrader wrote is what the drift check will ask for; anything else is a fault of ours."""
    for name, text in texts.items():
        if (folder / f"{name}.ipynb").read_text("utf-8") != text:
            raise CourseError(
                folder / f"{name}.ipynb",
                expected="the notebook that the solution gives",
                found="another one, out of nbgrader's own release",
                mend="Take out preprocessors of your own from nbgrader_config.py, or report this.",
            )
