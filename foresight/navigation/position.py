"""Position: a region against the country and the world in five views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from foresight.errors import TableError
from foresight.indicators.aggregate import check_columns
from foresight.navigation.places import LEVELS
from foresight.navigation.position_views import Cell, Evidence
from foresight.provenance import join_ids
from foresight.tables import among

VIEWS = ("structure", "enterprises", "technology", "talent", "operation")

# What more of an indicator means: 1 better, 0 neither. Counts, which grow with the
# region, and what is itself a comparison are not listed and not compared.
COMPARED: Mapping[tuple[str, str], int] = {
    ("structure", "branch_share"): 1,
    ("enterprises", "newcomer_share"): 1,
    ("enterprises", "cr4"): 0,
    ("enterprises", "cr10"): 0,
    ("enterprises", "hhi"): 0,
    ("technology", "growth"): 1,
    ("technology", "citation_percentile"): 1,
    ("technology", "novel_share"): 1,
    ("technology", "high_value_share"): 1,
    ("talent", "newcomer_share"): 1,
    ("talent", "inventors_per_document"): 0,
    ("operation", "transfers"): 1,
    ("operation", "licences"): 1,
    ("operation", "pledges"): 1,
    ("operation", "litigation"): 0,
}
SILENT = 10  # the smaller n of a comparison: with fewer an interval says little
THIN = 30
COLUMNS = [
    "level", "region", "view", "indicator", "unit_id", "value", "lo", "hi", "n", "doc_ids",
    "reason",
]  # fmt: skip


def position(
    evidence: Evidence, *, track: str, as_of: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Describe a track at every level in the five views of patent navigation.

    Parameters
    ----------
    evidence : Evidence
        See `foresight.navigation.position_views.Evidence`.
    track : str
        Name of the whole, as a unit beside its branches.
    as_of : str
        ISO date. Documents published and events dated later are not read.
    rng : Generator
        Of the bootstrap of means and concentration.

    Returns
    -------
    DataFrame, by level (`world`, `country`, `province`, `city`), view, unit and indicator
        level, region, view, indicator, unit_id, value, lo, hi (95 %), n, doc_ids (";"-joined),
        reason (null, or why the value is undecided and missing).
        structure, of the last five complete years: `branch_share` (part of the level's documents
        that falls to the branch, a document of k branches in equal parts; Wilson, which is
        cautious for parts; n are documents of any branch), `rta` (against all documents of known
        level, shrunk by one expected document). enterprises: `organisations` (number named),
        `newcomer_share` (of those active in five years, first seen in them), `cr4`, `cr10`, `hhi`.
        technology: `documents` (Poisson), `share_of_world`, `growth` (of the share of the corpus,
        per year, log), `citation_percentile` (mean), `novel_share` (of five years),
        `high_value_share` (of valid patents decided; bounds hold every way to decide the rest).
        talent: `inventors` (distinct names as written, not disambiguated, on documents of the
        level), `inventors_placed` (whose own place is at the level), `newcomer_share`,
        `inventors_per_document` (of five years). The n of newcomers is the number of documents
        where there are fewer than names.
        operation: `transfers`, `licences`, `pledges`, `litigation` (events per valid patent;
        bounds count those of undecided validity in and out).
        doc_ids of a share of documents, and of a count, are the documents in it; of a mean or
        rate those it is taken over.

    Raises
    ------
    TableError
        If a column is missing, or a document stands twice.

    Notes
    -----
    Levels are nested: the province is part of the country. A document belongs to a level by any
    of its places, so organisations and inventors at a level are those with a document that
    involves the level, and need not sit there. What drifts with the years (structure, novelty,
    team size) is compared within the last five, since a young region would else be judged by its
    age. Where a level is not known of any document it is undecided in all
    views; where it is known of some, the others are left out.
    """
    evidence = _known(evidence, as_of)
    whole = frozenset(evidence.documents["doc_id"])
    groups = evidence.members.groupby("unit_id")["doc_id"]
    units = {track: whole} | {str(u): frozenset(ids) & whole for u, ids in groups}
    rows: list[tuple[object, ...]] = []
    for (level, region), found in evidence.levels.groupby(["level", "region"]):
        state = found.set_index("doc_id")["inside"]
        known = frozenset(state.index[state.notna()])
        inside = frozenset(state.index[state.fillna(value=False)])
        for unit, ids in units.items():
            cell = Cell(str(level), str(region), unit, ids & inside, ids & known, inside, known)
            made = cell.rows(evidence, rng, branch=unit != track)
            rows += [(level, region, *row[:2], unit, *row[2:]) for row in made]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["doc_ids"] = frame["doc_ids"].map(join_ids)
    frame["reason"] = frame["reason"].astype("str")
    order = frame.assign(
        level_order=frame["level"].map(LEVELS.index), view_order=frame["view"].map(VIEWS.index)
    ).sort_values(["level_order", "view_order", "unit_id", "indicator"])
    return order[COLUMNS].reset_index(drop=True)


