"""Sections 6 and 7: patent navigation, people and organisations."""

from __future__ import annotations

from foresight.brief.claims import gaps
from foresight.brief.escape import md_text
from foresight.brief.reading import Unit
from foresight.brief.sections import standing
from foresight.brief.sections.analysis import growth_cell
from foresight.brief.sections.blocks import Page, bullets, heading, name_cell, table
from foresight.brief.sections.opening import zhejiang_line
from foresight.brief.wording import (
    ABSENT,
    COUNTRIES,
    as_text,
    bracketed,
    count,
    missing,
    probability,
    small_percent,
    term,
    years,
)

COUNTRIES_SHOWN = 10
ORGANISATIONS_SHOWN = 15


def navigation(page: Page) -> list[str]:
    """Section 6: direction, position, path."""
    title = heading(
        2,
        page.pick(
            "6. 专利导航：方向、定位、路径", "6. Patent navigation: direction, position, path"
        ),
    )
    if "patent" not in page.study.kinds:
        if int(page.study.corpus.years["n_patents"].sum()) == 0:
            text = page.pick(
                "本语料不含专利文献，本节不作专利导航分析。",
                "The corpus holds no patents, so there is no patent navigation.",
            )
        else:
            text = page.pick(
                "语料中没有属于本赛道的专利，本节不作专利导航分析。",
                "The corpus holds no patent of this track, so there is no patent navigation.",
            )
        return [title, text]
    return [
        title,
        *_direction(page),
        *standing.control(page),
        *_position(page),
        *standing.strengths(page),
        *_path(page),
        *standing.recommendations(page),
    ]


def _direction(page: Page) -> list[str]:
    units = [unit for unit in page.reading.of_kind("sub_direction") if unit.rate is not None]
    units.sort(key=lambda unit: (-(unit.rate or 0.0), unit.unit_id))
    first, last = page.reading.window
    window = years(first, last, page.lang)
    blocks = [heading(3, page.pick("方向：专利布局流向何处", "Direction: where filings move"))]
    if not units:
        return [
            *blocks,
            page.pick(
                "各细分方向的占比变化无法估计。",
                "No change in the share of a sub-direction can be estimated.",
            ),
        ]
    rows = [
        [
            page.name(unit),
            growth_cell(unit, page.lang),
            probability(unit.p_growth),
            count(unit.rate_n),
            _trend(page, unit),
        ]
        for unit in units
    ]
    headers = [
        page.pick("细分方向", "Sub-direction"),
        page.pick("占比年均变化（95% 置信区间）", "Share, yearly change (95% interval)"),
        page.pick("增长概率", "P(growth)"),
        page.pick(f"{window}文献数", f"Documents {window}"),
        page.pick("判断", "Reading"),
    ]
    return [
        *blocks,
        *table(
            headers,
            rows,
            widths=[5, 5, 2, 3, 3],
            right=[3],
            caption=page.caption(
                "细分方向按占比年均变化排列", "Sub-directions by yearly change in share"
            ),
        ),
    ]


def _trend(page: Page, unit: Unit) -> str:
    mark = page.claims.mark(f"rate:{unit.unit_id}")
    gap = page.pick("", " ") if mark else ""
    if unit.rising:
        return page.pick("升势明确", "clearly rising") + gap + mark
    if unit.fading:
        return page.pick("回落明确", "clearly falling") + gap + mark
    return page.pick("尚不能断定", "not settled") + gap + mark


