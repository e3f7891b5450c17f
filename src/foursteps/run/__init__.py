"""Runs: the only place where a kernel starts."""

from foursteps.run.cold import ColdRunner
from foursteps.run.device import device_env, device_name, resolve_device
from foursteps.run.fake import FakeRunner
from foursteps.run.result import CellError, Limits, Runner, RunResult

__all__ = [
    "CellError",
    "ColdRunner",
    "FakeRunner",
    "Limits",
    "RunResult",
    "Runner",
    "device_env",
    "device_name",
    "resolve_device",
]
