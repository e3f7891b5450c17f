"""Where a result comes from: what was run, with which versions, on what, when, at what cost."""

import hashlib
import importlib.metadata
import platform
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, Field

from foursteps import notebook as notebooks
from foursteps.run.device import DeviceClass, device_name

HEADER = re.compile(r"^(Name|Version):[ \t]*(.*?)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
NAMED = ("torch", "torchvision", "fastai", "numpy", "scikit-learn", "foursteps")


class Provenance(BaseModel):
    """The stamp on a run.

    notebook and packages are SHA-256 hashes: of the notebook's kernel and code, and of the names and
    versions of all installed packages. parameters are those the notebook declares, with the values it ran
    with; seconds are wall seconds, peak_mb MB of 2**20 bytes; date is in UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    notebook: str = Field(pattern=r"^[0-9a-f]{64}$")
    parameters: dict[str, Any]
    python: str
    versions: dict[str, str]
    packages: str = Field(pattern=r"^[0-9a-f]{64}$")
    device_class: DeviceClass
    device: str
    seconds: float
    peak_mb: float
    date: str


def stamp(
    notebook: NotebookNode,
    parameters: Mapping[str, Any],
    device: DeviceClass,
    *,
    seconds: float,
    peak_mb: float,
    model: str = "",
) -> Provenance:
    """The stamp of a run of `notebook`, the source as it was given, with `parameters`, made now.

    model : what the device calls itself; this machine's unless given.
    """
    installed = packages()
    return Provenance(
        notebook=notebooks.source_hash(notebook),
        parameters={**notebooks.parameters(notebook), **parameters},
        python=platform.python_version(),
        versions={name: installed[name] for name in NAMED if name in installed},
        packages=packages_hash(),
        device_class=device,
        device=model or device_name(device),
        seconds=round(seconds, 2),
        peak_mb=round(peak_mb, 1),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def package_folders() -> list[str]:
    """The folders of sys.path in which packages are looked for.

    Without those a package brings for itself: setuptools adds its own while it is imported, and what is
    installed must not depend on what was imported.
    """
    return [place for place in sys.path if Path(place).is_dir() and Path(place).name != "_vendor"]


@cache
def packages() -> dict[str, str]:
    """The installed packages and their versions, by name in lower case."""
    found: dict[str, str] = {}
    for distribution in importlib.metadata.distributions(path=package_folders()):
        # Two of the headers are read here: parsing all of them, as `metadata` does, takes ten times as long.
        text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
        said = {name.lower(): value for name, value in HEADER.findall(text.split("\n\n", 1)[0])}
        if name := said.get("name"):  # a broken remainder of an uninstalled package has none
            found.setdefault(name.lower(), said.get("version", ""))
    return dict(sorted(found.items()))


@cache
def packages_hash() -> str:
    """SHA-256 over the installed packages, foursteps itself and Python's version included."""
    lines = [f"python {platform.python_version()}", *(f"{name} {v}" for name, v in packages().items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
