"""How many points a graded cell of a plain nbgrader course has earned. Pure.

nbgrader's rule: an error earns nothing, a number as the cell's value earns that many points, anything else
earns them all. What it takes for a number is what Python writes as a float; so numpy 2's `np.float64(0.5)`, a
tensor, NaN and False earn all, and a value above the maximum leaves the whole submission without marks. And a
warning, which goes to stderr, earns nothing. Here these are what they say.
"""

import math
import re

from nbformat import NotebookNode

from foursteps.grade.repair import MISSING_ANSWER
from foursteps.notebook import grader_metadata
from foursteps.release.exercise import checksum

_VALUE = r"(?P<value>[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf|[-+]?nan|True|False)"
WRAPPED = re.compile(
    rf"(?:(?:np|numpy)\.\w+|tensor|Tensor\w*|[aA]rray)\(\s*{_VALUE}\s*(?:,\s*\w+=.*)?\)", re.DOTALL
)
NUMPY_BOOL = re.compile(r"(?:np|numpy)\.(True|False)_")
TENSORFLOW = re.compile(rf"<tf\.Tensor: shape=\(\), .*numpy={_VALUE}>", re.DOTALL)


def points(cell: NotebookNode) -> float | None:
    """The points of a graded cell as it ran: from 0 to its maximum; None where a person has to mark it."""
    meta = grader_metadata(cell)
    most = float(meta["points"])
    if meta.get("solution"):
        untouched = meta.get("checksum") == checksum(cell) or cell.source == MISSING_ANSWER
        return 0.0 if untouched else None
    if cell.cell_type != "code":
        return None
    if any(output.output_type == "error" for output in cell.outputs):
        return 0.0
    for output in cell.outputs:
        if output.output_type == "execute_result":
            return earned(_text(output), most)
    return most


def earned(value: str, most: float) -> float:
    """The points that a cell's value is worth, from the text that IPython shows of it.

    What is no number, and True, earn `most`; False and what is not finite earn nothing.
    """
    number = as_number(value)
    if number is None:
        return most
    return min(max(number, 0.0), most) if math.isfinite(number) else 0.0


def as_number(text: str) -> float | None:
    """The number, or False as 0, that `text` shows: plain, or a scalar of numpy, torch, JAX or TensorFlow.

    None for anything else, and for True, which says that all is right and not how many points.
    """
    text = text.strip()
    if boolean := NUMPY_BOOL.fullmatch(text):
        text = boolean.group(1)
    elif found := WRAPPED.fullmatch(text) or TENSORFLOW.fullmatch(text):
        text = found.group("value")
    if text in ("True", "False"):
        return None if text == "True" else 0.0
    try:
        return float(text)
    except ValueError:
        return None


def _text(output: NotebookNode) -> str:
    text = output.get("data", {}).get("text/plain", "")
    return "".join(text) if isinstance(text, list) else str(text)
