"""What is new, moved and gone since the kept results of an earlier run: lines and tables."""

from __future__ import annotations

from foresight.brief.escape import md_text
from foresight.brief.kept import INPUTS
from foresight.brief.moves import lineage_words
from foresight.brief.sections.blocks import Page, bullets, heading, name_cell, table
from foresight.brief.since import Placed, Since, open_since
from foresight.brief.wording import (
    ABSENT,
    MOVES,
    count,
    date,
    decimal,
    listing,
    pick,
    rank_cell,
    score_cell,
    term,
)


def changes_title(page: Page) -> str:
    """What the summary's lines on changes are compared with."""
    if page.study.kept is None:
        return page.pick("一年来的变化", "Changes since a year ago")
    return page.pick("与上期相比的变化", "Changes since the previous run")


def changes(page: Page) -> list[str]:
    """Lines of the summary: against the kept run, else against a year before."""
    since = open_since(page.reading)
    if since is not None:
        return bullets(page.claim_list("since:")[:2]) + caution(page, since)
    then = date(page.study.previous, page.lang)
    found = bullets(page.claim_list("change:"))
    none = page.pick(
        f"没有更早一期的留存结果，以下与一年前（{then}）相比。",
        f"No earlier run is kept; the comparison is with a year before ({then}).",
    )
    if found:
        return [none, *found]
    return [
        page.pick(
            f"没有更早一期的留存结果，一年前（{then}）也没有可比的细分方向名次。",
            f"No earlier run is kept, and no sub-direction was ranked a year before ({then}).",
        )
    ]


def caution(page: Page, since: Since) -> list[str]:
    """That the two runs were not made from the same inputs, where that is so."""
    differs = since.kept.differs
    if differs is None:
        return [
            page.pick(
                "上期未记录所用的语料、参数与程序版本，变化也可能来自这些方面。",
                "The earlier run did not record its corpus, settings and code: changes may also "
                "come from these.",
            )
        ]
    if not differs:
        return []
    names = listing([pick(page.lang, *INPUTS[name]) for name in differs], page.lang)
    return [
        page.pick(
            f"两期所用的{names}不同，变化也可能来自这些方面。",
            f"The two runs differ in {names}: changes may also come from these.",
        )
    ]


def moved(page: Page) -> list[str]:
    """Tables of section 4: sub-directions by rank then and now, topics that came and went."""
    since = open_since(page.reading)
    if since is None:
        return []
    then = date(since.kept.as_of, page.lang)
    title = heading(3, page.pick(f"与{then}一期相比", f"Against the run of {then}"))
    return [title, *_sub_directions(page, since), *_topics(page, since)]


def _sub_directions(page: Page, since: Since) -> list[str]:
    if not since.sub_directions:
        return [
            page.pick(
                "两期均无有得分的细分方向，不作名次比较。",
                "No sub-direction is scored in either run; ranks are not compared.",
            )
        ]
    headers = page.pick(
        "细分方向,上期名次,本期名次（区间）,上期得分,本期得分（区间）,上期文献,本期文献,变化",
        "Sub-direction,Rank then,Rank now (interval),Score then,Score now (interval),Docs then,"
        "Docs now,Change",
    )
    note = page.pick(
        "上期名次落在本期名次区间之外才记为上升或下降，否则记为持平。",
        "Up or down only if the earlier rank lies outside the present rank interval.",
    )
    return [
        *table(
            headers.split(","),
            [_row(page, one) for one in since.sub_directions],
            widths=[5, 2, 3, 2, 4, 2, 2, 2],
            right=[1, 3, 5, 6],
            caption=page.caption("细分方向名次与上期对照", "Ranks of sub-directions then and now"),
        ),
        note,
    ]


def _row(page: Page, one: Placed) -> list[str]:
    lang, then = page.lang, one.then
    return [
        page.name(one.unit),
        ABSENT if then is None else count(then.rank),
        rank_cell(one.unit, lang),
        ABSENT if then is None else decimal(then.score),
        score_cell(one.unit, lang),
        ABSENT if then is None else count(then.n_docs),
        count(one.unit.n_docs),
        term(MOVES, one.state, lang),
    ]


def _topics(page: Page, since: Since) -> list[str]:
    lang = page.lang
    rows = [
        [page.pick("新增", "new"), name_cell(since.label(event.topic_id, lang)),
         md_text(lineage_words(lang, since, event, born=True))]
        for event in since.born_topics
    ]  # fmt: skip
    rows += [
        [page.pick("消失", "gone"), name_cell(since.label(event.topic_id, lang)),
         md_text(lineage_words(lang, since, event, born=False))]
        for event in since.ended_topics
    ]  # fmt: skip
    if not rows:
        if page.study.topics.empty:
            return []
        return [page.pick("技术主题没有增减。", "No topic came or went.")]
    return table(
        page.pick("变化,主题,来源或去向", "Change,Topic,From or into").split(","),
        rows,
        widths=[2, 5, 9],
        caption=page.caption("与上期相比增减的技术主题", "Topics that came and went"),
    )
