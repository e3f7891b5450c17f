"""check() and hint() as a learner meets them: a card at once, closed unless it passed, never an exception."""

import json
import re

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from foursteps import check, hint
from foursteps.checks import session
from foursteps.checks.definition import (
    Case,
    Checks,
    Expect,
    Function,
    Metric,
    Property,
    Scale,
    WriteUp,
    load_grader,
)
from foursteps.checks.evidence import MIME, encode
from foursteps.errors import CheckError

CHECKS = Checks(
    topic="01_tiny",
    exercises={
        "reproduce": (
            Function(
                name="mean_image",
                asks="the mean of each pixel",
                points=2,
                hints=("Over which axis?", "The first one counts images.", "images.mean(axis=0)"),
                advice={"the shape is": "Average over the images, not over the pixels."},
                visible=(
                    Case(arguments=[encode(np.eye(3))], expected=encode(np.full(3, 1 / 3))),
                    Case(arguments=[encode(np.ones((2, 3)))], expected=encode(np.ones(3))),
                ),
            ),
            Property(
                name="data", asks="both sets", points=1, probe="array", expect={"shape": Expect(equals=[2])}
            ),
            Metric(
                name="accuracy",
                asks="tell 3 from 7",
                points=3,
                datasets=("mnist_3_7",),
                takes="predict",
                claim="lecture.accuracy",
                scales={"mnist_3_7": Scale(zero=0.5, full=0.9)},
            ),
        ),
        "apply_elsewhere": (WriteUp(name="write_up", asks="what you did", points=4, rubric=()),),
    },
)


@pytest.fixture
def exercise(tmp_path, monkeypatch):
    """A folder with checks.json, and a session that has seen nothing yet."""
    (tmp_path / "checks.json").write_text(CHECKS.dumps())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOURSTEPS_GRADING", raising=False)
    monkeypatch.setattr(session, "_misses", {})
    monkeypatch.setattr(session, "_hints_seen", {})
    return tmp_path


def test_when_the_function_is_right_then_the_card_says_so_and_gives_the_points(exercise, capsys):
    assert check("mean_image", lambda images: images.mean(axis=0)) == 2.0
    assert capsys.readouterr().out.splitlines()[0] == "✓ Passed: mean_image, 2 of 2 points"


def test_when_only_part_is_right_then_the_card_shows_the_part_and_the_value_stays_closed(exercise, capsys):
    assert check("mean_image", lambda images: images.mean(axis=1)) == 0.0
    said = capsys.readouterr().out
    assert "✗ Not yet: mean_image, 1 of 2 points" in said
    assert "Right on 1 of 2 inputs; on input 2 the shape is (2,), not (3,)." in said
    assert "given     [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]\n" in said
    assert "try       Average over the images, not over the pixels." in said
    assert 'hint("mean_image") gives a hint.' in said


@pytest.mark.parametrize(
    "stub",
    [..., None, lambda images: ..., lambda images: None],
    ids=["dots", "none", "gives-dots", "gives-none"],
)
def test_when_the_stub_is_untouched_then_it_is_not_attempted_rather_than_wrong(exercise, capsys, stub):
    assert check("mean_image", stub) == 0.0
    assert "○ Not attempted: mean_image, 0 of 2 points" in capsys.readouterr().out


def test_when_the_function_raises_then_the_card_says_what_and_nothing_is_raised(exercise, capsys):
    def broken(images):
        raise IndexError("too many indices")

    assert check("mean_image", broken) == 0.0
    assert "it raised IndexError: too many indices" in capsys.readouterr().out


def test_when_the_thing_is_no_function_then_the_card_says_what_it_is(exercise, capsys):
    assert check("mean_image", 7) == 0.0
    assert "a function is wanted here, this is a int" in capsys.readouterr().out


def test_when_a_function_changes_its_arguments_then_the_next_call_sees_fresh_ones(exercise):
    def spoils(images):
        result = images.mean(axis=0)
        images[:] = 0
        return result

    assert check("mean_image", spoils) == check("mean_image", spoils) == 2.0


def test_when_the_name_is_unknown_then_the_card_lists_the_known_ones(exercise, capsys):
    assert check("acuracy", 1) == 0.0
    assert "expected one of mean_image, data, accuracy, write_up; found 'acuracy'" in capsys.readouterr().out


def test_when_there_is_no_checks_json_then_the_card_says_how_to_get_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert check("mean_image", 1) == 0.0
    assert (
        "expected checks.json, the exercise's checks, beside the notebook; found none"
        in capsys.readouterr().out
    )


