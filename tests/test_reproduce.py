"""Results that reproduce: measured, compared, failed by name, and never run twice."""

import asyncio
import json
import math
import random
import shutil
import threading
from pathlib import Path
from statistics import fmean

import pytest
from book_course import PIECE
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_output
from tiny_course import TOPIC, tiny_course
from tiny_notebook import outputs, tiny_notebook

from foursteps import notebook as notebooks
from foursteps.claims import ledger
from foursteps.claims.record import MIME
from foursteps.course import Course
from foursteps.errors import ClaimError, CourseError, ParameterError, RunError
from foursteps.reproduce import Finding, executed_lecture, exit_code, reproduce, shard
from foursteps.reproduce import compare as compare_module
from foursteps.run import ColdRunner, FakeRunner, RunCache, RunResult
from foursteps.run import device as devices
from foursteps.run.cold import load

COURSE = """
title = "Noise"

[lectures.01_noise]
title = "A lecture about noise"
minutes = 1
damaged = {epochs = 1}
"""
PARAMETERS = 'seed = 42\ndevice = "auto"\nepochs = 8'
LEARN = """\
import numpy as np

rng = np.random.default_rng(seed)
quality = 0.9 - 0.8 * 0.6**epochs
accuracy = (rng.random(2000) < quality).mean()"""
RECORD = "from foursteps.claims import record\nrecord('accuracy', accuracy, baseline=0.1, n=2000)"
SEEDS = tuple(range(1, 11))


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    for kind in ("lectures", "solutions", "graders"):
        (root / kind / "01_noise").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE)
    notebooks.write(
        root / "lectures/01_noise/lecture.ipynb", tiny_notebook(LEARN, RECORD, parameters=PARAMETERS)
    )
    return Course.load(root)


@pytest.fixture
def cache(tmp_path):
    return RunCache(tmp_path / "runs")


def bundle(value, name="accuracy", baseline=0.1, n=2000, higher=True):
    content = {"schema": 1, "name": name, "value": value, "baseline": baseline, "n": n}
    content |= {"higher_is_better": higher, "proportion": True}
    return new_output("display_data", data={MIME: content, "text/plain": f"{name} {value:.3f}"})


def learned(notebook, parameters):
    """What the lecture does, without a kernel: accuracy from epochs, noise from the seed."""
    values = {**notebooks.parameters(notebook), **parameters}
    quality = 0.9 - 0.8 * 0.6 ** values["epochs"]
    value = random.Random(values["seed"]).gauss(quality, math.sqrt(quality * (1 - quality) / 2000))
    notebook.cells[-1].outputs = [bundle(value)]
    return notebook


@pytest.fixture
def runner():
    return FakeRunner(learned)


@pytest.fixture
def look(course, runner, cache):
    """reproduce() for the lecture alone, with what is given changed."""

    def ask(**more):
        settings = {"runner": runner, "cache": cache, "notebooks": ("lecture",)}
        return reproduce(course, **{**settings, **more})

    return ask


@pytest.fixture
def measured(look, runner):
    findings = look(seeds=SEEDS, measure=True)
    assert [finding.verdict for finding in findings] == ["measured"]
    runner.calls.clear()
    return findings


def edit(course, old, new):
    path = course.topics[0].lecture
    path.write_text(path.read_text().replace(old, new))


def test_measuring_writes_the_band_with_its_proof_and_provenance(course, measured):
    kept = ledger.load(course.topics[0].claims).record("lecture.accuracy")
    band = kept.bands["cpu"]
    assert band.seeds == SEEDS
    assert (kept.kind, kept.rows, kept.baseline) == ("share", 2000, 0.1)
    assert band.damaged.parameters == {"epochs": 1}
    assert max(band.damaged.values) < band.limits.alarm < min(band.values)
    assert band.provenance.parameters == {"seed": 1, "device": "auto", "epochs": 8}


def test_an_honest_lecture_passes_and_its_second_check_runs_nothing(look, measured, runner):
    (finding,) = look(seeds=(42,))
    assert (finding.verdict, finding.ok, finding.fresh) == ("pass", True, True)
    assert f"{finding.where}, lecture.accuracy: 0.8" in finding.message
    assert "inside the band of 10 seeds on cpu: mean 0.8" in finding.message
    assert len(runner.calls) == 1
    (again,) = look(seeds=(42,))
    assert (again.verdict, again.fresh) == ("pass", False)
    assert len(runner.calls) == 1
    assert exit_code([again]) == 0


