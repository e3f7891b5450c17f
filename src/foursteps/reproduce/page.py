"""The report as one HTML page that stands alone: a table, then each claim with its picture."""

from collections.abc import Sequence
from html import escape
from statistics import fmean

from foursteps.claims.record import number
from foursteps.claims.strip import AMBER, GREEN, RED, Strip, draw
from foursteps.reproduce.finding import Finding, exit_code
from foursteps.run.provenance import Provenance

MOST_VALUES = 3
SIGNS = {
    "pass": ("✓", GREEN),
    "stale-better": ("↑", GREEN),
    "measured": ("✓", GREEN),
    "not-comparable": ("?", AMBER),
    "confirm": ("?", AMBER),
    "fail": ("✗", RED),
    "error": ("!", RED),
    "refused": ("✗", RED),
}
MEANS = {
    "pass": "inside its band",
    "stale-better": "better than the band expects: measure again, so that the band is about this lecture",
    "measured": "a band was written to claims.json",
    "not-comparable": "there is no band for this class of device, so nothing certain can be said",
    "confirm": "an alarm that fresh seeds have still to settle",
    "fail": "worse than the band allows, also with two fresh seeds",
    "error": "the notebook did not run to its end, or stated nothing",
    "refused": "no band was written, since it could not fail",
}
EXITS = {
    0: "0: every claim is inside its band",
    1: "1: a claim is out of its band, or a notebook failed",
    3: "3: nothing failed, and something could not be compared",
}
STYLE = """
body{font:16px/1.5 system-ui,-apple-system,Segoe UI,DejaVu Sans,sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem;color:#1f2328;background:#fff}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:0 0 .4rem}a{color:inherit}
.lead{font-size:1.1rem;margin:.2rem 0 1.2rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.35rem .7rem .35rem 0;border-bottom:1px solid #e3e6ea;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}th{color:#59616b;font-weight:600}
section{border:1px solid #c9ced6;border-left-width:6px;border-radius:8px;padding:1rem 1.2rem;margin:1.4rem 0;
overflow-wrap:anywhere}
section svg{display:block;width:100%;max-width:40rem;height:auto;margin:.4rem 0}
.sign{color:#fff;border-radius:1rem;padding:.1rem .65rem;font-size:.85rem;font-weight:700;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.6rem 0;font-size:.9rem;
color:#59616b}dd{margin:0;color:#1f2328;overflow-wrap:anywhere}
pre{overflow:auto;background:#f5f7f9;padding:.8rem;font-size:.82rem;border-radius:6px;margin:.5rem 0 0}
pre .less{color:#b3261e}pre .more{color:#2e7d4f}pre .place{color:#59616b;font-weight:700}
summary{cursor:pointer;font-weight:600}code{font-size:.92em}footer{color:#59616b;font-size:.88rem}
"""


def summary(findings: Sequence[Finding]) -> str:
    """One sentence: how many of each verdict."""
    counts = {verdict: sum(finding.verdict == verdict for finding in findings) for verdict in SIGNS}
    parts = [f"{count} {verdict}" for verdict, count in counts.items() if count]
    return f"{', '.join(parts) or 'Nothing was checked'}."


def facts(made: Provenance) -> str:
    """The machine and the versions of a run, in a line."""
    versions = ", ".join(f"{package} {version}" for package, version in made.versions.items())
    return f"{made.device} ({made.device_class}), Python {made.python}, {versions}"


def band_words(finding: Finding) -> str:
    """The values that raise no question, and for which device they are, where that is another one."""
    if finding.measured is None:
        return "none"
    low, high = sorted((finding.measured.limits.alarm, finding.measured.limits.stale))
    other = f" ({finding.band_device})" if finding.band_device != finding.device else ""
    return f"{number(low)} to {number(high)}{other}"


def run_words(finding: Finding) -> str:
    """The values of this run, or, where they are many, how many and their mean."""
    values = list(finding.values.values())
    if len(values) > MOST_VALUES:
        return f"{number(fmean(values))}, the mean of {len(values)}"
    return ", ".join(map(number, values)) or "none"


