"""The OpenAlex snapshot: works as gzipped JSON lines in partitions, CC0.

The same fields come out as of the service (`foresight.sources.live.openalex`), by one query per
batch. https://docs.openalex.org/download-all-data/openalex-snapshot
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from foresight.sources.affiliations import read_affiliation
from foresight.sources.bulk.base import ALIASES, Batch, Stream, typed
from foresight.sources.bulk.columns import (
    constant,
    judged,
    not_read,
    owned,
    plain_column,
    replaced,
)
from foresight.sources.bulk.lines import json_batches, why_not_json
from foresight.sources.live.base import paper_id
from foresight.sources.live.openalex import FIELDS, LICENCE, abstract_of
from foresight.sources.numbers import doi
from foresight.sources.papers import openalex_date

TITLE = {"zh": "OpenAlex 快照", "en": "OpenAlex snapshot"}
NOTES = {
    "zh": [
        "摘要约缺四成（早年与部分出版商更多），缺摘要者仅凭标题和主题判断。",
        "主题由 OpenAlex 的模型按现行分类回溯标注，对早期时点带有后见之明。",
        "每篇至多给出前100位作者；机构与国别由 OpenAlex 自动消歧，可能有误。",
    ],
    "en": [
        "About four in ten works lack an abstract, more in early years.",
        "Topics are assigned by OpenAlex's present model, which is hindsight for early dates.",
        "At most the first 100 authors of a work; institutions are disambiguated by machine.",
    ],
}
_SHAPE = """{
 "id": "VARCHAR", "doi": "VARCHAR", "title": "VARCHAR", "display_name": "VARCHAR",
 "publication_date": "VARCHAR", "publication_year": "VARCHAR", "language": "VARCHAR",
 "type": "VARCHAR", "is_retracted": "BOOLEAN",
 "primary_location": {"source": {"display_name": "VARCHAR"}},
 "authorships": [{"author": {"display_name": "VARCHAR"}, "raw_author_name": "VARCHAR",
   "institutions": [{"display_name": "VARCHAR", "country_code": "VARCHAR"}],
   "countries": ["VARCHAR"], "raw_affiliation_strings": ["VARCHAR"]}],
 "referenced_works": ["VARCHAR"], "primary_topic": {"id": "VARCHAR"},
 "topics": [{"id": "VARCHAR"}], "keywords": [{"display_name": "VARCHAR"}],
 "abstract_inverted_index": "MAP(VARCHAR, INTEGER[])"
}"""
_MACROS = r"""
CREATE OR REPLACE TEMP MACRO tidy(x) AS nullif(trim(regexp_replace(x, '\s+', ' ', 'g')), '');
CREATE OR REPLACE TEMP MACRO short_id(x) AS
  nullif(regexp_extract(upper(trim(x)), '(?:^|/)([A-Z][0-9]+)$', 1), '');
"""
_WORKS = """
CREATE OR REPLACE TEMP TABLE work AS
SELECT row, line, w.* EXCLUDE (id, doi), short_id(w.id) AS id, w.doi AS doi
FROM (SELECT row, line, json_transform(text, $shape) AS w FROM lines
      WHERE starts_with(text, '{') AND json_valid(text))
"""
# Words of the inverted index in the order of their places.
_DOCUMENTS = """
SELECT row, line, id AS source_id, doi, coalesce(nullif(title, ''), display_name) AS title,
  nullif(array_to_string(list_transform(list_sort(flatten(list_transform(
    map_entries(abstract_inverted_index), lambda e:
      list_transform(e.value, lambda p: {'p': p, 'w': e.key})))), lambda x: x.w), ' '), '')
    AS abstract,
  tidy(language) AS language, tidy(type) AS doc_type,
  CASE WHEN is_retracted THEN 'retracted' END AS status,
  tidy(primary_location.source.display_name) AS venue,
  tidy(publication_date) AS day, tidy(publication_year) AS year
FROM work ORDER BY row
"""
# A key twice in one index makes DuckDB give none; such records are put together in Python.
_LOST = """
SELECT row, json_extract(text, '$.abstract_inverted_index')::VARCHAR AS found FROM hollow
WHERE json_type(text, '$.abstract_inverted_index') = 'OBJECT'
"""
_REFERENCES = """
SELECT DISTINCT row, 'openalex:' || cited AS cited_id, 'paper' AS cited_kind FROM
  (SELECT row, short_id(unnest(referenced_works)) AS cited FROM work) WHERE cited IS NOT NULL
"""
_CLASSES = """
SELECT row, scheme, code, max("primary") AS "primary" FROM (
  SELECT row, 'openalex_topic' AS scheme, code, code = coalesce(first, '') AS "primary" FROM
    (SELECT row, short_id(primary_topic.id) AS first,
            short_id(unnest(list_transform(topics, lambda t: t.id))) AS code FROM work)
  UNION ALL
  SELECT row, 'openalex_topic', short_id(primary_topic.id), true FROM work
  UNION ALL
  SELECT row, 'keyword', tidy(unnest(list_transform(keywords, lambda k: k.display_name))), NULL
  FROM work
) WHERE code IS NOT NULL GROUP BY ALL
"""
_PARTIES = """
SELECT row, position, coalesce(tidy(a.author.display_name), tidy(a.raw_author_name)) AS name,
  tidy(a.institutions[1].display_name) AS org,
  coalesce(tidy(a.institutions[1].country_code), tidy(a.countries[1])) AS country,
  tidy(a.raw_affiliation_strings[1]) AS address, greatest(len(a.institutions) - 1, 0) AS beyond
