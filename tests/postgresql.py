"""A PostgreSQL of a test's own: Debian's, started in a folder under /tmp, gone with the test.

with postgresql() as server:
    server.url          # what nbgrader takes
    server.stop()       # as when somebody pulls the plug
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
WHY_NOT = (
    "no driver: pip install 'foursteps[postgresql]'"
    if find_spec("psycopg") is None
    else "no server: apt-get install postgresql"
    if not (FOUND or shutil.which("postgres"))
    else ""
)


class Server:
    """A running server; `url` is the address of an empty database on it."""

    def __init__(self, folder: Path, binaries: Path, user: str | None) -> None:
        self.folder, self.binaries, self.user = folder, binaries, user
        self.url = f"postgresql+psycopg://postgres@/gradebook?host={folder}"

    def call(self, name: str, *words: str) -> None:
        ran = subprocess.run(
            [self.binaries / name, *words], user=self.user, cwd=self.folder, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        log = self.folder / "log"
        self.call("pg_ctl", "start", "-w", "-D", f"{self.folder}/data", "-l", f"{log}", "-o", options)

    def stop(self) -> None:
        self.call("pg_ctl", "stop", "-m", "immediate", "-D", f"{self.folder}/data")


@contextmanager
def postgresql():
    binaries = FOUND[-1].parent if FOUND else Path(shutil.which("postgres") or "").parent
    user = "postgres" if os.getuid() == 0 else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="foursteps-pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    server = Server(folder, binaries, user)
    try:
        server.call("initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-N")
        server.start()
        server.call("createdb", "-h", f"{folder}", "-U", "postgres", "gradebook")
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
