"""Many runs at a time, and how far they are."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from foursteps.reproduce.task import Place, Sample, Task


@dataclass(frozen=True)
class Event:
    """One step of progress.

    kind: `started`, `cell` or `finished`. cell of cells are the run's code cells, `line` the first of the
    one that now runs. done of total are runs; seconds have passed since the start, and `left` are likely
    still to come (None while nobody can tell).
    """

    kind: Literal["started", "cell", "finished"]
    topic: str
    notebook: str
    seed: int
    cell: int
    cells: int
    line: str
    done: int
    total: int
    seconds: float
    left: float | None
    fresh: bool = True


Kind = Literal["started", "cell", "finished"]
OnEvent = Callable[[Event], None]


class Crew:
    """Performs tasks with several threads, each driving one kernel at a time, and tells how far it is."""

    def __init__(self, place: Place, workers: int, on_event: OnEvent | None) -> None:
        self.place, self.workers, self.on_event = place, workers, on_event or (lambda event: None)
        self.began = monotonic()
        self.done = self.total = 0
        self.costs: list[float] = []
        self._lock = threading.Lock()

    def __enter__(self) -> "Crew":
        self.pool = ThreadPoolExecutor(self.workers, thread_name_prefix="foursteps")
        return self

    def __exit__(self, kind, *_) -> None:
        if kind is not None:  # also Ctrl-C: nothing that runs may outlive it
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.place.runner.stop()
        self.pool.shutdown(wait=True, cancel_futures=True)

    def perform(self, tasks: Sequence[Task]) -> list[Sample]:
        """The samples of `tasks`, in their order; the first exception of one ends all."""
        self.total += len(tasks)
        futures: list[Future] = [self.pool.submit(self._one, task) for task in tasks]
        waiting = set(futures)
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                future.result()
        return [future.result() for future in futures]

    def _one(self, task: Task) -> Sample:
        began = monotonic()
        self._tell("started", task)
        sample = self.place.perform(
            task, lambda cell, cells, line: self._tell("cell", task, cell, cells, line)
        )
        fresh = sample.entry is None or sample.entry.fresh
        with self._lock:
            self.done += 1
            if fresh:
                self.costs.append(monotonic() - began)
        self._tell("finished", task, fresh=fresh)
        return sample

    def _tell(
        self, kind: Kind, task: Task, cell: int = 0, cells: int = 0, line: str = "", fresh: bool = True
    ) -> None:
        with self._lock:
            left = None
            if self.costs:
                left = sum(self.costs) / len(self.costs) * (self.total - self.done) / self.workers
            self.on_event(
                Event(
                    kind,
                    task.topic.name,
                    task.notebook,
                    task.seed,
                    cell,
                    cells,
                    line,
                    self.done,
                    self.total,
                    monotonic() - self.began,
                    left,
                    fresh,
                )
            )
