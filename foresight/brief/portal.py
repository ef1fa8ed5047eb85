"""The entry page `index.html`: one self-contained file that needs no server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import SimpleNamespace
from typing import Any

from foresight.brief.backtest.record import TrackRecord
from foresight.brief.backtest.words import caution
from foresight.brief.board import TIER_NAMES, Summary, zhejiang_text
from foresight.brief.study import CorpusCard
from foresight.brief.wording import (
    ABSENT,
    TIERS,
    as_text,
    count,
    date,
    decimal,
    pick,
    probability,
    span,
    stage,
)
from foresight.tracks import Registry

BRIEF_FORMATS = ("html", "pdf", "docx", "md")
NOTEBOOKS = ("notebook.html", "notebook.ipynb")
STYLE = """
:root { --ink: #1d2733; --soft: #5b6875; --line: #d5dbe1; --deep: #1f4e79; --warn: #8a4b08; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; color: var(--ink); background: #fff;
  font: 16px/1.6 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
  sans-serif; }
h1 { margin: 0.5rem 0 0; font-size: 1.6rem; }
h2 { margin: 2rem 0 0.6rem; padding-bottom: 0.2rem; border-bottom: 2px solid var(--deep);
  font-size: 1.15rem; }
h3 { margin: 0; font-size: 1.05rem; }
a { color: var(--deep); }
.en { color: var(--soft); font-size: 0.92em; }
.toggle { position: absolute; opacity: 0; }
.switch label { display: inline-block; padding: 0.1rem 0.7rem; border: 1px solid var(--line);
  cursor: pointer; }
#lang-zh:checked ~ .switch label[for=lang-zh], #lang-en:checked ~ .switch label[for=lang-en],
#lang-both:checked ~ .switch label[for=lang-both] { background: var(--deep); color: #fff; }
.toggle:focus-visible ~ .switch { outline: 2px solid var(--deep); }
#lang-zh:checked ~ main .en, #lang-en:checked ~ main .zh { display: none; }
#lang-en:checked ~ main .en { color: inherit; font-size: 1em; }
.cards { display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); }
.card { border: 1px solid var(--line); border-top: 3px solid var(--deep); padding: 0.8rem 1rem;
  break-inside: avoid; }
.card.thin, .card.failed { border-top-color: var(--warn); }
.flag { color: var(--warn); font-weight: 600; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.1rem 0.8rem; margin: 0.5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.links { margin: 0.3rem 0 0; font-size: 0.92rem; }
.note { color: var(--soft); font-size: 0.92rem; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } .switch { display: none; } }
""".strip()


def both(zh: str, en: str) -> str:
    """A text in both languages, each in its own element; what is given is escaped."""
    return (
        f'<span class="zh" lang="zh-CN">{escape(zh)}</span> '
        f'<span class="en" lang="en">{escape(en)}</span>'
    )


def _link(path: str, text: str) -> str:
    return f'<a href="{escape(path, quote=True)}">{escape(text)}</a>'


def render_portal(
    summaries: Sequence[Summary],
    *,
    registry: Registry,
    corpus: CorpusCard,
    as_of: str,
    failures: Mapping[str, str],
    files: Mapping[str, Iterable[str]],
    board_files: Iterable[str],
    report_files: Iterable[str] = (),
    record: TrackRecord | None = None,
    backtest_files: Iterable[str] = (),
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
        Names of the board's files beside the page, such as `board.zh.html`.
    report_files : iterable of str
        Names of the corpus report's files in the folder `report`; none where it was not made.
    record : TrackRecord, optional
        The backtest of the corpus; without it the page says that there is none.
    backtest_files : iterable of str
        Names of the backtest report's files in the folder `../backtest`; none without a record.

    Returns
    -------
    str, HTML without scripts or anything loaded from elsewhere; languages switch by style alone.
    """
    by_slug = {summary["slug"]: summary for summary in summaries}
    sections = []
    for tier, (zh, en) in TIERS.items():
        tracks = [track for track in registry.tracks if track.tier == tier]
        cards = [
            _card(by_slug[track.slug], list(files.get(track.slug, ())))
            if track.slug in by_slug
            else _missing(track.slug, track.name_zh, track.name_en, failures)
            for track in tracks
            if track.slug in by_slug or track.slug in failures
        ]
        if cards:
            sections.append(f"<h2>{both(zh, en)}</h2>\n<div class=cards>{''.join(cards)}</div>")
    title = "未来产业技术预见"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="zh-CN"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} · {escape(as_of)}</title>",
            f"<style>\n{STYLE}\n</style></head><body>",
            _switch(),
            f"<main>\n<h1>{both(title, 'Foresight on future industries')}</h1>",
            _opening(summaries, corpus=corpus, as_of=as_of, failures=failures, record=record),
            _linked("总览", "Board", _brief_links(list(board_files), stem="board", folder="")),
            _linked(
                "语料报告",
                "Corpus report",
                _brief_links(list(report_files), stem="report", folder="report/"),
            ),
            _linked(
                "回溯检验",
                "Backtest",
                _brief_links(list(backtest_files), stem="report", folder="../backtest/"),
            ),
            *sections,
            _corpus(corpus),
            "</main></body></html>\n",
        ]
    )


