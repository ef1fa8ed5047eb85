"""Records of live services, whatever they hold: taken, repeated or refused, never lost."""

import copy
import doctest
import importlib
import json
import random
import threading
from collections import Counter

import live_server
import pytest
from tries import tries

from foresight.corpus.prepare import prepare_tables
from foresight.sources.affiliations import read_affiliation
from foresight.sources.live.base import Page, doi_of, plain, text_of
from foresight.sources.live.collector import Collector, Record
from foresight.sources.live.openalex import abstract_of
from foresight.sources.live.read import read_bodies
from foresight.sources.live.registry import SOURCES
from foresight.sources.live.uspto import grant_number, publication_number

TODAY = "2024-06-01"
MUTATIONS = tries(150)
PREPARED = 10  # every so many mutations, the tables are also made ready for a corpus


class Still:
    """What a service answers with, without a server."""

    def __init__(self):
        self.options, self.lock = live_server.Options(records=4), threading.Lock()
        self.seen, self.tokens = Counter(), 1


PARAMS = {
    "openalex": {
        "api_key": "oa-secret",
        "filter": "from_publication_date:2020-01-01,to_publication_date:2024-01-01",
        "cursor": "*",
        "per_page": "8",
    },
    "arxiv": {
        "search_query": "submittedDate:[202001010000 TO 202401010000]",
        "start": "0",
        "max_results": "8",
    },
    "crossref": {
        "filter": "from-pub-date:2020-01-01,until-pub-date:2024-01-01",
        "query.bibliographic": "x",
        "cursor": "*",
        "rows": "8",
    },
    "europepmc": {
        "query": "FIRST_PDATE:[2020-01-01 TO 2024-01-01]",
        "cursorMark": "*",
        "pageSize": "8",
    },
    "patentsview": {
        "q": json.dumps(
            {
                "_and": [
                    {"_gte": {"patent_date": "2020-01-01"}},
                    {"_lte": {"patent_date": "2024-01-01"}},
                ]
            }
        ),
        "o": '{"size": 8}',
    },
    "epo": {"q": 'pd within "20200101 20240101"', "Range": "1-8"},
    "uspto": {
        "q": "earliestPublicationDate:[2020-01-01 TO 2024-01-01]",
        "offset": "0",
        "limit": "8",
    },
}
HEADERS = {"Authorization": "Bearer token-1", "X-API-KEY": "odp-secret", "X-Api-Key": "pv-secret"}
JUNK = (
    None, True, False, 0, -1, 10**40, 1.5, "", " ", "\ud800", "\x00", "a;b\x01", "9999-99-99",
    "10.1/;", "W", "https://openalex.org/W", [], [None], {}, {"a": []}, [[]], "x" * 5000,
    [{"a": 1}], "2020", "2020-02-30", "0000-00-00", ["10.5555/x"], {"date-parts": [[None]]},
    "=1+1", "<p>", "US 1 A",
)  # fmt: skip


def body_of(name):
    status, body, _ = live_server.ANSWERS[name](Still(), PARAMS[name], HEADERS)
    assert status == 200
    return body


def read(name, *bodies):
    pages = ((f"page.{i}", body) for i, body in enumerate(bodies))
    return read_bodies(SOURCES[name], pages, today=TODAY)


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            yield from places(inner, (*path, key))


def with_junk(body, rng):
    """JSON with one to three values replaced or removed."""
    value = json.loads(body)
    for _ in range(rng.randint(1, 3)):
        paths = [path for path in places(value) if path]
        if not paths:
            break
        path = rng.choice(paths)
        holder = value
        for key in path[:-1]:
            holder = holder[key]
        if rng.random() < 0.2:
            del holder[path[-1]]
        else:
            holder[path[-1]] = copy.deepcopy(rng.choice(JUNK))
    return json.dumps(value).encode()


def with_bytes(body, rng):
    """The body with a few bytes changed, cut, doubled or removed."""
    data = bytearray(body)
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(data)), rng.choice((1, 2, 8, 64))
        kind = rng.randrange(5)
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at : at + length]
        elif kind == 2:
            data[at:at] = data[at : at + length]
        elif kind == 3:
            data[at:at] = rng.randbytes(length)
        elif len(data) > 100:
            del data[at:]
        if not data:
            data = bytearray(b" ")
    return bytes(data)


