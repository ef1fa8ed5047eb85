"""Figures of bursts, growth curves, completed counts and specialisation: what is drawn where."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from foresight import plots
from foresight.errors import RenderError
from foresight.indicators.life_cycle import REASONS, STAGES
from foresight.indicators.specialisation import specialisation
from foresight.plots.structure import REASON_NAMES, STAGE_NAMES

TOPICS = pd.DataFrame(
    {
        "topic_id": ["a", "b", "c"],
        "label_zh": ["脑电信号的深度学习解码与康复训练", "柔性神经电极阵列", "量子"],
        "label_en": ["Deep-learning decoding $x_1$", "Flexible electrodes", "Quantum"],
    }
)
BURSTS = pd.DataFrame(
    [
        ("a", 2012, 2014, 9.0, 40, False),
        ("a", 2019, 2021, 20.0, 99, True),
        ("b", 1980, 1985, 5, 7, 0),
    ],
    columns=["topic_id", "start", "end", "weight", "n_docs", "ongoing"],
)
CURVE = pd.DataFrame({"year": range(2000, 2012), "observed": [*np.arange(8.0) ** 2, *[np.nan] * 4]})
CURVE = CURVE.assign(fitted=np.arange(12.0) ** 2, fitted_lo=0.0, fitted_hi=200.0)
FIT = pd.Series({"stage": "growing", "reason": None, "curve": "logistic"} | {
    f"{name}{end}": value + step
    for name, value in (("progress", 0.4), ("duration", 12.0))
    for end, step in (("", 0.0), ("_lo", -0.1), ("_hi", 0.1))
})  # fmt: skip
REFUSED = pd.Series({"stage": None, "reason": "unbounded", "curve": "logistic"})
COUNTS = pd.DataFrame(
    {
        "year": range(2016, 2022),
        "n_seen": [20, 22, 21, 12, 4, 1],
        "estimate": [20, 22, 22.4, 20.1, 17.5, np.nan],
        "lo": [20, 22, 21, 14, 8, np.nan],
        "hi": [20, 22, 25, 29, 40, np.nan],
        "status": ["complete"] * 2 + ["nowcast"] * 3 + ["too_early"],
    }
)
REGIONS = pd.DataFrame(
    {"region": ["x", "y"], "label_zh": ["杭州", "宁波"], "label_en": ["Hangzhou", "Ningbo"]}
)
FIELDS = TOPICS.rename(columns={"topic_id": "technology"})
TABLE = specialisation(
    pd.DataFrame([[90, 5, 0], [10, 95, 0]], index=list("xy"), columns=list("abc"))
)


def draw(name, axes, lang):
    if name == "bursts":
        return plots.plot_bursts(BURSTS, topics=TOPICS, ax=axes, lang=lang, last_year=2021)
    if name == "s_curve":
        return plots.plot_s_curve(CURVE, fit=FIT, ax=axes, lang=lang)
    if name == "nowcast":
        return plots.plot_nowcast(COUNTS, ax=axes, lang=lang)
    return plots.plot_specialisation(
        TABLE, technologies=FIELDS, regions=REGIONS, ax=axes, lang=lang
    )


NAMES = ["bursts", "s_curve", "nowcast", "specialisation"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_it_draws_returns_its_axes_and_saves_the_same_bytes(name, lang, tmp_path):
    for file in ("one.png", "two.png"):
        figure, axes = plots.new_figure(height_cm=plots.height_cm(name))
        assert draw(name, axes, lang) is axes
        assert axes.get_xlabel()  # every axis says what it shows
        plots.save_figure(figure, tmp_path / file)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_unknown_language_is_refused(name):
    _, axes = plots.new_figure(height_cm=8)
    with pytest.raises(RenderError, match="Language 'fr'"):
        draw(name, axes, "fr")


def test_bursts_are_bars_of_their_years_and_old_ones_are_left_out():
    _, axes = plots.new_figure(height_cm=8)
    draw("bursts", axes, "en")
    spans = [bar.get_xy()[:, 0] for bar in axes.patches]
    assert [(x.min(), x.max()) for x in spans] == [
        pytest.approx((2011.58, 2014.42)),
        pytest.approx((2018.58, 2021.68)),  # goes on: an arrow
    ]
    assert [t.get_text() for t in axes.texts] == ["40", "99"]
    assert "Of 3 topics 1 have a burst" in axes.get_xlabel()
    with pytest.raises(RenderError, match="no row"):
        plots.plot_bursts(BURSTS, topics=TOPICS, ax=axes, lang="en", last_year=2050)


def test_the_curve_is_broken_ahead_and_its_verdict_has_the_intervals():
    _, axes = plots.new_figure(height_cm=8)
    draw("s_curve", axes, "en")
    lines = [line for line in axes.lines if len(line.get_xdata()) > 2]
    assert [line.get_linestyle() for line in lines] == ["-", "--", "None"]
    assert list(lines[1].get_xdata()) == [2007, 2008, 2009, 2010, 2011]
    assert axes.texts[0].get_text().startswith("Growing: 40% of saturation (30–50%); 10 to 90%")


def test_without_a_stage_only_documents_and_the_reason_are_drawn():
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_s_curve(CURVE, fit=REFUSED, ax=axes, lang="en")
    assert not axes.collections
    assert axes.texts[0].get_text().startswith("No stage: exponential growth")


def test_every_stage_and_reason_has_its_words():
    assert set(STAGE_NAMES) == set(STAGES)
    assert set(REASON_NAMES) == set(REASONS)


def test_years_too_early_are_shaded_and_have_no_estimate():
    _, axes = plots.new_figure(height_cm=8)
    draw("nowcast", axes, "en")
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert "Too little public to estimate" in labels
    hatched = [patch for patch in axes.patches if patch.get_hatch()]
    assert [patch.get_x() for patch in hatched] == [2020.5]
    bars = [p for p in axes.patches if p.get_facecolor()[3] == 0]
    assert [p.get_y() + p.get_height() for p in bars] == pytest.approx([22.4, 20.1, 17.5])


def test_cells_count_documents_and_sure_ones_are_underlined():
    _, axes = plots.new_figure(height_cm=8)
    draw("specialisation", axes, "en")
    assert [t.get_text() for t in axes.texts] == ["90", "10", "5", "95"]  # no cell of c, all empty
    assert len(axes.lines) == 4
    assert axes.images[0].get_array().mask.tolist() == [[False] * 2, [False] * 2, [True] * 2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_above_the_columns_do_not_touch(lang):
    regions = pd.DataFrame({"region": [f"r{i}" for i in range(12)]})
    regions = regions.assign(label_zh="中国台湾", label_en="Hangzhou")
    counts = pd.DataFrame(5, index=regions["region"], columns=list("abc"))
    figure, axes = plots.new_figure(height_cm=10)
    plots.plot_specialisation(
        specialisation(counts), technologies=FIELDS, regions=regions, ax=axes, lang=lang
    )
    figure.canvas.draw()
    labels = [tick for tick in axes.get_xticklabels() if tick.get_text()]
    if lang == "zh":
        boxes = [label.get_window_extent().extents for label in labels]
        assert all(a[2] <= b[0] for a, b in pairwise(boxes))
    else:
        assert {label.get_rotation() for label in labels} == {50.0}
