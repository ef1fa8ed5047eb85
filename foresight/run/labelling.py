"""Labelling a track's sample, and what the labels say: for the terminal and for notebooks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from foresight.brief.study import Retrieval
from foresight.corpus.quality import Share, draw_sample, retrieval_quality
from foresight.corpus.select import MATCHED, track_strata
from foresight.corpus.store import Corpus
from foresight.corpus.view import utc_today
from foresight.errors import SettingsError
from foresight.labels import COLUMNS, LABELS, LabelCard, agreement, read_labels, write_labels
from foresight.tracks import Registry

SEED = 20271101
RULE = (
    "yes: what the document makes, improves or uses as its essential means is a technology of the "
    "track as the policy words it (one of its sub-directions or landmark products, or a part, "
    "material, process, software or instrument made specifically for one). no: the track is only "
    "mentioned, is one of many uses, or shares a word or a class. unclear: title and abstract do "
    "not let a careful reader decide; counts as no."
)


def unlabelled(
    corpus: Corpus, registry: Registry, *, track: str, count: int, second: bool = False
) -> pd.DataFrame:
    """The next documents of a track's sample to read, without saying how they were found.

    Parameters
    ----------
    corpus : Corpus
    registry : Registry
    track : str
    count : int
        Documents wanted beyond those that have labels.
    second : bool
        Give documents for a second reading: labelled ones that have none, in the order drawn.

    Returns
    -------
    DataFrame: doc_id, stratum, published, title, abstract
    """
    strata = track_strata(corpus, registry.terms())
    kept = read_labels(track, corpus.name)
    rows = pd.DataFrame(columns=list(COLUMNS)) if kept is None else kept[1]
    seed = SEED if kept is None else kept[0].seed
    if second:
        todo = rows.loc[rows["second"].isna(), ["doc_id", "stratum"]].head(count)
    else:
        drawn = draw_sample(strata, track=track, wanted=len(rows) + count, seed=seed)
        todo = drawn[~drawn["doc_id"].isin(rows["doc_id"])].head(count)
    documents = corpus.table("documents")
    wanted = documents.filter(documents.doc_id.isin(list(todo["doc_id"])))
    texts = corpus.read(wanted.select("doc_id", "published", "title", "abstract"))
    return todo.merge(texts, on="doc_id", how="left", validate="one_to_one")


def add_labels(
    corpus: Corpus,
    registry: Registry,
    *,
    track: str,
    labels: Mapping[str, str],
    by: str,
    second: bool = False,
) -> None:
    """Add labels of documents to a track's file.

    Parameters
    ----------
    corpus, registry, track
        As for `unlabelled`.
    labels : mapping of doc_id to `yes`, `no` or `unclear`
    by : str
        Who or what read them; stands in the file.
    second : bool
        The labels are a second reading.

    Raises
    ------
    SettingsError
        For another label, or a document that is not near the track.
    """
    wrong = {doc: label for doc, label in labels.items() if label not in LABELS}
    if wrong:
        msg = f"Labels are {', '.join(LABELS)}; got {wrong}."
        raise SettingsError(msg)
    strata = track_strata(corpus, registry.terms())
    stratum = strata[strata["track"] == track].set_index("doc_id")["stratum"]
    foreign = sorted(set(labels) - set(stratum.index))
    if foreign:
        msg = (
            f"Document(s) {', '.join(foreign[:3])} have no class or term of {track}, so they are "
            "outside the frame that precision and recall refer to. Label what `unlabelled` gives."
        )
        raise SettingsError(msg)
    kept = read_labels(track, corpus.name)
    card = _new_card(corpus, registry, track, by) if kept is None else kept[0]
    rows = pd.DataFrame(columns=list(COLUMNS)) if kept is None else kept[1]
    if second:
        card = replace(card, second_by=_joined(card.second_by, by))
        rows["second"] = rows["doc_id"].map(labels).fillna(rows["second"])
    else:
        card = replace(card, labelled_by=_joined(card.labelled_by, by))
        new = [(doc, stratum[doc], label, pd.NA, "") for doc, label in labels.items()]
        old = rows[~rows["doc_id"].isin(list(labels))]
        rows = pd.concat([old, pd.DataFrame(new, columns=list(COLUMNS))], ignore_index=True)
    write_labels(card, rows)


def _joined(names: str, name: str) -> str:
    return "; ".join(dict.fromkeys([*filter(None, names.split("; ")), name]))


def _new_card(corpus: Corpus, registry: Registry, track: str, by: str) -> LabelCard:
    return LabelCard(
        track=track,
        corpus=corpus.name,
        corpus_digest=corpus.digest,
        terms_digest=registry.terms_digest(track),
        seed=SEED,
        drawn=utc_today(),
        labelled_by=by,
        second_by="",
        rule=RULE,
    )


def retrieval_of(corpus: Corpus, registry: Registry, *, track: str) -> Retrieval | None:
    """What the labels of a track say; None where the corpus has none."""
    kept = read_labels(track, corpus.name)
    if kept is None:
        return None
    card, rows = kept
    strata = track_strata(corpus, registry.terms())
    equal, kappa, twice = agreement(rows) or (float("nan"), float("nan"), 0)
    return Retrieval(
        quality=retrieval_quality(strata, rows, track=track, seed=card.seed),
        labelled_by=card.labelled_by,
        second_by=card.second_by,
        read_twice=twice,
        agreement=equal,
        kappa=None if math.isnan(kappa) else kappa,
        terms_changed=card.terms_digest != registry.terms_digest(track),
        doc_ids=tuple(sorted(rows["doc_id"])),
    )


def quality_table(corpus: Corpus, registry: Registry) -> pd.DataFrame:
    """Documents by stratum, precision, recall and agreement of the readings, one row per track.

    Returns
    -------
    DataFrame
        track, one column per stratum of the track, labels, precision, recall, near_miss,
        read_twice, terms (`changed since drawn`: the labels may have guided the change and
        flatter it), kappa; shares with their 95 % interval as text, empty where nothing is known.
    """
    rows = []
    for track in registry.slugs:
        found = retrieval_of(corpus, registry, track=track)
        if found is None:
            continue
        quality = found.quality
        rows.append(
            {
                "track": track,
                **{name: quality.sizes[name] for name in MATCHED},
                "labels": len(found.doc_ids),
                "precision": _text(quality.precision),
                "recall": _text(quality.recall),
                "near_miss": _text(quality.near_miss),
                "read_twice": found.read_twice,
                "terms": "changed since drawn" if found.terms_changed else "as drawn",
                "kappa": "" if found.kappa is None else f"{found.kappa:.2f}",
            }
        )
    return pd.DataFrame(rows)


def _text(share: Share | None) -> str:
    return "" if share is None else f"{share.value:.2f} ({share.lo:.2f}-{share.hi:.2f})"
