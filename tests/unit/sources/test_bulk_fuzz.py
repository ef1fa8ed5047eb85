"""Whole data sets with damaged records: each is a document or is refused, and harms no other.

`FORESIGHT_FUZZ=10000` tries that many inputs for each format. Most inputs are records in one file
with sound ones between them, which must come out as they do alone; the others are whole files.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk_mutations import damaged, odd_line, odd_text
from bulk_samples import (
    PATENTSVIEW_TABLES,
    arxiv_records,
    as_lines,
    google_rows,
    works,
    zipped,
)
from tries import at_least, tries

from foresight.errors import SourceError
from foresight.sources.bulk.base import bulk_schema
from foresight.sources.bulk.formats import bulk_files, open_bulk

TRIES = tries(150)
WHOLE = 20  # one input in so many is a file, not a record
COMPANY = 64  # records in one file
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def reading(form, *paths):
    """Rows of all batches, by table and by number of the record; and the refused ones."""
    rows_in, tables, refused = 0, {}, []
    for batch in open_bulk(form, bulk_files(form, list(paths))).batches:
        rows_in += batch.rows_in
        refused += batch.refused.to_pylist()
        for name, data in batch.tables.items():
            assert data.schema == bulk_schema(name)
            for row in data.to_pylist():
                tables.setdefault(name, {}).setdefault(row.pop("row"), []).append(row)
    documents = tables.get("documents", {})
    assert rows_in == len(documents) + len(refused)
    for (row,) in documents.values():
        assert row["doc_id"]
        assert row["title"]
        assert DAY.fullmatch(row["published"])
    for name, rows in tables.items():
        key = "citing_id" if name == "references" else "doc_id"
        for number, some in rows.items():
            assert {row[key] for row in some} == {documents[number][0]["doc_id"]}, name
    return rows_in, tables, refused


def of_record(tables, number):
    """All rows of a record, in no order."""
    return {
        name: Counter(json.dumps(row, sort_keys=True) for row in rows[number])
        for name, rows in tables.items()
        if number in rows
    }


def in_companies(tries, size=COMPANY):
    """Sizes of companies that make up so many inputs."""
    whole = tries // WHOLE
    return [min(size, tries - whole - start) for start in range(0, tries - whole, size)]


def narrowed(inputs, check):
    """Check inputs together; where that fails, the least part of them that fails tells."""
    try:
        return check(inputs)
    except Exception:
        half = len(inputs) // 2
        for part in (inputs[:half], inputs[half:]):
            if part and half:
                narrowed(part, check)
        raise


def check_lines(form, path, inputs, sound):
    """Damaged lines with sound ones between; the number of damaged records that were taken."""
    data, places = b"", {}
    for place, line in enumerate(inputs):
        data += line + b"\n"
        if place % 4 == 0:
            which = place % len(sound)
            places[data.count(b"\n") + 1] = which
            data += sound[which][0] + b"\n"
    path.write_bytes(data)
    rows_in, tables, refused = reading(form, path)
    numbers = [n for n, line in enumerate(data.split(b"\n"), start=1) if line.strip()]
    assert rows_in == len(numbers)
    told = {row["line"] for row in refused}
    assert {numbers[row - 1] for row in tables.get("documents", {})} == set(numbers) - told
    for row, line in enumerate(numbers, start=1):
        if line in places:
            assert of_record(tables, row) == sound[places[line]][1]
    return len(tables.get("documents", {})) - len(places)


@pytest.mark.parametrize("form", ["openalex-snapshot", "arxiv-metadata"])
def test_damaged_lines_are_told_and_harm_no_other(form, tmp_path):
    rng = random.Random(f"{form} 1")  # noqa: S311
    records = works(8) if form == "openalex-snapshot" else arxiv_records()
    path = tmp_path / "x.jsonl"
    sound = []
    for record in records[:8]:
        path.write_bytes(as_lines([record]))
        _, tables, _ = reading(form, path)
        if tables:
            sound.append((as_lines([record]).strip(), of_record(tables, 1)))
    taken = 0
    for size in in_companies(TRIES):
        inputs = [odd_line(rng.choice(records), rng) for _ in range(size)]
        taken += narrowed(inputs, lambda some: check_lines(form, path, some, sound))
    assert taken >= at_least(1 / 5, TRIES)


@pytest.mark.parametrize("form", ["openalex-snapshot", "arxiv-metadata"])
def test_damaged_files_of_lines_are_read_or_refused(form, tmp_path):
    rng = random.Random(f"{form} 2")  # noqa: S311
    records = works(2) if form == "openalex-snapshot" else arxiv_records()
    for _ in range(TRIES // WHOLE):
        data = damaged(as_lines(rng.sample(records, 3)), rng)
        packed = rng.random() < 0.5
        path = tmp_path / ("x.gz" if packed else "x.jsonl")
        path.write_bytes(damaged(gzip.compress(data), rng) if packed else data)
        try:
            rows_in, _, _ = reading(form, path)
        except SourceError:
            assert packed
            continue
        if packed:
            with gzip.open(path, "rb") as stream:
                data = stream.read()
        assert rows_in == sum(bool(line.strip()) for line in data.split(b"\n"))


GOOGLE = pa.Table.from_pylist(google_rows()).schema
KEPT = ["CN-110000001-A", "US-7642217-B2", "DE-102014009903-A1"]


def odd_cell(kind, value, rng):
    """Another value of the same Arrow type."""
    if pa.types.is_null(kind) or rng.random() < 0.15:
        return None
    if pa.types.is_string(kind):
        return odd_text(value or "", rng).encode("utf-8", "replace").decode()
    if pa.types.is_integer(kind):
        return rng.choice([0, -1, 1, 20201301, 20200230, 2020, 202001011, 2**63 - 1, -(2**63)])
    if pa.types.is_boolean(kind):
        return rng.choice([True, False])
    if pa.types.is_struct(kind):
        made = dict(value or {})
        field = kind.field(rng.randrange(kind.num_fields))
        return {**made, field.name: odd_cell(field.type, made.get(field.name), rng)}
    items = list(value or [])
    turn = rng.randrange(4)
    if turn == 0 or not items:
        return [*items, odd_cell(kind.value_type, None, rng)]
    if turn == 1:
        return rng.choice([[], [None], items * 2, items * 200])
    place = rng.randrange(len(items))
    return [*items[:place], odd_cell(kind.value_type, items[place], rng), *items[place + 1 :]]


def odd_row(row, rng):
    fields = [GOOGLE.field(rng.randrange(len(GOOGLE))) for _ in range(rng.randrange(1, 4))]
    changed = dict(row)
    for field in fields:
        changed[field.name] = odd_cell(field.type, changed.get(field.name), rng)
    return changed


def check_rows(path, inputs, sound):
    """Damaged rows of Google's table with sound ones between; the number that was taken."""
    rows, places = [], {}
    for place, row in enumerate(inputs):
        rows.append(row)
        if place % 4 == 0:
            which = place % len(sound)
            places[len(rows)] = which
            rows.append(sound[which][0])
    group = 1 + len(inputs) // 3
    pq.write_table(pa.Table.from_pylist(rows, schema=GOOGLE), path, row_group_size=group)
    rows_in, tables, refused = reading("google-patents", path)
    assert rows_in == len(rows)
    told = {row["line"] for row in refused}
    assert {row + 1 for row in tables.get("documents", {})} == {*range(1, rows_in + 1)} - told
    for row, which in places.items():
        assert of_record(tables, row) == sound[which][1]
    return len(tables.get("documents", {})) - len(places)


