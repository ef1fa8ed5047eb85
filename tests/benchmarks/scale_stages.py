"""The stages that are measured on a generated corpus; each runs as a process of its own.

`python scale_stages.py STAGE ARGUMENTS` prints one line of JSON.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import duckdb
import ibis
import pyarrow.parquet as pq

AS_OF = "2024-12-31"
READ = {
    "documents": ["doc_id", "status"],
    "classes": ["doc_id", "scheme", "code"],
    "search_text": ["doc_id", "text_en", "text_zh"],
}


def stage_import(folder: str, name: str) -> dict:
    """Parts of the interchange format to a corpus."""
    from foresight.run.reading import read_bulk

    start = time.perf_counter()
    marks = []
    corpus, _ = read_bulk(
        "interchange-parts",
        [Path(folder)],
        name=name,
        progress=lambda n: marks.append(time.perf_counter() - start),
    )
    return {"read_s": marks[-1], "rows": dict(corpus.manifest["rows"]), "digest": corpus.digest}


def stage_add(part: str, to: str) -> dict:
    """A delivery, read in already, to the corpus that it belongs to."""
    from foresight.corpus.deliveries import add_delivery
    from foresight.corpus.store import open_corpus

    corpus, delivery = add_delivery(open_corpus(part), to=to, label="1 %", day="2026-01-01")
    return {"new": delivery.new, "rows": dict(corpus.manifest["rows"]), "digest": corpus.digest}


def stage_match(name: str, again: str = "") -> dict:
    """All documents to the tracks of the registry; `again`: with the results that are there."""
    from foresight.corpus.select import match_tracks
    from foresight.corpus.store import open_corpus
    from foresight.tracks import load_registry

    corpus = open_corpus(name)
    for old in [*corpus.folder.glob("matches-*"), *corpus.folder.glob("strata-*")]:
        if not again:
            old.unlink()
    matches = match_tracks(corpus, load_registry().terms())
    found = {"matches": len(matches), "documents_matched": int(matches["doc_id"].nunique())}
    return found | {"tracks": int(matches["track"].nunique())}


def stage_scan(name: str) -> dict:
    """Read the columns that matching reads, and do nothing with them but add up their lengths."""
    from foresight.corpus.store import open_corpus

    corpus = open_corpus(name)
    start = time.perf_counter()
    for table, columns in READ.items():
        sums = ", ".join(f"sum(length({column}))" for column in columns)
        path = str(corpus.folder / f"{table}.parquet")
        duckdb.sql(f"SELECT {sums} FROM read_parquet('{path}')").fetchall()  # noqa: S608
    duck = time.perf_counter() - start
    start = time.perf_counter()
    size = 0
    for table, columns in READ.items():
        with pq.ParquetFile(corpus.folder / f"{table}.parquet") as file:
            for batch in file.iter_batches(1 << 16, columns=columns):
                size += batch.nbytes
    return {"duckdb_s": duck, "pyarrow_s": time.perf_counter() - start, "bytes": size}


def stage_pandas(name: str, documents: str) -> dict:
    """One compiled expression per term over a part of the texts, beside ours on the same part."""
    import pandas as pd

    from foresight.corpus.hits import find_hits, look_for
    from foresight.corpus.spans import Span
    from foresight.corpus.store import open_corpus
    from foresight.tracks import load_registry

    corpus = open_corpus(name)
    texts = corpus.table("search_text")
    part = corpus.read(texts.order_by("doc_id").limit(int(documents) + 1))
    span = Span(None, part["doc_id"].iloc[-1] if len(part) > int(documents) else None)
    part = part.iloc[: int(documents)]
    wanted = look_for(load_registry().terms())
    start = time.perf_counter()
    ours = corpus.read(find_hits(corpus, wanted, span=span).select("doc_id", "kind", "term"))
    ours_s = time.perf_counter() - start
    forms = wanted.forms.to_pandas()
    start = time.perf_counter()
    spoken = {
        ("latin", True): part["text_en"],
        ("latin", False): part["text_en"].str.lower(),
        ("han", False): part["text_zh"].fillna(""),
    }
    found = []
    for (term, script, cased), some in forms.groupby(["term", "script", "cased"]):
        pattern = re.compile("|".join(re.escape(form) for form in some["form"]))
        hit = spoken[script, bool(cased)].map(lambda text, p=pattern: p.search(text) is not None)
        found.append(pd.DataFrame({"doc_id": part["doc_id"][hit], "term": term}))
    theirs = pd.concat(found).drop_duplicates()
    pandas_s = time.perf_counter() - start
    ours = ours[ours["kind"].str.contains("_en|_zh")][["doc_id", "term"]].drop_duplicates()
    both = ours.merge(theirs, on=["doc_id", "term"])
    if not len(both) == len(ours) == len(theirs):
        msg = f"{len(ours)} hits by us, {len(theirs)} by regular expressions, {len(both)} by both"
        raise ValueError(msg)
    return {"documents": len(part), "ours_s": ours_s, "pandas_s": pandas_s, "hits": len(ours)}


def stage_years(name: str) -> dict:
    """Documents of each year: the denominators of shares."""
    from foresight.corpus.store import open_corpus
    from foresight.corpus.view import as_of

    totals = as_of(open_corpus(name), AS_OF).yearly_totals()
    return {"years": len(totals), "documents": int(totals["n_docs"].sum())}


def stage_edges(name: str, track: str) -> dict:
    """References from and to the documents of a track, and among all documents these name."""
    from foresight.corpus.select import match_tracks
    from foresight.corpus.store import open_corpus
    from foresight.corpus.view import as_of
    from foresight.tracks import load_registry

    corpus = open_corpus(name)
    matches = match_tracks(corpus, load_registry().terms())
    start = time.perf_counter()
    core = matches.loc[matches["track"] == track, ["doc_id"]].drop_duplicates()
    del matches
    view = as_of(corpus, AS_OF)
    ids = corpus.backend.create_table("core", ibis.memtable(core), temp=True)
    edges = view.references.select("citing_id", "cited_id")
    touching = edges.filter(edges.citing_id.isin(ids.doc_id) | edges.cited_id.isin(ids.doc_id))
    touching = corpus.backend.create_table("touching", touching, temp=True)
    near = ibis.union(
        touching.select(doc_id="citing_id"), touching.select(doc_id="cited_id"), distinct=True
    )
    near = corpus.backend.create_table("near", near, temp=True)
    among = edges.filter(edges.citing_id.isin(near.doc_id) & edges.cited_id.isin(near.doc_id))
    path = corpus.folder / "edges.parquet"
    corpus.backend.to_parquet(among, path)
    return {
        "edges_s": time.perf_counter() - start,
        "track_documents": len(core),
        "touching": int(touching.count().execute()),
        "neighbourhood": int(near.count().execute()),
        "among": pq.read_metadata(path).num_rows,
        "bytes": path.stat().st_size,
    }


if __name__ == "__main__":
    begun = time.perf_counter()
    result = globals()[f"stage_{sys.argv[1]}"](*sys.argv[2:])
    print(json.dumps({"work_s": time.perf_counter() - begun, **result}))  # noqa: T201
