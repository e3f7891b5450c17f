"""Scaffold levels: three notebooks from one solution, the same checks, the same marks."""

import ast
import symtable
from pathlib import Path

import pytest
from learner_course import POINTS, TOPIC, filled_in, given_out, put_out, solution, tiny_course
from nbformat.v4 import new_code_cell
from tiny_course import submit

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import NotebookError
from foursteps.release import LEVELS, at_level, level_of
from foursteps.release.exercise import checksum
from foursteps.run import ColdRunner

OWN = Course.load(Path(__file__).parents[1])
EXERCISES = [
    exercise for topic in OWN.topics for exercise in topic.exercises.values() if exercise.released.is_file()
]


@pytest.fixture
def guided(tmp_path):
    course = tiny_course(tmp_path)
    return put_out(course.topics[0].exercises["reproduce"])


def known(notebook):
    return {nb.grader_metadata(cell)["grade_id"]: cell for cell in notebook.cells if nb.grader_metadata(cell)}


def graded(notebook):
    return {name: cell.source for name, cell in nb.graded_cells(notebook).items()}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("exercise", EXERCISES, ids=str)
def test_whatever_the_level_every_cell_that_nbgrader_knows_is_there_and_graded_ones_word_for_word(
    exercise, level
):
    released = nb.read(exercise.released)
    notebook = at_level(released, level)
    nb.nbformat.validate(notebook)
    assert level_of(notebook) == level
    assert known(notebook).keys() == known(released).keys()
    assert graded(notebook) == graded(released)
    assert nb.parameters(notebook) == nb.parameters(released)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in known(notebook).values():
        assert cell.metadata.nbgrader.checksum == checksum(cell)


@pytest.mark.parametrize("exercise", EXERCISES, ids=str)
def test_whatever_the_level_the_complete_solution_runs_the_same_code(exercise):
    """Guided and outline: cell by cell. Blank: in the same order, the checks after everything else."""
    complete, released = nb.read(exercise.source), nb.read(exercise.released)

    def code(notebook):
        return [cell.source for cell in nb.code_cells(notebook)]

    for level in ("guided", "outline"):
        assert code(filled_in(at_level(released, level), complete)) == code(complete)
    blank = filled_in(at_level(released, "blank"), complete)
    work = [cell for cell in nb.code_cells(blank) if not nb.grader_metadata(cell).get("grade")]
    text = "\n\n".join(cell.source for cell in work)
    places = [text.index(source) for source in code(complete) if source not in graded(complete).values()]
    assert places == sorted(places)
    assert code(blank)[-len(code(complete)) :][-1] == list(_checks(complete))[-1]


def _checks(notebook):
    return (cell.source for cell in nb.code_cells(notebook) if nb.grader_metadata(cell).get("grade"))


@pytest.mark.parametrize("exercise", EXERCISES, ids=str)
def test_when_the_checks_stand_at_the_end_then_they_look_at_what_they_looked_at_before(exercise):
    """No name that a check reads is bound again by a later cell of the solution."""
    cells = nb.code_cells(nb.read(exercise.source))
    for number, cell in enumerate(cells):
        if nb.grader_metadata(cell).get("grade"):
            later = set().union(*(bound(other.source) for other in cells[number + 1 :]), set())
            assert not read(cell.source) & later, f"{exercise}, cell {cell.id}"


def read(source):
    """Names that a cell looks up, without its functions' own, and those that it binds itself."""

    def looked_up(table):
        outer = {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
        }
        return outer.union(*map(looked_up, table.get_children()))

    return looked_up(symtable.symtable(source, "a cell", "exec")) - bound(source)


def test_when_a_function_has_a_name_of_its_own_then_its_cell_does_not_read_that_name():
    assert read("def kept(x):\n    y = x + z\n    return y\n\n\ncheck('f', kept)") == {"z", "check"}


