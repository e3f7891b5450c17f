"""A feedback page: nbgrader's own, which needs no other host and leaves room around a table's cells.

Set as nbgrader's exporter, so `nbgrader generate_feedback` writes the same page as `foursteps grade`.
"""

from typing import Any

from jinja2 import DictLoader, Environment, pass_context
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from foursteps.formula import to_mathml

CSS = """
.text_cell_render table { display: block; overflow-x: auto; border-collapse: collapse; margin: 0.5em 0; }
.text_cell_render th, .text_cell_render td { padding: 0.25em 0.9em 0.25em 0; text-align: left; }
.text_cell_render th { border-bottom: 1px solid #767676; }
.output_area { overflow-x: auto; }
"""
HEAD = f"{{% macro mathjax(url='') %}}<style>{CSS}</style>{{% endmacro %}}"
"""nbgrader's template has one hole in its head, the macro that asks another host for MathJax."""


class _Compiled(BytecodeCache):
    """Compiled templates, while this process lives; Jinja asks whether each is still that of its source."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self._code.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = _Compiled()
"""nbgrader makes an exporter for each learner; to compile its templates anew was over half of the time."""


class FeedbackExporter(HTMLExporter):
    """nbgrader's exporter for feedback, with formulas in MathML and styles of ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(extra_loaders=[DictLoader({"mathjax.html.j2": HEAD})], **options)

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = COMPILED
        return environment

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """The filter that the template calls for every Markdown cell, and for comments."""
        attachments = context.get("cell", {}).get("attachments", {})
        renderer = _Renderer(
            escape=False,
            attachments=attachments,
            anchor_link_text=self.anchor_link_text,
            exclude_anchor_links=self.exclude_anchor_links,
        )
        return str(MarkdownWithMath(renderer=renderer).render(source))


class _Renderer(IPythonRenderer):
    def inline_math(self, body: str) -> str:
        return _formula(body, block=False) or super().inline_math(body)

    def block_math(self, body: str) -> str:
        return _formula(body, block=True) or super().block_math(body)

    def latex_environment(self, name: str, body: str) -> str:
        whole = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return _formula(whole, block=True) or super().latex_environment(name, body)


def _formula(tex: str, *, block: bool) -> str:
    """`tex` as MathML; nothing where it cannot be read, since a learner may have written it."""
    try:
        return to_mathml(tex, block=block)
    except Exception:  # whatever it stumbles over: the page then shows what was written
        return ""
