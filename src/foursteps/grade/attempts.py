"""Attempts: known right and known wrong answers kept beside a grader, and the sample class made of them.

An attempt is one Python file in `graders/<topic>/attempts/<exercise>/`: what it is about in inline TOML (the
form of PEP 723), then, after `# %% <grade_id>`, the source of each answer cell that it replaces.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foursteps import notebook as nb
from foursteps.course import Course, Exercise, Topic
from foursteps.errors import CourseError
from foursteps.grade.prepare import checks_of
from foursteps.release.exercise import released_notebook

BLOCK = re.compile(r"^# /// attempt$\s(?P<content>(^#(| .*)$\s)+)^# ///$", re.MULTILINE)
CELL = re.compile(r"^# %%[ \t]*(?P<name>.*?)[ \t]*$", re.MULTILINE)
SAMPLE_WRONG = "sample_wrong"

Kind = Literal["right", "wrong", "stub", "pasted"]
Interval = float | tuple[float, float]


class Header(BaseModel):
    """What an attempt's inline TOML may say.

    `expect` gives, by check, the points it must earn, or the least and the most; a check left out must
    earn all of its points, and none where the kind is `stub`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: str
    kind: Kind
    expect: dict[str, Interval] = Field(default={})


@dataclass(frozen=True)
class Attempt:
    """One attempt: its name (the file's), its header, and new sources of answer cells, by grade_id."""

    name: str
    path: Path
    says: str
    kind: Kind
    expect: dict[str, Interval] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def earns(self, check: str, points: float) -> tuple[float, float]:
        """The least and the most that `check`, worth `points`, must earn here."""
        all_of_it = 0.0 if self.kind == "stub" else points
        wanted = self.expect.get(check, all_of_it)
        return wanted if isinstance(wanted, tuple) else (wanted, wanted)


def read_attempts(exercise: Exercise) -> tuple[Attempt, ...]:
    """The attempts of an exercise, by name; none when there is no folder of them."""
    if not exercise.attempts.is_dir():
        return ()
    return tuple(read_attempt(path) for path in sorted(exercise.attempts.glob("*.py")))


def read_attempt(path: Path) -> Attempt:
    """Read one attempt; raises CourseError, naming the place, for one that is not in the form above."""
    path = Path(path)
    where: object = path

    def broken(found: str, mend: str) -> CourseError:
        return CourseError(where, expected="an attempt", found=found, mend=mend)

    try:
        text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise broken(error.strerror or str(error), "Write the file, or correct its name.") from None
    except UnicodeDecodeError:
        raise broken("bytes that are not UTF-8", "Save it as UTF-8.") from None
    block = BLOCK.search(text)
    if block is None:
        raise broken("no header", "Begin with `# /// attempt`, lines of TOML behind `# `, and `# ///`.")
    lines = block["content"].splitlines()
    try:
        header = Header.model_validate(tomllib.loads("\n".join(line[2:] for line in lines)))
    except tomllib.TOMLDecodeError as error:
        raise broken(f"a header that is no TOML ({error})", "Correct that line.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise broken(f"{place}: {first['msg']}", "Correct that entry of the header.") from None
    cells = _cells(text[block.end() :])
    for name in cells:
        if not name or list(cells).count(name) > 1:
            raise broken("a cell without a name", "Write `# %% <grade_id>`.")
    if header.kind in ("right", "wrong") and not cells:
        raise broken("no cell", "Write `# %% <grade_id>` and the cell's new source.")
    if header.kind in ("stub", "pasted") and cells:
        raise broken(f"cells in an attempt of kind {header.kind}", "Take them out; the kind says it all.")
    return Attempt(path.stem, path, header.says, header.kind, dict(header.expect), cells)


def _cells(text: str) -> dict[str, str]:
    """The sources after each `# %% name`, by name."""
    marks = list(CELL.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return {mark["name"]: text[mark.end() : end].strip("\n") for mark, end in zip(marks, ends, strict=False)}


def submission_of(exercise: Exercise, attempt: Attempt | None, lecture: Path | None = None) -> NotebookNode:
    """The notebook that a learner with this answer would hand in; the solution itself without an attempt.

    The untouched exercise for a stub, the exercise with the lecture's code in its first answer for one of
    kind `pasted`, and otherwise the released exercise with the solution's answers and the attempt's in their
    places. Raises CourseError when the attempt names an unknown cell or check.
    """
    solution = nb.read(exercise.source)
    checks = checks_of(exercise)
    notebook = released_notebook(exercise, solution, checks)
    if attempt is not None and attempt.kind in ("stub", "pasted"):
        if attempt.kind == "pasted":
            _paste(exercise, notebook, lecture)
        _known(attempt, "check", attempt.expect, [check.name for check in checks])
        return notebook
    answers = {
        nb.grader_metadata(cell)["grade_id"]: cell.source
        for cell in solution.cells
        if nb.grader_metadata(cell).get("solution")
    }
    if attempt is not None:
        _known(attempt, "answer cell", attempt.cells, answers)
        _known(attempt, "check", attempt.expect, [check.name for check in checks])
        answers |= attempt.cells
    for cell in notebook.cells:
        if (name := nb.grader_metadata(cell).get("grade_id")) in answers:
            cell.source = _without_markers(answers[name])
    return notebook


def _known(attempt: Attempt, what: str, names: Iterable[str], there: Iterable[str]) -> None:
    there = list(there)
    if unknown := [name for name in names if name not in there]:
        raise CourseError(
            attempt.path,
            expected=f"names of the exercise: {', '.join(there)}",
            found=f"the {what} {unknown[0]}",
            mend="Correct the name.",
        )


def _without_markers(source: str) -> str:
    return "\n".join(
        line for line in source.split("\n") if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line
    )


def _paste(exercise: Exercise, notebook: NotebookNode, lecture: Path | None) -> None:
    """Put the lecture's code, but for its parameters, into the exercise's first answer of code."""
    lecture = lecture or exercise.root / "lectures" / exercise.topic / "lecture.ipynb"
    code = [
        cell.source
        for cell in nb.code_cells(nb.read(lecture))
        if "parameters" not in cell.metadata.get("tags", [])
    ]
    for cell in nb.code_cells(notebook):
        if nb.grader_metadata(cell).get("solution"):
            cell.source = "\n\n".join(code)
            return


def sample_submissions(exercise: Exercise) -> dict[str, NotebookNode]:
    """What the sample class hands in for an exercise, by learner: complete, stub and wrong."""
    path = exercise.attempts / f"{SAMPLE_WRONG}.py"
    stub = Attempt("stub", exercise.source, "The untouched exercise.", "stub")
    return {
        "complete": submission_of(exercise, None),
        "stub": submission_of(exercise, stub),
        "wrong": submission_of(exercise, read_attempt(path)),
    }


def sample_class(course: Course, topic: Topic) -> tuple[Path, ...]:
    """Write a class of three, complete, stub and wrong, into `class/submitted/<learner>/<topic>/`.

    Gives the three folders. What is there already and the same is left alone, so that it is not graded again.
    """
    folders: dict[Path, None] = {}
    for name, exercise in topic.exercises.items():
        for student, notebook in sample_submissions(exercise).items():
            folder = course.workspace / "submitted" / student / topic.name
            folders[folder] = None
            path, text = folder / f"{name}.ipynb", nb.dumps(notebook)
            if not path.is_file() or path.read_text("utf-8") != text:
                nb.write(path, notebook)
    return tuple(folders)
