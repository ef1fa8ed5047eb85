"""Effects that documents claim, such as lower cost, found by a bilingual lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from foresight.corpus.normalise import chinese_text
from foresight.corpus.terms import hyphens, numbers, respell
from foresight.errors import RegistryError
from foresight.indicators.aggregate import check_columns
from foresight.settings import data_dir

FILE = "navigation/effects.yml"
VERB_GAP, BACK_GAP, QUALITY_GAP = 4, 3, 1  # English words between the two words of a pair
VERB_GAP_ZH, BACK_GAP_ZH, QUALITY_GAP_ZH = 12, 6, 2  # Chinese characters
_STOP_EN = re.compile(r"[.;:!?]+(?=\s|$)|[。；：！？]")
_INSIDE_ZH = "[^。;,:!?|]"


@dataclass(frozen=True)
class Effect:
    """One effect: id, names, and what tells it.

    `phrases` and the `nouns` of `pairs` are by language; a pair holds the verbs, the qualities
    and the nouns that stand together.
    """

    id: str
    zh: str
    en: str
    phrases: Mapping[str, tuple[str, ...]]
    pairs: tuple[Mapping[str, Mapping[str, tuple[str, ...]]], ...]

    @cached_property
    def pattern_en(self) -> str:
        """Regular expression over words in lower case, clauses parted by a bar."""
        parts = [_any(_phrases_en(self.phrases["en"]))]
        for pair in self.pairs:
            nouns = _any(_phrases_en(pair["nouns"]["en"]))
            forms = {form for word in pair["verbs"]["en"] for form in verb_forms(word)}
            verbs, done = _any(forms), _any(form for form in forms if form.endswith("ed"))
            qualities = _any(_phrases_en(pair["qualities"]["en"]))
            parts += [
                f"{verbs}{_gap_en(VERB_GAP)} {nouns}",
                f"{nouns}{_gap_en(BACK_GAP)} {done}",
                f"{qualities}{_gap_en(QUALITY_GAP)} {nouns}",
            ]
        return rf"\b(?:{'|'.join(parts)})\b"

    @cached_property
    def pattern_zh(self) -> str:
        """Regular expression over Chinese text without spaces."""
        parts = [_any(self.phrases["zh"])]
        for pair in self.pairs:
            nouns, verbs, qualities = (_any(pair[n]["zh"]) for n in ("nouns", "verbs", "qualities"))
            parts += [
                f"{verbs}{_INSIDE_ZH}{{0,{VERB_GAP_ZH}}}?{nouns}",
                f"{nouns}{_INSIDE_ZH}{{0,{BACK_GAP_ZH}}}?{verbs}",
                f"{nouns}{_INSIDE_ZH}{{0,{QUALITY_GAP_ZH}}}?{qualities}",
                f"{qualities}{nouns}",
            ]
        return "|".join(parts)


def verb_forms(word: str) -> set[str]:
    """Give a regular verb in all its forms, in British and American spelling.

    >>> sorted(verb_forms("reduce"))
    ['reduce', 'reduced', 'reduces', 'reducing']
    """
    stem, silent = (word[:-1], "e") if word.endswith("e") else (word, "")
    if re.search(r"[^aeiou]y$", word):
        forms = {word, f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing"}
    elif re.search(r"(s|x|z|ch|sh)$", word):
        forms = {word, f"{word}es", f"{word}ed", f"{word}ing"}
    else:
        forms = {word, f"{stem}{silent}s", f"{stem}ed", f"{stem}ing"}
    return {spelt for form in forms for spelt in respell(form)}


def load_effects(path: Path | None = None) -> tuple[Effect, ...]:
    """Read the lexicon of effects.

    Parameters
    ----------
    path : Path, optional
        YAML file; `data/navigation/effects.yml` of the project by default.

    Returns
    -------
    tuple of Effect, in the order of the file

    Raises
    ------
    RegistryError
        If the file is missing or malformed, or an effect is named twice or has an unknown sense.
    """
    file = data_dir() / FILE if path is None else path
    if not file.is_file():
        msg = f"The lexicon of effects {file} does not exist. Restore it from the repository."
        raise RegistryError(msg)
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        senses = {
            sense: {"verbs": _words(data["verbs"][sense]), "qualities": _words(qualities)}
            for sense, qualities in data["qualities"].items()
        }
        effects = tuple(_effect(row, senses) for row in data["effects"])
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        msg = (
            f"{file} is not a lexicon of effects ({error!r}). It needs `verbs`, `qualities` and "
            "`effects`, each effect with id, zh, en, phrases and pairs of a known sense."
        )
        raise RegistryError(msg) from error
    if len({effect.id for effect in effects}) < len(effects):
        msg = f"{file} names an effect twice. Give each its own id."
        raise RegistryError(msg)
    return effects


def document_effects(documents: pd.DataFrame, effects: Iterable[Effect]) -> pd.DataFrame:
    """Find the effects that titles and abstracts claim.

    Parameters
    ----------
    documents : DataFrame
        doc_id (unique), title, abstract (null where there is none).
    effects : iterable of Effect

    Returns
    -------
    DataFrame sorted by doc_id and effect
        doc_id, effect, phrase (the first place that tells it, in the normalised text). A
        document without a row states no effect that the lexicon knows.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    Words, not sense: "does not reduce cost", an effect of the prior art and one that is only
    wished for count as claimed. Effects in a description or claim are not seen, so that most
    patents whose abstract only describes the invention state none.
    """
    check_columns(documents, ("doc_id", "title", "abstract"), "documents")
    text = documents["title"].fillna("") + " . " + documents["abstract"].fillna("")
    english = _clauses(text)
    chinese = chinese_text(pa.array(text.str.replace(" . ", "。"), pa.large_string()))
    found: list[tuple[str, str, str]] = []
    ids = documents["doc_id"].tolist()
    for effect in effects:
        hits: dict[int, str] = {}
        for column, pattern in ((english, effect.pattern_en), (chinese, effect.pattern_zh)):
            flags = pc.fill_null(pc.match_substring_regex(column, pattern=pattern), False)
            compiled = re.compile(pattern)
            for place in pc.indices_nonzero(flags).to_pylist():
                match = compiled.search(column[place].as_py())
                if match:
                    hits.setdefault(place, match[0].strip())
        found += [(ids[place], effect.id, phrase) for place, phrase in hits.items()]
    frame = pd.DataFrame(found, columns=["doc_id", "effect", "phrase"], dtype="str")
    return frame.sort_values(["doc_id", "effect"]).reset_index(drop=True)


def _clauses(texts: pd.Series) -> pa.Array:
    """Words in lower case, accents folded, with a bar where a clause ends."""
    barred = texts.str.replace(_STOP_EN, " | ", regex=True)
    flat = pc.utf8_normalize(pa.array(barred, pa.large_string()), form="NFKD")
    flat = pc.replace_substring_regex(flat, pattern=r"\p{M}+", replacement="")
    flat = pc.utf8_lower(flat)
    return pc.replace_substring_regex(flat, pattern=r"[^a-z0-9|]+", replacement=" ")


def _words(value: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(value[language]) for language in ("en", "zh")}


def _effect(
    row: Mapping[str, object], senses: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]
) -> Effect:
    data: dict[str, object] = dict(row)
    pairs = tuple(
        {**senses[pair["sense"]], "nouns": _words(pair)}
        for pair in data["pairs"]  # type: ignore[attr-defined]
    )
    phrases = _words(data["phrases"])  # type: ignore[arg-type]
    return Effect(str(data["id"]), str(data["zh"]), str(data["en"]), phrases, pairs)


def _phrases_en(phrases: Iterable[str]) -> set[str]:
    """Phrases in every spelling and number, with hyphens opened or taken out."""
    flat = {variant for phrase in phrases for variant in hyphens(phrase.lower())}
    return {form for phrase in flat for spelt in respell(phrase) for form in numbers(spelt)}


def _gap_en(words: int) -> str:
    return rf"(?: [a-z0-9]+){{0,{words}}}?"


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, set(words)), key=lambda w: (-len(w), w)))})"
