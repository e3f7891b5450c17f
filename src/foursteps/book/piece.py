"""What moves on a lecture's page: a table that a cell after the lecture's last one made, as data. Pure.

`lectures/<topic>/piece.py` is that cell; `reproduce.printed` says when it runs. It ends with a `piece`: a
dictionary of one of the kinds below.
"""

import copy
import re
from decimal import ROUND_HALF_UP, Decimal
from math import exp, floor, log10
from typing import Annotated, Any, Literal

import nbformat
from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from foursteps import notebook as nb
from foursteps.errors import BookError
from foursteps.reproduce.printed import CELL, MIME


class _Piece(BaseModel):
    """What every kind has: the heading of the lecture before which it stands, and what its picture shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: str
    alt: str


class Axis(BaseModel):
    """An axis: what it says and in which steps it goes. A `log` axis is logarithmic."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    log: bool = False
    low: float | None = None
    high: float | None = None


class Column(BaseModel):
    """A number for each option and each x: `values[option][x]`, None where there is none.

    It is drawn as a line, or only told; `digits` are those after the point, or significant ones for a number
    that spans many sizes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: list[list[float | None]]
    digits: int = Field(default=2, ge=0, le=6)
    significant: bool = False
    drawn: bool = True


class Curves(_Piece):
    """Lines over x, one set of them an option: a slider goes along x, another control takes the option.

    `says` is a sentence with `{x}`, `{option}` and the names of columns in braces.
    """

    kind: Literal["curves"]
    x: list[float]
    x_digits: int = Field(default=0, ge=0, le=6)
    across: Axis
    up: Axis
    choose: str
    options: list[str] = Field(min_length=1)
    ordered: bool = False
    """Whether the options are steps of one quantity, for which a slider is better than a list."""
    start: tuple[int, int] = (0, 0)
    columns: dict[str, Column]
    says: str

    @model_validator(mode="after")
    def _whole(self) -> "Curves":
        for name, column in self.columns.items():
            if len(column.values) != len(self.options) or any(len(v) != len(self.x) for v in column.values):
                raise ValueError(f"columns.{name} is not of {len(self.options)} options and {len(self.x)} x")
        known = {"x", "option", *self.columns}
        if unknown := [name for name in re.findall(r"{(\w+)}", self.says) if name not in known]:
            raise ValueError(f"says names {unknown[0]}, which is no column")
        if not (self.start[0] < len(self.options) and self.start[1] < len(self.x)):
            raise ValueError("start is not inside the table")
        return self


class Place(BaseModel):
    """A point of a map: its name, where it is, and which points are most alike (number, likeness)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    at: tuple[float, float]
    near: list[tuple[int, float]]


class Map(_Piece):
    """Named points on a plane, each with those that are most like it."""

    kind: Literal["map"]
    choose: str
    across: Axis
    up: Axis
    places: list[Place] = Field(min_length=2)
    start: int = 0

    @model_validator(mode="after")
    def _whole(self) -> "Map":
        if any(not 0 <= number < len(self.places) for place in self.places for number, _ in place.near):
            raise ValueError("near names a point that is not there")
        if not 0 <= self.start < len(self.places):
            raise ValueError("start is not one of the places")
        return self


class Words(_Piece):
    """A whole model of a bag of words: the sigmoid of `bias` plus the mean of the words' scores.

    `tokens` is the regular expression that cuts a text in small letters; it has to mean the same to Python
    and to a browser. Words without a score have that of `unknown`; after `longest` words nothing is read.
    """

    kind: Literal["words"]
    label: str
    outcome: str
    text: str
    tokens: str
    longest: int = Field(gt=0)
    scores: dict[str, float]
    unknown: float
    bias: float


Piece = Annotated[Curves | Map | Words, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[Curves | Map | Words] = TypeAdapter(Piece)


def piece_of(run: NotebookNode, where: object) -> Curves | Map | Words | None:
    """The piece that a run's last cell gave; None for a lecture without one.

    Raises BookError when what it gave is of no kind, naming the field.
    """
    cell = next((cell for cell in nb.code_cells(run) if cell.get("id") == CELL), None)
    if cell is None:
        return None
    data = [output["data"][MIME] for output in cell.outputs if MIME in output.get("data", {})]
    try:
        return _ADAPTER.validate_python(data[-1] if data else None)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "piece"
        raise BookError(
            where,
            expected="`piece`, a dictionary of the kind curves, map or words",
            found=f"{place}: {first['msg']}",
            mend="Correct piece.py; foursteps/book/piece.py says what each kind has.",
        ) from None


def placed(
    page: NotebookNode, piece: Curves | Map | Words, said: str, html: str, where: object
) -> NotebookNode:
    """The printed page with its piece before the heading that it names: what is `said`, the figure `html`.

    Raises BookError where no line of the prose is that heading.
    """
    page = copy.deepcopy(page)
    own = next(cell for cell in page.cells if cell.get("id") == CELL)
    page.cells.remove(own)
    bundle = {"text/html": html, "text/plain": piece.alt}
    own.outputs = [nbformat.v4.new_output("display_data", bundle)]
    for number, cell in enumerate(page.cells):
        if cell.cell_type != "markdown":
            continue
        lines = cell.source.splitlines()
        if piece.before in lines:
            at = lines.index(piece.before)
            rest = copy.deepcopy(cell)
            cell.source, rest.source = "\n".join(lines[:at]).rstrip(), "\n".join(lines[at:])
            rest.id = f"{cell.get('id', 'cell')}-rest"[:64]
            above = [cell] if cell.source else []
            prose = "\n".join(c.source for c in page.cells[: number + 1] if c.cell_type == "markdown")
            # A heading of the third level stands below one of the second, or the page is refused.
            level = "###" if re.search(r"^## ", prose, re.MULTILINE) else "##"
            text = nbformat.v4.new_markdown_cell(f"{level} {said}", id="piece-said")
            page.cells[number : number + 1] = [*above, text, own, rest]
            return page
    raise BookError(
        where,
        expected=f"a heading `{piece.before}` in the lecture, before which the piece stands",
        found="none",
        mend="Correct `before` in piece.py; it is the whole line.",
    )


def told(value: float | None, column: Column) -> str:
    """A number of a column as the page says it; a dash where there is none."""
    if value is None:
        return "–"
    digits = column.digits
    if column.significant and value:
        digits = min(6, max(0, digits - 1 - floor(log10(abs(value)))))
    return fixed(value, digits)


def fixed(value: float, digits: int) -> str:
    """`value` with `digits` after the point; halves away from zero, as browsers do."""
    return f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,}"


def sentence(piece: Curves, option: int, at: int) -> str:
    """What the page says of the option and the x that are chosen."""
    words = {"option": piece.options[option], "x": fixed(piece.x[at], piece.x_digits)}
    words |= {name: told(column.values[option][at], column) for name, column in piece.columns.items()}
    return re.sub(r"{(\w+)}", lambda found: words[found[1]], piece.says)


def read(piece: Words, text: str) -> tuple[list[tuple[str, float | None]], float]:
    """The tokens of `text` with their scores (None for an unknown one), and the probability."""
    tokens = re.findall(piece.tokens, text.lower())[: piece.longest]
    scores = [(token, piece.scores.get(token)) for token in tokens]
    values = [piece.unknown if score is None else score for _, score in scores] or [piece.unknown]
    return scores, 1 / (1 + exp(-(sum(values) / len(values) + piece.bias)))


def data_of(piece: Curves | Map | Words) -> dict[str, Any]:
    """What the page's script needs of a piece."""
    return piece.model_dump(mode="json", exclude={"before"})