def test_damaged_rows_are_told_and_harm_no_other(tmp_path):
    rng = random.Random("google 1")  # noqa: S311
    path, sound = tmp_path / "x.parquet", []
    rows = google_rows()
    for row in rows:
        if row["publication_number"] in KEPT:
            pq.write_table(pa.Table.from_pylist([row], schema=GOOGLE), path)
            sound.append((row, of_record(reading("google-patents", path)[1], 0)))
    taken = 0
    for size in in_companies(TRIES):
        inputs = [odd_row(rng.choice(rows), rng) for _ in range(size)]
        taken += narrowed(inputs, lambda some: check_rows(path, some, sound))
    assert taken >= at_least(1 / 5, TRIES)


def odd_table(rng):
    """Google's table with columns of other types, without some, or with some of another name."""
    data = pa.Table.from_pylist(google_rows(), schema=GOOGLE)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(data.num_columns)
        name, column = data.column_names[place], data.column(place).combine_chunks()
        turn = rng.randrange(7)
        if turn == 0:
            data = data.remove_column(place)
        elif turn == 1:
            other = rng.choice(["x", name.upper(), *data.column_names])
            data = data.set_column(place, other, column)
        elif turn == 2:
            text = pa.array([json.dumps(value) for value in column.to_pylist()])
            data = data.set_column(place, name, text)
        elif turn == 3:
            kinds = [pa.int32(), pa.float64(), pa.large_string(), pa.date32(), pa.binary()]
            try:
                data = data.set_column(place, name, column.cast(rng.choice(kinds)))
            except pa.ArrowException:
                continue  # no such table
        elif turn == 4:
            data = data.set_column(place, name, pa.array([[v] for v in column.to_pylist()]))
        elif turn == 5 and pa.types.is_list(column.type):
            data = data.set_column(place, name, column.cast(pa.large_list(column.type.value_type)))
        else:
            data = data.set_column(place, name, pa.nulls(len(column), rng.choice(
                [pa.null(), column.type, pa.string()])))  # fmt: skip
    return data


