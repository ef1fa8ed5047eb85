"""A brief's Markdown as web page, Word document and PDF.

The Markdown is CommonMark with pipe tables, and nothing else: no HTML, mathematics, citations,
footnotes or attributes. Its writer keeps to these conventions.

- `##` opens a section, `###` and `####` what is below it. The title comes from `title`; a first
  line `# …` is taken as the title and replaced.
- `> …` is a box: the summary, or a caveat. Its first paragraph may begin with `**…**`.
- A pipe table has a row of dashes below its head; `---:` puts a column to the right, `:--` to the
  left, and a plain `---` lets the content decide (numbers and intervals go to the right). Column
  widths and type size follow from the content. An empty head is left out.
- `Table: caption`, a paragraph of its own before (or after) a table, is its caption.
- `![caption](figures/name.zh.png)`, a paragraph of its own, is a figure; the path is relative to
  the folder of the brief. Captions are numbered here: write no numbers.
- Every text that comes from a record goes through `escape.md_text`; pipes, dollars and brackets in
  it show literally.
- Links go to `https://…` or to files beside the brief (`claims.csv`).
- `---`, a paragraph of its own, starts a new page. What stands before the first one is set on the
  cover page, before the table of contents, in place of the facts and the badge of `meta`; what
  stands between two is set on one page, in smaller type where it needs it.

`meta` describes the cover: `subtitle`, `kind` (of document), `tier`, `as_of`, `corpus`,
`coverage`, `flag` (such as "thin evidence"; shown as a badge) and `digest`, each one line of plain
text, each optional, and `date`, the ISO date that the files carry as theirs (otherwise `as_of`, if
that is one). `title` and `lang` may be there too and are not read. An unknown key is an error.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from foresight.brief import layout
from foresight.brief.assets.reference_docx import contents_field, finish_docx, reference_docx
from foresight.brief.convert import compile_typst, run_pandoc
from foresight.brief.escape import md_text, plain, shorten
from foresight.brief.images import place_figures
from foresight.brief.table_layout import keep_table, lay_out_table
from foresight.errors import RenderError
from foresight.provenance import atomic_path, write_text
from foresight.settings import LANGUAGES

READER = "commonmark-raw_html+pipe_tables+implicit_figures"
ASSETS = Path(__file__).parent / "assets"
CONTENTS_LINES = 20  # a longer table of contents names the sections only
LONGEST_RUN = 64  # characters without a space that fit a line of the page
RUNNING_COLUMNS = 64  # columns of the title at the head of each page
ISO_DATE = re.compile(r"^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])$")
NO_DATE = "1980-01-01"  # the earliest that a zip archive can hold
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
TYPST_MAIN = """#import "brief.typ": brief, front, room, sheet
#let cover = json(bytes(sys.inputs.cover))
#show: brief.with(cover)

