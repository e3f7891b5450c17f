"""Outcome cards: what was checked, what you got, what was expected, how far off, the next hint.

One card in two forms, HTML for notebooks and pages, text for terminals and screen readers. The state is
said by a word and a sign as well as a colour. Colours come from the page's own text and background, so
that a card reads in the light and in the dark theme.
"""

# No run depends on this module: it only draws.

from html import escape

from foursteps.checks.definition import Scale
from foursteps.grade.score import Outcome

STATES = {
    "passed": ("✓", "Passed", "#2e9e5b"),
    "failed": ("✗", "Not yet", "#d9822b"),
    "not_attempted": ("○", "Not attempted", "#8a8f98"),
    "crashed": ("!", "It raised an error", "#d64545"),
    "grader_broken": ("?", "The check itself is broken", "#8e5bd0"),
}

ROW = "margin:.15em 0;display:flex;gap:.6em;flex-wrap:wrap"
LABEL = "min-width:5.5em;opacity:.7"


def points_text(outcome: Outcome) -> str:
    """`2 of 5 points`."""
    noun = "point" if outcome.max_points == 1 else "points"
    return f"{outcome.points:g} of {outcome.max_points:g} {noun}"


def text_card(outcome: Outcome, asks: str = "", advice: str = "", hint: str = "") -> str:
    """The card as lines of text."""
    sign, word, _ = STATES[outcome.state]
    lines = [f"{sign} {word}: {outcome.check}, {points_text(outcome)}"]
    for label, value in _rows(outcome, asks, advice):
        lines.append(f"  {label:<9} {value}")
    if outcome.value is not None and outcome.scale is not None:
        lines.append(f"  {text_bar(outcome.value, outcome.scale)}")
    if hint:
        lines.append(f"  {hint}")
    return "\n".join(lines)


def html_card(outcome: Outcome, asks: str = "", advice: str = "", hint: tuple[int, str] | None = None) -> str:
    """The card as HTML. `hint` is the next rung, its number and its text, folded."""
    sign, word, colour = STATES[outcome.state]
    rows = "".join(
        f'<div style="{ROW}"><span style="{LABEL}">{label}</span>'
        f'<span style="flex:1;min-width:12em">{escape(value)}</span></div>'
        for label, value in _rows(outcome, asks, advice)
    )
    if outcome.value is not None and outcome.scale is not None:
        rows += scale_bar(outcome.value, outcome.scale, colour, outcome.interval)
    if hint:
        number, text = hint
        rows += (
            f'<details style="margin-top:.5em"><summary style="cursor:pointer">Hint {number} of 3</summary>'
            f'<div style="margin:.3em 0 0 1em">{escape(text)}</div></details>'
        )
    return (
        f'<div class="foursteps-card" role="group" aria-label="Check {escape(outcome.check)}: {word}" '
        f'style="border:1px solid rgba(128,128,128,.35);border-left:5px solid {colour};border-radius:6px;'
        f'padding:.6em .9em;margin:.3em 0;max-width:44em;line-height:1.45">'
        f'<div style="display:flex;gap:.6em;align-items:baseline;flex-wrap:wrap">'
        f'<span aria-hidden="true" style="color:{colour};font-weight:700">{sign}</span>'
        f"<strong>{word}</strong><code>{escape(outcome.check)}</code>"
        f'<span style="margin-left:auto;opacity:.8">{points_text(outcome)}</span></div>{rows}</div>'
    )


def _rows(outcome: Outcome, asks: str, advice: str) -> list[tuple[str, str]]:
    rows = [
        ("asked", asks),
        ("given", outcome.given),
        ("you have", outcome.got),
        ("expected", outcome.expected if outcome.state != "passed" or outcome.value is not None else ""),
        ("because", outcome.reason),
        ("how far", distance(outcome)),
        ("try", advice),
    ]
    return [(label, value) for label, value in rows if value]


def distance(outcome: Outcome) -> str:
    """How far a metric is from all of the points, in its own unit and as a share of the way."""
    if outcome.value is None or outcome.scale is None or outcome.state == "passed":
        return ""
    gap, reach = abs(outcome.scale.full - outcome.value), _reach(outcome.value, outcome.scale)
    if reach >= 1:
        return ""
    if reach <= 0:
        return (
            f"{gap:.3f} from all the points, {abs(outcome.value - outcome.scale.zero):.3f} before the first"
        )
    return f"{gap:.3f} from all the points, {reach:.0%} of the way"


def _reach(value: float, scale: Scale) -> float:
    """Where `value` lies on the way from no points (0) to all of them (1)."""
    span = scale.full - scale.zero
    return (value - scale.zero) / span if span else 0.0


def text_bar(value: float, scale: Scale, width: int = 30) -> str:
    """The bar for a terminal: `|` where the points begin and where they are full, `o` is you."""
    cells = [*"-" * width]
    begin, full = width // 8, width * 7 // 8
    cells[begin] = cells[full] = "|"
    at = begin + (full - begin) * _reach(value, scale)
    cells[round(min(max(at, 0), width - 1))] = "o"
    return f"{''.join(cells)}  | {scale.zero:.3f} none, o {value:.3f} you, | {scale.full:.3f} all"


def scale_bar(value: float, scale: Scale, colour: str, interval: tuple[float, float] | None = None) -> str:
    """A bar from where the points begin to where they are full, with a mark for `value` and its interval."""

    def place(number: float) -> float:
        return 10 + 70 * min(max(_reach(number, scale), -0.12), 1.25)

    at = place(value)
    words = f"You are at {value:.3f}. Points begin at {scale.zero:.3f} and are full at {scale.full:.3f}."
    spread = ""
    if interval:
        low, high = sorted(map(place, interval))
        words += f" The 95 % interval is {interval[0]:.3f} to {interval[1]:.3f}."
        spread = f'<path d="M{low:.1f} 7.2H{high:.1f}" stroke="{colour}" stroke-width="1" opacity=".8"/>'
    return (
        f'<svg role="img" aria-label="{words}" viewBox="0 0 100 16" style="width:100%;max-width:440px;'
        f'display:block;margin:.5em 0 .1em;overflow:visible" font-size="3.2" fill="currentColor">'
        f"<title>{words}</title>"
        f'<rect x="1" y="6" width="98" height="2.4" rx="1.2" opacity=".15"/>'
        f'<rect x="80" y="6" width="19" height="2.4" rx="1.2" fill="#2e9e5b" opacity=".55"/>'
        f'<path d="M10 4.6v5.2M80 4.6v5.2" stroke="currentColor" stroke-width=".4" opacity=".7"/>'
        f"{spread}"
        f'<circle cx="{at:.1f}" cy="7.2" r="2.1" fill="{colour}" stroke="currentColor" stroke-width=".3"/>'
        f'<text x="{min(max(at, 8), 92):.1f}" y="3.4" text-anchor="middle">you {value:.3f}</text>'
        f'<text x="1" y="13.2" text-anchor="start" opacity=".8">none at {scale.zero:.3f}</text>'
        f'<text x="80" y="13.2" text-anchor="middle" opacity=".8">all at {scale.full:.3f}</text></svg>'
    )
