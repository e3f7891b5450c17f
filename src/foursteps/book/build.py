"""Building the book: write what changed, run Jupyter Book, look at what came out."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from foursteps import atomic
from foursteps.book import leaks, site
from foursteps.book.assemble import Edition, assemble, exercise_pages
from foursteps.book.launch import require_written
from foursteps.course import Course
from foursteps.errors import BookError
from foursteps.run.provenance import Provenance, packages_hash

JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
WARNING = re.compile(r"^(?P<where>\S[^\n]*?)?:? ?(?:WARNING|ERROR|CRITICAL): (?P<what>[^\n]+)", re.MULTILINE)


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
) -> BookReport:
    """Build the book of `course` from its executed lectures, by topic name, and the stamps of their runs.

    Nothing is executed and nothing is fetched. `out` (default: the course's `book/`) gets `_build/src`, the
    sources, of which only changed files are rewritten, and `_build/html`, the site. Two builds must not
    share `out` at the same time.

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
    files, bare = assemble(course, executed, provenance, edition)
    learner = edition == "learner"  # the other edition has no secret
    secret = leaks.secrets(course, exercise_pages(course)) if learner else ()
    private = leaks.PrivateFiles(course) if learner else None
    built, made_by = out / "_build" / "built", packages_hash()
    as_it_was = built.is_file() and built.read_text("utf-8") == made_by and html.is_dir()
    built.unlink(missing_ok=True)  # until this build has ended well, there is none to rely on
    changed, gone = write_changed(source, files)
    if gone:
        # Sphinx leaves the pages of sources that are no more.
        shutil.rmtree(html, ignore_errors=True)
        _forget(out)
    leaks.refuse(leaks.search(source, secret, private))
    if changed or gone or not as_it_was:
        jupyter_book(source, out)
    if found := leaks.search(html, secret, private):
        shutil.rmtree(html)
        leaks.refuse(found)
    try:
        site.refuse(site.faults(html, kept=out / "_build" / "pages.json"))
    except BookError:
        _forget(out)
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


def jupyter_book(source: Path, out: Path, builder: str = "html") -> None:
    """Run Jupyter Book on `source`, into `out/_build/<builder>`; a warning is an error, with its page."""
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(source), "--path-output", str(out)]
    command += ["-W", "-n", "--keep-going", "--builder", builder]
    env = os.environ | {"PYTHONWARNINGS": "ignore", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", env=env)
    said = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
    atomic.write_text(out / "_build" / "build.log", said)
    if run.returncode == 0 and (out / "_build" / builder / "index.html").is_file():
        return
    # Sphinx does not warn again of a page that it has read: forget, or the next build would pass.
    _forget(out)
    warnings = [
        f"{(match['where'] or '').removeprefix(f'{source}/')}: {match['what']}".removeprefix(": ")
        for match in WARNING.finditer(said)
    ]
    tail = [line for line in said.splitlines() if line.strip("= ")][-1:] or ["nothing"]
    raise BookError(
        out / "_build" / "build.log",
        expected="a book without a warning",
        found="; ".join(dict.fromkeys(warnings[:5])) or tail[0],
        mend="Correct the page named; the log has the rest.",
    )


def _forget(out: Path) -> None:
    """Make the next build read every page again."""
    shutil.rmtree(out / "_build" / ".doctrees", ignore_errors=True)
