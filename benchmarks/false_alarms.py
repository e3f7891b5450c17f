"""How often does an honest lecture fail, and how often a damaged one? The rule, on seeds it has never seen.

    python benchmarks/false_alarms.py [TOPIC ...] [--fresh 30] [--damaged 10] [--report docs/false-alarms.md]

Runs each lecture with fresh seeds as it stands, with the first of them also damaged as course.toml says, and
holds every run against
the band in claims.json by the rule of `foursteps reproduce`: an alarm is settled by two more seeds, here the
next two of the list. Runs are kept in the run cache, so it may be broken off and asked again with more
seeds; with --kept nothing is run, and the table is about seeds that are there. With --report the values are
written down beside this program, and the page is made of all that is written there, so lectures may be run
one at a time. Exits with 1 when more than one honest run of a lecture fails, or a damaged one does not.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from rich.console import Console

from foursteps import atomic
from foursteps.claims import ledger
from foursteps.claims.band import FRESH_RUNS, Band, Verdict, judge
from foursteps.course import Course, Topic
from foursteps.reproduce.compare import values_of
from foursteps.reproduce.crew import Crew
from foursteps.reproduce.task import LECTURE, Place, Sample, Task
from foursteps.run import ColdRunner, FakeRunner, RunCache, RunResult, resolve_device
from foursteps.run.device import DeviceClass

FIRST_SEED = 2001
ENOUGH = 30
DAMAGED = 10
ROOT = Path(__file__).parents[1]
VALUES = Path(__file__).with_suffix(".json")
"""What each lecture's runs came to, and where they were made."""
console = Console(stderr=True)


@dataclass(frozen=True)
class Row:
    """One claim of one lecture: its band, the values of honest and of damaged runs, by seed, and where the
    first of them was made."""

    topic: str
    claim: str
    band: Band
    honest: dict[str, float]
    damaged: dict[str, float]
    made: dict[str, Any]

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


def bands(topic: Topic, device: DeviceClass) -> dict[str, Band]:
    """The bands of a lecture's own claims on a class of device, by name without the lecture's."""
    return {
        name.removeprefix(f"{LECTURE}."): band
        for name, record in ledger.load(topic.claims).claims.items()
        if name.startswith(f"{LECTURE}.") and (band := record.band(device))
    }


def measured(
    crew: Crew, topic: Topic, seeds: Sequence[int], damaged_seeds: int, *, kept: bool
) -> dict[str, Any] | None:
    """What the runs of one topic came to, as VALUES has it; None where there is nothing to say.

    damaged_seeds : how many of the seeds, from the first, are run damaged too.
    kept : leave out the runs that are not there.
    """
    claims = bands(topic, crew.place.device)
    if not claims:
        console.print(f"{topic.name}: no band for {crew.place.device}, so nothing was run.")
        return None
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
        return None
    assert honest[0].entry is not None  # a run with a value was kept
    made = honest[0].entry.provenance
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    return {
        "device": made.device,
        "device_class": made.device_class,
        "software": f"Python {made.python}, {versions}",
        "notebook": made.notebook[:12],
        "packages": made.packages[:12],
        "seconds": round(made.seconds),
        "date": made.date[:10],
        "claims": {
            name: {
                "honest": _by_seed(honest, name),
                "damaged": _by_seed(damaged, name),
            }
            for name in claims
        },
    }


def _by_seed(samples: Sequence[Sample], name: str) -> dict[str, float]:
    return {
        str(seed): float(f"{value:.4g}") for seed, value in values_of(samples, f"{LECTURE}.{name}").items()
    }


def rows(course: Course, values: dict[str, Any]) -> list[Row]:
    """The rows of all lectures that are written down, each held against the band as it is now."""
    return [
        Row(name, claim, band, found["honest"], found["damaged"], made)
        for name, made in sorted(values.items())
        for claim, band in bands(course.topic(name), made["device_class"]).items()
        if (found := made["claims"].get(claim))
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


def report(found: Sequence[Row], wanted: Sequence[str]) -> str:
    """The table with every value and where it comes from, as a page of Markdown.

    wanted : the lectures of the course.
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
    if short := [f"{name} ({runs.get(name, 0)})" for name in wanted if runs.get(name, 0) < ENOUGH]:
        lines += [f"Not {ENOUGH} runs yet: {', '.join(short)}. The same command goes on from there.", ""]
    for row in found:
        made = row.made
        lines += [
            f"## {row.topic}: {row.claim}",
            "",
            f"{made['device']} ({made['device_class']}), one thread a run. {made['software']}.",
            f"Notebook `{made['notebook']}`, packages `{made['packages']}`.",
            f"Seeds {min(row.honest)} to {max(row.honest)}; the first took {made['seconds']} s, on "
            f"{made['date']}.",
            "",
            f"Honest: {_numbers(row.honest)}",
            "",
            f"Damaged: {_numbers(row.damaged)}",
            "",
        ]
    return "\n".join(lines)


def _numbers(values: dict[str, float]) -> str:
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
    course = Course.load(ROOT)
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
    before = json.loads(VALUES.read_text("utf-8")) if VALUES.is_file() else {}
    fresh = {}
    with Crew(place, given.workers, tell) as crew:
        for topic in topics:
            if values := measured(crew, topic, seeds, given.damaged, kept=given.kept):
                fresh[topic.name] = values
    found = rows(course, fresh)
    print(table(found))
    if given.report:
        every = dict(sorted({**before, **fresh}.items()))
        atomic.write_text(VALUES, json.dumps(every, indent=1) + "\n")
        wanted = [topic.name for topic in course.topics]
        atomic.write_text(given.report, report(rows(course, every), wanted))
    sys.exit(0 if all(row.ok for row in found) else 1)


if __name__ == "__main__":
    main()
