"""What lateness costs: nbgrader's plugin for it, and the same for a class that is graded already.

When work is due, and the policy, stand in `class/class.toml`; an extension stands in the gradebook, where
nbgrader keeps it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin

from foursteps.classroom.settings import Late, days_late, read_settings
from foursteps.course import Course, Topic
from foursteps.errors import ClassError
from foursteps.grade.batch import quiet, the_only_one
from foursteps.grade.gradebook import open_gradebook, register
from foursteps.grade.nbgrader_setup import load_config


@dataclass(frozen=True)
class Change:
    """A notebook whose penalty changed: points off before and after, and days late, begun ones counted."""

    learner: str
    exercise: str
    before: float
    after: float
    days: int


def penalty(policy: Late, score: float, seconds: float) -> float | None:
    """Points that `policy` takes off `score` for being `seconds` late; None where it takes nothing. Pure.

    daily: `per_day` of the score for each day begun after the grace time, `most` of it in all.
    """
    days = days_late(seconds, timedelta(minutes=policy.grace_minutes))
    if not days or policy.policy == "none" or score <= 0:
        return None
    share = 1.0 if policy.policy == "zero" else min(policy.per_day * days, policy.most)
    return round(score * share, 2) or None


class LatePolicy(LateSubmissionPlugin):
    """nbgrader's plugin (`AssignLatePenalties.plugin_class`) that takes its policy from `class/class.toml`.

    Where the class has none, nbgrader's own setting `penalty_method` holds.
    """

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points off; who calls: nbgrader and `foursteps grade`, after each late notebook is scored."""
        root = self.config.CourseDirectory.get("root")
        policy = read_settings(Course.load(root)).late if isinstance(root, str) else Late()
        if policy.policy == "none":
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        return penalty(policy, score, total_seconds_late)


def settle(course: Course, topic: Topic, *, dry_run: bool = False) -> tuple[Change, ...]:
    """Bring due date and penalties of `topic` in the gradebook to what the settings say; gives what changes.

    For after a change of due dates, policy or extensions; marks stay as they are. Raises GradeError while the
    class is being graded.
    """
    settings = read_settings(course)
    plugin = LatePolicy(config=load_config(course.root))
    changes: list[Change] = []
    with quiet(), the_only_one(course):
        register(course, topic.name)
        with open_gradebook(course) as gradebook:
            assignment = gradebook.find_assignment(topic.name)
            if topic.name in settings.due:
                assignment.duedate = settings.due_utc(topic.name)
            for submission in assignment.submissions:
                seconds = submission.total_seconds_late
                for notebook in submission.notebooks:
                    before = notebook.late_submission_penalty
                    after = _asked(plugin, submission.student_id, notebook.score, seconds)
                    if (before or 0.0) != (after or 0.0):
                        days = days_late(seconds)
                        changes.append(
                            Change(submission.student_id, notebook.name, before or 0.0, after or 0.0, days)
                        )
                        notebook.late_submission_penalty = after
            if dry_run:
                gradebook.db.rollback()
            else:
                gradebook.db.commit()
    return tuple(sorted(changes, key=lambda change: (change.learner, change.exercise)))


def _asked(plugin: LatePolicy, learner: str, score: float, seconds: float) -> float | None:
    """What the plugin takes off, never less than nothing nor more than there is, as nbgrader has it."""
    taken = plugin.late_submission_penalty(learner, score, seconds) if seconds > 0 else None
    return None if taken is None else min(max(taken, 0.0), score)


def set_due(course: Course, topic: Topic) -> None:
    """Let the gradebook know when `topic` is due, where the settings say so."""
    settings = read_settings(course)
    if topic.name in settings.due:
        with quiet(), open_gradebook(course) as gradebook:
            gradebook.update_or_create_assignment(topic.name, duedate=settings.due_utc(topic.name))


def extend(course: Course, topic: Topic, learner: str, time: timedelta) -> None:
    """Give `learner` so much more time for `topic`; none takes an extension back. They do not add up.

    Raises ClassError for a learner who is not in the class, or a topic without a due date.
    """
    settings = read_settings(course)
    if topic.name not in settings.due:
        raise ClassError(
            course.workspace / "class.toml",
            expected=f"a due date for {topic.name}",
            found="none",
            mend=f"Add {topic.name} = 2026-11-02T18:00:00 under [due].",
        )
    with quiet(), the_only_one(course):
        register(course, topic.name)
        with open_gradebook(course) as gradebook:
            if not any(student.id == learner for student in gradebook.students):
                raise ClassError(
                    "the class's gradebook",
                    expected="a member of the class",
                    found=learner,
                    mend="Look at `foursteps class roster`.",
                )
            gradebook.find_assignment(topic.name).duedate = settings.due_utc(topic.name)
            submission: Any = gradebook.update_or_create_submission(topic.name, learner)
            submission.extension = time or None
            gradebook.db.commit()
