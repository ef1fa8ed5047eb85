"""Chapter 5: position (定位): levels in five views, strengths and gaps, high value, cities."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foresight.brief.escape import md_text
from foresight.brief.navigation.claims_position import gap_key, gaps_told
from foresight.brief.navigation.tables import Sheet, rows_of
from foresight.brief.navigation.words import (
    AGREEMENT,
    CRITERIA,
    EVIDENCE,
    INDICATORS,
    LEVELS,
    REASONS,
    STATES,
    VERDICTS,
    VIEWS,
    figure_cell,
    reason,
    region_name,
    say,
)
from foresight.brief.sections.blocks import bullets, heading, table
from foresight.brief.wording import (
    ABSENT,
    count,
    missing,
    small_percent,
)

WHOLE = "浙江"  # the row of `regions` of the whole province
REGIONS_SHOWN = 8
REASONS_SHOWN = 3


def position(sheet: Sheet) -> list[str]:
    """The chapter."""
    return [
        heading(2, sheet.pick("5. 导航分析：定位", "5. Analysis: position")),
        *_views(sheet),
        *_comparison(sheet),
        *_high_value(sheet),
        *_cities(sheet),
    ]


def _views(sheet: Sheet) -> list[str]:
    frame, lang, levels = sheet.tables.frames["position"], sheet.lang, sheet.tables.levels
    own = frame[frame["unit_id"] == sheet.tables.slug]
    rows: list[list[str]] = []
    for view in VIEWS:
        part = own[own["view"] == view]
        alike: dict[tuple[str, ...], list[str]] = {}
        for name in sorted(dict.fromkeys(part["indicator"]), key=list(INDICATORS).index):
            cells = tuple(_cell(part, level, name, lang) for level in levels)
            alike.setdefault(cells, []).append(say(INDICATORS, name, lang))
        joiner = "、" if lang == "zh" else "; "
        rows += [[say(VIEWS, view, lang), joiner.join(names), *cells]
                 for cells, names in alike.items()]  # fmt: skip
    heads = [
        sheet.pick("视角", "View"),
        sheet.pick("指标", "Indicator"),
        *(say(LEVELS, level, lang) for level in levels),
    ]
    lines = [sheet.claim(f"level:{level}") for level in levels[1:]]
    return [
        heading(3, sheet.pick("5.1 五个视角", "5.1 Five views")),
        *bullets(lines),
        *table(
            heads,
            rows,
            widths=[3, 4, *(5 for _ in levels)],
            caption=sheet.caption(
                "全赛道在各层级的指标（括号内为 95% 区间，n 为所依件数）",
                "The track at each level (95% interval in brackets, n: what it rests on)",
            ),
        ),
        *_structure(sheet),
        sheet.pick(
            "每个数值的文献编号见 `position.csv`。省、市只含地点可知的专利，机构与人员是参与者，"
            "不必常驻。",
            "`position.csv` lists the documents of every figure. A level holds patents of known "
            "place; organisations and people took part there and need not sit there.",
        ),
    ]


def _structure(sheet: Sheet) -> list[str]:
    """Branches at every level: families, and the region's specialisation."""
    frame, lang = sheet.tables.frames["position"], sheet.lang
    rows = []
    for unit in sheet.tables.branches:
        part = frame[frame["unit_id"] == unit]
        if part.empty:
            continue
        counts = []
        for level in sheet.tables.levels:
            one = part[(part["level"] == level) & (part["indicator"] == "documents")]
            row = next(rows_of(one))
            counts.append(reason(row.reason, lang) if missing(row.value) else count(row.value))
        level = sheet.tables.levels[-1]
        shares = [_cell(part, one, "branch_share", lang) for one in ("world", level)]
        rows.append([sheet.label(unit), *counts, *shares, _cell(part, level, "rta", lang)])
    levels = [say(LEVELS, level, lang) for level in sheet.tables.levels]
    own = levels[-1]
    return table(
        [
            sheet.pick("分支", "Branch"),
            *levels,
            sheet.pick("全球近五年占比", "World, share of five years"),
            sheet.pick(f"{own}近五年占比", f"{own}, share of five years"),
            f"{own} RTA",
        ],
        rows,
        widths=[4, *(2 for _ in levels), 4, 4, 4],
        right=range(1, 1 + len(levels)),
        caption=sheet.caption(
            "产业结构：各分支的专利族、占比与专业化", "Structure: families, shares, specialisation"
        ),
    )


