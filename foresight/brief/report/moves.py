"""Section 5 and the annex of a corpus report: series of classes that were moved."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from foresight.brief.escape import md_text
from foresight.brief.report.contents import caption, image
from foresight.brief.report.figures import symbols
from foresight.brief.report.tables import MIN_SERIES, CorpusTables
from foresight.brief.report.words import STATE_MEANINGS, STATE_NAMES
from foresight.brief.sections.blocks import bullets, heading, table
from foresight.brief.wording import (
    ABSENT,
    bracketed,
    count,
    date,
    decimal,
    listing,
    missing,
    percent,
    pick,
)

Figures = dict[str, list[str]]


def states(moves: pd.DataFrame) -> pd.Series:
    """State of each row as the report tells it: rows ahead with new symbols are `beside`."""
    beside = (moves["state"] == "ahead") & (moves["n_new"] > 0)
    return moves["state"].mask(beside, "beside")


def reclassification(tables: CorpusTables, *, figures: Figures, lang: str) -> list[str]:
    """Section 5."""
    title = "5. 改版移动的分类号：序列是否跳变", "5. Classes that were moved: do series jump"
    blocks = [heading(2, pick(lang, *title))]
    blocks.append(
        pick(
            lang,
            "CPC 与 IPC 的新版会把分类号整体移走，以下称移号"
            "（例如 H01L51 自 2023.01 版起为 H10K）。"
            f"对应表 `data/tracks/concordance.yml` 共 {len(tables.moves)} 行，"
            "每行写明哪些旧号合起来等于哪些新号，检索时两侧一并使用。"
            "下面逐行给出旧号、新号、任一侧的逐年文献数，看移号之年是否跳变。",
            "New editions of CPC and IPC move whole classes (H01L51 is H10K from 2023.01 on). The "
            f"concordance `data/tracks/concordance.yml` has {len(tables.moves)} rows; each says "
            "which old symbols together are which new ones, and retrieval uses both sides. Here "
            "are the documents of each year under the old symbols, the new ones and either, to "
            "see whether they jump in the year of the move.",
        )
    )
    blocks += bullets(plain_words(tables, lang))
    if (tables.moves["state"] == "empty").all():
        return blocks
    blocks += _state_table(tables, lang)
    drawn = tables.drawn
    blocks.append(
        pick(
            lang,
            f"图中只画截至 {tables.last_year} 年文献不少于 {MIN_SERIES} 件的行；"
            "全部各行见 `moves.csv` 与 `moved_years.csv`。"
            "灰色粗线为任一侧，虚线为旧号，实线为新号；竖点线为移号之年，浅灰底为语料完整年度之后，没有数据。",
            f"Drawn are the rows with at least {MIN_SERIES} documents up to {tables.last_year}; "
            "all rows are in `moves.csv` and `moved_years.csv`. Broad grey: either side; dashed: "
            "old symbols; solid: new ones. The dotted line is the year of the move; the pale "
            "ground lies beyond the last complete year, without data.",
        )
    )
    if len(drawn["crossed"]):
        blocks.append(heading(3, pick(lang, "语料跨越的移号", "Moves that the corpus crosses")))
        blocks += _ratios(drawn["crossed"], lang)
    blocks += image(
        figures.get("crossed", []),
        pick(lang, "语料跨越移号之年的序列", "Series across the year of the move"),
    )
    if len(drawn["beside"]):
        zh = "移号在完整年度之后、但已见新号"
        blocks.append(heading(3, pick(lang, zh, "Moves ahead, with new symbols already")))
        blocks += _beside(drawn["beside"], lang)
    blocks += image(
        figures.get("beside", []),
        pick(
            lang,
            "新旧号并存的序列（移号在最后一个完整年度之后）",
            "Old and new side by side (the move lies after the last complete year)",
        ),
    )
    return blocks


def annex(tables: CorpusTables, *, figures: Figures, lang: str) -> list[str]:
    """The series of moves that lie ahead of the corpus; nothing where there is none."""
    if not figures.get("ahead"):
        return []
    rows = len(tables.drawn["ahead"])
    return [
        heading(2, pick(lang, "附录：移号在语料之后的序列", "Annex: moves ahead of the corpus")),
        pick(
            lang,
            f"以下 {rows} 行在本语料中只有旧号，任一侧的序列即旧号序列。"
            "它们只说明移号之前有多少文献会受影响，不能说明移号之后是否跳变。",
            f"These {rows} rows have old symbols only in this corpus, so either side is the old "
            "one. They tell how many documents the move will touch, not whether the series jumps.",
        ),
        *image(
            figures["ahead"],
            pick(lang, "移号在语料之后，仅见旧号", "Moves ahead, old symbols only"),
        ),
    ]


def plain_words(tables: CorpusTables, lang: str) -> list[str]:
    """What this corpus can and cannot show of the moves, one sentence each."""
    moves = tables.moves.assign(state=states(tables.moves))
    if (moves["state"] == "empty").all():
        return [
            pick(
                lang,
                "本语料没有一件文献带有这些分类号，无从检验。",
                "No document of this corpus carries any of these symbols: nothing can be seen.",
            )
        ]
    crossed = moves[moves["state"].isin(["retagged", "handed_over", "mixed"])]
    ahead = moves[moves["state"].isin(["ahead", "beside"])]
    lines = [_crossed(crossed, lang)]
    if len(ahead):
        editions = listing(sorted({str(year) for year in ahead["moved"]}), lang)
        day, year = date(tables.last_published, lang), int(tables.last_published[:4])
        turn = f"{year}/{(year + 1) % 100:02d}"
        lines.append(
            pick(
                lang,
                f"语料止于{day}，最后一个完整年度为 {tables.last_year} 年。{len(ahead)} 行的移号"
                f"（{editions} 年版）没有移号之后的完整年度；没有任何数据跨过 {turn} 年之交，"
                "这些移号前后是否衔接，本语料无法检验。",
                f"The corpus ends on {day}; its last complete year is {tables.last_year}. For "
                f"{len(ahead)} rows (editions of {editions}) it has no complete year after the "
                f"move, and no data cross the turn of {turn}: whether these series jump cannot be "
                "seen here.",
            )
        )
    beside = moves[moves["state"] == "beside"]
    if len(beside):
        most = beside.sort_values("n_both", ascending=False, kind="stable")
        row = next(most.itertuples(index=False))
        old, new, both = (count(getattr(row, f"n_{name}")) for name in ("old", "new", "both"))
        what = f"{symbols(row.old, lang)} → {symbols(row.new, lang)}"
        lines.append(
            pick(
                lang,
                f"其中 {len(beside)} 行虽在移号之前，部分文献已标新号："
                "分类号取自较晚的版本，旧文献被回溯改标，"
                f"新旧号并存（例如 {what}：旧号 {old} 件，新号 {new} 件，其中两种都有 {both} 件）。"
                "单看旧号或新号都不完整，须两侧合用。",
                f"In {len(beside)} of these rows documents from before the move carry new symbols: "
                "the classes were taken from a later edition, old documents were re-tagged, and "
                f"old and new stand side by side ({what}: {old} documents under old symbols, {new} "
                f"under new ones, {both} under both). Either alone is incomplete; both together "
                "are needed.",
            )
        )
    lines.append(
        pick(
            lang,
            "合用两侧能否消除跳变，另由一个构造的语料检验：每件文献按移号日期改标，各赛道各途径的年度数不变"
            "（`tests/reference/test_reclassification.py`）。那是对规则的检验，不是对真实数据的检验。",
            "That both sides together leave no jump is tested apart, on a constructed corpus whose "
            "documents are recoded on the day of the move "
            "(`tests/reference/test_reclassification.py`): a test of the rule, not of real data.",
        )
    )
    return lines


def _crossed(crossed: pd.DataFrame, lang: str) -> str:
    if crossed.empty:
        return pick(
            lang,
            "本语料没有一行的移号前后都有文献，序列是否跳变无从看出。",
            "No row has documents on both sides of its move: no jump can be seen or excluded here.",
        )
    found = Counter(crossed["state"])
    named = listing(
        [f"{pick(lang, *STATE_NAMES[name])} {n}" for name, n in found.most_common()], lang
    )
    text = pick(
        lang,
        f"语料跨越移号之年的有 {len(crossed)} 行（{named}）。",
        f"The corpus crosses the move in {len(crossed)} rows ({named}).",
    )
    if found["retagged"] * 2 > len(crossed):
        text += pick(
            lang,
            "其中多数已被回溯改标：移号前的文献也带新号，旧号序列基本为空，新号与任一侧是同一条序列，"
            "没有新旧交接之处。这是专利局改标的结果，不能证明对应表有效。",
            " Most are re-tagged throughout: documents from before the move carry the new symbols "
            "and hardly any the old, so new and either are one series without a seam. That is the "
            "office's work and proves nothing of the concordance.",
        )
    return text


def _state_table(tables: CorpusTables, lang: str) -> list[str]:
    moves = tables.moves.assign(state=states(tables.moves))
    groups = moves.groupby("state")
    rows = [
        [
            pick(lang, *STATE_NAMES[name]),
            count(len(part)),
            listing(sorted({str(year) for year in part["moved"]}), lang),
            pick(lang, *STATE_MEANINGS[name]),
        ]
        for name in STATE_NAMES
        if name in groups.groups
        for part in [groups.get_group(name)]
    ]
    heads = pick(lang, "情况,行数,移号版本,含义", "State,Rows,Editions,Meaning").split(",")
    title = caption(
        lang, "对应表各行在本语料中的情况", "The rows of the concordance in this corpus"
    )
    return table(heads, rows, widths=[4, 2, 4, 9], right=[1], caption=title)


def _what(row: Any, lang: str) -> list[str]:
    change = f"{symbols(row.old, lang)} → {symbols(row.new, lang)}"
    return [md_text(pick(lang, row.note_zh, row.note)), md_text(change), row.since]


def _ratio(row: Any, side: str, lang: str) -> str:
    value, lo, hi = (getattr(row, f"{side}_ratio{end}") for end in ("", "_lo", "_hi"))
    if missing(value):
        return ABSENT
    if missing(hi):
        return f"> {decimal(lo, 2)}"
    return bracketed(decimal(value, 2), decimal(lo, 2), decimal(hi, 2), lang)


def _ratios(rows: pd.DataFrame, lang: str) -> list[str]:
    heads = pick(
        lang,
        "内容,分类号,版本,文献数,比较年数,旧号,新号,任一侧",
        "What,Symbols,Edition,Documents,Years,Old,New,Either",
    ).split(",")
    cells = [
        [
            *_what(row, lang),
            count(row.n_either),
            count(row.years_compared),
            *(_ratio(row, side, lang) for side in ("old", "new", "either")),
        ]
        for row in rows.itertuples(index=False)
    ]
    title = caption(
        lang,
        "移号之后与之前的文献份额之比（95% 置信区间）",
        "Share of documents after the move over before it (95% intervals)",
    )
    note = pick(
        lang,
        "之比：移号起若干完整年度与此前同样年数中，占有分类号文献的份额之比；技术本身的增减也在其中，"
        "三列须对照着看：旧号降为零而任一侧不变，说明对应表补上了缺口。"
        f"{ABSENT} 表示两段都没有文献。",
        "Share of the documents with any symbol, in the first complete years of the new edition "
        "over as many before. Growth of the technology is in it too, so the columns are to be read "
        "beside each other: old falling to 0 while either stays means that the row closes the gap. "
        f"{ABSENT}: no document in either span.",
    )
    widths = [5, 5, 3, 3, 2, 4, 4, 4]
    return [*table(heads, cells, widths=widths, right=range(3, 8), caption=title), note]


def _beside(rows: pd.DataFrame, lang: str) -> list[str]:
    heads = pick(
        lang,
        "内容,分类号,版本,旧号,新号,两种都有,任一侧,已改标",
        "What,Symbols,Edition,Old,New,Both,Either,Re-tagged",
    ).split(",")
    cells = [
        [
            *_what(row, lang),
            *(count(getattr(row, f"n_{name}")) for name in ("old", "new", "both", "either")),
            percent(row.retagged, 0),
        ]
        for row in rows.itertuples(index=False)
    ]
    title = caption(
        lang,
        "移号之前的文献：旧号、新号、两种都有、任一侧的件数",
        "Documents from before the move: under old symbols, new ones, both, either",
    )
    widths = [5, 5, 3, 2, 2, 2, 2, 3]
    return table(heads, cells, widths=widths, right=range(3, 8), caption=title)
