"""Which pages of a built book say something else than they did in an earlier one."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bs4 import BeautifulSoup

from foursteps.errors import BookError

Kind = Literal["new", "gone", "changed"]
WITHOUT = "script, style, .prev-next-footer, .headerlink"
"""What of an article is not its content."""


@dataclass(frozen=True)
class Change:
    """A page that is new, gone, or reads otherwise: its path below the site, and its title."""

    page: str
    title: str
    kind: Kind


def changes(before: Path, after: Path) -> tuple[Change, ...]:
    """The pages of the site `after` that differ from those of `before` in text, figures or code, by path.

    Menus, the theme and the order of the pages do not count.

    Raises BookError when either folder is no built book.
    """
    earlier, later = _pages(before), _pages(after)
    found = []
    for page in sorted(set(earlier) | set(later)):
        title, digest = later.get(page) or earlier[page]
        if page not in earlier:
            found.append(Change(page, title, "new"))
        elif page not in later:
            found.append(Change(page, title, "gone"))
        elif digest != earlier[page][1]:
            found.append(Change(page, title, "changed"))
    return tuple(found)


def markdown(found: tuple[Change, ...]) -> str:
    """The changes as a list for a job's summary."""
    if not found:
        return "No page of the book reads otherwise.\n"
    pages = "1 page" if len(found) == 1 else f"{len(found)} pages"
    lines = [f"- {change.title} (`{change.page}`): {change.kind}" for change in found]
    return "\n".join([f"{pages} of the book changed:", "", *lines]) + "\n"


def _pages(site: Path) -> dict[str, tuple[str, str]]:
    """Title and digest of every page's article, by path."""
    if not (site / "index.html").is_file():
        raise BookError(
            site,
            expected="a built book, with index.html",
            found="none",
            mend="Give the folder that `foursteps book` built.",
        )
    found = {}
    for path in site.rglob("*.html"):
        name = path.relative_to(site)
        if "_static" in name.parts or name.name in ("genindex.html", "search.html"):
            continue
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        article = soup.select_one("article")
        if article is None:
            continue  # a page that only leads on to another
        for part in article.select(WITHOUT):
            part.decompose()
        images = [_image(path.parent / str(image["src"])) for image in article.select("img[src]")]
        text = " ".join(article.get_text(" ").split())
        digest = hashlib.sha256("\0".join([text, *images]).encode()).hexdigest()
        heading = article.select_one("h1")
        title = " ".join(heading.get_text(" ").split()) if heading else name.as_posix()
        found[name.as_posix()] = (title, digest)
    return found


def _image(path: Path) -> str:
    """A digest of a picture; its address where it is none of the site's files."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else path.name