"""
# A paragraph of its own with a break in it would leave an empty page behind a full one.
WORD_BREAK = (
    '<w:p><w:pPr><w:pageBreakBefore/><w:spacing w:before="0" w:after="0" w:line="20" '
    'w:lineRule="exact"/></w:pPr></w:p>'
)

# Facts of the cover in their order: key of `meta`, Chinese label, English label.
FACTS = (
    ("tier", "发展层级", "Tier"),
    ("as_of", "数据截至", "As of"),
    ("corpus", "文献语料", "Corpus"),
    ("coverage", "覆盖范围", "Coverage"),
    ("digest", "输入摘要", "Digest of inputs"),
)
OTHER_KEYS = ("subtitle", "kind", "flag", "date", "title", "lang")
TERMS = {
    "zh": {"kind": "未来产业技术预见简报", "contents": "目录"},
    "en": {"kind": "Technology foresight brief", "contents": "Contents"},
}


def render_html(
    markdown: str,
    *,
    title: str,
    lang: str,
    base: Path,
    meta: Mapping[str, str] | None = None,
) -> str:
    """Render a brief as one web page that needs no other file, no script and no network.

    Parameters
    ----------
    markdown : str
        See the conventions at the top of this module.
    title : str
        Plain text.
    lang : {"zh", "en"}
    base : Path
        Folder that the paths of figures start from.
    meta : mapping, optional
        Facts for the head of the page.

    Returns
    -------
    str

    Raises
    ------
    RenderError
        If the Markdown breaks the conventions, a figure is missing, or pandoc fails.
    """
    blocks = read_markdown(markdown, lang=lang)
    return _html(blocks, _for_pages(_cover(title, lang=lang, meta=meta), blocks), base=base)


def write_docx(
    path: Path,
    markdown: str,
    *,
    title: str,
    lang: str,
    base: Path,
    meta: Mapping[str, str] | None = None,
) -> None:
    """Write a brief as Word document, atomically. Parameters and errors as in `render_html`."""
    blocks = read_markdown(markdown, lang=lang)
    _write_docx(path, blocks, _for_pages(_cover(title, lang=lang, meta=meta), blocks), base=base)


def write_pdf(
    path: Path,
    markdown: str,
    *,
    title: str,
    lang: str,
    base: Path,
    meta: Mapping[str, str] | None = None,
) -> None:
    """Write a brief as PDF, atomically. Parameters and errors as in `render_html`."""
    blocks = read_markdown(markdown, lang=lang)
    _write_pdf(path, blocks, _for_pages(_cover(title, lang=lang, meta=meta), blocks), base=base)


def write_formats(
    markdown: str,
    *,
    folder: Path,
    lang: str,
    title: str,
    stem: str = "brief",
    meta: Mapping[str, str] | None = None,
    floats: bool = True,
) -> dict[str, Path]:
    """Write a brief as Markdown, web page, PDF and Word document, each atomically.

    Parameters
    ----------
    markdown, lang, title, meta
        As in `render_html`.
    folder : Path
        Where the files go, and where the paths of figures start.
    stem : str
        The files are called `<stem>.<lang>.<format>`.
    floats : bool
        Whether figures of the PDF go to the foot of a page, so that no page ends early; otherwise
        each stands where the Markdown has it.

    Returns
    -------
    dict
        Path by format: `md`, `html`, `pdf`, `docx`.

    Raises
    ------
    RenderError
        As in `render_html`; formats written before the error stay.
    """
    blocks = read_markdown(markdown, lang=lang)
    cover = {**_for_pages(_cover(title, lang=lang, meta=meta), blocks), "floats": floats}
    paths = {kind: folder / f"{stem}.{lang}.{kind}" for kind in ("md", "html", "pdf", "docx")}
    write_text(paths["md"], _with_title(markdown, title))
    write_text(paths["html"], _html(blocks, cover, base=folder))
    _write_pdf(paths["pdf"], blocks, cover, base=folder)
    _write_docx(paths["docx"], blocks, cover, base=folder)
    return paths


def read_markdown(markdown: str, *, lang: str) -> layout.Blocks:
    """The document tree of a brief: checked, captions attached and numbered, headings named.

    Raises
    ------
    RenderError
        If the Markdown breaks the conventions of this module.
    """
    if lang not in LANGUAGES:
        msg = f"Language {lang!r} is not available. Choose from: {', '.join(LANGUAGES)}."
        raise RenderError(msg)
    source = markdown.encode("utf-8", "replace")
    tree = json.loads(run_pandoc(["-f", READER, "-t", "json"], source, what="Markdown"))
    blocks: layout.Blocks = tree["blocks"]
    layout.check_tree(blocks)
    if blocks and blocks[0]["t"] == "Header" and blocks[0]["c"][0] == 1:
        blocks = blocks[1:]
    blocks = layout.number_captions(layout.attach_captions(blocks), lang=lang)
    return layout.name_headings(blocks)


def _cover(title: str, *, lang: str, meta: Mapping[str, str] | None) -> dict[str, Any]:
    given = {key: plain(str(value)) for key, value in (meta or {}).items() if value}
    known = [*OTHER_KEYS, *(key for key, _, _ in FACTS)]
    unknown = sorted(set(given) - set(known))
    if unknown:
        msg = f"The cover knows no {unknown}. Known are: {', '.join(known)}."
        raise RenderError(msg)
    if lang not in LANGUAGES:
        msg = f"Language {lang!r} is not available. Choose from: {', '.join(LANGUAGES)}."
        raise RenderError(msg)
    return {
        "title": plain(title),
        "running": shorten(title, RUNNING_COLUMNS),
        "subtitle": given.get("subtitle", ""),
        "kind": given.get("kind", TERMS[lang]["kind"]),
        "flag": given.get("flag", ""),
        "facts": [[zh if lang == "zh" else en, given[k]] for k, zh, en in FACTS if k in given],
        "lang": lang,
        "contents": TERMS[lang]["contents"],
        "contents_lines": CONTENTS_LINES,
        "floats": True,
        "date": _date(given),
    }


def _date(given: Mapping[str, str]) -> str:
    """The date that the files carry: the clock's would make every run differ."""
    if "date" not in given:
        shown = given.get("as_of", "")
        return shown if ISO_DATE.match(shown) else NO_DATE
    try:
        return max(date.fromisoformat(given["date"]).isoformat(), NO_DATE)
    except ValueError as error:
        msg = f"The cover's `date` must be a date such as 2022-06-30, got {given['date']!r}."
        raise RenderError(msg) from error