def _position(page: Page) -> list[str]:
    study, lang = page.study, page.lang
    blocks = [
        heading(
            3, page.pick("定位：浙江、中国与其他国家", "Position: Zhejiang, China, other countries")
        )
    ]
    if not page.reading.has_countries:
        return [*blocks, zhejiang_line(page)]
    local = page.claim("zhejiang") if page.reading.has_places else zhejiang_line(page)
    blocks += bullets([local, *page.claim_list("place:")])
    shown = study.places.head(COUNTRIES_SHOWN)
    rows = [
        [
            md_text(term(COUNTRIES, row.country, lang)),
            count(row.n_docs),
            count(row.n_recent),
            _share_cell(row, lang),
        ]
        for row in shown.itertuples(index=False)
    ]
    headers = [
        page.pick("国家（地区）", "Country or region"),
        page.pick("文献数", "Documents"),
        page.pick("其中最近三个完整年度", "Last three complete years"),
        page.pick("占有地点文献的份额（区间）", "Share of placed documents (interval)"),
    ]
    blocks += table(
        headers,
        rows,
        widths=[4, 2, 4, 5],
        right=[1, 2],
        caption=page.caption("文献的国别（地区）分布", "Documents by country or region"),
    )
    total = count(len(study.places))
    blocks.append(
        page.pick(
            f"共 {total} 个国家（地区），表列前 {count(len(shown))} 个；"
            "一件文献可涉及多个国家（地区）。“中国”按地址国别代码统计，港澳台地区单列。",
            f"{total} countries and regions in all, the first {count(len(shown))} shown; a "
            "document may involve several. China is counted by the country code of addresses, "
            "with Hong Kong, Macao and Taiwan on lines of their own.",
        )
    )
    if page.reading.has_places:
        blocks += _zhejiang_table(page)
    return [*blocks, _places_note(page)]


def _share_cell(row: object, lang: str) -> str:
    texts = [small_percent(getattr(row, name)) for name in ("share", "lo", "hi")]
    return bracketed(texts[0], texts[1], texts[2], lang)


def _zhejiang_table(page: Page) -> list[str]:
    table_rows = page.study.zhejiang[page.study.zhejiang["unit_id"] != page.study.track.slug]
    rows = []
    for row in table_rows.itertuples(index=False):
        unit = page.reading.units.get(str(row.unit_id))
        rows.append(
            [
                name_cell(str(row.unit_id)) if unit is None else page.name(unit),
                count(row.n_placed),
                count(row.n_china),
                count(row.n_zhejiang),
                _share_cell(row, page.lang),
            ]
        )
    headers = [
        page.pick("细分方向", "Sub-direction"),
        page.pick("有地点文献", "Placed documents"),
        page.pick("涉及中国", "China"),
        page.pick("涉及浙江", "Zhejiang"),
        page.pick("浙江份额（区间）", "Zhejiang's share (interval)"),
    ]
    return table(
        headers,
        rows,
        widths=[5, 3, 2, 2, 5],
        right=[1, 2, 3],
        caption=page.caption("各细分方向中的浙江文献", "Documents from Zhejiang by sub-direction"),
    )


def _places_note(page: Page) -> str:
    return page.pick(
        "地点只取自载有地点的发明人（作者）记录，未载地点者不计入；"
        "份额按威尔逊区间给出 95% 置信区间，样本偏差见第 11 节。",
        "Places come only from inventors or authors for whom the corpus states one; the others "
        "are not counted. Intervals are Wilson's, 95%; section 11 names the biases of the sample.",
    )


def _path(page: Page) -> list[str]:
    blocks = [heading(3, page.pick("路径：补位机会与待补信息", "Path: gaps, and what is missing"))]
    if not page.reading.has_places:
        blocks.append(
            page.pick(
                "缺少省、市信息，无法识别浙江尚未进入的上升方向。",
                "Without provinces or cities, rising fields in which Zhejiang is absent cannot be "
                "found.",
            )
        )
    elif not any(unit.rising for unit in page.reading.units.values()):
        blocks.append(
            page.pick(
                "没有增长区间整体高于零的技术主题或细分方向，尚不能据此识别空白点。",
                "No topic or sub-direction has a growth interval wholly above zero, so no gap can "
                "be named yet.",
            )
        )
    elif gaps(page.reading):
        intro = page.pick(
            "以下技术主题和细分方向升势明确（增长区间整体高于零），但未见浙江文献，可考虑作为引才、招商和协同攻关的线索：",
            "In these rising units (growth interval wholly above zero) no document is from "
            "Zhejiang; they may serve as leads for talent, investment and joint research:",
        )
        blocks += [intro, *bullets(page.claim_list("gap:"))]
    else:
        blocks.append(
            page.pick(
                "增长区间整体高于零的技术主题和细分方向均已见浙江文献，未发现明确的空白点。",
                "No unit with a growth interval wholly above zero lacks documents from Zhejiang; "
                "no clear gap was found.",
            )
        )
    return blocks + bullets(_undecidable(page))