def _cell(part: pd.DataFrame, level: str, name: str, lang: str) -> str:
    rows = part[(part["level"] == level) & (part["indicator"] == name)]
    if rows.empty:
        return ABSENT
    row = next(rows_of(rows))
    if missing(row.value):
        return reason(row.reason, lang)
    return f"{figure_cell(name, row.value, row.lo, row.hi, lang)}, n={count(row.n)}"


def _comparison(sheet: Sheet) -> list[str]:
    frame, lang = sheet.tables.frames["strengths"], sheet.lang
    told = gaps_told(sheet.tables)
    rows = [
        [
            say(VERDICTS, row.verdict, lang) + sheet.mark(gap_key(row)),
            sheet.label(row.unit_id),
            say(INDICATORS, row.indicator, lang),
            _with_n(row.indicator, (row.value, row.lo, row.hi), row.n, lang),
            f"{say(LEVELS, row.against, lang)} "
            + _with_n(row.indicator, (row.ref_value, row.ref_lo, row.ref_hi), row.ref_n, lang),
            say(EVIDENCE, row.evidence, lang),
        ]
        for row in rows_of(told)
    ]
    region = sheet.tables.region(lang)
    open_ = frame[frame["verdict"] == "undecided"]["reason"].value_counts()
    named = [
        f"{reason(why, lang)} {count(n)}" for why, n in list(open_.items())[: 2 * REASONS_SHOWN]
    ]
    whole, undecided = count(len(frame)), count(int(open_.sum()))
    listed = "、".join(named) if lang == "zh" else ", ".join(named)
    return [
        heading(3, sheet.pick("5.2 优势与差距", "5.2 Strengths and gaps")),
        *table(
            sheet.heads(
                f"判定|单元|指标|{region}|参照|证据",
                f"Verdict|Unit|Indicator|{region}|Reference|Evidence",
            ),
            rows,
            widths=[3, 4, 4, 5, 6, 2],
            caption=sheet.caption("区间不相交的比较", "Comparisons whose intervals do not meet"),
        ),
        sheet.pick(
            f"共作 {whole} 项比较，{undecided} 项不能判定：{listed}。区间不相交才称优势或差距，"
            "一方不足 30 件的标为证据薄。",
            f"Of {whole} comparisons {undecided} are undecided: {listed}. A strength or gap needs "
            "intervals that do not meet; below 30 documents on a side its evidence is thin.",
        ),
    ]


def _with_n(name: str, parts: tuple[Any, Any, Any], n: Any, lang: str) -> str:
    return f"{figure_cell(name, *parts, lang)}, n={count(n)}"


