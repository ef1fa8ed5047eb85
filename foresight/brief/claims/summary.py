"""Claims of sections 1 and 2."""

from __future__ import annotations

from typing import Any

from foresight.brief.candidates import rule_of
from foresight.brief.claims.model import Claim, claim_of, named, quoted
from foresight.brief.claims.since import since_claims
from foresight.brief.reading import Reading, Unit, split_ids
from foresight.brief.scoring import growth_meaning
from foresight.brief.since import open_since
from foresight.brief.wording import (
    CHANGES,
    count,
    date,
    decimal,
    documents,
    growth_texts,
    pick,
    probability,
    small_percent,
    span,
    term,
    with_interval,
    yearly_change,
    years,
)


def cover_claims(reading: Reading) -> list[Claim]:
    """Claims of section 1: how many documents there are, and what came with a delivery."""
    study = reading.study
    n, ids = len(study.documents), reading.all_ids
    first, last = reading.window
    recent = reading.ids_between(first, last)

    def size(lang: str) -> str:
        return pick(
            lang,
            f"截至{date(study.as_of, lang)}，本赛道在语料中共有 {documents(n, lang)}，其中"
            f"最近 {study.settings.window} 个完整年度（{years(first, last, lang)}）"
            f"共 {count(len(recent))} 件。",
            f"As of {date(study.as_of, lang)} the corpus holds {documents(n, lang)} of this track, "
            f"{count(len(recent))} of them from {years(first, last, lang)} "
            f"(the last {study.settings.window} complete years).",
        )

    slug = study.track.slug
    whole = claim_of("size", 1, size, unit_id=slug, value=n, n=n, unit="documents", doc_ids=ids)
    return [whole, *_arrivals(reading)]


def _arrivals(reading: Reading) -> list[Claim]:
    """What the newest delivery that concerns the track brought; nothing without one."""
    rows = reading.study.arrivals
    if rows.empty:
        return []
    last = rows[rows["delivery"] == rows["delivery"].max()]
    label, added = str(last["label"].iloc[0]), str(last["added"].iloc[0])
    n, again = len(last), int(last["replaced"].sum())
    new = n - again

    def text(lang: str) -> str:
        day, name = date(added, lang), quoted(label, lang)
        noun = "document" if new == 1 else "documents"
        zh = [f"带来 {count(new)} 件新文献"] if new else []
        zh += [f"更新 {count(again)} 件已有文献的著录内容"] if again else []
        en = [f"brought {count(new)} new {noun}"] if new else []
        en += [f"renewed the records of {documents(again, lang)}"] if again else []
        return pick(
            lang,
            f"最近一批涉及本赛道的增量数据为{name}（{day}入库），{'，'.join(zh)}。",
            f"The newest delivery that concerns this track, {name} (added {day}), "
            f"{' and '.join(en)}.",
        )

    ids = tuple(last["doc_id"])
    slug = reading.study.track.slug
    return [
        claim_of("arrivals", 1, text, unit_id=slug, value=n, n=n, unit="documents", doc_ids=ids)
    ]


def summary_claims(reading: Reading) -> list[Claim]:
    """Claims of section 2: leaders, Zhejiang, changes, suggested actions."""
    found = [claim for unit in reading.leaders for claim in _leader(reading, unit)]
    found += _growth(reading) + _zhejiang(reading) + _changes(reading)
    found += [_action(unit) for unit in reading.leaders if rule_of(unit) in {"A", "B"}]
    return found + _falling(reading)


def _growth(reading: Reading) -> list[Claim]:
    """What the probability of growth means, with the base rate it is measured against.

    Its evidence is the weights that come with the project.
    """
    how = reading.study.scoring
    if how.horizon is None:
        return []
    return [
        claim_of(
            "growth:meaning",
            2,
            lambda lang: growth_meaning(how, lang),
            unit_id=reading.study.track.slug,
            value=how.base_rate,
            n=how.n_units or 0,
            unit="share of topics that grew",
            doc_ids=[f"models/emergence-prior.json#{reading.study.last_year}"],
        )
    ]


