"""Code too much alike: renaming hides nothing, what was given does not count, a few lines say nothing."""

import shutil

import pytest
from classroom_course import TOPIC, a_class
from hypothesis import given
from hypothesis import strategies as st
from test_cli import foursteps
from tiny_course import answer, released, submit

from foursteps.classroom.similar import LEAST, MOST, K, W, fingerprints, pairs, similar, tokens
from foursteps.course import Course

MINE = """
def distance(a, b):
    total = 0.0
    for left, right in zip(a.ravel(), b.ravel()):
        gap = float(left) - float(right)
        total = total + gap * gap
    if total < 0:
        raise ValueError("a sum of squares below nothing")
    return total ** 0.5
"""
RENAMED = """
# my very own idea, nobody else's
def distance(x, y):
    s = 0.0

    for p, q in zip(x.ravel(), y.ravel()):
        d = float(p) - float(q)      # the gap
        s = s + d * d
    if s < 0:
        raise ValueError('no!')
    return s ** 0.25
"""
OTHER = """
import numpy as np

def distance(a, b):
    assert a.shape == b.shape, "not the same shape"
    difference = np.subtract(a, b).reshape(-1)
    return float(np.linalg.norm(difference, ord=2))

model = [distance(np.zeros(3), np.ones(3)) for _ in range(10) if True or False]
"""


def test_when_names_numbers_texts_and_comments_are_changed_then_it_is_found_all_the_same():
    found = pairs("reproduce", {"ada": MINE, "bob": RENAMED, "eve": OTHER})
    assert [(pair.first, pair.second, pair.share) for pair in found] == [("ada", "bob", 1.0)]
    assert found[0].lines == ()


def test_when_lines_are_the_same_to_the_letter_then_they_are_shown():
    found = pairs("reproduce", {"ada": MINE, "bob": MINE, "eve": OTHER})
    assert 'raise ValueError("a sum of squares below nothing")' in found[0].lines


def test_when_code_was_given_then_it_does_not_count():
    known = fingerprints(tokens(MINE))
    assert pairs("reproduce", {"ada": MINE, "bob": MINE}, known) == []


def test_when_many_wrote_the_same_then_it_is_how_one_writes_it():
    assert pairs("reproduce", {f"learner{at}": MINE for at in range(MOST + 1)}) == []
    assert len(pairs("reproduce", {f"learner{at}": MINE for at in range(MOST)})) == MOST * (MOST - 1) / 2


def test_when_an_answer_is_short_then_nothing_is_said():
    assert pairs("reproduce", {"ada": "x = a.mean(axis=0)", "bob": "x = a.mean(axis=0)"}) == []


def test_when_code_is_no_python_then_nothing_breaks():
    assert tokens("def (((") is not None
    assert tokens("s = '''never ended") is not None
    assert pairs("reproduce", {"ada": "!!! ???", "bob": "\x00"}) == []


@given(st.lists(st.sampled_from("abcdefgh"), min_size=W + K - 1, max_size=60), st.data())
def test_when_two_share_a_window_of_tokens_then_they_share_a_fingerprint(words, data):
    """The guarantee of the paper, theorem 1: a match of w + k - 1 tokens is never missed."""
    start = data.draw(st.integers(0, len(words) - (W + K - 1)))
    part = words[start : start + W + K - 1]
    around = data.draw(st.lists(st.sampled_from("xyz"), max_size=30))
    assert fingerprints(words) & fingerprints([*around, *part, *around])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return a_class(tmp_path_factory.mktemp("class") / "course")


def test_when_a_class_handed_in_then_the_pair_is_named_and_shown_by_nbdime(made, tmp_path):
    course = Course.load(shutil.copytree(made.root, tmp_path / "course"))
    for learner, code in (("ada", MINE), ("bob", RENAMED), ("eve", OTHER)):
        notebook = answer(released(course, "reproduce"), "answer_distance", code)
        submit(course, learner, reproduce=notebook, apply_elsewhere=b"no notebook")
    submit(course, "zoe", reproduce=released(course, "reproduce"))
    found = similar(course, course.topics[0])
    assert [(pair.exercise, pair.first, pair.second) for pair in found] == [("reproduce", "ada", "bob")]
    assert found[0].shared >= LEAST
    code, out, err = foursteps(course.root, "class", "similar", "01")
    assert (code, err) == (0, "")
    assert "ada" in out
    assert "never a verdict" in " ".join(out.split())
    code, out, _ = foursteps(course.root, "class", "similar", "01", "--show", "ada", "bob")
    assert code == 0
    assert "-    for left, right in zip(a.ravel(), b.ravel()):" in out
    assert "+    for p, q in zip(x.ravel(), y.ravel()):" in out
    code, _, err = foursteps(course.root, "class", "similar", "01", "--show", "ada", "nobody")
    assert code == 1
    assert f"nobody/{TOPIC}/reproduce.ipynb: expected a submission; found no such file" in " ".join(
        err.split()
    )
