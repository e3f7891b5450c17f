"""Nothing of a solution or a grader in the published site: what is secret, and the search for it.

A line is secret when it stands in a solution region and nowhere that is public: not in a lecture, not
around the regions of a solution notebook (its prompts and checks), not in the released `checks.json`. An
exercise's own pages are held to a stricter rule: there, a line that the lecture also shows is secret too.
A cell that a page hides is still in its source, so sources, downloads and archives are searched as well.
"""

import html
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import BookError

MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "=== BEGIN MARK SCHEME")
REGION = re.compile(r"### BEGIN SOLUTION[^\n]*\n(.*?)### END SOLUTION", re.DOTALL)
SHORTEST = 16
"""Shorter lines (`return x`, `plt.show()`) are nobody's secret and would be found everywhere."""

TEXT = {
    ".html",
    ".bib",
    ".md",
    ".txt",
    ".ipynb",
    ".json",
    ".py",
    ".toml",
    ".yml",
    ".svg",
    ".js",
    ".css",
    ".xml",
}


@dataclass(frozen=True)
class Secret:
    """A line that must not be published: its text, where it stands, and the only pages it is looked for on.

    `within` is a piece of a path; empty means the whole site.
    """

    line: str
    place: str
    within: str = ""


@dataclass(frozen=True)
class Finding:
    """A file of the site and what was found in it."""

    file: str
    what: str


def squeeze(text: str) -> str:
    """`text` with each run of white space as one space, so that wrapping and indenting hide nothing."""
    return " ".join(text.split())


def region_lines(source: str) -> list[str]:
    """The lines of a cell's solution regions that are long enough to be recognised; comments are none."""
    lines = (squeeze(line) for region in REGION.findall(source) for line in region.splitlines())
    return [line for line in lines if len(line) >= SHORTEST and not line.startswith("#")]


def outside(source: str) -> str:
    """A cell's source without its solution regions."""
    return REGION.sub("\n", source)


def secrets(course: Course, pages: dict[str, str]) -> tuple[Secret, ...]:
    """The course's secret lines. `pages` gives, for each `topic/exercise`, a piece of its pages' paths."""
    public, regions = [], []
    for topic in course.topics:
        public += [cell.source for cell in nb.read(topic.lecture).cells]
        # The last hint is nearly the code, on purpose: what checks.json says is no secret.
        told = _strings(topic.checks.read_text("utf-8")) if topic.checks.is_file() else ""
        public.append(told)
        for exercise in topic.exercises.values():
            if not exercise.source.is_file():
                continue
            cells = nb.read(exercise.source).cells
            own = squeeze("\n".join([*(outside(cell.source) for cell in cells), told]))
            public.append(own)
            for cell in cells:
                place = f"solutions/{exercise}.ipynb, cell {cell.get('id', '?')}"
                regions += [(line, place, str(exercise), own) for line in region_lines(cell.source)]
    everywhere = squeeze("\n".join(public))
    found = []
    for line, place, name, own in regions:
        if line not in everywhere:
            found.append(Secret(line, place))
        elif line not in own and name in pages:
            found.append(Secret(line, place, pages[name]))
    return tuple(dict.fromkeys(found))


class PrivateFiles:
    """The files that must not be published: solutions, graders, keys, and what a class has handed in.

    They are known by their content, whatever their name; and only those are read that are as long as the file
    that is asked about, for a class keeps thousands of pictures.
    """

    def __init__(self, course: Course) -> None:
        self._root = course.root
        self._private = _by_size(course.root, ("solutions", "graders", "class"))
        # An exercise handed in untouched is still the public one.
        self._public = _by_size(course.root, ("exercises", "lectures"))

    def same_as(self, data: bytes) -> str | None:
        """The private file that `data` is, by its path below the course; None where there is none."""
        alike = [path for path in self._private.get(len(data), ()) if path.read_bytes() == data]
        if not alike or any(path.read_bytes() == data for path in self._public.get(len(data), ())):
            return None
        return alike[0].relative_to(self._root).as_posix()


def _by_size(root: Path, folders: Iterable[str]) -> dict[int, list[Path]]:
    """The files below `folders` that are not empty, by their size in bytes."""
    sizes: dict[int, list[Path]] = {}
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if "__pycache__" not in path.parts and path.is_file() and (size := path.stat().st_size):
                sizes.setdefault(size, []).append(path)
    return sizes


def search(site: Path, secret: Iterable[Secret], private: PrivateFiles | None = None) -> tuple[Finding, ...]:
    """What of `secret` and `private` is in the folder `site`, its archives included."""
    secret = tuple(secret)
    found = []
    for name, data in _files(site):
        if other := private and private.same_as(data):
            found.append(Finding(name, f"the whole of {other}"))
            continue
        if PurePosixPath(name).suffix not in TEXT:
            continue
        text = readable(name, data)
        found += [Finding(name, f"the marker `{marker}`") for marker in MARKERS if marker in text]
        found += [
            Finding(name, f"a line of {one.place}: `{one.line}`")
            for one in secret
            if one.within in name and one.line in text
        ]
    return tuple(found)


def refuse(found: Iterable[Finding]) -> None:
    """BookError on the first finding, saying how many more there are."""
    found = tuple(found)
    if not found:
        return
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    raise BookError(
        found[0].file,
        expected="a page without a solution, a key or a grader",
        found=found[0].what + more,
        mend="Release the exercise again (`foursteps release`), or take the line out of the page.",
    )


def readable(name: str, data: bytes) -> str:
    """What a reader of the file can see: HTML without tags, notebooks without JSON's escapes; squeezed."""
    text = data.decode("utf-8", "replace")
    suffix = PurePosixPath(name).suffix
    if suffix in (".html", ".svg"):
        # Highlighting puts tags between the words of a line; comments and scripts stay in the text.
        text = html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text))
    elif suffix in (".ipynb", ".json"):
        text = _strings(text)
    return squeeze(text)


def _strings(text: str) -> str:
    """Every string of a JSON text, lists of lines joined; the text itself when it is no JSON."""
    try:
        value = json.loads(text)
    except ValueError:
        return text

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    return "\n".join(walk(value))


def _files(site: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of `site` and of the archives in it, by its path."""
    for path in sorted(site.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(site).as_posix()
        yield name, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for inner in archive.namelist():
                    yield f"{name}/{inner}", archive.read(inner)
