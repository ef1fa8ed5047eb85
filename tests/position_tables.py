"""A small track at four levels, from stated numbers."""

import pandas as pd

from foresight.navigation.position_views import Evidence

AS_OF = "2021-12-31"
LAST = 2021


def evidence(**changes):
    """40 documents of the world, 20 of the country, 10 of the province; branches a and b.

    Documents w00-w19 are abroad, c20-c29 at home outside the province, z30-z39 in it. Eight of
    every ten years lie in 2017-2021. Branch a holds every document of the province and half of
    the others, branch b the other half.
    """
    ids = [f"{'w' if i < 20 else 'c' if i < 30 else 'z'}{i:02d}" for i in range(40)]
    year = [2017 + i % 5 if i % 10 < 8 else 2010 for i in range(40)]
    documents = pd.DataFrame(
        {"doc_id": ids, "published": [f"{y}-06-01" for y in year], "year": year}
    )
    branch = ["a" if doc[0] == "z" or i % 2 == 0 else "b" for i, doc in enumerate(ids)]
    tables = {
        "documents": documents,
        "members": pd.DataFrame({"unit_id": branch, "doc_id": ids}),
        "levels": levels(ids),
        "totals": pd.Series(100, index=range(2005, 2023)),
        "last_year": LAST,
    }
    return Evidence(**{**tables, **changes})


def levels(ids, unknown=()):
    """Level rows by the first letter of the id."""
    parts = []
    for level, region, letters in (
        ("world", "world", "wcz"), ("country", "CN", "cz"), ("province", "Zhejiang", "z"),
    ):  # fmt: skip
        inside = pd.Series([doc[0] in letters for doc in ids], dtype="boolean")
        if level != "world":
            inside = inside.mask(pd.Series([doc in unknown for doc in ids]))
        parts.append(
            pd.DataFrame({"level": level, "region": region, "doc_id": ids, "inside": inside})
        )
    return pd.concat(parts, ignore_index=True)


def cell(table, level, view, indicator, unit="t"):
    """The one row of a figure."""
    rows = table[
        (table["level"] == level)
        & (table["view"] == view)
        & (table["indicator"] == indicator)
        & (table["unit_id"] == unit)
    ]
    assert len(rows) == 1
    return rows.iloc[0]
