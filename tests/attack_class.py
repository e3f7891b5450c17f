"""A class of attackers with honest learners between them, for `tests/test_attacks.py`.

An attack is a file in `tests/attacks/`, in the form of an attempt (`grade/attempts.py`) with a second block:

    # /// attack
    # feedback = "..."        what the feedback page must say; "a|b": one of them
    # exercise = "..."        reproduce unless given
    # by_hand = ["..."]       checks that rightly wait for a person
    # ///

Beside answer cells, `# %% first` and `# %% last` are cells of the learner's own before and after all others.
`# %% notebook` and `# %% folder` are not the learner's: the test runs them, to change `notebook` before it is
handed in, or the submission's `folder` afterwards. @COURSE@, @PORT@ and @SECRET@ stand for the course's
folder, the port of a listener on 127.0.0.1, and a secret of the grader's environment, written backwards.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from tiny_course import TOPIC, find, submit

from foursteps.course import Course
from foursteps.grade.attempts import Attempt, read_attempt, submission_of
from foursteps.grade.prepare import checks_of

FOLDER = Path(__file__).parent / "attacks"
BLOCK = re.compile(r"^# /// attack$\n(?P<content>(?:^# .*$\n)+)^# ///$", re.MULTILINE)
OWN = ("first", "last", "notebook", "folder")
HONEST = tuple(f"{letter}_honest" for letter in "adfiklmopsuz")


@dataclass(frozen=True)
class Attack:
    """One attack: its answers, its other parts by name, and what must come of it."""

    name: str
    exercise: str
    attempt: Attempt
    parts: dict[str, str]
    feedback: tuple[str, ...]
    by_hand: tuple[str, ...]

    def earns(self, course: Course) -> dict[str, tuple[float, float]]:
        """The least and the most that each check of the exercise may earn."""
        checks = checks_of(course.topic(TOPIC).exercises[self.exercise])
        return {check.name: self.attempt.earns(check.name, check.points) for check in checks}


def attacks() -> list[Attack]:
    """Every attack of the corpus, by name."""
    return [read_attack(path) for path in sorted(FOLDER.glob("*.py"))]


def read_attack(path: Path) -> Attack:
    """Read one attack; fails for one without its second block, or with a word too many in it."""
    attempt = read_attempt(path)
    block = BLOCK.search(path.read_text("utf-8"))
    assert block, f"{path.name} has no block `# /// attack`"
    said = tomllib.loads("\n".join(line[2:] for line in block["content"].splitlines()))
    assert said.keys() <= {"feedback", "exercise", "by_hand"}, path.name
    answers = {name: source for name, source in attempt.cells.items() if name not in OWN}
    return Attack(
        path.stem,
        said.get("exercise", "reproduce"),
        replace(attempt, cells=answers),
        {name: source for name, source in attempt.cells.items() if name in OWN},
        tuple(said["feedback"].split("|")),
        tuple(said.get("by_hand", ())),
    )


def hand_in(course: Course, attack: Attack, fill: dict[str, str]) -> Path:
    """Put the attack where submissions lie; gives its folder. fill : what stands for @NAME@."""

    def filled(text: str) -> str:
        for name, value in fill.items():
            text = text.replace(f"@{name}@", value)
        return text

    exercise = course.topic(TOPIC).exercises[attack.exercise]
    answers = {name: filled(source) for name, source in attack.attempt.cells.items()}
    notebook = submission_of(exercise, replace(attack.attempt, cells=answers))
    for name, at in (("first", 0), ("last", len(notebook.cells) + 1)):
        if name in attack.parts:
            notebook.cells.insert(at, new_code_cell(filled(attack.parts[name]), id=f"own-{name}"))
    names = {"course": course, "student": attack.name, "honest": HONEST[0], "find": find}
    if "notebook" in attack.parts:
        exec(attack.parts["notebook"], names | {"notebook": notebook})
    folder = submit(course, attack.name, **{attack.exercise: _as_file(notebook)})
    if "folder" in attack.parts:
        exec(attack.parts["folder"], names | {"folder": folder})
    return folder


def _as_file(notebook: NotebookNode) -> str:
    """The notebook as text, whatever was done to it: nbformat would mend it."""
    import json

    return json.dumps(notebook)
