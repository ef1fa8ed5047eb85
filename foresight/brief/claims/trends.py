"""Claims of sections 3, 4 and 6."""

from __future__ import annotations

from typing import Any

from foresight.brief.claims.model import UNIT_WORDS, Claim, claim_of, named, quoted
from foresight.brief.claims.summary import rate_claims
from foresight.brief.reading import SPAN, TOP, Estimate, Reading, Unit, split_ids
from foresight.brief.wording import (
    COUNTRIES,
    count,
    documents,
    growth_texts,
    listing,
    pick,
    signed_percent,
    small_percent,
    term,
    with_interval,
    years,
)

PLACES_NAMED = 3  # countries named in prose; the table holds more


def landscape_claims(reading: Reading) -> list[Claim]:
    """Claims of section 3: the track's share and kinds of documents."""
    study = reading.study
    found = []
    if reading.share is not None:
        found.append(_share(reading, reading.share))
    if reading.share_change is not None:
        found.append(_share_change(reading, reading.share_change))
    table = study.documents
    if len(study.kinds) > 1:
        patents = tuple(table.loc[table["kind"] == "patent", "doc_id"])
        papers = len(table) - len(patents)

        def kinds(lang: str) -> str:
            return pick(
                lang,
                f"本赛道有专利 {count(len(patents))} 件、论文 {count(papers)} 篇。",
                f"The track holds {count(len(patents))} patents and {count(papers)} papers.",
            )

        found.append(
            claim_of(
                "kinds",
                3,
                kinds,
                unit_id=study.track.slug,
                value=len(patents),
                n=len(table),
                unit="documents",
                doc_ids=reading.all_ids,
            )
        )
    return found


def _share(reading: Reading, share: Estimate) -> Claim:
    study = reading.study
    year = years(study.last_year, study.last_year, "en")

    def say(lang: str) -> str:
        value = with_interval(
            small_percent(share.value), small_percent(share.lo), small_percent(share.hi), lang
        )
        n, total = count(len(share.doc_ids)), count(share.n)
        return pick(
            lang,
            f"{year}年（最近一个完整年度）本赛道占语料的 {value}，即 {total} 件中的 {n} 件。",
            f"In {year}, the last complete year, the track was {value} of the corpus: "
            f"{n} of {total} documents.",
        )

    return claim_of(
        "share",
        3,
        say,
        unit_id=study.track.slug,
        value=share.value,
        lo=share.lo,
        hi=share.hi,
        n=share.n,
        unit="share",
        doc_ids=share.doc_ids,
    )


def _share_change(reading: Reading, change: Estimate) -> Claim:
    last = reading.study.last_year
    texts = [signed_percent(x) for x in (change.value, change.lo, change.hi)]

    def say(lang: str) -> str:
        value = with_interval(texts[0], texts[1], texts[2], lang)
        before = years(last - 2 * SPAN + 1, last - SPAN, lang)
        after = years(last - SPAN + 1, last, lang)
        return pick(
            lang,
            f"{after}与{before}相比，本赛道占比年均变化 {value}（两期文献 {count(change.n)} 件）。",
            f"From {before} to {after} the track's share changed by {value} a year "
            f"({documents(change.n, lang)} in both spans).",
        )

    return claim_of(
        "share_change",
        3,
        say,
        unit_id=reading.study.track.slug,
        value=change.value,
        lo=change.lo,
        hi=change.hi,
        n=change.n,
        unit="share per year",
        doc_ids=change.doc_ids,
    )


def topic_claims(reading: Reading) -> list[Claim]:
    """Claims of section 4: topics, stability, fading units."""
    study = reading.study
    found = []
    if len(study.topics):
        placed = study.documents.loc[study.documents["topic_id"].notna(), "doc_id"]
        total = len(study.documents)

        def groups(lang: str) -> str:
            left = total - len(placed)
            out_zh = f"{count(left)} 件未归入任何主题" if left else "没有遗漏"
            out_en = f"{count(left)} are in none" if left else "none is left out"
            return pick(
                lang,
                f"{count(total)} 件文献聚为 {count(len(study.topics))} 个技术主题，{out_zh}。",
                f"{documents(total, lang)} form {count(len(study.topics))} topics; {out_en}.",
            )

        found.append(
            claim_of(
                "topics",
                4,
                groups,
                unit_id=study.track.slug,
                value=len(study.topics),
                n=total,
                unit="units",
                doc_ids=placed,
            )
        )
    found += _stability(reading)
    led = {unit.unit_id for unit in reading.leaders}
    for unit in reading.fading:
        if unit.unit_id not in led:
            found += rate_claims(reading, unit, section=4)
    return found


