"""Topic labels in English and Chinese, and where each came from."""

from __future__ import annotations

from collections.abc import Sequence
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


def _pick(words: Sequence[str]) -> list[str]:
    """The first phrases of several words; single words fill up."""
    several = [word for word in words if " " in word or _is_chinese(word)][:LABEL_PHRASES]
    single = [word for word in words if word not in several]
    return several + single[: max(0, LEAST_PHRASES - len(several))]


def label(words: Sequence[str], *, glossary: Glossary) -> Label:
    """Label a topic by its telling phrases.

    Parameters
    ----------
    words : sequence of str
        Phrases, most telling first, in either language.
    glossary : Glossary
        Terms that it holds as a whole come before those it composes from parts.

    Returns
    -------
    Label
        Up to three phrases per language, the same ones where the Chinese is a translation. A
        Chinese label never mixes in English words unless it is wholly untranslated.
    """
    chinese = [word for word in words if _is_chinese(word)]
    english = [word for word in words if not _is_chinese(word)]
    pairs = {word: glossary.translate(word) for word in english}
    translated = [word for word in english if pairs[word]]
    translated.sort(key=lambda word: not glossary.knows(word))
    if chinese:
        zh, source = list(dict.fromkeys(chinese)), "documents"
        shown = _pick(english) if english else chinese[:LABEL_PHRASES]
    elif translated:
        picked = _pick(translated)
        rest = [word for word in translated if word not in picked]
        zh, source = list(dict.fromkeys(str(pairs[w]) for w in [*picked, *rest])), "glossary"
        english = [*picked, *(word for word in english if word not in picked)]
        shown = picked
    else:
        zh, source = _pick(english), "untranslated"
        shown = zh
    return Label(
        zh="、".join(zh[: max(len(shown), LEAST_PHRASES)]),
        en=", ".join(shown),
        words_zh=tuple(zh),
        words_en=tuple(english or chinese),
        zh_source=source,
    )
