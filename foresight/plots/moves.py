"""Small multiples of classes that were moved: series under old symbols, new ones, either."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.style import (
    FAINT,
    INK,
    MOST_YEARS,
    PALETTE,
    RULE,
    SOFT,
    TINY,
    calm,
    check_language,
    need,
    pick,
    wrap,
)

PER = 1000  # shares are drawn per thousand documents with a symbol
HEAD = 1.3  # room above the highest point, for the year of the move
TITLE_COLUMNS = 31  # columns of a panel's title at a quarter of the width of the text
OLD, NEW = PALETTE[1], PALETTE[0]
SERIES = {
    "either": ("任一", "either"),
    "old": ("旧号", "old"),
    "new": ("新号", "new"),
}
MOVES_COLUMNS = 4  # panels side by side
PANEL_CM, LEGEND_CM = 2.75, 1.3


def moves_height_cm(panels: int) -> float:
    """Height of a figure of some panels, four in a row."""
    return LEGEND_CM + PANEL_CM * -(-panels // MOVES_COLUMNS)


def plot_move(
    years: pd.DataFrame,
    *,
    ax: Any,
    lang: str,
    title: str,
    symbols: str,
    moved: int,
    last_year: int,
    until: int | None = None,
) -> Any:
    """Draw one row of the concordance: documents under old symbols, new ones, either, by year.

    Shares per 1,000 documents of the year that carry any symbol, on the panel's own scale. `either`
    is the broad grey line under the other two. A dotted line, with the year, stands at the
    beginning of the year of the move; years beyond the last complete one are shaded.

    Parameters
    ----------
    years : DataFrame
        year, n_old, n_new, n_either, n_classed, of one row.
    ax : Axes
    lang : {"zh", "en"}
    title, symbols : str
        What was moved; from which symbols to which. One line each.
    moved : int
        Year of the edition.
    last_year : int
        Last complete year; later years are not drawn, nor those before the last 25.
    until : int, optional
        Last year of the axis, the same for all panels of a figure; default the later of
        `last_year` and the year of the move.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing.
    """
    check_language(lang)
    columns = ("year", "n_old", "n_new", "n_either", "n_classed")
    need(years, columns, where="plot_move")
    shown = years[years["year"].between(last_year - MOST_YEARS + 1, last_year)]
    shown = shown.sort_values("year")
    need(shown, (), where="plot_move")
    place, total = shown["year"].to_numpy(dtype=int), shown["n_classed"].to_numpy(dtype=float)
    end = max(last_year, moved) if until is None else until
    looks = {
        "either": {"color": RULE, "linewidth": 4.2, "solid_capstyle": "round"},
        "old": {"color": OLD, "linewidth": 1.3, "linestyle": (0, (3, 1.2))},
        "new": {"color": NEW, "linewidth": 1.3},
    }
    for order, (name, look) in enumerate(looks.items()):
        docs = shown[f"n_{name}"].to_numpy(dtype=float)
        share = np.divide(docs, total, out=np.full(len(docs), np.nan), where=total > 0)
        ax.plot(place, PER * share, label=pick(lang, *SERIES[name]), zorder=2 + order, **look)
    if end > last_year:
        ax.axvspan(last_year + 0.5, end + 0.6, color=FAINT, linewidth=0, zorder=0)
    if moved <= end:
        ax.axvline(moved - 0.5, color=INK, linewidth=0.9, linestyle=":", zorder=5)
        ax.annotate(
            str(moved), (moved - 0.5, 1), xycoords=("data", "axes fraction"), xytext=(-2, -1.5),
            textcoords="offset points", ha="right", va="top", fontsize=TINY - 0.5, color=INK,
        )  # fmt: skip
    calm(ax)
    ax.set_ylim(0, HEAD * (PER * np.nanmax(shown["n_either"] / total) or 1))
    ax.set_xlim(place[0] - 0.6, end + 0.6)
    ticks = [year for year in range(int(place[0]), end + 1) if year % 10 == 0]
    ax.set_xticks(ticks, [str(year) for year in ticks])
    ax.locator_params(axis="y", nbins=3)
    ax.tick_params(labelsize=TINY - 1, pad=1.5, length=1.5)
    ax.set_title(
        f"{wrap(title, TITLE_COLUMNS, lines=1)}\n{wrap(symbols, TITLE_COLUMNS, lines=1)}",
        fontsize=TINY - 0.5, loc="left", pad=2.5, color=INK, linespacing=1.05,
    )  # fmt: skip
    return ax


def finish_moves(figure: Any, axes: Any, *, drawn: int, lang: str) -> None:
    """Name the series once above a figure of panels, and the scale beside it; hide what is empty.

    Parameters
    ----------
    figure : Figure
    axes : array of Axes
    drawn : int
        Panels that hold a row; the others are taken away.
    lang : {"zh", "en"}
    """
    check_language(lang)
    flat = list(np.ravel(axes))
    for ax in flat[drawn:]:
        ax.remove()
    handles, labels = flat[0].get_legend_handles_labels()
    figure.legend(
        [handles[1], handles[2], handles[0]], [labels[1], labels[2], labels[0]],
        loc="outside upper left", ncols=3, frameon=False, fontsize=TINY, handlelength=2.4,
    )  # fmt: skip
    figure.supylabel(
        pick(lang, "每千件有分类号文献中的件数", "Per 1,000 documents with a symbol"),
        fontsize=TINY, color=SOFT,
    )  # fmt: skip
