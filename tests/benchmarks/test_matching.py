"""Track matching by DuckDB against one regular expression per term in pandas."""

import re
from collections import defaultdict

import pandas as pd

from foresight.corpus.hits import find_hits, look_for
from foresight.corpus.select import WHOLE_TRACK, apply_rules
from foresight.corpus.terms import term_forms
from foresight.tracks import class_start, load_registry

SIZE = 3000
KINDS = ("core_class", "broad_class", "exclude_class")


def by_duckdb(corpus, terms):
    hits = find_hits(corpus, look_for(terms))
    return corpus.read(apply_rules(hits))


def patterns(term):
    """Where a term is looked for, and its regular expression."""
    found = defaultdict(list)
    for form in term_forms(term):
        place = "text_zh" if form.script == "han" else "cased" if form.cased else "lower"
        found[place].append(re.escape(form.form))
    return {place: re.compile("|".join(forms)) for place, forms in found.items()}


def loop_hits(texts, codes, terms):
    """(doc, track, scope, kind, term) of every occurrence, one term after another."""
    columns = {"cased": texts["text_en"], "lower": texts["text_en"].str.lower()}
    columns["text_zh"] = texts["text_zh"].fillna("")
    ids, hits = texts["doc_id"].to_numpy(), set()
    for row in terms.itertuples():
        scope = row.sub_direction if isinstance(row.sub_direction, str) else WHOLE_TRACK
        docs = set()
        if row.kind in KINDS:
            start = class_start(row.term)
            bare = start.removesuffix("/")
            docs = {doc for doc, code in codes if code.startswith(start) or code == bare}
        elif row.kind != "topic":
            for place, pattern in patterns(row.term).items():
                docs.update(ids[[bool(pattern.search(text)) for text in columns[place]]])
        hits.update((doc, row.track, scope, row.kind, row.term) for doc in docs)
    return hits


def loop_rules(hits):
    """(doc, track, scope, route, term) of the hits that count."""
    excluded = {(doc, track) for doc, track, _, kind, _ in hits if kind.startswith("exclude")}
    scopes = defaultdict(set)  # of classes and of words in a document, by track
    for doc, track, scope, kind, _ in hits:
        scopes[doc, track, "class" in kind].add(scope)
    kept = set()
    for doc, track, scope, kind, term in hits:
        if (doc, track) in excluded:
            continue
        partners = scopes[doc, track, "class" not in kind]
        alone = kind == "core_class" or kind.startswith("keyword")
        if alone or {scope, WHOLE_TRACK} & partners or (scope == WHOLE_TRACK and partners):
            kept.add((doc, track, scope, "class" if "class" in kind else "keyword", term))
    return kept


def test_track_matching(sample, clock, report, cores):
    terms = load_registry().terms()
    seconds, ours = clock(by_duckdb, sample, terms)
    total = sample.manifest["rows"]["documents"]

    every = sample.read(sample.table("search_text").select("doc_id").order_by("doc_id"))["doc_id"]
    chosen = set(every.iloc[:: len(every) // SIZE].head(SIZE))
    texts = sample.read(sample.table("search_text"))
    texts = texts[texts["doc_id"].isin(chosen)]
    classes = sample.read(sample.table("classes"))
    classes = classes[classes["doc_id"].isin(chosen) & classes["scheme"].isin(["cpc", "ipc"])]
    codes = list(classes[["doc_id", "code"]].itertuples(index=False, name=None))
    peer_seconds, theirs = clock(lambda: loop_rules(loop_hits(texts, codes, terms)))

    ours = ours[ours["doc_id"].isin(chosen)]
    scope = ours["sub_direction"].fillna(WHOLE_TRACK)
    columns = [ours["doc_id"], ours["track"], scope, ours["route"], ours["term"]]
    assert set(pd.concat(columns, axis=1).itertuples(index=False, name=None)) == theirs

    speed, peer = total / seconds, SIZE / peer_seconds
    report(
        f"{len(terms):,} terms; {len(theirs):,} matches of {SIZE:,} documents agree",
        f"ours (DuckDB, {cores} cores): {total:,} documents in {seconds:.1f} s, {speed:,.0f}/s",
        f"pandas and re, one term at a time: {SIZE:,} in {peer_seconds:.1f} s, {peer:,.0f}/s",
        f"ratio {speed / peer:.0f}",
    )
