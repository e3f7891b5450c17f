"""Grades that count, what lateness costs, and files that learning platforms import."""

import csv
import io
import shutil
from datetime import timedelta

import pytest
from classroom_course import CLASS, TOPIC, a_class, give
from hypothesis import given
from hypothesis import strategies as st
from test_cli import foursteps

from foursteps.classroom.grades import Mark, Record, counted, frame, grades
from foursteps.classroom.late import extend, penalty, settle
from foursteps.classroom.layouts import LAYOUTS, as_csv, safe
from foursteps.classroom.roster import FORMULA, Learner
from foursteps.classroom.settings import Grades, Late
from foursteps.classroom.summary import alike, summary
from foursteps.course import Course
from foursteps.errors import ClassError

DUE = "[due]\n01_means = 2026-11-02T18:00:00\n"
DAILY = '[late]\npolicy = "daily"\nper_day = 0.1\nmost = 0.25\ngrace_minutes = 15\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    course = a_class(tmp_path_factory.mktemp("class") / "course")
    give(
        course, "ada", {"accuracy": 5.0, "mean_image": 2.0, "gain": 6.0, "story": 4.0}, "2026-11-02 17:00:00"
    )
    give(course, "bob", {"accuracy": 5.0, "story": None}, "2026-11-03 19:00:00")
    return course


@pytest.fixture
def course(made, tmp_path):
    return Course.load(shutil.copytree(made.root, tmp_path / "course"))


def settings(course, text):
    (course.workspace / "class.toml").write_text(text)


def points(course):
    return {record.learner.id: record.marks[TOPIC].points for record in grades(course)}


def test_when_marks_are_read_then_everybody_has_a_row_and_who_sent_nothing_has_none(course):
    records = {record.learner.id: record for record in grades(course)}
    assert points(course) == {"ada": 17.0, "bob": 5.0, "eve": None, "zoe": None}
    assert records["bob"].marks[TOPIC].by_hand == ("story",)
    assert (records["ada"].points, records["ada"].most) == (17.0, 20.0)
    table = frame(course)
    assert list(table.columns) == ["first_name", "last_name", "email", TOPIC, "total", "of"]
    assert table.loc["ada", TOPIC] == 17.0
    assert table[TOPIC].isna().sum() == 2


@pytest.mark.parametrize(
    ("policy", "seconds", "off"),
    [
        (Late(policy="none"), 10**6, None),
        (Late(policy="zero"), 1, 8.0),
        (Late(policy="zero"), 0, None),
        (Late(policy="daily", per_day=0.1), 1, 0.8),
        (Late(policy="daily", per_day=0.1), 86400, 0.8),
        (Late(policy="daily", per_day=0.1), 86401, 1.6),
        (Late(policy="daily", per_day=0.1, most=0.25), 10**6, 2.0),
        (Late(policy="daily", grace_minutes=15), 900, None),
        (Late(policy="daily", grace_minutes=15), 901, 0.8),
    ],
)
def test_when_work_is_late_then_the_policy_says_what_it_costs(policy, seconds, off):
    assert penalty(policy, 8.0, seconds) == off


@given(st.floats(0, 100), st.floats(0, 1e7), st.floats(0, 1), st.floats(0, 1))
def test_when_work_is_later_then_it_never_costs_less_and_never_more_than_it_earned(score, seconds, day, most):
    policy = Late(policy="daily", per_day=day, most=most)
    first, later = penalty(policy, score, seconds) or 0, penalty(policy, score, seconds + 86400) or 0
    assert 0 <= first <= later <= score + 0.005


def test_when_the_policy_changes_then_penalties_follow_and_a_dry_run_writes_none(course):
    settings(course, DUE + DAILY)
    topic = course.topics[0]
    dry = settle(course, topic, dry_run=True)
    assert [(one.learner, one.exercise, one.before, one.after, one.days) for one in dry] == [
        ("bob", "reproduce", 0.0, 1.0, 2)
    ]
    assert points(course)["bob"] == 5.0
    assert settle(course, topic) == dry
    assert settle(course, topic) == ()
    assert points(course) == {"ada": 17.0, "bob": 4.0, "eve": None, "zoe": None}
    assert [(late.learner, late.days, late.cost) for late in summary(course, topic).late] == [("bob", 2, 1.0)]
    settings(course, DUE)
    assert settle(course, topic)[0].after == 0.0
    assert points(course)["bob"] == 5.0


def test_when_the_class_says_nothing_then_nbgraders_own_policy_holds(course):
    settings(course, DUE)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    assert [(one.learner, one.after) for one in settle(course, course.topics[0])] == [("bob", 5.0)]
    settings(course, DUE + DAILY)
    assert [(one.learner, one.after) for one in settle(course, course.topics[0])] == [("bob", 1.0)]