def test_when_hints_are_asked_for_then_they_climb_the_ladder_and_stay_at_the_top(exercise, capsys):
    for _ in range(4):
        hint("mean_image")
    hint("mean_image", 1)
    said = capsys.readouterr().out.splitlines()
    assert [line[:11] for line in said] == [
        "Hint 1 of 3",
        "Hint 2 of 3",
        "Hint 3 of 3",
        "Hint 3 of 3",
        "Hint 1 of 3",
    ]
    assert said[2].endswith("images.mean(axis=0)")


def test_when_no_dataset_was_opened_then_the_card_says_which_to_open(exercise, capsys, monkeypatch):
    monkeypatch.setattr("foursteps.data.opened", dict)
    assert check("accuracy", lambda files: ["3"] * len(files)) == 0.0
    assert 'first call get("mnist_3_7", seed=seed)' in capsys.readouterr().out


def test_when_predictions_are_given_then_they_are_held_against_the_held_out_labels(exercise, capsys):
    from foursteps import data

    data.get("mnist_3_7", seed=5)
    truth = data.held_out_labels("mnist_3_7", seed=5)
    assert check("accuracy", lambda files: truth) == 3.0
    assert check("accuracy", lambda files: ["3"] * len(files)) == 0.0
    assert check("accuracy", lambda files: ["3"]) == 0.0
    said = capsys.readouterr().out
    assert "accuracy above 0.900: all the points." in said
    assert f"predictions of shape (1,) for {len(truth)} rows" in said


def cards(outputs):
    return [o["data"] for o in outputs if o.output_type == "display_data"]


def run(folder, *sources, env=None, monkeypatch=None):
    for name, value in (env or {}).items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


MEAN = 'from foursteps import check\ncheck("mean_image", lambda images: images.mean(axis=0))'


def test_when_a_check_runs_in_a_kernel_then_it_shows_html_and_its_value_is_a_plain_number(exercise):
    notebook = run(exercise, MEAN, 'check("mean_image", ...)')
    (card,) = cards(notebook.cells[0].outputs)
    assert 'aria-label="Check mean_image: Passed"' in card["text/html"]
    assert MIME not in card
    values = [
        o.data["text/plain"] for c in notebook.cells for o in c.outputs if o.output_type == "execute_result"
    ]
    assert values == ["2.0", "0.0"]


def test_when_grading_then_only_evidence_is_emitted_and_the_value_is_nothing(exercise, monkeypatch):
    hidden = np.arange(12.0).reshape(4, 3)
    (exercise / "inputs.json").write_text(json.dumps({"mean_image": [[encode(hidden)]]}))
    notebook = run(exercise, MEAN, env={"FOURSTEPS_GRADING": str(exercise)}, monkeypatch=monkeypatch)
    (bundle,) = cards(notebook.cells[0].outputs)
    assert bundle[MIME]["state"] == "given"
    assert bundle[MIME]["content"] == [{"value": encode(hidden.mean(axis=0))}]
    assert "text/html" not in bundle
    assert notebook.cells[0].outputs[-1].data["text/plain"] == "0.0"


def test_when_a_card_holds_a_learners_text_then_it_is_escaped(exercise):
    html = session.html_card(
        session.Outcome("a", "failed", 0, 1, got="<script>alert(1)</script>", reason="<b>"), advice="<i>"
    )
    assert not re.search("<script|<b>|<i>", html)


def test_when_a_grader_is_broken_then_loading_it_says_where_and_why(tmp_path):
    path = tmp_path / "reproduce.py"
    for content, found in [
        (None, "no such file"),
        ("CHECKS = [", "SyntaxError"),
        ("CHECKS = 3", "no such tuple"),
        (
            "from foursteps.checks.definition import WriteUp\n"
            "CHECKS = (WriteUp(name='a', asks='', rubric=()), WriteUp(name='a', asks='', rubric=()))",
            "a more than once",
        ),
        (
            "from foursteps.checks.definition import WriteUp\n"
            "CHECKS = (WriteUp(name='a', asks='', rubric=(), pionts=3),)",
            "pionts",
        ),
    ]:
        if content is not None:
            path.write_text(content)
        with pytest.raises(CheckError, match="expected a grader: a tuple CHECKS") as caught:
            load_grader(path)
        assert found in str(caught.value)


def test_when_checks_json_says_something_unknown_then_the_entry_is_named():
    text = CHECKS.dumps()
    assert Checks.loads(text) == CHECKS
    with pytest.raises(CheckError, match=r"checks.json, exercises.reproduce.0.function.pionts"):
        Checks.loads(text.replace('"points": 2.0', '"pionts": 2.0', 1))
