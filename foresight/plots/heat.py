"""Heat maps: units by years or by indicators, with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.style import (
    LABEL_COLUMNS,
    MOST_YEARS,
    ROWS,
    SMALL,
    SOFT,
    TINY,
    calm,
    check_language,
    label_rows,
    need,
    on_colour,
    pick,
    shades,
    wrap,
)

LINE = 10.0  # points: a second line of a label must clear the tick labels
MOST_NUMBERS = 12  # columns up to which every cell has room for its number
HEADS = 84  # columns of text that all heads together have room for
HUNDRED = 100.0


def plot_heat_map(
    values: pd.DataFrame,
    *,
    units: pd.DataFrame,
    ax: Any,
    lang: str,
    measure: tuple[str, str] = ("", ""),
    heads: Mapping[Any, tuple[str, str]] | None = None,
    each_column: bool = False,
    top: int = ROWS["heat_map"],
) -> Any:
    """Draw units against years, or against indicators, as a heat map.

    Up to 12 columns every cell carries its number, beyond that the greatest of its row. A cell
    without a value is hatched: missing is not zero.

    Parameters
    ----------
    values : DataFrame
        unit_id, column (a year, or the name of an indicator), value; one row per cell, in the
        order of the columns for names, in any order for years. Leave out years that are not
        complete; of more than 25 the last are drawn, and the axis says so.
    units : DataFrame
        unit_id, label_zh, label_en; drawn from the top in this order.
    ax : Axes
    lang : {"zh", "en"}
    measure : (Chinese, English)
        What the values are, with their unit; beside the scale of colours.
    heads : mapping from column to (Chinese, English), optional
        Names of columns; default: as they are.
    each_column : bool, default False
        Shade each column from its own lowest to its own highest, for indicators in different units.
    top : int, default 14
        Greatest number of units; the axis says how many there are if there are more.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, a column is missing or no cell has a value.
    """
    check_language(lang)
    need(values, ("unit_id", "column", "value"), where="plot_heat_map")
    need(units, ("unit_id", "label_zh", "label_en"), where="plot_heat_map")
    shown = units.head(top)
    cells = values[values["unit_id"].isin(shown["unit_id"])]
    need(cells[cells["value"].notna()], (), where="plot_heat_map")
    columns, left_out = _columns(cells["column"])
    wide = cells.pivot_table(index="unit_id", columns="column", values="value", dropna=False)
    table = wide.reindex(index=shown["unit_id"], columns=columns).to_numpy(dtype=float)
    if each_column:
        texts = [list(row) for row in zip(*map(_texts, table.T), strict=True)]
        image = heat(ax, _by_column(table), low=0, high=HUNDRED, texts=texts)
    else:
        low, high = min(0.0, float(np.nanmin(table))), float(np.nanmax(table))
        cells_of = _texts(table.ravel()) if len(columns) <= MOST_NUMBERS else _peaks(table)
        texts = np.reshape(cells_of, table.shape).tolist()
        image = heat(ax, table, low=low, high=high if high > low else low + 1.0, texts=texts)
    frame_heat(ax, shown[f"label_{lang}"])
    _name_columns(ax, columns, heads or {}, lang=lang)
    if each_column:
        bar = scale_bar(ax, image, pick(lang, *measure) or pick(lang, *OWN_SCALE))
        bar.set_ticks([0, HUNDRED], labels=[pick(lang, "低", "low"), pick(lang, "高", "high")])
    else:
        scale_bar(ax, image, wrap(pick(lang, *measure), LABEL_COLUMNS))
    if len(units) > len(shown):
        some = f"前 {len(shown)} 个（共 {len(units)} 个）"
        ax.set_ylabel(pick(lang, some, f"First {len(shown)} of {len(units)}"), size=SMALL)
    note_missing(ax, table, lang=lang)
    if left_out:
        years = pick(lang, f"最近 {MOST_YEARS} 年", f"The last {MOST_YEARS} years")
        ax.set_xlabel("  ".join(filter(None, [years, ax.get_xlabel()])), size=SMALL)
        ax.xaxis.set_label_position("bottom")
    return ax


OWN_SCALE = ("各列由最低到最高", "Lowest to highest of each column")


def _columns(names: pd.Series) -> tuple[list[Any], bool]:
    """Years from the first to the last, or names in the order given; whether some are left out."""
    if pd.api.types.is_integer_dtype(names):
        last = int(names.max())
        first = max(int(names.min()), last - MOST_YEARS + 1)
        return list(range(first, last + 1)), first > int(names.min())
    return list(dict.fromkeys(names)), False


def _by_column(table: Any) -> Any:
    low = np.min(table, axis=0, initial=np.inf, where=np.isfinite(table))
    high = np.max(table, axis=0, initial=-np.inf, where=np.isfinite(table))
    span = np.where(high > low, high - low, 1.0)
    return HUNDRED * (table - np.where(np.isfinite(low), low, 0.0)) / span


def _texts(values: Any) -> list[str]:
    """Numbers that are compared with one another, all with as many decimals."""
    known = values[np.isfinite(values)]
    most = float(np.abs(known).max()) if len(known) else 0.0
    whole = bool((known == np.round(known)).all())
    decimals = 0 if whole or most >= HUNDRED else 1 if most >= 10 else 2
    return [f"{value:,.{decimals}f}" if np.isfinite(value) else "" for value in values]


def _peaks(table: Any) -> list[list[str]]:
    """The greatest number of each row, short enough for a narrow cell."""
    texts = [["" for _ in row] for row in table]
    for row, line in zip(table, texts, strict=True):
        if np.isfinite(row).any():
            place = int(np.nanargmax(row))
            line[place] = f"{row[place]:,.0f}" if row[place] >= 10 else f"{row[place]:.1f}"
    return texts


def _name_columns(
    ax: Any, columns: Sequence[Any], heads: Mapping[Any, tuple[str, str]], *, lang: str
) -> None:
    names = [pick(lang, *heads[c]) if c in heads else str(c) for c in columns]
    room = max(4, HEADS // len(columns) - 2)
    # Every year where there is room, else every other, counted from the last.
    step = 2 if len(columns) > HEADS // 6 and all(isinstance(c, int) for c in columns) else 1
    ticks = [j for j in range(len(columns)) if (len(columns) - 1 - j) % step == 0]
    ax.set_xticks(ticks, [wrap(names[j], room, lines=3) for j in ticks])
    for label in ax.get_xticklabels():
        label.set(va="baseline", fontsize=TINY if len(columns) > 4 else SMALL)


def heat(
    ax: Any,
    values: Any,
    *,
    low: float,
    high: float,
    form: str = "",
    texts: Sequence[Sequence[str]] | None = None,
) -> Any:
    """Draw cells with their number; a missing value is hatched.

    Parameters
    ----------
    ax : Axes
    values : array of shape (n_rows, n_columns), NaN where missing
    low, high : float
        Ends of the scale of colours.
    form : str
        Format of the numbers, unless `texts` gives them.
    texts : rows of str, optional

    Returns
    -------
    AxesImage
    """
    from matplotlib.patches import Rectangle

    image = ax.imshow(
        np.ma.masked_invalid(values), aspect="auto", cmap=shades(), vmin=low, vmax=high,
        interpolation="nearest",
    )  # fmt: skip
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if not np.isfinite(value):
                corner = (column - 0.5, row - 0.5)
                cell = Rectangle(corner, 1, 1, facecolor="white", edgecolor=SOFT, hatch="////")
                cell.set_linewidth(0)
                ax.add_patch(cell)
                continue
            text = texts[row][column] if texts else form.format(value)
            colour = on_colour(image, value)
            ax.text(column, row, text, ha="center", va="center", fontsize=SMALL, color=colour)
    return image


def frame_heat(ax: Any, labels: pd.Series, *, columns: int = LABEL_COLUMNS, lines: int = 2) -> None:
    """Labels of the rows, columns named above, white lines between rows, no frame."""
    calm(ax, grid="")
    label_rows(ax, range(len(labels)), labels, columns=columns, lines=lines)
    ax.set_yticks(np.arange(len(labels) + 1) - 0.5, minor=True)
    ax.grid(which="minor", axis="y", color="white", linewidth=1.2)
    ax.tick_params(which="both", length=0)
    ax.xaxis.tick_top()
    ax.spines[:].set_visible(False)


def scale_bar(ax: Any, image: Any, label: str) -> Any:
    """The scale of colours beside a heat map."""
    bar = ax.figure.colorbar(image, ax=ax, fraction=0.03, pad=0.015, aspect=30)
    bar.set_label(label, size=SMALL, labelpad=4 + LINE * label.count("\n"), linespacing=1.4)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.outline.set_visible(False)
    return bar


def note_missing(ax: Any, values: Any, *, lang: str) -> None:
    """Say below a heat map what hatching means, if there is any."""
    if not np.isfinite(values).all():
        ax.set_xlabel(
            pick(lang, "斜线：缺少数据，无法计算", "Hatched: missing, cannot be computed")
        )
        ax.xaxis.set_label_position("bottom")
        ax.xaxis.label.set_size(SMALL)
