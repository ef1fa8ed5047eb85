from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from foresight.brief import layout, render, table_layout
from foresight.brief.escape import md_text
from foresight.errors import RenderError
from foresight.plots import new_figure, save_figure

META = {
    "subtitle": "Brain-computer interfaces",
    "tier": "优先发展",
    "as_of": "2022-06-30",
    "corpus": "样本 <122,285> 件",
    "flag": "佐证薄弱",
    "digest": "9f86d081",
}
MARKDOWN = """# 旧标题

## 1. 摘要

> **要点** 份额上升。

Table: 得分居前的主题

| 名次 | 主题 | 得分（区间） | 得分 |
|---|---|---|---|
| 1 | 柔性神经电极阵列及其封装工艺 | 81.2 (70.1–90.3) | 81.2 |
| 2 | a \\| b \\<script\\> | 9.5 (1.0–20.0) | — |

### 细分方向

![份额](figures/share.zh.png)

## 2. 方法

见 [claims.csv](claims.csv) 与 [网页](https://example.org/a?b=1)。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    figure, axes = new_figure(height_cm=4, width_cm=8)
    axes.plot([1, 2])
    save_figure(figure, tmp_path / "figures" / "share.zh.png")
    return tmp_path


def write(folder: Path, markdown: str = MARKDOWN, **changes: Any) -> dict[str, Path]:
    options = {"lang": "zh", "title": "脑机接口技术预见简报", "meta": META} | changes
    return render.write_formats(markdown, folder=folder, **options)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def pdf_text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def docx_part(path: Path, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_four_files_are_written_and_nothing_else(folder: Path) -> None:
    paths = write(folder)
    assert {path.name for path in paths.values()} == {
        "brief.zh.md",
        "brief.zh.html",
        "brief.zh.pdf",
        "brief.zh.docx",
    }
    assert {p.name for p in folder.iterdir()} == {p.name for p in paths.values()} | {"figures"}


def test_chinese_is_text_in_every_format(folder: Path) -> None:
    paths = write(folder)
    for text in ("脑机接口技术预见简报", "柔性神经电极阵列", "佐证薄弱", "优先发展"):
        assert text in re.sub(r"\s", "", "".join(Page(paths["html"].read_text("utf-8")).words))
        assert text in re.sub(r"\s", "", pdf_text(paths["pdf"]))
        assert text in re.sub(r"<[^>]+>|\s", "", docx_part(paths["docx"]))
    assert "柔性神经电极阵列" in paths["md"].read_text("utf-8")
    assert "旧标题" not in paths["html"].read_text("utf-8")


def test_same_input_same_bytes(folder: Path) -> None:
    first = {kind: path.read_bytes() for kind, path in write(folder).items()}
    assert {kind: path.read_bytes() for kind, path in write(folder).items()} == first


def test_page_needs_no_other_file(folder: Path) -> None:
    page = Page(write(folder)["html"].read_text("utf-8"))
    names = [tag for tag, _ in page.tags]
    assert "script" not in names
    assert "link" not in names
    source = next(a["src"] for t, a in page.tags if t == "img")
    assert source is not None
    assert source.startswith("data:image/png")
    assert dict(page.tags)["html"]["lang"] == "zh-CN"
    assert ("meta", {"charset": "utf-8"}) in page.tags
    assert names.count("h1") == 1
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert {link[1:] for link in links if link and link.startswith("#")} <= ids
    assert "claims.csv" in links


def test_pdf_has_cover_outline_and_page_numbers(folder: Path) -> None:
    reader = PdfReader(write(folder)["pdf"])
    assert reader.metadata is not None
    assert reader.metadata.title == "脑机接口技术预见简报"
    assert "2022" in str(reader.metadata.creation_date)
    assert len(reader.outline) == 3  # two sections, one of them with a nested list
    first = reader.pages[0].extract_text()
    assert "9f86d081" in first
    assert f"1 / {len(reader.pages)}" in first
    assert "1. 摘要" not in reader.pages[0].extract_text().replace("1. 摘要 .", "")


def test_captions_are_numbered_by_kind(folder: Path) -> None:
    text = " ".join(Page(write(folder)["html"].read_text("utf-8")).words)
    assert "Table:" not in text
    assert re.search(r"表1\s+得分居前的主题", text)
    assert re.search(r"图1\s+份额", text)


def test_caption_may_follow_its_table() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    blocks = render.read_markdown(f"{table}\n\n: after\n\nTable: before\n\n{table}\n", lang="en")
    captions = [layout.text_of(block["c"][1]) for block in blocks]
    assert [text.split("\u2003")[1] for text in captions] == ["after", "before"]


def test_numbers_go_right_and_text_left() -> None:
    block = render.read_markdown(MARKDOWN, lang="zh")[2]
    laid = table_layout.lay_out_table(block, typst=False)
    sides = [spec[0]["t"] for spec in laid["c"][2]]
    assert sides == ["AlignRight", "AlignLeft", "AlignRight", "AlignRight"]
    shares = [spec[1]["c"] for spec in laid["c"][2]]
    assert sum(shares) <= 1.001
    assert shares[1] == max(shares)


@pytest.mark.parametrize(
    ("text", "numeric"),
    [
        ("1,204", True),
        ("73.2%", True),
        ("−3.1%", True),
        ("0.4% (0.2%–0.8%)", True),
        ("1（1—3）", True),
        ("90.8 (81.8–96.8)", True),
        ("+12.3% (+4.1%, +21.0%)", True),
        ("−0.02 (−0.22 to 0.18)", True),
        ("+0.14（−0.02 至 +0.32）", True),
        ("US1012345", False),
        ("3D printing", False),
        ("2019 and later", False),
    ],
)
def test_what_counts_as_a_number(text: str, numeric: bool) -> None:
    assert table_layout.is_numeric([text, "—", ""]) is numeric


def test_no_number_is_no_numeric_column() -> None:
    assert table_layout.is_numeric(["—", ""]) is False


def test_many_columns_fit_and_get_smaller_type() -> None:
    few, size_few = table_layout.column_widths([["a", "1"], ["b", "2"]], [True, True])
    many, size_many = table_layout.column_widths(
        [["Heading", "words of a text that is rather long for its column"]] * 11, [False] * 11
    )
    assert sum(few) < 0.7
    assert sum(many) <= 1.0 + 1e-9
    assert size_many < size_few


def test_long_words_break_only_where_asked() -> None:
    markdown = f"| a | b |\n|---|---|\n| {'x' * 300} | {'word ' * 40} |\n"
    block = render.read_markdown(markdown, lang="en")[0]
    broken = layout.text_of(table_layout.lay_out_table(block, typst=True)["c"][4])
    assert layout.BREAK in broken
    assert broken.replace(layout.BREAK, "").startswith("x" * 300)
    assert layout.BREAK not in layout.text_of(table_layout.lay_out_table(block, typst=False))


def test_rows_keep_together_unless_they_fill_a_page(folder: Path) -> None:
    rows = "".join(f"| {i} | {'word ' * 30} |\n" for i in range(60))
    tall = f"| last | {'tall ' * 3000}end |\n"
    path = write(folder, f"| a | b |\n|---|---|\n{rows}{tall}", lang="en")["pdf"]
    pages = [page.extract_text() for page in PdfReader(path).pages]
    assert "end" in pages[-1]
    assert sum(text.count("tall") for text in pages) == 3000
    assert sum(text.count("word") for text in pages) == 1800
    for text in pages[1:]:
        assert text.count("word") % 30 == 0


def test_lead_in_stays_with_its_list() -> None:
    blocks = render.read_markdown("规则：\n\n- 甲\n\n文：\n\n文\n", lang="zh")
    assert [block["t"] for block in layout.keep_lead_ins(blocks)] == [
        "Div",
        "BulletList",
        "Para",
        "Para",
    ]


def test_long_contents_name_sections_only(folder: Path) -> None:
    many = "".join(f"## 节{i}\n\n### 小节{i}\n\n文\n\n" for i in range(11))
    paths = write(folder, many)
    first = re.sub(r"\s", "", PdfReader(paths["pdf"]).pages[0].extract_text())
    assert "节3" in first
    assert "小节3" not in first
    word = docx_part(paths["docx"])
    assert 'w:pStyle w:val="TOC2"' not in word
    assert 'TOC \\o "1-1"' in word


def test_word_fills_the_contents_itself(folder: Path) -> None:
    word = docx_part(write(folder, "## 节一\n\n### 小节\n\n文\n\n## 节二\n\n文\n")["docx"])
    kinds = re.findall(r'w:fldCharType="(\w+)"', word)
    assert kinds == ["begin", "separate", "end"]
    assert 'TOC \\o "1-2"' in word
    field = word[word.index('"begin"') : word.index('"end"')]
    assert re.findall(r'w:pStyle w:val="(TOC\d)"', word) == ["TOC1", "TOC2", "TOC1"]
    assert [field.count(f">{name}<") for name in ("节一", "小节", "节二")] == [1, 1, 1]
    assert all(f'w:pStyle w:val="Heading{n}"' in word for n in (1, 2))


@pytest.mark.parametrize(
    "text", ["the ‘solid electrolyte’ and its “peers”", "it’s", "a--b---c", "x...", "2–3", 'a"b']
)
def test_signs_are_printed_as_written(folder: Path, text: str) -> None:
    path = write(folder, f"## Part\n\n{text}\n", lang="en")["pdf"]
    page = "".join(page.extract_text() for page in PdfReader(path).pages).replace("\u2060", "")
    assert text.replace(" ", "") in re.sub(r"\s", "", page)


OPENING = "## 1. 封面\n\n语料说明。\n\n"
SUMMARY = "## 2. 摘要\n\n要点。\n\n### 小节\n\n文。\n\n- 一\n- 二\n\n"
PARTED = f"{OPENING}---\n\n{SUMMARY}---\n\n## 3. 全景\n\n全文。\n"


def test_rules_part_cover_summary_and_the_rest(folder: Path) -> None:
    paths = write(folder, PARTED)
    pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(paths["pdf"]).pages]
    assert len(pages) == 3
    assert pages[0].index("语料说明") < pages[0].index("目录") < pages[0].index("3.全景")
    assert "小节" not in pages[0]
    assert "要点" in pages[1]
    assert "全文" in pages[2]
    assert "佐证薄弱" not in pages[0]  # the opening says it in its own words
    body = docx_part(paths["docx"])
    assert body.count("<w:pageBreakBefore") == 2
    assert body.count('w:val="SheetText"') == 4  # 要点, 文 and the list's two items
    places = [body.index(text) for text in ("语料说明", "目录", "要点", "全文")]
    assert places == sorted(places)
    assert "9f86d081" not in body
    html = paths["html"].read_text("utf-8")
    assert html.count("<hr") == 2
    assert "9f86d081" not in html


def test_without_a_rule_the_cover_shows_the_facts(folder: Path) -> None:
    paths = write(folder)
    assert "9f86d081" in PdfReader(paths["pdf"]).pages[0].extract_text()
    assert "9f86d081" in docx_part(paths["docx"])
    assert "<w:pageBreakBefore" in docx_part(paths["docx"])


@pytest.mark.parametrize(("sentences", "pages"), [(5, 3), (26, 3), (60, 4)])
def test_a_page_between_rules_gets_smaller_type(folder: Path, sentences: int, pages: int) -> None:
    long = "这里是一句用来占满版面的文字，长短与简报中的句子相仿，共有三十余字。\n\n" * sentences
    path = write(folder, PARTED.replace("要点。", long))["pdf"]
    assert len(PdfReader(path).pages) == pages


def test_text_gets_the_width_that_numbers_leave() -> None:
    reason = "增长概率 0.99；占比年均 +26.2%（+5.2% 至 +51.5%）"
    columns = [
        ["规则", "补证后论证"],
        ["名次（区间）", "12（10–14）"],
        ["得分（区间）", "65.3（49.3–76.0）"],
        ["名称", "膜燃料电池、金属催化剂、催化剂载体"],
        ["入选理由", reason],
        ["浙江文献", "3"],
    ]
    numeric = [False, True, True, False, False, True]
    shares, size = table_layout.column_widths(columns, numeric, break_intervals=True)
    assert max(shares) == shares[4]
    assert shares[4] * table_layout.TEXT_WIDTH / size > 13  # em: the reason has 24, so two lines
    assert shares[5] * table_layout.TEXT_WIDTH / size < 6  # em: no more than its heading needs


def test_intervals_break_before_the_bracket_only(folder: Path) -> None:
    cells = "| 65.3（49.3–76.0） | 1 (1–4) | x | 34.6%（32.3%–37.0%） |"
    block = render.read_markdown(f"| a | b | c | d |\n|---|---|---|---|\n{cells}\n", lang="zh")[0]
    row = table_layout.cells_of(table_layout.lay_out_table(block, typst=True))[1][0]
    texts = [layout.text_of(cell[4]) for cell in row]
    for text, parts in zip(texts, (2, 2, 1, 2), strict=True):
        assert len(re.split(rf"[ {layout.BREAK}]", text)) == parts
    assert layout.JOINER.join("–76.0") in texts[0]


def test_low_tables_stay_whole_and_tall_ones_start_with_room() -> None:
    row = "| 甲 | 1 |\n"
    for rows, kind in ((3, "Div"), (40, "RawBlock")):
        block = render.read_markdown(f"| a | b |\n|---|---|\n{row * rows}", lang="zh")[0]
        kept = table_layout.keep_table(table_layout.lay_out_table(block, typst=True))
        assert kept[0]["t"] == kind


def test_a_table_leaves_no_single_row_at_the_foot(folder: Path) -> None:
    rows = "".join(f"| 行{i} | {i} |\n" for i in range(40))
    for lines in range(20, 30):
        text = "一行文字。\n\n" * lines + f"Table: 题注\n\n| a | b |\n|---|---|\n{rows}\n"
        path = folder / "t.pdf"
        render.write_pdf(path, text, title="t", lang="zh", base=folder)
        for page in PdfReader(path).pages:
            found = page.extract_text()
            if "题注" in found:
                assert len(re.findall(r"行 ?\d", found)) >= 3, lines


def test_empty_head_is_left_out(folder: Path) -> None:
    path = write(folder, "|  |  |\n|---|---|\n| 甲 | 乙 |\n")["html"]
    assert not [tag for tag, _ in Page(path.read_text("utf-8")).tags if tag == "th"]


def test_word_document_has_fonts_page_and_no_field_but_contents_and_pages(folder: Path) -> None:
    path = write(folder, MARKDOWN + "\n" + md_text('=HYPERLINK("x")') + "\n")["docx"]
    styles, body = docx_part(path, "word/styles.xml"), docx_part(path)
    assert 'w:eastAsia="Microsoft YaHei"' in styles
    language = re.search(r"<w:lang [^>]+>", styles)
    assert language is not None
    assert 'w:eastAsia="zh-CN"' in language[0]
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", body)
    assert [field.split()[0] for field in fields] == ["TOC"]
    assert "w:fldSimple" not in body
    assert "PAGE" in docx_part(path, "word/footer1.xml")
    assert "脑机接口技术预见简报" in docx_part(path, "word/header1.xml")
    assert "<w:titlePg" in body
    assert "2022-06-30T00:00:00Z" in docx_part(path, "docProps/core.xml")
    grids = re.findall(r"<w:tblGrid>(.*?)</w:tblGrid>", body)
    widths = [sum(map(int, re.findall(r'w:w="(\d+)"', grid))) for grid in grids]
    assert max(widths) <= 9072


def test_reference_document_escapes_the_running_head(folder: Path) -> None:
    path = write(folder, "文\n", title="<w:p/> & “x”")["docx"]
    assert "&lt;w:p/&gt; &amp; “x”" in docx_part(path, "word/header1.xml")


def test_figures_keep_the_width_they_were_drawn_at(folder: Path) -> None:
    body = docx_part(write(folder)["docx"])
    extent = re.search(r'wp:extent cx="(\d+)"', body)
    assert extent is not None
    assert int(extent[1]) == pytest.approx(8 * 360000, rel=0.01)


@pytest.mark.parametrize(
    ("markdown", "told"),
    [
        ("## a\n\n# b\n", "second `#` heading"),
        ("<b>x</b>\n", "a part of the kind RawInline"),
        ("<div>x</div>\n", "a part of the kind RawBlock"),
        ("[a](javascript:alert(1))\n", "a link that is neither"),
        ("[a](data:text/html,x)\n", "a link that is neither"),
        ("[a](../../etc/passwd)\n", "a link that is neither"),
        ("![a](figures/none.png)\n", "cannot be read"),
        ("![a](../x.png)\n", "does not lie below"),
        ("![a](https://example.org/x.png)\n", "does not lie below"),
        ("![a](brief.txt)\n", "neither PNG nor JPEG"),
    ],
)
def test_broken_conventions_are_refused(folder: Path, markdown: str, told: str) -> None:
    (folder / "brief.txt").write_text("x")
    with pytest.raises(RenderError, match=told):
        render.render_html(markdown, title="t", lang="en", base=folder)


def test_mathematics_in_markdown_shows_literally(folder: Path) -> None:
    page = Page(render.render_html("x $y$ 'z' -- {.a}\n", title="t", lang="en", base=folder))
    assert "x $y$ 'z' -- {.a}" in "".join(page.words)


def test_unknown_cover_keys_and_dates_are_refused(folder: Path) -> None:
    with pytest.raises(RenderError, match="knows no \\['colour'\\]"):
        write(folder, meta={"colour": "red"})
    with pytest.raises(RenderError, match="must be a date"):
        write(folder, meta={"date": "30 June"})
    with pytest.raises(RenderError, match="Language 'fr'"):
        write(folder, lang="fr")


def test_failures_of_the_programs_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from foresight.brief import convert

    with pytest.raises(RenderError, match=r"pandoc stopped with status 64 on the PDF"):
        convert.run_pandoc(["-f", "json", "-t", "typst"], b"{", what="PDF")
    with pytest.raises(RenderError, match="typst could not set the PDF: unknown variable"):
        convert.compile_typst({"main.typ": b"#nonsense"}, inputs={}, day="2022-06-30")
    monkeypatch.setattr(convert, "pandoc_path", lambda: str(folder / "none"))
    with pytest.raises(RenderError, match="pandoc could not be run"):
        convert.run_pandoc([], b"", what="PDF")


def test_typst_sees_no_other_file(folder: Path) -> None:
    from foresight.brief.convert import compile_typst

    (folder / "secret.txt").write_text("x")
    code = f'#read("{folder / "secret.txt"}")'.encode()
    with pytest.raises(RenderError, match="typst could not set"):
        compile_typst({"main.typ": code}, inputs={}, day="2022-06-30")


def test_missing_font_says_what_to_install() -> None:
    from foresight.plots.fonts import locate

    with pytest.raises(RenderError, match=r"package no-such-fonts is not installed"):
        locate("no-such-fonts", "x.ttc")


def test_atomic_write_leaves_the_old_file(folder: Path) -> None:
    path = write(folder)["pdf"]
    before = path.read_bytes()
    with pytest.raises(RenderError):
        render.write_pdf(path, "![a](none.png)\n", title="t", lang="zh", base=folder)
    assert path.read_bytes() == before
    assert zipfile.is_zipfile(io.BytesIO((folder / "brief.zh.docx").read_bytes()))
