"""nbgrader's own notebooks get the same marks from stock nbgrader and from us, or there is a reason."""

import conformance
import pytest


@pytest.mark.slow
def test_when_nbgraders_own_notebooks_are_graded_by_both_then_every_row_is_alike_or_has_its_reason(tmp_path):
    """Every third submission of each assignment, to save minutes; the page has them all."""
    wanted = conformance.cases()
    for case in wanted:
        case.submissions = dict(list(case.submissions.items())[::3])
    found = conformance.compared(tmp_path / "course", wanted)
    assert [each for each in found if set(each.why) - set(conformance.WHY)] == []
    assert sum(each.rows for each in found) > 100
    page = conformance.DOCS.read_text("utf-8")
    shown = page.partition(conformance.MARKS[0])[2].partition(conformance.MARKS[1])[0].splitlines()
    for line in conformance.table(found).splitlines()[2:]:
        assert line in shown, "Run `python tests/conformance.py --write`."


def test_when_a_reason_is_given_then_the_page_explains_it_and_names_its_test():
    page = conformance.DOCS.read_text("utf-8")
    for reason in conformance.WHY.values():
        assert reason in page
