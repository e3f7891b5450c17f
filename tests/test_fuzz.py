"""Whatever a learner wrote, it is read or refused, never more: notebooks, their metadata, evidence.

And nothing that is not right ever passes: not NaN, not another length, type or order.
"""

import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tiny_course import tiny_course

from foursteps import notebook as nb
from foursteps.checks.definition import Expect, Function, Metric, Property, Scale
from foursteps.checks.evidence import MIME, encode
from foursteps.grade.limits import limits_met
from foursteps.grade.mark import mark
from foursteps.grade.prepare import checks_of
from foursteps.grade.repair import repair
from foursteps.grade.score import MetricKey
from foursteps.grade.submission import read_submission
from foursteps.grade.tame import MAX_TEXT, is_inert, tame
from foursteps.release.exercise import released_notebook
from foursteps.run import RunResult
from foursteps.run.cold import _prepare, check_parameters
from foursteps.run.warm.outputs import Outputs, overwritten
from foursteps.run.warm.protocol import HEAD, Frames, Malformed, TooMuch

ROWS = 40
TRUTH = np.array([str(number % 4) for number in range(ROWS)])
PRICES = np.linspace(1.0, 9.0, ROWS)
FUNCTION = Function(name="f", asks="f", inputs=lambda rng: [(1,)], points=2.0)
PROPERTY = Property(
    name="p",
    asks="p",
    probe="value",
    points=2.0,
    expect={"a": Expect(equals=[1, 2]), "b": Expect(at_least=3), "c": Expect(at_most=3)},
)
LABELS = Metric(name="m", asks="m", datasets=("d",), takes="predict", claim="lecture.m", points=2.0)
VALUES = LABELS.model_copy(update={"name": "r", "metric": "rmse"})
KEYS = {
    "m": {"d": MetricKey(TRUTH, np.full(ROWS, "0"), Scale(zero=0.5, full=0.9))},
    "r": {"d": MetricKey(PRICES, np.full(ROWS, 5.0), Scale(zero=2.0, full=0.5))},
}

numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(10**4000), 2**63, 1e308, -0.0])
leaves = st.none() | st.booleans() | numbers | st.text(max_size=20)
json_values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
dtypes = st.sampled_from(
    ["<f8", "<f4", "<i8", "|b1", "|u1", "<f4,<f4", "<U4", "|O", "<f16", "<c8", ">f2", "f8", ""]
)
arrays = st.fixed_dictionaries(
    {
        "dtype": dtypes | json_values,
        "shape": st.lists(st.integers(-1, 2**62), max_size=3) | st.just([ROWS]) | json_values,
        "data": st.sampled_from(["", "AAAAAAAA+H8=", "AAAA", "!!"]) | json_values,
    },
    optional={"more": json_values},
)
wired = st.recursive(
    leaves
    | arrays.map(lambda body: {"array": body})
    | arrays.map(lambda body: {"tensor": body})
    | st.sampled_from(["nan", "inf", "-inf", "1e999"]).map(lambda text: {"float": text}),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(lambda items: {"tuple": items})
        | st.dictionaries(st.text(max_size=5), inner, max_size=3).map(lambda items: {"dict": items})
    ),
    max_leaves=10,
)
contents = (
    wired
    | st.lists(st.dictionaries(st.sampled_from(["value", "error"]), wired, max_size=2), max_size=3)
    | st.dictionaries(st.sampled_from(["labels", "values", "a", "b", "c"]), wired, max_size=3)
    | st.lists(wired, min_size=ROWS, max_size=ROWS).map(lambda items: {"labels": items})
    | st.dictionaries(st.sampled_from("abc"), wired, max_size=3).map(lambda facts: {"dict": facts})
)
bundles = json_values | st.fixed_dictionaries(
    {"schema": st.just(1), "check": st.sampled_from(["f", "p", "m", "r"]), "state": st.just("given")},
    optional={"content": contents, "dataset": st.just("d") | json_values, "reason": json_values},
)
ONE = (FUNCTION, PROPERTY, LABELS, VALUES)
WANTED = [1.5, 3, 10**400, True, "text", [1, 2.0], (1, "a"), {"k": 1.0}, None]


def ran(check, bundle) -> NotebookNode:
    """A notebook in which the cell of `check` showed `bundle`."""
    cell = new_code_cell("check()", metadata={"nbgrader": {"grade_id": check.name, "grade": True}})
    cell.outputs = [new_output("display_data", data={MIME: bundle})]
    return new_notebook(cells=[cell])


def outcome(check, content, key=None, dataset="d"):
    """The outcome for evidence with this content."""
    bundle = {"schema": 1, "check": check.name, "state": "given", "content": content, "dataset": dataset}
    (found,) = mark(ran(check, bundle), [check], {check.name: key} if key else KEYS)
    return found


