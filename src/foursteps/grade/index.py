"""What the autograded notebooks of a topic say, without reading each of them every time."""

import json
from pathlib import Path
from typing import Any

from foursteps import atomic
from foursteps.course import Course, Topic
from foursteps.grade.sheet import read_autograded


class Index:
    """The metadata `foursteps` of a topic's autograded notebooks, known by each file's size and time.

    A notebook that anything else has written since is read again. The index is no more than a help: without
    it everything is read.
    """

    def __init__(self, course: Course, topic: Topic) -> None:
        self.folder, self.topic = course.workspace / "autograded", topic.name
        self.path = course.workspace / "graded" / f"{topic.name}.json"
        self._changed = False
        self._known: dict[str, Any] = {}
        try:
            known = json.loads(self.path.read_bytes())
            self._known = known if isinstance(known, dict) else {}
        except (OSError, ValueError):
            pass  # there is none yet, or it was damaged from outside

    def said(self, student: str, exercise: str) -> dict[str, Any]:
        """The metadata of one autograded notebook; empty where there is none."""
        path, name = self.file(student, exercise), f"{student}/{exercise}"
        try:
            stat = path.stat()
        except OSError:
            return {}
        known = self._known.get(name)
        if known is None or known[0] != [stat.st_mtime_ns, stat.st_size]:
            known = self._known[name] = [[stat.st_mtime_ns, stat.st_size], read_autograded(path)]
            self._changed = True
        return known[1]

    def file(self, student: str, exercise: str) -> Path:
        """Where an autograded notebook lies."""
        return self.folder / f"{student}/{self.topic}/{exercise}.ipynb"

    def save(self) -> None:
        """Keep what is known."""
        if self._changed:
            atomic.write_text(self.path, json.dumps(self._known), mode=0o600)
            self._changed = False
