"""The repository keeps its own rules."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def tracked():
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in found.stdout.decode().split("\0") if name]


def requirement_names(lines):
    return {NAME.match(line).group().lower().replace("_", "-") for line in lines}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-cluster.lock"])
def test_every_locked_package_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    packages = [block for block in blocks if not block.startswith("#")]
    assert len(packages) > 100
    assert all("--hash=sha256:" in block for block in packages)


def test_lock_holds_every_dependency_and_neither_torch_nor_umap():
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text().strip())
    installed = requirement_names(
        block for block in blocks if "sys_platform == 'never'" not in block
    )
    wanted = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    assert requirement_names(wanted) <= installed
    assert not {"torch", "umap-learn", "sentence-transformers"} & installed


def test_lock_of_the_cluster_adds_to_the_other_and_changes_nothing():
    base, more = (
        set(re.findall(r"^(\S+==[^\s;]+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-cluster.lock")
    )
    extras = PROJECT["project"]["optional-dependencies"]
    assert base < more
    added = requirement_names(more - base)
    assert requirement_names([*extras["spark"], *extras["dask"]]) - added == {"ibis-framework"}
    assert not {"pyspark", "dask", "distributed"} & requirement_names(base)


def test_environment_names_the_packages_of_pyproject():
    items = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(item["pip"] for item in items if isinstance(item, dict))
    lines = [item for item in items if isinstance(item, str)] + [p for p in pip if p[0] != "-"]
    wanted = {re.sub(r"\s", "", line) for line in PROJECT["project"]["dependencies"]}
    assert {line for line in lines if not re.match(r"(python=|pip$)", line)} == wanted


def test_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_only_the_named_folders_stand_at_the_top():
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert top <= {
        ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "data", "docs",
        "environment.yml", "foresight", "notebooks", "outputs", "pyproject.toml",
        "requirements.lock", "requirements-cluster.lock", "tests",
    }  # fmt: skip


def test_nothing_generated_is_committed():
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert [n for n in names if n.startswith("outputs/")] == ["outputs/.gitkeep"]
    assert not [n for n in names if n.startswith(("data/corpora", "data/cache"))]


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.name)
def test_notebooks_are_thin(path):
    cells = json.loads(path.read_text())["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    for line in "".join(tagged[0]["source"]).splitlines():
        assert re.match(r"\w+: \w+ = ", line), f"untyped parameter: {line}"
    for cell in code:
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        source = "".join(cell["source"])
        assert not re.search(r"^\s*(def|class|for|while)\b", source, re.MULTILINE)


def test_no_cell_of_a_notebook_names_another_parameter_than_the_package():
    from dataclasses import fields

    from foresight.run.parameters import (
        BacktestParameters,
        BoardParameters,
        NavigationParameters,
        ReportParameters,
        SectorParameters,
    )

    books = {
        "backtest": BacktestParameters,
        "board": BoardParameters,
        "corpus_report": ReportParameters,
        "patent_navigation": NavigationParameters,
        "sector_brief": SectorParameters,
    }
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} == set(books)
    for name, kind in books.items():
        cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text())["cells"]
        source = next(
            "".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])
        )
        named = re.findall(r"^(\w+):", source, re.MULTILINE)
        assert named == [field.name for field in fields(kind)]


def test_make_knows_what_the_readme_tells():
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = set(re.findall(r"`make ([a-z]+)`", readme))
    assert {"briefs", "test", "lab"} <= told <= targets


def test_commands_of_the_readme_are_understood():
    from click.testing import CliRunner

    from foresight.cli import main

    readme = (ROOT / "README.md").read_text()
    commands = set(
        re.findall(r"^(?:\.venv/bin/)?foresight ([a-z]+(?: [a-z]+)*)", readme, re.MULTILINE)
    )
    assert len(commands) >= 5
    for command in sorted(commands):
        words = command.split()
        while words:
            result = CliRunner().invoke(main, [*words, "--help"])
            if result.exit_code == 0:
                break
            words = words[:-1]
        assert words, f"foresight {command}: {result.output}"
