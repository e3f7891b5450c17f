"""A piece as HTML: a picture and a sentence that say it without a script, and what a script needs to move it.

Pure. `pieces.js` takes over where scripts run: it shows the controls, which are hidden in here, and changes
the picture that is drawn here; nothing is drawn twice.
"""

import json
from collections.abc import Callable, Sequence
from html import escape
from math import ceil, floor, log10

from foursteps.book.piece import Axis, Curves, Map, Words, data_of, fixed, read, sentence
from foursteps.claims.strip import ticks

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 14, 46
STRONGEST = 5
Scale = Callable[[float], float]


def html(piece: Curves | Map | Words, name: str) -> str:
    """The figure of a piece; `name` is the part of its ids that no other figure on the page has."""
    body = {Curves: _curves, Map: _map, Words: _words}[type(piece)](piece, name)  # type: ignore[operator]
    data = json.dumps(data_of(piece), separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<figure class="fs-piece" data-kind="{piece.kind}">{body}'
        f'<script type="application/json">{data}</script></figure>'
    )


def _curves(piece: Curves, name: str) -> str:
    option, at = piece.start
    drawn = {label: column for label, column in piece.columns.items() if column.drawn}
    heights = [v for column in drawn.values() for row in column.values for v in row if v is not None]
    x = scale(piece.across, piece.x, LEFT, WIDTH - RIGHT)
    y = scale(piece.up, heights, HEIGHT - BOTTOM, TOP)
    lines = []
    for line, (label, column) in enumerate(drawn.items()):
        for number, values in enumerate(column.values):
            shown = ' data-on=""' if number == option else ""
            lines.append(
                f'<path class="fs-line fs-c{line}" data-option="{number}" data-column="{escape(label)}"'
                f'{shown} d="{_path(piece.x, values, x, y)}"/>'
            )
    marks = "".join(
        f'<circle class="fs-mark fs-c{line}" r="5" cx="-9" cy="-9"/>' for line in range(len(drawn))
    )
    cursor = f'<path class="fs-cursor" d="M{x(piece.x[at]):.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
    others = " fs-others" if piece.ordered else ""
    picture = _svg(
        piece.alt,
        axes(piece.across, piece.up, piece.x, heights, x, y)
        + f'<g class="fs-lines{others}">{"".join(lines)}</g>'
        f'<g class="fs-trace"></g>{cursor}{marks}',
    )
    legend = "".join(
        f'<span class="fs-key fs-c{line}">{escape(label)}</span>' for line, label in enumerate(drawn)
    )
    if piece.ordered:
        control = _slider(f"{name}-option", piece.choose, len(piece.options), option, "option")
    else:
        control = _list(f"{name}-option", piece.choose, piece.options, option)
    control += _slider(f"{name}-x", piece.across.label, len(piece.x), at, "x")
    return (
        f'{picture}<p class="fs-legend">{legend}</p><div class="fs-controls" hidden>{control}</div>'
        f'<p class="fs-says" role="status">{escape(sentence(piece, option, at))}</p>'
    )


def _map(piece: Map, name: str) -> str:
    across, up = [p.at[0] for p in piece.places], [p.at[1] for p in piece.places]
    x = scale(piece.across, across, LEFT, WIDTH - RIGHT)
    y = scale(piece.up, up, HEIGHT - BOTTOM, TOP)
    near = {number for number, _ in piece.places[piece.start].near}
    dots = []
    for number, place in enumerate(piece.places):
        kind = ' data-on=""' if number == piece.start else ' data-near=""' if number in near else ""
        dots.append(
            f'<circle class="fs-dot" data-place="{number}"{kind} cx="{x(place.at[0]):.1f}" '
            f'cy="{y(place.at[1]):.1f}" r="3.5"><title>{escape(place.name)}</title></circle>'
        )
    picture = _svg(
        piece.alt,
        axes(piece.across, piece.up, across, up, x, y)
        + f'<g class="fs-dots">{"".join(dots)}</g><g class="fs-names"></g>',
    )
    names = [place.name for place in piece.places]
    return (
        f'{picture}<div class="fs-controls" hidden>{_list(f"{name}-place", piece.choose, names, piece.start)}'
        f'</div><p class="fs-says" role="status">{escape(neighbours(piece, piece.start))}</p>'
    )


def neighbours(piece: Map, number: int) -> str:
    """What the page says of a place: those that are most like it, with their likeness."""
    place = piece.places[number]
    alike = ", ".join(f"{piece.places[other].name} ({fixed(value, 2)})" for other, value in place.near)
    return f"{place.name}: nearest are {alike}." if alike else f"{place.name}: none is near."


