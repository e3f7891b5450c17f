"""What nbgrader's autograde runs here, in its order: Repair, then RunSubmission and ScoreEvidence.

RunSubmission stands in the place of nbgrader's Execute. ScoreEvidence writes the points where nbgrader's own
SaveAutoGrades reads them: as a plain float, the only result of a graded cell. What they do is in `sheet` and
`work`, which grade a whole class too.
"""

from typing import Any

from nbformat import NotebookNode
from traitlets import Any as AnyTrait
from traitlets import Unicode

from foursteps.grade import walls
from foursteps.grade.gradebook import released
from foursteps.grade.kept import Kept
from foursteps.grade.prepare import Prepared, prepare_for_class
from foursteps.grade.sheet import graded_from, marked, read_autograded, repaired
from foursteps.grade.variants import for_learner
from foursteps.grade.work import Work, copy_files, how_it_ended, run, run_submission
from foursteps.release.preprocessors import CoursePreprocessor
from foursteps.run import ColdRunner


class Repair(CoursePreprocessor):
    """Put graded and locked cells back as they were released; note each repair for the feedback."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The repaired notebook; its metadata `foursteps` says what was repaired."""
        exercise = self.exercise(resources)
        release = released(self.course().topic(exercise.topic))[exercise.name]
        said = nb.metadata.get("foursteps", {})
        given = None if said.get("unreadable") else nb
        notebook = repaired(given, list(said.get("repairs", [])), exercise, release)
        for note in notebook.metadata["foursteps"]["repairs"]:
            self.log.warning("%s, %s: %s", resources["nbgrader"]["student"], exercise, note)
        return notebook, resources


class GradingPreprocessor(CoursePreprocessor):
    """A preprocessor that has the exercise prepared for this class."""

    runner = AnyTrait(help="The Runner of submissions; a warm one in the sandbox unless given.").tag(
        config=True
    )
    sandbox = Unicode("bwrap", help="bwrap, external, none, or best: what this machine has.").tag(config=True)

    def prepared(self, resources: dict[str, Any]) -> Prepared:
        """What the learner's exercise is graded with; made when it is asked for the first time."""
        course, exercise = self.course(), self.exercise(resources)
        prepared = prepare_for_class(course, exercise, self.runner or ColdRunner())
        return for_learner(course, exercise, resources["nbgrader"]["student"], prepared)


class RunSubmission(GradingPreprocessor):
    """Run a submission in grading mode, within its limits; or take its run, where it is kept."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook as it ran; its metadata say how the run ended. Raises only when no kernel starts."""
        course, exercise = self.course(), self.exercise(resources)
        label = walls.label_of(self.sandbox, self.runner)
        student = resources["nbgrader"]["student"]
        work = Work.of(course, exercise, student, nb, self.prepared(resources), label)
        kept = Kept(course.workspace, exercise)
        ran = kept.get(work.key)
        if ran is None:
            ran = run(work, self.runner or walls.runner_for(course, exercise, self.sandbox))
            kept.put(work.key, ran)
        return ran.shown_in(nb), resources


class ScoreEvidence(GradingPreprocessor):
    """Score what the checks emitted; leave in each graded cell its card and its points, and nothing else."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook as a person and the gradebook read it."""
        course, exercise = self.course(), self.exercise(resources)
        prepared, student = self.prepared(resources), resources["nbgrader"]["student"]
        submitted = course.workspace / "submitted" / student / exercise.topic
        label = nb.metadata["foursteps"]["run"]["sandbox"]
        origin = graded_from(submitted, exercise.name, prepared.stamp, label)
        release = released(course.topic(exercise.topic))[exercise.name]
        return marked(nb, prepared, release, origin), resources


__all__ = [
    "GradingPreprocessor",
    "Repair",
    "RunSubmission",
    "ScoreEvidence",
    "copy_files",
    "how_it_ended",
    "read_autograded",
    "run_submission",
]
