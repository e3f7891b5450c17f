"""A class's secret: what its splits and its hidden inputs come from, so that no two classes share them."""

import hmac
import os
import secrets
from pathlib import Path

from foursteps.errors import GradeError

BYTES = 32


def class_secret(workspace: Path) -> bytes:
    """The 32 secret bytes of the class in `workspace`; created once, readable by its owner only.

    Two processes that ask at the same time get the same secret. Raises GradeError for a damaged file.
    """
    path = workspace / "secret"
    workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        beside = workspace / f".secret.{os.getpid()}"
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(BYTES))
            os.link(beside, path)  # unlike a rename, a link never replaces what another process wrote
        except FileExistsError:
            pass
        finally:
            beside.unlink(missing_ok=True)
    content = path.read_bytes()
    if len(content) != BYTES:
        raise GradeError(
            path,
            expected=f"{BYTES} bytes, the class's secret",
            found=f"{len(content)}",
            mend="Restore it from a backup; with a new one, every submission is graded on another split.",
        )
    return content


def seed_for(secret: bytes, label: str) -> int:
    """A seed (31 bits, what every library takes) for `label`: HMAC-SHA-256 of it under the secret."""
    return int.from_bytes(hmac.digest(secret, label.encode("utf-8"), "sha256")[:4], "big") >> 1
