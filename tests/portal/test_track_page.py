"""A track's page in Chromium: lines, map, list of documents, by mouse and by keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from portal_pages import FULL, HOSTILE, HOSTILE_ID, HOSTILE_LABEL, N_DOCS, N_TOPICS, THIN

pytestmark = pytest.mark.browser
PHONE = (390, 844)
PAGE = f"{FULL}/index.html"


def hover(page, selector):
    """Move the mouse along a chart until its tip shows; the text of the tip."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    for part in range(10, 95, 5):
        page.mouse.move(box["x"] + box["width"] * part / 100, box["y"] + box["height"] / 2)
        if page.locator(f"{selector} .tip").is_visible():
            return page.inner_text(f"{selector} .tip")
    return ""


def data(page):
    return json.loads(page.text_content("#data"))


def test_every_topic_has_a_line_in_the_colour_of_the_figures(visit):
    from foresight.plots.style import topic_look

    page = visit(PAGE)
    units = [unit for unit in data(page)["units"] if unit["kind"] == "topic"]
    strokes = page.eval_on_selector_all(
        "#trend g[data-unit]",
        "groups => Object.fromEntries(groups.map("
        "g => [g.dataset.unit, g.firstChild.getAttribute('stroke')]))",
    )
    assert len(strokes) == N_TOPICS
    topics = pd.read_csv(Path(page.url.split("?")[0].removeprefix("file://")).parent / "topics.csv")
    colours = {row.topic_id: topic_look(int(row.colour)) for row in topics.itertuples()}
    assert strokes == {unit: look[0] for unit, look in colours.items()}
    assert {unit["id"]: unit["marker"] for unit in units} == {u: m for u, (_, m) in colours.items()}


def test_numbers_of_the_lines_are_those_of_the_files(visit, results: Path):
    page = visit(PAGE)
    series = pd.read_csv(results / FULL / "topic_years.csv").set_index(["topic_id", "year"])
    found = data(page)
    for unit in found["units"]:
        if unit["kind"] != "topic":
            continue
        for year, n, corpus in zip(found["years"], unit["n"], found["corpus"], strict=True):
            row = series.loc[(unit["id"], year)]
            assert (n, corpus) == (row["n_docs"], row["n_corpus"])
    page.click("details summary")
    cells = page.locator("#years-table tbody tr").first.locator("td").all_inner_texts()
    assert [int(text.split()[0]) for text in cells] == found["units"][0]["n"]


def test_pointing_at_a_line_tells_its_numbers(visit):
    page = visit(PAGE, lang="en")
    tip = hover(page, "#trend .chart")
    assert "documents" in tip
    assert "95% interval" in tip
    assert page.inner_text("#trend .readout") == tip.replace("\n", " ")


def test_the_keyboard_walks_along_the_lines(visit):
    page = visit(PAGE, lang="en")
    page.focus("#trend .chart")
    page.keyboard.press("ArrowRight")
    units = data(page)["units"]
    assert f"{units[0]['en']} · 2021 · {units[0]['n'][-1]} of" in page.inner_text("#trend .readout")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert f"{units[1]['en']} · 2020 · {units[1]['n'][-2]} of" in page.inner_text("#trend .readout")
    page.keyboard.press("Enter")
    assert units[1]["en"] in page.inner_text("#chips button[aria-pressed=true]")
    page.keyboard.press("Escape")
    assert page.locator("#chips button[aria-pressed=true]").count() == 0


def test_pointing_at_the_map_shows_the_document(visit, results: Path):
    page = visit(PAGE, lang="en")
    assert page.locator("#map path.point").count() == N_DOCS
    tip = hover(page, "#map .chart")
    ids = pd.read_csv(results / FULL / "documents.csv")["doc_id"]
    assert any(doc in tip for doc in ids)


def test_a_click_on_the_map_lists_the_topics_documents_with_links(visit, results: Path):
    page = visit(PAGE, lang="en")
    assert hover(page, "#map .chart")
    page.mouse.down()
    page.mouse.up()
    chosen = page.inner_text("#chips button[aria-pressed=true]")
    unit = next(u for u in data(page)["units"] if u["en"] in chosen)
    documents = pd.read_csv(results / FULL / "documents.csv")
    own = documents[documents["topic_id"] == unit["id"]]
    notes = page.locator("#docs li .note").all_inner_texts()
    assert {note.split(" · ")[0] for note in notes} == set(own["doc_id"])
    assert f"{len(own)} of {len(own)} documents" in page.inner_text("#listed")
    assert page.locator("#docs li[aria-current]").count() == 1
    links = page.eval_on_selector_all("#docs li a", "links => links.map(a => a.href)")
    assert links
    assert all(link.startswith("https://") for link in links)


