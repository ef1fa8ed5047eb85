"""Labelling a track's sample, and what the labels say: for the terminal and for notebooks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from foresight.brief.study import Retrieval
from foresight.corpus.quality import (
    Share,
    compare_selections,
    retrieval_quality,
    stratum_sizes,
)
from foresight.corpus.sampling import design_weights, draw_sample, frame_sizes, sampling_frame
from foresight.corpus.select import MATCHED, track_strata
from foresight.corpus.store import Corpus
from foresight.corpus.view import utc_today
from foresight.errors import SettingsError
from foresight.labels import (
    COLUMNS,
    DEFAULT_CORPUS,
    LABELS,
    LabelCard,
    agreement,
    read_labels,
    write_labels,
)
from foresight.tracks import Registry, draft_terms

SEED = 20271101
RULE = (
    "yes: what the document makes, improves or uses as its essential means is a technology of the "
    "track as the policy words it (one of its sub-directions or landmark products, or a part, "
    "material, process, software or instrument made specifically for one). no: the track is only "
    "mentioned, is one of many uses, or shares a word or a class. unclear: title and abstract do "
    "not let a careful reader decide; counts as no."
)


def frame_of(corpus: Corpus, registry: Registry) -> pd.DataFrame:
    """What samples of a corpus are drawn from: doc_id, track, stratum."""
    return sampling_frame(
        track_strata(corpus, registry.terms()), draft=track_strata(corpus, draft_terms())
    )


def unlabelled(
    corpus: Corpus,
    registry: Registry,
    *,
    track: str,
    count: int,
    second: bool = False,
    fresh: bool = False,
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
    fresh : bool
        Draw a new sample, by another seed, whatever has been labelled.

    Returns
    -------
    DataFrame: doc_id, stratum, published, title, abstract

    Raises
    ------
    SettingsError
        If the track's terms have changed since its sample was drawn, and none of the last two
        options is given.
    """
    kept = None if fresh else read_labels(track, corpus.name)
    if kept is None:
        rows, seed = pd.DataFrame(columns=list(COLUMNS)), _seed(corpus, track)
    else:
        rows, seed = kept[1], kept[0].seed
        if not second and kept[0].terms_digest != registry.terms_digest(track):
            msg = (
                f"The terms of {track} have changed since its sample was drawn, so more documents "
                "of the same sample cannot be drawn. Start a new sample with --fresh (the old "
                "labels are replaced; keep the file if they are wanted)."
            )
            raise SettingsError(msg)
    if second:
        todo = rows.loc[rows["second"].isna(), ["doc_id", "stratum"]].head(count)
    else:
        frame = frame_of(corpus, registry)
        drawn = draw_sample(frame, track=track, wanted=len(rows) + count, seed=seed)
        todo = drawn[~drawn["doc_id"].isin(rows["doc_id"])].head(count)
    documents = corpus.table("documents")
    wanted = documents.filter(documents.doc_id.isin(list(todo["doc_id"])))
    texts = corpus.read(wanted.select("doc_id", "published", "title", "abstract"))
    return todo.merge(texts, on="doc_id", how="left", validate="one_to_one")


def _seed(corpus: Corpus, track: str) -> int:
    """Seed of a new sample: the first, or one above that of the sample it replaces."""
    kept = read_labels(track, corpus.name)
    return SEED if kept is None else kept[0].seed + 1


