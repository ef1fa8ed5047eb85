"""Google Patents Public Data: exports of the table `publications` as Parquet, CC BY 4.0.

Schema: https://console.cloud.google.com/marketplace/product/google_patents_public_datasets
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from foresight.errors import SourceError
from foresight.sources import texts
from foresight.sources.bulk.base import ALIASES, Batch, Stream, refused, typed
from foresight.sources.bulk.columns import constant, judged, owned, plain_column, replaced
from foresight.sources.bulk.lines import connect
from foresight.sources.numbers import doi, publication
from foresight.sources.report import LEFT_OUT

TITLE = {"zh": "Google 专利公共数据", "en": "Google Patents Public Data"}
LICENCE = {
    "zh": "Google 专利公共数据（Google 与 IFI CLAIMS），CC BY 4.0",
    "en": "Google Patents Public Data by Google and IFI CLAIMS, CC BY 4.0",
}
NOTES = {
    "zh": [
        "每条记录为一件公开文本；同族号为 DOCDB 简单同族，合并语料时同族计一次。",
        "申请人名称经 Google 统一，只有国别，没有省市。",
        "实用新型与外观设计未纳入；分类号按现行版本回溯标注，对早期时点带有后见之明。",
    ],
    "en": [
        "One record is one publication; a merge counts families (DOCDB's simple ones) once.",
        "Names of applicants are harmonised by Google and have a country only.",
        "Utility models and designs are left out; classes of the present edition are hindsight.",
    ],
}
FIELDS = {
    "publication_number": "documents.doc_id, documents.source_id",
    "country_code": "documents.office",
    "kind_code": "documents.doc_type",
    "family_id": "documents.family_id",
    "title_localized": "documents.title, documents.language",
    "abstract_localized": "documents.abstract",
    "publication_date": "documents.published",
    "filing_date": "documents.filed",
    "priority_date": "documents.priority",
    "grant_date": "documents.granted, events.date",
    "inventor_harmonized": "parties.name, parties.country",
    "assignee_harmonized": "parties.org, parties.country",
    "cpc, ipc": "classes.code, classes.primary",
    "citation": "references.cited_id",
}
_TEXT = pa.large_string()
_LOCAL = pa.list_(pa.struct([("text", _TEXT), ("language", _TEXT)]))
_PERSON = pa.list_(pa.struct([("name", _TEXT), ("country_code", _TEXT)]))
_CODE = pa.list_(pa.struct([("code", _TEXT), ("inventive", pa.bool_()), ("first", pa.bool_())]))
_CITED = pa.list_(pa.struct([("publication_number", _TEXT), ("npl_text", _TEXT)]))
_SCHEMA = pa.schema(
    [
        ("publication_number", _TEXT), ("country_code", _TEXT), ("kind_code", _TEXT),
        ("family_id", _TEXT), ("title_localized", _LOCAL), ("abstract_localized", _LOCAL),
        ("publication_date", pa.int64()), ("filing_date", pa.int64()),
        ("priority_date", pa.int64()), ("grant_date", pa.int64()),
        ("inventor_harmonized", _PERSON), ("assignee_harmonized", _PERSON), ("cpc", _CODE),
        ("ipc", _CODE), ("citation", _CITED),
    ]
)  # fmt: skip
NEEDED = ("publication_number", "title_localized", "publication_date")
ROWS = 4096  # records at a time: one can carry thousands of citations
_MACROS = """
CREATE OR REPLACE TEMP MACRO day(x) AS
  strftime(try_strptime(nullif(x, 0)::VARCHAR, '%Y%m%d'), '%Y-%m-%d');
CREATE OR REPLACE TEMP MACRO chosen(x) AS coalesce(
  list_filter(x, lambda t: t.language = 'en' AND t.text <> '')[1],
  list_filter(x, lambda t: t.language = 'zh' AND t.text <> '')[1],
  list_filter(x, lambda t: t.text <> '')[1]);
"""
_DOCUMENTS = """
SELECT row, line, publication_number AS source_id, country_code AS office, kind_code AS doc_type,
  CASE WHEN family_id NOT IN ('', '-1', '0') THEN family_id END AS family_id,
  chosen(title_localized).text AS title, lower(chosen(title_localized).language) AS language,
  coalesce(list_filter(abstract_localized, lambda t: t.text <> ''
             AND t.language = chosen(title_localized).language)[1].text,
           chosen(abstract_localized).text) AS abstract,
  day(publication_date) AS day, NULL::VARCHAR AS year, day(filing_date) AS filed,
  day(priority_date) AS priority, day(grant_date) AS granted
