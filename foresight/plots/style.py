"""What all figures share: size, type, colours that differ in grey too, labels, and saving."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from foresight.errors import RenderError
from foresight.plots.fonts import use_fonts
from foresight.provenance import atomic_path
from foresight.settings import LANGUAGES

HEIGHT_CM = {
    "share": 7.0,
    "topic_map": 8.2,
    "topic_flows": 9.0,
    "s_curve": 8.0,
    "nowcast": 7.0,
    "themes": 11.0,
    "years": 4.6,
    "skill": 5.8,
    "reliability": 6.4,
    "places": 5.6,
}
"""Heights of figures without rows, at the full width of the text."""
ROWS = {
    "ranking": 14,
    "components": 14,
    "topic_years": 14,
    "organisations": 15,
    "board": 24,
    "bursts": 14,
    "specialisation": 24,
    "heat_map": 14,
    "fields": 24,
    "quality": 24,
}
"""Greatest number of rows that a figure shows."""
FRAME_CM = 1.9  # axis, heads and legend of a figure of rows
ROW_CM = (0.47, 0.6)  # height of a row, where every label has one line, or some have two
LEAST_CM = {
    "ranking": 3.6,
    "components": 4.4,
    "topic_years": 4.8,
    "organisations": 3.6,
    "board": 6.0,
    "bursts": 4.8,
    "specialisation": 6.0,
    "heat_map": 4.8,
    "fields": 4.8,
    "quality": 4.8,
}
"""Below this the name of the scale beside the rows has no room."""
LABEL_COLUMNS = 36  # columns of a label beside an axis
WIDTH_CM = 16.6  # the width of the text on an A4 page
INCH_CM = 2.54
DPI = 200
TINY, SMALL = 7.0, 8.0  # points, at full width on paper
MOST_YEARS = 25  # years on an axis: before, counts are so low that intervals hide the rest
FEW_YEARS = 14  # up to here every year is on the axis, beyond every other or fifth

INK, SOFT, RULE, FAINT = "#1c2430", "#59636f", "#c9d0d8", "#eef1f5"
ACCENT = "#1f4068"
# Okabe and Ito (2008), ordered so that neighbours differ in lightness as well as in hue. Their
# yellow cannot be seen on white paper; a dark red of Tol's stands for it.
PALETTE = (
    "#0072b2",
    "#e69f00",
    "#d55e00",
    "#56b4e9",
    "#000000",
    "#009e73",
    "#882255",
    "#cc79a7",
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "h", "<", ">", "*")
SHADES = ("#f3f6fa", "#b9cde3", "#6f98c6", "#2f6098", "#12305a")  # even steps of lightness


def topic_look(place: int) -> tuple[str, str]:
    """Colour and marker of a topic, from its number: no pair repeats within 24 topics."""
    return PALETTE[place % len(PALETTE)], MARKERS[(place + place // len(PALETTE)) % len(MARKERS)]


def height_cm(name: str, *, rows: int | None = None, labels: Iterable[Any] = ()) -> float:
    """Height of a figure on paper, lower where it has few rows.

    Parameters
    ----------
    name : str
        A key of `HEIGHT_CM` or `ROWS`.
    rows : int, optional
        Rows that will be drawn; `None` for all that there is room for.
    labels : texts
        Names of the rows; if one needs two lines, all rows are higher.

    Returns
    -------
    float, centimetres
    """
    if name in HEIGHT_CM:
        return HEIGHT_CM[name]
    shown = ROWS[name] if rows is None else min(rows, ROWS[name])
    high = any("\n" in wrap(label, LABEL_COLUMNS) for label in labels)
    return max(LEAST_CM[name], FRAME_CM + shown * ROW_CM[high])


def new_figure(
    *, height_cm: float, width_cm: float = WIDTH_CM, rows: int = 1, columns: int = 1
) -> tuple[Any, Any]:
    """Make a figure with our fonts, and its axes.

    Parameters
    ----------
    height_cm, width_cm : float, centimetres on paper
    rows, columns : int
        Grid of axes.

    Returns
    -------
    figure, and one Axes for a grid of one, otherwise an array of shape (rows, columns)
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    use_fonts()
    size = (width_cm / INCH_CM, height_cm / INCH_CM)
    figure = Figure(figsize=size, dpi=DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=rows * columns == 1)
    return figure, axes