def _for_pages(cover: Mapping[str, Any], blocks: layout.Blocks) -> dict[str, Any]:
    """The cover of a document, without facts and badge where its own text opens on the cover."""
    own = bool(layout.split_pages(blocks)[0])
    bare = {"facts": [], "flag": ""} if own else {}
    return {**cover, **bare, "own_opening": own}


def _with_title(markdown: str, title: str) -> str:
    body = markdown.strip("\n")
    return f"{body}\n" if body.startswith("# ") else f"# {md_text(title)}\n\n{body}\n"


def _tree(blocks: layout.Blocks, **meta: Any) -> bytes:
    values = {key: _meta_value(value) for key, value in meta.items() if value}
    tree = {"pandoc-api-version": [1, 23, 1], "meta": values, "blocks": blocks}
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")


def _meta_value(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"t": "MetaList", "c": [_meta_value(item) for item in value]}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {key: _meta_value(item) for key, item in value.items()}}
    return {"t": "MetaString", "c": str(value)}


# Formats ----------------------------------------------------------------------------------------


def _html(blocks: layout.Blocks, cover: Mapping[str, Any], *, base: Path) -> str:
    placed, _ = place_figures(blocks, base=base, inline=True, as_percent=True)
    wrapped = [
        {"t": "Div", "c": [layout.attr(classes=("table",)), [lay_out_table(block, typst=False)]]}
        if block["t"] == "Table"
        else block
        for block in placed
    ]
    style = (ASSETS / "brief.css").read_text(encoding="utf-8")
    page = (ASSETS / "brief.html").read_text(encoding="utf-8")
    facts = [{"label": label, "value": value} for label, value in cover["facts"]]
    shown: dict[str, Any] = {
        key: cover[key] for key in ("title", "subtitle", "kind", "flag", "contents")
    }
    source = _tree(
        wrapped, **shown, facts=facts, pagetitle=cover["title"], locale=LOCALES[cover["lang"]]
    )
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "brief.html"
        filled = page.replace("{{style}}", style.replace("$", "$$"))
        template.write_text(filled, encoding="utf-8")
        options = [
            "--toc",
            "--toc-depth=3",
            "--shift-heading-level-by=1",
            "--wrap=none",
            f"--template={template}",
        ]
        done = run_pandoc(["-f", "json", "-t", "html5", *options], source, what="web page")
    return done.decode("utf-8")


def _typst(code: str) -> layout.Node:
    return {"t": "RawBlock", "c": ["typst", code]}


def _typst_body(blocks: layout.Blocks) -> layout.Blocks:
    """A document's blocks within the calls that set cover page, single pages and the rest."""
    done: layout.Blocks = []
    for block in layout.keep_lead_ins(blocks):
        laid = lay_out_table(block, typst=True) if block["t"] == "Table" else block
        done += keep_table(laid) if block["t"] == "Table" else [laid]
    opening, sheets, rest = layout.split_pages(done)
    body = [_typst("#front(cover)["), *opening, _typst("]")]
    for sheet in sheets:
        body += [_typst("#sheet["), *sheet, _typst("]")]
    return [*body, _typst("#pagebreak(weak: true)"), *rest]


