"""No solution, key or grader in the site, and nothing broken or foreign on its pages."""

import json
import zipfile

import pytest
from book_course import SECRET, SHARED, TOPIC, as_run, lecture, write_course
from hypothesis import given
from hypothesis import strategies as st

from foursteps.book import leaks, site
from foursteps.book.assemble import assemble, exercise_pages
from foursteps.book.build import write_changed
from foursteps.errors import BookError


@pytest.fixture
def course(tmp_path):
    return write_course(tmp_path / "course")


@pytest.fixture
def secret(course):
    return leaks.secrets(course, exercise_pages(course))


def found(folder, secret, private=None):
    return [(one.file, one.what) for one in leaks.search(folder, secret, private)]


def test_when_a_course_is_assembled_then_nothing_of_its_solutions_is_in_it(course, secret, tmp_path):
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    write_changed(tmp_path / "src", files)
    assert found(tmp_path / "src", secret, leaks.PrivateFiles(course)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", f"<p>{SECRET.replace('*', '<span class=o>*</span>')}</p>"),
        ("a.html", f"<!-- {SECRET} -->"),
        ("_sources/a.md", f"    {SECRET.replace(' = ', '   = ')}"),
        ("a.ipynb", json.dumps({"cells": [{"source": ["x\n", SECRET]}]})),
        ("searchindex.js", f"x({json.dumps(SECRET)})"),
    ],
)
def test_when_a_line_of_a_solution_is_in_a_file_then_it_is_found(secret, tmp_path, name, text):
    path = tmp_path / "site" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    files = {file for file, _ in found(tmp_path / "site", secret)}
    assert files == {name}


def test_when_a_solution_is_in_an_archive_then_it_is_found(course, secret, tmp_path):
    (tmp_path / "site").mkdir()
    with zipfile.ZipFile(tmp_path / "site" / "a.zip", "w") as archive:
        archive.writestr("b.ipynb", (course.root / f"solutions/{TOPIC}/reproduce.ipynb").read_bytes())
    whole = found(tmp_path / "site", secret, leaks.PrivateFiles(course))
    twins = [f"the whole of solutions/{TOPIC}/{name}.ipynb" for name in ("apply_elsewhere", "reproduce")]
    assert [(file, what in twins) for file, what in whole] == [("a.zip/b.ipynb", True)]
    marker = {what for _, what in found(tmp_path / "site", secret)}
    assert "the marker `### BEGIN SOLUTION`" in marker


def test_when_a_graders_file_is_published_then_it_is_found_whatever_its_name(course, tmp_path):
    (tmp_path / "site").mkdir()
    grader = course.root / f"graders/{TOPIC}/reproduce.py"
    (tmp_path / "site" / "picture.png").write_bytes(grader.read_bytes())
    assert found(tmp_path / "site", (), leaks.PrivateFiles(course)) == [
        ("picture.png", f"the whole of graders/{TOPIC}/reproduce.py")
    ]


def test_when_the_lecture_shows_a_line_too_then_it_is_secret_on_the_exercises_pages_only(secret):
    within = {one.within for one in secret if one.line == SHARED}
    assert within == {"01-lines/reproduce", "01-lines/apply-elsewhere"}
    assert {one.within for one in secret if one.line == SECRET} == {""}


@given(st.text(alphabet="ab \n\t", min_size=1))
def test_when_lines_are_wrapped_or_indented_then_they_are_the_same_line(text):
    assert leaks.squeeze(f"  {text}\n") == leaks.squeeze(text)
    assert "  " not in leaks.squeeze(text)


def test_when_something_is_found_then_the_error_says_where_and_how_much_more(secret, tmp_path):
    (tmp_path / "a.md").write_text(f"{SECRET}\n### BEGIN SOLUTION\n")
    with pytest.raises(BookError) as caught:
        leaks.refuse(leaks.search(tmp_path, secret))
    assert caught.value.where == "a.md"
    assert caught.value.found.startswith("the marker `### BEGIN SOLUTION` (and ")


def test_when_only_one_file_changes_then_only_it_is_written_and_what_is_gone_is_removed(tmp_path):
    assert write_changed(tmp_path, {"a": b"1", "b/c": b"2"}) == (("a", "b/c"), ())
    old = (tmp_path / "a").stat().st_mtime_ns
    assert write_changed(tmp_path, {"a": b"1", "b/d": b"3"}) == (("b/d",), ("b/c",))
    assert (tmp_path / "a").stat().st_mtime_ns == old
    assert not (tmp_path / "b/c").exists()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<script src="https://cdn.example/a.js"></script>', "loads https://cdn.example/a.js"),
        ('<link rel="stylesheet" href="//cdn.example/a.css">', "loads //cdn.example/a.css"),
        ('<img src="x.png" alt="">', "leads to x.png, which is not there"),
        ('<a href="b.html#no">b</a>', "leads to b.html#no, an anchor that is not there"),
        ('<img src="y.png">', "image without alternative text: y.png"),
        ("<style>@font-face{src:url(https://f.example/f.woff)}</style>", "loads https://f.example/f.woff"),
    ],
)
def test_when_a_page_is_broken_or_loads_from_elsewhere_then_the_fault_is_named(tmp_path, body, fault):
    (tmp_path / "a.html").write_text(body)
    (tmp_path / "b.html").write_text('<h2 id="yes">b</h2>')
    (tmp_path / "y.png").write_bytes(b"y")
    assert ("a.html", fault) in site.faults(tmp_path)


def test_when_a_page_is_longer_than_a_phone_should_wait_for_then_that_is_a_fault(tmp_path):
    (tmp_path / "a.html").write_text("a" * site.LARGEST)
    assert site.faults(tmp_path) == ()
    (tmp_path / "a.html").write_text("a" * (site.LARGEST + 1))
    fault = "1,048,577 bytes without its figures, more than 1,048,576"
    assert site.faults(tmp_path) == (("a.html", fault),)


def test_when_links_lead_somewhere_then_there_is_no_fault(tmp_path):
    text = '<a href="b.html#yes">b</a><a href="https://example.org">out</a><img src="y.png" alt="y">'
    (tmp_path / "a.html").write_text(text)
    (tmp_path / "b.html").write_text('<h2 id="yes">b</h2>')
    (tmp_path / "y.png").write_bytes(b"y")
    assert site.faults(tmp_path) == ()


def test_when_what_pages_say_is_kept_then_only_a_page_that_changed_is_read_and_the_faults_are_the_same(
    tmp_path, monkeypatch
):
    kept, pages = tmp_path / "pages.json", tmp_path / "site"
    pages.mkdir()
    (pages / "a.html").write_text('<a href="b.html#yes">b</a>')
    (pages / "b.html").write_text('<h2 id="yes">b</h2>')
    assert site.faults(pages, kept) == ()
    read, was_read = site.read, []
    monkeypatch.setattr(site, "read", lambda text: was_read.append(text) or read(text))
    assert site.faults(pages, kept) == ()
    assert was_read == []
    (pages / "b.html").write_text('<h2 id="no">b</h2>')
    fault = "leads to b.html#yes, an anchor that is not there"
    assert site.faults(pages, kept) == site.faults(pages) == (("a.html", fault),)
    assert was_read[0] == '<h2 id="no">b</h2>'
    kept.write_text("{damaged")
    assert site.faults(pages, kept) == (("a.html", fault),)
