"""What a reader did with every row that it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from foresight.errors import SourceError


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: file, line (or number of the record) and the reason."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True)
class ReadReport:
    """Account of a reading: no row is lost without a word.

    Attributes
    ----------
    rows_in, rows_out, rows_repeated : int
        Records met, documents given, and records of a document that was there already.
    refusals : tuple of Refusal
    recognised : dict
        Field of the source to column of ours.
    ignored, missing : tuple of str
        Fields of the source that are not used, and expected ones that it does not have.
    notes : tuple of str

    Raises
    ------
    SourceError
        If rows_in is not rows_out + rows_repeated + the number of refusals.
    """

    rows_in: int
    rows_out: int
    rows_repeated: int
    refusals: tuple[Refusal, ...] = ()
    recognised: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        accounted = self.rows_out + self.rows_repeated + len(self.refusals)
        if self.rows_in != accounted:
            msg = (
                f"Of {self.rows_in} row(s) read, {accounted} are accounted for ({self.rows_out} "
                f"taken, {self.rows_repeated} repeated, {len(self.refusals)} refused). This is a "
                "fault of the reader: report it with the file."
            )
            raise SourceError(msg)
