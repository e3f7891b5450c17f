"""Gradebooks that are not what was hoped for: of another nbgrader, on PostgreSQL, shared, or gone midway."""

import copy
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from classroom_course import CHECKS, CLASS, TOPIC, a_class
from nbformat import from_dict
from postgresql import WHY_NOT, postgresql
from test_cli import COMMAND, foursteps
from tiny_course import find, released, solution, submit

from foursteps.classroom.grades import grades
from foursteps.classroom.late import extend, settle
from foursteps.classroom.roster import Learner, enter, members
from foursteps.course import Course
from foursteps.errors import GradeError
from foursteps.grade import grade_class, table
from foursteps.grade.database import anchored, newest
from foursteps.grade.gradebook import db_url, open_gradebook, register
from foursteps.grade.nbgrader_setup import find_alembic, load_config

ADA_BOB_EVE = ("ada", "bob", "eve")
needs_postgresql = pytest.mark.skipif(bool(WHY_NOT), reason=f"PostgreSQL: {WHY_NOT}")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return a_class(tmp_path_factory.mktemp("class") / "course")


@pytest.fixture
def course(made, tmp_path):
    return Course.load(shutil.copytree(made.root, tmp_path / "course"))


def test_when_the_gradebook_is_named_from_the_courses_folder_then_it_is_found_from_anywhere(
    course, tmp_path, monkeypatch
):
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("\nc = get_config()\nc.CourseDirectory.db_url = 'sqlite:///class/gradebook.db'\n")
    monkeypatch.chdir(tmp_path)
    assert db_url(course) == f"sqlite:///{course.workspace / 'gradebook.db'}"
    assert members(course)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql://ada:secret@here/marks"])
def test_when_the_gradebook_is_no_file_then_its_address_stays(url, tmp_path):
    assert anchored(url, tmp_path) == url


def revision(path):
    with sqlite3.connect(path) as database:
        return database.execute("select version_num from alembic_version").fetchone()[0]


def test_when_an_older_nbgrader_made_the_gradebook_then_it_is_refused_untouched_and_can_be_upgraded(course):
    path = course.workspace / "gradebook.db"
    with sqlite3.connect(path) as database:  # as nbgrader 0.6 made it: without courses
        database.execute("alter table assignment rename to newer")
        database.execute(
            "create table assignment (id varchar(32) primary key, name varchar(128) unique, duedate datetime)"
        )
        database.execute("insert into assignment select id, name, duedate from newer")
        database.execute("drop table newer")
        database.execute("drop table course")
        database.execute("update alembic_version set version_num = '282d30a0218e'")
    database.close()
    before = path.read_bytes()
    for act in (lambda: enter(course, [Learner("new")]), lambda: open_gradebook(course)):
        with pytest.raises(GradeError) as caught:
            act()
        assert caught.value.found == "one of an older nbgrader (revision 282d30a0218e)"
        assert "Run `nbgrader db upgrade` in the course's folder" in caught.value.mend
    assert path.read_bytes() == before
    find_alembic()
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", "db", "upgrade"], cwd=course.root, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert revision(path) == newest()
    assert members(course) == CLASS
    assert enter(course, [Learner("new")]).new == ("new",)


def test_when_a_column_is_missing_then_reading_says_so_too(course):
    path = course.workspace / "gradebook.db"
    with sqlite3.connect(path) as database:
        database.execute("alter table student drop column lms_user_id")
        database.execute("update alembic_version set version_num = '724cde206c17'")
    database.close()
    code, _, err = foursteps(course.root, "class", "roster")
    assert code == 1
    assert "found one of an older nbgrader (revision 724cde206c17)" in " ".join(err.split())
    assert "Traceback" not in err


def test_when_a_newer_nbgrader_made_the_gradebook_then_it_says_to_update(course):
    with sqlite3.connect(course.workspace / "gradebook.db") as database:
        database.execute("update alembic_version set version_num = 'ffffffffffff'")
    database.close()
    with pytest.raises(GradeError, match=r"found one of a newer nbgrader \(revision ffffffffffff\)"):
        open_gradebook(course)


def test_when_the_gradebook_is_damaged_then_it_is_one_clear_error(course):
    (course.workspace / "gradebook.db").write_bytes(b"no database at all" * 200)
    code, _, err = foursteps(course.root, "class", "roster")
    assert code == 1
    assert "found file is not a database" in " ".join(err.split())
    assert "Traceback" not in err


def test_when_no_database_answers_then_the_password_is_not_said(course):
    use(course, "postgresql+psycopg://teacher:geheim@localhost:1/gradebook")
    code, _, err = foursteps(course.root, "class", "roster")
    said = " ".join(err.split())
    assert code == 1
    assert "geheim" not in said
    assert "expected the driver for PostgreSQL; found none" in said or "a database that answers" in said
    assert "Traceback" not in said


def test_when_another_program_holds_the_gradebook_then_it_says_to_try_again(course):
    with sqlite3.connect(course.workspace / "gradebook.db") as database:
        database.execute("begin exclusive")
        ran = subprocess.run(
            [*COMMAND, "--course", str(course.root), "class", "roster"], capture_output=True, text=True
        )
        database.rollback()
    database.close()
    assert ran.returncode == 1
    assert "database is locked. Free it: another program holds it." in " ".join(ran.stderr.split())


def use(course, url):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc = get_config()\nc.CourseDirectory.db_url = {url!r}\n")


