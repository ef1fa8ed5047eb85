"""Every reader on damaged files: a clear refusal or an account of every row, never a crash.

`FORESIGHT_FUZZ=10000` tries that many inputs for each format.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import subprocess
import sys
import zipfile

import pytest
from export_samples import SAMPLES, XLS
from tries import at_least, tries

from foresight.errors import SourceError, TableError
from foresight.sources import workbooks
from foresight.sources.exports import FORMATS, read_export
from foresight.sources.records import NothingReadError, Options

TRIES = tries(150)
XLS_TRIES = tries(40)
OPTIONS = Options(today="2026-01-01", published="2020-12-31")
NASTY = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b",", b";", b"|", b"\t", b"\n", b"\r\n",
    b"\r", b"{", b"}", b"[", b"]", b"null", b"-1", b"1e999", b"NaN", b"9" * 400, b"\\", b"\\ud800",
    b"=cmd|' /C calc'!A0", b"2021-02-31", "（）【】；｜，".encode(), "\u202e\u0000\ufffe".encode(),
    b"\x81\x30\x81\x30", b"<", b">", b"&#x110000;", b"<![x", b"</tr>", b"ER", b"PT J", b"TY  - ",
    b"@article{", b"%0 ", b"RT ", b"A" * 300, "壹〇年月日".encode(), b"0000", b"\x1a",
]  # fmt: skip


def damage(data: bytes, rng: random.Random) -> bytes:
    """Change a few bytes, cut, repeat or swap pieces."""
    for _ in range(rng.choice([1, 1, 2, 3, 8])):
        size = len(data)
        at = rng.randrange(size + 1)
        end = min(size, at + rng.choice([0, 1, 1, 2, 5, 30, 200, 2000]))
        piece = data[at:end]
        kind = rng.randrange(6)
        if kind == 0:
            data = data[:at] + rng.randbytes(len(piece)) + data[end:]
        elif kind == 1:
            data = data[:at] + rng.choice(NASTY) + data[end:]
        elif kind == 2:
            data = data[:at] + data[end:]
        elif kind == 3:
            data = data[:at] + piece + piece + data[end:]
        elif kind == 4:
            other = rng.randrange(size + 1)
            data = data[:other] + piece + data[other:]
        else:
            data = data[: at or 1]
    return data


def damage_book(data: bytes, rng: random.Random) -> bytes:
    """Damage one part inside a workbook, so that the archive itself stays whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = rng.choice(sorted(parts))
    if rng.random() < 0.5:
        chosen = next(name for name in sorted(parts) if "sheet1.xml" in name or "shared" in name)
    parts[chosen] = damage(parts[chosen], rng)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def accounted(report) -> None:
    assert report.rows_in == report.rows_out + report.rows_repeated + len(report.refusals)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_damaged_files_end_in_an_account_or_one_message(form, tmp_path):
    rng = random.Random(f"{form} 1")  # noqa: S311
    # An xls is read by a process of its own: slow, and tried by a test of its own.
    samples = [(name, data) for name, data in SAMPLES[form] if data != XLS]
    read = refused = 0
    for _ in range(TRIES):
        name, data = samples[rng.randrange(len(samples))]
        book = name.endswith(".xlsx") and rng.random() < 0.7
        path = tmp_path / name
        path.write_bytes(damage_book(data, rng) if book else damage(data, rng))
        try:
            source = read_export(form, [path], options=OPTIONS)
        except NothingReadError as error:
            accounted(error.report)
        except (SourceError, TableError):
            refused += 1
        else:
            read += 1
            accounted(source.report)
            documents = source.tables["documents"]
            rows = source.report.rows_out
            assert documents.num_rows <= rows <= source.report.rows_in
            for column in ("doc_id", "title", "published"):
                assert documents[column].null_count == 0
    # The damage must get past the door: fewer than half of the files are refused as a whole, and
    # more than a fifth are read.
    assert TRIES - refused >= at_least(1 / 2, TRIES)
    assert read >= at_least(1 / 5, TRIES)


WORKER = """
import json, sys
from foresight.sources import workbooks
workbooks.MEMORY = 256 << 20  # filling 2 GiB, where a file asks for more, takes a second
workbooks._limit_memory()
stream, out = sys.stdin.buffer, sys.stdout.buffer
while size := stream.read(8):
    try:
        sheets = workbooks.layout(stream.read(int.from_bytes(size)))
        reply = b"+" + json.dumps(sheets).encode("ascii")
    except BaseException:
        reply = b"-"
    out.write(len(reply).to_bytes(8) + reply)
    out.flush()
"""


class Worker:
    """Lays out workbooks one after another in one process; a new one where it dies."""

    def __init__(self):
        self.deaths, self.process = -1, None
        self.start()

    def start(self):
        self.deaths += 1
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def read(self, data, name):
        """Takes the place of `_read_xls`, which starts a process for each file."""
        self.process.stdin.write(len(data).to_bytes(8) + data)
        self.process.stdin.flush()
        size = self.process.stdout.read(8)
        if not size:
            self.close()
            self.start()
        reply = self.process.stdout.read(int.from_bytes(size)) if size else b"-"
        if reply == b"-":
            msg = f"{name} is damaged"
            raise SourceError(msg)
        return [(title, list(map(tuple, rows))) for title, rows in json.loads(reply[1:])]

    def close(self):
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        self.process.wait()


def read_damaged_xls(path, number, seed):
    """How many of some damaged xls files are read; each must end in an account or one message."""
    rng = random.Random(seed)  # noqa: S311
    read = 0
    for _ in range(number):
        path.write_bytes(damage(XLS, rng))
        try:
            accounted(read_export("incopat", [path], options=OPTIONS).report)
            read += 1
        except NothingReadError as error:
            accounted(error.report)
        except SourceError:
            continue
    return read


def test_damaged_workbooks_of_excel_97(tmp_path):
    assert read_damaged_xls(tmp_path / "a.xls", 10, "xls 1")  # a process for each


def test_many_damaged_workbooks_of_excel_97(tmp_path, monkeypatch):
    worker = Worker()
    monkeypatch.setattr(workbooks, "_read_xls", worker.read)
    try:
        read = read_damaged_xls(tmp_path / "a.xls", XLS_TRIES, "xls 2")
    finally:
        worker.close()
    assert read >= at_least(1 / 5, XLS_TRIES)
