"""The written forms of a search term: spellings, hyphens, plurals, letter case."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd
import pyarrow as pa

from foresight.corpus.normalise import chinese_text, english_words
from foresight.errors import RegistryError

MAX_ACRONYM = 3  # letters: "LED" is not "led", but "MEMS" needs no capitals
MAX_JOINED = 3  # hyphens whose removal is tried in every combination
MIN_SINGULAR = 5  # "gas" must not become "ga"
_HYPHENS = re.compile("[-\u2010\u2011\u2012\u2013\u2212]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# British and American spellings; each pattern is tried in both directions.
_SPELLINGS = (
    (r"centre(?=s?$)", "centre", "center"),
    (r"fibre", "fibre", "fiber"),
    (r"metre(?=s?$)", "metre", "meter"),
    (r"litre(?=s?$)", "litre", "liter"),
    (r"theatre(?=s?$)", "theatre", "theater"),
    (r"colour", "colour", "color"),
    (r"behaviour", "behaviour", "behavior"),
    (r"vapour", "vapour", "vapor"),
    (r"tumour", "tumour", "tumor"),
    (r"neighbour", "neighbour", "neighbor"),
    (r"harbour", "harbour", "harbor"),
    (r"mould", "mould", "mold"),
    (r"aluminium", "aluminium", "aluminum"),
    (r"sulph", "sulph", "sulf"),
    (r"aeroplane", "aeroplane", "airplane"),
    (r"analogue(?=s?$)", "analogue", "analog"),
    (r"catalogue(?=s?$)", "catalogue", "catalog"),
    (r"dialogue(?=s?$)", "dialogue", "dialog"),
    (r"programme(?=s?$)", "programme", "program"),
    (r"defence", "defence", "defense"),
    (r"licence", "licence", "license"),
    (r"grey", "grey", "gray"),
    (r"haem(?=[aoi])", "haem", "hem"),
    (r"leukaem", "leukaem", "leukem"),
    (r"anaesth", "anaesth", "anesth"),
    (r"paediatr", "paediatr", "pediatr"),
    (r"oestr", "oestr", "estr"),
    (r"modell(?=ing$|ed$|er$)", "modell", "model"),
    (r"labell(?=ing$|ed$)", "labell", "label"),
    (r"travell(?=ing$|ed$|er$)", "travell", "travel"),
    (r"fuell(?=ing$|ed$)", "fuell", "fuel"),
    (r"(?<=[a-z]{3})isation", "isation", "ization"),
    (r"(?<=[a-z]{4})is(?=e$|es$|ed$|er$|ers$|ing$|able$)", "is", "iz"),
    (r"(?<=[a-z]{4})ys(?=e$|es$|ed$|ing$)", "ys", "yz"),
)
_BRITISH = tuple((re.compile(p.replace(uk, us)), uk) for p, uk, us in _SPELLINGS)
_AMERICAN = tuple((re.compile(p), us) for p, _, us in _SPELLINGS)
HAN_BREAKS = ",。;、|"  # cut a Chinese text into short pieces; few terms hold one
PAIR = 2  # words, or Han characters, of a key


@dataclass(frozen=True)
class Form:
    """One written form of a term.

    `script` is `latin` or `han`; a Latin form is padded with spaces. `cased` tells that letter
    case counts.
    """

    script: str
    form: str
    cased: bool


def _latin(texts: list[str]) -> list[str]:
    return [text.strip() for text in english_words(pa.array(texts, pa.large_string())).to_pylist()]


def respell(phrase: str) -> set[str]:
    """Give the phrase as it is, all British, and all American.

    Parameters
    ----------
    phrase : str
        Lower-case words, one space apart.
    """
    words = [_spellings(word) for word in phrase.split()]
    return {phrase, " ".join(uk for uk, _ in words), " ".join(us for _, us in words)}


@cache
def _spellings(word: str) -> tuple[str, str]:
    """A word in British and in American spelling."""
    british = american = word
    for pattern, uk in _BRITISH:
        british = pattern.sub(uk, british)
    for pattern, us in _AMERICAN:
        american = pattern.sub(us, american)
    return british, american


def numbers(phrase: str) -> set[str]:
    """Give the phrase with its last word as given, in the singular and in the plural.

    The rules are those of regular nouns, and -is/-es; a form that is no word matches nothing.

    >>> sorted(numbers("solid state battery"))
    ['solid state batteries', 'solid state battery']
    """
    head, _, last = phrase.rpartition(" ")
    words = {last}
    if len(last) >= MIN_SINGULAR and last.endswith("s") and not last.endswith(("ss", "us", "is")):
        if last.endswith("ies"):
            words.add(last.removesuffix("ies") + "y")
        else:
            words.add(last.removesuffix("s"))
            if last.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
                words.add(last.removesuffix("es"))
            if last.endswith("yses"):
                words.add(last.removesuffix("es") + "is")
    elif last.endswith("is"):
        words.add(last.removesuffix("is") + "es")
    elif re.search(r"[^aeiou]y$", last):
        words.add(last.removesuffix("y") + "ies")
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        words.add(last + "es")
    elif last.endswith("o"):
        words |= {last + "s", last + "es"}
    elif last[-1:].isalnum():
        words.add(last + "s")
    return {f"{head} {word}".strip() for word in words}


def hyphens(term: str) -> set[str]:
    """Give the term with each hyphen as a space or taken out: "micro LED", "microLED"."""
    parts = _HYPHENS.split(term)
    gaps = len(parts) - 1
    if gaps > MAX_JOINED:
        return {" ".join(parts), "".join(parts)}
    variants = set()
    for choice in itertools.product((" ", ""), repeat=gaps):
        variants.add(parts[0] + "".join(c + p for c, p in zip(choice, parts[1:], strict=True)))
    return variants


def is_acronym(words: str) -> bool:
    """Whether letter case counts: every word has at most three characters, all letters capital.

    >>> is_acronym("LED"), is_acronym("6G"), is_acronym("RLHF"), is_acronym("AI chip")
    (True, True, False, False)
    """
    short = all(len(word) <= MAX_ACRONYM for word in words.split())
    return short and any(c.isupper() for c in words) and not any(c.islower() for c in words)


def term_forms(term: str) -> list[Form]:
    """All written forms in which a term is looked for.

    A term with a Chinese character is looked for as a substring of the Chinese text, any other
    term as whole words, whichever language the registry lists it under ("AIGC" stands in
    Chinese texts too).

    Parameters
    ----------
    term : str
        As in the registry.

    Returns
    -------
    list of Form, sorted, without repetition

    Raises
    ------
    RegistryError
        If nothing is left of the term.
    """
    return all_forms([term])[term]


def all_forms(terms: Iterable[str]) -> dict[str, list[Form]]:
    """The forms of many terms, as by `term_forms`; a thousand cost little more than one.

    Raises
    ------
    RegistryError
    """
    folded = {term: unicodedata.normalize("NFKC", term) for term in sorted(set(terms))}
    han = [term for term, text in folded.items() if _HAN.search(text)]
    chinese = chinese_text(pa.array(han, pa.large_string())).to_pylist()
    found = {t: [Form("han", text, cased=False)] for t, text in zip(han, chinese, strict=True)}
    words = [term for term in folded if term not in found]
    plain = dict(zip(words, _latin([folded[term] for term in words]), strict=True))
    empty = [term for term, text in plain.items() if not text]
    if empty:
        msg = f"The search term {empty[0]!r} has no letter or digit. Correct it in the registry."
        raise RegistryError(msg)
    variants = {term: sorted(hyphens(folded[term])) for term in words}
    flat = sorted({variant for some in variants.values() for variant in some})
    reduced = dict(zip(flat, _latin(flat), strict=True))
    for term in words:
        phrases = {reduced[variant] for variant in variants[term]}
        found[term] = _latin_forms(phrases, cased=is_acronym(plain[term]))
    return found


def _latin_forms(phrases: Iterable[str], *, cased: bool) -> list[Form]:
    if cased:
        forms = {form for phrase in phrases for form in (phrase, phrase + "s")}
    else:
        spelt = {form for phrase in phrases for form in respell(phrase.lower())}
        forms = {form for phrase in spelt for form in numbers(phrase)}
    return [Form("latin", f" {form} ", cased) for form in sorted(forms)]


def form_table(terms: pd.DataFrame) -> pa.Table:
    """Forms of every text term, each with the part of it by which it is looked up.

    Parameters
    ----------
    terms : DataFrame
        Column `term` is read.

    Returns
    -------
    pyarrow Table
        term, script, form, cased; size: words of a Latin form, characters of a Han form; key:
        two neighbouring words (lower case) or Han characters of the form, those that fewest
        forms share, then the longest; the word itself for a form of one word. A Han form of one
        character, or with one of `HAN_BREAKS` in it, has none. Sorted by term and form.
    """
    rows = [
        (term, form.script, form.form, form.cased)
        for term, forms in sorted(all_forms(terms["term"]).items())
        for form in forms
    ]
    keys = _keys({(script, form.lower()) for _, script, form, _ in rows})
    found = [keys[script, form.lower()] for _, script, form, _ in rows]
    text = {
        name: pa.array([row[i] for row in rows], pa.string())
        for i, name in enumerate(("term", "script", "form"))
    }
    return pa.table(
        {
            **text,
            "cased": pa.array([row[3] for row in rows], pa.bool_()),
            "size": pa.array([size for size, _ in found], pa.int64()),
            "key": pa.array([key for _, key in found], pa.string()),
        }
    )


def _keys(forms: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str | None]]:
    """Size and key of each form (script, form in lower case)."""
    parts: dict[tuple[str, str], tuple[int, Sequence[str]]] = {}
    for script, form in forms:
        latin = script == "latin"
        units: Sequence[str] = form.split() if latin else form
        pairs = [(" " if latin else "").join(pair) for pair in itertools.pairwise(units)]
        whole = units if latin and len(units) < PAIR else pairs
        broken = not latin and any(mark in form for mark in HAN_BREAKS)
        parts[script, form] = (len(units), [] if broken else whole)
    shared = Counter(key for _, keys in parts.values() for key in set(keys))
    return {
        form: (size, min(keys, key=lambda key: (shared[key], -len(key), key), default=None))
        for form, (size, keys) in parts.items()
    }