def add_labels(
    corpus: Corpus,
    registry: Registry,
    *,
    track: str,
    labels: Mapping[str, str],
    by: str,
    second: bool = False,
    fresh: bool = False,
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
    fresh : bool
        The labels are the first of a new sample; those kept so far are replaced.

    Raises
    ------
    SettingsError
        For another label, or a document that is not near the track.
    """
    wrong = {doc: label for doc, label in labels.items() if label not in LABELS}
    if wrong:
        msg = f"Labels are {', '.join(LABELS)}; got {wrong}."
        raise SettingsError(msg)
    kept = None if fresh else read_labels(track, corpus.name)
    rows = pd.DataFrame(columns=list(COLUMNS)) if kept is None else kept[1]
    if kept is not None and second:
        card = replace(kept[0], second_by=_joined(kept[0].second_by, by))
        rows["second"] = rows["doc_id"].map(labels).fillna(rows["second"])
        write_labels(card, rows)
        return
    frame = frame_of(corpus, registry)
    stratum = frame[frame["track"] == track].set_index("doc_id")["stratum"]
    foreign = sorted(set(labels) - set(stratum.index))
    if foreign:
        msg = (
            f"Document(s) {', '.join(foreign[:3])} have no class or term of {track}, so they are "
            "outside the frame that precision and recall refer to. Label what `unlabelled` gives."
        )
        raise SettingsError(msg)
    if kept is None:
        card = _new_card(corpus, registry, track, by, frame_sizes(frame, track))
    else:
        card = replace(kept[0], labelled_by=_joined(kept[0].labelled_by, by))
    new = [(doc, stratum[doc], label, pd.NA, "") for doc, label in labels.items()]
    old = rows[~rows["doc_id"].isin(list(labels))]
    write_labels(
        card, pd.concat([old, pd.DataFrame(new, columns=list(COLUMNS))], ignore_index=True)
    )


def _joined(names: str, name: str) -> str:
    return "; ".join(dict.fromkeys([*filter(None, names.split("; ")), name]))


def _new_card(
    corpus: Corpus, registry: Registry, track: str, by: str, sizes: dict[str, int]
) -> LabelCard:
    known = read_labels(track, corpus.name) or read_labels(track, DEFAULT_CORPUS)
    return LabelCard(
        track=track,
        corpus=corpus.name,
        corpus_digest=corpus.digest,
        terms_digest=registry.terms_digest(track),
        seed=_seed(corpus, track),
        drawn=utc_today(),
        sizes=sizes,
        labelled_by=by,
        second_by="",
        rule=known[0].rule if known else RULE,
    )


def weighted_labels(track: str, corpus: str) -> tuple[LabelCard, pd.DataFrame] | None:
    """A track's labels with the number of documents each stands for, in the column `weight`."""
    kept = read_labels(track, corpus)
    if kept is None or kept[1].empty:
        return None
    card, rows = kept
    return card, rows.assign(weight=design_weights(rows, card.sizes))


def retrieval_of(corpus: Corpus, registry: Registry, *, track: str) -> Retrieval | None:
    """What the labels of a track say; None where the corpus has none."""
    kept = weighted_labels(track, corpus.name)
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
        track, documents, one column per stratum of the track, labels, precision, recall,
        near_miss, read_twice, kappa, terms (`changed since drawn`: the labels may have guided
        the change and flatter it); shares with their 95 % interval as text, empty where
        nothing is known.
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
                "documents": sum(quality.sizes[name] for name in MATCHED),
                **{name: quality.sizes[name] for name in MATCHED},
                "labels": len(found.doc_ids),
                "precision": _text(quality.precision),
                "recall": _text(quality.recall),
                "near_miss": _text(quality.near_miss),
                "read_twice": found.read_twice,
                "kappa": "" if found.kappa is None else f"{found.kappa:.2f}",
                "terms": "changed since drawn" if found.terms_changed else "as drawn",
            }
        )
    return pd.DataFrame(rows)


def effect_table(corpus: Corpus, registry: Registry, *, before: pd.DataFrame) -> pd.DataFrame:
    """What a change of the registry did to retrieval, one row per track.

    Parameters
    ----------
    corpus : Corpus
    registry : Registry
        As it is now.
    before : DataFrame
        Terms as they were (`Registry.terms`, `foresight.tracks.draft_terms`).

    Returns
    -------
    DataFrame
        track; for `before` and `now` the documents, how many of them came by class alone, by
        keyword alone and by both, precision, recall and relevant documents;
        `ratio`, the relevant documents now over those before, and `kept`, the share of those
        before that are in the track now. Shares with their 95 % interval as text, empty where
        nothing is known. Both sides are judged by one sample.
    """
    then, now = track_strata(corpus, before), track_strata(corpus, registry.terms())
    rows = []
    for track in registry.slugs:
        row: dict[str, object] = {"track": track}
        kept = weighted_labels(track, corpus.name)
        for name, strata in (("before", then), ("now", now)):
            sizes = stratum_sizes(strata, track)
            row[f"documents_{name}"] = sum(sizes[stratum] for stratum in MATCHED)
            by_class = sizes["class"] + sizes["broad"]
            both = sizes["class_and_keyword"]
            row[f"class_keyword_both_{name}"] = f"{by_class:,} / {sizes['keyword']:,} / {both:,}"
            if kept is not None:
                found = retrieval_quality(strata, kept[1], track=track, seed=kept[0].seed)
                row[f"precision_{name}"] = _text(found.precision)
                row[f"recall_{name}"] = _text(found.recall)
        if kept is not None:
            compared = compare_selections(now, then, kept[1], track=track, seed=kept[0].seed)
            for name in ("before", "now"):
                value, lo, hi = compared.loc[name]
                row[f"relevant_{name}"] = f"{value:,.0f} ({lo:,.0f}-{hi:,.0f})"
            for name in ("ratio", "kept"):
                value, lo, hi = map(float, compared.loc[name])
                row[name] = _text(Share(value, lo, hi, len(kept[1])))
        rows.append(row)
    return pd.DataFrame(rows).fillna("")


def _text(share: Share | None) -> str:
    if share is None or math.isnan(share.value):
        return ""
    return f"{share.value:.2f} ({share.lo:.2f}-{share.hi:.2f})"
