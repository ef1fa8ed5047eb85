"""Make `data/models/static-multilingual-1.npz`: `python -m foresight.run.distil`.

Needs the default corpus (`foresight corpus build sample`) and some three minutes. The same machine
and versions give the same bytes; on another processor the last bits of the encoder differ, and with
them a few of the rounded values. After a change, raise the number in the encoder's name and set
`DIGEST` in `foresight.topics.static`.
"""

from __future__ import annotations

import re
import sys

import numpy as np

from foresight.corpus.store import open_corpus
from foresight.glossary import load_glossary
from foresight.provenance import atomic_path, file_digest, text_digest
from foresight.settings import Settings
from foresight.topics import distil
from foresight.topics.model import texts_of
from foresight.topics.static import model_path, token_ids

PATENTS = 6000  # of the default corpus, those whose id has the smallest digest
HELD_OUT = "0123"  # first digit of the digest of glossary terms that are kept for measurement


def training_patents() -> list[str]:
    """Ids of the patents whose texts train the token vectors, the same whatever the order."""
    corpus = open_corpus("sample")
    ids = corpus.read(corpus.table("documents").select("doc_id"))["doc_id"]
    return sorted(ids, key=text_digest)[:PATENTS]


def glossary_pairs(*, held_out: bool) -> list[tuple[str, str]]:
    """English and Chinese terms of the glossary: those that train, or those that never do.

    Pairs are never used as pairs: each side trains its own tokens. A quarter, by digest of the
    Chinese term, is held out; held-out pairs are those of two English words or more whose
    Chinese is the translation of one term only.
    """
    terms = load_glossary().terms
    pairs = [(en, zh) for en, zh in terms.items() if re.search(r"[\u4e00-\u9fff]", zh)]
    kept = [(en, zh) for en, zh in pairs if (text_digest(zh)[0] in HELD_OUT) == held_out]
    if not held_out:
        return kept
    times: dict[str, int] = {}
    for _, zh in pairs:
        times[zh] = times.get(zh, 0) + 1
    return [(en, zh) for en, zh in kept if times[zh] == 1 and " " in en]


def main(jobs: int = 2) -> None:
    """Train, write the file, print its digest."""
    corpus = open_corpus("sample")
    rng = np.random.default_rng(Settings().seed)
    table = corpus.table("documents").select("doc_id", "title", "abstract")
    rows = corpus.read(table).set_index("doc_id").loc[training_patents()]
    pairs = glossary_pairs(held_out=False)
    chinese = [zh for _, zh in pairs]
    texts = [*texts_of(rows), *(en for en, _ in pairs), *chinese]
    alone = distil.contexts(distil.every_token_alone(), jobs=jobs, name="tokens alone")
    made_up = [*distil.runs_of_terms(chinese, rng), *distil.runs_of_tokens(rng)]
    seen = distil.contexts(
        [*(token_ids(text) for text in texts), *made_up], jobs=jobs, name="in context"
    )
    vectors = distil.token_vectors(alone, seen)
    arrays = distil.pack(vectors, distil.fine_tokens(seen))
    with atomic_path(model_path()) as part, part.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)
    size = model_path().stat().st_size / 1e6
    sys.stdout.write(f"{model_path()}: {size:.1f} MB, SHA-256 {file_digest(model_path())}\n")


if __name__ == "__main__":
    main()