@pytest.fixture(scope="module")
def server():
    with postgresql() as running:
        yield running


@pytest.mark.slow
@needs_postgresql
def test_when_the_gradebook_is_on_postgresql_then_a_class_goes_all_the_way(course, server):
    url = server.database("way")
    use(course, url)
    settings = '[due]\n01_means = 2026-11-02T18:00:00\n[late]\npolicy = "daily"\n'
    (course.workspace / "class.toml").write_text(settings)
    assert load_config(course.root).CourseDirectory.db_url == url
    enter(course, CLASS)
    register(course, TOPIC)
    assert members(course) == CLASS
    both = {name: solution(course, name) for name in CHECKS}
    submit(course, "ada", **both)
    late = submit(course, "bob", **both)
    (late / "timestamp.txt").write_text("2026-11-02 20:00:00 UTC")
    submit(course, "eve", **{name: released(course, name) for name in CHECKS})

    # While the class is graded, somebody pulls the plug.
    grading = [*COMMAND, "--course", str(course.root), "grade", "01", "--sandbox", "none", "--no-feedback"]
    running = subprocess.Popen(grading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not kept_runs(course) and running.poll() is None:
        time.sleep(0.01)
    server.stop()
    _, said = running.communicate(timeout=300)
    assert running.returncode == 1
    said = " ".join(said.split())
    assert "expected a database that answers" in said
    assert "Start it again. Then run the same command again. What was recorded is kept" in said
    assert "Traceback" not in said
    server.start()
    kept = kept_runs(course)

    rows = grade_class(course, course.topics[0], sandbox="none")
    assert not [row.error for row in rows if row.error]
    assert kept  # and none of them was made again
    assert kept.items() <= kept_runs(course).items()
    assert sorted(table.entries(url, TOPIC)) == sorted((who, name) for who in ADA_BOB_EVE for name in CHECKS)
    assert points(course) == {"ada": 16, "bob": 16, "eve": 0, "zoe": None}
    assert settle(course, course.topics[0])  # the due date is known now
    assert points(course)["bob"] == pytest.approx(14.4)
    extend(course, course.topics[0], "bob", timedelta(days=1))
    settle(course, course.topics[0])
    assert points(course) == {"ada": 16, "bob": 16, "eve": 0, "zoe": None}


def kept_runs(course):
    """The runs that are kept, each with what tells whether it was written again."""
    return {path: path.stat().st_ino for path in (course.workspace / "runs").rglob("*.json")}


def points(course):
    return {record.learner.id: record.marks[TOPIC].points for record in grades(course)}


def marked(course, learner):
    """A learner's notebooks as the grader leaves them: the solution, with full points."""
    from foursteps.grade.record import Marked

    notebooks = {}
    for name, checks in CHECKS.items():
        notebook = solution(course, name)
        for check in checks:
            cell = find(notebook, check)
            if cell.cell_type == "code":
                points = {"text/plain": str(cell.metadata.nbgrader.points)}
                output = {"output_type": "execute_result", "metadata": {}, "data": points}
                cell.outputs = [from_dict({**output, "execution_count": None})]
        notebooks[name] = notebook
    submit(course, learner, **{name: "{}" for name in CHECKS})
    return Marked(learner, notebooks)


@pytest.mark.slow
@needs_postgresql
def test_when_two_graders_record_at_once_then_nothing_is_lost_and_nothing_doubled(course, server):
    from foursteps.grade.record import Recorder

    use(course, server.database("writers"))
    enter(course, CLASS)
    register(course, TOPIC)
    names = [f"learner{number:02}" for number in range(30)]
    both = [marked(course, name) for name in names]
    topic, config = course.topics[0], load_config(course.root)
    ready = threading.Barrier(2)
    failed = []

    def grader(step):
        try:
            with Recorder(course, topic, config) as recorder:
                for start in range(0, 30, 5):
                    ready.wait(60)  # both write the same five learners at the same time, from either end
                    assert recorder.write(copy.deepcopy(both[start : start + 5][::step])) == {}
        except BaseException as error:
            failed.append(error)
            ready.abort()

    threads = [threading.Thread(target=grader, args=(step,)) for step in (1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    entered = table.entries(db_url(course), TOPIC)
    assert {student for student, _ in entered} == set(names)
    assert len(entered) == 60
    assert {entry.points for (_, name), entry in entered.items() if name == "reproduce"} == {10.0}
    for some in ([], names[:1], names[3:7]):
        theirs = {key: entry for key, entry in entered.items() if key[0] in some}
        assert table.entries(db_url(course), TOPIC, some) == theirs


@pytest.mark.slow
@needs_postgresql
def test_when_two_grade_the_same_class_at_once_then_one_does_and_the_other_is_told(course, server):
    use(course, server.database("graders"))
    enter(course, CLASS)
    for learner in ADA_BOB_EVE:
        submit(course, learner, **{name: solution(course, name) for name in CHECKS})
    command = [*COMMAND, "--course", str(course.root), "grade", "01", "--sandbox", "none", "--no-feedback"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [process.communicate(timeout=300) for process in running]
    codes = sorted(process.returncode for process in running)
    told = " ".join(err for _, err in said)
    assert codes == [0, 1], told
    assert "expected a class that nobody else is grading" in " ".join(told.split())
    assert points(course) == {"ada": 16, "bob": 16, "eve": 16, "zoe": None}
