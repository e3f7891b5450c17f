"""The run cache: what a run depends on, whole entries whatever is killed, shared by processes."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_notebook import tiny_notebook

from foursteps.reproduce import known
from foursteps.run import CellError, FakeRunner, RunCache, RunResult
from foursteps.run import cache as cache_module
from foursteps.run.modules import PACKAGE, code_hash, modules_hash, modules_of

HERE = str(Path(__file__).parent)


@pytest.fixture
def cache(tmp_path):
    return RunCache(tmp_path / "runs")


@pytest.fixture
def runner():
    return FakeRunner(lambda notebook, parameters: RunResult(notebook, "ok", None, 1.5, 200.0, (0.5, 1.0)))


def ask(cache, runner, given, tmp_path, **more):
    return cache.run(runner, given, **{"cwd": tmp_path, "device": "cpu", **more})


def test_the_second_run_of_the_same_is_found(cache, runner, tmp_path):
    given = tiny_notebook("1", parameters="seed = 42")
    first, second = (ask(cache, runner, given, tmp_path) for _ in range(2))
    assert (first.fresh, second.fresh) == (True, False)
    assert len(runner.calls) == 1
    assert second.result == first.result
    assert second.provenance == first.provenance


def test_force_runs_it_again_and_keeps_the_new_run(cache, runner, tmp_path):
    given = tiny_notebook("1")
    ask(cache, runner, given, tmp_path)
    assert ask(cache, runner, given, tmp_path, force=True).fresh
    assert len(runner.calls) == 2


def test_a_run_that_failed_is_given_back_and_not_kept(cache, tmp_path):
    error = CellError("cell-1", 1, "1 / 0", "ZeroDivisionError", "division by zero")
    runner = FakeRunner(lambda notebook, parameters: RunResult(notebook, "error", error, 1.0, 1.0))
    for _ in range(2):
        entry = ask(cache, runner, tiny_notebook("1 / 0"), tmp_path)
        assert entry.result.error == error
    assert len(runner.calls) == 2


def test_the_key_knows_all_that_a_result_depends_on(cache, monkeypatch):
    given = tiny_notebook("x = seed", parameters="seed = 42")
    key = cache.key(given, device="cpu")
    assert key == cache.key(given, parameters={"seed": 42}, device="cpu"), (
        "a default that is said is no change"
    )
    others = [
        cache.key(tiny_notebook("x = seed + 1", parameters="seed = 42"), device="cpu"),
        cache.key(given, parameters={"seed": 43}, device="cpu"),
        cache.key(given, device="cuda"),
        cache.key(given, device="cpu", extra={"graded with": 3}),
        cache.key(tiny_notebook("x = seed", parameters="seed = 42", data=("mnist",)), device="cpu"),
    ]
    monkeypatch.setattr(cache_module, "packages_hash", lambda: "another set of packages")
    others.append(cache.key(given, device="cpu"))
    assert len({key, *others}) == 1 + len(others)


def test_the_key_does_not_know_prose_outputs_and_metadata(cache):
    given = tiny_notebook("x = 1")
    told = tiny_notebook("x = 1")
    told.cells[0].source = "# Told otherwise"
    told.cells[1].metadata["collapsed"] = True
    told.metadata["foursteps"] = {"objectives": ["more"]}
    assert cache.key(given, device="cpu") == cache.key(told, device="cpu")


def test_modules_are_those_that_the_code_imports_and_what_they_import(tmp_path):
    package = tmp_path / "kit"
    for name, source in {
        "__init__.py": "from kit.unrelated import thing",
        "unrelated.py": "",
        "errors.py": "",
        "data/__init__.py": "from kit.data.store import get",
        "data/store.py": "def get():\n    from .. import errors",
        "run.py": "",
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(source)
    given = tiny_notebook("%matplotlib inline\nfrom kit.data import get", "not python at all")
    names = {str(path.relative_to(package)) for path in modules_of(given, package)}
    assert names == {"data/__init__.py", "data/store.py", "errors.py"}
    before = modules_hash(given, package)
    (package / "run.py").write_text("changed = True")
    assert modules_hash(given, package) == before
    (package / "errors.py").write_text("changed = True")
    assert modules_hash(given, package) != before


def test_a_lecture_depends_on_record_and_not_on_the_bands():
    names = {
        str(path.relative_to(PACKAGE))
        for path in modules_of(tiny_notebook("from foursteps.claims import record"))
    }
    assert "claims/record.py" in names
    assert not {"claims/band.py", "claims/ledger.py", "run/session.py"} & names


@pytest.mark.parametrize("harm", ["cut short", "one file less", "another shape"])
def test_a_damaged_entry_is_run_again(cache, runner, tmp_path, harm):
    given = tiny_notebook("1")
    entry = ask(cache, runner, given, tmp_path)
    (kept,) = cache.root.glob("??/*/run.json")
    if harm == "one file less":
        kept.unlink()
    else:
        kept.write_text("{" if harm == "cut short" else "{}")
    assert cache.get(entry.key) is None
    assert ask(cache, runner, given, tmp_path).fresh
    assert cache.get(entry.key).result.ok


def test_notes_are_kept_with_a_run(cache, runner, tmp_path):
    entry = ask(cache, runner, tiny_notebook("1"), tmp_path)
    cache.put(entry.key, entry.result, entry.provenance, {"stated": [1, 2]})
    assert cache.get(entry.key).notes == {"stated": [1, 2]}


WRITER = """
import sys, itertools
sys.path.insert(0, {here!r})
from pathlib import Path
from foursteps.run import RunCache, RunResult
from foursteps.run.provenance import stamp
from tiny_notebook import tiny_notebook
cache = RunCache(Path({root!r}))
given = tiny_notebook("x = '" + "x" * 200_000 + "'")
made = stamp(given, {{}}, "cpu", seconds=1, peak_mb=1)
for number in itertools.count():
    key = f"{{number % 3:064x}}"
    cache.put(key, RunResult(given, "ok", None, float(number), 1.0, (1.0,)), made)
    if number == 3:
        print("writing", flush=True)
    if number == {stop}:
        break
