"""In short, and chapters 1 to 3: scope, sources, how documents became counted families."""

from __future__ import annotations

from collections.abc import Iterable

from foresight.brief.escape import md_text
from foresight.brief.navigation.claims_position import gap_key, gaps_told
from foresight.brief.navigation.position import WHOLE
from foresight.brief.navigation.tables import Sheet, rows_of
from foresight.brief.navigation.words import CHAPTERS, FIELDS, LEVELS, say
from foresight.brief.sections.blocks import bullets, call_out, heading, table
from foresight.brief.wording import (
    TIERS,
    count,
    date,
    documents,
    listing,
    percent,
    pick,
    years,
)

DEPENDS = {
    "abstract": ("技术功效矩阵", "technology x effect matrix"),
    "classes": ("检索、相似技术、新组合", "retrieval, similar technologies, new combinations"),
    "organisations": ("集中度、机构名录、控制指数", "concentration, organisations, control index"),
    "parties": ("人才、团队", "people, teams"),
    "countries": ("四级定位、城市", "the four levels, cities"),
    "references": ("核心专利、控制指数、被引", "core patents, control index, citations"),
    "families": ("同族计一次、海外同族", "families counted once, members abroad"),
    "events": ("有效性、维持、质押、获奖、运营", "validity, renewal, pledges, awards, operation"),
}
SHOWN = 3  # recommendations per chapter and comparisons in short


def in_short(sheet: Sheet) -> list[str]:
    """The page that a reader who stops there needs."""
    tables = sheet.tables
    blocks = [heading(2, sheet.pick("要点", "In short"))]
    told = [sheet.claim("size"), sheet.claim(f"course:{tables.slug}")]
    moving = tables.frames["direction"]
    moving = moving[moving["course"].isin(["hot", "rising", "fading"])]
    told += [sheet.claim(f"course:{u}") for u in moving["unit_id"] if u != tables.slug]
    told += [sheet.claim(f"cr4:{tables.slug}")]
    told += [sheet.claim(f"level:{level}") for level in tables.levels[1:]]
    told += [sheet.claim(f"city:{WHOLE}")]
    gaps = [sheet.claim(gap_key(row)) for row in rows_of(gaps_told(tables).head(SHOWN))]
    told += gaps or [
        sheet.pick(
            f"{tables.region('zh')}在五个视角的指标与更大范围相比，没有一项的区间足以判定优势或差距。",
            f"In the five views no figure of {tables.region('en')} is sure enough beside a wider "
            "level to be called a strength or a gap.",
        )
    ]
    told += [sheet.claim("value:high_value") or _value_line(sheet)]
    blocks += bullets(told)
    made = len(tables.recommendations)
    lines = [
        sheet.pick(
            f"路径建议 {count(made)} 项，每章首 {SHOWN} 项如下；全部见第 6 章与 `path.csv`。",
            f"{count(made)} recommendations; the first {SHOWN} of each chapter, all in chapter 6 "
            "and `path.csv`:",
        )
    ]
    for chapter in CHAPTERS:
        own = [one for one in tables.recommendations if one.lead["chapter"] == chapter]
        lines += [f"- {sheet.claim(one.key)}" for one in own[:SHOWN]]
    if not made:
        lines = [sheet.pick("没有一条路径规则得到满足。", "No rule of the path was met.")]
    return [*blocks, call_out("\n".join([lines[0], "", *lines[1:]] if made else lines))]


def _value_line(sheet: Sheet) -> str:
    rows = sheet.tables.frames["high_value_share"]
    rows = rows[(rows["unit_id"] == sheet.tables.slug) & (rows["criterion"] == "high_value")]
    n = 0 if rows.empty else int(rows["n_valid_undecided"].iloc[0])
    return sheet.pick(
        f"高价值发明专利：没有一件有效专利可以判定（{count(n)} 件有效性不明），原因见 5.3。",
        f"High-value patents: no valid patent can be decided ({count(n)} of unknown validity); "
        "5.3 says why.",
    )


