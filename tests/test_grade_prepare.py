"""What a learner's process may read holds no key; the keys are the solution's own answers, made once."""

import json

import numpy as np
import pytest
from nbformat.v4 import new_output
from tiny_course import tiny_course

from foursteps import notebook as nb
from foursteps.checks.definition import Checks
from foursteps.checks.evidence import MIME, decode
from foursteps.checks.gather import gather
from foursteps.claims.ledger import load, load_or_new, measured
from foursteps.errors import ClaimError, GradeError
from foursteps.grade.prepare import checks_of, hidden_calls, prepare, prepare_for_class
from foursteps.run import FakeRunner
from foursteps.run.provenance import stamp

FUNCTIONS = {
    "mean_image": lambda images: images.mean(axis=0),
    "distance": lambda a, b: float(np.sqrt(((a - b) ** 2).sum())),
}


@pytest.fixture
def exercise(tmp_path):
    return tiny_course(tmp_path / "course").topics[0].exercises["reproduce"]


def answering(checks, seed, functions=FUNCTIONS):
    """A runner that does what the solution does, on the calls drawn from `seed`, without a kernel."""
    calls = hidden_calls(checks, seed)

    def run(notebook, parameters):
        for name, cell in nb.graded_cells(notebook).items():
            check = next(check for check in checks if check.name == name)
            bundle = gather(check, functions[name], calls[name], {}, lambda path: []).dump()
            cell.outputs = [new_output("display_data", data={MIME: bundle})]
        return notebook

    return FakeRunner(run)


def prepared(exercise, folder, seed=7, **more):
    return prepare(exercise, folder, seed, answering(checks_of(exercise), seed), **more)


def test_when_an_exercise_is_prepared_then_the_keys_are_the_solutions_answers(exercise, tmp_path):
    keys = prepared(exercise, tmp_path / "grading")
    calls = json.loads((tmp_path / "grading" / "inputs.json").read_text("utf-8"))
    assert sorted(calls) == ["distance", "mean_image"]
    for name, function in FUNCTIONS.items():
        for call, value in zip(calls[name], keys[name]["cases"], strict=True):
            assert np.allclose(decode(value), function(*[decode(argument) for argument in call]))
    metric = keys["accuracy"]["mnist_3_7"]
    assert len(metric.labels) == len(metric.baseline) == 400
    assert set(metric.labels) == {"3", "7"}
    ledger = load(exercise.root / "lectures" / exercise.topic / "claims.json")
    assert metric.scale == ledger.scale("lecture.accuracy")[0]


def test_when_a_folder_is_prepared_then_no_key_is_in_it_and_its_files_cannot_be_written(exercise, tmp_path):
    folder = tmp_path / "grading"
    keys = prepared(exercise, folder)
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.json"))
    for name in FUNCTIONS:
        for value in keys[name]["cases"]:
            assert json.dumps(value) not in text
    places = {path.relative_to(folder / "data").parts[1] for path in folder.rglob("*.png")}
    assert places == {"train", "valid", "held_out"}
    assert all(len(path.relative_to(folder).parts) == 4 for path in folder.rglob("held_out/*.png"))
    assert {path.stat().st_mode & 0o222 for path in folder.rglob("*") if path.is_file()} == {0}
    checks = Checks.loads((folder / "checks.json").read_text("utf-8"))
    assert [check.name for check in checks.exercises["reproduce"]] == [c.name for c in checks_of(exercise)]


def test_when_the_seed_is_another_then_the_split_and_the_inputs_are(exercise, tmp_path):
    checks = checks_of(exercise)
    assert hidden_calls(checks, 7) == hidden_calls(checks, 7)
    assert hidden_calls(checks, 7) != hidden_calls(checks, 8)
    seven = prepared(exercise, tmp_path / "7", 7)["accuracy"]["mnist_3_7"].labels
    eight = prepared(exercise, tmp_path / "8", 8)["accuracy"]["mnist_3_7"].labels
    assert seven.tolist() != eight.tolist()


