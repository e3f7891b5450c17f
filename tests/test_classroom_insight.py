"""What a class's results say: items, shared errors, who may need help; and the page that shows it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foursteps.checks.definition import Scale, check_adapter
from foursteps.checks.evidence import Evidence
from foursteps.classroom.insight import correlation, insight, pattern, shared_errors
from foursteps.classroom.report import histogram, page, section
from foursteps.classroom.results import Result, Sheet
from foursteps.classroom.summary import Late, Summary
from foursteps.grade.score import Outcome


def a_check(name):
    return check_adapter.validate_python(
        {"kind": "property", "name": name, "asks": "Something.", "probe": "value", "expect": {}}
    )


def result(learner, check, points, state=None, reason="", value=None):
    state = state or ("passed" if points == 1 else "failed")
    scale = Scale(zero=0.5, full=0.9) if value is not None else None
    outcome = Outcome(check, state, points, 1.0, reason=reason, value=value, scale=scale)
    evidence = Evidence(check=check, state="given", dataset="digits") if value is not None else None
    return Result(learner, "reproduce", a_check(check), outcome, evidence)


def sheet(learner, **points):
    return Sheet(learner, "reproduce", tuple(result(learner, *item) for item in points.items()), 1.5)


def a_class(number=20):
    """Learners of rising skill: all have `flat`, none has `lost`, only the weak have `turned`."""
    return [
        sheet(
            f"learner{at:02}",
            good=float(at >= number / 2),
            also=float(at >= number / 3),
            more=float(at >= number / 4),
            most=float(at >= number / 1.5),
            flat=1.0,
            lost=0.0,
            turned=float(at < number / 2),
        )
        for at in range(number)
    ]


def verdicts(sheets):
    return {item.check: item.verdict for item in insight(sheets).items}


def test_when_an_item_tells_nobody_apart_or_the_wrong_ones_then_it_is_pointed_at():
    found = verdicts(a_class())
    assert [found[name] for name in ("good", "also", "more", "most")] == [""] * 4
    assert found["flat"] == "nearly everybody has it: it tells nobody apart"
    assert found["lost"].startswith("nearly nobody has it")
    assert found["turned"] == "those who do well elsewhere fail here: look at the grader"


def test_when_there_are_few_learners_then_no_item_is_judged():
    assert set(verdicts(a_class(6)).values()) == {""}
    assert all(item.discrimination is None for item in insight(a_class(6)).items)


def test_when_reasons_differ_in_numbers_and_names_only_then_they_are_one_error():
    sheets = [
        Sheet(f"learner{at}", "reproduce", (result(f"learner{at}", "one", 0.0, reason=reason),), 1.0)
        for at, reason in enumerate(
            (
                "NameError: name 'lear' is not defined.",
                "NameError: name 'modle' is not defined.",
                "There are predictions of shape (3,) for 400 rows.",
                "There are predictions of shape (80,) for 400 rows.",
                "There are predictions of shape (1,) for 400 rows.",
                "Right on 3 of 4 inputs.",
            )
        )
    ]
    found = shared_errors(sheets)
    assert [len(one.learners) for one in found] == [3, 2, 1]
    assert found[0].example == "There are predictions of shape (3,) for 400 rows."
    assert found[1].learners == ("learner0", "learner1")


def test_when_a_learner_is_behind_then_they_are_named_with_what_shows_it():
    crashed = Sheet(
        "stuck",
        "reproduce",
        (result("stuck", "good", 0.0, "crashed"), result("stuck", "also", 0.0, "not_attempted")),
        1.0,
    )
    found = insight([*a_class(), crashed], missing=("absent",))
    assert found.help[0] == ("absent", "handed in nothing")
    said = "0% of the points that a machine gives, 1 of 2 checks not attempted, 1 raised an error"
    assert found.help[1] == ("stuck", said)
    assert "learner19" not in dict(found.help)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=30))
def test_when_two_columns_are_correlated_then_it_is_symmetric_and_within_bounds(pairs):
    a, b = zip(*pairs, strict=True)
    one, other = correlation(a, b), correlation(b, a)
    assert (one is None) == (other is None)
    if one is not None:
        assert -1 <= one <= 1
        assert one == pytest.approx(other, abs=1e-6)


def test_when_columns_are_the_same_or_turned_then_the_correlation_is_one_or_minus_one():
    assert correlation([0, 1, 2], [0, 1, 2]) == pytest.approx(1)
    assert correlation([0, 1, 2], [2, 1, 0]) == pytest.approx(-1)
    assert correlation([1, 1, 1], [0, 1, 2]) is None


@given(st.text(alphabet="abc '1234567890.,e-()", max_size=200))
def test_when_a_reason_is_anything_then_its_pattern_is_bounded_and_holds_no_number(reason):
    assert len(pattern(reason)) <= 300
    assert not re.search(r"[1-9]", pattern(reason))


def test_when_a_metric_was_reached_then_its_values_are_drawn_between_the_cut_offs():
    sheets = [
        Sheet(f"l{at}", "reproduce", (result(f"l{at}", "accuracy", 1.0, value=0.5 + at / 40),), 1.0)
        for at in range(20)
    ]
    values, zero, full = insight(sheets).items[0].values["digits"]
    assert (len(values), zero, full) == (20, 0.5, 0.9)
    picture = histogram(values, zero, full, "accuracy on digits")
    assert "accuracy on digits: 20 values between 0.500 and 0.975" in picture
    assert "all points from 0.900" in picture


def test_when_the_page_is_written_then_nothing_in_it_acts_and_every_picture_has_words():
    evil = "<script>alert(1)</script>"
    sheets = a_class()
    sheets += [Sheet(evil, "reproduce", (result(evil, "good", 0.0, reason=evil),), 1.0) for _ in range(2)]
    stands = Summary("01", 23, 22, 22, 1, (evil,), (Late("x", 1, 0.5),), ((evil, evil),), (("a", "b"),), ())
    text = page("A course", [section("Means", stands, insight(sheets, (evil,)))])
    assert evil not in text
    assert "22 of 23 handed in, 22 graded, 1 late, 1 waiting for a person." in text
    assert text.count('role="img"') == text.count("aria-label=")
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
