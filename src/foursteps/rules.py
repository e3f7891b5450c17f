"""The rules of a course, as functions: each looks at one thing and yields what breaks it.

`foursteps check` runs them all and shows everything it finds, with the place and the mend.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.checks.definition import AnyCheck, Checks, Property, WriteUp, load_grader
from foursteps.claims.ledger import load as load_claims
from foursteps.course import TOPIC_FOLDERS, Course, Exercise, Topic
from foursteps.errors import CourseError, FourstepsError
from foursteps.prove.proof import broken_proof
from foursteps.release import refresh_header, released_text

STATED_SHARE = 0.2
"""Properties are stated by the learner's own process: the most of the points they may carry."""

EXPECTED_FILES = {
    "lectures": {"lecture.ipynb", "claims.json", "recall.toml", "take_away.md", "piece.py", "figures"},
    "solutions": {"reproduce.ipynb", "apply_elsewhere.ipynb", "figures"},
    "exercises": {"reproduce.ipynb", "apply_elsewhere.ipynb", "checks.json", "figures"},
    "graders": {"reproduce.py", "apply_elsewhere.py", "attempts", "equivalent.toml", "proof.json"},
}
IGNORED_FILES = {".ipynb_checkpoints", "__pycache__"}

TYPED_RESULT = re.compile(r"(?<![\w.])(?:0\.\d{2,}|\d{1,3}(?:\.\d+)?\s?%)(?![\w])")
"""A decimal fraction or a percentage in prose."""


def broken(course: Course) -> list[CourseError]:
    """Everything in `course` that breaks a rule, in course order. Runs no notebook.

    A topic that is whole is asked for its proof too: of one that is to be changed anyway it would be stale.
    """
    return [error for topic in course.topics for error in broken_topic(topic)]


def broken_topic(topic: Topic) -> list[CourseError]:
    """Everything in `topic` that breaks a rule; for a draft, what it still lacks."""
    amiss = [error for rule in RULES for error in kept(rule, topic)]
    return amiss or kept(broken_proof, topic)


def kept(rule: Callable[[Topic], Iterable[CourseError]], topic: Topic) -> list[CourseError]:
    """What breaks `rule` in `topic`; what keeps the rule from being looked at breaks it too."""
    found: list[CourseError] = []
    try:
        found.extend(rule(topic))
    except CourseError as error:
        found.append(error)
    except FourstepsError as error:
        found.append(CourseError(error.where, expected=error.expected, found=error.found, mend=error.mend))
    return found


def stray_files(topic: Topic) -> Iterator[CourseError]:
    """A topic's folders hold what the layout names, and nothing else."""
    for kind in TOPIC_FOLDERS:
        folder = topic.root / kind / topic.name
        if not folder.is_dir():
            yield CourseError(
                folder,
                expected="a folder",
                found="none",
                mend="Run `foursteps release`." if kind == "exercises" else "Create it.",
            )
            continue
        for path in sorted(folder.iterdir()):
            if path.name not in EXPECTED_FILES[kind] | IGNORED_FILES:
                yield CourseError(
                    path,
                    expected=f"only {', '.join(sorted(EXPECTED_FILES[kind]))} in this folder",
                    found="a stray file" if path.is_file() else "a stray folder",
                    mend="Move it elsewhere, or into figures/ when a notebook shows it.",
                )


