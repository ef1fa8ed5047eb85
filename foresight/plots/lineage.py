"""Alluvial figure: how topics flow into each other between a few years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.plots.style import (
    FAINT,
    INK,
    PALETTE,
    RULE,
    SMALL,
    SOFT,
    TINY,
    check_language,
    need,
    pick,
    wrap,
)

BAR = 0.035  # half the width of a bar, in steps between years
GAP = 0.012  # between bars, as a share of the height
LEAST_SHARE = 0.02  # flows of less than this share of their topic are left out, and said so
LABEL_WIDTH = 44  # columns


def plot_topic_flows(
    flows: pd.DataFrame, *, topics: pd.DataFrame, past: pd.DataFrame, ax: Any, lang: str
) -> Any:
    """Draw topics of successive years as bars and the documents that they share as bands.

    A bar is as high as its topic has documents; a band as the documents that are in both topics.
    Documents that came in between years stand on no band: the bar is higher than what flows into
    it. Topics that still are have their colours, others are grey.

    Parameters
    ----------
    flows : DataFrame
        year, topic_id (null for documents that came in between), next_year, next_topic_id, n_docs.
    topics : DataFrame
        topic_id, label_zh, label_en, colour; present topics.
    past : DataFrame
        topic_id, label_zh, label_en; topics that no longer are.
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
    columns = ("year", "topic_id", "next_year", "next_topic_id", "n_docs")
    need(flows, columns, where="plot_topic_flows")
    need(topics, ("topic_id", "label_zh", "label_en", "colour"), where="plot_topic_flows")
    years = sorted({*flows["year"].astype(int), *flows["next_year"].astype(int)})
    sizes = {year: _sizes(flows, year) for year in years}
    order = _orders(flows, years, sizes)
    tall = max(sum(size.values()) for size in sizes.values())
    step = GAP * tall
    floors: dict[tuple[int, str], float] = {}
    for year in years:
        spare = sum(sizes[year].values()) + step * (len(order[year]) - 1)
        top = (tall + step * (max(map(len, order.values())) - 1) + spare) / 2
        for name in order[year]:
            top -= sizes[year][name]
            floors[year, name] = top
            top -= step
    colours = {
        str(name): PALETTE[int(colour) % len(PALETTE)]
        for name, colour in zip(topics["topic_id"], topics["colour"], strict=True)
    }
    _bands(ax, flows, years, order, floors, sizes, colours)
    names = pd.concat([topics, past]).set_index("topic_id")[f"label_{lang}"].astype(str)
    for place, year in enumerate(years):
        for name in order[year]:
            floor, size = floors[year, name], sizes[year][name]
            shade = colours.get(name, SOFT)
            ax.bar(place, size, 2 * BAR, bottom=floor, color=shade, linewidth=0)
    _names(ax, years, order, floors, sizes, names)
    ax.set_xticks(range(len(years)), [pick(lang, f"{y}年", str(y)) for y in years])
    ax.tick_params(labelsize=SMALL, length=0, labelcolor=INK)
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.set_xlim(-0.06, len(years) - 1 + 0.95)
    unit = tall / 5
    scale = max(1, round(unit, -len(str(int(unit))) + 1))
    low = min(floors.values())
    ax.plot([-0.055, -0.055], [low, low + scale], color=SOFT, linewidth=1, clip_on=False)
    word = pick(lang, f"{int(scale)} 件", f"{int(scale)} documents")
    ax.text(-0.065, low + scale / 2, word, rotation=90, ha="right", va="center", fontsize=TINY,
            color=SOFT)  # fmt: skip
    return ax


def _sizes(flows: pd.DataFrame, year: int) -> dict[str, int]:
    start = flows[(flows["year"] == year) & flows["topic_id"].notna()]
    end = flows[flows["next_year"] == year]
    here = start.groupby("topic_id")["n_docs"].sum() if len(start) else None
    found = end.groupby("next_topic_id")["n_docs"].sum() if here is None else here
    return {str(name): int(n) for name, n in found.items()}


def _orders(
    flows: pd.DataFrame, years: list[int], sizes: dict[int, dict[str, int]]
) -> dict[int, list[str]]:
    """Order of bars from the top: the last year by size, each earlier one after its heirs."""
    last = years[-1]
    order = {last: sorted(sizes[last], key=lambda n: (-sizes[last][n], n))}
    for year, after in zip(years[-2::-1], years[:0:-1], strict=True):
        place = {name: i for i, name in enumerate(order[after])}
        part = flows[(flows["year"] == year) & flows["topic_id"].notna()]
        weight = part["n_docs"] * part["next_topic_id"].map(place)
        mean = weight.groupby(part["topic_id"]).sum() / part.groupby("topic_id")["n_docs"].sum()
        order[year] = sorted(sizes[year], key=lambda n: (float(mean[n]), n))
    return order


def _bands(
    ax: Any,
    flows: pd.DataFrame,
    years: list[int],
    order: dict[int, list[str]],
    floors: dict[tuple[int, str], float],
    sizes: dict[int, dict[str, int]],
    colours: dict[str, str],
) -> None:
    curve = np.linspace(0, 1, 40)
    bend = 3 * curve**2 - 2 * curve**3
    for place, year in enumerate(years[:-1]):
        after = years[place + 1]
        part = flows[(flows["year"] == year) & flows["topic_id"].notna()]
        shared = part.set_index(["topic_id", "next_topic_id"])["n_docs"]
        left = {n: floors[year, n] + sizes[year][n] for n in order[year]}
        right = {n: floors[after, n] + sizes[after][n] for n in order[after]}
        pairs = [(a, b) for a in order[year] for b in order[after] if (a, b) in shared.index]
        # what came in between stands at the foot of the later bar
        for a, b in pairs:
            n = int(shared[a, b])
            left[a] -= n
            right[b] -= n
            if n < LEAST_SHARE * sizes[year][a]:
                continue
            low = left[a] + (right[b] - left[a]) * bend
            x = place + BAR + (1 - 2 * BAR) * curve
            ax.fill_between(x, low, low + n, color=colours.get(b, RULE), alpha=0.45, linewidth=0)
    ax.set_facecolor("white")


def _names(
    ax: Any,
    years: list[int],
    order: dict[int, list[str]],
    floors: dict[tuple[int, str], float],
    sizes: dict[int, dict[str, int]],
    names: pd.Series,
) -> None:
    """Names beside the last year's bars, and of earlier topics that no longer are."""
    low, high = min(floors.values()), max(floors[k] + sizes[k[0]][k[1]] for k in floors)
    least = (high - low) / 22
    last = years[-1]
    for place, year in enumerate(years):
        shown = order[year] if year == last else [n for n in order[year] if n not in order[last]]
        spots = [floors[year, n] + sizes[year][n] / 2 for n in shown]
        for i in range(1, len(spots)):
            spots[i] = min(spots[i], spots[i - 1] - least)
        short = max(0.0, low - spots[-1]) if spots else 0.0
        for name, spot in zip(shown, spots, strict=True):
            text = wrap(names.get(name, name), LABEL_WIDTH if year == last else 22, lines=1)
            box = None if year == last else {"facecolor": FAINT, "edgecolor": "none", "pad": 1}
            ax.text(place + BAR + 0.02, spot + short, text, fontsize=TINY, color=INK, va="center",
                    bbox=box, zorder=4)  # fmt: skip
