"""What a backtest comes to, by rule."""

import pytest
from backtests import NONE, figure, metrics

from foresight.emergence.verdict import Verdict, best_baseline, judge, side


def test_where_an_interval_lies():
    assert side({"value": 0.2, "lo": 0.01, "hi": 0.4}) == 1
    assert side({"value": -0.2, "lo": -0.4, "hi": -0.01}) == -1
    assert side({"value": 0.2, "lo": 0.0, "hi": 0.4}) == 0
    assert side({"value": 0.2, "lo": None, "hi": None}) is None


def test_the_best_baseline_has_the_highest_correlation_luck_aside():
    rho = {"random": figure(0.5), "size": figure(-0.2), "citations": figure(0.1)}
    assert best_baseline(metrics(spearman=rho)) == "citations"
    assert (
        best_baseline(metrics(spearman=rho, silent=("citations",))) == "last_growth"
    )  # first of 0
    assert best_baseline(metrics(spearman={"vitality": NONE, "size": figure(0.01)})) == "size"


@pytest.mark.parametrize(
    ("gain", "against"),
    [
        (figure(0.2), "better"),
        (figure(-0.2), "worse"),
        (figure(0.05), "ahead"),
        (figure(0.0), "ahead"),
        (figure(-0.05), "behind"),
        (NONE, "unknown"),
    ],
)
def test_only_a_whole_interval_beats_a_baseline(gain, against):
    found = metrics(spearman={"size": figure(0.1)}, gains={("composite", "size"): gain})
    verdict = judge(found, method="composite")
    assert verdict == Verdict("composite", "none", "size", against, "unproven")


@pytest.mark.parametrize(
    ("rho", "skill"),
    [(figure(0.3), "positive"), (figure(-0.3), "negative"), (figure(0.09), "none")],
)
def test_skill_is_told_by_its_interval(rho, skill):
    assert judge(metrics(spearman={"learned": rho}), method="learned").skill == skill


@pytest.mark.parametrize(
    ("brier", "sure"),
    [(figure(0.2), "better"), (figure(-0.2), "worse"), (figure(0.1), "unproven"), (NONE, "absent")],
)
def test_probabilities_are_trusted_where_their_skill_is_above_zero(brier, sure):
    assert judge(metrics(brier_skill={"learned": brier}), method="learned").probability == sure


def test_a_silent_score_has_no_verdict():
    assert judge(metrics(silent=("learned",)), method="learned") is None
