"""What the author's guide shows works: its commands exist, its examples load."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from foursteps.checks.definition import load_grader
from foursteps.cli import app
from foursteps.data.brought import load
from foursteps.grade.attempts import read_attempt
from foursteps.new.course import TEMPLATE

ROOT = Path(__file__).parents[1]
GUIDES = (ROOT / "book" / "guides" / "author.md", TEMPLATE / "README.md")
TEXT = GUIDES[0].read_text("utf-8")
COMMANDS = sorted(
    {
        command
        for guide in GUIDES
        for command in re.findall(r"(?:^|`)(foursteps [a-z][^`\n]*)", guide.read_text("utf-8"), re.MULTILINE)
    }
)


def example(beginning):
    """The Python example of the guide that begins so."""
    return next(
        code for code in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if code.startswith(beginning)
    )


@pytest.mark.parametrize("line", COMMANDS)
def test_when_the_guide_names_a_command_then_it_exists_with_its_options(line):
    command, words = typer.main.get_command(app), shlex.split(line)[1:]
    while words and getattr(command, "commands", None):
        word = words.pop(0)
        assert word in command.commands, line
        command = command.commands[word]
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known


def test_when_the_guide_is_read_then_it_goes_from_an_empty_folder_to_a_proof():
    wanted = ["new course", "check", "reproduce", "release", "--measure", "prove", "course", "new lecture"]
    assert [word for word in wanted if not any(word in command for command in COMMANDS)] == []


def test_when_the_guides_dataset_is_put_into_a_course_then_it_is_one(tmp_path):
    (tmp_path / "tides.py").write_text(example("from pathlib import Path"))
    (found,) = load([tmp_path / "tides.py"]).values()
    assert (found.name, found.source.sha256) == ("tides", "")
    assert "CC0-1.0" in found.card()


def test_when_the_guides_grader_is_loaded_then_it_has_its_checks(tmp_path):
    (tmp_path / "reproduce.py").write_text(example("from foursteps.checks.definition"))
    assert [check.name for check in load_grader(tmp_path / "reproduce.py")] == ["accuracy_of", "accuracy"]


def test_when_the_guides_attempt_is_read_then_it_is_one(tmp_path):
    (tmp_path / "wrong.py").write_text(example("# /// attempt"))
    assert read_attempt(tmp_path / "wrong.py").earns("accuracy", 6) == (0, 2)
