"""The pages of navigation name every function, and their examples run."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").glob("navigation*.md"))
HELPERS = {  # not meant for users
    "high_value_rules", "patent_record", "person_mentions", "person_names", "person_pairs",
    "person_training", "verdicts",
}  # fmt: skip


def blocks():
    """Fenced Python blocks of the pages, with the line on which each begins."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            line = text[: match.start(1)].count("\n") + 1
            yield pytest.param(page, line, match[1], id=f"{page.name}:{line}")


def functions():
    """Public functions of the package's modules."""
    return {
        f"{path.stem}.{node.name}"
        for path in (ROOT / "foresight" / "navigation").glob("*.py")
        if path.stem not in HELPERS
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


@pytest.mark.parametrize(("page", "line", "source"), list(blocks()))
def test_examples_run(page, line, source, capsys):
    code = compile("\n" * (line - 1) + source, str(page), "exec")
    exec(code, {"__name__": "example"})  # noqa: S102  -- our own page
    assert "assert" in source or capsys.readouterr().out.strip()


def test_every_function_is_named():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"`(?:\w+\.)?(\w+)`", text))
    assert sorted(name for name in functions() if name.split(".")[1] not in named) == []


def test_every_example_uses_a_function_of_the_package():
    for block in blocks():
        assert "from foresight.navigation." in block.values[2], block.id
