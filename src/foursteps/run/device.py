"""Which device a notebook runs on, decided without importing torch."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from foursteps.errors import RunError

DeviceClass = Literal["cpu", "cuda"]


def resolve_device(
    name: str = "auto", *, require_gpu: bool = False, there: Sequence[str] | None = None
) -> DeviceClass:
    """The class of device that `name` ("auto", "cpu" or "cuda") means here.

    there : the models of the GPUs that runs may use; this machine's unless given.

    Raises RunError for another name, and for cuda on a machine without a GPU: that is never a silent CPU run.
    With `require_gpu`, which a GPU machine in CI sets, `auto` is held to the same, and `cpu` is refused.
    """
    if name not in ("auto", "cpu", "cuda"):
        raise RunError("device", expected="auto, cpu or cuda", found=name, mend="Give one of these.")
    if name == "cpu" and not require_gpu:
        return "cpu"
    if name == "cpu":
        raise RunError(
            "device cpu",
            expected="a GPU, as --require-gpu asks",
            found="cpu",
            mend="Leave one of the two out.",
        )
    if gpus() if there is None else there:
        return "cuda"
    if name == "cuda" or require_gpu:
        raise RunError(
            f"device {name}{', with --require-gpu' if require_gpu else ''}",
            expected="an NVIDIA GPU that this process may use",
            found="none",
            mend="Use --device auto or cpu, or run on a machine with a GPU (look at `nvidia-smi`).",
        )
    return "cpu"


def device_name(device: DeviceClass) -> str:
    """What the device calls itself: the model of the first GPU, or of the processor."""
    if device == "cuda":
        return gpus()[0] if gpus() else "unknown GPU"
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def device_env(device: DeviceClass, threads: int | None = None, card: str | None = None) -> dict[str, str]:
    """What the environment of a kernel says about its device and its threads.

    A CPU run sees no GPU, so that a notebook cannot take one by chance; a GPU run sees only its own `card`,
    where one is given. `threads` holds for OpenMP, MKL, OpenBLAS and with them torch and NumPy.
    """
    env = {"CUDA_VISIBLE_DEVICES": ""} if device == "cpu" else {}
    if device == "cuda" and card is not None:
        env["CUDA_VISIBLE_DEVICES"] = card
    if threads is not None:
        for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR"):
            env[f"{name}_NUM_THREADS"] = str(threads)
    return env


def cores() -> int:
    """The processors that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on this system
        return max(1, os.cpu_count() or 1)


def cards() -> tuple[str, ...]:
    """The GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them."""
    return visible(os.environ.get("CUDA_VISIBLE_DEVICES"), len(gpus()))


def visible(allowed: str | None, count: int) -> tuple[str, ...]:
    """The names of the cards of a machine with `count` of them, where CUDA_VISIBLE_DEVICES says `allowed`."""
    if allowed is None:
        return tuple(map(str, range(count)))
    names = [name.strip() for name in allowed.split(",")]
    # As CUDA reads it: what follows an empty or negative name does not count.
    ends = next((place for place, name in enumerate(names) if name in ("", "-1")), len(names))
    return tuple(names[:ends])[:count]


def side_by_side(device: DeviceClass, workers: int, count: int) -> int:
    """How many kernels may run at a time: `workers` on a CPU; on GPUs one on each of `count` cards."""
    return max(1, min(workers, count) if device == "cuda" else workers)


def gpus() -> tuple[str, ...]:
    """The models of the NVIDIA GPUs of this machine; none where CUDA_VISIBLE_DEVICES hides them all."""
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    return _installed() if visible(allowed, 1) else ()


@cache
def require_torch_sees_gpu() -> None:
    """Make sure that torch, where it is installed, can use the GPU; raises RunError when it cannot.

    A torch built for CPUs, or for a newer driver, would train on the CPU without a word, and the result would
    be kept as one of a GPU. Asked in a process of its own, because this one must stay free of CUDA.
    """
    if importlib.util.find_spec("torch") is None:
        return
    ask = "import torch; print(torch.__version__, end=''); raise SystemExit(not torch.cuda.is_available())"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise RunError(
            "device cuda",
            expected="a torch that can use the GPU",
            found=f"torch {done.stdout or '?'}, which cannot{f' ({said[-1]})' if said else ''}",
            mend="Install a torch that is built for this machine's CUDA driver, or use --device cpu.",
        )


@cache
def _installed() -> tuple[str, ...]:
    models = []
    for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        lines = path.read_text("utf-8", "replace").splitlines()
        models += [line.split(":", 1)[1].strip() for line in lines if line.startswith("Model:")]
    if models or not shutil.which("nvidia-smi"):
        return tuple(models)
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in done.stdout.splitlines() if line.strip())
