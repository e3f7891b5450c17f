"""The messages of a kernel, taken into a notebook's cells the way nbclient does, trusting none of them."""

from collections import deque
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output

from foursteps.run.warm.protocol import Malformed

MAX_SHOWN = 50
"""Outputs that one update can change: without a bound, a notebook could keep this side busy for hours."""
WIDGETS = "application/vnd.jupyter.widget-state+json"


class Outputs:
    """Takes the messages of one run; `cells` are the notebook's cells that ran, by any key."""

    def __init__(self) -> None:
        self._cell = NotebookNode()
        self._clear_next = False
        self._shown: dict[str, deque[NotebookNode]] = {}
        self._widgets: dict[str, dict[str, Any]] = {}

    def begin(self, cell: NotebookNode) -> None:
        """What arrives from now on belongs to `cell`."""
        cell.outputs, cell.execution_count = [], None
        self._cell, self._clear_next = cell, False

    def take(self, message: dict[str, Any]) -> None:
        """Take one message; raises Malformed for one that is not as a kernel's are."""
        kind = message["t"]
        if kind == "clear_output":
            self._clear_next = bool(message.get("wait"))
            if not self._clear_next:
                self._cell.outputs = []
        elif kind == "update_display_data":
            self._update(_text(message.get("id")), message)
        elif kind.startswith("comm_"):
            self._comm(message)
        else:
            self._add(_output(kind, message))
            if isinstance(message.get("id"), str) and kind in ("display_data", "execute_result"):
                self._update(message["id"], message)
                shown = self._shown.setdefault(message["id"], deque(maxlen=MAX_SHOWN))
                shown.append(self._cell.outputs[-1])

    def stream(self, name: str, text: str) -> None:
        """Take text that came by a file descriptor."""
        if text:
            self._add(new_output("stream", name=name, text=text))

    def end(self, count: int | None) -> None:
        """The cell is over: its streams become one each, as a terminal would show them."""
        self._cell.execution_count = count
        self._cell.outputs = tidy(self._cell.outputs)

    def widgets(self) -> dict[str, Any]:
        """The notebook metadata that keeps the state of its widgets; empty without any."""
        state = {
            key: {
                "model_name": value.get("_model_name"),
                "model_module": value.get("_model_module"),
                "model_module_version": value.get("_model_module_version"),
                "state": value,
            }
            for key, value in self._widgets.items()
            if "_model_name" in value
        }
        return {WIDGETS: {"state": state, "version_major": 2, "version_minor": 0}} if state else {}

    def _add(self, output: NotebookNode) -> None:
        if self._clear_next:
            self._cell.outputs, self._clear_next = [], False
        last = self._cell.outputs[-1] if self._cell.outputs else None
        if last and last.output_type == output.output_type == "stream" and last.name == output.name:
            # A list, joined at the end: a string that grows by a line a message would be copied each time.
            last.setdefault("parts", [last.text]).append(output.text)
        else:
            self._cell.outputs.append(output)

    def _update(self, display_id: str, message: dict[str, Any]) -> None:
        # One copy for all of them: a large update of many outputs would fill the memory of this side.
        data, metadata = from_dict(_bundle(message)), from_dict(_metadata(message))
        for output in self._shown.get(display_id, ()):
            output.data, output.metadata = data, metadata

    def _comm(self, message: dict[str, Any]) -> None:
        data = message.get("data")
        if isinstance(data, dict) and isinstance(data.get("state"), dict):
            self._widgets.setdefault(_text(message.get("id")), {}).update(data["state"])


def tidy(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Streams of one name joined where the first stood, stdout before stderr, \\r carried out."""
    kept: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        if output.output_type != "stream":
            kept.append(output)
            continue
        output.text = "".join(output.pop("parts", [output.text]))
        if output.name in streams:
            streams[output.name].text += output.text
        else:
            streams[output.name] = output
            kept.append(output)
    for output in streams.values():
        output.text = overwritten(output.text)
    for here in range(len(kept) - 1):
        if kept[here].get("name") == "stderr" and kept[here + 1].get("name") == "stdout":
            kept[here], kept[here + 1] = kept[here + 1], kept[here]
    return kept


def overwritten(text: str) -> str:
    """`text` as a terminal leaves it: of each line, what stands behind the last \\r that something follows.

    The same as nbclient's, whose regular expression takes hours for one long line.
    """
    return "\n".join(line[line.rfind("\r", 0, -1) + 1 :] for line in text.split("\n"))


def _output(kind: str, message: dict[str, Any]) -> NotebookNode:
    if kind == "stream":
        if message.get("name") not in ("stdout", "stderr"):
            raise Malformed("a stream is stdout or stderr")
        return new_output("stream", name=message["name"], text=_text(message.get("text")))
    if kind == "error":
        trace = message.get("traceback")
        if not isinstance(trace, list):
            raise Malformed("a traceback is a list of lines")
        return new_output(
            "error",
            ename=_text(message.get("ename")),
            evalue=_text(message.get("evalue")),
            traceback=[_text(line) for line in trace],
        )
    if kind == "display_data":
        return new_output("display_data", data=_bundle(message), metadata=_metadata(message))
    if kind == "execute_result":
        count = message.get("count")
        return new_output(
            "execute_result",
            data=_bundle(message),
            metadata=_metadata(message),
            execution_count=count if _is_count(count) else None,
        )
    raise Malformed(f"no message is called {kind[:40]!r}")


def _bundle(message: dict[str, Any]) -> dict[str, Any]:
    data = message.get("data")
    if not isinstance(data, dict):
        raise Malformed("a display has a bundle of data")
    # Text where the format says text: a number there would make the notebook unreadable for others.
    return {
        mime: value if mime.endswith("json") or isinstance(value, str) else str(value)
        for mime, value in data.items()
    }


def _metadata(message: dict[str, Any]) -> dict[str, Any]:
    metadata = message.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("text is text")
    return value
