"""axe-core on the pages: no serious or critical finding, in each language and width."""

from __future__ import annotations

from pathlib import Path

import pytest
from portal_pages import FULL, THIN

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "axe" / "axe.min.js"
OPTIONS = "{resultTypes: ['violations'], selectors: false}"  # all rules; names of faults only
GRAVE = {"serious", "critical"}


def violations(page):
    # Rows that are not shown are made like those that are, and cost axe half a minute.
    page.evaluate("document.querySelectorAll('tr[hidden]').forEach(row => row.remove())")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run({OPTIONS})")
    assert len(found["passes"]) > 5  # it did look
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["wide", "phone"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["index.html", f"{FULL}/index.html", f"{THIN}/index.html"])
def test_no_grave_finding(visit, path, lang, size):
    page = visit(path, lang=lang, size=size)
    assert violations(page) == []


def test_no_grave_finding_after_a_choice_and_a_search(visit):
    page = visit(f"{FULL}/index.html", lang="en")
    page.locator("#chips button:visible").nth(2).click()
    page.click("details summary")
    assert violations(page) == []
    page = visit(lang="en")
    page.fill("#query", "theme 4")
    page.locator("#board thead button").nth(3).click()
    assert violations(page) == []


def test_a_page_with_a_fault_is_found_out(visit, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text(
        '<html><body><main><input type="text"><p style="color:#ddd">pale words</p>'
        "<table><tr><td>1</td></tr></table><a href='#x'></a><img src='data:,'></main></body>"
    )
    assert {one.split()[0] for one in violations(visit("bad.html", folder=tmp_path))} >= {
        "color-contrast", "html-has-lang", "label", "link-name",
    }  # fmt: skip
