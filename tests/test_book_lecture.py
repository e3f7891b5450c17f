"""A lecture as the book prints it: whose outputs, what of them, and when it refuses."""

import nbformat
import pytest
from book_course import CELLS, as_run, lecture
from nbformat.v4 import new_code_cell, new_output

from foursteps import notebook as nb
from foursteps.book import lecture as page
from foursteps.errors import BookError

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def cell(notebook, name):
    return next(one for one in notebook.cells if one.id == name)


def test_when_the_prose_changed_then_todays_prose_has_the_outputs_of_the_run():
    run = as_run(lecture())
    today = lecture()
    cell(today, "look").source = "## Look twice"
    shown = page.printed(today, run, "lecture")
    assert cell(shown, "look").source == "## Look twice"
    assert cell(shown, "claim").outputs[0].data == {"text/html": "<b>error</b> 0.4"}
    assert cell(shown, "fit").execution_count == cell(run, "fit").execution_count


def test_when_the_code_changed_then_its_old_outputs_are_refused_by_cell():
    run = as_run(lecture())
    today = lecture()
    cell(today, "fit").source = "slope = 3"
    with pytest.raises(BookError) as caught:
        page.printed(today, run, "lectures/01/lecture.ipynb")
    assert caught.value.where == "lectures/01/lecture.ipynb"
    assert caught.value.found == "a run in which cell fit was written otherwise"


def test_when_a_cell_raised_then_the_error_names_it():
    run = as_run(lecture())
    cell(run, "plot").outputs = [new_output("error", ename="ValueError", evalue="no", traceback=[])]
    with pytest.raises(BookError, match=r"lecture, cell plot: .*found ValueError: no"):
        page.printed(lecture(), run, "lecture")


def test_when_the_run_stopped_early_then_the_first_cell_not_run_is_named():
    run = as_run(lecture())
    for one in nb.code_cells(run)[2:]:
        one.execution_count = None
    with pytest.raises(BookError, match="cell plot: expected a run to the last cell"):
        page.printed(lecture(), run, "lecture")


@pytest.mark.parametrize(
    ("given", "refused"),
    [("seed = 42", None), ('device = "cuda"', "device = 'cuda'"), ("seed = 7", "seed = 7")],
)
def test_when_papermill_gave_parameters_then_only_those_printed_are_accepted(given, refused):
    run = as_run(lecture())
    place = run.cells.index(cell(run, "parameters")) + 1
    injected = new_code_cell(given, metadata={"tags": ["injected-parameters"]}, execution_count=2)
    run.cells.insert(place, injected)
    if refused is None:
        assert len(page.printed(lecture(), run, "lecture").cells) == len(CELLS)
    else:
        with pytest.raises(BookError) as caught:
            page.printed(lecture(), run, "lecture")
        assert caught.value.found == refused


def test_when_the_device_is_left_to_the_machine_then_any_device_may_have_run_it():
    source = lecture()
    cell(source, "parameters").source = 'seed = 42\ndevice = "auto"'
    run = as_run(source)
    injected = new_code_cell('device = "cpu"', metadata={"tags": ["injected-parameters"]}, execution_count=2)
    run.cells.insert(3, injected)
    assert len(page.printed(source, run, "lecture").cells) == len(source.cells)


def test_when_an_output_is_for_machines_then_only_what_people_see_is_left():
    bundle = {"application/vnd.foursteps.claim+json": {"name": "a"}, "text/html": "<b>a</b>"}
    assert page.clean(new_output("display_data", bundle)).data == {"text/html": "<b>a</b>"}
    evidence = {"application/vnd.foursteps.evidence+json": {}, "text/plain": ""}
    assert page.clean(new_output("display_data", evidence)) is None
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}
    assert page.clean(new_output("display_data", widget)) is None


def test_when_a_library_mutters_then_the_page_does_not_repeat_it():
    assert page.clean(new_output("stream", name="stderr", text="UserWarning: x")) is None
    progress = new_output("stream", name="stdout", text="0%\r50%\r100%\ndone\n")
    assert page.clean(progress).text == "100%\ndone\n"


def test_when_a_figure_has_a_description_then_it_is_its_alternative_text():
    run = as_run(lecture())
    cell(run, "plot").outputs = [new_output("display_data", {"image/png": PNG, "text/plain": "<Figure>"})]
    cell(run, "fit").outputs = [new_output("display_data", {"image/png": PNG})]
    shown = page.printed(lecture(), run, "lecture")
    assert cell(shown, "plot").metadata.mystnb.image.alt.startswith("Eight points that rise")
    assert page.undescribed(shown) == ("fit",)


def test_when_a_run_recorded_a_claim_then_the_book_knows_its_value():
    said = page.claims_said(as_run(lecture()))
    assert said["error"]["value"] == 0.4


def test_when_a_lecture_is_printed_then_neither_notebook_given_is_changed():
    source, run = lecture(), as_run(lecture())
    before = nb.dumps(source), nb.dumps(nbformat.from_dict(run))
    page.printed(source, run, "lecture")
    assert (nb.dumps(source), nb.dumps(run)) == before