def scope(sheet: Sheet) -> list[str]:
    """Chapter 1: what is asked."""
    tables, lang = sheet.tables, sheet.lang
    first, last = tables.window
    track, region = tables.label(tables.slug, lang), tables.region(lang)
    subs = [tables.label(unit, lang) for unit in tables.branches]
    named = "、".join(subs) if lang == "zh" else listing(subs, lang)
    day = date(tables.facts["as_of"], lang)
    levels = listing([say(LEVELS, level, lang) for level in tables.levels], lang)
    return [
        heading(2, sheet.pick("1. 启动：范围与问题", "1. Start: scope and questions")),
        *bullets(
            [
                sheet.pick(
                    f"对象：{track}，规划层级为{pick(lang, *TIERS[tables.track.tier])}；"
                    f"分支取规划的 {len(subs)} 个细分方向：{named}。",
                    f"Subject: {track}, {pick(lang, *TIERS[tables.track.tier])}; branches are the "
                    f"plan's {len(subs)} sub-directions: {named}.",
                ),
                sheet.pick(
                    f"区域：{region}；分析层级：{levels}。",
                    f"Region: {region}; levels: {levels}.",
                ),
                sheet.pick(
                    f"知识截止日：{day}，其后公开的文献与事件一概不读；"
                    f"趋势取最近 {last - first + 1} 个完整年度（{years(first, last, lang)}）。",
                    f"As of {day}; nothing later is read. Trends are of "
                    f"the last {last - first + 1} complete years ({years(first, last, lang)}).",
                ),
                sheet.pick(
                    "问题一（方向，第 4 章）：各分支向何处走，由谁控制，何处空白。",
                    "Question 1 (direction, chapter 4): where branches move, who controls them, "
                    "where the white space is.",
                ),
                sheet.pick(
                    f"问题二（定位，第 5 章）：{region}在全国、全球处于什么位置，优势与差距何在。",
                    f"Question 2 (position, chapter 5): where {region} stands in China and the "
                    "world, its strengths and gaps.",
                ),
                sheet.pick(
                    "问题三（路径，第 6 章）：结构、企业、人才、技术、布局各可做什么，"
                    "依据哪些专利。",
                    "Question 3 (path, chapter 6): what to do on structure, organisations, people, "
                    "technology and layout, and on which patents that rests.",
                ),
            ]
        ),
    ]


def collection(sheet: Sheet) -> list[str]:
    """Chapter 2: the corpus, its dates and the fields it has."""
    card, lang, facts = sheet.tables.card, sheet.lang, sheet.tables.facts
    spanned = card.years[card.years["n_docs"] > 0]["year"]
    span = years(int(spanned.min()), int(spanned.max()), lang)
    rows = [
        [
            say(FIELDS, name, lang),
            percent(card.fields[name]),
            sheet.pick(*words),
            sheet.pick("可作", "yes")
            if card.fields[name] > 0
            else sheet.pick("不可作，作缺失处理", "no: missing, not zero"),
        ]
        for name, words in DEPENDS.items()
    ]
    return [
        heading(2, sheet.pick("2. 信息采集", "2. Collection")),
        *bullets(
            [
                sheet.pick(
                    f"语料：{md_text(card.title[lang])}（`{card.name}`），"
                    f"{documents(card.n_docs, lang)}，公开年份 {span}，"
                    f"采集截至{date(facts['as_of'], lang)}。",
                    f"Corpus: {md_text(card.title[lang])} (`{card.name}`), "
                    f"{documents(card.n_docs, lang)}, published {span}, as of "
                    f"{date(facts['as_of'], lang)}.",
                ),
                sheet.pick("许可：", "Licence: ") + md_text(card.licence[lang]),
                *(md_text(note) for note in card.notes[lang]),
            ]
        ),
        *table(
            sheet.heads(
                "字段|有该字段的文献|所支撑的分析|本报告", "Field|Documents|Needed for|Here"
            ),
            rows,
            widths=[3, 2, 5, 4],
            right=[1],
            caption=sheet.caption(
                "字段完备率与所支撑的分析", "Fields of the corpus, and what rests on them"
            ),
        ),
    ]


