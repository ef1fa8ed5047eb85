"""Atomic writes, harmless CSV, digests."""

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
