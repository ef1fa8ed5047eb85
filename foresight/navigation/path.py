"""Path: recommendations by stated rules, each with the documents behind it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foresight.errors import SettingsError
from foresight.indicators.aggregate import check_columns
from foresight.navigation.path_rules import INPUTS, RULES, Rule, Tables

CHAPTERS = ("structure", "enterprises", "talent", "technology", "layout")
THIN = 30  # documents behind a recommendation
COLUMNS = [
    "chapter", "rule", "kind", "subject", "region", "unit_id", "measure", "value", "lo", "hi",
    "n", "evidence", "doc_ids", "reason",
]  # fmt: skip


def rules() -> pd.DataFrame:
    """List the rules by which the path recommends; all are ours.

    Returns
    -------
    DataFrame, one row per rule, in the order of the chapters
        id, chapter (`structure` 结构优化, `enterprises` 企业培育引进整合, `talent` 人才培养与引进,
        `technology` 技术创新与协同, `layout` 专利布局与运营), kind, needs (tables of `path`,
        ";"-joined), condition_zh, condition_en.
    """
    rows = [(r.id, r.chapter, r.kind, ";".join(r.needs), r.zh, r.en) for r in RULES]
    names = ["id", "chapter", "kind", "needs", "condition_zh", "condition_en"]
    return pd.DataFrame(rows, columns=names)


def path(tables: Tables, *, region: str, track: str | None = None) -> pd.DataFrame:
    """Recommend, chapter by chapter, what the tables give evidence for.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Those that are known, of:
        `gaps`, of `foresight.navigation.position.strengths_and_gaps`;
        `niches`, of `foresight.navigation.niches.niches`;
        `regions`, of `foresight.navigation.regions.region_track`, with the `kind` of
        `counting_regions`;
        `directions`, of `foresight.navigation.control.branch_trends`;
        `organisations`, of `foresight.navigation.organisations.organisations`, with `local`;
        `people`, of `foresight.navigation.teams.shortlist`, with `local`;
        `control`, of `foresight.navigation.control.control_index`, with `local`;
        `white_space`, of `foresight.navigation.white_space.white_space`.
        `local` (boolean) as `foresight.navigation.presence.presence` gives it.
        A null in `local` is neither here nor elsewhere. doc_ids are ";"-joined.
    region : str
        What the recommendations are for; those of `niches` and `regions` name their own city.
    track : str, optional
        Of `niches` and `regions` only this track and its sub-directions (`track/…`) count; all
        when absent.

    Returns
    -------
    DataFrame, by chapter and rule, the best founded first
        chapter, rule (id; see `rules`), kind, subject (branch, organisation, person id, effect),
        region, unit_id, measure (what value is), value, lo, hi, n, evidence (`thin` with n below
        30, or as the table says; `enough`), doc_ids, reason. A chapter without a recommendation
        has one row of kind `none` whose reason gives for each rule why: `no_table:` and the
        tables that lack, `undecided:` and the reasons of `gaps` where none of its indicators is
        decided, `not_met`, or `no_evidence` (met, but by rows without documents).

    Raises
    ------
    TableError
        If a table lacks a column.
    SettingsError
        If a table's name is unknown.

    Notes
    -----
    Nothing is recommended without documents. Where a rule holds against country and world, the
    first row of `gaps` is shown. Rules look at one unit at a time: that two recommendations may
    exclude each other is for the reader to see.
    """
    unknown = sorted(set(tables) - set(INPUTS))
    if unknown:
        msg = f"Unknown table(s) {', '.join(unknown)}. Known are: {', '.join(INPUTS)}."
        raise SettingsError(msg)
    for name, table in tables.items():
        check_columns(table, INPUTS[name], name)
    if track is not None:
        own = {name: _of_track(tables[name], track) for name in ("niches", "regions")
               if name in tables}  # fmt: skip
        tables = {**tables, **own}
    parts: list[pd.DataFrame] = []
    for chapter in CHAPTERS:
        reasons, found = [], []
        for rule in RULES:
            if rule.chapter != chapter:
                continue
            rows, reason = _applied(rule, tables, region)
            reasons.append(f"{rule.id} {reason}")
            found += [] if rows.empty else [rows]
        if not found:
            row = {"chapter": chapter, "kind": "none", "region": region, "doc_ids": ""}
            found = [pd.DataFrame([{**row, "reason": "; ".join(reasons)}])]
        parts += found
    types: dict[str, str] = dict.fromkeys(("value", "lo", "hi"), "float64") | {"n": "Int64"}
    rest = [name for name in COLUMNS if name not in types]
    types |= dict.fromkeys(rest, "str")
    frames = [part.reindex(columns=COLUMNS).astype(types) for part in parts]
    return pd.concat(frames, ignore_index=True)


def _applied(rule: Rule, tables: Tables, region: str) -> tuple[pd.DataFrame, str]:
    """Recommendations of a rule, and why there are none."""
    lacking = [name for name in rule.needs if name not in tables]
    if lacking:
        return pd.DataFrame(), f"no_table:{','.join(lacking)}"
    if rule.reads:
        gaps = tables["gaps"][tables["gaps"]["indicator"].isin(rule.reads)]
        if (gaps["verdict"] == "undecided").all():
            reasons = sorted(set(gaps["reason"].dropna())) or ["not_in_gaps"]
            return pd.DataFrame(), f"undecided:{','.join(reasons)}"
    rows = rule.find(tables)
    if rows.empty:
        return rows, "not_met"
    rows = rows[(rows["doc_ids"].fillna("") != "") & (rows["n"] > 0)]
    if rows.empty:
        return rows, "no_evidence"
    rows = rows.assign(region=rows.get("region", region))
    rows = rows.drop_duplicates(["region", "subject", "unit_id"], keep="first")
    rows = rows.assign(chapter=rule.chapter, rule=rule.id, kind=rule.kind)
    amount = pd.Series(np.where(rows["n"] < THIN, "thin", "enough"), index=rows.index)
    rows["evidence"] = rows["evidence"].fillna(amount) if "evidence" in rows else amount
    by = ["region", "evidence", "n", "subject", "unit_id"]
    return rows.sort_values(by, ascending=[True, True, False, True, True]), ""


def _of_track(table: pd.DataFrame, track: str) -> pd.DataFrame:
    units = table["unit_id"].fillna("").astype("str")
    return table[(units == track) | units.str.startswith(f"{track}/")]
