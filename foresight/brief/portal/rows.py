"""Tables of the entry page: tracks as a heat map, movers, all topics and sub-directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pandas as pd

from foresight.brief.board import TIER_NAMES, Summary, movers, zhejiang_text
from foresight.brief.portal.markup import both, cell, link, shade, table, text
from foresight.brief.portal.sector import rows_of
from foresight.brief.wording import (
    as_float,
    count,
    decimal,
    probability,
    score_cell,
    signed_percent,
    span,
    stage,
)
from foresight.plots.maps import COMPONENTS as COMPONENT_NAMES
from foresight.settings import COMPONENTS
from foresight.tracks import Registry, Track

BRIEF_FORMATS = ("html", "pdf", "docx", "md")
PAGE = "index.html"
NAVIGATION = "navigation"  # folder of the report on the province; cities have their own
HEADS = (
    ("序号", "No."),
    ("赛道", "Track"),
    ("最强技术", "Strongest unit"),
    ("得分（区间）", "Score (interval)"),
    ("增长概率", "P(growth)"),
    *COMPONENT_NAMES.values(),
    ("文献数", "Documents"),
    ("份额年变化", "Share a year"),
    ("浙江文献", "Zhejiang"),
    ("简报", "Briefs"),
)
MOVER_HEADS = (
    ("细分方向", "Sub-direction"),
    ("赛道", "Track"),
    ("一年前位次", "Place then"),
    ("当前位次", "Place now"),
    ("一年前得分", "Score then"),
    ("当前得分（区间）", "Score now (interval)"),
    ("超出区间", "Beyond interval"),
)
UNIT_HEADS = (
    ("技术主题或细分方向", "Topic or sub-direction"),
    ("类别", "Kind"),
    ("赛道", "Track"),
    ("得分（区间）", "Score (interval)"),
    ("增长概率", "P(growth)"),
    ("生命周期", "Stage"),
    ("文献数", "Documents"),
)
UNIT_KINDS = {"topic": ("主题", "topic"), "sub_direction": ("细分方向", "sub-direction")}
Files = Mapping[str, Iterable[str]]


def brief_links(names: Sequence[str], *, stem: str, folder: str) -> str:
    """Links to what there is of a text in both languages and all formats; empty for nothing."""
    found = []
    for code, label in (("zh", "中文"), ("en", "English")):
        known = [kind for kind in BRIEF_FORMATS if f"{stem}.{code}.{kind}" in names]
        links = " ".join(link(f"{folder}{stem}.{code}.{kind}", kind.upper()) for kind in known)
        if links:
            found.append(f'<span class="formats">{label} {links}</span>')
    return " ".join(found)


def region_names(registry: Registry) -> dict[str, tuple[str, str]]:
    """Names of the region of each folder that a navigation report may lie in."""
    cities = {f"{NAVIGATION}-{city.en.lower()}": (city.zh, city.en) for city in registry.cities}
    return {NAVIGATION: ("浙江", "Zhejiang"), **cities}


def navigation_links(names: Sequence[str], *, folder: str, registry: Registry) -> list[str]:
    """Links to each navigation report below a track's folder, one text per region."""
    regions = region_names(registry)
    found = []
    for place in sorted({name.partition("/")[0] for name in names if "/" in name}):
        inside = [name.removeprefix(f"{place}/") for name in names if name.startswith(f"{place}/")]
        links = brief_links(inside, stem="report", folder=f"{folder}{place}/")
        if links and place.startswith(NAVIGATION):
            found.append(f"{both(*regions.get(place, (place, place)))} {links}")
    return found


def board_table(
    summaries: Sequence[Summary], *, registry: Registry, failures: Mapping[str, str], files: Files
) -> str:
    """All tracks, each column of numbers shaded from its own lowest to its own highest."""
    by_slug = {summary["slug"]: summary for summary in summaries}
    scales = _scales(summaries)
    places = _places(registry)
    rows = []
    for track in registry.tracks:
        marks = _marks(track, places[track.slug])
        if track.slug in by_slug:
            names = list(files.get(track.slug, ()))
            rows.append(
                _track_row(
                    by_slug[track.slug], names, scales=scales, marks=marks, registry=registry
                )
            )
        elif track.slug in failures:
            rows.append(_failed_row(track, failures[track.slug], marks))
    caption = "各赛道最强技术的得分与分项", "Strongest unit of each track, with its components"
    return table(HEADS, rows, name="board", caption=caption, numeric=range(3, 12))


