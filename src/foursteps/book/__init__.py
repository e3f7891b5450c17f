"""The published book: executed lectures, exercises, claims and guides, built by Jupyter Book, offline."""

from foursteps.book.assemble import Edition
from foursteps.book.build import BookReport, build

__all__ = ["BookReport", "Edition", "build"]
