"""Which pages changed between two builds of the book."""

import pytest

from foursteps.book.changes import Change, changes, markdown
from foursteps.errors import BookError


def site(root, **pages):
    """A built site in little: each page an article between a menu and a footer."""
    root.mkdir()
    (root / "figure.png").write_bytes(b"one")
    for name, body in pages.items():
        text = f"<nav>{len(pages)} pages</nav><article><h1>Page {name}</h1>{body}</article>"
        (root / f"{name}.html").write_text(f"<html><body>{text}</body></html>", "utf-8")
    return root


def test_when_text_or_a_figure_changes_then_the_page_is_named_and_menus_do_not_count(tmp_path):
    before = site(tmp_path / "a", index="hi", same="as it was", text="one", figure='<img src="figure.png">')
    after = site(tmp_path / "b", index="hi", same="as it  was", text="two", figure='<img src="figure.png">')
    (after / "figure.png").write_bytes(b"two")
    assert changes(before, after) == (
        Change("figure.html", "Page figure", "changed"),
        Change("text.html", "Page text", "changed"),
    )


def test_when_a_page_comes_or_goes_then_it_is_new_or_gone(tmp_path):
    before, after = site(tmp_path / "a", index="hi", old="x"), site(tmp_path / "b", index="hi", fresh="y")
    assert [(change.page, change.kind) for change in changes(before, after)] == [
        ("fresh.html", "new"),
        ("old.html", "gone"),
    ]


def test_when_nothing_changed_then_the_summary_says_so_and_else_it_lists_the_pages(tmp_path):
    assert markdown(()) == "No page of the book reads otherwise.\n"
    said = markdown((Change("text.html", "Page text", "changed"),))
    assert said == "1 page of the book changed:\n\n- Page text (`text.html`): changed\n"


def test_when_a_folder_is_no_book_then_the_error_says_what_to_give(tmp_path):
    with pytest.raises(BookError, match=r"expected a built book, with index\.html; found none"):
        changes(tmp_path, site(tmp_path / "b", index="hi"))
