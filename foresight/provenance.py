"""Digests, atomic writes, caches: what a number came from, and no file half-written."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

CHUNK = 1 << 20
WRITER = re.compile(r"\.([A-Za-z0-9]+)-(\d+)-[^.]*(?:\.old)?\.part$")
ABANDONED = 86_400  # seconds
_WRITING: set[str] = set()  # names of the folders that this process fills
Kept = TypeVar("Kept")


def text_digest(*parts: str) -> str:
    """SHA-256 of texts, with their boundaries, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def frame_digest(frame: pd.DataFrame) -> str:
    """SHA-256 of the values of a frame's columns, and of its index where that is named."""
    table = pa.Table.from_pandas(frame, preserve_index=bool(frame.index.names[0]))
    digest = hashlib.sha256()
    for name in table.column_names:
        values = table[name].cast(pa.large_string())
        lengths = pc.fill_null(pc.binary_length(values), -1)
        digest.update(f"{name}:{table.num_rows};".encode())
        digest.update(np.asarray(lengths.to_numpy(), dtype="<i8").tobytes())
        digest.update("".join(values.drop_null().to_pylist()).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


@cache
def code_digest(*, without: tuple[str, ...] = ()) -> str:
    """SHA-256 over the package's source: results made by other code are not reused.

    Parameters
    ----------
    without : tuple of str
        Subpackages that the result does not depend on.
    """
    package = Path(__file__).resolve().parent
    files = sorted(
        p
        for p in package.rglob("*")
        if p.suffix in {".py", ".typ", ".css", ".js", ".csv"}
        and p.relative_to(package).parts[0] not in without
    )
    return text_digest(*(f"{p.relative_to(package)}:{file_digest(p)}" for p in files))


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a path to write to; it becomes `target` in one step when the block ends well.

    Afterwards `target` is either the old file or the whole new one, and nothing else is left.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file for a block.

    Raises
    ------
    BlockingIOError
        If another process holds it.
    """
    with lock.open("w") as stream:
        try:
            import fcntl
        except ImportError:  # no such locks on Windows: two at once are up to the user
            yield
            return
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill; it replaces `target` when the block ends well.

    A run that is killed leaves the old `target` or none, and a `.part` folder that the next
    run removes. Two that fill the same target at once, in threads, processes or on machines that
    share the disk, each have a folder of their own: the last to end stays, whole.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}.*.part"):
        if _is_left_behind(left):
            shutil.rmtree(left, ignore_errors=True)
    writer = f".{target.name}.{_host()}-{os.getpid()}-"
    part = Path(tempfile.mkdtemp(prefix=writer, suffix=".part", dir=target.parent))
    part.chmod(0o755)
    _WRITING.add(part.name)
    try:
        yield part
        _take_place(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        _WRITING.discard(part.name)


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9]+", "", platform.node())[:32] or "here"


def _is_left_behind(part: Path) -> bool:
    """Whether nobody fills a folder any more; on other machines: untouched for a day."""
    named = WRITER.search(part.name)
    if named is None:
        return True
    host, process = named[1], int(named[2])
    if host != _host():
        try:
            return time.time() - part.stat().st_mtime > ABANDONED
        except FileNotFoundError:  # its writer has just ended
            return False
    if process == os.getpid():
        return part.name.replace(".old.part", ".part") not in _WRITING
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # of another user, and alive
        return False
    return False


def _take_place(part: Path, target: Path) -> None:
    """Put a folder in the place of another; again, if a third came in between."""
    old = part.with_name(part.name.replace(".part", ".old.part"))
    while True:
        with suppress(FileNotFoundError):
            target.rename(old)
        try:
            part.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            shutil.rmtree(old, ignore_errors=True)
        else:
            break
    shutil.rmtree(old, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with line feeds only, atomically."""
    with atomic_path(path) as part:
        part.write_bytes(text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Write JSON with sorted keys, atomically."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless_cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP's rule)."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def write_csv(path: Path, frame: pd.DataFrame, *, decimals: int = 6) -> None:
    """Write a frame as CSV, atomically: UTF-8 with BOM (Excel shows Chinese), line feeds.

    Floats are rounded to `decimals`; text that a spreadsheet would take for a formula is made
    harmless; nulls are empty cells.
    """
    safe = frame.copy()
    for name in safe.columns:
        series = safe[name]
        if pd.api.types.is_float_dtype(series):
            safe[name] = series.round(decimals) + 0.0  # no negative zero
        elif series.dtype == object or pd.api.types.is_string_dtype(series):
            safe[name] = series.map(harmless_cell, na_action="ignore")
    with atomic_path(path) as part:
        safe.to_csv(
            part, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
        )


def file_list(folder: Path) -> dict[str, str]:
    """Relative path and SHA-256 of every file below a folder, hidden files aside."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {
        p.relative_to(folder).as_posix(): file_digest(p)
        for p in files
        if not any(part.startswith(".") for part in p.relative_to(folder).parts)
    }


def cached(path: Path, make: Callable[[Path], None]) -> Path:
    """Return `path`, after `make(part)` has written it if it was not there."""
    if not path.exists():
        with atomic_path(path) as part:
            make(part)
    return path


def read_or_make(
    folder: Path, *, read: Callable[[Path], Kept], make: Callable[[Path], None]
) -> Kept:
    """Give `read(folder)`; where that fails, `make(part)` fills the folder first.

    Parameters
    ----------
    folder : Path
        Replaced in one step.
    read : callable
        Raises FileNotFoundError, ValueError or KeyError for a folder that it cannot read.
    make : callable
    """
    try:
        return read(folder)
    except (FileNotFoundError, ValueError, KeyError):  # ValueError: broken JSON or Parquet
        with atomic_folder(folder) as part:
            make(part)
    return read(folder)


def join_ids(ids: Iterable[str]) -> str:
    """Document ids as one cell: sorted, separated by a semicolon."""
    return ";".join(sorted(ids))


@dataclass(frozen=True)
class _Shard:
    """Keys of a shard, and its vectors (n, d) as they lie on disk, read where they are touched."""

    keys: list[str]
    vectors: NDArray[np.float32]


def _open_shard(path: Path) -> _Shard | None:
    """A shard, or None for a damaged one, which is removed: its vectors are made again."""
    try:
        with path.open("rb") as stream:
            keys = np.lib.format.read_array(stream)
            np.lib.format.read_magic(stream)
            shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
            start = stream.tell()
        vectors = np.memmap(path, dtype=dtype, mode="r", offset=start, shape=shape)
    except (ValueError, EOFError):
        path.unlink(missing_ok=True)
        return None
    return _Shard([key.decode() for key in keys.tolist()], vectors)


class VectorCache:
    """Vectors on disk, keyed by digest, in shards that are written once and never changed.

    A shard holds two arrays in NumPy's format, keys and vectors; vectors are memory-mapped.

    Parameters
    ----------
    folder : Path
        One folder per model. Several processes may add at the same time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _shards(self) -> Iterator[_Shard]:
        opened = (_open_shard(path) for path in sorted(self.folder.glob("*.vectors")))
        return (shard for shard in opened if shard is not None)

    def keys(self) -> set[str]:
        """Digests that have a vector."""
        return {key for shard in self._shards() for key in shard.keys}

    def add(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Write a shard: `keys` (n,) and `vectors` (n, d)."""
        target = self.folder / f"{text_digest(*keys)[:24]}.vectors"
        with atomic_path(target) as part, part.open("wb") as stream:
            names = np.array([key.encode() for key in keys])
            for array in (names, np.ascontiguousarray(vectors, dtype=np.float32)):
                np.lib.format.write_array(stream, array, version=(1, 0), allow_pickle=False)

    def read(self, keys: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of `keys` in their order, shape (n, d); of the files only these are read.

        Raises
        ------
        KeyError
            If a key has no vector; call `add` first.
        """
        wanted = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        found: NDArray[np.float32] | None = None
        seen = np.zeros(len(wanted), dtype=bool)
        for shard in self._shards():
            places = [(i, wanted[k]) for i, k in enumerate(shard.keys) if k in wanted]
            if not places:
                continue
            if found is None:
                found = np.zeros((len(wanted), shard.vectors.shape[1]), dtype=np.float32)
            source, target = np.array(places).T
            found[target] = shard.vectors[source]
            seen[target] = True
        if not seen.all() or found is None:
            raise KeyError(
                f"{int((~seen).sum())} of {len(wanted)} vectors are not in {self.folder}"
            )
        return found[[wanted[key] for key in keys]]
