"""A track's page: trends, topic map and documents, beside the same numbers as tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from foresight.brief.address import office_url
from foresight.brief.board import TIER_NAMES, zhejiang_text
from foresight.brief.escape import shorten
from foresight.brief.portal.documents import (
    TITLE_COLUMNS,
    page_data,
    typical,
    unit_frame,
    unit_series,
)
from foresight.brief.portal.markup import (
    both,
    cell,
    json_block,
    link,
    outside,
    page,
    switch,
    table,
    text,
)
from foresight.brief.portal.rows import PAGE, brief_links, navigation_links
from foresight.brief.portal.sector import Sector, rows_of
from foresight.brief.wording import (
    as_float,
    as_int,
    bracketed,
    count,
    date,
    decimal,
    probability,
    rank_cell,
    score_cell,
    signed_percent,
    small_percent,
    stage,
)
from foresight.tracks import Registry

SCRIPTS = ("portal.js", "portal_chart.js", "portal_trend.js", "portal_map.js", "portal_track.js")
NOTEBOOKS = ("notebook.html", "notebook.ipynb")
PER = 1000  # shares are shown per thousand documents of the corpus
UNIT_HEADS = (
    ("名称", "Name"),
    ("文献数", "Documents"),
    ("得分（区间）", "Score (interval)"),
    ("位次（区间）", "Rank (interval)"),
    ("增长概率", "P(growth)"),
    ("生命周期", "Stage"),
    ("近三年", "Last three years"),
    ("始见", "Born"),
    ("代表文献", "Typical documents"),
)


def render_track(sector: Sector, *, registry: Registry) -> str:
    """Write a track's page.

    Parameters
    ----------
    sector : Sector
        From `read_sector`: the page states what the track's own files state.
    registry : Registry
        For the names of the regions of navigation reports.

    Returns
    -------
    str, HTML
        One file, as `render_portal` writes it. Without its script the tables, typical documents
        and links can be read; with it trends and topic map can be explored and the documents of
        each topic and sub-direction listed.
    """
    units = unit_frame(sector)
    series = unit_series(sector, units)
    summary = sector.summary
    body = [
        f"<header>{switch()}",
        f'<p class="up">{link("../" + PAGE, "← " + both("全部赛道", "All tracks"))}</p>',
        f"<h1>{both(summary['name_zh'], summary['name_en'])}</h1>",
        _facts(summary),
        f'<nav class="links">{_links(sector.files, registry)}</nav></header>',
        "<main>",
        _explore(sector, units),
        _tables(sector, units),
        _years(series, units),
        _downloads(sector.files),
        "</main>",
        json_block("data", page_data(sector, units, series)),
    ]
    title = f"{summary['name_zh']} · {summary['name_en']} · {summary['as_of']}"
    return page(title, body="\n".join(body), scripts=SCRIPTS)


def _facts(summary: dict[str, Any]) -> str:
    share, change, day = summary["share"], summary["share_change"], summary["as_of"]
    rows = [
        (("层级", "Tier"), both(*TIER_NAMES[summary["tier"]])),
        (("数据截止", "As of"), both(date(day, "zh"), date(day, "en"))),
        (("文献", "Documents"), both(
            f"{count(summary['n_docs'])}（专利 {count(summary['n_patents'])}，"
            f"论文 {count(summary['n_papers'])}）",
            f"{count(summary['n_docs'])} (patents {count(summary['n_patents'])}, papers "
            f"{count(summary['n_papers'])})")),
        ((f"{summary['last_year']}年占语料", f"Share of the corpus, {summary['last_year']}"),
         _estimate(share, small_percent)),
        (("份额年变化", "Share a year"), _estimate(change, lambda value: signed_percent(value, 1))),
        (("浙江 / 有地点", "Zhejiang / placed"), text(zhejiang_text(summary["zhejiang"]))),
    ]  # fmt: skip
    flag = f'<p class="flag">{both("佐证薄弱", "Thin evidence")}</p>' if summary["thin"] else ""
    listed = "".join(
        f"<div><dt>{both(*name)}</dt><dd>{value}</dd></div>" for name, value in rows if value
    )
    return f'{flag}<dl class="facts">{listed}</dl>'


def _estimate(found: dict[str, Any] | None, form: Any) -> str:
    if found is None:
        return ""
    value, lo, hi = (form(found[key]) for key in ("value", "lo", "hi"))
    return both(*(bracketed(value, lo, hi, code) for code in ("zh", "en")))


def _links(files: Iterable[str], registry: Registry) -> str:
    names = list(files)
    rows = [(("简报", "Brief"), brief_links(names, stem="brief", folder=""))]
    reports = navigation_links(names, folder="", registry=registry)
    rows += [(("专利导航", "Navigation"), links) for links in reports]
    return "".join(
        f"<p><strong>{both(*name)}</strong> {links}</p>" for name, links in rows if links
    )


def _explore(sector: Sector, units: pd.DataFrame) -> str:
    """Places for what the script draws; without it, where the same can be seen."""
    figures = "、".join(link(f"brief.{code}.html", name) for code, name in
                       (("zh", "中文简报"), ("en", "English brief"))
                       if f"brief.{code}.html" in sector.files)  # fmt: skip
    silent = both(
        "曲线、主题图与文献清单需要脚本；同样的数字见下列各表，图见简报：",
        "Lines, map and list of documents need scripts; the tables below hold the same numbers, "
        "the brief the figures:",
    )
    mapped = bool(sector.documents["x"].notna().any())
    no_map = both(
        "本赛道文献不足以划分主题，没有主题图；趋势与文献按细分方向给出。",
        "The track has too few documents for topics and no topic map; trends and documents are by "
        "sub-direction.",
    )
    no_units = both("本赛道在语料中没有文献。", "The corpus has no document of this track.")
    if units.empty:
        return f'<p class="caution">{no_units}</p>'
    return (
        f"<noscript><p>{silent} {figures}</p></noscript>"
        '<section id="explore" aria-labelledby="h-trend" hidden>'
        f'<h2 id="h-trend">{both("趋势", "Trends")}</h2>'
        '<div id="chips"></div><div id="trend"></div>'
        f"<h2>{both('主题图', 'Topic map')}</h2>"
        + ('<div id="map"></div>' if mapped else f"<p>{no_map}</p>")
        + f'<h2 id="h-docs">{both("文献", "Documents")}</h2><div id="docs"></div></section>'
    )


def _tables(sector: Sector, units: pd.DataFrame) -> str:
    """Topics and sub-directions with their scores, as scores.csv and topics.csv have them."""
    parts = []
    scores = sector.scores
    for kind, zh, en in (
        ("topic", "技术主题", "Topics"),
        ("sub_direction", "细分方向", "Sub-directions"),
    ):
        rows = scores[scores["unit_kind"] == kind]
        if rows.empty:
            continue
        written = _unit_rows(sector, rows, units)
        heads = UNIT_HEADS if kind == "topic" else UNIT_HEADS[:6]
        shown = table(heads, written, name=f"{kind}-table", caption=(zh, en), numeric=range(1, 5))
        parts.append(f'<div class="cards">{shown}</div>')
    note = both(
        "文献数含不完整的当年；文献过少的不评分。位次在同类之内。",
        "Documents include the incomplete year; units with too few are not scored. Ranks are among "
        "units of a kind.",
    )
    return (
        f'<section aria-labelledby="h-units"><h2 id="h-units">'
        f"{both('主题与细分方向', 'Topics and sub-directions')}</h2>{''.join(parts)}"
        f'<p class="note">{note}</p></section>'
    )


def _unit_rows(sector: Sector, rows: pd.DataFrame, units: pd.DataFrame) -> list[str]:
    totals = units.set_index("unit_id")["total"]
    reasons = sector.stages.set_index("unit_id")["stage_reason"]
    topics = {str(row.topic_id): row for row in rows_of(sector.topics)}
    near, titles = typical(sector), sector.documents.set_index("doc_id")["title"]
    written = []
    for row in rows_of(rows):
        unit, heads = str(row.unit_id), UNIT_HEADS
        score, rise = as_float(row.score), as_float(row.p_growth)
        known, reason = row.stage or None, reasons.get(unit) or None
        grown = both(*(stage(known, code, reason) for code in ("zh", "en")))
        n = int(totals.get(unit, 0))
        cells = [
            cell(both(str(row.label_zh), str(row.label_en)), value=row.label_en, kind="name",
                 row_head=True),
            cell(count(n), value=n, kind="num", head=heads[1]),
            cell(both(score_cell(row, "zh"), score_cell(row, "en")), value=score, kind="num",
                 head=heads[2]),
            cell(both(rank_cell(row, "zh"), rank_cell(row, "en")), value=as_float(row.rank),
                 kind="num", head=heads[3]),
            cell(text(probability(rise)), value=rise, kind="num", head=heads[4]),
            cell(grown if score is not None else "", value=known, head=heads[5]),
        ]  # fmt: skip
        if unit in topics:
            topic = topics[unit]
            documents = " ".join(_document(doc, titles[doc]) for doc in near[unit])
            cells += [
                cell(count(topic.n_recent), value=topic.n_recent, kind="num", head=heads[6]),
                cell(str(as_int(topic.born) or ""), value=topic.born, kind="num", head=heads[7]),
                cell(documents, kind="docs", head=heads[8]),
            ]
        written.append(
            f'<tr role="row" id="u-{text(unit)}" data-unit="{text(unit)}">{"".join(cells)}</tr>\n'
        )
    return written


def _document(doc_id: str, title: str) -> str:
    found = office_url(doc_id)
    name = text(doc_id) if found is None else outside(found, text(doc_id))
    return f'<span title="{text(shorten(title, TITLE_COLUMNS))}">{name}</span>'


def _years(series: pd.DataFrame, units: pd.DataFrame) -> str:
    """The lines as a table: documents of each year, and per thousand of the corpus below."""
    if units.empty:
        return ""
    years = sorted(series["year"].unique())
    heads = [("名称", "Name"), *((str(year), str(year)) for year in years)]
    lines = dict(list(series.groupby("unit_id")))
    rows = []
    for unit in rows_of(units):
        cells = [
            cell(both(str(unit.label_zh), str(unit.label_en)), value=unit.label_en, row_head=True)
        ]
        cells += [
            cell(f"{count(row.n_docs)} <small>{decimal(as_float(PER * row.share), 2)}</small>",
                 value=row.n_docs, kind="num")
            for row in rows_of(lines[unit.unit_id])
        ]  # fmt: skip
        rows.append(f'<tr role="row">{"".join(cells)}</tr>\n')
    corpus = [cell(both("语料", "Corpus"), row_head=True)]
    first = next(iter(lines.values()))
    corpus += [cell(count(n), value=n, kind="num") for n in first["n_corpus"]]
    rows.append(f'<tr role="row" class="total">{"".join(corpus)}</tr>\n')
    caption = (
        "各年文献数，其下为每千件语料文献中的件数；仅完整年度",
        "Documents a year, and per 1,000 documents of the corpus below; complete years only",
    )
    shown = table(heads, rows, name="years-table", caption=caption, numeric=range(1, len(heads)))
    name = both("趋势的数字", "Numbers of the trends")
    return (
        f"<details><summary>{name}</summary>"
        f'<div class="wide-table" role="region" tabindex="0" aria-label="趋势的数字 Numbers of the '
        f'trends">{shown}</div></details>'
    )


def _downloads(files: Iterable[str]) -> str:
    names = list(files)
    listed = [name for name in NOTEBOOKS if name in names]
    listed += [name for name in names if name.endswith(".csv") and "/" not in name]
    links = " ".join(link(name, text(name), download=name.endswith(".csv")) for name in listed)
    return (
        '<section aria-labelledby="h-files"><h2 id="h-files">'
        f'{both("数据与笔记本", "Data and notebook")}</h2><p class="formats">{links}</p></section>'
    )
