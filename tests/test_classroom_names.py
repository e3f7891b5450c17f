"""Names of uploaded files, as learning platforms write them: matched, or reported with the reason."""

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foursteps.classroom.names import Directory, exercise_called, is_notebook, key, whose
from foursteps.classroom.roster import Learner

EXERCISES = ("reproduce", "apply_elsewhere")
CLASS = (
    Learner("alovelace", "Ada", "Lovelace", "ada@example.org", "12345"),
    Learner("gh42", "Grace", "Hopper", "grace.hopper@example.org", "23456"),
    Learner("a_turing", "Alan", "Turing", "turing@example.org", "34567"),
    Learner("kj", "Katherine Coleman", "Johnson", "kj@example.org"),
    Learner("aangstrom", "Anders", "Ångström", "anders@example.org"),
    Learner("obrien", "Máire", "O'Brien", "maire@example.org"),
    Learner("jsmith1", "John", "Smith", "john1@example.org", "51"),
    Learner("jsmith2", "John", "Smith", "john2@example.org", "52"),
    Learner("mhamilton-2", "Margaret", "Hamilton", "mh@example.org"),
    Learner("wei", "伟", "王", "wei@example.org"),
)
DIRECTORY = Directory(CLASS)
NOON = datetime(2026, 11, 2, 13, 45, 10)


def found(name):
    return whose(PurePosixPath(name), DIRECTORY, "01_means", EXERCISES)


