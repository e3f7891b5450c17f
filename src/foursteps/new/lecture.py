"""`foursteps new lecture`: the template's topic, under another name, into a course that is there."""

import json
import os
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from foursteps import atomic
from foursteps import notebook as nb
from foursteps.course import TOPIC_FOLDERS, Course, CourseSettings, Topic
from foursteps.data.brought import load
from foursteps.errors import CourseError
from foursteps.new.course import TEMPLATE, copy_template
from foursteps.new.names import require_topic_name, title_of
from foursteps.prove.proof import digest, proof_file, stale
from foursteps.release import refresh_header, released_text

EXAMPLE = "01_straight_line"
"""The template's topic."""


def new_lecture(course: Course, name: str, title: str = "", *, draft: bool = False) -> Topic:
    """Write a whole small topic called `name` into `course`, at its end, and give it.

    The topic is made beside and moved into its four folders; `course.toml` gets its entry last. The data of
    the example join `datasets/` where they are missing.

    Parameters
    ----------
    title : what the topic is called; made from the name when empty.
    draft : whether it is one, published nowhere.

    Raises CourseError for a name that is none or taken, when something is in the way, or when `course.toml`
    cannot take one more entry. Then nothing was changed.
    """
    settings = course.root / "course.toml"
    require_topic_name(name, course.settings.lectures)
    _require_free(course, name)
    with tempfile.TemporaryDirectory(dir=course.root, prefix=".new-") as scratch:
        beside = Path(scratch) / "course"
        copy_template(beside)
        entry = _entry(beside, name, title or title_of(name), draft)
        text = _with_entry(settings, entry)
        _rename(beside, name, entry)
        _move(beside, course, name)
        atomic.write_text(settings, text)
    return Course.load(course.root).topic(name)


def _require_free(course: Course, name: str) -> None:
    """Refuse to write over anything: a topic's folder, or a dataset's file with another content."""
    for kind in TOPIC_FOLDERS:
        if (path := course.root / kind / name).exists():
            raise CourseError(
                path,
                expected="nothing of that name yet",
                found="a folder" if path.is_dir() else "a file",
                mend="Take another name, or move what is there elsewhere.",
            )
    folder = course.root / "datasets"
    for path in _data_files(TEMPLATE):
        there = folder / path.name
        if there.exists() and there.read_bytes() != path.read_bytes():
            raise CourseError(
                there,
                expected="the example's data, which the new topic begins with, or no such file",
                found="another content",
                mend="Rename your file (and its dataset), then try again; or copy a topic of this course.",
            )
    # Two modules must not give one name; the example's may stand in a module of another name.
    ours = {path.name: path for path in _data_files(TEMPLATE)} | {
        path.name: path for path in folder.glob("*")
    }
    load([path for path in ours.values() if path.suffix == ".py"])


def _data_files(root: Path) -> list[Path]:
    return sorted(path for path in (root / "datasets").iterdir() if path.is_file())


def _entry(template: Path, name: str, title: str, draft: bool) -> str:
    """The lines of course.toml about the new topic: the example's, with its own name and title."""
    said: dict[str, Any] = tomllib.loads((template / "course.toml").read_text("utf-8"))
    was = said["lectures"][EXAMPLE]["title"]
    text = (template / "course.toml").read_text("utf-8")
    lines = text[text.index(f"[lectures.{EXAMPLE}]") :].strip()
    lines = lines.replace(EXAMPLE, name, 1).replace(json.dumps(was), json.dumps(title, ensure_ascii=False), 1)
    return lines + ("\ndraft = true" if draft else "") + "\n"


def _with_entry(settings: Path, entry: str) -> str:
    """The text of `settings` with one more topic at its end; raises CourseError where that does not fit."""
    text = settings.read_text("utf-8").rstrip("\n") + "\n\n" + entry
    try:
        CourseSettings.model_validate(tomllib.loads(text))
    except ValueError as error:  # of TOML, or of pydantic
        raise CourseError(
            settings,
            expected="a file that takes one more [lectures.…] at its end",
            found=str(error).splitlines()[0],
            mend="Write each topic as a table of its own, [lectures.01_name].",
        ) from None
    return text


def _rename(beside: Path, name: str, entry: str) -> None:
    """Make the copied template a course of the one topic `name`, with what is generated from its name."""
    proved = stale(Course.load(beside).topic(EXAMPLE)) == ()
    for kind in TOPIC_FOLDERS:
        (beside / kind / EXAMPLE).rename(beside / kind / name)
    (beside / "course.toml").write_text(f'title = "new"\n\n{entry}', "utf-8")
    topic = Course.load(beside).topic(name)
    nb.write(topic.lecture, refresh_header(topic, nb.read(topic.lecture)))
    for exercise in topic.exercises.values():
        exercise.released.write_text(released_text(exercise), "utf-8")
    checks = json.loads(topic.checks.read_text("utf-8"))
    topic.checks.write_text(json.dumps(checks | {"topic": name}, indent=1) + "\n", "utf-8")
    _carry_proof(topic, proved)


def _carry_proof(topic: Topic, proved: bool) -> None:
    """What was proved of the example holds for its copy, whose digest differs by the name of its folder.

    An example that is not proved as it is now (somebody works on the kit) hands on no proof.
    """
    path = proof_file(topic)
    if not proved:
        path.unlink(missing_ok=True)
        return
    kept = json.loads(path.read_text("utf-8"))
    for name, exercise in topic.exercises.items():
        kept["exercises"][name]["depends_on"] = digest(exercise)
    path.write_text(json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


def _move(beside: Path, course: Course, name: str) -> None:
    """Move the topic and the missing data into `course`; whatever goes wrong, none of it stays."""
    moved: list[Path] = []
    places = [(beside / kind / name, course.root / kind / name) for kind in TOPIC_FOLDERS]
    places += [(path, course.root / "datasets" / path.name) for path in _data_files(beside)]
    try:
        for source, place in places:
            if place.exists():
                continue  # data that are there already, and the same
            place.parent.mkdir(exist_ok=True)
            os.rename(source, place)
            moved.append(place)
    except BaseException:
        for place in moved:
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        raise
