"""Figures of trends: bursts, growth curves, counts completed for what is not public yet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.style import (
    ACCENT,
    FAINT,
    INK,
    MOST_YEARS,
    PALETTE,
    ROWS,
    RULE,
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
)

YEAR_CM = 0.42  # of a year on the axis of bursts, at full width
DIGIT_CM = 0.15
STAGE_NAMES = {
    "emerging": ("萌芽期", "emerging"),
    "growing": ("成长期", "growing"),
    "maturing": ("成熟期", "maturing"),
    "saturated": ("饱和期", "saturated"),
}
REASON_NAMES = {
    "too_few_documents": ("文献太少", "too few documents"),
    "too_few_years": ("年份太少", "too few years"),
    "unbounded": (
        "指数增长同样符合，饱和值没有上界",
        "exponential growth fits as well: no upper bound",
    ),
    "late_record": (
        "指数下降同样符合，记录之前的情况未知",
        "exponential decline fits as well: what came before the record is unknown",
    ),
}
CURVE_NAMES = {"logistic": ("Logistic 曲线", "Logistic"), "gompertz": ("Gompertz 曲线", "Gompertz")}


def _years(ax: Any, first: int, last: int) -> None:
    step = 1 if last - first < 14 else 2 if last - first < 28 else 5
    ticks = [year for year in range(first, last + 1) if (last - year) % step == 0]
    ax.set_xticks(ticks, [str(year) for year in ticks])
    ax.set_xlim(first - 0.7, last + 0.7)


def plot_bursts(
    bursts: pd.DataFrame,
    *,
    topics: pd.DataFrame,
    ax: Any,
    lang: str,
    last_year: int,
    top: int = ROWS["bursts"],
) -> Any:
    """Draw the bursts of topics as bars over the years, the latest first.

    The number in a bar counts the topic's documents in the burst, the shade is its weight; a bar
    that ends in an arrow is not over. Bursts that ended more than 25 years ago are not drawn.

    Parameters
    ----------
    bursts : DataFrame
        topic_id, start, end, weight, n_docs, ongoing; see `foresight.indicators.burst.bursts`.
    topics : DataFrame
        topic_id, label_zh, label_en. Those without a burst are counted in the label of the axis.
    ax : Axes
    lang : {"zh", "en"}
    last_year : int
        Last complete year.
    top : int, default 14
        Greatest number of topics, those whose last burst is the latest, then the weightiest.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, a column is missing or no burst lies in the last 25 years.
    """
    check_language(lang)
    columns = ("topic_id", "start", "end", "weight", "n_docs", "ongoing")
    need(bursts, columns, where="plot_bursts")
    need(topics, ("topic_id", "label_zh", "label_en"), where="plot_bursts")
    first = last_year - MOST_YEARS + 1
    shown = bursts[(bursts["end"] >= first) & bursts["topic_id"].isin(topics["topic_id"])]
    need(shown, (), where="plot_bursts")
    order = shown.groupby("topic_id").agg(end=("end", "max"), weight=("weight", "max"))
    order = order.reset_index().sort_values(
        ["end", "weight", "topic_id"], ascending=[False, False, True]
    )
    ids = order["topic_id"].head(top).tolist()
    shown = shown[shown["topic_id"].isin(ids)]
    place = {topic: len(ids) - 1 - row for row, topic in enumerate(ids)}
    first = max(first, int(shown["start"].min()) - 1)
    image = _shade(shown["weight"])
    for y in place.values():
        ax.plot([first - 0.5, last_year + 0.5], [y, y], color=RULE, linewidth=0.8, zorder=1)
    for burst in shown.itertuples(index=False):
        _bar(ax, burst, place[burst.topic_id], first=first, image=image)
    names = topics.set_index("topic_id")[f"label_{lang}"]
    label_rows(ax, list(place.values()), [names[topic] for topic in ids])
    ax.set_ylim(-0.7, len(ids) - 0.3)
    calm(ax, grid="x")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    _years(ax, first, last_year)
    some = f"条内为文献数；{len(topics)} 个主题中，有突现者 {len(order)} 个，图示 {len(ids)} 个"
    many = (
        f"In bars: documents. Of {len(topics)} topics {len(order)} have a burst, {len(ids)} drawn"
    )
    ax.set_xlabel(pick(lang, f"年份（仅完整年度）。{some}", f"Year (complete years only). {many}"))
    bar = ax.figure.colorbar(image, ax=ax, fraction=0.03, pad=0.015, aspect=30)
    bar.set_label(pick(lang, "突现强度（对数似然比）", "Weight (log likelihood ratio)"), size=SMALL)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.outline.set_visible(False)
    return ax


def _shade(weight: pd.Series) -> Any:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    most = float(weight.max())
    return ScalarMappable(Normalize(0.0, most if most > 0 else 1.0), shades())


def _bar(ax: Any, burst: Any, y: int, *, first: int, image: Any) -> None:
    """One burst; its number where the bar has room, its arrow where it goes on."""
    from matplotlib.patches import Polygon

    left, right = max(burst.start, first) - 0.42, burst.end + 0.42
    low, high = y - 0.31, y + 0.31
    tip = [(right + 0.26, y)] if burst.ongoing else []
    shape = [(left, low), (right, low), *tip, (right, high), (left, high)]
    colour = image.to_rgba(burst.weight)
    ax.add_patch(Polygon(shape, facecolor=colour, edgecolor=SOFT, linewidth=0.5, zorder=2))
    text = f"{int(burst.n_docs)}"
    if len(text) * DIGIT_CM <= (right - left) * YEAR_CM:
        ink = on_colour(image, burst.weight)
        ax.text(
            (left + right) / 2,
            y,
            text,
            ha="center",
            va="center",
            fontsize=TINY,
            color=ink,
            zorder=3,
        )


def plot_s_curve(curve: pd.DataFrame, *, fit: pd.Series, ax: Any, lang: str) -> Any:
    """Draw cumulated documents, the growth curve fitted to them and its band.

    Beyond the last year the curve is broken. Where there is no stage only the documents are
    drawn, with the reason.

    Parameters
    ----------
    curve : DataFrame
        year, observed, fitted, fitted_lo, fitted_hi; see `foresight.indicators.life_cycle.s_curve`.
    fit : Series
        stage, reason, curve, progress, duration with `_lo` and `_hi`; a row of `life_cycles`.
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
    need(curve, ("year", "observed", "fitted", "fitted_lo", "fitted_hi"), where="plot_s_curve")
    seen = curve[curve["observed"].notna()]
    need(seen, (), where="plot_s_curve")
    last = int(seen["year"].max())
    drawn = pd.notna(fit["stage"])
    years = curve["year"].to_numpy(dtype=float)
    if drawn:
        band = pick(lang, "曲线的 95% 置信带", "95% band of the curve")
        ax.fill_between(
            years, curve["fitted_lo"], curve["fitted_hi"], color=ACCENT, alpha=0.18, linewidth=0,
            label=band,
        )  # fmt: skip
        past, ahead = years <= last, years >= last
        line = pick(lang, *CURVE_NAMES[fit["curve"]])
        ax.plot(years[past], curve["fitted"][past], color=ACCENT, linewidth=1.5, label=line)
        ax.plot(years[ahead], curve["fitted"][ahead], color=ACCENT, linewidth=1.5, linestyle="--")
    ax.plot(
        seen["year"], seen["observed"], color=PALETTE[2], marker="o", markersize=3, linestyle="",
        label=pick(lang, "累计文献", "Documents so far"), zorder=3,
    )  # fmt: skip
    ax.axvline(last + 0.5, color=SOFT, linewidth=0.6, linestyle=":")
    calm(ax)
    begin = seen.loc[seen["observed"] > 0, "year"].min() if seen["observed"].any() else years[0]
    _years(ax, max(int(begin) - 1, int(years[0])), int(years[-1]) if drawn else last)
    ax.set_ylim(bottom=0)
    after = pick(lang, "；虚线为外推", "; broken: ahead") if drawn else ""
    ax.set_xlabel(pick(lang, f"年份（仅完整年度{after}）", f"Year (complete years only{after})"))
    ax.set_ylabel(pick(lang, "累计文献（件）", "Documents, cumulated"))
    ax.legend(
        facecolor="white", edgecolor="none", framealpha=0.9, fontsize=SMALL, loc="upper left",
        bbox_to_anchor=(0.0, 0.93),
    )  # fmt: skip
    ax.text(
        0.01,
        0.985,
        _verdict(fit, lang),
        transform=ax.transAxes,
        va="top",
        fontsize=SMALL,
        color=INK,
    )
    return ax


