"""Figures of a plane or a grid: the topic map, components of units, the board of all tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from foresight.plots.heat import frame_heat, heat, note_missing, scale_bar
from foresight.plots.style import (
    INK,
    ROWS,
    RULE,
    SMALL,
    TINY,
    check_language,
    need,
    pick,
    topic_look,
    wrap,
)

COMPONENTS = {
    "growth": ("增长性", "Growth"),
    "vitality": ("活跃度", "Vitality"),
    "novelty": ("新颖度", "Novelty"),
    "community": ("参与面", "Community"),
}
COLUMNS = {
    **COMPONENTS,
    "score": ("得分", "Score"),
    "p_growth": ("增长概率", "P(growth)"),
    "n_docs": ("文献数", "Documents"),
}
HUNDRED = 100.0
MOST_TOPICS = 20  # entries that the legend has room for


def plot_topic_map(documents: pd.DataFrame, *, topics: pd.DataFrame, ax: Any, lang: str) -> Any:
    """Draw the documents of a track by likeness, one colour and marker per topic.

    The number of a topic stands at the median of its documents, its name in the legend. Documents
    of no topic, or of one beyond the 20 largest, are small grey dots. The axes have no unit.

    Parameters
    ----------
    documents : DataFrame
        topic_id, x, y; rows without a position are left out.
    topics : DataFrame
        topic_id, label_zh, label_en, n_docs, colour (number, kept from run to run); numbered by
        size, the largest 1.
    ax : Axes
    lang : {"zh", "en"}

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, a column is missing or no document has a position.
    """
    check_language(lang)
    need(documents, ("topic_id", "x", "y"), where="plot_topic_map")
    need(topics, ("topic_id", "label_zh", "label_en", "n_docs", "colour"), where="plot_topic_map")
    placed = documents[documents["x"].notna() & documents["y"].notna()]
    need(placed, (), where="plot_topic_map")
    ordered = topics.sort_values(["n_docs", "topic_id"], ascending=[False, True])
    order = ordered.head(MOST_TOPICS)
    size = float(np.clip(2400 / len(placed), 3, 16))
    rest = placed[~placed["topic_id"].isin(order["topic_id"])]
    if len(rest):
        none = pick(lang, "未归入主题", "No topic")
        if len(ordered) > len(order):
            more = len(ordered) - len(order)
            none = pick(lang, f"其余 {more} 个主题及未归入者", f"{more} smaller topics, or none")
        ax.scatter(rest["x"], rest["y"], s=size * 0.5, color=RULE, linewidths=0, label=none)
    centres = []
    for number, row in enumerate(order.itertuples(index=False), start=1):
        cloud = placed[placed["topic_id"] == row.topic_id]
        count = int(cast("int", row.n_docs))
        label = f"{number}  {wrap(getattr(row, f'label_{lang}'), 36, lines=1)} ({count:,})"
        colour, marker = topic_look(int(cast("int", row.colour)))
        ax.scatter(
            cloud["x"], cloud["y"], s=size, color=colour, marker=marker, alpha=0.7,
            linewidths=0, label=label,
        )  # fmt: skip
        if len(cloud):
            centres.append((number, float(cloud["x"].median()), float(cloud["y"].median())))
    _numbers(ax, centres)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_color(RULE)
    ax.margins(0.04)
    legend = ax.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=TINY,
        borderaxespad=0, handletextpad=0.3, labelspacing=0.45,
        title=pick(lang, "技术主题（件数）", "Topic (documents)"), title_fontsize=TINY,
    )  # fmt: skip
    legend.set_alignment("left")
    for handle in legend.legend_handles:
        handle.set_alpha(1)
        handle.set_sizes([22])
    return ax


def _numbers(ax: Any, centres: Sequence[tuple[int, float, float]]) -> None:
    """Numbers in small white discs; those that would cover each other are pushed apart."""
    if not centres:
        return
    spots = np.array([(x, y) for _, x, y in centres])
    low, high = np.array([ax.dataLim.p0, ax.dataLim.p1])
    extent = np.where(high > low, high - low, 1.0)
    unit = (spots - low) / extent
    for _ in range(60):
        moved = False
        for i in range(len(unit)):
            for j in range(i):
                gap = unit[i] - unit[j]
                distance = float(np.hypot(*gap))
                if distance < 0.065:
                    way = gap / distance if distance > 1e-9 else np.array([1.0, 0.0])
                    step = way * (0.066 - distance) / 2
                    unit[i] += step
                    unit[j] -= step
                    moved = True
        if not moved:
            break
    disc = {"boxstyle": "circle,pad=0.22", "facecolor": "white", "edgecolor": INK, "linewidth": 0.7}
    for (number, *_), (x, y) in zip(centres, unit * extent + low, strict=True):
        ax.text(
            x, y, str(number), ha="center", va="center", fontsize=SMALL, color=INK, bbox=disc,
            zorder=5,
        )  # fmt: skip


def plot_components(
    scores: pd.DataFrame, *, ax: Any, lang: str, top: int = ROWS["components"]
) -> Any:
    """Draw the component percentiles of the strongest units as an annotated heat map.

    Parameters
    ----------
    scores : DataFrame
        label_zh, label_en, score, rank and one column (0 to 1, null = missing, drawn hatched)
        per component: growth, vitality, novelty, community. Units without a score are left out.
    ax : Axes
    lang : {"zh", "en"}
    top : int, default 14
        Greatest number of units.

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, a column is missing or no unit has a score.
    """
    check_language(lang)
    need(scores, ("label_zh", "label_en", "score", "rank", *COMPONENTS), where="plot_components")
    frame = scores[scores["score"].notna()].sort_values("rank", kind="stable").head(top)
    need(frame, (), where="plot_components")
    values = HUNDRED * frame[list(COMPONENTS)].to_numpy(dtype=float)
    image = heat(ax, values, low=0, high=HUNDRED, form="{:.0f}")
    frame_heat(ax, frame[f"label_{lang}"])
    heads = [pick(lang, *names) for names in COMPONENTS.values()]
    ax.set_xticks(range(len(heads)), heads)
    scale = pick(lang, "百分位\n（参照语料全部主题）", "Percentile among\nall topics of the corpus")
    scale_bar(ax, image, scale)
    note_missing(ax, values, lang=lang)
    return ax


def plot_board(frame: pd.DataFrame, *, ax: Any, lang: str) -> Any:
    """Draw tracks against numbers as a heat map, each column on its own scale.

    Parameters
    ----------
    frame : DataFrame
        slug, label_zh, label_en, then columns of numbers. Components (0 to 1) are
        written as percentiles, `p_growth` as a percentage, other numbers as they are. Null is
        hatched.
    ax : Axes
    lang : {"zh", "en"}

    Returns
    -------
    Axes

    Raises
    ------
    RenderError
        If the language is unknown, or a column or row is missing, or there is no column of numbers.
    """
    check_language(lang)
    need(frame, ("slug", "label_zh", "label_en"), where="plot_board")
    named = ("slug", "label_zh", "label_en")
    numbers = [name for name in frame.columns if name not in named]
    need(frame, tuple(numbers) or ("score",), where="plot_board")
    values = frame[numbers].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        low = np.nan_to_num(np.nanmin(np.where(np.isfinite(values), values, np.inf), axis=0))
        high = np.nanmax(np.where(np.isfinite(values), values, -np.inf), axis=0)
        span = np.where(high > low, high - low, 1.0)
        shade = HUNDRED * (values - low) / span
    texts = [[_number(v, name) for v, name in zip(row, numbers, strict=True)] for row in values]
    image = heat(ax, shade, low=0, high=HUNDRED, texts=texts)
    frame_heat(ax, frame[f"label_{lang}"], columns=30, lines=1)
    heads = [pick(lang, *COLUMNS[name]) if name in COLUMNS else name for name in numbers]
    ax.set_xticks(range(len(heads)), [wrap(head, 12) for head in heads])
    bar = scale_bar(ax, image, pick(lang, "各列由最低到最高", "Lowest to highest of each column"))
    bar.set_ticks([0, HUNDRED], labels=[pick(lang, "低", "low"), pick(lang, "高", "high")])
    note_missing(ax, values, lang=lang)
    return ax


def _number(value: float, name: str) -> str:
    if not np.isfinite(value):
        return ""
    if name == "p_growth":
        return f"{HUNDRED * value:.0f}%"
    if name in COMPONENTS:
        return f"{HUNDRED * value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 10 or float(value).is_integer() else f"{value:.1f}"
