"""The written forms of a search term: spellings, hyphens, plurals, letter case."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from foresight.corpus.normalise import chinese_text, english_words
from foresight.errors import RegistryError

MAX_ACRONYM = 3  # letters: "LED" is not "led", but "MEMS" needs no capitals
MAX_JOINED = 3  # hyphens whose removal is tried in every combination
MIN_SINGULAR = 5  # "gas" must not become "ga"
_HYPHENS = re.compile("[-\u2010\u2011\u2012\u2013\u2212]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
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


@dataclass(frozen=True)
class Form:
    """One written form of a term.

    `script` is `latin` or `han`; a Latin form is padded with spaces. `anchor` is the longest
    word in lower case (empty for Han). `cased` tells that letter case counts.
    """

    script: str
    form: str
    anchor: str
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
    british, american = phrase.split(), phrase.split()
    for pattern, uk, us in _SPELLINGS:
        back = pattern.replace(uk, us)
        british = [re.sub(back, uk, word) for word in british]
        american = [re.sub(pattern, us, word) for word in american]
    return {phrase, " ".join(british), " ".join(american)}


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
    folded = unicodedata.normalize("NFKC", term)
    if _HAN.search(folded):
        han = str(chinese_text(pa.array([term], pa.large_string())).to_pylist()[0])
        return [Form("han", han, "", cased=False)]
    plain = _latin([folded])[0]
    if not plain:
        msg = f"The search term {term!r} has no letter or digit. Correct it in the registry."
        raise RegistryError(msg)
    cased = is_acronym(plain)
    phrases = set(_latin(sorted(hyphens(folded))))
    if cased:
        forms = {form for phrase in phrases for form in (phrase, phrase + "s")}
    else:
        spelt = {form for phrase in phrases for form in respell(phrase.lower())}
        forms = {form for phrase in spelt for form in numbers(phrase)}
    return [
        Form("latin", f" {form} ", max(form.lower().split(), key=len), cased)
        for form in sorted(forms)
    ]


def form_table(terms: pd.DataFrame) -> pa.Table:
    """Forms of every text term.

    Parameters
    ----------
    terms : DataFrame
        Column `term` is read.

    Returns
    -------
    pyarrow Table
        term, script, form, anchor, cased; sorted by term and form.
    """
    rows = [
        (term, form.script, form.form, form.anchor, form.cased)
        for term in sorted(set(terms["term"]))
        for form in term_forms(term)
    ]
    names = ["term", "script", "form", "anchor"]
    text = {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)}
    return pa.table({**text, "cased": pa.array([row[-1] for row in rows], pa.bool_())})
