"""Topic labels in English and Chinese, and where each came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foresight.glossary import Glossary

LABEL_PHRASES = 3
LEAST_PHRASES = 2  # single words fill up to here only: alone they say little


@dataclass(frozen=True)
class Label:
    """A topic's label in two languages.

    `zh_source` says where the Chinese comes from: `documents` (the topic's own Chinese words),
    `glossary` (translated by the project's glossary) or `untranslated` (the English words stand
    in, because no phrase is in the glossary).
    """

    zh: str
    en: str
    words_zh: tuple[str, ...]
    words_en: tuple[str, ...]
    zh_source: str


def _is_chinese(phrase: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in phrase)


def label_topics(words: Sequence[Sequence[str]], *, glossary: Glossary) -> list[Label]:
    """Label topics side by side, so that no two begin alike where that can be helped.

    Topics that would begin with the same phrase ("fuel cell") each put one first that no other
    of the labels holds, where they have one.

    Parameters
    ----------
    words : sequence of sequences of str, one per topic
        Phrases, most telling first.
    glossary : Glossary
        See `label`.

    Returns
    -------
    list of Label, in the order of `words`
    """
    shown = [_shown(listed, glossary) for listed in words]
    firsts = Counter(phrases[0] for phrases in shown if phrases)
    held = Counter(phrase for phrases in shown for phrase in phrases)
    turned = [
        _own_first(phrases, held) if phrases and firsts[phrases[0]] > 1 else phrases
        for phrases in shown
    ]
    return [_written(*pair, glossary) for pair in zip(turned, words, strict=True)]


def label(words: Sequence[str], *, glossary: Glossary) -> Label:
    """Label a topic by its telling phrases.

    Parameters
    ----------
    words : sequence of str
        Phrases, most telling first, in either language.
    glossary : Glossary
        A phrase that it holds as a whole overtakes a composed one, or a word, right before it.

    Returns
    -------
    Label
        Up to three phrases per language, the same ones where the Chinese is a translation; of
        phrases with the same translation, one. A Chinese label never mixes in English words
        unless it is wholly untranslated.
    """
    return _written(_shown(words, glossary), words, glossary)


def _shown(words: Sequence[str], glossary: Glossary) -> list[str]:
    """English phrases that the label shows, those with a translation if any has one.

    Without English ones, the Chinese phrases.
    """
    english = [word for word in words if not _is_chinese(word)]
    if not english:
        return list(words[:LABEL_PHRASES])
    weak = [" " not in word or not glossary.knows(word) for word in english]
    order = sorted(range(len(english)), key=lambda at: (at + weak[at], weak[at]))
    distinct: dict[str, str] = {}
    for word in (english[at] for at in order):
        zh = glossary.translate(word)
        if zh is not None:
            distinct.setdefault(zh, word)
    return _pick(list(distinct.values()) or english)


def _pick(words: Sequence[str]) -> list[str]:
    """The first phrases, at most one of them a single word unless phrases are too few."""
    several = [word for word in words if " " in word][:LABEL_PHRASES]
    single = [word for word in words if " " not in word]
    kept = {*several, *single[: max(1, LEAST_PHRASES - len(several))]}
    return [word for word in words if word in kept][:LABEL_PHRASES]


def _own_first(phrases: list[str], held: Mapping[str, int]) -> list[str]:
    """Begin with a phrase that no other label holds, rather one of several words."""
    own = sorted((p for p in phrases if held[p] == 1), key=lambda p: " " not in p)[:1]
    return own + [phrase for phrase in phrases if phrase not in own]


def _written(shown: list[str], words: Sequence[str], glossary: Glossary) -> Label:
    chinese = list(dict.fromkeys(word for word in words if _is_chinese(word)))
    rest = [word for word in words if word not in shown]
    english = [*shown, *(word for word in rest if not _is_chinese(word))]
    pairs = {word: glossary.translate(word) for word in english}
    if chinese:
        zh, source = chinese, "documents"
    elif any(pairs.values()):
        zh, source = list(dict.fromkeys(t for t in pairs.values() if t is not None)), "glossary"
    else:
        zh, source = list(shown), "untranslated"
    return Label(
        zh="、".join(zh[: max(len(shown), LEAST_PHRASES)]),
        en=", ".join(shown),
        words_zh=tuple(zh),
        words_en=tuple(english if any(map(str.isascii, english)) else chinese),
        zh_source=source,
    )
