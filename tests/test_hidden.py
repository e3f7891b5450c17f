"""From inside the sandbox, as a graded notebook of a real class, none of the hidden things can be reached."""

import json
import os
from pathlib import Path

import platformdirs
import pytest
from nbformat.v4 import new_code_cell
from tiny_course import TOPIC, answer, find, released, solution, submit, tiny_course

from foursteps import data
from foursteps.course import Course
from foursteps.data.source import cache
from foursteps.grade import grade_class
from foursteps.release import release

pytestmark = pytest.mark.slow
SECRET = "kept-from-learners-93ac"
LOOK = """
import json
import os

with open("asked.json") as file:
    asked = json.load(file)
seen = [path for path in asked["paths"] if os.path.lexists(path)]
full = [path for path in asked["empty"] if os.path.isdir(path) and os.listdir(path)]

holding = []
for place, folders, names in os.walk("/"):
    if place == "/":
        folders[:] = [name for name in folders if name not in "proc sys dev usr lib lib64 bin sbin".split()]
    folders[:] = [n for n in folders if not n.endswith("-packages") and not n.startswith("python3")]
    for name in names:
        try:
            with open(os.path.join(place, name), "rb") as file:
                content = file.read(2_000_000)
        except OSError:
            continue
        holding += [place + "/" + name for word in asked["words"] if bytes.fromhex(word) in content]
told = [word for word in asked["words"] if bytes.fromhex(word) in repr(dict(os.environ)).encode()]

os.environ.pop("FOURSTEPS_GRADING")
import foursteps.data as data

loaded = []
for source in {dataset.source.name: dataset.source for dataset in data.DATASETS.values()}.values():
    try:
        source.load()
        loaded.append(source.name)
    except Exception:
        pass
print("SEEN " + json.dumps([seen, full, holding, told, loaded]) + " END")
"""


def test_when_a_graded_notebook_looks_everywhere_then_nothing_hidden_is_found(tmp_path):
    course = tiny_course(tmp_path / "course")
    release(course, course.topics)
    notebook = solution(course, "reproduce")
    theirs = find(notebook, "answer_mean").source
    submit(course, "ada", reproduce=answer(notebook, "answer_mean", f"{theirs}\n# {SECRET}"))
    grade_class(course, course.topics[0], ["ada"])

    eve = released(course, "reproduce")
    eve.cells.append(new_code_cell(LOOK))
    submit(course, "eve", reproduce=eve)
    # Beside the notebook: a cell as long as this is left out.
    (course.workspace / "submitted" / "eve" / TOPIC / "asked.json").write_text(json.dumps(_asked(course)))
    os.environ["FOURSTEPS_TEST_SECRET"] = SECRET
    try:
        rows = grade_class(course, course.topics[0], ["eve"])
    finally:
        del os.environ["FOURSTEPS_TEST_SECRET"]
    assert [row.points for row in rows] == [0, 0]
    text = (course.workspace / "autograded" / "eve" / TOPIC / "reproduce.ipynb").read_text("utf-8")
    outputs = [output for cell in json.loads(text)["cells"] for output in cell.get("outputs", [])]
    said = "".join(line for output in outputs for line in output.get("text", ()))
    assert "SEEN " in said, outputs
    seen, full, holding, told, loaded = json.loads(said[said.index("SEEN ") + 5 : said.index(" END")])
    assert (seen, full, holding, told, loaded) == ([], [], [], [], [])


def _asked(course: Course) -> dict:
    """What to look for: hidden paths, folders that must be empty, and words out of hidden files, in hex."""
    inside = [
        *course.workspace.rglob("*"),
        *(course.root / "solutions").rglob("*"),
        *(course.root / "graders").rglob("*"),
        *(course.root / "lectures").rglob("*"),
    ]
    home = Path.home()
    secret = (course.workspace / "secret").read_bytes()
    texts = [path.read_bytes() for path in (course.workspace / "keys").glob("*.json")]
    keys = [text[len(text) // 2 :][:60] for text in texts]
    assert keys
    assert any(path.name == "gradebook.db" for path in inside)
    return {
        "paths": [
            str(path)
            for path in (*inside, course.root, cache(), home / ".bashrc", home / ".ssh", home / ".config")
            if path.exists()
        ],
        "empty": [str(cache()), str(platformdirs.user_cache_path()), str(home / ".config"), str(course.root)],
        "words": [word.hex() for word in (secret, SECRET.encode(), *keys)],
    }


def test_the_sources_that_are_looked_for_are_those_that_can_be_loaded_here():
    """Otherwise the test above would pass where nothing is installed."""
    mnist = data.DATASETS["mnist"].source
    assert len(mnist.load().labels) == 5000