def test_odd_parquet_is_read_or_refused(tmp_path):
    rng = random.Random("google 2")  # noqa: S311
    path, read = tmp_path / "x.parquet", 0
    for _ in range(TRIES // WHOLE):
        table = odd_table(rng)
        pq.write_table(table, path)
        whole = rng.random() < 0.6
        if not whole:
            path.write_bytes(damaged(path.read_bytes(), rng))
        try:
            rows_in, _, _ = reading("google-patents", path)
        except SourceError:
            continue
        read += 1
        assert not whole or rows_in == table.num_rows
    assert read >= at_least(1 / 5, TRIES // WHOLE)


def patent_rows(number):
    """Rows of one patent in PatentsView's tables, as cells."""
    place = f"l{number}"
    return {
        "g_patent": [[number, "utility", "2018-06-19", f"Cell {number}", "B2", "12", "0", "x.xml"]],
        "g_patent_abstract": [[number, f"A cell of the form {number}."]],
        "g_application": [[f"15{number}", number, "15", "2017-01-03", "15"]],
        "g_cpc_current": [
            [number, "0", "H", "H01", "H01M", "H01M10/0562", "inventional"],
            [number, "1", "Y", "Y02", "Y02E", "Y02E60/10", "additional"],
        ],
        "g_us_patent_citation": [
            [number, "0", "7642217", "2010-01-05", "Smith", "B2", "cited by applicant"],
            [number, "1", "20200012345", "", "X", "A1", "cited by examiner"],
        ],
        "g_other_reference": [[number, "0", "Li et al. 2010, doi: 10.1000/Abc."]],
        "g_assignee_disambiguated": [[number, "0", "a", "", "", "Zhejiang University", "3", place]],
        "g_inventor_disambiguated": [
            [number, "1", "x", "Bo", "Wang", "M", place],
            [number, "0", "y", "Wei", "Li", "M", place],
        ],
        "g_location_disambiguated": [[place, "Hangzhou", "", "CN", "30.2", "120.1"]],
    }


MODEL = "7777777"  # a number from which damage makes none of the others
HEADINGS = {
    name: "\t".join(columns.split()).encode() for name, (columns, _) in PATENTSVIEW_TABLES.items()
}


def write_patents(folder, patents, damage=None):
    """Write tables of patents; `damage` maps a patent and a table to the bytes of its row there."""
    lines = {name: [heading] for name, heading in HEADINGS.items()}
    for number in patents:
        for name, rows in patent_rows(number).items():
            found = ["\t".join(row).encode() for row in rows]
            if damage and (number, name) in damage:
                found[0] = damage[number, name]
            lines[name] += found
    for name, some in lines.items():
        (folder / f"{name}.tsv").write_bytes(b"\n".join(some) + b"\n")
    return lines["g_patent"][1:]


def odd_cells(rows, rng):
    """The first row of some, damaged in its cells or its bytes."""
    cells = list(rows[0])
    turn = rng.randrange(5)
    if turn == 0:  # two of these make one cell of all that is between
        place = min(3, len(cells) - 1)
        cells[place] = '"' + cells[place]
    elif turn < 3:
        place = rng.randrange(len(cells))
        cells[place] = odd_text(cells[place], rng)
    data = "\t".join(cells).encode("utf-8", "replace")
    return data if turn < 3 else damaged(data, rng).decode("utf-8", "replace").encode()


def check_patents(folder, inputs, alone):
    """Patents with a damaged row, and as many sound ones; the number of damaged ones taken."""
    odd = [str(2_000_001 + 2 * place) for place in range(len(inputs))]
    sound = [str(int(number) + 1) for number in odd]
    damage = {
        (number, name): data.replace(MODEL.encode(), number.encode())
        for number, (name, data) in zip(odd, inputs, strict=True)
    }
    lines = write_patents(folder, sorted(odd + sound), damage)
    rows_in, tables, _ = reading("patentsview-tables", folder)
    full = sum(bool(line) for line in re.split(rb"[\r\n]+", b"\n".join(lines)))
    own = sum(len(re.findall(rb"[\r\n]+", line)) for line in lines)
    assert full - own <= rows_in <= full
    rows = {row["source_id"]: number for number, (row,) in tables.get("documents", {}).items()}
    quoted = any(re.search(rb'(?:^|[\t\r\n])"', data) for data in damage.values())
    for number in sound if not quoted else []:
        assert of_record(tables, rows[number]) == {
            name: Counter({text.replace(MODEL, number): n for text, n in some.items()})
            for name, some in alone.items()
        }
    return sum(number in rows for number in odd)


def test_damaged_tables_are_told_and_harm_no_other(tmp_path):
    rng = random.Random("patentsview 1")  # noqa: S311
    write_patents(tmp_path, [MODEL])
    _, tables, _ = reading("patentsview-tables", tmp_path)
    alone, taken = of_record(tables, 2), 0
    assert set(alone) == {"documents", "events", "classes", "references", "parties"}
    for size in in_companies(TRIES, 16):
        inputs = []
        for _ in range(size):
            name = rng.choice([*HEADINGS, "g_patent", "g_patent"])
            inputs.append((name, odd_cells(patent_rows(MODEL)[name], rng)))
        taken += narrowed(inputs, lambda some: check_patents(tmp_path, some, alone))
    assert taken >= at_least(1 / 5, TRIES)


def test_damaged_files_of_tables_are_read_or_refused(tmp_path):
    rng = random.Random("patentsview 2")  # noqa: S311
    read = 0
    for _ in range(TRIES // WHOLE):
        rows = write_patents(tmp_path, [MODEL, "2000001"])
        name = rng.choice(list(HEADINGS))
        plain = tmp_path / f"{name}.tsv"
        data = plain.read_bytes()
        form = rng.choice([".tsv", ".tsv.gz", ".tsv.zip"])
        turn = rng.randrange(3)
        if turn == 0:
            end = data.index(b"\n")
            data = damaged(data[:end], rng) + data[end:]
        elif turn == 1:
            data = damaged(data, rng).decode("utf-8", "replace").encode()
        packed = {".tsv": data, ".tsv.gz": gzip.compress(data), ".tsv.zip": zipped(name, data)}
        plain.unlink()
        path = tmp_path / f"{name}{form}"
        path.write_bytes(damaged(packed[form], rng) if turn == 2 else packed[form])
        try:
            rows_in, _, _ = reading("patentsview-tables", tmp_path)
        except SourceError:
            continue
        finally:
            path.unlink()
        read += 1
        assert rows_in == len(rows) or name == "g_patent"
    assert read >= at_least(1 / 10, TRIES // WHOLE)  # without a sound heading all is refused
