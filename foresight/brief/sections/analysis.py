"""Sections 3 and 4: landscape, emerging topics."""

from __future__ import annotations

from foresight.brief.claims import UNIT_WORD, UNIT_WORDS
from foresight.brief.claims.model import quoted
from foresight.brief.escape import md_text
from foresight.brief.reading import TOP, Unit
from foresight.brief.sections.blocks import Page, bullets, heading, table
from foresight.brief.sections.since import moved
from foresight.brief.wording import (
    ABSENT,
    bracketed,
    count,
    decimal,
    growth_texts,
    listing,
    pick,
    probability,
    rank_cell,
    score_cell,
    stage,
    years,
)
from foresight.emergence.score import LEAST_RECENT
from foresight.settings import COMPONENTS

COMPONENT_NAMES = {
    "growth": ("增长性", "Growth"),
    "vitality": ("活跃度", "Vitality"),
    "novelty": ("新颖度", "Novelty"),
    "community": ("参与面", "Community"),
}


def landscape(page: Page) -> list[str]:
    """Section 3."""
    blocks = [heading(2, page.pick("3. 赛道全景", "3. Landscape"))]
    trend = [page.claim("share"), page.claim("share_change")]
    blocks += [text for text in trend if text]
    if not any(trend):
        blocks.append(
            page.pick(
                "最近完整年度没有可用的占比数据，趋势无法给出。",
                "The last complete years allow no share to be computed; no trend is given.",
            )
        )
    blocks += page.figure(
        "share",
        page.pick(
            "本赛道占语料文献的份额（仅含完整年度）",
            "Share of the track in the corpus (complete years only)",
        ),
    )
    blocks += page.figure(
        "topic_map",
        page.pick(
            "技术主题图（相近的文献位置相近，坐标轴无量纲）",
            "Topic map (documents that are alike lie close; the axes have no unit)",
        ),
    )
    blocks.append(heading(3, page.pick("细分方向", "Sub-directions")))
    blocks += _sub_directions(page)
    blocks.append(heading(3, page.pick("论文与专利", "Papers against patents")))
    kinds = page.study.kinds
    one_kind = {
        "patent": page.pick(
            "本赛道在语料中没有论文，论文与专利的对照无法给出。",
            "The corpus holds no paper of this track; papers and patents cannot be compared.",
        ),
        "paper": page.pick(
            "本赛道在语料中没有专利，论文与专利的对照无法给出。",
            "The corpus holds no patent of this track; papers and patents cannot be compared.",
        ),
    }
    none = page.pick("没有文献，无从对照。", "There is no document, hence nothing to compare.")
    text = page.claim("kinds") if len(kinds) > 1 else one_kind.get(next(iter(kinds), ""), none)
    return [*blocks, text]


def _sub_directions(page: Page) -> list[str]:
    if page.study.documents.empty:
        names = [page.name(unit) for unit in page.reading.of_kind("sub_direction")]
        text = listing(names, page.lang)
        return [
            page.pick(
                f"政策列出的细分方向为{text}，均无文献。",
                f"The plan names {text}; none has a document.",
            )
        ]
    first, last = page.reading.window
    window = years(first, last, page.lang)
    frame = page.study.sub_direction_years
    recent = frame[frame["year"].between(first, last)].groupby("unit_id")["n_docs"].sum()
    rows = [
        [
            page.name(unit),
            count(unit.n_docs),
            count(recent.get(unit.unit_id, 0)),
            growth_cell(unit, page.lang),
            probability(unit.p_growth),
        ]
        for unit in page.reading.of_kind("sub_direction")
    ]
    headers = [
        page.pick("细分方向", "Sub-direction"),
        page.pick("文献数", "Documents"),
        page.pick(f"其中{window}", f"Of {window}"),
        page.pick("占比年均变化（95% 置信区间）", "Share, yearly change (95% interval)"),
        page.pick("增长概率", "P(growth)"),
    ]
    note = page.pick(
        "一件文献可同时属于多个细分方向，各行之和可大于赛道文献总数。",
        "A document may belong to several sub-directions; rows may add up to more than the track.",
    )
    return [
        *table(
            headers,
            rows,
            widths=[5, 2, 2, 5, 2],
            right=[1, 2],
            caption=page.caption(
                "细分方向的规模与占比变化", "Size and change in share of sub-directions"
            ),
        ),
        note,
    ]


def growth_cell(unit: Unit, lang: str) -> str:
    """Yearly change of a unit's share with its interval."""
    return bracketed(*growth_texts(unit.rate, unit.rate_lo, unit.rate_hi), lang)


