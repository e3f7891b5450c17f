"""`record()`: how a notebook states a result, for the reader as a card and for the kit as data."""

import json
import math
import os
import re
import sys
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from foursteps.errors import ClaimError
from foursteps.learner.progress import remember

MIME = "application/vnd.foursteps.claim+json"
CLAIMS = "FOURSTEPS_CLAIMS"
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Claim:
    """A named number that a notebook states.

    n is the number of rows it was measured on; a proportion is a share of those rows (an accuracy), whose
    smallest step and binomial error are then known.
    """

    name: str
    value: float
    baseline: float
    n: int | None = None
    higher_is_better: bool = True
    proportion: bool = False


def record(
    name: str,
    value: Any,
    *,
    baseline: Any,
    n: int | None = None,
    higher_is_better: bool = True,
    proportion: bool | None = None,
) -> None:
    """State a result: show it as a card and hand it to `foursteps reproduce`.

    Parameters
    ----------
    name : what the number is called in claims.json: lower case letters, digits and _.
    value : the number; anything that `float` takes, such as a tensor of one element.
    baseline : what somebody reaches who learned nothing from the data, or little; in the same unit.
    n : the number of rows that `value` was measured on.
    higher_is_better : False for an error or a loss.
    proportion : whether `value` is a share of the `n` rows; taken to be one when its name ends in "accuracy".

    Raises ClaimError when the value or the baseline is missing, NaN or infinite.
    """
    claim = make(name, value, baseline, n, higher_is_better, proportion)
    show(claim)
    remember("claim", name, value=claim.value)


def make(
    name: str, value: Any, baseline: Any, n: int | None, higher_is_better: bool, proportion: bool | None
) -> Claim:
    """The claim that `record` states; raises ClaimError as `record` does."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ClaimError(
            f"record({name!r})",
            expected="a name of lower case letters, digits and _",
            found=repr(name),
            mend='Call it something like "accuracy".',
        )
    value, baseline = _number(name, "a value", value), _number(name, "a baseline", baseline)
    if n is not None:
        rows = _number(name, "n, a number of rows", n)
        if rows < 1 or rows != int(rows):
            raise ClaimError(
                f"record({name!r})",
                expected="n, a whole number of rows, at least 1",
                found=repr(n),
                mend="Give the number of rows that the value was measured on, such as len(valid).",
            )
        n = int(rows)
    if proportion is None:
        proportion = name.endswith("accuracy") and 0 <= value <= 1
    return Claim(name, value, baseline, n, bool(higher_is_better), bool(proportion))


def _number(name: str, what: str, thing: Any) -> float:
    """`thing` as a finite float."""
    try:
        number = float(thing)
    except (TypeError, ValueError, RuntimeError):
        number, found = math.nan, "none" if thing is None else repr(thing)[:80]
    else:
        found = repr(number)
    if math.isfinite(number):
        return number
    mend = (
        "Measure something simple on the same rows, such as always the most frequent label."
        if "baseline" in what
        else "Look at the cell that computed it: the loss may have become NaN, or no row was left."
    )
    raise ClaimError(f"record({name!r})", expected=f"{what} that is a finite number", found=found, mend=mend)


def show(claim: Claim) -> None:
    """Show `claim` as a card, with the bundle that `foursteps reproduce` reads; print it outside Jupyter."""
    band = published_band(claim.name)
    try:
        from IPython import get_ipython
        from IPython.display import display

        shell = get_ipython()
    except ImportError:
        shell = None
    text = text_card(claim, band)
    if shell is None or shell.__class__.__name__ == "TerminalInteractiveShell":
        print(text)
        return
    bundle = {MIME: {"schema": 1, **asdict(claim)}, "text/plain": text, "text/html": html_card(claim, band)}
    display(bundle, raw=True)


def published_band(name: str) -> tuple[float, float] | None:
    """The lowest and highest value that raise no question, from the claims.json at hand; None without one.

    $FOURSTEPS_CLAIMS names the file; empty, it says that no band is to be shown. Otherwise the file lies
    beside the notebook. Read as plain JSON: a card needs no more, and must not fail over it.
    """
    path = os.environ.get(CLAIMS, "claims.json")
    try:
        bands = json.loads(Path(path).read_text("utf-8"))["claims"][f"lecture.{name}"]["bands"]
        band = bands.get(_device_class()) or next(iter(bands.values()))
        low, high = sorted((float(band["limits"]["alarm"]), float(band["limits"]["stale"])))
        return low, high
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return None


def _device_class() -> str:
    """`cuda` where this process already uses a GPU through torch, else `cpu`. Imports nothing."""
    torch = sys.modules.get("torch")
    return "cuda" if torch is not None and torch.cuda.is_available() else "cpu"


def number(value: float) -> str:
    """A claim's value as people read it: three decimals, or four digits where that shows nothing."""
    return f"{value:.3f}" if 0.01 <= abs(value) < 1000 or value == 0 else f"{value:.4g}"


def rows(claim: Claim, band: tuple[float, float] | None) -> list[tuple[str, str]]:
    """The lines of a card: label and text."""
    gain = claim.value - claim.baseline if claim.higher_is_better else claim.baseline - claim.value
    better = "better than" if gain > 0 else "no better than"
    lines = [("baseline", f"{number(claim.baseline)}: this is {better} it, by {number(abs(gain))}")]
    if gain <= 0:
        lines[0] = ("baseline", f"{number(claim.baseline)}: this is {better} it")
    if band:
        low, high = band
        place = "inside" if low <= claim.value <= high else "above" if claim.value > high else "below"
        lines.append(("usually", f"{number(low)} to {number(high)}: this run is {place}"))
    if claim.n:
        lines.append(("measured on", f"{claim.n:,} rows"))
    return lines


def text_card(claim: Claim, band: tuple[float, float] | None = None) -> str:
    """The card as lines of text."""
    head = f"{claim.name} {number(claim.value)}"
    return "\n".join([head, *(f"  {label:<11} {text}" for label, text in rows(claim, band))])


def html_card(claim: Claim, band: tuple[float, float] | None = None) -> str:
    """The card as HTML, in the page's own colours."""
    lines = "".join(
        f'<div style="margin:.15em 0;display:flex;gap:.6em;flex-wrap:wrap"><span style="min-width:6.5em;'
        f'opacity:.7">{label}</span><span style="flex:1;min-width:12em">{escape(text)}</span></div>'
        for label, text in rows(claim, band)
    )
    return (
        f'<div class="foursteps-card" role="group" aria-label="Result {escape(claim.name)}" style="'
        f"border:1px solid rgba(128,128,128,.35);border-left:5px solid #3b7dd8;border-radius:6px;"
        f'padding:.6em .9em;margin:.3em 0;max-width:44em;line-height:1.45">'
        f'<div style="display:flex;gap:.6em;align-items:baseline"><strong style="font-size:1.25em">'
        f"{number(claim.value)}</strong><code>{escape(claim.name)}</code></div>{lines}</div>"
    )
