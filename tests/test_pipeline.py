"""`foursteps course`: from sources to book in one go, and again only what changed."""

import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tiny_course import ANSWERS, TOPIC, tiny_course, with_proofs

from foursteps import notebook as nb
from foursteps.claims.ledger import load_or_new, measured
from foursteps.pipeline import build_book, run

NAMES = ["release", "check", "reproduce", "grade", "book"]
EMPTY = """\
# /// attempt
# says = "Left out."
# kind = "wrong"
# [expect]
# {check} = 0
# ///
# %% {cell}
pass
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tiny_course(tmp_path_factory.mktemp("pipeline") / "course")
    ours = Path(__file__).parents[1] / "book"
    shutil.copytree(ours / "_static", course.root / "book" / "_static")
    shutil.copy(ours / "_config.yml", course.root / "book")
    (course.root / "book" / "index.md").write_text("# A tiny course\n\n<!-- topics -->\n")
    wrong = {"reproduce": ("answer_distance", "distance"), "apply_elsewhere": ("answer_model", "gain")}
    for name, (cell, check) in wrong.items():
        folder = course.topic(TOPIC).exercises[name].attempts
        folder.mkdir(parents=True)
        (folder / "sample_wrong.py").write_text(EMPTY.format(cell=cell, check=check))
    return with_proofs(course)


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
def test_when_the_printed_run_raises_an_alarm_then_two_more_seeds_settle_it_and_the_book_says_so(course):
    path = course.topic(TOPIC).claims
    before = path.read_bytes()
    kept = load_or_new(path)
    made = kept.record("lecture.accuracy").bands["cpu"].provenance
    out_of_reach = dict(zip(range(1, 6), (1.9, 1.91, 1.92, 1.93, 1.94), strict=True))
    band = measured(
        "lecture.accuracy", out_of_reach, [0.5], made, kind="share", rows=400, higher_is_better=True
    )
    kept.with_claims({"lecture.accuracy": band}).save()
    try:
        report = build_book(course)
    finally:
        path.write_bytes(before)
    page = BeautifulSoup((report.html / "reproduces.html").read_text("utf-8"), "html.parser")
    (row,) = [row.get_text(" ") for row in page.select("tr") if "accuracy (cpu)" in row.get_text(" ")]
    assert re.search(r"does not reproduce: 3 seeds average 0\.\d+", " ".join(row.split()))


@pytest.mark.slow
def test_when_the_instructor_asks_for_an_edition_then_it_has_the_solutions_and_a_folder_of_its_own(course):
    report = build_book(course, "instructor")
    assert report.html == course.root / "book/_build/instructor/_build/html"
    answer = "".join(ANSWERS["distance"].splitlines()[0].split())
    page = report.html / f"topics/{TOPIC.replace('_', '-')}/solution-reproduce.html"
    assert answer in "".join(BeautifulSoup(page.read_text("utf-8"), "html.parser").get_text().split())
    assert "How it is graded" in report.index.read_text("utf-8")
    learner = course.root / "book/_build/html"
    assert not list(learner.rglob("solution-*")) + list(learner.rglob("grading*"))


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
