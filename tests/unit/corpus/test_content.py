"""Sums of facts against a plain reckoning, and walks that cut tables into pieces."""

import hashlib
from collections import defaultdict

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.corpus import content
from foresight.corpus import walk as walking
from foresight.corpus.walk import walk
from foresight.sources.base import TABLES, arrow_schema

DAYS = st.sampled_from(["2001-01-01", "2001-02-03", "2002-05-06"])
IDS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6).map(sorted)


@st.composite
def corpora(draw):
    """Rows of the five tables as lists of dicts, sorted by key."""
    rows = {name: [] for name in TABLES}
    for doc in draw(IDS):
        status = draw(st.sampled_from([None, "granted", "withdrawn"]))
        granted = draw(st.none() | DAYS)
        title = draw(st.text(max_size=3))
        rows["documents"].append(
            {"doc_id": doc, "kind": "patent", "title": title, "published": draw(DAYS),
             "granted": granted, "status": status}
        )  # fmt: skip
        for code in sorted(draw(st.sets(st.sampled_from(["A", "B/1", "é"])))):
            primary = draw(st.none() | st.booleans())
            rows["classes"].append(
                {"doc_id": doc, "scheme": "cpc", "code": code, "primary": primary}
            )
        for cited in sorted(draw(st.sets(st.sampled_from("xyz")))):
            rows["references"].append({"citing_id": doc, "cited_id": cited})
        for day in sorted(draw(st.sets(DAYS))):
            rows["events"].append({"doc_id": doc, "date": day, "event": "grant"})
        for position in sorted(draw(st.sets(st.integers(1, 12)))):
            rows["parties"].append({"doc_id": doc, "role": "inventor", "position": position})
    return rows


def as_tables(rows):
    return {
        name: pa.Table.from_pylist(rows[name], schema=arrow_schema(table))
        for name, table in TABLES.items()
    }


def plainly(rows, *, by):
    """One digest for each fact, written down row by row."""
    texts = defaultdict(str)
    days = {row["doc_id"]: row for row in rows["documents"]}

    def add(table, kind, row, names, day):
        doc = row[TABLES[table].key[0]]
        gone = days[doc]["status"] == "withdrawn"
        text = ""
        for name in names:
            value = row.get(name)
            if isinstance(value, bool):
                value = str(value).lower()
            said = "" if value is None else str(value)
            length = "-" if value is None else len(said.encode())
            text += f"{name}={length}:{said}"
        texts[table, kind, doc, "~never" if gone else day] += text

    for row in rows["documents"]:
        add("documents", 0, row, content.CORE, row["published"])
        if row["granted"]:
            day = max(row["published"], row["granted"])
            add("documents", 1, row, ["doc_id", "granted"], day)
        if row["status"]:
            add("documents", 2, row, ["doc_id", "status"], "~last")
    for table in ("references", "classes", "parties", "events"):
        for row in rows[table]:
            day = days[row[TABLES[table].key[0]]]["published"]
            day = max(day, row.get("date") or "")
            add(table, 0, row, TABLES[table].names, day)
    total = defaultdict(int)
    for (table, kind, doc, day), text in texts.items():
        value = int.from_bytes(hashlib.sha256(f"{table}:{kind}{text}".encode()).digest(), "big")
        key = table, day if by == "day" else doc
        total[key] = (total[key] + value) % (1 << 256)
    return dict(total)


def draw_strays(table, owners):
    """Rows of documents that are not there; none in the table of documents."""
    if table.key == ("doc_id",):
        return []
    filling = {"cited_id": "z", "scheme": "cpc", "code": "A", "role": "inventor", "position": 1,
               "date": "2001-01-01", "event": "grant"}  # fmt: skip
    return [{name: filling.get(name, owner) for name in table.key} for owner in owners]


def with_strays(rows, strange, name):
    key = TABLES[name].key
    return sorted([*rows, *strange], key=lambda row: tuple(row[column] for column in key))


@pytest.mark.parametrize("by", ["day", "doc"])
@settings(deadline=None)
@given(rows=corpora())
def test_sums_are_those_of_one_digest_per_fact(by, rows):
    assert content.sums([as_tables(rows)], by=by) == plainly(rows, by=by)


@settings(deadline=None)
@given(
    rows=corpora(),
    strays=st.lists(st.sampled_from(["0", "bb", "dx", "i"]), unique=True),
    piece=st.integers(1, 4),
    batch=st.integers(1, 5),
)
def test_a_walk_gives_every_row_with_its_document(monkeypatch_module, rows, strays, piece, batch):
    monkeypatch_module.setattr(walking, "PIECE", piece)
    strange = {name: draw_strays(table, strays) for name, table in TABLES.items()}
    tables = as_tables({name: with_strays(rows[name], strange[name], name) for name in TABLES})
    batches = {
        name: iter([data.slice(at, batch) for at in range(0, data.num_rows, batch)])
        for name, data in tables.items()
    }
    pieces = list(walk(batches))
    for name, data in tables.items():
        assert pa.concat_tables([one[name] for one in pieces]).equals(data), name
    for one in pieces:
        docs = set(one["documents"]["doc_id"].to_pylist())
        for name, table in TABLES.items():
            assert set(one[name][table.key[0]].to_pylist()) <= docs | set(strays)
    assert content.sums(pieces) == plainly(rows, by="day")


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch
