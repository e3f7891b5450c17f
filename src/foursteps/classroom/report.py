"""A class's results as one page for its instructor, which stands alone in a browser. Pure but for `write`."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from foursteps import atomic
from foursteps.claims.record import number
from foursteps.classroom.insight import FEWEST, Insight, Item, insight
from foursteps.classroom.results import sheets
from foursteps.classroom.summary import Summary, summary
from foursteps.course import Course, Topic
from foursteps.reproduce.page import STYLE

STATES = {
    "passed": ("passed", "#2e7d4f"),
    "failed": ("not yet", "#9a5b00"),
    "not_attempted": ("not attempted", "#8a93a0"),
    "crashed": ("raised an error", "#b3261e"),
    "grader_broken": ("the check is broken", "#5b2a86"),
}
MORE = """
.bar{display:flex;height:1.1rem;border-radius:3px;overflow:hidden;min-width:10rem;background:#eef1f4}
.bar i{display:block;height:100%}.key i{display:inline-block;width:.9rem;height:.9rem;border-radius:3px;
margin:0 .35rem 0 1rem;vertical-align:-.1rem}.odd{color:#9a5b00}h3{font-size:1rem;margin:1.2rem 0 .3rem}
th{white-space:nowrap}td.n{overflow-wrap:normal}
@media print{section{break-inside:avoid}}
"""
WIDTH, HEIGHT, BINS = 460, 110, 24
MOST_ERRORS = 12


def write_report(course: Course, topics: Sequence[Topic], path: Path) -> Path:
    """Write the page about `topics` to `path`, readable by its owner only; gives the path.

    Topics for which nothing was handed in are left out. Raises what reading kept results raises.
    """
    parts = []
    for topic in topics:
        stands = summary(course, topic)
        if stands.handed_in or stands.graded:
            parts.append(section(topic.title, stands, insight(sheets(course, topic), stands.missing)))
    atomic.write_text(path, page(course.title, parts), mode=0o600)
    return path


def page(title: str, sections: Sequence[str]) -> str:
    """The whole page."""
    body = "".join(sections) or "<p>Nothing has been graded yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}: the class</title><style>{STYLE}{MORE}</style></head><body>"
        f"<main><h1>{escape(title)}: the class</h1><p class=lead>For its instructors only, since learners "
        f"are named. It points at what to look at; none of it is a mark.</p>{body}</main></body></html>\n"
    )


def section(title: str, stands: Summary, seen: Insight) -> str:
    """One topic: how far the class is, each check, shared errors, and who may need help."""
    total, middle = seen.seconds
    lead = (
        f"{stands.handed_in} of {stands.members} handed in, {stands.graded} graded, {len(stands.late)} late, "
        f"{stands.by_hand} waiting for a person. The runs took {total:.0f} s, half of them less than "
        f"{middle:.1f} s."
    )
    checks = "".join(_row(item) for item in seen.items)
    key = "".join(f'<i style="background:{colour}"></i>{words}' for words, colour in STATES.values())
    parts = [
        f"<section><h2>{escape(title)}</h2><p>{escape(lead)}</p>",
        "<h3>Checks</h3>",
        '<div class="wide"><table><thead><tr><th>check<th>what became of it<th class=n>points'
        "<th class=n>tells apart<th>look at it</thead>",
        f'<tbody>{checks}</tbody></table></div><p class="key">{key}</p>',
        f"<p>Points: the mean share of them. Tells apart: the correlation of a check's points with those of "
        f"all others, shown from {FEWEST} learners on.</p>",
        *_distributions(seen),
        *_errors(seen),
        *_help(seen),
        *_list("Broken or repaired", stands.broken),
        *_list("Odd: look, and ask", stands.odd),
        "</section>",
    ]
    return "".join(parts)


def histogram(values: Sequence[float], zero: float, full: float, label: str) -> str:
    """The values of a class as an SVG picture: bars, with lines where points begin and where all are had."""
    low, high = min(*values, zero, full), max(*values, zero, full)
    room = (high - low) * 0.04 or 0.5
    low, high = low - room, high + room
    counts = [0] * BINS
    for value in values:
        counts[min(int((value - low) / (high - low) * BINS), BINS - 1)] += 1
    most, wide, floor = max(counts), WIDTH / BINS, HEIGHT - 22

    def x(value: float) -> float:
        return WIDTH * (value - low) / (high - low)

    bars = "".join(
        f'<rect x="{at * wide + 1:.1f}" y="{floor - (floor - 16) * count / most:.1f}" width="{wide - 2:.1f}" '
        f'height="{(floor - 16) * count / most:.1f}" fill="#2b6cb0"/>'
        for at, count in enumerate(counts)
        if count
    )
    lines = "".join(
        f'<path d="M{x(at):.1f} 14V{floor}" stroke="{colour}" stroke-width="2" stroke-dasharray="5 4"/>'
        f'<text x="{x(at):.1f}" y="11" text-anchor="{"start" if x(at) < WIDTH / 2 else "end"}" '
        f'fill="{colour}">{words} {number(at)}</text>'
        for at, colour, words in ((zero, "#9a5b00", "no points at"), (full, "#2e7d4f", "all points from"))
    )
    middle = sorted(values)[len(values) // 2]
    words = escape(
        f"{label}: {len(values)} values between {number(min(values))} and {number(max(values))}, the middle "
        f"one {number(middle)}; no points at {number(zero)}, all of them from {number(full)}."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" viewBox="0 0 {WIDTH} '
        f'{HEIGHT}" font-family="inherit" font-size="11"><title>{words}</title>{bars}{lines}'
        f'<path d="M0 {floor}h{WIDTH}" stroke="#1f2328"/><text x="0" y="{HEIGHT - 6}" fill="#59616b">'
        f'{escape(label)}: {number(low)}</text><text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end" '
        f'fill="#59616b">{number(high)}</text></svg>'
    )


def _row(item: Item) -> str:
    pieces = "".join(
        f'<i style="width:{100 * item.states[state] / item.learners:.1f}%;background:{colour}" '
        f'title="{item.states[state]} {words}"></i>'
        for state, (words, colour) in STATES.items()
        if item.states.get(state)
    )
    counts = [(item.states[state], words) for state, (words, _) in STATES.items() if item.states.get(state)]
    said = ", ".join(f"{count} {words}" for count, words in counts)
    apart = "" if item.discrimination is None else f"{item.discrimination:.2f}"
    name = f"{item.exercise}, {item.check}"
    return (
        f'<tr><td>{escape(name)}<td><div class="bar" role="img" aria-label="{escape(said)}">{pieces}</div>'
        f"{escape(said)}<td class=n>{item.share:.0%}<td class=n>{apart}"
        f"<td class=odd>{escape(item.verdict)}</tr>"
    )


def _distributions(seen: Insight) -> list[str]:
    pictures = [
        histogram(values, zero, full, f"{item.check}{f' on {dataset}' if dataset else ''}")
        for item in seen.items
        for dataset, (values, zero, full) in item.values.items()
        if values
    ]
    return ["<h3>Values, against the points' cut-offs</h3>", *pictures] if pictures else []


def _errors(seen: Insight) -> list[str]:
    shared = [one for one in seen.errors if len(one.learners) > 1][:MOST_ERRORS]
    rows = "".join(
        f"<tr><td class=n>{len(one.learners)}<td>{escape(one.exercise)}, {escape(one.check)}"
        f"<td>{escape(one.example)}<td>{escape(_names(one.learners))}</tr>"
        for one in shared
    )
    table = (
        '<div class="wide"><table><thead><tr><th class=n>learners<th>check<th>for example<th>who</thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    return ["<h3>What goes wrong for several</h3>", table] if shared else []


def _help(seen: Insight) -> list[str]:
    return _list("Who may need help", seen.help)


def _list(title: str, rows: Sequence[tuple[str, str]]) -> list[str]:
    if not rows:
        return []
    items = "".join(f"<li><b>{escape(who)}</b>: {escape(what)}</li>" for who, what in rows)
    return [f"<h3>{escape(title)}</h3><ul>{items}</ul>"]


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
