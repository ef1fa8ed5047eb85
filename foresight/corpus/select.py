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

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight import settings
from foresight.corpus.derived import in_force
from foresight.corpus.hits import Wanted, check_terms, find_hits, look_for
from foresight.corpus.normalise import chinese_text, english_words
from foresight.corpus.parts import folder_of
from foresight.corpus.spans import Span, spans
from foresight.corpus.store import Corpus
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
MANY_STRATA = 4 * ROW_GROUP  # more than a span has, so that each track gets one row group of it
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
    """Files of matches and strata beside the corpus, there already or made in one pass.

    Of a corpus that grew by deliveries only what came since the last results is matched.
    """
    rows = check_terms(terms).to_pylist()
    texts = ["\x1f".join("" if v is None else v for v in row.values()) for row in rows]

    def at(digest: str) -> dict[str, Path]:
        key = text_digest(code_digest(), digest, *texts)[:12]
        return {name: corpus.folder / f"{name}-{key}.parquet" for name in RESULTS}

    paths = at(corpus.digest)
    if not _are_whole(paths):
        start = next((one for one in growth_steps(corpus) if _are_whole(at(one.digest))), None)
        if start is None:
            _write_results(corpus, look_for(terms), paths)
        else:
            grow_results(at(start.digest), start.parts, look_for(terms), paths)
        for name in RESULTS:
            _keep_newest(list(corpus.folder.glob(f"{name}-*.parquet")))
    return paths


@dataclass(frozen=True)
class Step:
    """A state of a corpus: its digest, and the deliveries that came after it."""

    digest: str
    parts: list[Corpus]


def growth_steps(corpus: Corpus) -> Iterator[Step]:
    """Earlier states of a corpus, the latest first, each delivery as a corpus of its own."""
    later: list[Corpus] = []
    for one in reversed(corpus.manifest.get("deliveries", [])):
        folder = folder_of(corpus.folder, int(one["number"]))
        later = [Corpus(f"{corpus.name} {one['number']}", folder, {}), *later]
        yield Step(str(one["digest_before"]), later)


def grow_results(
    before: dict[str, Path], parts: list[Corpus], wanted: Wanted, paths: dict[str, Path]
) -> None:
    """Join earlier results with those of later deliveries; a document counts as it came last."""
    found = {name: pq.read_table(before[name]) for name in RESULTS}
    with tempfile.TemporaryDirectory() as scratch:
        for part in parts:
            own = {name: Path(scratch) / f"{name}.parquet" for name in RESULTS}
            _write_results(part, wanted, own)
            ids = pq.read_table(part.folder / "documents.parquet", columns=["doc_id"])["doc_id"]
            for name, rows in found.items():
                kept = rows.filter(pc.invert(pc.is_in(rows["doc_id"], value_set=ids)))
                found[name] = pa.concat_tables([kept, pq.read_table(own[name])])
    strata = found["strata"]
    tracks = sorted(strata["track"].unique().to_pylist())
    _write_by_document(paths["matches"], TRACK_MATCHES.names, [found["matches"]])
    _write_by_document(
        paths["strata"],
        STRATUM,
        (strata.filter(pc.equal(strata["track"], track)) for track in tracks),
    )


def _write_by_document(path: Path, columns: Iterable[str], tables: Iterable[pa.Table]) -> None:
    """Write tables one after the other, each sorted by document; rows of one stay in order."""
    with atomic_path(path) as file, _writer(file, columns) as writer:
        for rows in tables:
            order = pc.array_sort_indices(rows["doc_id"])  # stable
            writer.write_table(rows.take(order).cast(writer.schema), row_group_size=ROW_GROUP)


def _write_results(corpus: Corpus, wanted: Wanted, paths: dict[str, Path]) -> None:
    """Match span after span: hits, texts and strata are in memory for the documents of one only.

    Matches are written as they come, which is their order. Strata are ordered by track first, so
    they wait in a file for each track.
    """
    place = settings.corpora_dir()
    with tempfile.TemporaryDirectory(prefix="foresight-", dir=place) as scratch:
        with (
            atomic_path(paths["matches"]) as part,
            _writer(part, TRACK_MATCHES.names) as writer,
            _Tracks(Path(scratch)) as waiting,
        ):
            for span in spans(corpus):
                _match_span(corpus, wanted, span, matches=writer, strata=waiting)
        with atomic_path(paths["strata"]) as part, _writer(part, STRATUM) as writer:
            for piece in regroup(waiting.pieces(), ROW_GROUP):
                writer.write_table(piece, row_group_size=ROW_GROUP)


class _Tracks:
    """Strata that wait in a file for each track, in the order in which they came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._paths: dict[str, Path] = {}  # numbered: a track's name may be no file's name

    def __enter__(self) -> _Tracks:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()

    def add(self, strata: pa.Table) -> None:
        """Keep strata that follow those before."""
        for track in strata["track"].unique().to_pylist():
            if track not in self._writers:
                self._paths[track] = self._folder / f"{len(self._paths)}.parquet"
                self._writers[track] = _writer(self._paths[track], STRATUM)
            writer = self._writers[track]
            of_track = strata.filter(pc.equal(strata["track"], track))
            writer.write_table(of_track.cast(writer.schema))

    def pieces(self) -> Iterator[pa.Table]:
        """All strata, track by track in the order of their names; after the writing."""
        for track in sorted(self._paths):
            with pq.ParquetFile(self._paths[track]) as file:
                for batch in file.iter_batches():
                    yield pa.Table.from_batches([batch])


def _match_span(
    corpus: Corpus, wanted: Wanted, span: Span, *, matches: pq.ParquetWriter, strata: _Tracks
) -> None:
    """Write matches in the order of their key, and strata in that of documents."""
    alone = replace(corpus)  # with a connection of its own: what it holds goes when it is closed
    try:
        hits = alone.work.keep("hits", find_hits(alone, wanted, span=span))
        found = alone.work.keep("matches", apply_rules(hits))
        by_key = [ibis.asc(name, nulls_first=True) for name in TRACK_MATCHES.key]
        for piece in regroup(alone.work.batches(found.order_by(by_key)), ROW_GROUP):
            matches.write_table(piece.cast(matches.schema))
        strata_of = _strata(alone, hits, found, span).order_by("doc_id")
        for piece in regroup(alone.work.batches(strata_of), MANY_STRATA):
            strata.add(piece)
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


def _are_whole(paths: dict[str, Path]) -> bool:
    return all(_is_whole(path) for path in paths.values())


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
