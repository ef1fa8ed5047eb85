"""How often each document has each word, for many documents: words cut as cheaply as can be."""

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
MOST = np.iinfo(np.uint8).max  # times a document can have a word


def word_counts(latin: pa.ChunkedArray, chinese: pa.ChunkedArray) -> sparse.csr_array:
    """Count the words of each document.

    Latin words are lower-cased and put into the singular; stop words, numbers and single letters
    are left out. Chinese is cut into words by rjieba, single characters and stop words left out
    (`foresight.topics.words.tokens`).

    Parameters
    ----------
    latin : array of shape (n_docs,), text
        Words one space apart, as the column text_en of a corpus; null for none.
    chinese : array of shape (n_docs,), text
        As the column text_zh; null for none.

    Returns
    -------
    csr_array of shape (n_docs, n_words), uint8
        Words in alphabetical order. A document has a word at most 255 times.
    """
    pieces = [_latin_words(latin), _chinese_words(chinese)]
    vocabulary = sorted({word for _, _, words in pieces for word in words})
    number = {word: place for place, word in enumerate(vocabulary)}
    docs = np.concatenate([piece[0] for piece in pieces])
    places = np.concatenate(
        [np.array([number[word] for word in words], dtype=np.int64)[codes]
         for _, codes, words in pieces if len(codes)] or [np.empty(0, dtype=np.int64)]
    )  # fmt: skip
    shape = (len(latin), len(vocabulary))
    ones = np.ones(len(docs), dtype=np.int32)
    counts = sparse.csr_array(sparse.coo_array((ones, (docs, places)), shape=shape))
    counts.sum_duplicates()
    kept = np.minimum(counts.data, MOST).astype(np.uint8)
    return sparse.csr_array((kept, counts.indices, counts.indptr), shape=shape)


Words = tuple[NDArray[np.int64], NDArray[np.int64], list[str]]  # document, code, words by code


def _latin_words(texts: pa.ChunkedArray) -> Words:
    """Every word of every text; each spelling is looked at once."""
    flat = pc.fill_null(texts, "").combine_chunks()
    pieces = pc.split_pattern(pc.utf8_lower(flat), " ")
    docs = pc.list_parent_indices(pieces).to_numpy()
    coded = pc.dictionary_encode(pc.list_flatten(pieces))
    spellings = [_plain(word) for word in coded.dictionary.to_pylist()]
    codes, words = pd.factorize(pd.Series(spellings, dtype="object"))
    found = codes[coded.indices.to_numpy()]
    kept = found >= 0
    return docs[kept].astype(np.int64), found[kept].astype(np.int64), [str(w) for w in words]


def _plain(word: str) -> str | None:
    if not _WORD.fullmatch(word) or word in STOP_WORDS:
        return None
    one = singular(word)
    return None if one in STOP_WORDS else one


def _chinese_words(texts: pa.ChunkedArray) -> Words:
    docs, words = [], []
    for row, text in enumerate(texts.to_pylist()):
        if text:
            own = [word for word in tokens(text) if word and "\u4e00" <= word[0] <= "\u9fff"]
            docs += [row] * len(own)
            words += own
    codes, names = pd.factorize(pd.Series(words, dtype="object"))
    return np.array(docs, dtype=np.int64), codes.astype(np.int64), [str(name) for name in names]
