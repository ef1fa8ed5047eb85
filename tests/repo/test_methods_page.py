"""The page of methods names every indicator, and nothing that is not there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
INDICATORS = PAGE[PAGE.index("\n## Indicators\n") : PAGE.index("\n## Zhejiang\n")]
HELPERS = {"compiled", "incidence", "panel", "path_kernels", "windows"}  # not meant for users
FAMILIES = [
    "Growth and time", "Citations", "Routes", "Novelty", "Actors and structure", "Regions",
]  # fmt: skip


def functions():
    """Public functions, as `module.name`."""
    return {
        f"{path.stem}.{node.name}"
        for path in (ROOT / "foresight" / "indicators").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def rows(text):
    """Cells of the rows of tables, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "`" in line]


def named(text):
    return [name for row in rows(text) for name in re.findall(r"`(\w+\.\w+)`", row[0])]


def test_every_public_function_stands_once():
    found = named(INDICATORS)
    wanted = {name for name in functions() if name.split(".")[0] not in HELPERS}
    assert sorted(wanted - set(found)) == []
    assert sorted(set(found) - functions()) == []
    assert len(found) == len(set(found))


def test_every_family_has_a_table_without_gaps():
    parts = re.split(r"^### (.+)$", INDICATORS, flags=re.MULTILINE)
    families = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(families) == [*FAMILIES, "Parts"]
    for name in FAMILIES:
        cells = rows(families[name])
        assert cells, name
        assert all(len(row) == 7 and all(row) for row in cells), name


def test_files_of_tests_are_there():
    paths = set(re.findall(r"`((?:unit|reference|properties)/[\w/.]+)`", INDICATORS))
    assert len(paths) > 20
    assert [path for path in sorted(paths) if not (ROOT / "tests" / path).is_file()] == []


BACKTEST = {
    "trend_features.py", "citation_features.py", "text_features.py", "attention_features.py",
    "snapshot.py", "backtest_records.py",
}  # fmt: skip


def test_those_that_enter_the_briefs_are_marked():
    marked = {row[0].split("`")[1] for row in rows(INDICATORS) if "†" in row[0]}
    sources = [ROOT / "foresight" / "emergence", ROOT / "foresight" / "run"]
    used = {
        f"{node.module.rsplit('.', 1)[1]}.{alias.name}"
        for folder in sources
        for path in folder.rglob("*.py")
        if path.name not in BACKTEST
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("foresight.indicators.")
        for alias in node.names
    }
    assert marked == used & functions()
