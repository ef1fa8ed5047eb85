"""Claims of section 5: how long topics have lasted, and what became of earlier ones."""

from __future__ import annotations

import pandas as pd

from foresight.brief.claims.model import Claim, claim_of
from foresight.brief.reading import Reading
from foresight.brief.study import Study
from foresight.brief.wording import count, decimal, documents, listing, pick

RECENT = 5  # years
ENDS = {
    "split": ("{n} 个主题分化", "{n} split"),
    "merge": ("{n} 个主题并入其他主题", "{n} merged into others"),
    "death": ("{n} 个主题消亡", "{n} died"),
}


def topic_changes(study: Study, *, years: int) -> pd.DataFrame:
    """Rows of the lineage of the last complete years in which a topic did not just continue.

    The first year, in which all are born, is left out, and so is a topic that others merged into.
    """
    first = max(int(study.lineage["year"].min()) + 1, study.last_year - years + 1)
    rows = study.lineage[study.lineage["year"].between(first, study.last_year)]
    gone, same = rows["fate"] == "death", rows["before"] == rows["topic_id"]
    return rows[gone | ((rows["fate"] != "continuation") & ~same)]


def lineage_claims(reading: Reading) -> list[Claim]:
    """Claims on the lineage of topics; none where there are no topics."""
    study = reading.study
    if study.topics.empty:
        return []
    first = int(study.lineage["year"].min())
    since = study.last_year - RECENT + 1
    changed = topic_changes(study, years=RECENT)
    changed = changed[changed["fate"].isin(ENDS)]
    ends = changed.drop_duplicates(["year", "fate", "before"])["fate"].value_counts()
    born = int((study.topics["born"] >= max(since, first + 1)).sum())
    lasting = len(study.topics) - born
    placed = study.documents.loc[study.documents["topic_id"].notna(), "doc_id"]

    def say(lang: str) -> str:
        what = [
            pick(lang, zh, en).format(n=ends[fate])
            for fate, (zh, en) in ENDS.items()
            if fate in ends.index
        ]
        none = pick(lang, "没有主题分化、合并或消亡", "none split, merged or died")
        return pick(
            lang,
            f"主题自{first}年起逐年划分，编号与颜色沿用：现有 {count(len(study.topics))} 个主题中，"
            f"{count(lasting)} 个形成于{since}年以前，{count(born)} 个形成于{since}年及以后；"
            f"{since}年以来{'、'.join(what) or none}。",
            f"Topics have been formed at the end of every year since {first} and keep their ids "
            f"and colours: of {count(len(study.topics))} topics {count(lasting)} were formed "
            f"before {since} and {count(born)} since. Since {since}, "
            f"{listing(what, lang) or none}.",
        )

    found = [
        claim_of(
            "lineage",
            5,
            say,
            unit_id=study.track.slug,
            value=lasting,
            n=len(study.topics),
            unit="units",
            doc_ids=placed,
        )
    ]
    if study.agreement is not None:
        found.append(_steadiness(reading, study.agreement, len(placed), list(placed)))
    return found


def _steadiness(reading: Reading, agreement: float, n: int, ids: list[str]) -> Claim:
    def say(lang: str) -> str:
        value = decimal(agreement, 2)
        return pick(
            lang,
            f"对 {count(n)} 件文献有放回重抽后重新划分主题，与现有划分的一致程度"
            f"（调整兰德指数）平均为 {value}；1 为完全一致，0 相当于随机。",
            f"Topics formed anew from resamples of the {documents(n, lang)} agree with these at an "
            f"adjusted Rand index of {value} on average; 1 is identity, 0 is chance.",
        )

    return claim_of(
        "steadiness",
        5,
        say,
        unit_id=reading.study.track.slug,
        value=agreement,
        n=n,
        unit="adjusted Rand index",
        doc_ids=ids,
    )
