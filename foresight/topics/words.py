"""Words and phrases of documents in two languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from foresight.glossary import IRREGULAR
from foresight.topics.word_lists import (
    ADJECTIVES,
    BARE_WORDS,
    BOILERPLATE,
    CHINESE_STOP_WORDS,
    DETERMINERS,
    EMPTY_HEADS,
    JOINED_PREFIXES,
    PARTICIPLES,
    STOP_WORDS,
    TERM_STARTS,
)

_TOKEN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*|[\u4e00-\u9fff]+|[^\sa-z0-9\u4e00-\u9fff]")
_HTML = re.compile(r"<[^<>]{0,40}>|&[a-z]{2,8};|&#\d{1,6};")
_WORD = re.compile(r"[a-z][a-z0-9'-]*[a-z0-9]|[0-9]+d|[0-9]g")


def tokens(text: str) -> list[str | None]:
    """Tokens of a text, with None where a phrase must break (stop word, punctuation).

    English words are lower-cased; a hyphen between two words of their own parts them
    ("light-emitting"), others stay ("non-volatile", "p-type", "time-of-flight"). A word right
    before an article is taken for a verb ("the controller controls the arm") and breaks, too. Runs
    of Chinese are cut by rjieba. HTML remains are dropped.
    """
    folded = unicodedata.normalize("NFKC", _HTML.sub(" ", text)).lower()
    found: list[str | None] = []
    for token, after in pairwise([*_TOKEN.findall(folded), ""]):
        if "\u4e00" <= token[0] <= "\u9fff":
            found.extend(_chinese(token))
        elif _WORD.fullmatch(token) and token not in STOP_WORDS and after not in DETERMINERS:
            parts = (singular(part) for part in _parts(token.removesuffix("'s")))
            found.extend(None if part in STOP_WORDS else part for part in parts)
        else:
            found.append(None)
    return found


def _parts(word: str) -> list[str]:
    """The words that hyphens join, or the whole where a part means nothing alone."""
    parts = word.split("-")
    free = all(len(part) > 2 and part.isalpha() and part not in STOP_WORDS for part in parts)
    return parts if free and parts[0] not in JOINED_PREFIXES else [word]


def _chinese(run: str) -> list[str | None]:
    import rjieba

    return [
        word if len(word) > 1 and word not in CHINESE_STOP_WORDS else None
        for word in rjieba.cut(run)
    ]


_KEEP_S = (
    "ss",
    "us",
    "is",
    "ous",
    "ics",
    "sis",
    "xis",
    "lens",
    "gas",
    "bus",
    "bias",
    "series",
    "canvas",
)


_USES = ("viruses", "ratuses", "tatuses", "focuses", "campuses")


def singular(word: str) -> str:
    """Singular of a regular English plural; other words unchanged."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEEP_S):
        return word
    if word.endswith(_USES):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def phrases(text: str, *, longest: int = 4) -> list[str]:
    """Phrases of one to `longest` neighbouring tokens, in order, with repeats.

    English tokens are joined by a space, Chinese ones without.
    """
    return [phrase for run in _runs(text) for phrase in _parts_of(run, longest)]


def _parts_of(run: list[str], longest: int) -> list[str]:
    return [
        _join(run[start:stop])
        for start in range(len(run))
        for stop in range(start + 1, min(start + longest, len(run)) + 1)
    ]


def _runs(text: str) -> list[list[str]]:
    """Tokens between two breaks."""
    found: list[list[str]] = []
    run: list[str] = []
    for token in [*tokens(text), None]:
        if token is not None:
            run.append(token)
        elif run:
            found.append(run)
            run = []
    return found


def _join(words: list[str]) -> str:
    chinese = all("\u4e00" <= word[0] <= "\u9fff" for word in words)
    return ("" if chinese else " ").join(words)


def phrase_sets(texts: Sequence[str], *, longest: int = 4) -> list[frozenset[str]]:
    """The distinct phrases of each text (see `phrases`)."""
    return [frozenset(phrases(text, longest=longest)) for text in texts]


def phrases_and_runs(
    texts: Sequence[str], *, longest: int = 4
) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """The distinct phrases of each text, and those of them that somewhere stand by themselves.

    A phrase stands by itself where it is all that lies between two breaks: "fuel cell" in "a fuel
    cell for vehicles", not in "a fuel cell stack".
    """
    held, alone = [], []
    for text in texts:
        runs = _runs(text)
        held.append(frozenset(phrase for run in runs for phrase in _parts_of(run, longest)))
        alone.append(frozenset(_join(run) for run in runs if len(run) <= longest))
    return held, alone


def title_phrases(titles: Sequence[str]) -> list[frozenset[str]]:
    """The distinct phrases of each title; of single words those that stand by themselves there."""
    return [
        frozenset(phrase for phrase in held if " " in phrase or not phrase.isascii()) | alone
        for held, alone in zip(*phrases_and_runs(titles), strict=True)
    ]


def spread_rows(topics: NDArray[np.int64], *, most: int) -> NDArray[np.int64]:
    """Rows of at most `most` documents of each topic, evenly spread over their order.

    For words of many documents: what tells a topic from the others shows in some hundred of each.
    """
    rows = []
    for topic in np.unique(topics):
        own = np.flatnonzero(topics == topic)
        places = np.linspace(0, len(own) - 1, num=min(most, len(own)))
        rows.append(own[np.rint(places).astype(np.int64)])
    return np.sort(np.concatenate(rows)) if rows else np.empty(0, dtype=np.int64)


def is_term(phrase: str) -> bool:
    """Whether a phrase begins and ends as technical terms do (Chinese phrases always do).

    A term does not end with an adjective, an adverb or a participle, does not begin with a
    participle unless that is customary ("integrated circuit", "imaging agent"), is no phrase of
    every patent ("storage medium"), and as a single word names something by itself ("graphene",
    not "layer").
    """
    words = phrase.split()
    first, last = words[0], words[-1]
    if phrase in BOILERPLATE:
        return False
    bare = all(word in BARE_WORDS for word in words)
    if bare and (len(words) == 1 or (len(words) == 2 and last in EMPTY_HEADS)):
        return False
    if len(words) == 1 and last in TERM_STARTS:
        return False
    if last in ADJECTIVES or last.endswith(_ADJECTIVE_ENDS) or _is_participle(last):
        return False
    return first in TERM_STARTS or not _is_participle(first)


_ADJECTIVE_ENDS = ("-based", "-type", "able", "ible", "ous")
_LY_NOUNS = ("assembly", "supply", "family", "anomaly", "-fly", "poly", "reply")
_ED_NOUNS = ("seed", "feed", "-bed", "seabed", "testbed", "speed", "infrared", "weed", "breed")
_WHOLE_NOUNS = frozenset("bed bleed butterfly creed fly led need oled amoled reed".split())


def _is_participle(word: str) -> bool:
    if word in _WHOLE_NOUNS:
        return False
    if word.endswith("ly"):
        return not word.endswith(_LY_NOUNS)
    if word.endswith("ed"):
        return not word.endswith(_ED_NOUNS)
    return word.endswith("ing") and word not in PARTICIPLES and word[-5:] not in PARTICIPLES
