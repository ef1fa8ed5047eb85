import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import brier_score_loss, roc_auc_score

from foresight.emergence.metrics import SUMS, figures, sums, top_places

UNKNOWN = np.full((1, 20), np.nan)


def row(values):
    return np.asarray(values, dtype=float)[np.newaxis]


def of(prediction, p_growth, rise, grew, impact=None):
    unknown = np.full((1, len(prediction)), np.nan)
    total = sums(
        row(prediction), unknown if p_growth is None else row(p_growth), row(rise),
        row(grew) > 0, unknown if impact is None else row(impact),
    )  # fmt: skip
    return {name: float(value[0]) for name, value in figures(total).items()}


def test_against_other_implementations():
    rng = np.random.default_rng(0)
    prediction, rise = rng.integers(0, 9, 40), rng.standard_normal(40)
    p_growth, impact = rng.random(40), rng.integers(0, 30, 40)
    grew = rise > 0.4
    found = of(prediction, p_growth, rise, grew, impact)
    assert found["spearman"] == pytest.approx(spearmanr(prediction, rise)[0])
    assert found["spearman_impact"] == pytest.approx(spearmanr(prediction, impact)[0])
    assert found["auc"] == pytest.approx(roc_auc_score(grew, prediction))
    assert found["brier"] == pytest.approx(brier_score_loss(grew, p_growth))
    base = grew.mean()
    assert found["brier_skill"] == pytest.approx(1 - found["brier"] / (base * (1 - base)))
    assert found["base_rate"] == base


def test_precision_and_threat_score_by_hand():
    rise = np.arange(20.0)
    prediction = rise.copy()
    prediction[[18, 3]] = prediction[[3, 18]]  # one of the two best is missed
    grew = rise >= 15
    p_growth = np.where(rise >= 16, 0.6, 0.04)
    found = of(prediction, p_growth, rise, grew)
    assert found["precision_at_10pct"] == 0.5
    # 4 x 0.6 + 16 x 0.04 = 3.04: three warned of, all of which grew, of five that did.
    assert found["csi"] == pytest.approx(3 / 5)


def test_a_flat_prediction_is_worth_what_chance_gives():
    rise = np.arange(30.0)
    found = of(np.zeros(30), np.full(30, 0.5), rise, rise >= 20)
    assert found["spearman"] == 0.0
    assert found["precision_at_10pct"] == pytest.approx(0.1)
    assert found["auc"] == 0.5
    assert found["csi"] == pytest.approx(5 / 20)  # 15 warned of, a third of them rightly


def test_without_probabilities_or_outcome_figures_are_missing():
    found = of(np.arange(20), None, np.arange(20), np.zeros(20))
    for name in ("auc", "csi", "brier", "brier_skill", "spearman_impact"):
        assert np.isnan(found[name])
    assert found["base_rate"] == 0.0


def test_places_are_shared_by_ties():
    values = np.array([[3.0, 1.0, 2.0, 2.0, 2.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    places = top_places(values, np.array([2.0, 0.0]))
    assert places[0].tolist() == pytest.approx([1, 0, 1 / 3, 1 / 3, 1 / 3])
    assert places[1].tolist() == [0.0] * 5


def test_units_are_compared_within_their_cutoff_only():
    one = sums(row([1, 2]), UNKNOWN[:, :2], row([1, 2]), row([0, 1]) > 0, UNKNOWN[:, :2])
    two = sums(row([8, 9]), UNKNOWN[:, :2], row([2, 1]), row([1, 0]) > 0, UNKNOWN[:, :2])
    both = figures(one + two)
    assert both["spearman"][0] == 0.0
    assert both["auc"][0] == 0.5
    assert both["n"][0] == 4
    assert one.shape == (1, len(SUMS))
