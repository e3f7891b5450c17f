"""The start page: what is done, what comes next, and links that lead to the learner's own copies."""

import re
import shutil
import sys

import pytest
from learner_course import TOPIC, given_out, tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.learner.lab import lab_command, make_ready
from foursteps.learner.progress import Event, Progress
from foursteps.learner.start_page import page
from foursteps.run import ColdRunner


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture
def course(released, tmp_path):
    shutil.copytree(released.root, tmp_path / "course")
    return Course.load(tmp_path / "course")


def output(path):
    (found,) = nb.read(path).cells[1].outputs
    return found["data"]


def test_when_the_lab_is_opened_then_every_link_of_the_page_leads_to_a_copy_that_is_there(course):
    path = make_ready(course)
    html = output(path)["text/html"]
    links = set(re.findall(r'href="([^"]+)"', html))
    assert links == {f"{TOPIC}/{name}.ipynb" for name in ("lecture", "reproduce", "apply_elsewhere")}
    assert all((path.parent / link).is_file() for link in links)
    assert "Begin with" in html
    assert "30 min for this step" not in html
    assert "15 min for this step, 1 h 10 min for the course" in html


def test_when_steps_are_done_then_the_page_says_so_in_words_and_signs_and_names_the_next(course):
    make_ready(course)
    Progress.of(course.work).add(
        Event("claim", TOPIC, "accuracy"), Event("check", TOPIC, "accuracy", "passed", 5, 5)
    )
    shown = page(course.work)
    assert repr(shown).splitlines() == [
        "A tiny course",
        "01_means: What a mean can do, 30 min",
        "  ✓ Watch: done",
        "  ✓ Run: done",
        "  ◐ Reproduce: 5 of 10 points",
        "  ○ Apply elsewhere: to do",
        "Next: reproduce 01_means",
    ]
    html = shown._repr_html_()
    assert "Go on with" in html
    assert 'aria-label="50% done"' in html
    assert html.count("<small") == html.count("</small>")


def test_when_all_is_done_then_the_page_says_that(course):
    events = [Event("claim", TOPIC, "accuracy")]
    points = {"mean_image": 2, "distance": 2, "classes": 1, "accuracy": 5, "gain": 6}
    events += [Event("mark", TOPIC, name, "passed", most, most) for name, most in points.items()]
    Progress.of(course.work).add(*events)
    assert "All done." in page(course.root)._repr_html_()


def test_when_the_page_is_opened_again_then_work_stays_and_the_page_is_new(course):
    path = make_ready(course)
    own = course.work / TOPIC / "reproduce.ipynb"
    own.write_text(own.read_text("utf-8").replace("seed = 42", "seed = 7"), "utf-8")
    before = own.read_bytes()
    Progress.of(course.work).add(Event("watched", TOPIC, "lecture"))
    make_ready(course)
    assert own.read_bytes() == before
    assert "✓ Watch: done" in output(path)["text/plain"]


def test_when_jupyterlab_starts_then_it_opens_the_page_in_the_courses_folder(course, tmp_path):
    command = lab_command(course, course.work / "Start.ipynb", ["--no-browser"])
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={course.root}" in command
    assert command[-2:] == ["--no-browser", str(course.work / "Start.ipynb")]


@pytest.mark.slow
def test_when_the_pages_cell_runs_then_it_gives_the_page_again(course):
    path = make_ready(course)
    result = ColdRunner().run(nb.read(path), cwd=path.parent)
    assert result.status == "ok"
    assert result.notebook.cells[1].outputs[0]["data"]["text/html"] == output(path)["text/html"]
