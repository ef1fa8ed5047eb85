"""The board: all tracks on one page, from the summaries of their studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from foresight.brief.backtest.record import TrackRecord
from foresight.brief.backtest.words import caution
from foresight.brief.candidates import ruled
from foresight.brief.escape import md_text
from foresight.brief.reading import Estimate, Reading, Unit
from foresight.brief.sections.blocks import bullets, call_out, heading, name_cell, table
from foresight.brief.study import CorpusCard, Study
from foresight.brief.targets import local_companies, targets_table
from foresight.brief.wording import (
    ABSENT,
    RULES,
    bracketed,
    check_language,
    count,
    date,
    decimal,
    pick,
    probability,
    score_cell,
    signed_percent,
    term,
)
from foresight.tracks import Registry

Summary = dict[str, Any]

MOVERS = 10  # sub-directions named as movers
TIER_NAMES = {
    "priority": ("优先发展", "priority"),
    "active_layout": ("积极布局", "active layout"),
    "zhejiang_feature": ("浙江特色", "Zhejiang feature"),
}
KEY, ACTIVE = "●", "○"


def summarise(study: Study) -> Summary:
    """Condense a study to what the board and the portal show; plain values, ready for JSON.

    Returns
    -------
    dict
        number, slug, name_zh, name_en, tier, as_of, previous, last_year, n_docs, n_patents,
        n_papers, n_topics, thin, digest; `best`, the best-ranked unit whose share is not
        falling, or None (unit_id, unit_kind, label_zh, label_en, score, score_lo, score_hi,
        p_growth, stage, n_docs, components as percentiles 0 to 1); `share` and `share_change`
        (value, lo, hi, n; or None); `zhejiang` (n_zhejiang, n_china, n_placed, value, lo, hi; or
        None); `sub_directions`, a list like `best` with rate, rank, earlier_rank, earlier_score,
        change; `candidates` (number by unit kind and rule); `local_companies` (ids of the
        province's small and other companies, or None); `landmarks` (items, seen).
    """
    reading = Reading(study)
    track, kinds = study.track, study.documents["kind"]
    places = reading.track_places
    counts = {kind: dict.fromkeys(RULES, 0) for kind in ("topic", "sub_direction")}
    for rule, unit in ruled(reading):
        counts[unit.kind][rule] += 1
    seen = study.landmarks["n_docs"].fillna(0).astype(int) > 0
    return {
        "number": track.number,
        "slug": track.slug,
        "name_zh": track.name_zh,
        "name_en": track.name_en,
        "tier": track.tier,
        "as_of": study.as_of,
        "previous": study.previous,
        "last_year": study.last_year,
        "n_docs": len(study.documents),
        "n_patents": int((kinds == "patent").sum()),
        "n_papers": int((kinds == "paper").sum()),
        "n_topics": len(study.topics),
        "thin": study.thin,
        "digest": study.digest,
        "best": _unit(reading.leaders[0]) if reading.leaders else None,
        "share": _estimate(reading.share),
        "share_change": _estimate(reading.share_change),
        "zhejiang": None
        if places is None
        else {
            "n_zhejiang": int(places.n_zhejiang),
            "n_china": int(places.n_china),
            "n_placed": int(places.n_placed),
            "value": float(places.share),
            "lo": float(places.lo),
            "hi": float(places.hi),
        },
        "sub_directions": [_sub(reading, unit) for unit in reading.of_kind("sub_direction")],
        "candidates": counts,
        "local_companies": local_companies(study),
        "landmarks": {"items": len(study.landmarks), "seen": int(seen.sum())},
    }


def _unit(unit: Unit) -> Summary:
    names = ("unit_id", "label_zh", "label_en", "score", "score_lo", "score_hi", "p_growth")
    found = {name: getattr(unit, name) for name in (*names, "stage", "n_docs")}
    return {**found, "unit_kind": unit.kind, "components": dict(unit.components)}


def _sub(reading: Reading, unit: Unit) -> Summary:
    change = reading.change_of(unit)
    return {
        **_unit(unit),
        "rate": unit.rate,
        "rank": unit.rank,
        "earlier_rank": None if change is None else change.earlier_rank,
        "earlier_score": None if change is None else change.earlier_score,
        "change": None if change is None else change.state,
    }


def _estimate(found: Estimate | None) -> Summary | None:
    if found is None:
        return None
    return {"value": found.value, "lo": found.lo, "hi": found.hi, "n": found.n}


def movers(summaries: Sequence[Summary]) -> list[Summary]:
    """Sub-directions whose place among all sub-directions of the board changed most in a year.

    All sub-directions with a score now and a year ago are ranked by score, then and now; ties
    share the better place. At most ten, largest change first, none without change.

    Returns
    -------
    list of dict
        The sub-direction's entry with track_zh, track_en, slug, place, earlier_place, beyond
        (whether the earlier score lies outside the present interval).
    """
    both = [
        {**sub, "track_zh": s["name_zh"], "track_en": s["name_en"], "slug": s["slug"]}
        for s in summaries
        for sub in s["sub_directions"]
        if sub["score"] is not None and sub["earlier_score"] is not None
    ]
    now = sorted(-round(sub["score"], 9) for sub in both)
    then = sorted(-round(sub["earlier_score"], 9) for sub in both)
    for sub in both:
        sub["place"] = now.index(-round(sub["score"], 9)) + 1
        sub["earlier_place"] = then.index(-round(sub["earlier_score"], 9)) + 1
        sub["beyond"] = not sub["score_lo"] <= sub["earlier_score"] <= sub["score_hi"]
    moved = [sub for sub in both if sub["place"] != sub["earlier_place"]]
    moved.sort(key=lambda sub: (-abs(sub["place"] - sub["earlier_place"]), sub["unit_id"]))
    return moved[:MOVERS]


def compose_board(
    summaries: Sequence[Summary],
    *,
    registry: Registry,
    corpus: CorpusCard,
    as_of: str,
    failures: Mapping[str, str],
    lang: str,
    figure: str | None = None,
    record: TrackRecord | None = None,
) -> str:
    """Write the board as Markdown.

    Parameters
    ----------
    summaries : list of dict, from `summarise`
    registry, corpus, as_of
    failures : mapping
        Slug of each track that could not be made, with the reason.
    lang : str
        `zh` or `en`.
    figure : str, optional
        Path of the heat map, relative to the board; no image without it.
    record : TrackRecord, optional
        The backtest of the corpus; without it the board says that there is none.

    Returns
    -------
    str, pandoc Markdown
    """
    check_language(lang)
    ordered = sorted(summaries, key=lambda s: (s["number"], s["slug"]))
    blocks = [heading(1, pick(lang, "未来产业技术预见总览", "Future industries: the board"))]
    blocks += _opening(ordered, corpus=corpus, as_of=as_of, failures=failures, lang=lang)
    blocks.append(call_out(md_text(caution(record, lang))))
    blocks += _failures(failures, registry=registry, lang=lang)
    blocks.append(heading(2, pick(lang, "1. 各赛道一览", "1. All tracks")))
    blocks += _tracks(ordered, lang) if ordered else [_nothing(lang)]
    if figure is not None:
        caption = pick(
            lang,
            "各赛道最强技术的得分、增长概率与分项百分位",
            "Strongest unit of each track: score, P(growth) and component percentiles",
        )
        blocks.append(f"![{caption}]({figure})")
    blocks.append(heading(2, pick(lang, "2. 一年来的变化", "2. Movers since a year ago")))
    blocks += _movers(ordered, lang)
    blocks.append(
        heading(2, pick(lang, "3. 设区市与赛道对应", "3. Cities and tracks in the policy"))
    )
    blocks += _alignment(registry, lang)
    title = f"4. {registry.target_year}年目标对照", f"4. The targets for {registry.target_year}"
    blocks.append(heading(2, pick(lang, *title)))
    blocks += targets_table(ordered, registry, lang)
    blocks.append(heading(2, pick(lang, "5. 语料与局限", "5. Corpus and limits")))
    blocks += bullets(
        [md_text(corpus.licence[lang]), *(md_text(note) for note in corpus.notes[lang])]
    )
    return "\n\n".join(blocks) + "\n"


def _nothing(lang: str) -> str:
    return pick(lang, "没有已完成的赛道。", "No track has been finished.")


def _opening(
    summaries: Sequence[Summary],
    *,
    corpus: CorpusCard,
    as_of: str,
    failures: Mapping[str, str],
    lang: str,
) -> list[str]:
    thin = [s for s in summaries if s["thin"]]
    title, day = md_text(corpus.title[lang]), date(as_of, lang)
    done, weak, failed = count(len(summaries)), count(len(thin)), count(len(failures))
    text = pick(
        lang,
        f"数据截止{day}，语料为{title}（{count(corpus.n_docs)} 件文献）。完成 {done} 个赛道，"
        f"其中佐证薄弱 {weak} 个；未完成 {failed} 个。",
        f"As of {day}; corpus: {title} ({count(corpus.n_docs)} documents). Tracks finished: "
        f"{done}, of which on thin evidence: {weak}; not finished: {failed}.",
    )
    return [text]


def _failures(failures: Mapping[str, str], *, registry: Registry, lang: str) -> list[str]:
    if not failures:
        return []
    names = {track.slug: pick(lang, track.name_zh, track.name_en) for track in registry.tracks}
    rows = [
        f"{md_text(names.get(slug, slug))}{pick(lang, '：', ': ')}{md_text(failures[slug])}"
        for slug in sorted(failures)
    ]
    return [pick(lang, "未完成的赛道及原因：", "Tracks not finished, and why:"), *bullets(rows)]


def _tracks(summaries: Sequence[Summary], lang: str) -> list[str]:
    headers = pick(
        lang,
        "序号,赛道,政策层级,文献数,占比年均变化（区间）,最强技术,得分（区间）,增长概率,浙江文献",
        "No.,Track,Tier,Documents,Share a year (interval),Strongest unit,Score (interval),"
        "P(growth),Zhejiang",
    ).split(",")
    note = pick(
        lang,
        "“薄”表示佐证薄弱。“占比年均变化”为最近三个完整年度与此前三年之比；"
        "“增长概率”为今后占比年均增长不低于 8% 的概率（含义见各简报第 11 节）；"
        "“浙江文献”为涉及浙江的件数与有地点文献的件数。",
        "Thin: few documents. Share a year: the last three complete years against the three "
        "before. P(growth): probability that the share grows at least 8% a year (see section 11 "
        "of a brief). Zhejiang: documents from the province of those that state a place.",
    )
    rows = [_track_row(summary, lang) for summary in summaries]
    widths = [1, 4, 2, 2, 4, 5, 4, 2, 3]
    caption = pick(lang, "表：各赛道概况", "Table: All tracks")
    return [*table(headers, rows, widths=widths, right=[0, 3], caption=caption), note]


def _track_row(summary: Summary, lang: str) -> list[str]:
    link = f"{summary['slug']}/brief.{lang}.html"
    name = md_text(pick(lang, summary["name_zh"], summary["name_en"]))
    flag = pick(lang, "（薄）", " (thin)") if summary["thin"] else ""
    best, local, change = summary["best"], summary["zhejiang"], summary["share_change"]
    growth = ABSENT
    if change is not None:
        texts = [signed_percent(change[key]) for key in ("value", "lo", "hi")]
        growth = bracketed(texts[0], texts[1], texts[2], lang)
    return [
        str(summary["number"]),
        f"[{name}]({link}){flag}",
        term(TIER_NAMES, summary["tier"], lang),
        count(summary["n_docs"]),
        growth,
        ABSENT if best is None else name_cell(pick(lang, best["label_zh"], best["label_en"])),
        ABSENT if best is None else score_cell(SimpleNamespace(**best), lang),
        ABSENT if best is None else probability(best["p_growth"]),
        zhejiang_text(local),
    ]


def zhejiang_text(local: Summary | None) -> str:
    """Documents from Zhejiang and documents with a place: `3 / 90`."""
    if local is None:
        return ABSENT
    return f"{count(local['n_zhejiang'])} / {count(local['n_placed'])}"


def _movers(summaries: Sequence[Summary], lang: str) -> list[str]:
    found = movers(summaries)
    if not found:
        none = pick(
            lang,
            "没有可与一年前比较且位次有变化的细分方向。",
            "No sub-direction can be compared with a year ago and has changed its place.",
        )
        return [none]
    headers = pick(
        lang,
        "细分方向,赛道,一年前位次,当前位次,一年前得分,当前得分（区间）,超出区间",
        "Sub-direction,Track,Place then,Place now,Score then,Score now (interval),Beyond interval",
    ).split(",")
    rows = [
        [
            name_cell(pick(lang, sub["label_zh"], sub["label_en"])),
            md_text(pick(lang, sub["track_zh"], sub["track_en"])),
            count(sub["earlier_place"]),
            count(sub["place"]),
            decimal(sub["earlier_score"]),
            score_cell(SimpleNamespace(**sub), lang),
            pick(lang, "是", "yes") if sub["beyond"] else pick(lang, "否", "no"),
        ]
        for sub in found
    ]
    note = pick(
        lang,
        "位次按本页全部有得分的细分方向统一排列；一年前得分仍在当前得分区间之内的，"
        "位次变化不宜解读为实质变化。",
        "Places are among all scored sub-directions of this board. Where the earlier score lies "
        "within the present interval, the change of place should not be read as real.",
    )
    caption = pick(lang, "表：位次变化最大的细分方向", "Table: Largest changes of place")
    widths = [5, 4, 2, 2, 2, 4, 2]
    return [*table(headers, rows, widths=widths, right=[2, 3, 4], caption=caption), note]


def _alignment(registry: Registry, lang: str) -> list[str]:
    fields = registry.city_fields()
    mark = pick(lang, "解", "i")
    # later rows win: key over active, then wording of the policy over our interpretation
    fields = fields.assign(sure=fields["match"] != "interpreted")
    roles = {
        (row.track, row.city_zh): (KEY if row.level == "key" else ACTIVE)
        + ("" if row.sure else mark)
        for row in fields.sort_values(["level", "sure"], kind="stable").itertuples(index=False)
    }
    rows = [
        [
            md_text(pick(lang, track.name_zh, track.name_en)),
            *(roles.get((track.slug, city.zh), "") for city in registry.cities),
        ]
        for track in registry.tracks
    ]
    headers = [pick(lang, "赛道", "Track"), *(pick(lang, c.zh, c.en) for c in registry.cities)]
    note = pick(
        lang,
        f"{KEY} 重点发展；{ACTIVE} 积极布局；“解”表示政策表述没有同名赛道，由编制方按文意归入。",
        f"{KEY} key; {ACTIVE} active; i: interpreted, the policy has no track of that name.",
    )
    widths = [5, *(2 for _ in registry.cities)]
    caption = pick(lang, "表：设区市与赛道对应关系", "Table: Cities and tracks")
    return [*table(headers, rows, widths=widths, caption=caption), note]
