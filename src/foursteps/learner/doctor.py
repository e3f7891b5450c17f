"""The doctor: is everything there that a course needs, and if not, how to mend it.

Each examination looks at one thing and gives a Finding; none of them changes anything but caches.
"""

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from foursteps.course import Course
from foursteps.errors import FourstepsError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

State = Literal["ok", "note", "fault"]
PYTHON = (3, 11)
DISK_GB = 2.0
REQUIREMENTS = "requirements.txt"
OF_THE_KIT = "foursteps[course,lab]"


@dataclass(frozen=True)
class Finding:
    """What one examination found: `ok`, something to know (`note`), or a `fault` and how to mend it."""

    name: str
    state: State
    found: str
    mend: str = ""


def examine(course: Course) -> Iterator[Finding]:
    """Every finding about this machine and `course`, the quick examinations first."""
    examinations: tuple[Callable[[Course], Finding], ...] = (
        python,
        packages,
        disk,
        memory,
        work_folder,
        kernel,
        gpu,
        data,
    )
    for look in examinations:
        try:
            yield look(course)
        except Exception as error:  # a doctor who faints helps nobody
            found = f"the examination itself failed: {type(error).__name__}: {error}"
            yield Finding(look.__name__.replace("_", " "), "fault", found, "Please report this.")


def python(course: Course, version: tuple[int, ...] = tuple(sys.version_info[:3])) -> Finding:
    """Is this Python new enough?"""
    found = f"{'.'.join(map(str, version))} on {platform.system()}, {sys.executable}"
    if version[:2] < PYTHON:
        mend = f"Install Python {PYTHON[0]}.{PYTHON[1]} or newer, and make the environment again with it."
        return Finding("Python", "fault", found, mend)
    return Finding("Python", "ok", found)


def packages(course: Course) -> Finding:
    """Is every package that the course needs installed, in a version that it takes?

    What it needs is said by its requirements.txt; a course without one needs foursteps[course,lab].
    """
    missing, old, there = [], [], 0
    for wanted in required(course):
        try:
            version = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(wanted.name)
            continue
        there += 1
        if not wanted.specifier.contains(version, prereleases=True):
            old.append(f"{wanted.name} {version} (wanted: {wanted.specifier})")
    if missing or old:
        words = [f"missing: {', '.join(missing)}"] if missing else []
        words += [f"of another version: {', '.join(old)}"] if old else []
        return Finding("packages", "fault", "; ".join(words), _install(course))
    return Finding("packages", "ok", f"all {there} that the course and JupyterLab need")


def required(course: Course) -> "Iterator[Requirement]":
    """The packages that `course` needs; for foursteps itself, those that it and the named extras need."""
    from packaging.requirements import Requirement

    lines = [OF_THE_KIT]
    if (own := course.root / REQUIREMENTS).is_file():
        lines = [line.split(" #")[0].strip() for line in own.read_text("utf-8").splitlines()]
    for wanted in [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]:
        if wanted.name != "foursteps":
            yield wanted
            continue
        for line in importlib.metadata.requires("foursteps") or []:
            ours = Requirement(line)
            if not ours.marker or any(ours.marker.evaluate({"extra": e}) for e in ("", *wanted.extras)):
                yield ours


def _install(course: Course) -> str:
    own = course.root / REQUIREMENTS
    return f"Run: python -m pip install {f'-r {own}' if own.is_file() else repr(OF_THE_KIT)}"


def disk(
    course: Course, free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free
) -> Finding:
    """Is there room for the work and for the data?"""
    from foursteps.data.source import cache

    places = {"the course": course.root, "the data": _existing(cache())}
    free = {what: free_bytes(path) / 2**30 for what, path in places.items()}
    what = min(free, key=lambda name: free[name])
    found = f"{free[what]:.1f} GB free for {what} ({places[what]})"
    if free[what] < DISK_GB:
        mend = f"Free {DISK_GB:g} GB there, or set FOURSTEPS_CACHE to a folder on another disk."
        return Finding("disk", "fault", found, mend)
    return Finding("disk", "ok", found)


