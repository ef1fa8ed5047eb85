"""Corpora on disk: a folder of Parquet files with a manifest, written whole or not at all."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight import provenance, settings
from foresight.corpus import dedupe, history, normalise
from foresight.errors import CorpusError, TableError
from foresight.sources.base import SourceTables, conform
from foresight.tables import CORPUS_TABLES, DOCUMENTS, check

FORMAT = 1  # raised when the stored tables change, so that an old corpus asks to be built anew
MANIFEST = "manifest.json"
DERIVED = ("search_text", "history", "first_organisations")
STORED = (*(table.name for table in CORPUS_TABLES), *DERIVED)
NAME_RULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
ROW_GROUP = 1 << 17
DIGEST_ROWS = 1 << 16


@dataclass(frozen=True)
class Corpus:
    """An open corpus.

    Attributes
    ----------
    name : str
    folder : Path
    manifest : dict
        format, name, title, licence, notes, digest, tables (name to digest), rows, counts,
        caveats, fields (share of documents that have each), first_published, last_published,
        origin (file name to SHA-256).
    """

    name: str
    folder: Path
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the content of the five tables, whatever the order and day of import."""
        return str(self.manifest["digest"])

    @cached_property
    def backend(self) -> Any:
        """The Ibis backend that reads the tables: DuckDB, spilling to the system's temp folder."""
        return ibis.duckdb.connect(
            temp_directory=str(Path(tempfile.gettempdir()) / "foresight-duckdb"),
            preserve_insertion_order=False,
        )

    def table(self, name: str) -> ir.Table:
        """Give a stored table as an Ibis expression; nothing is read until it is executed.

        Parameters
        ----------
        name : str
            `documents`, `references`, `classes`, `parties`, `events`, `search_text` (doc_id,
            text_en, text_zh), `history` (doc_id, n_pairs, n_first_pairs) or
            `first_organisations` (org_id, org, first_published).

        Raises
        ------
        CorpusError
            For another name.
        """
        if name not in STORED:
            msg = f"A corpus has no table `{name}`. It has: {', '.join(STORED)}."
            raise CorpusError(msg)
        opened: dict[str, ir.Table] = self.__dict__.setdefault("_opened", {})
        if name not in opened:
            opened[name] = self.backend.read_parquet(
                self.folder / f"{name}.parquet", table_name=name
            )
        return opened[name]

    def read(self, expression: ir.Table) -> pd.DataFrame:
        """Execute an expression over this corpus's tables and give the rows as pandas.

        Rows come in no order unless the expression has one. Text columns are `str` with NaN for
        null; whole numbers with nulls become floats.
        """
        frame: pd.DataFrame = self.backend.to_pyarrow(expression).to_pandas()
        return frame

    def __getstate__(self) -> dict[str, Any]:
        """Leave the connection out, so that a corpus can be sent to another process."""
        return {"name": self.name, "folder": self.folder, "manifest": self.manifest}


def check_name(name: str) -> None:
    """Check a corpus name: letters, digits, dash and underscore, up to 64, no path.

    Raises
    ------
    CorpusError
    """
    if not NAME_RULE.fullmatch(name):
        msg = (
            f"{name!r} cannot be the name of a corpus. Use up to 64 letters (a-z), digits, dashes "
            "and underscores, beginning with a letter or digit."
        )
        raise CorpusError(msg)


def list_corpora() -> list[str]:
    """Names of the corpora that can be opened, sorted."""
    folder = settings.corpora_dir()
    if not folder.is_dir():
        return []
    return sorted(
        p.parent.name for p in folder.glob(f"*/{MANIFEST}") if NAME_RULE.fullmatch(p.parent.name)
    )


def open_corpus(name: str) -> Corpus:
    """Open a corpus by name.

    Raises
    ------
    CorpusError
        If there is none of that name, or it was written by another version.
    """
    check_name(name)
    folder = settings.corpora_dir() / name
    how = (
        "`foresight corpus build sample`"
        if name == "sample"
        else f"`foresight corpus import FOLDER --name {name}`"
    )
    if not (folder / MANIFEST).is_file():
        known = ", ".join(list_corpora()) or "none yet"
        msg = f"There is no corpus named {name!r}. Known corpora: {known}. Make it with {how}."
        raise CorpusError(msg)
    try:
        manifest = provenance.read_json(folder / MANIFEST)
        found = manifest["format"]
    except (ValueError, KeyError, TypeError) as error:
        msg = f"The manifest of corpus {name!r} cannot be read: {error}. Make it anew with {how}."
        raise CorpusError(msg) from error
    lost = [table for table in STORED if not (folder / f"{table}.parquet").is_file()]
    if found != FORMAT or lost:
        old = f"has format {found}, this version reads {FORMAT}"
        what = old if found != FORMAT else f"lacks {', '.join(lost)}"
        msg = f"Corpus {name!r} {what}. Make it anew with {how}."
        raise CorpusError(msg)
    return Corpus(name, folder, manifest)


