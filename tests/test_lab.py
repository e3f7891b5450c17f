"""A learner's whole way in a real JupyterLab, in a real browser: from the first click to the feedback.

Screenshots of every station are kept in build/lab/.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
from learner_course import TOPIC, given_out, tiny_course
from test_book_build import CHROMIUM
from test_work import COMMAND, foursteps
from tiny_course import ANSWERS

from foursteps.course import Course
from foursteps.learner.progress import Progress
from foursteps.learner.standing import standing
from foursteps.release import write_bundle

pytestmark = pytest.mark.slow

SHOTS = Path(__file__).parents[1] / "build" / "lab"
FLAGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
SECONDS = 90_000
"""How long a browser waits for anything (ms): a loaded machine is slow, and not wrong."""
SETTINGS = {
    # Cells out of sight stay in the page, so that a test can look at them; nobody is asked about news.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A class's course, its exchange, and a learner's home with the bundle, as separate folders."""
    root = tmp_path_factory.mktemp("lab")
    course = given_out(tiny_course(root / "class"))
    (root / "exchange").mkdir()
    (root / "exchange").chmod(0o777)
    shutil.unpack_archive(write_bundle(course), root / "home")
    config = root / "jupyter"
    config.mkdir()
    (config / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(root / 'exchange')!r}\n"
    )
    for name, settings in SETTINGS.items():
        path = config / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    return root


@pytest.fixture(scope="module")
def environment(place):
    names = {"CONFIG": "jupyter", "DATA": "data", "RUNTIME": "runtime"}
    own = {f"JUPYTER_{name}_DIR": str(place / folder) for name, folder in names.items()}
    return {
        **os.environ,
        **own,
        "HOME": str(place),
        "OMP_NUM_THREADS": "1",
        "IPYTHONDIR": str(place / "ipython"),
    }


@pytest.fixture(scope="module")
def home(place):
    return Course.load(place / "home" / "a_tiny_course")


