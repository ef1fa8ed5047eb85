"""The entry page in Chromium: sort, filter, search, language, links, narrow screens."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect
from portal_pages import FAILED, FULL, N_TOPICS, REASON, THIN

from foresight.tracks import load_registry

pytestmark = pytest.mark.browser
PHONE = (390, 844)
LANGUAGES = ("zh", "en", "both")


def shown(page, table="board"):
    """Slugs of the rows of a table that are not hidden, in their order."""
    return page.eval_on_selector_all(
        f"#{table} tbody tr", "rows => rows.filter(r => !r.hidden).map(r => r.dataset.track)"
    )


def values(page, column, table="board"):
    """What the rows of a column are sorted by; null where the row has no value."""
    return page.eval_on_selector_all(
        f"#{table} tbody tr", f"rows => rows.map(r => r.cells[{column}]?.dataset.v ?? null)"
    )


def test_all_tracks_stand_in_the_policys_order_with_their_flags(visit):
    page = visit()
    assert shown(page) == load_registry().slugs
    assert "佐证薄弱" in page.inner_text(f"#t-{THIN}")
    assert REASON in page.inner_text(f"#t-{FAILED}")
    assert "未完成" in page.inner_text(f"#t-{FAILED}")


def test_a_click_on_a_head_sorts_and_another_turns_it_round(visit):
    page = visit()
    head = page.locator("#board thead th").nth(9)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    found = values(page, 9)
    numbers = [float(value) for value in found[:-1]]
    assert found[-1] is None  # the failed track has no number and stays last
    assert numbers == sorted(numbers, reverse=True)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    found = values(page, 9)
    assert [float(value) for value in found[:-1]] == sorted(numbers)
    assert found[-1] is None
    assert page.locator("#board [aria-sort]").count() == 1


def test_the_keyboard_sorts_too(visit):
    page = visit()
    page.locator("#board thead button").nth(1).focus()
    page.keyboard.press("Enter")
    names = values(page, 1)
    assert names == sorted(names, key=str.lower)


@pytest.mark.parametrize("key", ["tier", "cities", "families"])
def test_filters_leave_what_the_registry_says(visit, key):
    registry = load_registry()
    fields = registry.city_fields()
    wanted = {
        "tier": ("zhejiang_feature", {t.slug for t in registry.tracks
                                      if t.tier == "zhejiang_feature"}),
        "cities": ("Ningbo", set(fields.loc[fields["city_en"] == "Ningbo", "track"])),
        "families": ("2", set(registry.landmarks[1].tracks)),
    }  # fmt: skip
    value, tracks = wanted[key]
    page = visit()
    page.select_option(f"#f-{key}", value)
    assert shown(page) == [slug for slug in registry.slugs if slug in tracks]
    assert set(shown(page, "units")) <= tracks
    assert set(shown(page, "movers")) <= tracks
    assert f"显示赛道 {len(tracks)} / 24" in page.inner_text("#shown")
    page.click("button[type=reset]")
    expect(page.locator("#board tbody tr:visible")).to_have_count(24)


def test_search_finds_topics_and_sub_directions_of_all_tracks(visit):
    page = visit(lang="en")
    page.fill("#query", f"{FULL} WIDGET4")
    assert shown(page, "units") == [FULL]
    assert shown(page) == [FULL]
    assert "of 24; topics and sub-directions: 1 of" in page.inner_text("#shown")
    row = page.locator("#units tbody tr:not([hidden])")
    assert row.locator("a").get_attribute("href") == (f"{FULL}/index.html?lang=en#u-{FULL}-t04")
    page.fill("#query", "固态")
    assert FULL in shown(page)
    found = page.locator("#units tbody tr:not([hidden])")
    texts = found.evaluate_all("rows => rows.map(r => r.dataset.search)")
    assert all("固态" in text for text in texts)
    page.fill("#query", "ｗｉｄｇｅｔ４")  # full-width letters are the same letters
    assert len(shown(page, "units")) == 22
    page.fill("#query", "no such thing")
    assert shown(page) == []
    assert shown(page, "units") == []


def test_the_list_is_short_until_it_is_opened(visit):
    page = visit()
    total = page.locator("#units tbody tr").count()
    assert len(shown(page, "units")) == 30
    page.click("#more")
    assert len(shown(page, "units")) == total > 22 * N_TOPICS
    assert not page.locator("#more").is_visible()


def test_a_link_leads_to_the_topic_on_its_tracks_page(visit):
    page = visit(lang="en")
    page.fill("#query", f"{FULL} widget4")
    page.locator("#units tbody tr:not([hidden]) a").click()
    page.wait_for_url(f"**/{FULL}/index.html?lang=en*")
    chosen = page.locator("#chips button[aria-pressed=true]")
    assert "theme 4" in chosen.inner_text()
    assert "theme 4: 10 of 10 documents" in page.inner_text("#listed")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_languages_switch_text_options_and_links(visit, lang):
    page = visit(lang="both")
    page.click(f"label[for=lang-{lang}]")
    text = page.inner_text("main")
    assert ("各赛道一览" in text) == (lang != "en")
    assert ("All tracks" in text) == (lang != "zh")
    option = page.locator("#f-tier option").first.inner_text()
    assert option == {"zh": "全部", "en": "All", "both": "全部 All"}[lang]
    assert page.get_attribute("html", "lang") == ("en" if lang == "en" else "zh-CN")
    assert page.get_attribute(f"#t-{FULL} th a", "href") == f"{FULL}/index.html?lang={lang}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_needs_no_sideways_scrolling_and_can_sort(visit, lang):
    page = visit(lang=lang, size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert page.locator(f"#t-{FULL} td .head").first.is_visible()
    page.select_option("#sort", "9")
    numbers = [float(value) for value in values(page, 9) if value is not None]
    assert numbers == sorted(numbers, reverse=True)


def test_without_scripts_everything_can_be_read_and_the_language_still_switches(visit):
    page = visit(scripts=False)
    assert len(page.locator("#units tbody tr").all()) > 22 * N_TOPICS
    assert not page.locator("#tools").is_visible()
    assert page.locator("#h-board .en").is_visible()
    page.click("label[for=lang-zh]")
    assert not page.locator("#h-board .en").is_visible()
    assert page.locator("#h-board .zh").is_visible()


def test_linked_files_exist(visit, results: Path):
    page = visit(lang="en")
    links = page.eval_on_selector_all("a", "links => links.map(a => a.getAttribute('href'))")
    assert f"{FULL}/navigation/report.zh.html" in links
    assert f"{FULL}/navigation-hangzhou/report.en.pdf" in links
    paths = {link.split("?")[0].split("#")[0] for link in links}
    there = {path for path in paths if (results / path).exists()}
    assert paths - there == {"board.zh.html", "report/report.en.pdf"}


def test_the_tables_to_download_hold_what_the_page_shows(visit, results: Path):
    page = visit(lang="en")
    board = pd.read_csv(results / "board.csv").set_index("track")
    units = pd.read_csv(results / "units.csv")
    scores = page.eval_on_selector_all(
        "#board tbody tr:not(.failed)",
        "rows => rows.map(r => [r.dataset.track, Number(r.cells[3].dataset.v)])",
    )
    assert dict(scores) == pytest.approx(board["best_score"].to_dict())
    assert page.locator("#units tbody tr").count() == len(units)


def test_weight_and_first_view(visit, results: Path, record_property):
    size = (results / "index.html").stat().st_size
    start = time.perf_counter()
    page = visit()
    page.locator(f"#t-{FULL}").wait_for()
    seconds = time.perf_counter() - start
    record_property("seconds to the first view", round(seconds, 2))
    print(f"\nindex.html: {size / 1e6:.2f} MB, first view after {seconds:.2f} s")  # noqa: T201
    assert size < 3_000_000
