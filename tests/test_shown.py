"""What a learner wrote does not act in a browser: on the feedback page, and in nbgrader's own formgrader."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from attack_class import attacks, hand_in
from tiny_course import TOPIC, answer, solution, submit, tiny_course

from foursteps.grade import grade_class, write_feedback
from foursteps.grade.gradebook import open_gradebook
from foursteps.release import release

pytestmark = pytest.mark.slow
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SCRIPTS = (
    "script_in_an_output",
    "script_in_an_error",
    "script_in_a_write_up",
    "own_cells_with_scripts",
    "formula_that_breaks_out",
)
WRITE_UP = """The distance is $\\sqrt{\\sum_i (a_i - b_i)^2}$, and not $\\nosuch{a}$.

| images | found |
|---|---|
| 10 | 8 |
"""
CANNOT_ACT = """
() => {
  const cells = document.querySelector('#notebook-container') || document.body;
  const all = [...cells.querySelectorAll('.cell *, .jp-Cell *, .foursteps-card *')];
  const acts = a => a.name.startsWith('on') && a.value.includes('acted');
  const events = all.filter(e => [...e.attributes].some(acts));
  const bad = all.filter(e => ['javascript:', 'vbscript:', 'data:'].includes(e.protocol));
  const frames = all.filter(e => ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED'].includes(e.tagName));
  bad.forEach(e => e.click());
  return {acted: window.acted === undefined ? 'no' : 'yes', looked: all.length, events: events.length,
          bad: bad.length, frames: frames.length, text: cells.innerText};
}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tiny_course(tmp_path_factory.mktemp("shown"))
    release(course, course.topics)
    corpus = {attack.name: attack for attack in attacks()}
    fill = {"COURSE": str(course.root), "PORT": "9", "SECRET": "none"}
    for name in SCRIPTS:
        hand_in(course, corpus[name], fill)
    submit(course, "writer", apply_elsewhere=answer(solution(course, "apply_elsewhere"), "story", WRITE_UP))
    grade_class(course, course.topics[0])
    write_feedback(course, course.topics[0])
    return course


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="`make` installs Playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def formgrader(course):
    """A Jupyter server with nbgrader's formgrader, for the course; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    words = ["--no-browser", "--allow-root", f"--ServerApp.port={port}", "--IdentityProvider.token=open"]
    words += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    command = [sys.executable, "-m", "jupyter", "server", *words, f"--ServerApp.root_dir={course.root}"]
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(course.root / "none"), "HOME": str(course.root)}
    with open(course.root / "server.log", "wb") as log:
        server = subprocess.Popen(command, cwd=course.root, env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api?token=open", timeout=5)
                break
            except OSError:
                assert server.poll() is None, (course.root / "server.log").read_text()[-3000:]
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def looked_at(browser, address):
    page = browser.new_page()
    try:
        page.goto(address, wait_until="domcontentloaded", timeout=60_000)
        page.wait_for_timeout(500)
        return page.evaluate(CANNOT_ACT)
    finally:
        page.close()


def pages(course):
    return sorted((course.workspace / "feedback").glob(f"*/{TOPIC}/*.html"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_when_a_feedback_page_is_opened_then_nothing_of_a_learner_s_acts(course, browser, name):
    (path,) = (path for path in pages(course) if path.parts[-3] == name)
    seen = looked_at(browser, path.as_uri())
    assert (seen["acted"], seen["events"], seen["bad"], seen["frames"]) == ("no", 0, 0, 0)
    assert seen["looked"] > 20
    assert "window.acted" in seen["text"]


def test_when_a_write_up_has_a_formula_and_a_table_then_its_page_draws_them_and_asks_no_other_host(
    course, browser
):
    (path,) = (path for path in pages(course) if path.parts[-3] == "writer")
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    drawn = page.locator("math msqrt").bounding_box()
    assert drawn["width"] > 20
    assert drawn["height"] > 10
    assert "$\\nosuch{a}$" in page.inner_text("body")
    first, second = (page.get_by_role("columnheader", name=name) for name in ("images", "found"))
    # The words of a heading, without the room around them.
    words = "e => { const r = new Range(); r.selectNodeContents(e); return r.getBoundingClientRect().right }"
    assert second.bounding_box()["x"] - first.evaluate(words) > 8
    page.close()
    assert asked == [path.as_uri()]


@pytest.mark.parametrize("name", SCRIPTS)
def test_when_the_formgrader_shows_a_submission_then_nothing_of_a_learner_s_acts(
    course, browser, formgrader, name
):
    exercise = next(attack.exercise for attack in attacks() if attack.name == name)
    with open_gradebook(course) as gradebook:
        number = gradebook.find_submission_notebook(exercise, TOPIC, name).id
    seen = looked_at(browser, f"{formgrader}/formgrader/submissions/{number}/?token=open")
    assert (seen["acted"], seen["events"], seen["bad"], seen["frames"]) == ("no", 0, 0, 0)
    assert seen["looked"] > 20
    assert "window.acted" in seen["text"]
