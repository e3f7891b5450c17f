"""What a notebook may show to the person who marks it: text and pictures, nothing that acts. Pure.

The formgrader and the feedback page show Markdown and outputs as they are; what was handed in stays as it was
in the folder of submissions.
"""

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from nbformat import NotebookNode
from nbformat.v4 import new_output

SAFE_OUTPUT = {"text/plain", "image/png", "image/jpeg", "image/gif"}
MAX_TEXT = 20_000
MAX_OUTPUTS = 100
MAX_PICTURE = 4 * 2**20
MAX_FORMULAS = 100
"""What renders Markdown takes time in the square of these."""
TAG = re.compile(r"<(?=[A-Za-z/!?])")
ACTS = re.compile(r"(?i)\\(?=(href|url|require|class|style|cssId|html)\b)")
SCHEME = re.compile(r"(?i)(javascript|vbscript)(\s*):")

TAGS = frozenset(
    [
        "p",
        "a",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "em",
        "strong",
        "del",
        "mark",
        "ins",
        "sub",
        "sup",
        "code",
        "pre",
        "blockquote",
        "hr",
        "br",
        "img",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "span",
        "section",
    ]
)
ATTRIBUTES = frozenset(["href", "src", "alt", "title", "id", "class", "style", "start"])
STYLE = re.compile(r"\s*text-align:\s*(left|right|center);?\s*")
PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")


def tame(cell: NotebookNode) -> None:
    """Leave in a learner's cell only what cannot act in a browser; long text is cut. In place."""
    if cell.cell_type == "code":
        left_out = len(cell.outputs) - MAX_OUTPUTS
        cell.outputs = [_tame_output(output) for output in cell.outputs[:MAX_OUTPUTS]]
        if left_out > 0:
            cell.outputs.append(new_output("stream", text=f"… {left_out:,} more outputs were left out."))
        return
    cell.source = ACTS.sub("", TAG.sub("&lt;", cut(cell.source)))
    cell.source = SCHEME.sub("\\1\\2\N{RATIO}", cell.source)
    if not is_inert(cell):
        cell.source = _as_code(cell.source)
    if not is_inert(cell):
        cell.source = "(This text cannot be shown here; it is in the notebook as it was handed in.)"


def is_inert(cell: NotebookNode) -> bool:
    """Whether a Markdown cell renders, to nothing but TAGS with harmless addresses."""
    pictures = cell.get("attachments")
    return _is_inert(cell.source, pictures) if pictures else _is_inert_alone(cell.source)


@lru_cache(maxsize=256)  # in a class the same notice stands on top of many notebooks
def _is_inert_alone(source: str) -> bool:
    return _is_inert(source, {})


def _is_inert(source: str, attachments: dict[str, Any]) -> bool:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    if source.count("\\begin") > MAX_FORMULAS:
        return False
    renderer = IPythonRenderer(escape=False, attachments=attachments)
    try:
        page = MarkdownWithMath(renderer=renderer).render(source)
    except Exception:  # whatever it stumbles over, the page would stumble over too
        return False
    look = _Look()
    look.feed(page)
    look.close()
    return look.harmless


class _Look(HTMLParser):
    """Reads a page; afterwards `harmless` says whether nothing in it can act."""

    def __init__(self) -> None:
        super().__init__()
        self.harmless = True

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.harmless &= tag in TAGS and all(_harmless(name, value or "") for name, value in attributes)

    def handle_comment(self, data: str) -> None:
        self.harmless = False

    def handle_decl(self, decl: str) -> None:
        self.harmless = False

    def handle_pi(self, data: str) -> None:
        self.harmless = False

    def unknown_decl(self, data: str) -> None:
        self.harmless = False


def _harmless(name: str, value: str) -> bool:
    if name == "style":
        return bool(STYLE.fullmatch(value))
    if name not in ("href", "src"):
        return name in ATTRIBUTES
    if name == "src" and PICTURE.fullmatch(value):
        return True
    try:
        # As a browser reads it: no control characters, no space around it.
        scheme = urlsplit(re.sub(r"[\x00-\x20]", "", value)).scheme
    except ValueError:
        return False
    return scheme in ("", "http", "https", *(["mailto"] if name == "href" else []))


def _as_code(text: str) -> str:
    """`text` as a block of code in Markdown, which shows it as it stands."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _tame_output(output: NotebookNode) -> NotebookNode:
    if output.output_type == "stream":
        output.text = cut(output.text)
    elif output.output_type == "error":
        output.ename, output.evalue = cut(str(output.ename)), cut(str(output.evalue))
        output.traceback = cut("\n".join(map(str, output.traceback))).split("\n")
    else:
        kept = {
            mime: cut(str(data)) if mime == "text/plain" else data
            for mime, data in output.get("data", {}).items()
            if mime in SAFE_OUTPUT and (mime == "text/plain" or _is_picture(data))
        }
        output.data = kept or {"text/plain": "(an output that is not shown here)"}
        output.metadata = {}
    return output


def _is_picture(data: object) -> bool:
    return isinstance(data, str) and len(data) <= MAX_PICTURE and not re.search(r"[^A-Za-z0-9+/=\s]", data)


def cut(text: str, limit: int = MAX_TEXT) -> str:
    """`text`, or its first `limit` characters and a sentence."""
    return (
        text if len(text) <= limit else f"{text[:limit]}\n… {len(text) - limit:,} more characters were cut."
    )


def inert_html(page: str) -> str:
    """HTML of our own making, around a learner's words, in which MathJax looks for no formula."""
    return f'<div class="tex2jax_ignore mathjax_ignore">{page}</div>'
