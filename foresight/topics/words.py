"""Words and phrases of documents in two languages, and what tells one topic from the rest."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from foresight.glossary import IRREGULAR
from foresight.topics.word_lists import (
    ADJECTIVES,
    BARE_WORDS,
    BOILERPLATE,
    CHINESE_STOP_WORDS,
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
    ("light-emitting"), others stay ("non-volatile", "p-type", "time-of-flight"). Runs of Chinese
    are cut by rjieba. HTML remains are dropped.
    """
    folded = unicodedata.normalize("NFKC", _HTML.sub(" ", text)).lower()
    found: list[str | None] = []
    for token in _TOKEN.findall(folded):
        if "\u4e00" <= token[0] <= "\u9fff":
            found.extend(_chinese(token))
        elif _WORD.fullmatch(token) and token not in STOP_WORDS:
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
    found: list[str] = []
    run: list[str] = []
    for token in [*tokens(text), None]:
        if token is not None:
            run.append(token)
            continue
        for start in range(len(run)):
            stops = range(start + 1, min(start + longest, len(run)) + 1)
            found.extend(_join(run[start:stop]) for stop in stops)
        run = []
    return found


def _join(words: list[str]) -> str:
    chinese = all("\u4e00" <= word[0] <= "\u9fff" for word in words)
    return ("" if chinese else " ").join(words)


def phrase_sets(texts: Sequence[str], *, longest: int = 4) -> list[frozenset[str]]:
    """The distinct phrases of each text (see `phrases`)."""
    return [frozenset(phrases(text, longest=longest)) for text in texts]


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


def telling_phrases(
    docs: Sequence[frozenset[str]],
    topics: NDArray[np.int64],
    *,
    top: int = 10,
    min_share: float = 0.04,
    min_lift: float = 1.5,
    prior_docs: float = 10.0,
) -> dict[int, list[str]]:
    """Phrases that tell each topic from the other documents, most telling first.

    The number of documents with a phrase inside and outside the topic is compared by the
    log-odds ratio with an informative Dirichlet prior, divided by its standard error. Phrases of
    several words are preferred to single ones. Left out are phrases that repeat the words of a
    better one, that begin or end as no term does (`is_term`), and that are torn from longer
    ones: "passive optical" where it nearly always stands in "passive optical network".

    Parameters
    ----------
    docs : sequence of sets of str, shape (n_docs,)
        Phrases of each document, from `phrase_sets`.
    topics : array of shape (n_docs,)
        Topic number of each document.
    top : int
        Phrases per topic.
    min_share : float
        Smallest share of the topic's documents that must hold the phrase (at least two do).
    min_lift : float
        Smallest ratio of the phrase's share inside the topic to its share in all documents.
    prior_docs : float
        Weight of the prior, in documents.

    Returns
    -------
    dict from topic number to phrases

    References
    ----------
    Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018; Frantzi, Ananiadou & Mima (2000),
    doi:10.1007/s007999900023 (nested terms). The preference for phrases and the rules on ends
    are ours.
    """
    overall = Counter(phrase for doc in docs for phrase in doc)
    found: dict[int, list[str]] = {}
    for topic in sorted({int(t) for t in topics}):
        inside = [doc for doc, t in zip(docs, topics, strict=True) if t == topic]
        counts = Counter(phrase for doc in inside for phrase in doc)
        floor = max(2.0, min_share * len(inside))
        torn = _torn(inside, counts, floor=floor)
        scored = []
        for phrase, count in counts.items():
            lift = (count / len(inside)) / (overall[phrase] / len(docs))
            if count < floor or lift < min_lift or phrase in torn or not is_term(phrase):
                continue
            z = _log_odds_z(count, len(inside), overall[phrase], len(docs), prior_docs)
            scored.append((-z * _length_preference(phrase), phrase))
        found[topic] = _without_repeats([phrase for _, phrase in sorted(scored)], top=top)
    return found


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
    if len(words) == 1 and (last in BARE_WORDS or last in TERM_STARTS):
        return False
    if last in ADJECTIVES or last.endswith(_ADJECTIVE_ENDS) or _is_participle(last):
        return False
    return first in TERM_STARTS or not _is_participle(first)


_ADJECTIVE_ENDS = ("-based", "-type", "able", "ible", "ous")
_LY_NOUNS = ("assembly", "supply", "family", "anomaly", "fly", "poly", "reply", "polly")
_ED_NOUNS = ("seed", "feed", "bed", "speed", "infrared", "weed", "breed", "reed", "led")


def _is_participle(word: str) -> bool:
    if word.endswith("ly"):
        return not word.endswith(_LY_NOUNS)
    if word.endswith("ed"):
        return not word.endswith(_ED_NOUNS)
    return word.endswith("ing") and word not in PARTICIPLES and word[-5:] not in PARTICIPLES


NESTED = 0.7  # share of a phrase's documents that have it inside a longer one: then it is torn


def _torn(docs: list[frozenset[str]], counts: Counter[str], *, floor: float) -> set[str]:
    """Phrases that stand inside longer frequent phrases in most of their documents."""
    longer: dict[str, list[str]] = {}
    for phrase, count in counts.items():
        words = phrase.split()
        if count >= floor and len(words) > 1:
            for part in (" ".join(words[:-1]), " ".join(words[1:])):
                if " " in part:
                    longer.setdefault(part, []).append(phrase)
    nested: Counter[str] = Counter()
    for doc in docs:
        nested.update(
            part for part, wholes in longer.items() if part in doc and not doc.isdisjoint(wholes)
        )
    return {part for part, count in nested.items() if count >= NESTED * counts[part]}


def _log_odds_z(count: int, size: int, overall: int, total: int, prior: float) -> float:
    base = overall / total
    inside, outside = count + prior * base, overall - count + prior * base
    missing_in = size - count + prior * (1 - base)
    missing_out = (total - size) - (overall - count) + prior * (1 - base)
    odds = np.log(inside / max(missing_in, 1e-9)) - np.log(outside / max(missing_out, 1e-9))
    return float(odds / np.sqrt(1 / inside + 1 / outside))


def _length_preference(phrase: str) -> float:
    words = phrase.count(" ") + 1
    if words == 1 and "\u4e00" <= phrase[0] <= "\u9fff":
        return 1.0 if len(phrase) < 4 else 1.3
    return {1: 0.75, 2: 1.15}.get(words, 1.25)


def _without_repeats(ordered: list[str], *, top: int) -> list[str]:
    kept: list[str] = []
    for phrase in ordered:
        words = set(phrase.split())
        if any(_overlap(phrase, words, other) for other in kept):
            continue
        kept.append(phrase)
        if len(kept) == top:
            break
    return kept


def _overlap(phrase: str, words: set[str], other: str) -> bool:
    others = set(other.split())
    shared = len(words & others)
    return phrase in other or other in phrase or shared * 2 > min(len(words), len(others))