def _stability(reading: Reading) -> list[Claim]:
    units = reading.of_kind(reading.lead_kind, scored=True)
    if len(units) <= TOP:  # all are among the first five
        return []
    firm = [unit for unit in units if unit.rank_hi is not None and unit.rank_hi <= TOP]

    def say(lang: str) -> str:
        kind = pick(lang, *UNIT_WORDS[reading.lead_kind])
        names = listing([quoted(unit.label(lang), lang) for unit in firm], lang)
        tail_zh = f"：{names}。" if firm else "，前五名的次序尚不稳固。"
        tail_en = f": {names}." if firm else "; the order of the first five is not firm."
        return pick(
            lang,
            f"{count(len(units))} 个有得分的{kind}中，名次区间全部落在前五以内的有 "
            f"{count(len(firm))} 个{tail_zh}",
            f"Of {count(len(units))} scored {kind}, {count(len(firm))} have a rank interval "
            f"wholly within the first five{tail_en}",
        )

    ids = {doc for unit in units for doc in unit.doc_ids}
    return [
        claim_of(
            "stability",
            4,
            say,
            unit_id=reading.study.track.slug,
            value=len(firm),
            n=len(units),
            unit="units",
            doc_ids=ids,
        )
    ]


def navigation_claims(reading: Reading) -> list[Claim]:
    """Claims of section 6: direction, position, path; none without patents."""
    study = reading.study
    if "patent" not in study.kinds:
        return []
    stated = {unit.unit_id for unit in reading.leaders + reading.fading}
    found = []
    for unit in reading.of_kind("sub_direction"):
        if unit.unit_id not in stated and (unit.rising or unit.fading):
            found += rate_claims(reading, unit, section=6)
    for row in study.places.head(PLACES_NAMED).itertuples(index=False):
        found.append(_place(reading, row))
    return found + [_gap(unit) for unit in gaps(reading)]


def gaps(reading: Reading) -> list[Unit]:
    """Units whose growth interval lies above zero and of which no document is from Zhejiang."""
    units = reading.of_kind("topic") + reading.of_kind("sub_direction")
    return [unit for unit in units if unit.rising and unit.n_zhejiang == 0]


def _place(reading: Reading, row: Any) -> Claim:
    def say(lang: str) -> str:
        name = term(COUNTRIES, row.country, lang)
        share = with_interval(
            small_percent(row.share), small_percent(row.lo), small_percent(row.hi), lang
        )
        return pick(
            lang,
            f"载有地点的文献中，涉及{name}的 {count(row.n_docs)} 件，占 {share}。",
            f"{name}: {count(row.n_docs)} of the documents that state a place, a share of {share}.",
        )

    return claim_of(
        f"place:{row.country}",
        6,
        say,
        unit_id=reading.study.track.slug,
        value=row.share,
        lo=row.lo,
        hi=row.hi,
        n=int(row.n_placed),
        unit="share",
        doc_ids=split_ids(row.doc_ids),
    )


def _gap(unit: Unit) -> Claim:
    value, lo, hi = growth_texts(unit.rate, unit.rate_lo, unit.rate_hi)

    def say(lang: str) -> str:
        n = documents(unit.n_docs, lang)
        growth = with_interval(value, lo, hi, lang)
        name = named(unit, lang)
        return pick(
            lang,
            f"{name}占比年均变化 {growth}，{n}中未见发明人（作者）地点在浙江者。",
            f"The {name}: share changing by {growth} a year; no inventor or author in "
            f"Zhejiang in {n}.",
        )

    return claim_of(
        f"gap:{unit.unit_id}",
        6,
        say,
        unit_id=unit.unit_id,
        value=0,
        n=unit.n_docs,
        unit="documents",
        doc_ids=unit.doc_ids,
    )
