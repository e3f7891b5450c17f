"""Claims: what record() shows and refuses, and what claims.json may say."""

import json
import math
import subprocess
import sys

import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from foursteps.claims import ledger, record
from foursteps.claims.band import Band
from foursteps.claims.ledger import Damaged, Ledger
from foursteps.claims.record import MIME, html_card, make, published_band, text_card
from foursteps.errors import ClaimError
from foursteps.run.provenance import Provenance

VALUES = {1: 0.96, 2: 0.97, 3: 0.955, 4: 0.965, 5: 0.95}
STAMP = Provenance(
    notebook="0" * 64,
    parameters={"seed": 42},
    python="3.12.0",
    versions={"numpy": "2.0"},
    packages="1" * 64,
    device_class="cpu",
    device="a processor",
    seconds=12.0,
    peak_mb=500.0,
    date="2026-01-01T00:00:00+00:00",
)


def _record(**changes):
    settings = {"kind": "share", "rows": 1000, "higher_is_better": True}
    return ledger.measured("lecture.accuracy", VALUES, [0.1, 0.12], STAMP, **{**settings, **changes})


def test_a_card_shows_value_baseline_and_rows():
    claim = make("accuracy", 0.9667, 0.112, 1000, True, None)
    assert text_card(claim) == (
        "accuracy 0.967\n  baseline    0.112: this is better than it, by 0.855\n  measured on 1,000 rows"
    )
    assert "0.967" in html_card(claim)


def test_a_card_says_when_a_value_is_no_better_than_the_baseline():
    claim = make("rmse", 0.61, 0.59, None, False, None)
    assert "0.590: this is no better than it" in text_card(claim)


def test_a_card_shows_the_measured_band_that_lies_beside_the_notebook(tmp_path, monkeypatch):
    Ledger.at(tmp_path / "claims.json", {"lecture.accuracy": _record()}).save()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOURSTEPS_CLAIMS", raising=False)
    low, high = published_band("accuracy")
    assert low < 0.96 < high
    claim = make("accuracy", 0.5, 0.1, 1000, True, None)
    assert f"{low:.3f} to {high:.3f}: this run is below" in text_card(claim, (low, high))
    monkeypatch.setenv("FOURSTEPS_CLAIMS", "")
    assert published_band("accuracy") is None, "a run that is kept shows no band"


def test_record_emits_one_bundle_with_card_and_data():
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    try:
        assert isinstance(shell.display_formatter, DisplayFormatter)
        with capture_output() as captured:
            record("accuracy", 0.96, baseline=0.1, n=500)
        (output,) = captured.outputs
        assert output.data[MIME] == {
            "schema": 1,
            "name": "accuracy",
            "value": 0.96,
            "baseline": 0.1,
            "n": 500,
            "higher_is_better": True,
            "proportion": True,
        }
        assert {"text/plain", "text/html"} < set(output.data)
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("accuracy", math.nan, 0.1, 10, True, None), "a value that is a finite number; found nan. Look at"),
        (("accuracy", None, 0.1, 10, True, None), "a value that is a finite number; found none"),
        (("accuracy", 0.9, None, 10, True, None), "a baseline that is a finite number; found none. Measure"),
        (("accuracy", 0.9, math.inf, 10, True, None), "a baseline that is a finite number; found inf"),
        (("accuracy", "high", 0.1, 10, True, None), "found 'high'"),
        (("Accuracy!", 0.9, 0.1, 10, True, None), "a name of lower case letters"),
        (("accuracy", 0.9, 0.1, 0, True, None), "a whole number of rows"),
        (("accuracy", 0.9, 0.1, 1.5, True, None), "a whole number of rows"),
    ],
)
def test_a_claim_that_says_nothing_is_refused(arguments, message):
    with pytest.raises(ClaimError, match=message.replace("(", r"\(")):
        make(*arguments)


