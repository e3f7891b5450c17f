"""A course brings datasets of its own: by name like the kit's, in every process that works for the course."""

import os
import subprocess
import sys

import pytest
from tiny_course import tiny_course

from foursteps.course import Course
from foursteps.data import DATASETS, get, held_out_inputs, prepare
from foursteps.data.brought import COURSE, course_at_hand
from foursteps.errors import DataError
from foursteps.release import write_bundle

MODULE = """
from pathlib import Path

import numpy as np

from foursteps.data import Baseline, Dataset, Sizes, Source
from foursteps.data.tables import from_csv


def last_seen(train, inputs):
    return np.full(len(inputs), train.labels[-1])


SOURCE = Source(
    name="{name}", title="Tides", comes_from="a file of the course", url="", licence="CC0-1.0",
    citation="nobody", sha256="{sha}", load=from_csv(Path(__file__).with_name("tides.csv"), target="height"),
)
DATASETS = (
    Dataset(
        name="{name}", title="Tides", about="Heights by the hour.", source=SOURCE, task="regression",
        layout="table", target="height", classes=(), shape=(1,), sizes=Sizes(20, 5, 5), metric="rmse",
        baseline=Baseline("last", "the last height seen", last_seen),
    ),
)
"""
TIDES = "hour,height\n" + "".join(f"{hour},{hour * hour % 17}.5\n" for hour in range(30))


def bring(root, name="tides", sha="", module=MODULE):
    """Put a module that states one dataset into the course at `root`, and its CSV file beside it."""
    folder = root / "datasets"
    folder.mkdir(exist_ok=True)
    (folder / "tides.csv").write_text(TIDES)
    (folder / "tides.py").write_text(module.replace("{name}", name).replace("{sha}", sha))
    return root


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course that brings a dataset, at hand in this process."""
    monkeypatch.setenv(COURSE, "")  # what Course.load sets is undone after the test
    monkeypatch.setenv("FOURSTEPS_CACHE", str(tmp_path / "cache"))
    course = tiny_course(tmp_path / "course")
    bring(course.root)
    return bring(course.root, sha=checksum())


def checksum():
    """The SHA-256 that the kit asks an author to write down."""
    with pytest.raises(DataError) as error:
        get("tides")
    return error.value.mend.split('"')[1]


def test_when_a_course_brings_a_dataset_then_it_is_served_like_any_other(root, tmp_path):
    path = get("tides", seed=3)
    assert (path / "train.csv").read_text().startswith("hour,height\n")
    assert list(held_out_inputs(path).columns) == ["hour"]
    secret = prepare("tides", tmp_path / "graded", seed=8)
    assert len(secret.labels) == len(secret.baseline) == 5
    assert set(secret.baseline) <= {float(line.split(",")[1]) for line in TIDES.splitlines()[1:]}
    assert "height" not in (tmp_path / "graded" / "held_out.csv").read_text()
    assert "CC0-1.0" in DATASETS["tides"].card()


def test_when_a_dataset_has_no_checksum_yet_then_the_error_gives_it(root):
    sha = DATASETS["tides"].source.sha256
    bring(root, sha="")
    with pytest.raises(DataError) as error:
        get("tides")
    assert str(error.value) == (
        "Tides: expected the SHA-256 of its rows, so that a change of them is seen; found none. "
        f'Look at the rows; when they are right, write sha256="{sha}" into its Source.'
    )


def test_when_the_rows_of_a_brought_file_change_then_they_are_refused(root):
    (root / "datasets" / "tides.csv").write_text(TIDES + "30,4.5\n")
    with pytest.raises(DataError, match="a file of the course changed"):
        get("tides", seed=99)


def test_when_another_course_is_loaded_then_its_datasets_are_at_hand_and_the_first_ones_are_not(
    root, tmp_path
):
    other = tiny_course(tmp_path / "other")
    assert course_at_hand() == other.root
    assert "tides" not in DATASETS
    with pytest.raises(DataError, match=r"expected one of bird_strikes, breast_cancer, .*; found 'tides'"):
        get("tides")
    Course.load(root)
    assert "tides" in list(DATASETS)


def test_when_a_module_is_edited_then_the_next_look_sees_it(root):
    assert "tides" in DATASETS
    bring(root, name="high_tides")
    assert ("tides" in DATASETS, "high_tides" in DATASETS) == (False, True)


@pytest.mark.parametrize("name", ["mnist", "own"])
def test_when_a_name_is_the_kits_then_the_error_says_where_and_what_to_do(root, name):
    bring(root, name=name)
    with pytest.raises(DataError) as error:
        get("mnist")
    assert str(error.value) == (
        f"{root / 'datasets' / 'tides.py'}, dataset {name}: expected a name that no other dataset has; "
        "found the name of one that comes with the kit. Rename it, here and in the notebooks."
    )


def test_when_two_modules_give_one_name_then_it_is_refused(root):
    (root / "datasets" / "waves.py").write_text((root / "datasets" / "tides.py").read_text())
    with pytest.raises(DataError, match="found the name of another one of this course"):
        get("tides")


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("import no_such_package", "found ModuleNotFoundError: No module named 'no_such_package'"),
        ("DATASETS = ('tides',)", "found no such tuple"),
        ("tides = 1", "found no such tuple"),
    ],
)
def test_when_a_module_cannot_be_used_then_the_error_names_it(root, module, found):
    bring(root, module=module)
    with pytest.raises(DataError) as error:
        get("tides")
    assert str(root / "datasets" / "tides.py") in str(error.value)
    assert found in str(error.value)
    assert error.value.mend == "Correct it; the author guide shows one."


@pytest.mark.parametrize("inherited", [True, False])
def test_when_a_process_starts_in_the_course_or_from_it_then_it_finds_the_datasets(root, tmp_path, inherited):
    # A kernel of `foursteps reproduce` runs in an empty folder; a learner's runs in the course.
    env = {**os.environ, COURSE: str(root) if inherited else ""}
    where = tmp_path if inherited else root / "lectures"
    code = "from foursteps.data import get; print(get('tides').parent.name)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=where, env=env, capture_output=True, text=True)
    assert ran.stdout.strip() == "tides", ran.stderr


def test_when_somebody_is_graded_then_only_what_was_prepared_can_be_opened(root, tmp_path, monkeypatch):
    graded = tmp_path / "grading"
    prepare("tides", graded / "data" / "tides", seed=1)
    monkeypatch.setenv("FOURSTEPS_GRADING", str(graded))
    monkeypatch.setenv(COURSE, str(tmp_path / "gone"))
    assert get("tides") == graded / "data" / "tides"


def test_when_a_bundle_is_written_then_the_datasets_are_in_it(root, monkeypatch):
    bundle = write_bundle(Course.load(root)).with_suffix("")
    assert {path.name for path in (bundle / "datasets").iterdir()} == {"tides.py", "tides.csv"}
    monkeypatch.setenv(COURSE, "")
    monkeypatch.chdir(bundle / "lectures")
    assert get("tides", seed=5).is_dir()