def _undecidable(page: Page) -> list[str]:
    """What a navigation report should say and this corpus cannot: one line each."""
    known = page.study.corpus.fields
    lines = []
    if known.get("events", 0.0) == 0:
        lines.append(
            page.pick(
                "本语料不含法律事件，有效率、维持年限及转让、许可、质押、诉讼情况无法判定。",
                "The corpus has no legal events: validity, maintenance, transfer, licence, pledge "
                "and litigation cannot be decided.",
            )
        )
    if known.get("families", 0.0) == 0:
        lines.append(
            page.pick(
                "本语料不含同族信息，海外布局无法判定。",
                "The corpus has no families: filing abroad cannot be decided.",
            )
        )
    if known.get("references", 0.0) == 0:
        lines.append(
            page.pick(
                "本语料不含引文，控制指数与核心专利无法判定，控制只看前四家占比。",
                "The corpus has no citations: core patents and the control index cannot be "
                "decided; control is told from the share of the first four alone.",
            )
        )
    if lines:
        lines.append(
            page.pick(
                "高价值发明专利五类情形的认定所需信息不全，本简报不作认定，也不以缺失推定为“否”。",
                "The five categories of high-value patents cannot be decided from this data; "
                "nothing is taken as a no because it is absent.",
            )
        )
    return lines


def actors(page: Page) -> list[str]:
    """Section 7."""
    study = page.study
    blocks = [heading(2, page.pick("7. 机构与人才", "7. People and organisations"))]
    if study.organisations.empty:
        blocks.append(
            page.pick(
                "本赛道文献未载机构名称，机构分析无法给出。",
                "No document of this track names an organisation.",
            )
        )
    else:
        blocks += [page.claim("organisations"), page.claim("newcomers")]
        blocks += standing.organisations(page)
        blocks += page.figure(
            "organisations",
            page.pick("文献最多的机构", "Organisations with most documents"),
        )
        blocks += _organisations(page)
    return [*blocks, standing.people(page)]


def _organisations(page: Page) -> list[str]:
    study = page.study
    shown = study.organisations.head(ORGANISATIONS_SHOWN)
    rows = []
    for row in shown.itertuples(index=False):
        unit = page.reading.units.get(as_text(row.sub_direction))
        new = not missing(row.new) and bool(row.new)
        rows.append(
            [
                name_cell(str(row.org)),
                count(row.n_docs),
                count(row.n_recent),
                ABSENT if missing(row.first_year) else str(int(str(row.first_year))),
                page.pick("是", "yes") if new else page.pick("否", "no"),
                ABSENT if unit is None else page.name(unit),
            ]
        )
    headers = page.pick(
        "机构,文献数,最近三年,首现年份,新进入者,主要细分方向",
        "Organisation,Documents,Last three years,First year,Newcomer,Main sub-direction",
    ).split(",")
    total = count(len(study.organisations))
    note = page.pick(
        f"共 {total} 家，表列前 {count(len(shown))} 家，全表见 organisations.csv；"
        "机构名称按语料原文，不同写法未合并者分别计数。“首现年份”指在整个语料中首次出现。",
        f"{total} in all, the first {count(len(shown))} shown; all are in organisations.csv. Names "
        "are those of the corpus; spellings not merged there count apart. First year: first "
        "appearance anywhere in the corpus.",
    )
    return [
        *table(
            headers,
            rows,
            widths=[6, 2, 2, 2, 2, 4],
            right=[1, 2, 3],
            caption=page.caption("文献最多的机构", "Organisations with most documents"),
        ),
        note,
    ]
