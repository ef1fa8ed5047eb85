"""A corpus that grew by deliveries is the corpus that was made of all records at once."""

import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foresight.corpus.deliveries import add_delivery
from foresight.corpus.select import match_tracks, track_strata
from foresight.corpus.store import STORED, open_corpus, write_corpus
from foresight.corpus.view import as_of
from foresight.sources.base import from_frames

DAYS = ("2001-03-01", "2002-03-01", "2003-03-01", "2004-12-31")
CODES = ("H01M10/05", "C01B32/05", "G06N3/08", "A63H1/00", "B65B1/00")
KEYWORDS = ("solid state", "electrolyte", "toy")
ORGS = (("canon", "Canon K.K."), ("canon", "CANON"), ("zeta", "Zeta"), ("zeta", None), (None, None))
TERMS = pd.DataFrame(
    [
        ("core_class", "G06N", None),
        ("broad_class", "H01M", None),
        ("keyword_en", "fuel cell", "t/1"),
        ("context_en", "battery", None),
        ("exclude_en", "toy", None),
    ],
    columns=["kind", "term", "sub_direction"],
    dtype="str",
).assign(track="t")
LIGHT = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
RECORD = st.fixed_dictionaries(
    {
        "day": st.sampled_from(DAYS),
        "paper": st.booleans(),
        "title": st.sampled_from(("fuel cell", "battery", "battery toy", "大模型", "other")),
        "status": st.sampled_from((None, "active", "withdrawn")),
        "granted": st.sampled_from((None, *DAYS)),
        "codes": st.sets(st.sampled_from(CODES), max_size=4),
        "orgs": st.lists(st.sampled_from(ORGS), max_size=2),
        "cited": st.sets(st.sampled_from(("d0", "d3", "x1")), max_size=2),
        "events": st.sets(st.sampled_from(DAYS), max_size=2),
    }
)
DELIVERY = st.dictionaries(st.sampled_from([f"d{i}" for i in range(7)]), RECORD, min_size=1)


def frames(records):
    """The five tables of some records by document."""
    items = sorted(records.items())

    def rows(columns, made):
        return pd.DataFrame(list(made), columns=columns)

    return {
        "documents": rows(
            ["doc_id", "kind", "title", "published", "status", "granted"],
            ((doc, "paper" if r["paper"] else "patent", r["title"], r["day"], r["status"],
              r["granted"]) for doc, r in items),
        ).astype("str"),
        "references": rows(
            ["citing_id", "cited_id"],
            ((doc, one) for doc, r in items for one in sorted(r["cited"] - {doc})),
        ).astype("str"),
        "classes": rows(
            ["doc_id", "scheme", "code"],
            ((doc, "keyword" if r["paper"] else "cpc", code) for doc, r in items
             for code in sorted(r["codes"])),
        ).astype("str"),
        "parties": rows(
            ["doc_id", "role", "position", "org_id", "org"],
            ((doc, "applicant", place, *org) for doc, r in items
             for place, org in enumerate(r["orgs"])),
        ).astype({"doc_id": "str", "role": "str", "org_id": "str", "org": "str"}),
        "events": rows(
            ["doc_id", "date", "event"],
            ((doc, day, "renewal") for doc, r in items for day in sorted(r["events"])),
        ).astype("str"),
    }  # fmt: skip


def write(records, name):
    return write_corpus(from_frames(frames(records)), name=name)


def content(corpus, name):
    frame = corpus.read(corpus.table(name))
    return frame.sort_values(list(frame.columns)).reset_index(drop=True)


def record(day, codes=(), orgs=(), **more):
    plain = {"paper": False, "title": "other", "status": None, "granted": None}
    return {**plain, "day": day, "codes": set(codes), "orgs": list(orgs), "cited": set(),
            "events": set(), **more}  # fmt: skip


@pytest.fixture
def corpora(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_CORPORA", str(tmp_path / "corpora"))
    monkeypatch.setenv("FORESIGHT_RAW", str(tmp_path / "raw"))
    return tmp_path / "corpora"


PAIR = ("H01M10/05", "G06N3/08")
LATE = [{"d0": record(DAYS[1], PAIR)}, {"d1": record(DAYS[0], PAIR)}]
GIVEN_BACK = [
    {"d0": record(DAYS[0], PAIR), "d1": record(DAYS[1], PAIR)},
    {"d0": record(DAYS[0], ["B65B1/00"])},
]
LATER_NAME = [
    {"d0": record(DAYS[0], orgs=[("zeta", None)]), "d1": record(DAYS[2], orgs=[("zeta", "Zeta")])},
    {"d2": record(DAYS[1], orgs=[("zeta", "A name")])},
]


@given(st.lists(DELIVERY, min_size=2, max_size=4))
@example(LATE)
@example(GIVEN_BACK)
@example(LATER_NAME)
@LIGHT
def test_in_any_split_the_tables_are_those_of_all_at_once(corpora, deliveries):
    shutil.rmtree(corpora, ignore_errors=True)
    write(deliveries[0], "grown")
    match_tracks(open_corpus("grown"), TERMS)
    final = dict(deliveries[0])
    for number, records in enumerate(deliveries[1:], start=1):
        write(records, "part")
        same = {doc for doc in records if records[doc] == final.get(doc)}
        other = {doc for doc in records if doc in final} - same
        grown, told = add_delivery(open_corpus("part"), to="grown", label="x", day="2005-01-01")
        assert (told.new, told.replaced, told.identical) == (
            len(records) - len(same) - len(other), len(other), len(same),
        )  # fmt: skip
        final |= records
        if number == 1:
            match_tracks(grown, TERMS)
    grown, whole = open_corpus("grown"), write(final, "whole")
    for name in STORED:
        pd.testing.assert_frame_equal(content(grown, name), content(whole, name), obj=name)
    for name in ("digest", "tables", "rows", "fields", "first_published", "last_published"):
        assert grown.manifest[name] == whole.manifest[name], name
    for find in (match_tracks, track_strata):
        pd.testing.assert_frame_equal(find(grown, TERMS), find(whole, TERMS))
    for day in DAYS:
        assert grown.digest_as_of(day) == whole.digest_as_of(day)


@given(DELIVERY, DELIVERY, st.sampled_from(DAYS))
@LIGHT
def test_the_digest_of_a_view_is_that_of_its_rows(corpora, one, other, day):
    """Two corpora have the same digest at a date if, and only if, their views are the same."""
    shutil.rmtree(corpora, ignore_errors=True)
    both = [write(one, "one"), write({**one, **other}, "two")]
    first = max(corpus.manifest["first_published"] for corpus in both)
    if day < first:
        return
    views = [as_of(corpus, day) for corpus in both]
    names = ("documents", "references", "classes", "parties", "events")
    rows = [[content_of(view, name) for name in names] for view in views]
    same = all(left.equals(right) for left, right in zip(*rows, strict=True))
    assert same == (both[0].digest_as_of(day) == both[1].digest_as_of(day))


def content_of(view, name):
    frame = view.frame(name)
    return frame.astype("str").fillna("-")
