"""The desk that a class's submissions pass over: taken, run, marked, recorded, by one pair of hands.

Only the runs are made elsewhere, by a crew. Whatever is killed, and whenever: a run is kept as soon as it is
there, and marks are recorded in whole batches, so that whoever sits down next goes on from there.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from nbformat import NotebookNode

from foursteps.course import Course, Exercise, Topic
from foursteps.errors import FourstepsError
from foursteps.grade.crew import Crew
from foursteps.grade.gradebook import released
from foursteps.grade.kept import Kept
from foursteps.grade.nbgrader_setup import log, told_by
from foursteps.grade.prepare import Prepared
from foursteps.grade.sheet import graded_from, handed_in, marked
from foursteps.grade.variants import for_learner
from foursteps.grade.work import Ran, Work

AT_ONCE = 50
"""Submissions that are recorded together, at most: one commit for all of them."""
RECORD_EVERY = 1.0
"""Seconds after which marks are recorded while runs are made: no more has to be marked again after a kill."""


@dataclass
class Paper:
    """A submission on its way: its works by exercise, what they left, and what they are marked from."""

    student: str
    works: Mapping[str, Work]
    origins: Mapping[str, str]
    ran: dict[str, Ran] = field(default_factory=dict)
    fresh: bool = False


class Desk:
    """Grades submissions of `topic`. Use it in a `with` block.

    prepare : gives what an exercise is graded with; asked when the first submission wants it.
    start : starts the crew; asked when the first submission has to run. None to run nothing.
    label : the walls around the runs.

    `errors` says, by student, why a submission could not be graded.
    """

    def __init__(
        self,
        course: Course,
        topic: Topic,
        config: Any,
        *,
        prepare: Callable[[Exercise], Prepared],
        start: Callable[[], Crew] | None,
        label: str,
    ) -> None:
        self.course, self.topic, self.config = course, topic, config
        self.prepare, self.start, self.label = prepare, start, label
        self.errors: dict[str, str] = {}
        self.wanted: dict[str, set[str]] = {name: set() for name in topic.exercises}
        self.kept = {name: Kept(course.workspace, exercise) for name, exercise in topic.exercises.items()}
        self.fresh: set[str] = set()
        self._open: dict[str, Paper] = {}
        self._awaited: dict[tuple[str, str], list[str]] = {}
        self._marked: list[tuple[Paper, dict[str, NotebookNode]]] = []
        self._settled: list[str] = []
        self._prepared: dict[str, Prepared] = {}
        self._release: dict[str, NotebookNode] = {}
        self._crew: Crew | None = None
        self._recorder: Any = None
        self._stack = ExitStack()
        self._recorded = monotonic()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *kind: Any) -> None:
        self._stack.__exit__(*kind)

    def take(self, student: str, *, again: bool = False) -> None:
        """Take one submission; what of it has to run is handed to the crew. `again`: also what is kept."""
        try:
            paper = self._paper(student)
            for name, work in paper.works.items():
                found = None if again else self.kept[name].get(work.key)
                if found is not None:
                    paper.ran[name] = found
        except (FourstepsError, OSError) as error:
            self._fail(student, error)
            return
        missing = [name for name in paper.works if name not in paper.ran]
        if missing and self.start is None:
            self._settle(
                student, f"It has not been run yet ({', '.join(missing)}); `foursteps grade` runs it."
            )
            return
        self._open[student], paper.fresh = paper, bool(missing)
        for name in missing:
            run = (name, paper.works[name].key)
            if run not in self._awaited:  # else it is on its way already: some hand in the same
                if self._crew is None:
                    self._crew = self._stack.enter_context(self.start())  # type: ignore[misc]
                self._crew.begin(run, paper.works[name])
            self._awaited.setdefault(run, []).append(student)
        self._mark_if_whole(paper)
        # Some wait in front of the crew, so that it has always something to do. All would take much memory.
        self._collect(block=self._crew is not None and len(self._crew) > 4 * self._crew.workers + 8)

    def finish(self) -> None:
        """Wait for all that still runs, and record it."""
        while self._crew is not None and len(self._crew):
            self._collect(block=True)
        self._record()

    def settled(self) -> list[str]:
        """The students whose submissions were done with since this was last asked."""
        found, self._settled = self._settled, []
        return found

    def _paper(self, student: str) -> Paper:
        """Read, repair and prepare what `student` handed in."""
        folder = self.course.workspace / "submitted" / student / self.topic.name
        works, origins = {}, {}
        for name, exercise in self.topic.exercises.items():
            path = folder / f"{name}.ipynb"
            if not path.is_file():
                continue
            prepared = for_learner(self.course, exercise, student, self._ready(exercise))
            # Before the file is read: one that changes meanwhile is to be graded again.
            origins[name] = graded_from(folder, name, prepared.stamp, self.label)
            notebook = handed_in(path, exercise, self._release[name])
            works[name] = Work.of(self.course, exercise, student, notebook, prepared, self.label)
            self.wanted[name].add(works[name].key)
        return Paper(student, works, origins)

    def _ready(self, exercise: Exercise) -> Prepared:
        if exercise.name not in self._prepared:
            self._release = self._release or released(self.topic)
            self._prepared[exercise.name] = self.prepare(exercise)
        return self._prepared[exercise.name]

    def _collect(self, *, block: bool) -> None:
        """Keep the runs that are done, mark what is whole, and record it now and then."""
        if self._crew is not None:
            for (name, key), found in self._crew.done(block=block):
                if isinstance(found, Ran):
                    self.kept[name].put(key, found)
                for student in self._awaited.pop((name, key)):
                    self._come(student, name, found)
        late = self._crew is not None and monotonic() - self._recorded >= RECORD_EVERY
        if late or len(self._marked) >= AT_ONCE:
            self._record()

    def _come(self, student: str, name: str, found: Ran | Exception) -> None:
        """A run that `student` waited for is there, or will not be."""
        paper = self._open.get(student)
        if paper is None:
            return  # another of the learner's runs could not be made
        if isinstance(found, Ran):
            paper.ran[name] = found
            self._mark_if_whole(paper)
        else:
            del self._open[student]
            self._fail(student, found)

    def _mark_if_whole(self, paper: Paper) -> None:
        if len(paper.ran) < len(paper.works):
            return
        del self._open[paper.student]
        notebooks = {}
        try:
            for name, work in paper.works.items():
                shown = paper.ran[name].shown_in(work.notebook)
                notebooks[name] = marked(shown, work.prepared, self._release[name], paper.origins[name])
        except Exception as error:  # whatever it is, the next submission is graded
            self._fail(paper.student, error)
            return
        self._marked.append((paper, notebooks))

    def _record(self) -> None:
        """Write what is marked: the one place where marks are written."""
        self._recorded = monotonic()
        if not self._marked:
            return
        from foursteps.grade.record import Marked, Recorder, usual

        batch, self._marked = self._marked, []
        if usual(self.config):
            if self._recorder is None:
                self._recorder = self._stack.enter_context(Recorder(self.course, self.topic, self.config))
            errors = self._recorder.write([Marked(paper.student, found) for paper, found in batch])
        else:
            errors = {paper.student: self._by_nbgrader(paper.student) for paper, _ in batch}
        for paper, _ in batch:
            self.fresh |= {paper.student} if paper.fresh else set()
            self._settle(paper.student, errors.get(paper.student, ""))

    def _by_nbgrader(self, student: str) -> str:
        """Let nbgrader record what is kept, as the course's configuration wants it; gives what went wrong."""
        from nbgrader.converters import Autograde

        try:
            with told_by(log, student):
                Autograde(
                    coursedir=course_directory(self.config, self.topic, student),
                    config=self.config,
                    log=log,
                    force=True,
                ).start()
        except Exception as error:
            return why(error)
        return ""

    def _fail(self, student: str, error: Exception) -> None:
        self._settle(student, why(error))

    def _settle(self, student: str, error: str = "") -> None:
        if error:
            self.errors[student] = error
        self._settled.append(student)


def why(error: Exception) -> str:
    """Why a submission has no marks, as a sentence."""
    found = error.found if isinstance(error, FourstepsError) else f"{type(error).__name__}: {error}"
    return f"The grading failed: {found}."


def course_directory(config: Any, topic: Topic, student: str) -> Any:
    """nbgrader's view of one learner's submission."""
    import glob

    from nbgrader.coursedir import CourseDirectory

    # A folder's name as a pattern that finds only itself.
    return CourseDirectory(config=config, log=log, assignment_id=topic.name, student_id=glob.escape(student))
