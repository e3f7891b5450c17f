"""`foursteps setup-git`: what a clone is told about notebooks, and how it forgets it again.

Everything is in the clone's own configuration and in `info/attributes` of its git folder. No tracked file is
written, nothing of the user's is changed, and `undo` leaves what was there before.
"""

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from foursteps import atomic
from foursteps.errors import FourstepsError
from foursteps.git.clean import cleaned

NAME = "foursteps-notebook"
HERE = Path(__file__).parent
BEGIN, END = "# foursteps setup-git: notebooks", "# end of foursteps setup-git"
BLOCK = re.compile(rf"^{re.escape(BEGIN)}\n.*?^{re.escape(END)}\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Setup:
    """What was set up: the clone's folder, and the tracked notebooks that were committed with outputs."""

    repository: Path
    with_outputs: tuple[str, ...]


def settings(python: str = sys.executable, here: Path = HERE) -> dict[str, str]:
    """The settings by name. Programs are named by their full path: git runs them without an environment."""

    def run(file: str, *more: str) -> str:
        return " ".join([shlex.quote(python), shlex.quote(str(here / file)), *more])

    return {
        f"filter.{NAME}.clean": run("clean.py"),
        f"diff.{NAME}.command": run("drive.py", "diff", "--ignore-outputs", "--ignore-details"),
        f"merge.{NAME}.name": "notebooks, by nbdime",
        f"merge.{NAME}.driver": run("drive.py", "merge", "%O", "%A", "%B", "%L", "%P"),
        "difftool.nbdime.cmd": run("drive.py", "difftool", '"$LOCAL"', '"$REMOTE"', '"$BASE"'),
        "mergetool.nbdime.cmd": run("drive.py", "mergetool", '"$BASE"', '"$LOCAL"', '"$REMOTE"', '"$MERGED"'),
    }


def set_up(folder: Path) -> Setup:
    """Tell the clone that `folder` lies in about the notebooks below `folder`.

    Doing it again changes nothing, or brings it up to date. Raises FourstepsError where there is no clone.
    """
    repository = _repository(folder)
    for name, value in settings().items():
        if _ours(name) or not _said(folder, name):
            _git(folder, "config", "--local", name, value)
    prefix = _git(folder, "rev-parse", "--show-prefix").strip("\n")
    attributes = _attributes(folder)
    before = attributes.read_text("utf-8") if attributes.exists() else ""
    atomic.write_text(attributes, with_block(before, prefix))
    return Setup(repository, _with_outputs(folder))


def undo(folder: Path) -> Path:
    """Take out of the clone that `folder` lies in what `set_up` put there; gives the clone's folder."""
    repository = _repository(folder)
    for kind in ("filter", "diff", "merge"):
        _git(folder, "config", "--local", "--remove-section", f"{kind}.{NAME}", check=False)
    for tool in ("difftool.nbdime", "mergetool.nbdime"):
        if _our_program(_git(folder, "config", "--local", "--get", f"{tool}.cmd", check=False)):
            _git(folder, "config", "--local", "--remove-section", tool)
    attributes = _attributes(folder)
    if attributes.exists():
        left = BLOCK.sub("", attributes.read_text("utf-8"))
        if left:
            atomic.write_text(attributes, left)
        else:
            attributes.unlink()
    return repository


def with_block(text: str, prefix: str) -> str:
    """The attributes `text` with our lines in it, once, for the notebooks below the folder `prefix`."""
    pattern = f"/{prefix}**/*.ipynb" if prefix else "*.ipynb"
    if re.search(r'[\s"\\]', pattern):
        escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
        pattern = f'"{escaped}"'
    block = f"{BEGIN}\n{pattern} filter={NAME} diff={NAME} merge={NAME}\n{END}\n"
    kept = BLOCK.sub("", text)
    return kept + ("\n" if kept and not kept.endswith("\n") else "") + block


def _ours(name: str) -> bool:
    return f".{NAME}." in name


def _our_program(value: str) -> bool:
    return str(Path("git") / "drive.py") in value


def _said(folder: Path, name: str) -> bool:
    """Whether somebody else has set `name`, here or for all repositories of this user."""
    value = _git(folder, "config", "--get", name, check=False)
    return bool(value) and not _our_program(value)


def _with_outputs(folder: Path) -> tuple[str, ...]:
    """The tracked notebooks below `folder` whose content in the index is not as the filter leaves it."""
    names = _git(folder, "ls-files", "-z", "--", "*.ipynb").split("\0")
    found = []
    for name in filter(None, names):
        kept = subprocess.run(["git", "show", f":./{name}"], cwd=folder, capture_output=True, check=False)
        if kept.returncode == 0 and cleaned(kept.stdout) != kept.stdout:
            found.append(name)
    return tuple(found)


def _attributes(folder: Path) -> Path:
    return folder / _git(folder, "rev-parse", "--git-path", "info/attributes").strip("\n")


def _repository(folder: Path) -> Path:
    top = _git(folder, "rev-parse", "--show-toplevel", check=False).strip("\n")
    if top:
        return Path(top)
    raise FourstepsError(
        folder,
        expected="a folder in a git repository",
        found="no repository there or above",
        mend="Run `git init` first, or name the course's folder with --course.",
    )


def _git(folder: Path, *arguments: str, check: bool = True) -> str:
    """What git says; empty where it fails and `check` is false."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise FourstepsError(
            folder, expected="the program git", found="none", mend="Install git, and run the command again."
        ) from None
    if check and done.returncode:
        raise FourstepsError(
            folder,
            expected=f"`git {' '.join(arguments[:3])}` to do it",
            found=done.stderr.strip() or f"exit code {done.returncode}",
            mend="Mend what git says, and run the command again.",
        )
    return done.stdout if not done.returncode else ""
