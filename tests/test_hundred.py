"""A hundred submissions, ten of them attacks: a hundred rows in the gradebook, ninety as they deserve."""

import pytest
from attack_class import attacks, hand_in
from tiny_course import TOPIC, answer, solution, submit, tiny_course

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.grade import grade_class
from foursteps.grade.gradebook import open_gradebook
from foursteps.release import release

pytestmark = pytest.mark.slow
TEN = (
    "deleted_checks",
    "endless_loop",
    "evidence_flood",
    "fork_bomb",
    "json_without_end",
    "leaves_at_once",
    "links_to_the_gradebook",
    "memory_bomb_of_many",
    "output_bomb",
    "time_that_is_none",
)
QUICK = "predict = lambda paths: ['3'] * len(paths)"


def test_when_ten_of_a_hundred_submissions_are_attacks_then_the_gradebook_has_a_hundred_rows(tmp_path):
    course = tiny_course(tmp_path)
    text = (course.root / "course.toml").read_text("utf-8").replace("cell_seconds = 30", "cell_seconds = 10")
    (course.root / "course.toml").write_text(text, "utf-8")
    course = Course.load(course.root)
    release(course, course.topics)
    fill = {"COURSE": str(course.root), "PORT": "9", "SECRET": "none"}
    corpus = {attack.name: attack for attack in attacks()}
    for name in TEN:
        hand_in(course, corpus[name], fill)
    # Nobody trains here: what is counted is rows.
    honest = nb.dumps(answer(solution(course, "reproduce"), "answer_model", QUICK))
    for number in range(90):
        submit(course, f"learner-{number:02}", reproduce=honest.replace("42", str(100 + number), 1))

    rows = [row for row in grade_class(course, course.topics[0]) if row.exercise == "reproduce"]
    assert (len(rows), [row.error for row in rows if row.error]) == (100, [])
    assert [row.points for row in rows if row.student.startswith("learner")] == [5.0] * 90
    with open_gradebook(course) as gradebook:
        graded = gradebook.notebook_submissions("reproduce", TOPIC)
        assert len(graded) == 100
        assert not any(entry.needs_manual_grade for entry in graded)
        scores = {entry.student.id: entry.score for entry in graded}
    assert scores == {row.student: row.points for row in rows}
