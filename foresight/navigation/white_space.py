"""White space (空白点): which empty cells nobody has entered yet, and which nobody can.

The rule is ours; nothing published decides it. A cell of the technology x effect matrix is

1. `filled` if it has at least as many documents as chance would give (n >= expected);
2. `undecided` if fewer than `least_expected` documents are expected (`too_small`), or the
   shortfall is within chance (`within_chance`, q_few > alpha);
3. else empty: fewer documents than chance explains. Then its surroundings are asked.
   *Neighbours* are the cells of the same effect in the technologies most similar to its own
   (up to `neighbours` of them), without the documents that are of its own technology too.
   - evidence for open: the neighbours are filled (pooled, n / expected is not surely below 1),
     they are rising (probability of a growing share of all stating documents over the window
     at least `sure`), and there are at least `least_recent` *enabling documents*: recent ones of
     the technology itself with the effects most akin to the missing one.
   - evidence for closed: the neighbours are empty too (pooled ratio surely below 1) and the cell
     has fewer than `least_recent` recent documents; or it was tried and left: it has at least
     `least_tried` documents, none of them recent, although at the pace of its technology the
     chance of that would be at most `alpha`.
   - `open` or `closed` where the evidence is of one kind only, else `undecided`: `conflict`
     (both kinds), `still_worked` (the neighbours are empty, but the cell has recent documents),
     `neighbours_unknown` (fewer than `least_expected` documents expected in all of them),
     `not_rising`, or `not_enabled`.

Closed does not tell "nobody can" from "nobody wants": that an effect means nothing in a
technology looks the same. A cell is a place to read, not a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.aggregate import check_columns
from foresight.indicators.growth import poisson_slope
from foresight.navigation.matrix import LEAST_EXPECTED, ratio_of
from foresight.provenance import join_ids

FILLED, OPEN, CLOSED, UNDECIDED = "filled", "open", "closed", "undecided"
COLUMNS = ("unit_id", "effect", "n", "n_effect", "n_all", "expected", "q_few", "doc_ids")
REASONS = {
    "chance": ("文献数不少于期望", "no fewer documents than chance would give"),
    "too_small": ("期望文献数过少，不能判断", "too few documents expected to tell"),
    "within_chance": ("偏少但可能出于偶然", "fewer than expected, but chance may explain it"),
    "opening": ("相邻单元已有且上升，使能文献近年", "neighbours filled and rising, enabled lately"),
    "neighbours_empty": ("相邻单元同样空缺", "the neighbours are empty too"),
    "tried_and_left": ("曾有尝试，近年无人继续", "tried before, left since"),
    "still_worked": ("相邻单元空缺，但本单元近年仍有文献", "neighbours empty, but still worked on"),
    "conflict": ("正反证据并存", "evidence both ways"),
    "neighbours_unknown": ("相邻单元证据不足", "too little expected in the neighbours"),
    "not_rising": ("相邻单元未见上升", "the neighbours are not surely rising"),
    "not_enabled": ("近年使能文献不足", "too few enabling documents lately"),
}


@dataclass(frozen=True)
class Rules:
    """The numbers of the rule.

    Parameters
    ----------
    alpha : float, default 0.05
        False discovery rate of empty cells, and chance allowed for "tried and left".
    least_expected : float, documents, default 5
    neighbours : int, default 3
        Most similar technologies asked, of those with a similarity of at least
        `least_similarity` (0.15: in the default corpus, below it stand pairs such as the deep sea
        and zero-magnetic medicine).
    akin : int, default 3
        Effects most akin to the missing one.
    window : int, years, default 10
        Over which growth is measured, ending with the last complete year.
    recent : int, years, default 5
    sure : float, default 0.9
    least_recent, least_tried : int, documents, default 3
    """

    alpha: float = 0.05
    least_expected: float = LEAST_EXPECTED
    neighbours: int = 3
    least_similarity: float = 0.15
    akin: int = 3
    window: int = 10
    recent: int = 5
    sure: float = 0.9
    least_recent: int = 3
    least_tried: int = 3


RULES = Rules()


def white_space(
    cells: pd.DataFrame,
    *,
    documents: pd.DataFrame,
    similarity: pd.DataFrame,
    last_year: int,
    rules: Rules = RULES,
) -> pd.DataFrame:
    """Tell of each cell of a technology x effect matrix whether it is filled, open or closed.

    The rule stands at the head of this module.

    Parameters
    ----------
    cells : DataFrame, of `technology_effect_matrix`
        Of documents known at one date: give it members of an as-of view.
    documents : DataFrame
        `doc_id`, `year`; every document of a cell must be there.
    similarity : DataFrame
        `unit_id`, `other_id`, `similarity`, as `technology_similarity` gives.
    last_year : int
        Last complete year: growth and recency are read up to it.
    rules : Rules, optional

    Returns
    -------
    DataFrame, one row per cell in the order of `cells`
        unit_id, effect, n, expected, status (filled, open, closed, undecided), why (a key of
        `REASONS`), neighbours (unit ids joined by ";"), n_near, expected_near, ratio_near with
        near_lo, near_hi, p_rising (NaN where the window has no document), n_recent (documents of
        the cell), last_doc_year (missing for none), n_enabling, doc_ids (of the cell),
        near_ids, enabling_ids.

    Raises
    ------
    TableError
        If a column or the year of a document is missing.
    InsufficientDataError
        If no document of the matrix falls into a year of the window.
    """
    check_columns(cells, COLUMNS, "cells")
    check_columns(documents, ("doc_id", "year"), "documents")
    check_columns(similarity, ("unit_id", "other_id", "similarity"), "similarity")
    field = _field(cells, documents, last_year=last_year, rules=rules)
    near = similarity[similarity["similarity"] >= rules.least_similarity].sort_values(
        ["unit_id", "similarity", "other_id"], ascending=[True, False, True]
    )
    nearest = near.groupby("unit_id")["other_id"].agg(list).to_dict()
    rows = [
        _cell(field, str(unit), str(effect), nearest.get(unit, [])[: rules.neighbours], rules)
        for unit, effect in zip(cells["unit_id"], cells["effect"], strict=True)
    ]
    frame = pd.DataFrame(rows).astype({"last_doc_year": "Int64"})
    verdicts = [_status(dict(row), rules) for _, row in frame.iterrows()]
    frame.insert(4, "status", [status for status, _ in verdicts])
    frame.insert(5, "why", [why for _, why in verdicts])
    return frame.drop(columns=["q_few", "p_left"])


@dataclass(frozen=True)
class _Field:
    """Documents of every cell, years of documents, and which effects go together."""

    cells: dict[tuple[str, str], dict[str, Any]]
    ids: dict[tuple[str, str], frozenset[str]]
    units: dict[str, frozenset[str]]
    years: dict[str, int]
    totals: NDArray[np.float64]
    window: list[int]
    akin: dict[str, list[str]]
    last_year: int


def _field(cells: pd.DataFrame, documents: pd.DataFrame, *, last_year: int, rules: Rules) -> _Field:
    keys = [(str(u), str(e)) for u, e in zip(cells["unit_id"], cells["effect"], strict=True)]
    ids = {
        key: frozenset(filter(None, str(joined).split(";")))
        for key, joined in zip(keys, cells["doc_ids"], strict=True)
    }
    units: dict[str, frozenset[str]] = {}
    for (unit, _), docs in ids.items():
        units[unit] = units.get(unit, frozenset()) | docs
    every = sorted(frozenset().union(*units.values()))
    years = documents.set_index("doc_id")["year"].reindex(every)
    if years.isna().any():
        lost = list(years.index[years.isna()][:3])
        msg = f"{int(years.isna().sum())} document(s) of the cells have no year, first: {lost}."
        raise TableError(msg)
    window = list(range(last_year - rules.window + 1, last_year + 1))
    totals = years.value_counts().reindex(window).fillna(0).to_numpy(dtype=float)
    if not totals.any():
        msg = f"No document of the matrix is of {window[0]}-{window[-1]}. Choose another window."
        raise InsufficientDataError(msg)
    records = [dict(row) for _, row in cells.iterrows()]
    known = {str(name): int(year) for name, year in years.items()}
    return _Field(
        dict(zip(keys, records, strict=True)), ids, units, known, np.asarray(totals), window,
        _akin(ids, rules.akin), last_year,
    )  # fmt: skip


def _akin(ids: dict[tuple[str, str], frozenset[str]], count: int) -> dict[str, list[str]]:
    """Effects that go together most: cosine of their sets of documents, over all technologies."""
    sets: dict[str, frozenset[str]] = {}
    for (_, effect), docs in ids.items():
        sets[effect] = sets.get(effect, frozenset()) | docs

    def cosine(a: str, b: str) -> float:
        size = len(sets[a]) * len(sets[b])
        return len(sets[a] & sets[b]) / size**0.5 if size else 0.0

    ranked = {a: sorted((-cosine(a, b), b) for b in sets if b != a) for a in sets}
    return {a: [b for score, b in pairs if score < 0][:count] for a, pairs in ranked.items()}


def _cell(field: _Field, unit: str, effect: str, others: list[str], rules: Rules) -> dict[str, Any]:
    """Figures of one cell and of its surroundings."""
    own = field.ids[unit, effect]
    asked = [other for other in others if (other, effect) in field.cells]
    near = [(other, effect) for other in asked]
    technology = field.units[unit]
    row = field.cells[unit, effect]
    # What a neighbour shares with the technology itself says nothing about the surroundings.
    found = [field.ids[key] - technology for key in near]
    stating = sum(len(field.units[other] - technology) for other in asked)
    n_near = float(sum(len(docs) for docs in found))
    expected = stating * row["n_effect"] / row["n_all"]
    ratio, lo, hi = (float(x[0]) for x in ratio_of(np.array([n_near]), np.array([expected])))
    near_ids = frozenset[str]().union(*found)
    kin = [(unit, name) for name in field.akin[effect]]
    enabling = frozenset(d for key in kin for d in field.ids[key] if _recent(field, d, rules))
    share = np.mean([_recent(field, d, rules) for d in technology]) if technology else np.nan
    return {
        "unit_id": unit, "effect": effect, "n": row["n"], "expected": row["expected"],
        "q_few": row["q_few"], "neighbours": ";".join(asked), "n_near": int(n_near),
        "expected_near": expected, "ratio_near": ratio, "near_lo": lo, "near_hi": hi,
        "p_rising": _p_rising(field, near_ids),
        "n_recent": sum(_recent(field, d, rules) for d in own),
        "last_doc_year": max((field.years[d] for d in own), default=None),
        "p_left": (1 - share) ** len(own), "n_enabling": len(enabling),
        "doc_ids": join_ids(own), "near_ids": join_ids(near_ids),
        "enabling_ids": join_ids(enabling),
    }  # fmt: skip


def _recent(field: _Field, doc: str, rules: Rules) -> bool:
    return field.last_year - rules.recent < field.years[doc] <= field.last_year


def _p_rising(field: _Field, docs: frozenset[str]) -> float:
    """Probability that the documents' share of all stating documents grows over the window."""
    counts = np.array([sum(field.years[d] == year for d in docs) for year in field.window])
    kept = field.totals > 0
    if not counts.any() or kept.sum() < 3:  # a line through two points has no residual
        return np.nan
    slope, se = poisson_slope(counts[np.newaxis, kept].astype(float), field.totals[kept])
    return float(norm.cdf(slope[0] / se[0]))


def _status(row: dict[str, Any], rules: Rules) -> tuple[str, str]:
    if row["n"] >= row["expected"]:
        return FILLED, "chance"
    if row["expected"] < rules.least_expected:
        return UNDECIDED, "too_small"
    if not row["q_few"] <= rules.alpha:
        return UNDECIDED, "within_chance"
    known = row["expected_near"] >= rules.least_expected
    empty_too = known and row["near_hi"] < 1
    tried = row["n"] >= rules.least_tried and row["n_recent"] == 0
    left = tried and row["p_left"] <= rules.alpha
    rising, enabled = row["p_rising"] >= rules.sure, row["n_enabling"] >= rules.least_recent
    opening = known and not empty_too and rising and enabled
    if opening and left:
        return UNDECIDED, "conflict"
    if opening:
        return OPEN, "opening"
    if left:
        return CLOSED, "tried_and_left"
    if empty_too:
        worked = row["n_recent"] >= rules.least_recent
        return (UNDECIDED, "still_worked") if worked else (CLOSED, "neighbours_empty")
    if not known:
        return UNDECIDED, "neighbours_unknown"
    return UNDECIDED, "not_enabled" if rising else "not_rising"