def test_after_one_edited_cell_the_lecture_runs_again(look, measured, runner, course):
    look()
    edit(course, "np.random.default_rng(seed)", "np.random.default_rng(seed + 0)")
    look()
    assert len(runner.calls) == 2


def test_after_one_edited_cell_only_that_lecture_runs(course, look, runner):
    """Two lectures, one of them edited: the other is found."""
    two = COURSE + COURSE.split("\n\n")[1].replace("01_noise", "02_hum")
    (course.root / "course.toml").write_text(two)
    for kind in ("lectures", "solutions", "graders"):
        shutil.copytree(course.root / kind / "01_noise", course.root / kind / "02_hum")
    topics = Course.load(course.root).topics
    look(topics=topics)
    look(topics=topics)
    assert len(runner.calls) == 1, "two lectures with the same code are the same run"
    edit(course, "np.random.default_rng(seed)", "np.random.default_rng(seed + 0)")
    runs = []
    look(topics=topics, on_event=runs.append)
    ran = [event.topic for event in runs if event.kind == "finished" and event.fresh]
    assert ran == ["01_noise"]


def test_force_runs_again(look, measured, runner):
    look()
    look(force=True)
    assert len(runner.calls) == 2


def test_a_lecture_that_trains_for_zero_epochs_fails_by_name(look, measured, runner, course):
    edit(course, "epochs = 8", "epochs = 0")
    (finding,) = look(seeds=(42,))
    assert finding.verdict == "fail"
    assert list(finding.values) == [42, 1001, 1002], "an alarm is settled by two fresh seeds"
    assert finding.message.startswith(f"{course.topics[0].lecture}, lecture.accuracy: expected at least 0.8")
    assert "by the band of 10 seeds on cpu: mean 0.8" in finding.message
    assert (
        f"found {fmean(finding.values.values()):.3f}, the mean of seeds 42, 1001 and 1002. The nearest"
        in finding.message
    )
    assert finding.message.endswith("run `foursteps reproduce --measure`.")
    assert exit_code([finding]) == 1


def test_a_failing_claim_shows_what_differs_from_the_run_that_last_reproduced(look, measured, course):
    look(seeds=(42,))
    edit(course, "epochs = 8", "epochs = 0")
    (finding,) = look(seeds=(42,))
    lines = finding.diff.splitlines()
    assert {"-  epochs = 8", "+  epochs = 0"} < set(lines)
    assert any(line.startswith("+") and "accuracy 0." in line for line in lines)


def test_fresh_seeds_run_only_after_an_alarm_and_are_new(look, measured, runner, course, monkeypatch):
    monkeypatch.setattr(compare_module, "FIRST_FRESH_SEED", 9)
    edit(course, "epochs = 8", "epochs = 1")
    (finding,) = look(seeds=(11,))
    assert list(finding.values) == [11, 12, 13], "9 and 10 made the band, and 11 was asked"


def test_an_alarm_that_fresh_seeds_do_not_confirm_is_no_fail(look, measured, runner):
    runner.handler = lambda notebook, parameters: (
        learned(notebook, parameters) if parameters.get("seed", 42) != 42 else unlucky(notebook)
    )

    def unlucky(notebook):
        notebook.cells[-1].outputs = [bundle(0.86)]
        return notebook

    (finding,) = look(seeds=(42,))
    assert finding.verdict == "pass"
    assert len(runner.calls) == 3


def test_a_result_that_became_better_is_stale_and_no_fail(look, measured, runner):
    runner.handler = lambda notebook, parameters: _with(notebook, bundle(0.99))
    (finding,) = look()
    assert (finding.verdict, finding.ok) == ("stale-better", True)
    assert "better than the band expects: 0.990 with seed 42" in finding.message


def _with(notebook, *outputs):
    notebook.cells[-1].outputs = list(outputs)
    return notebook