@pytest.mark.filterwarnings("error")
@settings(max_examples=60)
@given(bundle=bundles, check=st.sampled_from(ONE), key=wired)
def test_whatever_a_bundle_holds_then_it_is_scored_between_nothing_and_all(bundle, check, key):
    keys = {**KEYS, "f": {"cases": [encode(np.ones(2))]}}
    (found,) = mark(ran(check, bundle), [check], keys)
    assert found.state in ("passed", "failed", "not_attempted", "crashed")
    assert 0.0 <= found.points <= 2.0
    assert len(found.reason) + len(found.got) < 3000
    json.dumps([found.reason, found.got])


@pytest.mark.filterwarnings("error")
@settings(max_examples=100)
@given(
    result=wired, want=st.sampled_from([1.5, 3, 10**400, True, "text", [1, 2.0], (1, "a"), {"k": 1.0}, None])
)
def test_whatever_a_function_gives_then_only_what_is_right_passes(result, want):
    found = outcome(FUNCTION, [{"value": result}], {"cases": [encode(want)]})
    assert found.points in (0.0, 2.0)
    if found.points:
        assert result == encode(want) or isinstance(want, float | int | list | tuple | dict)


finite = nps.arrays(
    np.float64, nps.array_shapes(min_dims=1, max_dims=2, max_side=5), elements=st.floats(-1e6, 1e6)
)


@pytest.mark.filterwarnings("error")
@given(want=finite, where=st.integers(0), bad=st.sampled_from([math.nan, math.inf, -math.inf]))
def test_when_one_number_is_not_finite_then_no_result_passes(want, where, bad):
    got = want.copy()
    got.flat[where % got.size] = bad
    found = outcome(FUNCTION, [{"value": encode(got)}], {"cases": [encode(want)]})
    assert (found.state, found.points) == ("failed", 0.0)
    assert "not finite" in found.reason


@given(want=finite, how=st.sampled_from(["longer", "shorter", "deeper", "text", "list", "turned"]))
def test_when_a_result_has_another_length_type_or_order_then_it_does_not_pass(want, how):
    got = {
        "longer": lambda: np.concatenate([want, want]),
        "shorter": lambda: want[1:],
        "deeper": lambda: want[None],
        "text": lambda: want.astype(str).tolist(),
        "list": lambda: {"of": want.tolist()},
        "turned": lambda: want[::-1],
    }[how]()
    assume(how != "turned" or np.abs(want[::-1] - want).max() > 1e-2 * max(1.0, np.abs(want).max()))
    found = outcome(FUNCTION, [{"value": encode(got)}], {"cases": [encode(want)]})
    assert (found.state, found.points) == ("failed", 0.0)


@given(rows=st.integers(0, 3 * ROWS).filter(lambda rows: rows != ROWS))
def test_when_there_are_too_few_or_too_many_predictions_then_none_counts(rows):
    labels = np.resize(TRUTH, rows).tolist()
    values = np.resize(PRICES, rows)
    assert outcome(LABELS, {"labels": labels}).points == 0.0
    assert outcome(VALUES, {"values": encode(values)}).points == 0.0


@pytest.mark.filterwarnings("error")
@given(where=st.integers(0, ROWS - 1), bad=st.sampled_from([math.nan, math.inf, -math.inf, None, "1", [1.0]]))
def test_when_one_predicted_number_is_none_then_none_counts(where, bad):
    values = PRICES.tolist()
    values[where] = encode(bad)
    found = outcome(VALUES, {"values": values})
    assert (found.state, found.points) == ("failed", 0.0)


@pytest.mark.filterwarnings("error")
@given(spoiled=st.sets(st.integers(0, ROWS - 1), min_size=ROWS // 2, max_size=ROWS), bad=wired)
def test_when_half_of_the_labels_are_anything_at_all_then_the_check_does_not_pass(spoiled, bad):
    assume(str(bad) not in set(TRUTH))
    labels = [bad if row in spoiled else label for row, label in enumerate(TRUTH)]
    assert outcome(LABELS, {"labels": labels}).state == "failed"


@given(order=st.permutations(range(ROWS)))
def test_when_predictions_come_in_another_order_then_they_earn_what_they_hit(order):
    shuffled = TRUTH[list(order)]
    share = (np.mean(shuffled == TRUTH) - 0.5) / 0.4
    found = outcome(LABELS, {"labels": shuffled.tolist()})
    assert found.points == round(min(max(share, 0.0), 1.0) * 2.0, 2)


@pytest.mark.filterwarnings("error")
@given(facts=st.dictionaries(st.sampled_from("abc"), wired))
def test_whatever_the_facts_are_then_a_property_earns_only_for_those_that_hold(facts):
    found = outcome(PROPERTY, {"dict": facts})
    assert found.points <= round(2.0 * len(facts) / 3, 2) + 0.01


# --- what is read before anything runs ---


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    course = tiny_course(tmp_path_factory.mktemp("course"))
    exercise = course.topics[0].exercises["reproduce"]
    return released_notebook(exercise, nb.read(exercise.source), checks_of(exercise))


sources = st.text() | st.lists(st.text(max_size=9))
tags = st.lists(st.sampled_from(["parameters", "injected-parameters", "skip-execution", "a b"]))
names = st.sampled_from(["accuracy", "answer_mean", "answer_model", "mean_image", "?", "<b>"])
cells = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw"]),
        "source": st.text() | st.lists(st.text(max_size=9)),
    },
    optional={
        "id": st.sampled_from(["check-accuracy", "answer-mean", "parameters", "x"]) | json_values,
        "outputs": json_values,
        "attachments": st.dictionaries(st.text(max_size=9), json_values, max_size=2) | json_values,
        "metadata": json_values
        | st.fixed_dictionaries(
            {},
            optional={
                "tags": st.lists(
                    st.sampled_from(["parameters", "injected-parameters", "skip-execution", "a b"])
                )
                | json_values,
                "nbgrader": st.fixed_dictionaries({"grade_id": names | json_values}) | json_values,
            },
        ),
    },
)
notebooks = st.fixed_dictionaries(
    {"cells": st.lists(cells | json_values, max_size=6) | json_values},
    optional={"metadata": json_values, "nbformat": json_values, "worksheets": json_values},
)


