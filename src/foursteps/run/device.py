"""Which device a notebook runs on, decided without importing torch."""

import os
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Literal

from foursteps.errors import RunError

DeviceClass = Literal["cpu", "cuda"]


def resolve_device(name: str = "auto") -> DeviceClass:
    """The class of device that `name` ("auto", "cpu" or "cuda") means here.

    Raises RunError for another name, and for cuda on a machine without a GPU: that is never a silent CPU run.
    """
    if name not in ("auto", "cpu", "cuda"):
        raise RunError("device", expected="auto, cpu or cuda", found=name, mend="Give one of these.")
    if name == "cpu":
        return "cpu"
    if gpus():
        return "cuda"
    if name == "cuda":
        raise RunError(
            "device cuda",
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


def device_env(device: DeviceClass, threads: int | None = None) -> dict[str, str]:
    """What the environment of a kernel says about its device and its threads.

    A CPU run sees no GPU, so that a notebook cannot take one by chance. `threads` holds for OpenMP, MKL,
    OpenBLAS and with them torch and NumPy.
    """
    env = {"CUDA_VISIBLE_DEVICES": ""} if device == "cpu" else {}
    if threads is not None:
        for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR"):
            env[f"{name}_NUM_THREADS"] = str(threads)
    return env


def gpus() -> tuple[str, ...]:
    """The models of the NVIDIA GPUs that this process may use."""
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is not None and allowed.strip() in ("", "-1"):
        return ()
    return _installed()


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
