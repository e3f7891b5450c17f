"""A leaderboard: nobody is named, the private part was never shown, and what chance decides is said."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foursteps.checks.definition import Metric, Scale
from foursteps.checks.evidence import Evidence, encode
from foursteps.classroom.leaderboard import Board, _places, page, part, pseudonyms, write
from foursteps.classroom.results import Result
from foursteps.errors import ClassError
from foursteps.grade.score import MetricKey, Outcome

ROWS = 200
RNG = np.random.default_rng(7)
LABELS = RNG.choice(["3", "7"], ROWS)
KEY = MetricKey(LABELS, np.full(ROWS, "3"), Scale(zero=0.5, full=0.9))
CHECK = Metric(name="accuracy", asks="x", datasets=("digits",), takes="predict", claim="lecture.accuracy")


def a_result(learner, right, content=None):
    """A learner who has the first `right` of all rows right."""
    wrong = np.where(LABELS == "3", "7", "3")
    said = np.where(np.arange(ROWS) < right, LABELS, wrong)
    content = {"labels": encode(said)} if content is None else content
    evidence = Evidence(check="accuracy", state="given", dataset="digits", content=content)
    return Result(learner, "reproduce", CHECK, Outcome("accuracy", "passed", 5.0, 5.0), evidence, KEY)


def places(*results, rows=None):
    names = {one.learner: one.learner for one in results}
    return _places(results, "accuracy", KEY, np.arange(ROWS) if rows is None else rows, names)


def test_when_learners_differ_clearly_then_they_are_ordered_and_what_may_be_chance_is_tied():
    found = places(a_result("low", 120), a_result("best", 198), a_result("near", 196))
    assert [(one.rank, one.name, one.tied) for one in found] == [
        (1, "best", True),
        (2, "near", True),
        (3, "low", False),
    ]
    assert found[0].value == pytest.approx(0.99)
    assert found[0].low < found[0].gain < found[0].high


def test_when_two_are_equal_then_they_share_a_place():
    found = places(a_result("b", 150), a_result("a", 150), a_result("c", 100))
    assert [(one.rank, one.name) for one in found] == [(1, "a"), (1, "b"), (3, "c")]


@pytest.mark.parametrize(
    "content", [{}, {"labels": encode(np.array(["3"]))}, {"labels": {"kind": "?"}}, {"values": [1]}, []]
)
def test_when_evidence_is_unusable_then_its_learner_has_no_place_and_the_others_do(content):
    assert [one.name for one in places(a_result("good", 150), a_result("bad", 0, content))] == ["good"]


@given(st.integers(2, 500), st.integers(0, 2**31 - 1))
def test_when_rows_are_parted_then_no_row_is_in_both_parts_and_none_is_lost(rows, seed):
    public, private = part(rows, seed, False), part(rows, seed, True)
    assert sorted([*public, *private]) == list(range(rows))
    assert part(rows, seed, False).tolist() == public.tolist()


def test_when_the_class_has_another_secret_then_parts_and_names_are_others():
    assert part(100, 1, False).tolist() != part(100, 2, False).tolist()
    names = [f"learner{at}" for at in range(300)]
    one, other = pseudonyms(b"a" * 32, names), pseudonyms(b"b" * 32, names)
    assert len(set(one.values())) == 300
    assert one == pseudonyms(b"a" * 32, names[::-1])
    assert sum(one[name] == other[name] for name in names) < 30
    assert not any(name in said for name, said in one.items())


def test_when_a_board_is_written_then_it_names_nobody_and_says_which_part_it_is(tmp_path):
    found = places(a_result("kind ibis", 150))
    made = Board("01", "reproduce", "accuracy", "accuracy", "<digits>", False, ROWS, found)
    text = page([made])
    assert "the public part; the rest decides" in text
    assert "&lt;digits&gt;" in text
    kept = json.loads(write([made], tmp_path / "b.json").read_text())
    assert kept["boards"][0]["places"][0]["name"] == "kind ibis"
    with pytest.raises(ClassError, match=r"ends in \.html or \.json; found \.txt"):
        write([made], tmp_path / "b.txt")
