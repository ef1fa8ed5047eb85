"""The reader of pages finds what is planted, and nothing on a page that is right."""

from pathlib import Path

import numpy as np
import pytest
from pages import figure_faults, pdf_faults, text_faults
from PIL import Image

from foresight.brief import render

SLUGS = ["quantum"]
META = {"title": "量子科技", "date": "2022-06-28"}
RIGHT = """## 1. 全景

本赛道共有 63 件文献，其中“Quantum computing with trapped ions at scale”一件。[S1-01]

| 名称 | 件数 |
| ------- | ----: |
| 量子计算 | 14 |
"""
FIGURE = "\n![份额](share.png)\n"


@pytest.fixture
def folder(tmp_path):
    image = np.full((200, 400), 255, dtype=np.uint8)
    image[90:110, 20:380] = 0
    Image.fromarray(image).save(tmp_path / "share.png")
    return tmp_path


def pdf(folder: Path, markdown: str) -> Path:
    return render.write_formats(markdown, folder=folder, lang="zh", title="量子", meta=META)["pdf"]


def test_a_right_page_has_no_fault(folder):
    whole = RIGHT + FIGURE
    assert pdf_faults(pdf(folder, whole), whole) == []
    assert figure_faults(folder, whole) == []
    assert text_faults(whole, lang="zh", slugs=SLUGS) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("增长 nan 件", "not a value"),
        ("见 quantum/quantum-computing", "raw id"),
        ("主题 quantum-2010-01 上升", "raw id"),
        ("the share of this track has risen", "other language"),
        ("| 甲 | None |", "not a value"),
    ],
)
def test_planted_words_are_found(text, fault):
    (found,) = text_faults(RIGHT + "\n" + text + "\n", lang="zh", slugs=SLUGS)
    assert found.startswith(fault)


def test_chinese_in_english_prose_is_found_but_not_a_quotation():
    plain = "The policy names ‘量子科技’."
    assert text_faults(plain, lang="en", slugs=SLUGS) == []
    (found,) = text_faults("The share of 量子 rose.", lang="en", slugs=SLUGS)
    assert found.startswith("other language")


def test_a_lost_cell_and_a_lost_figure_are_found(folder):
    path = pdf(folder, RIGHT)
    longer = RIGHT + "| 量子通信 | 6 |\n" + FIGURE
    found = pdf_faults(path, longer)
    assert found == ["cut table, cell not found: 量子通信", "0 figures in the PDF, 1 in the text"]


def test_a_letter_without_glyph_is_found(folder):
    text = RIGHT + "\n字 \U000f1234 无\n"
    assert any(fault.startswith("letters without") for fault in pdf_faults(pdf(folder, text), text))


def test_an_empty_figure_is_found(folder):
    Image.fromarray(np.full((200, 400), 255, dtype=np.uint8)).save(folder / "share.png")
    (found,) = figure_faults(folder, RIGHT + FIGURE)
    assert "all but empty" in found


def test_what_runs_over_the_edge_or_each_other_is_found(folder, tmp_path):
    import typst

    source = tmp_path / "page.typ"
    source.write_text(
        '#set page(width: 200pt, height: 200pt, margin: 50pt)\n#set text(size: 10pt)\n'
        '#place(dx: 120pt)[Overlong]\n#place(dy: 40pt)[first words]\n'
        '#place(dy: 40pt, dx: 12pt)[second]\n'
    )  # fmt: skip
    typst.compile(source, output=tmp_path / "page.pdf")
    found = pdf_faults(tmp_path / "page.pdf", "")
    assert any("over the edge" in fault for fault in found)
    assert any("letters over each other" in fault for fault in found)