def read(folder, content):
    path = folder / "reproduce.ipynb"
    path.write_bytes(content)
    return read_submission(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=notebooks)
def test_whatever_a_notebook_holds_then_it_is_read_repaired_and_ready_to_run(tmp_path, release, raw):
    submitted, notes = read(tmp_path, json.dumps(raw).encode())
    assert all(isinstance(note, str) and note.endswith((".", ")")) for note in notes)
    if submitted is None:
        return
    repaired, _ = repair(submitted, release)
    for name, cell in nb.graded_cells(release).items():
        assert nb.graded_cells(repaired)[name] == cell
    declared = {}
    if "seed" in _parameters(repaired):
        declared = {"seed": 1}
        check_parameters(repaired, declared, "x")
    ready = _prepare(repaired, declared)
    assert len({cell.id for cell in ready.cells}) == len(ready.cells)
    nb.dumps(ready)


def _parameters(notebook):
    try:
        return nb.parameters(notebook)
    except Exception:
        return {}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-16")))
def test_whatever_the_bytes_are_then_reading_them_says_something(tmp_path, content):
    notebook, notes = read(tmp_path, content)
    assert notebook is not None or "could not be read" in notes[-1]


@settings(max_examples=100)
@given(data=st.binary(max_size=300), cut=st.integers(1, 50))
def test_whatever_bytes_a_kernel_sends_then_they_are_messages_or_refused(data, cut):
    frames = Frames(10_000)
    outputs = Outputs()
    outputs.begin(new_code_cell(""))
    try:
        for at in range(0, len(data), cut):
            for message in frames.feed(data[at : at + cut]):
                outputs.take(message)
    except (Malformed, TooMuch):
        pass
    outputs.end(1)


kinds = st.sampled_from(
    ["stream", "error", "display_data", "execute_result", "update_display_data", "clear_output", "comm_msg"]
)
words = ["name", "text", "data", "metadata", "id", "count", "wait", "traceback", "ename", "evalue"]
messages = st.fixed_dictionaries(
    {"t": kinds | st.text(max_size=5)}, optional={word: json_values for word in words}
)


@settings(max_examples=60)
@given(sent=st.lists(messages, max_size=6))
def test_whatever_a_kernel_says_then_the_cell_is_one_that_can_be_shown(sent):
    cell = new_code_cell("1")
    outputs, frames = Outputs(), Frames(10**6)
    outputs.begin(cell)
    try:
        for message in sent:
            body = json.dumps(message).encode()
            for read_back in frames.feed(HEAD.pack(len(body)) + body):
                outputs.take(read_back)
    except (Malformed, TooMuch):
        pass
    outputs.end(1)
    result = RunResult(new_notebook(cells=[cell]), "ok", None, 1.0, 1.0)
    assert all(sentence.endswith(".") for sentence in limits_met(result))
    tame(cell)
    nb.nbformat.validate(new_notebook(cells=[cell]))


@given(st.text("ab\r\n", max_size=12))
def test_when_a_line_is_overwritten_then_it_ends_as_nbclient_would_have_it(text):
    from nbclient.client import _RGX_CARRIAGERETURN

    assert overwritten(text) == _RGX_CARRIAGERETURN.sub("", text)


PIECES = (
    "< script > / javascript : &#58; &colon; ( ) [ ] ! attachment:x \\href \\begin{a} $ ` # | onerror= ' \" "
    "data: <!-- > - _ * ~~~ &lt; http:// java&#115;cript: title="
)
pieces = st.lists(st.sampled_from([*PIECES.split(), "\n", "\t", " "]) | st.text(max_size=4), max_size=14)


@settings(max_examples=100)
@given(parts=pieces)
def test_whatever_markdown_says_then_what_is_shown_of_it_cannot_act(parts):
    cell = new_markdown_cell("".join(parts))
    tame(cell)
    assert is_inert(cell)
    assert len(cell.source) <= 2 * MAX_TEXT + 200
