"""Mutants are wrong answers made from right ones: each is one change, inside one solution region."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_course import TOPIC, solution, tiny_course

from foursteps import notebook as nb
from foursteps.errors import CourseError
from foursteps.prove.mutants import (
    Equivalent,
    choose,
    equivalents_file,
    mutants,
    mutated,
    read_equivalents,
    without_equivalents,
)
from foursteps.prove.reach import names, reached, slice_for

BLOCKS = (
    "x = (pixels - pixels.mean(axis=0)) / 255",
    "rows = sorted(path.glob('train/*/*.png'))",
    "model.fit(x, labels)",
    "learn.fit_one_cycle(5, 0.02)",
    "optimizer = SGD(params, lr=0.1)",
    "for x, y in zip(images, labels):\n    loss.backward()\n    opt.step()\n    opt.zero_grad()",
    "def cost(s, y):\n    return -np.log(s[y] ** 2), s.argmax(1) == y",
    "best = max(found, key=lambda item: -item[1])",
    "wanted = [v for v in values if v >= 0 and v not in seen]",
    "print(x.mean() / 2, f'{x / 255:.2f}')",
    "größe = 'é' if a < b else np.sqrt(π - b)  # ü",
    "w -= lr * gradient",
    "w = weights - lr * (gradient == 0)",
    "order = sorted(rows, reverse=True)",
)


def one(source, operator):
    """The sources that one operator makes of a line."""
    return [text for change, text in mutated(source) if change.operator == operator]


@pytest.mark.parametrize(
    ("operator", "right", "wrong"),
    [
        ("validation rows", "x = load('train')", "x = load('valid')"),
        ("shuffled labels", "model.fit(x, y)", "model.fit(x, list(y)[::-1])"),
        ("zero rate", "opt = SGD(params, lr=0.1)", "opt = SGD(params, lr=0.0)"),
        ("zero rate", "learn.fit_one_cycle(epochs, 0.02)", "learn.fit_one_cycle(epochs, 0.0)"),
        ("normalisation", "x = pixels / 255", "x = (pixels)"),
        ("normalisation", "x = pixels - pixels.mean()", "x = (pixels)"),
        ("missing step", "opt.zero_grad()", "pass"),
        ("constant", "def f(x):\n    return x, 1", "def f(x):\n    return (0, 0, )"),
        ("axis", "x = images.mean(axis=0)", "x = images.mean(axis=1)"),
        ("axis", "x = scores.argmax(1)", "x = scores.argmax(0)"),
        ("comparison", "x = a < b", "x = (a > b)"),
        ("extreme", "x = (a == b).max()", "x = (a == b).min()"),
        ("extreme", "x = sorted(a, reverse=True)", "x = sorted(a, reverse=False)"),
        ("sign", "x = np.argsort(-cost)", "x = np.argsort((cost))"),
        ("sign", "w -= rate * slope", "w += rate * slope"),
        ("transform", "x = (a == b).mean()", "x = (a == b).sum()"),
    ],
)
def test_when_a_line_can_be_got_wrong_then_the_operator_gets_it_wrong(operator, right, wrong):
    assert wrong in one(right, operator)


def test_when_a_line_only_shows_something_then_it_has_no_mutant():
    assert list(mutated("print(x.mean(axis=0) / 255)\nplt.plot(x - x.mean())")) == []


def test_when_code_stands_outside_the_solution_then_it_has_no_mutant():
    source = "x = a / 255\n### BEGIN SOLUTION\ny = x / 2\n### END SOLUTION\nz = y / 3"
    assert [text.split("\n")[2] for _, text in mutated(source)] == ["y = (x)"]
    assert all(text.startswith("x = a / 255\n") and text.endswith("z = y / 3") for _, text in mutated(source))


def test_when_a_cell_is_no_python_then_it_has_no_mutant():
    assert list(mutated("x = = 1")) == []


@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=5))
def test_when_a_cell_is_mutated_then_each_mutant_parses_and_is_another_program(blocks):
    source = "\n".join(blocks)
    for change, text in mutated(source):
        assert ast.dump(ast.parse(text)) != ast.dump(ast.parse(source))
        assert change.says


@given(st.lists(st.sampled_from(BLOCKS), min_size=2, max_size=4), st.data())
def test_when_a_region_is_mutated_then_the_lines_around_it_stay(blocks, data):
    inside = data.draw(st.integers(0, len(blocks) - 1))
    marked = list(blocks)
    marked[inside] = f"### BEGIN SOLUTION\n{blocks[inside]}\n### END SOLUTION"
    for _, text in mutated("\n".join(marked)):
        before, rest = text.split("### BEGIN SOLUTION\n")
        after = rest.split("### END SOLUTION")[1]
        assert before == "".join(f"{block}\n" for block in marked[:inside])
        assert after == "".join(f"\n{block}" for block in marked[inside + 1 :])


@pytest.fixture
def course(tmp_path):
    return tiny_course(tmp_path)


def test_when_a_solution_is_mutated_then_each_mutant_says_what_it_is_and_who_may_notice(course):
    found = mutants(solution(course, "reproduce"))
    assert len({(mutant.cell, mutant.change) for mutant in found}) == len(found)
    by_change = {mutant.change: mutant for mutant in found}
    mutant = by_change["`images.mean(axis=0)` becomes `images.mean(axis=1)`"]
    assert (mutant.cell, mutant.reaches) == ("answer_mean", ("mean_image",))
    assert mutant.says == "goes along another axis"
    rows = by_change["`sorted(path.glob('train/*/*.png'))` becomes `sorted(path.glob('valid/*/*.png'))`"]
    assert rows.reaches == ("classes", "accuracy")


def test_when_mutants_are_chosen_then_quick_ones_stay_and_trainings_are_few_and_various(course):
    found = mutants(solution(course, "reproduce"))
    trainings = [mutant for mutant in found if mutant.reaches == ("accuracy",)]
    quick = ["mean_image", "distance", "classes"]
    assert len(trainings) > 1
    chosen = choose(found, quick, most=1)
    assert [mutant for mutant in chosen if mutant in trainings] == trainings[:1]
    assert [m for m in chosen if m not in trainings] == [m for m in found if m not in trainings]
    assert choose(found, quick, most=99) == list(found)
    assert trainings[0].operator == "shuffled labels"  # the most telling comes first


def test_when_a_mutant_is_listed_as_equivalent_then_it_is_left_out():
    (mutant,) = mutants_of("x = a / 2")
    entry = Equivalent(
        exercise="reproduce", cell="answer", change=mutant.change, reason="Only the order counts."
    )
    assert without_equivalents([mutant], [entry], "there") == ()


def test_when_an_equivalent_matches_no_mutant_then_it_is_refused_with_the_mend():
    entry = Equivalent(exercise="reproduce", cell="answer", change="`a` becomes `b`", reason="None.")
    with pytest.raises(CourseError) as error:
        without_equivalents(mutants_of("x = a / 2"), [entry], "graders/equivalent.toml")
    assert "graders/equivalent.toml, answer" in str(error.value)
    assert "`a` becomes `b`, which none has" in str(error.value)
    assert "copy the change anew" in str(error.value)


def test_when_equivalents_are_read_then_only_those_of_the_exercise_are_given(course):
    exercises = course.topic(TOPIC).exercises
    entry = '[[mutant]]\nexercise = "reproduce"\ncell = "c"\nchange = "a"\nreason = "b"\n'
    equivalents_file(exercises["reproduce"]).write_text(entry, "utf-8")
    assert [found.reason for found in read_equivalents(exercises["reproduce"])] == ["b"]
    assert read_equivalents(exercises["apply_elsewhere"]) == ()
    equivalents_file(exercises["reproduce"]).write_text(entry.replace("reason", "because"), "utf-8")
    with pytest.raises(CourseError, match="reason"):
        read_equivalents(exercises["reproduce"])


def mutants_of(source):
    """The mutants of a notebook with one answer, and a check of its x."""
    return mutants(notebook_of(("answer", source), ("check_x", 'check("check_x", x)')))


def notebook_of(*cells):
    """A notebook of answers and, where the id begins with check, graded cells."""
    notebook = nb.nbformat.v4.new_notebook()
    for name, source in cells:
        graded = name.startswith("check")
        meta = {"grade_id": name, "grade": graded, "solution": not graded}
        notebook.cells.append(nb.nbformat.v4.new_code_cell(source, metadata={"nbgrader": meta}))
    return notebook


def test_when_names_are_read_then_what_functions_use_counts_and_what_a_cell_binds_first_does_not():
    found = names("a = b\ndef f():\n    return a + c\nfor d in e:\n    d.go()")
    assert found.binds == {"a", "f", "d"}
    assert found.needs == {"b", "c", "d", "e"}


def test_when_an_answer_is_changed_then_only_the_checks_that_depend_on_it_are_reached():
    notebook = notebook_of(
        ("data", "rows = load()\ntitle = 'rows'"),
        ("helper", "def scale(x):\n    return x / 2"),
        ("model", "model = fit(scale(rows))"),
        ("check_title", 'check("check_title", title)'),
        ("check_scale", 'check("check_scale", scale)'),
        ("more", "model.train()"),
        ("check_model", 'check("check_model", model)'),
    )
    assert reached(notebook, "data", 1) == ("check_model",)
    assert reached(notebook, "data", 2) == ("check_title",)
    assert reached(notebook, "helper", 2) == ("check_scale", "check_model")
    assert reached(notebook, "more", 1) == ("check_model",)


def test_when_a_name_is_bound_anew_then_its_earlier_value_reaches_nothing():
    notebook = notebook_of(("one", "x = 1"), ("two", "x = 2"), ("check_x", 'check("check_x", x)'))
    assert reached(notebook, "one", 1) == ()
    assert reached(notebook, "two", 1) == ("check_x",)


def test_when_a_notebook_is_sliced_then_it_holds_what_the_checks_need_and_nothing_trained(course):
    short = slice_for(solution(course, "reproduce"), {"distance"})
    kept = [nb.grader_metadata(cell).get("grade_id") or cell.id for cell in short.cells]
    assert kept == ["parameters", "imports", "answer_distance", "distance"]
    short = slice_for(solution(course, "reproduce"), {"classes"})
    assert [nb.grader_metadata(cell).get("grade_id") for cell in short.cells][2:] == [
        "answer_data",
        "classes",
    ]
