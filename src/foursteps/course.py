"""A course as its folders say it: topics, each with a lecture, two exercises and what belongs to them.

The same topic name in `lectures/`, `exercises/`, `solutions/` and `graders/` is the pairing; `course.toml`
holds only what folders cannot say. Loading is cheap and strict about names; whether the notebooks inside
keep the rules is `rules.py`'s question.
"""

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foursteps.errors import CourseError

EXERCISES = ("reproduce", "apply_elsewhere")
TOPIC_FOLDERS = ("lectures", "exercises", "solutions", "graders")


class LectureSettings(BaseModel):
    """What `[lectures.<topic>]` in course.toml may say.

    `minutes` is the learner's time; `damaged` the parameters of a run that must fall outside the band;
    a draft is run, proved and released only by name, and published nowhere; topics of one `part` stand under
    its name in the book.

    With `variants`, a class's learners are drawn one dataset each of a metric's menu.

    What limits one submission's run: wall seconds of the notebook and of a cell, GB of memory of all its
    processes, MB of files that it writes and of outputs that it prints, processes and threads, files that are
    open at a time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    minutes: int = Field(gt=0)
    device: Literal["cpu", "cuda"] = "cpu"
    memory_gb: float = Field(default=2.0, gt=0)
    damaged: dict[str, Any] = {}
    draft: bool = False
    variants: bool = False
    part: str = ""
    grading_seconds: float = Field(default=120.0, gt=0)
    cell_seconds: float = Field(default=90.0, gt=0)
    scratch_mb: float = Field(default=1024.0, gt=0)
    output_mb: float = Field(default=20.0, gt=0)
    processes: int = Field(default=128, ge=16)
    open_files: int = Field(default=1024, ge=64)


class LaunchSettings(BaseModel):
    """Where the book's launch buttons lead; a button whose target is not given is not shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: str | None = None
    branch: str = "main"
    colab: str | None = None
    binder: str | None = None
    jupyterhub: str | None = None


class CourseSettings(BaseModel):
    """What course.toml may say. The order of the lectures there is the order of the course."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    author: str = ""
    description: str = ""
    launch: LaunchSettings = LaunchSettings()
    lectures: dict[str, LectureSettings]


@dataclass(frozen=True)
class Exercise:
    """One exercise: where its source, its released form, its grader and its attempts lie."""

    name: str
    topic: str
    root: Path

    @property
    def source(self) -> Path:
        """The solution: the one source of the exercise."""
        return self.root / "solutions" / self.topic / f"{self.name}.ipynb"

    @property
    def released(self) -> Path:
        """The notebook that learners get."""
        return self.root / "exercises" / self.topic / f"{self.name}.ipynb"

    @property
    def grader(self) -> Path:
        """The Python file with the exercise's CHECKS."""
        return self.root / "graders" / self.topic / f"{self.name}.py"

    @property
    def attempts(self) -> Path:
        """The folder of known right and known wrong answers."""
        return self.root / "graders" / self.topic / "attempts" / self.name

    def __str__(self) -> str:
        return f"{self.topic}/{self.name}"


@dataclass(frozen=True)
class Topic:
    """One topic of the course: a lecture and its two exercises."""

    name: str
    root: Path
    settings: LectureSettings

    @property
    def title(self) -> str:
        return self.settings.title

    @property
    def minutes(self) -> int:
        return self.settings.minutes

    @property
    def device(self) -> str:
        return self.settings.device

    @property
    def memory_gb(self) -> float:
        return self.settings.memory_gb

    @property
    def damaged(self) -> dict[str, Any]:
        """Parameters of a deliberately damaged run of the lecture."""
        return self.settings.damaged

    @property
    def folder(self) -> Path:
        return self.root / "lectures" / self.name

    @property
    def lecture(self) -> Path:
        return self.folder / "lecture.ipynb"

    @property
    def claims(self) -> Path:
        return self.folder / "claims.json"

    @property
    def recall(self) -> Path:
        return self.folder / "recall.toml"

    @property
    def piece(self) -> Path:
        """The cell after the lecture's last one, that makes what moves on its page."""
        return self.folder / "piece.py"

    @property
    def take_away(self) -> Path:
        """What a learner takes away from the topic, as the book's page on it says."""
        return self.folder / "take_away.md"

    @property
    def checks(self) -> Path:
        """The public half of the topic's graders, beside its released exercises."""
        return self.root / "exercises" / self.name / "checks.json"

    @property
    def exercises(self) -> dict[str, Exercise]:
        return {name: Exercise(name, self.name, self.root) for name in EXERCISES}


