"""Strategic diagram of themes: centrality against density."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.placement import place_labels
from foresight.plots.style import (
    ACCENT,
    RULE,
    SMALL,
    SOFT,
    TINY,
    calm,
    check_language,
    need,
    pick,
    wrap,
)

MOST_THEMES = 14  # labels that find room
CERTAIN = 0.8  # share of draws in its quadrant from which a theme is drawn filled
QUADRANTS = (  # x, y, name
    (1, 1, ("核心主题", "Motor themes")),
    (0, 1, ("高度专门化主题", "Niche themes")),
    (0, 0, ("新兴或衰退主题", "Emerging or declining")),
    (1, 0, ("基础与横断主题", "Basic and transversal")),
)


def plot_themes(themes: pd.DataFrame, *, ax: Any, lang: str, top: int = MOST_THEMES) -> Any:
    """Draw themes by how tied they are to others and how tight they are themselves.

    The lines are the medians of all themes. The area of a disc is the number of documents; it is
    filled where the theme stays in its quadrant in at least 80 % of bootstrap samples of the
    documents. Thin bars are 95 % intervals.

    Parameters
    ----------
    themes : DataFrame
        label_zh, label_en and the columns of `foresight.indicators.thematic.thematic_map`: those
        drawn are centrality, density (each with _lo, _hi), p_quadrant, n_docs. Themes without
        either number are left out and counted in the label of the axis.
    ax : Axes
    lang : {"zh", "en"}
    top : int, default 14
        Greatest number of themes, the largest; the axis says how many there are if there are more.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, a column is missing or no theme has both numbers.
    """
    check_language(lang)
    spans = ("centrality_lo", "centrality_hi", "density_lo", "density_hi")
    columns = ("label_zh", "label_en", "centrality", "density", *spans, "p_quadrant", "n_docs")
    need(themes, columns, where="plot_themes")
    known = themes[themes["centrality"].notna() & themes["density"].notna()]
    need(known, (), where="plot_themes")
    shown = known.sort_values("n_docs", ascending=False, kind="stable").head(top)
    x, y = (shown[name].to_numpy(dtype=float) for name in ("centrality", "density"))
    middle = (float(known["centrality"].median()), float(known["density"].median()))
    _limits(ax, shown, middle)
    ax.axvline(middle[0], color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    ax.axhline(middle[1], color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    lo = shown[["centrality_lo", "density_lo"]].to_numpy(dtype=float)
    hi = shown[["centrality_hi", "density_hi"]].to_numpy(dtype=float)
    ax.hlines(y, lo[:, 0], hi[:, 0], color=RULE, linewidth=0.8, zorder=1.5)
    ax.vlines(x, lo[:, 1], hi[:, 1], color=RULE, linewidth=0.8, zorder=1.5)
    docs = shown["n_docs"].to_numpy(dtype=float)
    radii = 2.5 + 7.0 * np.sqrt(docs / docs.max())
    sure = np.nan_to_num(shown["p_quadrant"].to_numpy(dtype=float)) >= CERTAIN
    ax.scatter(
        x, y, s=(2 * radii) ** 2, facecolors=[ACCENT if s else "white" for s in sure],
        edgecolors=ACCENT, linewidths=1.2, zorder=3,
    )  # fmt: skip
    corners = _corners(ax, lang=lang)
    calm(ax, grid="")
    _name_axes(ax, themes, shown, lang=lang)
    labels = [wrap(text, 26) for text in shown[f"label_{lang}"]]
    place_labels(ax, np.column_stack([x, y]), texts=labels, radii=radii, obstacles=corners)
    return ax


def _limits(ax: Any, shown: pd.DataFrame, middle: tuple[float, float]) -> None:
    """Limits that hold the points with room for labels, not every end of an interval."""
    for name, centre, set_limits in (
        ("centrality", middle[0], ax.set_xlim),
        ("density", middle[1], ax.set_ylim),
    ):
        values = np.append(shown[name].to_numpy(dtype=float), centre)
        span = float(np.ptp(values)) or abs(centre) or 1.0
        set_limits(values.min() - 0.16 * span, values.max() + 0.16 * span)


def _corners(ax: Any, *, lang: str) -> list[Any]:
    """Name the quadrants."""
    from matplotlib.patheffects import withStroke

    return [
        ax.text(
            0.012 + 0.976 * x, 0.015 + 0.97 * y, pick(lang, *name), transform=ax.transAxes,
            ha="right" if x else "left", va="top" if y else "bottom", fontsize=SMALL, color=SOFT,
            zorder=2, path_effects=[withStroke(linewidth=1.5, foreground="white")],
        )
        for x, y, name in QUADRANTS
    ]  # fmt: skip


def _name_axes(ax: Any, themes: pd.DataFrame, shown: pd.DataFrame, *, lang: str) -> None:
    note = pick(
        lang,
        "圆面积：文献数；实心：80% 自助样本中象限不变；细线：95% 区间（框外截断）；虚线：中位数",
        "Area: documents; filled: same quadrant in 80% of bootstrap samples; "
        "bars: 95% intervals, cut at the frame; dashes: medians",
    )
    if len(shown) < len(themes):
        some = f"；图示 {len(shown)} 个主题（共 {len(themes)} 个）"
        note += pick(lang, some, f"; {len(shown)} of {len(themes)} themes")
    ax.set_xlabel(pick(lang, "中心度（与其他主题的联系）", "Centrality (ties to other themes)"))
    ax.set_ylabel(pick(lang, "密度（主题内部的联系）", "Density (ties within the theme)"))
    ax.annotate(
        note, (0.0, 1.0), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
        ha="left", va="bottom", fontsize=TINY, color=SOFT,
    )  # fmt: skip
