"""What learners uploaded, into the class: matched, the later one counts, nothing escapes, nothing is lost."""

import io
import json
import os
import shutil
import time
import zipfile

import pytest
from learner_course import TOPIC, given_out, solution, tiny_course

from foursteps import notebook as nb
from foursteps.classroom.opening import open_class
from foursteps.classroom.roster import Learner
from foursteps.classroom.uploads import collect, undo
from foursteps.course import Course
from foursteps.errors import ClassError, GradeError
from foursteps.grade.batch import the_only_one

CLASS = (
    Learner("ada", "Ada", "Lovelace", "ada@example.org", "11"),
    Learner("bob", "Bob", "Roberts", "bob@example.org", "22"),
    Learner("eve", "Eve", "Adams", "eve@example.org", "33"),
    Learner("zoe", "Zoë", "Last", "zoe@example.org", "44"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    course = given_out(tiny_course(tmp_path_factory.mktemp("course") / "course"))
    open_class(course, CLASS)
    return course


@pytest.fixture
def course(made, tmp_path):
    return Course.load(shutil.copytree(made.root, tmp_path / "course"))


@pytest.fixture
def downloads(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


def taken(course, *sources, **more):
    return collect(course, course.topics[0], sources, **more)


def states(plan):
    return {upload.learner: upload.state for upload in plan.uploads}


def submitted(course, learner):
    folder = course.workspace / "submitted" / learner / TOPIC
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def zipped(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def inner(**members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def test_when_platforms_are_mixed_then_everybodys_files_go_to_their_place(course, downloads):
    complete = nb.dumps(solution(course, "apply_elsewhere"))
    zipped(
        downloads / "canvas.zip",
        **{
            "lovelaceada_11_501_reproduce.ipynb": "{}",
            "lovelaceada_11_502_week one.ipynb": complete,
            "lovelaceada_11_503_helper.py": "mine = 1",
            "robertsbob_LATE_22_504_01_means.zip": inner(
                **{"01_means/reproduce.ipynb": "{}", "01_means/deep/table.csv": "1", "timestamp.txt": "1999"}
            ),
        },
    )
    moodle = downloads / "moodle" / "Zoë Last_9_assignsubmission_file_"
    (moodle / "code").mkdir(parents=True)
    (moodle / "code" / "reproduce.ipynb").write_text("{}")
    (moodle / "code" / "mine.csv").write_text("2")
    (moodle / ".ipynb_checkpoints").mkdir()
    (moodle / ".ipynb_checkpoints" / "reproduce-checkpoint.ipynb").write_text("old")

    plan = taken(course, downloads / "canvas.zip", downloads / "moodle")
    assert states(plan) == {"ada": "new", "bob": "new", "zoe": "new"}
    assert submitted(course, "ada") == {
        "reproduce.ipynb": b"{}",
        "apply_elsewhere.ipynb": complete.encode(),
        "helper.py": b"mine = 1",
    }
    assert submitted(course, "bob") == {"reproduce.ipynb": b"{}", "deep/table.csv": b"1"}
    assert submitted(course, "zoe") == {"reproduce.ipynb": b"{}", "mine.csv": b"2"}
    assert plan.missing == ("eve",)
    assert [upload.said for upload in plan.uploads] == [
        [],
        ["The platform calls it late; a time that it does not say costs nothing."],
        [],
    ]


def test_when_a_learner_hands_in_twice_then_the_later_counts_and_it_is_said(course, downloads):
    for hour, content in (("09", "first"), ("11", "last"), ("10", "middle")):
        name = f"W_bob_attempt_2026-11-02-{hour}-00-00_reproduce.ipynb"
        (downloads / name).write_text(content)
    plan = taken(course, downloads)
    assert submitted(course, "bob") == {
        "reproduce.ipynb": b"last",
        "timestamp.txt": b"2026-11-02 11:00:00 UTC",
    }
    latest = "W_bob_attempt_2026-11-02-11-00-00_reproduce.ipynb"
    assert plan.uploads[0].said == [f"reproduce.ipynb came 3 times: {latest} is the latest and counts."]


def test_when_no_name_has_a_time_then_the_number_of_the_copy_counts_before_the_files_time(course, downloads):
    (downloads / "bob_reproduce (1).ipynb").write_text("again")
    (downloads / "bob_reproduce.ipynb").write_text("first")
    taken(course, downloads)
    assert submitted(course, "bob")["reproduce.ipynb"] == b"again"


def test_when_times_are_local_then_the_classes_zone_makes_them_utc(course, downloads):
    (course.workspace / "class.toml").write_text('timezone = "Europe/Berlin"')
    (downloads / "W_bob_attempt_2026-07-02-09-00-00_reproduce.ipynb").write_text("{}")
    taken(course, downloads)
    assert submitted(course, "bob")["timestamp.txt"] == b"2026-07-02 07:00:00 UTC"


def test_when_it_is_a_dry_run_then_nothing_is_written(course, downloads):
    (downloads / "bob_reproduce.ipynb").write_text("{}")
    plan = taken(course, downloads, dry_run=True)
    assert states(plan) == {"bob": "new"}
    assert not (course.workspace / "submitted").exists()
    assert not (course.workspace / "collected").exists()


def test_when_the_same_is_collected_again_then_nothing_changes(course, downloads):
    (downloads / "bob_reproduce.ipynb").write_text("{}")
    taken(course, downloads)
    before = os.stat(course.workspace / "submitted" / "bob" / TOPIC).st_ctime_ns
    assert states(taken(course, downloads)) == {"bob": "unchanged"}
    assert os.stat(course.workspace / "submitted" / "bob" / TOPIC).st_ctime_ns == before


def test_when_only_one_notebook_comes_again_then_the_other_stays(course, downloads):
    (downloads / "bob_reproduce.ipynb").write_text("one")
    (downloads / "bob_apply_elsewhere.ipynb").write_text("two")
    taken(course, downloads)
    (downloads / "bob_apply_elsewhere.ipynb").unlink()
    (downloads / "bob_reproduce.ipynb").write_text("three")
    assert states(taken(course, downloads)) == {"bob": "changed"}
    assert submitted(course, "bob") == {"reproduce.ipynb": b"three", "apply_elsewhere.ipynb": b"two"}


def test_when_an_older_download_comes_later_then_what_is_there_stays(course, downloads):
    def handed_in(day):
        path = downloads / f"W_bob_attempt_2026-11-{day}-09-00-00_reproduce.ipynb"
        path.write_text(day)
        return path

    taken(course, handed_in("05"))
    plan = taken(course, handed_in("04"))
    assert states(plan) == {"bob": "older"}
    assert plan.uploads[0].said == ["What is there is of 2026-11-05 09:00 UTC and later; it stays."]
    assert submitted(course, "bob")["reproduce.ipynb"] == b"05"


def test_when_a_collecting_is_taken_back_then_all_is_as_before_and_nothing_is_deleted(course, downloads):
    (downloads / "bob_reproduce.ipynb").write_text("one")
    taken(course, downloads)
    time.sleep(0.01)
    (downloads / "bob_reproduce.ipynb").write_text("two")
    (downloads / "ada_reproduce.ipynb").write_text("ada")
    (downloads / "eve_reproduce.ipynb").write_text("eve")
    taken(course, downloads)
    (course.workspace / "submitted" / "eve" / TOPIC / "reproduce.ipynb").write_text("by hand")
    assert undo(course) == (TOPIC, ("ada", "bob"), ("eve",))
    assert submitted(course, "bob") == {"reproduce.ipynb": b"one"}
    assert not (course.workspace / "submitted" / "ada").exists()
    kept = {path.read_text() for path in (course.workspace / "earlier").rglob("*.ipynb")}
    assert kept >= {"two", "ada"}
    assert undo(course)[1] == ("bob",)
    with pytest.raises(ClassError, match="expected a collecting to take back; found none"):
        undo(course)


def test_when_archives_are_hostile_then_nothing_escapes_and_others_are_taken(course, downloads, tmp_path):
    link = zipfile.ZipInfo("bob_link.py")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(downloads / "all.zip", "w") as archive:
        archive.writestr("bob/../../../../escaped.ipynb", "out")
        archive.writestr("/bob/absolute.ipynb", "out")
        archive.writestr("..\\..\\bob_reproduce.ipynb", "out")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("ada.zip", b"PK\x03\x04 damaged")
        archive.writestr(
            "eve.zip", inner(**{"reproduce.ipynb": "{}", "../../up.py": "out", "a.zip": inner()})
        )
        archive.writestr("zoe.tar.gz", b"")
        archive.writestr("zoe/reproduce.ipynb", "{}")
    plan = taken(course, downloads / "all.zip")
    assert states(plan) == {"eve": "new", "zoe": "new"}
    assert submitted(course, "eve") == {"reproduce.ipynb": b"{}"}
    assert submitted(course, "zoe") == {"reproduce.ipynb": b"{}"}
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"out"]
    reasons = dict(plan.unmatched)
    assert sum("leads out of the archive" in reason for reason in reasons.values()) == 5
    assert "it cannot be unpacked" in reasons["all.zip/ada.zip"]
    assert "ask for one .zip" in reasons["all.zip/zoe.tar.gz"]


def test_when_an_archive_would_fill_the_disk_then_it_is_left_out(course, downloads, monkeypatch):
    monkeypatch.setattr("foursteps.grade.collect.MAX_BYTES", 1000)
    bomb = inner(**{"reproduce.ipynb": "x" * 5000})
    zipped(downloads / "all.zip", **{"bob.zip": bomb, "eve.zip": "x" * 2000})
    reasons = dict(taken(course, downloads).unmatched)
    assert "holds more than" in reasons["all.zip/bob.zip"]
    assert "it has 0 MB" in reasons["all.zip/eve.zip"]


def test_when_links_lie_in_a_folder_then_they_are_not_followed(course, downloads):
    (downloads / "bob_reproduce.ipynb").symlink_to(course.workspace / "secret")
    plan = taken(course, downloads)
    assert plan.unmatched == (("bob_reproduce.ipynb", "it is no file"),)
    assert not (course.workspace / "submitted").exists()


def test_when_names_are_wrong_then_each_is_reported_and_nothing_is_guessed(course, downloads):
    (downloads / "bbo_reproduce.ipynb").write_text("{}")
    (downloads / "bob_week seven.ipynb").write_text("{}")
    plan = taken(course, downloads)
    assert plan.unmatched == (("bbo_reproduce.ipynb", "nobody in the class is called 'bbo_reproduce.ipynb'"),)
    assert plan.uploads[0].said == [
        "bob_week seven.ipynb is none of reproduce, apply_elsewhere; it was left out."
    ]
    assert not (course.workspace / "submitted").exists()


def test_when_nothing_can_be_collected_then_the_message_says_what_to_do(course, downloads, made, tmp_path):
    with pytest.raises(ClassError, match=r"expected uploads.*found no such file\. Check the path"):
        taken(course, downloads / "gone.zip")
    (downloads / "bob_reproduce.ipynb").write_text("{}")
    with the_only_one(course), pytest.raises(GradeError, match="a class that nobody else is grading"):
        taken(course, downloads)
    empty = given_out(tiny_course(tmp_path / "empty"))
    with pytest.raises(ClassError, match="foursteps class roster"):
        taken(empty, downloads)


def test_when_it_is_broken_off_while_placing_then_it_can_be_taken_back_or_done_again(
    course, downloads, monkeypatch
):
    (downloads / "ada_reproduce.ipynb").write_text("ada")
    (downloads / "bob_reproduce.ipynb").write_text("bob")
    count = []

    from foursteps.classroom import uploads

    whole = uploads.atomic.folder

    def killed(path):
        count.append(path)
        if len(count) == 2:
            raise KeyboardInterrupt
        return whole(path)

    monkeypatch.setattr(uploads.atomic, "folder", killed)
    with pytest.raises(KeyboardInterrupt):
        taken(course, downloads)
    monkeypatch.undo()
    assert submitted(course, "ada") == {"reproduce.ipynb": b"ada"}
    journal = next((course.workspace / "collected").glob("*.json"))
    assert set(json.loads(journal.read_text())["learners"]) == {"ada", "bob"}
    assert states(taken(course, downloads)) == {"ada": "unchanged", "bob": "new"}
