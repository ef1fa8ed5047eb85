"""PatentsView's tables: zipped tab-separated files `g_*.tsv.zip`, CC BY 4.0.

https://patentsview.org/download/data-download-tables. Each table is unpacked into a scratch folder
as Parquet, some rows at a time; DuckDB joins them there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight.errors import SourceError
from foresight.sources.bulk.base import ALIASES, REFUSED, Batch, Stream, refused, typed
from foresight.sources.bulk.columns import constant, judged, plain_column, replaced
from foresight.sources.bulk.tsv import unpack
from foresight.sources.live.patentsview import LICENCE
from foresight.sources.numbers import doi, publication
from foresight.sources.report import LEFT_OUT

TITLE = {"zh": "PatentsView 数据表", "en": "PatentsView tables"}
NOTES = {
    "zh": [
        "仅含美国授权发明专利；公开日取授权日，申请此前可能已经公布。",
        "分类号为现行CPC回溯标注，对早期时点带有后见之明；没有同族。",
        "机构、发明人和地点由 PatentsView 自动消歧，可能有误。",
    ],
    "en": [
        "Granted US utility patents only; published is the grant date.",
        "Classes are those of the present CPC, hindsight for early dates; no families.",
        "Organisations, inventors and places are disambiguated by machine.",
    ],
}
FIELDS = {
    "g_patent.patent_id, wipo_kind": "documents.doc_id, documents.doc_type",
    "g_patent.patent_title": "documents.title",
    "g_patent_abstract.patent_abstract": "documents.abstract",
    "g_patent.patent_date": "documents.published, documents.granted, events.date",
    "g_application.filing_date": "documents.filed",
    "g_cpc_current": "classes.code, classes.primary",
    "g_us_patent_citation": "references.cited_id",
    "g_other_reference": "references.cited_id, references.raw",
    "g_assignee_disambiguated": "parties.org, parties.name",
    "g_inventor_disambiguated": "parties.name",
    "g_location_disambiguated": "parties.city, parties.region, parties.country",
}
TABLES: Mapping[str, tuple[str, ...]] = {
    "g_patent": ("patent_id", "patent_type", "patent_date", "patent_title", "wipo_kind"),
    "g_patent_abstract": ("patent_id", "patent_abstract"),
    "g_application": ("patent_id", "filing_date"),
    "g_cpc_current": ("patent_id", "cpc_group", "cpc_type"),
    "g_us_patent_citation": ("patent_id", "citation_patent_id", "citation_date"),
    "g_other_reference": ("patent_id", "other_reference_text"),
    "g_assignee_disambiguated": (
        "patent_id", "assignee_sequence", "disambig_assignee_individual_name_first",
        "disambig_assignee_individual_name_last", "disambig_assignee_organization", "location_id",
    ),
    "g_inventor_disambiguated": (
        "patent_id", "inventor_sequence", "disambig_inventor_name_first",
        "disambig_inventor_name_last", "location_id",
    ),
    "g_location_disambiguated": (
        "location_id", "disambig_city", "disambig_state", "disambig_country",
    ),
}  # fmt: skip
OPTIONAL = ("withdrawn", "patent_abstract")
ROWS = 1 << 16


def stream_patentsview(paths: Sequence[Path], *, names: Sequence[str]) -> Stream:
    """Read PatentsView's tables.

    Parameters
    ----------
    paths, names : sequence of Path, sequence of str
        Files named after the tables: `g_patent.tsv.zip` (needed) and any of `TABLES`; also `.tsv`
        and `.tsv.gz`. The names are those by which the report speaks of them.

    Returns
    -------
    Stream

    Raises
    ------
    SourceError
        If a file is no table of PatentsView, one comes twice, or `g_patent` is missing; while it
        is read, if a file is damaged or lacks a column.
    """
    files: dict[str, Path] = {}
    for path in paths:
        table = path.name.split(".")[0]
        if table not in TABLES:
            msg = f"{path.name} is none of PatentsView's tables {', '.join(TABLES)}. Leave it out."
            raise SourceError(msg)
        if table in files:
            msg = f"{table} comes twice: {files[table]} and {path}. Give one of them."
            raise SourceError(msg)
        files[table] = path
    if "g_patent" not in files:
        msg = "g_patent.tsv.zip is missing: the other tables refer to it. Give it too."
        raise SourceError(msg)
    shown = {path.name: name for path, name in zip(paths, names, strict=True)}
    return Stream(TITLE, LICENCE, NOTES, FIELDS, _batches(files, shown))


def _batches(files: Mapping[str, Path], shown: Mapping[str, str]) -> Iterator[Batch]:
    with tempfile.TemporaryDirectory(prefix="foresight-") as place:
        scratch = Path(place)
        counts: dict[str, int] = {}
        for table in TABLES:
            optional = OPTIONAL if table == "g_patent" else ()
            target = scratch / f"{table}.parquet"
            unsound = unpack(files.get(table), target, names=TABLES[table], optional=optional)
            if table == "g_patent":
                name = shown[files[table].name]
                told = refused([(name, line, reason) for line, reason in unsound])
                yield Batch(len(unsound), {}, told)
            elif unsound:
                counts[f"unsound_rows_{table}"] = len(unsound)
        with duckdb.connect(scratch / "join.duckdb") as connection:
            connection.execute(
                "SET enable_progress_bar = false; SET memory_limit = '600MB'; "
                "SET preserve_insertion_order = false"
            )
            connection.execute("SET temp_directory = $place", {"place": str(scratch / "spill")})
            for table in TABLES:
                connection.read_parquet(str(scratch / f"{table}.parquet")).create_view(table)
            yield from _documents(connection, scratch, shown[files["g_patent"].name])
            yield Batch(0, {}, counts=counts)
            yield from _parts(connection)


_PATENTS = """
SELECT line AS row, line, patent_id, patent_type, wipo_kind AS doc_type, patent_title AS title,
  patent_date AS day, NULL::VARCHAR AS year, withdrawn,
  coalesce(p.patent_abstract, a.patent_abstract) AS abstract, filing_date AS filing