def processing(sheet: Sheet) -> list[str]:
    """Chapter 3: from matches to counted families; quality of retrieval; places."""
    facts = sheet.tables.facts
    steps = (
        ("命中本赛道检索式的文献", "documents that match the track", "n_matched"),
        ("其中论文（不入专利导航）", "papers among them, set aside", "n_papers"),
        ("其中实用新型与外观设计（不计）", "utility models and designs, set aside", "n_minor"),
        ("发明专利", "invention patents", "n_patents"),
        ("专利族（计数单位）", "patent families, the unit of counting", "n_families"),
        ("其中已有授权", "of these with a grant", "n_granted"),
        ("其中归入细分方向", "of these in a sub-direction", "n_branched"),
        ("其中有摘要", "of these with an abstract", "n_abstract"),
    )
    rows = [[sheet.pick(zh, en), count(facts[name])] for zh, en, name in steps]
    places = [
        [
            say(LEVELS, level, sheet.lang),
            count(facts["levels"][level]["known"]),
            count(facts["levels"][level]["inside"]),
        ]
        for level in sheet.tables.levels
    ]
    return [
        heading(2, sheet.pick("3. 数据处理", "3. Processing")),
        *table(
            sheet.heads("步骤|件数", "Step|Number"), rows, widths=[6, 2], right=[1],
            caption=sheet.caption("从命中到专利族", "From matches to families"),
        ),
        *bullets([sheet.claim("size"), *_counting(sheet)]),
        *bullets(list(_quality(sheet))),
        *table(
            sheet.heads("层级|地点可知|涉及该层级", "Level|Place known|Involves it"), places,
            widths=[3, 3, 3], right=[1, 2],
            caption=sheet.caption("各层级的专利族", "Families by level"),
        ),
    ]  # fmt: skip


def _counting(sheet: Sheet) -> list[str]:
    """How counted, and what the caller has declared."""
    facts, lang = sheet.tables.facts, sheet.lang
    lines = [
        sheet.pick(
            "同族只计一次，以族中最早公开的发明专利为代表，年份取其公开年；"
            "族中任一件已授权即记为有授权。没有同族信息的专利各自成族。",
            "A family counts once, by its first invention patent to become public, in that year; "
            "it is granted where any member is. A patent without a family stands for itself.",
        )
    ]
    if facts["known_on"]:
        lines.append(
            sheet.pick(
                f"法律状态与同族清单读取日：{date(facts['known_on'], lang)}。",
                f"Statuses and lists of families were read on {date(facts['known_on'], lang)}.",
            )
        )
    elif facts["n_listed"]:
        lines.append(
            sheet.pick(
                "未给出法律状态与同族清单的读取日（`--known-on`），二者不采用。",
                "The day on which statuses and lists of families were read is not given "
                "(`--known-on`), so neither is used.",
            )
        )
    if facts["events_complete"]:
        lines.append(
            sheet.pick(
                "调用者声明：语料中某局有某类事件，即视该类记录完整。",
                "Declared by the caller: where the corpus has events of a kind at an office, the "
                "record is complete.",
            )
        )
    return lines


def _quality(sheet: Sheet) -> Iterable[str]:
    found = sheet.tables.retrieval
    if found is None:
        yield sheet.pick(
            "查准率、查全率：本语料尚无逐篇判读的样本，不能给出。",
            "Precision and recall: no sample of this corpus has been read, none can be given.",
        )
    elif found.terms_changed:
        yield sheet.pick(
            "查准率、查全率：检索式在样本抽取后有过调整，须以新样本重测，本期不给出。",
            "Precision and recall: terms were changed after the sample was drawn; not given.",
        )
    else:
        yield sheet.claim("precision")
        yield sheet.claim("recall") or sheet.pick(
            "查全率：两路检索没有共同命中的相关文献，不能估计。",
            "Recall: the two routes share no relevant document, it cannot be estimated.",
        )