def test_when_a_learner_gets_more_time_then_nothing_is_taken_off_and_it_can_be_taken_back(course):
    settings(course, DUE + DAILY)
    topic = course.topics[0]
    settle(course, topic)
    extend(course, topic, "bob", timedelta(days=2))
    assert [one.after for one in settle(course, topic)] == [0.0]
    assert summary(course, topic).late == ()
    extend(course, topic, "bob", timedelta())
    assert [one.after for one in settle(course, topic)] == [1.0]
    extend(course, topic, "eve", timedelta(days=7))
    assert points(course)["eve"] is None
    assert "eve" in summary(course, topic).missing
    with pytest.raises(ClassError, match="expected a member of the class; found nobody"):
        extend(course, topic, "nobody", timedelta(days=1))


def test_when_there_is_no_due_date_then_an_extension_says_where_to_put_one(course):
    with pytest.raises(ClassError, match=r"class.toml: expected a due date for 01_means; found none\. Add"):
        extend(course, course.topics[0], "bob", timedelta(days=1))


def test_when_the_lowest_is_dropped_then_it_does_not_count_and_one_always_does():
    marks = {"a": Mark(9, 10), "b": Mark(None, 10), "c": Mark(3, 5)}

    def counting(**rules):
        return [name for name, mark in counted(marks, Grades(**rules)).items() if mark.counts]

    assert counting() == ["a", "b", "c"]
    assert counting(drop_lowest=1) == ["a", "c"]
    assert counting(drop_lowest=2) == ["a"]
    assert counting(drop_lowest=9) == ["a"]
    assert counting(leave_out=("a",), drop_lowest=1) == ["c"]
    record = Record(CLASS[0], counted(marks, Grades(drop_lowest=1)))
    assert (record.points, record.most) == (12, 15)


def rows(course, layout):
    return list(csv.reader(io.StringIO(as_csv(layout, grades(course), {TOPIC: "What a mean can do"}))))


def test_when_grades_go_to_a_platform_then_they_have_its_columns(course):
    assert rows(course, "moodle")[:2] == [
        ["Username", "First name", "Last name", "Email address", "What a mean can do"],
        ["ada", "Ada", "Lovelace", "ada@example.org", "17"],
    ]
    assert rows(course, "canvas")[:3] == [
        ["Student", "ID", "SIS Login ID", "Section", "What a mean can do"],
        ["Points Possible", "", "", "", "20"],
        ["Lovelace, Ada", "11", "ada", "", "17"],
    ]
    assert rows(course, "blackboard")[1] == ["Lovelace", "Ada", "ada", "17"]
    assert rows(course, "brightspace") == [
        ["Username", "What a mean can do Points Grade", "End-of-Line Indicator"],
        ["ada", "17", "#"],
        ["bob", "5", "#"],
        ["eve", "", "#"],
        ["zoe", "", "#"],
    ]
    assert rows(course, "plain")[1] == ["ada", "Ada", "Lovelace", "ada@example.org", "11", "17", "17", "20"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "  @x"])
def test_when_a_name_would_be_a_formula_then_the_file_holds_text(text):
    record = Record(Learner("x", text, "", ""), {TOPIC: Mark(-1.5, 5)})
    for layout in LAYOUTS:
        for row in csv.reader(io.StringIO(as_csv(layout, [record], {TOPIC: text}))):
            assert not any(cell.lstrip().startswith(FORMULA) and cell != "-1.5" for cell in row)


@given(st.text())
def test_when_a_cell_is_any_text_then_no_spreadsheet_runs_it(text):
    assert not safe(text).lstrip(" ").startswith(FORMULA)


def test_when_two_hand_in_the_same_code_then_it_is_odd_and_no_verdict():
    found = alike([("ada", "reproduce", "x"), ("bob", "reproduce", "y"), ("eve", "reproduce", "x")])
    assert found == [("ada", "reproduce: the same code, to the letter, as eve")]


def test_when_the_commands_are_used_then_they_say_what_they_did(course, tmp_path):
    settings(course, DUE + DAILY)
    root = course.root
    code, out, err = foursteps(root, "class", "late", "--dry-run")
    assert (code, err) == (0, "")
    assert "1 notebooks would have another penalty." in out
    code, out, _ = foursteps(root, "class", "grades", "--layout", "moodle", "--to", str(tmp_path / "g.csv"))
    assert code == 0
    assert (tmp_path / "g.csv").read_text().startswith("Username,First name")
    code, out, err = foursteps(root, "class", "grades")
    assert "bob,Bob,Roberts" in out
    assert "1 submissions still wait for a person" in err
    assert foursteps(root, "class", "grades", "--layout", "ilias")[0] == 2
    code, out, _ = foursteps(root, "class", "summary")
    assert "✓ 01_means: 2 of 4 handed in, 2 graded, 1 wait for a person" in out
    assert "○ missing: eve, zoe" in out
    code, out, _ = foursteps(root, "class", "extend", "01", "bob", "--days", "2")
    assert "✓ bob has 2 more days for 01_means." in out
