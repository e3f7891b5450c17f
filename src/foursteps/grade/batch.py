"""Grading a class: runs at the same time, one writer, and nothing done twice."""

import fcntl
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

from foursteps.course import Course, Topic, subfolders
from foursteps.errors import GradeError
from foursteps.grade import walls
from foursteps.grade.crew import Crew, fitting, local
from foursteps.grade.desk import Desk, course_directory
from foursteps.grade.gradebook import register, score_missing
from foursteps.grade.index import Index
from foursteps.grade.intake import sort_out
from foursteps.grade.nbgrader_setup import load_config
from foursteps.grade.prepare import prepare_for_class, stamp_for_class
from foursteps.grade.rows import Row, rows
from foursteps.grade.sheet import graded_from


@dataclass(frozen=True)
class Event:
    """One step of progress: a submission that is begun, or one that is done.

    done of total are submissions; `fresh` says whether anything of this one had to run. seconds have passed
    since the start, and `left` are likely still to come (None while nobody can tell). rows are its marks,
    when it is done and was not graded before.
    """

    kind: Literal["begun", "done"]
    topic: str
    student: str
    done: int
    total: int
    seconds: float
    left: float | None
    fresh: bool = False
    rows: tuple[Row, ...] = ()


OnEvent = Callable[[Event], None]


def grade_class(
    course: Course,
    topic: Topic,
    students: Iterable[str] = (),
    *,
    force: bool = False,
    sandbox: str = "bwrap",
    runner: Any = None,
    workers: int | None = None,
    cluster: Any = None,
    only_kept: bool = False,
    on_submission: Callable[[str], None] = lambda what: None,
    on_event: OnEvent | None = None,
) -> tuple[Row, ...]:
    """Grade what lies in `class/submitted/*/<topic>`, and give a row for each learner and exercise.

    The same marks as `nbgrader autograde <topic>`, but that one submission's failure never stops the
    others, and that what was graded from the same files with the same keys is left alone unless `force`.

    students : all who handed something in, unless named.
    sandbox : the walls around a submission's run: bwrap, external (a container is the wall), none, or best,
        which takes bwrap where it is to be had. Marks given without one say so.
    runner : runs the submissions instead; no run that is kept is taken then.
    workers : runs at the same time, each with one thread; unless given, as many as there are processors, and
        free memory for.
    cluster : a `foursteps.run.cluster.Cluster`, whose workers make the runs instead of this machine.
    only_kept : run nothing; a submission whose run is not kept stays as it was, and its row says so.
    on_submission : told before each submission, in words. on_event : told of each step.

    Raises GradeError when nobody, or a learner who is named, handed anything in, and when the class is being
    graded already; and whatever keeps the exercises themselves from being prepared.
    """
    named = tuple(students)
    chosen = submitted_by(course, topic, named)
    label = walls.label_of(sandbox, runner)
    stamps = {name: stamp_for_class(course, exercise) for name, exercise in topic.exercises.items()}
    with quiet(), the_only_one(course):
        sort_out(course.workspace, topic.name)
        register(course, topic.name)
        score_missing(course, topic.name)
        index = Index(course, topic)
        desk = Desk(
            course,
            topic,
            _configured(course, sandbox, runner),
            prepare=lambda exercise: prepare_for_class(course, exercise, runner or _cold()),
            start=None if only_kept else lambda: _crew(course, topic, sandbox, runner, workers, cluster),
            label=label,
        )
        progress = _Progress(course, topic, desk, index, len(chosen), on_event)
        with desk:
            for number, student in enumerate(chosen, 1):
                on_submission(f"{topic.name}, {student} ({number} of {len(chosen)})")
                if not force and is_current(course, topic, student, stamps, label, index):
                    progress.done([student], changed=False)
                    continue
                progress.begun(student)
                desk.take(student, again=force or runner is not None)
                progress.done(desk.settled())
            desk.finish()
            progress.done(desk.settled())
        if not named:
            for name, wanted in desk.wanted.items():
                if wanted:
                    desk.kept[name].forget(wanted)
        found = progress.rows_of(chosen)
        index.save()
        return found


def rescore_class(
    course: Course, topic: Topic, *, sandbox: str = "bwrap", on_event: OnEvent | None = None
) -> tuple[tuple[Row, Row], ...]:
    """Mark `topic` again from the runs that are kept, and run nothing; gives each row as it was and as it is.

    For after a change of points, tolerances, cut-offs or right answers. Raises what `grade_class` raises.
    """
    before = rows(course, topic, submitted_by(course, topic))
    after = grade_class(course, topic, sandbox=sandbox, only_kept=True, on_event=on_event)
    return tuple(zip(before, after, strict=True))


