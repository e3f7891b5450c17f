"""Marking by hand in nbgrader's formgrader, in a real browser: rubric and cards in sight, marks kept."""

import time

import pytest
from test_shown import browser, formgrader  # noqa: F401
from tiny_course import TOPIC, answer, solution, submit, tiny_course

from foursteps.classroom.grades import grades
from foursteps.classroom.roster import Learner, enter
from foursteps.grade import grade_class
from foursteps.grade.batch import quiet, rescore_class
from foursteps.grade.feedback import write_feedback
from foursteps.grade.gradebook import open_gradebook
from foursteps.release import release

pytestmark = pytest.mark.slow
STORY = "## My story\n\nThe neighbours gain 0.1, because one mean blurs the strokes."


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tiny_course(tmp_path_factory.mktemp("marked"))
    release(course, course.topics)
    enter(course, [Learner("ada", "Ada", "Lovelace")])
    both = {name: solution(course, name) for name in course.topics[0].exercises}
    submit(course, "ada", **both | {"apply_elsewhere": answer(both["apply_elsewhere"], "story", STORY)})
    grade_class(course, course.topics[0], sandbox="none")
    return course


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.2)


def given(course):
    """What a person gave the story: score and comment."""
    with quiet(), open_gradebook(course) as gradebook:
        notebook = gradebook.find_submission_notebook("apply_elsewhere", TOPIC, "ada")
        grade = next(grade for grade in notebook.grades if grade.name == "story")
        comment = next(comment for comment in notebook.comments if comment.name == "story")
        return grade.manual_score, comment.manual_comment


@pytest.fixture
def page(browser, formgrader):  # noqa: F811
    """A page of somebody who logged in, as a person does; without a network, whose fonts and formulas differ.

    A token in the address of the formgrader's own page is not enough: nbgrader ties the login to that one
    page then, and what it asks for afterwards, every score, is answered with the login form.
    """
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.route("https://**", lambda route: route.abort())
    page.goto(f"{formgrader}/login?next=%2Fformgrader%2F")
    page.fill("input[type=password]", "open")
    page.press("input[type=password]", "Enter")
    page.wait_for_url("**/formgrader/manage_assignments")
    yield page
    page.close()


def test_when_a_write_up_is_marked_in_the_formgrader_then_it_counts_and_stays(course, page, formgrader):  # noqa: F811
    with quiet(), open_gradebook(course) as gradebook:
        number = gradebook.find_submission_notebook("apply_elsewhere", TOPIC, "ada").id
    page.goto(f"{formgrader}/formgrader/submissions/{number}/")
    text = " ".join(page.inner_text("#notebook-container").split())
    rubric, story = (
        "Marked by a person, 4 points: a reason: 2 a number: 2",
        "because one mean blurs the strokes",
    )
    assert text.index("Beat the nearest mean.") < text.index(rubric) < text.index(story)
    assert "Passed gain 6 of 6 points" in text
    assert "over the baseline, 95 % interval" in text
    # The scores come after the page, from the gradebook.
    page.wait_for_function("document.querySelector('input#gain').placeholder === '6'")
    assert page.get_attribute("input#story", "placeholder") is None
    assert "needs_manual_grade" in page.get_attribute("input#story", "class")
    page.fill("input#story", "3")
    page.press("input#story", "Tab")
    page.fill("textarea#story-comment", "Good: now with a picture.")
    page.press("textarea#story-comment", "Tab")
    wait_for(lambda: given(course) == (3.0, "Good: now with a picture."))

    (record,) = grades(course)
    assert record.marks[TOPIC].points == 19.0
    assert record.marks[TOPIC].by_hand == ()
    grader = course.topics[0].exercises["apply_elsewhere"].grader
    grader.write_text(grader.read_text().replace('looks_for="a reason"', 'looks_for="a good reason"'))
    rescore_class(course, course.topics[0], sandbox="none")
    marked = course.workspace / "autograded" / "ada" / TOPIC / "apply_elsewhere.ipynb"
    assert "a good reason" in marked.read_text("utf-8")  # it was marked again, indeed
    assert given(course) == (3.0, "Good: now with a picture.")
    (record,) = grades(course)
    assert record.marks[TOPIC].points == 19.0
    assert record.marks[TOPIC].by_hand == ("story",)  # for a person to look whether it still holds
    pages = {page.name: page.read_text("utf-8") for page in write_feedback(course, course.topics[0])}
    assert "Good: now with a picture." in pages["apply_elsewhere.html"]
