"""BibTeX files. Parsed by bibtexparser, which keeps apart what it cannot parse."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, Entry

from foresight.sources import papers, texts
from foresight.sources.base import SourceTables
from foresight.sources.encoding import read_text
from foresight.sources.numbers import publication
from foresight.sources.records import (
    DEFAULTS,
    Collector,
    Options,
    Party,
    Record,
    tidy_record,
)

SOURCE = papers.library_source("bibtex", "BibTeX")
_FIELDS = {
    "title": "title", "abstract": "abstract", "author": "authors", "year": "year",
    "month": "year", "date": "published", "doi": "doi", "journal": "venue", "journaltitle": "venue",
    "booktitle": "venue", "keywords": "keywords", "author_keywords": "keywords",
    "language": "language", "affiliation": "affiliations", "number": "publication",
}  # fmt: skip
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_COMMAND = re.compile(r"\\(?:textit|textbf|emph|text|mathrm|mathbf|it|bf|em)\b\s*")
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
logging.getLogger("bibtexparser").propagate = False  # failed blocks are in our report


def read_bibtex(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read BibTeX files. Entries `@patent` with a publication number become patents.

    Raises
    ------
    SourceError
        If a file cannot be read, or no row becomes a document.
    """
    collector = Collector(SOURCE, options)
    for path in paths:
        text, encoding = read_text(path)
        collector.note(encoding)
        for line, entry, fault in _entries(text):
            if entry is None:
                collector.refuse(path.name, line, f"not an entry of BibTeX: {fault}")
                continue
            fields = {field.key.casefold(): str(field.value) for field in entry.fields}
            collector.meet(fields, _FIELDS)
            kind = entry.entry_type.casefold()
            collector.take(path.name, line, partial(_record, kind, entry.key, fields))
    return collector.finish(paths)


def _entries(text: str) -> Iterator[tuple[int, Entry | None, str]]:
    """Entries and failed blocks in order of line."""
    library = parse_string(text)
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, Entry):
            yield line, block, ""
        elif block in library.failed_blocks:
            inner = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else None
            if isinstance(inner, Entry):  # keys are for citing; two works may share one
                yield line, inner, ""
            else:
                shown = " ".join((block.raw or "").split())[:60]
                yield line, None, shown


def _record(kind: str, key: str, fields: dict[str, str]) -> Record:
    def get(*names: str) -> str | None:
        return next((text for name in names if (text := _plain(fields.get(name)))), None)

    year = get("year")
    month = (get("month") or "").strip("{}")
    both = f"{year}-{month}" if month.isdigit() else f"{month} {year}" if month else year
    published, completed = papers.paper_date(get("date"), both if year else None, year)
    number = publication(get("number") or "") if kind == "patent" else None
    if number:
        record = Record(number.doc_id, "patent", get("title"), published, "bibtex", key)
        record.office, record.aka = number.office, [number.key]
        record.doc_type = number.minor_type or number.kind
        record.granted = published if number.granted else None
    else:
        doc_id, own, aka = papers.paper_id(
            "bibtex", doi=get("doi"), source_id=None, title=get("title"), year=published
        )
        record = Record(doc_id, "paper", get("title"), published, "bibtex", own, aka=aka,
                        doc_type=kind)  # fmt: skip
    record.completed = completed
    record.abstract = get("abstract")
    record.language = papers.language(get("language", "langid"))
    record.venue = get("journal", "journaltitle", "booktitle")
    names = [name for part in _AND.split(fields.get("author", "")) if (name := _plain(part))]
    if number:
        record.parties = [Party("inventor", name=texts.person(name)) for name in names]
    else:
        record.parties = papers.authors(names, unassigned=texts.split_list(get("affiliation"), ";"))
    words = texts.split_list(get("keywords", "author_keywords"), ";,")
    record.classes = papers.keywords(list(dict.fromkeys(words)))
    return tidy_record(record)


_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303",
            "=": "\u0304", ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306",
            "H": "\u030b", "r": "\u030a", "k": "\u0328"}  # fmt: skip
_ACCENT = re.compile(r"\\([\'`^\"~=.]|[cvuHrk](?=[\s{]))\s*\{?\\?([A-Za-z])\}?")
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å",
    "AA": "Å", "l": "ł", "L": "Ł", "i": "ı",
    "alpha": "α", "beta": "β", "gamma": "γ", "mu": "μ", "lambda": "λ",
}  # fmt: skip
# Signs that are mark-up themselves; kept as noncharacters until mark-up is gone.
_SIGNS = {
    "backslash": "\ufdd0", "braceleft": "\ufdd1", "braceright": "\ufdd2", "asciitilde": "\ufdd3",
    "asciicircum": "\ufdd4",
}  # fmt: skip
_SHOWN = str.maketrans(dict(zip(_SIGNS.values(), "\\{}~^", strict=True)))
_SIGN = re.compile(rf"\\text({'|'.join(_SIGNS)})(?:\{{\}}|(?![A-Za-z])\s?)")
_NAMES = "|".join(re.escape(name) for name in sorted(_LETTERS, key=len, reverse=True))
_LETTER = re.compile(rf"\\(?:({_NAMES})(?![A-Za-z])\s?|([&%$_#]))")


def _plain(text: str | None) -> str | None:
    """Text without the mark-up of LaTeX: accents become letters, braces go."""
    if text is None:
        return None
    flat = _SIGN.sub(lambda m: _SIGNS[m[1]], text)
    flat = _ACCENT.sub(lambda m: m[2] + _ACCENTS[m[1]], flat)
    flat = _LETTER.sub(lambda m: m[2] or _LETTERS[m[1]], _COMMAND.sub("", flat))
    flat = re.sub(r"(?<!\\)[{}]", "", flat).replace("\\{", "{").replace("\\}", "}")
    return texts.tidy(texts.composed(flat.replace("~", " ")).translate(_SHOWN))
