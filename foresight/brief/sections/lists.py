"""Section 9: landmark products, cities."""

from __future__ import annotations

from foresight.brief.escape import md_text
from foresight.brief.sections.blocks import Page, heading, name_cell, table
from foresight.brief.wording import ABSENT, as_text, count, missing, pick, term

MATCHES = {
    "exact": ("原词一致", "exact"),
    "near_synonym": ("近义表述", "other wording"),
    "sub_direction": ("细分方向", "sub-direction"),
    "interpreted": ("解读", "interpreted"),
}
ROLES = {"key": ("重点发展", "key"), "active": ("积极布局", "active")}


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
