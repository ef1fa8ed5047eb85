"""Text functions that mean the same in every engine."""

import duckdb
import ibis
import pyarrow as pa

from foresight.corpus.portable import HAN, lower


def test_lower_case_is_letter_by_letter():
    texts = ["ΟΔΟΣ", "οδος", "İzmir", "IZMIR", "ÀÉ Straße", "固态", None]
    got = ibis.memtable({"t": texts}).mutate(low=lambda t: lower(t.t)).execute()["low"]
    assert got[:6].tolist() == ["οδοσ", "οδος", "izmir", "izmir", "àé straße", "固态"]
    assert got.isna().tolist() == [False] * 6 + [True]


def test_han_is_the_script_for_every_character():
    letters = pa.table({"c": [chr(c) for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]})
    with duckdb.connect() as con:
        con.register("letters", letters)
        query = r"""SELECT count(*) FILTER (regexp_matches(c, '\p{Han}')),
            count(*) FILTER (regexp_matches(c, '\p{Han}') <> regexp_matches(c, ?)) FROM letters"""
        script, other = con.execute(query, [f"[{HAN}]"]).fetchall()[0]
    assert script > 90_000
    assert other == 0
