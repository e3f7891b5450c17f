"""Measuring: claims.json is written from seeded runs, with the proof that each band can fail."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from foursteps.claims import ledger
from foursteps.claims.ledger import ClaimRecord, Damaged
from foursteps.course import Topic
from foursteps.errors import ClaimError, CourseError
from foursteps.reproduce.compare import Comparing, Flow, values_of
from foursteps.reproduce.finding import Finding
from foursteps.reproduce.task import LECTURE, Sample, Task
from foursteps.run.provenance import Provenance

DAMAGED_SEEDS = 3


class Measuring(Flow):
    """Writes claims.json: all of a topic's bands, or, when one is refused, nothing."""

    def tasks(self, topic: Topic) -> list[Task]:
        """The seeded runs, and the damaged ones that the band has to exclude."""
        if LECTURE in self.notebooks and not topic.damaged:
            raise CourseError(
                f"course.toml, lectures.{topic.name}",
                expected="damaged, the parameters of a run that must fall outside the band",
                found="none",
                mend="Add, for half of the lecture's epochs, damaged = {epochs = 1}.",
            )
        damaged = self.seeds[:DAMAGED_SEEDS] if LECTURE in self.notebooks else ()
        return super().tasks(topic) + [Task(topic, LECTURE, seed, topic.damaged) for seed in damaged]

    def topic(self, topic: Topic, samples: list[Sample]) -> list[Finding]:
        if failed := self.broken(samples):
            return failed
        damaged = [s for s in samples if s.task.notebook == LECTURE and s.task.parameters]
        honest = [s for s in samples if s.task.notebook != LECTURE or not s.task.parameters]
        kept = ledger.load_or_new(topic.claims)
        records: dict[str, ClaimRecord] = {}
        found: list[Finding] = []
        again: list[tuple[str, list[Sample]]] = []
        for name in self.notebooks:
            mine = [sample for sample in honest if sample.task.notebook == name]
            for claim in dict.fromkeys(stated.name for sample in mine for stated in sample.stated):
                if name != LECTURE and claim.startswith("lecture."):
                    again.append((claim, mine))  # held against the lecture's band, not measured
                    continue
                try:
                    records[claim] = self._record(claim, mine, damaged if name == LECTURE else [])
                except ClaimError as error:
                    found.append(self._told(mine, claim, "refused", f"{mine[0].task.path}, {error}"))
                    continue
                found.append(self._told(mine, claim, "measured", "", records[claim]))
        if not any(finding.verdict == "refused" for finding in found):
            kept = kept.with_claims(records, instead_of="lecture." if LECTURE in self.notebooks else "")
            compare = Comparing(self.place, self.crew, self.seeds, self.notebooks)
            found += [
                finding
                for claim, mine in again
                for finding in compare.notebook(kept, _only(mine, claim))
                if finding.claim == claim
            ]
            kept.save()
        return found

    def _record(self, claim: str, samples: Sequence[Sample], damaged: Sequence[Sample]) -> ClaimRecord:
        """The record of `claim`; raises ClaimError when its band is refused."""
        stated = [one for sample in samples if (one := sample.find(claim))]
        first = stated[0]
        proof = None
        if damaged:
            proof = Damaged(
                parameters=dict(damaged[0].task.parameters),
                seeds=tuple(sample.task.seed for sample in damaged),
                values=tuple(values_of(damaged, claim).values()),
            )
        return ledger.measured(
            claim,
            values_of(samples, claim),
            [one.baseline for one in stated],
            self._stamp(samples),
            kind=first.kind,
            rows=first.rows,
            higher_is_better=first.higher_is_better,
            damaged=proof,
        )

    def _stamp(self, samples: Sequence[Sample]) -> Provenance:
        """The first run's provenance, with the longest time and the most memory of all."""
        stamps = [sample.entry.provenance for sample in samples if sample.entry]
        return stamps[0].model_copy(
            update={
                "seconds": max(stamp.seconds for stamp in stamps),
                "peak_mb": max(stamp.peak_mb for stamp in stamps),
            }
        )

    def _told(
        self,
        samples: Sequence[Sample],
        claim: str,
        verdict: Literal["measured", "refused"],
        message: str,
        record: ClaimRecord | None = None,
    ) -> Finding:
        task, device = samples[0].task, self.place.device
        band = record.band(device) if record else None
        if record and band:
            limits = record.bands[device].limits
            message = (
                f"{task.path}, {claim}: measured with {band.n} seeds on {device}: mean {band.mean:.4g}, "
                f"deviation {band.deviation:.2g}; alarm at {limits.alarm:.4g}, "
                f"baseline {record.baseline:.4g}."
            )
        return Finding(
            topic=task.topic.name,
            notebook=task.notebook,
            where=str(task.path),
            claim=claim,
            verdict=verdict,
            device=device,
            message=message,
            values=values_of(samples, claim),
            baseline=record.baseline if record else None,
            band=band,
            band_device=device if band else None,
            measured=record.bands[device] if record else None,
            provenance=samples[0].entry.provenance if samples[0].entry else None,
        )


def _only(samples: Sequence[Sample], claim: str) -> list[Sample]:
    """`samples` as if they had stated `claim` alone."""
    return [
        replace(sample, stated=tuple(one for one in sample.stated if one.name == claim)) for sample in samples
    ]
