"""The workflows: what runs where, for whom, and that a report is handed in whatever happened."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = yaml.safe_load((ROOT / ".github/actions/reproduce/action.yml").read_text())
GPU = '["self-hosted", "linux", "x64", "gpu"]'


def workflow(name):
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text())


def events(flow):
    """YAML 1.1 reads the key `on` as true."""
    return flow.get("on", flow.get(True))


class Nothing:
    """GitHub reads what is not there as empty, however deep."""

    def __getattr__(self, name):
        return self

    def __bool__(self):
        return False

    def __eq__(self, other):
        return False

    __hash__ = None


def context(values):
    """A context of GitHub's from a dict: what is not in it is Nothing."""
    made = type("Context", (SimpleNamespace,), {"__getattr__": lambda self, name: Nothing()})
    return made(
        **{name: context(value) if isinstance(value, dict) else value for name, value in values.items()}
    )


def evaluate(expression, *, event, variable=None, label=None, head="owner/course"):
    """A GitHub expression's value, for an event in the repository owner/course.

    && and || give back an operand, as Python's `and` and `or` do.
    """
    given = {"label": {"name": label}} if label else {}
    if event == "pull_request":
        given["pull_request"] = {"head": {"repo": {"full_name": head}}}
    names = {
        "github": context({"event_name": event, "repository": "owner/course", "event": given}),
        "vars": context({"GPU_RUNNER": variable} if variable else {}),
        "fromJSON": json.loads,
    }
    text = expression.strip().removeprefix("${{").removesuffix("}}")
    text = re.sub(r"\s+", " ", text).replace("&&", " and ").replace("||", " or ").strip()
    return eval(text, {"__builtins__": {}}, names)


LECTURES = workflow("reproduce-gpu")["jobs"]["lectures"]


@pytest.mark.parametrize(
    ("happened", "runs"),
    [
        ({"event": "schedule"}, True),
        ({"event": "workflow_dispatch"}, True),
        ({"event": "pull_request", "label": "gpu"}, True),
        ({"event": "pull_request", "label": "docs"}, False),
        ({"event": "pull_request", "label": "gpu", "head": "stranger/course"}, False),
    ],
)
def test_the_gpu_workflow_runs_weekly_by_hand_on_the_label_and_never_for_a_fork(happened, runs):
    assert bool(evaluate(LECTURES["if"], **happened)) is runs


def test_the_gpu_workflow_starts_at_nothing_else():
    started = events(workflow("reproduce-gpu"))
    assert set(started) == {"schedule", "pull_request", "workflow_dispatch"}
    assert started["pull_request"] == {"types": ["labeled"]}
    (cron,) = [entry["cron"] for entry in started["schedule"]]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", cron), "once a week"


def test_where_no_gpu_runner_is_named_the_gpu_workflow_runs_on_a_cpu():
    assert evaluate(LECTURES["runs-on"], event="schedule", variable=GPU) == json.loads(GPU)
    assert evaluate(LECTURES["runs-on"], event="schedule") == "ubuntu-latest"
    given = LECTURES["steps"][-1]["with"]
    assert evaluate(given["arguments"], event="schedule", variable=GPU) == "--device cuda --require-gpu"
    assert evaluate(given["arguments"], event="schedule") == "--device cpu"
    assert evaluate(given["without-bands"], event="schedule") == "fail"


@pytest.mark.parametrize(("name", "job"), [("reproduce", "cpu"), ("reproduce-gpu", "lectures")])
def test_the_shards_of_a_workflow_are_all_of_the_course(name, job):
    made = workflow(name)["jobs"][job]
    shards = made["strategy"]["matrix"]["shard"]
    assert shards == list(range(1, len(shards) + 1))
    assert made["strategy"]["fail-fast"] is False
    assert made["steps"][-1]["with"]["shard"] == f"${{{{ matrix.shard }}}}/{len(shards)}"


def test_results_are_checked_on_every_change_and_graders_every_night():
    assert set(events(workflow("reproduce"))) == {"push", "pull_request"}
    assert workflow("reproduce")["jobs"]["cpu"]["runs-on"] == "ubuntu-latest"
    (cron,) = [entry["cron"] for entry in events(workflow("prove"))["schedule"]]
    assert cron.endswith("* * *")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_workflow_keeps_the_rules(path):
    """No code of a fork with rights or on a machine of ours, no endless job, reports also on failure."""
    text = path.read_text()
    flow = yaml.safe_load(text)
    assert "pull_request_target" not in text
    assert "secrets." not in text
    assert flow["permissions"] == {"contents": "read"}
    for job in flow["jobs"].values():
        assert job["timeout-minutes"] <= 300
        for step in [*job["steps"], *ACTION["runs"]["steps"]]:
            if "upload-artifact" in step.get("uses", ""):
                assert step["if"] == "always()"
            # What a person can name (a branch, a title) must not be pasted into a script.
            assert "github.event" not in step.get("run", "")
            assert "github.head_ref" not in step.get("run", "")
            if "uses" in step and not step["uses"].startswith("./"):
                assert re.search(r"@v\d+$", step["uses"])


def step(name):
    return next(step for step in ACTION["runs"]["steps"] if step.get("name") == name)


@pytest.mark.parametrize(
    ("exits", "without_bands", "code"),
    [(0, "fail", 0), (1, "warn", 1), (3, "fail", 3), (3, "warn", 0), (130, "warn", 130)],
)
def test_the_report_is_the_jobs_summary_and_the_exit_code_tells(tmp_path, exits, without_bands, code):
    """The action's own script, with a `foursteps` that writes its reports and exits so."""
    program = tmp_path / ".venv/bin/foursteps"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\n"
        "for name, value in zip(sys.argv, sys.argv[1:]):\n"
        "    if name == '--report':\n"
        "        pathlib.Path(value).parent.mkdir(exist_ok=True)\n"
        "        pathlib.Path(value).write_text('## The report\\n' + ' '.join(sys.argv[1:]))\n"
        f"sys.exit({exits})\n"
    )
    program.chmod(0o755)
    given = {
        "ARGUMENTS": "--device cuda --require-gpu",
        "SHARD": "2/4",
        "WITHOUT_BANDS": without_bands,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }
    assert set(step("reproduce")["env"]) == set(given) - {"GITHUB_STEP_SUMMARY"}
    ran = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step("reproduce")["run"]],
        cwd=tmp_path,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == code
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("## The report\nreproduce --device cuda --require-gpu --shard 2/4")
    assert ("::warning::" in ran.stdout) == (exits == 3 and without_bands == "warn")
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "report.html",
        "report.json",
        "report.md",
    ]


def test_the_list_of_topics_is_the_courses(tmp_path):
    """The nightly workflow's own line."""
    run = next(s for s in workflow("prove")["jobs"]["topics"]["steps"] if s.get("id") == "list")["run"]
    out = tmp_path / "out"
    run = run.replace("python3", sys.executable)
    subprocess.run(["bash", "-c", run], cwd=ROOT, env={**os.environ, "GITHUB_OUTPUT": str(out)}, check=True)
    names = json.loads(out.read_text().removeprefix("names="))
    assert names
    assert all((ROOT / "lectures" / name).is_dir() for name in names)
