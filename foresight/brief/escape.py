"""Text of records made harmless: it shows as it reads, and never becomes markup or code."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

ELLIPSIS = "…"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Markup in CommonMark, its common extensions or a template language, wherever it stands.
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~^$@=&!])")
# Markup at the start of a line only: lists, headings' underlines, captions.
LEADING = re.compile(r"^(?:([-+:%])|(\d{1,9})([.)]))")
# An address that a Markdown viewer would turn into a link by itself.
ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto)(:)|\b(www)(\.)")


def _visible(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    if kind == "Cs":
        return REPLACEMENT
    code = ord(char)
    if kind == "Cf" or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return ""
    return char


def plain(text: str) -> str:
    """One line of visible text: no control or format characters, single spaces, no ends.

    Format characters are those that reorder or hide text (bidi overrides, zero-width signs,
    tags). Unpaired surrogates become the replacement character.
    """
    if text.isprintable():  # no such character but the space: most texts, and much faster
        return " ".join(text.split())
    return " ".join("".join(map(_visible, text)).split())


def md_text(text: str) -> str:
    """Text of a record as inline Markdown that shows literally in every format.

    Parameters
    ----------
    text : str
        Any text: title, name, organisation, term.

    Returns
    -------
    str
        One line without control characters, in which all that Markdown, a template language,
        a spreadsheet or typst could take for markup is escaped with a backslash. It may stand
        in a paragraph, list item, heading, caption, link text or table cell.
    """
    safe = MARKUP.sub(r"\\\1", plain(text))
    safe = ADDRESS.sub(lambda m: f"{m[1] or m[3]}\\{m[2] or m[4]}", safe)
    return LEADING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", safe)


def char_width(char: str) -> int:
    """Columns that a character takes: 2 for East Asian wide ones, 0 for combining marks, else 1."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def width(text: str) -> int:
    """Columns that a text takes in a fixed-width font; a Chinese character takes two."""
    return sum(map(char_width, text))


def head(text: str, columns: int) -> str:
    """The longest start of a text that takes at most `columns` columns."""
    taken = 0
    for place, char in enumerate(text):
        taken += char_width(char)
        if taken > columns:
            return text[:place]
    return text


def shorten(text: str, columns: int) -> str:
    """Cut a text to a width, at a word boundary where there is one, and mark the cut.

    Parameters
    ----------
    text : str
    columns : int, at least 1
        Greatest width of the result; a Chinese character takes two columns.

    Returns
    -------
    str
        The text as one visible line, whole if it fits. Otherwise its start and an ellipsis. A
        Latin word is cut inside only if less than half of the width would be left without it.

    Raises
    ------
    ValueError
        If `columns` is below 1.
    """
    if columns < 1:
        msg = f"columns must be at least 1, got {columns}"
        raise ValueError(msg)
    line = plain(text)
    if width(line) <= columns:
        return line
    kept = head(line, columns - 1)
    following = line[len(kept) : len(kept) + 1]
    if following and _latin(following):
        boundary = len(kept)
        while boundary and _latin(kept[boundary - 1]):
            boundary -= 1
        if width(kept[:boundary]) * 2 >= columns:
            kept = kept[:boundary]
    return kept.rstrip(" ,;:，；：、-/") + ELLIPSIS


def _latin(char: str) -> bool:
    return char.isalnum() and char_width(char) == 1


def words(text: str) -> list[str]:
    """Pieces of a text between which a line may break: Latin words, single wide characters."""
    pieces: list[str] = []
    for wide, run in groupby(plain(text), key=lambda c: char_width(c) == 2):
        joined = "".join(run)
        pieces.extend(joined if wide else joined.split())
    return pieces