def bound(source):
    """Names bound at the top level of a cell."""
    names = set()
    for node in nb.syntax_tree(source, "a cell").body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif not isinstance(node, ast.Expr):
            names |= {
                n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
    return names


def test_when_the_level_is_outline_then_headings_stay_and_questions_fold(guided):
    prompt = next(cell for cell in at_level(guided, "outline").cells if cell.id == "ask-mean")
    assert prompt.source == (
        "## The mean image\n\n<details><summary>The question in full</summary>\n\n"
        "Write the mean of a stack of images.\n\n</details>"
    )


def test_when_the_level_is_blank_then_answers_are_empty_and_the_checks_stand_at_the_end(guided):
    blank = at_level(guided, "blank")
    names = [nb.grader_metadata(cell).get("grade_id") for cell in blank.cells]
    assert names[-4:] == ["mean_image", "distance", "classes", "accuracy"]
    answers = [cell for name, cell in known(blank).items() if name.startswith("answer")]
    assert [cell.source for cell in answers] == [""] * 4
    look_at = next(cell for cell in blank.cells if cell.id == "what-the-checks-look-at")
    assert "classes = ...\npredict = ..." in look_at.source
    assert "def mean_image(images):\n    # your code here\n    return ..." in look_at.source
    assert "**Given**" not in blank.cells[0].source
    assert "\n\n**Not given**\n\n" in blank.cells[0].source
    assert blank.cells[0].source.endswith("**Level** blank: the goal, empty cells, and the checks at the end")


def test_when_a_check_needs_given_code_then_blank_keeps_it_and_nothing_else(guided):
    find = {cell.id: cell for cell in guided.cells}
    guided.cells.insert(3, new_code_cell("helper = 3", id="helper"))
    guided.cells.insert(4, new_code_cell("scale = helper * 2", id="scale"))
    find["check-classes"].source = 'check("classes", classes * scale)'
    ids = [cell.id for cell in at_level(guided, "blank").cells]
    assert ids[3:6] == ["start", "helper", "scale"]
    assert "imports" not in ids


def test_when_the_level_does_not_exist_then_those_that_do_are_named(guided):
    with pytest.raises(NotebookError, match="expected one of guided, outline, blank; found easy"):
        at_level(guided, "easy")


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_when_nothing_is_filled_in_then_a_level_runs_to_its_end_and_earns_nothing(tmp_path, level):
    course = given_out(tiny_course(tmp_path))
    topic = course.topics[0]
    for exercise in topic.exercises.values():
        notebook = at_level(nb.read(exercise.released), level)
        result = ColdRunner().run(notebook, cwd=topic.checks.parent)
        assert result.status == "ok", result.error
        values = [
            output["data"]["text/plain"]
            for cell in nb.code_cells(result.notebook)
            if nb.grader_metadata(cell).get("grade")
            for output in cell.outputs
            if output.output_type == "execute_result"
        ]
        assert values
        assert set(values) == {"0.0"}


@pytest.mark.slow
def test_when_the_solution_is_complete_then_every_level_earns_the_same_marks_in_a_class(tmp_path):
    from foursteps.grade import grade_class

    course = given_out(tiny_course(tmp_path))
    topic = course.topics[0]
    for level in LEVELS:
        notebooks = {
            name: filled_in(at_level(nb.read(exercise.released), level), solution(course, name))
            for name, exercise in topic.exercises.items()
        }
        submit(course, level, **notebooks)
    rows = grade_class(course, topic, sandbox="none")
    by_hand = POINTS["story"]
    assert {row.student for row in rows} == set(LEVELS)
    for row in rows:
        full = row.max_points - (by_hand if row.exercise == "apply_elsewhere" else 0)
        assert (row.points, row.error) == (full, ""), row
    for level in LEVELS:
        about = (course.workspace / "autograded" / level / TOPIC / "reproduce.ipynb").read_text("utf-8")
        assert "has been put back" not in about
