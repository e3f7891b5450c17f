"""The AUC: the share of pairs in the right order, ties half; its resamples agree with sorting each anew."""

import math
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from foursteps.checks.auc import auc, resampled_auc
from foursteps.checks.definition import Metric, Scale
from foursteps.checks.evidence import Evidence, encode
from foursteps.checks.gather import gather
from foursteps.checks.measures import MEASURES
from foursteps.grade.score import MetricKey, lift, score

# Few different scores, so that ties are common.
rows = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=40)
METRIC = Metric(
    name="ranking", asks="", points=4, datasets=("d",), metric="auc", takes="predict", claim="a.b", lift=True
)


def arrays(drawn):
    return np.array([s for s, _ in drawn], float), np.array([t for _, t in drawn], float)


def by_pairs(scores, truth):
    gaps = scores[truth == 1][:, None] - scores[truth == 0][None]
    return np.mean((gaps > 0) + (gaps == 0) / 2) if gaps.size else math.nan


@given(rows)
def test_the_auc_is_the_share_of_pairs_in_the_right_order(drawn):
    assert auc(*arrays(drawn)) == pytest.approx(by_pairs(*arrays(drawn)), nan_ok=True)


@given(rows, st.integers(0, 2**32))
def test_when_rows_are_drawn_again_then_their_counts_give_the_same_auc(drawn, seed):
    scores, truth = arrays(drawn)
    draws = np.random.default_rng(seed).integers(0, len(truth), (5, len(truth)))
    counts = np.stack([np.bincount(draw, minlength=len(truth)) for draw in draws])
    expected = [by_pairs(scores[draw], truth[draw]) for draw in draws]
    assert resampled_auc(scores, truth, counts) == pytest.approx(expected, nan_ok=True)


def test_the_auc_is_the_one_that_scikit_learn_computes():
    rng = np.random.default_rng(0)
    truth = (rng.random(3000) < 0.1).astype(float)
    scores = (rng.normal(0, 1, 3000) + truth).round(1)
    assert auc(scores, truth) == pytest.approx(roc_auc_score(truth, scores), abs=1e-12)


@given(rows)
def test_when_scores_are_turned_round_then_the_auc_is_one_minus_it(drawn):
    scores, truth = arrays(drawn)
    assert auc(-scores, truth) == pytest.approx(1 - auc(scores, truth), nan_ok=True)


def test_when_every_row_is_called_common_then_the_auc_is_a_half_though_the_accuracy_is_high():
    truth = np.r_[np.zeros(90), np.ones(10)]
    assert MEASURES["accuracy"].value(np.zeros(100), truth) == 0.9
    assert auc(np.zeros(100), truth) == 0.5


def test_when_an_interval_is_made_from_counts_then_it_is_that_of_the_rows_drawn_one_sample_at_a_time():
    rng = np.random.default_rng(1)
    truth = (rng.random(300) < 0.2).astype(float)
    ours, theirs = truth + rng.normal(0, 0.8, 300), (truth + rng.normal(0, 2.0, 300)).round()
    quick = lift(MEASURES["auc"], ours, theirs, truth)
    slow = lift(replace(MEASURES["auc"], resampled=None), ours, theirs, truth)
    assert quick[0] == pytest.approx(auc(ours, truth) - auc(theirs, truth))
    assert np.ravel([quick[0], *quick[1]]) == pytest.approx(np.ravel([slow[0], *slow[1]]))
    assert quick[1][0] < quick[0] < quick[1][1]


def ranking(scores):
    return Evidence(check="ranking", state="given", dataset="d", content={"values": encode(scores)})


def key(truth, baseline):
    return {"d": MetricKey(truth, baseline, Scale(zero=0.0, full=0.2))}


def test_when_labels_are_texts_0_and_1_then_scores_are_marked_against_them():
    truth = np.array(["0", "1"] * 100)
    assert score(METRIC, ranking(truth.astype(float)), key(truth, np.zeros(200))).points == 4
    assert score(METRIC, ranking(-truth.astype(float)), key(truth, np.zeros(200))).points == 0


def test_when_no_held_out_row_is_a_one_then_nothing_is_earned_and_nothing_breaks():
    outcome = score(METRIC, ranking(np.arange(50.0)), key(np.array(["0"] * 50), np.zeros(50)))
    assert outcome.points == 0
    assert outcome.state == "failed"


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_when_one_score_is_not_finite_then_nothing_is_earned(bad):
    truth = np.array(["0", "1"] * 20)
    scores = truth.astype(float)
    scores[3] = bad
    assert score(METRIC, ranking(scores), key(truth, np.zeros(40))).points == 0


class TwoLabels:
    """A stand-in with a Learner's two doors, that gives the probabilities of two labels."""

    dls = SimpleNamespace(test_dl=lambda inputs: inputs)

    no_bar = no_logging = nullcontext

    def get_preds(self, dl):
        second = torch.tensor([float(item) for item in dl])
        return torch.stack([1 - second, second], dim=1), None


def test_when_a_learner_of_two_labels_is_asked_for_a_ranking_then_it_gives_the_second_ones_score(tmp_path):
    found = gather(METRIC, TwoLabels(), [], {"d": (tmp_path, 1)}, lambda folder: [0.25, 0.75])
    assert found.state == "given"
    outcome = score(METRIC, found, key(np.array(["0", "1"]), np.zeros(2)))
    assert outcome.value == pytest.approx(0.5)
