"""Figures over time: the share of a track, the documents of its topics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.intervals import wilson
from foresight.plots.style import (
    ACCENT,
    MOST_YEARS,
    PALETTE,
    ROWS,
    SMALL,
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

PER = 1000  # shares are drawn per thousand documents of the corpus
MOST_BARS = 60  # years of a corpus that have room for a bar each
WHOLE_INTERVALS = 10  # years, the last ones, whose intervals are never cut


def plot_share(track_years: pd.DataFrame, *, ax: Any, lang: str, last_year: int) -> Any:
    """Draw a track's yearly share of the corpus, with its documents below.

    The line is documents of the track per 1,000 documents of the corpus, the band Wilson's 95 %
    interval. Years without a document of the corpus have no share and are left open.

    Parameters
    ----------
    track_years : DataFrame
        year, n_docs, n_corpus, n_patents, n_papers.
    ax : Axes
        One of a grid, as `new_figure` makes it. It is divided: the counts stand below.
    lang : {"zh", "en"}
    last_year : int
        Last complete year; later rows are not drawn, nor those before the last 25 years. The
        label of the axis says so.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, a column is missing or no year is left.
    """
    check_language(lang)
    columns = ("year", "n_docs", "n_corpus", "n_patents", "n_papers")
    frame = track_years[track_years["year"] <= last_year] if "year" in track_years else track_years
    need(frame, columns, where="plot_share")
    whole = frame
    frame = frame[frame["year"] > last_year - MOST_YEARS].sort_values("year")
    need(frame, (), where="plot_share")
    years = frame["year"].to_numpy(dtype=int)
    docs, corpus = frame["n_docs"].to_numpy(dtype=float), frame["n_corpus"].to_numpy(dtype=float)
    share = np.divide(docs, corpus, out=np.full(len(docs), np.nan), where=corpus > 0)
    lo, hi = wilson(docs, corpus)
    top = _top(share, hi)
    band = pick(lang, "95% 置信区间（Wilson）", "95% interval (Wilson)")
    if top < np.nanmax(hi):
        band += pick(lang, "，上端截断", ", cut at the top")
    ax.fill_between(years, PER * lo, PER * hi, color=ACCENT, alpha=0.18, linewidth=0, label=band)
    line = pick(lang, "占语料份额", "Share of the corpus")
    ax.plot(years, PER * share, color=ACCENT, marker="o", markersize=3, linewidth=1.4, label=line)
    ax.set_ylabel(pick(lang, "每千件文献中的件数", "Per 1,000 documents"))
    ax.set_ylim(0, 1.04 * PER * top)
    calm(ax)
    ax.tick_params(labelbottom=False)
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(
        handles[::-1], labels[::-1], frameon=False, fontsize=SMALL, ncols=2,
        loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2,
    )  # fmt: skip

    halves = ax.get_subplotspec().subgridspec(2, 1, height_ratios=(3, 1), hspace=0.02)
    ax.set_subplotspec(halves[0])
    below = ax.figure.add_subplot(halves[1], sharex=ax)
    _bars(below, frame, years=years, lang=lang)
    below.set_xlabel(_years_label(frame, whole, lang=lang))
    return ax


def _years_label(shown: pd.DataFrame, whole: pd.DataFrame, *, lang: str) -> str:
    if len(shown) == len(whole):
        return pick(lang, "年份（仅完整年度）", "Year (complete years only)")
    return pick(
        lang,
        f"年份（仅完整年度，最近 {MOST_YEARS} 年；更早年份见 track_years.csv）",
        f"Year (complete years only, the last {MOST_YEARS}; earlier ones in track_years.csv)",
    )


def _top(share: Any, hi: Any) -> float:
    """Top of the axis: all shares and the last ten intervals; wider ones before are cut."""
    most = float(np.nanmax(hi)) if np.isfinite(hi).any() else 1.0
    peak = float(np.nanmax(share)) if np.isfinite(share).any() else 0.0
    recent = hi[-WHOLE_INTERVALS:]
    recent = float(np.nanmax(recent)) if np.isfinite(recent).any() else 0.0
    return min(most, max(1.3 * peak, recent)) or most


def _bars(ax: Any, frame: pd.DataFrame, *, years: Any, lang: str) -> None:
    base = np.zeros(len(years))
    kinds = [
        ("n_patents", pick(lang, "专利", "Patents"), PALETTE[0], ""),
        ("n_papers", pick(lang, "论文", "Papers"), PALETTE[1], "////"),
    ]
    drawn = [kind for kind in kinds if frame[kind[0]].sum() > 0]
    for name, label, colour, hatch in drawn:
        counts = frame[name].to_numpy(dtype=float)
        ax.bar(
            years, counts, bottom=base, width=0.72, color=colour, hatch=hatch,
            edgecolor="white", linewidth=0.3, label=label,
        )  # fmt: skip
        base += counts
    calm(ax)
    single = drawn[0][1] if len(drawn) == 1 else pick(lang, "文献", "Documents")
    unit = pick(lang, "（件）", "")
    ax.set_ylabel(f"{single}{unit}")
    _year_ticks(ax, years)
    if len(drawn) > 1:
        ax.legend(frameon=False, fontsize=SMALL, loc="upper left", ncols=2)


def _year_ticks(ax: Any, years: Any) -> None:
    first, last = int(years.min()), int(years.max())
    step = year_step(last - first + 1)
    ticks = [year for year in range(first, last + 1) if (last - year) % step == 0]
    ax.set_xticks(ticks, [str(year) for year in ticks])
    ax.set_xlim(first - 0.7, last + 0.7)


def plot_years(years: pd.DataFrame, *, ax: Any, lang: str, last_year: int) -> Any:
    """Draw the documents of a corpus by year of publication, patents and papers on each other.

    Parameters
    ----------
    years : DataFrame
        year, n_docs, n_patents, n_papers.
    ax : Axes
    lang : {"zh", "en"}
    last_year : int
        Last complete year; later years are not drawn, nor those before the last 60. The label of
        the axis says so.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing.
    """
    check_language(lang)
    need(years, ("year", "n_docs", "n_patents", "n_papers"), where="plot_years")
    complete = years[years["year"] <= last_year]
    shown = complete[complete["year"] > last_year - MOST_BARS].sort_values("year")
    need(shown, (), where="plot_years")
    _bars(ax, shown, years=shown["year"].to_numpy(dtype=int), lang=lang)
    label = pick(lang, "公开年份（仅完整年度", "Year of publication (complete years only")
    if len(shown) < len(complete):
        label += pick(lang, f"，最近 {MOST_BARS} 年", f", the last {MOST_BARS}")
    ax.set_xlabel(label + pick(lang, "）", ")"))
    return ax


def plot_topic_years(
    topic_years: pd.DataFrame, *, topics: pd.DataFrame, ax: Any, lang: str, last_year: int
) -> Any:
    """Draw the share of each topic by year as a heat map, the largest topics first.

    A cell is the topic's documents per 1,000 documents of the corpus; years without a document of
    the corpus are blank.

    Parameters
    ----------
    topic_years : DataFrame, table `TOPIC_YEARS`
    topics : DataFrame
        topic_id, label_zh, label_en, n_docs. At most 14 topics are drawn; the label of the axis
        says how many there are.
    ax : Axes
    lang : {"zh", "en"}
    last_year : int
        Last complete year; later rows are not drawn, nor those before the last 25.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing.
    """
    check_language(lang)
    need(topics, ("topic_id", "label_zh", "label_en", "n_docs"), where="plot_topic_years")
    need(topic_years, ("topic_id", "year", "n_docs", "n_corpus"), where="plot_topic_years")
    shown = topics.sort_values(["n_docs", "topic_id"], ascending=[False, True]).head(
        ROWS["topic_years"]
    )
    recent = topic_years[topic_years["year"].between(last_year - MOST_YEARS + 1, last_year)]
    recent = recent[recent["topic_id"].isin(shown["topic_id"])]
    need(recent, (), where="plot_topic_years")
    share = PER * recent["n_docs"] / recent["n_corpus"].where(recent["n_corpus"] > 0)
    wide = recent.assign(share=share.astype(float)).pivot_table(
        index="topic_id", columns="year", values="share", dropna=False
    )
    years = list(range(int(recent["year"].min()), int(recent["year"].max()) + 1))
    wide = wide.reindex(index=shown["topic_id"], columns=years)
    values = wide.to_numpy(dtype=float)
    image = ax.imshow(
        np.ma.masked_invalid(values),
        aspect="auto",
        cmap=shades(),
        vmin=0,
        interpolation="nearest",
    )
    step = year_step(len(years))
    ticks = [j for j in range(len(years)) if (len(years) - 1 - j) % step == 0]
    ax.set_xticks(ticks, [str(years[j]) for j in ticks])
    calm(ax, grid="")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    label_rows(ax, range(len(shown)), shown[f"label_{lang}"])
    _peaks(ax, image, values)
    if len(topics) > len(shown):
        some = f"文献最多的 {len(shown)} 个主题（共 {len(topics)} 个）"
        ax.set_ylabel(pick(lang, some, f"{len(shown)} largest of {len(topics)} topics"))
    bar = ax.figure.colorbar(image, ax=ax, fraction=0.03, pad=0.015, aspect=30)
    bar.set_label(pick(lang, "每千件文献中的件数", "Per 1,000 documents"), size=SMALL)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.outline.set_visible(False)
    return ax


def _peaks(ax: Any, image: Any, values: Any) -> None:
    """Write the greatest share of each topic into its cell: legible without colour."""
    for row, line in enumerate(values):
        if np.isfinite(line).any() and np.nanmax(line) > 0:
            place = int(np.nanargmax(line))
            colour = on_colour(image, line[place])
            text = f"{line[place]:.1f}"
            ax.text(place, row, text, ha="center", va="center", fontsize=TINY, color=colour)
