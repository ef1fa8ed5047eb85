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
from pathlib import Path

import ibis
import ibis.expr.types as ir
import ibis.selectors as s
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight.concordance import SUBCLASS_LENGTH
from foresight.corpus.normalise import chinese_text, class_code, english_words
from foresight.corpus.store import Corpus, in_force
from foresight.corpus.terms import form_table, term_forms
from foresight.errors import RegistryError
from foresight.provenance import atomic_path, code_digest, text_digest
from foresight.tables import TRACK_MATCHES, sort

CLASS_KINDS = ("core_class", "broad_class", "exclude_class")
TEXT_KINDS = (
    "keyword_en",
    "keyword_zh",
    "context_en",
    "context_zh",
    "exclude_en",
    "exclude_zh",
)
KINDS = (*CLASS_KINDS, *TEXT_KINDS, "topic")
TERM_COLUMNS = ("track", "sub_direction", "kind", "term")
STRATA = {
    "class_and_keyword": "a keyword, and a core class or a broad class beside a context keyword",
    "class": "a core class (or OpenAlex topic), no keyword",
    "keyword": "a keyword, and no class by which the document would be in without it",
    "broad": "a broad class beside a context keyword; neither keyword nor core class",
    "near_miss": "has a class or term of the track, and is not in it",
}
MATCHED = tuple(STRATA)[:-1]
WHOLE_TRACK = "*"  # scope of a term without a sub-direction
HIT = ("doc_id", *TERM_COLUMNS)
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
    return _results(corpus, terms)[0]


def track_strata(corpus: Corpus, terms: pd.DataFrame) -> pd.DataFrame:
    """Put every document that a registry's terms point to into its stratum of each track.

    Parameters and caching as for `match_tracks`.

    Returns
    -------
    DataFrame sorted by track and doc_id
        doc_id, track, stratum (of `STRATA`). Documents withdrawn before issue are left out.
    """
    return _results(corpus, terms)[1]


