"""Where a reader can run the course: launch links, the line that installs it, the files that services read.

All of it comes from `[launch]` in course.toml and from pyproject.toml; what is not configured is absent.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from foursteps import atomic
from foursteps.course import Course, LaunchSettings
from foursteps.errors import BookError

EXTRAS = ("course", "lab")
PYTHON = "3.11"
"""The version that constraints.txt was tested with."""

THEIRS = {"torch", "torchvision", "numpy", "pandas", "matplotlib", "pillow"}
"""What Colab brings, built for its own GPUs: another version would be downloaded, and might not fit."""


def launch_links(launch: LaunchSettings, path: str) -> list[str]:
    """Markdown links that open the repository's file `path` on each service that course.toml names."""
    if not launch.repository:
        return []

    repository = launch.repository.rstrip("/").removesuffix(".git")
    owner = urlsplit(repository).path.strip("/")
    branch, file = quote(launch.branch, safe=""), quote(path)
    links = []
    if launch.colab:
        links.append(f"[Open in Colab]({launch.colab.rstrip('/')}/github/{owner}/blob/{branch}/{file})")
    if launch.binder:
        binder = launch.binder.rstrip("/")
        links.append(f"[Open on Binder]({binder}/v2/gh/{owner}/{branch}?labpath={quote(path, safe='')})")
    if launch.jupyterhub:
        folder = repository.rsplit("/", 1)[-1]
        opened = quote(f"lab/tree/{folder}/{path}", safe="")
        query = f"repo={quote(repository, safe='')}&branch={branch}&urlpath={opened}"
        links.append(
            f"[Open on JupyterHub]({launch.jupyterhub.rstrip('/')}/hub/user-redirect/git-pull?{query})"
        )
    return links


@dataclass(frozen=True)
class Project:
    """What a course's folder installs: its name, and which of the extras `course` and `lab` it has."""

    name: str
    extras: tuple[str, ...]

    def at(self, launch: LaunchSettings, *extras: str) -> str:
        """The project with those of `extras` that it has, as pip's requirement of the repository's branch."""
        chosen = ",".join(extra for extra in extras if extra in self.extras)
        address = (launch.repository or "").rstrip("/")
        return f"{self.name}{f'[{chosen}]' if chosen else ''} @ git+{address}@{launch.branch}"


def project_of(root: Path) -> Project | None:
    """The Python project in the folder `root`; None where there is none that pip can install."""
    try:
        said = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
        return Project(said["name"], tuple(e for e in EXTRAS if e in said.get("optional-dependencies", {})))
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return None


def install_line(course: Course) -> str:
    """What installs all that the course needs, in a shell; empty where its folder does not say."""
    project, launch = project_of(course.root), course.settings.launch
    if project and launch.repository:
        return f'python -m pip install "{project.at(launch, *EXTRAS)}"'
    pinned = "--constraint constraints.txt " if (course.root / "constraints.txt").is_file() else ""
    if project:
        chosen = f"[{','.join(project.extras)}]" if project.extras else ""
        return f"python -m pip install {pinned}--editable '.{chosen}'"
    if (course.root / "requirements.txt").is_file():
        return f"python -m pip install {pinned}--requirement requirements.txt"
    return ""


def colab_cell(course: Course) -> str:
    """The first cell of a notebook on Colab; empty where the course names no Colab."""
    project, launch = project_of(course.root), course.settings.launch
    if not (project and launch.colab and launch.repository):
        return ""
    return f'%pip install --quiet "{project.at(launch, "course")}"'


def ways(course: Course) -> tuple[str, str]:
    """What installs the course in a shell, and in a cell on Colab; either may be empty."""
    return install_line(course), colab_cell(course)


def environments(course: Course) -> dict[str, bytes]:
    """The environment files that the configured services read, by their paths in the repository."""
    launch, project = course.settings.launch, project_of(course.root)
    files: dict[str, bytes] = {}
    if not (project and launch.repository):
        return files
    if launch.binder:
        chosen = f"[{','.join(project.extras)}]" if project.extras else ""
        lines = ["# Written by `foursteps launch` for Binder.", f"--editable .{chosen}"]
        if (course.root / "constraints.txt").is_file():
            lines.insert(1, "--constraint ../constraints.txt")
        files["binder/requirements.txt"] = ("\n".join(lines) + "\n").encode()
        files["binder/runtime.txt"] = f"python-{PYTHON}\n".encode()
    if launch.colab:
        lines = ["# Written by `foursteps launch` for Colab, which brings torch and what stands on it."]
        lines += [project.at(launch, "course"), *_pins(course.root, THEIRS)]
        files["colab/requirements.txt"] = ("\n".join(lines) + "\n").encode()
    return files


def write_environments(course: Course) -> tuple[Path, ...]:
    """Write `environments`; gives the files."""
    written = []
    for name, data in environments(course).items():
        atomic.write_bytes(course.root / name, data)
        written.append(course.root / name)
    return tuple(written)


def _pins(root: Path, without: set[str]) -> list[str]:
    """The packages of the extra `course`, at the versions of constraints.txt where there is one."""
    said = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = said.get("optional-dependencies", {}).get("course", [])
    names = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in wanted} - without
    pinned = root / "constraints.txt"
    lines = pinned.read_text("utf-8").splitlines() if pinned.is_file() else []
    return sorted(line for line in lines if line.split("==")[0].lower() in names)


def require_written(course: Course) -> None:
    """BookError when a configured service's file is missing or says something else than course.toml."""
    for name, data in environments(course).items():
        path = course.root / name
        if not path.is_file() or path.read_bytes() != data:
            raise BookError(
                path,
                expected="the environment that course.toml and pyproject.toml give",
                found="another" if path.is_file() else "no such file",
                mend="Run `foursteps launch`.",
            )
