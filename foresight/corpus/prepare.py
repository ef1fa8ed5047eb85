"""Bringing the tables of a source into the form in which they are stored."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from foresight.corpus import dedupe, normalise
from foresight.errors import TableError
from foresight.sources.base import SourceTables, conform
from foresight.sources.places import address
from foresight.sources.texts import has_han
from foresight.tables import CORPUS_TABLES, DOCUMENTS, check


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
            data, same = dedupe.merge_classes(normal_classes(data))
            data, merged = dedupe.sort_by_key(data, table), merged + same
        elif table.name == "parties":
            data = normal_parties(data)
        counts[f"duplicates_merged_{table.name}"] = merged
        check(data.to_pandas(), table)
        if table is DOCUMENTS:
            _check_ids(data["doc_id"])
        else:
            dedupe.check_links(data, table, doc_ids=prepared["documents"]["doc_id"])
        prepared[table.name] = data
    return prepared, counts


def _check_ids(ids: pa.ChunkedArray) -> None:
    """Refuse ids that a list of ids, joined by semicolons, could not hold."""
    bad = ids.filter(pc.match_substring_regex(ids, r"[;\x00-\x1f]")).to_pylist()
    if bad:
        msg = (
            f"{len(bad)} document id(s) hold a semicolon or a control character, first: "
            f"{bad[0]!r}. Ids are listed joined by semicolons: write these ids without."
        )
        raise TableError(msg)


def _mapped(column: pa.ChunkedArray, values: Mapping[str, str | None]) -> pa.ChunkedArray:
    coded = column.combine_chunks().dictionary_encode()
    new = pa.array([values[text] for text in coded.dictionary.to_pylist()], pa.large_string())
    return pa.chunked_array([new.take(coded.indices)])


def _set(data: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return data.set_column(data.schema.get_field_index(name), name, column)


def normal_classes(classes: pa.Table) -> pa.Table:
    """Write CPC and IPC codes in one form."""
    if classes.num_rows == 0:
        return classes
    symbols = pc.is_in(classes["scheme"], value_set=pa.array(["cpc", "ipc"], pa.large_string()))
    forms = {code: normalise.class_code(code) for code in pc.unique(classes["code"]).to_pylist()}
    return _set(
        classes, "code", pc.if_else(symbols, _mapped(classes["code"], forms), classes["code"])
    )


def normal_parties(parties: pa.Table) -> pa.Table:
    """Compute `org_id` where it is not given, and write countries and the home region one way."""
    if parties.num_rows == 0:
        return parties
    orgs = {org: normalise.organisation_id(org) for org in pc.unique(parties["org"]).to_pylist()}
    org_id = pc.coalesce(parties["org_id"], _mapped(parties["org"], orgs))
    parties = _set(parties, "org_id", org_id)
    countries = {c: normalise.country_code(c) for c in pc.unique(parties["country"]).to_pylist()}
    parties = _set(parties, "country", _mapped(parties["country"], countries))
    names = ["city", "country", "region"]
    places = parties.select(names).group_by(names, use_threads=False).aggregate([])
    found = [_province(**row) for row in places.to_pylist()]
    # Nulls do not match in a join, so the key is one text in which null has its own mark.
    known = pa.array([province is not None for province in found], pa.bool_())
    keys = _place_key(places).filter(known).combine_chunks()
    provinces = pa.array(found, pa.large_string()).filter(known)
    where = pc.index_in(_place_key(parties), value_set=keys)
    region = pc.coalesce(provinces.take(where.combine_chunks()), parties["region"])
    parties = _set(parties, "region", region)
    home = pc.if_else(
        pc.is_valid(where), pa.scalar(normalise.HOME, pa.large_string()), parties["country"]
    )
    return _set(parties, "country", home)


def _province(city: str | None, country: str | None, region: str | None) -> str | None:
    """Province of China that a place names: the home province, or another in an address."""
    if normalise.locate(city, country, region)[0]:
        return normalise.PROVINCE
    if region is None and city and country in (None, normalise.HOME) and has_han(city):
        return address(city).region
    return None


def unknown_countries(parties: pa.Table) -> list[str]:
    """Texts in `country` that are no ISO code after normalisation, sorted."""
    texts = pc.unique(parties["country"].drop_null()).to_pylist()
    return sorted(text for text in texts if not normalise.is_country_code(text))


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


def filled_counts(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Number of documents that have each field."""
    documents, parties = tables["documents"], tables["parties"]

    def number(ids: pa.ChunkedArray) -> int:
        return len(pc.unique(ids))

    def filled(name: str) -> int:
        return int(documents.num_rows - documents[name].null_count)

    return {
        "abstract": filled("abstract"),
        "references": number(tables["references"]["citing_id"]),
        "classes": number(tables["classes"]["doc_id"]),
        "parties": number(parties["doc_id"]),
        "organisations": number(parties.filter(pc.is_valid(parties["org_id"]))["doc_id"]),
        "countries": number(parties.filter(pc.is_valid(parties["country"]))["doc_id"]),
        "families": filled("family_id"),
        "events": number(tables["events"]["doc_id"]),
    }


def shares(filled: Mapping[str, int], n_docs: int) -> dict[str, float]:
    """Shares of documents (0 to 1, six decimals) from `filled_counts`."""
    return {name: float(round(number / n_docs, 6)) for name, number in filled.items()}
