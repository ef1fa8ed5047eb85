"""Text from bytes: the encoding of a file is found, named, and never guessed in silence."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from pathlib import Path

from charset_normalizer import from_bytes

from foresight.errors import SourceError

GZIP = b"\x1f\x8b"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# What analysts' exports come in, beside UTF-8; GB18030 holds GBK and GB2312.
CANDIDATES = ["gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "cp1251"]
SAMPLE = 1 << 18  # bytes shown to the detector
# Broken for one foreign character up to which a text is damaged, not in another encoding. Chinese
# text read in a wrong one has several broken characters for each that is not.
DAMAGE = 0.25
_HAN = re.compile(r"[\u4e00-\u9fff]")


def read_bytes(path: Path) -> bytes:
    """Read a file; a gzipped one is unpacked, whatever its name.

    Raises
    ------
    SourceError
        If the file is empty or the archive damaged.
    """
    data = path.read_bytes()
    if data.startswith(GZIP):
        try:
            data = gzip.decompress(data)
        except (EOFError, OSError, zlib.error) as error:
            msg = f"{path.name} is damaged: {error}. Compress or copy it again."
            raise SourceError(msg) from error
    if not data.strip():
        msg = f"{path.name} is empty ({len(data)} bytes). Export it again."
        raise SourceError(msg)
    return data


def read_text(path: Path) -> tuple[str, str]:
    """Read a file as text, with line feeds only.

    Returns
    -------
    (str, str)
        The text, and a sentence on its encoding for the report.

    Raises
    ------
    SourceError
        If the file is empty, an archive damaged, or holds no text.
    """
    text, name, broken = decode(read_bytes(path), name=path.name)
    told = said(path.name, name, broken)
    if broken:
        line = text.count("\n", 0, text.find("\ufffd")) + 1
        told += f", first in line {line}, shown as \ufffd"
    return text, told


def said(name: str, encoding: str, broken: int) -> str:
    """What a report says of a file's encoding."""
    return f"{name}: {encoding}" + (f", {broken} broken character(s)" if broken else "")


def decode(data: bytes, *, name: str) -> tuple[str, str, int]:
    """Decode bytes.

    A byte order mark decides; then UTF-8, whole or with little damage; then UTF-16 without a
    mark, by its zeros; then the best of `CANDIDATES` as charset-normalizer sees it.

    Returns
    -------
    (str, str, int)
        Text with line feeds only; name of the encoding; number of characters that were broken.

    Raises
    ------
    SourceError
        If nothing fits.
    """
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"PAR1")):
        msg = f"{name} is not a text file. Is it a workbook with another ending?"
        raise SourceError(msg)
    for mark, code, title in BOMS:
        if data.startswith(mark):
            return _replaced(data, code, title)
    zeros = data[:4000].count(0)
    if zeros > len(data[:4000]) / 5:
        code = "utf-16-le" if data[1:2000:2].count(0) >= data[0:2000:2].count(0) else "utf-16-be"
        return _replaced(data, code, "UTF-16 without byte order mark")
    try:
        return _lines(data.decode("utf-8")), "UTF-8", 0
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", "replace")
    broken = damaged.count("\ufffd")
    foreign = len(damaged) - len(damaged.encode("ascii", "ignore")) - broken
    if broken <= DAMAGE * foreign:
        return _lines(damaged), "UTF-8, damaged", broken
    found = _detected(data)
    if found is None:
        msg = (
            f"{name} has an encoding that cannot be told. Save it as UTF-8, in Excel as "
            "'CSV UTF-8 (Comma delimited)'."
        )
        raise SourceError(msg)
    return _replaced(data, found, found.upper().replace("_", "-"))


def _detected(data: bytes) -> str | None:
    sample = data[:SAMPLE]
    text = sample.decode("gb18030", "replace")
    foreign = [c for c in text if not c.isascii()]
    if text.count("\ufffd") <= DAMAGE * len(foreign):
        # Chinese text uses few of the 21,000 characters often: those of GB 2312's first level.
        common = sum(_is_common(c) for c in foreign if _HAN.match(c))
        if common >= 0.7 * sum(bool(_HAN.match(c)) for c in foreign) > 0:
            return "gb18030"
    best = from_bytes(sample, cp_isolation=CANDIDATES, preemptive_behaviour=False).best()
    return best.encoding if best else None


def _is_common(char: str) -> bool:
    coded = char.encode("gb2312", "ignore")
    return len(coded) == 2 and 0xB0 <= coded[0] <= 0xD7


def _replaced(data: bytes, code: str, title: str) -> tuple[str, str, int]:
    text = data.decode(code, "replace").lstrip("\ufeff")
    return _lines(text), title, text.count("\ufffd")


def _lines(text: str) -> str:
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
