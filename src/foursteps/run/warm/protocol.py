"""The messages between a warm child and the side that trusts nothing it says.

A frame is four bytes of length, big-endian, and that many bytes of JSON. Nothing else is ever read from a
child: no pickle, no code.
"""

import json
import struct
from collections.abc import Iterator
from typing import Any

HEAD = struct.Struct("!I")
DEEPEST = 100
"""Levels of a message: what copies, checks and writes a notebook later goes down them by recursion."""


PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
"""A kernel's sockets, in the order in which their descriptors are handed over."""


class Malformed(Exception):
    """Bytes that are no frame, or a frame that is no message."""


class TooMuch(Exception):
    """More bytes than were allowed."""


def pack(message: dict[str, Any]) -> bytes:
    """`message` as a frame; what JSON cannot say is said by its repr."""
    body = json.dumps(message, default=repr, separators=(",", ":")).encode("ascii")
    return HEAD.pack(len(body)) + body


class Frames:
    """Cuts bytes as they arrive into messages, and never holds more than `budget` bytes in all.

    `feed` raises TooMuch as soon as the bytes that arrived, or the length that a frame announces, are more
    than is left, and Malformed for what is no message. A message is a dict whose "t" is a string.
    """

    def __init__(self, budget: int):
        self.left = budget
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Take `data` and give the messages that it completes."""
        self._held += data
        while len(self._held) >= HEAD.size:
            (size,) = HEAD.unpack_from(self._held)
            if size > self.left:
                raise TooMuch
            if len(self._held) < HEAD.size + size:
                return
            body = bytes(self._held[HEAD.size : HEAD.size + size])
            del self._held[: HEAD.size + size]
            self.left -= size
            yield parse(body)

    def spend(self, size: int) -> None:
        """Count `size` bytes that came another way; raises TooMuch."""
        if size > self.left:
            raise TooMuch
        self.left -= size


def parse(body: bytes) -> dict[str, Any]:
    """The message in `body`; raises Malformed."""
    try:
        message = json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _depth(message) > DEEPEST:
        raise Malformed(f"a message is nested at most {DEEPEST} deep")
    if not isinstance(message, dict) or not isinstance(message.get("t"), str):
        raise Malformed("a message is an object with a type")
    if b"\\ud" in body or b"\\uD" in body:
        message = _whole(message)
    return message


def _depth(value: Any) -> int:
    """How many levels of lists and objects `value` has."""
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return depth


def _whole(value: Any) -> Any:
    """`value` without halves of surrogate pairs, which no file could hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value
