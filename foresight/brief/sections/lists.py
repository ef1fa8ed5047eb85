"""Sections 8 and 9: candidates, landmark products, cities."""

from __future__ import annotations

from foresight.brief.candidates import MIDDLE, RULES, ruled
from foresight.brief.claims import UNIT_WORD
from foresight.brief.escape import md_text
from foresight.brief.reading import TOP, Unit
from foresight.brief.sections.analysis import growth_cell
from foresight.brief.sections.blocks import Page, bullets, heading, name_cell, table
from foresight.brief.wording import (
    ABSENT,
    CHANGES,
    as_text,
    count,
    date,
    decimal,
    missing,
    pick,
    probability,
    rank_cell,
    score_cell,
    term,
)

MATCHES = {
    "exact": ("原词一致", "exact"),
    "near_synonym": ("近义表述", "other wording"),
    "sub_direction": ("细分方向", "sub-direction"),
    "interpreted": ("解读", "interpreted"),
}
ROLES = {"key": ("重点发展", "key"), "active": ("积极布局", "active")}


def rules(page: Page) -> list[str]:
    """The rules by which a unit becomes a candidate."""
    top, middle = count(TOP), decimal(MIDDLE, 0)
    name = {rule: pick(page.lang, *words) for rule, words in RULES.items()}
    zh = [
        (
            f"{name['A']}：名次区间全部落在前 {top} 以内，且得分区间下限不低于 {middle}"
            "（全语料主题的中位）。"
        ),
        (
            f"{name['B']}：名次在前 {top} 以内、得分不低于 {middle}，但名次或得分的区间尚宽，"
            "未达上一条。"
        ),
        f"{name['C']}：名次在前 {top} 以外，但占比增长区间整体高于零。",
    ]
    en = [
        (
            f"A, {name['A']}: rank interval wholly within the first {top}, score interval not "
            f"below {middle}, the median topic of the corpus."
        ),
        (
            f"B, {name['B']}: rank within the first {top} and a score not below {middle}, but "
            "rank or score interval too wide for A."
        ),
        f"C, {name['C']}: rank outside the first {top}, growth interval wholly above zero.",
    ]
    return bullets(zh if page.lang == "zh" else en)


def candidates(page: Page) -> list[str]:
    """Section 8."""
    title = page.pick("8. 技术攻关清单候选", "8. Candidates for the list of technologies to tackle")
    pairs = ruled(page.reading)
    blocks = [heading(2, title)]
    if pairs:
        blocks.append(page.claim("candidates"))
        blocks += table(
            page.pick(
                "规则,类别,名称,名次（区间）,得分（区间）,入选理由,一年来,浙江文献",
                "Rule,Kind,Name,Rank (interval),Score (interval),Reason,Since a year ago,Zhejiang",
            ).split(","),
            [_row(page, rule, unit) for rule, unit in pairs],
            widths=[3, 3, 5, 3, 4, 6, 3, 2],
            right=[7],
            caption=page.caption("技术攻关清单候选", "Candidates"),
        )
    else:
        blocks.append(
            page.pick(
                "本期没有符合入选规则的技术主题或细分方向。",
                "No topic or sub-direction meets the rules this time.",
            )
        )
    blocks.append(page.pick("入选规则：", "Rules:"))
    blocks += rules(page)
    then = date(page.study.previous, page.lang)
    blocks.append(
        page.pick(
            f"细分方向与{then}的结果相比：原名次落在当前名次区间之外才记为上升或下降，否则记为持平。"
            "技术主题未计算一年前的对应主题，故不作比较。候选清单供论证参考，不替代专家评审。",
            f"Sub-directions are compared with {then}: risen or fallen only if the earlier rank "
            "lies outside the present rank interval. For topics no counterpart a year ago is "
            "computed. The list is material for discussion; it does not replace expert review.",
        )
    )
    return blocks


