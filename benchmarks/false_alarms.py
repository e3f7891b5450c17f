"""How often does an honest lecture fail, and how often a damaged one? The rule, on seeds it has never seen.

    python benchmarks/false_alarms.py [TOPIC ...] [--fresh 30] [--damaged 10] [--report docs/false-alarms.md]

Runs each lecture with fresh seeds as it stands, with the first of them also damaged as course.toml says, and
holds every run against
the band in claims.json by the rule of `foursteps reproduce`: an alarm is settled by two more seeds, here the
next two of the list. Runs are kept in the run cache, so it may be broken off and asked again with more
seeds; with --kept nothing is run, and the table is about seeds that are there. Exits with 1 when more than
one honest run of a lecture fails, or a damaged one does not.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev

from rich.console import Console

from foursteps import atomic
from foursteps.claims import ledger
from foursteps.claims.band import FRESH_RUNS, Band, Verdict, judge
from foursteps.course import Course, Topic
from foursteps.reproduce.compare import values_of
from foursteps.reproduce.crew import Crew
from foursteps.reproduce.task import LECTURE, Place, Sample, Task
from foursteps.run import ColdRunner, FakeRunner, RunCache, RunResult, resolve_device

FIRST_SEED = 2001
ENOUGH = 30
DAMAGED = 10
console = Console(stderr=True)


@dataclass(frozen=True)
class Row:
    """One claim of one lecture: its band, and the values of honest and of damaged runs, by seed."""

    topic: str
    claim: str
    band: Band
    honest: dict[int, float]
    damaged: dict[int, float]
    first: Sample

    @property
    def honest_verdicts(self) -> list[Verdict]:
        return verdicts(list(self.honest.values()), self.band)

    @property
    def damaged_verdicts(self) -> list[Verdict]:
        return verdicts(list(self.damaged.values()), self.band)

    @property
    def alarms(self) -> int:
        """Honest runs that asked for two more seeds."""
        return sum(judge([value], self.band) == "confirm" for value in self.honest.values())

    @property
    def ok(self) -> bool:
        return self.honest_verdicts.count("fail") <= 1 and set(self.damaged_verdicts) == {"fail"}


def verdicts(values: Sequence[float], band: Band) -> list[Verdict]:
    """The verdict on each value; an alarm is settled by the two that follow it, the first after the last."""
    found = []
    for place, value in enumerate(values):
        verdict = judge([value], band)
        if verdict == "confirm":
            more = [values[(place + step) % len(values)] for step in range(1, FRESH_RUNS + 1)]
            verdict = judge([value, *more], band, confirmed=True)
        found.append(verdict)
    return found


def rows(crew: Crew, topic: Topic, seeds: Sequence[int], damaged_seeds: int, *, kept: bool) -> list[Row]:
    """The rows of one topic, one a claim that has a band for this class of device.

    damaged_seeds : how many of the seeds, from the first, are run damaged too.
    kept : leave out the runs that are not there.
    """
    device = crew.place.device
    records = ledger.load(topic.claims).claims
    bands = {
        name: band
        for name, record in records.items()
        if name.startswith(f"{LECTURE}.") and (band := record.band(device))
    }
    if not bands:
        console.print(f"{topic.name}: no band for {device}, so nothing was run.")
        return []
    honest = crew.perform([Task(topic, LECTURE, seed) for seed in seeds])
    damaged = crew.perform([Task(topic, LECTURE, seed, topic.damaged) for seed in seeds[:damaged_seeds]])
    if kept:
        honest = [sample for sample in honest if not sample.problem]
        damaged = [sample for sample in damaged if not sample.problem]
    for sample in [*honest, *damaged]:
        if sample.problem:
            sys.exit(f"{sample.task}: {sample.problem}\n{sample.traceback}")
    if min(len(honest), len(damaged)) < 1 + FRESH_RUNS:
        console.print(
            f"{topic.name}: {len(honest)} runs are kept and {len(damaged)} damaged ones, "
            "which is too few to say anything."
        )
        return []
    return [
        Row(
            topic.name,
            name.removeprefix(f"{LECTURE}."),
            band,
            dict(values_of(honest, name)),
            dict(values_of(damaged, name)),
            honest[0],
        )
        for name, band in bands.items()
    ]


def table(found: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| lecture | claim | band: seeds, mean, deviation | fresh runs: mean, deviation | alarms "
        "| honest fails | better than the band | damaged fails |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found:
        values = list(row.honest.values())
        verdict = row.honest_verdicts
        lines.append(
            f"| {row.topic} | {row.claim} | {row.band.n}, {row.band.mean:.4f}, {row.band.deviation:.4f} "
            f"| {fmean(values):.4f}, {stdev(values):.4f} | {row.alarms} of {len(values)} "
            f"| {verdict.count('fail')} of {len(values)} | {verdict.count('stale-better')} of {len(values)} "
            f"| {row.damaged_verdicts.count('fail')} of {len(row.damaged)} |"
        )
    return "\n".join(lines)


def report(found: Sequence[Row], asked: Sequence[str]) -> str:
    """The table with every value and where it comes from, as a page of Markdown.

    asked : the lectures that were to be run.
    """
    lines = [
        "# False alarms, and damage that is found",
        "",
        "Written by `python benchmarks/false_alarms.py --report docs/false-alarms.md`; not typed.",
        "Each lecture is run with seeds that no band has used, as it stands, and with the first of them also",
        "damaged as `course.toml` says. Each run is held against the band in `claims.json` by the rule of",
        "`foursteps reproduce` ([decision 3](decisions/0003-bands-from-prediction-limits.md)). Of 30 honest",
        "runs at most one may fail, and every damaged one must.",
        "",
        table(found),
        "",
    ]
    runs = {row.topic: len(row.honest) for row in found}
    if short := [f"{name} ({runs.get(name, 0)})" for name in asked if runs.get(name, 0) < ENOUGH]:
        lines += [f"Not {ENOUGH} runs yet: {', '.join(short)}. The same command goes on from there.", ""]
    for row in found:
        entry = row.first.entry
        assert entry is not None  # a run with a value was kept
        made = entry.provenance
        versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
        lines += [
            f"## {row.topic}: {row.claim}",
            "",
            f"{made.device} ({made.device_class}), one thread a run. Python {made.python}, {versions}.",
            f"Notebook `{made.notebook[:12]}`, packages `{made.packages[:12]}`.",
            f"Seeds {min(row.honest)} to {max(row.honest)}; the first took {made.seconds:.0f} s, on "
            f"{made.date[:10]}.",
            "",
            f"Honest: {_numbers(row.honest)}",
            "",
            f"Damaged: {_numbers(row.damaged)}",
            "",
        ]
    return "\n".join(lines)


def _numbers(values: dict[int, float]) -> str:
    return " ".join(f"{value:.4g}" for value in values.values())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("topics", nargs="*")
    options.add_argument("--fresh", type=int, default=ENOUGH, help="honest runs a lecture")
    options.add_argument("--damaged", type=int, default=DAMAGED, help="damaged runs a lecture")
    options.add_argument("--kept", action="store_true", help="run nothing: only seeds whose runs are kept")
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--device", default="auto")
    options.add_argument("--report", type=Path)
    given = options.parse_args()
    course = Course.load(Path(__file__).parents[1])
    topics = course.choose(given.topics)
    seeds = range(FIRST_SEED, FIRST_SEED + given.fresh)
    nothing = FakeRunner(lambda notebook, parameters: RunResult(notebook, "error", None, 0.0, 0.0))
    place = Place(
        nothing if given.kept else ColdRunner(), RunCache(), resolve_device(given.device), threads=1
    )

    def tell(event) -> None:
        if event.kind == "finished" and event.fresh and not given.kept:
            console.print(f"{event.topic}, seed {event.seed}, after {event.seconds:.0f} s", highlight=False)

    os.environ.setdefault("TQDM_DISABLE", "1")
    with Crew(place, given.workers, tell) as crew:
        found = [row for topic in topics for row in rows(crew, topic, seeds, given.damaged, kept=given.kept)]
    print(table(found))
    if given.report:
        atomic.write_text(given.report, report(found, [topic.name for topic in topics]))
    sys.exit(0 if all(row.ok for row in found) else 1)


if __name__ == "__main__":
    main()