def _high_value(sheet: Sheet) -> list[str]:
    shares, lang = sheet.tables.frames["high_value_share"], sheet.lang
    judged = sheet.tables.frames["high_value"]
    judged = judged[judged["stands"]]
    blocks = [heading(3, sheet.pick("5.3 高价值发明专利", "5.3 High-value patents"))]
    own = shares[shares["unit_id"] == sheet.tables.slug]
    first = next(rows_of(own))
    counts = f"{count(first.n_valid)} / {count(first.n_invalid)} / {count(first.n_valid_undecided)}"
    blocks.append(
        sheet.pick(
            f"有效性（有效 / 无效 / 不能判定）：{counts}，共 {count(first.n_patents)} 个专利族，"
            f"每族取最可能有效的一件。不能判定的主因：{_whys(judged, 'valid', lang)}。",
            f"Validity (valid / not / undecided): {counts} of {count(first.n_patents)} families, "
            "each by the member most likely to be valid. Undecided mainly because: "
            f"{_whys(judged, 'valid', lang)}.",
        )
    )
    rows = [
        [
            say(CRITERIA, row.criterion, lang) + sheet.mark(f"value:{row.criterion}"),
            count(row.n_yes),
            count(row.n_no),
            count(row.n_undecided),
            figure_cell("share", row.share, row.lo, row.hi, lang),
            f"{small_percent(row.if_no)} / {small_percent(row.if_yes)}",
            ABSENT if row.criterion == "high_value" else _whys(judged, row.criterion, lang),
        ]
        for row in rows_of(own)
    ]
    blocks += table(
        sheet.heads(
            "类别|是|否|不能判定|占可判定者（区间）|未定全否/全是|全部专利族不能判定的主因",
            "Category|Yes|No|Undecided|Of the decided (interval)|If no/yes|Undecided families",
        ),
        rows,
        widths=[5, 1, 1, 2, 4, 3, 5],
        right=[1, 2, 3],
        caption=sheet.caption(
            "有效发明专利按五类官方标准的判定", "Valid patents by the five official categories"
        ),
    )
    named = (
        sheet.pick("调用者提供的官方参照表", "the official one, given by the caller")
        if sheet.tables.facts["strategic"]
        else sheet.pick(
            "规划赛道的核心分类号，代替未随附的官方参照表，只判“是”不判“否”",
            "core classes of the plan's tracks in place of the official one, which is not shipped; "
            "they make yes, never no",
        )
    )
    return [
        *blocks,
        sheet.pick(
            f"战略性新兴产业分类表：{named}。数据缺失只记“不能判定”，不记“否”；"
            "逐件结果见 `high_value.csv`。",
            f"Table of strategic industries: {named}. Missing data make undecided, never no; "
            "`high_value.csv` has every patent.",
        ),
    ]


def _whys(judged: pd.DataFrame, name: str, lang: str) -> str:
    """The commonest reasons for which a part is undecided."""
    from foresight.navigation.high_value_rules import REASONS as WHYS

    open_ = judged.loc[judged[name] == "undecided", f"why_{name}"].value_counts()
    texts = [f"{say(WHYS, why, lang)} {count(n)}" for why, n in list(open_.items())[:2]]
    return ("、" if lang == "zh" else ", ").join(texts) or ABSENT


def _cities(sheet: Sheet) -> list[str]:
    blocks = [heading(3, sheet.pick("5.4 区域与城市", "5.4 Regions and cities"))]
    silent = sheet.tables.facts["silent"]
    if "regions" in silent:
        why = say(REASONS, silent["regions"], sheet.lang)
        return [*blocks, sheet.pick(f"无法给出：{why}。", f"Cannot be given: {why}.")]
    blocks += _largest(sheet)
    blocks += _city_table(sheet)
    if "niches" in silent:
        why = say(REASONS, silent["niches"], sheet.lang)
        blocks.append(sheet.pick(f"关联密度无法给出：{why}。", f"No relatedness density: {why}."))
    return [*blocks, *_agreement(sheet)]


def _largest(sheet: Sheet) -> list[str]:
    frame, lang = sheet.tables.frames["regions"], sheet.lang
    rows = frame[frame["kind"].isin(["state", "country"])]
    rows = rows.sort_values(["n_docs", "region"], ascending=[False, True]).head(REGIONS_SHOWN)
    cells = [
        [
            md_text(region_name(row.region, lang)),
            count(row.n_docs),
            count(row.n_region),
            figure_cell("rta", row.rta_shrunk, row.rta_lo, row.rta_hi, lang),
        ]
        for row in rows_of(rows)
    ]
    return table(
        sheet.heads(
            "国家或州（省）|本赛道|24 个赛道合计|RTA（收缩，区间）",
            "Country or state|This track|All 24 tracks|RTA (shrunk, interval)",
        ),
        cells,
        widths=[4, 2, 3, 4],
        right=[1, 2],
        caption=sheet.caption(
            "本赛道专利族最多的地区（全部见 regions.csv）",
            "Regions with most families of the track (all in regions.csv)",
        ),
    )


