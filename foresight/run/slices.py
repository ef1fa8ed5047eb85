"""What of the whole corpus each track's brief is made from, as one digest per track.

The stage and the holdings look at the whole corpus; a brief reads its own rows of them, and the
yearly totals of complete years. Where a delivery leaves those as they were, the brief is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from foresight.corpus.store import Corpus
from foresight.corpus.view import as_of
from foresight.provenance import frame_digest, read_or_make, text_digest, write_json
from foresight.run.holdings import Holdings, open_holdings
from foresight.run.keys import SLICES_FILE, read_slices, slices_folder, stage_digest
from foresight.run.stage import Stage, open_stage
from foresight.run.study import complete_card
from foresight.run.tables import zhejiang_documents
from foresight.settings import Settings
from foresight.tables import among
from foresight.tracks import Registry


def open_slices(
    corpus: Corpus, registry: Registry, *, date: str, settings: Settings
) -> dict[str, str]:
    """Digests of all tracks, after computing stage and holdings if they are not there."""
    key = stage_digest(corpus, registry, date=date, settings=settings)

    def make(part: Path) -> None:
        stage = open_stage(corpus, registry, date=date, settings=settings)
        holdings = open_holdings(corpus, registry, date=date, settings=settings, stage=stage)
        write_json(part / SLICES_FILE, track_slices(corpus, registry, stage, holdings))

    return read_or_make(slices_folder(key), read=read_slices, make=make)


def track_slices(
    corpus: Corpus, registry: Registry, stage: Stage, holdings: Holdings
) -> dict[str, str]:
    """Digest of the rows that each track's brief reads, by slug."""
    view = as_of(corpus, stage.as_of)
    ids = list(stage.documents.index)
    of_documents = {
        "stage": stage.documents.reset_index(),
        "organisations": stage.organisations,
        "places": stage.places,
        "records": view.frame("documents", ids),
        "parties": view.frame("parties", ids),
        "holders": holdings.holders,
        "people": holdings.people,
        "levels": holdings.levels,
    }
    if holdings.core is not None:
        of_documents["core"] = holdings.core
    shared = _shared(corpus, stage, holdings)
    own = dict(iter(stage.matches.groupby("track")))
    return {
        slug: text_digest(
            shared,
            *_of_track(slug, own.get(slug, stage.matches.iloc[:0]), stage, holdings, of_documents),
        )
        for slug in registry.slugs
    }


def _shared(corpus: Corpus, stage: Stage, holdings: Holdings) -> str:
    """Digest of what every brief reads."""
    card = complete_card(corpus, stage)
    told, _ = zhejiang_documents(stage.places)
    return text_digest(
        str((card.title, card.licence, card.notes, card.fields)),
        card.digest,
        frame_digest(card.years),
        stage.against.values.tobytes().hex(),
        str(stage.against.tau2),
        str((stage.last_year, stage.previous, bool(told), holdings.core is None)),
    )


def _of_track(
    slug: str,
    matches: pd.DataFrame,
    stage: Stage,
    holdings: Holdings,
    of_documents: Mapping[str, pd.DataFrame],
) -> list[str]:
    ids = set(matches["doc_id"])
    rows = {name: frame[among(frame["doc_id"], ids)] for name, frame in of_documents.items()}
    units = {slug, *matches["sub_direction"].dropna()}
    table = holdings.organisations[holdings.organisations["unit_id"].isin(units)]
    named = set(table["org_id"]) | set(rows["holders"]["org_id"].dropna())
    arcs = holdings.references
    rows |= {
        "matches": matches,
        "now": stage.scores_now[stage.scores_now["track"] == slug],
        "before": stage.scores_before[stage.scores_before["track"] == slug],
        "table": table,
        "presence": holdings.presence[holdings.presence.index.isin(named)].reset_index(),
        "references": arcs[among(arcs["citing_id"], ids) & among(arcs["cited_id"], ids)],
    }
    return [f"{name}:{frame_digest(rows[name].reset_index(drop=True))}" for name in sorted(rows)]
