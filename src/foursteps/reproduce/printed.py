"""The form of a lecture that the book prints: its notebook, and its piece as one more cell.

`lectures/<topic>/piece.py` is what moves on the lecture's page. It runs in the lecture's own kernel, after
everything else, and uses the lecture's own names; so what moves was measured by the code above it. The
lecture's notebook knows nothing of it. With the notebook's own parameters a lecture always runs in this form:
the run whose claims are checked is the run that is printed.

The file's docstring is what the page says before the figure: a title, an empty line, Markdown. It is no part
of the cell, so that a sentence can be mended without a run.
"""

import ast

import nbformat
from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.course import Topic
from foursteps.errors import BookError

MIME = "application/vnd.foursteps.piece+json"
CELL = "piece"
SHOW = f'\n\nfrom IPython.display import display\n\ndisplay({{"{MIME}": piece}}, raw=True)\n'


def with_piece(topic: Topic) -> NotebookNode:
    """The topic's lecture, with its piece as a last cell where it has one: what is run and printed."""
    lecture = nb.read(topic.lecture)
    if topic.piece.is_file():
        _, code = parts(topic)
        cell = nbformat.v4.new_code_cell(code + SHOW, id=CELL, metadata={"tags": ["hide-input"]})
        lecture.cells.append(cell)
        lecture.nbformat_minor = max(lecture.nbformat_minor, 5)
    return lecture


def parts(topic: Topic) -> tuple[str, str]:
    """The two halves of a topic's piece.py: what the page says, and the code of the cell.

    Raises BookError for a file that is no Python, or has no docstring of a title and a text.
    """
    source = topic.piece.read_text("utf-8")
    tree = nb.syntax_tree(source, topic.piece)
    said = ast.get_docstring(tree) or ""
    title, _, about = said.partition("\n\n")
    if not about.strip() or "\n" in title:
        raise BookError(
            topic.piece,
            expected="a docstring: a title, an empty line, and what to try",
            found="none" if not said else "no text after the title",
            mend="Begin the file with one.",
        )
    end = tree.body[0].end_lineno or 0
    return f"{title}\n\n{about.strip()}", "\n".join(source.splitlines()[end:]).strip()
