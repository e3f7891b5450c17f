"""Where readers run the course: launch links, the line that installs it, the files that services read."""

import subprocess
import sys
from pathlib import Path

import pytest
from book_course import TOPIC, as_run, lecture, write_course
from packaging.requirements import Requirement

from foursteps.book import build, launch
from foursteps.course import Course, LaunchSettings
from foursteps.errors import BookError

ROOT = Path(__file__).parents[1]
SERVICES = LaunchSettings(
    repository="https://example.org/us/course.git",
    colab="https://colab.example",
    binder="https://binder.example/",
    jupyterhub="https://hub.example",
)
LAUNCH = '[launch]\nrepository = "https://example.org/us/course"\n'
PROJECT = """
[project]
name = "kit"
[project.optional-dependencies]
course = ["torch>=2", "scikit-learn[plot]>=1.5", "fastai"]
"""


def configured(tmp_path, services=""):
    """The small course with a project of its own, pins, and the named services."""
    course = write_course(tmp_path)
    toml = (tmp_path / "course.toml").read_text("utf-8").replace("[launch]\n", LAUNCH + services)
    (tmp_path / "course.toml").write_text(toml, "utf-8")
    (tmp_path / "pyproject.toml").write_text(PROJECT, "utf-8")
    pins = "fastai==2.8.5\nscikit-learn==1.7.2\ntorch==2.9\nzict==3\n"
    (tmp_path / "constraints.txt").write_text(pins, "utf-8")
    return Course.load(course.root)


def test_when_course_toml_names_no_service_then_there_is_no_launch_link():
    assert launch.launch_links(LaunchSettings(), "exercises/a.ipynb") == []


def test_when_course_toml_names_services_then_each_link_opens_that_notebook():
    colab, binder, hub = launch.launch_links(SERVICES, "exercises/01_a/b.ipynb")
    assert colab == (
        "[Open in Colab](https://colab.example/github/us/course/blob/main/exercises/01_a/b.ipynb)"
    )
    assert binder.endswith("(https://binder.example/v2/gh/us/course/main?labpath=exercises%2F01_a%2Fb.ipynb)")
    assert "git-pull?repo=https%3A%2F%2Fexample.org%2Fus%2Fcourse&branch=main&urlpath=lab%2Ftree%2F" in hub


def test_when_no_service_is_named_then_no_environment_file_is_asked_for(tmp_path):
    assert launch.environments(configured(tmp_path)) == {}


def test_when_binder_and_colab_are_named_then_their_files_install_the_course_with_its_pins(tmp_path):
    course = configured(tmp_path, 'binder = "https://b.example"\ncolab = "https://c.example"\n')
    files = launch.environments(course)
    assert set(files) == {"binder/requirements.txt", "binder/runtime.txt", "colab/requirements.txt"}
    assert files["binder/requirements.txt"].decode().splitlines()[1:] == [
        "--constraint ../constraints.txt",
        "--editable .[course]",
    ]
    wanted = files["colab/requirements.txt"].decode().splitlines()[1:]
    assert wanted == [
        "kit[course] @ git+https://example.org/us/course@main",
        "fastai==2.8.5",
        "scikit-learn==1.7.2",
    ]
    assert Requirement(wanted[0]).extras == {"course"}
    assert launch.colab_cell(course) == f'%pip install --quiet "{wanted[0]}"'


def test_when_an_environment_file_is_old_then_the_book_is_not_built_until_it_is_written(tmp_path):
    course = configured(tmp_path, 'binder = "https://b.example"\n')
    with pytest.raises(BookError, match=r"found no such file\. Run `foursteps launch`"):
        build(course, {TOPIC: as_run(lecture())})
    assert [path.name for path in launch.write_environments(course)] == ["requirements.txt", "runtime.txt"]
    launch.require_written(course)
    (tmp_path / "binder/requirements.txt").write_text("numpy\n", "utf-8")
    with pytest.raises(BookError, match="found another"):
        launch.require_written(course)


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({}, ""),
        ({"requirements.txt": "numpy"}, "python -m pip install --requirement requirements.txt"),
        ({"pyproject.toml": PROJECT}, "python -m pip install --editable '.[course]'"),
        (
            {"pyproject.toml": PROJECT, "constraints.txt": ""},
            "python -m pip install --constraint constraints.txt --editable '.[course]'",
        ),
    ],
)
def test_when_a_course_is_only_a_folder_then_its_line_installs_what_the_folder_has(tmp_path, files, line):
    course = write_course(tmp_path)
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert launch.install_line(course) == line


@pytest.mark.slow
def test_when_the_install_line_of_this_course_is_run_then_pip_takes_it():
    line = launch.install_line(Course.load(ROOT))
    command = line.replace("python -m pip install", f"{sys.executable} -m pip install --dry-run --no-deps")
    run = subprocess.run(
        f"{command} --no-build-isolation", shell=True, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert "Would install foursteps" in run.stdout