@pytest.mark.parametrize("name", SOURCES)
def test_mutated_replies_never_crash_and_never_lose_a_record(name):
    rng, body = random.Random(f"{name} 1"), body_of(name)  # noqa: S311 - no secrets
    source, whole = SOURCES[name], read(name, body).report.rows_in
    assert whole == 4
    refused = 0
    for turn in range(MUTATIONS):
        json_only = source.suffix == "json" and turn % 3
        mutated = (with_junk if json_only else with_bytes)(body, rng)
        try:
            page = source.page(mutated, cursor=source.start, size=8)
            assert isinstance(page, Page)
        except ValueError:
            pass
        found = read(name, mutated, body)
        report = found.report
        refused += len(report.refusals)
        assert report.rows_in == report.rows_out + report.rows_repeated + len(report.refusals)
        assert report.rows_in >= whole
        assert report.rows_out == found.tables["documents"].num_rows
        if turn % PREPARED == 0:
            prepare_tables(found)
    assert refused


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"<a/>", b"\xff", b'{"results": 1}'])
def test_pages_that_are_none(name, body):
    report = read(name, body).report
    assert report.rows_out == 0
    assert report.rows_in == len(report.refusals)


def test_xml_with_a_document_type_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>'
    for name in ("arxiv", "epo"):
        assert "document type" in read(name, bomb).report.refusals[0].reason


def test_xml_in_an_unknown_encoding_is_refused():
    body = b'<?xml version="1.0" encoding="UUTF-8"?><feed/>'
    for name in ("arxiv", "epo"):
        assert "unknown encoding" in read(name, body).report.refusals[0].reason


def test_one_name_repeated_in_two_searches_is_one_document():
    body = body_of("europepmc")
    report = read("europepmc", body, body).report
    assert (report.rows_in, report.rows_out, report.rows_repeated) == (8, 4, 4)


@pytest.mark.parametrize("module", ["base", "crossref", "epo", "fetch", "openalex"])
def test_examples(module):
    found = doctest.testmod(importlib.import_module(f"foresight.sources.live.{module}"))
    assert found.attempted
    assert not found.failed


def test_collector_refuses_with_reasons():
    collector = Collector(today=TODAY)
    good = {"doc_id": "a", "kind": "paper", "title": "t", "published": "2020"}
    for change in ({"doc_id": None}, {"doc_id": "a;b"}, {"title": None}, {"published": None},
                   {"published": "soon"}, {}, {"published": "2025-01-01"}):  # fmt: skip
        collector.add(Record({**good, **change}), file="f", line=1)
    reasons = [refusal.reason for refusal in collector.refusals]
    assert reasons == [
        "no usable id ('')",
        "no usable id ('a;b')",
        "a: no title",
        "a: no date of publication",
        "a: published on 'soon', which is no date",
    ]
    assert (collector.rows_in, collector.repeated) == (7, 1)
    assert collector.tables()["documents"]["published"].to_pylist() == ["2020-12-31"]


def test_a_future_document_is_kept_and_counted():
    collector = Collector(today=TODAY)
    row = {"doc_id": "a", "kind": "paper", "title": "t", "published": "2025-01-01"}
    collector.add(Record(row), file="f", line=1)
    assert collector.counts["published_in_future"] == 1
    assert "enter no view" in collector.caveats()[0]["en"]


def test_keys_of_the_tables_are_kept():
    collector = Collector(today=TODAY)
    row = {"doc_id": "a", "kind": "paper", "title": "t", "published": "2020-01-01"}
    cited = [{"cited_id": "b"}, {"cited_id": "b", "raw": "again"}]
    events = [{"event": "grant", "date": "2021-01-01"}, {"event": "grant", "date": "never"}]
    collector.add(Record(row, references=cited, events=events), file="f", line=1)
    tables = collector.tables()
    assert tables["references"].to_pylist()[0] | {} == {
        "citing_id": "a",
        "cited_id": "b",
        "cited_kind": None,
        "cited_year": None,
        "raw": None,
    }
    assert tables["references"].num_rows == tables["events"].num_rows == 1
    assert collector.counts == {"impossible_dates_event": 1}


