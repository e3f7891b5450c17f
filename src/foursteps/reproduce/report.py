"""The report of a reproduction run: HTML for people, JSON for programs, Markdown for a CI summary."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from foursteps import atomic
from foursteps.book.figure import AMBER, GREEN, INK, LINE, SOFT, ticks
from foursteps.claims.record import number
from foursteps.errors import FourstepsError
from foursteps.reproduce.finding import Finding, exit_code

SIGNS = {
    "pass": ("✓", GREEN),
    "stale-better": ("↑", GREEN),
    "measured": ("✓", GREEN),
    "not-comparable": ("?", AMBER),
    "confirm": ("?", AMBER),
    "fail": ("✗", "#b3261e"),
    "error": ("!", "#b3261e"),
    "refused": ("✗", "#b3261e"),
}
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1f2328;
background:#fff}
section{border-top:1px solid #c9ced6;padding:1rem 0}h2{font-size:1.1rem;margin:.2rem 0}
svg{width:100%;height:auto}pre{overflow:auto;background:#f5f7f9;padding:.8rem;font-size:.85rem}
.facts{color:#59616b;font-size:.9rem}
"""


def write(findings: Sequence[Finding], path: Path) -> None:
    """Write the report to `path`, whole or not at all, as its ending says: .html, .json or .md.

    Raises FourstepsError for another ending.
    """
    path = Path(path)
    forms = {".html": html, ".json": dumps, ".md": markdown}
    if path.suffix not in forms:
        raise FourstepsError(
            path,
            expected=f"a file that ends in {', '.join(forms)}",
            found=path.suffix or "no ending",
            mend="Give the report another name.",
        )
    atomic.write_text(path, forms[path.suffix](findings))


def dumps(findings: Sequence[Finding]) -> str:
    """The report as JSON: `exit_code` and the findings, with all that is known of each."""
    return json.dumps(
        {"schema": 1, "exit_code": exit_code(findings), "findings": list(map(_plain, findings))}, indent=1
    )


def _plain(finding: Finding) -> dict[str, Any]:
    band, measured = finding.band, finding.measured
    return {
        "topic": finding.topic,
        "notebook": finding.notebook,
        "claim": finding.claim,
        "verdict": finding.verdict,
        "message": finding.message,
        "device": finding.device,
        "values": {str(seed): value for seed, value in finding.values.items()},
        "baseline": finding.baseline,
        "band": {"device": finding.band_device, "n": band.n, "mean": band.mean, "deviation": band.deviation}
        if band
        else None,
        "limits": measured.limits.model_dump() if measured else None,
        "recorded": dict(zip(map(str, measured.seeds), measured.values, strict=True)) if measured else {},
        "provenance": finding.provenance.model_dump(mode="json") if finding.provenance else None,
        "fresh": finding.fresh,
        "diff": finding.diff,
        "traceback": finding.traceback,
    }


def summary(findings: Sequence[Finding]) -> str:
    """One sentence: how many of each verdict."""
    counts = {verdict: sum(finding.verdict == verdict for finding in findings) for verdict in SIGNS}
    parts = [f"{count} {verdict}" for verdict, count in counts.items() if count]
    return f"{', '.join(parts) or 'Nothing was checked'}."


def markdown(findings: Sequence[Finding]) -> str:
    """The report as Markdown: a table, then what each finding that is not good says."""
    lines = [
        "## Do the results reproduce?",
        "",
        summary(findings),
        "",
        "| | topic | claim | this run | band | device | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for finding in findings:
        sign, _ = SIGNS[finding.verdict]
        cells = (
            f"{sign} {finding.verdict}",
            finding.topic,
            f"{finding.notebook}: {finding.claim or 'the run'}",
            ", ".join(map(number, finding.values.values())) or "none",
            _band(finding),
            finding.device,
            f"{finding.provenance.seconds:.0f}" if finding.provenance else "",
        )
        row = " | ".join(cell.replace("|", r"\|") for cell in cells)
        lines.append(f"| {row} |")
    for finding in findings:
        if not finding.ok:
            lines += ["", f"**{finding.topic}, {finding.verdict}.** {finding.message}"]
            lines += _folded("Traceback", finding.traceback) + _folded("Differences", finding.diff)
    return "\n".join(lines) + "\n"


def _folded(title: str, text: str) -> list[str]:
    # Four backticks, since a notebook's own text may hold three.
    return (
        ["", f"<details><summary>{title}</summary>", "", "````", text, "````", "", "</details>"]
        if text
        else []
    )


def _band(finding: Finding) -> str:
    """The values that raise no question, as text."""
    if finding.measured is None:
        return "none"
    low, high = sorted((finding.measured.limits.alarm, finding.measured.limits.stale))
    return f"{number(low)} to {number(high)}"


def html(findings: Sequence[Finding]) -> str:
    """The report as one page of HTML, without anything from elsewhere."""
    sections = "".join(map(_section, findings))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Do the results reproduce?</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
        f"<h1>Do the results reproduce?</h1><p>{escape(summary(findings))}</p>{sections}</body></html>\n"
    )


