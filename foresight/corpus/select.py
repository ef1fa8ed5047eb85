"""Matching documents to tracks by class, keyword and topic, over a whole corpus.

The rules (METHODS, section 1; the strengths of classes and keywords are ours)
-----------------------------------------------------------------------------
- `core_class`: a CPC or IPC code under the prefix is enough. Route `class`.
- `broad_class`: counts only in a document that also has a keyword or context keyword of the
  same sub-direction, or of the track's own level. Route `class`.
- `keyword_en`, `keyword_zh`: the term in title or abstract is enough. Route `keyword`.
- `context_en`, `context_zh`: counts only in a document that also has a core or broad class of
  the same sub-direction, or of the track's own level. Route `keyword`.
- `topic`: the document carries the OpenAlex topic. Route `topic`.
- `exclude_class`, `exclude_en`, `exclude_zh`: the document leaves the track, whatever else it has.

A prefix with a slash ("H01M10/05") holds every code that begins with it; a main group without
one ("G06F16") holds itself and its subgroups, not "G06F161/00"; a subclass ("G06N") or shorter
holds all below. English terms match whole words in any number, hyphenation and British or
American spelling; terms of capitals with up to three letters ("LED", "6G") match capitals only.
Chinese terms match as substrings. See `foresight.corpus.terms`.

A match depends on the document and the registry alone, so no later document can change it.

Every document that a term of a track points to stands in one stratum of the track, in it or not
(`STRATA`): the frame from which `foresight.corpus.quality` estimates how sure retrieval is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight.corpus.hits import Wanted, check_terms, find_hits, look_for
from foresight.corpus.normalise import chinese_text, english_words
from foresight.corpus.spans import Span, spans
from foresight.corpus.store import Corpus, in_force
from foresight.corpus.terms import all_forms
from foresight.corpus.workspace import ROW_GROUP, regroup
from foresight.provenance import atomic_path, code_digest, text_digest
from foresight.tables import TRACK_MATCHES

STRATA = {
    "class_and_keyword": "a keyword, and a core class or a broad class beside a context keyword",
    "class": "a core class (or OpenAlex topic), no keyword",
    "keyword": "a keyword, and no class by which the document would be in without it",
    "broad": "a broad class beside a context keyword; neither keyword nor core class",
    "near_miss": "has a class or term of the track, and is not in it",
}
MATCHED = tuple(STRATA)[:-1]
WHOLE_TRACK = "*"  # scope of a term without a sub-direction
STRATUM = ("doc_id", "track", "stratum")
RESULTS = ("matches", "strata")
KEPT = 4  # results kept beside a corpus: the registry's, the draft's, those before an edit


def match_tracks(corpus: Corpus, terms: pd.DataFrame) -> pd.DataFrame:
    """Match every document of a corpus to the tracks of the registry.

    The result is kept beside the corpus under a digest of the terms and of the package's code,
    and read from there the next time; of other results the newest stay (`KEPT` in all).

    Parameters
    ----------
    corpus : Corpus
    terms : DataFrame
        track, sub_direction (null for a term of the whole track), kind (see the module), term.

    Returns
    -------
    DataFrame, table TRACK_MATCHES, sorted by its key
        One row per document, track, sub-direction, route and term; `term` as in the registry.

    Raises
    ------
    RegistryError
        If the terms lack a column or hold an unknown kind.
    """
    return _read(_results(corpus, terms)["matches"])


def track_strata(corpus: Corpus, terms: pd.DataFrame) -> pd.DataFrame:
    """Put every document that a registry's terms point to into its stratum of each track.

    Parameters and caching as for `match_tracks`.

    Returns
    -------
    DataFrame sorted by track and doc_id
        doc_id, track, stratum (of `STRATA`). Documents withdrawn before issue are left out.
    """
    return _read(_results(corpus, terms)["strata"])


def _results(corpus: Corpus, terms: pd.DataFrame) -> dict[str, Path]:
    """Files of matches and strata beside the corpus, there already or made in one pass."""
    rows = check_terms(terms).to_pylist()
    texts = ["\x1f".join("" if v is None else v for v in row.values()) for row in rows]
    key = text_digest(code_digest(), corpus.digest, *texts)[:12]
    paths = {name: corpus.folder / f"{name}-{key}.parquet" for name in RESULTS}
    if not all(_is_whole(path) for path in paths.values()):
        _write_results(corpus, look_for(terms), paths)
        for name in RESULTS:
            _keep_newest(list(corpus.folder.glob(f"{name}-*.parquet")))
    return paths


def _write_results(corpus: Corpus, wanted: Wanted, paths: dict[str, Path]) -> None:
    """Match span after span: hits and texts are in memory for the documents of one span only.

    Matches are written as they come, which is their order. Strata are ordered by track first, so
    they are held until the end, at some 30 bytes each.
    """
    strata: list[pa.Table] = []
    with atomic_path(paths["matches"]) as part, _writer(part, TRACK_MATCHES.names) as writer:
        for span in spans(corpus):
            strata += _match_span(corpus, wanted, span, writer)
    with atomic_path(paths["strata"]) as part, _writer(part, STRATUM) as writer:
        names = {name.as_py() for piece in strata for name in piece["track"].unique()}
        for track in sorted(names):
            of_track = [piece.filter(pc.equal(piece["track"], track)) for piece in strata]
            writer.write_table(pa.concat_tables(of_track).cast(writer.schema))


def _match_span(
    corpus: Corpus, wanted: Wanted, span: Span, writer: pq.ParquetWriter
) -> list[pa.Table]:
    """Write matches in the order of their key; give strata in the order of documents."""
    alone = replace(corpus)  # with a connection of its own: what it holds goes when it is closed
    try:
        hits = alone.work.keep("hits", find_hits(alone, wanted, span=span))
        matches = alone.work.keep("matches", apply_rules(hits))
        by_key = [ibis.asc(name, nulls_first=True) for name in TRACK_MATCHES.key]
        for piece in regroup(alone.work.batches(matches.order_by(by_key)), ROW_GROUP):
            writer.write_table(piece.cast(writer.schema))
        strata = _strata(alone, hits, matches, span).order_by("doc_id")
        return [_compact(piece) for piece in alone.work.batches(strata)]
    finally:
        alone.work.close()


def _keep_newest(paths: list[Path]) -> None:
    aged = sorted((path.stat().st_mtime_ns, path) for path in paths if path.exists())
    for _, old in aged[:-KEPT]:
        old.unlink(missing_ok=True)


def _strata(corpus: Corpus, hits: ir.Table, matches: ir.Table, span: Span) -> ir.Table:
    """Stratum of every document of a span and track that a hit points to."""
    contexts = hits.filter(hits.kind.isin(["context_en", "context_zh"]))
    weak = beside(scoped(hits.filter(hits.kind == "broad_class")), scoped(contexts))

    def marked(table: ir.Table, mark: str | ir.Value) -> ir.Table:
        return table.select("doc_id", "track", mark=mark)

    marks = ibis.union(
        marked(hits, hits.kind),
        marked(weak, ibis.literal("weak")),
        marked(matches, ibis.literal("matched")),
    )
    inside = in_force(span.of(corpus.table("documents"))).select("doc_id")
    flags = {
        "core": ["core_class", "topic"],
        "worded": ["keyword_en", "keyword_zh"],
        "weak": ["weak"],
        "matched": ["matched"],
    }
    frame = (
        marks.semi_join(inside, "doc_id")
        .group_by("doc_id", "track")
        .agg(**{name: marks.mark.isin(kinds).any() for name, kinds in flags.items()})
    )
    stratum = ibis.cases(
        (~frame.matched, "near_miss"),
        (frame.worded & (frame.core | frame.weak), "class_and_keyword"),
        (frame.worded, "keyword"),
        (frame.core, "class"),
        else_="broad",
    )
    return frame.select("doc_id", "track", stratum=stratum)


def _is_whole(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (FileNotFoundError, pa.ArrowInvalid):  # not there, or damaged
        return False
    return True


def _read(path: Path) -> pd.DataFrame:
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame


def _writer(path: Path, columns: Iterable[str]) -> pq.ParquetWriter:
    schema = pa.schema([(name, pa.large_string()) for name in columns])
    return pq.ParquetWriter(path, schema, compression="zstd")


def _compact(strata: pa.Table) -> pa.Table:
    """Strata with numbers in place of the few names of tracks and strata."""
    for name in ("track", "stratum"):
        place = strata.schema.get_field_index(name)
        strata = strata.set_column(place, name, strata[name].dictionary_encode())
    return strata


def contains_any(texts: pd.Series, *, en: Iterable[str] = (), zh: Iterable[str] = ()) -> pd.Series:
    """Tell which texts hold any of some terms, by the rules of track matching.

    For texts that are in memory already; whole corpora go through `match_tracks`.

    Parameters
    ----------
    texts : Series of text; null counts as empty
    en, zh : iterable of str
        Terms as in the registry.

    Returns
    -------
    Series of bool, same index
    """
    column = pa.array(texts.astype("str"), pa.large_string(), from_pandas=True)
    words, han = english_words(column), pc.fill_null(chinese_text(column), "")
    lower = pc.utf8_lower(words)
    hit = pa.array(np.zeros(len(texts), dtype=bool))
    for form in {form for forms in all_forms({*en, *zh}).values() for form in forms}:
        where = han if form.script == "han" else words if form.cased else lower
        hit = pc.or_(hit, pc.match_substring(where, form.form))
    return pd.Series(hit.to_numpy(zero_copy_only=False), index=texts.index, dtype=bool)


def apply_rules(hits: ir.Table) -> ir.Table:
    """Keep the hits that count (see the module) and name their route.

    Parameters
    ----------
    hits : Ibis table
        doc_id, track, sub_direction, kind, term.
    """
    pair = ["doc_id", "track"]
    hits = scoped(hits)

    def of(*kinds: str) -> ir.Table:
        return hits.filter(hits.kind.isin(kinds))

    keywords = of("keyword_en", "keyword_zh")
    contexts = of("context_en", "context_zh")
    core, broad = of("core_class"), of("broad_class")
    worded, classed = ibis.union(keywords, contexts), ibis.union(core, broad)
    excluded = of("exclude_class", "exclude_en", "exclude_zh").select(*pair).distinct()

    def routed(table: ir.Table, route: str) -> ir.Table:
        return table.select("doc_id", "track", "sub_direction", "term", route=ibis.literal(route))

    kept = ibis.union(
        routed(core, "class"),
        routed(beside(broad, worded), "class"),
        routed(keywords, "keyword"),
        routed(beside(contexts, classed), "keyword"),
        routed(of("topic"), "topic"),
    )
    return kept.anti_join(excluded, pair).select(*TRACK_MATCHES.names).distinct()


def scoped(hits: ir.Table) -> ir.Table:
    """Add the scope within which hits stand beside each other: sub-direction or whole track."""
    return hits.mutate(scope=hits.sub_direction.coalesce(WHOLE_TRACK))


def beside(weak: ir.Table, partners: ir.Table) -> ir.Table:
    """Hits that have a partner in the same document and sub-direction; a track's own serve all."""
    pair = ["doc_id", "track"]
    same = weak.semi_join(partners.select(*pair, "scope").distinct(), [*pair, "scope"])
    whole = partners.filter(partners.scope == WHOLE_TRACK)
    by_track = weak.semi_join(whole.select(*pair).distinct(), pair)
    of_track = weak.filter(weak.scope == WHOLE_TRACK)
    by_any = of_track.semi_join(partners.select(*pair).distinct(), pair)
    return ibis.union(same, by_track, by_any).distinct()
