"""No text of a record becomes markup or code in any format."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foresight.brief import render
from foresight.brief.escape import md_text, plain, shorten, width

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ x }} {% x %}",
    '#import "x.typ": *',
    '#read("/etc/passwd") #sys.inputs',
    '=HYPERLINK("http://x","y")',
    "[a](javascript:alert(1)) ![i](x.png)",
    "a | b || c |",
    "$x^2$ \\(y\\) $$z$$",
    "@cite <label> @doe2020",
    "C:\\new\\table \\",
    "a\nb\r\n\r\n# c\x00\x07\x1b",
    "\u202etxt.exe\u202c\u2066x\u2069",
    "x" * 400,
    "`code` ``` ~~~ *b* _i_ ~~s~~ ^s^",
    "&lt;b&gt; &amp; &#60;",
    "--- ... 'q' \"q\"",
    "[^1] [a]: http://b :smile: http://a.b www.c.d",
    "/* c */ // d -?x 3-?4",
    "\\u{41} \\# \\",
    "Table: x",
    "1. a 2) b - c + d",
    "\ud800 \ufffe \U000e0041",
    "]]> <?x?> <!-- c -->",
]
texts = st.lists(
    st.one_of(
        st.sampled_from(HOSTILE),
        st.text(max_size=60),
        st.text(alphabet="\\`*_{}[]()<>#+-.!|~^$@=&%:;\"'/ \n\t1ab脑", max_size=40),
    ),
    min_size=1,
    max_size=8,
)
few = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
BASE = Path(__file__).parent


def document(items: list[str]) -> str:
    safe = [md_text(item) for item in items]
    rows = [f"| {text} | {text} |" for text in safe]
    return "\n\n".join(
        [
            *(f"## x {text}" for text in safe),
            *(f"x {text}" for text in safe),
            *safe,
            *(f"> {text}" for text in safe if text),
            *(f"- {text}" for text in safe),
            "\n".join([f"| {safe[0]} | b |", "|---|---|", *rows]),
            f"[{safe[0]}](claims.csv)",
        ]
    )


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.pieces: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u2060\xad]+", "", text)


@given(st.text())
@example("".join(map(chr, range(0x300))))
def test_plain_is_one_visible_line_and_stable(text: str) -> None:
    line = plain(text)
    assert line == plain(line)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e]", line)
    line.encode()


@given(st.text(), st.integers(1, 40))
def test_shorten_keeps_to_its_width(text: str, columns: int) -> None:
    short = shorten(text, columns)
    assert width(short) <= columns
    assert short == plain(text) or short.endswith("…")


@given(texts)
@example(HOSTILE)
@few
def test_web_page_shows_texts_literally(items: list[str]) -> None:
    page = render.render_html(document(items), title=items[0], lang="en", base=BASE)
    found = Elements(page)
    assert found.names <= {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "nav", "p", "ul",
        "li", "a", "main", "blockquote", "div", "table", "colgroup", "col", "thead", "tbody", "tr",
        "th", "td",
    }  # fmt: skip
    assert found.attributes <= {
        "lang", "charset", "name", "content", "http-equiv", "class", "aria-label", "href", "id",
        "style",
    }  # fmt: skip
    shown = squeezed("".join(found.pieces))
    for item in items:
        assert squeezed(plain(item)) in shown


@given(texts)
@example(HOSTILE)
@few
def test_word_document_shows_texts_literally(items: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.docx"
        meta = {"corpus": items[0], "flag": items[-1]}
        render.write_docx(path, document(items), title=items[0], lang="zh", base=BASE, meta=meta)
        data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314
    body = parts["word/document.xml"]
    tags = {element.tag.rpartition("}")[2] for element in body.iter()}
    assert not tags & {"fldSimple", "object", "altChunk", "oMath", "drawing"}
    fields = [e.text.split()[0] for e in body.iter() if e.tag.endswith("}instrText")]
    assert fields in ([], ["TOC"])
    shown = squeezed("".join(body.itertext()))
    for item in items:
        assert squeezed(plain(item)) in shown


@given(texts)
@example(HOSTILE)
@few
def test_pdf_can_always_be_set(items: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.pdf"
        meta = {"corpus": items[0], "flag": items[-1], "subtitle": items[0]}
        render.write_pdf(path, document(items), title=items[0], lang="zh", base=BASE, meta=meta)
        assert path.read_bytes().startswith(b"%PDF")


def test_pdf_shows_hostile_texts_literally() -> None:
    from pypdf import PdfReader

    latin = [text for text in HOSTILE if text.isascii() and len(text) < 100]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.pdf"
        render.write_pdf(path, document(latin), title="t", lang="en", base=BASE)
        shown = squeezed("".join(page.extract_text() for page in PdfReader(path).pages))
    for item in latin:
        assert squeezed(plain(item)) in shown
