"""Claims of chapters 3 and 4 of a navigation report: data, direction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from foresight.brief.claims.model import Claim, claim_of, quoted
from foresight.brief.claims.retrieval import TEXTS
from foresight.brief.navigation.tables import NavigationTables, rows_of, split_ids
from foresight.brief.navigation.words import (
    COURSES,
    figure_prose,
    say,
)
from foresight.brief.wording import (
    count,
    date,
    decimal,
    documents,
    growth_texts,
    pick,
    small_percent,
    with_interval,
    years,
)

NAMED = 4  # leaders of a branch
CONTROLLERS = 3  # of a branch, by the control index


def counted_ids(tables: NavigationTables) -> tuple[str, ...]:
    """Counted documents of the track."""
    return split_ids(_unit(tables, tables.slug)["all_ids"])


def _unit(tables: NavigationTables, unit: str) -> Any:
    rows = tables.frames["direction"]
    return rows[rows["unit_id"] == unit].iloc[0]


def size_claims(tables: NavigationTables) -> Iterable[Claim]:
    """How many families, and how many of them granted."""
    ids, granted = counted_ids(tables), int(tables.facts["n_granted"])
    first, last = tables.window
    recent = int(_unit(tables, tables.slug)["n_docs"])

    def size(lang: str) -> str:
        day, span = date(tables.facts["as_of"], lang), years(first, last, lang)
        return pick(
            lang,
            f"截至{day}，本赛道有专利族 {count(len(ids))} 个，其中 {count(granted)} 个已有授权，"
            f"{count(len(ids) - granted)} 个只见申请；{span}公开 {count(recent)} 个。",
            f"As of {day} the track has {count(len(ids))} patent families: {count(granted)} with a "
            f"grant, {count(len(ids) - granted)} known by applications alone; {count(recent)} "
            f"became public in {span}.",
        )

    yield claim_of(
        "size", 3, size, unit_id=tables.slug, value=len(ids), n=len(ids), unit="documents",
        doc_ids=ids,
    )  # fmt: skip


def retrieval_claims(tables: NavigationTables) -> Iterable[Claim]:
    """Precision and recall, where a labelled sample tells them."""
    found = tables.retrieval
    if found is None or found.terms_changed:
        return
    for key in ("precision", "recall"):
        share = getattr(found.quality, key)
        if share is None:
            continue

        def words(lang: str, key: str = key, share: Any = share) -> str:
            value, lo, hi = (small_percent(part) for part in (share.value, share.lo, share.hi))
            text = pick(lang, *TEXTS[key])
            return text.format(share=with_interval(value, lo, hi, lang), n=count(share.n))

        yield claim_of(
            key, 3, words, unit_id=tables.slug, value=share.value, lo=share.lo, hi=share.hi,
            n=share.n, unit="share", doc_ids=found.doc_ids,
        )  # fmt: skip


def courses_claims(tables: NavigationTables) -> Iterable[Claim]:
    """The course of the track and of every branch whose growth could be estimated."""
    first, last = tables.window
    rows = tables.frames["direction"]
    for row in rows_of(rows[rows["growth"].notna()]):

        def words(lang: str, row: Any = row) -> str:
            name = quoted(tables.label(row.unit_id, lang), lang)
            change = with_interval(*growth_texts(row.growth, row.lo, row.hi), lang)
            course, n = say(COURSES, row.course, lang), documents(row.n_docs, lang)
            span = years(first, last, lang)
            return pick(
                lang,
                f"{name}：{course}，{span}占语料专利的份额年均变化 {change}（{n}）。",
                f"{name}: {course}; over {span} its share of the corpus's patents changed by "
                f"{change} a year ({n}).",
            )

        yield claim_of(
            f"course:{row.unit_id}", 4, words, unit_id=row.unit_id, value=row.growth, lo=row.lo,
            hi=row.hi, n=int(row.n_docs), unit="log share per year", doc_ids=split_ids(row.doc_ids),
        )  # fmt: skip


def leaders_of(tables: NavigationTables, cell: object, lang: str, most: int = NAMED) -> str:
    """Names of the organisations of a cell of ids."""
    names = [tables.organisation_names.get(org, org) for org in split_ids(cell)[:most]]
    return "、".join(names) if lang == "zh" else "; ".join(names).rstrip(".")


def concentration_claims(tables: NavigationTables) -> Iterable[Claim]:
    """CR4 of the track and of every branch with enough documents."""
    rows = tables.frames["concentration"]
    if rows.empty:
        return
    rows = rows[(rows["measure"] == "cr4") & rows["value"].notna()]
    first, last = tables.window
    for row in rows_of(rows):

        def words(lang: str, row: Any = row) -> str:
            name = quoted(tables.label(row.unit_id, lang), lang)
            value = figure_prose("cr4", row.value, row.lo, row.hi, lang)
            leaders, span = leaders_of(tables, row.leaders, lang), years(first, last, lang)
            return pick(
                lang,
                f"{name}：{span}前四家机构持有 {value}（{count(row.n_docs)} 件，"
                f"{count(row.n_orgs)} 家），依次为 {leaders}。",
                f"{name}: in {span} the first four organisations hold {value} of "
                f"{documents(row.n_docs, lang)} of {count(row.n_orgs)} organisations: {leaders}.",
            )

        yield claim_of(
            f"cr4:{row.unit_id}", 4, words, unit_id=row.unit_id, value=row.value, lo=row.lo,
            hi=row.hi, n=int(row.n_docs), unit="share", doc_ids=split_ids(row.doc_ids),
        )  # fmt: skip


def core_claims(tables: NavigationTables) -> Iterable[Claim]:
    """How many core patents there are, where any is decided."""
    rows = tables.frames["core"]
    counts = rows["core"].value_counts()
    core, other = (int(counts.get(name, 0)) for name in ("yes", "no"))
    if not core + other:
        return

    def words(lang: str) -> str:
        open_ = count(len(rows) - core - other)
        return pick(
            lang,
            f"可判定的 {count(core + other)} 件中核心专利 {count(core)} 件，"
            f"另有 {open_} 件不能判定。",
            f"Of {count(core + other)} patents that can be told {count(core)} are core; {open_} "
            "cannot be told.",
        )

    yield claim_of(
        "core", 4, words, unit_id=tables.slug, value=core, n=core + other, unit="documents",
        doc_ids=rows.loc[rows["core"] == "yes", "doc_id"],
    )  # fmt: skip


def control_claims(tables: NavigationTables) -> Iterable[Claim]:
    """The strongest by the control index, of the track and every branch that has one."""
    rows = tables.frames["control"]
    rows = rows[(rows["status"] == "decided") & (rows["control"] > 0)]
    for row in rows_of(rows.groupby("unit_id", sort=False).head(CONTROLLERS)):

        def words(lang: str, row: Any = row) -> str:
            name = quoted(tables.label(row.unit_id, lang), lang)
            parts = (row.control, row.control_lo, row.control_hi)
            value = figure_prose("control_index", *parts, lang)
            core = f"{count(row.n_core)}/{count(row.n_unit_core)}"
            cited = f"{small_percent(row.citation_share)}"
            return pick(
                lang,
                f"{name}：{row.org}的控制指数为 {value}（核心专利 {core} 件，他人引用份额 {cited}；"
                f"专利 {count(row.n_docs)} 件）。",
                f"{name}: control index of {row.org} {value} ({core} core patents, {cited} of the "
                f"citations by others, {documents(row.n_docs, lang)}).",
            )

        yield claim_of(
            f"control:{row.unit_id}|{row.org_id}", 4, words, unit_id=row.unit_id,
            value=row.control, lo=row.control_lo, hi=row.control_hi, n=int(row.n_docs),
            unit="control index 0-1", doc_ids=split_ids(row.doc_ids),
        )  # fmt: skip


def cells_told(tables: NavigationTables) -> pd.DataFrame:
    """Cells of the matrix judged open or closed, open ones first."""
    rows = tables.frames["white_space"]
    rows = rows[rows["status"].isin(["open", "closed"])]
    return rows.sort_values(["status", "unit_id", "effect"], ascending=[False, True, True])


def cells_claims(tables: NavigationTables) -> Iterable[Claim]:
    """Empty cells of technology and effect that are told open or closed."""
    names = effect_names()
    for row in rows_of(cells_told(tables)):

        def words(lang: str, row: Any = row) -> str:
            what = quoted(
                f"{tables.label(row.unit_id, lang)} × {say(names, row.effect, lang)}", lang
            )
            n, expected = count(row.n), decimal(row.expected)
            near = figure_prose(
                "neighbours_against_expected", row.ratio_near, row.near_lo, row.near_hi, lang
            )
            state = pick(lang, "尚无人做", "open") if row.status == "open" else pick(
                lang, "周边同样空缺或曾试后停", "closed"
            )  # fmt: skip
            return pick(
                lang,
                f"{what}：{state}；仅 {n} 件，按独立分布应有 {expected} 件，"
                f"相邻单元为期望的 {near} 倍。",
                f"{what}: {state}; {n} documents where independence would give {expected}, the "
                f"neighbours at {near} times what is expected.",
            )

        ids = {*split_ids(row.doc_ids), *split_ids(row.near_ids), *split_ids(row.enabling_ids)}
        yield claim_of(
            f"cell:{row.unit_id}|{row.effect}", 4, words, unit_id=row.unit_id, value=row.n,
            n=len(ids), unit="documents", doc_ids=ids,
        )  # fmt: skip


def effect_names() -> dict[str, tuple[str, str]]:
    """Names of the effects of the lexicon."""
    from foresight.navigation.effects import load_effects

    return {effect.id: (effect.zh, effect.en) for effect in load_effects()}