"""


def start_writer(root: Path, stop: int) -> subprocess.Popen:
    source = WRITER.format(here=HERE, root=str(root), stop=stop)
    return subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_kill_9_in_the_middle_of_writing_leaves_whole_entries_only(cache):
    for _ in range(3):
        writer = start_writer(cache.root, stop=10**9)
        assert writer.stdout.readline() == "writing\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait(20)
        entries = [path for path in cache.root.glob("??/*") if not path.name.startswith(".")]
        # While an entry is replaced, the old one has gone a moment before the new one comes.
        assert len(entries) >= 2
        for path in entries:
            assert cache.get(path.name) is not None


@pytest.mark.slow
def test_two_processes_share_a_cache(cache):
    writers = [start_writer(cache.root, stop=60) for _ in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    for number in range(3):
        assert cache.get(f"{number:064x}").result.ok
    assert not list(cache.root.glob("??/.*")), "nothing is left beside the entries"


def test_when_only_words_of_a_module_change_its_code_hash_stays(tmp_path):
    module = tmp_path / "split.py"
    module.write_text('"""Splits."""\n\ndef half(n):\n    """Half of n."""\n    return n // 2\n')
    before = code_hash([module], tmp_path)
    module.write_text('"""Splits rows."""\n# why\n\n\ndef half(n):\n    return n // 2  # rounds down\n')
    assert code_hash([module], tmp_path) == before
    module.write_text('"""Splits rows."""\n\ndef half(n):\n    return n // 3\n')
    assert code_hash([module], tmp_path) != before


def test_when_a_module_says_that_no_run_depends_on_it_only_what_it_imports_counts(tmp_path):
    package = tmp_path / "kit"
    package.mkdir()
    (package / "__init__.py").write_text("from kit.session import check")
    (package / "session.py").write_text(
        '"""Cards."""\n\n# No run depends on this module: it draws.\n\nimport kit.witness'
    )
    (package / "witness.py").write_text("a = 1")
    given = tiny_notebook("from kit import check")
    before = modules_hash(given, package)
    with (package / "session.py").open("a") as file:
        file.write("\nb = 2\n")
    assert modules_hash(given, package) == before
    (package / "witness.py").write_text("a = 2")
    assert modules_hash(given, package) != before


def test_a_graded_run_does_not_depend_on_cards_catalogue_or_scores():
    from foursteps.run.modules import counts

    found = modules_of(tiny_notebook("from foursteps import check\nfrom foursteps.data import get"))
    names = {str(path.relative_to(PACKAGE)) for path in found if counts(path)}
    assert {"checks/witness.py", "checks/gather.py", "data/split.py", "data/store.py"} <= names
    assert not {"checks/card.py", "checks/session.py", "data/catalog.py", "grade/score.py"} & names


def test_a_known_answer_is_found_while_no_byte_differs(cache, runner, tmp_path):
    """What `reproduce` remembers of a task, so that it need not work out what its run depends on."""
    path, graders = tmp_path / "n.ipynb", tmp_path / "graders"
    graders.mkdir()
    path.write_text("a notebook")

    def question(seed=42, epochs=1, device="cpu"):
        return known.question(path, graders, seed, {"epochs": epochs}, device)

    entry, asked = ask(cache, runner, tiny_notebook("1"), tmp_path), question()
    known.remember(cache, asked, entry)
    assert known.recall(cache, question()).key == entry.key
    others = [question(seed=43), question(epochs=2), question(device="cuda")]
    for content in ("CHECKS = ()", "CHECKS = (1,)"):
        (graders / "reproduce.py").write_text(content)
        others.append(question())
    path.write_text("another notebook")
    others.append(question())
    assert len({asked, *others}) == 7
    assert not any(known.recall(cache, other) for other in others)


def test_a_known_answer_that_is_gone_or_was_valued_otherwise_is_asked_again(cache, runner, tmp_path):
    entry = ask(cache, runner, tiny_notebook("1"), tmp_path)
    known.remember(cache, "0" * 64, entry)
    cache.put(entry.key, entry.result, entry.provenance, {known.MARKED: "by another grader"})
    assert known.recall(cache, "0" * 64) is None
    known.remember(cache, "1" * 64, cache.get(entry.key))
    assert known.recall(cache, "1" * 64)
    shutil.rmtree(cache.root / entry.key[:2])
    assert known.recall(cache, "1" * 64) is None


def test_what_is_installed_does_not_depend_on_what_was_imported():
    """setuptools puts packages of its own on sys.path, where the next process would not find them."""
    asks = (
        "from foursteps.run.provenance import packages_hash; from foursteps.grade.stamps import installed\n"
        "print(packages_hash(), installed())"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", first + asks], stdout=subprocess.PIPE, text=True, check=True
        ).stdout
        for first in ("", "import sys, setuptools; assert any('_vendor' in place for place in sys.path)\n")
    ]
    assert said[0] == said[1]
