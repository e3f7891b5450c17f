"""A learner's session on a small machine: how long until the first result, and how much memory it takes.

    OMP_NUM_THREADS=1 taskset -c 0,1 python benchmarks/lab.py [--rounds 3] [--write docs/benchmarks.md]

Starts `foursteps lab` on a fresh copy of the learners' bundle, and walks from the start page to the first
passed check of lecture 01's reproduction in a real browser. Memory is that of JupyterLab and its kernels
(proportional set size), not the browser's. Prints a Markdown table of medians over the rounds.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from page import put
from playwright.sync_api import sync_playwright
from test_book_build import CHROMIUM
from test_lab import FLAGS, SETTINGS, Notebook

from foursteps.course import Course
from foursteps.release import write_bundle

TOPIC = "01_image_classifier"
ANSWER = "return float((scores.argmax(axis=1) == labels).mean())"
COMMAND = [sys.executable, "-c", "from foursteps.cli import app; app()"]


@contextmanager
def a_lab(home, place):
    """`foursteps lab` in the folder `home`; gives its process, and the address of its start page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, settings in SETTINGS.items():
        path = place / "config/lab/user-settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    own = {f"JUPYTER_{name.upper()}_DIR": str(place / name) for name in ("config", "data", "runtime")}
    options = ["--no-browser", f"--port={port}", "--IdentityProvider.token=t", "--allow-root"]
    server = subprocess.Popen(
        [*COMMAND, "lab", "--", *options],
        cwd=home,
        env={**os.environ, **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token=t", timeout=5)
                break
            time.sleep(0.05)
        yield server, f"http://127.0.0.1:{port}/lab/tree/work/Start.ipynb?token=t"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def memory(process):
    """MB of 2**20 bytes that a process and its children hold, what they share counted once."""
    total = 0
    root = psutil.Process(process.pid)
    for one in [root, *root.children(recursive=True)]:
        with suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total / 2**20


def walk(place, bundle):
    """One session: seconds and MB, by what had happened."""
    shutil.unpack_archive(bundle, place)
    (home,) = [path.parent for path in place.glob("*/course.toml")]
    seconds, held = {}, {}
    began = time.perf_counter()

    def mark(what):
        nonlocal began
        seconds[what] = time.perf_counter() - began
        held[what] = memory(server)
        began = time.perf_counter()

    with a_lab(home, place) as (server, address), sync_playwright() as playwright:
        mark("`foursteps lab` answers")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(address)
        page.locator(".foursteps-start").wait_for()
        mark("the start page shows what comes next")
        page.locator(".foursteps-start td a", has_text="Reproduce").first.click()
        book = Notebook(page, "reproduce.ipynb")
        book.panel.locator(".jp-CodeCell").first.wait_for()
        mark("a click opens the exercise")
        book.run("seed = 42")
        mark("the first cell has run")
        book.run("from foursteps import check")
        mark("fastai is there, the data too")
        book.write("def share_right", f"def share_right(scores, labels):\n    {ANSWER}")
        book.run("def share_right")
        card = book.run('check("share_right"').locator(".foursteps-card")
        card.get_by_text("Passed").wait_for()
        mark("an answer is written, and its check has passed")
        browser.close()
    return seconds, held


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--write", type=Path, help="put the table into this file too")
    given = options.parse_args()
    course = Course.load(Path(__file__).parents[1])
    with tempfile.TemporaryDirectory(prefix="foursteps-benchmark-") as folder:
        bundle = write_bundle(course)
        found = []
        for number in range(given.rounds):
            place = Path(folder) / str(number)
            place.mkdir()
            found.append(walk(place, bundle))
    lines = ["| what has happened | s since the line above | MB held |", "|---|---|---|"]
    for what in found[0][0]:
        took = statistics.median(seconds[what] for seconds, _ in found)
        held = statistics.median(memory[what] for _, memory in found)
        lines.append(f"| {what} | {took:.1f} | {held:.0f} |")
    print("\n".join(lines))
    if given.write:
        put(given.write, "lab", "\n".join(lines))


if __name__ == "__main__":
    main()