def _results(corpus: Corpus, terms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Matches and strata, from beside the corpus or computed in one pass."""
    table = check_terms(terms)
    rows = ["\x1f".join("" if v is None else v for v in row.values()) for row in table.to_pylist()]
    key = text_digest(code_digest(), corpus.digest, *rows)[:12]
    paths = [corpus.folder / f"{name}-{key}.parquet" for name in ("matches", "strata")]
    if not all(_is_whole(path) for path in paths):
        # Hits are few against the corpus and the rules use them nine times: they are held once.
        hits = ibis.memtable(corpus.backend.to_pyarrow(find_hits(corpus, table)))
        matches = sort(corpus.read(apply_rules(hits)), TRACK_MATCHES.key)
        strata = _strata(corpus, hits, matches)
        for path, result in zip(paths, (matches, strata), strict=True):
            with atomic_path(path) as part:
                pq.write_table(_arrow(result), part, compression="zstd")
        for name in ("matches", "strata"):
            _keep_newest(list(corpus.folder.glob(f"{name}-*.parquet")))
    matches, strata = (pq.read_table(path).to_pandas() for path in paths)
    return matches, strata


def _keep_newest(paths: list[Path]) -> None:
    aged = sorted((path.stat().st_mtime_ns, path) for path in paths if path.exists())
    for _, old in aged[:-KEPT]:
        old.unlink(missing_ok=True)


def _strata(corpus: Corpus, hits: ir.Table, matches: pd.DataFrame) -> pd.DataFrame:
    inside = in_force(corpus.table("documents")).select("doc_id")
    contexts = hits.filter(hits.kind.isin(["context_en", "context_zh"]))
    weak = beside(scoped(hits.filter(hits.kind == "broad_class")), scoped(contexts))
    flags = {
        "core": hits.kind.isin(["core_class", "topic"]).any(),
        "worded": hits.kind.isin(["keyword_en", "keyword_zh"]).any(),
    }
    found = hits.semi_join(inside, "doc_id").group_by("doc_id", "track").agg(**flags)
    paired = weak.select("doc_id", "track").distinct().mutate(weak=ibis.literal(True))
    frame = corpus.read(found.left_join(paired, ["doc_id", "track"]).drop(s.endswith("_right")))
    classed = frame["core"] | frame["weak"].fillna(False).astype(bool)
    stratum = pd.Series("broad", frame.index, dtype="str")
    stratum[frame["core"]] = "class"
    stratum[frame["worded"]] = "keyword"
    stratum[frame["worded"] & classed] = "class_and_keyword"
    pair = ["doc_id", "track"]
    matched = pd.MultiIndex.from_frame(frame[pair]).isin(pd.MultiIndex.from_frame(matches[pair]))
    frame["stratum"] = stratum.where(matched, "near_miss")
    return sort(frame[[*pair, "stratum"]], ["track", "doc_id"])


def _is_whole(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (FileNotFoundError, pa.ArrowInvalid):  # not there, or damaged
        return False
    return True


def _arrow(result: pd.DataFrame) -> pa.Table:
    schema = pa.schema([(name, pa.large_string()) for name in result.columns])
    return pa.Table.from_pandas(result, schema=schema, preserve_index=False)


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
    for term in sorted({*en, *zh}):
        for form in term_forms(term):
            where = han if form.script == "han" else words if form.cased else lower
            hit = pc.or_(hit, pc.match_substring(where, form.form))
    return pd.Series(hit.to_numpy(zero_copy_only=False), index=texts.index, dtype=bool)


def check_terms(terms: pd.DataFrame) -> pa.Table:
    """Check the terms of a registry and give them in canonical order without repetitions.

    Raises
    ------
    RegistryError
    """
    missing = [name for name in TERM_COLUMNS if name not in terms.columns]
    if missing:
        msg = (
            f"The terms of the registry lack the column(s) {', '.join(missing)}; "
            f"they have {', '.join(map(str, terms.columns))}."
        )
        raise RegistryError(msg)
    unknown = sorted(set(terms["kind"].dropna()) - set(KINDS))
    if unknown or terms[["track", "kind", "term"]].isna().any(axis=None):
        msg = (
            f"The terms of the registry hold unknown kind(s) {unknown} or empty cells. "
            f"Kinds are {', '.join(KINDS)}; only sub_direction may be empty."
        )
        raise RegistryError(msg)
    rows = sort(terms[list(TERM_COLUMNS)].drop_duplicates(), TERM_COLUMNS)
    schema = pa.schema([(name, pa.string()) for name in TERM_COLUMNS])
    return pa.Table.from_pandas(rows, schema=schema, preserve_index=False)


def find_hits(corpus: Corpus, terms: pa.Table, *, doc_id: str | None = None) -> ir.Table:
    """Every occurrence of a term, before the rules: doc_id, track, sub_direction, kind, term.

    With `doc_id`, those of one document.
    """
    rows = ibis.memtable(terms)
    classes, texts = corpus.table("classes"), corpus.table("search_text")
    if doc_id is not None:
        classes = classes.filter(classes.doc_id == doc_id)
        texts = texts.filter(texts.doc_id == doc_id)
    return ibis.union(
        class_hits(classes, rows.filter(rows.kind.isin(CLASS_KINDS)), terms),
        text_hits(texts, rows.filter(rows.kind.isin(TEXT_KINDS)), terms),
        topic_hits(classes, rows.filter(rows.kind == "topic")),
    ).distinct()


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


def class_hits(classes: ir.Table, rows: ir.Table, terms: pa.Table) -> ir.Table:
    """Documents that carry a code under a prefix of the registry.

    Each distinct code is written out as all its beginnings, and those are looked up: exact,
    without a comparison of every code with every prefix.
    """
    wanted = sorted({row["term"] for row in terms.to_pylist() if row["kind"] in CLASS_KINDS})
    prefixes = ibis.memtable(
        pa.table(
            {
                "term": pa.array(wanted, pa.string()),
                "prefix": pa.array([class_code(t).removesuffix("/") for t in wanted], pa.string()),
            }
        )
    )
    symbols = classes.filter(classes.scheme.isin(["cpc", "ipc"]))
    codes = symbols.select("code").distinct()
    begun = codes.mutate(end=ibis.range(1, codes.code.length() + 1).unnest())
    begun = begun.mutate(prefix=begun.code.substr(0, begun.end))
    whole = (
        (begun.end <= SUBCLASS_LENGTH)
        | begun.prefix.contains("/")
        | (begun.prefix == begun.code.split("/")[0])
    )
    found = begun.filter(whole).join(prefixes, "prefix").select("code", "term")
    dated = symbols.select("doc_id", "code").join(found, "code").select("doc_id", "term").distinct()
    return dated.join(rows, "term").select(*HIT)


def text_hits(texts: ir.Table, rows: ir.Table, terms: pa.Table) -> ir.Table:
    """Documents whose title or abstract has a term in one of its forms.

    The words of each document are looked up among the forms' longest words; only where one
    occurs is the text searched for the whole form.
    """
    frame = terms.to_pandas()
    forms = ibis.memtable(form_table(frame[frame["kind"].isin(TEXT_KINDS)]))
    latin = forms.filter(forms.script == "latin")
    words = texts.select("doc_id", anchor=texts.text_en.lower().split(" ").unnest()).distinct()
    likely = words.join(latin, "anchor").select("doc_id", "term", "form", "cased")
    read = likely.join(texts.select("doc_id", "text_en"), "doc_id")
    text = read.cased.ifelse(read.text_en, read.text_en.lower())
    english = read.filter(text.contains(read.form)).select("doc_id", "term")
    han = forms.filter(forms.script == "han").select("term", "form")
    chinese = texts.drop_null(["text_zh"]).select("doc_id", "text_zh")
    pairs = chinese.join(han, chinese.text_zh.contains(han.form)).select("doc_id", "term")
    found = ibis.union(english, pairs).distinct()
    return found.join(rows, "term").select(*HIT)


def topic_hits(classes: ir.Table, rows: ir.Table) -> ir.Table:
    """Documents that carry an OpenAlex topic ("T10234", alone or at the end of its address)."""
    topics = classes.filter(classes.scheme == "openalex_topic")
    coded = topics.select("doc_id", topic=topics.code.re_extract(r"([^/]*)$", 1).upper())
    named = rows.mutate(topic=rows.term.re_extract(r"([^/]*)$", 1).upper())
    return coded.join(named, "topic").select(*HIT).distinct()
