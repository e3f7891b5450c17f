"""Evidence: what goes in comes out, what is malformed is refused, what differs never passes."""

import json
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from foursteps.checks.evidence import MAX_DEPTH, Evidence, decode, encode, parse, same
from foursteps.errors import EvidenceError

numbers = nps.arrays(
    st.sampled_from([np.float32, np.float64, np.int64, np.uint8, np.bool_]),
    nps.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
finite = nps.arrays(
    np.float64, nps.array_shapes(max_dims=2, max_side=4), elements=st.floats(-1e6, 1e6, allow_nan=False)
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def wire(value):
    """Through JSON and back, as evidence travels."""
    return decode(json.loads(json.dumps(encode(value))))


@given(numbers)
def test_when_an_array_travels_then_its_bytes_dtype_and_shape_arrive(array):
    arrived = wire(array)
    assert arrived.shape == array.shape
    assert arrived.dtype == array.dtype.newbyteorder("<")
    assert arrived.tobytes() == array.tobytes()


@given(plain)
def test_when_plain_values_travel_then_they_arrive(value):
    assert wire(value) == value


def test_when_a_tensor_travels_then_a_learner_gets_a_tensor_and_the_scorer_an_array():
    encoded = encode(torch.arange(6.0).reshape(2, 3))
    assert isinstance(decode(encoded), np.ndarray)
    assert torch.equal(decode(encoded, tensors=True), torch.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_when_a_number_is_not_finite_then_it_travels_but_equals_nothing(value):
    arrived = wire(value)
    assert str(arrived) == str(value)
    assert not same(arrived, arrived, rtol=1, atol=1e9)


@given(finite)
def test_when_one_entry_is_nan_then_no_array_is_the_same(array):
    spoiled = array.copy()
    spoiled.flat[0] = np.nan
    assert same(array, array, rtol=0, atol=0)
    assert not same(spoiled, array, rtol=1, atol=1e12)
    assert not same(spoiled, spoiled, rtol=1, atol=1e12)


@given(finite)
def test_when_the_shape_differs_then_no_array_is_the_same(array):
    assert not same(array[None], array, rtol=1, atol=1e12)
    assert not same(array.tolist(), array, rtol=1, atol=1e12) or array.shape == np.shape(array.tolist())


@given(finite, st.floats(0.01, 10))
def test_when_an_entry_is_off_by_more_than_the_tolerance_then_it_is_not_the_same(array, off):
    moved = array.copy()
    moved.flat[0] += off
    assert not same(moved, array, rtol=0, atol=off / 2)


def test_when_lengths_differ_then_lists_are_not_the_same():
    assert not same([1, 2], [1], rtol=1, atol=1)
    assert not same([1], [1, 2], rtol=1, atol=1)
    assert same((1, 2.0), [1, 2], rtol=0, atol=0)


def test_when_true_stands_for_one_then_it_is_not_the_same():
    assert not same(True, 1, rtol=0, atol=0)
    assert not same(1, True, rtol=0, atol=0)


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, b"bytes", np.array([1j]), lambda: 0],
    ids=["object", "set", "bytes", "complex", "function"],
)
def test_when_a_value_is_of_another_kind_then_it_is_refused(value):
    with pytest.raises(EvidenceError, match="expected numbers, text, lists, dicts or arrays"):
        encode(value)


@pytest.mark.parametrize(
    "forged",
    [
        {"array": {"dtype": "|O", "shape": [1], "data": "gASVAAAAAAAAAAA="}},
        {"array": {"dtype": "<f8", "shape": [2], "data": "AAAAAAAA8D8="}},
        {"array": {"dtype": "<f8", "shape": [-1], "data": "AAAAAAAA8D8="}},
        {"array": {"dtype": "<f8", "shape": [2**62, 2**62], "data": ""}},
        {"array": {"dtype": "<f8", "shape": [1], "data": "not base64!"}},
        {"array": {"dtype": "(2,)<f8", "shape": [1], "data": ""}},
        {"array": None},
        {"__reduce__": ["os.system", "true"]},
        {"float": "1e999"},
        {},
    ],
)
def test_when_an_encoded_value_is_forged_then_it_is_refused(forged):
    with pytest.raises(EvidenceError):
        decode(forged)


def test_when_values_nest_too_deep_then_they_are_refused():
    deep = []
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(EvidenceError, match="nested more than"):
        encode(deep)
    with pytest.raises(EvidenceError, match="nested more than"):
        decode(deep)


@given(st.recursive(plain, lambda inner: st.dictionaries(st.text(max_size=8), inner, max_size=4)))
def test_when_a_bundle_is_anything_at_all_then_it_is_read_or_refused(bundle):
    try:
        evidence = parse(bundle)
    except EvidenceError:
        return
    assert isinstance(evidence, Evidence)


def test_when_a_bundle_names_an_unknown_field_then_it_is_refused():
    good = Evidence(check="a", state="given", content=1).dump()
    assert parse(good).content == 1
    with pytest.raises(EvidenceError, match="Extra inputs"):
        parse(good | {"points": 5})
