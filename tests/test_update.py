"""Updates: twenty-two kinds of things that learners do to a copy, and a release that loses none of them."""

import copy
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learner_course import TOPIC, given_out, tiny_course
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from test_work import foursteps
from tiny_course import find

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.errors import NotebookError
from foursteps.learner.merge import TAG, merge
from foursteps.learner.update import update
from foursteps.learner.work import Copy, start
from foursteps.release import at_level, released_text
from foursteps.release.exercise import checksum


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return given_out(tiny_course(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def base(course):
    return nb.read(course.topics[0].exercises["reproduce"].released)


@pytest.fixture(scope="module")
def remote(base):
    """The next release: graded cells, questions, given code and stubs changed, cells new and gone."""
    new = copy.deepcopy(base)
    by_id(new, "header").source += "\n\nAnother edition."
    by_id(new, "parameters").source = 'seed = 42\ndevice = "cpu"\nneighbours = 5'
    by_id(new, "imports").source += "\n\nNEW_HELPER = 1"
    by_id(
        new, "ask-mean"
    ).source = "## The mean image\n\nWrite the mean of a stack of images, pixel by pixel."
    find(new, "answer_distance").source = "def distance(a, b):\n    # the square root, too\n    return ..."
    for name, source in (("mean_image", 'check("mean_image", mean_image)  # new'),):
        find(new, name).source = source
    find(new, "accuracy").metadata.nbgrader.points = 6
    names = [nb.grader_metadata(cell).get("grade_id") for cell in new.cells]
    new.cells.insert(names.index("classes") + 1, new_markdown_cell("## A new question", id="ask-new"))
    fresh = copy.deepcopy(find(new, "classes"))
    fresh["id"], fresh.source = "check-fresh", 'check("fresh", classes)'
    fresh.metadata.nbgrader.grade_id = "fresh"
    new.cells.insert(names.index("classes") + 2, fresh)
    for cell in new.cells:
        if "checksum" in nb.grader_metadata(cell):
            cell.metadata.nbgrader.checksum = checksum(cell)
    return new


def by_id(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def position(notebook, grade_id):
    return notebook.cells.index(find(notebook, grade_id))


def sources(notebook):
    return [cell.source for cell in notebook.cells]


# Each edit changes the learner's notebook and gives the texts that must be in it afterwards.
def fills_an_answer(n):
    find(n, "answer_mean").source = "def mean_image(images):\n    return images.mean(axis=0)  # mine"
    return ["return images.mean(axis=0)  # mine"]


def fills_an_answer_whose_stub_changed(n):
    find(n, "answer_distance").source = "def distance(a, b):\n    return float(abs(a - b).sum())  # mine"
    return ["return float(abs(a - b).sum())  # mine"]


def adds_a_code_cell_between(n):
    n.cells.insert(5, new_code_cell("mine = 1", id="mine"))
    return ["mine = 1"]


def adds_cells_at_both_ends(n):
    n.cells.insert(0, new_markdown_cell("# My notes", id="notes"))
    n.cells.append(new_code_cell("goodbye = 1", id="bye"))
    return ["# My notes", "goodbye = 1"]


def adds_a_cell_without_an_id(n):
    cell = new_code_cell("no_id = 1")
    del cell["id"]
    n.cells.insert(4, cell)
    return ["no_id = 1"]


def adds_a_cell_with_an_id_that_the_release_takes(n):
    n.cells.insert(4, new_markdown_cell("an id by accident", id="check-fresh"))
    return ["an id by accident"]


def edits_a_question(n):
    by_id(n, "ask-mean").source += "\n\nMy remark: over axis 0."
    return ["My remark: over axis 0."]


def edits_the_same_line_of_a_question(n):
    by_id(n, "ask-mean").source = "## The mean image\n\nMy own words for this."
    return ["My own words for this.", "pixel by pixel"]


def edits_given_code(n):
    by_id(n, "imports").source = "import math  # mine\n" + by_id(n, "imports").source
    return ["import math  # mine", "NEW_HELPER = 1"]


def edits_a_parameter(n):
    by_id(n, "parameters").source = 'seed = 7\ndevice = "cpu"'
    return ["seed = 7"]


def edits_a_graded_cell(n):
    find(n, "mean_image").source = 'print("what now?")\ncheck("mean_image", mean_image)'
    return ['print("what now?")']


def replaces_a_graded_cell_by_its_own(n):
    find(n, "accuracy").source = "1 + 1  # instead of the check"
    return ["1 + 1  # instead of the check"]


def deletes_a_graded_cell(n):
    del n.cells[position(n, "classes")]
    return []


def deletes_an_answer_and_writes_it_elsewhere(n):
    del n.cells[position(n, "answer_mean")]
    n.cells.insert(3, new_code_cell("mean_image = lambda images: images.mean(0)", id="else"))
    return ["mean_image = lambda images: images.mean(0)"]


def deletes_a_question_that_changed(n):
    n.cells.remove(by_id(n, "ask-mean"))
    return ["pixel by pixel"]


def moves_an_answer(n):
    cell = find(n, "answer_mean")
    cell.source = "moved = 1"
    n.cells.remove(cell)
    n.cells.append(cell)
    return ["moved = 1"]


def copies_an_answer(n):
    twin = copy.deepcopy(find(n, "answer_mean"))
    twin["id"], twin.source = "twin", "second_try = 1"
    find(n, "answer_mean").source = "first_try = 1"
    n.cells.insert(position(n, "answer_mean"), twin)
    return ["first_try = 1", "second_try = 1"]


def copies_a_graded_cell_and_edits_the_copy(n):
    twin = copy.deepcopy(find(n, "accuracy"))
    twin["id"], twin.source = "twin", 'check("accuracy", other)'
    n.cells.insert(position(n, "accuracy"), twin)
    return ['check("accuracy", other)']


def splits_an_answer(n):
    cell = find(n, "answer_model")
    cell.source = "first_half = 1"
    n.cells.insert(position(n, "answer_model") + 1, new_code_cell("second_half = 2", id="half"))
    return ["first_half = 1", "second_half = 2"]


def turns_an_answer_into_markdown(n):
    place = position(n, "answer_mean")
    n.cells[place] = new_markdown_cell("My plan in words", id="answer-mean", metadata=n.cells[place].metadata)
    return ["My plan in words"]


def loses_all_metadata_and_ids_in_another_editor(n):
    find(n, "answer_model").source = "kept_anyhow = 1"
    for number, cell in enumerate(n.cells):
        cell.metadata = nb.NotebookNode()
        cell["id"] = f"new-{number}"
    return ["kept_anyhow = 1"]


def has_outputs_attachments_and_tags(n):
    cell = find(n, "answer_mean")
    cell.source, cell.execution_count = "ran = 1", 4
    cell.outputs = [new_output("stream", text="what it printed")]
    cell.metadata["tags"] = ["mine"]
    n.cells.insert(2, new_markdown_cell("![x](attachment:x.png)", id="pic"))
    n.cells[2]["attachments"] = {"x.png": {"image/png": "AAAA"}}
    return ["ran = 1", "![x](attachment:x.png)"]


EDITS = [
    fills_an_answer,
    fills_an_answer_whose_stub_changed,
    adds_a_code_cell_between,
    adds_cells_at_both_ends,
    adds_a_cell_without_an_id,
    adds_a_cell_with_an_id_that_the_release_takes,
    edits_a_question,
    edits_the_same_line_of_a_question,
    edits_given_code,
    edits_a_parameter,
    edits_a_graded_cell,
    replaces_a_graded_cell_by_its_own,
    deletes_a_graded_cell,
    deletes_an_answer_and_writes_it_elsewhere,
    deletes_a_question_that_changed,
    moves_an_answer,
    copies_an_answer,
    copies_a_graded_cell_and_edits_the_copy,
    splits_an_answer,
    turns_an_answer_into_markdown,
    loses_all_metadata_and_ids_in_another_editor,
    has_outputs_attachments_and_tags,
]


def require_graded_as_released(notebook, release):
    nb.nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    graded, wanted = nb.graded_cells(notebook), nb.graded_cells(release)
    assert {name: (cell.source, cell.metadata, cell.id) for name, cell in graded.items()} == {
        name: (cell.source, cell.metadata, cell.id) for name, cell in wanted.items()
    }
    answers = [nb.grader_metadata(cell).get("grade_id") for cell in notebook.cells]
    known = [nb.grader_metadata(cell)["grade_id"] for cell in release.cells if nb.grader_metadata(cell)]
    assert sorted(name for name in answers if name) == sorted(known)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_whatever_a_learner_did_an_update_keeps_it_and_brings_the_new_graded_cells(base, remote, edit):
    local = copy.deepcopy(base)
    wanted = edit(local)
    merged = merge(base, local, remote)
    text = "\n".join(sources(merged.notebook))
    assert [line for line in wanted if line not in text] == []
    require_graded_as_released(merged.notebook, remote)
    assert "Another edition." in text
    assert "## A new question" in text
    again = merge(remote, merged.notebook, remote)
    assert sources(again.notebook) == sources(merged.notebook)
    assert again.conflicts == []


def test_when_nothing_was_written_then_the_copy_becomes_the_new_release(base, remote):
    merged = merge(base, base, remote)
    assert merged.notebook.cells == remote.cells
    assert merged.conflicts == []


def test_when_both_changed_a_cell_then_both_sides_are_there_and_it_is_said(base, remote):
    local = copy.deepcopy(base)
    fills_an_answer_whose_stub_changed(local)
    merged = merge(base, local, remote)
    (conflict,) = merged.conflicts
    assert conflict == (
        "Both you and the new release changed the answer cell `answer_distance`: "
        "yours stays, the new one is below."
    )
    place = position(merged.notebook, "answer_distance")
    assert merged.notebook.cells[place].source == find(local, "answer_distance").source
    shown = merged.notebook.cells[place + 1]
    assert shown.metadata.tags == [TAG]
    assert "# the square root, too" in shown.source


def test_when_changes_do_not_touch_then_they_are_woven_together_without_a_word(base, remote):
    local = copy.deepcopy(base)
    edits_given_code(local)
    merged = merge(base, local, remote)
    imports = by_id(merged.notebook, "imports").source
    assert imports.startswith("import math  # mine\n")
    assert imports.endswith("NEW_HELPER = 1")
    assert merged.conflicts == []


def test_when_a_cell_is_kept_then_its_outputs_tags_and_attachments_are_too(base, remote):
    local = copy.deepcopy(base)
    has_outputs_attachments_and_tags(local)
    merged = merge(base, local, remote).notebook
    answer = find(merged, "answer_mean")
    assert answer.outputs[0].text == "what it printed"
    assert answer.execution_count == 4
    assert answer.metadata.tags == ["mine"]
    assert by_id(merged, "pic").attachments == {"x.png": {"image/png": "AAAA"}}


def test_when_the_release_drops_a_cell_then_it_goes_unless_the_learner_wrote_in_it(base):
    remote = copy.deepcopy(base)
    remote.cells = [
        cell for cell in remote.cells if nb.grader_metadata(cell).get("grade_id") != "answer_distance"
    ]
    untouched = merge(base, base, remote)
    assert [cell.id for cell in untouched.notebook.cells] == [cell.id for cell in remote.cells]
    local = copy.deepcopy(base)
    fills_an_answer_whose_stub_changed(local)
    kept = merge(base, local, remote)
    assert "return float(abs(a - b).sum())  # mine" in "\n".join(sources(kept.notebook))
    assert kept.notes == ["The new release is without the answer cell `answer_distance`; yours stays."]


EDIT = st.one_of(
    st.tuples(st.just("insert"), st.integers(0, 30), st.integers(0, 10**6)),
    st.tuples(st.just("write"), st.integers(0, 30), st.integers(0, 10**6)),
    st.tuples(st.just("delete"), st.integers(0, 30), st.just(0)),
    st.tuples(st.just("move"), st.integers(0, 30), st.integers(0, 30)),
    st.tuples(st.just("copy"), st.integers(0, 30), st.integers(0, 30)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EDIT, max_size=8))
def test_whatever_edits_come_together_every_line_that_a_learner_left_is_there_after_the_update(
    base, remote, edits
):
    local = copy.deepcopy(base)
    for kind, place, what in edits:
        place %= max(len(local.cells), 1)
        if kind == "insert":
            local.cells.insert(place, new_code_cell(f"written_{what} = {what}"))
        elif not local.cells:
            continue
        elif kind == "write":
            local.cells[place].source += f"\n# wrote {what}"
        elif kind == "delete":
            del local.cells[place]
        else:
            cell = copy.deepcopy(local.cells[place]) if kind == "copy" else local.cells.pop(place)
            if kind == "copy":
                cell["id"] = f"copy-{what}-{len(local.cells)}"
            local.cells.insert(what % (len(local.cells) + 1), cell)
    merged = merge(base, local, remote).notebook
    require_graded_as_released(merged, remote)
    text = "\n".join(sources(merged))
    mine = {
        line
        for cell in local.cells
        for line in cell.source.split("\n")
        if "wrote" in line or "written" in line
    }
    assert [line for line in mine if line not in text] == []


@pytest.fixture
def learner(course, tmp_path):
    shutil.copytree(course.root, tmp_path / "course")
    own = Course.load(tmp_path / "course")
    start(own.topics[0], "outline")
    return own


def release_again(course):
    """Another release of the exercise, as the author's change to the solution gives it."""
    exercise = course.topics[0].exercises["reproduce"]
    source = nb.read(exercise.source)
    by_id(source, "ask-mean").source += " Take care of the axis."
    nb.write(exercise.source, source)
    nb.write(exercise.released, nb.nbformat.reads(released_text(exercise), as_version=4))
    return exercise


def test_when_a_release_is_new_then_the_copy_gets_it_at_its_own_level_and_a_backup_is_there(learner):
    topic = learner.topics[0]
    own = Copy(topic, "reproduce")
    assert {item.state for item in update(topic)} == {"current"}
    local = nb.read(own.path)
    fills_an_answer(local)
    nb.write(own.path, local)
    before = own.path.read_bytes()
    exercise = release_again(learner)
    code, out, err = foursteps(learner.root, "update", "01")
    assert (code, err) == (0, "")
    assert f"✓ work/{TOPIC}/lecture.ipynb: nothing new" in out
    (backup,) = (learner.work / ".foursteps" / "backup" / TOPIC).iterdir()
    assert f"work/{TOPIC}/reproduce.ipynb: updated; as it was: {backup.relative_to(learner.root)}" in out
    assert backup.read_bytes() == before
    now = nb.read(own.path)
    assert "Take care of the axis." in by_id(now, "ask-mean").source
    assert by_id(now, "ask-mean").source.startswith("## The mean image\n\n<details>")
    assert "# mine" in find(now, "answer_mean").source
    assert nb.read(own.base) == at_level(nb.read(exercise.released), "outline")
    assert {item.state for item in update(topic)} == {"current"}


def test_when_an_update_stopped_half_way_then_the_next_one_goes_on_and_doubles_nothing(learner):
    topic = learner.topics[0]
    own = Copy(topic, "reproduce")
    older = own.base.read_bytes()
    release_again(learner)
    update(topic)
    after = sources(nb.read(own.path))
    own.base.write_bytes(older)  # as if it had been killed before the last write
    update(topic)
    assert sources(nb.read(own.path)) == after
    assert len(list((learner.work / ".foursteps" / "backup" / TOPIC).iterdir())) == 2


def test_when_a_copy_cannot_be_read_then_it_is_left_as_it_is(learner):
    topic = learner.topics[0]
    release_again(learner)
    own = Copy(topic, "reproduce")
    own.path.write_text("{ half a notebook", "utf-8")
    with pytest.raises(NotebookError, match="expected a Jupyter notebook with a kernel; found no JSON"):
        update(topic)
    assert own.path.read_text("utf-8") == "{ half a notebook"
