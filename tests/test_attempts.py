"""An attempt is read as it is written, and becomes the notebook a learner would hand in."""

import pytest
from tiny_course import ANSWERS, TOPIC, find, region, tiny_course

from foursteps import notebook as nb
from foursteps.errors import CourseError
from foursteps.grade.attempts import read_attempt, read_attempts, sample_class, submission_of

WRONG = """\
# /// attempt
# says = "Adds up the gaps instead of their squares."
# kind = "wrong"
# [expect]
# distance = 0
# accuracy = [0, 5]
# ///
# %% answer_distance
def distance(a, b):
    return float(abs(a - b).sum())

# %% answer_model
predict = len
"""


@pytest.fixture
def course(tmp_path):
    return tiny_course(tmp_path)


@pytest.fixture
def exercise(course):
    return course.topics[0].exercises["reproduce"]


def write(exercise, text, name="sums"):
    exercise.attempts.mkdir(parents=True, exist_ok=True)
    path = exercise.attempts / f"{name}.py"
    path.write_text(text, "utf-8")
    return path


def test_when_an_attempt_is_read_then_it_has_its_header_and_its_cells(exercise):
    write(exercise, WRONG)
    (attempt,) = read_attempts(exercise)
    assert (attempt.name, attempt.kind) == ("sums", "wrong")
    assert attempt.says == "Adds up the gaps instead of their squares."
    assert attempt.cells == {
        "answer_distance": "def distance(a, b):\n    return float(abs(a - b).sum())",
        "answer_model": "predict = len",
    }
    assert attempt.earns("distance", 2) == (0, 0)
    assert attempt.earns("accuracy", 5) == (0, 5)
    assert attempt.earns("mean_image", 2) == (2, 2)


def test_when_a_stub_says_nothing_then_every_check_must_earn_nothing(exercise):
    attempt = read_attempt(write(exercise, '# /// attempt\n# says = "Untouched."\n# kind = "stub"\n# ///\n'))
    assert attempt.earns("accuracy", 5) == (0, 0)
    notebook = submission_of(exercise, attempt)
    assert (
        find(notebook, "answer_mean").source
        == "def mean_image(images):\n    # your code here\n    return ..."
    )


def test_when_an_attempt_replaces_cells_then_the_others_hold_the_solution(exercise):
    notebook = submission_of(exercise, read_attempt(write(exercise, WRONG)))
    assert find(notebook, "answer_model").source == "predict = len"
    assert find(notebook, "answer_mean").source == f"def mean_image(images):\n    {ANSWERS['mean_image']}"
    assert "SOLUTION" not in nb.dumps(notebook)
    assert find(notebook, "accuracy").metadata.deletable is False


def test_when_the_lecture_is_pasted_then_its_code_stands_in_the_first_answer(course):
    exercise = course.topics[0].exercises["apply_elsewhere"]
    path = write(exercise, '# /// attempt\n# says = "Pasted."\n# kind = "pasted"\n# ///\n')
    source = find(submission_of(exercise, read_attempt(path)), "answer_model").source
    assert 'get("mnist_3_7", seed=seed)' in source
    assert "neighbours = 3" not in source


BROKEN = {
    "no-header": ("x = 1", "no header"),
    "no-toml": ("# /// attempt\n# says =\n# ///\n", "a header that is no TOML"),
    "unknown-entry": ('# /// attempt\n# says = "a"\n# kind = "stub"\n# level = 3\n# ///\n', "level: Extra"),
    "unknown-kind": ('# /// attempt\n# says = "a"\n# kind = "odd"\n# ///\n', "kind: Input should be"),
    "no-cell": ('# /// attempt\n# says = "a"\n# kind = "right"\n# ///\n', "no cell"),
    "stub-with-cells": (
        '# /// attempt\n# says = "a"\n# kind = "stub"\n# ///\n# %% a\n1',
        "cells in an attempt",
    ),
}


@pytest.mark.parametrize(("text", "found"), BROKEN.values(), ids=BROKEN)
def test_when_an_attempt_is_malformed_then_the_file_and_the_fault_are_named(exercise, text, found):
    path = write(exercise, text)
    with pytest.raises(CourseError) as raised:
        read_attempt(path)
    assert raised.value.where == str(path)
    assert raised.value.found.startswith(found)


def test_when_an_attempt_names_an_unknown_cell_or_check_then_it_is_refused(exercise):
    for wrong in (WRONG.replace("%% answer_model", "%% nowhere"), WRONG.replace("# distance", "# nowhere")):
        with pytest.raises(CourseError, match="nowhere"):
            submission_of(exercise, read_attempt(write(exercise, wrong)))


def test_when_the_sample_class_is_written_again_then_nothing_changes(course):
    for name, exercise in course.topics[0].exercises.items():
        cell = {"reproduce": "answer_distance", "apply_elsewhere": "answer_model"}[name]
        text = f'# /// attempt\n# says = "Empty."\n# kind = "wrong"\n# ///\n# %% {cell}\nNone\n'
        write(exercise, text, "sample_wrong")
    folders = sample_class(course, course.topics[0])
    assert [folder.parent.name for folder in folders] == ["complete", "stub", "wrong"]
    assert all(folder.name == TOPIC for folder in folders)
    paths = sorted(course.workspace.glob("submitted/*/*/*.ipynb"))
    assert len(paths) == 6
    before = [path.stat().st_mtime_ns for path in paths]
    sample_class(course, course.topics[0])
    assert [path.stat().st_mtime_ns for path in paths] == before


def test_when_a_region_is_written_then_its_markers_stand_around_it():
    assert region("a\nb", "  ") == "  ### BEGIN SOLUTION\n  a\n  b\n  ### END SOLUTION"
