"""The pages made from data: openings, recall, the map, claims, contents, commands and formulas."""

import importlib
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import typer
import yaml
from book_course import MADE, SEEDED, TOPIC, as_run, lecture, ledger, write_course
from docutils.utils.math import MathError
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell

from foursteps.book import course_map, figure, pages, reproduces
from foursteps.book.assemble import assemble
from foursteps.book.chapter import Chapter, folded, hours
from foursteps.book.claim import Claim, claims_of
from foursteps.book.commands import reference
from foursteps.book.toc import Contents, Entry, Part
from foursteps.course import LectureSettings, Topic
from foursteps.errors import BookError
from foursteps.formula import to_mathml


@pytest.fixture
def course(tmp_path):
    return write_course(tmp_path)


def chapter(name, tmp_path, **about):
    settings = LectureSettings(title=name.replace("_", " "), minutes=60)
    return Chapter(Topic(name, tmp_path, settings), about)


def test_when_a_course_is_assembled_then_every_page_of_the_contents_is_there(course):
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    toc = yaml.safe_load(files["_toc.yml"])
    named = [toc["root"]]
    for part in toc["parts"]:
        for entry in part["chapters"]:
            named += [entry["file"], *(below["file"] for below in entry.get("sections", []))]
    assert "topics/01-lines/apply-elsewhere" in named
    for page in named:
        assert f"{page}.md" in files or f"{page}.ipynb" in files
    v2 = yaml.safe_load(files["myst.yml"])["project"]["toc"]
    assert v2[0] == {"file": "index.md"}
    assert v2[2]["children"][0]["children"][0]["file"] == "topics/01-lines/lecture.ipynb"


def test_when_pages_are_notebooks_then_no_two_cells_of_the_book_have_one_id(course):
    """Version 2 of Jupyter Book takes a cell's id for an address in the whole book."""
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    ids = [
        cell.id
        for name, data in files.items()
        if name.endswith(".ipynb") and "files/" not in name
        for cell in nbformat.reads(data.decode(), as_version=4).cells
    ]
    assert len(ids) == len(set(ids)) > 15


def test_when_a_lecture_was_not_run_then_the_book_says_what_to_run(course):
    with pytest.raises(BookError, match=r"expected an executed lecture; found none\. Run it: `foursteps rep"):
        assemble(course, {})


def test_when_assembled_twice_then_every_byte_is_the_same(course):
    run = {TOPIC: as_run(lecture())}
    assert assemble(course, run)[0] == assemble(course, run)[0]


def test_when_there_is_no_claims_json_then_there_is_no_band_and_no_figure(tmp_path):
    course = write_course(tmp_path, claims=False)
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    assert not [name for name in files if "strip-" in name]
    assert b"not measured" in files["reproduces.md"]


def test_when_the_landing_page_asks_for_the_topics_then_they_are_put_there(course):
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    assert b"01 \xc2\xb7 A line through points" in files["index.md"]
    assert b"<!-- topics -->" not in files["index.md"]


@given(st.text(alphabet="`a\n ", max_size=40))
def test_when_an_answer_holds_fences_then_its_box_is_fenced_longer(body):
    lines = folded("A\nquestion?", body).splitlines()
    fence = lines[0].split("{")[0]
    assert lines[0] == f"{fence}{{dropdown}} A question?"
    assert lines[-1] == fence
    assert fence not in "\n".join(lines[1:-1])


@pytest.mark.parametrize(("minutes", "words"), [(45, "45 min"), (60, "1 h"), (75, "1 h 15 min")])
def test_when_minutes_are_told_then_in_hours_and_minutes(minutes, words):
    assert hours(minutes) == words


def test_when_a_topic_names_an_earlier_one_then_the_map_draws_it(tmp_path):
    first, second = chapter("01_a", tmp_path), chapter("02_b", tmp_path, needs=["Lecture 01", "Python"])
    third = chapter("03_c", tmp_path, needs=["what 02_b taught"])
    course = [first, second, third]
    assert course_map.needed(second, course) == [first]
    assert course_map.needed(third, course) == [second]
    assert course_map.needed(first, course) == []
    drawn = ET.fromstring(course_map.map_svg(course))
    assert "03 · 03 c, after 02" in drawn.attrib["aria-label"]


def test_when_a_topic_needs_what_another_need_brings_then_only_the_nearer_one_has_an_arrow(tmp_path):
    first, second = chapter("01_a", tmp_path), chapter("02_b", tmp_path, needs=["Lecture 01"])
    third = chapter("03_c", tmp_path, needs=["Lecture 01", "lecture 02"])
    course = [first, second, third]
    assert course_map.needed(third, course) == [first, second]
    assert course_map.arrows(third, course) == [second]
    assert course_map.arrows(second, course) == [first]


@pytest.mark.parametrize(
    ("value", "more", "state", "words"),
    [
        (0.4, (), "in", "0.400 reproduces"),
        (0.4, (9.0, 9.0), "in", "0.400 reproduces"),
        (-2.0, (), "in", "-2.000 better than its band"),
        (0.9, (), "open", "0.900 outside its band; two more seeds decide"),
        (0.9, (0.4, 0.35), "in", "0.900 reproduces: 3 seeds average 0.550"),
        (9.0, (0.4, 0.35), "out", "9.000 does not reproduce: 3 seeds average 3.250"),
        (math.nan, (), "out", "nan does not reproduce"),
        (None, (), "unknown", "not run here"),
    ],
)
def test_when_a_claim_is_shown_then_its_badge_says_what_the_rule_says_of_this_run(
    tmp_path, value, more, state, words
):
    said = {} if value is None else {"error": {"name": "error", "value": value, "baseline": 5.0}}
    kept = ledger(tmp_path / "claims.json")
    (claim,) = claims_of(kept, said, "cpu", {"lecture.error": more})
    assert (claim.state, claim.words) == (state, words)
    drawn = ET.fromstring(figure.badge(claim.label, claim.words, claim.state))
    assert drawn.attrib["aria-label"] == f"error: {words}"


