"""The entry page as it is written: links, numbers, escaping, nothing from outside."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from portal_pages import FAILED, FULL, REASON, THIN, portal_of, write_results, write_track

from foresight.brief.board import Summary, movers, summarise
from foresight.brief.portal import (
    Sector,
    read_sector,
    render_portal,
    track_table,
    unit_table,
)
from foresight.brief.portal.markup import SHADE_STEPS, shade
from foresight.brief.study import Study
from foresight.errors import RenderError
from foresight.tracks import Registry

FILES = [f"brief.{lang}.{kind}" for lang in ("zh", "en") for kind in ("html", "pdf", "docx", "md")]
BOARD = [f"board.{lang}.{kind}" for lang in ("zh", "en") for kind in ("html", "pdf", "docx")]
VOID = {"meta", "input", "br"}
OUTSIDE = {"link", "iframe", "img", "object", "embed", "form[action]"}


class Page(HTMLParser):
    """Collects tags, links and text, and checks that elements are nested well."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"script", "style"}:
            self.text += data


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    assert page.open == []
    return page


def _portal(study: Study, summaries: list[Summary], **more: Any) -> Page:
    given: dict[str, Any] = {
        "failures": {},
        "files": {study.track.slug: FILES},
        "board_files": BOARD,
        **more,
    }
    return read(
        render_portal(
            summaries, registry=study.registry, corpus=study.corpus, as_of=study.as_of, **given
        )
    )


