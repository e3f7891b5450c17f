"""A learner's side: own copies in `work/`, how far they are, the start page, updates, marks on their own.

In a notebook: `from foursteps.learner import guess, recall, reveal`.
"""

from typing import Any

__all__ = ["guess", "recall", "reveal"]


def __getattr__(name: str) -> Any:
    # Each check imports foursteps.learner.progress, and should not wait for what it does not use.
    if name in ("guess", "reveal"):
        from foursteps.learner import guesses

        return getattr(guesses, name)
    if name == "recall":
        from foursteps.learner.recalling import recall

        return recall
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
