"""arXiv's metadata as JSON lines, one record per line (the set that arXiv publishes), CC0."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

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
from foresight.sources.live.arxiv import LICENCE
from foresight.sources.live.base import paper_id
from foresight.sources.numbers import doi

TITLE = {"zh": "arXiv 元数据全集", "en": "arXiv metadata, the whole set"}
NOTES = {
    "zh": [
        "预印本未经同行评议；学科以物理、数学、计算机为主，化学、生物和工程覆盖很少。",
        "没有作者单位，因此没有机构、国别和城市；没有参考文献。",
        "公开日取首个版本的提交日；题名、摘要和期刊信息是最新版本的。",
    ],
    "en": [
        "Preprints without peer review; chemistry, biology and engineering are thin.",
        "No affiliations, so no organisations, countries or cities; no references.",
        "Published is the day of the first version; title, abstract and journal are of the last.",
    ],
}
FIELDS = {
    "id": "documents.source_id",
    "doi": "documents.doc_id",
    "title": "documents.title",
    "abstract": "documents.abstract",
    "versions.created": "documents.published",
    "journal-ref": "documents.venue",
    "categories": "classes.code",
    "authors_parsed": "parties.name",
}
_SHAPE = """{
 "id": "VARCHAR", "doi": "VARCHAR", "title": "VARCHAR", "abstract": "VARCHAR",
 "journal-ref": "VARCHAR", "categories": "VARCHAR",
 "versions": [{"version": "VARCHAR", "created": "VARCHAR"}], "authors_parsed": [["VARCHAR"]]
}"""
_RECORDS = """
CREATE OR REPLACE TEMP TABLE record AS
SELECT row, line, w.* FROM (
  SELECT row, line, json_transform(text, $shape) AS w FROM lines
  WHERE starts_with(text, '{') AND json_valid(text))
"""
_DOCUMENTS = """
SELECT row, line, trim(id) AS source_id, doi, title, abstract,
  coalesce(nullif(trim("journal-ref"), ''), 'arXiv') AS venue, NULL::VARCHAR AS year,
  strftime(coalesce(try_strptime(versions[1].created, '%a, %d %b %Y %H:%M:%S GMT'),
                    try_strptime(versions[1].created, '%Y-%m-%d')), '%Y-%m-%d') AS day
FROM record ORDER BY row
"""
_CLASSES = """
SELECT row, 'keyword' AS scheme, code, place = 0 AS "primary" FROM (
  SELECT row, unnest(codes) AS code, unnest(range(len(codes))) AS place
  FROM (SELECT row, list_distinct(regexp_split_to_array(trim(categories), ' +')) AS d,
               regexp_split_to_array(trim(categories), ' +') AS codes FROM record))
WHERE code <> '' QUALIFY row_number() OVER (PARTITION BY row, code ORDER BY place) = 1
"""
_PARTIES = """
SELECT row, 'author' AS role, position,
  nullif(trim(regexp_replace(concat_ws(' ', a[2], a[1], a[3]), '\\s+', ' ', 'g')), '') AS name
FROM (SELECT row, unnest(authors_parsed) AS a,
             unnest(range(len(authors_parsed))) AS position FROM record)
"""


def stream_arxiv(paths: Sequence[Path], *, names: Sequence[str]) -> Stream:
    """Read arXiv's metadata.

    Parameters
    ----------
    paths, names : sequence of Path, sequence of str
        Files of JSON lines, gzipped or not, and how the report names them.

    Returns
    -------
    Stream
    """
    return Stream(TITLE, LICENCE, NOTES, FIELDS, json_batches(paths, names=names, query=_query))


def _query(connection: duckdb.DuckDBPyConnection, lines: pa.Table, name: str) -> Batch:
    connection.register("lines", lines)
    connection.execute(_RECORDS, {"shape": _SHAPE})
    documents = connection.sql(_DOCUMENTS).to_arrow_table()
    for field in ("title", "abstract", "venue"):
        documents = replaced(documents, field, plain_column(documents[field]))
    whole = documents.select(["row"])
    documents, told, counts = judged(
        documents, file=name, doc_id=_doc_id, needed=("source_id", "doi")
    )
    ids = documents.select(["row", "doc_id"])
    classes, parties = (connection.sql(q).to_arrow_table() for q in (_CLASSES, _PARTIES))
    parties = parties.filter(parties["name"].is_valid())
    fixed = constant(documents, kind="paper", source="arxiv", doc_type="preprint")
    tables = {
        "documents": typed(fixed, "documents"),
        "classes": owned(classes, ids, "classes", "doc_id"),
        "parties": owned(parties, ids, "parties", "doc_id"),
    }
    own = [f"arxiv:{text}" for text in documents["source_id"].to_pylist()]
    aliases = pa.table([own, documents["doc_id"], documents["row"]], schema=ALIASES)
    bad = not_read(lines, whole, told, file=name, why=why_not_json)
    return Batch(lines.num_rows, tables, bad, aliases, counts)


def _doc_id(row: dict[str, Any]) -> str | None:
    return paper_id(doi(row["doi"]), "arxiv", row["source_id"]) if row["source_id"] else None
