"""Chinese labels for English technical phrases, composed from a committed glossary."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

from foresight.errors import InsufficientDataError, RegistryError
from foresight.settings import data_dir

HEADER = ("en", "zh", "note")
NOTES_WITHOUT_CHINESE = frozenset({"acronym", "symbol"})
MATERIAL = "material"  # note of entries that form compounds: silicon based -> 硅基
MODIFIER = "modifier"  # note of words that cannot end a longer phrase: "electrode active" is torn
NOTES = frozenset({"", MATERIAL, MODIFIER}) | NOTES_WITHOUT_CHINESE

_KEY = re.compile(r"[a-z0-9']+(?: [a-z0-9']+)*")
_TOKEN = re.compile(r"[a-z0-9']+")
_CHINESE = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]")
_BAD_IN_ZH = re.compile(r"[\s()（）\[\]【】，;；、]|(?<!\d),|,(?!\d)")
_JOINERS = re.compile(r"(?<=\d),(?=\d)|[-\u2010-\u2015\u2212/_]")
_LATIN = re.compile(r"[A-Za-z0-9]")

_DROPPED = frozenset({"the", "a", "an", "said", "thereof", "therefor", "therefore"})
_LINKS = frozenset({"of", "for"})
_BETWEEN = {"and": "和", "or": "或"}
_AFFIXES = frozenset({"based", "containing", "free"})
_FUNCTION_WORDS = _LINKS | _AFFIXES | _BETWEEN.keys()

IRREGULAR = {
    "analyses": "analysis",
    "axes": "axis",
    "bacteria": "bacterium",
    "children": "child",
    "criteria": "criterion",
    "diagnoses": "diagnosis",
    "feet": "foot",
    "foci": "focus",
    "formulae": "formula",
    "fungi": "fungus",
    "halves": "half",
    "hypotheses": "hypothesis",
    "indices": "index",
    "leaves": "leaf",
    "matrices": "matrix",
    "mice": "mouse",
    "mitochondria": "mitochondrion",
    "nuclei": "nucleus",
    "phenomena": "phenomenon",
    "prostheses": "prosthesis",
    "radii": "radius",
    "spectra": "spectrum",
    "stimuli": "stimulus",
    "syntheses": "synthesis",
    "teeth": "tooth",
    "vertices": "vertex",
}
_BRITISH = (
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("iser", "izer"),
    ("alyse", "alyze"),
    ("our", "or"),
    ("tre", "ter"),
    ("ibre", "iber"),
    ("aluminium", "aluminum"),
    ("mould", "mold"),
    ("sulph", "sulf"),
    ("haem", "hem"),
    ("lling", "ling"),
    ("lled", "led"),
    ("grey", "gray"),
)


def _tokens(phrase: str) -> list[str]:
    """Lower-case words of a phrase; possessive endings go, hyphens and slashes part words."""
    text = unicodedata.normalize("NFKC", phrase).lower().replace("\u2019", "'")
    words = _JOINERS.sub(" ", text).split()
    return [re.sub(r"'s?$", "", word) for word in words]


def _forms(token: str) -> list[str]:
    """Spellings under which a word may stand in the glossary, the nearest first."""
    forms = [token]
    if token in IRREGULAR:
        forms.append(IRREGULAR[token])
    if token.endswith("ies"):
        forms.append(f"{token[:-3]}y")
    if token.endswith("s") and not token.endswith("ss"):
        forms.append(token[:-1])
    if token.endswith("es"):
        forms.append(token[:-2])
    american = [form.replace(old, new) for form in forms for old, new in _BRITISH if old in form]
    return list(dict.fromkeys(forms + american))


def _join(parts: Iterable[str]) -> str:
    """Write parts one after the other, with a space only between two Latin ones."""
    text = ""
    for part in parts:
        both_latin = text and part and _LATIN.match(text[-1]) and _LATIN.match(part[0])
        text += f" {part}" if both_latin else part
    return text


@dataclass(frozen=True)
class Glossary:
    """English technical terms and their Chinese equivalents. Built by `load_glossary`.

    `terms` maps a lower-case English term (singular, words parted by single spaces) to
    Chinese; `materials` are the terms whose Chinese forms a compound with 基, 含 and 无;
    `modifiers` are adjectives, participles and the like, which no phrase of several terms
    ends with unless it was torn from a longer one.
    """

    terms: Mapping[str, str]
    materials: frozenset[str] = frozenset()
    modifiers: frozenset[str] = frozenset()

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for term in self.terms for word in term.split())

    @cached_property
    def _longest(self) -> int:
        return max((len(term.split()) for term in self.terms), default=0)

    def translate(self, phrase: str) -> str | None:
        """Compose the Chinese for an English noun phrase from the longest terms known.

        The phrase is parted into the fewest terms of the glossary (among equals, the one with
        the longer terms first), because a term such as "fuel cell" means more than its words.
        Modifiers precede the head in both languages, so the parts keep their order, except
        around *of* and *for*: "A of B" becomes BA, or B的A where either side has several parts.
        "X based Y" becomes X基Y for a material and 基于X的Y otherwise; "X containing Y" and
        "Y containing X" become 含XY for a material X.

        Parameters
        ----------
        phrase : str
            In any case, singular or plural, with or without hyphens.

        Returns
        -------
        str, or None if any word is unknown or the phrase is visibly torn ("method of", "layer
        disposed"): text is never half translated
        """
        tokens = _tokens(phrase)
        if not tokens or not all(_TOKEN.fullmatch(token) for token in tokens):
            return None
        pieces = self._segment(tokens)
        return None if pieces is None else self._linked(pieces)

    def knows(self, phrase: str) -> bool:
        """Whether the phrase as a whole is an entry, so that nothing need be composed."""
        tokens = _tokens(phrase)
        return bool(tokens) and self._lookup(tokens) is not None

    def coverage(self, phrases: Iterable[str]) -> float:
        """Share of the phrases that have a translation.

        Returns
        -------
        float, between 0 and 1

        Raises
        ------
        InsufficientDataError
            If there is no phrase: a share of nothing is undefined.
        """
        known = [self.translate(phrase) is not None for phrase in phrases]
        if not known:
            msg = "Coverage needs at least one phrase, got none. Pass the phrases of the topics."
            raise InsufficientDataError(msg)
        return sum(known) / len(known)

    def _lookup(self, tokens: list[str]) -> str | None:
        """The term that these words spell, in any of their forms."""
        choices = [[form for form in _forms(token) if form in self._words] for token in tokens]
        terms = (" ".join(words) for words in product(*choices))
        return next((term for term in terms if term in self.terms), None)

    def _segment(self, tokens: list[str]) -> list[str] | None:
        """Part the words into the fewest terms and function words, or None if one is unknown."""
        best: list[list[str] | None] = [None] * len(tokens) + [[]]
        for start in reversed(range(len(tokens))):
            token = tokens[start]
            for stop in range(min(len(tokens), start + self._longest), start, -1):
                rest = best[stop]
                shortest = best[start]
                if rest is None or (shortest is not None and len(shortest) <= len(rest) + 1):
                    continue
                term = self._lookup(tokens[start:stop])
                if term is not None:
                    best[start] = [term, *rest]
            rest = best[start + 1]
            if best[start] is None and rest is not None:
                if token in _FUNCTION_WORDS:
                    best[start] = [token, *rest]
                elif token in _DROPPED:
                    best[start] = rest
        return best[0]

    def _linked(self, pieces: list[str]) -> str | None:
        """Chinese for pieces that may hold *of* or *for*: what follows goes first."""
        cut = next((i for i, piece in enumerate(pieces) if piece in _LINKS), None)
        if cut is None:
            return self._run(pieces)
        head, rest = pieces[:cut], pieces[cut + 1 :]
        head_zh = self._run(head)
        rest_zh = self._linked(rest)
        if head_zh is None or rest_zh is None:
            return None
        return _join(
            [rest_zh, head_zh] if len(head) == len(rest) == 1 else [rest_zh, "的", head_zh]
        )

    def _run(self, pieces: list[str]) -> str | None:
        """Chinese for pieces without *of* and *for*; None where a joining word joins nothing."""
        if not pieces or pieces[0] in _BETWEEN or pieces[-1] in _BETWEEN:
            return None
        cut = next((i for i, piece in enumerate(pieces) if piece in _AFFIXES and i > 0), None)
        if cut is not None:
            return self._affixed(pieces[:cut], pieces[cut], pieces[cut + 1 :])
        torn = len(pieces) > 1 and pieces[-1] in self.modifiers
        if torn or pieces[0] in _AFFIXES - self.terms.keys():
            return None
        return _join(_BETWEEN.get(piece) or self.terms[piece] for piece in pieces)

    def _affixed(self, before: list[str], affix: str, after: list[str]) -> str | None:
        """Chinese for "X based Y", "X containing Y", "X free Y"; X is a material or Y follows.

        "Layer containing silicon" is turned into "silicon containing layer" first.
        """
        if affix == "containing" and before[-1] not in self.materials:
            before, after = after, before
        if not before:
            return None
        material = before[-1] in self.materials
        left = self._run(before)
        right = self._run(after) if after else ""
        if left is None or right is None or not (material or (right and affix != "containing")):
            return None
        if affix == "containing":
            return _join(["含", left, right])
        if affix == "free":
            return _join(["无", left, right] if material else [left, self.terms["free"], right])
        return _join([left, "基", right] if material else ["基于", left, "的", right])


def _row_fault(row: list[str]) -> str | None:
    """What is wrong with one row of the glossary, or None."""
    if len(row) != len(HEADER):
        return f"has {len(row)} field(s) where {len(HEADER)} are expected: {row}"
    en, zh, note = row
    if not _KEY.fullmatch(en):
        return f"has en = {en!r}; write lower-case words parted by single spaces, without hyphens"
    if not zh or _BAD_IN_ZH.search(zh):
        return f"has zh = {zh!r}; write one term without spaces, brackets or lists"
    if note not in NOTES:
        return f"has note = {note!r}; known are {', '.join(sorted(NOTES - {''}))} and an empty note"
    if not _CHINESE.search(zh) and note not in NOTES_WITHOUT_CHINESE:
        return f"has zh = {zh!r} without Chinese; mark it with the note acronym or symbol"
    return None


def load_glossary(path: Path | None = None) -> Glossary:
    """Read and check the glossary.

    Parameters
    ----------
    path : Path, optional
        CSV file with the columns en, zh, note; `data/glossary/terms.csv` of the project by
        default.

    Returns
    -------
    Glossary

    Raises
    ------
    RegistryError
        If the file is missing, not UTF-8, or has a malformed, unsorted or repeated row.
    """
    file = data_dir() / "glossary" / "terms.csv" if path is None else path
    if not file.is_file():
        msg = f"The glossary {file} does not exist. Restore it from the repository."
        raise RegistryError(msg)
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        msg = f"{file} is not a readable UTF-8 CSV file: {error}. Save it as UTF-8 with commas."
        raise RegistryError(msg) from error
    if not rows or tuple(rows[0]) != HEADER:
        got = rows[0] if rows else "an empty file"
        msg = (
            f"{file} must begin with the header {','.join(HEADER)}, got {got}. Restore the header."
        )
        raise RegistryError(msg)
    terms: dict[str, str] = {}
    noted: dict[str, set[str]] = {note: set() for note in NOTES}
    last = ""
    for number, row in enumerate(rows[1:], start=2):
        fault = _row_fault(row)
        if fault is None and row[0] <= last:
            kind = "repeats" if row[0] == last else "comes after"
            fault = f"has en = {row[0]!r}, which {kind} {last!r}; keep rows sorted and unique by en"
        if fault is not None:
            msg = f"{file}, row {number} {fault}. Mend that row."
            raise RegistryError(msg)
        last, zh, note = row
        terms[last] = zh
        noted[note].add(last)
    return Glossary(
        terms=terms,
        materials=frozenset(noted[MATERIAL]),
        modifiers=frozenset(noted[MODIFIER]),
    )
