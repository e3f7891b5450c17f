"""Help for the errors that learners really hit: the error's text in, what it means and what to do out. Pure.

A check's own advice comes first; this is what every course would say. What a regular expression catches is
said back, so that the advice has the learner's own numbers in it.
"""

# No run depends on this module: it only advises.

import re
from contextlib import suppress
from typing import Any

HELP: tuple[tuple[str, str], ...] = (
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "The layer was made for {2} inputs a row, and gets {1}. Make it with {1}, or flatten before it.",
    ),
    (
        r"to have (\d+) channels, but got (\d+) channels",
        "The first layer wants pictures of {0} channel(s), yours have {1}: 1 is grey, 3 is colour.",
    ),
    (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "Two shapes do not fit: {0} against {1}. Print both `.shape`s just before; `[:, None]` adds an axis.",
    ),
    (
        r"could not be broadcast together with shapes (\([\d, ]*\)) (\([\d, ]*\))",
        "Shapes {0} and {1} do not fit. Axes match from the right, or are 1; `[:, None]` adds one.",
    ),
    (
        r"expected scalar type \w+ but found|Found dtype \w+ but expected|must have the same dtype",
        "Two number types meet: NumPy counts in double, torch in single precision. `.float()` on the tensor.",
    ),
    (
        r"Expected all tensors to be on the same device|found at least two devices",
        "One tensor is on the GPU, one on the CPU. Send both there: `x.to(device)`, `model.to(device)`.",
    ),
    (r"can't convert cuda.* to numpy", "NumPy cannot read the GPU's memory: `.cpu()` before `.numpy()`."),
    (
        r"numpy\(\) on Tensor that requires grad",
        "This tensor still remembers how it was made: `.detach()` before `.numpy()`.",
    ),
    (
        r"does not require grad and does not have a grad_fn",
        "Nothing in this loss can be learned: it was made under no_grad, detached, or of plain numbers.",
    ),
    (
        r"Target (-?\d+) is out of bounds",
        "There is a label {0}, and the network has fewer scores than that. Labels count from 0.",
    ),
    (
        r"Expected more than 1 value per channel when training",
        "The network is in training mode and got a single row: `model.eval()` before it predicts.",
    ),
    (
        r"out of memory|can't allocate memory",
        "The memory is full. A smaller batch size; then restart the kernel, which gives it back.",
    ),
    (
        r"missing (\d+) required positional argument",
        "Your function takes more arguments than it is called with. Keep the signature that was given.",
    ),
    (
        r"takes (\d+) positional arguments? but (\d+) w",
        "Your function takes {0}, and is called with {1}. Keep the signature that was given.",
    ),
    (
        r"name '(\w+)' is not defined",
        "Nothing is called `{0}` here: run the cell that makes it, or look for a typing error.",
    ),
    (
        r"truth value of (an array|a Series|a DataFrame)",
        "A whole array stands where one True or False is wanted: `.any()`, `.all()`, or compare one element.",
    ),
    (
        r"(only one element tensors|only integer scalar arrays|only .* can be converted to Python scalars)",
        "One number is wanted, this is several: reduce them first, with `.mean()`, `.sum()` or an index.",
    ),
    (
        r"inhomogeneous shape|setting an array element with a sequence",
        "The rows are of different lengths, so they make no array. Look at `[len(row) for row in ...]`.",
    ),
    (
        r"axis (\d+) is out of bounds|Dimension out of range|too many indices",
        "There is no such axis. Print the `.shape`: axes count from 0.",
    ),
    (
        r"index (\d+) is out of bounds|list index out of range",
        "You ask for an element that is not there. Indexes count from 0; the last is the length minus 1.",
    ),
    (r"KeyError: (.*)", "There is no {0} in it. Print the keys, or the table's columns: spelled just so?"),
    (
        r"'NoneType' object|it gave a NoneType",
        "Something is None. Most often a function without `return`, or a method that changes in place.",
    ),
    (
        r"No module named '([\w.]+)'",
        "`{0}` is not installed in this kernel. `foursteps doctor` says how to mend it.",
    ),
    (
        r"FileNotFoundError",
        "There is no such file. Build the path from `get(...)`, and list the folder: `.iterdir()`.",
    ),
    (
        r"not finite|\bnan\b",
        "A number became NaN or infinite. Most often the learning rate is too large, or a logarithm saw 0.",
    ),
)


def for_error(text: str) -> str:
    """What to do about an error whose text is `text`; empty when it is none of those known."""
    for pattern, advice in HELP:
        if found := re.search(pattern, text, re.IGNORECASE):
            for number, part in enumerate(found.groups()):
                advice = advice.replace(f"{{{number}}}", (part or "")[:60])
            return advice
    return ""


def about(thing: Any) -> str:
    """What is wrong with a fastai Learner or its data, as far as one can see; empty for nothing."""
    with suppress(Exception):
        if hasattr(thing, "fit_one_cycle") and not getattr(getattr(thing, "recorder", None), "values", None):
            return "This Learner was never fitted: it answers with random weights. Call its fit_one_cycle."
        train, valid = set(map(str, thing.dls.train_ds.items)), set(map(str, thing.dls.valid_ds.items))
        if shared := len(train & valid):
            return (
                f"{shared} items stand in the training and in the validation set: the validation score has "
                "seen the answers, and says too much."
            )
    return ""
