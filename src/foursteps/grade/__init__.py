"""Grading: evidence and keys in, marks out; on nbgrader, one class at a time.

`score` and `mark` are pure; `prepare` gets an exercise ready; `grade_class` and `write_feedback` do a class.
"""

from typing import Any

__all__ = ["Row", "grade_class", "write_feedback"]


def __getattr__(name: str) -> Any:
    # A learner's notebook imports foursteps.grade.score, and should not wait for what grades a class.
    if name in ("Row", "grade_class"):
        from foursteps.grade import batch

        return getattr(batch, name)
    if name == "write_feedback":
        from foursteps.grade.feedback import write_feedback

        return write_feedback
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
