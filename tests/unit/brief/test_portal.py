"""The entry page: links, escaping, no outside resources."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from foresight.brief.board import Summary, summarise
from foresight.brief.portal import render_portal
from foresight.brief.study import Study

FILES = [f"brief.{lang}.{kind}" for lang in ("zh", "en") for kind in ("html", "pdf", "docx", "md")]
FILES += ["notebook.ipynb", "scores.csv", "claims.csv", "candidates.csv"]
BOARD = [f"board.{lang}.{kind}" for lang in ("zh", "en") for kind in ("html", "pdf", "docx")]
VOID = {"meta", "input", "br"}


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
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _portal(study: Study, summaries: list[Summary], **more: Any) -> Page:
    given: dict[str, Any] = {
        "failures": {},
        "files": {study.track.slug: FILES},
        "board_files": BOARD,
        **more,
    }
    html = render_portal(
        summaries, registry=study.registry, corpus=study.corpus, as_of=study.as_of, **given
    )
    page = Page()
    page.feed(html)
    assert page.open == []
    return page


def test_all_files_are_linked_and_nothing_else(study: Study) -> None:
    page = _portal(study, [summarise(study)])
    expected = [f"advanced-batteries/{name}" for name in FILES] + BOARD
    assert sorted(page.links) == sorted(expected)


def test_only_files_that_exist_are_linked(study: Study) -> None:
    files = {study.track.slug: ["brief.en.html", "notes.txt"]}
    page = _portal(study, [summarise(study)], files=files, board_files=[])
    assert page.links == ["advanced-batteries/brief.en.html"]


def test_the_page_needs_nothing_from_elsewhere(study: Study) -> None:
    page = _portal(study, [summarise(study)])
    assert not {"script", "link", "iframe", "img"} & set(page.tags)
    assert not [link for link in page.links if ":" in link or link.startswith("/")]


def test_both_languages_numbers_and_notes(study: Study) -> None:
    text = _portal(study, [summarise(study)]).text
    numbers = ("78.2 (65.1–88.0)", ">0.99", "3 / 90")
    names = ("前沿电池", "Frontier batteries", "样本存在偏差。", "The sample is biased.")
    for wanted in (*numbers, *names, "自由使用", "free to use"):
        assert wanted in text
    assert text.index("前沿电池") < text.index("Frontier batteries")


def test_thin_and_failed_tracks_are_flagged(study: Study, bare: Study) -> None:
    page = _portal(study, [summarise(bare)], failures={"quantum": "no <memory>"})
    assert "佐证薄弱" in page.text
    assert "未评分" in page.text
    assert "量子科技" in page.text
    assert "no <memory>" in page.text
    good = _portal(study, [summarise(study)]).text
    assert "佐证薄弱" not in good.split("总览")[1]


@pytest.mark.parametrize("field", ["label_zh", "label_en"])
def test_hostile_names_stay_text(study: Study, field: str) -> None:
    summary = summarise(study)
    summary["best"][field] = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    page = _portal(study, [summary])
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.text


def test_an_empty_run_still_gives_a_page(study: Study) -> None:
    page = _portal(study, [], failures={"quantum": "x"}, files={}, board_files=[])
    assert "未完成" in page.text
    assert page.links == []
