"""Claims of section 10: how the score would have done in the past, beside simple rules.

Their evidence is not documents but rows of the backtest's results, named as
`foresight.brief.backtest.record.evidence_id` says: `backtest/results.csv#composite@2010`.
"""

from __future__ import annotations

from foresight.brief.backtest.record import TrackRecord, evidence_id, figure_of
from foresight.brief.backtest.words import (
    control_folder,
    control_sentence,
    figure_name,
    figure_texts,
    gain_texts,
    method_name,
    scope,
    verdict_sentence,
)
from foresight.brief.claims.model import Claim, claim_of
from foresight.brief.reading import Reading
from foresight.brief.wording import bracketed, count, percent, pick

SHOWN = ("spearman", "precision_at_10pct", "auc", "brier_skill")
"""Figures of a method in a brief; the report has them all."""


def record_claims(reading: Reading) -> list[Claim]:
    """The verdict, one claim per method, the base rate, and controls; none without a backtest."""
    record = reading.study.track_record
    if record is None:
        return []
    slug = reading.study.track.slug
    methods = [*([record.method] if record.method in record.spoke else []), *record.baselines]
    found = [_verdict(record, slug), _scope(record, slug)]
    found += [_method(record, method, slug) for method in methods]
    return [*found, *_base(record, slug), *_controls(record, slug)]


def _verdict(record: TrackRecord, slug: str) -> Claim:
    verdict, rival = record.verdict(record.method), record.rival
    known = verdict is not None and rival is not None
    gain = record.gain(record.method, rival, "spearman") if known and rival else None
    methods = [name for name in (record.method, rival) if name in record.spoke and name]
    return claim_of(
        "record:verdict",
        10,
        lambda lang: verdict_sentence(record, record.method, lang),
        unit_id=slug,
        value=None if gain is None else gain["value"],
        lo=None if gain is None else gain["lo"],
        hi=None if gain is None else gain["hi"],
        n=record.n_units,
        unit="difference of Spearman correlations",
        doc_ids=record.evidence(*methods),
    )


def _scope(record: TrackRecord, slug: str) -> Claim:
    def say(lang: str) -> str:
        span = scope(record, lang)
        return pick(lang, f"检验范围：{span}。", f"Tested on {span}.")

    return claim_of(
        "record:scope",
        10,
        say,
        unit_id=slug,
        value=len(record.compared),
        n=record.n_units,
        unit="cut-offs",
        doc_ids=record.evidence(record.spoke[0]),
    )


def _method(record: TrackRecord, method: str, slug: str) -> Claim:
    score = record.method if method != record.method and record.method in record.spoke else None

    def say(lang: str) -> str:
        told = [
            figure_name(name, lang)
            + " "
            + bracketed(*figure_texts(record.figure(method, name), name), lang)
            for name in SHOWN
            if record.figure(method, name)["value"] is not None
        ]
        if score is not None:
            gain = gain_texts(record.gain(score, method, "spearman"), "spearman")
            by = bracketed(*gain, lang)
            told.append(
                pick(
                    lang,
                    f"{method_name(score, lang)}与其秩相关之差 {by}",
                    f"{method_name(score, lang)} less it {by}",
                )
            )
        name = method_name(method, lang)
        line = pick(lang, "，", ", ").join(told)
        return pick(lang, f"{name}：{line}。", f"{name[0].upper()}{name[1:]}: {line}.")

    figure = record.figure(method, "spearman")
    return claim_of(
        f"record:{method}",
        10,
        say,
        unit_id=slug,
        value=figure["value"],
        lo=figure["lo"],
        hi=figure["hi"],
        n=record.n_units,
        unit="Spearman correlation",
        doc_ids=record.evidence(*([method] if score is None else [method, score])),
    )


def _base(record: TrackRecord, slug: str) -> list[Claim]:
    if record.base_rate is None:
        return []

    def say(lang: str) -> str:
        rate, n = percent(record.base_rate), count(record.n_units)
        return pick(
            lang,
            f"检验的 {n} 个主题中，实际增长的占 {rate}（基准比率）。",
            f"Of the {n} topics tested, {rate} grew (the base rate).",
        )

    return [
        claim_of(
            "record:base_rate",
            10,
            say,
            unit_id=slug,
            value=record.base_rate,
            n=record.n_units,
            unit="share",
            doc_ids=record.evidence(record.spoke[0]),
        )
    ]


def _controls(record: TrackRecord, slug: str) -> list[Claim]:
    found = []
    for control in record.controls:
        row = control["methods"][record.method]["all"]
        if row is None:
            continue
        figure = figure_of(control, record.method, "spearman")
        folder = control_folder(control)
        found.append(
            claim_of(
                f"record:control:{control['shuffled']}",
                10,
                lambda lang, one=control: control_sentence(record, one, lang),  # type: ignore[misc]
                unit_id=slug,
                value=figure["value"],
                lo=figure["lo"],
                hi=figure["hi"],
                n=int(row["n"]),
                unit="Spearman correlation",
                doc_ids=[
                    evidence_id(folder, record.method, int(year)) for year in control["compared"]
                ],
            )
        )
    return found