def test_a_claim_without_a_band_is_never_a_silent_pass(look):
    (finding,) = look()
    assert (finding.verdict, finding.ok) == ("not-comparable", False)
    assert "expected a measured band to compare with; found none" in finding.message
    assert exit_code([finding]) == 3


def test_a_device_without_a_band_is_compared_with_the_nearest_and_says_so(look, measured, monkeypatch):
    monkeypatch.setattr(devices, "gpus", lambda: ("A card",))
    (finding,) = look(device="cuda")
    assert (finding.verdict, finding.device, finding.band_device) == ("not-comparable", "cuda", "cpu")
    assert "no band was measured on cuda, so this is compared with the one of cpu" in finding.message


def test_cuda_without_a_gpu_runs_nothing(look, runner):
    with pytest.raises(RunError):
        look(device="cuda")
    assert runner.calls == []


def test_a_required_gpu_that_is_not_there_runs_nothing(look, runner):
    with pytest.raises(RunError, match="--require-gpu"):
        look(require_gpu=True)
    assert runner.calls == []


def test_on_two_cards_no_two_runs_share_one(course, cache, monkeypatch):
    """Eight workers, two cards: never more than two runs at a time, each with another card of its own."""
    monkeypatch.setattr(devices, "gpus", lambda: ("A card", "A card"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,5")
    busy, together, seen, lock = [], [], set(), threading.Lock()
    both = threading.Barrier(2, timeout=20)

    class OnCards(FakeRunner):
        def run(self, notebook, *, env=None, **more):
            card = env["CUDA_VISIBLE_DEVICES"]
            with lock:
                assert card not in busy
                busy.append(card)
                seen.add(card)
                together.append(len(busy))
            both.wait()  # so there are two at a time, or the test fails
            with lock:
                busy.remove(card)
            return super().run(notebook, env=env, **more)

    reproduce(
        course,
        seeds=range(1, 9),
        device="cuda",
        workers=8,
        notebooks=("lecture",),
        runner=OnCards(learned),
        cache=cache,
    )
    assert (seen, max(together)) == ({"3", "5"}, 2)


def test_a_claim_that_is_no_longer_stated_fails(look, measured, runner):
    runner.handler = lambda notebook, parameters: _with(notebook, bundle(0.9, name="f1"))
    verdicts = {finding.claim: finding.verdict for finding in look()}
    assert verdicts == {"lecture.f1": "not-comparable", "lecture.accuracy": "fail"}


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ([], "expected at least one claim; found none. Add record("),
        ([bundle(0.9), bundle(0.9)], "expected each claim recorded once; found accuracy for the second time"),
    ],
)
def test_a_lecture_that_states_nothing_or_twice_is_an_error(look, runner, outputs, message):
    runner.handler = lambda notebook, parameters: _with(notebook, *outputs)
    (finding,) = look()
    assert finding.verdict == "error"
    assert message in finding.message
    assert exit_code([finding]) == 1


def test_a_band_that_damage_cannot_leave_is_refused_and_nothing_is_written(look, course):
    (course.root / "course.toml").write_text(COURSE.replace("epochs = 1", "epochs = 8"))
    with_gentle_damage = Course.load(course.root)
    findings = look(seeds=SEEDS, measure=True, topics=with_gentle_damage.topics)
    assert [finding.verdict for finding in findings] == ["refused"]
    assert "expected a damaged run below" in findings[0].message
    assert not course.topics[0].claims.exists()
    assert exit_code(findings) == 1


def test_a_band_that_the_baseline_is_in_is_refused(look, course, runner):
    runner.handler = lambda notebook, parameters: _with(
        learned(notebook, parameters), bundle(notebook.cells[-1].outputs[0].data[MIME]["value"], baseline=0.9)
    )
    (finding,) = look(seeds=SEEDS, measure=True)
    assert finding.verdict == "refused"
    assert "expected the baseline below" in finding.message


def test_measuring_without_damage_or_with_few_seeds_runs_nothing(look, course, runner):
    with pytest.raises(ClaimError, match="at least 5 seeds; found 2"):
        look(seeds=(1, 2), measure=True)
    (course.root / "course.toml").write_text(COURSE.replace("damaged = {epochs = 1}", ""))
    with pytest.raises(CourseError, match="damaged, the parameters of a run that must fall outside"):
        look(seeds=SEEDS, measure=True, topics=Course.load(course.root).topics)
    assert runner.calls == []


