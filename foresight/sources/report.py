"""What became of every row that a reader was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from foresight.errors import ForesightError
from foresight.tables import DOCUMENTS

SHOWN = 8
LISTED = 40  # ignored columns named on the command line; the card of the raw files has all
LEFT_OUT = "left out: "  # how the reason of a row begins that was readable and not wanted


@dataclass(frozen=True)
class Refusal:
    """A row that became no document: its file (no folder), its line or row, and the reason.

    A reason that begins with `LEFT_OUT` says that the row was readable and is not wanted.
    """

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True)
class ReadReport:
    """Rows in and out of one reading, and which columns were understood.

    Attributes
    ----------
    rows_in : int
        Records found in the files: rows of a table, entries of a tagged text, lines of JSON.
    rows_out : int
        Records that stand in the tables.
    rows_repeated : int
        Records whose document was read before; the first one stands.
    refusals : tuple of Refusal
        One for each of the others.
    recognised : dict
        Column or tag as written, to the field that it fills.
    ignored, missing : tuple of str
        Columns that fill nothing; fields for which no column was found.
    notes : tuple of str
        Encodings, salvaged lines, dates that were completed: one sentence each.

    Raises
    ------
    ForesightError
        If the numbers do not add up: a reader has lost a row.
    """

    rows_in: int
    rows_out: int
    rows_repeated: int = 0
    refusals: tuple[Refusal, ...] = ()
    recognised: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        told = self.rows_out + self.rows_repeated + len(self.refusals)
        if self.rows_in != told:
            msg = (
                f"{self.rows_in} row(s) were read, but {self.rows_out} went out, "
                f"{self.rows_repeated} were repeated and {len(self.refusals)} refused ({told} in "
                "all). This is a fault of the reader: please report it with the file."
            )
            raise ForesightError(msg)

    def reasons(self) -> dict[str, int]:
        """Number of refused rows by reason, most frequent first; the values are left away."""
        counts = Counter(_short(refusal.reason) for refusal in self.refusals)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def as_dict(self) -> dict[str, Any]:
        """The report without its refusals, which have a list of their own."""
        return {
            "rows_in": self.rows_in,
            "rows_out": self.rows_out,
            "rows_repeated": self.rows_repeated,
            "rows_refused": self.reasons(),
            "recognised": dict(self.recognised),
            "ignored": list(self.ignored),
            "missing": list(self.missing),
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """Give the report as lines of text, as the command line prints it."""
        left = sum(refusal.reason.startswith(LEFT_OUT) for refusal in self.refusals)
        rows = f"{self.rows_in:,} in = {self.rows_out:,} out + {self.rows_repeated:,} repeated"
        refused = len(self.refusals) - left
        lines = [f"rows: {rows} + {left:,} left out + {refused:,} refused"]
        first = {_short(refusal.reason): refusal for refusal in reversed(self.refusals)}
        for reason, count in list(self.reasons().items())[:SHOWN]:
            at = first[reason]
            line = "" if at.line is None else f", line {at.line}"
            value = at.reason.removeprefix(reason)
            lines.append(f"  {count:,} x {reason} (first: {at.file}{line}{value})")
        if len(self.reasons()) > SHOWN:
            lines.append(f"  and {len(self.reasons()) - SHOWN} more reason(s)")
        if self.recognised:
            pairs = ", ".join(f"{name} -> {to}" for name, to in self.recognised.items())
            lines.append(f"columns recognised ({len(self.recognised)}): {pairs}")
        if self.ignored:
            named = ", ".join(self.ignored[:LISTED])
            more = f" and {len(self.ignored) - LISTED} more" * (len(self.ignored) > LISTED)
            lines.append(f"columns ignored ({len(self.ignored)}): {named}{more}")
        if self.missing:
            lines.append(
                f"fields without a column ({len(self.missing)}): {', '.join(self.missing)}"
            )
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)


def _short(reason: str) -> str:
    """A reason without the value that gave rise to it (`no date: '31/02/2020'`)."""
    return reason if reason.startswith(LEFT_OUT) else reason.split(": ", 1)[0]


def fill_rates(tables: Mapping[str, pa.Table]) -> dict[str, float]:
    """Share of documents (0 to 1) that have each field; fields that none has are left out.

    Columns of `documents` by name; `references` and `events` by table; classes by scheme
    (`classes cpc`), parties by role (`parties inventor`, and their `org`, `country`, `city`).
    """
    documents = tables[DOCUMENTS.name]
    total = documents.num_rows
    counts = {name: total - documents[name].null_count for name in DOCUMENTS.names}
    for name, column in (("references", "citing_id"), ("events", "doc_id")):
        if name in tables:
            counts[name] = len(pc.unique(tables[name][column]))
    for name, column in (("classes", "scheme"), ("parties", "role")):
        if name not in tables:
            continue
        table = tables[name]
        for value in sorted(pc.unique(table[column]).to_pylist()):
            chosen = table.filter(pc.equal(table[column], value))
            counts[f"{name} {value}"] = len(pc.unique(chosen["doc_id"]))
            for part in ("org", "country", "city") if name == "parties" else ():
                filled = chosen.filter(pc.is_valid(chosen[part]))
                counts[f"{name} {value} {part}"] = len(pc.unique(filled["doc_id"]))
    return {name: count / total for name, count in counts.items() if total and count}
