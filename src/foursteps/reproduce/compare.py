"""Comparing: what runs state is held against the bands of claims.json, by the two-stage rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from foursteps import notebook as notebooks
from foursteps.checks.definition import Metric, load_grader
from foursteps.claims import ledger
from foursteps.claims.band import FRESH_RUNS, Verdict, judge
from foursteps.claims.ledger import Ledger
from foursteps.course import EXERCISES, Topic
from foursteps.errors import FourstepsError
from foursteps.reproduce.crew import Crew
from foursteps.reproduce.difference import difference, keep_failed, remember
from foursteps.reproduce.finding import Finding, explain
from foursteps.reproduce.task import LECTURE, Place, Sample, Task

FIRST_FRESH_SEED = 1001
NOTEBOOKS = (LECTURE, *EXERCISES)


@dataclass(frozen=True)
class Flow:
    """What comparing and measuring share."""

    place: Place
    crew: Crew
    seeds: tuple[int, ...]
    notebooks: tuple[str, ...]

    def findings(self, topics: Sequence[Topic]) -> tuple[Finding, ...]:
        """The findings of all topics; their runs share the crew, so no kernel waits for another topic."""
        here = [topic for topic in topics if topic.device == "cpu" or self.place.device == "cuda"]
        tasks = [task for topic in here for task in self.tasks(topic)]
        samples = self.crew.perform(tasks)
        found: list[Finding] = []
        for topic in topics:
            if topic not in here:
                found.append(self._needs_gpu(topic))
                continue
            mine = [sample for sample in samples if sample.task.topic.name == topic.name]
            found += self.topic(topic, mine)
        return tuple(found)

    def tasks(self, topic: Topic) -> list[Task]:
        """The runs to begin with."""
        return [
            Task(topic, name, seed, chosen)
            for name in self.notebooks
            for chosen in menu(topic, name)
            for seed in self.seeds
        ]

    def topic(self, topic: Topic, samples: list[Sample]) -> list[Finding]:
        """The findings of one topic from its runs."""
        raise NotImplementedError

    def broken(self, samples: Sequence[Sample]) -> list[Finding]:
        """A finding for each notebook of which a run failed: its first failure."""
        found: dict[str, Finding] = {}
        for sample in samples:
            task = sample.task
            if not sample.problem or task.notebook in found:
                continue
            run = sample.entry.result.notebook if sample.entry else None
            message = f"seed {task.seed}: {sample.problem}"
            if run is not None:
                name = f"{task.topic.name}-{task.notebook}-{task.seed}"
                message += f" The notebook as it stood: {keep_failed(self.place.cache, name, run)}"
            found[task.notebook] = Finding(
                topic=task.topic.name,
                notebook=task.notebook,
                where=str(task.path),
                claim="",
                verdict="error",
                device=self.place.device,
                message=message,
                provenance=sample.entry.provenance if sample.entry else None,
                diff=difference(self.place.cache, task.path, self.place.device, run) if run else "",
                traceback=sample.traceback,
            )
        return list(found.values())

    def _needs_gpu(self, topic: Topic) -> Finding:
        return Finding(
            topic.name,
            LECTURE,
            str(topic.lecture),
            "",
            "not-comparable",
            self.place.device,
            f"{topic.lecture}: expected a GPU, which this lecture declares; found only a CPU, so it was not "
            f"run. Run it on a machine with a GPU, with --device cuda.",
        )


class Comparing(Flow):
    """Holds what is stated against the bands of claims.json, by the two-stage rule."""

    def topic(self, topic: Topic, samples: list[Sample]) -> list[Finding]:
        kept = ledger.load_or_new(topic.claims)
        failed = self.broken(samples)
        found = [*failed]
        for name in self.notebooks:
            if any(finding.notebook == name for finding in failed):
                continue
            mine = [sample for sample in samples if sample.task.notebook == name]
            found += self.notebook(kept, mine)
        return sorted(found, key=lambda finding: NOTEBOOKS.index(finding.notebook))

    def notebook(self, kept: Ledger, samples: list[Sample]) -> list[Finding]:
        """Both stages of the rule for the claims of one notebook."""
        names = list(dict.fromkeys(stated.name for sample in samples for stated in sample.stated))
        alarms = [name for name in names if self._verdict(kept, name, samples, confirmed=False) == "confirm"]
        more: list[Sample] = []
        if alarms:
            doubted = [sample.task for sample in samples if any(map(sample.find, alarms))]
            chosen = [task for task in doubted if task.seed == doubted[0].seed]
            more = self.crew.perform(
                [replace(task, seed=seed) for task in chosen for seed in self._fresh(kept, alarms)]
            )
            if failed := self.broken(more):
                return failed
        found = [
            self._finding(kept, name, [*samples, *more] if name in alarms else samples, name in alarms)
            for name in names
        ]
        found += self._unstated(kept, samples[0].task, names)
        task, entry = samples[0].task, samples[0].entry
        if entry and found and all(finding.verdict in ("pass", "stale-better") for finding in found):
            remember(self.place.cache, task.path, self.place.device, entry.result.notebook, entry.key)
        return found

    def _fresh(self, kept: Ledger, alarms: Sequence[str]) -> list[int]:
        """Seeds that neither this comparison nor any band has used."""
        used = set(self.seeds)
        for name in alarms:
            for band in kept.record(name).bands.values():
                used.update(band.seeds)
        seeds: list[int] = []
        seed = FIRST_FRESH_SEED
        while len(seeds) < FRESH_RUNS:
            if seed not in used:
                seeds.append(seed)
            seed += 1
        return seeds

    def _verdict(self, kept: Ledger, name: str, samples: Sequence[Sample], *, confirmed: bool) -> Verdict:
        record = kept.claims.get(name)
        nearest = record.nearest(self.place.device) if record else None
        band = record.band(nearest) if record and nearest else None
        return judge(list(values_of(samples, name).values()), band, confirmed=confirmed)

    def _finding(self, kept: Ledger, name: str, samples: Sequence[Sample], confirmed: bool) -> Finding:
        samples = [sample for sample in samples if sample.find(name)]
        record = kept.claims.get(name)
        device = self.place.device
        nearest = record.nearest(device) if record else None
        values = values_of(samples, name)
        verdict = self._verdict(kept, name, samples, confirmed=confirmed)
        band = record.band(nearest) if record and nearest else None
        measured = record.bands[nearest] if record and nearest else None
        task, entry = samples[0].task, samples[0].entry
        message = explain(
            str(task.path), name, verdict, values, band, measured, device, nearest, confirmed=confirmed
        )
        if nearest != device:
            verdict = "not-comparable"
        run = entry.result.notebook if entry and verdict == "fail" else None
        stated = samples[0].find(name)
        return Finding(
            topic=task.topic.name,
            notebook=task.notebook,
            where=str(task.path),
            claim=name,
            verdict=verdict,
            device=device,
            message=message,
            values=values,
            # A graded solution's own baseline is not the lecture's, whose band this is.
            baseline=record.baseline if record else (stated.baseline if stated else None),
            band=band,
            band_device=nearest,
            measured=measured,
            provenance=entry.provenance if entry else None,
            fresh=any(sample.entry.fresh for sample in samples if sample.entry),
            diff=difference(self.place.cache, task.path, device, run) if run else "",
        )

    def _unstated(self, kept: Ledger, task: Task, names: Sequence[str]) -> list[Finding]:
        """A lecture's claims that claims.json knows and that its runs no longer state."""
        if task.notebook != LECTURE:
            return []
        missing = [name for name in kept.claims if name.startswith("lecture.") and name not in names]
        return [
            Finding(
                task.topic.name,
                task.notebook,
                str(task.path),
                name,
                "fail",
                self.place.device,
                f"{task.path}, {name}: expected this claim, which claims.json has a band for; found "
                f"{', '.join(names)}. Record it again, or take it out with `foursteps reproduce --measure`.",
            )
            for name in missing
        ]


def menu(topic: Topic, notebook: str) -> list[dict[str, Any]]:
    """The parameters with which a notebook is run for each seed: one set, or one a dataset.

    A solution that declares the parameter `dataset` is run on every dataset that its metrics may be asked
    on, since each of them needs a band.
    """
    if notebook == LECTURE:
        return [{}]
    exercise = topic.exercises[notebook]
    try:
        declared = notebooks.parameters(notebooks.read(exercise.source))
        checks = load_grader(exercise.grader) if "dataset" in declared else ()
    except FourstepsError:
        return [{}]  # the run itself will say what is wrong
    names = dict.fromkeys(name for check in checks if isinstance(check, Metric) for name in check.datasets)
    return [{"dataset": name} for name in names] or [{}]


def values_of(samples: Sequence[Sample], claim: str) -> Mapping[int, float]:
    """The values of `claim`, by seed."""
    return {
        sample.task.seed: stated.value for sample in samples if (stated := sample.find(claim)) is not None
    }
