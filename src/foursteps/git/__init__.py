"""Notebooks in git: no outputs in commits, and differences and merges that a person can read."""

from foursteps.git.setup import Setup, set_up, undo

__all__ = ["Setup", "set_up", "undo"]
