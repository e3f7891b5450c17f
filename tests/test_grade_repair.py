"""Whatever a learner did to the cells, the graded ones are there once, as released, and it is said."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell
from tiny_course import answer, find, tiny_course

from foursteps import notebook as nb
from foursteps.grade.prepare import checks_of
from foursteps.grade.repair import repair
from foursteps.grade.submission import read_submission
from foursteps.grade.tame import tame
from foursteps.release.exercise import checksum, released_notebook


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    course = tiny_course(tmp_path_factory.mktemp("course"))
    return {
        name: released_notebook(exercise, nb.read(exercise.source), checks_of(exercise))
        for name, exercise in course.topics[0].exercises.items()
    }


@pytest.fixture
def release(releases):
    return copy.deepcopy(releases["reproduce"])


@pytest.fixture
def elsewhere(releases):
    return copy.deepcopy(releases["apply_elsewhere"])


def names(notebook):
    return [nb.grader_metadata(cell).get("grade_id") for cell in notebook.cells]


def without(notebook, *grade_ids):
    notebook.cells = [c for c in notebook.cells if nb.grader_metadata(c).get("grade_id") not in grade_ids]
    return notebook


def test_when_nothing_was_touched_then_nothing_is_repaired(release):
    repaired, notes = repair(copy.deepcopy(release), release)
    assert notes == []
    assert repaired == release


def test_when_an_answer_is_written_then_it_stays(release):
    mine = answer(copy.deepcopy(release), "answer_mean", "def mean_image(images): return 1")
    repaired, notes = repair(mine, release)
    assert (find(repaired, "answer_mean").source, notes) == ("def mean_image(images): return 1", [])


def test_when_graded_cells_are_missing_then_they_come_back_in_their_places(release):
    mine = without(copy.deepcopy(release), "mean_image", "accuracy")
    mine.cells.insert(5, new_code_cell("helper = 1"))
    repaired, notes = repair(mine, release)
    assert [name for name in names(repaired) if name] == [name for name in names(release) if name]
    assert find(repaired, "accuracy").source == 'check("accuracy", predict)'
    assert notes == [
        "The cell `mean_image` was missing and has been put back.",
        "The cell `accuracy` was missing and has been put back.",
    ]
    position = {cell.source: index for index, cell in enumerate(repaired.cells)}
    assert position["helper = 1"] < position['check("mean_image", mean_image)']


def test_when_a_graded_cell_was_edited_then_it_is_as_released(release):
    mine = copy.deepcopy(release)
    find(mine, "accuracy").source = "5.0"
    find(mine, "accuracy").metadata.nbgrader.points = 99
    repaired, notes = repair(mine, release)
    assert find(repaired, "accuracy") == find(release, "accuracy")
    assert notes == ["The cell `accuracy` had been edited; it is as released again."]


def test_when_a_graded_cell_is_there_twice_then_one_counts(release):
    mine = copy.deepcopy(release)
    mine.cells.append(copy.deepcopy(find(mine, "accuracy")))
    repaired, notes = repair(mine, release)
    assert names(repaired).count("accuracy") == 1
    assert notes == ["The check `accuracy` was there 2 times; one of them counts."]


def test_when_an_answer_was_split_then_both_parts_run(release):
    mine = answer(copy.deepcopy(release), "answer_model", "model = 1")
    second = copy.deepcopy(find(mine, "answer_model"))
    second.id, second.source = "second", "predict = model"
    mine.cells.insert(names(mine).index("answer_model") + 1, second)
    repaired, notes = repair(mine, release)
    sources = [cell.source for cell in repaired.cells]
    assert (
        sources.index("model = 1")
        < sources.index("predict = model")
        < sources.index('check("accuracy", predict)')
    )
    assert names(repaired).count("answer_model") == 1
    assert notes == ["The answer `answer_model` was there 2 times; all of them ran, in their order."]


def test_when_a_write_up_was_split_then_its_parts_are_joined(elsewhere):
    mine = answer(copy.deepcopy(elsewhere), "story", "First.")
    second = copy.deepcopy(find(mine, "story"))
    second.id, second.source = "second", "Second."
    mine.cells.append(second)
    repaired, _ = repair(mine, elsewhere)
    assert find(repaired, "story").source == "First.\n\nSecond."


@pytest.mark.parametrize("text", ["", "## Your story", "## Your story\n\n*Your answer here.*  \n\n"])
def test_when_nothing_was_written_then_the_write_up_counts_as_untouched(elsewhere, text):
    repaired, _ = repair(answer(copy.deepcopy(elsewhere), "story", text), elsewhere)
    cell = find(repaired, "story")
    assert checksum(cell) == cell.metadata.nbgrader.checksum


def test_when_all_nbgrader_data_were_stripped_then_the_cells_are_known_by_their_ids(release):
    mine = answer(copy.deepcopy(release), "answer_mean", "def mean_image(images): return 7")
    for cell in mine.cells:
        cell.metadata = {}
    repaired, notes = repair(mine, release)
    assert names(repaired) == names(release)
    assert find(repaired, "answer_mean").source.endswith("return 7")
    assert nb.tagged(repaired, "parameters") is not None
    assert len(notes) == len([name for name in names(release) if name])


def test_when_ids_were_stripped_too_then_checks_are_known_by_their_text_and_code_still_runs(release):
    mine = answer(copy.deepcopy(release), "answer_model", "predict = len")
    for cell in mine.cells:
        cell.metadata = {}
        cell.pop("id")
    repaired, _ = repair(mine, release)
    sources = [cell.source for cell in repaired.cells]
    assert sources.index("predict = len") < sources.index('check("accuracy", predict)')
    assert "predict = ..." not in "".join(sources)


def test_when_a_check_stands_before_its_answer_then_it_is_moved_behind_it(release):
    mine = copy.deepcopy(release)
    check = find(mine, "mean_image")
    mine.cells.remove(check)
    mine.cells.insert(0, check)
    repaired, notes = repair(mine, release)
    assert names(repaired).index("answer_mean") < names(repaired).index("mean_image")
    assert notes == ["The cell `mean_image` stood before its answer; it has been moved behind it."]


def test_when_a_check_was_made_markdown_then_it_is_code_again(release):
    mine = copy.deepcopy(release)
    index = names(mine).index("accuracy")
    mine.cells[index] = new_markdown_cell("x", id=mine.cells[index].id, metadata=mine.cells[index].metadata)
    repaired, notes = repair(mine, release)
    assert find(repaired, "accuracy") == find(release, "accuracy")
    assert "The cell `accuracy` was made a markdown cell; it is code again." in notes


def test_when_a_stranger_carries_an_id_of_ours_then_ids_stay_unique(release):
    mine = copy.deepcopy(release)
    mine.cells.append(new_code_cell("x = 1", id="check-accuracy"))
    repaired, _ = repair(mine, release)
    ids = [cell.id for cell in repaired.cells]
    assert len(ids) == len(set(ids))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
raw_cells = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw", "other"]),
        "source": st.text() | st.lists(st.text(max_size=20), max_size=3) | json_values,
    },
    optional={
        "id": st.sampled_from(["check-accuracy", "answer-mean", "x", "", "<b>"]) | json_values,
        "outputs": json_values,
        "attachments": json_values,
        "metadata": json_values
        | st.fixed_dictionaries(
            {
                "tags": st.lists(st.sampled_from(["parameters", "header", "<b>"])) | json_values,
                "nbgrader": st.fixed_dictionaries(
                    {"grade_id": st.sampled_from(["accuracy", "answer_mean", "?"]) | json_values}
                ),
            }
        ),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(raw_cells | json_values, max_size=6))
def test_whatever_the_cells_are_then_every_released_check_is_there_once(tmp_path, releases, cells):
    release = releases["reproduce"]
    path = tmp_path / "reproduce.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    submitted, _ = read_submission(path)
    repaired, _ = repair(submitted, release)
    for name in nb.graded_cells(release):
        assert names(repaired).count(name) == 1
        assert find(repaired, name) == find(release, name)
    nb.write(tmp_path / "again.ipynb", repaired)
    assert len({cell.id for cell in repaired.cells}) == len(repaired.cells)


BAD_FILES = {
    "no-json": (b'{"cells": [', "it is no JSON"),
    "empty": (b"", "it is no JSON"),
    "no-cells": (b'{"nbformat": 4}', "it is JSON, but no notebook: it has no cells"),
    "a-list": (b"[1, 2]", "it is JSON, but no notebook: it has no cells"),
    "bottomless": (b"[" * 100_000, "it is no JSON"),
}


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_when_a_file_is_no_notebook_then_it_is_said_and_nothing_raises(tmp_path, content, reason):
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    notebook, notes = read_submission(path)
    assert notebook is None
    assert notes[-1].startswith(f"The notebook could not be read: {reason}")
    assert notes[-1].endswith("It was graded as the untouched exercise.")


def test_when_bytes_are_not_utf8_then_the_rest_is_read(tmp_path, release):
    path = tmp_path / "x.ipynb"
    path.write_bytes(nb.dumps(release).encode().replace(b"your code here", b"your code \xff here"))
    notebook, notes = read_submission(path)
    assert len(notebook.cells) == len(release.cells)
    assert "bytes that are not UTF-8" in notes[0]


def test_when_a_file_is_too_large_then_it_is_not_read(tmp_path, monkeypatch, release):
    monkeypatch.setattr("foursteps.grade.submission.MAX_BYTES", 10)
    nb.write(tmp_path / "x.ipynb", release)
    notebook, notes = read_submission(tmp_path / "x.ipynb")
    assert notebook is None
    assert "MB are read" in notes[0]


def test_when_a_cell_is_shown_then_nothing_in_it_can_act():
    cell = new_markdown_cell("<script>go()</script> a < b [x](javascript:go) $\\href{javascript:go}{x}$")
    tame(cell)
    assert "<script" not in cell.source
    assert "a < b" in cell.source
    assert "javascript:" not in cell.source
    assert "\\href" not in cell.source
    code = new_code_cell("1")
    data = {
        "text/html": "<script>",
        "image/svg+xml": "<svg onload=go()>",
        "image/png": "iVBOR\n",
        "text/plain": "1",
    }
    code.outputs = [
        nb.nbformat.v4.new_output("display_data", data=data),
        nb.nbformat.v4.new_output("display_data", data={"image/png": '"><script>', "text/latex": "\\href{}"}),
        nb.nbformat.v4.new_output("stream", text="a" * 100_000),
    ]
    tame(code)
    assert set(code.outputs[0].data) == {"image/png", "text/plain"}
    assert code.outputs[1].data == {"text/plain": "(an output that is not shown here)"}
    assert code.outputs[2].text.endswith("80,000 more characters were cut.")