FROM g_patent p
LEFT JOIN (SELECT patent_id, min(patent_abstract) AS patent_abstract FROM g_patent_abstract
           GROUP BY ALL) a USING (patent_id)
LEFT JOIN (SELECT patent_id, min(filing_date) AS filing_date FROM g_application
           WHERE try_cast(filing_date AS DATE) IS NOT NULL GROUP BY ALL) f USING (patent_id)
ORDER BY line
"""
_KNOWN = pa.schema(
    [("patent_id", pa.large_string()), ("doc_id", pa.large_string()), ("row", pa.int64())]
)


def _documents(connection: duckdb.DuckDBPyConnection, scratch: Path, name: str) -> Iterator[Batch]:
    """Patents, and a table of their numbers and ids for the joins that follow."""
    path = scratch / "known.parquet"
    with pq.ParquetWriter(path, _KNOWN) as known:
        for record_batch in connection.cursor().sql(_PATENTS).to_arrow_reader(ROWS):
            rows = pa.Table.from_batches([record_batch])
            for field in ("title", "abstract"):
                rows = replaced(rows, field, plain_column(rows[field]))
            documents, told, counts = judged(
                rows, file=name, doc_id=_doc_id,
                needed=("patent_id", "patent_type", "doc_type"), extra=_unwanted,
            )  # fmt: skip
            numbers = documents["patent_id"].cast(pa.large_string())
            whole = pa.table([numbers, documents["doc_id"], documents["row"]], schema=_KNOWN)
            known.write_table(whole)
            documents = replaced(documents, "source_id", numbers)
            documents = replaced(documents, "granted", documents["published"])
            documents = replaced(documents, "filed", _filed(documents))
            documents = replaced(documents, "status", _status(documents))
            documents = constant(
                documents, kind="patent", language="en", office="US", source="patentsview"
            )
            grants = documents.select(["doc_id", "published", "row"])
            grants = constant(grants.rename_columns(["doc_id", "date", "row"]), event="grant")
            keys = [f"US{text.lstrip('0')}" for text in numbers.to_pylist()]
            aliases = pa.table([keys, documents["doc_id"], documents["row"]], schema=ALIASES)
            tables = {"documents": typed(documents, "documents"), "events": typed(grants, "events")}
            yield Batch(rows.num_rows, tables, refused(told), aliases, counts)
    connection.read_parquet(str(path)).create_view("every")
    connection.execute(
        "CREATE TABLE known AS SELECT patent_id, min(doc_id) AS doc_id, min(row) AS row "
        "FROM every GROUP BY patent_id"
    )


def _filed(documents: pa.Table) -> pa.ChunkedArray:
    """Filing dates that are days not after the grant; others are null."""
    filing = documents["filing"].cast(pa.large_string())
    good = pc.and_(
        pc.match_substring_regex(filing, r"^\d{4}-\d{2}-\d{2}$"),
        pc.less_equal(filing, documents["published"]),
    )
    return pc.if_else(pc.fill_null(good, False), filing, pa.scalar(None, pa.large_string()))


def _status(documents: pa.Table) -> pa.ChunkedArray:
    gone = pc.equal(pc.fill_null(documents["withdrawn"].cast(pa.large_string()), "0"), "1")
    none = pa.scalar(None, pa.large_string())
    return pc.if_else(gone, pa.scalar("withdrawn", pa.large_string()), none)


def _doc_id(row: dict[str, Any]) -> str | None:
    number = publication(row["patent_id"] or "", office="US", kind=row["doc_type"])
    return number.doc_id if number else None


def _unwanted(row: dict[str, Any]) -> str | None:
    kind = row["patent_type"]
    return None if kind in (None, "utility") else f"{LEFT_OUT}{kind}"


_CLASSES = """
SELECT doc_id, row, 'cpc' AS scheme, cpc_group AS code,
  bool_or(CASE cpc_type WHEN 'inventional' THEN true WHEN 'additional' THEN false END) AS "primary"
