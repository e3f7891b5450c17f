"""What is no file is set aside before anybody looks, named, and forgotten with the next submission."""

import os
import time
import zipfile

import pytest

from foursteps.errors import GradeError
from foursteps.grade.collect import SafeExtractor
from foursteps.grade.intake import MAX_FILES, left_out, own_files, sort_out
from foursteps.run import sandbox


@pytest.fixture
def submitted(tmp_path):
    folder = tmp_path / "class" / "submitted" / "eve" / "01"
    folder.mkdir(parents=True)
    (tmp_path / "class" / "secret").write_text("hidden")
    (folder / "reproduce.ipynb").write_text("{}")
    (folder / "deep").mkdir()
    (folder / "deep" / "table.csv").write_text("a,b")
    return folder


def sorted_out(submitted):
    sort_out(submitted.parents[2], "01")
    return left_out(submitted)


def test_when_there_are_only_files_then_nothing_is_set_aside(submitted):
    assert sorted_out(submitted) == []
    assert not (submitted.parents[2] / "set_aside").exists()
    assert [inside for _, inside in own_files(submitted)[0]] == ["deep/table.csv"]


def test_when_a_link_leads_out_then_it_is_moved_unread_and_named(submitted):
    link = submitted / "deep" / "leak.csv"
    link.symlink_to(submitted.parents[2] / "secret")
    assert sorted_out(submitted) == ["`deep/leak.csv` is a link; only files are taken, so it was left out."]
    assert not os.path.lexists(link)
    aside = submitted.parents[2] / "set_aside" / "eve" / "01" / "deep" / "leak.csv"
    assert os.readlink(aside) == str(submitted.parents[2] / "secret")
    assert len(sorted_out(submitted)) == 1


def test_when_a_notebook_is_a_link_or_a_folder_then_a_stand_in_keeps_its_row(submitted):
    (submitted / "reproduce.ipynb").unlink()
    (submitted / "reproduce.ipynb").symlink_to("../../ada/01/reproduce.ipynb")
    (submitted / "apply_elsewhere.ipynb").mkdir()
    assert [note.split("; ")[0] for note in sorted_out(submitted)] == [
        "`apply_elsewhere.ipynb` is a folder",
        "`reproduce.ipynb` is a link",
    ]
    for name in ("reproduce", "apply_elsewhere"):
        assert "has been set aside" in (submitted / f"{name}.ipynb").read_text()


def test_when_a_pipe_waits_then_nobody_opens_it(submitted):
    os.mkfifo(submitted / "data.csv")
    assert sorted_out(submitted) == ["`data.csv` is a pipe; only files are taken, so it was left out."]


@pytest.mark.parametrize("content", [b"tomorrow", b"\xff\xfe", b"9" * 40, b"x" * 5000])
def test_when_a_time_cannot_be_read_then_it_is_set_aside(submitted, content):
    (submitted / "timestamp.txt").write_bytes(content)
    assert sorted_out(submitted) == ["timestamp.txt holds no time that can be read; it was left out."]


@pytest.mark.parametrize("content", ["", "2026-01-30 15:00:00 UTC", "2026-01-30 15:00:00.123 +0100"])
def test_when_a_time_can_be_read_then_it_stays(submitted, content):
    (submitted / "timestamp.txt").write_text(content)
    assert sorted_out(submitted) == []


def test_when_something_was_handed_in_again_then_what_was_set_aside_before_is_forgotten(submitted):
    (submitted / "link").symlink_to("/")
    assert len(sorted_out(submitted)) == 1
    time.sleep(0.05)
    (submitted / "reproduce.ipynb").write_text('{"cells": []}')
    assert sorted_out(submitted) == []


def test_when_there_are_too_many_files_then_some_are_left_out_and_it_is_said(submitted):
    for number in range(MAX_FILES + 9):
        (submitted / f"{number}.txt").touch()
    assert len(own_files(submitted)[0]) == MAX_FILES
    assert left_out(submitted)[0].startswith("10 files were left out: a notebook may bring along at most")


def zipped(path, *members, link=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in members:
            archive.writestr(name, "content")
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = 0o120777 << 16
            archive.writestr(info, "/etc/passwd")


def test_when_an_archive_leads_out_then_the_rest_of_it_and_every_other_archive_is_unpacked(tmp_path):
    given, taken = tmp_path / "given", tmp_path / "taken"
    zipped(given / "eve.zip", "good.ipynb", "../up.txt", "/abs.txt", "a/../../b.txt", "in.zip", link="link")
    zipped(given / "zoe.zip", "fine.ipynb")
    (given / "broken.zip").write_bytes(b"PK\x03\x04 no archive")
    (given / "plain.ipynb").write_text("{}")
    SafeExtractor().extract(str(given), str(taken))
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} - {
        f"given/{name}" for name in ("eve.zip", "zoe.zip", "broken.zip", "plain.ipynb")
    }
    assert found == {"taken/eve/good.ipynb", "taken/zoe/fine.ipynb", "taken/plain.ipynb"}


def test_when_an_archive_would_fill_the_disk_then_it_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr("foursteps.grade.collect.MAX_BYTES", 10)
    zipped(tmp_path / "given" / "eve.zip", "one.ipynb", "two.ipynb")
    SafeExtractor().extract(str(tmp_path / "given"), str(tmp_path / "taken"))
    assert [path for path in (tmp_path / "taken").rglob("*") if path.is_file()] == []


def test_when_a_course_lies_where_every_run_may_read_then_grading_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "SYSTEM", (str(tmp_path),))
    (tmp_path / "course").mkdir()
    with pytest.raises(
        GradeError, match=r"outside of the folders that learners' code can read.*Move the course"
    ):
        sandbox.python_walls(tmp_path / "course")


def test_when_other_pythons_of_the_system_hold_datasets_then_those_are_hidden_too(tmp_path, monkeypatch):
    hidden = tmp_path / "lib" / "python3" / "dist-packages" / "sklearn" / "datasets" / "data"
    hidden.mkdir(parents=True)
    monkeypatch.setattr(sandbox, "SYSTEM", (str(tmp_path),))
    assert str(hidden) in sandbox.python_walls().hidden


def test_when_the_dataset_cache_lies_where_a_run_may_read_then_it_is_hidden(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    monkeypatch.setenv("FOURSTEPS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(sandbox, "SYSTEM", (str(tmp_path),))
    assert str(tmp_path / "cache") in sandbox.python_walls().hidden


def test_the_link_that_is_set_aside_was_worth_it(submitted):
    """nbgrader itself would have copied it, through the link."""
    from nbgrader.utils import find_all_files

    link = submitted / "leak.csv"
    link.symlink_to(submitted.parents[2] / "secret")
    assert str(link) in find_all_files(str(submitted), ["*.ipynb"])
    sorted_out(submitted)
    assert str(link) not in find_all_files(str(submitted), ["*.ipynb"])
