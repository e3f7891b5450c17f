"""A learner's own copies: `work/<topic>/` has the lecture and both exercises, to write in.

What was handed out is kept beside (`work/.foursteps/base/`), so that an update knows what is the learner's.
Nothing here ever writes over a copy that somebody worked in.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nbformat import NotebookNode

from foursteps import atomic
from foursteps import notebook as nb
from foursteps.course import EXERCISES, Course, Topic
from foursteps.errors import CourseError
from foursteps.release.levels import at_level, level_of

NAMES = ("lecture", *EXERCISES)
COMPANIONS = ("checks.json", "claims.json")


@dataclass(frozen=True)
class Copy:
    """One notebook of a topic, as a learner has it."""

    topic: Topic
    name: str

    @property
    def path(self) -> Path:
        """The learner's notebook."""
        return self.topic.root / "work" / self.topic.name / f"{self.name}.ipynb"

    @property
    def base(self) -> Path:
        """What was handed out when the learner got it."""
        return self.topic.root / "work" / ".foursteps" / "base" / self.topic.name / f"{self.name}.ipynb"

    @property
    def source(self) -> Path:
        """The notebook in the course or the bundle that it is a copy of."""
        is_lecture = self.name == "lecture"
        return self.topic.lecture if is_lecture else self.topic.exercises[self.name].released

    def released(self, level: str) -> NotebookNode:
        """What is handed out now, at a scaffold level; a lecture has only one.

        Raises CourseError when it is not released.
        """
        if not self.source.is_file():
            raise CourseError(
                self.source,
                expected="a released exercise",
                found="no such file",
                mend="Run `foursteps release` in the course, or get the learner bundle again.",
            )
        notebook = nb.read(self.source)
        return notebook if self.name == "lecture" else at_level(notebook, level)

    @property
    def level(self) -> str:
        """The scaffold level of the learner's copy."""
        return level_of(nb.read(self.base if self.base.is_file() else self.path))

    def is_untouched(self) -> bool:
        """Whether the learner has written nothing in it; outputs of what was handed out are not writing."""
        return self.base.is_file() and written(nb.read(self.path)) == written(nb.read(self.base))

    def put(self, notebook: NotebookNode) -> None:
        """Write `notebook` as the copy, and as what was handed out."""
        nb.write(self.base, notebook)
        nb.write(self.path, notebook)


@dataclass(frozen=True)
class Started:
    """What became of one copy: new, kept as it was, or changed to another level before any work."""

    copy: Copy
    state: Literal["new", "kept", "relevelled"]
    level: str


def copies(topic: Topic) -> tuple[Copy, ...]:
    """The notebooks of a topic: its lecture and, where they are released, its exercises."""
    return tuple(
        copy
        for copy in (Copy(topic, name) for name in NAMES)
        if copy.name == "lecture" or copy.source.is_file()
    )


def written(notebook: NotebookNode) -> list[tuple[str, str]]:
    """What a person wrote in a notebook: each cell's type and source, without spaces at its ends."""
    return [(cell.cell_type, cell.source.strip()) for cell in notebook.cells]


def start(topic: Topic, level: str | None = None) -> tuple[Started, ...]:
    """Give the learner copies of a topic's notebooks; what is there is kept.

    level : of the exercises; guided, or what a copy already has, when None. A copy in which nothing was
        written yet changes to another level.

    Raises CourseError when the exercises are not released, NotebookError for an unknown level.
    """
    for name in EXERCISES:
        Copy(topic, name).released(level or "guided")  # refuse before anything is written
    companions(topic)
    return tuple(_start(copy, level) for copy in copies(topic))


def _start(copy: Copy, level: str | None) -> Started:
    if not copy.path.exists():
        copy.put(copy.released(level or "guided"))
        return Started(copy, "new", copy.level)
    before = copy.level
    if level in (None, before) or copy.name == "lecture" or not copy.is_untouched():
        return Started(copy, "kept", before)
    copy.put(copy.released(level or "guided"))
    return Started(copy, "relevelled", copy.level)


def companions(topic: Topic) -> None:
    """Put beside the copies what they read: the checks, the lecture's bands, figures."""
    to = topic.root / "work" / topic.name
    for source in (topic.checks, topic.claims):
        if source.is_file():
            atomic.write_bytes(to / source.name, source.read_bytes())
    for folder in (topic.folder / "figures", topic.checks.parent / "figures"):
        if folder.is_dir():
            shutil.copytree(folder, to / "figures", dirs_exist_ok=True)


def start_course(course: Course) -> None:
    """Give the learner copies of every topic that is released, so that one click opens each of them."""
    for topic in course.topics:
        companions(topic)
        for copy in copies(topic):
            _start(copy, None)