def _write_pdf(path: Path, blocks: layout.Blocks, cover: Mapping[str, Any], *, base: Path) -> None:
    placed, figures = place_figures(blocks, base=base, inline=False, as_percent=False)
    tree = layout.break_long(_typst_body(placed), LONGEST_RUN)
    body = run_pandoc(
        ["-f", "json", "-t", "typst-smart", "--wrap=none"],
        _tree(layout.guard_shorthands(tree)),
        what="PDF",
    )
    files = {
        "main.typ": TYPST_MAIN.encode() + body,
        "brief.typ": (ASSETS / "brief.typ").read_bytes(),
        **figures,
    }
    inputs = {"cover": json.dumps(cover, ensure_ascii=False)}
    data = compile_typst(files, inputs=inputs, day=cover["date"])
    with atomic_path(path) as part:
        part.write_bytes(data)


def _styled(style: str, *content: layout.Node) -> layout.Node:
    return {"t": "Div", "c": [layout.attr(custom_style=style), list(content)]}


def _word_sheet(blocks: layout.Blocks) -> layout.Blocks:
    """A page of its own in Word: smaller prose, so that it has a chance to be one page."""
    return [
        block
        if block["t"] in {"Header", "Table", "Figure"}
        else _styled("Sheet Text", _loose_list(block))
        for block in blocks
    ]


def _loose_list(block: layout.Node) -> layout.Node:
    """A list whose items are paragraphs: pandoc gives those of a tight list a style of its own."""
    if block["t"] != "BulletList":
        return block
    items = [[{**b, "t": "Para"} if b["t"] == "Plain" else b for b in item] for item in block["c"]]
    return {**block, "c": items}


def _docx_front(blocks: layout.Blocks, cover: Mapping[str, Any]) -> layout.Blocks:
    """Badge, facts, opening and table of contents, in styles of the reference document."""

    def para(text: str) -> layout.Node:
        return {"t": "Para", "c": layout.inlines_of(text)}

    front = [_styled("Cover Flag", para(cover["flag"]))] if cover["flag"] else []
    for label, value in cover["facts"]:
        strong = {"t": "Strong", "c": layout.inlines_of(label)}
        tab = {"t": "RawInline", "c": ["openxml", "<w:r><w:tab/></w:r>"]}
        line = [strong, tab, *layout.inlines_of(value)]
        front.append(_styled("Cover Fact", {"t": "Para", "c": line}))
    front += layout.split_pages(blocks)[0]
    heads = [block for block in blocks if block["t"] == "Header" and block["c"][0] <= 2]
    if cover["own_opening"] or len(heads) > CONTENTS_LINES:
        heads = [block for block in heads if block["c"][0] == 1]
    if not heads:
        return front
    front.append(_styled("Contents Heading", para(cover["contents"])))
    lines = []
    for head in heads:
        level, (ident, _, _), inlines = head["c"]
        link = {"t": "Link", "c": [layout.attr(), inlines, [f"#{ident}", ""]]}
        lines.append((level, [link]))
    opening, closing = contents_field(deepest=max(level for level, _ in lines))
    lines[0][1].insert(0, {"t": "RawInline", "c": ["openxml", opening]})
    lines[-1][1].append({"t": "RawInline", "c": ["openxml", closing]})
    return front + [_styled(f"toc {n}", {"t": "Para", "c": line}) for n, line in lines]


def _write_docx(path: Path, blocks: layout.Blocks, cover: Mapping[str, Any], *, base: Path) -> None:
    placed, _ = place_figures(blocks, base=base, inline=True, as_percent=False)
    laid = [lay_out_table(b, typst=False) if b["t"] == "Table" else b for b in placed]
    _, sheets, rest = layout.split_pages(laid)
    new_page = {"t": "RawBlock", "c": ["openxml", WORD_BREAK]}
    body = _docx_front(laid, cover)
    for page in (*map(_word_sheet, sheets), rest):
        body += [new_page, *page]
    source = _tree(body, title=cover["title"], subtitle=cover["subtitle"])
    running = f"{cover['kind']} · {cover['running']}"
    with tempfile.TemporaryDirectory() as folder, atomic_path(path) as part:
        reference = Path(folder) / "reference.docx"
        original = run_pandoc(
            ["--print-default-data-file", "reference.docx"], b"", what="Word document"
        )
        reference.write_bytes(reference_docx(original, running=running, lang=cover["lang"]))
        options = [f"--reference-doc={reference}", "-o", "-"]
        arguments = ["-f", "json", "-t", "docx", *options]
        made = run_pandoc(arguments, source, what="Word document")
        part.write_bytes(finish_docx(made, day=cover["date"]))
