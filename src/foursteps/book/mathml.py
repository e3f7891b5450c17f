"""A Sphinx extension that writes formulas as MathML; Jupyter Book alone loads MathJax from another host."""

from typing import Any

from docutils.nodes import SkipNode
from docutils.utils.math import MathError
from sphinx.util import logging

from foursteps.formula import to_mathml

logger = logging.getLogger(__name__)


def _formula(translator: Any, node: Any, *, block: bool) -> None:
    try:
        mathml = to_mathml(node.astext(), block=block)
    except MathError as error:
        # A warning fails the build, with the page and the line: better than a page of raw LaTeX.
        logger.warning("formula that MathML cannot say: %s", error, location=node)
        mathml = f"<code>{translator.encode(node.astext())}</code>"
    if block:
        number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
        identity = f' id="equation-{node["label"]}"' if node.get("label") else ""
        translator.body.append(f'<div class="math notranslate"{identity}>{number}{mathml}</div>\n')
    else:
        translator.body.append(f'<span class="math notranslate">{mathml}</span>')


def visit_inline(translator: Any, node: Any) -> None:
    """Write an inline formula and skip its children."""
    _formula(translator, node, block=False)
    raise SkipNode


def visit_block(translator: Any, node: Any) -> None:
    """Write a displayed formula, with its number and anchor, and skip its children."""
    _formula(translator, node, block=True)
    raise SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx: registers the renderer under the name `mathml`."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
