"""Figures of a corpus: which fields are filled in which years, how sure retrieval is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.style import (
    ACCENT,
    MOST_YEARS,
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
    year_step,
)

HUNDRED = 100.0
MEASURES = {
    "precision": ("查准率", "Precision"),
    "recall": ("查全率（偏高估计）", "Recall (an upper estimate)"),
}


def plot_fields(
    field_years: pd.DataFrame, *, fields: pd.DataFrame, ax: Any, lang: str, last_year: int
) -> Any:
    """Draw the share of documents that have each field, by year, as a heat map.

    The column right of the years is the share over all documents. Years without a document are
    blank.

    Parameters
    ----------
    field_years : DataFrame
        field, year, share (0 to 1).
    fields : DataFrame
        field, label_zh, label_en, share (of all documents): the rows, in their order.
    ax : Axes
    lang : {"zh", "en"}
    last_year : int
        Last complete year; later years are not drawn, nor those before the last 25.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing.
    """
    check_language(lang)
    need(fields, ("field", "label_zh", "label_en", "share"), where="plot_fields")
    need(field_years, ("field", "year", "share"), where="plot_fields")
    recent = field_years[field_years["year"].between(last_year - MOST_YEARS + 1, last_year)]
    need(recent, (), where="plot_fields")
    years = list(range(int(recent["year"].min()), int(recent["year"].max()) + 1))
    wide = recent.pivot_table(index="field", columns="year", values="share", dropna=False)
    wide = wide.reindex(index=fields["field"], columns=years)
    total = fields["share"].to_numpy(dtype=float)[:, np.newaxis]
    gap = np.full_like(total, np.nan)
    values = HUNDRED * np.hstack([wide.to_numpy(dtype=float), gap, total])
    image = ax.imshow(
        np.ma.masked_invalid(values), aspect="auto", cmap=shades(), vmin=0, vmax=HUNDRED,
        interpolation="nearest",
    )  # fmt: skip
    for row, share in enumerate(total[:, 0]):
        text, colour = _per_cent(share), on_colour(image, HUNDRED * share)
        place = len(years) + 1
        ax.text(place, row, text, ha="center", va="center", fontsize=TINY, color=colour)
    step = year_step(len(years))
    ticks = [j for j in range(len(years)) if (len(years) - 1 - j) % step == 0]
    heads = [*(str(years[j]) for j in ticks), pick(lang, "全部", "All")]
    calm(ax, grid="")
    ax.set_xticks([*ticks, len(years) + 1], heads)
    ax.set_xlim(-0.5, len(years) + 2)
    ax.spines[:].set_visible(False)
    ax.set_yticks(np.arange(len(fields) + 1) - 0.5, minor=True)
    ax.grid(which="minor", axis="y", color="white", linewidth=1.2)
    ax.tick_params(which="both", length=0)
    label_rows(ax, range(len(fields)), fields[f"label_{lang}"])
    bar = ax.figure.colorbar(image, ax=ax, fraction=0.03, pad=0.015, aspect=30)
    bar.set_label(pick(lang, "有该字段的文献（%）", "Documents with the field (%)"), size=SMALL)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.outline.set_visible(False)
    return ax


def _per_cent(share: float) -> str:
    """A share without decimals, never a false 0 or 100."""
    if 0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1 else f"{HUNDRED * share:.0f}"


def plot_quality(quality: pd.DataFrame, *, measure: str, ax: Any, lang: str) -> Any:
    """Draw precision or recall of each track, now and before the edits, with 95 % intervals.

    Parameters
    ----------
    quality : DataFrame
        label_zh, label_en and, for the measure and `draft_` before it, the value, `_lo` and `_hi`
        (0 to 1; null where not known: nothing is drawn).
    measure : {"precision", "recall"}
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
    columns = [f"{name}{end}" for name in (measure, f"draft_{measure}") for end in _ENDS]
    need(quality, ("label_zh", "label_en", *columns), where="plot_quality")
    place = np.arange(len(quality))[::-1].astype(float)
    draft, now = pick(lang, "修订前的初稿", "draft, before the edits"), pick(lang, "现行", "now")
    for name, label, shift, colour, fill, wide in (
        (measure, now, 0.17, ACCENT, ACCENT, 1.6),
        (f"draft_{measure}", draft, -0.17, SOFT, "white", 1.0),
    ):
        value, lo, hi = (quality[f"{name}{end}"].to_numpy(dtype=float) for end in _ENDS)
        ax.hlines(place + shift, lo, hi, color=colour, linewidth=wide, zorder=2)
        ax.scatter(
            value, place + shift, s=22, facecolors=fill, edgecolors=colour, linewidths=1.0,
            zorder=3, label=label,
        )  # fmt: skip
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.7, len(quality) - 0.3)
    ax.set_xlabel(pick(lang, *MEASURES[measure]))
    calm(ax, grid="x")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    label_rows(ax, place, quality[f"label_{lang}"])
    ax.legend(
        frameon=False, fontsize=TINY, ncols=2, loc="lower left", bbox_to_anchor=(0, 1),
        borderaxespad=0.1, handletextpad=0.2, columnspacing=1.0,
    )  # fmt: skip
    return ax


_ENDS = ("", "_lo", "_hi")
