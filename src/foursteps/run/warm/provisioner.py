"""The kernel provisioner `foursteps-warm`: jupyter_client starts kernels from a warm parent.

Whoever starts a kernel by name through jupyter_client (nbclient, papermill, nbgrader, Jupyter Server) gets a
warm one for a kernelspec that names this provisioner; `install` writes such a kernelspec.
"""

import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Enum, Float, List, Unicode

from foursteps.errors import GradeError
from foursteps.run.warm import kernels

NAME = "foursteps-warm"
POLL_SECONDS = 0.01
LONGEST = 60
"""Characters that a temporary folder's path may have: a socket's has 107 at most."""


class WarmProvisioner(LocalProvisioner):
    """Starts each kernel in a child of a parent that has imported `preload`.

    The parent lives as long as this process, so the first kernel waits for its imports and those after it do
    not. Where nothing can be forked (off Linux) a kernel is started as ever.
    """

    preload = List(Unicode(), help="Modules that the parent imports.").tag(config=True)
    sandbox = Enum(
        ("none", "bwrap"), "none", help="bwrap: no network, no files but copies of those beside the notebook."
    ).tag(config=True)
    memory_mb = Float(4096.0, help="Memory of a walled kernel, in MB.").tag(config=True)

    process: Any = None
    _folder: str | None = None

    @property
    def _warm(self) -> bool:
        return kernels.possible()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose IPC before the connection is written; who calls: KernelManager, before each start."""
        manager = self.parent
        if self._warm and manager is not None:
            manager.cache_ports = False
            if manager.transport != "ipc":
                manager.transport = "ipc"
                home = tempfile.gettempdir()
                self._folder = tempfile.mkdtemp(
                    prefix="foursteps-kernel-", dir=home if len(home) < LONGEST else "/tmp"
                )
                manager.ip = f"{self._folder}/k"
        if not self._warm and self.sandbox != "none":
            raise GradeError(
                "the kernel foursteps-warm",
                expected="Linux, whose processes can be walled in",
                found="another system",
                mend="Run in a container, or install the kernel with --sandbox none.",
            )
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel; who calls: KernelManager, with the command of the kernelspec."""
        if not self._warm:
            return await super().launch_kernel(cmd, **kwargs)
        cwd = Path(kwargs.get("cwd") or Path.cwd())
        # In a thread: the first start waits for the parent's imports, and a server has others to serve.
        self.process = await asyncio.to_thread(
            kernels.start,
            {**self.connection_info},
            cwd=cwd,
            env=kwargs["env"],
            preload=tuple(self.preload),
            sandbox=self.sandbox,  # type: ignore[arg-type]
            memory_mb=self.memory_mb,
            arguments=_arguments(cmd),
            outputs=(kwargs.get("stdout"), kwargs.get("stderr")),
        )
        self.pid = self.pgid = self.process.pid
        self.cwd = cwd
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end; who calls: KernelManager, when it shuts a kernel down."""
        if not isinstance(self.process, kernels.KernelProcess):
            return await super().wait()
        while self.process.poll() is None:
            await asyncio.sleep(POLL_SECONDS)
        code = self.process.wait()
        self.process = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's session; who calls: KernelManager, to interrupt."""
        if isinstance(self.process, kernels.KernelProcess):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def cleanup(self, restart: bool = False) -> None:
        """End what still runs, remove the sockets; who calls: KernelManager, last of all."""
        if isinstance(self.process, kernels.KernelProcess):
            await asyncio.to_thread(self.process.close)
            self.process = None
        if self._folder and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        await super().cleanup(restart=restart)


def _arguments(command: list[str]) -> tuple[str, ...]:
    """What a kernelspec's command says to ipykernel beside the connection file."""
    given = list(command)
    if "-f" in given:
        place = given.index("-f")
        del given[: place + 2]
        return tuple(given)
    return ()


def kernelspec(preload: tuple[str, ...], sandbox: str) -> dict[str, Any]:
    """The kernel.json of a warm kernel."""
    import sys

    walls = "" if sandbox == "none" else ", walled"
    return {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"Python 3 (foursteps warm{walls})",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {
            "debugger": False,
            "kernel_provisioner": {
                "provisioner_name": NAME,
                "config": {"preload": list(preload), "sandbox": sandbox},
            },
        },
    }


def install(
    name: str = NAME, *, preload: tuple[str, ...] = (), sandbox: str = "none", prefix: str | None = None
) -> Path:
    """Write the kernelspec `name` into this Python's environment, or `prefix`; gives its folder."""
    import sys

    from jupyter_client.kernelspec import KernelSpecManager

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(kernelspec(preload, sandbox), indent=1), "utf-8")
        place = KernelSpecManager().install_kernel_spec(folder, name, prefix=prefix or sys.prefix)
    return Path(place)
