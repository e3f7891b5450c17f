"""Gathering evidence: look at what the learner made, in the learner's own process, and score nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from foursteps.checks.definition import AnyCheck, Function, Metric, Property, WriteUp
from foursteps.checks.evidence import Evidence, decode, encode
from foursteps.checks.measures import MEASURES
from foursteps.checks.probes import probe
from foursteps.errors import EvidenceError


def gather(
    check: AnyCheck,
    thing: Any,
    calls: Sequence[list[Any]],
    opened: dict[str, tuple[Path, int]],
    held_out_inputs: Callable[[Path], Any],
) -> Evidence:
    """The evidence for `check` that `thing` gives. Never raises: what goes wrong is in the evidence.

    calls : a function check's encoded argument lists, one a call.
    opened : the datasets opened in this process, oldest first: name to (folder, seed).
    held_out_inputs : gives a dataset folder's held-out inputs.
    """
    if thing is None or thing is ...:
        return Evidence(check=check.name, state="not_attempted", reason="Nothing here yet.")
    try:
        match check:
            case Property():
                return _given(check, encode(probe(check.probe)(thing)))
            case Function():
                return _call(check, thing, calls)
            case Metric():
                return _predict(check, thing, opened, held_out_inputs)
            case WriteUp():
                return Evidence(check=check.name, state="not_attempted", reason="A person marks this.")
    except EvidenceError as error:
        return _crashed(check, f"{error.found}: foursteps reads plain values, arrays and tensors.")
    except Exception as error:
        return _crashed(check, describe(error))
    raise AssertionError(f"no such kind of check: {check.kind}")


def describe(error: BaseException) -> str:
    """An error in one line: its type and its message's first lines."""
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}"[:400].rstrip(": ")


def _given(check: AnyCheck, content: Any, dataset: str | None = None) -> Evidence:
    return Evidence(check=check.name, state="given", content=content, dataset=dataset)


def _crashed(check: AnyCheck, reason: str) -> Evidence:
    return Evidence(check=check.name, state="crashed", reason=reason[:2000])


def _call(check: Function, function: Any, calls: Sequence[list[Any]]) -> Evidence:
    if not callable(function):
        return _crashed(check, f"a function is wanted here, this is a {type(function).__name__}")
    results: list[dict[str, Any]] = []
    untouched = 0
    for arguments in calls:
        try:
            # Decoded afresh for every call: a function that changes its arguments harms nobody.
            result = function(*[decode(argument, tensors=True) for argument in arguments])
            untouched += result is None or result is ...
            results.append({"value": None if result is ... else encode(result)})
        except NotImplementedError:
            untouched += 1
            results.append({"error": "NotImplementedError"})
        except EvidenceError as error:
            results.append({"error": f"gave {error.found}"})
        except Exception as error:
            results.append({"error": describe(error)})
    if calls and untouched == len(calls):
        reason = f"{getattr(function, '__name__', 'The function')} gives nothing back yet."
        return Evidence(check=check.name, state="not_attempted", reason=reason)
    return _given(check, results)


def _predict(
    check: Metric,
    thing: Any,
    opened: dict[str, tuple[Path, int]],
    held_out_inputs: Callable[[Path], Any],
) -> Evidence:
    names = [name for name in opened if name in check.datasets]
    if not names:
        wanted = " or ".join(f'get("{name}", seed=seed)' for name in check.datasets)
        return _crashed(check, f"no dataset of this exercise was opened here; first call {wanted}")
    dataset = names[-1]
    inputs = held_out_inputs(opened[dataset][0])
    numeric = MEASURES[check.metric].numeric
    if hasattr(thing, "get_preds") and hasattr(thing, "dls"):
        answer = _ask_learner(thing, inputs, numeric)
    elif callable(thing):
        answer = thing(inputs)
        if answer is None or answer is ...:
            reason = f"{getattr(thing, '__name__', 'predict')} gives nothing back yet."
            return Evidence(check=check.name, state="not_attempted", reason=reason)
    else:
        wanted = "a fastai Learner" if check.takes == "learner" else "a function predict(inputs)"
        return _crashed(check, f"{wanted} is wanted here, this is a {type(thing).__name__}")
    answer = answer.detach().cpu().numpy() if hasattr(answer, "detach") else np.asarray(answer)
    if answer.ndim == 2 and answer.shape[1] == 1:
        answer = answer[:, 0]
    if answer.ndim != 1:
        return _crashed(
            check, f"predictions of shape {answer.shape}; one for each of {len(inputs)} rows is wanted"
        )
    if numeric:
        return _given(check, {"values": encode(answer.astype(float))}, dataset)
    return _given(check, {"labels": [_label(item) for item in answer.tolist()]}, dataset)


def _ask_learner(learner: Any, inputs: Any, numeric: bool) -> np.ndarray:
    """A fastai Learner's (n,) predictions for `inputs`, through `test_dl`: labels, or numbers.

    Where a number is wanted, a classifier of two labels gives its score of the second one.
    """
    with learner.no_bar(), learner.no_logging():
        predictions = learner.get_preds(dl=learner.dls.test_dl(inputs))[0].detach().cpu()
    if numeric:
        if predictions.ndim == 2 and predictions.shape[1] == 2:
            predictions = predictions[:, 1]
        return predictions.float().reshape(len(inputs)).numpy()
    vocab = list(learner.dls.vocab)
    return np.asarray([str(vocab[i]) for i in predictions.argmax(dim=1).tolist()], dtype=object)


def _label(item: Any) -> str:
    """A label as text: 3, 3.0 and "3" are one label."""
    return str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)
