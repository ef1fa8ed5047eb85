"""Family and given names, and how far two spellings of a given name agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa

from foresight.corpus.names import name_words
from foresight.corpus.normalise import chinese_text

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_SUFFIXES = frozenset("jr sr ii iii iv phd".split())
MOST_INITIALS = 3  # letters of a run such as `YH`

# How two given names agree; CONTRADICT is never joined.
SAME, APART, INITIAL_MORE, WORD_MORE, INITIALS, CONTRADICT = range(6)


class PersonName(NamedTuple):
    """A name read: family name, and the words of the given name in their order."""

    family: str
    given: tuple[str, ...]

    @property
    def letters(self) -> str:
        """The given name without its gaps."""
        return "".join(self.given)

    @property
    def block(self) -> str:
        """Mentions are compared within a block: family name, first letter of the given name."""
        return f"{self.family}|{self.letters[:1]}"

    @property
    def key(self) -> str:
        """Equal for spellings that differ in case, accents, hyphens and gaps alone."""
        return f"{self.family}|{self.letters}"


def read_name(name: str) -> PersonName | None:
    """Part a name into family and given name; None for a text without a letter.

    A comma parts them where there is one. Otherwise the last word is the family name, or the
    first one where the name ends with an initial (`Tegreene Clarence T`). A name in Chinese
    characters stays whole, in simplified characters. Which of two words is the family name cannot
    be told from `Zhang Wei`: see `read_names`.

    >>> read_name("James M. Anderson, Jr.")
    PersonName(family='anderson', given=('james', 'm'))
    >>> read_name("Anderson, James M.") == read_name("James M. Anderson")
    True
    """
    flat = unicodedata.normalize("NFKC", name)
    if _HAN.search(flat):
        characters = "".join(_HAN.findall(flat))
        return PersonName(str(chinese_text(pa.array([characters]))[0].as_py()), ())
    parts = [name_words(part) for part in flat.split(",")]
    parts = [_without_suffix(part) for part in parts if part]
    parts = [part for part in parts if part]
    if not parts:
        return None
    if len(parts) > 1:
        given = [word for part in parts[1:] for word in part]
        return PersonName("".join(parts[0]), tuple(given))
    words = parts[0]
    if len(words) > 1 and len(words[-1]) == 1 and len(words[0]) > 1:
        return PersonName(words[0], tuple(words[1:]))
    return PersonName(words[-1], tuple(words[:-1]))


def _without_suffix(words: list[str]) -> list[str]:
    """Words without `Jr.` and the like at the end; a part that is nothing else becomes empty."""
    if words and words[-1] in _SUFFIXES and len(words) != 2:
        return words[:-1]
    return words


def read_names(names: Iterable[str]) -> dict[str, PersonName | None]:
    """Read the names of a table together.

    Two words without a comma that stand in both orders (`Zhang Wei`, `Wei Zhang`) are read in the
    order that more rows have; a comma outweighs any number of rows; a tie goes by the alphabet.

    Parameters
    ----------
    names : iterable of str
        With repetitions: an order is as frequent as its rows.

    Returns
    -------
    dict from each name to what `read_name` makes of it.
    """
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    read = {name: read_name(name) for name in sorted(counts)}
    votes: dict[PersonName, tuple[int, int]] = {}
    for name, person in read.items():
        if person is not None and len(person.given) == 1:
            with_comma, rows = votes.get(person, (0, 0))
            votes[person] = (with_comma or int("," in name), rows + counts[name])
    turned: dict[PersonName, PersonName] = {}
    for person in votes:
        other = PersonName(person.given[0], (person.family,))
        if other in votes and person != other and len(other.family) > 1:
            best = max(person, other, key=lambda each: (votes[each], each.family))
            turned[person] = best
    return {
        name: turned.get(person, person) if person is not None and "," not in name else person
        for name, person in read.items()
    }


def agreement(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """How two given names of one family name agree.

    Returns
    -------
    int
        SAME words; APART: same letters, other gaps (`Jae Ho`, `Jaeho`); INITIAL_MORE: one name
        has initials beyond the other's words (`Robert`, `Robert J`); WORD_MORE: it has words
        beyond them (`Seung`, `Seung Ho`); INITIALS: a word of one is an initial of the other's
        (`J`, `John`; `YH`, `Yu Hao`); CONTRADICT otherwise. A slip of one letter contradicts:
        of labelled pairs of names one letter apart, one in 200 is one person (`Jun Ho`, `Jun Hee`).
    """
    if a == b:
        return SAME
    if "".join(a) == "".join(b):
        return APART
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    if many[: len(few)] == few:
        rest = many[len(few) :]
        return INITIAL_MORE if few and all(len(word) == 1 for word in rest) else WORD_MORE
    return INITIALS if _initials_fit(few, many) or _initials_fit(many, few) else CONTRADICT


def _initials_fit(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word of `short` is an initial of, or equal to, the word of `long` there."""
    if len(short) == 1 and 1 < len(short[0]) <= MOST_INITIALS and len(long) == len(short[0]):
        return all(word[0] == letter for letter, word in zip(short[0], long, strict=True))
    if len(short) > len(long):
        return False
    pairs = zip(short, long[: len(short)], strict=True)
    return all(w == o or (min(len(w), len(o)) == 1 and w[0] == o[0]) for w, o in pairs)