@pytest.fixture(scope="module")
def lab(home, environment, place):
    """`foursteps lab`, running; gives the address of its start page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", f"--port={port}", "--IdentityProvider.token=secret", "--allow-root"]
    log = (place / "lab.log").open("w")
    server = subprocess.Popen(
        [*COMMAND, "lab", "--", *options],
        cwd=home.root,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token=secret", timeout=5)
                break
            except OSError:
                assert server.poll() is None, (place / "lab.log").read_text()[-2000:]
                assert time.monotonic() < end, "JupyterLab did not start"
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/lab/tree/work/Start.ipynb?token=secret"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)
        log.close()


@pytest.fixture(scope="module")
def tab(lab):
    sync_api = pytest.importorskip("playwright.sync_api", reason="`make` installs Playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: `make system` installs one")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(SECONDS)
        yield page
        shot(page, "last")
        browser.close()


class Notebook:
    """The notebook in front, as somebody with a mouse and a keyboard has it."""

    def __init__(self, page, name):
        self.page = page
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        page.locator(".lm-TabBar-tab.lm-mod-current", has_text=name).first.wait_for()
        self.page_timeout = pytest.importorskip(
            "playwright.sync_api", reason="`make` installs Playwright"
        ).TimeoutError

    def cell(self, text):
        """The cell that contains `text`."""
        return self.panel.locator(".jp-Cell", has_text=text).first

    def run(self, text):
        """Click beside the cell with `text`, press Shift+Enter, wait for it, and give it."""
        cell = self.cell(text)
        # What is run before the kernel is connected is not run at all, or JupyterLab asks which kernel is
        # meant: say so, and press again, as anybody would.
        asked = self.page.locator(".jp-Dialog", has_text="Select Kernel")
        for attempt in range(12):
            if asked.is_visible():
                asked.locator("button.jp-mod-accept").click()
                asked.wait_for(state="hidden")
            cell.locator(".jp-InputPrompt").first.click()
            self.page.keyboard.press("Shift+Enter")
            try:
                ran = cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\d+|\*)\]:")).first
                ran.wait_for(timeout=5000)
                break
            except self.page_timeout:
                assert attempt < 11, f"the cell with {text!r} does not run"
        cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]:")).first.wait_for()
        self.panel.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
        return cell

    def write(self, old, new):
        """Replace the whole text of the cell with `old`."""
        self.cell(old).locator(".cm-content").first.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(new)

    def menu(self, *words):
        for word in words:
            self.page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel", has_text=word).first.click()


def shot(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}.png"))


def back_to_start(page):
    page.locator(".lm-TabBar-tab", has_text="Start.ipynb").first.click()
    return Notebook(page, "Start.ipynb")


def validate(page, book, ends):
    """Press Validate, which saves, and wait for its dialog; gives what that says, and the dialog."""
    book.panel.get_by_text("Validate", exact=True).first.click()
    done, changed = page.locator(".jp-Dialog", has_text=ends), page.get_by_text("Overwrite", exact=True)
    done.or_(changed).first.wait_for()
    if changed.is_visible():  # JupyterLab saved by itself at the same moment, and asks which one counts
        changed.click()
    done.wait_for()
    return done.inner_text(), done


def nbgrader(place, environment, *arguments):
    command = [sys.executable, "-m", "nbgrader", *arguments, TOPIC]
    ran = subprocess.run(command, cwd=place / "class", env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]


def test_when_a_learner_walks_a_topic_then_every_station_answers(place, environment, home, lab, tab):
    page = tab
    nbgrader(place, environment, "release_assignment")

    # The start page is what opens; the next thing to do is one click away.
    page.goto(lab)
    page.locator(".foursteps-start").wait_for()
    shot(page, "1-start")
    page.locator(".foursteps-start p a").first.click()

    # The lecture: its first cells, and then the rest, to its claim.
    lecture = Notebook(page, "lecture.ipynb")
    lecture.run("neighbours = 3")
    lecture.run("from foursteps.data import get")
    lecture.run("KNeighborsClassifier(neighbours)")
    card = lecture.run("from foursteps.claims import record").locator(".foursteps-card")
    card.get_by_text("usually").wait_for()
    shot(page, "2-lecture")

    # Reproduce: a wrong answer, its hint, the right answer.
    back_to_start(page)
    page.locator(".foursteps-start td a", has_text="Reproduce").first.click()
    book = Notebook(page, "reproduce.ipynb")
    book.run('device = "cpu"')
    book.run("from foursteps import check, hint")
    book.write("def mean_image", "def mean_image(images):\n    return images.mean(axis=1)")
    book.run("def mean_image")
    card = book.run('check("mean_image"').locator(".foursteps-card")
    card.get_by_text("Not yet").wait_for()
    card.locator("summary", has_text="Hint 1 of 3").click()
    card.get_by_text("Over which axis?").wait_for()
    shot(page, "3-not-yet")

    # Validate says what is not there yet.
    book.write("def mean_image", "def mean_image(images):\n    return images.mean(axis=0)")
    book.run("def mean_image")
    book.run('check("mean_image"').locator(".foursteps-card").get_by_text("Passed").wait_for()
    shot(page, "4-passed")
    said, dialog = validate(page, book, "failed")
    assert 'check("distance", distance)' in said
    assert 'check("mean_image", mean_image)' not in said
    shot(page, "5-validate-fails")
    dialog.locator("button").last.click()

    # The rest, and Validate is content.
    gap = ANSWERS["distance"].replace("\n", "\n    ")
    book.write("def distance", f"def distance(a, b):\n    {gap}")
    book.write("classes = ...", f'path = get("mnist_3_7", seed=seed)\n{ANSWERS["classes"]}')
    book.write("predict = ...", ANSWERS["model"])
    for text in (
        "def distance",
        'check("distance"',
        "classes = sorted",
        'check("classes"',
        "KNeighborsClassifier(3)",
    ):
        book.run(text)
    card = book.run('check("accuracy"').locator(".foursteps-card")
    card.get_by_text("Passed").wait_for()
    card.scroll_into_view_if_needed()
    shot(page, "6-accuracy")
    said, dialog = validate(page, book, "Success")
    shot(page, "7-validate-passes")
    dialog.locator("button").last.click()

    # The start page knows, after its cell has run again.
    start = back_to_start(page)
    start.panel.locator(".jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")
    start.panel.locator(".foursteps-start p a", has_text="apply elsewhere").wait_for()
    shot(page, "8-start-again")
    (found,) = standing(home, Progress.of(home.work).events())
    assert [step.is_done for step in found.steps] == [True, True, True, False]

    # Hand in with JupyterLab's own Assignments list.
    start.menu("Nbgrader", "Assignment List")
    page.get_by_text("Submit", exact=True).first.click()
    page.locator("#submitted_assignments_list").get_by_text(TOPIC).first.wait_for()
    shot(page, "9-submitted")

    # The class marks it, and the feedback comes home.
    nbgrader(place, environment, "collect")
    code, out, err = foursteps(place / "class", "grade", "01", "--sandbox", "none", env=environment)
    assert code == 0, err
    assert "10 of 10" in out
    nbgrader(place, environment, "release_feedback")
    code, out, err = foursteps(home.root, "feedback", "01", env=environment)
    assert code == 0, err
    (path,) = [line.removeprefix("✓ ") for line in out.splitlines() if line.endswith("reproduce.html")]
    page = page.context.browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(lab.replace("work/Start.ipynb", quote(path)))
    feedback = page.frame_locator(".jp-HTMLViewer iframe").first
    feedback.get_by_text("Passed").first.wait_for(timeout=SECONDS)
    shot(page, "10-feedback")
    page.close()
