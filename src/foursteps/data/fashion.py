"""Fashion-MNIST, by the first way that works: files that are here, the Debian package, the public address."""

# No run depends on this module: rows have a checksum.

import gzip
import os
import shutil
import subprocess
import tempfile
import urllib.request
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
from tqdm import tqdm

from foursteps.data.dataset import Rows
from foursteps.errors import DataError

PACKAGE = "dataset-fashion-mnist"
INSTALLED = Path("/usr/share/datasets/fashion-mnist")
"""Where the Debian package puts the files, from the root of the system or of an unpacked package."""
ADDRESS = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
"""Where the makers of the dataset publish it."""
ENVIRONMENT = "FOURSTEPS_FASHION_MNIST"
"""The environment variable that names a folder with the four files."""
SECONDS = 20.0
"""How long a server may keep silent."""

PARTS = (
    ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
)
FILES = tuple(file for part in PARTS for file in part)
CLASSES = (
    "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
"""In the order of the source's numbers; "T-shirt" is its "T-shirt/top", shortened to serve as a name."""


def load(address: str = ADDRESS, installed: Path = INSTALLED) -> Rows:
    """All 70,000 images, training before test: uint8 (70000, 28, 28), labels from `CLASSES`.

    Raises
    ------
    DataError : if no way works, with what became of each; or if a file is damaged.
    """
    named = os.environ.get(ENVIRONMENT)
    for folder in (Path(named) if named else None, installed):
        if folder and all((folder / file).is_file() for file in FILES):
            return read(folder)
    with tempfile.TemporaryDirectory(prefix="fashion-mnist-") as name:
        folder = Path(name)
        try:
            return read(_from_package(folder))
        except _NoWay as reason:
            no_package = str(reason)
        try:
            return read(_from_address(folder, address))
        except _NoWay as reason:
            no_network = str(reason)
    raise DataError(
        "Fashion-MNIST",
        expected="the Debian package or the network",
        found=f"neither (the package: {no_package}; the network: {no_network})",
        mend=(
            "Any of three ways will do: "
            f"1. install the package: sudo apt-get install {PACKAGE}; "
            "2. call again where there is a network; "
            f"3. copy the four .gz files from {address} to a folder, and set {ENVIRONMENT} to it."
        ),
    )


class _NoWay(Exception):
    """One way to the data does not work here; the text says why."""


def _from_package(folder: Path) -> Path:
    """Download the Debian package and unpack it into `folder`, without root; the folder of its files."""
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise _NoWay(f"no {tool} here")
    quick = ["-o", "Acquire::Retries=0", "-o", f"Acquire::http::Timeout={SECONDS:.0f}"]
    with (
        tqdm(
            total=30_900_652,
            disable=None,
            unit="B",
            unit_scale=True,
            desc="Fashion-MNIST: package",
            leave=False,
        ) as bar,
        subprocess.Popen(
            ["apt-get", *quick, "download", PACKAGE],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as download,
    ):
        try:
            while download.poll() is None:
                bar.update(sum(file.stat().st_size for file in folder.iterdir()) - bar.n)
                _wait(download, 0.2)
        except BaseException:
            download.kill()
            raise
        said = download.stderr.read() if download.stderr else ""
    packages = list(folder.glob("*.deb"))
    if download.returncode or not packages:
        errors = [line[3:] for line in said.splitlines() if line.startswith("E: ")]
        raise _NoWay(f"apt-get download failed: {errors[0] if errors else 'no reason given'}".rstrip("."))
    unpacked = folder / "unpacked"
    done = subprocess.run(["dpkg-deb", "-x", packages[0], unpacked], capture_output=True, text=True)
    if done.returncode:
        raise _NoWay(f"dpkg-deb failed: {done.stderr.strip()[:200]}")
    return unpacked / INSTALLED.relative_to("/")


def _wait(process: subprocess.Popen, seconds: float) -> None:
    """Wait for a process, for at most so long."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _from_address(folder: Path, address: str) -> Path:
    """Download the four files into `folder`."""
    for file in FILES:
        try:
            with (
                urllib.request.urlopen(address + file, timeout=SECONDS) as answer,
                open(folder / file, "wb") as out,
                tqdm(
                    total=int(answer.headers.get("Content-Length", 0)) or None,
                    disable=None,
                    unit="B",
                    unit_scale=True,
                    desc=f"Fashion-MNIST: {file}",
                    leave=False,
                ) as bar,
            ):
                while piece := answer.read(1 << 16):
                    out.write(piece)
                    bar.update(len(piece))
        except OSError as error:
            if isinstance(error, urllib.error.URLError | TimeoutError | ConnectionError):
                raise _NoWay(str(getattr(error, "reason", error))) from error
            raise
    return folder


def read(folder: Path) -> Rows:
    """The rows in the four files of `folder`.

    Raises
    ------
    DataError : naming the file that is missing, cut short or damaged.
    """
    images, labels = [], []
    for image_file, label_file in PARTS:
        images.append(_idx(folder / image_file, 3))
        labels.append(np.array(CLASSES)[_idx(folder / label_file, 1)])
    return Rows(np.concatenate(images), np.concatenate(labels))


def _idx(path: Path, dimensions: int) -> np.ndarray:
    """A gzipped IDX file of bytes (http://yann.lecun.com/exdb/mnist/): type, sizes, values."""
    try:
        data = gzip.decompress(path.read_bytes())
        if data[:4] != bytes([0, 0, 8, dimensions]):
            raise ValueError("it does not begin as an IDX file of bytes")
        start = 4 + 4 * dimensions
        shape = np.frombuffer(data[4:start], dtype=">i4")
        return np.frombuffer(data, dtype=np.uint8, offset=start).reshape(shape)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DataError(
            path,
            expected="a whole gzipped IDX file of Fashion-MNIST",
            found=f"a file that cannot be read ({error})",
            mend="Delete it and fetch it again.",
        ) from error
