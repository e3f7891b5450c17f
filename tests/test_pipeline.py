"""`foursteps course`: from sources to book in one go, and again only what changed."""

import shutil
from pathlib import Path

import pytest
from tiny_course import TOPIC, tiny_course, with_proofs

from foursteps import notebook as nb
from foursteps.pipeline import run

NAMES = ["release", "check", "reproduce", "grade", "book"]
EMPTY = '# /// attempt\n# says = "Left out."\n# kind = "wrong"\n# ///\n# %% {cell}\npass\n'


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = with_proofs(tiny_course(tmp_path_factory.mktemp("pipeline") / "course"))
    ours = Path(__file__).parents[1] / "book"
    shutil.copytree(ours / "_static", course.root / "book" / "_static")
    shutil.copy(ours / "_config.yml", course.root / "book")
    (course.root / "book" / "index.md").write_text("# A tiny course\n\n<!-- topics -->\n")
    for name, cell in (("reproduce", "answer_distance"), ("apply_elsewhere", "answer_model")):
        folder = course.topic(TOPIC).exercises[name].attempts
        folder.mkdir(parents=True)
        (folder / "sample_wrong.py").write_text(EMPTY.format(cell=cell))
    return course


@pytest.mark.slow
def test_when_the_course_is_whole_then_every_stage_ends_well_and_the_second_time_nothing_runs(course):
    seen = []
    stages = list(run(course, lambda progress: seen.append(progress.done / progress.total)))
    assert [stage.name for stage in stages] == NAMES
    assert [stage.told for stage in stages] == [()] * 5
    assert all(stage.state != "failed" for stage in stages)
    assert (course.root / "book/_build/html/index.html").is_file()
    assert seen == sorted(seen)
    assert seen[-1] == 1
    now = []
    again = list(run(course, lambda progress: now.append(progress.now)))
    assert all(stage.state != "failed" for stage in again)
    assert not [text for text in now if ", cell 1 of" in text]


@pytest.mark.slow
def test_when_one_stage_finds_a_fault_then_it_is_told_and_the_others_still_run(course):
    path = course.topic(TOPIC).lecture
    before = path.read_text()
    notebook = nb.read(path)
    notebook.cells[-1].source += "\nraise RuntimeError('no more')"
    nb.write(path, notebook)
    try:
        stages = {stage.name: stage for stage in run(course)}
    finally:
        path.write_text(before)
    assert stages["reproduce"].state == "failed"
    assert "RuntimeError: no more" in " ".join(stages["reproduce"].told)
    assert stages["grade"].state == "ok"
    assert stages["book"].state == "failed"