MATCHED = [
    # Moodle, "download all submissions", in folders and not
    ("Ada Lovelace_98765_assignsubmission_file_/reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("Ada Lovelace_98765_assignsubmission_file/reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("Ada Lovelace_98765_assignsubmission_file_reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("Lovelace Ada_98765_assignsubmission_file_reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("Group B-Grace Hopper_1_assignsubmission_file_/my code/helper.py", "gh42", "my code/helper.py"),
    ("Anders Ångström_7_assignsubmission_file_/reproduce.ipynb", "aangstrom", "reproduce.ipynb"),
    ("Máire O'Brien_8_assignsubmission_file_reproduce.ipynb", "obrien", "reproduce.ipynb"),
    ("Katherine Coleman Johnson_9_assignsubmission_file_/reproduce.ipynb", "kj", "reproduce.ipynb"),
    ("Margaret Hamilton_9_assignsubmission_file_/x.ipynb", "mhamilton-2", "x.ipynb"),
    ("伟 王_10_assignsubmission_file_/reproduce.ipynb", "wei", "reproduce.ipynb"),
    ("submissions.zip/Ada Lovelace_5_assignsubmission_file_/reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    # Canvas
    ("lovelaceada_12345_678901_reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("lovelaceada_LATE_12345_678901_reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("hoppergrace_23456_678902_reproduce-1.ipynb", "gh42", "reproduce-1.ipynb"),
    ("hoppergrace_99999_678902_apply_elsewhere.ipynb", "gh42", "apply_elsewhere.ipynb"),
    ("turingalan_34567_question_12_678902_reproduce.ipynb", "a_turing", "reproduce.ipynb"),
    ("smithjohn_51_678_reproduce.ipynb", "jsmith1", "reproduce.ipynb"),
    ("smithjohn_52_679_reproduce.ipynb", "jsmith2", "reproduce.ipynb"),
    ("angstromanders_4_5_reproduce.ipynb", "aangstrom", "reproduce.ipynb"),
    ("lovelaceada_12345_678901_01_means.zip/reproduce.ipynb", "alovelace", "01_means.zip/reproduce.ipynb"),
    # Blackboard
    ("Week 1_alovelace_attempt_2026-11-02-13-45-10_reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("Week_1_a_turing_attempt_2026-11-02-13-45-10_reproduce.ipynb", "a_turing", "reproduce.ipynb"),
    ("Week 1_gh42_attempt_2026-11-02-13-45-10.txt", "gh42", ""),
    ("gradebook.zip/Week 1_gh42_attempt_2026-11-02-13-45-10_a b.ipynb", "gh42", "a b.ipynb"),
    # Brightspace
    ("12345-678 - Ada Lovelace - Nov 2, 2026 145 PM - reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("12345-678 - Ada Lovelace- Nov 2, 2026 1 45 PM - reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("12345-678 - Grace Hopper - 2 November, 2026 1345 - reproduce.ipynb", "gh42", "reproduce.ipynb"),
    ("12345-678 - Grace Hopper - 2 November 2026 1:45 PM/reproduce.ipynb", "gh42", "reproduce.ipynb"),
    # Sakai, nbgrader's exchange, Teams, Google Classroom, GitHub Classroom
    (
        "Week 1/Lovelace, Ada(alovelace)/Submission attachment(s)/reproduce.ipynb",
        "alovelace",
        "reproduce.ipynb",
    ),
    (
        "alovelace+01_means+2026-11-02 13:45:10.123456 UTC+Zm9v/reproduce.ipynb",
        "alovelace",
        "reproduce.ipynb",
    ),
    ("gh42+01_means+2026-11-02 13_45_10 UTC/reproduce.ipynb", "gh42", "reproduce.ipynb"),
    ("Ada Lovelace/Week 1/Version 2/reproduce.ipynb", "alovelace", "Week 1/Version 2/reproduce.ipynb"),
    ("Grace Hopper - reproduce.ipynb", "gh42", "reproduce.ipynb"),
    ("01-means-alovelace/reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("01-means-mhamilton-2/reproduce.ipynb", "mhamilton-2", "reproduce.ipynb"),
    # plain
    ("alovelace/reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("ada@example.org/reproduce.ipynb", "alovelace", "reproduce.ipynb"),
    ("ALovelace_reproduce.ipynb", "alovelace", "ALovelace_reproduce.ipynb"),
    ("reproduce_a_turing.ipynb", "a_turing", "reproduce_a_turing.ipynb"),
    ("reproduce-gh42-Copy1.ipynb", "gh42", "reproduce-gh42-Copy1.ipynb"),
    ("grace.hopper_apply_elsewhere (2).ipynb", "gh42", "grace.hopper_apply_elsewhere (2).ipynb"),
    ("Ada Lovelace reproduce.ipynb", "alovelace", "Ada Lovelace reproduce.ipynb"),
    ("alovelace.zip/01_means/reproduce.ipynb", "alovelace", "01_means/reproduce.ipynb"),
    ("01_means_gh42.zip/reproduce.ipynb", "gh42", "reproduce.ipynb"),
    ("jsmith2.ipynb", "jsmith2", "jsmith2.ipynb"),
]
REPORTED = [
    ("reproduce.ipynb", "nobody in the class is called 'reproduce.ipynb'"),
    (
        "John Smith_5_assignsubmission_file_/reproduce.ipynb",
        "jsmith1 and jsmith2 are both called 'John Smith'",
    ),
    ("lovelaceada_23456_678901_reproduce.ipynb", "its number is gh42's and its name is that of alovelace"),
    ("anon_4Fk2j_reproduce.ipynb", "download it without anonymous marking"),
    ("anonymous_77_88_reproduce.ipynb", "download it without anonymous marking"),
    ("Participant_4711_assignsubmission_file_/reproduce.ipynb", "download it without anonymous marking"),
    ("Ada Lovelaec_98765_assignsubmission_file_/reproduce.ipynb", "alovelace is near to it"),
    ("Week 1_nobody_attempt_2026-11-02-13-45-10_reproduce.ipynb", "nobody in the class is called"),
    ("alovelce_reproduce.ipynb", "alovelace is near to it"),
]


@pytest.mark.parametrize(("name", "learner", "file"), MATCHED, ids=[row[0] for row in MATCHED])
def test_when_a_platform_names_a_file_then_it_is_known_whose_it_is(name, learner, file):
    assert (found(name).learner, found(name).said.file, found(name).reason) == (learner, file, "")


@pytest.mark.parametrize(("name", "reason"), REPORTED, ids=[row[0] for row in REPORTED])
def test_when_a_name_is_nobodys_or_two_peoples_then_the_reason_is_said_and_nobody_gets_it(name, reason):
    assert found(name).learner == ""
    assert reason in found(name).reason


def test_when_a_name_has_a_time_then_it_is_read_with_the_zone_that_it_states():
    assert found("W_gh42_attempt_2026-11-02-13-45-10_a.ipynb").said.at == NOON
    assert found("1-2 - Ada Lovelace - Nov 2, 2026 145 PM - a.ipynb").said.at == NOON.replace(second=0)
    assert found("1-2 - Ada Lovelace - 2 November 2026 1 45 PM - a.ipynb").said.at == NOON.replace(second=0)
    assert found("1-2 - Ada Lovelace - 2 Nov, 2026 1345 - a.ipynb").said.at == NOON.replace(second=0)
    assert found("1-2 - Ada Lovelace - 2 März 2026 1345 - a.ipynb").said.at is None
    exchange = found("gh42+01_means+2026-11-02 13:45:10 UTC/a.ipynb").said.at
    assert exchange == NOON.replace(tzinfo=UTC)


def test_when_a_file_was_handed_in_again_then_the_later_one_has_the_higher_order():
    def order(name):
        return found(name).said.order

    assert order("hoppergrace_23456_678_reproduce-1.ipynb") > order("hoppergrace_23456_677_reproduce.ipynb")
    assert order("gh42/Version 10/reproduce.ipynb") > order("gh42/Version 9/reproduce.ipynb")
    assert order("gh42_reproduce (2).ipynb") > order("gh42_reproduce.ipynb")
    assert found("lovelaceada_LATE_12345_678901_reproduce.ipynb").said.late


@pytest.mark.parametrize(
    ("file", "exercise"),
    [
        ("reproduce.ipynb", "reproduce"),
        ("Copy of Apply Elsewhere (2).ipynb", "apply_elsewhere"),
        ("apply-elsewhere-final.ipynb", "apply_elsewhere"),
        ("week1.ipynb", ""),
        ("reproduce and apply_elsewhere.ipynb", ""),
    ],
)
def test_when_a_notebook_is_named_freely_then_its_exercise_is_known_or_it_is_not(file, exercise):
    assert exercise_called(file, EXERCISES) == exercise


def test_when_a_browser_added_a_suffix_then_it_is_a_notebook_still():
    assert is_notebook("reproduce.ipynb.txt")
    assert is_notebook("a/reproduce.IPYNB")
    assert not is_notebook("reproduce.html")


@given(st.text(max_size=60), st.sampled_from(CLASS))
def test_when_the_folder_is_a_learners_id_then_nothing_in_the_files_name_changes_whose_it_is(name, learner):
    name = name.replace("/", "") or "x"
    said = whose(PurePosixPath(f"{learner.id}/notes {key(name)}.txt"), DIRECTORY, "01_means", EXERCISES)
    assert said.learner == learner.id


@given(st.text(max_size=80))
def test_when_a_name_is_anything_at_all_then_it_is_a_members_or_the_reason_is_said(name):
    said = found(name or "x")
    assert bool(said.learner) != bool(said.reason)
    assert said.learner in {"", *(learner.id for learner in CLASS)}