def _verdict(fit: pd.Series, lang: str) -> str:
    if pd.isna(fit["stage"]):
        why = pick(lang, *REASON_NAMES[fit["reason"]])
        return pick(lang, f"阶段尚难判定：{why}", f"No stage: {why}")
    stage = pick(lang, *STAGE_NAMES[fit["stage"]])
    reached, low, high = (100 * fit[f"progress{end}"] for end in ("", "_lo", "_hi"))
    span, least, most = (fit[f"duration{end}"] for end in ("", "_lo", "_hi"))
    return pick(
        lang,
        f"{stage}：已达饱和值的 {reached:.0f}%（{low:.0f}–{high:.0f}%）；"
        f"从 10% 到 90% 需 {span:.0f} 年（{least:.0f}–{most:.0f}）",
        f"{stage.capitalize()}: {reached:.0f}% of saturation ({low:.0f}–{high:.0f}%); "
        f"10 to 90% takes {span:.0f} years ({least:.0f}–{most:.0f})",
    )


def plot_nowcast(counts: pd.DataFrame, *, ax: Any, lang: str) -> Any:
    """Draw counts by year of priority: what is public, what is still to come, and its interval.

    Years of which too little is public for an estimate are shaded and carry no number.

    Parameters
    ----------
    counts : DataFrame
        year, n_seen, estimate, lo, hi, status of one unit; see `foresight.indicators.nowcast`.
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
    columns = ("year", "n_seen", "estimate", "lo", "hi", "status")
    need(counts, columns, where="plot_nowcast")
    frame = counts.sort_values("year").tail(MOST_YEARS)
    seen, status = frame["n_seen"].to_numpy(dtype=float), frame["status"].to_numpy()
    early, open_ = status == "too_early", status == "nowcast"
    years = frame["year"].to_numpy(dtype=int)
    groups = (
        (status == "complete", pick(lang, "已全部公开", "Complete"), PALETTE[0]),
        (~(status == "complete"), pick(lang, "已公开部分", "Public so far"), PALETTE[3]),
    )
    for rows, label, colour in groups:
        if rows.any():
            ax.bar(
                years[rows], seen[rows], width=0.72, color=colour, edgecolor=SOFT, linewidth=0.4,
                label=label,
            )  # fmt: skip
    for number, year in enumerate(years[early]):
        name = pick(lang, "公开太少，不作估计", "Too little public to estimate")
        ax.axvspan(
            year - 0.5, year + 0.5, facecolor=FAINT, edgecolor=RULE, hatch="////", linewidth=0,
            zorder=0, label=None if number else name,
        )  # fmt: skip
    if open_.any():
        estimate = frame["estimate"].to_numpy(dtype=float)[open_]
        low, high = (frame[end].to_numpy(dtype=float)[open_] for end in ("lo", "hi"))
        ax.bar(
            years[open_], np.maximum(estimate - seen[open_], 0), bottom=seen[open_], width=0.72,
            color="none", edgecolor=INK, linewidth=0.7, linestyle=(0, (3, 2)),
            label=pick(lang, "估计尚待公开", "Estimated still to come"),
        )  # fmt: skip
        reach = np.maximum([estimate - low, high - estimate], 0)
        ax.errorbar(
            years[open_], estimate, yerr=reach, fmt="none", ecolor=INK, elinewidth=0.9, capsize=2.5,
            label=pick(lang, "95% 区间", "95% interval"),
        )  # fmt: skip
    calm(ax)
    _years(ax, int(years.min()), int(years.max()))
    ax.set_xlabel(pick(lang, "优先权年", "Year of priority"))
    ax.set_ylabel(pick(lang, "文献（件）", "Documents"))
    ax.legend(frameon=False, fontsize=SMALL, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
    return ax
