"""How nbgrader reads what was handed in: by our own reading, in the place of nbconvert's.

By itself, because nbconvert takes a while to import, and only nbgrader's own commands need it.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook

from foursteps.grade.submission import read_submission


class SubmissionExporter(NotebookExporter):
    """nbgrader's exporter for autograding, with our reading of what was handed in."""

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any) -> tuple[Any, dict]:
        """Convert a notebook; who calls: nbgrader, once to sanitize it and once to grade it."""
        if not getattr(self.parent, "_sanitizing", True):
            return super().from_filename(filename, resources=resources, **kw)
        path = Path(filename)
        notebook, notes = read_submission(path)
        said = {"repairs": notes, "unreadable": notebook is None}
        notebook = notebook or new_notebook()
        notebook.metadata["foursteps"] = said
        modified = datetime.fromtimestamp(os.path.getmtime(path))
        resources = {
            **(resources or {}),
            "metadata": {
                "name": path.stem,
                "path": str(path.parent),
                "modified_date": f"{modified:%B %d, %Y}",
            },
        }
        return self.from_notebook_node(notebook, resources=resources, **kw)
