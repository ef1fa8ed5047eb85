"""Whether two spellings of a person's name can be one person."""

from __future__ import annotations

import re
import unicodedata

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def name_words(name: str) -> list[str]:
    """Words of a name, case, accents, marks and order of family name aside.

    >>> name_words("Müller, J.-P."), name_words("张, 三")
    (['muller', 'j', 'p'], ['张三'])
    """
    flat = unicodedata.normalize("NFKD", name).casefold()
    flat = "".join(c for c in flat if not unicodedata.combining(c))
    words = "".join(
        c if c.isalnum() else " " for c in flat.replace("'", "").replace("’", "")
    ).split()
    if words and all(_HAN.match(word) for word in words):
        return ["".join(words)]
    return words


def person_key(name: str) -> str:
    """The words of a name in alphabetical order: equal for `Smith, John` and `John Smith`."""
    return " ".join(sorted(name_words(name)))


def can_be_one_person(a: str, b: str) -> bool:
    """Whether two spellings share a whole word and contradict each other in none.

    Each word of the shorter name must be a word of the longer one, or an initial of one, or have
    one as its initial; a run of initials counts letter by letter (`Zhang YH`, `Yu-Hao Zhang`).

    >>> can_be_one_person("Smith, J.", "John A. Smith"), can_be_one_person("J. Smith", "K. Smith")
    (True, False)
    """
    left, right = name_words(a), name_words(b)
    if not left or not right:
        return False
    if sorted(left) == sorted(right):
        return True
    shared = {word for word in left if len(word) > 1} & set(right)
    if not shared:
        return False
    rest = [[word for word in words if word not in shared] for words in (left, right)]
    if "".join(rest[0]) == "".join(rest[1]):  # Yu Hao, Yuhao
        return True
    few, many = sorted(map(_initials, rest), key=len)
    return _fits(few, many)


def _initials(words: list[str]) -> list[str]:
    """Words; a short run without a vowel, such as `YH`, is taken for initials."""
    found: list[str] = []
    for word in words:
        run = 1 < len(word) <= 3 and word.isascii() and not re.search("[aeiouy]", word[1:])
        found += list(word) if run else [word]
    return found


def _fits(few: list[str], many: list[str]) -> bool:
    for word in sorted(few, key=len, reverse=True):
        partner = next((o for o in many if o.startswith(word) or word.startswith(o)), None)
        if partner is None:
            return False
        many.remove(partner)
    return True
