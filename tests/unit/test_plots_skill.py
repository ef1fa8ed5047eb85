"""Figures of the backtest."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight import plots
from foresight.errors import RenderError

NAMES = {"zh": ("综合得分", "仅看活跃度"), "en": ("composite score", "vitality alone")}


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def skill() -> pd.DataFrame:
    rows = [("a", 2004, 0.2), ("a", 2006, -0.1), ("b", 2004, 0.0), ("b", 2005, 0.3), ("c", 2004, 9)]
    frame = pd.DataFrame(rows, columns=["method", "cutoff", "value"])
    return frame.assign(lo=frame["value"] - 0.2, hi=frame["value"] + 0.3)


@pytest.fixture
def bins() -> pd.DataFrame:
    frame = pd.DataFrame({"p_mean": [0.1, 0.5], "grew": [0.2, 0.9], "n": [1234, 5]})
    return frame.assign(grew_lo=[0.1, 0.6], grew_hi=[0.3, 1.0])


@pytest.fixture
def places() -> pd.DataFrame:
    frame = pd.DataFrame({"place_from": [0.0, 0.4, 0.8], "rise": [-np.log(2), 0.0, np.log(1.5)]})
    frame = frame.assign(place_to=frame["place_from"] + 0.2, n=9)
    return frame.assign(rise_lo=frame["rise"] - 0.1, rise_hi=frame["rise"] + 0.1)


def drawn(name: str, frames: dict[str, pd.DataFrame], *, ax: Any, lang: str) -> Any:
    if name == "skill":
        names = NAMES[lang]
        return plots.plot_skill(frames[name], methods=["a", "b"], names=names, ax=ax, lang=lang)
    title = NAMES[lang][0]
    if name == "places":
        return plots.plot_rise_by_place(frames[name], title=title, ax=ax, lang=lang)
    return plots.plot_reliability(frames[name], base_rate=0.25, title=title, ax=ax, lang=lang)


@pytest.mark.parametrize("name", ["skill", "reliability", "places"])
def test_every_figure_is_drawn_whole_in_both_languages(
    name: str,
    skill: pd.DataFrame,
    bins: pd.DataFrame,
    places: pd.DataFrame,
    lang: str,
    tmp_path: Path,
) -> None:
    frames = {"skill": skill, "reliability": bins, "places": places}
    before = frames[name].copy()
    figure, axes = plots.new_figure(height_cm=plots.height_cm(name))
    assert drawn(name, frames, ax=axes, lang=lang) is axes
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks is a warning
        figure.canvas.draw()
    box, page = figure.get_tightbbox(), figure.bbox_inches
    assert box.x0 >= -0.02
    assert box.y0 >= -0.02
    assert box.x1 <= page.x1 + 0.02
    assert box.y1 <= page.y1 + 0.02
    plots.save_figure(figure, tmp_path / "a.png")
    pd.testing.assert_frame_equal(frames[name], before)


def test_skill_sets_two_methods_side_by_side_and_leaves_gaps(skill: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=6)
    plots.plot_skill(skill, methods=["a", "b"], names=NAMES["en"], ax=axes, lang="en")
    bars, points, other_bars, others = axes.collections
    np.testing.assert_allclose(points.get_offsets(), [[2003.86, 0.2], [2005.86, -0.1]])
    np.testing.assert_allclose(others.get_offsets(), [[2004.14, 0.0], [2005.14, 0.3]])
    np.testing.assert_allclose(bars.get_segments()[0], [[2003.86, 0.0], [2003.86, 0.5]])
    np.testing.assert_allclose(other_bars.get_segments()[1], [[2005.14, 0.1], [2005.14, 0.6]])
    assert [t.get_text() for t in axes.get_legend().get_texts()] == list(NAMES["en"])
    assert [t.get_text() for t in axes.get_xticklabels()] == ["2004", "2005", "2006"]
    assert axes.get_ylim()[1] < 2  # method c is not drawn


def test_one_method_stands_at_its_year(skill: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=6)
    plots.plot_skill(skill, methods=["a"], names=["a"], ax=axes, lang="zh")
    assert axes.collections[1].get_offsets()[0][0] == 2004


def test_reliability_writes_the_number_of_units_at_each_point(bins: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=6)
    plots.plot_reliability(bins, base_rate=0.25, title="x", ax=axes, lang="en")
    assert [t.get_text() for t in axes.texts] == ["base rate 25%", "1,234", "5"]
    np.testing.assert_allclose(axes.collections[1].get_offsets(), [[10, 20], [50, 90]])


def test_rises_are_shown_as_changes_of_the_share(places: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=6)
    plots.plot_rise_by_place(places.iloc[::-1], title="x", ax=axes, lang="en")
    np.testing.assert_allclose(
        axes.collections[1].get_offsets(), [[10, -50], [50, 0], [90, 50]], atol=1e-9
    )


def test_what_cannot_be_drawn_is_refused(skill: pd.DataFrame, bins: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=6)
    with pytest.raises(RenderError, match="no row"):
        plots.plot_skill(skill, methods=["z"], names=["z"], ax=axes, lang="en")
    with pytest.raises(RenderError, match="Language"):
        plots.plot_skill(skill, methods=["a"], names=["a"], ax=axes, lang="fr")
    with pytest.raises(RenderError, match="grew_lo"):
        plots.plot_reliability(
            bins.drop(columns="grew_lo"), base_rate=0.1, title="x", ax=axes, lang="en"
        )
    with pytest.raises(RenderError, match="rise"):
        plots.plot_rise_by_place(bins, title="x", ax=axes, lang="en")
