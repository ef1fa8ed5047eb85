"""Terms in texts and codes that are in memory: one pass, whatever the number of terms.

Each form of a term is looked up by its first two words (or Han characters), or its only one: their
hash leads to the few forms that begin with them, and these are compared letter by letter. The terms
found are those of `foresight.corpus.hits.text_terms`, which says the same to any engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foresight.concordance import SUBCLASS_LENGTH
from foresight.corpus import kernels
from foresight.corpus.columns import whole
from foresight.corpus.terms import PAIR

CODES_KEPT = 1 << 19  # codes whose terms are kept: all of CPC are half as many
ROOM = 1 << 20  # terms found that are held before they are handed on
Scan = Callable[..., tuple[int, int]]


@dataclass(frozen=True)
class Forms:
    """Forms of one script, ready to be looked up: `scan` goes through texts with them.

    Attributes
    ----------
    terms : list of str
    tables : tuple of arrays
        See `foresight.corpus.kernels`.
    scan : callable
    """

    terms: list[str]
    tables: tuple[Any, ...]
    scan: Scan

    def find(self, texts: pa.Array) -> Iterator[tuple[npt.NDArray[np.int64], pa.Array]]:
        """Places of texts and the terms that stand there, each pair once, some at a time."""
        data, starts = kernels.text_bytes(pc.fill_null(texts, ""))
        seen = np.full(len(self.terms), -1, np.int64)
        found = np.empty((max(ROOM, len(seen)), 2), np.int64)
        terms = pa.array(self.terms, pa.large_string())
        text = 0
        while text < len(texts):
            text, number = self.scan(data, starts, text, self.tables, seen, found)
            yield found[:number, 0].copy(), terms.take(pa.array(found[:number, 1]))


def latin_forms(forms: pa.Table) -> Forms:
    """Latin forms of `foresight.corpus.terms.form_table`, for texts in `english_words` form."""
    rows = forms.filter(pc.equal(forms["script"], "latin"))
    words = [text.split() for text in rows["form"].to_pylist()]
    letters = ["".join(f"{word} " for word in some).encode() for some in words]
    keys = [[word.lower().encode() for word in some[:PAIR]] for some in words]
    fold = np.arange(256, dtype=np.uint8)
    fold[ord("A") : ord("Z") + 1] += ord("a") - ord("A")
    return _forms(rows, letters, keys, fold, kernels.scan_words)


def han_forms(forms: pa.Table) -> Forms:
    """Han forms, for texts in `chinese_text` form."""
    rows = forms.filter(pc.equal(forms["script"], "han"))
    texts = rows["form"].to_pylist()
    keys = [[character.encode() for character in text[:PAIR]] for text in texts]
    same = np.arange(256, dtype=np.uint8)
    return _forms(rows, [text.encode() for text in texts], keys, same, kernels.scan_characters)


def _forms(
    rows: pa.Table, letters: list[bytes], keys: list[list[bytes]], fold: kernels.Bytes, scan: Scan
) -> Forms:
    codes = np.array([_code(key) for key in keys], dtype=np.uint64)
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    maybe = np.zeros(1 << kernels.FILTER, np.bool_)
    maybe[codes >> np.uint64(64 - kernels.FILTER)] = True
    sorted_letters = [letters[place] for place in order]
    starts = np.cumsum([0, *map(len, sorted_letters)])
    coded = whole(rows["term"]).dictionary_encode()
    tables = (
        maybe,
        codes,
        np.frombuffer(b"".join(sorted_letters), dtype=np.uint8),
        starts.astype(np.int64),
        rows["cased"].to_numpy()[order],
        coded.indices.to_numpy().astype(np.int64)[order],
        fold,
    )
    return Forms(coded.dictionary.to_pylist(), tables, scan)


def _code(key: list[bytes]) -> np.uint64:
    codes = [
        np.uint64(kernels.hash_bytes(np.frombuffer(part, dtype=np.uint8), 0, len(part)))
        for part in key
    ]
    return np.uint64(kernels.hash_pair(*codes)) if len(codes) == PAIR else codes[0]


def scan_texts(texts: pa.Table, *, latin: Forms, han: Forms) -> pa.Table:
    """Find the terms of a registry in texts.

    Parameters
    ----------
    texts : pyarrow Table
        doc_id, text_en, text_zh: rows of `search_text`.
    latin, han : Forms
        See `latin_forms` and `han_forms`.

    Returns
    -------
    pyarrow Table
        doc_id, term; a row comes at most twice: a term may stand in both languages' forms.
    """
    ids = whole(texts["doc_id"])
    chinese = np.flatnonzero(whole(pc.is_valid(texts["text_zh"])).to_numpy(zero_copy_only=False))
    spoken = whole(texts["text_zh"]).take(pa.array(chinese))
    found = [
        pa.table({"doc_id": ids.take(pa.array(place)), "term": term})
        for place, term in latin.find(whole(texts["text_en"]))
    ]
    found += [
        pa.table({"doc_id": ids.take(pa.array(chinese[place])), "term": term})
        for place, term in han.find(spoken)
    ]
    none = pa.table({"doc_id": pa.array([], ids.type), "term": pa.array([], pa.large_string())})
    return pa.concat_tables([none, *found])


class Prefixes:
    """Terms of classes by the beginnings of codes; see `foresight.corpus.hits.class_terms`.

    Parameters
    ----------
    prefixes : pyarrow Table
        term, prefix.
    """

    def __init__(self, prefixes: pa.Table) -> None:
        self._terms: list[str] = prefixes["term"].to_pylist()
        self._numbers: dict[str, list[int]] = {}
        for number, prefix in enumerate(prefixes["prefix"].to_pylist()):
            self._numbers.setdefault(prefix, []).append(number)
        self._known: dict[str, list[int]] = {}

    def find(self, classes: pa.Table) -> pa.Table:
        """Find the terms of documents with codes.

        Parameters
        ----------
        classes : pyarrow Table
            doc_id, scheme, code: rows of `classes`.

        Returns
        -------
        pyarrow Table
            doc_id, term; distinct.
        """
        schemes = pa.array(["cpc", "ipc"], classes["scheme"].type)
        classes = classes.filter(pc.is_in(classes["scheme"], value_set=schemes))
        coded = whole(classes["code"]).dictionary_encode()
        some = [self._of(code) for code in coded.dictionary.to_pylist()]
        sizes = np.array([len(numbers) for numbers in some], dtype=np.int64)
        flat = np.array([number for numbers in some for number in numbers], dtype=np.int64)
        rows = coded.indices.to_numpy()
        each = sizes[rows] if len(rows) else sizes
        owner = np.repeat(np.arange(len(rows)), each)
        nth = np.arange(len(owner)) - np.repeat(np.cumsum(each) - each, each)
        term = flat[(np.cumsum(sizes) - sizes)[rows[owner]] + nth] if len(owner) else flat
        documents = whole(classes["doc_id"]).dictionary_encode()
        both = documents.indices.to_numpy().astype(np.int64)[owner] * len(self._terms) + term
        both = np.unique(both)
        places, terms = both // max(len(self._terms), 1), both % max(len(self._terms), 1)
        return pa.table(
            {
                "doc_id": documents.dictionary.take(pa.array(places)),
                "term": pa.array(self._terms, pa.large_string()).take(pa.array(terms)),
            }
        )

    def _of(self, code: str) -> list[int]:
        if code not in self._known:
            if len(self._known) >= CODES_KEPT:
                self._known.clear()
            group = len(code.split("/", maxsplit=1)[0])
            ends = [*range(1, min(SUBCLASS_LENGTH, len(code)) + 1), *range(group, len(code) + 1)]
            found = {n for end in ends for n in self._numbers.get(code[:end], [])}
            self._known[code] = sorted(found)
        return self._known[code]
