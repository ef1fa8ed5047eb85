"""Section 4 of a corpus report: quality of retrieval in the 24 tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from foresight.brief.escape import md_text
from foresight.brief.report.contents import caption, image
from foresight.brief.report.tables import GOAL, MIN_TRACK, CorpusTables
from foresight.brief.sections.blocks import bullets, heading, table
from foresight.brief.sections.retrieval import READERS
from foresight.brief.wording import ABSENT, bracketed, count, decimal, listing, pick


def quality(tables: CorpusTables, *, figures: Sequence[str], lang: str) -> list[str]:
    """Section 4."""
    blocks = [heading(2, pick(lang, "4. 各赛道的检索质量", "4. Quality of retrieval by track"))]
    blocks += _strata(tables, lang)
    if tables.measured.empty:
        blocks.append(_unmeasured(tables, lang))
        return blocks
    blocks += _estimates(tables, lang)
    blocks += image(
        figures,
        pick(
            lang,
            "各赛道查准率与查全率：现行检索式与修订前初稿，横线为 95% 置信区间",
            "Precision and recall by track: now, and the draft before the edits; lines are "
            "95% intervals",
        ),
    )
    return [*blocks, *_method(tables, lang)]


def _name(row: Any, lang: str) -> str:
    return f"{row.number} {md_text(pick(lang, row.label_zh, row.label_en))}"


def _strata(tables: CorpusTables, lang: str) -> list[str]:
    heads = pick(
        lang,
        "赛道,文献数,分类号与关键词,仅核心分类号,仅关键词,宽泛分类号加语境词,近似未入选,初稿文献数",
        "Track,Documents,Class and keyword,Core class only,Keyword only,"
        "Broad class beside a word,Near misses,Draft",
    ).split(",")
    names = ("documents", "class_and_keyword", "class", "keyword", "broad", "near_miss")
    rows = [
        [_name(row, lang), *(count(cells[name]) for name in names), count(cells["draft_documents"])]
        for row, cells in zip(
            tables.quality.itertuples(index=False), _records(tables.quality), strict=True
        )
    ]
    title = caption(lang, "各赛道按检索途径的文献数", "Documents of each track by route")
    text = pick(
        lang,
        "一件文献可以入选多个赛道。“近似未入选”指命中某赛道的分类号或词、但不满足入选规则的文献；"
        "“初稿文献数”是修订之前的研究初稿（全部分类号和关键词单独即可入选）会收入的文献数。",
        "A document may be in several tracks. Near misses share a class or word of the track and "
        "do not satisfy its rules. Draft: documents that the research draft held, before the "
        "edits, when every class and keyword was enough alone.",
    )
    widths = [7, 3, 3, 3, 3, 3, 3, 3]
    return [text, *table(heads, rows, widths=widths, right=range(1, 8), caption=title)]


def _unmeasured(tables: CorpusTables, lang: str) -> str:
    if tables.quality["labels"].sum():
        return pick(
            lang,
            "样本抽取之后检索式有过调整，样本可能参与了调整；查准率、查全率须以新样本重测，本报告不给出。",
            "Search terms were changed after the samples were drawn, which may have guided the "
            "change: precision and recall wait for fresh samples and are not given.",
        )
    return pick(
        lang,
        "本语料没有逐篇判读的样本，查准率、查全率无法给出；"
        f"`foresight corpus label 赛道 --corpus {tables.card.name} --by 姓名` 可以开始判读。",
        "No document of this corpus has been read and labelled, so precision and recall cannot be "
        f"given; `foresight corpus label TRACK --corpus {tables.card.name} --by NAME` starts.",
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        dict(zip(map(str, frame), row, strict=True))
        for row in frame.itertuples(index=False, name=None)
    ]


def share_cell(cells: dict[str, Any], name: str, lang: str) -> str:
    """An estimated share with two decimals and its interval; a dash where it is not known."""
    value, lo, hi = (decimal(cells[f"{name}{end}"], 2) for end in ("", "_lo", "_hi"))
    return bracketed(value, lo, hi, lang)


def _estimates(tables: CorpusTables, lang: str) -> list[str]:
    heads = pick(
        lang,
        "赛道,查准率,查全率,初稿查准率,初稿查全率,相关文献：现行与初稿之比",
        "Track,Precision,Recall,Draft precision,Draft recall,Relevant: now over draft",
    ).split(",")
    names = ("precision", "recall", "draft_precision", "draft_recall", "relevant")
    measured = tables.measured
    rows = [
        [_name(row, lang), *(share_cell(cells, name, lang) for name in names)]
        for row, cells in zip(measured.itertuples(index=False), _records(measured), strict=True)
    ]
    title = caption(
        lang,
        "查准率与查全率（95% 置信区间）：现行与初稿",
        "Precision and recall (95% intervals): now and draft",
    )
    return table(heads, rows, widths=[6, 4, 4, 4, 4, 4], right=range(1, 6), caption=title)


def span_of(values: pd.Series) -> str:
    """The least and the greatest of some shares, with two decimals; one where they are equal."""
    low, high = decimal(values.min(), 2), decimal(values.max(), 2)
    return low if low == high else f"{low}–{high}"


def verdict(tables: CorpusTables, lang: str) -> str:
    """How many tracks with enough documents reach the goal, in one sentence."""
    measured = tables.measured
    large = measured[measured["documents"] >= MIN_TRACK]
    good = large[large["precision"].round(2) >= GOAL]
    if large.empty:
        return pick(
            lang,
            f"已判读的赛道都不足 {MIN_TRACK} 件文献。",
            f"No track with labels has {MIN_TRACK} documents.",
        )
    ends = span_of(large["precision"])
    return pick(
        lang,
        f"文献不少于 {MIN_TRACK} 件的 {len(large)} 个已判读赛道，查准率为 {ends}，"
        f"其中 {len(good)} 个不低于 {decimal(GOAL, 2)}。",
        f"Of the {len(large)} labelled tracks with at least {MIN_TRACK} documents, {len(good)} "
        f"have a precision of {decimal(GOAL, 2)} or more (range {ends}).",
    )


def _method(tables: CorpusTables, lang: str) -> list[str]:
    measured = tables.measured
    labels, twice = (count(measured[name].sum()) for name in ("labels", "read_twice"))
    kappa = measured["kappa"].dropna()
    agreed = ""
    if len(kappa):
        ends = span_of(kappa)
        agreed = pick(lang, f"，κ 为 {ends}", f", kappa {ends}")
    readers = _readers(tables, lang)
    by = listing(readers, lang)
    untold = len(measured) - int(measured["recall"].notna().sum())
    lines = [
        verdict(tables, lang),
        pick(
            lang,
            f"样本：{labels} 件判读，其中 {twice} 件判读两次{agreed}；判读者：{by}。"
            "“难以判断”按不属于计。",
            f"Samples: {labels} labels, {twice} of them read twice{agreed}; read by {by}. "
            "What could not be decided counts as foreign.",
        ),
        pick(
            lang,
            "查准率按层加权（威尔逊区间，Kish 有效样本量）；"
            "查全率由分类号与关键词两路捕获—再捕获估计，假定两路独立，实际多为正相关，因此是偏高估计。初稿与现行用同一份样本评判。",
            "Precision is weighted to the strata (Wilson's interval, Kish's effective number). "
            "Recall is capture-recapture between classes and keywords taken as independent, which "
            "they seldom are: an upper estimate. Draft and present are judged by one sample.",
        ),
    ]
    if set(readers) <= {pick(lang, *pair) for pair in READERS.values()}:
        lines.append(
            pick(
                lang,
                "两次判读均出自模型，比两位专家更容易一致；专家判读的样本更可靠。",
                "Both readings are by models, which agree more easily than two experts would; an "
                "expert's sample is the better judge.",
            )
        )
    near = measured[measured["near"].notna()].sort_values("near", ascending=False, kind="stable")
    if len(near):
        most = _records(near)[0]
        worst, name = share_cell(most, "near", lang), md_text(most[f"label_{lang}"])
        ends = span_of(near["near"])
        lines.append(
            pick(
                lang,
                f"近似未入选的文献中属于本赛道者：各赛道 {ends}，最高为{name} {worst}。",
                f"Near misses that belong to the track after all: {ends}; most in {name}, {worst}.",
            )
        )
    if untold:
        lines.append(
            pick(
                lang,
                f"{untold} 个赛道没有两路共同命中的相关文献，查全率无法估计，记作 {ABSENT}。",
                f"In {untold} track(s) the two routes share no relevant document: no recall, "
                f"shown as {ABSENT}.",
            )
        )
    changed = tables.quality.loc[tables.quality["terms_changed"].fillna(False), f"label_{lang}"]
    if len(changed):
        named = listing([md_text(name) for name in changed], lang)
        lines.append(
            pick(
                lang,
                f"检索式在抽样后有调整、须重测的赛道：{named}。",
                f"Terms changed since the sample was drawn, to be measured again: {named}.",
            )
        )
    return bullets(lines)


def _readers(tables: CorpusTables, lang: str) -> list[str]:
    measured = tables.measured
    cells = [*measured["labelled_by"].dropna(), *measured["second_by"].dropna()]
    names = sorted({name for cell in cells for name in str(cell).split("; ")})
    return [pick(lang, *READERS[name]) if name in READERS else md_text(name) for name in names]
