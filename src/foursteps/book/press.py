"""Jupyter Book in a process of its own. Started early, it reads its libraries while sources are written."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from foursteps import atomic
from foursteps.errors import BookError

WARNING = re.compile(r"^(?P<where>\S[^\n]*?)?:? ?(?:WARNING|ERROR|CRITICAL): (?P<what>[^\n]+)", re.MULTILINE)
WAITING = """
import json, sys
import jupyter_book.sphinx, myst_nb.sphinx_ext, sphinx.builders.html, sphinx_book_theme, sphinxcontrib.bibtex
from jupyter_book.cli.main import main
main(json.loads(sys.stdin.readline()))
"""
"""Two fifths of a build after one edited page are imports, which need no page."""


class Press:
    """A build of Jupyter Book that waits for its sources; left unused, it is ended.

        with Press(out) as press:
            ...  # write the sources
            press.print(source)

    out : gets `_build/<builder>`, and `_build/build.log`.
    """

    def __init__(self, out: Path) -> None:
        self.out = out

    def __enter__(self) -> "Press":
        env = os.environ | {"PYTHONWARNINGS": "ignore", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", WAITING],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=env,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def print(self, source: Path, builder: str = "html") -> None:
        """Build the sources in the folder `source`, once; BookError on a warning, with its page."""
        words = ["build", str(source), "--path-output", str(self.out)]
        words += ["-W", "-n", "--keep-going", "--builder", builder]
        said = re.sub(r"\x1b\[[0-9;]*m", "", "".join(self._process.communicate(json.dumps(words) + "\n")))
        log = self.out / "_build" / "build.log"
        atomic.write_text(log, said)
        if self._process.returncode == 0 and (self.out / "_build" / builder / "index.html").is_file():
            return
        # Sphinx does not warn again of a page that it has read: forget, or the next build would pass.
        forget(self.out)
        warnings = [
            f"{(match['where'] or '').removeprefix(f'{source}/')}: {match['what']}".removeprefix(": ")
            for match in WARNING.finditer(said)
        ]
        tail = [line for line in said.splitlines() if line.strip("= ")][-1:] or ["nothing"]
        raise BookError(
            log,
            expected="a book without a warning",
            found="; ".join(dict.fromkeys(warnings[:5])) or tail[0],
            mend="Correct the page named; the log has the rest.",
        )


def forget(out: Path) -> None:
    """Make the next build read every page again."""
    shutil.rmtree(out / "_build" / ".doctrees", ignore_errors=True)
