"""The book's sources, read by version 2 of Jupyter Book, which the course does not use yet.

Version 2 fetches its theme from the network while it builds, so it gets one here that shows nothing: all
pages are read and checked, strictly, and no site comes of it. It has to be installed apart: both versions are
called jupyter-book.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import yaml

from foursteps.errors import BookError

THEME = {
    "jtex": "v1",
    "title": "Nothing",
    "description": "The pages are checked, and not shown.",
    "license": "MIT",
}
SECONDS = 300
FINDING = re.compile(r"^(?:⛔|⚠)\ufe0f? +(?P<said>.+)$", re.MULTILINE)
PASSED_OVER = re.compile(
    r"unexpected option \"(gutter|link-type|class-container|style)\""  # version 1 asks for them, 2 needs none
    r"|Link for \"https?://"  # whether other hosts answer today says nothing of the sources
)


def lint(source: Path, jupyter_book: Path) -> int:
    """Let `jupyter_book`, version 2's command, read the sources in `source` strictly; gives the pages read.

    Raises BookError with the first findings, or when the command is not there or is of another version.
    """
    with tempfile.TemporaryDirectory(prefix="foursteps-") as scratch:
        copy = Path(scratch) / "src"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("_toc.yml", "_config.yml", "_build"))
        (copy / "_theme").mkdir(exist_ok=True)
        (copy / "_theme" / "template.yml").write_text(yaml.safe_dump(THEME), "utf-8")
        settings = yaml.safe_load((copy / "myst.yml").read_text("utf-8"))
        settings["site"]["template"] = "./_theme"
        (copy / "myst.yml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
        command = [str(jupyter_book.absolute()), "book", "build", "--site", "--strict", "--check-links"]
        said = _run(command, copy)
    read = re.search(r"Built (\d+) pages", said)
    found = findings(said)
    if found or not read:
        last = (said.strip().splitlines() or ["nothing"])[-1]
        raise BookError(
            source / "myst.yml",
            expected="sources that version 2 of Jupyter Book reads without a warning",
            found="; ".join(found[:5]) or last,
            mend="Keep to what both versions read; `make myst` shows all of it.",
        )
    return int(read[1])


def findings(said: str) -> list[str]:
    """What version 2 complains of in its output, each once, without what is passed over.

    Its own exit code counts fewer: not a directive that it does not know.
    """
    found = dict.fromkeys(match["said"].strip() for match in FINDING.finditer(said))
    return [one for one in found if not PASSED_OVER.search(one)]


def _run(command: list[str], folder: Path) -> str:
    try:
        run = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            env=os.environ | {"NO_COLOR": "1"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BookError(
            command[0],
            expected="the command `jupyter` of an environment with jupyter-book 2",
            found=str(error),
            mend="Run `make myst`, which makes that environment.",
        ) from None
    return re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