def _leader(reading: Reading, unit: Unit) -> list[Claim]:
    last = reading.study.last_year

    def score(lang: str) -> str:
        value = with_interval(
            decimal(unit.score), decimal(unit.score_lo), decimal(unit.score_hi), lang
        )
        place = count(unit.rank)
        bounds = span(count(unit.rank_lo), count(unit.rank_hi), lang)
        ahead, chance = reading.study.scoring.horizon, probability(unit.p_growth)
        known = unit.p_growth is not None
        zh = f"，今后 {ahead} 年增长概率 {chance}" if known else ""
        en = f"; probability of growth over the next {ahead} years: {chance}" if known else ""
        return pick(
            lang,
            f"{named(unit, lang)}名次第 {place}（区间 {bounds}），得分 {value}{zh}，"
            f"依据截至{last}年的 {documents(unit.n_docs, lang)}。",
            f"The {named(unit, lang)} ranks {place} (interval {bounds}) with a score of "
            f"{value}{en}, on {documents(unit.n_docs, lang)} up to {last}.",
        )

    found = [
        claim_of(
            f"score:{unit.unit_id}",
            2,
            score,
            unit_id=unit.unit_id,
            value=unit.score,
            lo=unit.score_lo,
            hi=unit.score_hi,
            n=unit.n_docs,
            unit="score 0-100",
            doc_ids=unit.doc_ids,
        )
    ]
    return found + rate_claims(reading, unit, section=2)


def rate_claims(reading: Reading, unit: Unit, *, section: int) -> list[Claim]:
    """Yearly change of a unit's share; nothing where it could not be estimated."""
    if unit.rate is None:
        return []
    first, last = reading.window
    value, lo, hi = growth_texts(unit.rate, unit.rate_lo, unit.rate_hi)

    def say(lang: str) -> str:
        n = documents(unit.rate_n, lang)
        return pick(
            lang,
            f"{years(first, last, lang)}，{named(unit, lang)}在语料中的占比年均变化 "
            f"{with_interval(value, lo, hi, lang)}（窗口期 {n}）。",
            f"Over {years(first, last, lang)} the share of the {named(unit, lang)} in the "
            f"corpus changed by {with_interval(value, lo, hi, lang)} a year "
            f"({n} in the window).",
        )

    numbers = [yearly_change(x) for x in (unit.rate, unit.rate_lo, unit.rate_hi)]
    return [
        claim_of(
            f"rate:{unit.unit_id}",
            section,
            say,
            unit_id=unit.unit_id,
            value=numbers[0],
            lo=numbers[1],
            hi=numbers[2],
            n=unit.rate_n or 0,
            unit="share per year",
            doc_ids=unit.doc_ids,
        )
    ]


def _zhejiang(reading: Reading) -> list[Claim]:
    row = reading.track_places
    if row is None:
        return []

    def say(lang: str) -> str:
        share = with_interval(
            small_percent(row.share), small_percent(row.lo), small_percent(row.hi), lang
        )
        placed = documents(row.n_placed, lang)
        return pick(
            lang,
            f"在载有发明人（作者）地点的 {placed}中，涉及浙江的 {count(row.n_zhejiang)} 件，"
            f"占 {share}；涉及中国的 {count(row.n_china)} 件。",
            f"Of {placed} that state a place, {count(row.n_zhejiang)} involve Zhejiang, "
            f"a share of {share}; {count(row.n_china)} involve China.",
        )

    return [
        claim_of(
            "zhejiang",
            2,
            say,
            unit_id=reading.study.track.slug,
            value=row.share,
            lo=row.lo,
            hi=row.hi,
            n=int(row.n_placed),
            unit="share",
            doc_ids=split_ids(row.doc_ids),
        )
    ]