FROM (SELECT row, unnest(authorships) AS a,
             unnest(range(len(authorships))) AS position FROM work)
WHERE a IS NOT NULL
"""


def stream_openalex(paths: Sequence[Path], *, names: Sequence[str]) -> Stream:
    """Read works of the snapshot.

    Parameters
    ----------
    paths : sequence of Path
        Files `part_*.gz` (or unpacked) of JSON lines.
    names : sequence of str
        How the report names them.

    Returns
    -------
    Stream
    """
    return Stream(TITLE, LICENCE, NOTES, FIELDS, json_batches(paths, names=names, query=_query))


def _query(connection: duckdb.DuckDBPyConnection, lines: pa.Table, name: str) -> Batch:
    connection.register("lines", lines)
    connection.execute(_MACROS)
    connection.execute(_WORKS, {"shape": _SHAPE})
    documents = _texts(_rows(connection, _DOCUMENTS), lines, connection)
    whole = documents.select(["row"])
    given = zip(documents["day"].to_pylist(), documents["year"].to_pylist(), strict=True)
    days = pa.array([openalex_date(*dates) for dates in given], pa.large_string())
    documents, told, counts = judged(
        replaced(documents, "day", days), file=name, doc_id=_doc_id,
        needed=("source_id", "doi"), extra=_no_id,
    )  # fmt: skip
    ids = documents.select(["row", "doc_id"])
    parties, beyond = _parties(connection.sql(_PARTIES).to_arrow_table())
    if beyond:
        counts["affiliations_beyond_first"] = beyond
    tables = {
        "documents": typed(constant(documents, kind="paper", source="openalex"), "documents"),
        "references": owned(_rows(connection, _REFERENCES), ids, "references", "citing_id"),
        "classes": owned(_rows(connection, _CLASSES), ids, "classes", "doc_id"),
        "parties": owned(parties, ids, "parties", "doc_id"),
    }
    own = [f"openalex:{work}" for work in documents["source_id"].to_pylist()]
    aliases = pa.table([own, documents["doc_id"], documents["row"]], schema=ALIASES)
    bad = not_read(lines, whole, told, file=name, why=why_not_json)
    return Batch(lines.num_rows, tables, bad, aliases, counts)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return connection.sql(query).to_arrow_table()


def _texts(documents: pa.Table, lines: pa.Table, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Documents with whole abstracts, and without mark-up."""
    without = documents.filter(documents["abstract"].is_null())["row"]
    connection.register("hollow", lines.filter(pc.is_in(lines["row"], value_set=without)))
    lost = {row["row"]: row["found"] for row in _rows(connection, _LOST).to_pylist()}
    if lost:
        abstracts = documents["abstract"].to_pylist()
        for place, row in enumerate(documents["row"].to_pylist()):
            if row in lost:
                abstracts[place] = abstract_of(json.loads(lost[row]))
        documents = replaced(documents, "abstract", pa.array(abstracts, pa.large_string()))
    for field in ("title", "abstract"):
        documents = replaced(documents, field, plain_column(documents[field]))
    return documents


def _no_id(row: dict[str, Any]) -> str | None:
    return None if row["source_id"] else "no OpenAlex id"


def _doc_id(row: dict[str, Any]) -> str | None:
    return paper_id(doi(row["doi"], whole=True), "openalex", row["source_id"] or "")


def _parties(rows: pa.Table) -> tuple[pa.Table, int]:
    """Authors with what their first address line adds, and the number of further institutions."""
    coded = rows["address"].combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.unify_dictionaries().combine_chunks()
    lines = [read_affiliation(text) for text in coded.dictionary.to_pylist()]
    found = {
        key: pa.array([line[key] for line in lines], pa.large_string()).take(coded.indices)
        for key in ("org", "city", "country")
    }
    org = rows["org"].cast(pa.large_string()).combine_chunks()
    address = pc.fill_null(rows["address"].cast(pa.large_string()).combine_chunks(), "")
    # The city of the first address line counts only if that line is the first institution's.
    near = [o is None or o.casefold() in a.casefold()
            for o, a in zip(org.to_pylist(), address.to_pylist(), strict=True)]  # fmt: skip
    country = rows["country"].cast(pa.large_string()).combine_chunks()
    parties = pa.table(
        {
            "row": rows["row"],
            "role": pa.array(["author"] * rows.num_rows, pa.large_string()),
            "position": rows["position"],
            "name": rows["name"],
            "org": pc.coalesce(org, found["org"]),
            "country": pc.coalesce(country, found["country"]),
            "city": pc.if_else(pa.array(near, pa.bool_()), found["city"],
                               pa.scalar(None, pa.large_string())),
        }
    )  # fmt: skip
    filled = [pc.is_valid(parties[name]) for name in ("name", "org", "country")]
    kept = parties.filter(pc.or_(pc.or_(filled[0], filled[1]), filled[2]))
    return kept, int(pc.sum(rows["beyond"]).as_py() or 0)
