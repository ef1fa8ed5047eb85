"""Vectors of documents: where they are kept, and how those that are missing are made."""

from __future__ import annotations

import pandas as pd

from foresight.provenance import VectorCache
from foresight.settings import cache_dir
from foresight.topics.embedding import embed
from foresight.topics.encoders import encoder_named
from foresight.topics.model import texts_of


def vector_cache(encoder: str) -> VectorCache:
    """Where the document vectors of an encoder are kept, by its name."""
    return VectorCache(cache_dir() / "embeddings" / encoder)


def embed_documents(documents: pd.DataFrame, *, encoder: str, jobs: int, progress: bool) -> None:
    """Embed documents (title, abstract) that have no vector yet, one process per job."""
    if documents.empty:
        return
    embed(
        texts_of(documents),
        encoder=encoder_named(encoder),
        cache=vector_cache(encoder),
        jobs=jobs,
        progress=progress,
    )
