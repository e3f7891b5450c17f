"""nbgrader's own Autograde, with our steps in the places of two of its own."""

import glob
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, SaveAutoGrades
from traitlets.utils.importstring import import_item

from foursteps.errors import GradeError
from foursteps.grade.plain.execute import SavePoints, WarmExecute
from foursteps.grade.plain.reading import PlainExporter
from foursteps.grade.plain.turns import Turns

OURS = {Execute: WarmExecute, SaveAutoGrades: SavePoints}


class PlainAutograde(Autograde):
    """Autograde as the course configures it; runs in `runner`, knows the assignment's notebooks as `known`.

    sandbox : bwrap, external or none. graded_from : a digest of all that the marks come from, kept with them.
    turns : whose turn this is, given to others while a notebook runs.
    Raises GradeError when the course has an Execute of its own, which no sandbox would hold.
    """

    def __init__(
        self,
        *,
        known: Mapping[str, NotebookNode],
        runner: Any,
        sandbox: str,
        graded_from: str,
        turns: Turns,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.known, self.runner, self.sandbox, self.graded_from = known, runner, sandbox, graded_from
        self.turns = turns
        self.force = True  # whether to grade at all was decided before
        steps: list[Any] = [
            import_item(step) if isinstance(step, str) else step
            for step in self.autograde_preprocessors  # type: ignore[has-type]
        ]
        for step in steps:
            foreign = isinstance(step, type) and issubclass(step, Execute) and step is not Execute
            if foreign and sandbox != "none":
                raise GradeError(
                    "nbgrader_config.py",
                    expected="nbgrader's own Execute, in whose place the sandbox stands",
                    found=f"{step.__module__}.{step.__qualname__}",
                    mend="Take it out, or give --sandbox none: then it runs as nbgrader runs it.",
                )
        self.autograde_preprocessors = [OURS.get(step, step) for step in steps]
        if self.exporter_class is NotebookExporter:  # type: ignore[has-type]
            self.exporter_class = PlainExporter

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy what was handed in; who calls: nbgrader. It would follow links, and stop at a pipe."""
        strange = strange_names(Path(self._format_source(assignment_id, student_id)))
        self.coursedir.ignore = [*self.coursedir.ignore, *map(glob.escape, strange)]
        super().init_assignment(assignment_id, student_id)


def strange_names(folder: Path) -> list[str]:
    """The names of what is neither a file nor a folder, anywhere beneath `folder`."""
    found = {
        name
        for place, folders, names in os.walk(folder)
        for name in (*folders, *names)
        if not (stat.S_ISREG(mode := Path(place, name).lstat().st_mode) or stat.S_ISDIR(mode))
    }
    return sorted(found)