def html(findings: Sequence[Finding]) -> str:
    """The report as one HTML page, with nothing from elsewhere."""
    code = exit_code(findings)
    rows = "".join(_row(place, finding) for place, finding in enumerate(findings, 1))
    sections = "".join(_section(place, finding) for place, finding in enumerate(findings, 1))
    seen = [verdict for verdict in SIGNS if any(finding.verdict == verdict for finding in findings)]
    words = "".join(f"<dt>{verdict}</dt><dd>{MEANS[verdict]}</dd>" for verdict in seen)
    table = (
        '<div class="wide"><table><thead><tr><th></th><th>topic</th><th>claim</th><th class="n">this run</th>'
        '<th class="n">band</th><th class="n">baseline</th><th>device</th><th class="n">seconds</th>'
        f'<th class="n">MB</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Do the results reproduce?</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
        f'<h1>Do the results reproduce?</h1><p class="lead">{escape(summary(findings))} '
        f"Exit code {EXITS[code]}.</p>{table if findings else ''}{sections}"
        f"<footer><dl>{words}</dl></footer></body></html>\n"
    )


def _sign(finding: Finding) -> str:
    sign, colour = SIGNS[finding.verdict]
    return f'<span class="sign" style="background:{colour}">{sign} {finding.verdict}</span>'


def _row(place: int, finding: Finding) -> str:
    made = finding.provenance
    cells = (
        run_words(finding),
        band_words(finding),
        "none" if finding.baseline is None else number(finding.baseline),
    )
    numbers = "".join(f'<td class="n">{escape(cell)}</td>' for cell in cells)
    cost = (
        f'<td class="n">{made.seconds:.0f}{"" if finding.fresh else " (kept)"}</td>'
        f'<td class="n">{made.peak_mb:.0f}</td>'
        if made
        else "<td></td><td></td>"
    )
    name = escape(f"{finding.notebook}: {finding.claim or 'the run'}")
    return (
        f"<tr><td>{_sign(finding)}</td><td>{escape(finding.topic)}</td>"
        f'<td><a href="#f{place}">{name}</a></td>'
        f"{numbers}<td>{finding.device}</td>{cost}</tr>"
    )


def _section(place: int, finding: Finding) -> str:
    colour = SIGNS[finding.verdict][1]
    name = finding.claim or "the run"
    made = finding.provenance
    known: dict[str, str] = {}
    if finding.values:
        known["this run"] = ", ".join(f"{number(v)} (seed {seed})" for seed, v in finding.values.items())
    if finding.measured and finding.verdict != "measured":
        stamp = finding.measured.provenance
        known["band"] = f"{finding.measured.mean:.4g} ± {finding.measured.deviation:.2g}, " + (
            f"{len(finding.measured.seeds)} seeds on {stamp.device} ({stamp.device_class}), {stamp.date[:10]}"
        )
    if made:
        known["ran"] = f"{made.date}{'' if finding.fresh else ', and was kept'}"
        known["took"] = f"{made.seconds:.1f} s, {made.peak_mb:.0f} MB at most"
        known["on"] = facts(made)
        known["notebook"] = f"{finding.where}, {made.notebook[:12]}"
    listed = "".join(f"<dt>{word}</dt><dd>{escape(text)}</dd>" for word, text in known.items())
    return (
        f'<section id="f{place}" style="border-left-color:{colour}"><h2>{_sign(finding)} '
        f"{escape(finding.topic)}, {escape(finding.notebook)}: <code>{escape(name)}</code></h2>"
        f"{strip(finding)}<p>{escape(finding.message)}</p><dl>{listed}</dl>{_more(finding)}</section>"
    )


def _more(finding: Finding) -> str:
    parts = []
    if finding.traceback:
        parts.append(
            f"<details open><summary>Traceback</summary><pre>{escape(finding.traceback)}</pre></details>"
        )
    if finding.diff:
        lines = "\n".join(map(_coloured, finding.diff.splitlines()))
        parts.append(
            "<details open><summary>What differs from the notebook that last reproduced</summary>"
            f"<pre>{lines}</pre></details>"
        )
    return "".join(parts)


def _coloured(line: str) -> str:
    kind = {"-": "less", "+": "more", "#": "place"}.get(line[:1])
    return f'<span class="{kind}">{escape(line)}</span>' if kind else escape(line)


def strip(finding: Finding) -> str:
    """A finding as a picture; empty where there is no value."""
    measured = finding.measured
    low, high = sorted((measured.limits.alarm, measured.limits.stale)) if measured else (None, None)
    return draw(
        Strip(
            finding.claim,
            measured.values if measured else (),
            low,
            high,
            finding.baseline,
            () if finding.verdict == "measured" else tuple(finding.values.values()),
            out=SIGNS[finding.verdict][1] == RED,
        )
    )
