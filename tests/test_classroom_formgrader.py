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


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.2)


def given(course):
    with quiet(), open_gradebook(course) as gradebook:
        notebook = gradebook.find_submission_notebook("apply_elsewhere", TOPIC, "ada")
        grade = next(grade for grade in notebook.grades if grade.name == "story")
        comment = next(comment for comment in notebook.comments if comment.name == "story")
        return grade.manual_score, comment.manual_comment


def test_when_a_write_up_is_marked_in_the_formgrader_then_it_counts_and_stays(course, browser, formgrader):  # noqa: F811
    with quiet(), open_gradebook(course) as gradebook:
        number = gradebook.find_submission_notebook("apply_elsewhere", TOPIC, "ada").id
    page = browser.new_page()
    page.goto(f"{formgrader}/formgrader/submissions/{number}/?token=open", timeout=60_000)
    text = page.inner_text("#notebook-container")
    assert "Marked by a person, 4 points:\na reason: 2\na number: 2" in text
    assert "because one mean blurs the strokes" in text
    assert "Check gain: Passed" in text
    assert text.index("Marked by a person") < text.index("because one mean")
    assert page.get_attribute("input#gain", "placeholder") == "6"
    page.fill("input#story", "3")
    page.press("input#story", "Tab")
    page.fill("textarea#story-comment", "Good: now with a picture.")
    page.press("textarea#story-comment", "Tab")
    wait_for(lambda: given(course) == (3.0, "Good: now with a picture."))
    page.close()

    (record,) = grades(course)
    assert record.marks[TOPIC].points == 19.0
    assert record.marks[TOPIC].by_hand == ()
    assert "Good: now with a picture." in next(
        page.read_text("utf-8")
        for page in write_feedback(course, course.topics[0])
        if page.name == "apply_elsewhere.html"
    )
    grader = course.topics[0].exercises["reproduce"].grader
    grader.write_text(grader.read_text().replace("The distance of two images", "How far apart"))
    rescore_class(course, course.topics[0], sandbox="none")
    assert given(course) == (3.0, "Good: now with a picture.")
