"""Keys on disk: what evidence is held against, under the class's folder, readable by its owner only."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from foursteps import atomic
from foursteps.checks.definition import Scale
from foursteps.checks.evidence import decode, encode
from foursteps.errors import EvidenceError, GradeError
from foursteps.grade.score import Key, MetricKey


def digest(*parts: Any) -> str:
    """32 hex digits of the SHA-256 of `parts`: bytes, files, or JSON values."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.read_bytes() if part.is_file() else b""
        elif isinstance(part, bytes):
            content = part
        else:
            content = json.dumps(part, sort_keys=True).encode("utf-8")
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:32]


def write_private(path: Path, value: Any) -> None:
    """Write a JSON value to `path`, whole or not at all; nobody else may read it, nor look for it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomic.write_text(path, json.dumps(value), mode=0o600)


def dump(keys: dict[str, Key]) -> dict[str, Any]:
    """The keys, by check, as a JSON value."""
    return {check: _dump_key(key) for check, key in keys.items()}


def _dump_key(key: Key) -> dict[str, Any]:
    if "cases" in key:
        return {"cases": key["cases"]}
    return {
        "datasets": {
            name: {
                "labels": encode(found.labels),
                "baseline": encode(found.baseline),
                "scale": found.scale.model_dump(),
            }
            for name, found in key.items()
        }
    }


def load(path: Path) -> dict[str, Key]:
    """Read the keys that `dump` made; raises GradeError when the file is damaged."""
    try:
        return {check: _load_key(key) for check, key in json.loads(path.read_text("utf-8")).items()}
    except (ValueError, KeyError, TypeError, AttributeError, EvidenceError) as error:
        raise GradeError(
            path,
            expected="keys, as grading writes them",
            found=f"a damaged file ({error})",
            mend="Delete it; the next grading makes it again.",
        ) from None


def _load_key(key: dict[str, Any]) -> Key:
    if "cases" in key:
        return {"cases": key["cases"]}
    return {
        name: MetricKey(
            np.asarray(decode(found["labels"])),
            np.asarray(decode(found["baseline"])),
            Scale(**found["scale"]),
        )
        for name, found in key["datasets"].items()
    }