def test_record_takes_what_float_takes():
    import numpy as np

    assert make("accuracy", np.float32(0.5), np.array(0.25), np.int64(8), True, None).n == 8


def test_record_needs_no_torch_pandas_or_scipy():
    """A learner waits for this import at the top of every lecture."""
    code = (
        "import sys; from foursteps.claims import record; "
        "sys.exit(str({'torch', 'pandas', 'scipy', 'papermill'} & set(sys.modules) or 0).strip('0') or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_claims_json_comes_back_as_it_was_written(tmp_path):
    damaged = Damaged(parameters={"epochs": 1}, seeds=(1, 2), values=(0.5, 0.6))
    Ledger.at(tmp_path / "claims.json", {"lecture.accuracy": _record(damaged=damaged)}).save()
    kept = ledger.load(tmp_path / "claims.json")
    assert kept.record("lecture.accuracy") == _record(damaged=damaged)
    assert kept.record("lecture.accuracy").band("cpu") == Band.of(
        list(VALUES.values()), kind="share", rows=1000
    )


def test_marks_begin_at_the_baseline_and_are_full_at_the_tolerance_limit(tmp_path):
    kept = Ledger.at(tmp_path / "claims.json", {"lecture.accuracy": _record()})
    applied, published = kept.scale("lecture.accuracy")
    assert applied.zero == published.zero == pytest.approx(0.11)
    assert applied.full < published.full < 0.96


def test_a_claim_without_a_record_or_a_band_has_no_scale(tmp_path):
    kept = Ledger.at(tmp_path / "claims.json", {"lecture.accuracy": _record()})
    with pytest.raises(ClaimError, match=r"record of the claim lecture.f1; found lecture.accuracy. Run"):
        kept.scale("lecture.f1")
    bare = _record().model_copy(update={"bands": {}})
    with pytest.raises(ClaimError, match=r"a measured band; found none\. Run `foursteps"):
        Ledger.at(tmp_path / "c.json", {"lecture.accuracy": bare}).scale("lecture.accuracy")


def test_measuring_on_one_device_keeps_the_bands_of_another():
    cuda = ledger.measured(
        "lecture.accuracy",
        {seed: value + 0.001 for seed, value in VALUES.items()},
        [0.1],
        STAMP.model_copy(update={"device_class": "cuda"}),
        kind="share",
        rows=1000,
        higher_is_better=True,
    )
    kept = Ledger(claims={"lecture.accuracy": _record(), "lecture.f1": _record()})
    merged = kept.with_claims({"lecture.accuracy": cuda}, instead_of="lecture.")
    assert list(merged.record("lecture.accuracy").bands) == ["cpu", "cuda"]
    assert list(merged.claims) == ["lecture.accuracy"], "a claim that is no longer stated goes"


def test_a_typed_band_is_refused(tmp_path):
    path = tmp_path / "claims.json"
    Ledger.at(path, {"lecture.accuracy": _record()}).save()
    raw = json.loads(path.read_text())
    raw["claims"]["lecture.accuracy"]["bands"]["cpu"]["limits"]["alarm"] = 0.5
    path.write_text(json.dumps(raw))
    with pytest.raises(
        ClaimError, match=r"alarm of the cpu band is 0\.5, but 0\.9\d+ follows from its value"
    ):
        ledger.load(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, "no such file"),
        ("{", "Invalid JSON"),
        ('{"schema": 1, "claim": {}}', "claim: Extra inputs are not permitted"),
        ('{"schema": 2, "claims": {}}', "schema: Input should be 1"),
        (
            '{"schema": 1, "claims": {"lecture.accuracy": {"baseline": 0.1, "band": {}}}}',
            "band: Extra inputs",
        ),
    ],
)
def test_a_claims_json_that_cannot_be_trusted_names_the_place(tmp_path, text, found):
    path = tmp_path / "claims.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ClaimError) as raised:
        ledger.load(path)
    assert str(path) in str(raised.value)
    assert found in raised.value.found
