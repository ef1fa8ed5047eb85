"""Figures of a backtest: skill by cut-off, probabilities against outcomes, places against rises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.style import (
    ACCENT,
    PALETTE,
    RULE,
    SMALL,
    SOFT,
    TINY,
    calm,
    check_language,
    need,
    pick,
    year_step,
)

HUNDRED = 100.0
SHIFT = 0.14  # of a year, by which two methods stand apart
RIVAL = PALETTE[2]


def plot_skill(
    skill: pd.DataFrame, *, methods: Sequence[str], names: Sequence[str], ax: Any, lang: str
) -> Any:
    """Draw Spearman's correlation of one or two methods at each cut-off, with 95 % intervals.

    Parameters
    ----------
    skill : DataFrame
        method, cutoff (year), value, lo, hi (-1 to 1; null where not known: nothing is drawn).
    methods : sequence of str
        Of `skill`: the score, and what it is compared with.
    names : sequence of str
        Their names in the legend.
    ax : Axes
    lang : {"zh", "en"}

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing.
    """
    check_language(lang)
    columns = ("method", "cutoff", "value", "lo", "hi")
    need(skill, columns, where="plot_skill")
    shown = skill[skill["method"].isin(methods)]
    need(shown, columns, where="plot_skill")
    ax.axhline(0, color=SOFT, linewidth=0.8, zorder=1)
    looks = (("o", ACCENT, ACCENT), ("s", RIVAL, "white"))
    middle = (len(methods) - 1) / 2
    for number, (method, name) in enumerate(zip(methods, names, strict=True)):
        rows = shown[shown["method"] == method].sort_values("cutoff")
        marker, colour, fill = looks[number]
        x = rows["cutoff"].to_numpy(dtype=float) + 2 * SHIFT * (number - middle)
        value, lo, hi = (rows[part].to_numpy(dtype=float) for part in ("value", "lo", "hi"))
        ax.vlines(x, lo, hi, color=colour, linewidth=1.3, zorder=2)
        ax.scatter(
            x, value, marker=marker, s=24, facecolors=fill, edgecolors=colour, linewidths=1.2,
            zorder=3, label=name,
        )  # fmt: skip
    years = np.arange(shown["cutoff"].min(), shown["cutoff"].max() + 1)
    step = year_step(len(years))
    ticks = [int(year) for year in years if (years[-1] - year) % step == 0]
    calm(ax)
    ax.set_xticks(ticks, [str(year) for year in ticks])
    ax.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    ax.set_xlabel(pick(lang, "截止年", "Cut-off"))
    ax.set_ylabel(pick(lang, "与其后涨幅的秩相关", "Spearman correlation\nwith the rise after"))
    _legend(ax)
    return ax


def plot_reliability(
    bins: pd.DataFrame, *, base_rate: float, title: str, ax: Any, lang: str
) -> Any:
    """Draw what share grew of the units given about the same probability of growth.

    Parameters
    ----------
    bins : DataFrame, one row per bin
        p_mean, grew, grew_lo, grew_hi (0 to 1), n.
    base_rate : float, 0 to 1
        Share of all units that grew.
    title : str
        Name of the method.
    ax : Axes
    lang : {"zh", "en"}

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing.
    """
    check_language(lang)
    need(bins, ("p_mean", "grew", "grew_lo", "grew_hi", "n"), where="plot_reliability")
    p, grew, lo, hi = (
        HUNDRED * bins[name].to_numpy(dtype=float)
        for name in ("p_mean", "grew", "grew_lo", "grew_hi")
    )
    ax.plot([0, HUNDRED], [0, HUNDRED], color=SOFT, linewidth=0.8, zorder=1)
    ax.axhline(HUNDRED * base_rate, color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    ax.annotate(
        pick(lang, f"基准比率 {HUNDRED * base_rate:.0f}%", f"base rate {HUNDRED * base_rate:.0f}%"),
        (HUNDRED, HUNDRED * base_rate), xytext=(0, 2), textcoords="offset points", ha="right",
        va="bottom", fontsize=TINY, color=SOFT,
    )  # fmt: skip
    ax.vlines(p, lo, hi, color=ACCENT, linewidth=1.3, zorder=2)
    ax.scatter(p, grew, s=26, color=ACCENT, zorder=3)
    for x, top, n in zip(p, hi, bins["n"], strict=True):
        ax.annotate(
            f"{int(n):,}", (x, top), xytext=(0, 2), textcoords="offset points", ha="center",
            va="bottom", fontsize=TINY,
        )  # fmt: skip
    ax.set_xlim(-2, 102)
    ax.set_ylim(-2, 110)
    ax.set_xticks(range(0, 101, 20))
    ax.set_yticks(range(0, 101, 20))
    calm(ax, grid="")
    ax.set_xlabel(pick(lang, "增长概率（%）", "Probability of growth (%)"))
    ax.set_ylabel(pick(lang, "实际增长的比例（%）", "Share that grew (%)"))
    ax.set_title(title, fontsize=SMALL, loc="left")
    return ax


def plot_rise_by_place(places: pd.DataFrame, *, title: str, ax: Any, lang: str) -> Any:
    """Draw the change of share of units by the place that a method had given them.

    Parameters
    ----------
    places : DataFrame, one row per group of places
        place_from, place_to (0 = lowest, 1 = highest), rise, rise_lo, rise_hi (natural log of the
        factor by which the share changed), n.
    title : str
        Name of the method.
    ax : Axes
    lang : {"zh", "en"}

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing.
    """
    check_language(lang)
    columns = ("place_from", "place_to", "rise", "rise_lo", "rise_hi", "n")
    need(places, columns, where="plot_rise_by_place")
    rows = places.sort_values("place_from")
    middle = HUNDRED * (rows["place_from"] + rows["place_to"]).to_numpy(dtype=float) / 2
    value, lo, hi = (
        HUNDRED * np.expm1(rows[name].to_numpy(dtype=float))
        for name in ("rise", "rise_lo", "rise_hi")
    )
    ax.axhline(0, color=SOFT, linewidth=0.8, zorder=1)
    ax.plot(middle, value, color=RULE, linewidth=1.0, zorder=2)
    ax.vlines(middle, lo, hi, color=ACCENT, linewidth=1.3, zorder=3)
    ax.scatter(middle, value, s=26, color=ACCENT, zorder=4)
    edges = sorted({*rows["place_from"], *rows["place_to"]})
    calm(ax)
    ax.set_xticks([HUNDRED * edge for edge in edges], [f"{HUNDRED * edge:.0f}" for edge in edges])
    ax.set_xlim(-2, 102)
    ax.set_xlabel(
        pick(lang, "预测名次的百分位（100 为最高）", "Percentile by forecast (100 = highest)")
    )
    ax.set_ylabel(pick(lang, "其后份额的变化（%）", "Change of share after (%)"))
    ax.set_title(title, fontsize=SMALL, loc="left")
    return ax


def _legend(ax: Any) -> None:
    ax.legend(
        frameon=False, fontsize=SMALL, ncols=2, loc="lower left", bbox_to_anchor=(0, 1),
        borderaxespad=0.1, handletextpad=0.2, columnspacing=1.2,
    )  # fmt: skip
