"""Changes that turn a right piece of Python into a wrong one: each one mistake that people really make. Pure.

An operator looks at one node of a syntax tree and yields what may be written in some node's place. None is
written for one course: they know Python, NumPy's and torch's names for reductions, and nothing else.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

REDUCTIONS = {"mean", "sum", "std", "var", "max", "min", "argmax", "argmin", "prod", "any", "all", "median"}
SCALES = {"std", "max", "sum", "norm", "ptp", "len", "mean"}
CENTRES = {"mean", "min", "median"}
TRANSFORMS = {"log", "exp", "sqrt", "abs", "log1p", "square"}
OPPOSITES = {"argmax": "argmin", "argmin": "argmax", "max": "min", "min": "max"}
STEPS = {"zero_grad", "step", "backward", "zero_", "eval"}
RATES = {"lr", "learning_rate", "step_size", "lr_max", "base_lr"}
FITS = {"fit", "fit_one_cycle", "fine_tune"}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
SHOWN = {"print", "plt", "ax", "axes", "fig", "display"}
"""Calls on these only show something, so nothing that a check sees comes of them."""


@dataclass(frozen=True)
class Change:
    """New text for a node, by which operator, and a sentence that says what goes wrong."""

    node: ast.AST
    text: str
    operator: str
    says: str


Operator = Callable[[ast.AST], Iterator[tuple[ast.AST, str, str]]]


def changes(tree: ast.AST) -> Iterator[Change]:
    """Every change that an operator proposes somewhere in `tree`, in the order of the nodes."""
    for node in _looked_at(tree):
        for name, operator in OPERATORS.items():
            for target, text, says in operator(node):
                yield Change(target, text, name, says)


def _looked_at(node: ast.AST) -> Iterator[ast.AST]:
    """`node` and what is below it, but for calls that only show something, and text in f-strings."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr):
            continue
        if is_shown(child):
            continue
        yield from _looked_at(child)


def is_shown(node: ast.AST) -> bool:
    """Whether `node` is a statement that only shows something."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _root(node.value) in SHOWN


def _root(node: ast.AST) -> str:
    """The name that a chain of calls, attributes and indices begins with; empty when there is none."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _called(node: ast.AST) -> str:
    """The last name of what `node` calls, `mean` for `x.mean()` and `np.mean(x)`; empty for no call."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _named(node: ast.AST, words: set[str]) -> bool:
    """Whether `node` calls one of `words`, or is a name with one of them in it."""
    if isinstance(node, ast.Subscript):
        return _named(node.value, words)
    name = _called(node) or getattr(node, "id", "") or getattr(node, "attr", "")
    return bool(set(re.split(r"[_\d]+", name)) & words)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.AST) -> str:
    """`node` as source that may stand before a dot or inside a larger expression."""
    whole = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
    return ast.unparse(node) if whole else f"({ast.unparse(node)})"


def _with(node: ast.AST, **fields: object) -> str:
    """`node` with other fields, as source in parentheses."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return f"({ast.unparse(other)})"


def _number(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    )


