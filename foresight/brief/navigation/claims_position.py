"""Claims of chapters 5 and 6 of a navigation report: position, path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from foresight.brief.claims.model import Claim, claim_of, quoted
from foresight.brief.navigation.claims_direction import counted_ids, effect_names
from foresight.brief.navigation.tables import NavigationTables, Recommendation, rows_of, split_ids
from foresight.brief.navigation.words import (
    ACTIONS,
    AGAINST_ONE,
    CRITERIA,
    EVIDENCE,
    INDICATORS,
    LEVELS,
    MEASURES,
    VERDICTS,
    figure_prose,
    say,
)
from foresight.brief.wording import count, listing, pick, small_percent

UNITS_NAMED = 3  # branches named of a recommendation; the rest are counted


def _position(tables: NavigationTables, level: str, indicator: str) -> Any | None:
    """A row of `position` about the track; None where it is undecided."""
    rows = tables.frames["position"]
    rows = rows[
        (rows["level"] == level)
        & (rows["indicator"] == indicator)
        & (rows["unit_id"] == tables.slug)
        & rows["value"].notna()
    ]
    return None if rows.empty else next(rows_of(rows))


def levels_claims(tables: NavigationTables) -> Iterable[Claim]:
    """The part of each level in the world; where it has none, that rests on all documents."""
    everything = counted_ids(tables)
    for level in tables.levels[1:]:
        row = _position(tables, level, "share_of_world")
        if row is None:
            continue

        def words(lang: str, row: Any = row, level: str = level) -> str:
            name = tables.region(lang) if level == tables.facts["region"]["level"] else (
                say(LEVELS, level, lang)
            )  # fmt: skip
            share = figure_prose("share_of_world", row.value, row.lo, row.hi, lang)
            inside = count(tables.facts["levels"][level]["inside"])
            return pick(
                lang,
                f"{name}：地点可知的 {count(row.n)} 个专利族中涉及 {inside} 个，占 {share}。",
                f"{name}: involved in {inside} of the {count(row.n)} families whose place is "
                f"known, {share}.",
            )

        yield claim_of(
            f"level:{level}", 5, words, unit_id=tables.slug, value=row.value, lo=row.lo, hi=row.hi,
            n=int(row.n), unit="share", doc_ids=split_ids(row.doc_ids) or everything,
        )  # fmt: skip


def gap_key(row: Any) -> str:
    """Key of the claim on a comparison."""
    return f"gap:{row.against}|{row.view}|{row.indicator}|{row.unit_id}"


def gaps_told(tables: NavigationTables) -> pd.DataFrame:
    """Comparisons that are decided."""
    rows = tables.frames["strengths"]
    return rows[rows["verdict"] != "undecided"]


def gaps_claims(tables: NavigationTables) -> Iterable[Claim]:
    """What stands out of the region."""
    for row in rows_of(gaps_told(tables)):

        def words(lang: str, row: Any = row) -> str:
            name = quoted(tables.label(row.unit_id, lang), lang)
            what, verdict = say(INDICATORS, row.indicator, lang), say(VERDICTS, row.verdict, lang)
            own = figure_prose(row.indicator, row.value, row.lo, row.hi, lang)
            other = figure_prose(row.indicator, row.ref_value, row.ref_lo, row.ref_hi, lang)
            wider, thin = say(LEVELS, row.against, lang), say(EVIDENCE, row.evidence, lang)
            return pick(
                lang,
                f"{verdict}（对{wider}）：{name}{what} {own}，{wider} {other}；n = {count(row.n)} "
                f"对 {count(row.ref_n)}，证据{'薄' if row.evidence == 'thin' else '足够'}。",
                f"{verdict.capitalize()} against {wider.lower() if wider == 'World' else wider}: "
                f"{name}, {what} {own}, there {other}; n = {count(row.n)} and {count(row.ref_n)}, "
                f"evidence {thin}.",
            )

        yield claim_of(
            gap_key(row), 5, words, unit_id=row.unit_id, value=row.value, lo=row.lo, hi=row.hi,
            n=int(row.n), unit=row.indicator,
            doc_ids={*split_ids(row.doc_ids), *split_ids(row.ref_ids)},
        )  # fmt: skip


def value_claims(tables: NavigationTables) -> Iterable[Claim]:
    """The share of high-value patents, where any valid patent is decided."""
    rows = tables.frames["high_value_share"]
    rows = rows[(rows["unit_id"] == tables.slug) & rows["share"].notna()]
    for row in rows_of(rows):

        def words(lang: str, row: Any = row) -> str:
            share = figure_prose("high_value_share", row.share, row.lo, row.hi, lang)
            low, high = small_percent(row.if_no), small_percent(row.if_yes)
            what = say(CRITERIA, row.criterion, lang)
            return pick(
                lang,
                f"{what}：有效发明专利 {count(row.n_valid)} 件中，是 {count(row.n_yes)}、否 "
                f"{count(row.n_no)}、不能判定 {count(row.n_undecided)}；占可判定者 {share}，"
                f"未定者全否或全是时为 {low} 或 {high}。",
                f"{what}: of {count(row.n_valid)} valid invention patents {count(row.n_yes)} yes, "
                f"{count(row.n_no)} no, {count(row.n_undecided)} undecided; {share} of the "
                f"decided, {low} or {high} if all that is undecided were no or yes.",
            )

        yield claim_of(
            f"value:{row.criterion}", 5, words, unit_id=tables.slug, value=row.share, lo=row.lo,
            hi=row.hi, n=int(row.n_yes + row.n_no), unit="share",
            doc_ids=_decided(tables, str(row.criterion)),
        )  # fmt: skip


def _decided(tables: NavigationTables, criterion: str) -> pd.Series:
    """Valid patents for which a criterion is decided, one of each family."""
    rows = tables.frames["high_value"]
    rows = rows[rows["stands"] & (rows["valid"] == "yes")]
    return rows.loc[rows[criterion].isin(["yes", "no"]), "doc_id"]


def cities_claims(tables: NavigationTables) -> Iterable[Claim]:
    """Specialisation of the province, and of every city with a document of the track."""
    rows = tables.frames["regions"]
    here = (rows["kind"] == "city") & (rows["n_docs"].astype(float) > 0)
    rows = rows[here | (rows["kind"] == "whole")]
    for row in rows_of(rows):

        def words(lang: str, row: Any = row) -> str:
            value = figure_prose("rta", row.rta_shrunk, row.rta_lo, row.rta_hi, lang)
            n, whole = count(row.n_docs), count(row.n_region)
            sure = "above" if row.rta_lo > 1 else "below" if row.rta_hi < 1 else "level"
            return pick(
                lang,
                f"{row.region}：24 个赛道的 {whole} 件中本赛道 {n} 件，RTA（收缩）{value}，"
                f"{say(AGAINST_ONE, sure, lang)}。",
                f"{tables.place(row.region, lang)}: {n} of its {whole} documents in the 24 "
                f"tracks, RTA (shrunk) {value}, {say(AGAINST_ONE, sure, lang)}.",
            )

        yield claim_of(
            f"city:{row.region}", 5, words, unit_id=tables.slug, value=row.rta_shrunk,
            lo=row.rta_lo, hi=row.rta_hi, n=int(row.n_region), unit="RTA",
            doc_ids=split_ids(row.doc_ids) or counted_ids(tables),
        )  # fmt: skip


def recommendations_claims(tables: NavigationTables) -> Iterable[Claim]:
    """Every recommendation of the path."""
    names = effect_names()
    for one in tables.recommendations:

        def words(lang: str, one: Recommendation = one) -> str:
            return recommendation_text(tables, one, names, lang)

        lead = one.lead
        yield claim_of(
            one.key, 6, words, unit_id=";".join(one.units), value=lead["value"], lo=lead["lo"],
            hi=lead["hi"], n=int(lead["n"]), unit=str(lead["measure"]), doc_ids=one.doc_ids,
        )  # fmt: skip


def recommendation_text(
    tables: NavigationTables, one: Recommendation, effects: dict[str, tuple[str, str]], lang: str
) -> str:
    """A recommendation as a sentence: what, on whom, where, on which figure."""
    lead, rule = one.lead, str(one.lead["rule"])
    subject = str(lead["name"])
    if rule in {"T2", "L2"}:
        subject = say(effects, subject, lang)
    elif rule in {"L3", "L4"}:
        subject = say(INDICATORS, subject, lang)
    elif rule.startswith("S"):
        subject = tables.label(str(lead["subject"]), lang)
    organisation = lead["organisation"]
    if isinstance(organisation, str) and organisation and rule[0] in "PT" and rule != "T3":
        held = organisation.replace(";", pick(lang, "、", ", "))
        subject = pick(lang, f"{subject}（{held}）", f"{subject} ({held})")
    what = pick(lang, *ACTIONS[rule]).format(it=subject, region=tables.place(lead["region"], lang))
    units = [tables.label(unit, lang) for unit in one.units]
    more = len(units) - UNITS_NAMED
    where = listing(units[:UNITS_NAMED], lang) + (
        pick(lang, f"等 {len(units)} 个方向", f" and {more} more") if more > 0 else ""
    )
    measure, mark, against = str(lead["measure"]).partition(" against ")
    label = say(MEASURES, measure, lang)
    label = say(INDICATORS, measure, lang) if label == measure else label
    value = figure_prose(measure, lead["value"], lead["lo"], lead["hi"], lang)
    wider = pick(
        lang, f"，对{say(LEVELS, against, lang)}", f", against {say(LEVELS, against, lang)}"
    )
    wider = wider if mark else ""
    thin = pick(lang, "，证据薄", ", thin") if lead["evidence"] == "thin" else ""
    n = count(lead["n"])
    if rule.startswith("S"):
        return pick(lang, f"{what}：{label} {value}{wider}（n = {n}{thin}）。",
                    f"{what}: {label} {value}{wider} (n = {n}{thin}).")  # fmt: skip
    return pick(lang, f"{what}（{where}）：{label} {value}{wider}（n = {n}{thin}）。",
                f"{what} ({where}): {label} {value}{wider} (n = {n}{thin}).")  # fmt: skip