def emerging(page: Page) -> list[str]:
    """Section 4."""
    blocks = [heading(2, page.pick("4. 新兴主题", "4. Emerging topics"))]
    blocks += [text for text in [page.claim("topics")] if text]
    if page.study.topics.empty:
        blocks.append(
            page.pick(
                "本赛道文献不足以划分技术主题，以下只列细分方向。",
                "The track has too few documents to form topics; only sub-directions are listed.",
            )
        )
    ranked = page.reading.of_kind("topic", scored=True)
    ranked += page.reading.of_kind("sub_direction", scored=True)
    if ranked:
        blocks += page.figure(
            "ranking",
            page.pick("得分及其 95% 置信区间", "Scores with 95% intervals"),
        )
        blocks += page.figure(
            "components",
            page.pick("各分项的百分位", "Percentiles of the components"),
        )
    for kind in ("topic", "sub_direction"):
        blocks += _ranking(page, kind)
    blocks += page.figure(
        "topic_years",
        page.pick(
            "各主题逐年占语料的份额（每千件文献中的件数，仅含完整年度）",
            "Share of each topic in the corpus by year (per 1,000 documents, complete years only)",
        ),
    )
    if ranked:
        blocks.append(heading(3, page.pick("名次稳定性", "Stability of the ranking")))
        blocks.append(page.claim("stability") or _too_few(page))
        blocks.append(heading(3, page.pick("占比回落的主题", "Fading topics")))
        blocks += _fading(page)
    blocks += moved(page)
    blocks += _untranslated(page) + _unscored(page)
    return blocks


def _ranking(page: Page, kind: str) -> list[str]:
    lang = page.lang
    units = page.reading.of_kind(kind, scored=True)
    word = pick(lang, *UNIT_WORDS[kind])
    if not units:
        return []
    names = [pick(lang, *COMPONENT_NAMES[name]) for name in COMPONENTS]
    headers = [
        page.pick("名次（区间）", "Rank (interval)"),
        page.pick("名称", "Name"),
        page.pick("得分（区间）", "Score (interval)"),
        *names,
        page.pick("增长概率", "P(growth)"),
        page.pick("前五概率", "P(top 5)"),
        page.pick("阶段", "Stage"),
        page.pick("文献数", "Docs"),
    ]
    rows = [
        [
            rank_cell(unit, lang),
            page.name(unit),
            score_cell(unit, lang),
            *(component(unit, name) for name in COMPONENTS),
            probability(unit.p_growth),
            probability(unit.top5) if len(units) > TOP else ABSENT,
            stage(unit.stage, lang, unit.stage_reason),
            count(unit.n_docs),
        ]
        for unit in units
    ]
    widths = [4, 7, 5, 2, 2, 2, 2, 3, 3, 4, 2]
    title = page.pick(f"{word}排名", f"Ranking of {word}")
    return [
        heading(3, title),
        *table(
            headers,
            rows,
            widths=widths,
            right=[3, 4, 5, 6, 10],
            caption=page.caption(
                f"{word}的得分、分项百分位与名次",
                f"Scores, component percentiles and ranks of {word}",
            ),
        ),
    ]


def component(unit: Unit, name: str) -> str:
    """A component's percentile on the scale 0 to 100."""
    value = unit.components[name]
    return decimal(None if value is None else 100 * value, 0)


def _too_few(page: Page) -> str:
    kind = pick(page.lang, *UNIT_WORDS[page.reading.lead_kind])
    return page.pick(
        f"有得分的{kind}不超过 {TOP} 个，不另作前 {TOP} 名的稳定性判断，名次区间见上表。",
        f"There are at most {TOP} scored {kind}: all are among the first {TOP}. The table above "
        "gives the intervals of their ranks.",
    )


def _fading(page: Page) -> list[str]:
    units = page.reading.fading
    if not units:
        return [
            page.pick(
                "没有增长区间整体低于零的主题或细分方向。",
                "No topic or sub-direction has a growth interval wholly below zero.",
            )
        ]
    return bullets([page.claim(f"rate:{unit.unit_id}") for unit in units])


def _untranslated(page: Page) -> list[str]:
    topics = page.study.topics
    if page.lang != "zh" or topics.empty:
        return []
    labels = topics.loc[topics["label_zh_source"] == "untranslated", "label_zh"]
    if labels.empty:
        return []
    names = "".join(quoted(md_text(str(label)), page.lang) for label in labels)
    return [f"以下主题暂无可靠的中文译名，保留文献原词：{names}。"]


def _unscored(page: Page) -> list[str]:
    units = page.reading.of_kind("topic", scored=False)
    units += page.reading.of_kind("sub_direction", scored=False)
    if not units or page.study.documents.empty:
        return []
    least = count(page.study.settings.min_docs)
    word = {kind: pick(page.lang, *names) for kind, names in UNIT_WORD.items()}
    rows = [[word[unit.kind], page.name(unit), count(unit.n_docs)] for unit in units]
    headers = page.pick("类别,名称,文献数", "Kind,Name,Documents").split(",")
    intro = page.pick(
        f"以下单元至{page.study.last_year}年的文献不足 {least} 件，"
        f"或最近三年不足 {LEAST_RECENT} 件，不给出得分。",
        f"These units have fewer than {least} documents up to {page.study.last_year}, or fewer "
        f"than {LEAST_RECENT} in the last three years, and get no score.",
    )
    title = heading(3, page.pick("未评分的单元", "Units without a score"))
    return [
        title,
        intro,
        *table(
            headers,
            rows,
            widths=[3, 8, 2],
            right=[2],
            caption=page.caption("未评分的单元", "Units without a score"),
        ),
    ]
