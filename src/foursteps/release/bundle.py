"""The learner bundle, what a class hands out: lectures, exercises at every level, checks; no solutions."""

import io
import shutil
import zipfile
from pathlib import Path

from foursteps import atomic
from foursteps import notebook as nb
from foursteps.course import Course, Topic
from foursteps.grade.nbgrader_setup import course_id
from foursteps.release.levels import LEVELS, at_level

LECTURE_FILES = ("lecture.ipynb", "claims.json", "recall.toml")
ROOT_FILES = ("course.toml", "constraints.txt", "requirements.txt", "datasets", "LICENSE", "LICENSE-PROSE.md")
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file knows: the same content is the same file."""

README = """\
# {title}

Everything you need to work through the course. Install foursteps as your instructor tells you, then:

```bash
foursteps doctor    # is everything there?
foursteps lab       # JupyterLab, on the start page
```

Without the start page: `foursteps start 01` puts your own copies of a topic into `work/`, and
`foursteps start 01 --level blank` takes the training wheels off. `exercises/TOPIC/levels/` has every level as
a notebook.

{table}
"""

NBGRADER = """\
\"\"\"nbgrader for learners: JupyterLab's Assignments tab hands in what lies in work/.\"\"\"

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "{course_id}"
c.Exchange.assignment_dir = "work"
c.Execute.timeout = 900
"""


def bundle_folder(course: Course) -> Path:
    """Where the bundle of `course` is written; its zip file lies beside it."""
    return course.root / "dist" / course_id(course.root)


def write_bundle(course: Course) -> Path:
    """Write the learner bundle of `course`, a folder and the same as a zip file; gives the zip's path.

    A topic whose exercises are not released yet comes with its lecture only. Each of the two is replaced
    whole or not at all.
    """
    folder = bundle_folder(course)
    with atomic.folder(folder) as beside:
        for name in ROOT_FILES:
            _copy(course.root / name, beside / name)
        for topic in course.topics:
            _lecture(topic, beside / "lectures" / topic.name)
            if topic.checks.is_file():
                _exercises(topic, beside / "exercises" / topic.name)
        (beside / "nbgrader_config.py").write_text(NBGRADER.format(course_id=folder.name), "utf-8")
        rows = [f"| {topic.name} | {topic.title} | {topic.minutes} |" for topic in course.topics]
        table = "\n".join(["| topic | lecture | minutes |", "|---|---|---|", *rows])
        (beside / "README.md").write_text(README.format(title=course.title, table=table), "utf-8")
    packed = folder.with_name(folder.name + ".zip")
    atomic.write_bytes(packed, _zipped(folder))
    return packed


def _lecture(topic: Topic, to: Path) -> None:
    for name in LECTURE_FILES:
        _copy(topic.folder / name, to / name)
    _copy(topic.folder / "figures", to / "figures")


def _exercises(topic: Topic, to: Path) -> None:
    _copy(topic.checks, to / "checks.json")
    _copy(topic.checks.parent / "figures", to / "figures")
    for name, exercise in topic.exercises.items():
        guided = nb.read(exercise.released)
        for level in LEVELS:
            place = to if level == "guided" else to / "levels" / level
            nb.write(place / f"{name}.ipynb", at_level(guided, level))


def _copy(source: Path, to: Path) -> None:
    """Copy a file or a folder, if there is one."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    elif source.is_file():
        shutil.copyfile(source, to)


def _zipped(folder: Path) -> bytes:
    """The folder as the bytes of a zip file, the same for the same content."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                info = zipfile.ZipInfo(name, ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes())
    return held.getvalue()
