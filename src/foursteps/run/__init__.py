"""Runs: the only place where a kernel starts."""

from foursteps.run.cache import Entry, RunCache
from foursteps.run.cold import ColdRunner
from foursteps.run.device import device_env, device_name, resolve_device
from foursteps.run.fake import FakeRunner
from foursteps.run.provenance import Provenance
from foursteps.run.result import CellError, Limits, Resources, Runner, RunResult

__all__ = [
    "CellError",
    "ColdRunner",
    "Entry",
    "FakeRunner",
    "Limits",
    "Provenance",
    "Resources",
    "RunCache",
    "RunResult",
    "Runner",
    "device_env",
    "device_name",
    "resolve_device",
]