def _section(finding: Finding) -> str:
    sign, colour = SIGNS[finding.verdict]
    name = finding.claim or finding.notebook
    facts = ""
    if made := finding.provenance:
        versions = ", ".join(f"{package} {version}" for package, version in made.versions.items())
        facts = (
            f"{made.device} ({made.device_class}); {made.seconds:.1f} s, {made.peak_mb:.0f} MB; "
            f"Python {made.python}, {versions}; {made.date}{'' if finding.fresh else ', kept'}"
        )
    extra = "".join(
        f"<details><summary>{title}</summary><pre>{escape(text)}</pre></details>"
        for title, text in (("Traceback", finding.traceback), ("Differences", finding.diff))
        if text
    )
    return (
        f'<section><h2><span style="color:{colour}">{sign} {finding.verdict}</span> {escape(finding.topic)}, '
        f"{escape(finding.notebook)}: <code>{escape(name)}</code></h2>{strip(finding)}"
        f'<p>{escape(finding.message)}</p><p class="facts">{escape(facts)}</p>{extra}</section>'
    )


def strip(finding: Finding) -> str:
    """A finding as inline SVG: recorded seeds as dots, the band shaded, the baseline dashed, this run's
    values as triangles above; nothing where there is no value."""
    recorded = list(finding.measured.values) if finding.measured else []
    ours = list(finding.values.values()) if finding.verdict != "measured" else []
    edges = []
    if finding.measured:
        edges = sorted((finding.measured.limits.alarm, finding.measured.limits.stale))
    every = [*recorded, *ours, *edges, *([] if finding.baseline is None else [finding.baseline])]
    if not every:
        return ""
    room = (max(every) - min(every)) * 0.06 or 0.5
    low, high = min(every) - room, max(every) + room
    left, width, axis = 20, 660, 70

    def x(value: float) -> float:
        return round(left + width * (value - low) / (high - low), 1)

    parts = []
    if edges:
        parts.append(
            f'<rect x="{x(edges[0])}" y="34" width="{max(x(edges[1]) - x(edges[0]), 1):.1f}" height="36" '
            f'fill="{GREEN}" opacity=".16"/>'
        )
    parts.append(f'<path d="M{left} {axis}h{width}" stroke="{INK}"/>')
    for value in ticks(low, high):
        parts.append(
            f'<path d="M{x(value)} {axis}v4" stroke="{INK}"/>'
            f'<text x="{x(value)}" y="{axis + 17}" text-anchor="middle" fill="{SOFT}">{value:g}</text>'
        )
    if finding.baseline is not None:
        at = x(finding.baseline)
        side = "start" if at < left + width / 2 else "end"
        parts.append(
            f'<path d="M{at} 22V{axis}" stroke="{AMBER}" stroke-width="2" stroke-dasharray="5 4"/>'
            f'<text x="{at}" y="16" text-anchor="{side}" fill="{AMBER}">'
            f"baseline {number(finding.baseline)}</text>"
        )
    parts += [
        f'<circle cx="{x(v)}" cy="{axis - 10}" r="4" fill="#2b6cb0" fill-opacity=".55"/>' for v in recorded
    ]
    parts += [f'<path d="M{x(v)} 46l-5 -9h10z" fill="{SIGNS[finding.verdict][1]}"/>' for v in ours]
    words = escape(
        f"{finding.claim}: {len(recorded)} recorded seeds as dots, the band {_band(finding)} shaded, "
        f"this run {', '.join(map(number, ours)) or 'none'} as triangles."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" viewBox="0 0 700 95" '
        f'font-family="system-ui,sans-serif" font-size="12"><title>{words}</title>'
        f'<rect x=".5" y=".5" width="699" height="94" rx="6" fill="#fff" stroke="{LINE}"/>'
        f"{''.join(parts)}</svg>"
    )
