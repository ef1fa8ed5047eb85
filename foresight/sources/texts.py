"""Values of a cell: empty ones, lists, names of people, mark-up."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

EMPTY = frozenset({"", "-", "--", "—", "/", "n/a", "na", "nan", "none", "null", "#n/a", "无", "空"})
EMPTY |= {"不公告发明人", "不公告设计人", "请求不公布姓名", "不公开"}  # who asked not to be named
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
# Mark-up of publishers inside titles and abstracts; anything else in <> is part of the text.
_TAGS = re.compile(
    r"</?(?:jats:|mml:)?(?:i|b|em|strong|sub|sup|scp|sc|u|p|br|italic|bold|sec|title|math|mi|mo|mn|"
    r"mrow|msub|msup|msubsup|mtext|inline-formula|tex-math|list|list-item|span|div)"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_MAIL = re.compile(r"(?i)(?:e-?mail:?\s*)?[\w.+-]+@[\w.-]+\w")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HAN_NAME = re.compile(r"[\u3400-\u9fff\uf900-\ufaff·•・.\s]{2,12}")
_ORGANISATION = re.compile(
    r"公司|集团|大学|学院|研究|医院|中心|工厂|[厂局所院校社部队站]$|银行|基金|协会|实验室|企业|"
    r"(?i:\b(?:inc|ltd|llc|corp|co|gmbh|univ|university|institute?|company|corporation|limited|"
    r"ag|sa|kk|bv|plc|hospital|college|foundation|academy|lab|laborator\w+)\b)"
)


def tidy(value: str | None) -> str | None:
    r"""Give a text without control characters and needless space; None where it is empty.

    Empty are also the marks that exports write for "no value" (`-`, `NA`, `无` …).

    >>> tidy("  a \n b "), tidy("-"), tidy("NA")
    ('a b', None, None)
    """
    if value is None:
        return None
    flat = _SPACE.sub(" ", _CONTROL.sub(" ", value)).strip()
    return None if flat.casefold() in EMPTY else flat


def prose(value: str | None) -> str | None:
    """`tidy` for titles and abstracts: publishers' tags and entities become what they stand for."""
    flat = tidy(value)
    if flat is None:
        return None
    if "&" in flat:
        flat = _ENTITY.sub(lambda match: html.unescape(match[0]), flat)
    if "<" in flat:
        flat = _TAGS.sub("", flat)
    return tidy(flat)


def has_han(text: str | None) -> bool:
    """Whether a text holds a Chinese character."""
    return bool(text and _HAN.search(text))


def language_of(text: str | None) -> str | None:
    """`zh` for a text with Chinese characters and without kana, None otherwise."""
    if not has_han(text) or re.search(r"[\u3040-\u30ff\uac00-\ud7af]", text or ""):
        return None
    return "zh"


def split_list(value: str | None, marks: str) -> list[str]:
    """Cut a cell into its values at any of the marks, in order, without empty ones.

    Parameters
    ----------
    value : str or None
    marks : str
        Characters that separate; half- and full-width forms of one mark count as the same.
    """
    flat = tidy(value)
    if flat is None:
        return []
    wide = {";": ";；", ",": ",，", "|": "|｜", "/": "/／"}
    pattern = "[" + re.escape("".join(wide.get(mark, mark) for mark in marks)) + "]"
    parts = (tidy(part) for part in re.split(pattern, flat))
    return [part for part in parts if part is not None]


def person(name: str) -> str:
    """Write a person's name: given name first, Chinese names without a gap.

    >>> person("张, 三"), person("Smith, John A."), person("王 小明")
    ('张三', 'John A. Smith', '王小明')
    """
    flat = re.sub(r"\s*\((?:\d{5,}|[A-Z]{2})\)\s*$", "", unicodedata.normalize("NFKC", name))
    parts = [part.strip() for part in flat.split(",") if part.strip()]
    if parts and all(_HAN_NAME.fullmatch(part) or _HAN.fullmatch(part) for part in parts):
        return re.sub(r"\s+", "", "".join(parts))
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    return " ".join(parts) or name.strip()


def is_person(name: str, *, people: Iterable[str] = (), stated: str | None = None) -> bool:
    """Whether an applicant or owner is a person.

    By the type that the record states (个人), else if it is one of the inventors. A name that
    looks like an organisation's never is.
    """
    if _ORGANISATION.search(name):
        return False
    if stated is not None:
        return (
            "个人" in stated or "自然人" in stated or stated.casefold() in ("individual", "person")
        )
    key = _person_key(name)
    return any(key == _person_key(other) for other in people)


def _person_key(name: str) -> str:
    letters = re.sub(r"[\W\d_]+", " ", name.casefold()).split()
    return " ".join(sorted(letters))


def without_mail(text: str) -> str:
    """A text without e-mail addresses: they are personal and never kept."""
    return _MAIL.sub("", text)


def composed(text: str) -> str:
    """Letters and their accents as one character where there is one (NFC)."""
    return unicodedata.normalize("NFC", text)
