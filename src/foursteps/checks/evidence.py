"""Evidence: what a notebook produced for a check, as data that can be read without trusting its author.

Arrays travel as raw bytes with dtype and shape. Nothing here is ever unpickled or evaluated.
"""

import base64
import binascii
import math
import re
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foursteps.errors import EvidenceError

MIME = "application/vnd.foursteps.evidence+json"
MAX_BYTES = 8 * 2**20
MAX_DEPTH = 8
MAX_ITEMS = 100_000
DTYPE = re.compile(r"[<>|=]?[biuf]\d{1,2}")


class Evidence(BaseModel):
    """The one bundle that a check emits.

    `state` says whether there is anything to score: `given`, `not_attempted` (the stub is untouched) or
    `crashed` (asking the learner's thing raised; `reason` has the error's last line). `content` depends on
    the check's kind: a property's facts by name; a function's list of `{"value": ...}` or
    `{"error": "..."}`; a metric's `{"labels": [...]}` or `{"values": array}`. Values are encoded (`encode`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = Field(default=1, alias="schema")
    check: str = Field(max_length=80)
    state: Literal["given", "not_attempted", "crashed"]
    reason: str = Field(default="", max_length=2000)
    dataset: str | None = Field(default=None, max_length=80)
    content: Any = None

    def dump(self) -> dict[str, Any]:
        """The bundle as a JSON value, for an output of type MIME."""
        return self.model_dump(mode="json", by_alias=True)


def parse(bundle: Any) -> Evidence:
    """Read a bundle that came from a learner's notebook; raises EvidenceError on any other shape."""
    try:
        return Evidence.model_validate(bundle)
    except (ValidationError, RecursionError) as error:
        first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "endless nesting"
        raise _malformed(first) from None


def encode(value: Any) -> Any:
    """Turn a value into JSON: None, booleans, numbers, text, lists, tuples, dicts, arrays, tensors.

    Raises EvidenceError for any other type, and for arrays of objects.
    """
    return _encode(value, 0)


def _encode(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise _malformed(f"values nested more than {MAX_DEPTH} deep")
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, list | tuple):
        items = [_encode(item, depth + 1) for item in value]
        return {"tuple": items} if isinstance(value, tuple) else items
    if isinstance(value, dict):
        return {"dict": {str(key): _encode(item, depth + 1) for key, item in value.items()}}
    is_tensor = type(value).__module__.split(".")[0] in ("torch", "fastai") and hasattr(value, "detach")
    if is_tensor:
        value = value.detach().cpu()
        value = (value.float() if str(value.dtype) == "torch.bfloat16" else value).numpy()
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, np.generic) and not is_tensor:
        return _encode(value.item(), depth + 1)
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "OUT":  # text: an array of objects is read as a list
            return _encode(value.tolist(), depth + 1)
        if value.dtype.kind not in "biuf":
            raise _malformed(f"an array of {value.dtype}")
        value = np.asarray(value)
        value = value.astype(value.dtype.newbyteorder("<"), copy=False)
        body = {
            "dtype": value.dtype.str,
            "shape": list(value.shape),
            "data": base64.b64encode(value.tobytes()).decode("ascii"),
        }
        return {"tensor" if is_tensor else "array": body}
    raise _malformed(f"a {type(value).__name__}")


def decode(value: Any, *, tensors: bool = False) -> Any:
    """Turn what `encode` made back into a value; arrays as numpy, or as torch with `tensors`.

    With `tensors`, only what was a tensor becomes one. Raises EvidenceError on anything else, and on
    more than MAX_BYTES of array, MAX_ITEMS of list or MAX_DEPTH of nesting.
    """
    return _decode(value, 0, tensors)


def _decode(value: Any, depth: int, tensors: bool) -> Any:
    if depth > MAX_DEPTH:
        raise _malformed(f"values nested more than {MAX_DEPTH} deep")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        if len(value) > MAX_ITEMS:
            raise _malformed(f"a list of {len(value):,} items")
        return [_decode(item, depth + 1, tensors) for item in value]
    if isinstance(value, dict) and len(value) == 1:
        (tag, body), *_ = value.items()
        if tag == "float" and body in ("nan", "inf", "-inf"):
            return float(body)
        if tag == "tuple" and isinstance(body, list):
            return tuple(_decode(body, depth + 1, tensors))
        if tag == "dict" and isinstance(body, dict) and len(body) <= MAX_ITEMS:
            return {str(key): _decode(item, depth + 1, tensors) for key, item in body.items()}
        if tag in ("array", "tensor"):
            array = _decode_array(body)
            if tensors and tag == "tensor":
                import torch

                return torch.from_numpy(array)
            return array
    raise _malformed("a value of no known form")


def _decode_array(body: Any) -> np.ndarray:
    try:
        dtype, shape, text = body["dtype"], body["shape"], body["data"]
        if len(body) != 3 or not isinstance(dtype, str) or not DTYPE.fullmatch(dtype):
            raise ValueError("not a dtype of numbers")
        if not isinstance(text, str) or len(text) > MAX_BYTES * 4 // 3 + 4:
            raise ValueError(f"more than {MAX_BYTES:,} bytes")
        if len(shape) > 16 or not all(type(size) is int and size >= 0 for size in shape):
            raise ValueError("not a shape")
        data = base64.b64decode(text, validate=True)
        # frombuffer and reshape both refuse a length that does not fit dtype and shape.
        return np.frombuffer(data, np.dtype(dtype)).reshape(shape).copy()
    except (ValueError, KeyError, TypeError, OverflowError, binascii.Error) as error:
        raise _malformed(f"an array that cannot be read ({error})") from None


def same(got: Any, want: Any, *, rtol: float, atol: float) -> bool:
    """Whether two decoded values agree: same structure, text and length; numbers within tolerance.

    Arrays must have one shape, and no NaN or infinity equals anything: |got - want| <= atol + rtol |want|.
    """
    if isinstance(want, np.ndarray) or isinstance(got, np.ndarray):
        got, want = np.asarray(got), np.asarray(want)
        if got.dtype.kind not in "biuf" or want.dtype.kind not in "biuf" or got.shape != want.shape:
            return False
        got, want = got.astype(float), want.astype(float)
        finite = np.isfinite(got).all() and np.isfinite(want).all()
        return bool(finite and (np.abs(got - want) <= atol + rtol * np.abs(want)).all())
    if isinstance(want, bool) or isinstance(got, bool):
        return type(got) is type(want) and got == want
    if isinstance(want, int | float):
        if not isinstance(got, int | float):
            return False
        try:
            finite = math.isfinite(got) and math.isfinite(want)
            return finite and abs(got - want) <= atol + rtol * abs(want)
        except OverflowError:  # whole numbers beyond what a float can hold
            return got == want
    if isinstance(want, list | tuple):
        return (
            isinstance(got, list | tuple)
            and len(got) == len(want)
            and all(same(g, w, rtol=rtol, atol=atol) for g, w in zip(got, want, strict=True))
        )
    if isinstance(want, dict):
        return (
            isinstance(got, dict)
            and got.keys() == want.keys()
            and all(same(got[k], want[k], rtol=rtol, atol=atol) for k in want)
        )
    return type(got) is type(want) and got == want


def _malformed(found: str) -> EvidenceError:
    return EvidenceError(
        "evidence",
        expected="numbers, text, lists, dicts or arrays of numbers, within the size limits",
        found=found,
        mend="Return plain values, NumPy arrays or tensors of numbers.",
    )
