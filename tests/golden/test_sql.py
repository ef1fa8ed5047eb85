"""The expressions over whole corpora as BigQuery would get them, kept to the letter.

No server can be asked here: what is checked is that every expression compiles, that the result is
SQL of that dialect, and that nobody changes it unawares.
"""

import re
import tempfile
from pathlib import Path
from types import SimpleNamespace

import ibis
import pytest
import sqlglot

from foresight.corpus import history, identity, merge, pairs, select
from foresight.corpus.hits import TERM_COLUMNS, Wanted, find_hits
from foresight.corpus.merge_members import merged_members
from foresight.corpus.titles import title_candidates
from foresight.corpus.view import View
from foresight.sources.base import arrow_schema
from foresight.tables import CORPUS_TABLES

FOLDER = Path(__file__).resolve().parent / "sql"
TEXT = {"search_text": ["doc_id", "text_en", "text_zh"],
        "first_organisations": ["org_id", "org", "first_published", "named"]}  # fmt: skip


def as_table(name, schema):
    """An Ibis table that is nowhere, from an Arrow schema."""
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


TABLES = {table.name: as_table(table.name, arrow_schema(table)) for table in CORPUS_TABLES}
TABLES |= {name: ibis.table(dict.fromkeys(columns, "string"), name=name)
           for name, columns in TEXT.items()}  # fmt: skip


class AskedError(Exception):
    """Carries the expression that would have been executed."""


class Nowhere:
    """A corpus whose expressions are caught before they are executed."""

    name = "nowhere"
    work = SimpleNamespace(whole=True)  # as of an engine that spreads a corpus by itself

    def __init__(self):
        self.manifest = {"last_published": "2020-12-31"}

    def table(self, name):
        return TABLES[name]

    def read(self, expression):
        raise AskedError(expression)


def asked(work):
    with pytest.raises(AskedError) as found:
        work()
    return found.value.args[0]


def text_columns(name, columns, **others):
    return ibis.table({**dict.fromkeys(columns, "string"), **others}, name=name)


def matching():
    wanted = Wanted(
        rows=text_columns("terms", TERM_COLUMNS),
        prefixes=text_columns("prefixes", ["term", "prefix"]),
        forms=text_columns(
            "forms", ["term", "script", "form", "key"], cased="boolean", size="int64"
        ),
    )
    corpus = Nowhere()
    hits = text_columns("hits", ["doc_id", *TERM_COLUMNS])
    matches = select.apply_rules(hits)
    return {
        "hits": find_hits(corpus, wanted),
        "matches": matches,
        "strata": select._strata(corpus, hits, matches, select.Span()),
    }


def views():
    view = View(Nowhere(), "2015-12-31")
    return {
        "yearly_totals": asked(view.yearly_totals),
        "citation_edges_of_a_subset": asked(lambda: view.frame("references", ["a", "b"])),
        "events": view.events,
    }


def of_corpora():
    documents, classes = TABLES["documents"], TABLES["classes"]
    units = history.class_units(documents, classes)
    pairs_of = history.document_pairs(units)
    firsts = history.pair_firsts(pairs_of)
    return {
        "first_pairs": history.first_pairs(documents, units, pairs_of, firsts),
        "first_organisations": history.first_organisations(documents, TABLES["parties"]),
        "recombinations": pairs.recombinations(documents, classes),
        "pair_counts": pairs.pair_counts(documents, classes),
    }


class NoSpace:
    """A workspace that gives tables of the right columns, and nothing in them."""

    folder = Path("space")

    def read(self, path):
        return ibis.table(TABLES[path.stem].schema(), name=f"{path.parent.name}_{path.stem}")

    def keep(self, name, expression):
        return ibis.table(expression.schema(), name=name)

    def load(self, name, data):
        return as_table(name, data.schema)


def empty_corpus(name):
    """A corpus with files of no content: only that they are there is asked."""
    folder = Path(tempfile.mkdtemp(prefix="golden-")) / name
    folder.mkdir()
    for table in TABLES:
        (folder / f"{table}.parquet").touch()
    return SimpleNamespace(name=name, folder=folder, manifest={})


def merging():
    nodes, keys = as_table("nodes", identity._NODE), as_table("keys", identity._KEY)
    joined = ibis.table(
        dict.fromkeys(("node", "cluster", "matched", "rule"), "int64"), name="joined"
    )
    space = NoSpace()
    parts = [empty_corpus(name) for name in ("one", "two")]
    places = merge._placed(nodes, joined, space)
    merged = merge._Merged(parts, nodes, keys, places, space)
    clustered = identity._clustered(nodes, joined.select("node", "cluster"))
    numbers, editions = identity._number_edges(nodes)
    return {
        "merge_edges_by_key": identity._stars(keys, keys.rule),
        "merge_edges_by_number": ibis.union(numbers, editions),
        "merge_titles": title_candidates(clustered),
        "merge_references": merged.references(),
        "merge_classes": merged.classes(),
        "merge_parties": merged.parties(),
        "merge_events": merged.events(),
        "merge_identity": merged.record(),
        "merge_members": merged_members(parts, nodes, places, space),
    }


EXPRESSIONS = {**matching(), **views(), **of_corpora(), **merging()}


def compiled(name):
    """SQL of an expression; what Ibis draws at random is numbered, sets are sorted."""
    sql = str(ibis.to_sql(EXPRESSIONS[name], dialect="bigquery"))
    drawn = dict.fromkeys(re.findall(r"\bibis_\w+_[a-z0-9]{20,}\b", sql))
    for number, text in enumerate(drawn):
        sql = sql.replace(text, f"{text.rpartition('_')[0]}_{number}")
    return re.sub(r"EXCEPT \((.+)\)", _sorted_names, sql) + "\n"


def _sorted_names(match):
    return f"EXCEPT ({', '.join(sorted(match[1].split(', ')))})"


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_sql_of_bigquery_is_as_it_was(name, request):
    path = FOLDER / f"{name}.sql"
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(compiled(name), encoding="utf-8")
    assert compiled(name) == path.read_text(encoding="utf-8"), (
        "If the change is meant, run `pytest tests/golden --update-golden` and look at the "
        "difference with `git diff tests/golden`."
    )


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_it_is_one_query_of_that_dialect(name):
    (query,) = sqlglot.parse(compiled(name), dialect="bigquery")
    assert isinstance(query, sqlglot.exp.Query)


def test_no_file_is_left_of_an_expression_that_is_gone():
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(EXPRESSIONS)
