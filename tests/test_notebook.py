"""Notebooks that cannot be used are refused with the place, what was found and the mend."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import from_dict, v4
from nbformat.v4 import nbjson

from foursteps import notebook as nb
from foursteps.errors import NotebookError

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def write_nb(path, *cells, metadata=KERNEL):
    notebook = v4.new_notebook(cells=list(cells), metadata=metadata)
    path.write_text(nbformat.writes(notebook))
    return path


def params(source):
    return v4.new_code_cell(source, metadata={"tags": ["parameters"]})


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"print('hello')", "no JSON"),
        (b"\xff\xfe\x00", "bytes that are not UTF-8 at 0"),
        (b"[1, 2]", "JSON of another shape"),
        (b'{"cells": 7, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "JSON of another shape"),
        (b"[" * 100_000, "no JSON"),
        (b"", "no JSON"),
    ],
    ids=["text", "not-utf-8", "a-list", "cells-no-list", "endless-nesting", "empty"],
)
def test_when_a_file_is_no_notebook_then_the_error_says_what_it_is(tmp_path, content, found):
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotebookError) as caught:
        nb.read(path)
    assert str(caught.value).startswith(f"{path}: expected a Jupyter notebook with a kernel; found {found}")
    assert caught.value.mend.endswith(".")


def test_when_there_is_no_file_or_no_kernel_or_too_much_then_the_error_says_so(tmp_path):
    with pytest.raises(NotebookError, match="no such file"):
        nb.read(tmp_path / "none.ipynb")
    with pytest.raises(NotebookError, match=r"found no kernel\. Open it in JupyterLab, choose the kernel"):
        nb.read(write_nb(tmp_path / "bare.ipynb", metadata={}))
    big = write_nb(tmp_path / "big.ipynb", v4.new_markdown_cell("x" * 2000))
    with pytest.raises(NotebookError, match="more than the limit of 0 MB"):
        nb.read(big, max_bytes=1000)


def test_when_a_notebook_is_written_then_reading_and_writing_again_changes_nothing(tmp_path):
    path = write_nb(tmp_path / "a.ipynb", v4.new_code_cell("1 + 1"), v4.new_markdown_cell("text"))
    nb.write(path, nb.read(path))
    once = path.read_bytes()
    nb.write(path, nb.read(path))
    assert path.read_bytes() == once
    assert json.loads(once)["cells"][0]["source"] in ("1 + 1", ["1 + 1"])


def test_when_parameters_are_literals_then_they_are_read_without_running(tmp_path):
    cell = params('seed = 42\ndevice: str = "auto"\nlr = -1e-3\nsizes = [30, 50]\nimport os')
    notebook = v4.new_notebook(cells=[cell])
    assert nb.parameters(notebook) == {"seed": 42, "device": "auto", "lr": -1e-3, "sizes": [30, 50]}


def test_when_a_parameter_is_computed_then_it_is_refused_with_its_line():
    with pytest.raises(
        NotebookError, match=r"parameters cell, line 2: expected a literal value; found `n = f\(\)`"
    ):
        nb.parameters(v4.new_notebook(cells=[params("seed = 1\nn = f()")]))


def test_when_only_prose_or_outputs_change_then_the_source_hash_stays():
    code, prose = v4.new_code_cell("a = 1"), v4.new_markdown_cell("one")
    before = nb.source_hash(v4.new_notebook(cells=[code, prose], metadata=KERNEL))
    code.outputs = [v4.new_output("stream", text="hi")]
    prose.source = "two"
    assert nb.source_hash(v4.new_notebook(cells=[prose, code], metadata=KERNEL)) == before
    code.source = "a = 2"
    assert nb.source_hash(v4.new_notebook(cells=[code], metadata=KERNEL)) != before


def test_when_two_graded_cells_share_an_id_or_have_none_then_it_is_refused():
    def graded(name):
        return v4.new_code_cell("", metadata={"nbgrader": {"grade": True, "grade_id": name, "points": 1}})

    assert list(nb.graded_cells(v4.new_notebook(cells=[graded("a"), graded("b")]))) == ["a", "b"]
    with pytest.raises(NotebookError, match="the id 'a', which an earlier cell has"):
        nb.graded_cells(v4.new_notebook(cells=[graded("a"), graded("a")]))
    with pytest.raises(NotebookError, match="found no nbgrader id"):
        nb.graded_cells(v4.new_notebook(cells=[graded(None)]))


def test_when_a_cell_has_magic_then_the_rest_of_it_is_still_read_and_a_modulo_stays_one():
    tree = nb.syntax_tree("%matplotlib inline\nfor i in range(3):\n    !ls\nx = 1", "a cell")
    assert [type(node).__name__ for node in tree.body] == ["Pass", "For", "Assign"]
    assert len(nb.syntax_tree("x = (7\n     % 2)", "a cell").body) == 1
    assert nb.syntax_tree("%%time\nx = 1", "a cell").body[-1].lineno == 2


def test_when_a_cell_is_no_python_then_the_error_names_place_and_line():
    with pytest.raises(
        NotebookError, match=r"^cell answer, line 2: expected Python code; found .*\. Correct the cell\.$"
    ):
        nb.syntax_tree("x = 1\nx = = 2", "cell answer")


def test_when_many_threads_read_code_at_once_then_none_of_them_fails():
    source = "x = " + "(" * 60 + "1" + ")" * 60 + "\ndef f(a):\n    return [b for b in a if b]\n" * 40
    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(lambda n: nb.syntax_tree(source, n), range(200)))
    assert len({len(tree.body) for tree in trees}) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
)


@given(JSON)
def test_when_json_is_cloned_then_it_is_the_same_and_shares_nothing(value):
    given = from_dict({"a": value})
    made = nb.clone(given)
    assert repr(made) == repr(given)
    assert type(made) is type(given)
    shared = {id(part) for part in parts(made)} & {id(part) for part in parts(given)}
    assert not shared


def parts(value):
    """Every list and dict in `value`, itself with them."""
    if isinstance(value, dict | list):
        yield value
        for part in value.values() if isinstance(value, dict) else value:
            yield from parts(part)


def test_when_a_notebook_is_written_quickly_then_every_byte_is_nbformats(tmp_path):
    for path in sorted((Path(__file__).parents[1] / "lectures").glob("*/lecture.ipynb")):
        notebook = nb.read(path)
        assert nb.text_of(notebook) == nbjson.writes(notebook)