def test_damage_with_an_unknown_parameter_is_refused(look, course):
    (course.root / "course.toml").write_text(COURSE.replace("epochs = 1", "epoch = 1"))
    with pytest.raises(ParameterError, match="Did you mean epochs"):
        look(seeds=SEEDS, measure=True, topics=Course.load(course.root).topics)


def test_the_order_of_the_seeds_does_not_change_the_band(look, course, measured):
    before = course.topics[0].claims.read_text()
    look(seeds=SEEDS[::-1], measure=True)
    assert json.loads(course.topics[0].claims.read_text())["claims"] == json.loads(before)["claims"]


def test_several_workers_find_the_same(look, measured):
    one = look(seeds=(42, 43, 44, 45), workers=1, force=True)
    many = look(seeds=(42, 43, 44, 45), workers=4, force=True)
    assert [finding.values for finding in one] == [finding.values for finding in many]


def test_progress_counts_runs_to_the_end_and_estimates_the_rest(look):
    events = []
    look(seeds=(1, 2, 3), on_event=events.append)
    assert [event.kind for event in events] == ["started", "finished"] * 3
    assert [(event.done, event.total) for event in events if event.kind == "finished"] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert events[0].left is None
    assert events[-1].left == 0
    assert {event.seed for event in events} == {1, 2, 3}


def test_what_breaks_one_run_off_ends_the_others(look, runner):
    """Ctrl-C comes to the main thread; here a progress bar raises it."""
    stopped = threading.Event()

    def endless(notebook, parameters):
        if parameters["seed"] == 1:
            return learned(notebook, parameters)
        assert stopped.wait(20)
        raise asyncio.CancelledError

    def interrupt(event):
        if event.kind == "finished":
            raise KeyboardInterrupt

    runner.handler, runner.stop = endless, stopped.set
    with pytest.raises(KeyboardInterrupt):
        look(seeds=(1, 2), workers=2, on_event=interrupt)
    assert stopped.is_set()


def test_the_book_gets_the_lecture_with_its_own_parameters(course, runner, cache):
    entry = executed_lecture(course.topics[0], runner=runner, cache=cache)
    assert runner.calls[0][1] == {}, "no parameter is injected that says what the notebook says"
    assert notebooks.source_hash(entry.result.notebook) == entry.provenance.notebook
    assert not executed_lecture(course.topics[0], runner=runner, cache=cache).fresh


def test_when_a_lecture_is_compared_as_it_stands_then_its_piece_runs_too_and_the_book_prints_that_run(
    look, course, runner, cache
):
    course.topics[0].piece.write_text(PIECE, "utf-8")
    look(seeds=(42, 43), notebooks=["lecture"])
    last = {seeded.get("seed", 42): load(notebook).cells[-1].source for notebook, seeded in runner.calls}
    assert last[42].startswith("slopes = [1.0")
    assert last[43] == RECORD, "no page prints a run with another seed"
    assert not executed_lecture(course.topics[0], runner=runner, cache=cache).fresh


def test_a_lecture_that_needs_a_gpu_is_said_not_to_have_run(look, course, runner):
    (course.root / "course.toml").write_text(COURSE + 'device = "cuda"\n')
    (finding,) = look(topics=Course.load(course.root).topics)
    assert finding.verdict == "not-comparable"
    assert "expected a GPU, which this lecture declares" in finding.message
    assert runner.calls == []


def test_exit_codes_are_one_for_failing_and_three_for_open_questions():
    def found(verdict):
        return Finding("t", "lecture", "w", "c", verdict, "cpu", "m")

    assert exit_code([]) == 0
    assert exit_code(map(found, ["pass", "stale-better", "measured"])) == 0
    assert exit_code(map(found, ["pass", "not-comparable"])) == 3
    for verdict in ("fail", "error", "refused"):
        assert exit_code(map(found, ["not-comparable", verdict])) == 1


