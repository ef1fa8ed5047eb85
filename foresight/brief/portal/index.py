"""The entry page `index.html`: all tracks on one page that needs no server and no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from foresight.brief.backtest.record import TrackRecord
from foresight.brief.backtest.words import caution
from foresight.brief.board import TIER_NAMES, Summary
from foresight.brief.portal.markup import both, link, page, switch, text
from foresight.brief.portal.rows import (
    Files,
    board_table,
    brief_links,
    movers_table,
    units_table,
)
from foresight.brief.portal.units import UNIT_COLUMNS
from foresight.brief.study import CorpusCard
from foresight.brief.wording import count, date, pick
from foresight.tracks import Registry

TITLE = ("未来产业技术预见", "Foresight on future industries")
TABLES = {
    "board.csv": ("各赛道（CSV）", "tracks (CSV)"),
    "units.csv": ("全部主题与细分方向（CSV）", "topics and sub-directions (CSV)"),
}
SEARCH = ("检索主题、细分方向、赛道", "Search topics, sub-directions, tracks")
SCRIPTS = ("portal.js", "portal_index.js")


def render_portal(
    summaries: Sequence[Summary],
    *,
    registry: Registry,
    corpus: CorpusCard,
    as_of: str,
    failures: Mapping[str, str],
    files: Files,
    board_files: Iterable[str],
    report_files: Iterable[str] = (),
    record: TrackRecord | None = None,
    backtest_files: Iterable[str] = (),
    units: pd.DataFrame | None = None,
) -> str:
    """Write the entry page.

    Parameters
    ----------
    summaries : list of dict, from `summarise`
    registry, corpus, as_of
    failures : mapping
        Slug of each track that could not be made, with the reason.
    files : mapping
        For each slug, the names of the files in its folder; those known are linked.
    board_files : iterable of str
        Names of the board's files beside the page, such as `board.zh.html` and `board.csv`.
    report_files : iterable of str
        Names of the corpus report's files in the folder `report`; none where it was not made.
    record : TrackRecord, optional
        The backtest of the corpus; without it the page says that there is none.
    backtest_files : iterable of str
        Names of the backtest report's files in the folder `../backtest`; none without a record.
    units : DataFrame, optional
        From `unit_table`: what the search looks through; without it there is nothing to search.

    Returns
    -------
    str, HTML
        One file with its own style and script, whose policy forbids anything from elsewhere. All
        tables are in it as text; the script sorts, filters and searches them.
    """
    sought = pd.DataFrame(columns=list(UNIT_COLUMNS)) if units is None else units
    names = list(board_files)
    body = [
        f"<header>{switch()}",
        f"<h1>{both(*TITLE)}</h1>",
        _opening(summaries, corpus=corpus, as_of=as_of, failures=failures, record=record),
        '<nav class="links">',
        _linked("总览", "Board", brief_links(names, stem="board", folder="")),
        _linked("语料报告", "Corpus report",
                brief_links(list(report_files), stem="report", folder="report/")),
        _linked("回溯检验", "Backtest",
                brief_links(list(backtest_files), stem="report", folder="../backtest/")),
        _linked("数据下载", "Download", " · ".join(
            link(name, both(*label), download=True)
            for name, label in TABLES.items() if name in names)),
        "</nav></header>\n<main>",
        _tools(registry),
        _tracks(summaries, registry=registry, failures=failures, files=files),
        _moved(summaries, files),
        _searched(sought, files),
        _corpus(corpus),
        "</main>",
    ]  # fmt: skip
    title = f"{TITLE[0]} · {TITLE[1]} · {as_of}"
    return page(title, body="\n".join(filter(None, body)), scripts=SCRIPTS)


def _opening(
    summaries: Sequence[Summary],
    *,
    corpus: CorpusCard,
    as_of: str,
    failures: Mapping[str, str],
    record: TrackRecord | None,
) -> str:
    def said(lang: str) -> str:
        done, bad = count(len(summaries)), count(len(failures))
        thin = count(sum(1 for summary in summaries if summary["thin"]))
        return pick(
            lang,
            f"数据截止{date(as_of, lang)}。语料：{corpus.title[lang]}，"
            f"{count(corpus.n_docs)} 件文献。"
            f"完成 {done} 个赛道，其中佐证薄弱 {thin} 个；未完成 {bad} 个。",
            f"As of {date(as_of, lang)}. Corpus: {corpus.title[lang]}, {count(corpus.n_docs)} "
            f"documents. Tracks finished: {done}, of which on thin evidence: {thin}; not "
            f"finished: {bad}.",
        )

    warned = both(caution(record, "zh"), caution(record, "en"))
    return f'<p>{both(said("zh"), said("en"))}</p>\n<p class="caution">{warned}</p>'


def _linked(zh: str, en: str, links: str) -> str:
    return f"<p><strong>{both(zh, en)}</strong> {links}</p>" if links else ""


def _tools(registry: Registry) -> str:
    """Search and filters; shown by the script, without which they could do nothing."""
    cities = {city.en: (city.zh, city.en) for city in registry.cities}
    families = {str(family.number): (family.zh, family.en) for family in registry.landmarks}
    choices = (
        ("tier", "发展层级", "Tier", TIER_NAMES),
        ("cities", "设区市", "City", cities),
        ("families", "标志性产品", "Landmark family", families),
    )
    return (
        '<form class="tools" role="search" id="tools" hidden>'
        f'<div class="wide"><label for="query">{both(*SEARCH)}</label>'
        '<input type="search" id="query" autocomplete="off" spellcheck="false"></div>'
        + "".join(_choice(*choice) for choice in choices)
        + f'<div class="narrow"><label for="sort">{both("排序", "Sort by")}</label>'
        '<select id="sort"></select></div>'
        f'<div><button type="reset">{both("全部显示", "Show all")}</button></div>'
        '<p id="shown" role="status" aria-live="polite"></p></form>'
    )


def _choice(key: str, zh: str, en: str, options: Mapping[str, tuple[str, str]]) -> str:
    listed = "".join(
        f'<option value="{text(value)}" data-zh="{text(label[0])}" data-en="{text(label[1])}">'
        f"{text(label[0])} {text(label[1])}</option>"
        for value, label in {"": ("全部", "All"), **options}.items()
    )
    return (
        f'<div><label for="f-{key}">{both(zh, en)}</label>'
        f'<select id="f-{key}" data-filter="{key}">{listed}</select></div>'
    )


def _tracks(
    summaries: Sequence[Summary],
    *,
    registry: Registry,
    failures: Mapping[str, str],
    files: Files,
) -> str:
    note = both(
        "颜色按各列由最低到最高，越深越高；斜线为缺失。分项为全语料主题中的百分位。“增长概率”为"
        "今后占比年均增长不低于 8% 的概率（含义见各简报第 11 节）；"
        "“份额年变化”为最近三个完整年度与此前三年之比；“浙江文献”为涉及浙江的件数与有地点文献的件数。",
        "Shades run from the lowest to the highest of each column; hatched is missing. Components "
        "are percentiles among the topics of the whole corpus. P(growth): probability that the "
        "share grows at least 8% a year (section 11 of a brief). Share a year: the last three "
        "complete years against the three before. "
        "Zhejiang: documents from the province of those that state a place.",
    )
    rows = board_table(summaries, registry=registry, failures=failures, files=files)
    return (
        f'<section aria-labelledby="h-board"><h2 id="h-board">{both("各赛道一览", "All tracks")}'
        f'</h2>\n<div class="cards">{rows}</div><p class="note">{note}</p></section>'
    )


def _moved(summaries: Sequence[Summary], files: Files) -> str:
    rows = movers_table(summaries, files)
    none = both(
        "没有可与一年前比较且位次有变化的细分方向。",
        "No sub-direction can be compared with a year ago and has changed its place.",
    )
    note = both(
        "位次按本页全部有得分的细分方向统一排列；一年前得分仍在当前得分区间之内的，位次变化不宜解读为"
        "实质变化。",
        "Places are among all scored sub-directions of this page. Where the earlier score lies "
        "within the present interval, the change of place should not be read as real.",
    )
    body = (
        f'<div class="cards">{rows}</div><p class="note">{note}</p>' if rows else f"<p>{none}</p>"
    )
    return (
        '<section aria-labelledby="h-movers"><h2 id="h-movers">'
        f"{both('一年来的变化', 'Movers since a year ago')}</h2>\n{body}</section>"
    )


def _searched(units: pd.DataFrame, files: Files) -> str:
    if units.empty:
        return ""
    note = both(
        "文献数截至最近一个完整年度；文献过少的不评分。",
        "Documents up to the last complete year; units with too few are not scored.",
    )
    return (
        '<section aria-labelledby="h-units"><h2 id="h-units">'
        f"{both('主题与细分方向', 'Topics and sub-directions')}</h2>\n"
        f'<div class="cards">{units_table(units, files)}</div><p class="note">{note}</p></section>'
    )


def _corpus(corpus: CorpusCard) -> str:
    lists = "".join(
        f'<ul class="note {lang}" lang="{lang}">'
        + "".join(f"<li>{text(note)}</li>" for note in notes)
        + "</ul>"
        for lang, notes in corpus.notes.items()
    )
    licence = both(corpus.licence["zh"], corpus.licence["en"])
    return (
        '<section aria-labelledby="h-corpus"><h2 id="h-corpus">'
        f"{both('语料、局限与许可', 'Corpus, limits and licence')}</h2>"
        f"<p>{licence}</p>{lists}"
        f'<p class="note digest">SHA-256 {text(corpus.digest)}</p></section>'
    )