def memory(course: Course, total_bytes: int | None = None) -> Finding:
    """Is there memory for the largest topic?"""
    import psutil

    total = (psutil.virtual_memory().total if total_bytes is None else total_bytes) / 2**30
    wanted = max((topic.memory_gb for topic in course.topics), default=1.0)
    found = f"{total:.1f} GB; the largest topic takes {wanted:g} GB"
    if total < wanted:
        return Finding("memory", "fault", found, "Work on a machine with more memory, or skip that topic.")
    if total < wanted + 1.5:
        return Finding("memory", "note", found, "Close the browser's other tabs and other notebooks.")
    return Finding("memory", "ok", found)


def work_folder(course: Course) -> Finding:
    """Can the learner write in `work/`, and is the record of progress whole?"""
    from foursteps.learner.progress import Progress

    try:
        course.work.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=course.work):
            pass
        events = len(Progress.of(course.work).events())
    except OSError as error:
        mend = "Give yourself the right to write there, or copy the course to a folder of your own."
        return Finding("work folder", "fault", f"{course.work} cannot be written: {error.strerror}", mend)
    except FourstepsError as error:
        return Finding("work folder", "fault", f"{error.where}: {error.found}", error.mend)
    return Finding("work folder", "ok", f"{course.work}, {events} events of progress")


def kernel(course: Course) -> Finding:
    """Does a kernel start, and is it this Python with this foursteps? Starts one."""
    from nbformat.v4 import new_code_cell, new_notebook

    from foursteps.run import ColdRunner, Limits

    source = "import sys, foursteps\nprint(sys.executable)\nprint(foursteps.__version__)"
    spec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = new_notebook(cells=[new_code_cell(source)], metadata={"kernelspec": spec})
    mend = "Run: python -m ipykernel install --sys-prefix --name python3"
    try:
        result = ColdRunner().run(
            notebook, cwd=course.root, limits=Limits(notebook_seconds=90, cell_seconds=60)
        )
    except FourstepsError as error:
        return Finding("kernel", "fault", error.found, mend)
    if result.status != "ok":
        return Finding("kernel", "fault", f"{result.status}: {result.error or 'it did not start'}", mend)
    text = "".join(output.get("text", "") for output in result.notebook.cells[0].outputs)
    executable = text.split("\n")[0]
    if os.path.realpath(os.path.dirname(executable)) != os.path.realpath(os.path.dirname(sys.executable)):
        return Finding("kernel", "fault", f"it is another Python: {executable}", mend)
    return Finding("kernel", "ok", f"python3 starts, in {result.seconds:.1f} s")


def gpu(course: Course) -> Finding:
    """Is there a GPU that torch can use?"""
    wanting = [topic.name for topic in course.topics if topic.device == "cuda"]
    try:
        import torch
    except ImportError:
        if wanting:
            return Finding("GPU", "fault", "torch cannot be imported", _install(course))
        return Finding(
            "GPU", "ok", "not looked for: without torch nothing uses one, and no topic asks for it"
        )
    if torch.cuda.is_available():
        return Finding("GPU", "ok", torch.cuda.get_device_name(0))
    if wanting:
        mend = "Work on a machine with one for these; every other topic runs here."
        return Finding("GPU", "note", f"none; {', '.join(wanting)} will take long without", mend)
    return Finding("GPU", "ok", "none, and none is needed")


def data(course: Course) -> Finding:
    """Is the data of every lecture to be had? Fetches and caches it."""
    from foursteps import notebook as nb
    from foursteps.data import get

    names: dict[str, None] = {}
    for topic in course.topics:
        names |= dict.fromkeys(nb.read(topic.lecture).metadata.get("foursteps", {}).get("data", []))
    faults = []
    for name in names:
        try:
            get(name)
        except FourstepsError as error:
            faults.append((name, error))
    if faults:
        name, fault = faults[0]
        return Finding("data", "fault", f"{name}: {fault.found}", fault.mend)
    return Finding("data", "ok", f"the lectures' {len(names)} datasets: {', '.join(names)}")


def _existing(path: Path) -> Path:
    """`path`, or the nearest folder above it that is there."""
    while not path.exists():
        path = path.parent
    return path
