"""Bibliographic entries as BibTeX, with biblatex's `@patent` for patents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from foresight.brief.exports.entries import Entry, family_first

TYPES = {
    "patent": "patent",
    "article": "article",
    "conference": "inproceedings",
    "chapter": "incollection",
    "book": "book",
    "thesis": "thesis",
    "report": "report",
    "preprint": "misc",
}
VENUES = {
    "article": "journal",
    "conference": "booktitle",
    "chapter": "booktitle",
    "book": "publisher",
    "thesis": "institution",
    "report": "institution",
    "preprint": "howpublished",
}
# No bare brace is ever written inside a value: BibTeX counts braces even after a backslash.
SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_"},
}
_SPECIAL = re.compile("[" + re.escape("".join(SPECIAL)) + "]")
_JOINED = re.compile(r"(?i)\band\b|,.*,")


def bibtex(entries: Sequence[Entry]) -> bytes:
    """Entries as BibTeX in UTF-8.

    `@patent`, `@thesis`, `@report` and `date` are biblatex's; `year` and, for patents,
    `howpublished` stand beside them for BibTeX's own styles, which set an unknown type as `@misc`.
    Characters special to LaTeX are escaped; all others stand as they are.
    """
    return "\n".join(_text(entry) for entry in entries).encode("utf-8")


def escaped(text: str) -> str:
    r"""Text in which LaTeX finds no command.

    >>> escaped("R&D at 5 %")
    'R\\&D at 5 \\%'
    """
    return _SPECIAL.sub(lambda match: SPECIAL[match[0]], text)


def _text(entry: Entry) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(entry) if value]
    return "\n".join([f"@{TYPES[entry.kind]}{{{entry.key},", *lines, "}"]) + "\n"


def _fields(entry: Entry) -> Iterator[tuple[str, str | None]]:
    def safe(text: str | None) -> str | None:
        return None if text is None else escaped(text)

    yield "title", safe(entry.title)
    yield "author", " and ".join(_name(family_first(name)) for name in entry.persons)
    if entry.kind == "patent":
        yield "holder", " and ".join(f"{{{escaped(name)}}}" for name in entry.owners)
        yield "number", safe(entry.number)
        yield "howpublished", escaped(f"Patent {entry.number}")
    else:
        yield VENUES[entry.kind], safe(entry.venue)
    if entry.kind == "thesis":
        yield "type", safe(entry.doc_type)
    yield "date", entry.published
    yield "year", entry.published[:4]
    yield "doi", entry.doi  # verbatim, as biblatex and `\\url` read it; neither holds a brace
    yield "url", entry.url
    yield "langid", {"en": "english", "zh": "chinese"}.get(entry.language or "", entry.language)
    yield "language", entry.language
    yield "abstract", safe(entry.abstract)
    yield "keywords", ", ".join(map(escaped, entry.cited_in))


def _name(name: str) -> str:
    """A name, braced where BibTeX would otherwise take it for several or for a name in parts."""
    return f"{{{escaped(name)}}}" if _JOINED.search(name) else escaped(name)