def write_corpus(source: SourceTables, *, name: str) -> Corpus:
    """Normalise, check and store the tables of a source under a name.

    Identical rows are merged and counted; classification codes, organisations and places get
    one form (`foresight.corpus.normalise`); the derived tables are computed. A corpus of the
    same name is replaced in one step at the end: whatever fails before leaves it untouched.

    Parameters
    ----------
    source : SourceTables
    name : str
        See `check_name`.

    Returns
    -------
    Corpus

    Raises
    ------
    CorpusError
        For a bad name.
    TableError
        If a table breaks its contract, rows contradict each other, or a row belongs to no
        document.
    """
    check_name(name)
    tables, counts = prepare_tables(source)
    digests = {table: content_digest(data) for table, data in tables.items()}
    with provenance.atomic_folder(settings.corpora_dir() / name) as part:
        for table, data in tables.items():
            _write_parquet(part / f"{table}.parquet", data)
        _write_parquet(part / "search_text.parquet", search_text(tables["documents"]))
        _write_history(Corpus(name, part, {}))
        published = pc.min_max(tables["documents"]["published"]).as_py()
        manifest = {
            "format": FORMAT,
            "name": name,
            "title": dict(source.title),
            "licence": dict(source.licence),
            "notes": dict(source.notes),
            "origin": dict(source.origin),
            "counts": counts,
            "caveats": [*source.caveats, *_merge_caveats(counts)],
            "rows": {table: data.num_rows for table, data in tables.items()},
            "tables": digests,
            "digest": provenance.text_digest(*(f"{t}:{digests[t]}" for t in sorted(digests))),
            "fields": coverage(tables),
            "first_published": published["min"],
            "last_published": published["max"],
        }
        provenance.write_json(part / MANIFEST, manifest)
    return open_corpus(name)


def prepare_tables(source: SourceTables) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """Bring the tables of a source into the form in which they are stored.

    Returns
    -------
    (dict of pyarrow Table, dict of int)
        All five tables, sorted by key; counts of the source and of merged rows.

    Raises
    ------
    TableError
    """
    if "documents" not in source.tables or source.tables["documents"].num_rows == 0:
        msg = "A corpus needs documents, and there is none. Check what was supplied."
        raise TableError(msg)
    counts = dict(source.counts)
    prepared: dict[str, pa.Table] = {}
    for table in CORPUS_TABLES:
        data = source.tables.get(table.name)
        data = conform(data if data is not None else pa.table({}), table)
        data, merged = dedupe.merge_identical(data, table)
        if table.name == "classes":
            data, same = dedupe.merge_classes(_normal_classes(data))
            data, merged = dedupe.sort_by_key(data, table), merged + same
        elif table.name == "parties":
            data = _normal_parties(data)
        counts[f"duplicates_merged_{table.name}"] = merged
        check(data.to_pandas(), table)
        if table is not DOCUMENTS:
            dedupe.check_links(data, table, doc_ids=prepared["documents"]["doc_id"])
        prepared[table.name] = data
    return prepared, counts


def _mapped(column: pa.ChunkedArray, values: Mapping[str, str | None]) -> pa.ChunkedArray:
    coded = column.combine_chunks().dictionary_encode()
    new = pa.array([values[text] for text in coded.dictionary.to_pylist()], pa.large_string())
    return pa.chunked_array([new.take(coded.indices)])


