"""Notebooks in git, in real repositories: no outputs in commits, readable differences, merges by cell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_output
from tiny_notebook import tiny_notebook

from foursteps import notebook as notebooks
from foursteps.errors import FourstepsError
from foursteps.git import set_up, undo
from foursteps.git.clean import cleaned
from foursteps.git.setup import with_block

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-c", "from foursteps.cli import app; app()"]
ENV = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    # git must find the programs by their path: nothing of this environment is on it.
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    **{f"GIT_{who}_{what}": "ada" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


@pytest.fixture(autouse=True)
def _no_settings_of_this_user(monkeypatch):
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)


def git(folder, *arguments, code=0):
    ran = subprocess.run(["git", *arguments], cwd=folder, env=ENV, capture_output=True, text=True)
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout


def with_outputs(*sources):
    """A notebook as JupyterLab leaves it after a run."""
    notebook = tiny_notebook(*sources)
    for number, cell in enumerate(notebooks.code_cells(notebook), 1):
        cell.execution_count = number
        cell.outputs = [new_output("stream", text=f"out of cell {number}\n")]
        cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    return notebook


@pytest.fixture
def clone(tmp_path):
    folder = tmp_path / "a course"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(clone, name, notebook):
    notebooks.write(clone / name, notebook)
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", name)


def test_when_a_run_notebook_is_committed_then_the_commit_has_no_outputs_and_the_file_keeps_them(clone):
    set_up(clone)
    commit(clone, "l.ipynb", with_outputs("1", "2"))
    kept = git(clone, "show", "HEAD:l.ipynb")
    assert "out of cell" not in kept
    assert '"execution_count": null' in kept
    assert "iopub" not in kept
    assert "out of cell 2" in (clone / "l.ipynb").read_text()
    assert git(clone, "status", "--porcelain") == ""


def test_when_only_outputs_changed_then_git_sees_no_change(clone):
    set_up(clone)
    commit(clone, "l.ipynb", tiny_notebook("1"))
    notebooks.write(clone / "l.ipynb", with_outputs("1"))
    assert git(clone, "diff") == ""
    git(clone, "add", "-A")
    assert git(clone, "status", "--porcelain") == ""


@pytest.mark.slow
def test_when_a_cell_changed_then_git_diff_names_the_cell_and_shows_no_json(clone):
    set_up(clone)
    commit(clone, "l.ipynb", tiny_notebook("rate = 0.1", "train(rate)"))
    notebooks.write(clone / "l.ipynb", with_outputs("rate = 0.2", "train(rate)"))
    said = git(clone, "diff")
    assert "modified /cells/1/source" in said
    assert "-  rate = 0.1" in said
    assert "+  rate = 0.2" in said
    assert '"cell_type"' not in said
    assert "out of cell" not in said


@pytest.mark.slow
def test_when_two_branches_change_two_cells_then_they_merge_and_one_cell_is_a_conflict(clone):
    """The lines lie beside each other in the file, so that a merge by lines would fail."""
    set_up(clone)
    commit(clone, "l.ipynb", tiny_notebook("a = 1", "b = 1"))
    for branch, sources in (("mine", ("a = 2", "b = 1")), ("theirs", ("a = 1", "b = 3"))):
        git(clone, "checkout", "-q", "-b", branch, "main")
        commit(clone, "l.ipynb", tiny_notebook(*sources))
    git(clone, "merge", "-q", "-m", "both", "mine")
    merged = notebooks.read(clone / "l.ipynb")
    assert [cell.source for cell in notebooks.code_cells(merged)] == ["a = 2", "b = 3"]
    git(clone, "checkout", "-q", "-b", "other", "main")
    commit(clone, "l.ipynb", tiny_notebook("a = 9", "b = 1"))
    git(clone, "merge", "mine", code=1)
    assert git(clone, "status", "--porcelain").startswith("UU")


def test_when_it_is_undone_then_nothing_of_it_is_left(clone):
    config, attributes = clone / ".git/config", clone / ".git/info/attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("*.png binary")
    git(clone, "config", "diff.jupyternotebook.command", "mine")
    before = git(clone, "config", "--local", "--list")
    set_up(clone)
    set_up(clone)  # a second time changes nothing
    assert attributes.read_text().count("filter=foursteps-notebook") == 1
    assert git(clone, "status", "--porcelain") == ""
    undo(clone)
    assert git(clone, "config", "--local", "--list") == before
    assert attributes.read_text() == "*.png binary\n"
    assert "foursteps" not in config.read_text()
    undo(clone)
    commit(clone, "l.ipynb", with_outputs("1"))
    assert "out of cell 1" in git(clone, "show", "HEAD:l.ipynb")


def test_when_somebody_set_up_the_nbdime_tool_then_theirs_stays(clone):
    git(clone, "config", "difftool.nbdime.cmd", "theirs")
    set_up(clone)
    assert git(clone, "config", "difftool.nbdime.cmd") == "theirs\n"
    undo(clone)
    assert git(clone, "config", "difftool.nbdime.cmd") == "theirs\n"


def test_when_the_course_is_a_folder_of_the_repository_then_the_others_notebooks_are_left_alone(clone):
    course = clone / "my course"
    course.mkdir()
    set_up(course)
    (clone / "other").mkdir()
    for name in ("my course/l.ipynb", "other/l.ipynb"):
        commit(clone, name, with_outputs("1"))
    assert "out of cell" not in git(clone, "show", "HEAD:my course/l.ipynb")
    assert "out of cell" in git(clone, "show", "HEAD:other/l.ipynb")


def test_when_notebooks_were_committed_with_outputs_then_they_are_named(clone):
    commit(clone, "old.ipynb", with_outputs("1"))
    commit(clone, "new.ipynb", tiny_notebook("1"))
    assert set_up(clone).with_outputs == ("old.ipynb",)
    git(clone, "add", "--renormalize", ".")
    git(clone, "commit", "-q", "-m", "clean")
    assert set_up(clone).with_outputs == ()


def test_when_there_is_no_repository_then_the_error_says_what_to_do(tmp_path):
    with pytest.raises(FourstepsError, match="expected a folder in a git repository; found no repository"):
        set_up(tmp_path)


def test_the_command_sets_up_and_undoes(clone):
    (clone / "course.toml").write_text('title = "T"\n[lectures]\n')

    def run(*more):
        return subprocess.run(
            [*COMMAND, "setup-git", *more], cwd=clone, capture_output=True, text=True, check=False
        )

    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "outputs stay out of commits" in done.stdout
    assert "clean.py" in git(clone, "config", "filter.foursteps-notebook.clean")
    assert run("--undo").returncode == 0
    assert "foursteps" not in (clone / ".git/config").read_text()


@pytest.mark.parametrize("data", [b"", b"not json", b"[1]", b'{"cells": 3}', b"\xff\xfe", b'{"cells": [1]}'])
def test_what_is_no_notebook_goes_through_as_it_is(data):
    assert cleaned(data) == data


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_cleaning_keeps_every_source_and_cleaning_again_changes_nothing(sources):
    notebook = with_outputs(*sources)
    once = cleaned(notebooks.dumps(notebook).encode())
    assert cleaned(once) == once
    assert once == notebooks.dumps(tiny_notebook(*sources)).encode()


def test_the_courses_own_notebooks_are_as_the_filter_leaves_them():
    names = subprocess.run(
        ["git", "ls-files", "*.ipynb"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert names
    for name in names:
        data = (ROOT / name).read_bytes()
        assert cleaned(data) == data, f"{name}: run `pre-commit run --all-files`"


def test_the_pre_commit_hook_does_the_same_as_the_filter(tmp_path):
    """The hook as it is configured, on a notebook with outputs and on one without."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = {hook["id"]: hook for repo in config["repos"] for hook in repo["hooks"]}
    entry = hooks["notebooks-without-outputs"]["entry"].split()
    path = tmp_path / "l.ipynb"
    notebooks.write(path, with_outputs("1"))
    want = cleaned(path.read_bytes())
    command = [sys.executable if entry[0].endswith("python") else entry[0], *entry[1:], str(path)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 1
    assert path.read_bytes() == want
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0


def test_a_folder_with_odd_characters_is_named_as_git_reads_it():
    assert with_block("", "").splitlines()[1].startswith("*.ipynb filter=")
    assert with_block("", 'a "b"/').splitlines()[1].startswith(r'"/a \"b\"/**/*.ipynb" filter=')
