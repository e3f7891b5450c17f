"""Version 2 of Jupyter Book reads the same sources, where it is installed apart."""

import os
from pathlib import Path

import pytest
from book_course import TOPIC, as_run, lecture, write_course

from foursteps.book import version2
from foursteps.book.assemble import assemble
from foursteps.book.build import write_changed
from foursteps.errors import BookError

ROOT = Path(__file__).parents[1]
APART = Path(os.environ.get("FOURSTEPS_JUPYTER_BOOK_2", ROOT / ".venv-myst" / "bin" / "jupyter"))


@pytest.fixture
def sources(tmp_path):
    course = write_course(tmp_path / "course")
    for path in [
        *(ROOT / "book" / "guides").glob("*.md"),
        ROOT / "book/index.md",
        ROOT / "book/references.bib",
    ]:
        target = course.root / "book" / path.relative_to(ROOT / "book")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    files, _ = assemble(course, {TOPIC: as_run(lecture())})
    write_changed(tmp_path / "src", files)
    return tmp_path / "src"


def test_when_version_2_complains_then_each_finding_is_told_once_without_what_both_versions_bear():
    said = """📖 Built index.md in 1 s.
⚠️  index.md:9 unexpected option "gutter" provided (in grid)
⛔️ guides/learner.md:164 unknown directive: nodirective
⛔️ guides/learner.md:164 unknown directive: nodirective
⛔️ guides/author.md:3 Link for "https://example.org" did not resolve.
⚠️  index.md:12 unexpected option "colour" provided (in grid)
  - ⛔ Link for "nowhere.md" did not resolve.
"""
    assert version2.findings(said) == [
        "guides/learner.md:164 unknown directive: nodirective",
        'index.md:12 unexpected option "colour" provided (in grid)',
    ]


def test_when_version_2_is_not_there_then_the_error_says_how_to_get_it(sources, tmp_path):
    with pytest.raises(BookError, match=r"expected the command `jupyter` of .* Run `make myst`"):
        version2.lint(sources, tmp_path / "no-such-jupyter")


def test_when_the_command_is_named_from_here_then_it_is_found_there(sources, monkeypatch):
    monkeypatch.chdir("/")
    with pytest.raises(BookError) as caught:  # it was run, and read no page
        version2.lint(sources, Path("bin/true"))
    assert "that version 2 of Jupyter Book reads without a warning" in caught.value.expected


def test_when_what_is_run_reads_no_page_then_it_does_not_pass(sources):
    with pytest.raises(BookError, match="that version 2 of Jupyter Book reads without a warning"):
        version2.lint(sources, Path("/bin/true"))


@pytest.mark.slow
@pytest.mark.skipif(not APART.is_file(), reason="no Jupyter Book 2 here: `make myst` installs it apart")
def test_when_the_sources_are_read_by_version_2_then_only_what_is_broken_is_found(sources):
    assert version2.lint(sources, APART) == len(list(sources.rglob("*.md"))) + 3
    guide = sources / "guides" / "learner.md"
    guide.write_text(f"{guide.read_text('utf-8')}\n[there](nowhere.md)\n\n```{{noway}}\nx\n```\n", "utf-8")
    with pytest.raises(BookError) as caught:
        version2.lint(sources, APART)
    assert "unknown directive: noway" in caught.value.found
    assert 'Link for "nowhere.md" did not resolve' in caught.value.found
