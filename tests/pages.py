"""What a reader would call a fault of a page: looked for in a brief's PDF, Markdown and figures."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pdfplumber
from fontTools.ttLib import TTFont
from PIL import Image

from foresight.brief.fonts import page_font

EDGE = 40  # points (14 mm) that stay free at each side of a page
OVERLAP = 0.35  # of the narrower of two letters of one line
ON_ONE_LINE = 1.5  # points between the feet of letters that stand on one line
INK = 0.004  # of a figure's area
WIDE = 0.5  # of a figure's width
IMAGE = re.compile(r"!\[([^\]]*)\]\((\S+?)\)")
NOT_A_VALUE = re.compile(r"(?<![A-Za-z])(?:nan|NaN|NaT|inf|<NA>|\{\}|\[\])(?![A-Za-z])")
EMPTY_NAMES = {"None", "null", "undefined", "nan"}
HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN_RUN = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[ ,]+){3,}[A-Za-z]+")
QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|`[^`]*`|\[[^\]]*\]\([^)]*\)|《[^》]*》")
MARKUP = re.compile(r"\*\*|\\(?=[^\w\s])|`|\[(?=[^\]]*\]\()|\]\([^)]*\)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def bare(text: str) -> str:
    """Text without spaces, control and format characters: what can be compared across a page."""
    kept = (c for c in text if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"})
    return "".join(kept)


def cells(line: str) -> list[str]:
    """Cells of a line of a Markdown table."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def tables(markdown: str) -> list[list[list[str]]]:
    """Tables of a Markdown text as rows of cells, heads first."""
    found: list[list[list[str]]] = []
    open_table = False
    for line in markdown.splitlines():
        if line.startswith("|"):
            if not open_table:
                found.append([])
            if not re.fullmatch(r"[|\s:-]+", line):
                found[-1].append(cells(line))
        open_table = line.startswith("|")
    return found


def prose(markdown: str) -> list[str]:
    """Paragraphs and items that are neither tables, figures, nor headings."""
    text = COMMENT.sub("", markdown)
    skipped = ("|", "!", "#", "---", ":::")
    return [line for line in text.splitlines() if line.strip() and not line.startswith(skipped)]


def _page_faults(number: int, page: pdfplumber.page.Page) -> list[str]:
    found = []
    seen = [c for c in page.chars if c["text"].strip() and c["x1"] - c["x0"] > 0.1]
    letters = [c for c in seen if c["text"][0].isalnum()]  # signs may be set close
    out = [
        c["text"]
        for c in seen
        if c["x0"] < EDGE or c["x1"] > page.width - EDGE or c["bottom"] > page.height - 20
    ]
    if out:
        found.append(f"page {number}: over the edge: {''.join(out)[:40]}")
    lines: dict[int, list] = {}
    for c in letters:
        lines.setdefault(round(c["bottom"] / ON_ONE_LINE), []).append(c)
    for line in lines.values():
        line.sort(key=lambda c: c["x0"])
        for left, right in pairwise(line):
            narrow = min(left["x1"] - left["x0"], right["x1"] - right["x0"])
            if left["x1"] - right["x0"] > OVERLAP * narrow:
                text = "".join(c["text"] for c in line)
                found.append(f"page {number}: letters over each other: {text[:60]}")
                break
    return found


def _unknown_letters(chars: list[dict]) -> list[str]:
    with TTFont(page_font(), fontNumber=0, lazy=True) as font:
        known = set(font.getBestCmap())
    return sorted(
        {
            c["text"]
            for c in chars
            for letter in c["text"]
            if "Noto" in c["fontname"]
            and ord(letter) not in known
            and unicodedata.category(letter) not in {"Cf", "Cc", "Zs"}
        }
        | {c["text"] for c in chars if c["text"].startswith("(cid:") or "\ufffd" in c["text"]}
    )


def pdf_faults(path: Path, markdown: str) -> list[str]:
    """Faults of a PDF beside the Markdown that it was made from."""
    found, text, chars, images = [], [], [], 0
    with pdfplumber.open(path) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            found += _page_faults(number, page)
            images += len(page.images)
            text += [c["text"] for c in page.chars]
            chars += page.chars
    unknown = _unknown_letters(chars)
    if unknown:
        found.append(f"letters without a glyph: {' '.join(unknown)}")
    whole = bare("".join(text))
    for table in tables(markdown):
        for row in table:
            lost = [cell for cell in row if bare(MARKUP.sub("", cell)) not in whole]
            if lost:
                found.append(f"cut table, cell not found: {lost[0][:80]}")
    named = IMAGE.findall(markdown)
    if images != len(named):
        found.append(f"{images} figures in the PDF, {len(named)} in the text")
    return found


def figure_faults(folder: Path, markdown: str) -> list[str]:
    """Figures that are missing, or show nothing."""
    found = []
    for caption, name in IMAGE.findall(markdown):
        if not caption.strip():
            found.append(f"{name} has no caption")
        with Image.open(folder / name) as image:
            grey = np.asarray(image.convert("L"))
        inked = grey < 200
        columns = np.flatnonzero(inked.any(axis=0))
        if inked.mean() < INK or (columns[-1] - columns[0]) < WIDE * grey.shape[1]:
            found.append(f"{name} is all but empty: {inked.mean():.2%} inked")
    return found


def text_faults(
    markdown: str, *, lang: str, slugs: list[str], names: Iterable[str] = ()
) -> list[str]:
    """Words that no reader should meet: of machines, or of the other language, `names` aside."""
    found = []
    for line in markdown.splitlines():
        found += [f"not a value: {line[:100]}" for _ in NOT_A_VALUE.findall(COMMENT.sub("", line))]
    for table in tables(markdown):
        for row in table:
            found += [f"not a value: {row}" for cell in row if cell in EMPTY_NAMES]
    raw = re.compile(rf"(?:{'|'.join(slugs)})(?:/[a-z]|-\d{{4}}-\d)")
    found += [f"raw id: {line[:100]}" for line in markdown.splitlines() if raw.search(line)]
    for line in prose(markdown):
        plain = QUOTED.sub("", MARKUP.sub("", line))
        for name in sorted(names, key=len, reverse=True):
            plain = plain.replace(name, "")
        strange = LATIN_RUN.search(plain) if lang == "zh" else HAN.search(plain)
        if strange:
            found.append(f"other language: …{strange[0][:60]}… in: {line[:120]}")
    return found


def brief_faults(folder: Path, *, lang: str, slugs: list[str]) -> list[str]:
    """All faults of a track's brief in one language."""
    markdown = (folder / f"brief.{lang}.md").read_text(encoding="utf-8")
    named = pd.read_csv(folder / "organisations.csv")["org"].dropna()
    return [
        *text_faults(markdown, lang=lang, slugs=slugs, names=named),
        *figure_faults(folder, markdown),
        *pdf_faults(folder / f"brief.{lang}.pdf", markdown),
    ]
