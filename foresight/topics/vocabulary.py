"""Words and pairs of words of many documents as counts, cut as cheaply as can be."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from foresight.topics.word_lists import STOP_WORDS
from foresight.topics.words import singular, tokens

_WORD = re.compile(r"[a-z][a-z0-9]+")
Ints = NDArray[np.int64]

MOST = np.iinfo(np.uint8).max  # times a document can have a word


def word_counts(
    latin: pa.ChunkedArray, chinese: pa.ChunkedArray
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Count the words of each document, and its pairs of neighbouring words.

    Latin words are lower-cased and put into the singular; stop words, numbers and single letters
    are left out, and part their neighbours. Chinese is cut into words by rjieba, single characters
    and stop words left out (`foresight.topics.words.tokens`).

    Parameters
    ----------
    latin : array of shape (n_docs,), text
        Words one space apart, as the column text_en of a corpus; null for none.
    chinese : array of shape (n_docs,), text
        As the column text_zh; null for none.

    Returns
    -------
    words, bigrams : csr_array of shape (n_docs, n_words) and (n_docs, n_bigrams), uint8
        In alphabetical order. A document has a word at most 255 times.

    Notes
    -----
    Punctuation does not part Latin words where the corpus has taken it out.
    """
    docs, spellings = _positions(_latin_words(latin), _chinese_words(chinese))
    codes, names = pd.factorize(spellings, sort=True)
    kept = codes >= 0
    words = _matrix(docs[kept], codes[kept], n_docs=len(latin), n_columns=len(names))
    paired = kept[:-1] & kept[1:] & (docs[:-1] == docs[1:])
    keys = codes[:-1][paired].astype(np.int64) * len(names) + codes[1:][paired]
    found, places = np.unique(keys, return_inverse=True)
    bigrams = _matrix(docs[:-1][paired], places, n_docs=len(latin), n_columns=len(found))
    return words, bigrams


def _matrix(docs: Ints, columns: Ints, *, n_docs: int, n_columns: int) -> sparse.csr_array:
    ones = np.ones(len(docs), dtype=np.int32)
    shape = (n_docs, n_columns)
    counts = sparse.csr_array(sparse.coo_array((ones, (docs, columns)), shape=shape))
    counts.sum_duplicates()
    kept = np.minimum(counts.data, MOST).astype(np.uint8)
    return sparse.csr_array((kept, counts.indices, counts.indptr), shape=shape)


Coded = tuple[Ints, Ints, list[str | None]]  # document and code of every place, word by code


def _positions(*parts: Coded) -> tuple[Ints, pd.Categorical[str]]:
    """The places of all texts below one another: document, and word or null where words part."""
    words = pd.Index(sorted({word for _, _, names in parts for word in names if word}))
    end = np.array([-1], dtype=np.int64)  # no word of one part is a neighbour of one of the next
    docs: list[Ints] = []
    codes: list[Ints] = []
    for rows, places, names in parts:
        number = words.get_indexer(pd.Index(names, dtype="object"))
        docs += [rows, end]
        codes += [number[places] if len(places) else places, end]
    return np.concatenate(docs), pd.Categorical.from_codes(np.concatenate(codes), words)


def _latin_words(texts: pa.ChunkedArray) -> Coded:
    """Every place of every text; each spelling is looked at once."""
    flat = pc.fill_null(texts, "").combine_chunks()
    pieces = pc.split_pattern(pc.utf8_lower(flat), " ")
    docs = pc.list_parent_indices(pieces).to_numpy()
    coded = pc.dictionary_encode(pc.list_flatten(pieces))
    words = [_plain(word) for word in coded.dictionary.to_pylist()]
    return docs.astype(np.int64), coded.indices.to_numpy().astype(np.int64), words


def _plain(word: str) -> str | None:
    if not _WORD.fullmatch(word) or word in STOP_WORDS:
        return None
    one = singular(word)
    return None if one in STOP_WORDS else one


def _chinese_words(texts: pa.ChunkedArray) -> Coded:
    docs: list[int] = []
    words: list[str | None] = []
    for row, text in enumerate(texts.to_pylist()):
        for word in tokens(text) if text else ():
            docs.append(row)
            words.append(word if word and "\u4e00" <= word[0] <= "\u9fff" else None)
    return np.array(docs, dtype=np.int64), np.arange(len(words)), words
