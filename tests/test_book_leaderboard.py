"""A class's leaderboard in the book: what its file says, under pseudonyms, and nothing without it."""

import json
import xml.etree.ElementTree as ET

import pytest
from book_course import TOPIC, as_run, lecture, write_course

from foursteps.book import leaderboard
from foursteps.book.assemble import assemble
from foursteps.classroom import leaderboard as made_by
from foursteps.errors import BookError


def a_board(names=("amber ash", "bold badger", "brave birch")):
    """A board of the small course's topic, as the class's own module makes it."""
    gains = [(0.12, 0.09, 0.15, True), (0.1, 0.06, 0.14, True), (-0.02, -0.05, 0.01, False)]
    places = tuple(
        made_by.Place(rank, name, 0.8 + gain, gain, low, high, tied)
        for rank, (name, (gain, low, high, tied)) in enumerate(zip(names, gains, strict=True), start=1)
    )
    return made_by.Board(TOPIC, "apply_elsewhere", "result", "accuracy", "mnist", False, 500, places)


@pytest.fixture
def course(tmp_path):
    course = write_course(tmp_path)
    course.workspace.mkdir()
    return course


def test_when_a_class_wrote_its_boards_then_the_book_has_a_page_and_a_picture_of_them(course):
    made_by.write([a_board()], course.workspace / leaderboard.FILE)
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    text = files["leaderboard.md"].decode()
    assert "| 2= | bold badger | 0.900 | +0.100 | +0.060 to +0.140 |" in text
    assert "| 3 | brave birch |" in text
    picture = "leaderboard/01-lines-apply-elsewhere-result-mnist.svg"
    assert f"]({picture})" in text
    drawn = ET.fromstring(files[picture].decode())
    assert len([one for one in drawn.iter() if one.tag.endswith("circle")]) == 3
    assert "1 may be as good as the first" in drawn.attrib["aria-label"]
    assert "leaderboard" in files["_toc.yml"].decode()


def test_when_a_class_wrote_none_then_the_book_has_no_such_page(course):
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    assert not [name for name in files if "leaderboard" in name]


def test_when_a_place_has_somebodys_name_then_there_is_no_book_and_the_error_does_not_say_it(course):
    made_by.write(
        [a_board(("amber ash", "Ada Lovelace", "brave birch"))], course.workspace / leaderboard.FILE
    )
    with pytest.raises(BookError, match="found a place whose name is no pseudonym") as caught:
        assemble(course, {TOPIC: as_run(lecture())})
    assert "Ada" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2, "boards": []}', json.dumps({"schema": 1})])
def test_when_the_file_is_of_another_form_then_the_error_says_how_to_write_it(course, text):
    (course.workspace / leaderboard.FILE).write_text(text, "utf-8")
    with pytest.raises(BookError, match=r"Run `foursteps class leaderboard --to class/leaderboard\.json`"):
        leaderboard.read(course.workspace / leaderboard.FILE)