def _switch() -> str:
    names = (("both", "双语 Both"), ("zh", "中文"), ("en", "English"))
    radios = "".join(
        f'<input class="toggle" type="radio" name="lang" id="lang-{key}"'
        f"{' checked' if key == 'both' else ''}>"
        for key, _ in names
    )
    labels = "".join(f'<label for="lang-{key}">{text}</label>' for key, text in names)
    return f'{radios}\n<div class="switch">{labels}</div>'


def _opening(
    summaries: Sequence[Summary],
    *,
    corpus: CorpusCard,
    as_of: str,
    failures: Mapping[str, str],
    record: TrackRecord | None,
) -> str:
    def text(lang: str) -> str:
        done, bad = count(len(summaries)), count(len(failures))
        thin = count(sum(1 for summary in summaries if summary["thin"]))
        return pick(
            lang,
            f"数据截止{date(as_of, lang)}。语料：{corpus.title[lang]}，"
            f"{count(corpus.n_docs)} 件文献。"
            f"完成 {done} 个赛道，其中佐证薄弱 {thin} 个；未完成 {bad} 个。"
            + caution(record, lang),
            f"As of {date(as_of, lang)}. Corpus: {corpus.title[lang]}, {count(corpus.n_docs)} "
            f"documents. Tracks finished: {done}, of which on thin evidence: {thin}; not "
            f"finished: {bad}. {caution(record, lang)}",
        )

    return f"<p>{both(text('zh'), text('en'))}</p>"


def _linked(zh: str, en: str, links: str) -> str:
    return f"<p><strong>{both(zh, en)}</strong>：{links}</p>" if links else ""


def _brief_links(names: list[str], *, stem: str, folder: str) -> str:
    found = []
    for lang, label in (("zh", "中文"), ("en", "English")):
        known = [f for f in BRIEF_FORMATS if f"{stem}.{lang}.{f}" in names]
        if known:
            links = " ".join(_link(f"{folder}{stem}.{lang}.{f}", f.upper()) for f in known)
            found.append(f"{label} {links}")
    return " · ".join(found)


def _card(summary: Summary, names: list[str]) -> str:
    folder = f"{summary['slug']}/"
    thin = summary["thin"]
    flag = f'<p class="flag">{both("佐证薄弱", "Thin evidence")}</p>' if thin else ""
    lines = [_row("文献", "Documents", escape(count(summary["n_docs"])))]
    lines += _best(summary["best"])
    local = zhejiang_text(summary["zhejiang"])
    lines.append(_row("浙江 / 有地点", "Zhejiang / placed", escape(local)))
    briefs = _brief_links(names, stem="brief", folder=folder)
    books = [name for name in NOTEBOOKS if name in names]
    tables = sorted(name for name in names if name.endswith(".csv"))
    data = " ".join(_link(folder + name, name) for name in [*books, *tables])
    tier = both(*TIER_NAMES[summary["tier"]])
    return (
        f'<section class="card{" thin" if thin else ""}" id="{escape(summary["slug"])}">'
        f"<h3>{summary['number']}. {both(summary['name_zh'], summary['name_en'])}</h3>"
        f'<p class="note">{tier}</p>{flag}<dl>{"".join(lines)}</dl>'
        f'<p class="links">{both("简报", "Brief")} {briefs or ABSENT}</p>'
        f'<p class="links">{both("数据与笔记本", "Data and notebook")} {data or ABSENT}</p>'
        "</section>\n"
    )


def _row(zh: str, en: str, value: str) -> str:
    return f"<dt>{both(zh, en)}</dt><dd>{value}</dd>"


def _best(best: dict[str, Any] | None) -> list[str]:
    if best is None:
        return [_row("最强技术", "Strongest", both("未评分", "no score"))]
    bounds = span(decimal(best["score_lo"]), decimal(best["score_hi"]), "zh")
    unit = SimpleNamespace(**best)
    return [
        _row("最强技术", "Strongest", both(as_text(unit.label_zh), as_text(unit.label_en))),
        _row("得分", "Score", escape(f"{decimal(unit.score)} ({bounds})")),
        _row("增长概率", "P(growth)", escape(probability(unit.p_growth))),
        _row("阶段", "Stage", both(stage(unit.stage, "zh"), stage(unit.stage, "en"))),
    ]


def _missing(slug: str, zh: str, en: str, failures: Mapping[str, str]) -> str:
    return (
        f'<section class="card failed" id="{escape(slug)}"><h3>{both(zh, en)}</h3>'
        f'<p class="flag">{both("未完成", "Not finished")}</p>'
        f"<p>{escape(failures[slug])}</p></section>\n"
    )


def _corpus(corpus: CorpusCard) -> str:
    lists = "".join(
        f'<ul class="note {lang}" lang="{lang}">'
        + "".join(f"<li>{escape(note)}</li>" for note in notes)
        + "</ul>"
        for lang, notes in corpus.notes.items()
    )
    licence = both(corpus.licence["zh"], corpus.licence["en"])
    return (
        f"<h2>{both('语料、局限与许可', 'Corpus, limits and licence')}</h2>"
        f"<p>{licence}</p>{lists}"
        f'<p class="note">SHA-256 {escape(corpus.digest)}</p>'
    )
