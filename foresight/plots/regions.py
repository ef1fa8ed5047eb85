"""Figures of regions: what they are specialised in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.style import (
    ROWS,
    SMALL,
    TINY,
    calm,
    check_language,
    columns_of,
    label_rows,
    need,
    on_colour,
    pick,
    wrap,
)

MOST_REGIONS = 12
HEAD_COLUMNS = 6  # of a name above a column, where there are twelve


def plot_specialisation(
    table: pd.DataFrame,
    *,
    technologies: pd.DataFrame,
    regions: pd.DataFrame,
    ax: Any,
    lang: str,
) -> Any:
    """Draw the specialisation of regions as a heat map of the shrunken symmetric index.

    The number in a cell counts documents; it is underlined where the interval excludes 0. Cells
    of a region or technology without documents are blank.

    Parameters
    ----------
    table : DataFrame
        region, technology, n_docs, rsi_shrunk, rsi_lo, rsi_hi; see
        `foresight.indicators.specialisation.specialisation`.
    technologies : DataFrame
        technology, label_zh, label_en: the rows, in this order, at most 24.
    regions : DataFrame
        region, label_zh, label_en: the columns, in this order, at most 12.
    ax : Axes
    lang : {"zh", "en"}

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, a column is missing or nothing is left to draw.
    """
    check_language(lang)
    columns = ("region", "technology", "n_docs", "rsi_shrunk", "rsi_lo", "rsi_hi")
    need(table, columns, where="plot_specialisation")
    need(technologies, ("technology", f"label_{lang}"), where="plot_specialisation")
    need(regions, ("region", f"label_{lang}"), where="plot_specialisation")
    rows = technologies.head(ROWS["specialisation"])
    heads = regions.head(MOST_REGIONS)
    cells = table[table["technology"].isin(rows["technology"])]
    cells = cells[cells["region"].isin(heads["region"])]
    need(cells, (), where="plot_specialisation")
    values, low, high, docs = (
        cells.pivot(index="technology", columns="region", values=name)
        .reindex(index=rows["technology"], columns=heads["region"])
        .to_numpy(dtype=float)
        for name in ("rsi_shrunk", "rsi_lo", "rsi_hi", "n_docs")
    )
    image = ax.imshow(
        np.ma.masked_invalid(values), aspect="auto", cmap=_poles(), vmin=-1, vmax=1,
        interpolation="nearest",
    )  # fmt: skip
    for row, column in zip(*np.nonzero(np.isfinite(values)), strict=True):
        sure = low[row, column] > 0 or high[row, column] < 0
        ax.text(
            column, row, f"{docs[row, column]:.0f}", ha="center", va="center", fontsize=TINY,
            color=on_colour(image, values[row, column]),
        )  # fmt: skip
        if sure:
            ax.plot(
                [column - 0.22, column + 0.22], [row + 0.33] * 2, linewidth=0.9,
                color=on_colour(image, values[row, column]),
            )  # fmt: skip
    ax.xaxis.tick_top()
    calm(ax, grid="")
    _heads(ax, heads[f"label_{lang}"].tolist(), lang=lang)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    label_rows(ax, range(len(rows)), rows[f"label_{lang}"])
    ax.set_xlabel(
        pick(
            lang,
            "数字为文献数（件）；带下划线者，其 95% 区间不含 0",
            "Numbers count documents; underlined where the 95% interval excludes 0",
        )
    )
    bar = ax.figure.colorbar(image, ax=ax, fraction=0.03, pad=0.015, aspect=30)
    name = pick(
        lang, "专业化指数 RSI（收缩估计，0 为平均）", "Specialisation RSI (shrunk; 0 is average)"
    )
    bar.set_label(name, size=SMALL)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.outline.set_visible(False)
    return ax


def _heads(ax: Any, labels: list[str], *, lang: str) -> None:
    """Names above the columns: Chinese on two lines, long English ones aslant."""
    texts = [wrap(text, HEAD_COLUMNS) if lang == "zh" else str(text) for text in labels]
    ax.set_xticks(range(len(labels)), texts)
    if max(columns_of(line) for text in texts for line in text.split("\n")) > HEAD_COLUMNS:
        for tick in ax.get_xticklabels():
            tick.set(rotation=50, ha="left", rotation_mode="anchor")


def _poles() -> Any:
    """Colour map from orange through near white to blue: told apart by all readers."""
    from matplotlib.colors import LinearSegmentedColormap

    shades_ = ("#8f4b00", "#e69f00", "#f7f5f0", "#6f98c6", "#12305a")
    return LinearSegmentedColormap.from_list("foresight_poles", shades_)
