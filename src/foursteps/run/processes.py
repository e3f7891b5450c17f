"""The processes of a run: their memory, and their end."""

import os
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

MARK = "FOURSTEPS_RUN"
"""The environment variable by which a run's processes are known, also those that left their parent."""


@dataclass
class Family:
    """A kernel and every process it started, as far as they can be known.

    A process is known as a descendant of the kernel at the time somebody looked, or by the mark in its
    environment, which a process that detached itself (a new session, another parent) still carries. One that
    did both between two looks and threw its environment away is missed; only a namespace would hold it.
    """

    pid: int
    mark: str
    peak_mb: float = 0.0
    _seen: set[psutil.Process] = field(default_factory=set)

    def look(self) -> None:
        """Note the memory and the members of the family as they are now."""
        with suppress(psutil.Error):
            kernel = psutil.Process(self.pid)
            children = kernel.children(recursive=True)
            self._seen.update(children)
            self.peak_mb = max(self.peak_mb, _high_water(kernel) + sum(map(_share, children)))

    def end(self, rounds: int = 20) -> None:
        """Kill the whole family, and whatever it starts meanwhile, and wait until it is gone."""
        self.look()
        with suppress(psutil.Error):
            self._seen.add(psutil.Process(self.pid))
        for _ in range(rounds):
            living = {member for member in self._seen | _marked(self.mark) if _lives(member)}
            if not living:
                return
            for member in living:
                with suppress(psutil.Error):
                    self._seen.update(member.children(recursive=True))
                with suppress(psutil.Error):
                    member.kill()
            psutil.wait_procs(living, timeout=1)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _marked(mark: str) -> set[psutil.Process]:
    """Processes that carry `mark`, this one excepted."""
    found = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                found.add(process)
    return found


def _high_water(process: psutil.Process) -> float:
    """The most memory the process has held, in MB; what it holds now where the system does not say."""
    try:
        with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as lines:
            for line in lines:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    with suppress(psutil.Error):
        return process.memory_info().rss / 2**20
    return 0.0


def _share(process: psutil.Process) -> float:
    """A child's own part of its memory, in MB: pages it shares with its parent count once."""
    with suppress(psutil.Error):
        memory = process.memory_full_info()
        return getattr(memory, "pss", memory.rss) / 2**20
    return 0.0