def _words(piece: Words, name: str) -> str:
    scores, probability = read(piece, piece.text)
    largest = max((abs(value) for _, value in scores if value is not None), default=1.0) or 1.0
    marked = " ".join(
        f'<span class="{word_class(value)}" style="--fs-weight:{abs(value or 0) / largest:.2f}">'
        f"{escape(token)}</span>"
        for token, value in scores
    )
    return (
        f'<div class="fs-controls" hidden><label for="{name}-text">{escape(piece.label)}</label>'
        f'<textarea id="{name}-text" rows="3">{escape(piece.text)}</textarea></div>'
        f'<p class="fs-text">{marked}</p>'
        f'<meter min="0" max="1" value="{probability:.3f}" aria-label="{escape(piece.outcome)}"></meter>'
        f'<p class="fs-says" role="status">{escape(verdict(piece, piece.text))}</p>'
    )


def verdict(piece: Words, text: str) -> str:
    """What the page says of a text: the probability, and the words that speak loudest either way."""
    scores, probability = read(piece, text)
    known = {token: value for token, value in scores if value is not None}
    order = sorted(known, key=lambda token: (-abs(known[token]), token))[:STRONGEST]
    loudest = ", ".join(
        f"{token} ({'-' if known[token] < 0 else '+'}{fixed(abs(known[token]), 1)})" for token in order
    )
    unknown = sum(value is None for _, value in scores)
    parts = [f"{piece.outcome}: {fixed(probability, 2)}."]
    parts += [f"Loudest: {loudest}."] if loudest else []
    parts += [f"Unknown words: {unknown}."] if unknown else []
    return " ".join(parts)


def word_class(score: float | None) -> str:
    """How a word is marked: for, against, or unknown."""
    return "fs-unknown" if score is None else "fs-for" if score > 0 else "fs-against"


def scale(axis: Axis, values: Sequence[float], start: float, end: float) -> Scale:
    """From a value to a place in the picture, in its units."""
    low, high = ends(axis, values)
    put = log10 if axis.log else float
    span = put(high) - put(low)

    def place(value: float) -> float:
        value = min(max(value, low), high)  # what is beyond a given end is drawn at it
        return start + (end - start) * (put(value) - put(low)) / span

    return place


def ends(axis: Axis, values: Sequence[float]) -> tuple[float, float]:
    """The smallest and the largest value that an axis shows."""
    usable = [value for value in values if value > 0] if axis.log else list(values)
    low = axis.low if axis.low is not None else min(usable, default=1.0)
    high = axis.high if axis.high is not None else max(usable, default=low)
    if high <= low:
        return (low / 2, low * 2) if axis.log else (low - 0.5, low + 0.5)
    return low, high


def axes(across: Axis, up: Axis, xs: Sequence[float], ys: Sequence[float], x: Scale, y: Scale) -> str:
    """The two axes with their ticks and what they say."""
    floor_line, parts = HEIGHT - BOTTOM, []
    for value, text in _ticks(across, xs):
        parts.append(
            f'<path class="fs-grid" d="M{x(value):.1f} {TOP}V{floor_line}"/>'
            f'<text x="{x(value):.1f}" y="{floor_line + 17}" text-anchor="middle">{text}</text>'
        )
    for value, text in _ticks(up, ys):
        parts.append(
            f'<path class="fs-grid" d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}"/>'
            f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{text}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts += [
        f'<path class="fs-axis" d="M{LEFT} {TOP}V{floor_line}H{WIDTH - RIGHT}"/>',
        f'<text x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across.label)}</text>',
        f'<text transform="translate(13 {(TOP + floor_line) / 2:.0f}) rotate(-90)" text-anchor="middle">'
        f"{escape(up.label)}</text>",
    ]
    return "".join(parts)


def _ticks(axis: Axis, values: Sequence[float]) -> list[tuple[float, str]]:
    low, high = ends(axis, values)
    if not axis.log:
        return [(value, f"{value:,g}".replace("-", "−")) for value in ticks(low, high, 6)]
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    every = max(1, ceil((last - first + 1) / 6))
    return [(10.0**power, f"{10.0**power:,g}") for power in range(first, last + 1, every)]


def _path(xs: Sequence[float], ys: Sequence[float | None], x: Scale, y: Scale) -> str:
    """A line through the points that there are, with one command for each x: the script counts them."""
    parts, down, height = [], False, float(HEIGHT - BOTTOM)
    for at, value in zip(xs, ys, strict=True):
        height = height if value is None else y(value)
        parts.append(f"{'L' if down and value is not None else 'M'}{x(at):.1f} {height:.1f}")
        down = value is not None
    return "".join(parts)


def _svg(alt: str, inside: str) -> str:
    return (
        f'<svg class="fs-picture" role="img" aria-label="{escape(alt)}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    )


def _slider(identity: str, label: str, count: int, value: int, role: str) -> str:
    return (
        f'<label for="{identity}">{escape(label)}</label><input type="range" id="{identity}" min="0" '
        f'max="{count - 1}" value="{value}" data-role="{role}">'
    )


def _list(identity: str, label: str, options: Sequence[str], chosen: int) -> str:
    items = "".join(
        f'<option value="{number}"{" selected" if number == chosen else ""}>{escape(option)}</option>'
        for number, option in enumerate(options)
    )
    return (
        f'<label for="{identity}">{escape(label)}</label>'
        f'<select id="{identity}" data-role="option">{items}</select>'
    )
