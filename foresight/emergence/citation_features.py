"""Features from what a unit's documents cite and who cites them; missing without references."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import Snapshot
from foresight.indicators.coherence import coherence
from foresight.indicators.generality import originality
from foresight.indicators.impact import citation_percentile
from foresight.indicators.pace import cycle_time, science_linkage

RECENT = 3  # years: T-2 to T
MIN_REFERRING = 0.1  # share of documents with a reference: below, references are not on record


def has_citations(snapshot: Snapshot) -> bool:
    """Whether at least a tenth of the documents known cite another one that is known."""
    graph = snapshot.graph
    return bool((graph.out_degree > 0).mean() >= MIN_REFERRING)


def _received(snapshot: Snapshot, *, cited_after: int, citing_after: int) -> pd.Series:
    """Citations by documents after one year received by documents after another, per document."""
    graph = snapshot.graph
    times = graph.times
    citing, cited = graph.arcs()
    used = (times[citing] > citing_after) & (times[cited] > cited_after)
    counts = np.bincount(cited[used], minlength=graph.n_nodes).astype(float)
    return pd.Series(counts, index=graph.ids)


def citations(snapshot: Snapshot) -> pd.Series:
    """Citations that a unit's documents received in T-2 … T."""
    if not has_citations(snapshot):
        return snapshot.missing()
    counts = _received(
        snapshot, cited_after=-(10**6), citing_after=snapshot.last_year - RECENT
    ).reindex(snapshot.dated["doc_id"])
    by_unit = pd.Series(counts.to_numpy()).groupby(snapshot.dated["unit_id"].to_numpy()).sum()
    return by_unit.reindex(snapshot.units)


def young_citations(snapshot: Snapshot) -> pd.Series:
    """Citations per document of T-2 … T, received by T."""
    if not has_citations(snapshot):
        return snapshot.missing()
    begin = snapshot.last_year - RECENT
    counts = _received(snapshot, cited_after=begin, citing_after=begin)
    return snapshot.mean(counts, snapshot.recent(RECENT))


def impact(snapshot: Snapshot) -> pd.Series:
    """Mean percentile of citations received by T among documents of the year; of the window.

    Within kind and year; papers and patents are cited at different rates.
    """
    if not has_citations(snapshot):
        return snapshot.missing()
    documents = snapshot.records.documents
    graph = snapshot.graph
    frame = pd.DataFrame(
        {
            "doc_id": graph.ids,
            "field": documents["kind"].reindex(graph.ids).to_numpy(),
            "year": graph.times,
            "n_citations": graph.in_degree,
        }
    )
    percentile = citation_percentile(frame)["percentile"]
    return snapshot.mean(percentile, snapshot.recent(snapshot.settings.window))


def pace(snapshot: Snapshot) -> pd.Series:
    """Minus the mean cycle time of the window: median age of what is cited, of the own kind."""
    if not has_citations(snapshot):
        return snapshot.missing()
    documents = snapshot.records.documents
    parts = []
    for kind in sorted(documents["kind"].unique()):
        rows = documents[documents["kind"] == kind]
        asked = documents.reset_index()[["doc_id", "year"]]
        ages = cycle_time(asked, snapshot.records.references, kind=kind)["cycle_time"]
        parts.append(ages.reindex(rows.index))
    return -snapshot.mean(pd.concat(parts), snapshot.recent(snapshot.settings.window))


def science(snapshot: Snapshot) -> pd.Series:
    """Mean number of papers that a patent of the window cites."""
    patents = snapshot.records.documents.query("kind == 'patent'")
    if patents.empty or not has_citations(snapshot):
        return snapshot.missing()
    found = science_linkage(patents.reset_index()[["doc_id"]], snapshot.records.references)
    return snapshot.mean(found["science_linkage"], snapshot.recent(snapshot.settings.window))


def reference_vitality(snapshot: Snapshot) -> pd.Series:
    """Mean of 1 / (age + 1) over what the documents of the window cite, age at T.

    Klavans, Boyack & Murdick (2020), doi:10.1371/journal.pone.0239177; references to documents
    of the corpus known at T.
    """
    if not has_citations(snapshot):
        return snapshot.missing()
    citing, youth = _reference_values(snapshot)
    rows = snapshot.recent(snapshot.settings.window)
    unit = rows.set_index("doc_id")["unit_id"].reindex(citing).to_numpy()
    return pd.Series(youth).groupby(unit).mean().reindex(snapshot.units)


def _reference_values(snapshot: Snapshot) -> tuple[pd.Index, NDArray[np.float64]]:
    graph = snapshot.graph
    citing, cited = graph.arcs()
    age = snapshot.last_year - graph.times[cited]
    return graph.ids[citing], np.asarray(1.0 / (age + 1.0))


def coherent(snapshot: Snapshot) -> pd.Series:
    """Share of a unit's citations that stay inside it, less what chance gives."""
    if not has_citations(snapshot):
        return snapshot.missing()
    return coherence(snapshot.graph, snapshot.members)["excess"].reindex(snapshot.units)


def original(snapshot: Snapshot) -> pd.Series:
    """Mean originality of the window: over how many classes the references spread."""
    if not has_citations(snapshot) or snapshot.records.classes.empty:
        return snapshot.missing()
    found = originality(snapshot.graph, snapshot.records.classes)["originality"]
    return snapshot.mean(found, snapshot.recent(snapshot.settings.window))


FEATURES = (
    Feature("reference_vitality", reference_vitality, "vitality"),
    Feature("impact", impact, "impact"),
    Feature("pace", pace, "pace"),
    Feature("science_linkage", science, "pace"),
    Feature("coherence", coherent, "coherence"),
    Feature("citations", citations),
    Feature("young_citations", young_citations),
    Feature("originality", original),
)
