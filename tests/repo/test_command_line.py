"""The command line starts lean."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("bertopic", "duckdb", "ibis", "matplotlib", "numpy", "pandas", "scipy", "sklearn", "yaml")


def test_help_imports_nothing_that_only_a_command_needs():
    code = (
        "import sys\n"
        "from foresight.cli import main\n"
        "main(['corpus', 'read', '--help'], standalone_mode=False)\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
