"""What a check is: a named, scored item of an exercise, as a value.

A grader (`graders/<topic>/<exercise>.py`) is a tuple of these, called CHECKS. The public half of each,
without hidden inputs, is what `release` writes to `checks.json`; a notebook needs no more.
"""

import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from foursteps.errors import CheckError


class Definition(BaseModel):
    """What all checks have. Points come from the graded cell's own metadata, at release."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    asks: str
    """One line for the exercise's table: what is asked."""
    hints: tuple[str, str, str] | None = None
    """The ladder: a question, a pointer, nearly the code."""
    advice: dict[str, str] = {}
    """What to say when an error or a reason contains the key."""
    points: float = 0.0


class Expect(BaseModel):
    """What one entry of a property must be; every rule given must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    equals: Any = None
    at_least: float | None = None
    at_most: float | None = None


class Property(Definition):
    """Facts about a thing that a learner made, looked at by a named probe (`checks/probes.py`).

    The process that states these facts is the learner's, so properties may carry at most a fifth of an
    exercise's points.
    """

    kind: Literal["property"] = "property"
    probe: str
    expect: dict[str, Expect]


class Case(BaseModel):
    """One call of a function: its arguments and, where it may be shown, the result. Both encoded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    arguments: list[Any]
    expected: Any = None


class Function(Definition):
    """A function the learner writes, held against the solution's on inputs drawn by `inputs`.

    `inputs(rng)` gives a sequence of argument tuples; the public ones are drawn once at release, the
    hidden ones from the class's secret. It is the private half, and stays with the grader.
    """

    kind: Literal["function"] = "function"
    rtol: float = 1e-4
    atol: float = 1e-6
    visible: tuple[Case, ...] = ()
    inputs: Callable[[np.random.Generator], Sequence[tuple]] | None = Field(
        default=None, exclude=True, repr=False
    )


class Scale(BaseModel):
    """The two cut-offs of a metric's marks: none at `zero`, all at `full`, linear between."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zero: float
    full: float


class Metric(Definition):
    """A metric on held-out rows whose labels the learner's process does not have.

    `claim` names the record in `claims.json` whose band sets the scale, for each dataset
    (`lecture.accuracy`; with `{dataset}` in it, one record a dataset). With `lift=True` the value is the
    metric's gain over the dataset's declared baseline, and only a gain whose paired bootstrap interval
    excludes zero earns marks.

    The prediction contract, `takes`: `learner` is a fastai Learner, asked through `test_dl`;
    `predict` a function from the held-out inputs (a list of image paths, or a table without its target)
    to one label or number a row.
    """

    kind: Literal["metric"] = "metric"
    datasets: tuple[str, ...]
    metric: str = "accuracy"
    takes: Literal["learner", "predict"]
    claim: str
    lift: bool = False
    scales: dict[str, Scale] = {}
    """Published cut-offs, by dataset; filled at release from the band."""

    def claim_for(self, dataset: str) -> str:
        """The name of the claim record that the marks on `dataset` come from."""
        return self.claim.replace("{dataset}", dataset)


class Criterion(BaseModel):
    """One line of a rubric: what is looked for, and what each level is worth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    looks_for: str
    points: float


class WriteUp(Definition):
    """Prose that a person marks in the formgrader, against a rubric whose points add up to the cell's."""

    kind: Literal["write_up"] = "write_up"
    rubric: tuple[Criterion, ...]


AnyCheck = Annotated[Property | Function | Metric | WriteUp, Field(discriminator="kind")]


class Checks(BaseModel):
    """The public half of a topic's graders, as `checks.json` holds it: checks by exercise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = Field(default=1, alias="schema")
    topic: str
    exercises: dict[str, tuple[AnyCheck, ...]]

    def find(self, name: str) -> tuple[str, AnyCheck]:
        """The exercise and the check called `name`; raises CheckError when there is none."""
        for exercise, checks in self.exercises.items():
            for check in checks:
                if check.name == name:
                    return exercise, check
        names = [check.name for checks in self.exercises.values() for check in checks]
        raise CheckError(
            f"check({name!r})",
            expected=f"one of {', '.join(names)}",
            found=repr(name),
            mend="Correct the name; it stands above the cell.",
        )

    def dumps(self) -> str:
        """The text of `checks.json`."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), indent=1) + "\n"

    @classmethod
    def loads(cls, text: str, where: object = "checks.json") -> "Checks":
        """Read the text of a `checks.json`; raises CheckError naming the entry that is wrong."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            raise CheckError(
                f"{where}, {'.'.join(map(str, first['loc']))}",
                expected="what `foursteps release` writes",
                found=first["msg"],
                mend="Run `foursteps release` again, or take the file from the release.",
            ) from None


def load_grader(path: Path) -> tuple[AnyCheck, ...]:
    """The CHECKS of the grader file `path`, hidden inputs and all. Runs the file: trusted code only.

    Raises CheckError when the file is missing, fails, holds no CHECKS, or names a check twice.
    """
    path = Path(path)

    def broken(found: str) -> CheckError:
        return CheckError(
            path,
            expected="a grader: a tuple CHECKS of checks with names of their own",
            found=found,
            mend="Correct the file; the author guide shows one.",
        )

    if not path.is_file():
        raise broken("no such file")
    spec = importlib.util.spec_from_file_location(f"grader_{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None  # both hold for every file that ends in .py
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise broken(f"{type(error).__name__}: {error}") from error
    checks = getattr(module, "CHECKS", None)
    if not isinstance(checks, tuple) or not all(isinstance(c, Definition) for c in checks):
        raise broken("no such tuple")
    names = [check.name for check in checks]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise broken(f"{', '.join(sorted(repeated))} more than once")
    return checks


check_adapter: TypeAdapter[AnyCheck] = TypeAdapter(AnyCheck)
