"""Pages of live services on disk: each reply as it came, written once, never changed.

A folder of pages holds one gzipped file per reply and `journal.jsonl`, one line per page: file,
bytes and SHA-256 (of the file), time of the reply, and what was asked (without the key). The line
is written before the page, and the page appears in one step, so a page that is there has its line,
whenever the program was killed. Where a fetch stands follows from its pages alone: the cursor of
the next request is in the last page, so state and pages cannot disagree.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from foresight.errors import SourceError
from foresight.provenance import (
    atomic_path,
    file_digest,
    only_one,
    read_json,
    write_json,
    write_text,
)

JOURNAL = "journal.jsonl"
CARD = "card.json"
ASIDE = "set-aside"
LOCK = ".lock"


def utc_now() -> str:
    """Time in UTC to the second, `YYYY-MM-DDTHH:MM:SSZ`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class PageStore:
    """The pages of one search.

    Parameters
    ----------
    folder : Path
    now : callable
        Gives the time that is noted with a page.

    Raises
    ------
    SourceError
        If the journal was damaged.
    """

    def __init__(self, folder: Path, *, now: Callable[[], str] = utc_now) -> None:
        self.folder = folder
        self._now = now
        self._entries = self._read_journal()

    def _read_journal(self) -> dict[str, dict[str, Any]]:
        """Entries of the pages that are there; what a killed run left half-done is dropped."""
        path = self.folder / JOURNAL
        if not path.is_file():
            return {}
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        entries: dict[str, dict[str, Any]] = {}
        for number, line in enumerate(lines, start=1):
            try:
                entry = json.loads(line) if line else None
                if entry:
                    entries[str(entry["file"])] = entry
            except (ValueError, KeyError, TypeError) as error:
                if number == len(lines):
                    break  # cut off by a kill: its page cannot be there
                msg = (
                    f"{path}, line {number}, cannot be read: {error}. The folder was changed from "
                    "outside: remove it and fetch again."
                )
                raise SourceError(msg) from error
        kept = {name: e for name, e in entries.items() if (self.folder / name).is_file()}
        text = "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in kept.values())
        if text != "\n".join(lines):
            write_text(path, text)
        return kept

    def sweep(self) -> None:
        """Remove what a killed run left half-written."""
        for left in self.folder.glob(".*.part"):
            left.unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Names of all pages, sorted."""
        return sorted(self._entries)

    def entry(self, name: str) -> Mapping[str, Any]:
        """What the journal says of a page: file, bytes, sha256, fetched, asked."""
        return self._entries[name]

    def has(self, name: str) -> bool:
        """Whether a page is there."""
        return name in self._entries

    def read(self, name: str) -> bytes:
        """Give a page as it came.

        Raises
        ------
        SourceError
            If the file is gone or is not the one that was written.
        """
        path = self.folder / name
        try:
            if file_digest(path) == self._entries[name]["sha256"]:
                return gzip.decompress(path.read_bytes())
        except (KeyError, OSError, EOFError, zlib.error):
            pass
        msg = (
            f"{path} is missing or not as it was written. Remove {self.folder} and run the same "
            "command: its pages are fetched again, all others are kept."
        )
        raise SourceError(msg)

    def write(self, name: str, body: bytes, *, asked: Mapping[str, Any]) -> None:
        """Keep a reply.

        Parameters
        ----------
        name : str
            Must be new: pages are never replaced.
        body : bytes
        asked : mapping
            The request, without its key.

        Raises
        ------
        SourceError
            If there is a page of that name.
        """
        if self.has(name):
            msg = f"{self.folder / name} is there already, and pages are never replaced."
            raise SourceError(msg)
        with atomic_path(self.folder / name) as part:
            part.write_bytes(gzip.compress(body, 6, mtime=0))
            entry = {
                "file": name,
                "bytes": part.stat().st_size,
                "sha256": file_digest(part),
                "fetched": self._now(),
                "asked": dict(asked),
            }
            with (self.folder / JOURNAL).open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(json.dumps(entry, sort_keys=True) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        self._entries[name] = entry

    def set_aside(self, prefix: str) -> int:
        """Move the pages of a search that has to begin anew out of the way; they are kept.

        Returns
        -------
        int
            Number of pages moved.
        """
        names = [name for name in self.names() if name.startswith(prefix)]
        aside = self.folder / ASIDE
        aside.mkdir(parents=True, exist_ok=True)
        turn = 1 + len({path.name.partition(".")[0] for path in aside.iterdir()})
        # The last page first: cut short, this leaves a shorter search and not a torn one.
        for name in reversed(names):
            (self.folder / name).rename(aside / f"{turn:03d}.{name}")
            del self._entries[name]
        return len(names)


@contextmanager
def only_fetch(folder: Path) -> Iterator[None]:
    """Keep a second fetch out of a folder while one is at work.

    Raises
    ------
    SourceError
        If there is one already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(only_one(folder / LOCK))
        except BlockingIOError as error:
            msg = f"Another fetch is at work in {folder}. Wait for it, or give another --name."
            raise SourceError(msg) from error
        yield


def write_card(folder: Path, source: Mapping[str, Any]) -> None:
    """Write or renew `card.json` of a raw folder: what lies there, from where, under which licence.

    Parameters
    ----------
    folder : Path
        `data/raw/<name>`; journals below it are read.
    source : mapping
        What is to be said of one source: name, title, licence (zh, en), complete, tracks, ….
        It replaces what the card said of the source of that name.
    """
    path = folder / CARD
    card = read_json(path) if path.is_file() else {"sources": {}}
    check_ours(folder, card)
    card["sources"][source["name"]] = dict(source)
    files = []
    for journal in sorted(folder.rglob(JOURNAL)):
        store = PageStore(journal.parent)
        place = journal.parent.relative_to(folder).as_posix()
        for name in store.names():
            entry = store.entry(name)
            kept = {key: entry[key] for key in ("bytes", "sha256", "fetched")}
            files.append({"file": f"{place}/{name}", **kept})
    card["files"] = files
    write_json(path, card)


def check_ours(folder: Path, card: Mapping[str, Any]) -> None:
    """Check that a card is one of fetched pages.

    Raises
    ------
    SourceError
        If the folder holds files that a person handed over.
    """
    if "sources" not in card:
        msg = f"{folder} holds files that were read, not fetched pages. Give another --name."
        raise SourceError(msg)


def read_card(folder: Path) -> dict[str, Any]:
    """Read `card.json` of a raw folder.

    Raises
    ------
    SourceError
        If there is none, it cannot be read, or it is not one of fetched pages.
    """
    path = folder / CARD
    if not path.is_file():
        msg = f"{folder} has no {CARD}: nothing was fetched there. Run `foresight fetch` first."
        raise SourceError(msg)
    try:
        card: dict[str, Any] = read_json(path)
    except ValueError as error:
        msg = (
            f"{path} cannot be read: {error}. Run the same `foresight fetch` again: it is renewed."
        )
        raise SourceError(msg) from error
    check_ours(folder, card)
    return card
