"""What tells one topic from the rest: its phrases, most telling first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foresight.topics.quality import pair_npmi
from foresight.topics.words import is_term

PRIOR_DOCS = 10.0  # weight of the prior of the log-odds, in documents
NESTED = 0.7  # share of a phrase's documents that have it inside a longer one: then it is torn
ALONE = 0.2  # least share of its documents where it stands by itself: below, it is torn, too
HALF_COVER = 0.15  # share of the topic's documents at which coverage weighs one half
UNTITLED = 0.5  # weight of a phrase that too few titles of the topic have
TITLES_OF_WORDS = 0.03  # share of titles that a single word needs; a phrase needs one title
POOL = 40  # best candidates of a topic among which words are drawn together
DRAWN = 1.0  # weight of coherence (-1 to 1) beside the score by the best score (0 to 1)
SWAP_WORD, SWAP_PHRASE = 1 / 3, 2 / 3  # worth at which a longer phrase takes a shorter one's place


@dataclass(frozen=True)
class _Counts:
    """Documents by phrase: of each topic, and of all."""

    topics: dict[int, Counter[str]]
    sizes: dict[int, int]
    overall: Counter[str]
    n_docs: int

    @classmethod
    def of(cls, docs: Sequence[frozenset[str]], topics: NDArray[np.int64]) -> _Counts:
        inside: dict[int, list[frozenset[str]]] = {}
        for doc, topic in zip(docs, topics.tolist(), strict=True):
            inside.setdefault(topic, []).append(doc)
        counts = {t: Counter(chain.from_iterable(inside[t])) for t in sorted(inside)}
        sizes = {t: len(inside[t]) for t in counts}
        return cls(counts, sizes, Counter(chain.from_iterable(docs)), len(docs))

    def z(self, phrase: str, topic: int) -> float:
        """Log-odds ratio of a phrase inside and outside a topic by its standard error."""
        count, size = self.topics[topic][phrase], self.sizes[topic]
        return _log_odds_z(count, size, self.overall[phrase], self.n_docs)

    def lift(self, phrase: str, topic: int) -> float:
        """Share of the topic's documents by the share of all documents."""
        share = self.topics[topic][phrase] / self.sizes[topic]
        return share / (self.overall[phrase] / self.n_docs)

    def apart(self, phrase: str, topic: int) -> float:
        """Share of the topic's documents by the sum of it and that of the most similar topic.

        From 1/2, where another topic has the phrase as often, to 1; shares with a prior.
        """
        prior = PRIOR_DOCS * self.overall[phrase] / self.n_docs
        shares = {
            number: (counts[phrase] + prior) / (self.sizes[number] + PRIOR_DOCS)
            for number, counts in self.topics.items()
        }
        own = shares.pop(topic)
        return own / (own + max(shares.values(), default=0.0))


def telling_phrases(
    docs: Sequence[frozenset[str]],
    topics: NDArray[np.int64],
    *,
    alone: Sequence[frozenset[str]] | None = None,
    titles: Sequence[frozenset[str]] | None = None,
    top: int = 10,
    min_share: float = 0.03,
    min_lift: float = 1.5,
) -> dict[int, list[str]]:
    """Phrases that tell each topic from the other documents, most telling first.

    The number of documents with a phrase inside and outside the topic is compared by the
    log-odds ratio with an informative Dirichlet prior, divided by its standard error; likewise
    the number of titles, and both are added. That is weighted by the share of the topic's
    documents with the phrase, by how far it lies above the share in the most similar topic, and
    by length, several words before one. A phrase that no title of the topic has counts half.
    Of the best, those are drawn that often stand in one document with the others (NPMI).

    Left out are phrases that repeat the words of a better one, that begin or end as no term does
    (`is_term`), and that are torn from longer ones: "passive optical" where it nearly always
    stands in "passive optical network", "lithium ion" where it hardly ever stands by itself. A
    longer phrase takes the place of a part of it that is not worth much more.

    Parameters
    ----------
    docs : sequence of sets of str, shape (n_docs,)
        Phrases of each document, from `phrase_sets` or `phrases_and_runs`.
    topics : array of shape (n_docs,)
        Topic number of each document.
    alone : sequence of sets of str of shape (n_docs,), optional
        Phrases that stand by themselves, from `phrases_and_runs`.
    titles : sequence of sets of str of shape (n_docs,), optional
        Phrases of each title, from `title_phrases`.
    top : int, default 10
        Phrases per topic.
    min_share : float, default 0.03
        Smallest share of the topic's documents that must hold the phrase (at least two do, and
        three where the topic has 30 documents).
    min_lift : float, default 1.5
        Smallest ratio of the phrase's share inside the topic to its share in all documents; half
        way from 1 to the highest ratio possible where the topic has most of the documents.

    Returns
    -------
    dict from topic number to phrases

    Notes
    -----
    Coherence is part of the choice, so the coherence of the words on the same documents flatters
    them; `docs/decisions/0007-labels-read.md` gives it on documents that they were not chosen on.

    References
    ----------
    Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018; Frantzi, Ananiadou & Mima (2000),
    doi:10.1007/s007999900023 (nested terms); Bouma (2009), Proceedings of GSCL, 31-40 (NPMI). The
    weights, the preference for phrases and titles, and the rules on ends are ours.
    """
    counts = _Counts.of(docs, topics)
    named = None if titles is None else _Counts.of(titles, topics)
    torn = set() if alone is None else _seldom_alone(counts.overall, alone)
    scored: dict[int, list[tuple[float, str]]] = {}
    for topic, held in counts.topics.items():
        size = counts.sizes[topic]
        floor = max(2.0, min(3.0, size / 10), min_share * size)
        least = min(min_lift, (1 + counts.n_docs / size) / 2)
        frequent = {p for p, n in held.items() if n >= floor and counts.lift(p, topic) >= least}
        inside = [doc for doc, t in zip(docs, topics.tolist(), strict=True) if t == topic]
        left_out = torn | _nested(inside, held, floor=floor)
        scored[topic] = sorted(
            (-_score(phrase, topic, counts, named), phrase)
            for phrase in frequent - left_out
            if is_term(phrase)
        )
    drawn = _drawn_together(docs, {t: listed[:POOL] for t, listed in scored.items()})
    return {
        topic: _without_repeats([*drawn[topic], *listed[POOL:]], top=top)
        for topic, listed in scored.items()
    }