def _city_table(sheet: Sheet) -> list[str]:
    lang = sheet.lang
    regions = {row.region: row for row in rows_of(sheet.tables.frames["regions"])}
    niches = {row.region: row for row in rows_of(sheet.tables.frames["niches"])}
    agreement = sheet.tables.frames["agreement"]
    rows = []
    for city in [WHOLE, *dict.fromkeys(agreement["region"])]:
        known, niche = regions.get(city), niches.get(city)
        rta, sure = ABSENT, False
        if known is not None:
            sure = known.rta_lo > 1
            rta = figure_cell("rta", known.rta_shrunk, known.rta_lo, known.rta_hi, lang)
        state = "" if niche is None else say(STATES, niche.state, lang)
        density = ABSENT
        if niche is not None and niche.state != "silent":
            parts = (niche.density, niche.density_lo, niche.density_hi)
            density = figure_cell("relatedness_density", *parts, lang)
            why = reason(niche.reason, lang)
            state += f"（{why}）" if why and lang == "zh" else f" ({why})" if why else ""
        if sure:
            state = say(STATES, "speciality", lang)
            if niche is not None and niche.state == "silent":
                state += sheet.pick("，证据薄", ", thin evidence")
        elif niche is None:
            known_above = known is not None and bool(sheet.tables.frames["niches"].shape[0])
            state = say(STATES, "above" if known_above else "silent", lang)
        if city == WHOLE:
            state = sheet.pick("全省合计", "the province as a whole")
        rows.append(
            [
                md_text(sheet.tables.place(city, lang)) + sheet.mark(f"city:{city}"),
                count(known.n_docs if known is not None else 0),
                count(known.n_region if known is not None else 0),
                rta,
                density,
                state,
            ]
        )
    return table(
        sheet.heads(
            "城市|本赛道|24 个赛道合计|RTA（收缩，区间）|关联密度（区间）|判断",
            "City|This track|All 24 tracks|RTA (shrunk, interval)|Density (interval)|Reading",
        ),
        rows,
        widths=[3, 2, 3, 4, 4, 5],
        right=[1, 2],
        caption=sheet.caption("浙江及各市在本赛道的位置", "Zhejiang and its cities in this track"),
    )


def _agreement(sheet: Sheet) -> list[str]:
    frame, lang = sheet.tables.frames["agreement"], sheet.lang
    lines = []
    for row in rows_of(frame[frame["role"] == "both"]):
        if row.verdict == "undecided" and row.reason in {"few_documents", "nothing_listed"}:
            continue
        value = figure_cell("rta", row.rta_shrunk, row.rta_lo, row.rta_hi, lang)
        verdict, n = say(AGREEMENT, row.verdict, lang), count(row.n_docs)
        lines.append(
            sheet.pick(
                f"{row.region}与规划清单（{count(row.n_units)} 个赛道）："
                f"{verdict}，RTA {value}，清单内 {n} 件、共 {count(row.n_region)} 件。",
                f"{sheet.tables.place(row.region, lang)} and the plan's list "
                f"({count(row.n_units)} tracks): {verdict}, RTA {value}, {n} of "
                f"{count(row.n_region)} documents in listed tracks.",
            )
        )
    silent = len(frame[frame["role"] == "both"]) - len(lines)
    if silent:
        rest, other = ("其余 ", "other ") if lines else ("", "")
        lines.append(
            sheet.pick(
                f"{rest}{silent} 市不足 20 件，与规划清单的一致性不作判断（`agreement.csv`）。",
                f"{silent} {other}cities have fewer than 20 documents: no verdict on the plan's "
                "list (`agreement.csv`).",
            )
        )
    return bullets(lines)