def _places(registry: Registry) -> dict[str, tuple[list[str], list[str]]]:
    """For each track the cities that the policy gives it to, and its families of products."""
    cities = registry.city_fields().groupby("track")["city_en"].agg(set)
    return {
        slug: (
            sorted(cities.get(slug, set())),
            [str(family.number) for family in registry.landmarks if slug in family.tracks],
        )
        for slug in registry.slugs
    }


def _marks(track: Track, places: tuple[list[str], list[str]]) -> str:
    """What the filters look at, as attributes of a row."""
    values = {
        "track": track.slug,
        "tier": track.tier,
        "cities": ";".join(places[0]),
        "families": ";".join(places[1]),
        "search": f"{track.name_zh} {track.name_en}",
    }
    return "".join(f' data-{key}="{escape(value, quote=True)}"' for key, value in values.items())


def _numbers(summary: Summary) -> dict[str, float | None]:
    best, change = summary["best"], summary["share_change"]
    return {
        "score": as_float(best["score"]) if best else None,
        "p_growth": as_float(best["p_growth"]) if best else None,
        **{name: as_float(best["components"][name]) if best else None for name in COMPONENTS},
        "n_docs": float(summary["n_docs"]),
        "share_change": as_float(change["value"]) if change else None,
    }


def _scales(summaries: Sequence[Summary]) -> dict[str, tuple[float, float]]:
    rows = [_numbers(summary) for summary in summaries]
    scales = {}
    for name in rows[0] if rows else ():
        known = [value for row in rows if (value := row[name]) is not None]
        scales[name] = (min(known), max(known)) if known else (0.0, 0.0)
    return scales


def _track_row(
    summary: Summary,
    names: list[str],
    *,
    scales: Mapping[str, tuple[float, float]],
    marks: str,
    registry: Registry,
) -> str:
    numbers, best, folder = _numbers(summary), summary["best"], f"{summary['slug']}/"
    label = both(summary["name_zh"], summary["name_en"])
    name = link(folder + PAGE, label) if PAGE in names else label
    flag = (
        f'<span class="flag">{both("佐证薄弱", "Thin evidence")}</span>' if summary["thin"] else ""
    )
    tier = f'<span class="note">{both(*TIER_NAMES[summary["tier"]])}</span>'
    texts = _texts(summary, numbers)
    strongest = (
        _unit_link(best, folder=folder, linked=PAGE in names)
        if best
        else f'<span class="note">{both("未评分", "no score")}</span>'
    )
    heat = [
        cell(
            texts[key],
            value=value,
            kind=f"heat {shade(value, *scales[key])}",
            head=HEADS[place],
        )
        for place, (key, value) in enumerate(numbers.items(), start=3)
    ]
    local = summary["zhejiang"]
    reports = navigation_links(names, folder=folder, registry=registry)
    links = [brief_links(names, stem="brief", folder=folder)]
    links += [
        f'<span class="report">{both("专利导航", "Navigation")} {report}</span>'
        for report in reports
    ]
    cells = [
        cell(str(summary["number"]), value=summary["number"], kind="number"),
        cell(f"{name} {tier} {flag}", value=summary["name_en"], kind="name", row_head=True),
        cell(strongest, value=best["label_en"] if best else None, kind="unit", head=HEADS[2]),
        *heat,
        cell(
            text(zhejiang_text(local)),
            value=local["n_zhejiang"] if local else None,
            kind="num",
            head=HEADS[11],
        ),
        cell(" ".join(filter(None, links)), kind="files", head=HEADS[12]),
    ]
    thin = ' class="thin"' if summary["thin"] else ""
    return f'<tr role="row"{thin} id="t-{text(summary["slug"])}"{marks}>{"".join(cells)}</tr>\n'


def _texts(summary: Summary, numbers: Mapping[str, float | None]) -> dict[str, str]:
    best, change = summary["best"], summary["share_change"]
    score, growth = "", ""
    if best and best["score"] is not None:
        score = _interval(
            decimal(best["score"]), decimal(best["score_lo"]), decimal(best["score_hi"])
        )
    if change:
        growth = _interval(*(signed_percent(change[key], 0) for key in ("value", "lo", "hi")))
    parts = {name: numbers[name] for name in COMPONENTS}
    return {
        "score": score,
        "p_growth": text(probability(numbers["p_growth"])),
        **{name: "" if value is None else decimal(100 * value, 0) for name, value in parts.items()},
        "n_docs": count(numbers["n_docs"]),
        "share_change": growth,
    }


def _interval(value: str, lo: str, hi: str) -> str:
    """A value over its interval, which is set smaller."""
    return f"{text(value)} <small>{both(span(lo, hi, 'zh'), span(lo, hi, 'en'))}</small>"


