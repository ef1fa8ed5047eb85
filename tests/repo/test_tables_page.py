"""docs/tables.md says what the code checks."""

import re
from pathlib import Path

from foresight.tables import CORPUS_TABLES, FAMILY_MEMBERS, TOPIC_YEARS, TRACK_MATCHES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tables.md"
TABLES = (*CORPUS_TABLES, FAMILY_MEMBERS, TRACK_MATCHES, TOPIC_YEARS)


def test_every_column_stands_there_with_its_type_need_and_values():
    parts = re.split(r"(?m)^## `(\w+)`", PAGE.read_text(encoding="utf-8"))
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(found) == [table.name for table in TABLES]
    for table in TABLES:
        rows = re.findall(r"(?m)^\| `(\w+)` \| (\w+) \| (\w*) \| (.*) \|$", found[table.name])
        assert rows == [
            (one.name, one.type, "yes" if one.required else "", ", ".join(one.allowed))
            for one in table.columns
        ]
        assert f"Key: {', '.join(table.key)}." in found[table.name]