def test_when_the_run_was_on_another_device_then_it_is_not_held_against_this_band(tmp_path):
    said = {"error": {"name": "error", "value": 9.0, "baseline": 5.0}}
    on_cpu, on_gpu = claims_of(ledger(tmp_path / "claims.json"), said, "cuda")
    assert (on_cpu.device, on_cpu.printed) == ("cpu", None)
    assert (on_gpu.device, on_gpu.printed, on_gpu.state) == ("cuda", 9.0, "unknown")


def test_when_a_claim_is_drawn_then_every_seed_is_a_dot_and_the_words_say_the_same(tmp_path):
    (claim,) = claims_of(ledger(tmp_path / "claims.json"), {}, "cpu")
    drawn = ET.fromstring(figure.strip(claim))
    dots = [one for one in drawn.iter() if one.tag.endswith("circle")]
    assert len(dots) == len(SEEDED)
    assert "over 5 seeds lies between 0.200 and 0.600" in drawn.attrib["aria-label"]
    assert "the baseline is 5.000" in figure.describe(claim)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(-1e6, 1e6))
def test_when_values_are_any_then_all_of_the_figure_is_inside_it(values, baseline):
    claim = Claim("lecture.a", "cpu", tuple(values), min(values), max(values), baseline, values[0])
    for dot in ET.fromstring(figure.strip(claim)).iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 <= float(dot.attrib["cx"]) <= 500


def test_when_a_run_left_a_stamp_then_its_lecture_says_where_it_ran(tmp_path):
    stamped = replace(chapter("01_a", tmp_path), run=MADE)
    assert "2026-01-02, on a processor, with torch 2.0, in 3 seconds" in reproduces.claim_cell(stamped)


def test_when_contents_nest_then_pages_come_in_reading_order():
    contents = Contents("i", (Part("P", (Entry("a", (Entry("b"),)), Entry("c"))),))
    assert contents.pages() == ["i", "a", "b", "c"]


def test_when_a_command_is_added_then_its_reference_has_it():
    app = typer.Typer()

    @app.command()
    def bake(name: str, hot: bool = typer.Option(False, "--hot", help="As hot as a | b.")):
        """Bake a cake."""

    @app.command(hidden=True)
    def secret():
        """Not for people."""

    text = reference(app, "kitchen")
    assert "## kitchen bake" in text
    assert "Bake a cake." in text
    assert "| `--hot` | As hot as a \\| b. |" in text
    assert "secret" not in text


@pytest.mark.parametrize("size", ["big", "Big", "bigg", "Bigg", "Bigl"])
def test_when_a_delimiter_has_a_size_then_it_is_drawn_larger(size):
    (slash,) = ET.fromstring(to_mathml(rf"a \{size}/ b")).findall(".//{*}mo")
    assert slash.text == "/"
    assert float(slash.attrib["minsize"].removesuffix("em")) > 1


def test_when_a_formula_is_written_then_browsers_can_draw_it_without_a_script():
    drawn = ET.fromstring(to_mathml(r"\frac{\sum x y}{\sum x^2}", block=True))
    assert drawn.tag.endswith("math")
    assert drawn.attrib["display"] == "block"
    with pytest.raises(MathError):
        to_mathml(r"\nosuchcommand{x}")


def test_when_a_lecture_has_a_generated_header_then_the_page_keeps_its_title_and_the_opening_the_rest(course):
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    page = nbformat.reads(files["topics/01-lines/lecture.ipynb"].decode(), as_version=4)
    assert page.cells[0].source == "# 01 · A line through points"
    assert "files/lecture.ipynb" in page.cells[1].source
    assert "One line, fitted by hand." not in "".join(cell.source for cell in page.cells)
    exercise = nbformat.reads(files["topics/01-lines/reproduce.ipynb"].decode(), as_version=4)
    assert exercise.cells[2].source == "Difficulty 1 of 5."


def test_when_a_lecture_has_numbered_sections_then_the_first_of_them_leads_its_opening():
    cells = [
        new_markdown_cell("# T", metadata={"tags": ["header"]}),
        new_markdown_cell("## How to work\n\nRun it."),
        new_markdown_cell("## 1. Ten lines\n\n- a list\n\nSomebody wrote a digit.\n\nMore."),
    ]
    assert pages.lead_of(cells) == "Somebody wrote a digit."
    assert pages.lead_of(cells[:2]) == "Run it."
    assert pages.lead_of(cells[:1]) == ""


GUIDES = sorted((Path(__file__).parents[1] / "book").glob("**/*.md"))


@pytest.mark.parametrize(
    "guide", [path for path in GUIDES if "_build" not in path.parts], ids=lambda p: p.stem
)
def test_when_a_guide_names_a_command_or_imports_a_name_then_it_exists(guide):
    from foursteps.cli import app

    text = guide.read_text("utf-8")
    commands = typer.main.get_command(app).commands
    for command in re.findall(r"(?:^|`)foursteps ([\w-]+)", text, re.MULTILINE):
        assert command in commands
    for module, names in re.findall(r"^from (foursteps[\w.]*) import ([\w, ]+)$", text, re.MULTILINE):
        for name in names.split(", "):
            assert hasattr(importlib.import_module(module), name)
    makefile = (Path(__file__).parents[1] / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:^|`)make (\w+)", text, re.MULTILINE):
        assert f"\n{target}:" in makefile