@pytest.mark.parametrize(
    ("line", "org", "city", "country"),
    [
        (
            "Department of Physics, Zhejiang University, Hangzhou 310027, China. x@zju.edu.cn",
            "Zhejiang University",
            "Hangzhou",
            "CN",
        ),
        ("NIST, Boulder, CO 80305, USA", "NIST", "Boulder", "US"),
        ("Huawei Technologies Co., Ltd., Shenzhen, P.R. China", "Huawei Technologies Co",
         "Shenzhen", "CN"),
        ("University College London, London WC1E 6BT, UK.", "University College London", "London",
         "GB"),
        ("Univ. of Tokyo", "Univ. of Tokyo", None, None),
        ("School of Medicine, Ningbo, China", "School of Medicine", "Ningbo", "CN"),
        ("浙江大学，杭州，中国", "浙江大学", "杭州", "CN"),
        ("Siemens AG, Munich, Germany; CERN, Geneva", "Siemens AG", "Munich", "DE"),
        ("Seoul National University, Seoul, Republic of Korea", "Seoul National University",
         "Seoul", "KR"),
        ("Zhejiang Univ, Coll Elect Engn, Hangzhou 310027, Zhejiang, Peoples R China",
         "Zhejiang Univ", "Hangzhou", "CN"),
        ("Natl Key Lab, Chinese Acad Sci, Inst Phys, Beijing, Peoples R China", "Chinese Acad Sci",
         "Beijing", "CN"),
        ("Univ Colorado, Dept Phys, Boulder, CO 80309 USA", "Univ Colorado", "Boulder", "US"),
        ("China", "China", None, None),
        ("a@b.cn", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
    ],
)  # fmt: skip
def test_affiliations(line, org, city, country):
    assert read_affiliation(line) == {"org": org, "city": city, "country": country}


def test_mail_addresses_go():
    line = "Zhejiang University, Hangzhou, China. Electronic address: li.wei@zju.edu.cn."
    assert read_affiliation(line) == {
        "org": "Zhejiang University", "city": "Hangzhou", "country": "CN"
    }  # fmt: skip
    assert "@" not in str(read_affiliation("x@y.org, CERN (z@cern.ch), Geneva, Switzerland"))


def test_abstracts_from_inverted_indices():
    assert abstract_of({"b": [1, 3], "a": [0, 2]}) == "a b a b"
    assert abstract_of({"gap": [7], "first": [2]}) == "first gap"
    assert abstract_of({"<jats:p>x": [0]}) == "x"
    assert abstract_of({"bad": None, "worse": ["1"], "fine": [3]}) == "fine"
    assert abstract_of(None) is abstract_of([]) is abstract_of({}) is None


def test_marked_up_text():
    assert plain("<jats:title>A</jats:title><jats:p>H<jats:sub>2</jats:sub>O &lt; 5</jats:p>") == (
        "A H2O < 5"
    )
    assert plain("a < b and c > d") == "a < b and c > d"
    assert text_of("  two \n words\x00 ") == "two words"
    assert text_of("\ud800x") == "?x"


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc", "10.1000/abc"),
        ("doi: 10.1000/abc", "10.1000/abc"),
        ("10.1002/(SICI)1097-4636(1998)39:2<266::AID-JBM14>3.0.CO;2-E",
         "10.1002/(sici)1097-4636(1998)39:2<266::aid-jbm14>3.0.co%3b2-e"),
        ("10.1000/two words", None),
        ("11.1000/abc", None),
        (7, None),
    ],
)  # fmt: skip
def test_dois(text, doi):
    assert doi_of(text) == doi


def test_us_numbers():
    assert publication_number("US 2014-0167116 A1") == "US20140167116A1"
    assert publication_number("WO 2009/064413") is None
    assert grant_number("9,362,380", published_before=True) == "US9362380B2"
    assert grant_number("9362380", published_before=False) == "US9362380B1"
    assert grant_number("D123456", published_before=True) is None