def _row(page: Page, rule: str, unit: Unit) -> list[str]:
    lang = page.lang
    change = page.reading.change_of(unit)
    since = ABSENT
    if change is not None:
        since = term(CHANGES, change.state, lang)
        if change.earlier_rank is not None:
            then = count(change.earlier_rank)
            since += page.pick(f"（原第 {then}）", f" (was {then})")
    reason = page.pick(
        f"增长概率 {probability(unit.p_growth)}；占比年均 {growth_cell(unit, lang)}",
        f"P(growth) {probability(unit.p_growth)}; share {growth_cell(unit, lang)} a year",
    )
    name = pick(lang, *RULES[rule])
    return [
        page.pick(name, f"{rule}, {name}"),
        pick(lang, *UNIT_WORD[unit.kind]),
        page.name(unit),
        rank_cell(unit, lang),
        score_cell(unit, lang),
        reason,
        since,
        count(unit.n_zhejiang),
    ]


def landmarks_and_cities(page: Page) -> list[str]:
    """Section 9."""
    title = page.pick("9. 标志性产品与区域布局", "9. Landmark products and cities")
    return [heading(2, title), *_landmarks(page), *_cities(page)]


def _landmarks(page: Page) -> list[str]:
    frame = page.study.landmarks
    title = heading(3, page.pick("标志性产品", "Landmark products"))
    if frame.empty:
        text = page.pick(
            "政策专栏 2 的十类标志性产品未列入与本赛道直接对应的品类。",
            "None of the ten landmark families of the policy belongs to this track.",
        )
        return [title, text]
    rows = []
    for row in frame.itertuples(index=False):
        unsearched = page.pick("未设检索词", "no search terms")
        rows.append(
            [
                md_text(pick(page.lang, str(row.family_zh), str(row.family_en))),
                md_text(pick(page.lang, str(row.item_zh), str(row.item_en))),
                unsearched if missing(row.n_docs) else count(row.n_docs),
                ABSENT if missing(row.n_docs) else count(row.n_recent),
            ]
        )
    headers = page.pick(
        "品类,标志性产品,佐证文献数,其中最近三个完整年度",
        "Family,Item,Documents,Of the last three complete years",
    ).split(",")
    note = page.pick(
        "佐证指标题或摘要提及该产品的本赛道文献，不表示浙江已具备该产品，也不反映产品成熟度。",
        "Evidence means documents of this track whose title or abstract names the item. It says "
        "neither that Zhejiang has the product nor how mature it is.",
    )
    return [
        title,
        page.claim("landmarks"),
        *table(
            headers,
            rows,
            widths=[3, 5, 3, 3],
            right=[2, 3],
            caption=page.caption("标志性产品的文献佐证", "Evidence for landmark products"),
        ),
        note,
    ]


def _cities(page: Page) -> list[str]:
    frame, lang = page.study.cities, page.lang
    title = heading(3, page.pick("设区市布局", "Cities"))
    none = page.pick(
        "政策专栏 3 没有设区市点名本赛道。", "The policy names no city for this track."
    )
    if frame.empty:
        return [title, none]
    rows = [
        [
            md_text(pick(lang, str(row.city_zh), str(row.city_en))),
            term(ROLES, row.role, lang),
            name_cell(as_text(row.phrase)) or ABSENT,
            term(MATCHES, row.match, lang),
            count(row.n_docs) if page.reading.has_places else ABSENT,
        ]
        for row in frame.itertuples(index=False)
    ]
    headers = page.pick(
        "设区市,政策定位,政策表述,对应方式,载有该市地点的文献",
        "City,Role,Policy wording (Chinese),Match,Documents with a place there",
    ).split(",")
    note = page.pick(
        "“解读”指政策表述在专栏 1 中没有对应赛道，由编制方按文意归入。"
        "同一城市有多条表述时，文献数为该市在本赛道的合计，不重复相加。",
        "Interpreted: the policy has no track of that name; the assignment is ours. Where a city "
        "has several lines, each shows the city's documents in the track; do not add them up.",
    )
    named = frame["role"].notna().any()
    intro = [page.claim("cities")] if named else [none, page.claim("cities")]
    return [
        title,
        *intro,
        *table(
            headers,
            rows,
            widths=[2, 3, 5, 3, 4],
            right=[4],
            caption=page.caption(
                "设区市的政策定位与文献数", "Cities: role in the policy and documents"
            ),
        ),
        note,
    ]