FROM g_cpc_current JOIN known USING (patent_id) WHERE cpc_group IS NOT NULL GROUP BY ALL
"""
_CITATIONS = """
SELECT doc_id AS citing_id, row, citation_patent_id AS raw, 'patent' AS cited_kind,
  min(CASE WHEN regexp_full_match(citation_date, '\\d{4}-\\d{2}-\\d{2}')
      THEN citation_date[1:4]::BIGINT END) AS cited_year
FROM g_us_patent_citation JOIN known USING (patent_id)
WHERE citation_patent_id IS NOT NULL GROUP BY ALL
"""
_OTHER = """
SELECT doc_id AS citing_id, row, left(other_reference_text, 4000) AS raw, 'paper' AS cited_kind
FROM g_other_reference JOIN known USING (patent_id)
WHERE regexp_matches(other_reference_text, '10\\.\\d{4,9}/')
"""
_PARTIES = """
SELECT doc_id, row, 'owner' AS role, row_number() OVER (PARTITION BY doc_id, row
    ORDER BY try_cast(assignee_sequence AS BIGINT), ALL_NAMES) - 1 AS position,
  nullif(trim(concat_ws(' ', disambig_assignee_individual_name_first,
                        disambig_assignee_individual_name_last)), '') AS name,
  disambig_assignee_organization AS org, disambig_city AS city, disambig_state AS region,
  disambig_country AS country
FROM g_assignee_disambiguated JOIN known USING (patent_id) LEFT JOIN place USING (location_id)
UNION ALL
SELECT doc_id, row, 'inventor', row_number() OVER (PARTITION BY doc_id, row
    ORDER BY try_cast(inventor_sequence AS BIGINT), disambig_inventor_name_last,
             disambig_inventor_name_first) - 1,
  nullif(trim(concat_ws(' ', disambig_inventor_name_first, disambig_inventor_name_last)), ''),
  NULL, disambig_city, disambig_state, disambig_country
FROM g_inventor_disambiguated JOIN known USING (patent_id) LEFT JOIN place USING (location_id)
""".replace("ALL_NAMES", "disambig_assignee_organization, disambig_assignee_individual_name_last")
_PLACES = """
CREATE OR REPLACE TABLE place AS
SELECT location_id, min(disambig_city) AS disambig_city, min(disambig_state) AS disambig_state,
       min(disambig_country) AS disambig_country
FROM g_location_disambiguated WHERE location_id IS NOT NULL GROUP BY location_id
"""
_LOST = "SELECT count(*) FROM {0} WHERE patent_id NOT IN (SELECT patent_id FROM known)"


def _parts(connection: duckdb.DuckDBPyConnection) -> Iterator[Batch]:
    """Rows of the other tables, joined to their patents."""
    connection.execute(_PLACES)
    for name, query in (("classes", _CLASSES), ("parties", _PARTIES)):
        for rows in _pieces(connection, query):
            yield Batch(0, {name: typed(_named(rows, name), name)})
    for rows in _pieces(connection, _CITATIONS):
        cited = [_cited(text) for text in rows["raw"].to_pylist()]
        yield _cites(rows, cited)
    with_doi = 0
    for rows in _pieces(connection, _OTHER):
        found = [
            f"doi:{known}" if (known := doi(text)) else None for text in rows["raw"].to_pylist()
        ]
        with_doi += len(found) - found.count(None)
        yield _cites(rows, found)
    total = _number(connection, "SELECT count(*) FROM g_other_reference")
    counts = {"references_without_id": total - with_doi}
    for table in TABLES:
        if "patent_id" in TABLES[table] and table != "g_patent":
            lost = _number(connection, _LOST.format(table))
            counts[f"rows_of_other_patents_{table}"] = lost
    yield Batch(0, {}, counts={name: number for name, number in counts.items() if number})


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _pieces(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[pa.Table]:
    for record_batch in connection.cursor().sql(query).to_arrow_reader(ROWS):
        yield pa.Table.from_batches([record_batch])


def _named(rows: pa.Table, name: str) -> pa.Table:
    if name != "parties":
        return rows
    return rows.filter(pc.or_(rows["name"].is_valid(), rows["org"].is_valid()))


def _cited(text: str) -> str | None:
    number = publication(text, office="US")
    return number.doc_id if number else None


def _cites(rows: pa.Table, cited: list[str | None]) -> Batch:
    known = pa.array([text is not None and ";" not in text for text in cited], pa.bool_())
    rows = replaced(rows, "cited_id", pa.array(cited, pa.large_string())).filter(known)
    return Batch(0, {"references": typed(rows, "references")}, REFUSED.empty_table())