def _set(data: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return data.set_column(data.schema.get_field_index(name), name, column)


def _normal_classes(classes: pa.Table) -> pa.Table:
    if classes.num_rows == 0:
        return classes
    symbols = pc.is_in(classes["scheme"], value_set=pa.array(["cpc", "ipc"], pa.large_string()))
    forms = {code: normalise.class_code(code) for code in pc.unique(classes["code"]).to_pylist()}
    return _set(
        classes, "code", pc.if_else(symbols, _mapped(classes["code"], forms), classes["code"])
    )


def _normal_parties(parties: pa.Table) -> pa.Table:
    if parties.num_rows == 0:
        return parties
    orgs = {org: normalise.organisation_id(org) for org in pc.unique(parties["org"]).to_pylist()}
    org_id = pc.coalesce(parties["org_id"], _mapped(parties["org"], orgs))
    parties = _set(parties, "org_id", org_id)
    names = ["city", "country", "region"]
    places = parties.select(names).group_by(names, use_threads=False).aggregate([])
    inside = [normalise.locate(*row.values())[0] for row in places.to_pylist()]
    # Nulls do not match in a join, so the key is one text in which null has its own mark.
    zhejiang = _place_key(places).filter(pa.array(inside, pa.bool_()))
    found = pc.is_in(_place_key(parties), value_set=zhejiang)
    region = pc.if_else(found, pa.scalar(normalise.PROVINCE, pa.large_string()), parties["region"])
    return _set(parties, "region", region)


def _place_key(data: pa.Table) -> pa.ChunkedArray:
    parts = [pc.fill_null(data[name], "\x00") for name in ("city", "country", "region")]
    return pc.binary_join_element_wise(*parts, pa.scalar("\x1f", pa.large_string()))


def search_text(documents: pa.Table) -> pa.Table:
    """Make the texts that terms are matched against.

    Returns
    -------
    pyarrow Table, one row per document
        doc_id; text_en: title and abstract by `normalise.english_words`, letter case kept, two
        spaces between them so that no phrase spans both; text_zh: by
        `normalise.chinese_text`, null for a document without a Han character.
    """
    english = [normalise.english_words(documents[name]) for name in ("title", "abstract")]
    chinese = [normalise.chinese_text(documents[name]) for name in ("title", "abstract")]
    kind = pa.large_string()
    has = pc.or_(pc.is_valid(chinese[0]), pc.is_valid(chinese[1]))
    joined = pc.binary_join_element_wise(
        *(pc.fill_null(text, "") for text in chinese), pa.scalar("|", kind)
    )
    return pa.table(
        {
            "doc_id": documents["doc_id"],
            "text_en": pc.binary_join_element_wise(*english, pa.scalar("", kind)),
            "text_zh": pc.if_else(has, joined, pa.scalar(None, kind)),
        }
    )


def _write_history(corpus: Corpus) -> None:
    documents, classes, parties = (
        corpus.table(name) for name in ("documents", "classes", "parties")
    )
    tables = {
        "history": history.first_pairs(documents, classes),
        "first_organisations": history.first_organisations(documents, parties),
    }
    for name, expression in tables.items():
        _write_parquet(corpus.folder / f"{name}.parquet", corpus.backend.to_pyarrow(expression))
    corpus.backend.disconnect()


def _write_parquet(path: Path, data: pa.Table) -> None:
    pq.write_table(data, path, compression="zstd", row_group_size=ROW_GROUP)


def content_digest(data: pa.Table) -> str:
    """SHA-256 of a table's values, whatever file, chunks or library version they come from."""
    digest = hashlib.sha256()
    for name in data.column_names:
        digest.update(f"{name}:{data.num_rows};".encode())
        column = data[name]
        for start in range(0, data.num_rows, DIGEST_ROWS):
            values = column.slice(start, DIGEST_ROWS).cast(pa.large_string())
            lengths = pc.fill_null(pc.binary_length(values), -1)
            digest.update(np.asarray(lengths.to_numpy(), dtype="<i8").tobytes())
            digest.update("".join(values.drop_null().to_pylist()).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def coverage(tables: Mapping[str, pa.Table]) -> dict[str, float]:
    """Share of documents (0 to 1, six decimals) that have each field."""
    documents, parties = tables["documents"], tables["parties"]
    total = documents.num_rows

    def share(ids: pa.ChunkedArray) -> float:
        return float(round(len(pc.unique(ids)) / total, 6))

    def filled(name: str) -> float:
        return float(round((total - documents[name].null_count) / total, 6))

    return {
        "abstract": filled("abstract"),
        "references": share(tables["references"]["citing_id"]),
        "classes": share(tables["classes"]["doc_id"]),
        "parties": share(parties["doc_id"]),
        "organisations": share(parties.filter(pc.is_valid(parties["org_id"]))["doc_id"]),
        "countries": share(parties.filter(pc.is_valid(parties["country"]))["doc_id"]),
        "families": filled("family_id"),
        "events": share(tables["events"]["doc_id"]),
    }


def _merge_caveats(counts: Mapping[str, int]) -> list[dict[str, str]]:
    merged = {
        name.removeprefix("duplicates_merged_"): number
        for name, number in counts.items()
        if name.startswith("duplicates_merged_") and number
    }
    return [
        {
            "zh": f"表 {table} 有{number}行重复记录，已合并。",
            "en": f"{number} repeated row(s) of table `{table}` were merged.",
        }
        for table, number in sorted(merged.items())
    ]
