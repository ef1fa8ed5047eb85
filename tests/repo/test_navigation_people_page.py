"""The examples of the page on people run as they stand."""

import re
from pathlib import Path

import pytest

from foresight.settings import project_root

PAGE = project_root() / "docs" / "navigation-people.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", Path(PAGE).read_text(encoding="utf-8"), re.S)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_runs(example, capsys):
    exec(compile(example, PAGE.name, "exec"), {})  # noqa: S102
    assert capsys.readouterr().out.strip()


def test_every_public_function_has_a_section():
    text = PAGE.read_text(encoding="utf-8")
    for name in ("people", "person_table", "teams", "shortlist", "moves", "organisations"):
        assert f"## `{name}`" in text
    assert len(EXAMPLES) == 8