@pytest.fixture(scope="module")
def sectors(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> list[Sector]:
    return write_results(tmp_path_factory.mktemp("results"), registry)


def test_all_files_are_linked_and_nothing_else(study: Study) -> None:
    page = _portal(study, [summarise(study)])
    expected = [f"advanced-batteries/{name}" for name in FILES] + BOARD
    assert sorted(page.links) == sorted(expected)


def test_only_files_that_exist_are_linked(study: Study) -> None:
    files = {study.track.slug: ["brief.en.html", "notes.txt"]}
    page = _portal(study, [summarise(study)], files=files, board_files=[])
    assert page.links == ["advanced-batteries/brief.en.html"]


def test_the_tracks_page_and_navigation_reports_are_linked_where_they_are(study: Study) -> None:
    names = ["index.html", "navigation/report.zh.pdf", "navigation-ningbo/report.en.html"]
    names += ["navigation-huzhou/claims.csv"]
    page = _portal(study, [summarise(study)], files={study.track.slug: names}, board_files=[])
    links = [link for link in page.links if "#" not in link]
    assert sorted(links) == sorted(f"advanced-batteries/{name}" for name in names[:3])
    board = page.text.split("各赛道一览")[1]
    assert "浙江 Zhejiang 中文 PDF" in board
    assert "宁波 Ningbo English HTML" in board
    assert "Huzhou" not in board


def test_the_page_needs_nothing_from_elsewhere(study: Study) -> None:
    page = _portal(study, [summarise(study)])
    assert not OUTSIDE & set(page.tags)
    assert not [link for link in page.links if ":" in link or link.startswith("/")]


def test_the_policy_lets_only_our_own_style_and_script_act(
    sectors: list[Sector], registry: Registry
) -> None:
    html = portal_of(sectors, registry)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    for name, pattern in (
        ("style-src", r"<style>(.*?)</style>"),
        ("script-src", r'<script type="module">(.*?)</script>'),
    ):
        (inside,) = re.findall(pattern, html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"


def test_both_languages_numbers_and_notes(study: Study) -> None:
    text = _portal(study, [summarise(study)]).text
    numbers = ("78.2 65.1–88.0", ">0.99", "3 / 90", "90", "75")
    names = ("前沿电池", "Frontier batteries", "样本存在偏差。", "The sample is biased.")
    for wanted in (*numbers, *names, "自由使用", "free to use"):
        assert wanted in text
    assert text.index("前沿电池") < text.index("Frontier batteries")


def test_thin_and_failed_tracks_are_flagged(study: Study, bare: Study) -> None:
    page = _portal(study, [summarise(bare)], failures={"quantum": "no <memory>"})
    assert "佐证薄弱" in page.text.split("各赛道一览")[1]
    assert "未评分" in page.text
    assert "量子科技" in page.text
    assert "no <memory>" in page.text
    good = _portal(study, [summarise(study)]).text
    assert "佐证薄弱" not in good.split("各赛道一览")[1]


@pytest.mark.parametrize("field", ["label_zh", "label_en"])
def test_hostile_names_stay_text(study: Study, field: str) -> None:
    summary = summarise(study)
    summary["best"][field] = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    page = _portal(study, [summary])
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert "<script>alert(1)</script>" in page.text


def test_an_empty_run_still_gives_a_page(study: Study) -> None:
    page = _portal(study, [], failures={"quantum": "x"}, files={}, board_files=[])
    assert "未完成" in page.text
    assert page.links == []


def test_missing_numbers_are_hatched_and_never_zero(study: Study, bare: Study) -> None:
    html = render_portal(
        [summarise(bare)], registry=study.registry, corpus=study.corpus, as_of=study.as_of,
        failures={}, files={}, board_files=[],
    )  # fmt: skip
    row = re.search(r'<tr role="row"[^>]*id="t-.*?</tr>', html, re.DOTALL)
    assert row is not None
    assert row[0].count('class="heat none"') >= 6
    for cell in re.findall(r'<td role="cell" class="heat none".*?</td>', row[0], re.DOTALL):
        assert "data-v" not in cell
        assert "—" in cell


@pytest.mark.parametrize(
    ("value", "name"), [(None, "none"), (0.0, "s0"), (10.0, "s9"), (4.9, "s4"), (5.0, "s5")]
)
def test_shades_run_from_the_lowest_to_the_highest(value: float | None, name: str) -> None:
    assert shade(value, 0.0, 10.0) == name
    assert SHADE_STEPS == 10


def test_one_value_alone_is_shaded_lightest() -> None:
    assert shade(3.0, 3.0, 3.0) == "s0"


def test_filters_know_city_family_and_tier(sectors: list[Sector], registry: Registry) -> None:
    html = portal_of(sectors, registry)
    fields = registry.city_fields()
    for track in registry.tracks:
        row = re.search(rf'<tr role="row"[^>]*id="t-{track.slug}"([^>]*)>', html)
        assert row is not None
        known = dict(re.findall(r'data-(\w+)="([^"]*)"', row[1]))
        assert known["tier"] == track.tier
        cities = set(fields.loc[fields["track"] == track.slug, "city_en"])
        assert set(filter(None, known["cities"].split(";"))) == cities
        families = {str(f.number) for f in registry.landmarks if track.slug in f.tracks}
        assert set(filter(None, known["families"].split(";"))) == families


def test_the_same_files_give_the_same_page(sectors: list[Sector], registry: Registry) -> None:
    assert portal_of(sectors, registry) == portal_of(list(reversed(sectors)), registry)


def test_tables_to_download_hold_every_track_and_unit(sectors: list[Sector]) -> None:
    summaries = [sector.summary for sector in sectors]
    tracks = track_table(summaries).set_index("track")
    assert tracks.equals(track_table(summaries[::-1]).set_index("track"))
    assert len(tracks) == 23
    assert FAILED not in tracks.index
    assert bool(tracks.loc[THIN, "thin"])
    batteries = next(sector for sector in sectors if sector.slug == FULL)
    best = batteries.summary["best"]
    assert tracks.loc[FULL, "best_score"] == best["score"]
    assert tracks.loc[FULL, "share_change_lo"] == -0.05
    units = unit_table(sectors)
    assert len(units) == sum(len(sector.scores) for sector in sectors)
    assert units["unit_id"].is_unique
    scored = units["score"].dropna()
    assert scored.is_monotonic_decreasing
    assert units["score"].isna().sum() == len(units) - len(scored)
    assert units["score"].head(len(scored)).notna().all()
    row = units.set_index("unit_id").loc[f"{FULL}-t04"]
    assert row["words_en"] == f"word4;{FULL} widget4"
    assert row["stage_reason"] == "too_few_documents"
    assert unit_table([]).empty


def test_movers_point_the_way_they_went(sectors: list[Sector], registry: Registry) -> None:
    html = portal_of(sectors, registry)
    (table,) = re.findall(r'<table id="movers".*?</table>', html, re.DOTALL)
    found = movers([sector.summary for sector in sectors])
    rows = re.findall(r'<tr role="row" data-track="([^"]*)">(.*?)</tr>', table, re.DOTALL)
    assert [slug for slug, _ in rows] == [sub["slug"] for sub in found]
    for (_, row), sub in zip(rows, found, strict=True):
        risen = sub["place"] < sub["earlier_place"]
        assert ("▲" in row) == risen
        assert ("▼" in row) != risen
        assert f'data-v="{sub["earlier_place"]}"' in row
    assert {"▲", "▼"} <= set(table)


def test_the_reason_of_a_failure_is_told(sectors: list[Sector], registry: Registry) -> None:
    assert REASON in read(portal_of(sectors, registry)).text


def test_a_folder_without_a_table_is_refused(tmp_path: Path, registry: Registry) -> None:
    track = registry.track(FULL)
    write_track(tmp_path / FULL, track)
    (tmp_path / FULL / "stages.csv").unlink()
    with pytest.raises(RenderError, match=r"stages\.csv cannot be read.*foresight brief"):
        read_sector(tmp_path / FULL)


def test_a_table_without_a_column_is_refused(tmp_path: Path, registry: Registry) -> None:
    track = registry.track(FULL)
    write_track(tmp_path / FULL, track)
    topics = tmp_path / FULL / "topics.csv"
    pd.read_csv(topics).drop(columns=["born", "colour"]).to_csv(topics, index=False)
    with pytest.raises(RenderError, match="lacks the column\\(s\\) born, colour"):
        read_sector(tmp_path / FULL)
