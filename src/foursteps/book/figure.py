"""A claim as a badge and as a figure: its seeds, its band, and the baseline outside it. Pure SVG."""

from html import escape
from math import ceil, floor, log10

from foursteps.book.claim import Claim
from foursteps.claims.record import number

GREEN, AMBER, GREY = "#2e7d4f", "#9a5b00", "#5f6672"
INK, SOFT, LINE = "#1f2328", "#59616b", "#c9ced6"
BLUE, PAPER = "#2b6cb0", "#f5f7f9"
FONT = "system-ui,-apple-system,Segoe UI,DejaVu Sans,sans-serif"


def badge(label: str, value: str, state: str) -> str:
    """A badge in two halves, `accuracy | 0.967 reproduces`. `state` is `in`, `out` or `unknown`."""
    colour = {"in": GREEN, "out": AMBER}.get(state, GREY)
    left, right = 7.0 * len(label) + 18, 7.0 * len(value) + 18
    text = escape(f"{label}: {value}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{text}" width="{left + right:.0f}" '
        f'height="24" viewBox="0 0 {left + right:.0f} 24"><title>{text}</title>'
        f'<rect width="{left + right:.0f}" height="24" rx="5" fill="{colour}"/>'
        f'<path d="M5 0h{left - 5:.0f}v24H5a5 5 0 0 1-5-5V5a5 5 0 0 1 5-5z" fill="#3a414b"/>'
        f'<g fill="#fff" font-family="ui-monospace,SFMono-Regular,Menlo,DejaVu Sans Mono,monospace" '
        f'font-size="11.5" text-anchor="middle"><text x="{left / 2:.1f}" y="16">{escape(label)}</text>'
        f'<text x="{left + right / 2:.1f}" y="16" font-weight="700">{escape(value)}</text>'
        f"</g></svg>\n"
    )


def strip(claim: Claim) -> str:
    """The seeds of a claim as dots, its band shaded, its baseline dashed, and this page's run."""
    shown = [*claim.values, *([claim.printed] if claim.printed is not None else [])]
    ends = [value for value in (claim.low, claim.high, claim.baseline) if value is not None]
    low, high = min([*shown, *ends]), max([*shown, *ends])
    room = (high - low) * 0.08 or 0.5
    low, high = low - room, high + room
    left, width, axis = 22, 456, 96

    def x(value: float) -> float:
        return left + width * (value - low) / (high - low)

    parts = []
    if claim.low is not None or claim.high is not None:
        start = x(claim.low) if claim.low is not None else left
        end = x(claim.high) if claim.high is not None else left + width
        parts.append(
            f'<rect x="{start:.1f}" y="50" width="{max(end - start, 2):.1f}" height="46" fill="{GREEN}" '
            f'opacity=".16"/>'
        )
        for edge in (claim.low, claim.high):
            if edge is not None:
                parts.append(f'<path d="M{x(edge):.1f} 50V{axis}" stroke="{GREEN}" stroke-width="1.5"/>')
    parts.append(f'<path d="M{left} {axis}h{width}" stroke="{INK}" stroke-width="1"/>')
    for value in ticks(low, high):
        parts.append(
            f'<path d="M{x(value):.1f} {axis}v5" stroke="{INK}"/>'
            f'<text x="{x(value):.1f}" y="{axis + 19}" text-anchor="middle" fill="{SOFT}">{value:g}</text>'
        )
    if claim.baseline is not None:
        at = x(claim.baseline)
        side = "start" if at < left + width / 2 else "end"
        parts.append(
            f'<path d="M{at:.1f} 42V{axis}" stroke="{AMBER}" stroke-width="2" stroke-dasharray="5 4"/>'
            f'<text x="{at:.1f}" y="36" text-anchor="{side}" fill="{AMBER}">'
            f"baseline {number(claim.baseline)}</text>"
        )
    # Seeds that gave nearly the same value are stacked, so that each one can be counted.
    taken: list[tuple[float, int]] = []
    for value in sorted(claim.values):
        level = 0
        while any(abs(x(value) - at) < 8 and level == other for at, other in taken):
            level += 1
        taken.append((x(value), level))
        parts.append(
            f'<circle cx="{x(value):.1f}" cy="{axis - 8 - 9 * (level % 5):.1f}" r="4" fill="{BLUE}" '
            f'stroke="#fff" stroke-width=".8"/>'
        )
    if claim.printed is not None:
        at = x(claim.printed)
        anchor = "end" if at > left + width * 0.8 else "start" if at < left + width * 0.2 else "middle"
        parts.append(
            f'<path d="M{at:.1f} 49l-6 -10h12z" fill="{INK}"/>'
            f'<text x="{at:.1f}" y="18" text-anchor="{anchor}" fill="{INK}" font-weight="700">'
            f"this page {number(claim.printed)}</text>"
        )
    words = escape(describe(claim))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" viewBox="0 0 500 144" '
        f'width="640" height="184"><title>{words}</title>'
        f'<rect x=".5" y=".5" width="499" height="143" rx="8" fill="#fff" stroke="{LINE}"/>'
        f'<g font-family="{FONT}" font-size="13">'
        f'{"".join(parts)}<text x="{left}" y="136" fill="{SOFT}">{escape(claim.label)}: each dot one seed; '
        f"shaded, the band a run must reach</text></g></svg>\n"
    )


def describe(claim: Claim) -> str:
    """The figure in words: its alternative text."""
    parts = []
    if claim.values:
        low, high = number(min(claim.values)), number(max(claim.values))
        parts.append(f"{claim.label} over {len(claim.values)} seeds lies between {low} and {high}")
    if claim.low is not None and claim.high is not None:
        parts.append(f"the band is {number(claim.low)} to {number(claim.high)}")
    if claim.baseline is not None:
        parts.append(f"the baseline is {number(claim.baseline)}")
    if claim.printed is not None:
        parts.append(f"this page's run gave {number(claim.printed)}")
    text = "; ".join(parts) or f"{claim.label}: nothing measured yet"
    return text[0].upper() + text[1:] + "."


def ticks(low: float, high: float, wanted: int = 6) -> list[float]:
    """About `wanted` round values between `low` and `high`."""
    span = high - low
    step = 10 ** floor(log10(span / wanted))
    step = next(step * factor for factor in (1, 2, 2.5, 5, 10) if span / (step * factor) <= wanted)
    first = ceil(low / step)
    return [round(n * step, 10) for n in range(first, floor(high / step) + 1)]