def lecture_rules(topic: Topic) -> Iterator[CourseError]:
    """A lecture declares its parameters, records claims that were measured, and is stored clean."""
    path = topic.lecture
    notebook = nb.read(path)
    yield from parameter_rules(path, notebook)
    yield from stored_clean(path, notebook)
    if refresh_header(topic, notebook) != notebook:
        yield CourseError(
            f"{path}, cell header",
            expected="the header that its metadata gives",
            found="another text",
            mend="Run `foursteps release`.",
        )
    recorded = recorded_claims(notebook)
    if not recorded:
        yield CourseError(
            path,
            expected='a claim: record("accuracy", value, baseline=...)',
            found="none",
            mend="Record the result that the lecture is about.",
        )
    if not topic.claims.is_file():
        yield CourseError(
            topic.claims,
            expected="the measured bands of the lecture's claims",
            found="no such file",
            mend=f"Run `foursteps reproduce {topic.name} --measure`.",
        )
        return
    measured = load_claims(topic.claims).claims
    for name in sorted(recorded - {claim.removeprefix("lecture.") for claim in measured}):
        yield CourseError(
            f"{path}, claim {name}",
            expected="a band in claims.json",
            found="none",
            mend=f"Run `foursteps reproduce {topic.name} --measure`.",
        )
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and "header" not in cell.metadata.get("tags", []):
            yield from typed_results(path, cell)


def parameter_rules(path: Path, notebook: NotebookNode) -> Iterator[CourseError]:
    """A notebook has a parameters cell, and it names seed and device."""
    declared = nb.parameters(notebook)
    if missing := [name for name in ("seed", "device") if name not in declared]:
        yield CourseError(
            f"{path}, parameters cell",
            expected="a code cell tagged `parameters` that sets seed and device",
            found=f"no {' and no '.join(missing)}",
            mend="Add the cell, or the missing lines.",
        )


def stored_clean(path: Path, notebook: NotebookNode) -> Iterator[CourseError]:
    """Notebooks are stored without outputs: what a page shows comes from a run."""
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count):
            yield CourseError(
                f"{path}, cell {number}",
                expected="no output",
                found="an output or an execution count",
                mend="Clear all outputs and save; the pre-commit hook does it by itself.",
            )
            return


def recorded_claims(notebook: NotebookNode) -> set[str]:
    """The names that a lecture passes to `record`, as far as they are written out."""
    found: set[str] = set()
    for cell in nb.code_cells(notebook):
        found.update(re.findall(r"""\brecord\(\s*["'](\w+)["']""", cell.source))
    return found


def typed_results(path: Path, cell: NotebookNode) -> Iterator[CourseError]:
    """No number in prose that a run produces: code prints those."""
    prose = re.sub(r"`[^`]*`|\$[^$]*\$|\]\([^)]*\)", "", cell.source)
    for match in TYPED_RESULT.finditer(prose):
        yield CourseError(
            f"{path}, cell {cell.get('id', '?')}",
            expected="no result typed in prose",
            found=match.group(),
            mend="Print it from code; a number that no run produces goes between backticks.",
        )


