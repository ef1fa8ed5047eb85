"""The Word styles of briefs: a reference document that pandoc takes its styles from.

Latin text is Calibri, Chinese text Microsoft YaHei, both on every Chinese Windows with Word or
WPS; the font table names what may stand in for them elsewhere. Sizes are half-points, distances
twentieths of a point, as in the format.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

from foresight.errors import RenderError

LATIN_FONT = "Calibri"
CHINESE_FONT = "Microsoft YaHei"
MONO_FONT = "Consolas"
STAND_INS = {
    LATIN_FONT: ("Carlito", "020F0502020204030204", "00"),
    CHINESE_FONT: ("Noto Sans CJK SC", "020B0503020204020204", "86"),
    MONO_FONT: ("DejaVu Sans Mono", "020B0609020204030204", "00"),
}
ACCENT, SOFT, INK, RULE, FAINT, WARN = "1F4068", "59636F", "1C2430", "C9D0D8", "F3F5F8", "8A4B00"
A4 = (11906, 16838)
MARGIN = (1531, 1247)  # top and bottom, left and right: 27 mm and 22 mm
TEXT_TWIPS = A4[0] - 2 * MARGIN[1]
MANY_COLUMNS = 6  # tables from here on are set in small type
FIRST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:w="{MAIN}" xmlns:r="{RELATIONS}"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Style:
    """A paragraph style: id, name, parent, paragraph properties and run properties as XML."""

    ident: str
    name: str
    parent: str = "Normal"
    paragraph: str = ""
    run: str = ""
    following: str = ""


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _color(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


def _spacing(before: int, after: int, line: int | None = None) -> str:
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


def _border(side: str, size: int, color: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/>'


def _heading(level: int, size: int, before: int, after: int) -> Style:
    return Style(
        f"Heading{level}",
        f"heading {level}",
        paragraph=f"<w:keepNext/><w:keepLines/>{_spacing(before, after, 264)}"
        f'<w:outlineLvl w:val="{level - 1}"/>',
        run=f"<w:b/><w:bCs/>{_color(ACCENT)}{_size(size)}",
        following="BodyText",
    )


BOLD = "<w:b/><w:bCs/>"
LEADER = (
    f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_TWIPS}"/></w:tabs>'  # to the page
)
KEEP = "<w:keepNext/><w:keepLines/>"
BOX = (
    f"<w:pBdr>{_border('left', 24, ACCENT, 10)}</w:pBdr>"
    f'<w:shd w:val="clear" w:color="auto" w:fill="{FAINT}"/>'
    f'{_spacing(0, 0, 300)}<w:ind w:left="284" w:right="113"/>'
)
LINES = _border("bottom", 4, RULE, 3) + _border("between", 4, RULE, 3)
BADGE = "".join(_border(side, 8, WARN, 3) for side in ("top", "left", "bottom", "right"))

STYLES = (
    Style("BodyText", "Body Text", paragraph=_spacing(100, 100, 300) + '<w:jc w:val="both"/>'),
    Style("FirstParagraph", "First Paragraph", "BodyText"),
    Style(
        "SheetText",
        "Sheet Text",
        "BodyText",
        paragraph=_spacing(10, 20, 222) + '<w:jc w:val="both"/>',
        run=_size(18),
    ),
    Style("Compact", "Compact", paragraph=_spacing(20, 20, 240)),
    Style(
        "Title",
        "Title",
        paragraph=f"<w:pBdr>{_border('top', 24, ACCENT, 14)}</w:pBdr>{_spacing(240, 80, 252)}",
        run=f"{BOLD}{_color(ACCENT)}{_size(48)}",
        following="BodyText",
    ),
    Style(
        "Subtitle", "Subtitle", paragraph=KEEP + _spacing(0, 200, 264), run=_color(SOFT) + _size(28)
    ),
    Style("Author", "Author", paragraph=_spacing(0, 120)),
    Style("Date", "Date", paragraph=_spacing(0, 120)),
    Style(
        "CoverFlag",
        "Cover Flag",
        paragraph=f'<w:pBdr>{BADGE}</w:pBdr>{_spacing(120, 240)}<w:ind w:left="80" w:right="80"/>',
        run=f"{BOLD}{_color(WARN)}{_size(22)}",
    ),
    Style(
        "CoverFact",
        "Cover Fact",
        paragraph=f"<w:pBdr>{LINES}</w:pBdr>"
        f'<w:tabs><w:tab w:val="left" w:pos="1871"/></w:tabs>{_spacing(60, 60, 264)}'
        '<w:ind w:left="1871" w:hanging="1871"/>',
        run=_size(20),
    ),
    Style(
        "ContentsHeading",
        "Contents Heading",
        paragraph=KEEP + _spacing(300, 80),
        run=f"{BOLD}{_color(ACCENT)}{_size(24)}",
    ),
    Style("TOC1", "toc 1", paragraph=LEADER + _spacing(30, 10, 252), run=_size(20)),
    Style(
        "TOC2",
        "toc 2",
        paragraph=LEADER + _spacing(10, 10, 252) + '<w:ind w:left="340"/>',
        run=_size(20),
    ),
    _heading(1, 32, 240, 60),
    _heading(2, 25, 180, 20),
    _heading(3, 21, 260, 120),
    _heading(4, 21, 220, 100),
    Style("BlockText", "Block Text", paragraph=BOX),
    Style("FootnoteText", "Footnote Text", run=_size(18)),
    Style("Caption", "caption", paragraph=_spacing(120, 100, 264), run=_size(19)),
    Style("TableCaption", "Table Caption", "Caption", paragraph=KEEP + _spacing(240, 80, 264)),
    Style("ImageCaption", "Image Caption", "Caption", paragraph=_spacing(60, 280, 264)),
    Style("Figure", "Figure", paragraph=_spacing(200, 60)),
    Style("CaptionedFigure", "Captioned Figure", "Figure", paragraph="<w:keepNext/>"),
    Style("SourceCode", "Source Code", run=_size(18)),
    Style("Header", "header", run=_color(SOFT) + _size(17)),
    Style("Footer", "footer", paragraph='<w:jc w:val="center"/>', run=_color(SOFT) + _size(17)),
)
LINK_RUN = f'{_color(ACCENT)}<w:u w:val="none"/>'
CHARACTER_STYLES = (
    ("DefaultParagraphFont", "Default Paragraph Font", ""),
    (
        "VerbatimChar",
        "Verbatim Char",
        f'<w:rFonts w:ascii="{MONO_FONT}" w:hAnsi="{MONO_FONT}" w:cs="{MONO_FONT}"/>{_size(19)}',
    ),
    ("FootnoteReference", "Footnote Reference", '<w:vertAlign w:val="superscript"/>'),
    ("Hyperlink", "Hyperlink", LINK_RUN),
    ("SectionNumber", "Section Number", ""),
)


def _paragraph_style(style: Style) -> str:
    following = f'<w:next w:val="{style.following}"/>' if style.following else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.ident}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{style.parent}"/>{following}<w:qFormat/>'
        f"<w:pPr>{style.paragraph}</w:pPr><w:rPr>{style.run}</w:rPr></w:style>"
    )


def _table_style(
    ident: str, name: str, half_points: int, *, side: int, default: bool = False
) -> str:
    mark = ' w:default="1"' if default else ""
    borders = f"{_border('top', 12, INK)}{_border('bottom', 12, INK)}{_border('insideH', 4, RULE)}"
    margins = "".join(
        f'<w:{edge} w:w="{width}" w:type="dxa"/>'
        for edge, width in (("top", 20), ("left", side), ("bottom", 20), ("right", side))
    )
    head = f"<w:tcBorders>{_border('bottom', 8, INK)}</w:tcBorders>"
    return (
        f'<w:style w:type="table"{mark} w:styleId="{ident}"><w:name w:val="{name}"/><w:qFormat/>'
        f"<w:rPr>{_size(half_points)}</w:rPr>"
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:trPr><w:cantSplit/></w:trPr>"
        f'<w:tblStylePr w:type="firstRow"><w:rPr>{BOLD}</w:rPr>'
        f'<w:tcPr>{head}<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
    )


def _styles(lang: str) -> str:
    fonts = (
        f'<w:rFonts w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:eastAsia="{CHINESE_FONT}" '
        f'w:cs="{LATIN_FONT}"/>'
    )
    latin = "en-GB" if lang == "en" else "en-US"
    characters = "".join(
        f'<w:style w:type="character" w:styleId="{ident}"><w:name w:val="{name}"/>'
        f"<w:rPr>{run}</w:rPr></w:style>"
        for ident, name, run in CHARACTER_STYLES
    )
    return (
        f"{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}"
        f"{_color(INK)}{_size(21)}"
        f'<w:lang w:val="{latin}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{_spacing(0, 0)}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/><w:qFormat/></w:style>'
        f"{''.join(map(_paragraph_style, STYLES))}{characters}"
        f"{_table_style('Table', 'Table', 18, side=80, default=True)}"
        f"{_table_style('TableSmall', 'Table Small', 15, side=40)}</w:styles>"
    )


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="{charset}"/><w:family w:val="swiss"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, (other, panose, charset) in STAND_INS.items()
    )
    return f"{DECLARATION}<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


def _field(instruction: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def contents_field(*, deepest: int) -> tuple[str, str]:
    """Runs that open and close a field of Word around the lines of a table of contents.

    The field is marked as out of date: Word fills in the pages when the document is opened, and
    makes it anew from the headings down to level `deepest` whenever it is updated (F9).
    """

    def mark(kind: str, more: str = "") -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"{more}/></w:r>'

    text = f'TOC \\o "1-{deepest}" \\h \\z'
    code = f'<w:r><w:instrText xml:space="preserve"> {text} </w:instrText></w:r>'
    return mark("begin", ' w:dirty="true"') + code + mark("separate"), mark("end")


def _header(running: str) -> str:
    border = f"<w:pBdr>{_border('bottom', 4, RULE, 4)}</w:pBdr>"
    return (
        f'{DECLARATION}<w:hdr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Header"/>{border}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(running)}</w:t></w:r></w:p></w:hdr>'
    )


def _footer() -> str:
    slash = '<w:r><w:t xml:space="preserve"> / </w:t></w:r>'
    return (
        f'{DECLARATION}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f"{_field('PAGE')}{slash}{_field('NUMPAGES')}</w:p></w:ftr>"
    )


def _section() -> str:
    high, wide = MARGIN
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/>'
        '<w:footerReference w:type="default" r:id="rIdFooter"/>'
        f'<w:pgSz w:w="{A4[0]}" w:h="{A4[1]}"/>'
        f'<w:pgMar w:top="{high}" w:right="{wide}" w:bottom="{high}" w:left="{wide}" '
        'w:header="794" w:footer="709" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )


def _substitute(pattern: str, new: str, text: str, part: str) -> str:
    done, times = re.subn(pattern, lambda _: new, text, count=1, flags=re.DOTALL)
    if times != 1:
        msg = (
            f"pandoc's reference document has changed: {part} lacks {pattern!r}. "
            "Install the version of pypandoc-binary that requirements.lock names."
        )
        raise RenderError(msg)
    return done


def reference_docx(original: bytes, *, running: str, lang: str) -> bytes:
    """Pandoc's reference document with the styles, page and running head of briefs.

    Parameters
    ----------
    original : bytes
        What `pandoc --print-default-data-file reference.docx` gives.
    running : str
        Plain text for the head of each page but the first.
    lang : {"zh", "en"}

    Returns
    -------
    bytes, the same for the same input

    Raises
    ------
    RenderError
        If pandoc's document is not built as expected.
    """
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        parts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    relation = f'<Relationship Type="{RELATIONS}/{{0}}" Id="rId{{1}}" Target="{{0}}1.xml"/>'
    links = "".join(relation.format(kind, kind.title()) for kind in ("header", "footer"))
    types = "".join(
        f'<Override PartName="/word/{kind}1.xml" ContentType="application/vnd.'
        f'openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for kind in ("header", "footer")
    )
    document, relations, listing = (
        "word/document.xml",
        "word/_rels/document.xml.rels",
        "[Content_Types].xml",
    )
    parts[document] = _substitute(
        r"<w:sectPr>.*?</w:sectPr>", _section(), parts[document], document
    )
    parts[relations] = _substitute(
        "</Relationships>", f"{links}</Relationships>", parts[relations], relations
    )
    parts[listing] = _substitute("</Types>", f"{types}</Types>", parts[listing], listing)
    settings = "word/settings.xml"
    parts[settings] = _substitute(
        r'<w:themeFontLang w:val="en-US"\s*/>',
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>',
        parts[settings],
        settings,
    )
    parts["word/styles.xml"] = _styles(lang)
    parts["word/fontTable.xml"] = _font_table()
    parts["word/header1.xml"] = _header(running)
    parts["word/footer1.xml"] = _footer()
    return packed({name: text.encode("utf-8") for name, text in parts.items()})


def finish_docx(data: bytes, *, day: str) -> bytes:
    """What pandoc cannot do: table widths in true measure, small type in wide tables, the date.

    Parameters
    ----------
    data : bytes
        A document that pandoc wrote with the reference document.
    day : str
        ISO date that the document carries as that of its making.

    Returns
    -------
    bytes, the same for the same input
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    document, core = "word/document.xml", "docProps/core.xml"
    body = parts[document].decode("utf-8")
    parts[document] = TABLE_HEAD.sub(_true_table, body).encode("utf-8")
    stamped = EPOCH.sub(f"{day}T00:00:00Z", parts[core].decode("utf-8"))
    parts[core] = stamped.encode("utf-8")
    return packed(parts)


TABLE_HEAD = re.compile(
    r'<w:tblStyle w:val="Table" />(?P<between><w:tblW w:type="pct" w:w="(?P<share>\d+)" />.*?)'
    r"<w:tblGrid>(?P<grid>.*?)</w:tblGrid>",
    re.DOTALL,
)
GRID_COLUMN = re.compile(r'<w:gridCol w:w="(\d+)" />')
EPOCH = re.compile(r"(?<=>)1970-01-01T00:00:00Z(?=<)")
WHOLE = 5000  # the format's hundred per cent


def _true_table(match: re.Match[str]) -> str:
    columns = [int(wide) for wide in GRID_COLUMN.findall(match["grid"])]
    total = TEXT_TWIPS * int(match["share"]) / WHOLE
    widths = [round(total * wide / sum(columns)) for wide in columns]
    style = "TableSmall" if len(columns) >= MANY_COLUMNS else "Table"
    grid = "".join(f'<w:gridCol w:w="{wide}" />' for wide in widths)
    return f'<w:tblStyle w:val="{style}" />{match["between"]}<w:tblGrid>{grid}</w:tblGrid>'


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip archive of named parts, the same bytes for the same parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, FIRST_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()
