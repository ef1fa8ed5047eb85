"""A claim, and the numbered set of all claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foresight.brief.reading import Unit
from foresight.brief.wording import (
    as_float,
    pick,
)
from foresight.provenance import join_ids

COLUMNS = [
    "claim_id",
    "section",
    "unit_id",
    "statement_zh",
    "statement_en",
    "value",
    "lo",
    "hi",
    "n",
    "unit",
    "doc_ids",
]

UNIT_WORD = {"topic": ("技术主题", "topic"), "sub_direction": ("细分方向", "sub-direction")}
UNIT_WORDS = {"topic": ("技术主题", "topics"), "sub_direction": ("细分方向", "sub-directions")}


SECOND_ORDER = {"zh": str.maketrans("“”", "‘’"), "en": str.maketrans("‘’", "“”")}

Say = Callable[[str], str]


@dataclass(frozen=True)
class Claim:
    """One statement in both languages; `key` is how a section finds it, `unit` that of `value`."""

    key: str
    section: int
    unit_id: str
    statement_zh: str
    statement_en: str
    value: float | None
    lo: float | None
    hi: float | None
    n: int
    unit: str
    doc_ids: tuple[str, ...]

    def statement(self, lang: str) -> str:
        """The sentence in a language."""
        return pick(lang, self.statement_zh, self.statement_en)


def claim_of(
    key: str,
    section: int,
    say: Say,
    *,
    unit_id: str,
    value: Any,
    n: int,
    unit: str,
    doc_ids: Iterable[str],
    lo: Any = None,
    hi: Any = None,
) -> Claim:
    """Build a claim; `say` gives its sentence in a language."""
    ids = tuple(sorted(doc_ids))
    numbers = (as_float(value), as_float(lo), as_float(hi))
    return Claim(key, section, unit_id, say("zh"), say("en"), *numbers, n, unit, ids)


class Claims:
    """The claims of a study, numbered within their sections."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._ids: dict[str, str] = {}
        self._by_key: dict[str, Claim] = {}
        counts: dict[int, int] = {}
        for claim in claims:
            counts[claim.section] = counts.get(claim.section, 0) + 1
            self._ids[claim.key] = f"S{claim.section}-{counts[claim.section]:02d}"
            self._by_key[claim.key] = claim

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with a prefix, in order."""
        return [key for key in self._by_key if key.startswith(prefix)]

    def claim(self, key: str) -> Claim:
        """The claim under a key."""
        return self._by_key[key]

    def mark(self, key: str) -> str:
        """The claim's number in brackets, such as `[S2-01]`; empty where there is no such claim."""
        return f"[{self._ids[key]}]" if key in self._ids else ""

    def frame(self) -> pd.DataFrame:
        """All claims as a table with the columns `COLUMNS`."""
        rows = [
            {
                "claim_id": self._ids[key],
                "section": claim.section,
                "unit_id": claim.unit_id,
                "statement_zh": claim.statement_zh,
                "statement_en": claim.statement_en,
                "value": claim.value,
                "lo": claim.lo,
                "hi": claim.hi,
                "n": claim.n,
                "unit": claim.unit,
                "doc_ids": join_ids(claim.doc_ids),
            }
            for key, claim in self._by_key.items()
        ]
        frame = pd.DataFrame(rows, columns=COLUMNS)
        return frame.astype({"value": "float64", "lo": "float64", "hi": "float64", "n": "int64"})


def quoted(text: str, lang: str) -> str:
    """A name in quotation marks; those inside it become marks of the second order."""
    inner = text.translate(SECOND_ORDER[lang])
    return pick(lang, f"“{inner}”", f"‘{inner}’")


def named(unit: Unit, lang: str) -> str:
    """A unit's kind and its name: `细分方向“固态电池”`."""
    gap = pick(lang, "", " ")
    return pick(lang, *UNIT_WORD[unit.kind]) + gap + quoted(unit.label(lang), lang)
