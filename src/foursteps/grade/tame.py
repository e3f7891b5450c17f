"""What a notebook may show to the person who marks it: text and pictures, nothing that acts. Pure."""

import re

from nbformat import NotebookNode

SAFE_OUTPUT = {"text/plain", "image/png", "image/jpeg", "image/gif"}
MAX_TEXT = 20_000
MAX_PICTURE = 4 * 2**20
TAG = re.compile(r"<(?=[A-Za-z/!?])")
ACTS = re.compile(r"(?i)\\(href|url|require|class|style|cssId|html)\b|(javascript|vbscript)\s*:")


def tame(cell: NotebookNode) -> None:
    """Leave in a learner's cell only what cannot act in a browser; long text is cut. In place.

    The formgrader and the feedback page show Markdown and outputs as they are; what was handed in stays as
    it was in the folder of submissions.
    """
    if cell.cell_type != "code":
        cell.source = TAG.sub("&lt;", cell.source)
        cell.source = ACTS.sub(
            lambda found: found.group().replace("\\", "").replace(":", "&#58;"), cell.source
        )
        return
    cell.outputs = [_tame_output(output) for output in cell.outputs]


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
