"""What a run's processes hold in memory, all of them together, seen from outside."""

import os
from contextlib import suppress
from dataclasses import dataclass

import psutil


@dataclass
class Watch:
    """The processes of the run whose main process is `pid`.

    base_mb is what that process had inherited from its parent. `peak_mb` is the most that the main process
    has held, inherited pages included, with what the others held beside it; `own_mb` the most that was not
    inherited.
    """

    pid: int
    base_mb: float = 0.0
    peak_mb: float = 0.0
    own_mb: float = 0.0

    def __post_init__(self) -> None:
        self.base_mb = _held(self.pid)
        self.space = _space(self.pid)

    def look(self, limit_mb: float) -> bool:
        """Note what is held now; whether it is more than `limit_mb`."""
        pids = self.pids()
        own = [max(0.0, _held(pid) - self.base_mb) for pid in pids]
        if sum(own) > limit_mb:
            # Pages that a process shares with those it forked were counted once for each: look closely.
            own = [max(0.0, _share(pid) - self.base_mb * (pid == self.pid)) for pid in pids]
        self.own_mb = max(self.own_mb, sum(own))
        main = own[pids.index(self.pid)] if self.pid in pids else 0.0
        self.peak_mb = max(self.peak_mb, _high_water(self.pid) + sum(own) - main)
        return sum(own) > limit_mb

    def pids(self) -> list[int]:
        """The processes in the run's PID namespace, or, without one, the main process and its descendants."""
        if self.space and self.space != _space(os.getpid()):
            return [
                int(name) for name in os.listdir("/proc") if name.isdigit() and _space(name) == self.space
            ]
        with suppress(psutil.Error):
            children = psutil.Process(self.pid).children(recursive=True)
            return [self.pid, *(child.pid for child in children)]
        return [self.pid]


def _space(pid: int | str) -> str | None:
    """The PID namespace of a process; None when it is gone or out of reach."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return None


def _field_mb(path: str, *names: str) -> float:
    """The sum of the fields `names`, in MB, of a file such as /proc/<pid>/status; 0 when it is gone."""
    total = 0
    with suppress(OSError), open(path, "rb") as lines:
        for line in lines:
            name, _, value = line.partition(b":")
            if name.decode("ascii", "replace") in names:
                total += int(value.split()[0])
    return total / 1024


def _held(pid: int) -> float:
    return _field_mb(f"/proc/{pid}/status", "RssAnon", "RssShmem")


def _high_water(pid: int) -> float:
    return _field_mb(f"/proc/{pid}/status", "VmHWM")


def _share(pid: int) -> float:
    return _field_mb(f"/proc/{pid}/smaps_rollup", "Pss_Anon", "Pss_Shmem")
