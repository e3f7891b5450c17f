"""Building the book: write what changed, run Jupyter Book, look at what came out."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from foursteps import atomic
from foursteps.book import leaks, site
from foursteps.book.assemble import Edition, More, assemble, exercise_pages
from foursteps.book.launch import require_written
from foursteps.book.press import Press, forget
from foursteps.course import Course
from foursteps.errors import BookError
from foursteps.run.provenance import Provenance, packages_hash


@dataclass(frozen=True)
class BookReport:
    """What a build did: where the book is, what was rewritten, how long it took, what it still lacks."""

    html: Path
    pages: int
    changed: tuple[str, ...]
    seconds: float
    figures_without_alt: tuple[str, ...]

    @property
    def index(self) -> Path:
        """The page to open in a browser."""
        return self.html / "index.html"


def build(
    course: Course,
    executed: Mapping[str, NotebookNode],
    out: Path | None = None,
    provenance: Mapping[str, Provenance] | None = None,
    edition: Edition = "learner",
    more: Mapping[str, More] | None = None,
) -> BookReport:
    """Build the book of `course` from its executed lectures, by topic name, and the stamps of their runs.

    Nothing is executed and nothing is fetched. `out` (default: the course's `book/`) gets `_build/src`, the
    sources, of which only changed files are rewritten, and `_build/html`, the site. Two builds must not
    share `out` at the same time.

    more : by topic and claim, what further seeds gave where the printed run alone raises an alarm.

    The instructor's edition has solutions and graders in it, and a folder of its own, `_build/instructor`.

    Raises BookError for a lecture that failed, was not run or is of another source, for launch files that
    are not up to date, for any warning of Jupyter Book, for a broken link, and for a solution, key or grader
    found in the site, which is then removed.
    """
    started = time.monotonic()
    out = Path(out or course.root / "book").resolve()
    if edition == "instructor":
        out = out / "_build" / "instructor"
    source, html = out / "_build" / "src", out / "_build" / "html"
    require_written(course)
    built, made_by = out / "_build" / "built", packages_hash()
    as_it_was = built.is_file() and built.read_text("utf-8") == made_by and html.is_dir()
    with Press(out) as press:
        files, bare = assemble(course, executed, provenance, edition, more)
        learner = edition == "learner"  # the other edition has no secret
        secret = leaks.secrets(course, exercise_pages(course)) if learner else ()
        private = leaks.PrivateFiles(course) if learner else None
        built.unlink(missing_ok=True)  # until this build has ended well, there is none to rely on
        changed, gone = write_changed(source, files)
        if gone:
            # Sphinx leaves the pages of sources that are no more.
            shutil.rmtree(html, ignore_errors=True)
            forget(out)
        leaks.refuse(leaks.search(source, secret, private))
        if changed or gone or not as_it_was:
            press.print(source)
    if found := leaks.search(html, secret, private):
        shutil.rmtree(html)
        leaks.refuse(found)
    try:
        site.refuse(site.faults(html, kept=out / "_build" / "pages.json"))
    except BookError:
        forget(out)
        raise
    atomic.write_text(built, made_by)
    return BookReport(
        html=html,
        pages=sum(1 for page in html.rglob("*.html") if "_static" not in page.parts),
        changed=changed,
        seconds=time.monotonic() - started,
        figures_without_alt=bare,
    )


def write_changed(folder: Path, files: Mapping[str, bytes]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Make `folder` hold exactly `files`, touching only what differs; gives (written, removed) paths."""
    changed = []
    for name, data in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            atomic.write_bytes(path, data)
            changed.append(name)
    there = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    gone = sorted(set(there) - set(files))
    for name in gone:
        (folder / name).unlink()
    return tuple(sorted(changed)), tuple(gone)
