"""What a reply's headers say of how long to wait."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < float("inf") else None


def retry_after(headers: Mapping[str, str], *, now: float, unit: float = 1.0) -> float | None:
    """Seconds that a reply asks to wait, from `Retry-After` (a number or a date); None without.

    Parameters
    ----------
    headers : mapping, names in any case if it is an httpx one
    now : float
        Seconds since 1970, for a date.
    unit : float, seconds
        What a number counts.
    """
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None:
        return seconds * unit
    if not text:
        return None
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return None


def pace(headers: Mapping[str, str], *, now: float) -> float:
    """Seconds to the next request by the rate headers of a reply; 0 where it has none.

    `X-Rate-Limit-Limit` and `-Interval` (Crossref: requests per so many seconds), and
    `X-RateLimit-Remaining` with `-Reset` (in seconds, or as a time) once nothing remains.
    """
    wait = 0.0
    limit = _number(headers.get("x-rate-limit-limit"))
    interval = _number((headers.get("x-rate-limit-interval") or "").removesuffix("s"))
    if limit and interval:
        wait = interval / limit
    remaining = _number(headers.get("x-ratelimit-remaining"))
    reset = _number(headers.get("x-ratelimit-reset"))
    if remaining == 0 and reset is not None:
        wait = max(wait, reset - now if reset > now / 2 else reset)
    return max(0.0, wait)
