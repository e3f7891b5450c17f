"""Guesses: commit a number before you run, and see the distance afterwards.

    guess("accuracy", 0.9)            # before
    reveal("accuracy", measured)      # after

A wrong guess is worth more than none: the distance is what one learns from.
"""

# No run depends on this module: it shows and remembers what a reader thought.

import math
from html import escape
from pathlib import Path

from foursteps.learner.progress import progress_here, remember

_committed: dict[str, float] = {}


def guess(name: str, value: float) -> float:
    """Commit a guess of the number called `name`, and give it back. The last one before `reveal` counts."""
    number = _number(value)
    if number is None:
        _say(f"A guess is one finite number; this is {value!r}. Write one, and run the cell again.")
        return value
    _committed[name] = number
    remember("guess", name, value=number)
    _say(f"Your guess for {name}: {number:g}. Now run on.")
    return number


def reveal(name: str, actual: float) -> None:
    """Show how far the guess called `name` was from what it turned out to be. Never raises."""
    number = _number(actual)
    before = _committed.get(name, _remembered(name))
    if number is None:
        _say(f"{name} is no finite number: {actual!r}.")
        return
    remember("reveal", name, value=number, guess=before)
    if before is None:
        _say(f"{name} is {number:.4g}. You had made no guess: next time write one first.")
        return
    off = number - before
    share = f", {abs(off / number):.0%} of it" if number else ""
    where = "exactly" if not off else f"{abs(off):.3g} too {'low' if off > 0 else 'high'}{share}"
    _say(f"{name} is {number:.4g}; you guessed {before:.4g}: {where}.")


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]  # anything that float takes, a tensor too
    except (TypeError, ValueError, RuntimeError):
        return None
    return number if math.isfinite(number) else None


def _remembered(name: str) -> float | None:
    """The guess from before the kernel was restarted."""
    try:
        progress = progress_here()
        events = progress.events("guess", topic=Path.cwd().name) if progress else []
    except Exception:  # a record that cannot be read takes nothing but the memory of it
        return None
    return next((event.more.get("value") for event in reversed(events) if event.name == name), None)


def _say(text: str) -> None:
    from foursteps.checks.session import show_text

    show_text(
        text, f'<p style="border-left:5px solid #3b7dd8;padding:.4em .9em;margin:.3em 0">{escape(text)}</p>'
    )