FROM record ORDER BY row
"""
_CLASSES = """
SELECT row, scheme, trim(code) AS code, max(inventive) AS "primary" FROM (
  SELECT row, 'cpc' AS scheme, unnest(cpc, recursive := true) FROM record
  UNION ALL SELECT row, 'ipc', unnest(ipc, recursive := true) FROM record)
WHERE trim(code) <> '' GROUP BY ALL
"""
_PEOPLE = """
SELECT row, role, position, p.name AS name, p.country_code AS country FROM (
  SELECT row, 'inventor' AS role, unnest(inventor_harmonized) AS p,
         unnest(range(len(inventor_harmonized))) AS position FROM record
  UNION ALL
  SELECT row, 'applicant', unnest(assignee_harmonized),
         unnest(range(len(assignee_harmonized))) FROM record)
WHERE p.name IS NOT NULL ORDER BY row, role DESC, position
"""
_CITED_ROWS = """
SELECT DISTINCT row, c.publication_number AS number, left(c.npl_text, 4000) AS text
FROM (SELECT row, unnest(citation) AS c FROM record) ORDER BY ALL
"""


def stream_google_patents(paths: Sequence[Path], *, names: Sequence[str]) -> Stream:
    """Read exports of the table `publications`.

    Parameters
    ----------
    paths, names : sequence of Path, sequence of str
        Parquet files, and how the report names them.

    Returns
    -------
    Stream

    Raises
    ------
    SourceError
        While it is read: for a file that is no Parquet or lacks the columns.
    """
    return Stream(TITLE, LICENCE, NOTES, FIELDS, _batches(paths, names))


def _batches(paths: Sequence[Path], names: Sequence[str]) -> Iterator[Batch]:
    start = 0
    with connect() as connection:
        connection.execute(_MACROS)
        for path, name in zip(paths, names, strict=True):
            line = 0
            for data in _portions(path):
                numbers = pa.array(range(start, start + data.num_rows), pa.int64())
                lines = pa.array(range(line + 1, line + 1 + data.num_rows), pa.int64())
                start, line = start + data.num_rows, line + data.num_rows
                placed = data.append_column("row", numbers).append_column("line", lines)
                yield _query(connection, placed, name)


def _portions(path: Path) -> Iterator[pa.Table]:
    try:
        with pq.ParquetFile(path) as file:
            known = file.schema_arrow.names
            missing = [name for name in NEEDED if name not in known]
            if missing:
                msg = (
                    f"{path.name} lacks the column(s) {', '.join(missing)}; it has: "
                    f"{', '.join(known[:12])}. Export the table `publications`."
                )
                raise SourceError(msg)
            wanted = [name for name in _SCHEMA.names if name in known]
            if twice := [name for name in wanted if known.count(name) > 1]:
                msg = (
                    f"{path.name} has the column {twice[0]} twice. "
                    "Export the table `publications` without changes."
                )
                raise SourceError(msg)
            for batch in file.iter_batches(batch_size=ROWS, columns=wanted):
                yield _conformed(pa.Table.from_batches([batch]), path)
    except (pa.ArrowException, OSError) as error:
        msg = f"{path.name} cannot be read as Parquet: {str(error).rstrip('.')}. Export it again."
        raise SourceError(msg) from error


def _conformed(data: pa.Table, path: Path) -> pa.Table:
    columns = []
    for item in _SCHEMA:
        if item.name not in data.column_names:
            columns.append(pa.nulls(data.num_rows, item.type))
            continue
        try:
            columns.append(_cast(data[item.name], item.type))
        except (pa.ArrowException, KeyError, TypeError) as error:
            msg = (
                f"{path.name}: column `{item.name}` is {data[item.name].type}, not {item.type}. "
                "Export the table `publications` without changes."
            )
            raise SourceError(msg) from error
    return pa.table(columns, schema=_SCHEMA)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Cast; of structs in lists only the fields that are read, by name."""
    if not pa.types.is_list(kind) or pa.types.is_null(column.type):
        return column.cast(kind)
    lists = pa.types.is_list(column.type) or pa.types.is_large_list(column.type)
    if not lists or not pa.types.is_struct(column.type.value_type):
        msg = f"{column.type} is no list of structs"
        raise TypeError(msg)
    fields = {field.name for field in column.type.value_type}
    chunks = []
    for chunk in column.chunks:
        flat = chunk.values
        arrays = [
            flat.field(item.name).cast(item.type)
            if item.name in fields
            else pa.nulls(len(flat), item.type)
            for item in kind.value_type
        ]
        inner = pa.StructArray.from_arrays(arrays, fields=list(kind.value_type))
        chunks.append(pa.ListArray.from_arrays(_offsets(chunk), inner, mask=chunk.is_null()))
    return pa.chunked_array(chunks, kind)


