"""Records in JSON: one object a line, or one array; parts of any shape are read with care."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foresight.sources import texts
from foresight.sources.encoding import read_bytes, read_text
from foresight.sources.records import Collector

CUT = 60  # characters of a parser's message
LISTS = ("data", "results", "patents", "pgpubs")


def is_json(path: Path) -> bool:
    """Whether a file holds JSON, by its ending or its first character."""
    name = path.name.casefold().removesuffix(".gz")
    start = read_bytes(path)[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    return name.endswith((".json", ".jsonl", ".ndjson")) or start.startswith((b"{", b"["))


def objects(path: Path, collector: Collector) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Give the objects of a file; lines that hold none are refused.

    Yields
    ------
    (str, int, dict)
        Name of the file, line (or place in an array, from 1), object.
    """
    text, encoding = read_text(path)
    collector.note(encoding)
    whole = _whole(text)
    if whole is not None:
        for place, value in enumerate(whole, 1):
            if isinstance(value, dict):
                yield path.name, place, value
            else:
                collector.refuse(path.name, place, _not_object(value))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            collector.refuse(path.name, number, f"not JSON: {str(error)[:CUT]}")
            continue
        if isinstance(value, dict):
            yield path.name, number, value
        else:
            collector.refuse(path.name, number, _not_object(value))


def _whole(text: str) -> list[Any] | None:
    """The records of a file that is one JSON value: an array, or a reply that holds one."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return next((value[n] for n in LISTS if isinstance(value.get(n), list)), [value])
    return [value]


def _not_object(value: Any) -> str:
    return f"holds a {type(value).__name__}, not an object"


def at(value: Any, *path: str) -> Any:
    """Go down by names; None where there is nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def items(value: Any, *path: str) -> list[Any]:
    """A list below a value, a single object as a list of one; empty where there is neither."""
    found = at(value, *path)
    if isinstance(found, list):
        return found
    return [found] if isinstance(found, dict) else []


def word(value: Any, *path: str) -> str | None:
    """A text or number below a value, tidy; None for anything else."""
    found = at(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    return texts.tidy(str(found))
