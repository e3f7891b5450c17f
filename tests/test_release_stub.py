"""A stub runs, defines what the code around it needs, and holds nothing of the answer."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from foursteps.errors import NotebookError
from foursteps.release.stub import code_stub, solution_lines, stub, text_stub


def solution(source, **more):
    meta = {"grade": False, "solution": True, "locked": False, "grade_id": "answer", **more}
    return new_code_cell(source, id="answer", metadata={"nbgrader": meta})


INPUT_TO_STUB = {
    "function": (
        'def mean(x):\n    "The mean."\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION',
        (),
        'def mean(x):\n    "The mean."\n    # your code here\n    return ...',
    ),
    "name-that-is-used": (
        "### BEGIN SOLUTION\npath = get()\nlearn = fit(path)\n### END SOLUTION",
        ("learn",),
        "# your code here\nlearn = ...",
    ),
    "several-names-in-order": (
        "### BEGIN SOLUTION\nfor x, (y, *z) in pairs: pass\nwith f() as g: h: int = 1\n### END SOLUTION",
        ("h", "g", "z", "y", "x"),
        "# your code here\nx = ...\ny = ...\nz = ...\ng = ...\nh = ...",
    ),
    "whole-function-in-the-region": (
        "### BEGIN SOLUTION\ndef f(x):\n    inner = 1\n    return inner\n### END SOLUTION",
        ("f", "inner"),
        "# your code here\nf = ...",
    ),
    "method": (
        "class M:\n    def go(self, x):\n        ### BEGIN SOLUTION\n        a\n        ### END SOLUTION",
        (),
        "class M:\n    def go(self, x):\n        # your code here\n        return ...",
    ),
    "two-regions-with-code-between": (
        "### BEGIN SOLUTION\na = 1\n### END SOLUTION\nprint(1)\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION",
        ("a", "b"),
        "# your code here\na = ...\nprint(1)\n# your code here\nb = ...",
    ),
    "region-after-a-function": (
        "def f():\n    return 1\n### BEGIN SOLUTION\na = f()\n### END SOLUTION",
        ("a",),
        "def f():\n    return 1\n# your code here\na = ...",
    ),
    "block-without-a-used-name": (
        "for epoch in range(2):\n    ### BEGIN SOLUTION\n    step()\n    ### END SOLUTION",
        (),
        "for epoch in range(2):\n    # your code here\n    ...",
    ),
    "comprehension-variables-are-its-own": (
        "### BEGIN SOLUTION\nxs = [x for x in range(3)]\n### END SOLUTION",
        ("x", "xs"),
        "# your code here\nxs = ...",
    ),
    "magic": (
        "%matplotlib inline\n### BEGIN SOLUTION\n!pip list\na = 1\n### END SOLUTION",
        ("a",),
        "%matplotlib inline\n# your code here\na = ...",
    ),
}


@pytest.mark.parametrize(("source", "used", "expected"), INPUT_TO_STUB.values(), ids=INPUT_TO_STUB)
def test_when_a_region_is_replaced_then_what_stays_is_the_stub(source, used, expected):
    assert code_stub(source, used) == expected


def test_when_a_check_uses_a_name_then_the_stub_defines_it_and_the_notebook_runs():
    notebook = new_notebook(
        cells=[
            solution("### BEGIN SOLUTION\nsecret = 3\nanswer = secret + 1\n### END SOLUTION"),
            new_code_cell("seen = [answer]", id="check"),
        ]
    )
    stub(notebook)
    scope = {}
    for cell in notebook.cells:
        exec(cell.source, scope)
    assert scope["seen"] == [...]
    assert "secret" not in notebook.cells[0].source


def test_when_a_name_is_used_only_in_another_region_then_the_stub_does_not_give_it_away():
    first, second = solution("### BEGIN SOLUTION\nrate = 0.1\n### END SOLUTION"), solution("rate + 1")
    second.id = "second"
    notebook = new_notebook(cells=[first, second])
    stub(notebook)
    assert [cell.source for cell in notebook.cells] == ["# your code here"] * 2


def test_when_a_write_up_has_a_region_then_only_the_region_is_replaced():
    text = "What did you find?\n\n### BEGIN SOLUTION\nIt works.\n### END SOLUTION\nThank you."
    assert text_stub(text) == "What did you find?\n\n*Your answer here.*\nThank you."
    whole = new_markdown_cell("It works.", metadata={"nbgrader": {"solution": True, "grade": True}})
    notebook = new_notebook(cells=[whole])
    stub(notebook)
    assert notebook.cells[0].source == "*Your answer here.*"


def test_when_solution_lines_are_asked_for_then_only_what_lies_inside_the_regions_comes():
    notebook = new_notebook(
        cells=[solution("a = 1\n### BEGIN SOLUTION\nb = 2\n\nc = 3\n### END SOLUTION\nd = 4")]
    )
    assert solution_lines(notebook) == ["b = 2", "c = 3"]


BROKEN = {
    "no-end": ("### BEGIN SOLUTION\na = 1", "no END SOLUTION after line 1"),
    "no-begin": ("a = 1\n### END SOLUTION", "an END SOLUTION on line 2 without a BEGIN SOLUTION"),
    "nested": (
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
        "a second BEGIN SOLUTION on line 2, before an END SOLUTION",
    ),
    "no-python": ("### BEGIN SOLUTION\na = (\n### END SOLUTION", "'(' was never closed: 'a = ('"),
}


@pytest.mark.parametrize(("source", "found"), BROKEN.values(), ids=BROKEN)
def test_when_a_region_is_broken_then_the_message_names_the_cell_and_what_is_there(source, found):
    with pytest.raises(NotebookError) as raised:
        stub(new_notebook(cells=[solution(source)]))
    assert raised.value.where.startswith("cell answer")
    assert raised.value.found == found


def test_when_a_region_stands_in_a_cell_that_is_no_solution_then_it_is_refused():
    with pytest.raises(NotebookError, match="Mark the cell as an autograded answer"):
        stub(new_notebook(cells=[new_code_cell("### BEGIN SOLUTION\na = 1\n### END SOLUTION")]))
