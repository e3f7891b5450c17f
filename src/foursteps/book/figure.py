"""A claim as a badge and as a figure. Pure SVG."""

from html import escape

from foursteps.book.claim import Claim
from foursteps.claims import strip as strips
from foursteps.claims.strip import AMBER, GREEN, GREY, Strip


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
    """The seeds of a claim, its band, its baseline, and this page's run, as a picture."""
    return strips.draw(_of(claim))


def describe(claim: Claim) -> str:
    """The figure in words: its alternative text."""
    return strips.describe(_of(claim))


def _of(claim: Claim) -> Strip:
    runs = () if claim.printed is None else (claim.printed,)
    return Strip(claim.label, claim.values, claim.low, claim.high, claim.baseline, runs, "this page")
