"""`foresight corpus info`: what a corpus holds, as text."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from foresight.corpus.deliveries import deliveries_of
from foresight.corpus.select import match_tracks
from foresight.corpus.store import Corpus
from foresight.corpus.view import as_of, default_as_of
from foresight.run.labelling import quality_table
from foresight.tables import CORPUS_TABLES
from foresight.tracks import load_registry

NULLABLE = ("abstract", "language", "filed", "priority", "granted", "office", "family_id", "venue")


def row_counts(rows: Mapping[str, int]) -> str:
    """Rows of each table of a corpus that has any, documents first."""
    named = ((table.name, rows[table.name]) for table in CORPUS_TABLES)
    return ", ".join(f"{count:,} {name}" for name, count in named if count)


def describe(corpus: Corpus) -> str:
    """Describe a corpus: source, coverage of fields, null rates, years, tracks by route.

    Returns
    -------
    str, several lines of plain text
    """
    manifest = corpus.manifest
    view = as_of(corpus, default_as_of(corpus))
    documents = view.frame("documents")
    lines = [
        f"{corpus.name}: {manifest['title']['en']}",
        f"{manifest['title']['zh']}",
        f"licence: {manifest['licence']['en']}",
        f"digest: {corpus.digest}",
        f"rows: {row_counts(manifest['rows'])}",
        f"published: {manifest['first_published']} to {manifest['last_published']}",
        *_deliveries(corpus),
        "",
        "share of documents that have: "
        + ", ".join(f"{name} {share:.1%}" for name, share in manifest["fields"].items()),
        "share of documents without: "
        + ", ".join(f"{name} {documents[name].isna().mean():.1%}" for name in NULLABLE),
        *(
            f"{name.replace('_', ' ')}: {n:,}"
            for name, n in sorted(manifest["counts"].items())
            if n
        ),
    ]
    lines += [f"note: {note}" for note in manifest["notes"]["en"]]
    lines += [f"note: {caveat['en']}" for caveat in manifest["caveats"]]
    lines += ["", "documents per year of publication", _indented(_by_decade(view.yearly_totals()))]
    lines += ["", "documents per track and route (a document may come by several routes)"]
    lines += [_indented(_routes(corpus, set(documents["doc_id"])))]
    lines += ["", *_quality(corpus)]
    return "\n".join(lines)


def _deliveries(corpus: Corpus) -> list[str]:
    return [
        f"delivery {one.number}, added {one.added} ({one.label}): {one.new:,} new, "
        f"{one.replaced:,} replaced, {one.identical:,} the same; published {one.first_published} "
        f"to {one.last_published}"
        for one in deliveries_of(corpus)
    ]


def _indented(frame: pd.DataFrame) -> str:
    text = frame.to_string(index=False)
    return "\n".join(f"  {line}" for line in text.splitlines())


def _by_decade(totals: pd.DataFrame) -> pd.DataFrame:
    """Totals of complete decades up to the last ten years, which are shown one by one."""
    last = int(totals["year"].max())
    early = totals["year"] <= last - 10
    first = (totals["year"] // 10 * 10).astype(str)
    label = (first + "s").where(early, totals["year"].astype(str))
    grouped = totals.assign(period=label).groupby("period", sort=False)
    return grouped[["n_docs", "n_patents", "n_papers"]].sum().reset_index()


def _quality(corpus: Corpus) -> list[str]:
    table = quality_table(corpus, load_registry())
    if table.empty:
        return [
            "retrieval quality (precision, recall): not measured for this corpus",
            f"(`foresight corpus label TRACK --corpus {corpus.name} --by NAME` starts)",
        ]
    return [
        "retrieval quality: documents by stratum; precision and recall with 95 % intervals",
        "(recall by capture-recapture between classes and keywords, taken as independent, so an",
        "upper estimate; near_miss: share of relevant documents among those just outside)",
        _indented(table),
    ]


def _routes(corpus: Corpus, visible: set[str]) -> pd.DataFrame:
    registry = load_registry()
    matches = match_tracks(corpus, registry.terms())
    matches = matches[matches["doc_id"].isin(visible)]
    table = matches.drop_duplicates(["doc_id", "track", "route"]).groupby(["track", "route"]).size()
    wide = table.unstack(fill_value=0).reindex(index=registry.slugs, fill_value=0)
    wide.insert(0, "documents", matches.groupby("track")["doc_id"].nunique())
    return wide.fillna(0).astype(int).reset_index().rename_axis(None, axis=1)