def recall_rules(topic: Topic) -> Iterator[CourseError]:
    """recall.toml holds questions with answers and talking points with what a good answer contains."""
    if not topic.recall.is_file():
        return
    try:
        entries = tomllib.loads(topic.recall.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield CourseError(topic.recall, expected="TOML", found=str(error), mend="Correct that line.")
        return
    for kind, fields in (("recall", {"question", "answer"}), ("talk", {"question", "good_answer"})):
        for number, entry in enumerate(entries.get(kind, []), 1):
            if set(entry) != fields:
                yield CourseError(
                    f"{topic.recall}, {kind} {number}",
                    expected=" and ".join(sorted(fields)),
                    found=", ".join(sorted(entry)) or "nothing",
                    mend="Correct the entry.",
                )


def exercise_rules(topic: Topic) -> Iterator[CourseError]:
    """A solution's graded cells and its grader's checks are the same; its release is current."""
    for exercise in topic.exercises.values():
        try:
            solution = nb.read(exercise.source)
            yield from parameter_rules(exercise.source, solution)
            yield from stored_clean(exercise.source, solution)
            yield from pairing(exercise, solution, load_grader(exercise.grader))
            yield from drift(exercise)
        except FourstepsError as error:
            named = str(exercise.root) in error.where
            yield CourseError(
                error.where if named else f"{exercise.source}, {error.where}",
                expected=error.expected,
                found=error.found,
                mend=error.mend,
            )


def pairing(
    exercise: Exercise, solution: NotebookNode, checks: tuple[AnyCheck, ...]
) -> Iterator[CourseError]:
    """Each graded cell has a check of its name, points, and calls it; each check has its cell."""
    cells = nb.graded_cells(solution)
    by_name = {check.name: check for check in checks}
    for name in [name for name in cells if name not in by_name]:
        yield CourseError(
            f"{exercise.source}, cell {name}",
            expected=f"a check called {name} in {exercise.grader.name}",
            found="none",
            mend="Add it to CHECKS, or correct the cell's nbgrader id.",
        )
    for name in [name for name in by_name if name not in cells]:
        yield CourseError(
            f"{exercise.grader}, check {name}",
            expected=f"a graded cell with the nbgrader id {name}",
            found="none",
            mend="Add the cell to the solution, or remove the check.",
        )
    points: dict[str, float] = {}
    for name, cell in cells.items():
        worth = nb.grader_metadata(cell).get("points")
        if not isinstance(worth, int | float) or worth <= 0:
            yield CourseError(
                f"{exercise.source}, cell {name}",
                expected="points above zero",
                found=repr(worth),
                mend="Set them in the Create Assignment panel.",
            )
            return
        points[name] = worth
        if name not in by_name:
            continue
        if not isinstance(by_name[name], WriteUp) and f'check("{name}"' not in cells[name].source:
            yield CourseError(
                f"{exercise.source}, cell {name}",
                expected=f'check("{name}", ...)',
                found="no such call",
                mend="Let the cell call its own check.",
            )
    for name, check in by_name.items():
        if isinstance(check, WriteUp) and name in points:
            total = sum(criterion.points for criterion in check.rubric)
            if total != points[name]:
                yield CourseError(
                    f"{exercise.grader}, check {name}",
                    expected=f"a rubric worth the cell's {points[name]:g} points",
                    found=f"{total:g}",
                    mend="Correct the rubric or the cell's points.",
                )
    stated = sum(points[n] for n, check in by_name.items() if isinstance(check, Property) and n in points)
    if stated > STATED_SHARE * sum(points.values()):
        yield CourseError(
            exercise.grader,
            expected=f"properties worth at most {STATED_SHARE:.0%} of the points",
            found=f"{stated:g} of {sum(points.values()):g}",
            mend="Turn one into a function check, or move points to the metric.",
        )


def drift(exercise: Exercise) -> Iterator[CourseError]:
    """The released notebook is what its solution gives today."""
    if not exercise.released.is_file():
        yield CourseError(
            exercise.released, expected="the released exercise", found="none", mend="Run `foursteps release`."
        )
    elif exercise.released.read_text("utf-8") != released_text(exercise):
        yield CourseError(
            exercise.released,
            expected="what its solution gives",
            found="a notebook that differs from it",
            mend="Make the change in solutions/ and run `foursteps release`.",
        )


def check_name_rules(topic: Topic) -> Iterator[CourseError]:
    """A check's name is its own within the topic, and checks.json holds every one."""
    seen: dict[str, str] = {}
    for exercise in topic.exercises.values():
        for check in load_grader(exercise.grader):
            if check.name in seen:
                yield CourseError(
                    f"{exercise.grader}, check {check.name}",
                    expected="a name of its own within the topic",
                    found=f"the name of a check of {seen[check.name]}",
                    mend="Rename one of them.",
                )
            seen[check.name] = exercise.name
    if not topic.checks.is_file():
        yield CourseError(
            topic.checks, expected="the exercises' checks", found="none", mend="Run `foursteps release`."
        )
        return
    public = Checks.loads(topic.checks.read_text("utf-8"), topic.checks)
    listed = {check.name for checks in public.exercises.values() for check in checks}
    if listed != set(seen):
        yield CourseError(
            topic.checks,
            expected="the checks that the graders have",
            found=f"others: {', '.join(sorted(listed ^ set(seen)))}",
            mend="Run `foursteps release`.",
        )


RULES = (stray_files, lecture_rules, recall_rules, exercise_rules, check_name_rules)