@dataclass(frozen=True)
class Course:
    """A course: its root folder, its settings, and its topics in order."""

    root: Path
    settings: CourseSettings

    @classmethod
    def load(cls, root: Path | str = ".") -> "Course":
        """Read course.toml at `root` or the nearest folder above it.

        Raises CourseError when there is none, when it says something unknown, or when its lectures and
        the topic folders do not agree.
        """
        start = Path(root).resolve()
        for folder in (start, *start.parents):
            if (folder / "course.toml").is_file():
                return cls._read(folder)
        raise CourseError(
            start,
            expected="a course: a folder with course.toml, here or above",
            found="none",
            mend="Go to the course's folder, or name it with --course.",
        )

    @classmethod
    def _read(cls, root: Path) -> "Course":
        path = root / "course.toml"

        def broken(found: str, mend: str) -> CourseError:
            return CourseError(path, expected="a course's settings", found=found, mend=mend)

        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise broken(f"no TOML ({error})", "Correct that line.") from None
        try:
            settings = CourseSettings.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise broken(f"{place}: {first['msg']}", "Correct or remove that entry.") from None
        course = cls(root, settings)
        course._agree()
        # By this the kernels and workers that are started from here find the course's own datasets.
        os.environ["FOURSTEPS_COURSE"] = str(root)
        return course

    def _agree(self) -> None:
        """Refuse a topic that is in one place and missing from another."""
        named = set(self.settings.lectures)
        for kind in ("lectures", "solutions", "graders", "exercises"):
            if kind in ("solutions", "graders") and self.is_bundle:
                continue
            there = set(subfolders(self.root / kind))
            if extra := sorted(there - named):
                raise CourseError(
                    self.root / kind / extra[0],
                    expected=f"one of the topics of course.toml ({', '.join(sorted(named))})",
                    found="a folder of another name",
                    mend=f"Rename it, remove it, or add [lectures.{extra[0]}] to course.toml.",
                )
            if kind != "exercises" and (missing := sorted(named - there)):
                raise CourseError(
                    self.root / kind,
                    expected=f"a folder {missing[0]}, as course.toml names it",
                    found="none",
                    mend=f"Create {kind}/{missing[0]}, or take the topic out of course.toml.",
                )

    @property
    def title(self) -> str:
        return self.settings.title

    @property
    def is_bundle(self) -> bool:
        """Whether this is what learners get: a course without solutions and graders."""
        return not (self.root / "solutions").exists() and not (self.root / "graders").exists()

    @property
    def work(self) -> Path:
        """The learner's folder, outside git: their own copies, and how far they are."""
        return self.root / "work"

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the course, in its order, without its drafts."""
        return tuple(topic for topic in self._all if not topic.settings.draft)

    @property
    def drafts(self) -> tuple[Topic, ...]:
        """The topics that are not ready to be published."""
        return tuple(topic for topic in self._all if topic.settings.draft)

    @property
    def _all(self) -> tuple[Topic, ...]:
        return tuple(Topic(name, self.root, settings) for name, settings in self.settings.lectures.items())

    @property
    def workspace(self) -> Path:
        """The instructor's folder, outside git: submissions, gradebook, secret, keys."""
        return self.root / "class"

    def topic(self, name: str) -> Topic:
        """The topic called `name`, or numbered so (`01`, `1`); raises CourseError when there is none.

        A draft can be named like any other topic.
        """
        for topic in self._all:
            number = topic.name.split("_")[0]
            if name in (topic.name, number) or (
                name.isdigit() and number.isdigit() and int(name) == int(number)
            ):
                return topic
        raise CourseError(
            self.root / "course.toml",
            expected=f"one of {', '.join(topic.name for topic in self._all)}",
            found=name,
            mend="Correct the name.",
        )

    def choose(self, names: Iterable[str]) -> tuple[Topic, ...]:
        """The topics called `names`, in course order; all but the drafts when no name is given."""
        wanted = {self.topic(name).name for name in names}
        return tuple(topic for topic in self._all if topic.name in wanted) if wanted else self.topics


def subfolders(folder: Path) -> list[str]:
    """Names of the folders in `folder` that are not hidden; empty when it does not exist."""
    if not folder.is_dir():
        return []
    return sorted(
        path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))
    )
