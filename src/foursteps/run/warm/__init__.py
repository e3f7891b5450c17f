"""Warm, sandboxed runs: notebooks in children forked from a process that has imported everything."""

from foursteps.run.warm.runner import WarmResult, WarmRunner

__all__ = ["WarmResult", "WarmRunner"]