def _known(evidence: Evidence, as_of: str) -> Evidence:
    """What was public by the date; checked."""
    check_columns(evidence.documents, ("doc_id", "published", "year"), "documents")
    check_columns(evidence.members, ("unit_id", "doc_id"), "members")
    check_columns(evidence.levels, ("level", "region", "doc_id", "inside"), "levels")
    repeated = evidence.documents["doc_id"].duplicated().any()
    if repeated or evidence.levels.duplicated(["level", "doc_id"]).any():
        msg = "A document stands twice in `documents`, or within a level. Keep one row of each."
        raise TableError(msg)
    documents = evidence.documents[evidence.documents["published"] <= as_of]
    levels = evidence.levels[among(evidence.levels["doc_id"], documents["doc_id"])]
    events = evidence.events
    if events is not None:
        events = events[events["date"] <= as_of]
    return replace(evidence, documents=documents, levels=levels, events=events)


def strengths_and_gaps(
    table: pd.DataFrame,
    *,
    level: str = "province",
    against: Iterable[str] = ("country", "world"),
    silent: int = SILENT,
    thin: int = THIN,
) -> pd.DataFrame:
    """Tell what stands out of a level against wider ones.

    A value stands out where its interval does not meet the other's. More of it is then a
    `strength` or a `gap`; of what is neither good nor bad (concentration, size of teams, law
    suits) it is `above` or `below`. The rule is ours.

    Parameters
    ----------
    table : DataFrame, of `position`
    level : str, default "province"
    against : iterable of str, default ("country", "world")
    silent : int, default 10
        A value with a smaller n is not compared.
    thin : int, default 30
        Evidence of a verdict with a smaller n is called `thin`.

    Returns
    -------
    DataFrame, one row per wider level, view, unit and compared indicator, in that order
        level, region, against, view, indicator, unit_id, value, lo, hi, n, ref_value, ref_lo,
        ref_hi, ref_n, verdict (`strength`, `gap`, `above`, `below`, `undecided`), evidence
        (`thin`, `enough`; null where undecided), reason (null where decided; `intervals_meet`,
        `small_n`, or the reason why one side is undecided, with
        `reference:` before it for the other side), doc_ids, ref_ids.

    Raises
    ------
    TableError
        If a column is missing, or `table` lacks a level or a figure at one.

    Notes
    -----
    Two intervals of 95 % that do not meet are stronger evidence than one test at 5 % (with equal
    errors 0.6 %); with a hundred comparisons still expect one by chance. The level is part of the
    wider one, which draws the two together: a level that is most of the country cannot stand out.

    References
    ----------
    Schenker & Gentleman (2001), doi:10.1198/000313001317097960 (overlap of intervals).
    """
    check_columns(table, tuple(COLUMNS), "table")
    key = ["view", "indicator", "unit_id"]
    compared = [pair in COMPARED for pair in zip(table["view"], table["indicator"], strict=True)]
    rows = table[compared]
    own = rows[rows["level"] == level]
    if own.empty:
        msg = f"The table has no level {level!r}; it has {sorted(table['level'].unique())}."
        raise TableError(msg)
    parts = []
    for wider in against:
        other = rows.loc[
            rows["level"] == wider, [*key, "value", "lo", "hi", "n", "doc_ids", "reason"]
        ]
        other = other.rename(columns={name: f"ref_{name}" for name in other if name not in key})
        other = other.rename(columns={"ref_doc_ids": "ref_ids"})
        both = own.merge(other, on=key, validate="one_to_one").assign(against=wider)
        if len(both) < len(own):
            msg = (
                f"{len(own) - len(both)} figure(s) of level {level!r} have no counterpart at "
                f"{wider!r}. Give the table of `position` whole."
            )
            raise TableError(msg)
        parts.append(both)
    frame = pd.concat(parts, ignore_index=True)
    judged = [_judged(row, silent=silent) for row in frame.to_dict("records")]
    frame["verdict"] = [verdict for verdict, _ in judged]
    frame["reason"] = pd.Series([reason for _, reason in judged], dtype="str")
    amount = pd.Series("enough", index=frame.index, dtype="str")
    amount = amount.mask(frame[["n", "ref_n"]].min(axis=1) < thin, "thin")
    frame["evidence"] = amount.where(frame["verdict"] != "undecided")
    order = [
        "level", "region", "against", *key, "value", "lo", "hi", "n", "ref_value", "ref_lo",
        "ref_hi", "ref_n", "verdict", "evidence", "reason", "doc_ids", "ref_ids",
    ]  # fmt: skip
    return frame[order]


def _judged(row: Mapping[Any, Any], *, silent: int) -> tuple[str, str | None]:
    if isinstance(row["reason"], str):
        return "undecided", row["reason"]
    if isinstance(row["ref_reason"], str):
        return "undecided", f"reference:{row['ref_reason']}"
    if min(row["n"], row["ref_n"]) < silent:
        return "undecided", "small_n"
    better = COMPARED[str(row["view"]), str(row["indicator"])]
    if row["lo"] > row["ref_hi"]:
        return ("strength" if better > 0 else "above"), None
    if row["hi"] < row["ref_lo"]:
        return ("gap" if better > 0 else "below"), None
    return "undecided", "intervals_meet"
