"""What moves on a lecture's page: its data, its still picture, and the same said in a browser."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from book_course import PIECE, TOPIC, as_run, write_course
from hypothesis import given
from hypothesis import strategies as st

from foursteps import notebook as nb
from foursteps.book import piece_page
from foursteps.book.assemble import assemble
from foursteps.book.lecture import printed
from foursteps.book.piece import (
    Axis,
    Column,
    Curves,
    Map,
    Place,
    Words,
    piece_of,
    placed,
    read,
    sentence,
    told,
)
from foursteps.errors import BookError
from foursteps.reproduce.printed import CELL, MIME, parts, with_piece

CURVES = Curves(
    kind="curves",
    before="## Look first",
    alt="Two numbers against x.",
    x=[0.0, 0.5, 1.0],
    x_digits=1,
    across=Axis(label="x"),
    up=Axis(label="y"),
    choose="kind",
    options=["one", "two"],
    start=(0, 1),
    columns={
        "share": Column(values=[[0.1, 0.25, None], [1234.5, 2, 3]], digits=1),
        "loss": Column(values=[[0.00123, 45.6, 7], [1, 2, 3]], digits=2, significant=True, drawn=False),
    },
    says="{option} at {x}: {share}, {loss}",
)
MAP = Map(
    kind="map",
    before="## Look first",
    alt="Three films.",
    choose="film",
    across=Axis(label="first"),
    up=Axis(label="second"),
    places=[
        Place(name="Alien (1979)", at=(0, 0), near=[(1, 0.9), (2, 0.1)]),
        Place(name="Brazil (1985)", at=(1, 1), near=[(0, 0.9)]),
        Place(name="</script> & Co", at=(-1, 2), near=[]),
    ],
)
WORDS = Words(
    kind="words",
    before="## Look first",
    alt="A review.",
    label="your review",
    outcome="Probability of five stars",
    text="Best tea ever! Not stale.",
    tokens="[a-z']+|[!?]",
    longest=8,
    scores={"best": 4.0, "ever": 1.5, "!": 0.5, "not": -2.0, "tea": 0.1},
    unknown=-0.1,
    bias=0.2,
)


@pytest.fixture
def course(tmp_path):
    return write_course(tmp_path, piece=True)


def run_of(course, bundle):
    """The lecture as if it had run, with what its piece gave."""
    run = as_run(with_piece(course.topic(TOPIC)))
    own = next(cell for cell in nb.code_cells(run) if cell.id == CELL)
    own.outputs = [nbformat.v4.new_output("display_data", {MIME: bundle})]
    return run


def test_when_a_lecture_has_a_piece_then_it_runs_last_and_its_prose_is_no_part_of_the_run(course):
    topic = course.topic(TOPIC)
    first = with_piece(topic)
    assert first.cells[-1].source.startswith("slopes = [1.0")
    assert "Where is the error" not in first.cells[-1].source
    topic.piece.write_text(PIECE.replace("Move the slope.", "Turn it."), "utf-8")
    assert nb.source_hash(with_piece(topic)) == nb.source_hash(first)
    assert "Turn it." in parts(topic)[0]


@pytest.mark.parametrize("text", ["x = 1\n", '"""Only a title"""\nx = 1\n'])
def test_when_a_piece_says_nothing_to_readers_then_the_error_asks_for_its_docstring(course, text):
    course.topic(TOPIC).piece.write_text(text, "utf-8")
    with pytest.raises(BookError, match="expected a docstring: a title, an empty line, and what to try"):
        with_piece(course.topic(TOPIC))


def test_when_a_lecture_is_assembled_then_its_piece_stands_before_the_heading_with_a_still_picture(course):
    run = run_of(course, CURVES.model_dump(mode="json"))
    files, _ = assemble(course, {TOPIC: run})
    page = nbformat.reads(files["topics/01-lines/lecture.ipynb"].decode(), as_version=4)
    names = [cell.id.removeprefix("01-l-") for cell in page.cells]
    assert names.index("piece-said") + 2 == names.index("look-rest") == names.index(CELL) + 1
    assert page.cells[names.index("piece-said")].source.startswith("## Try it: turn the line")
    html = page.cells[names.index(CELL)].outputs[0].data["text/html"]
    assert "one at 0.5: 0.3, 46" in html
    assert 'role="img" aria-label="Two numbers against x."' in html


def test_when_no_heading_is_the_one_named_then_the_error_says_which(course):
    elsewhere = CURVES.model_copy(update={"before": "## Nowhere"})
    run = run_of(course, elsewhere.model_dump(mode="json"))
    page = printed(with_piece(course.topic(TOPIC)), run, "lecture")
    with pytest.raises(BookError, match="expected a heading `## Nowhere` in the lecture"):
        placed(page, elsewhere, "", "", "lecture")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"kind": "film"}, "Input tag 'film'"),
        ({"options": ["one"]}, "columns.share is not of 1 options and 3 x"),
        ({"says": "{nothing}"}, "says names nothing, which is no column"),
        ({"start": (2, 0)}, "start is not inside the table"),
        ({"colour": "red"}, "curves.colour: Extra inputs"),
    ],
)
def test_when_a_piece_is_wrong_then_the_error_names_what(course, change, found):
    run = run_of(course, CURVES.model_dump(mode="json") | change)
    with pytest.raises(BookError) as caught:
        piece_of(run, "piece.py")
    assert found in caught.value.found


def test_when_a_lecture_has_no_piece_then_nothing_is_looked_for(tmp_path):
    course = write_course(tmp_path)
    assert piece_of(as_run(with_piece(course.topic(TOPIC))), "piece.py") is None


@pytest.mark.parametrize(
    ("value", "column", "words"),
    [
        (None, {}, "–"),
        (1234.5, {"digits": 0}, "1,235"),
        (0.00123456, {"digits": 3, "significant": True}, "0.00123"),
        (456.7, {"digits": 3, "significant": True}, "457"),
        (0.0, {"digits": 2, "significant": True}, "0.00"),
        (1e-9, {"digits": 3, "significant": True}, "0.000000"),
    ],
)
def test_when_a_number_is_told_then_with_its_digits(value, column, words):
    assert told(value, Column(values=[[value]], **column)) == words


def test_when_words_are_read_then_the_probability_is_the_sigmoid_of_their_mean():
    scores, probability = read(WORDS, "BEST tea? Not.")
    assert scores == [("best", 4.0), ("tea", 0.1), ("?", None), ("not", -2.0)]
    assert probability == pytest.approx(1 / (1 + 2.718281828459045 ** -(0.2 + (4 + 0.1 - 0.1 - 2) / 4)))
    assert len(read(WORDS, "tea " * 20)[0]) == WORDS.longest
    assert read(WORDS, "")[0] == []


def test_when_a_name_looks_like_the_end_of_a_script_then_it_ends_none():
    assert piece_page.html(MAP, "a").count("</script>") == 1


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_when_values_are_any_then_the_line_has_one_command_for_each_x_inside_the_picture(values):
    xs = [float(n) for n in range(len(values))]
    there = [value for value in values if value is not None] or [0.0]
    x = piece_page.scale(Axis(label="x"), xs, 58, 466)
    y = piece_page.scale(Axis(label="y"), there, 254, 14)
    commands = re.findall(r"([ML])([\d.]+) ([\d.]+)", piece_page._path(xs, values, x, y))
    assert len(commands) == len(values)
    assert all(58 <= float(cx) <= 466 and 14 <= float(cy) <= 254 for _, cx, cy in commands)
    for (command, _, _), value in zip(commands, values, strict=True):
        assert command == "M" or value is not None


STATIC = Path(__file__).parents[1] / "book" / "_static"


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A page with a piece of each kind, in a browser."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="`make` installs Playwright")
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium on this machine: `make system` installs one")
    folder = tmp_path_factory.mktemp("pieces")
    figures = "".join(piece_page.html(one, f"p{n}") for n, one in enumerate((CURVES, MAP, WORDS)))
    script = (STATIC / "pieces.js").read_text("utf-8")
    page = f"<!DOCTYPE html><meta charset=utf-8><body>{figures}<script>{script}</script>"
    (folder / "page.html").write_text(page, "utf-8")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((folder / "page.html").as_uri())
        yield page
        chromium.close()
        assert errors == []


@pytest.mark.slow
def test_when_controls_are_moved_then_the_browser_says_what_python_says(opened):
    says = opened.locator("[data-kind=curves] .fs-says")
    for option in range(2):
        opened.get_by_label("kind", exact=True).select_option(str(option))
        for at in range(3):
            opened.get_by_label("x", exact=True).fill(str(at))
            assert says.inner_text() == sentence(CURVES, option, at)
    trace = opened.locator("[data-kind=curves] .fs-trace path")
    assert len(re.findall("[ML]", trace.get_attribute("d"))) == 3


@pytest.mark.slow
def test_when_a_place_is_chosen_then_its_neighbours_are_named_as_python_names_them(opened):
    says = opened.locator("[data-kind=map] .fs-says")
    for number, place in enumerate(MAP.places):
        opened.get_by_label("film", exact=True).select_option(label=place.name)
        assert says.inner_text() == piece_page.neighbours(MAP, number)
        assert opened.locator("[data-near]").count() == len(place.near)
    opened.locator(".fs-dot").first.hover()
    assert says.inner_text() == piece_page.neighbours(MAP, 0)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "Best tea ever!", "not not stale?", "tea " * 30, "<b>best</b> & co"])
def test_when_a_text_is_written_then_the_browser_judges_it_as_python_does(opened, text):
    opened.get_by_label("your review").fill(text)
    assert opened.locator("[data-kind=words] .fs-says").inner_text() == piece_page.verdict(WORDS, text)
    assert opened.locator(".fs-text span").count() == len(read(WORDS, text)[0])
