"""`prove` tells which known answer a grader mistakes, and a proof holds until something changes."""

import json

import pytest
from tiny_course import TOPIC, attempt, tiny_course, with_proofs

from foursteps import notebook
from foursteps.prove import broken_proof, prove, stale
from foursteps.prove.fault import Fault, compare
from foursteps.prove.mutants import equivalents_file
from foursteps.prove.proof import Proof, digest, proof_file, write_proofs
from foursteps.run import ColdRunner, FakeRunner, RunCache

ROUNDED = "def distance(a, b):\n    return round(float(((a - b) ** 2).sum()) ** 0.5, 1)"
ONE_NEIGHBOUR = (
    "model = KNeighborsClassifier(1).fit(read(train), labels)\n"
    "predict = lambda paths: model.predict(read(paths))"
)


@pytest.mark.parametrize(
    ("kind", "found", "least", "most", "fault"),
    [
        ("wrong", 0, 0, 0, None),
        ("wrong", 1.004, 0, 1, None),
        ("wrong", 4, 0, 0, "wrong accepted"),
        ("wrong", 4, 0, 2, "wrong accepted"),
        ("pasted", 4, 0, 0, "wrong accepted"),
        ("wrong", 3, 0, 2, "expectation missed"),
        ("wrong", 0, 4, 4, "expectation missed"),
        ("right", 3.9, 4, 4, "right refused"),
        ("right", 4, 0, 2, "expectation missed"),
        ("right", 4, 4, 4, None),
    ],
)
def test_when_points_differ_from_what_is_due_then_the_fault_has_its_kind(kind, found, least, most, fault):
    assert compare(kind, found, least, most, points=4) == fault


def test_when_a_fault_is_told_then_it_says_where_expected_found_and_the_mend():
    fault = Fault("right refused", "01_means/reproduce", "loops", 101, "distance", "2 of 2", "0 (failed: no)")
    assert fault.message == (
        "01_means/reproduce, loops, seed 101, distance: right refused: "
        "expected 2 of 2; found 0 (failed: no). "
        "Let the check accept this answer, or correct the answer."
    )


@pytest.fixture
def course(tmp_path):
    return tiny_course(tmp_path / "course")


@pytest.fixture
def proved(course):
    """A course whose exercises have their attempts and their proofs."""
    return with_proofs(course).topic(TOPIC)


def test_when_every_grader_is_proved_then_the_rule_is_kept(proved):
    assert list(broken_proof(proved)) == []
    assert stale(proved) == ()


@pytest.mark.parametrize("place", ["solution", "grader", "attempt", "claims"])
def test_when_one_character_of_what_a_proof_depends_on_changes_then_it_is_stale(proved, place):
    exercise = proved.exercises["reproduce"]
    path = {
        "solution": exercise.source,
        "grader": exercise.grader,
        "attempt": exercise.attempts / "wrong_1.py",
        "claims": proved.claims,
    }[place]
    text = path.read_text("utf-8") if path.is_file() else ""
    path.write_text(text.replace("axis=0", "axis= 0") if place == "solution" else text + "\n", "utf-8")
    assert "reproduce" in stale(proved)
    error = next(broken_proof(proved))
    assert error.where == f"{proof_file(proved)}, reproduce"
    assert "has changed" in error.found
    assert error.mend == "Run `foursteps prove 01_means --only reproduce`."


def test_when_only_prose_changes_then_the_proof_stays(proved):
    path = proved.exercises["reproduce"].source
    found = notebook.read(path)
    found.cells[0].source += " More words."
    notebook.write(path, found)
    assert stale(proved) == ()


def test_when_an_attempt_of_one_exercise_changes_then_the_other_stays_proved(proved):
    attempt(proved.exercises["reproduce"], "wrong_9", "wrong", "accuracy = 0", answer_model="predict = max")
    assert stale(proved) == ("reproduce",)


def test_when_an_equivalent_of_one_exercise_is_listed_then_only_its_own_proof_is_stale(proved):
    listed = '[[mutant]]\nexercise = "reproduce"\ncell = "answer"\nchange = "1 becomes 2"\nreason = "{}"\n'
    equivalents_file(proved.exercises["reproduce"]).write_text(listed.format("It is the same."), "utf-8")
    assert stale(proved) == ("reproduce",)
    before = digest(proved.exercises["reproduce"])
    equivalents_file(proved.exercises["reproduce"]).write_text(listed.format("In other words."), "utf-8")
    assert digest(proved.exercises["reproduce"]) == before


def test_when_there_is_no_proof_then_the_rule_says_so(proved):
    proof_file(proved).unlink()
    assert [error.found for error in broken_proof(proved)] == ["none", "none"]


def test_when_proof_json_is_damaged_then_it_counts_as_missing(proved):
    proof_file(proved).write_text("[", "utf-8")
    assert stale(proved) == ("reproduce", "apply_elsewhere")


def test_when_a_proof_has_faults_or_few_seeds_then_the_rule_says_so(course, proved):
    fault = Fault("wrong accepted", "01_means/reproduce", "wrong_1", 101, "accuracy", "0 of 5", "5")
    reproduce, elsewhere = proved.exercises.values()
    write_proofs(course, [Proof(reproduce, 5, 2, (), (fault,)), Proof(elsewhere, 1, 1, (), ())])
    assert [(e.expected, e.found) for e in broken_proof(proved)] == [
        ("no wrong accepted", "1"),
        ("5 seeds of right answers and 2 of wrong ones", "1 and 1"),
    ]