def test_when_it_was_answered_before_then_the_solution_is_not_run_again(exercise, tmp_path):
    runner = answering(checks_of(exercise), 7)
    first = prepare(exercise, tmp_path / "a", 7, runner)
    again = prepare(exercise, tmp_path / "b", 7, runner)
    assert len(runner.calls) == 1
    assert again["distance"] == first["distance"]
    ran, parameters = runner.calls[0]
    assert parameters == {"seed": 7}
    assert list(nb.graded_cells(ran)) == ["mean_image", "distance"]  # no more than the keys need
    (kept,) = (exercise.root / "class" / "keys").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_when_the_solution_fails_an_input_then_it_is_said_which_check(exercise, tmp_path):
    functions = FUNCTIONS | {"distance": lambda a, b: 1 / 0}
    runner = answering(checks_of(exercise), 7, functions)
    with pytest.raises(GradeError, match="distance: ZeroDivisionError"):
        prepare(exercise, tmp_path / "a", 7, runner)


def test_when_no_band_was_measured_then_only_measuring_goes_on(exercise, tmp_path):
    (exercise.root / "lectures" / exercise.topic / "claims.json").unlink()
    with pytest.raises(ClaimError, match="foursteps reproduce --measure"):
        prepared(exercise, tmp_path / "a")
    keys = prepared(exercise, tmp_path / "b", measuring=True)
    assert (keys["accuracy"]["mnist_3_7"].scale.zero, keys["accuracy"]["mnist_3_7"].scale.full) == (0, 1)


def test_when_a_class_asks_twice_then_it_is_prepared_once_with_seeds_of_its_own(tmp_path):
    course = tiny_course(tmp_path / "course")
    exercise = course.topics[0].exercises["apply_elsewhere"]
    first = prepare_for_class(course, exercise, FakeRunner(lambda notebook, parameters: notebook))
    made = (first.folder / "inputs.json").stat().st_mtime_ns
    again = prepare_for_class(course, exercise, FakeRunner(lambda notebook, parameters: notebook))
    assert (again.folder / "inputs.json").stat().st_mtime_ns == made
    assert again.stamp == first.stamp
    assert again.keys["gain"]["mnist_3_5"].labels.tolist() == first.keys["gain"]["mnist_3_5"].labels.tolist()

    other = tiny_course(tmp_path / "other")
    theirs = prepare_for_class(
        other, other.topics[0].exercises["apply_elsewhere"], FakeRunner(lambda notebook, parameters: notebook)
    )
    assert theirs.seed != first.seed
    assert theirs.keys["gain"]["mnist_3_5"].labels.tolist() != first.keys["gain"]["mnist_3_5"].labels.tolist()

    grader = exercise.grader.read_text("utf-8")
    exercise.grader.write_text(grader.replace("Beat the nearest mean.", "Beat it."), "utf-8")
    changed = prepare_for_class(course, exercise, FakeRunner(lambda notebook, parameters: notebook))
    assert (changed.stamp != first.stamp, changed.run_stamp == first.run_stamp) == (True, True)
    assert (changed.folder / "inputs.json").stat().st_mtime_ns == made

    grader = exercise.grader.read_text("utf-8")
    exercise.grader.write_text(grader.replace('takes="predict"', 'takes="learner"'), "utf-8")
    other_run = prepare_for_class(course, exercise, FakeRunner(lambda notebook, parameters: notebook))
    assert other_run.run_stamp != first.run_stamp
    assert not first.folder.exists()


def measured_again(course, values):
    """The band of the tiny course's gain, measured anew."""
    topic = course.topics[0]
    name = "apply_elsewhere.gain.mnist_3_5"
    run = stamp(nb.read(topic.lecture), {}, "cpu", seconds=1.0, peak_mb=200.0)
    found = measured(name, values, [0.0], run, kind="gain", rows=400, higher_is_better=True)
    load_or_new(topic.claims).with_claims({name: found}).save()


def test_when_a_cut_off_changes_then_keys_follow_and_no_run_is_another(tmp_path):
    course = tiny_course(tmp_path / "course")
    exercise = course.topics[0].exercises["apply_elsewhere"]
    first = prepare_for_class(course, exercise, FakeRunner(lambda notebook, parameters: notebook))
    measured_again(course, {1: 0.2, 2: 0.21, 3: 0.22, 4: 0.2, 5: 0.21})
    second = prepare_for_class(course, exercise, FakeRunner(lambda notebook, parameters: notebook))
    assert second.keys["gain"]["mnist_3_5"].scale != first.keys["gain"]["mnist_3_5"].scale
    assert second.run_stamp == first.run_stamp
