"""A PostgreSQL of the tests' own: Debian's, started in a folder under /tmp, gone with them.

with postgresql() as server:
    server.database("gradebook")  # an empty one; gives the address that nbgrader takes
    server.stop()                 # as when somebody pulls the plug
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
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
    """A running server, in `folder`, which is also where its socket lies."""

    def __init__(self, folder: Path, binaries: Path, user: str | None) -> None:
        self.folder, self.binaries, self.user = folder, binaries, user
        self.process: subprocess.Popen | None = None

    def database(self, name: str) -> str:
        """The address of a new and empty database."""
        self.call("createdb", "-h", f"{self.folder}", "-U", "postgres", name)
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def call(self, name: str, *words: str) -> None:
        ran = subprocess.run(
            [self.binaries / name, *words], user=self.user, cwd=self.folder, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def start(self) -> None:
        options = ["listen_addresses=", f"unix_socket_directories={self.folder}", "fsync=off"]
        words = [word for option in options for word in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "data", *words],
                user=self.user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        ready = [self.binaries / "pg_isready", "-q", "-h", self.folder]
        end = time.monotonic() + 120
        while subprocess.run(ready).returncode:
            told = (self.folder / "log").read_text()
            assert self.process.poll() is None, told
            assert time.monotonic() < end, told
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)  # at once, whatever is connected
            self.process.wait(60)
            self.process = None


@contextmanager
def postgresql() -> Iterator[Server]:
    binaries = FOUND[-1].parent if FOUND else Path(shutil.which("postgres") or "").parent
    folder = Path(tempfile.mkdtemp(prefix="foursteps-pg-", dir="/tmp"))  # a socket's path has to be short
    server = Server(folder, binaries, ordinary())
    if server.user:
        shutil.chown(folder, server.user)
    try:
        words = ["-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        server.call("initdb", "-D", f"{folder}/data", *words)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def ordinary() -> str | None:
    """Whom root starts the server as, since it refuses to run as root; None for anybody else: themselves."""
    if os.getuid():
        return None
    return "postgres" if any(user.pw_name == "postgres" for user in pwd.getpwall()) else "nobody"
