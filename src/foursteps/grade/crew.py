"""Several runs at a time: who makes them, and how each comes back."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from foursteps.grade.work import Ran, Work, run
from foursteps.run.device import cores

Name = tuple[str, str]
"""A run's exercise and key."""


def fitting(memory_gb: float) -> int:
    """How many runs this machine can make at the same time: one a processor, with memory for each."""
    import psutil

    return max(1, min(cores(), int(psutil.virtual_memory().available / 2**30 / memory_gb)))


class Crew:
    """Makes runs, several at a time, and gives each as it is done. Use it in a `with` block.

    submit : has a run begun, and gives its future. stop : ends the runs in progress, when the block is left
        by an exception, Ctrl-C among them. close : lets go of whoever made them.
    """

    def __init__(
        self,
        submit: Callable[[Work], Future],
        workers: int,
        *,
        stop: Callable[[], None],
        close: Callable[[], None],
    ) -> None:
        self.submit, self.workers, self.stop, self.close = submit, workers, stop, close
        self._waiting: dict[Future, Name] = {}

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is not None:
            for future in self._waiting:
                future.cancel()
            self.stop()
        self.close()

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self, name: Name, work: Work) -> None:
        """Have `work` done; what comes of it goes by `name`."""
        self._waiting[self.submit(work)] = name

    def done(self, *, block: bool) -> Iterator[tuple[Name, Ran | Exception]]:
        """The runs that are done, or what kept them from being made; with `block`, at least one."""
        while self._waiting:
            finished, _ = wait(self._waiting, timeout=None if block else 0, return_when=FIRST_COMPLETED)
            if not finished:
                return
            block = False
            for future in finished:
                name = self._waiting.pop(future)
                error = future.exception()
                if isinstance(error, Exception):
                    yield name, error
                elif error is not None:
                    raise error
                else:
                    yield name, future.result()


def local(workers: int, runner: Callable[[Work], Any], stop: Callable[[], None]) -> Crew:
    """A crew of threads in this process; each has `runner(work)` make one run at a time."""
    asking = threading.Lock()

    def perform(work: Work) -> Ran:
        with asking:  # a runner is made once, however many threads ask for it
            found = runner(work)
        return run(work, found)

    pool = ThreadPoolExecutor(workers, thread_name_prefix="foursteps")
    return Crew(lambda work: pool.submit(perform, work), workers, stop=stop, close=pool.shutdown)
