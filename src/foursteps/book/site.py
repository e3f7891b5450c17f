"""The built site, looked at without a browser: no broken link or image, nothing loaded from another host."""

import hashlib
import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from foursteps import atomic
from foursteps.errors import BookError
from foursteps.run.modules import code_hash

HERE = Path(__file__)
LOADS = {
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("object", "data"),
    ("embed", "src"),
}
LINKED = {"stylesheet", "preload", "modulepreload", "icon", "shortcut icon", "preconnect", "dns-prefetch"}
LARGEST = 2**20
"""The most bytes of a page, without its figures: what a phone on a slow line waits for."""
SKIPPED_SCHEMES = {"mailto", "data", "javascript", "tel"}


@dataclass(frozen=True)
class Page:
    """What a page loads, where it leads, the anchors it has, and its images without alternative text."""

    loads: tuple[str, ...]
    leads: tuple[str, ...]
    anchors: frozenset[str]
    unnamed_images: tuple[str, ...]


class _Reader(HTMLParser):
    """Gathers what a `Page` holds."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.anchors: set[str] = set()
        self.unnamed_images: list[str] = []
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors.update(filter(None, (values.get("id"), values.get("name") if tag == "a" else None)))
        for name, value in values.items():
            if (tag, name) in LOADS and value:
                self.loads.append(value)
        if tag == "link" and values.get("rel", "").lower() in LINKED:
            self.loads.append(values.get("href", ""))
        if tag == "a" and "href" in values:
            self.leads.append(values["href"])
        if tag == "img" and "alt" not in values:
            self.unnamed_images.append(values.get("src", ""))
        self.loads += re.findall(r"url\(['\"]?([^'\")]+)", values.get("style", ""))
        self._style = tag == "style"

    def handle_data(self, data: str) -> None:
        if self._style:
            self.loads += re.findall(r"url\(['\"]?([^'\")]+)", data)
            self._style = False


def read(text: str) -> Page:
    """What the HTML `text` of a page says."""
    found = _Reader(text)
    return Page(tuple(found.loads), tuple(found.leads), frozenset(found.anchors), tuple(found.unnamed_images))


def faults(site: Path, kept: Path | None = None) -> tuple[tuple[str, str], ...]:
    """(page, fault): loaded from another host, a link or file that is not there, a page too long.

    kept : a file that keeps what each page says, by its content and the code here, so that the next build
        reads only the pages that it changed. It is written anew; without it, or damaged, every page is read.
    """
    known, made_by = _known(kept), code_hash([HERE], HERE.parent)
    pages: dict[Path, Page] = {}
    said: dict[str, Page] = {}
    for path in sorted(site.rglob("*.html")):
        if "_static" in path.relative_to(site).parts:
            continue
        text = path.read_text("utf-8")
        name = hashlib.sha256(f"{made_by}\0{text}".encode()).hexdigest()
        pages[path] = said[name] = known.get(name) or read(text)
    if kept and said != known:
        told = {name: {**vars(page), "anchors": sorted(page.anchors)} for name, page in said.items()}
        atomic.write_text(kept, json.dumps(told))
    found = []
    for path, page in pages.items():
        here = path.relative_to(site).as_posix()
        if (size := path.stat().st_size) > LARGEST:
            found.append((here, f"{size:,} bytes without its figures, more than {LARGEST:,}"))
        for address in page.loads:
            if _elsewhere(address):
                found.append((here, f"loads {address}"))
        for address in [a for a in page.loads + page.leads if not _elsewhere(a)]:
            if fault := _missing(address, path, site, pages):
                found.append((here, fault))
        found += [(here, f"image without alternative text: {image}") for image in page.unnamed_images]
    for sheet in sorted(site.rglob("*.css")):
        for address in re.findall(r"url\(['\"]?([^'\")]+)", sheet.read_text("utf-8", "replace")):
            if _elsewhere(address):
                found.append((sheet.relative_to(site).as_posix(), f"loads {address}"))
    return tuple(dict.fromkeys(found))


def _known(kept: Path | None) -> dict[str, Page]:
    """The pages that the file `kept` holds, by the SHA-256 of their text; none when it cannot be read."""
    if kept is None or not kept.is_file():
        return {}
    try:
        return {
            name: Page(
                tuple(page["loads"]),
                tuple(page["leads"]),
                frozenset(page["anchors"]),
                tuple(page["unnamed_images"]),
            )
            for name, page in json.loads(kept.read_bytes()).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def refuse(found: tuple[tuple[str, str], ...]) -> None:
    """BookError on the first fault, saying how many more there are."""
    if not found:
        return
    page, fault = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    raise BookError(
        page,
        expected="a page whose links and files are all there, on this host",
        found=fault + more,
        mend="Correct the link, or bring the file into the book.",
    )


def _elsewhere(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme in ("http", "https")


def _missing(address: str, path: Path, site: Path, pages: dict[Path, Page]) -> str:
    """What is wrong with a link inside the site; empty when it leads somewhere."""
    parts = urlsplit(address)
    if parts.scheme in SKIPPED_SCHEMES:
        return ""
    target = path
    if parts.path:
        base = site if parts.path.startswith("/") else path.parent
        target = (base / unquote(parts.path).lstrip("/")).resolve()
        if target.is_dir():
            target /= "index.html"
        if not target.is_file():
            return f"leads to {address}, which is not there"
    anchor = unquote(parts.fragment)
    if anchor and target in pages and anchor not in pages[target].anchors:
        return f"leads to {address}, an anchor that is not there"
    return ""
