"""No text of a record breaks a format, and none of it is lost on the way."""

from __future__ import annotations

import io

import networkx as nx
import openpyxl
import pandas as pd
from bibtexparser.entrypoint import parse_string
from export_inputs import HOSTILE, read_map, read_vosviewer_json
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foresight.brief.address import document_url
from foresight.brief.escape import plain
from foresight.brief.exports.bibtex import bibtex
from foresight.brief.exports.entries import Entry, citation_key
from foresight.brief.exports.graphml import graphml
from foresight.brief.exports.model import Network
from foresight.brief.exports.ris import ris
from foresight.brief.exports.vosviewer import vosviewer_json, vosviewer_map
from foresight.brief.exports.workbook import MOST_UNITS, cell_text
from foresight.sources.bibtex import _plain
from foresight.sources.texts import tidy

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
marked = st.text(alphabet="\\{}~^&%$#_\"',;=+-@<>\t\n\r ab电", max_size=40)
texts = st.lists(st.one_of(st.sampled_from(HOSTILE), any_text, marked), min_size=1, max_size=6)
few = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def entry_of(text: str, number: int, kind: str = "article") -> Entry:
    line = plain(text)
    return Entry(
        key=f"k{number}", doc_id=line, kind=kind, title=line, abstract=line, language=None,
        published="2020-01-02", office=line, doc_type=line, venue=line, number=line, doi=None,
        url=None, persons=(line,), owners=(line,), cited_in=("S2-01",),
    )  # fmt: skip


def network_of(items: list[str]) -> Network:
    nodes = pd.DataFrame({"id": [f"n{i}" for i in range(len(items))]})
    nodes["label"], nodes["description"], nodes["title"] = items, items, items
    nodes = nodes.assign(url=None, x=0.5, y=None, colour=pd.array([0] * len(items)), n_docs=1)
    links = pd.DataFrame({"source": ["n0"], "target": ["n0"], "weight": [1.0]})
    return Network(
        directed=False, nodes=nodes, links=links.iloc[:0], weights={"n_docs": "Documents"},
        scores={}, facts=("title",), about={"title": items[0], "links": items[-1]},
    )  # fmt: skip


@given(texts)
@example(HOSTILE)
@few
def test_networks_keep_every_text(items: list[str]) -> None:
    network = network_of(items)
    graph = nx.read_graphml(io.BytesIO(graphml(network)))
    assert [graph.nodes[f"n{i}"].get("title") or "" for i in range(len(items))] == [
        plain(item) for item in items
    ]
    lines = vosviewer_map(network).decode().split("\n")
    assert len(lines) == len(items) + 2
    assert {line.count("\t") for line in lines[:-1]} == {lines[0].count("\t")}
    assert all('"' not in line for line in lines)
    found = read_vosviewer_json(vosviewer_json(network))["items"]
    assert [item["label"] for item in found] == [plain(i).replace('"', "”") for i in items]
    assert not [item for item in found if set(item["description"]) & set('<>"')]
    if all(plain(item) for item in items):
        assert len(read_map(vosviewer_map(network))) == len(items)


@given(texts)
@example(HOSTILE)
@few
def test_references_keep_every_text(items: list[str]) -> None:
    entries = [entry_of(item, n) for n, item in enumerate(items)]
    lines = ris(entries).decode().split("\n")
    assert lines.count("TY  - JOUR") == lines.count("ER  - ") == len(items)
    assert all(line[2:6] == "  - " for line in lines[:-1])
    titles = [line[6:] for line in lines if line.startswith("TI")]
    assert titles == [plain(item) for item in items if plain(item)]
    library = parse_string(bibtex(entries).decode())
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [entry.key for entry in entries]
    for entry, item in zip(library.entries, items, strict=True):
        title = {field.key: field.value for field in entry.fields}.get("title")
        assert _plain(title) == tidy(composed(plain(item)))


def composed(text: str) -> str:
    from foresight.sources import texts as source_texts

    return source_texts.composed(text)


@given(st.one_of(any_text, marked, st.text("🔋;a", max_size=4).map(lambda t: t * 9000)))
@few
def test_a_cell_is_one_line_within_the_limit(text: str) -> None:
    line, cut = cell_text(text)
    assert len(line.encode("utf-16-le")) // 2 <= MOST_UNITS
    assert line.isprintable() or plain(line) == line
    assert not cut or line.endswith(" …")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("x")
    sheet.append([line or None, 1])
    book.save(io.BytesIO())


@given(any_text, any_text)
def test_keys_differ_where_ids_do(one: str, other: str) -> None:
    assert (citation_key(one) == citation_key(other)) is (one == other)


@given(st.one_of(any_text, marked))
@example("javascript:alert(1)")
@example("doi:10.1000/<script>")
def test_an_address_leads_to_a_known_site_or_there_is_none(doc_id: str) -> None:
    url = document_url(doc_id)
    assert url is None or (url.startswith("https://") and not set(url) & set(' <>"{}\\\n\t'))