def save_figure(figure: Any, path: Path) -> Path:
    """Save a figure as PNG, atomically, and let go of its memory.

    The file has 200 dots per inch, says so, and carries neither date nor name of a program: the
    same figure gives the same bytes.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    RenderError
        If `path` does not end in `.png`.
    """
    if path.suffix != ".png":
        msg = f"Figures are saved as PNG, got the name {path.name}. End it in .png."
        raise RenderError(msg)
    with atomic_path(path) as part:
        figure.savefig(part, format="png", dpi=DPI, metadata={"Software": None}, facecolor="white")
    figure.clear()
    return path


def pick(lang: str, zh: str, en: str) -> str:
    """The text in a language."""
    return zh if lang == "zh" else en


def check_language(lang: str) -> None:
    """Check that a language is one of those that briefs are written in.

    Raises
    ------
    RenderError
        If it is not.
    """
    if lang not in LANGUAGES:
        msg = f"Language {lang!r} is not available. Choose from: {', '.join(LANGUAGES)}."
        raise RenderError(msg)


def need(frame: pd.DataFrame, columns: tuple[str, ...], *, where: str) -> None:
    """Check that a table can be drawn.

    Raises
    ------
    RenderError
        If a column is missing or there is no row.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        have = ", ".join(map(str, frame.columns))
        msg = f"{where} needs the column(s) {', '.join(missing)}; the table has {have}."
        raise RenderError(msg)
    if frame.empty:
        msg = f"{where} has no row to draw. Leave the figure out where the table is empty."
        raise RenderError(msg)


def columns_of(text: str) -> int:
    """Columns that a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text)


def shades() -> Any:
    """Colour map from near white to dark blue: the order holds in grey and for all readers."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("foresight", SHADES)


def wrap(text: Any, columns: int, *, lines: int = 2) -> str:
    """A label on at most `lines` even lines of `columns` columns; a longer one ends in `…`."""
    pieces = re.findall(r"[\u2e80-\uffdc\U00020000-\U0003ffff]|[^\s\u2e80-\uffdc]+|\s+", str(text))
    rows = _rows(pieces, columns)
    if len(rows) > lines:
        kept = rows[lines - 1]
        if columns_of(kept) >= columns:
            before = kept.rpartition(" ")[0]
            kept = before if 2 * columns_of(before) >= columns else kept[:-1]
        return "\n".join([*rows[: lines - 1], kept.rstrip() + "…"])
    even = columns
    while even > 1 and len(_rows(pieces, even - 1)) == len(rows):
        even -= 1
    return "\n".join(_rows(pieces, even) if len(rows) > 1 else rows)


def _rows(pieces: list[str], columns: int) -> list[str]:
    rows = [""]
    for piece in pieces:
        part = " " if piece.isspace() else piece
        while columns_of((rows[-1] + part).strip()) > columns:
            if not rows[-1].strip():
                rows[-1], part = part[:columns], part[columns:]
            rows.append("")
        rows[-1] += part
    return [row.strip() for row in rows if row.strip()]


def label_rows(
    ax: Any, place: Any, texts: Iterable[Any], *, columns: int = LABEL_COLUMNS, lines: int = 2
) -> None:
    """Label the rows of a figure; a label of two lines is set smaller and closer."""
    labels = [wrap(text, columns, lines=lines) for text in texts]
    ax.set_yticks(place, labels)
    for tick, label in zip(ax.get_yticklabels(), labels, strict=True):
        if "\n" in label:
            tick.set(fontsize=TINY, linespacing=0.95)


def calm(ax: Any, *, grid: str = "y") -> None:
    """Thin grey frame, small ticks, a faint grid along one axis (`x`, `y`, or `` for none)."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(SOFT)
        ax.spines[side].set_linewidth(0.6)
    ax.tick_params(labelsize=SMALL, length=2.5, width=0.6, color=SOFT, labelcolor=INK)
    ax.xaxis.label.set_size(SMALL)
    ax.yaxis.label.set_size(SMALL)
    if grid:
        ax.grid(axis=grid, color=RULE, linewidth=0.5, zorder=0)
        ax.set_axisbelow(True)


def year_step(n_years: int) -> int:
    """Years from one label of an axis to the next."""
    return 1 if n_years <= FEW_YEARS else 2 if n_years <= 2 * FEW_YEARS else 5


def on_colour(image: Any, value: float) -> str:
    """Black or white, whichever reads better on a cell of a heat map."""
    red, green, blue, _ = image.cmap(image.norm(value))
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "black" if light > 0.5 else "white"
