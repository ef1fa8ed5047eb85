"""What the records of patents have in common: who holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from foresight.sources import texts
from foresight.sources.records import Party


def holders(role: str, names: Iterable[str], *, people: Sequence[str]) -> list[Party]:
    """Applicants or owners: persons where they are among the inventors, else organisations.

    Parameters
    ----------
    role : str
        `applicant` or `owner`.
    names : iterable of str
    people : sequence of str
        The inventors.
    """
    return [
        Party(role, name=texts.person(name))
        if texts.is_person(name, people=people)
        else Party(role, org=name)
        for name in names
    ]
