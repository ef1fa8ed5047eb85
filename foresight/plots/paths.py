"""Figure of a main path: its documents in the order of time, and what each took up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import RenderError
from foresight.plots.style import (
    ACCENT,
    FRAME_CM,
    INK,
    SMALL,
    SOFT,
    TINY,
    calm,
    check_language,
    columns_of,
    need,
    pick,
    wrap,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_ROWS = 48  # documents that have room on a page
ROW_CM = 0.42
LEAST_ROWS = 6
TITLE_COLUMNS = 44  # columns of a title that room is made for; more where there is room anyway
LEAST_COLUMNS = 12  # below, a title says nothing
THIN, THICK = 0.6, 4.2  # points, lines of no weight and of the greatest
APART_CM = 0.22  # between documents of one year: more than the thickest line
AXIS_CM = 11.0  # about what labels leave of the width, for the years
FILLED = 0.8  # of a year, over which its documents stand side by side
TICKS = 11  # years named on the axis, at most
HUNDRED = 100.0
GREY = "#9aa4b0"  # of citations that are not key: half as dark as the accent


def path_height_cm(n_documents: int) -> float:
    """Height of the figure of a main path on paper, by its number of documents.

    Returns
    -------
    float, centimetres
    """
    return FRAME_CM + ROW_CM * max(min(n_documents, MOST_ROWS), LEAST_ROWS)


def plot_main_path(
    nodes: pd.DataFrame, *, arcs: pd.DataFrame, documents: pd.DataFrame, ax: Any, lang: str
) -> Any:
    """Draw a main path: one document a row, the earliest on top, each under what it cites.

    The place from left to right is the year; documents of one year stand side by side within it,
    and a year is drawn wider where they would touch. A line runs down from a document and right to
    one that cites it, as thick as its weight; key citations are dark. So no line crosses a label,
    except one from a document that is the later of the two, which runs left and is dashed.

    Parameters
    ----------
    nodes, arcs : DataFrame
        As `main_path` returns them, of one search.
    documents : DataFrame
        doc_id, author, title; null where not known. Ids that are not on the path are ignored.
    ax : Axes
        Alone in a figure of `path_height_cm`.
    lang : {"zh", "en"}

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown; a column, a row or the time of a document is missing; or there
        are more than 48 documents.
    """
    check_language(lang)
    need(nodes, ("doc_id", "time", "step"), where="plot_main_path")
    need(arcs, ("citing_id", "cited_id", "log_weight", "share", "key"), where="plot_main_path")
    need(documents, ("doc_id", "author", "title"), where="plot_main_path")
    if nodes["time"].isna().any() or len(nodes) > MOST_ROWS:
        msg = (
            f"A main path of {len(nodes)} documents, {int(nodes['time'].isna().sum())} without a "
            f"time, cannot be drawn: at most {MOST_ROWS}, each with its year. Search from fewer "
            "key citations, or fill in the years."
        )
        raise RenderError(msg)
    rows = nodes.sort_values(["time", "step"], kind="stable")
    rows = rows.merge(
        documents[["doc_id", "author", "title"]].drop_duplicates("doc_id"), on="doc_id", how="left"
    )
    years = np.floor(rows["time"].to_numpy(dtype=float)).astype(int)
    middle, x = _places(years)
    y = np.arange(len(rows), dtype=float)
    place = {doc_id: (x[i], y[i]) for i, doc_id in enumerate(rows["doc_id"])}
    _lines(ax, arcs, place, lang=lang)
    key = rows["doc_id"].isin(_ends(arcs[arcs["key"]]))
    ax.scatter(
        x,
        y,
        s=16,
        color=np.where(key, ACCENT, "white"),
        edgecolors=ACCENT,
        linewidths=1.0,
        zorder=4,
    )
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks([])
    calm(ax, grid="x")
    ax.spines["left"].set_visible(False)
    _year_axis(ax, middle, first=int(years.min()), lang=lang)
    _labels(ax, rows, x, y)
    return ax


def _ends(arcs: pd.DataFrame) -> set[Any]:
    return set(arcs["citing_id"]) | set(arcs["cited_id"])


def _places(years: Ints) -> tuple[Floats, Floats]:
    """Middle of every year from first to last on the axis, and place of each document on it.

    The unit is an ordinary year.
    """
    at = years - years.min()
    size = np.bincount(at)
    width = np.maximum(1.0, size * APART_CM / FILLED * len(size) / AXIS_CM)
    middle = np.cumsum(width) - width / 2
    order = pd.Series(years).groupby(years).cumcount().to_numpy()
    within = FILLED * width[at] * ((order + 0.5) / size[at] - 0.5)
    return middle, middle[at] + within


def _lines(
    ax: Any, arcs: pd.DataFrame, place: dict[Any, tuple[float, float]], *, lang: str
) -> None:
    """Citations, the lightest below; how thick a line is, in the legend."""
    from matplotlib.lines import Line2D

    lightest_first = arcs.sort_values("log_weight", kind="stable")
    logs = lightest_first["log_weight"].to_numpy(dtype=float)
    widths = THIN + (THICK - THIN) * np.exp(logs - logs.max())
    for row, width in zip(lightest_first.itertuples(index=False), widths, strict=True):
        (x0, y0), (x1, y1) = place[row.cited_id], place[row.citing_id]
        ax.plot(
            [x0, x0, x1], [y0, y1, y1], color=ACCENT if row.key else GREY, linewidth=width,
            solid_joinstyle="round", solid_capstyle="butt",
            linestyle="-" if x1 >= x0 else (0, (2, 1)), zorder=3 if row.key else 2,
        )  # fmt: skip
    share = float(arcs["share"].max())
    handles, labels = [], []
    for part in (1.0, 0.5):
        handles.append(Line2D([], [], color=GREY, linewidth=THIN + (THICK - THIN) * part))
        percent = HUNDRED * part * share
        labels.append(f"{percent:.0f}%" if percent >= 10 else f"{percent:.2g}%")
    labels[0] += pick(lang, " 的路径经过该引用", " of search paths")
    if arcs["key"].any():
        handles.append(Line2D([], [], color=ACCENT, linewidth=THICK / 2))
        labels.append(pick(lang, "关键引用", "key citation"))
    ax.legend(
        handles, labels, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(handles),
        frameon=False, fontsize=SMALL, borderaxespad=0.2, handlelength=1.6,
    )  # fmt: skip


def _year_axis(ax: Any, middle: Floats, *, first: int, lang: str) -> None:
    """Years named from the last one back, as many as have room."""
    low, high = middle[0] - 0.6, middle[-1] + 0.6
    ticks = [len(middle) - 1]
    for place in range(len(middle) - 2, -1, -1):
        if middle[ticks[-1]] - middle[place] >= (high - low) / TICKS:
            ticks.append(place)
    ax.set_xticks(middle[ticks], [str(first + place) for place in ticks])
    ax.set_xlim(low, high)
    ax.spines["bottom"].set_bounds(low, high)
    wide = bool((np.diff(middle) > 1.0).any())
    ax.set_xlabel(
        pick(
            lang,
            f"年份{'（文献多的年份较宽）' if wide else ''}；每行一件文献；"
            "线自被引文献向下，再向右至引用文献",
            f"Year{' (busy years are wider)' if wide else ''}; one document a row; lines run down "
            "from the cited document, right to the citing",
        ),
        loc="left",
    )


def _labels(ax: Any, rows: pd.DataFrame, x: Any, y: Any) -> None:
    """Author and year, then the title, right of each document; the axis makes room for them."""
    figure = ax.figure
    figure.canvas.draw()  # settles the layout, so that widths can be compared
    width, dpi = ax.get_window_extent().width, figure.dpi
    low, high = ax.get_xlim()
    heads = [_head(row) for row in rows.itertuples(index=False)]
    head_width = [_width(ax, head, SMALL) for head in heads]
    letter = _width(ax, "路" * 20, TINY) / 40
    gap = 5.0 * dpi / 72
    titles = ["" if pd.isna(title) else str(title) for title in rows["title"]]
    wanted = [min(columns_of(title), TITLE_COLUMNS) * letter for title in titles]
    room = np.array([h + w + 3 * gap for h, w in zip(head_width, wanted, strict=True)])
    # A title may take up to half the width; the axis ends where the longest label still fits.
    share = np.minimum(room / width, 0.55)
    end = max(high, float((low + (x - low) / (1 - share)).max()))
    ax.set_xlim(low, end)
    scale = width / (end - low)
    for i, head in enumerate(heads):
        _text(ax, head, (x[i], y[i]), gap / dpi * 72, SMALL, INK)
        left = width - (x[i] - low) * scale - head_width[i] - 3 * gap
        columns = int(left / letter)
        if titles[i] and columns >= LEAST_COLUMNS:
            title = _fitted(ax, titles[i], columns, left)
            _text(ax, title, (x[i], y[i]), (2 * gap + head_width[i]) / dpi * 72, TINY, SOFT)


def _head(row: Any) -> str:
    year = str(int(np.floor(row.time)))
    return year if pd.isna(row.author) else f"{wrap(row.author, 18, lines=1)} {year}"


def _fitted(ax: Any, title: str, columns: int, room: float) -> str:
    """A title cut until it fits a width."""
    text = wrap(title, columns, lines=1)
    while columns > LEAST_COLUMNS and _width(ax, text, TINY) > room:
        columns -= 1
        text = wrap(title, columns, lines=1)
    return text


def _width(ax: Any, text: str, size: float) -> float:
    """Width of a text on the canvas, in dots."""
    probe = ax.text(0, 0, text, fontsize=size)
    extent = float(probe.get_window_extent().width)
    probe.remove()
    return extent


def _text(
    ax: Any, text: str, spot: tuple[float, float], offset: float, size: float, colour: str
) -> None:
    ax.annotate(
        text, spot, xytext=(offset, 0), textcoords="offset points", fontsize=size, color=colour,
        va="center", ha="left", zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
    )  # fmt: skip
