"""The guide "run a class", to the letter: an empty folder to returned feedback, for a class of thirty."""

import csv
import io
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from learner_course import TOPIC, given_out, tiny_course
from tiny_course import answer, released, solution

from foursteps import notebook as nb

GUIDE = Path(__file__).parents[1] / "book" / "guides" / "class.md"
BY_HAND = ("jupyter lab",)
"""What opens a browser for a person."""
LEARNERS = [f"learner{number:02}" for number in range(1, 31)]


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


def commands():
    return [line for block in blocks("bash") for line in block.splitlines() if line not in BY_HAND]


def run(root, line):
    """A line of the guide, as a shell would run it in the course's folder."""
    words = shlex.split(line)
    assert words[0] == "foursteps"
    command = [sys.executable, "-c", "from foursteps.cli import app; app()", *words[1:]]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=500, env=os.environ)
    return ran.returncode, ran.stdout, ran.stderr


def uploads(course, folder):
    """Of thirty learners all but three, as four platforms name them; one twice, and one file of nobody."""
    folder.mkdir()
    both = {name: solution(course, name) for name in course.topics[0].exercises}
    right = {name: nb.dumps(notebook) for name, notebook in both.items()}
    stub = {name: nb.dumps(released(course, name)) for name in both}
    wrong = dict(right)
    blank = answer(solution(course, "reproduce"), "answer_distance", "def distance(a, b):\n    return 0.0")
    wrong["reproduce"] = nb.dumps(blank)
    kinds = {0: right, 1: wrong, 2: stub}
    with zipfile.ZipFile(folder / "moodle.zip", "w") as archive:
        for number in range(1, 13):
            for name, text in kinds[number % 3].items():
                archive.writestr(
                    f"First{number} Last{number}_9{number}_assignsubmission_file_/{name}.ipynb", text
                )
    with zipfile.ZipFile(folder / "canvas.zip", "w") as archive:
        for number in range(13, 20):
            for name, text in kinds[number % 3].items():
                archive.writestr(f"last{number}first{number}_{number}_{number}77_{name}.ipynb", text)
    for number in range(20, 25):
        for name, text in kinds[number % 3].items():
            at = "2026-11-03-18-30-00" if number == 21 else "2026-11-02-17-00-00"
            (folder / f"Week 1_learner{number}_attempt_{at}_{name}.ipynb").write_text(text)
    for number in range(25, 28):
        (folder / f"learner{number}").mkdir()
        for name, text in kinds[number % 3].items():
            (folder / f"learner{number}" / f"{name}.ipynb").write_text(text)
    (folder / "learner27_reproduce (1).ipynb").write_text(right["reproduce"])
    (folder / "homework.ipynb").write_text("{}")


def roster(path):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "first name", "last name", "email", "lms id"])
        for number, learner in enumerate(LEARNERS, 1):
            writer.writerow(
                [learner, f"First{number}", f"Last{number}", f"{learner}@example.org", str(number)]
            )


@pytest.mark.slow
def test_when_the_guide_is_followed_then_a_class_of_thirty_gets_its_feedback(tmp_path):
    course = tiny_course(tmp_path / "course")
    roster(course.root / "roster.csv")
    said = {}
    for line in commands():
        if line.startswith("foursteps class collect") and not (course.root / "downloads").exists():
            (course.workspace / "class.toml").write_text(blocks("toml")[0])
            uploads(course, course.root / "downloads")
        code, out, err = run(course.root, line)
        said[line] = (" ".join(out.split()), " ".join(err.split()))
        expected = 1 if "class collect" in line else 0  # homework.ipynb is nobody's
        assert code == expected, (line, out, err)
        assert "Traceback" not in err
    outs = {line: out for line, (out, _) in said.items()}
    assert "30 learners entered, 0 changed." in outs["foursteps class create roster.csv"]
    collected, refused = said["foursteps class collect 01 downloads"]
    assert "homework.ipynb: nobody in the class is called 'homework.ipynb'" in refused
    assert "27 new" in collected
    assert "3 have handed in nothing: learner28, learner29, learner30" in collected
    assert "learner27: reproduce.ipynb came 2 times: learner27_reproduce (1).ipynb is the latest" in collected
    assert "27 submissions are as they were before." in outs["foursteps class undo"]
    foreseen = outs["foursteps grade 01 --dry-run"]
    runs = len(list((course.workspace / "runs").rglob("*.json")))
    assert runs < 54  # some hand in the same
    assert f"to run: 54 (runs: {runs}); to mark again: 0; that stay: 0; not handed in: 6" in foreseen
    summary = outs["foursteps class summary 01"]
    assert "27 of 30 handed in, 27 graded" in summary
    assert "late: learner21, 2 days begun, 3.2 points" in summary
    assert "learner07 has 3 more days" in outs["foursteps class extend 01 learner07 --days 3"]

    report = (course.workspace / "report.html").read_text("utf-8")
    assert "27 of 30 handed in, 27 graded, 1 late, 18 waiting for a person." in report
    assert "accuracy on mnist_3_7: 18 values between" in report
    assert "learner28</b>: handed in nothing" in report
    assert "9 not attempted" in report
    board = (course.root / "leaderboard.html").read_text("utf-8")
    assert "01_means: accuracy on mnist_3_7" in board
    assert "learner" not in board.lower().replace("leaderboard", "")
    assert "never a verdict" in outs["foursteps class similar 01"]

    with zipfile.ZipFile(course.root / "feedback.zip") as archive:
        names = archive.namelist()
        page = archive.read("First3 Last3_93_assignsubmission_file_/reproduce.html").decode()
    assert len(names) == 54
    assert "learner20/reproduce.html" in names
    assert "Check accuracy: Passed" in page
    grades = list(csv.DictReader(io.StringIO((course.root / "grades.csv").read_text())))
    points = {row["Username"]: row["What a mean can do"] for row in grades}
    assert len(points) == 30
    wanted = {"01": "14", "02": "0", "03": "16", "21": "12.8", "27": "16", "28": ""}
    assert {number: points[f"learner{number}"] for number in wanted} == wanted
    python = blocks("python")[0].replace("frame(Course", "print(frame(Course").rstrip() + ".shape)"
    ran = subprocess.run([sys.executable, "-c", python], cwd=course.root, capture_output=True, text=True)
    assert ran.stdout.strip() == "(30, 6)", ran.stderr


@pytest.mark.slow
def test_when_a_class_uses_the_exchange_then_a_topic_goes_out_and_what_comes_back_is_collected(tmp_path):
    course = given_out(tiny_course(tmp_path / "course"))
    where = f"--exchange {tmp_path / 'exchange'}"
    (tmp_path / "exchange").write_text("a file where a folder should be")
    code, _, err = run(course.root, f"foursteps class release 01 {where}")
    assert code == 1
    assert "use uploads and zip files instead" in " ".join(err.split())
    assert "Traceback" not in err
    (tmp_path / "exchange").unlink()
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    assert run(course.root, f"foursteps class release 01 --dry-run {where}")[0] == 0
    assert not list((tmp_path / "exchange").iterdir())
    code, out, err = run(course.root, f"foursteps class release 01 {where}")
    assert code == 0, err
    outbound = tmp_path / "exchange" / "a_tiny_course" / "outbound" / TOPIC
    assert {path.name for path in outbound.glob("*.ipynb")} == {"reproduce.ipynb", "apply_elsewhere.ipynb"}
    code, out, err = run(course.root, f"foursteps class collect 01 {where}")
    assert code == 0, err
    assert "nbgrader collect 01_means: done." in out