def submitted_by(course: Course, topic: Topic, students: Iterable[str] = ()) -> tuple[str, ...]:
    """Who handed in something for `topic`, by name; those of `students` when there are any."""
    folder = course.workspace / "submitted"
    there = [name for name in subfolders(folder) if (folder / name / topic.name).is_dir()]
    wanted = tuple(students)
    if missing := [name for name in wanted if name not in there]:
        raise GradeError(
            folder / missing[0] / topic.name,
            expected="a submission",
            found="no such folder",
            mend="Correct the name, or collect the submissions first.",
        )
    if not there:
        raise GradeError(
            folder,
            expected=f"submissions: <learner>/{topic.name}/*.ipynb",
            found="none",
            mend="Put them there, or use `nbgrader zip_collect` or `nbgrader collect`.",
        )
    return wanted or tuple(there)


class _Progress:
    """Tells of each step, with the marks of what is done."""

    def __init__(
        self, course: Course, topic: Topic, desk: Desk, index: Index, total: int, on_event: OnEvent | None
    ) -> None:
        self.course, self.topic, self.desk, self.index = course, topic, desk, index
        self.total, self.on_event, self.began = total, on_event, monotonic()
        self.count = self.changed = 0
        self._read: dict[str, list[Row]] = {}

    def rows_of(self, students: tuple[str, ...]) -> tuple[Row, ...]:
        """The marks of `students`, in their order; those that were told of are not read again."""
        missing = [student for student in students if student not in self._read]
        self._read |= self._rows(missing)
        return tuple(row for student in students for row in self._read[student])

    def begun(self, student: str) -> None:
        self._tell("begun", student)

    def done(self, students: list[str], *, changed: bool = True) -> None:
        """Tell that `students` are done; `changed`, that they were not found done."""
        if not students or self.on_event is None:
            self.count += len(students)
            return
        marks = self._rows(students) if changed else {}
        self._read |= marks
        for student in students:
            self.count += 1
            self.changed += changed
            self._tell("done", student, student in self.desk.fresh, tuple(marks.get(student, ())))

    def _rows(self, students: list[str]) -> dict[str, list[Row]]:
        """The rows that the gradebook has of each of `students` now."""
        found: dict[str, list[Row]] = {student: [] for student in students}
        for row in rows(self.course, self.topic, students, self.desk.errors, self.index) if students else ():
            found[row.student].append(row)
        return found

    def _tell(
        self, kind: Literal["begun", "done"], student: str, fresh: bool = False, marks: tuple[Row, ...] = ()
    ) -> None:
        if self.on_event is None:
            return
        seconds = monotonic() - self.began
        # What was found done took no time, and says nothing about the rest.
        left = seconds / self.changed * (self.total - self.count) if self.changed else None
        self.on_event(
            Event(kind, self.topic.name, student, self.count, self.total, seconds, left, fresh, marks)
        )


def _configured(course: Course, sandbox: str, runner: Any) -> Any:
    """nbgrader's configuration in this course, for what nbgrader itself has to do."""
    config = load_config(course.root)
    config.GradingPreprocessor.sandbox = walls.sandbox_for(sandbox)
    if runner is not None:
        config.GradingPreprocessor.runner = runner
    return config


def _crew(course: Course, topic: Topic, sandbox: str, runner: Any, workers: int | None, cluster: Any) -> Crew:
    """Who makes the runs: a runner that was given, a cluster, or the warm parents of this machine."""
    if cluster is not None:
        from foursteps.grade.cluster import crew_on

        return crew_on(cluster, topic, walls.sandbox_for(sandbox))
    if runner is not None:
        return local(workers or 1, lambda work: runner, lambda: None)

    def warm(work: Any) -> Any:
        exercise = topic.exercises[work.notebook.metadata["foursteps"]["exercise"].split("/")[-1]]
        return walls.runner_for(course, exercise, sandbox)

    return local(workers or fitting(topic.settings.memory_gb), warm, walls.stop)


def _cold() -> Any:
    from foursteps.run import ColdRunner

    return ColdRunner()


def is_current(
    course: Course, topic: Topic, student: str, stamps: Mapping[str, str], label: str, index: Index
) -> bool:
    """Whether every notebook of `student` was graded from just these files and keys."""
    folder = course.workspace / "submitted" / student / topic.name
    there = [name for name in stamps if (folder / f"{name}.ipynb").is_file()]
    for name, stamp in stamps.items():
        origin = graded_from(folder, name, stamp, label) if name in there else None
        if index.said(student, name).get("graded_from") != origin:
            return False
    return True


@contextmanager
def the_only_one(course: Course) -> Iterator[None]:
    """While this process grades the class, no other does; raises GradeError when one does already."""
    path = course.workspace / "grading.lock"
    course.workspace.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # gone with the process, however it ends
        except BlockingIOError:
            other = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "another process"
            raise GradeError(
                course.workspace,
                expected="a class that nobody else is grading",
                found=f"process {other} at work on it",
                mend="Wait until it is done, or end it; nothing is lost.",
            ) from None
        os.truncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings that nbgrader's database layer gives about itself."""
    from sqlalchemy.exc import SAWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


__all__ = [
    "Event",
    "Row",
    "course_directory",
    "grade_class",
    "is_current",
    "quiet",
    "rescore_class",
    "rows",
    "submitted_by",
]
