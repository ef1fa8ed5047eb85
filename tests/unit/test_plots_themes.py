"""Strategic diagram and heat maps: what is drawn, where labels stand, what is missing."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from foresight import plots
from foresight.errors import RenderError
from foresight.plots.placement import place_labels

ZH = ["脑电信号的深度学习解码与康复训练", "柔性神经电极阵列", "侵入式脑机接口植入体的无线供能"]
EN = ["Deep-learning decoding of brain signals", "Flexible electrodes $x_1$", "Wireless power"]


@pytest.fixture(params=["zh", "en"])
def lang(request):
    return request.param


def themes(n=14, seed=1):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"label_zh": (ZH * n)[:n], "label_en": (EN * n)[:n]})
    frame["centrality"] = rng.uniform(10, 40, n)
    frame["density"] = rng.uniform(5, 60, n)
    for name in ("centrality", "density"):
        frame[f"{name}_lo"] = frame[name] * 0.7
        frame[f"{name}_hi"] = frame[name] * 1.4
    return frame.assign(p_quadrant=np.linspace(0.3, 1.0, n), n_docs=range(10, 10 + n))


def units(n=3):
    ids = [f"u{i}" for i in range(n)]
    return pd.DataFrame({"unit_id": ids, "label_zh": (ZH * n)[:n], "label_en": (EN * n)[:n]})


def cells(columns, n=3):
    return pd.DataFrame(
        [(f"u{i}", c, float(10 * i + j)) for i in range(n) for j, c in enumerate(columns)],
        columns=["unit_id", "column", "value"],
    )


def drawn_whole(figure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks is a warning
        figure.canvas.draw()
    box, page = figure.get_tightbbox(), figure.bbox_inches
    assert box.x0 >= -0.02
    assert box.y0 >= -0.02
    assert box.x1 <= page.x1 + 0.02
    assert box.y1 <= page.y1 + 0.02


def test_themes_are_drawn_whole_in_both_languages(lang):
    frame = themes()
    before = frame.copy()
    figure, axes = plots.new_figure(height_cm=plots.height_cm("themes"))
    assert plots.plot_themes(frame, ax=axes, lang=lang) is axes
    drawn_whole(figure)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("seed", range(4))
def test_labels_of_themes_cover_neither_each_other_nor_the_frame(seed):
    figure, axes = plots.new_figure(height_cm=plots.height_cm("themes"))
    plots.plot_themes(themes(seed=seed), ax=axes, lang="en")
    figure.canvas.draw()
    labels = [t for t in axes.texts if isinstance(t, Annotation) and t.get_zorder() == 6]
    assert len(labels) == 14
    boxes = [label.get_window_extent() for label in labels]
    frame = axes.get_window_extent()
    assert not [1 for a, b in combinations(boxes, 2) if a.overlaps(b)]
    assert all(frame.x0 <= b.x0 and b.x1 <= frame.x1 for b in boxes)
    assert all(frame.y0 <= b.y0 and b.y1 <= frame.y1 for b in boxes)


def test_discs_are_filled_where_the_quadrant_is_sure():
    _, axes = plots.new_figure(height_cm=9)
    frame = themes(3).assign(p_quadrant=[0.79, 0.8, np.nan], n_docs=[9, 8, 7])
    plots.plot_themes(frame, ax=axes, lang="en")
    discs = axes.collections[-1]
    np.testing.assert_allclose(discs.get_offsets(), frame[["centrality", "density"]].to_numpy())
    white = [tuple(face[:3]) == (1.0, 1.0, 1.0) for face in discs.get_facecolors()]
    assert white == [True, False, True]
    sizes = discs.get_sizes()
    assert sizes[0] > sizes[1] > sizes[2]


def test_themes_left_out_are_counted():
    _, axes = plots.new_figure(height_cm=9)
    frame = themes(16)
    frame.loc[0, "density"] = np.nan
    plots.plot_themes(frame, ax=axes, lang="en")
    assert any("14 of 16 themes" in text.get_text() for text in axes.texts)
    # The lines are the medians of all themes that have both numbers, not of those drawn.
    lines = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]
    assert frame.loc[1:, "centrality"].median() in lines


def test_a_label_far_from_its_point_is_led_to():
    figure, axes = plots.new_figure(height_cm=6)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    points = np.full((9, 2), 0.5)
    labels = place_labels(axes, points, texts=["a longer label"] * 9, radii=np.full(9, 4.0))
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in labels]
    assert not [1 for a, b in combinations(boxes, 2) if a.overlaps(b)]
    assert axes.lines


@pytest.mark.parametrize("each_column", [False, True])
@pytest.mark.parametrize("columns", [range(2010, 2022), ["growth", "n_docs"]])
def test_heat_maps_are_drawn_whole_in_both_languages(lang, columns, each_column):
    values, rows = cells(columns), units()
    before = values.copy()
    labels = rows[f"label_{lang}"]
    figure, axes = plots.new_figure(height_cm=plots.height_cm("heat_map", rows=3, labels=labels))
    heads = {"growth": ("增长性", "Growth"), "n_docs": ("文献数", "Documents")}
    drawn = plots.plot_heat_map(
        values, units=rows, ax=axes, lang=lang, measure=("件", "Documents"), heads=heads,
        each_column=each_column,
    )  # fmt: skip
    assert drawn is axes
    drawn_whole(figure)
    pd.testing.assert_frame_equal(values, before)


def test_missing_cells_are_hatched_and_zero_is_written():
    values = cells([2020, 2021]).iloc[1:]  # no row for u0 in 2020
    values.loc[1, "value"] = 0.0
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_heat_map(values, units=units(), ax=axes, lang="en")
    hatched = [p for p in axes.patches if isinstance(p, Rectangle) and p.get_hatch()]
    assert [(p.get_x(), p.get_y()) for p in hatched] == [(-0.5, -0.5)]
    assert [t.get_text() for t in axes.texts] == ["0", "10", "11", "20", "21"]
    assert "Hatched" in axes.get_xlabel()


def test_each_column_has_its_own_scale_and_decimals():
    values = pd.concat(
        [
            pd.DataFrame({"unit_id": ["u0", "u1", "u2"], "column": "a", "value": [0.1, 0.3, 0.2]}),
            pd.DataFrame({"unit_id": ["u0", "u1", "u2"], "column": "b", "value": [5, 1200, 5]}),
        ]
    )
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_heat_map(values, units=units(), ax=axes, lang="en", each_column=True)
    np.testing.assert_allclose(axes.images[0].get_array(), [[0, 0], [100, 100], [50, 0]])
    assert [t.get_text() for t in axes.texts] == "0.10 5 0.30 1,200 0.20 5".split()
    same = values[values["column"] == "b"].assign(value=7.0)
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_heat_map(same, units=units(), ax=axes, lang="en", each_column=True)
    assert np.isfinite(axes.images[0].get_array()).all()


def test_many_years_show_the_last_25_and_the_peaks():
    values = cells(range(1990, 2022), n=16)
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_heat_map(values, units=units(16), ax=axes, lang="en")
    assert axes.images[0].get_array().shape == (14, 25)
    assert [t.get_text() for t in axes.get_xticklabels()][-2:] == ["2019", "2021"]
    assert "last 25 years" in axes.get_xlabel()
    assert axes.get_ylabel() == "First 14 of 16"
    assert next(t.get_text() for t in axes.texts if t.get_text()) == "31"
    assert sum(bool(t.get_text()) for t in axes.texts) == 14


def test_a_year_without_a_row_keeps_its_column():
    values = cells([2018, 2021])
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_heat_map(values, units=units(), ax=axes, lang="en")
    array = axes.images[0].get_array()
    assert array.shape == (3, 4)
    assert np.ma.getmaskarray(array)[:, 1:3].all()


def test_what_cannot_be_drawn_is_refused():
    _, axes = plots.new_figure(height_cm=8)
    with pytest.raises(RenderError, match="Language 'fr'"):
        plots.plot_themes(themes(), ax=axes, lang="fr")
    with pytest.raises(RenderError, match="Language 'fr'"):
        plots.plot_heat_map(cells([2020]), units=units(), ax=axes, lang="fr")
    with pytest.raises(RenderError, match="plot_themes has no row"):
        plots.plot_themes(themes().assign(density=np.nan), ax=axes, lang="en")
    with pytest.raises(RenderError, match="plot_heat_map has no row"):
        plots.plot_heat_map(cells([2020]).assign(value=np.nan), units=units(), ax=axes, lang="en")
    with pytest.raises(RenderError, match=r"plot_themes needs the column\(s\) p_quadrant"):
        plots.plot_themes(themes().drop(columns="p_quadrant"), ax=axes, lang="en")