def _changes(reading: Reading) -> list[Claim]:
    """What changed since the kept run; without one, against a year before.

    Then one claim per sub-direction whose rank moved beyond its interval, or one that none did.
    """
    since = open_since(reading)
    if since is not None:
        return since_claims(reading, since)
    if not reading.comparable:
        return []
    units = reading.of_kind("sub_direction")
    pairs = [(unit, reading.change_of(unit)) for unit in units]
    known = [(unit, change) for unit, change in pairs if change is not None]
    moved = [(unit, change) for unit, change in known if change.state != "unchanged"]
    if not moved:
        return [_nothing_moved(reading, [unit for unit, _ in known])]
    found = []
    for unit, change in moved:

        def say(lang: str, unit: Unit = unit, change: Any = change) -> str:
            state = term(CHANGES, change.state, lang)
            then = "" if change.earlier_rank is None else count(change.earlier_rank)
            now = count(unit.rank)
            bounds = span(count(unit.rank_lo), count(unit.rank_hi), lang)
            name = named(unit, lang)
            if change.state == "new":
                zh = f"{name}为{state}：一年前因文献不足尚无得分，现列第 {now}（区间 {bounds}）。"
                en = f"The {name} is {state}: too few documents for a score a year ago, now {now} "
                en += f"({bounds})."
            elif change.state == "dropped":
                zh = f"{name}{state}排名：一年前列第 {then}，现因文献不足无得分。"
                en = f"The {name} has {state} out: ranked {then} then, no score now."
            else:
                zh = f"{name}名次{state}：由第 {then} 变为第 {now}（区间 {bounds}）。"
                en = f"The {name} has {state}: from {then} to {now} ({bounds})."
            return pick(lang, zh, en)

        found.append(
            claim_of(
                f"change:{unit.unit_id}",
                2,
                say,
                unit_id=unit.unit_id,
                value=unit.rank,
                lo=unit.rank_lo,
                hi=unit.rank_hi,
                n=unit.n_docs,
                unit="rank",
                doc_ids=unit.doc_ids,
            )
        )
    return found


def _nothing_moved(reading: Reading, units: list[Unit]) -> Claim:
    study = reading.study

    def say(lang: str) -> str:
        then = date(study.previous, lang)
        return pick(
            lang,
            f"与{then}相比，{count(len(units))} 个可比细分方向的名次变动均未超出当前名次区间。",
            f"Compared with {then}, none of {count(len(units))} comparable sub-directions moved "
            f"beyond its present rank interval.",
        )

    ids = {doc for unit in units for doc in unit.doc_ids}
    return claim_of(
        "change:none",
        2,
        say,
        unit_id=study.track.slug,
        value=0,
        n=len(units),
        unit="units",
        doc_ids=ids,
    )


def _action(unit: Unit) -> Claim:
    rule = rule_of(unit)

    def say(lang: str) -> str:
        name = quoted(unit.label(lang), lang)
        chance = probability(unit.p_growth)
        bounds = span(count(unit.rank_lo), count(unit.rank_hi), lang)
        zh = f"{name}（名次区间 {bounds}，增长概率 {chance}）："
        en = f"{name} (rank interval {bounds}, probability of growth {chance}): "
        if rule == "A":
            zh += "建议优先纳入攻关清单论证"
            en += "we suggest assessing it first for the list of technologies to tackle"
        else:
            zh += "名次或得分区间尚宽，建议先补充佐证（中国专利、论文、产业调研），再行论证"
            en += (
                "rank or score interval still wide; we suggest gathering evidence first "
                "(Chinese patents, papers, enquiries with industry)"
            )
        if unit.n_zhejiang == 0:
            zh += f"；{documents(unit.n_docs, 'zh')}中未见发明人（作者）地点在浙江者，"
            zh += "可考虑作为引才、招商线索"
            en += (
                f"; none of its {documents(unit.n_docs, 'en')} has an inventor or author in "
                "Zhejiang: it may serve as a lead for attracting talent and investment"
            )
        elif unit.n_zhejiang:
            zh += f"；已有涉及浙江的文献 {count(unit.n_zhejiang)} 件，可考虑据此摸清本省基础"
            en += (
                f"; {documents(unit.n_zhejiang, 'en')} with a place in Zhejiang: a start for "
                "taking stock of the province's base"
            )
        return pick(lang, zh + "。", en + ".")

    return claim_of(
        f"action:{unit.unit_id}",
        2,
        say,
        unit_id=unit.unit_id,
        value=unit.score,
        lo=unit.score_lo,
        hi=unit.score_hi,
        n=unit.n_docs,
        unit="score 0-100",
        doc_ids=unit.doc_ids,
    )


def _falling(reading: Reading) -> list[Claim]:
    units = reading.fading
    if not units:
        return []

    def say(lang: str) -> str:
        n = count(len(units))
        return pick(
            lang,
            f"占比明显回落的技术主题和细分方向共 {n} 个（见第 4 节），新增部署可考虑从缓。",
            f"The share of {n} of the topics and sub-directions is clearly falling (section 4); "
            "new commitments there may be deferred.",
        )

    return [
        claim_of(
            "falling",
            2,
            say,
            unit_id=reading.study.track.slug,
            value=len(units),
            n=sum(1 for unit in reading.units.values() if unit.scored),
            unit="units",
            doc_ids={doc for unit in units for doc in unit.doc_ids},
        )
    ]
