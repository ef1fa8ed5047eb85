"""Atomic writes, harmless CSV, digests."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from foresight.provenance import (
    atomic_folder,
    atomic_path,
    file_list,
    text_digest,
    write_csv,
    write_text,
)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "a.txt"
    write_text(target, "old")

    def fail():
        with atomic_path(target) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path):
    target = tmp_path / "run"
    with atomic_folder(target) as part:
        (part / "one").write_text("1")

    def fail():
        with atomic_folder(target) as part:
            (part / "two").write_text("2")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [p.name for p in target.iterdir()] == ["one"]
    with atomic_folder(target) as part:
        (part / "three").write_text("3")
    assert [p.name for p in target.iterdir()] == ["three"]
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path):
    left = tmp_path / ".run.abc.part"
    left.mkdir()
    with atomic_folder(tmp_path / "run"):
        pass
    assert not left.exists()


KILLED = """
import os, sys, signal
from pathlib import Path
from foresight.provenance import atomic_folder
with atomic_folder(Path(sys.argv[1])) as part:
    (part / "half").write_text("1")
    if sys.argv[2] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    print(part.name, flush=True)
    sys.stdin.readline()
"""


def test_a_killed_process_leaves_a_folder_that_the_next_clears(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path / "run"), "die"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert (left / "half").exists()
    with atomic_folder(tmp_path / "run") as part:
        (part / "one").write_text("1")
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_two_that_fill_a_folder_at_once_do_not_harm_each_other(tmp_path):
    """The second used to remove the first's folder, which then took its place with files lost."""
    target = tmp_path / "run"
    command = [sys.executable, "-c", KILLED, str(target), "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        name = other.stdout.readline().decode().strip()
        with atomic_folder(target) as first, atomic_folder(target) as second:
            assert (tmp_path / name / "half").exists()
            assert first.exists()
            (first / "one").write_text("1")
            (second / "two").write_text("2")
        assert [p.name for p in target.iterdir()] == ["one"]  # the last to end
        other.communicate(b"\n", timeout=30)
    assert [p.name for p in target.iterdir()] == ["half"]
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_folder_of_another_machine_is_cleared_after_a_day_untouched(tmp_path):
    fresh, old = tmp_path / ".run.elsewhere-1-a.part", tmp_path / ".run.elsewhere-1-b.part"
    for left in (fresh, old):
        left.mkdir()
    os.utime(old, (0, 0))
    with atomic_folder(tmp_path / "run"):
        pass
    assert fresh.exists()
    assert not old.exists()


def test_a_folder_that_comes_in_between_is_replaced_too(tmp_path, monkeypatch):
    target = tmp_path / "run"
    rename, came = Path.rename, []

    def slow(self, to):
        if self.suffix == ".part" and not came:  # another one ends just before us
            came.append(target)
            target.mkdir()
            (target / "theirs").write_text("1")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", slow)
    with atomic_folder(target) as part:
        (part / "ours").write_text("1")
    assert came
    assert [p.name for p in target.iterdir()] == ["ours"]
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_csv_runs_no_formula_and_keeps_numbers(tmp_path):
    cells = ["=HYPERLINK(1)", "+1", "@x", "a"]
    frame = pd.DataFrame({"t": cells, "v": [-1.23456789, -0.0, 2, None]})
    write_csv(tmp_path / "t.csv", frame)
    text = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    assert text.splitlines() == ["t,v", "'=HYPERLINK(1),-1.234568", "'+1,0.0", "'@x,2.0", "a,"]


def test_digest_knows_where_parts_end():
    assert text_digest("ab", "c") != text_digest("a", "bc")


def test_hidden_files_are_not_results(tmp_path):
    (tmp_path / ".x.part").write_text("")
    (tmp_path / "a").write_text("1")
    assert list(file_list(tmp_path)) == ["a"]
