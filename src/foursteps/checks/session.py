"""`check()` and `hint()`: what a learner's notebook calls.

At home a check gathers its evidence, scores it here with the public half of its definition, and shows a
card. While grading (FOURSTEPS_GRADING names the prepared folder) it only emits the evidence: the score is
given elsewhere, where no learner's code runs. It fails closed: its value is 0.0 unless it passed here, and
always 0.0 while grading.
"""

# No run depends on this module: it shows cards; what a graded run gives is in `witness`.

import os
from pathlib import Path
from typing import Any

from foursteps.checks.card import STATES, html_card, points_text, text_card
from foursteps.checks.definition import AnyCheck, Checks, Function, Metric, Property, WriteUp
from foursteps.checks.evidence import Evidence
from foursteps.checks.gather import gather
from foursteps.checks.help import about, for_error
from foursteps.checks.witness import testify
from foursteps.errors import CheckError, FourstepsError
from foursteps.grade.score import Key, MetricKey, Outcome, public_key, score
from foursteps.learner.progress import Event, progress_here

GRADING = "FOURSTEPS_GRADING"
CHECKS = "FOURSTEPS_CHECKS"
_misses: dict[str, int] = {}
_hints_seen: dict[str, int] = {}


class Points(float):
    """The value of a check: a plain number to nbgrader, a quiet line to a reader."""

    outcome: Outcome | None = None

    def __repr__(self) -> str:
        return float.__repr__(self)

    def _repr_html_(self) -> str | None:
        return f'<small style="opacity:.7">{points_text(self.outcome)}</small>' if self.outcome else None


def check(name: str, thing: Any) -> Points:
    """Check `thing` (a function, a Learner, an array...) against the check called `name`.

    Shows a card and gives the points, 0.0 unless the check passed. Never raises, so that a notebook
    with open questions still runs from top to bottom.
    """
    try:
        if folder := os.environ.get(GRADING):
            testify(name, thing, Path(folder))
            return Points(0.0)
        return _answer(name, thing)
    except FourstepsError as error:
        return _show(Outcome(name, "grader_broken", 0.0, 0.0, reason=str(error)))
    except Exception as error:
        # A check's own mistake must not look like the learner's.
        reason = f"{type(error).__name__}: {error}. This is not your mistake; please report it."
        return _show(Outcome(name, "grader_broken", 0.0, 0.0, reason=reason))


def hint(name: str, rung: int | None = None) -> None:
    """Show the next hint for the check `name`, or the one numbered `rung` (1 to 3)."""
    try:
        _, found = load_checks().find(name)
    except FourstepsError as error:
        show_text(str(error), None)
        return
    if not found.hints:
        show_text(f"There is no hint for {name}.", None)
        return
    rung = min(max(rung or _hints_seen.get(name, 0) + 1, 1), 3)
    _hints_seen[name] = rung
    words = ("a question", "a pointer", "nearly the code")[rung - 1]
    text = f"Hint {rung} of 3 for {name} ({words}): {found.hints[rung - 1]}"
    show_text(text, None)


def load_checks() -> Checks:
    """The checks that belong to the notebook running here.

    Looked for in $FOURSTEPS_CHECKS, in `checks.json` beside the notebook, and in the released exercises of
    the course around it. Raises CheckError when there are none.
    """
    here = Path.cwd()
    places = [Path(os.environ[CHECKS])] if CHECKS in os.environ else []
    places.append(here / "checks.json")
    places += [root / "exercises" / here.name / "checks.json" for root in here.parents[:6]]
    for place in places:
        if place.is_file():
            return Checks.loads(place.read_text("utf-8"), place)
    raise CheckError(
        here,
        expected="checks.json, the exercise's checks, beside the notebook",
        found="none",
        mend="Copy it from the folder the exercise came in, or run `foursteps release` in the course.",
    )


def _answer(name: str, thing: Any) -> Points:
    """Score here, for the learner's eyes."""
    from foursteps import data

    public = load_checks()
    exercise, found = public.find(name)
    calls = [case.arguments for case in found.visible] if isinstance(found, Function) else []
    evidence = gather(found, thing, calls, data.opened(), data.held_out_inputs)
    outcome = score(found, evidence, _key_here(found, evidence))
    points = _show(outcome, found, thing)
    _remember(public.topic, exercise, outcome)
    return points


def _remember(topic: str, exercise: str, outcome: Outcome) -> None:
    """Note an outcome in the learner's own progress; it never fails a cell."""
    try:
        progress = progress_here()
        if progress is None:
            return
        more = {"exercise": exercise, "value": outcome.value}
        event = Event("check", topic, outcome.check, outcome.state, outcome.points, outcome.max_points, more)
        if not progress.keep(event):
            show_text(
                "Your progress cannot be saved now (is the disk full?). It is kept until the next check.",
                None,
            )
    except Exception:  # whatever it is, the card has been shown, and that is what counts
        return


def _key_here(check: AnyCheck, evidence: Evidence) -> Key | None:
    """What a learner's own copy of the data and the release say is right."""
    from foursteps import data

    if isinstance(check, Function):
        return public_key(check)
    if not isinstance(check, Metric) or evidence.state != "given" or evidence.dataset is None:
        return {} if isinstance(check, Property | WriteUp) else None
    name = evidence.dataset
    if name not in check.scales:
        raise CheckError(
            f"check({check.name!r})",
            expected=f"cut-offs for {name} in checks.json",
            found="none: no band has been measured for it",
            mend="Run `foursteps reproduce --measure`, then `foursteps release`.",
        )
    _, seed = data.opened()[name]
    labels = data.held_out_labels(name, seed=seed)
    baseline = data.held_out_baseline(name, seed=seed) if check.lift else labels
    return {name: MetricKey(labels, baseline, check.scales[name])}


def _show(outcome: Outcome, check: AnyCheck | None = None, thing: Any = None) -> Points:
    """Show the card and give the points."""
    asks = check.asks if check else ""
    advice = _advice(check, outcome, thing) if check else ""
    rung = None
    if outcome.state in ("failed", "crashed") and check and check.hints:
        _misses[outcome.check] = _misses.get(outcome.check, 0) + 1
        number = min(_misses[outcome.check], 3)
        rung = (number, check.hints[number - 1])
    call = f'hint("{outcome.check}") gives a hint.' if rung else ""
    show_text(text_card(outcome, asks, advice, call), html_card(outcome, asks, advice, rung))
    points = Points(outcome.points if outcome.state == "passed" else 0.0)
    points.outcome = outcome
    return points


def _advice(check: AnyCheck, outcome: Outcome, thing: Any) -> str:
    """The check's own advice whose key is in what went wrong, else what any course would say."""
    if outcome.state not in ("failed", "crashed"):
        return ""
    said = f"{outcome.reason} {outcome.got}"
    own = next((text for key, text in check.advice.items() if key.lower() in said.lower()), "")
    return own or for_error(said) or about(thing)


def show_text(text: str, html: str | None) -> None:
    """Show `html` where there is a front end for it, `text` in a terminal."""
    try:
        from IPython import get_ipython
        from IPython.display import display

        shell = get_ipython()
    except ImportError:
        shell = None
    if shell is None or shell.__class__.__name__ == "TerminalInteractiveShell":
        print(text)
        return
    bundle = {"text/plain": text}
    if html:
        bundle["text/html"] = html
    display(bundle, raw=True)


__all__ = ["STATES", "check", "hint", "load_checks"]
