"""A real Jupyter kernel in a warm child, on sockets that somebody else made.

The five sockets of a kernel are listened on by the side that started it and handed over as descriptors, so a
kernel inside the walls needs no folder and no port that others can see.
"""

import atexit
import importlib
import sys
from collections.abc import Mapping
from typing import Any

import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp

from foursteps.run.warm.protocol import PORTS
from foursteps.run.warm.shell import Interactive, Shell


class KernelApp(IPKernelApp):
    """ipykernel's application, told its connection instead of reading a file.

    handed: the descriptors that are listened on, by port.
    """

    name = "foursteps-warm"
    handed: Mapping[int, int]

    def init_connection_file(self) -> None:
        """Nothing: `serve` has loaded it."""

    def write_connection_file(self, **_: Any) -> None:
        """Nothing: whoever started the kernel has."""

    def log_connection_info(self) -> None:
        """Nothing: there is no terminal in which somebody could read it."""

    def init_heartbeat(self) -> None:
        """Start the heartbeat on its own descriptor."""
        descriptor = self.handed[self.hb_port]

        class Handed(Heartbeat):
            def _try_bind_socket(self) -> Any:
                self.socket.setsockopt(zmq.USE_FD, descriptor)
                return super()._try_bind_socket()

        self.heartbeat = Handed(zmq.Context(), (self.transport, self.ip, self.hb_port))
        self.heartbeat.start()

    def _try_bind_socket(self, s: zmq.Socket, port: int) -> int:
        s.setsockopt(zmq.USE_FD, self.handed[port])
        return super()._try_bind_socket(s, port)


def serve(connection: Mapping[str, Any], arguments: list[str], *, first: int) -> None:
    """Be the kernel of `connection` (as in a connection file) until it is told to end.

    arguments : of ipykernel's command line. first : the descriptor of the shell's socket; those of the other
    PORTS follow it.
    """
    # What the parent had made for children without sockets.
    Shell.clear_instance()
    Interactive.clear_instance()
    atexit._clear()
    sys.path.insert(0, "")
    app: Any = KernelApp.instance()
    app.handed = {connection[port]: first + place for place, port in enumerate(PORTS)}
    app.load_connection_info(dict(connection))
    app.initialize(["--HistoryManager.hist_file=:memory:", *arguments])
    if inline := sys.modules.get("matplotlib_inline.backend_inline"):
        importlib.reload(inline)  # it shows figures in the shell that there was when it was imported
    app.start()
    # The end is os._exit, which would leave out what the notebook has registered.
    atexit._run_exitfuncs()
    sys.stdout.flush()
