"""Records, parties and references of a study's documents, as exports are given them."""

from __future__ import annotations

import json

import pandas as pd

from foresight.brief.exports import ExportInputs
from foresight.tables import DOCUMENTS, PARTIES

HOSTILE = [
    "<script>alert(1)</script> & <b>x</b> ]]> <!-- c -->",
    '=HYPERLINK("http://x","y")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-1-1",
    "#N/A",
    "_x003D_1+1",
    "a\tb\nc\r\nER  - \nTY  - PAT\nTI  - forged",
    "}, title = {forged}, x = {",
    "\\input{/etc/passwd} 100 % $x_1^2$ {a} ~b #c \\& \\",
    "C:\\new\\table ../../etc/passwd",
    "\x00\x07\x1b\x7f\x85\u2028\ufffe",
    "\u202etxt.exe\u202c مرحبا שלום",
    "👩‍🔬 电池 \U0001f50b",
    "x" * 10_000,
    'a "quoted" title',
]


def inputs_of(
    documents: pd.DataFrame,
    *,
    references: list[tuple[str, str]] = (),
    parties: list[tuple[str, str, int, str | None, str | None]] = (),
    **changes: object,
) -> ExportInputs:
    """Records of documents with nothing but what they have, and the parties and references given.

    `parties` are (doc_id, role, position, name, org); `changes` are columns of the records.
    """
    records = documents.reindex(columns=DOCUMENTS.names).assign(**changes)
    rows = [dict(zip(("doc_id", "role", "position", "name", "org"), row, strict=True))
            for row in parties]  # fmt: skip
    return ExportInputs(
        records=records.astype(object).where(records.notna(), None),
        parties=pd.DataFrame(rows, columns=PARTIES.names),
        references=pd.DataFrame(list(references), columns=["citing_id", "cited_id"], dtype="str"),
    )


def read_map(data: bytes) -> list[dict[str, str]]:
    """Rows of a VOSviewer map file, read by its rules alone: tabs, one line per item."""
    lines = data.decode("utf-8").split("\n")
    assert lines.pop() == ""
    head = lines[0].split("\t")
    assert head[:3] == ["id", "label", "description"]
    rows = [line.split("\t") for line in lines[1:]]
    assert all(len(row) == len(head) for row in rows)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["id"] for row in found] == [str(n) for n in range(1, len(found) + 1)]
    for row in found:
        assert row["label"]
        assert int(row["cluster"]) >= 1
        for name, value in row.items():
            if name in {"x", "y"} or name.startswith(("weight<", "score<")):
                float(value)
    return found


def read_links(data: bytes) -> dict[tuple[int, int], float]:
    """Links of a VOSviewer network file."""
    found = {}
    for line in data.decode("utf-8").splitlines():
        one, other, strength = line.split("\t")
        assert int(one) < int(other)
        assert float(strength) > 0
        assert (int(one), int(other)) not in found
        found[int(one), int(other)] = float(strength)
    return found


def read_vosviewer_json(data: bytes) -> dict:
    """The network of a VOSviewer JSON file, checked for links that end nowhere."""
    network = json.loads(data)["network"]
    ids = {item["id"] for item in network["items"]}
    assert len(ids) == len(network["items"])
    for link in network["links"]:
        assert {link["source_id"], link["target_id"]} <= ids
    return network