def test_a_cell_that_raises_is_an_error_with_its_traceback(look, course):
    """In a real kernel, as the other tests of this file are not."""
    edit(course, "accuracy = (rng", "accuracy = 1 / 0 * (rng")
    (finding,) = look(runner=ColdRunner())
    assert finding.verdict == "error"
    assert "cell 2 (cell-1), `import numpy as np`: ZeroDivisionError: division by zero" in finding.message
    assert "ZeroDivisionError" in finding.traceback
    stood = notebooks.read(Path(finding.message.rsplit(": ", 1)[1]))
    assert [cell.execution_count for cell in notebooks.code_cells(stood)] == [1, 2, None]
    assert "ZeroDivisionError" in str(outputs(stood, "cell-1"))


@pytest.mark.slow
def test_in_real_kernels_a_lecture_is_measured_passes_and_then_fails_without_training(look, course):
    events = []
    (finding,) = look(seeds=SEEDS, measure=True, runner=ColdRunner(), workers=2, on_event=events.append)
    assert finding.verdict == "measured"
    assert {event.cells for event in events if event.kind == "cell"} == {4}
    (finding,) = look(seeds=(42,), runner=ColdRunner())
    assert finding.verdict == "pass"
    assert finding.provenance.peak_mb > 10
    edit(course, "epochs = 8", "epochs = 0")
    (finding,) = look(seeds=(42,), runner=ColdRunner())
    assert finding.verdict == "fail"


@pytest.mark.slow
def test_solutions_are_held_against_the_lectures_band_and_their_own(tmp_path, cache, monkeypatch):
    """The tiny course that is graded elsewhere: real digits, real kernels, evidence and score."""
    course = tiny_course(tmp_path / "course")
    findings = reproduce(course, seeds=(42,), cache=cache)
    assert {(finding.notebook, finding.claim): finding.ok for finding in findings} == {
        ("lecture", "lecture.accuracy"): True,
        ("reproduce", "lecture.accuracy"): True,
        ("apply_elsewhere", "apply_elsewhere.gain.mnist_3_5"): True,
    }
    events = []
    with monkeypatch.context() as patch:
        patch.setattr("foursteps.grade.prepare.load_grader", lambda path: pytest.fail("nothing changed"))
        reproduce(course, seeds=(42,), cache=cache, on_event=events.append)
    assert not any(event.fresh for event in events if event.kind == "finished")
    source = course.topic(TOPIC).exercises["apply_elsewhere"].source
    source.write_text(source.read_text().replace("KNeighborsClassifier(3)", "KNeighborsClassifier(300)"))
    findings = reproduce(course, seeds=(42,), cache=cache, notebooks=("apply_elsewhere",))
    assert [finding.verdict for finding in findings] == ["fail"]
    assert "apply_elsewhere.gain.mnist_3_5: expected at least" in findings[0].message


def test_a_solution_with_a_choice_of_datasets_is_run_on_each(tmp_path):
    topic = tiny_course(tmp_path).topic(TOPIC)
    assert compare_module.menu(topic, "lecture") == compare_module.menu(topic, "apply_elsewhere") == [{}]
    exercise = topic.exercises["apply_elsewhere"]
    for path, old, new in (
        (exercise.source, "seed = 42", "dataset = 'x'\\nseed = 42"),
        (exercise.grader, '("mnist_3_5",)', '("mnist_3_5", "digits")'),
    ):
        path.write_text(path.read_text().replace(old, new))
    assert compare_module.menu(topic, "apply_elsewhere") == [{"dataset": "mnist_3_5"}, {"dataset": "digits"}]


def test_a_fake_run_that_floods_is_an_error_with_what_to_do(look, runner):
    runner.handler = lambda notebook, parameters: RunResult(notebook, "flooded", None, 1.0, 1.0)
    (finding,) = look()
    assert "flooded. Print less, or raise the limit on output. The notebook as it stood: " in finding.message


@given(st.lists(st.integers()), st.integers(1, 6))
def test_the_parts_together_are_all_topics_each_once(topics, parts):
    cut = [shard(topics, f"{part}/{parts}") for part in range(1, parts + 1)]
    assert sorted(topic for part in cut for topic in part) == sorted(topics)
    assert max(map(len, cut)) - min(map(len, cut)) <= 1


@pytest.mark.parametrize("said", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", ""])
def test_what_is_no_part_is_refused(said):
    with pytest.raises(RunError, match="--shard: expected a part such as 1/4; found"):
        shard((), said)