def _offsets(chunk: Any) -> pa.Array:
    """Offsets of a list array as a whole array of its own, whatever slice it is."""
    return pa.array(chunk.offsets.to_numpy(), pa.int32())


def _query(connection: duckdb.DuckDBPyConnection, data: pa.Table, name: str) -> Batch:
    connection.register("record", data)
    documents = connection.sql(_DOCUMENTS).to_arrow_table()
    for field in ("title", "abstract"):
        documents = replaced(documents, field, plain_column(documents[field]))
    documents, told, counts = judged(
        documents, file=name, doc_id=_doc_id, needed=("source_id",), extra=_unwanted
    )
    ids = documents.select(["row", "doc_id"])
    classes = connection.sql(_CLASSES).to_arrow_table()
    people = _people(connection.sql(_PEOPLE).to_arrow_table())
    references, dropped = _references(connection.sql(_CITED_ROWS).to_arrow_table())
    grants = documents.filter(documents["granted"].is_valid())
    events = constant(grants.select(["row", "granted"]), event="grant")
    if dropped:
        counts["references_without_id"] = dropped
    fixed = constant(documents, kind="patent", source="google-patents")
    tables = {
        "documents": typed(fixed, "documents"),
        "classes": owned(classes, ids, "classes", "doc_id"),
        "parties": owned(people, ids, "parties", "doc_id"),
        "references": owned(references, ids, "references", "citing_id"),
        "events": owned(events.rename_columns({"granted": "date"}), ids, "events", "doc_id"),
    }
    keys = [publication(text).key for text in documents["source_id"].to_pylist()]  # type: ignore[union-attr]
    aliases = pa.table([keys, documents["doc_id"], documents["row"]], schema=ALIASES)
    return Batch(data.num_rows, tables, refused(told), aliases, counts)


def _doc_id(row: dict[str, Any]) -> str | None:
    number = publication(row["source_id"] or "")
    return number.doc_id if number else None


def _unwanted(row: dict[str, Any]) -> str | None:
    number = publication(row["source_id"] or "")
    minor = number.minor_type if number else None
    return f"{LEFT_OUT}{minor.replace('_', ' ')}" if minor else None


def _people(rows: pa.Table) -> pa.Table:
    """Inventors by name; applicants as organisations, unless they are one of the inventors."""
    inventors: dict[int, list[str]] = {}
    found = []
    for row in rows.to_pylist():
        name = texts.tidy(row["name"])
        if name is None:
            continue
        if row["role"] == "inventor":
            inventors.setdefault(row["row"], []).append(name)
            person = True
        else:
            person = texts.is_person(name, people=inventors.get(row["row"], []))
        who = {"name": name} if person else {"org": name}
        found.append({**row, "name": None, **who, "country": texts.tidy(row["country"])})
    schema = pa.schema([("row", pa.int64()), ("role", _TEXT), ("position", pa.int64()),
                        ("name", _TEXT), ("org", _TEXT), ("country", _TEXT)])  # fmt: skip
    return pa.Table.from_pylist(found, schema=schema)


def _references(rows: pa.Table) -> tuple[pa.Table, int]:
    """Cited patents by number, papers by a DOI in the text; and the number without either."""
    found, dropped = [], 0
    for row in rows.to_pylist():
        number = publication(row["number"]) if row["number"] else None
        known = None if number else doi(row["text"])
        if number:
            cited = {"cited_id": number.doc_id, "cited_kind": "patent"}
        elif known:
            cited = {"cited_id": f"doi:{known}", "cited_kind": "paper"}
        else:
            dropped += 1
            continue
        found.append({"row": row["row"], "raw": row["number"] or None, **cited})
    schema = pa.schema([("row", pa.int64()), ("raw", _TEXT), ("cited_id", _TEXT),
                        ("cited_kind", _TEXT)])  # fmt: skip
    return pa.Table.from_pylist(found, schema=schema), dropped
