"""Section 5: main path, and what became of the topics of earlier years."""

from __future__ import annotations

import pandas as pd

from foresight.brief.claims.lineage import topic_changes
from foresight.brief.sections.blocks import Page, heading, name_cell, table
from foresight.brief.wording import ABSENT, bracketed, count, decimal, percent

YEARS = 10  # years of events that are listed
STEADY = 0.75  # from here on a topic is called steady, below `DOUBTFUL` doubtful (Hennig)
DOUBTFUL = 0.6
FATES = {
    "birth": ("新生", "born"),
    "split": ("分化", "split"),
    "merge": ("合并", "merged"),
    "death": ("消亡", "died"),
}


def routes(page: Page) -> list[str]:
    """Section 5."""
    return [
        heading(2, page.pick("5. 技术路线", "5. Routes")),
        _citations(page),
        *_lineage(page),
    ]


def _citations(page: Page) -> str:
    known = page.study.corpus.fields.get("references", 0.0)
    if known == 0:
        return page.pick(
            "本语料不含引文，主路径与科学—专利时滞无法给出。",
            "The corpus holds no citations: main path and science-to-patent lag cannot be given.",
        )
    return page.pick(
        f"语料中 {percent(known)} 的文献载有引文，但本期尚未计算主路径与科学—专利时滞。",
        f"{percent(known)} of the corpus carries citations, but main path and "
        "science-to-patent lag have not been computed for this brief.",
    )


def _lineage(page: Page) -> list[str]:
    study = page.study
    title = heading(3, page.pick("主题谱系", "Lineage of topics"))
    if study.topics.empty:
        none = page.pick(
            "本赛道文献不足以划分技术主题，无谱系可言。",
            "The track has too few documents to form topics, hence no lineage.",
        )
        return [title, none]
    figure = page.figure(
        "topic_flows",
        page.pick(
            "主题的延续、分化与合并（柱高为累计文献数，带宽为两年份共有的文献；灰色为已不存在的主题）",
            "Continuation, split and merger of topics (bars: documents so far; bands: documents "
            "in both topics; grey: topics that no longer are)",
        ),
    )
    return [title, page.claim("lineage"), *figure, *_events(page), *_steadiness(page)]


def _events(page: Page) -> list[str]:
    study = page.study
    first = int(study.lineage["year"].min())
    since = max(first + 1, study.last_year - YEARS + 1)
    listed = topic_changes(study, years=YEARS)
    if listed.empty:
        return [
            page.pick(
                f"{since}年以来各主题均在延续，没有新生、分化、合并或消亡。",
                f"Since {since} every topic has continued: none was born, split, merged or died.",
            )
        ]
    names = pd.concat([study.topics, study.past_topics]).set_index("topic_id")
    label = names[f"label_{page.lang}"].astype(str)

    def shown(topic: object) -> str:
        return name_cell(label[topic]) if isinstance(topic, str) else ABSENT

    rows = [
        [
            str(row.year),
            page.pick(*FATES[str(row.fate)]),
            shown(row.before),
            shown(row.topic_id) if row.fate != "death" else ABSENT,
            percent(row.share_of_before) if row.n_shared else ABSENT,
        ]
        for row in listed.sort_values(["year", "topic_id"], ascending=[False, True]).itertuples()
    ]
    headers = page.pick(
        "年份,变化,原主题,现主题,原主题文献所占", "Year,Change,From,To,Share of from"
    )
    caption = page.caption(
        f"{since}—{study.last_year}年主题的新生、分化、合并与消亡",
        f"Topics born, split, merged and died, {since} to {study.last_year}",
    )
    return table(headers.split(","), rows, widths=[2, 2, 6, 6, 3], right=[4], caption=caption)


def _steadiness(page: Page) -> list[str]:
    lang = page.lang
    rows = [
        [
            name_cell(str(getattr(row, f"label_{lang}"))),
            str(row.born),
            count(row.n_docs),
            bracketed(
                decimal(row.steadiness, 2),
                decimal(row.steadiness_lo, 2),
                decimal(row.steadiness_hi, 2),
                lang,
            ),
            page.pick(*_verdict(float(str(row.steadiness)))),
        ]
        for row in page.study.topics.itertuples()
    ]
    headers = page.pick(
        "主题,形成年份,文献数,稳定度（最小—最大）,判断",
        "Topic,Formed,Documents,Steadiness (range),Verdict",
    )
    note = page.pick(
        f"稳定度为重抽文献后重新划分时，与该主题最相近者的杰卡德系数均值；{STEADY} 以上可视为稳定，"
        f"{DOUBTFUL} 以下不宜单独作为依据（Hennig，2007）。",
        f"Steadiness: mean Jaccard coefficient with the most similar topic when topics are formed "
        f"from resampled documents; above {STEADY} steady, below {DOUBTFUL} not to be relied on "
        "alone (Hennig 2007).",
    )
    caption = page.caption(
        "主题的形成年份与稳定度", "When topics were formed and how steady they are"
    )
    body = table(headers.split(","), rows, widths=[7, 2, 2, 5, 3], right=[2], caption=caption)
    return [page.claim("steadiness"), *body, note]


def _verdict(value: float) -> tuple[str, str]:
    if value >= STEADY:
        return "稳定", "steady"
    return ("一般", "fair") if value >= DOUBTFUL else ("存疑", "doubtful")
