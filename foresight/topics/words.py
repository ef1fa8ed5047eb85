"""Words and phrases of documents in two languages, and what tells one topic from the rest."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

PATENT_WORDS = frozenset(
    """
    accordance according adapted additionally advantageously aforementioned allowing and/or
    apparatus appropriate arranged arrangement aspect aspects associated based benefit capable
    certain claim claimed claims comprise comprised comprises comprising configured
    consisting consists contain contained containing contains corresponding couple
    coupled defined described desired determine determined determines determining device devices
    disclosed disclosure disposed embodiment embodiments enable enabled enables enabling example
    exemplary faster feature features formed forming forms fourth function functions general
    generally generate generated generating given having herein hereinafter improved include
    included includes including indicate indicating invention inventive kind like located
    main manner mean means method methods mode mounted near new novel obtain obtained
    obtaining operable operate operating operation output owing particular particularly perform
    performed performing plural plurality portion portions position possible predetermined
    preferable preferably present prevent previous previously problem process
    processes produce produced producing propose proposed provide provided provides providing
    purpose receive received receives receiving relate related relates relating relative
    representative respect respective respectively result resulting results said second
    selected selectively set sets solution step steps suitable system systems technique techniques
    teaching teachings thereby therefor therefore therefrom therein thereof thereon thereto
    third type types unit units use used useful user uses using utility utilize utilized
    utilizes utilizing various way ways wherein whereby work works
    approach paper papers show shows shown demonstrate demonstrates demonstrated results
    experiment experiments experimental propose existing recent recently state-of-the-art
    study studies task tasks achieve achieves efficient effective performance
    """.split()
)
OTHER_WORDS = frozenset(
    """
    able amount amounts allow allows b bottom c comprising d e end ends f first g group h high
    higher i ii iii in inner iv j k l large larger least left less long low lower m make makes
    making max min more most n non number numbers o one outer p part parts preferred q r right s
    say side sides size small smaller subject sub t three time times top two u upper v value values
    vi w x y z different adjacent substantially predetermined thereof time_period connected
    connection
    facing opposite extending extends opposed adapted follows following easily good better best
    weight weight% wt mol invention's having consist formula represented independently
    optionally alkyl integer compound(s) respectively providing change changes changed changing
    increase increased increasing decrease decreased reduce reduced reducing reduces improve
    improves improving maintain maintaining
    """.split()
)
STOP_WORDS = ENGLISH_STOP_WORDS | PATENT_WORDS | OTHER_WORDS
CHINESE_STOP_WORDS = frozenset(
    """
    本发明 一种 所述 其特征在于 其中 包括 以及 用于 方法 装置 系统 进行 具有 通过 提供
    公开 涉及 根据 基于 实现 可以 使用 采用 设置 技术 领域 实用新型 步骤 上述 多个 至少
    一个 第一 第二 该 的 了 和 与 在 研究 结果 分析 提出 本文 目的 影响 应用 问题 作用 以
    对 及 为 是 有 中 上 下 等 或 将 其 并 从 被 由 表明 探讨 不同 主要 方面 情况 发展 存在
    利用 建立 具体 相关 得到 能够 有效 特征 在于 以下
    """.split()
)

_TOKEN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*|[\u4e00-\u9fff]+|[^\sa-z0-9\u4e00-\u9fff]")
_HTML = re.compile(r"<[^<>]{0,40}>|&[a-z]{2,8};|&#\d{1,6};")
_WORD = re.compile(r"[a-z][a-z0-9'-]*[a-z0-9]|[0-9]+d|[0-9]g")


def tokens(text: str) -> list[str | None]:
    """Tokens of a text, with None where a phrase must break (stop word, punctuation).

    English words are lower-cased and kept with their inner hyphens; runs of Chinese are cut by
    rjieba. HTML remains are dropped.
    """
    folded = unicodedata.normalize("NFKC", _HTML.sub(" ", text)).lower()
    found: list[str | None] = []
    for token in _TOKEN.findall(folded):
        if "\u4e00" <= token[0] <= "\u9fff":
            found.extend(_chinese(token))
        elif _WORD.fullmatch(token) and token not in STOP_WORDS:
            found.append(singular(token))
        else:
            found.append(None)
    return found


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


def singular(word: str) -> str:
    """Singular of a regular English plural; other words unchanged."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEEP_S):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def phrases(text: str, *, longest: int = 3) -> list[str]:
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


def telling_phrases(
    texts: Sequence[str],
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
    two or three words are preferred to single ones; a phrase that repeats the words of a better
    one, or ends in a participle or adverb, is left out.

    Parameters
    ----------
    texts : sequence of str
    topics : array of shape (n_texts,)
        Topic number of each text.
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
    Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018. The preference for phrases is ours.
    """
    docs = [frozenset(phrases(text)) for text in texts]
    overall = Counter(phrase for doc in docs for phrase in doc)
    found: dict[int, list[str]] = {}
    for topic in sorted({int(t) for t in topics}):
        inside = [doc for doc, t in zip(docs, topics, strict=True) if t == topic]
        counts = Counter(phrase for doc in inside for phrase in doc)
        floor = max(2.0, min_share * len(inside))
        scored = []
        for phrase, count in counts.items():
            lift = (count / len(inside)) / (overall[phrase] / len(docs))
            if count < floor or lift < min_lift or phrase.endswith(_LOOSE_ENDS):
                continue
            z = _log_odds_z(count, len(inside), overall[phrase], len(docs), prior_docs)
            scored.append((-z * _length_preference(phrase), phrase))
        found[topic] = _without_repeats([phrase for _, phrase in sorted(scored)], top=top)
    return found


_LOOSE_ENDS = ("ed", "ly", "ing to", " active", " negative", " positive", " non-aqueous")


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
    return {1: 0.75, 2: 1.15, 3: 1.25}[words]


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