def _unit_link(unit: Mapping[str, Any], *, folder: str, linked: bool) -> str:
    label = both(unit["label_zh"], unit["label_en"])
    if not linked:
        return label
    return link(f"{folder}{PAGE}#u-{quote(str(unit['unit_id']))}", label)


def _failed_row(track: Track, reason: str, marks: str) -> str:
    flag = f'<span class="flag">{both("未完成", "Not finished")}</span>'
    name = f"{both(track.name_zh, track.name_en)} {flag}"
    return (
        f'<tr role="row" class="failed" id="t-{track.slug}"{marks}>'
        + cell(str(track.number), value=track.number, kind="number")
        + cell(name, value=track.name_en, kind="name", row_head=True)
        + f'<td role="cell" colspan="{len(HEADS) - 2}" class="reason">{text(reason)}</td></tr>\n'
    )


def movers_table(summaries: Sequence[Summary], files: Files) -> str:
    """Sub-directions that changed their place most since a year ago; empty where none did."""
    rows = []
    for sub in movers(summaries):
        folder, linked = f"{sub['slug']}/", PAGE in list(files.get(sub["slug"], ()))
        risen = sub["place"] < sub["earlier_place"]
        arrow = f'<span class="{"up" if risen else "down"}">{"▲" if risen else "▼"}</span> '
        beyond = ("是", "yes") if sub["beyond"] else ("否", "no")
        heads = MOVER_HEADS
        cells = [
            cell(_unit_link(sub, folder=folder, linked=linked), value=sub["label_en"], kind="name",
                 row_head=True),
            cell(both(sub["track_zh"], sub["track_en"]), value=sub["track_en"], head=heads[1]),
            cell(count(sub["earlier_place"]), value=sub["earlier_place"], kind="num",
                 head=heads[2]),
            cell(arrow + count(sub["place"]), value=sub["place"], kind="num", head=heads[3]),
            cell(decimal(sub["earlier_score"]), value=sub["earlier_score"], kind="num",
                 head=heads[4]),
            cell(_score(sub), value=sub["score"], kind="num", head=heads[5]),
            cell(both(*beyond), value=beyond[1], head=heads[6]),
        ]  # fmt: skip
        rows.append(f'<tr role="row" data-track="{text(sub["slug"])}">{"".join(cells)}</tr>\n')
    if not rows:
        return ""
    caption = "位次变化最大的细分方向", "Largest changes of place among sub-directions"
    return table(MOVER_HEADS, rows, name="movers", caption=caption, numeric=range(2, 6))


def _score(unit: Mapping[str, Any]) -> str:
    row = SimpleNamespace(**unit)
    return both(score_cell(row, "zh"), score_cell(row, "en"))


def units_table(units: pd.DataFrame, files: Files) -> str:
    """All topics and sub-directions of all tracks, for the search."""
    paged = {slug for slug, names in files.items() if PAGE in list(names)}
    rows = [_unit_row(row._asdict(), linked=row.track in paged) for row in rows_of(units)]
    caption = "全部赛道的技术主题与细分方向", "Topics and sub-directions of all tracks"
    return table(UNIT_HEADS, rows, name="units", caption=caption, numeric=(3, 4, 6))


def _unit_row(unit: dict[str, Any], *, linked: bool) -> str:
    words = " ".join(unit[key] for key in ("label_zh", "label_en", "words_zh", "words_en"))
    score, rise = as_float(unit["score"]), as_float(unit["p_growth"])
    reason, known = unit["stage_reason"] or None, unit["stage"] or None
    grown = both(*(stage(known, code, reason) for code in ("zh", "en"))) if score else ""
    heads, kind = UNIT_HEADS, UNIT_KINDS[unit["unit_kind"]]
    cells = [
        cell(_unit_link(unit, folder=f"{unit['track']}/", linked=linked), value=unit["label_en"],
             kind="name", row_head=True),
        cell(both(*kind), value=kind[1], head=heads[1]),
        cell(both(unit["track_zh"], unit["track_en"]), value=unit["track_en"], head=heads[2]),
        cell(_score(unit), value=score, kind="num", head=heads[3]),
        cell(text(probability(rise)), value=rise, kind="num", head=heads[4]),
        cell(grown, value=known, head=heads[5]),
        cell(count(unit["n_docs"]), value=as_float(unit["n_docs"]), kind="num", head=heads[6]),
    ]  # fmt: skip
    return (
        f'<tr role="row" data-track="{text(unit["track"])}" data-search="{text(words)}">'
        f"{''.join(cells)}</tr>\n"
    )
