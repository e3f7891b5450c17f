"""What the value of evidence depends on: the grader, the data, and the kit that gathers and scores."""

from pathlib import Path

from foursteps.course import Exercise
from foursteps.grade.keys import digest
from foursteps.grade.prepare import checks_of, datasets
from foursteps.run.modules import code_hash

PACKAGE = Path(__file__).parents[1]
KIT = (
    *(f"checks/{name}.py" for name in ("definition", "evidence", "gather", "measures", "probes", "witness")),
    *(f"data/{name}.py" for name in ("dataset", "layout", "split", "store")),
    *(f"grade/{name}.py" for name in ("mark", "prepare", "score")),
)
"""The kit's own modules from which evidence, keys and marks come."""


def marking(exercise: Exercise) -> str:
    """A digest of all that evidence is valued by, but for the seed, the points and the cut-offs.

    Raises CourseError when the grader does not fit its exercise.
    """
    from foursteps.data import DATASETS

    checks = checks_of(exercise)
    versions = {name: DATASETS[name].version for name in datasets(exercise, checks)}
    code = code_hash([PACKAGE / name for name in KIT], PACKAGE)
    return digest(versions, exercise.grader, code.encode())
