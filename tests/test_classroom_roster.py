"""Class lists as spreadsheets and learning platforms write them: taken whole, or refused with every line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_course import tiny_course

from foursteps.classroom.opening import open_class
from foursteps.classroom.roster import Learner, enter, members, parse_roster, read_roster
from foursteps.course import Course
from foursteps.errors import ClassError

ADA = Learner("ada", "Ada", "Lovelace", "ada@example.org", "123")


def refused(text):
    with pytest.raises(ClassError) as caught:
        parse_roster(text, "list.csv")
    return caught.value.found


LISTS = {
    "plain": "id,first name,last name,email,lms id\nada,Ada,Lovelace,ada@example.org,123\n",
    "semicolons": "Username;First Name;Last Name;E-Mail;LMS ID\nada;Ada;Lovelace;ada@example.org;123\n",
    "tabs": "login\tGiven name\tSurname\temail\tcanvas id\nada\tAda\tLovelace\tada@example.org\t123\n",
    "full name": 'id,Name,email,lms_id\nada,"Lovelace, Ada",ada@example.org,123\n',
    "canvas": (
        "Student,ID,SIS Login ID,Section,email,Week 1 (12)\n"
        "    Points Possible,,,,,10\n"
        '"Lovelace, Ada",123,ada,A,ada@example.org,7\n'
        '"Student, Test",999,77,A,,\n'
    ),
    "brightspace": (
        "OrgDefinedId,Username,Last Name,First Name,Email,LMS ID,End-of-Line Indicator\n"
        "#4711,#ada,Lovelace,Ada,ada@example.org,123,#\n"
    ),
    "empty lines": "\n id , First name,last name,email,lms id \n ada , Ada,Lovelace,ada@example.org,123\n\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_when_a_list_has_a_header_then_its_learners_are_read(name):
    assert parse_roster(LISTS[name], "list.csv").learners == (ADA,)


def test_when_moodle_gives_no_user_name_then_the_address_is_the_id():
    text = "First name,Surname,ID number,Email address\nAda,Lovelace,,ada@example.org\n"
    assert parse_roster(text, "list.csv").learners[0].id == "ada@example.org"


@pytest.mark.parametrize(
    ("encoding", "notes"), [("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 0), ("cp1252", 1)]
)
def test_when_a_list_has_another_encoding_then_it_is_read_and_a_guess_is_said(tmp_path, encoding, notes):
    path = tmp_path / "list.csv"
    path.write_bytes("id,last name\nanders,Ångström\n".encode(encoding))
    roster = read_roster(path)
    assert roster.learners == (Learner("anders", "", "Ångström"),)
    assert len(roster.notes) == notes


def test_when_a_file_is_a_spreadsheet_then_it_is_refused(tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04\x14\x00\x06\x00")
    with pytest.raises(ClassError, match=r"bytes that are no text\. Save it as CSV in UTF-8"):
        read_roster(path)


def test_when_lines_are_wrong_then_all_of_them_are_named_and_nobody_is_read():
    found = refused(
        "id,name,email\n"
        "ada,Ada Lovelace,ada@example.org\n"
        "ADA,Another,other@example.org\n"
        'eve,"=HYPERLINK(""http://x"",""Eve"")",eve@example.org\n'
        "../up,Up,up@example.org\n"
        "bob,Bob,ada@example.org\n"
        ",Nobody,no@example.org\n"
        "zoe,Zoe,zoe\n"
        "amy,Amy,amy@example.org,too,many\n"
    )
    assert found.split("; ") == [
        "line 3: the id 'ADA' is on line 2 already",
        'line 4: name \'=HYPERLINK("http://x","Eve")\' would be a formula in a spreadsheet',
        "line 5: the id '../up' cannot be a folder's name (letters, digits and . _ @ - only)",
        "line 7: no id",
        "line 8: the email 'zoe' is none",
        "line 9: more cells than the header has",
        "line 6: the email 'ada@example.org' is on line 2 already",
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_when_a_cell_would_be_a_formula_then_it_is_refused(sign):
    assert "would be a formula" in refused(f"id,name\nada,{sign}1+1\n")


def test_when_a_line_is_said_twice_then_it_counts_once_and_it_is_said():
    roster = parse_roster("id,name\nada,Ada\nada,Ada\n", "list.csv")
    assert (len(roster.learners), roster.notes) == (1, ("Line 3 says the same as line 2; it was left out.",))


@pytest.mark.parametrize("text", ["", "\n\n", "id,name\n", "points,grade\n1,2\n"])
def test_when_there_is_no_list_in_a_file_then_it_is_refused(text):
    assert refused(text)


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=4), max_size=6))
def test_when_a_list_is_anything_at_all_then_it_is_read_safely_or_refused_clearly(rows):
    held = io.StringIO()
    csv.writer(held).writerows([["id", "name"], *rows])
    try:
        learners = parse_roster(held.getvalue(), "list.csv").learners
    except ClassError:
        return
    ids = [learner.id.casefold() for learner in learners]
    assert len(set(ids)) == len(ids)
    assert not any("/" in name or name.startswith(".") or ".." in name for name in ids)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return tiny_course(tmp_path_factory.mktemp("roster") / "course")


def test_when_a_class_is_opened_then_its_parts_are_made_once_and_a_dry_run_makes_none(course):
    assert not course.workspace.exists()
    dry = open_class(course, (ADA,), dry_run=True)
    assert not (course.workspace / "secret").exists()
    assert dry.entered.new == ("ada",)
    opened = open_class(course, (ADA,))
    assert [name for name, is_new, _ in opened.parts if is_new] == ["secret", "settings", "gradebook"]
    secret = (course.workspace / "secret").read_bytes()
    again = open_class(course, None)
    assert not any(is_new for _, is_new, _ in again.parts)
    assert (course.workspace / "secret").read_bytes() == secret
    assert members(course) == (ADA,)

    bob, other = Learner("bob"), Learner("ada", "Ada", "King")
    entered = enter(course, [bob, other], dry_run=True)
    assert (entered.new, entered.changed) == (("bob",), ("ada",))
    assert members(course) == (ADA,)
    enter(course, [bob, other])
    assert members(course) == (Learner("ada", "Ada", "King", "ada@example.org", "123"), bob)
    assert enter(course, [bob]).absent == ("ada",)
    with pytest.raises(ClassError, match="expected no other spelling of 'bob'; found 'BOB' in the list"):
        enter(course, [Learner("BOB")])


def test_when_settings_are_wrong_then_the_entry_is_named(course):
    from foursteps.classroom.settings import read_settings

    path = course.workspace / "class.toml"
    path.parent.mkdir(exist_ok=True)
    before = path.read_text() if path.is_file() else None
    for text, found in (
        ('timezone = "Moon/Base"', "timezone: Value error, 'Moon/Base' is no time zone"),
        ("[late]\nper_day = 3", "late.per_day: Input should be less than or equal to 1"),
        ("[due]\n07_none = 2026-01-01T00:00:00", "07_none, which is no topic of the course"),
        ("colour = 1", "colour: Extra inputs are not permitted"),
    ):
        path.write_text(text)
        with pytest.raises(ClassError) as caught:
            read_settings(Course.load(course.root))
        assert found in caught.value.found
    path.write_text(before or "")