def test_when_attempts_are_missing_then_the_rule_names_their_kind(proved):
    (proved.exercises["reproduce"].attempts / "stub.py").unlink()
    attempt(proved.exercises["apply_elsewhere"], "wrong_3", "wrong", answer_model="predict = len")
    said = [(error.expected, error.found) for error in broken_proof(proved)]
    assert ("at least 1 of kind stub", "0") in said
    assert ("a check that this wrong answer loses points at", "none") in said


def test_when_an_attempt_names_an_unknown_check_then_nothing_is_run(course):
    exercise = course.topic(TOPIC).exercises["reproduce"]
    attempt(exercise, "wrong", "wrong", "no_such = 0", answer_model="predict = len")
    runner = FakeRunner(lambda notebook, parameters: notebook)
    with pytest.raises(Exception, match="no_such"):
        prove(course, [exercise], runner=runner)
    assert runner.calls == []


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """One proof with every kind of fault, and what it takes to make it again from kept runs."""
    root = tmp_path_factory.mktemp("prove")
    course = tiny_course(root / "course")
    exercise = course.topic(TOPIC).exercises["reproduce"]
    attempt(exercise, "stub", "stub")
    attempt(exercise, "missed", "wrong", "distance = [1, 1.5]", answer_distance="distance = min")
    attempt(exercise, "refused", "right", answer_distance=ROUNDED)
    attempt(exercise, "accepted", "wrong", "accuracy = 0", answer_model=ONE_NEIGHBOUR)
    events = []
    given = {"seeds": 1, "runner": ColdRunner(), "cache": RunCache(root / "runs"), "on_event": events.append}
    (proof,) = prove(course, [exercise], **given)
    return course, exercise, given, proof, events


@pytest.mark.slow
def test_when_an_expectation_is_wrong_then_attempt_check_expected_and_found_are_said(trial):
    (fault,) = trial[3].of("expectation missed")
    assert (fault.answer, fault.check, fault.seed, fault.expected) == (
        "missed",
        "distance",
        101,
        "1 to 1.5 of 2",
    )
    assert fault.found.startswith("0 (failed: Right on 0 of 4 inputs; on input 1 ")


@pytest.mark.slow
def test_when_a_right_answer_is_refused_then_it_is_said(trial):
    assert {(fault.answer, fault.check) for fault in trial[3].of("right refused")} == {
        ("refused", "distance")
    }


@pytest.mark.slow
def test_when_a_wrong_answer_is_accepted_then_it_is_said(trial):
    assert [(f.answer, f.check) for f in trial[3].of("wrong accepted")] == [("accepted", "accuracy")]


@pytest.mark.slow
def test_when_a_mutant_keeps_its_points_then_it_lives_and_the_others_do_not(trial):
    proof = trial[3]
    alive = proof.of("mutant alive")
    assert proof.mutants > len(alive)
    assert len(alive) == proof.count("mutant alive") == 1
    assert (
        "`sorted(path.glob('train/*/*.png'))` becomes `sorted(path.glob('valid/*/*.png'))`"
        in alive[0].expected
    )
    assert alive[0].found == "0 lost"


@pytest.mark.slow
def test_when_nothing_has_changed_then_nothing_runs_and_an_equivalent_mutant_is_left_out(trial):
    course, exercise, given, first, events = trial
    entry = (
        '[[mutant]]\nexercise = "reproduce"\ncell = "answer_data"\n'
        "change = \"`sorted(path.glob('train/*/*.png'))` becomes `sorted(path.glob('valid/*/*.png'))`\"\n"
        'reason = "There are as many validation rows, as good to learn from."\n'
    )
    equivalents_file(exercise).write_text(entry, "utf-8")
    try:
        events.clear()
        (proof,) = prove(course, [exercise], **given)
    finally:
        equivalents_file(exercise).unlink()
    assert (proof.count("mutant alive"), proof.equivalents) == (0, 1)
    assert proof.mutants == first.mutants - 1
    done = [event for event in events if event.kind == "finished"]
    assert done[-1].done == done[-1].total == len(done)
    assert not any(event.fresh for event in done)


@pytest.mark.slow
def test_when_a_proof_is_made_then_its_table_lies_beside_the_grader(trial):
    record = json.loads(proof_file(trial[0].topic(TOPIC)).read_text("utf-8"))["exercises"]["reproduce"]
    assert (record["right_refused"], record["wrong_accepted"], record["attempts"]) == (1, 1, 5)
    solution = next(row for row in record["table"] if row["answer"] == "solution")
    marks = {"mean_image": 2.0, "distance": 2.0, "classes": 1.0, "accuracy": 5.0}
    assert solution["runs"] == [{"seed": 101, "marks": marks}]
    stub = next(row for row in record["table"] if row["answer"] == "stub")
    assert set(stub["runs"][0]["marks"].values()) == {0.0}


@pytest.mark.slow
def test_when_a_wrong_answer_differs_only_in_a_function_then_it_is_asked_only_there(trial):
    rows = {row.answer: row for row in trial[3].rows}
    assert rows["missed"].runs == [{"seed": 101, "marks": {"distance": 0.0}}]
    assert set(rows["accepted"].runs[0]["marks"]) == {"mean_image", "distance", "classes", "accuracy"}


@pytest.mark.slow
def test_when_only_a_sample_is_asked_for_then_so_many_run_and_no_proof_is_written(trial):
    course, exercise, given, first, events = trial
    before = proof_file(course.topic(TOPIC)).read_text("utf-8")
    events.clear()
    (proof,) = prove(course, [exercise], sample=3, **given)
    assert len([event for event in events if event.kind == "finished"]) == 3
    assert {row.answer for row in proof.rows} <= {row.answer for row in first.rows}
    assert proof_file(course.topic(TOPIC)).read_text("utf-8") == before
