"""The report of a reproduction run: HTML for people, JSON for programs, Markdown for a CI summary."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from foursteps import atomic
from foursteps.claims.record import number
from foursteps.errors import FourstepsError
from foursteps.reproduce.finding import Finding, exit_code
from foursteps.reproduce.page import SIGNS, band_words, facts, html, run_words, summary

__all__ = ["dumps", "html", "markdown", "summary", "write"]


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


def markdown(findings: Sequence[Finding]) -> str:
    """The report as Markdown: a table, then what each finding that is not good says."""
    lines = [
        "## Do the results reproduce?",
        "",
        summary(findings),
        "",
        "| | topic | claim | this run | band | baseline | device | seconds | MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for finding in findings:
        sign, _ = SIGNS[finding.verdict]
        made = finding.provenance
        cells = (
            f"{sign} {finding.verdict}",
            finding.topic,
            f"{finding.notebook}: {finding.claim or 'the run'}",
            run_words(finding),
            band_words(finding),
            "none" if finding.baseline is None else number(finding.baseline),
            finding.device,
            f"{made.seconds:.0f}{'' if finding.fresh else ' (kept)'}" if made else "",
            f"{made.peak_mb:.0f}" if made else "",
        )
        row = " | ".join(cell.replace("|", r"\|") for cell in cells)
        lines.append(f"| {row} |")
    if stamp := next((finding.provenance for finding in findings if finding.provenance), None):
        lines += ["", f"On {facts(stamp)}."]
    for finding in findings:
        if finding.verdict != "pass" and finding.verdict != "measured":
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
