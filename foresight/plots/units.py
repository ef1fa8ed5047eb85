"""Figures of ranked rows: scores with their intervals, organisations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.style import (
    ACCENT,
    INK,
    ROWS,
    RULE,
    SMALL,
    SOFT,
    calm,
    check_language,
    label_rows,
    need,
    pick,
)


def plot_ranking(scores: pd.DataFrame, *, ax: Any, lang: str, top: int = ROWS["ranking"]) -> Any:
    """Draw the strongest units: score, its 95 % interval, rank interval, probability of growth.

    Parameters
    ----------
    scores : DataFrame
        label_zh, label_en, score, score_lo, score_hi, rank, rank_lo, rank_hi, p_growth; units
        without a score are left out.
    ax : Axes
    lang : {"zh", "en"}
    top : int, default 14
        Greatest number of units; the axis says how many there are if there are more.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, a column is missing or no unit has a score.
    """
    check_language(lang)
    columns = ("label_zh", "label_en", "score", "score_lo", "score_hi", "rank", "rank_lo")
    need(scores, (*columns, "rank_hi", "p_growth"), where="plot_ranking")
    ranked = scores[scores["score"].notna()].sort_values("rank", kind="stable")
    frame = ranked.head(top)
    need(frame, (), where="plot_ranking")
    place = np.arange(len(frame))[::-1]
    score = frame["score"].to_numpy(dtype=float)
    lo, hi = (frame[name].to_numpy(dtype=float) for name in ("score_lo", "score_hi"))
    chance = frame["p_growth"].to_numpy(dtype=float)
    ax.hlines(place, lo, hi, color=SOFT, linewidth=1.6, zorder=2)
    ax.scatter(
        score, place, c=np.nan_to_num(chance), cmap="Greys", vmin=0, vmax=1, s=46,
        edgecolors=INK, linewidths=0.9, zorder=3,
    )  # fmt: skip
    ax.set_ylim(-0.7, len(frame) + 0.2)
    ax.set_xlim(-2, 102)  # room for whole dots at 0 and 100
    ax.set_xticks(range(0, 101, 20))
    ax.set_xlabel(
        pick(
            lang,
            "得分（0—100）；横线：95% 区间；点的深浅：增长概率",
            "Score (0–100); line: 95% interval; shade of the dot: P(growth)",
        )
    )
    if len(ranked) > len(frame):
        some = f"名次最前的 {len(frame)} 个（共 {len(ranked)} 个）"
        ax.set_ylabel(pick(lang, some, f"First {len(frame)} of {len(ranked)}"))
    calm(ax, grid="x")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    label_rows(ax, place, frame[f"label_{lang}"])
    rank_texts, chance_texts = [], []
    for rank, low, high, p in frame[["rank", "rank_lo", "rank_hi", "p_growth"]].itertuples(
        index=False
    ):
        span = "" if pd.isna(low) or pd.isna(high) else f" ({int(low)}–{int(high)})"
        rank_texts.append(f"{int(rank)}{span}")
        chance_texts.append(_chance(p))
    _column(ax, place, pick(lang, "名次（区间）", "Rank (interval)"), rank_texts, pad=3)
    _column(ax, place, pick(lang, "增长概率", "P(growth)"), chance_texts, pad=62)
    return ax


def _chance(p: float) -> str:
    """A probability with two decimals, never a false 0.00 or 1.00, as the tables write it."""
    if pd.isna(p):
        return "—"
    return "<0.01" if p < 0.005 else ">0.99" if p > 0.995 else f"{p:.2f}"


def _column(ax: Any, place: Any, head: str, texts: list[str], *, pad: float) -> None:
    """A column of texts right of the axes, as labels of an axis: the layout leaves room for it."""
    right = ax.secondary_yaxis("right")
    right.set_yticks([*place, len(texts) - 0.15], [*texts, head])
    right.tick_params(length=0, pad=pad, labelsize=SMALL, labelcolor=INK)
    right.spines[:].set_visible(False)


def plot_organisations(
    organisations: pd.DataFrame, *, ax: Any, lang: str, top: int = ROWS["organisations"]
) -> Any:
    """Draw the organisations with most documents: all years, and the last three in front.

    Parameters
    ----------
    organisations : DataFrame
        org, n_docs, n_recent (last three complete years).
    ax : Axes
    lang : {"zh", "en"}
    top : int, default 15
        Greatest number of organisations.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing.
    """
    check_language(lang)
    need(organisations, ("org", "n_docs", "n_recent"), where="plot_organisations")
    order = organisations.sort_values(["n_docs", "org"], ascending=[False, True])
    frame = order.head(top)
    place = np.arange(len(frame))[::-1]
    total = frame["n_docs"].to_numpy(dtype=float)
    recent = frame["n_recent"].fillna(0).to_numpy(dtype=float)
    every = pick(lang, "全部年份", "All years")
    last = pick(lang, "最近三个完整年度", "Last three complete years")
    ax.barh(place, total, height=0.68, color=RULE, edgecolor=SOFT, linewidth=0.4, label=every)
    ax.barh(place, recent, height=0.34, color=ACCENT, label=last)
    for y, whole, part in zip(place, total, recent, strict=True):
        text = f" {whole:,.0f} / {part:,.0f}"
        ax.text(whole, y, text, va="center", fontsize=SMALL, color=INK)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_xlim(0, max(total.max(), 1) * 1.14)
    ax.set_xlabel(pick(lang, "文献数（件）：全部 / 最近三年", "Documents: all / last three years"))
    calm(ax, grid="x")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    label_rows(ax, place, frame["org"])
    ax.legend(frameon=False, fontsize=SMALL, loc="lower right")
    return ax