def validation_rows(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Trains on the rows it validates on, or the reverse."""
    other = {"train": "valid", "valid": "train"}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        swapped = re.sub(r"\b(train|valid)\b", lambda word: other[word.group()], node.value)
        if swapped != node.value:
            yield node, repr(swapped), "takes the rows of the other part"
    if isinstance(node, ast.Attribute) and node.attr in ("train_ds", "valid_ds", "train_dl", "valid_dl"):
        part, kind = node.attr.split("_")
        text = f"{_text(node.value)}.{other[part]}_{kind}"
        yield node, text, "takes the rows of the other part"


def shuffled_labels(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Pairs rows with labels that are not theirs."""
    if not isinstance(node, ast.Call) or len(node.args) != 2 or node.keywords:
        return
    first, second = node.args
    if _called(node) == "zip" and isinstance(node.func, ast.Name):
        yield second, f"list({ast.unparse(second)})[::-1]", "pairs in the reverse order"
    elif _called(node) == "fit" and not _number(first) and not _number(second):
        yield second, f"list({ast.unparse(second)})[::-1]", "gives each row another row's label"


def zero_rate(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Learns at a rate of zero."""
    says = "learns at a rate of zero"
    if isinstance(node, ast.keyword) and node.arg in RATES:
        yield node.value, "0.0", says
    if _called(node) in FITS and isinstance(node, ast.Call) and len(node.args) >= 2:
        rate = node.args[1]
        if _number(rate) or _name(rate) in RATES:
            yield rate, "0.0", says
    if isinstance(node, ast.Assign) and _number(node.value) and _name(node.targets[0]) in RATES:
        yield node.value, "0.0", says
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        for side in (node.left, node.right):
            if _name(side) in RATES:
                yield side, "0.0", says


def normalisation(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Leaves out a division by a constant or a scale, or the subtraction of a centre."""
    if not isinstance(node, ast.BinOp):
        return
    left = f"({ast.unparse(node.left)})"
    if isinstance(node.op, ast.Div) and (_number(node.right) or _named(node.right, SCALES)):
        yield node, left, "leaves out the division"
    if isinstance(node.op, ast.Sub) and _named(node.right, CENTRES):
        yield node, left, "leaves out the subtraction"


def constant(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Answers the same whatever it is asked."""
    value = node.value if isinstance(node, ast.Return) else None
    value = node.body if isinstance(node, ast.Lambda) else value
    if value is None or isinstance(value, ast.Constant):
        return
    zeros = f"({'0, ' * len(value.elts)})" if isinstance(value, ast.Tuple) else "0"
    yield value, zeros, "answers the same whatever it is asked"


def missing_step(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Leaves out a line of a training loop, or what adds something up."""
    if isinstance(node, ast.Expr) and _called(node.value) in STEPS:
        yield node, "pass", "leaves out the line"
    if isinstance(node, ast.AugAssign):
        yield node, "pass", "leaves out the line"


def wrong_axis(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Goes along a neighbouring axis."""
    axis: ast.AST | None = None
    if isinstance(node, ast.keyword) and node.arg in ("axis", "dim"):
        axis = node.value
    elif isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.func, ast.Attribute):
        axis = node.args[0] if node.func.attr in REDUCTIONS else None
    if axis is None:
        return
    try:
        value = ast.literal_eval(axis)
    except ValueError:
        return
    says = "goes along another axis"
    if type(value) is int:
        yield axis, str({0: 1, -1: 0}.get(value, value - 1)), says
    elif isinstance(value, tuple) and value and all(type(one) is int for one in value):
        yield axis, repr(tuple({0: 1, -1: -2}.get(one, one - 1) for one in value)), says


def comparison(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Compares the other way round."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        yield node, _with(node, ops=[COMPARISONS[type(node.ops[0])]()]), "compares the other way round"


def other_extreme(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Takes the least for the most, or sorts the other way."""
    if isinstance(node, ast.Call) and _called(node) in OPPOSITES:
        opposite = OPPOSITES[_called(node)]
        if isinstance(node.func, ast.Attribute):
            opposite = f"{_text(node.func.value)}.{opposite}"
        yield node.func, opposite, "takes the other extreme"
    if not isinstance(node, ast.keyword) or node.arg not in ("reverse", "descending"):
        return
    if isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
        yield node.value, str(not node.value.value), "sorts the other way"


def sign(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Has a sign wrong."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not _number(node.operand):
        yield node, f"({ast.unparse(node.operand)})", "leaves out the minus"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        yield node, _with(node, op=ast.Add()), "adds for subtracts"
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
        yield node, f"{ast.unparse(node.target)} += {ast.unparse(node.value)}", "adds for subtracts"


def transform(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Leaves out a power, a logarithm, a root; or takes a sum for a mean."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and _number(node.right):
        yield node, f"({ast.unparse(node.left)})", "leaves out the power"
    if isinstance(node, ast.Call) and _called(node) in TRANSFORMS:
        name = _called(node)
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            yield node, f"({ast.unparse(node.args[0])})", f"leaves out the {name}"
        elif not node.args and not node.keywords and isinstance(node.func, ast.Attribute):
            yield node, f"({ast.unparse(node.func.value)})", f"leaves out the {name}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mean":
        yield node.func, f"{_text(node.func.value)}.sum", "sums for averages"


OPERATORS: dict[str, Operator] = {
    "validation rows": validation_rows,
    "shuffled labels": shuffled_labels,
    "zero rate": zero_rate,
    "normalisation": normalisation,
    "missing step": missing_step,
    "constant": constant,
    "axis": wrong_axis,
    "comparison": comparison,
    "extreme": other_extreme,
    "sign": sign,
    "transform": transform,
}
"""By name, the ones that matter most for a training first."""
