"""A claim as a picture: its seeds as dots, the band shaded, the baseline dashed, a run above. Pure SVG.

The book and the report of `foursteps reproduce` draw with this one module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from statistics import fmean

from foursteps.claims.record import number

GREEN, AMBER, GREY, RED = "#2e7d4f", "#9a5b00", "#5f6672", "#b3261e"
INK, SOFT, LINE = "#1f2328", "#59616b", "#c9ced6"
BLUE, PAPER = "#2b6cb0", "#f5f7f9"
FONT = "system-ui,-apple-system,Segoe UI,DejaVu Sans,sans-serif"
WIDTH, HEIGHT, LEFT, AXIS = 500, 144, 22, 96


@dataclass(frozen=True)
class Strip:
    """What is drawn of a claim, all in the claim's own unit.

    seeds are the measured values; low and high the values between which a run raises no question; runs those
    of the run that is shown, whom `said` names; `out` when they are out of the band.
    """

    label: str
    seeds: Sequence[float] = ()
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    runs: Sequence[float] = ()
    said: str = "this run"
    out: bool = False

    @property
    def all(self) -> list[float]:
        """Every value that has to be inside the picture."""
        ends = [value for value in (self.low, self.high, self.baseline) if value is not None]
        return [*self.seeds, *self.runs, *ends]


def draw(strip: Strip) -> str:
    """The picture as SVG; empty where there is no value at all."""
    if not strip.all:
        return ""
    low, high = min(strip.all), max(strip.all)
    room = (high - low) * 0.08 or 0.5
    low, high = low - room, high + room

    def x(value: float) -> float:
        return LEFT + (WIDTH - 2 * LEFT) * (value - low) / (high - low)

    parts = _band(strip, x)
    parts.append(f'<path d="M{LEFT} {AXIS}h{WIDTH - 2 * LEFT}" stroke="{INK}" stroke-width="1"/>')
    for value in ticks(low, high):
        parts.append(
            f'<path d="M{x(value):.1f} {AXIS}v5" stroke="{INK}"/>'
            f'<text x="{x(value):.1f}" y="{AXIS + 19}" text-anchor="middle" fill="{SOFT}">{value:g}</text>'
        )
    parts += _baseline(strip, x) + _dots(strip, x) + _runs(strip, x)
    words = escape(describe(strip))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" viewBox="0 0 {WIDTH} '
        f'{HEIGHT}" width="640" height="184"><title>{words}</title>'
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8" fill="#fff" stroke="{LINE}"/>'
        f'<g font-family="{FONT}" font-size="13">'
        f'{"".join(parts)}<text x="{LEFT}" y="{HEIGHT - 8}" fill="{SOFT}">{escape(strip.label)}: each dot '
        f"one seed; shaded, the band a run must reach</text></g></svg>\n"
    )


def _band(strip: Strip, x) -> list[str]:
    if strip.low is None and strip.high is None:
        return []
    start = x(strip.low) if strip.low is not None else LEFT
    end = x(strip.high) if strip.high is not None else WIDTH - LEFT
    size = f'width="{max(end - start, 2):.1f}" height="{AXIS - 50}"'
    parts = [f'<rect x="{start:.1f}" y="50" {size} fill="{GREEN}" opacity=".16"/>']
    for edge in (strip.low, strip.high):
        if edge is not None:
            parts.append(f'<path d="M{x(edge):.1f} 50V{AXIS}" stroke="{GREEN}" stroke-width="1.5"/>')
    return parts


def _baseline(strip: Strip, x) -> list[str]:
    if strip.baseline is None:
        return []
    at = x(strip.baseline)
    side = "start" if at < WIDTH / 2 else "end"
    return [
        f'<path d="M{at:.1f} 42V{AXIS}" stroke="{AMBER}" stroke-width="2" stroke-dasharray="5 4"/>',
        f'<text x="{at:.1f}" y="36" text-anchor="{side}" fill="{AMBER}">'
        f"baseline {number(strip.baseline)}</text>",
    ]


def _dots(strip: Strip, x) -> list[str]:
    """Seeds that gave nearly the same value are stacked, so that each one can be counted."""
    parts: list[str] = []
    taken: list[tuple[float, int]] = []
    for value in sorted(strip.seeds):
        level = 0
        while any(abs(x(value) - at) < 8 and level == other for at, other in taken):
            level += 1
        taken.append((x(value), level))
        parts.append(
            f'<circle cx="{x(value):.1f}" cy="{AXIS - 8 - 9 * (level % 5):.1f}" r="4" fill="{BLUE}" '
            f'stroke="#fff" stroke-width=".8"/>'
        )
    return parts


def _runs(strip: Strip, x) -> list[str]:
    if not strip.runs:
        return []
    colour = RED if strip.out else INK
    parts = [f'<path d="M{x(value):.1f} 49l-6 -10h12z" fill="{colour}"/>' for value in strip.runs]
    mean = fmean(strip.runs)
    share = (x(mean) - LEFT) / (WIDTH - 2 * LEFT)
    anchor = "end" if share > 0.8 else "start" if share < 0.2 else "middle"
    more = f", the mean of {len(strip.runs)} seeds" if len(strip.runs) > 1 else ""
    parts.append(
        f'<text x="{x(mean):.1f}" y="18" text-anchor="{anchor}" fill="{colour}" font-weight="700">'
        f"{escape(strip.said)} {number(mean)}{more}</text>"
    )
    return parts


def describe(strip: Strip) -> str:
    """The picture in words: its alternative text."""
    parts = []
    if strip.seeds:
        low, high = number(min(strip.seeds)), number(max(strip.seeds))
        parts.append(f"{strip.label} over {len(strip.seeds)} seeds lies between {low} and {high}")
    if strip.low is not None and strip.high is not None:
        parts.append(f"the band is {number(strip.low)} to {number(strip.high)}")
    if strip.baseline is not None:
        parts.append(f"the baseline is {number(strip.baseline)}")
    if strip.runs:
        parts.append(f"{strip.said} gave {', '.join(map(number, strip.runs))}")
    text = "; ".join(parts) or f"{strip.label}: nothing measured yet"
    return text[0].upper() + text[1:] + "."


def ticks(low: float, high: float, wanted: int = 6) -> list[float]:
    """About `wanted` round values between `low` and `high`."""
    span = high - low
    step = 10 ** floor(log10(span / wanted))
    step = next(step * factor for factor in (1, 2, 2.5, 5, 10) if span / (step * factor) <= wanted)
    first = ceil(low / step)
    return [round(n * step, 10) for n in range(first, floor(high / step) + 1)]
