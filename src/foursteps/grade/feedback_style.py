"""How a feedback page looks: nbgrader's own, with room around a table's cells, and wide tables scrolled."""

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

CSS = """
.text_cell_render table { display: block; overflow-x: auto; border-collapse: collapse; margin: 0.5em 0; }
.text_cell_render th, .text_cell_render td { padding: 0.25em 0.9em 0.25em 0; text-align: left; }
.text_cell_render th { border-bottom: 1px solid #767676; }
.output_area { overflow-x: auto; }
"""


class FeedbackStyle(Preprocessor):
    """Adds CSS to the styles of a feedback page, after nbconvert has collected them."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook as it is, and resources with one style more."""
        resources.setdefault("inlining", {}).setdefault("css", []).append(CSS)
        return nb, resources
