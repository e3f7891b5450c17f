"""Claims on pages: badges, figures, and "Does it still reproduce?" for the whole course. Pure."""

from collections.abc import Iterable, Sequence

from foursteps.book import figure
from foursteps.book.chapter import Chapter, folded, slug
from foursteps.book.claim import Claim
from foursteps.claims.record import number
from foursteps.run.provenance import Provenance


def badge_name(claim: Claim) -> str:
    """The file of a claim's badge; its figure's is the same with `strip-` before."""
    return f"{slug(claim.name).replace('.', '-')}-{claim.device}.svg"


def badge_row(chapter: Chapter, folder: str = "claims") -> str:
    """The badges of a topic's claims, in one paragraph."""
    return " ".join(
        f"![{claim.label}: {claim.words}]({folder}/{badge_name(claim)})"
        for claim in chapter.claims
        if claim.of_lecture and claim.printed is not None
    )


def claim_cell(chapter: Chapter) -> str:
    """What a lecture shows under its header: the badges, where it ran, and, folded, how it was measured."""
    lines = [badge_row(chapter), printed_by(chapter)]
    if measured := [claim for claim in chapter.claims if claim.values and claim.of_lecture]:
        lines.append(folded("Does it still reproduce?", "\n".join(figures(measured, "claims"))))
    return "\n\n".join(filter(None, lines))


def printed_by(chapter: Chapter) -> str:
    """Where the outputs on the page come from, in a sentence; empty when the run left no stamp."""
    if chapter.run is None:
        return ""
    return f"*The outputs on this page: {where_from(chapter.run)}, in {chapter.run.seconds:.0f} seconds.*"


def where_from(made: Provenance) -> str:
    """`2026-01-02, on an Intel CPU, with torch 2.14.1`: the day, the device, the version that matters."""
    torch = made.versions.get("torch")
    return ", ".join([made.date[:10], f"on {made.device}", *([f"with torch {torch}"] if torch else [])])


def figures(claims: Iterable[Claim], folder: str) -> list[str]:
    """The figure of each claim, with a sentence of where its seeds were run."""
    lines = []
    for claim in claims:
        lines += [
            f"![{figure.describe(claim)}]({folder}/strip-{badge_name(claim)})",
            "",
            provenance(claim),
            "",
        ]
    return lines


def provenance(claim: Claim) -> str:
    """When, on what and with which versions a claim was measured, in a sentence."""
    if claim.made is None:
        return "Not measured yet."
    return f"Measured over {len(claim.values)} seeds: {where_from(claim.made)}."


def reproduces(chapters: Sequence[Chapter]) -> str:
    """The page "Does it still reproduce?" for the whole course."""
    lines = [
        "# Does it still reproduce?",
        "",
        "Every number that a lecture claims is run again, over many seeds, and held against a band that "
        "was measured and not chosen: the interval that honest runs stay in. A trivial baseline has to fall "
        "outside it. Each dot is one seed, the shaded part is the band, the dashed line the baseline, and "
        "the triangle the run whose outputs this book prints. One honest run in twenty is worse than its "
        "band: two more seeds are run then, and the mean of the three decides.",
        "",
    ]
    if not any(chapter.claims for chapter in chapters):
        return "\n".join(
            [*lines, "No claim has been measured yet. `foursteps reproduce --measure` does it.", ""]
        )
    lines += ["| topic | claim | printed here | band | baseline | says |", "|---|---|---|---|---|---|"]
    for chapter in chapters:
        for claim in chapter.claims:
            link = f"[{chapter.number}](topics/{chapter.slug}/index.md)"
            unprinted = "measured" if claim.values else "not measured"
            word = f"**{claim.says}**" if claim.state in ("open", "out") else claim.says or unprinted
            lines.append(
                f"| {link} | {claim.label} ({claim.device}) | {_number(claim.printed)} | {_band(claim)} "
                f"| {_number(claim.baseline)} | {word} |"
            )
    lines.append("")
    for chapter in chapters:
        measured = [claim for claim in chapter.claims if claim.values]
        if measured:
            lines += [f"## {chapter.heading}", "", *figures(measured, f"topics/{chapter.slug}/claims")]
    return "\n".join(lines).rstrip() + "\n"


def _number(value: float | None) -> str:
    return "" if value is None else number(value)


def _band(claim: Claim) -> str:
    if claim.low is None or claim.high is None:
        return ""
    return f"{number(claim.low)} to {number(claim.high)}"
