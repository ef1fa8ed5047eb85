"""Texts of tagged lines: one record after another, a tag before each value.

Web of Science and Derwent (`TI  value`, continued by three spaces), CNKI and RefWorks (`T1 value`),
EndNote (`%T value`), NoteExpress (`{Title}: value`) and CNKI's own (`Title-题名: value`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Split = Callable[[str], tuple[str, str] | None]
_WOS = re.compile(r"([A-Z][A-Z0-9]) (.*)|([A-Z][A-Z0-9])$")
_REFWORKS = re.compile(r"([A-Za-z][A-Za-z0-9])(?: (.*))?$")
_ENDNOTE = re.compile(r"%([0-9A-Za-z@!#$&()*+.:;<=>?\[\]^~|-]) ?(.*)")
_NOTE = re.compile(r"\{([A-Za-z /]+)\}[:：]\s*(.*)")
_CNKI = re.compile(r"([A-Za-z]+)-[\u4e00-\u9fffA-Z]+[:：]\s*(.*)")


@dataclass
class Tagged:
    """One record: the line that it begins in, and each tag's values in order."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)

    def all(self, *tags: str) -> list[str]:
        """Values of the first of the tags that is there, without empty ones."""
        for tag in tags:
            if found := [value.strip() for value in self.values.get(tag, []) if value.strip()]:
                return found
        return []

    def joined(self, *tags: str, by: str = " ") -> str | None:
        """Values of the first of the tags that is there, as one text."""
        found = self.all(*tags)
        return by.join(found) if found else None


def wos(line: str) -> tuple[str, str] | None:
    """Cut a line of Web of Science or Derwent into tag and value."""
    match = _WOS.match(line)
    return (match[1] or match[3], match[2] or "") if match else None


def refworks(line: str) -> tuple[str, str] | None:
    """Cut a line of RefWorks, as CNKI writes it, into tag (upper case) and value."""
    match = _REFWORKS.match(line)
    return (match[1].upper(), match[2] or "") if match else None


def endnote(line: str) -> tuple[str, str] | None:
    """Cut a line of EndNote into tag (with its %) and value."""
    match = _ENDNOTE.match(line)
    return (f"%{match[1]}", match[2]) if match else None


def note_express(line: str) -> tuple[str, str] | None:
    """Cut a line of NoteExpress into tag (lower case) and value."""
    match = _NOTE.match(line)
    return (match[1].strip().casefold(), match[2]) if match else None


def cnki_own(line: str) -> tuple[str, str] | None:
    """Cut a line of CNKI's own format into tag (lower case) and value."""
    match = _CNKI.match(line)
    return (match[1].casefold(), match[2]) if match else None


def records(text: str, split: Split, *, first: str, last: str | None = None) -> Iterator[Tagged]:
    """Give the records of a text.

    A record begins with the tag `first` and ends before the next one, or with the tag `last`.
    Lines without a tag continue the value before; lines outside a record are passed over, unless
    they carry a tag: then they are a record without its first line.

    Parameters
    ----------
    text : str, with line feeds only
    split : callable
        Cuts a line into tag and value, None for a line without a tag.
    first, last : str
    """
    current: Tagged | None = None
    values: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        found = split(line)
        if found is None:
            if values is not None and line.strip():
                values.append(line.strip())
            continue
        tag, value = found
        if tag == last:
            if current:
                yield current
            current = values = None
            continue
        if tag == first and current:
            yield current
            current = None
        if current is None:
            current = Tagged(number)
        values = current.values.setdefault(tag, [])
        values.append(value)
    if current:
        yield current
