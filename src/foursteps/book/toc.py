"""The book's one table of contents, and the two forms that the two Jupyter Books want it in. Pure."""

from dataclasses import dataclass, field

import yaml


@dataclass(frozen=True)
class Entry:
    """A page, by its path without a suffix, with the pages under it.

    `title` is what the contents show, where the page's own heading would be too long there.
    """

    page: str
    under: tuple["Entry", ...] = ()
    title: str = ""

    def pages(self) -> list[str]:
        """This page and all under it, in reading order."""
        return [self.page, *(page for entry in self.under for page in entry.pages())]


@dataclass(frozen=True)
class Part:
    """A part of the book: its caption and its pages."""

    caption: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Contents:
    """The landing page and the parts after it."""

    root: str
    parts: tuple[Part, ...] = field(default=())

    def pages(self) -> list[str]:
        """Every page, in reading order."""
        return [self.root, *(page for part in self.parts for entry in part.entries for page in entry.pages())]

    def toc_yml(self) -> str:
        """The text of version 1's `_toc.yml`."""

        def form(entry: Entry) -> dict:
            below = {"sections": [form(child) for child in entry.under]} if entry.under else {}
            named = {"title": entry.title} if entry.title else {}
            return {"file": entry.page, **named, **below}

        return _dump(
            {
                "format": "jb-book",
                "root": self.root,
                "parts": [
                    {"caption": part.caption, "chapters": [form(entry) for entry in part.entries]}
                    for part in self.parts
                ],
            }
        )

    def myst_yml(self, title: str, suffix: dict[str, str]) -> str:
        """The text of version 2's `myst.yml`; `suffix` gives each page's, with its dot."""

        def form(entry: Entry) -> dict:
            below = {"children": [form(child) for child in entry.under]} if entry.under else {}
            named = {"title": entry.title} if entry.title else {}
            return {"file": entry.page + suffix[entry.page], **named, **below}

        parts = [
            {"title": part.caption, "children": [form(entry) for entry in part.entries]}
            for part in self.parts
        ]
        toc = [{"file": self.root + suffix[self.root]}, *parts]
        return _dump({"version": 1, "project": {"title": title, "toc": toc}, "site": {"title": title}})


def _dump(value: dict) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)