def test_the_keyboard_reaches_documents_of_the_map(visit):
    page = visit(PAGE, lang="en")
    page.focus("#map .chart")
    page.keyboard.press("ArrowRight")
    first = page.inner_text("#map .readout")
    assert first
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#map .readout") != first
    page.keyboard.press("Enter")
    assert page.locator("#chips button[aria-pressed=true]").count() == 1
    assert page.locator("#docs li[aria-current]").count() == 1


def test_chips_rows_and_radios_choose_alike(visit):
    page = visit(PAGE, lang="en")
    page.locator("#chips button:visible").nth(1).click()
    assert page.locator("tr.chosen").count() == 1
    page.locator("#sub_direction-table tbody button").first.click()
    assert page.locator("#chips button[aria-pressed=true]:visible").count() == 1
    assert page.locator("input[name=kind][value=sub_direction]").is_checked()
    page.check("input[name=measure][value=count]")
    assert "Documents" in page.text_content("#trend svg")


def test_the_interval_of_the_line_chosen_is_drawn_and_a_cut_one_said(visit):
    page = visit(PAGE, lang="en")
    assert "interval" not in page.text_content("#trend svg")
    page.locator("#chips button:visible").nth(1).click()
    unit = data(page)["units"][1]
    band = page.locator(f"#trend path[fill='{unit['colour']}'][opacity]")
    assert band.count() == 1
    cut = max(unit["hi"]) > max(unit["hi"][-10:])
    assert ("95% interval, cut at the top" in page.text_content("#trend svg")) == cut
    assert cut


def test_titles_can_be_filtered(visit):
    page = visit(PAGE, lang="en")
    page.fill("#titles", "LAYER number 33")
    assert page.locator("#docs li").count() == 1
    assert "Cell with layer number 33" in page.inner_text("#docs ol")


def test_hostile_text_stays_text_and_is_shown(visit):
    page = visit(PAGE, lang="en")
    page.fill("#titles", "")
    for chip in page.locator("#chips button:visible").all():
        chip.click()
        assert page.locator("#docs li").count() == N_DOCS // N_TOPICS
    page.locator("#chips button:visible").first.click()
    text = page.locator("#data").text_content()
    assert "<" not in text
    titles = [doc[1] for doc in data(page)["docs"]]
    assert HOSTILE[0] in titles
    assert HOSTILE[1] in titles
    assert HOSTILE[2] in titles  # without the apostrophe that keeps spreadsheets from running it
    assert not [title for title in titles if "\u202e" in title or "\x07" in title]
    assert max(map(len, titles)) <= 300
    assert next(title for title in titles if title.startswith("Very long")).endswith("…")
    assert page.locator("script").count() == 2
    assert page.locator("img, iframe, object").count() == 0
    assert HOSTILE_LABEL in page.inner_text("#topic-table")
    page.fill("#titles", "onerror")
    page.evaluate("document.querySelectorAll('#chips [aria-pressed=true]').forEach(b => b.click())")
    assert page.inner_text("#docs li a") == HOSTILE[0]
    address = next(doc[7] for doc in data(page)["docs"] if doc[0] == HOSTILE_ID)
    assert address == "https://doi.org/10.1000/%22%3E%3Cscript%3Ealert%285%29%3C/script%3E"


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("slug", [FULL, THIN])
def test_a_phone_needs_no_sideways_scrolling(visit, lang, slug):
    page = visit(f"{slug}/index.html", lang=lang, size=PHONE)
    page.locator("#chips button:visible").first.click()
    page.click("details summary")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_a_track_without_topics_says_so_and_shows_sub_directions(visit):
    page = visit(f"{THIN}/index.html", lang="en")
    assert "no topic map" in page.inner_text("#explore")
    assert page.locator("#map").count() == 0
    assert page.locator("#trend g[data-unit]").count() > 1
    page.locator("#chips button").first.click()
    assert page.locator("#docs li").count() > 1


def test_without_scripts_tables_and_links_remain(visit):
    page = visit(PAGE, scripts=False)
    assert page.locator("noscript").count() == 1
    assert page.locator("#topic-table tbody tr").count() == N_TOPICS
    assert page.locator("#topic-table td.docs a").count() == 2 * N_TOPICS
    assert page.locator("a[href='documents.csv']").is_visible()