def _score(phrase: str, topic: int, counts: _Counts, named: _Counts | None) -> float:
    size, z = counts.sizes[topic], counts.z(phrase, topic)
    if named is not None:
        single = " " not in phrase and phrase.isascii()
        needed = max(2.0, TITLES_OF_WORDS * size) if single else 1.0
        enough = named.topics[topic][phrase] >= needed
        z = z + max(named.z(phrase, topic), 0.0) if enough else UNTITLED * z
    share = counts.topics[topic][phrase] / size
    cover = share / (share + HALF_COVER)
    return z * cover * _length_preference(phrase) * counts.apart(phrase, topic)


def _seldom_alone(overall: Mapping[str, int], alone: Sequence[frozenset[str]]) -> set[str]:
    """Phrases that hardly ever stand by themselves; the share is drawn towards one half."""
    by_itself = Counter(chain.from_iterable(alone))
    return {p for p, count in overall.items() if by_itself[p] + 1 < ALONE * (count + 2)}


def _nested(docs: list[frozenset[str]], counts: Counter[str], *, floor: float) -> set[str]:
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


def _log_odds_z(count: int, size: int, overall: int, total: int) -> float:
    base = overall / total
    inside, outside = count + PRIOR_DOCS * base, overall - count + PRIOR_DOCS * base
    missing_in = size - count + PRIOR_DOCS * (1 - base)
    missing_out = (total - size) - (overall - count) + PRIOR_DOCS * (1 - base)
    if not inside:
        return 0.0  # nowhere
    odds = math.log(inside / max(missing_in, 1e-9)) - math.log(outside / max(missing_out, 1e-9))
    return odds / math.sqrt(1 / inside + 1 / outside)


def _length_preference(phrase: str) -> float:
    words = phrase.count(" ") + 1
    if words == 1 and "\u4e00" <= phrase[0] <= "\u9fff":
        return 1.0 if len(phrase) < 4 else 1.3
    return {1: 0.5, 2: 1.15}.get(words, 1.25)


def _drawn_together(
    docs: Sequence[frozenset[str]], pools: Mapping[int, list[tuple[float, str]]]
) -> dict[int, list[tuple[float, str]]]:
    """Each pool by score and mean NPMI with the rest of it, weighted by their scores.

    Phrases that share a word stand together anyway and do not count for each other.
    """
    names = sorted({phrase for pool in pools.values() for _, phrase in pool})
    place = {name: at for at, name in enumerate(names)}
    rows, columns = [], []
    for row, doc in enumerate(docs):
        held = sorted(place[name] for name in doc & place.keys())
        rows += [row] * len(held)
        columns += held
    shape = (max(len(docs), 1), max(len(names), 1))
    table = sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    return {topic: _reordered(table, place, pool) for topic, pool in pools.items()}


def _reordered(
    table: sparse.csc_array, place: Mapping[str, int], pool: list[tuple[float, str]]
) -> list[tuple[float, str]]:
    if len(pool) < 2 or pool[0][0] >= 0:
        return pool
    held = table[:, [place[phrase] for _, phrase in pool]]
    npmi = pair_npmi((held.T @ held).toarray() / table.shape[0])
    words = [set(phrase.split()) for _, phrase in pool]
    apart = np.array([[not (one & other) for other in words] for one in words])
    score = np.array([score for score, _ in pool]) / pool[0][0]
    weight = apart * np.maximum(score, 0.0)
    coherent = (npmi * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    order = np.argsort(-np.round(score + DRAWN * coherent, 9), kind="stable")
    return [pool[at] for at in order]


def _without_repeats(ordered: list[tuple[float, str]], *, top: int) -> list[str]:
    """The first phrases of which none repeats another, best score first (scores are negative)."""
    kept: list[tuple[float, str]] = []
    for score, phrase in ordered:
        clash = [pair for pair in kept if _overlap(phrase, pair[1])]
        if not clash and len(kept) < top:
            kept.append((score, phrase))
        elif clash and all(_gives_way(worth, other, score, phrase) for worth, other in clash):
            kept = [(score, phrase) if pair == clash[0] else pair for pair in kept]
            kept = [pair for pair in kept if pair not in clash]
    return [phrase for _, phrase in sorted(kept)]


def _gives_way(worth: float, part: str, score: float, phrase: str) -> bool:
    least = SWAP_PHRASE if " " in part else SWAP_WORD
    return f" {part} " in f" {phrase} " and score <= least * worth


_ENDINGS = re.compile(r"(?<=\w{4})(?:ion|or|er|ing|ed|al|ive|e)$")


def _overlap(phrase: str, other: str) -> bool:
    """Whether phrases share most of their words, but for endings ("detection", "detector")."""
    words, others = ({_ENDINGS.sub("", word) for word in text.split()} for text in (phrase, other))
    shared = len(words & others)
    return phrase in other or other in phrase or shared * 2 > min(len(words), len(others))
