"""One polite HTTP client for all live services.

It names itself, keeps the pace that a service asks for, waits as long as `Retry-After` says, tries
again what may pass by itself (a cut connection, 429, 5xx, a reply that is not what it should
be), and stops with a message that says what to do when it does not pass. Addresses can be replaced
by the environment (`FORESIGHT_OPENALEX_URL` for the service `openalex`), so that tests and mirrors
need no other code. Keys come from the environment, are never stored and never stand in a message.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx
import numpy as np
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from foresight import __version__
from foresight.errors import SettingsError, SourceError
from foresight.sources.rates import pace, retry_after

ATTEMPTS = 6  # with the waits below about a minute in all
FIRST_WAIT = 2.0  # seconds before the second attempt; doubled for each further one
LONGEST_WAIT = 120.0  # seconds; longer only where the service itself asks for it
PATIENCE = 900.0  # seconds; a service that wants more is asked again by the next run
TIMEOUT = httpx.Timeout(120.0, connect=30.0)
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
UNHEARD = frozenset({403, 429, 503})  # of these, those that turn a request away at the door
UNAUTHORIZED, FORBIDDEN = 401, 403
SHOWN = 200  # characters of a reply in a message
CONTACT = "FORESIGHT_CONTACT"


@dataclass(frozen=True)
class Service:
    """A web service: where it is, how often it may be asked, and which keys it knows.

    Attributes
    ----------
    name, title : str
        Name in commands and environment variables (`openalex`), and as people write it.
    base_url : str
        Without a slash at the end; `FORESIGHT_<NAME>_URL` goes before it. Empty for a service whose
        address must be given.
    interval : float
        Least seconds between two requests, by the service's rules.
    keys : tuple of str
        Environment variables of its key; empty where it has none.
    opens : str
        What the key opens, for `foresight doctor`.
    register : str
        Where a key is to be had.
    retry_unit : float, seconds
        Unit of its `Retry-After`; by the standard one second.
    """

    name: str
    title: str
    base_url: str
    interval: float
    keys: tuple[str, ...] = ()
    opens: str = ""
    register: str = ""
    retry_unit: float = 1.0

    @property
    def variable(self) -> str:
        """Environment variable that replaces its address."""
        return f"FORESIGHT_{self.name.upper()}_URL"

    def url(self) -> str:
        """Address in force: the environment's, or the service's own.

        Raises
        ------
        SettingsError
            If the environment names something that is no http(s) address, or nothing although the
            service has no address of its own.
        """
        named = os.environ.get(self.variable, "").rstrip("/")
        if named and not re.match(r"https?://[^/\s]+", named):
            msg = (
                f"{self.variable} must be an http or https address, got {named!r}. "
                "Correct or unset it."
            )
            raise SettingsError(msg)
        if not named and not self.base_url:
            msg = f"{self.title} has no address of its own ({self.register}). Set {self.variable}."
            raise SettingsError(msg)
        return named or self.base_url

    def secrets(self) -> list[str]:
        """Values of its keys, in the order of `keys`.

        Raises
        ------
        SettingsError
            If one is not set.
        """
        missing = [name for name in self.keys if not os.environ.get(name, "").strip()]
        if missing:
            msg = (
                f"{self.title} needs a key, and {' and '.join(missing)} is not set. Get one "
                f"({self.register}) and set it in the environment."
            )
            raise SettingsError(msg)
        return [os.environ[name].strip() for name in self.keys]


@dataclass(frozen=True)
class Request:
    """One request, without its key: path below the service's address, parameters, headers."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(SourceError):
    """The service refuses a request, and will again. `status` is its HTTP status."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class LostReplyError(SourceError):
    """A request that must not be repeated was answered, but the answer did not arrive whole."""


class _PassingError(SourceError):
    """Something that may pass by itself.

    `after` is the wait that the service asks for; `unheard` tells that the service did not take
    the request up, so that asking again changes nothing.
    """

    def __init__(self, message: str, *, after: float | None = None, unheard: bool = False) -> None:
        super().__init__(message)
        self.after = after
        self.unheard = unheard


def user_agent() -> str:
    """How we name ourselves: program, version, and the mail address in `$FORESIGHT_CONTACT`.

    Raises
    ------
    SettingsError
        If the contact is no mail address.
    """
    contact = os.environ.get(CONTACT, "").strip()
    if contact and not re.fullmatch(r"[\x21-\x7e]+@[\x21-\x7e]+", contact):
        msg = f"{CONTACT} must be a mail address, got {contact!r}. Correct or unset it."
        raise SettingsError(msg)
    return f"Foresight/{__version__} (technology foresight{f'; mailto:{contact}' * bool(contact)})"


class Client:
    """Asks one service, politely.

    Parameters
    ----------
    service : Service
    rng : numpy Generator
        For the jitter of the waits.
    auth : httpx.Auth, optional
        Adds the key to each request.
    pace : callable, optional
        `pace(headers) -> seconds` for headers of the service's own, besides the common ones.
    throttled : callable, optional
        `throttled(status, headers, body) -> bool`: whether a refusal means "too fast", and passes.
    sleep, clock, now : callables
        For tests: waiting, a steady clock, the seconds since 1970.
    say : callable, optional
        Is told, in one line, of every wait that is not mere pace.
    """

    def __init__(
        self,
        service: Service,
        *,
        rng: np.random.Generator,
        auth: httpx.Auth | None = None,
        pace: Callable[[Mapping[str, str]], float] | None = None,
        throttled: Callable[[int, Mapping[str, str], bytes], bool] | None = None,
        attempts: int = ATTEMPTS,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.service = service
        self.base_url = service.url()
        self.requests = 0
        self._rng, self._pace, self._throttled = rng, pace, throttled
        self._attempts, self._patience = attempts, patience
        self._sleep, self._clock, self._now, self._say = sleep, clock, now, say
        self._ready = clock()
        # httpx logs whole addresses, and some services take their key in the address.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._http = httpx.Client(
            headers={"User-Agent": user_agent()}, auth=auth, timeout=TIMEOUT, follow_redirects=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def fetch(
        self,
        request: Request,
        *,
        check: Callable[[bytes], object],
        none: tuple[int, ...] = (),
        repeatable: bool = True,
    ) -> bytes:
        """Ask until there is a sound reply, and give its body as it came.

        Parameters
        ----------
        request : Request
        check : callable
            Reads the body and raises ValueError if it is not what it should be; the service is
            then asked again.
        none : tuple of int
            Statuses by which this service says that it found nothing; the body is then empty.
        repeatable : bool, default True
            Whether the same request gives the same reply. A cursor that moves on when it is used
            would skip a page if it were asked twice.

        Raises
        ------
        LostReplyError
            If a reply to a request that is not repeatable got lost.
        RefusedError
            If the service refuses key or request, or asks for more patience than we have.
        SourceError
            If it gives no sound reply in so many attempts.
        """
        retrying = Retrying(
            retry=retry_if_exception(
                lambda error: isinstance(error, _PassingError) and (repeatable or error.unheard)
            ),
            stop=stop_after_attempt(self._attempts),
            wait=self._wait,
            sleep=self._sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            return retrying(self._once, request, check, none)
        except _PassingError as error:
            if not (repeatable or error.unheard):
                raise LostReplyError(str(error)) from error
            msg = (
                f"{self.service.title}: {error} That was attempt {self._attempts} of "
                f"{self._attempts}. What was fetched so far is kept: run the same command later, "
                "and it goes on from there."
            )
            raise SourceError(msg) from error

    def _once(
        self, request: Request, check: Callable[[bytes], object], none: tuple[int, ...]
    ) -> bytes:
        pause = self._ready - self._clock()
        if pause > 0:
            self._sleep(pause)
        self.requests += 1
        try:
            reply = self._http.get(
                f"{self.base_url}/{request.path.lstrip('/')}",
                params=dict(request.params),
                headers=dict(request.headers),
            )
        except httpx.RequestError as error:
            self._ready = self._clock() + self.service.interval
            msg = f"no whole reply from {self.base_url} ({type(error).__name__}: {error})."
            raise _PassingError(msg) from error
        headers, now = reply.headers, self._now()
        own = self._pace(headers) if self._pace else 0.0
        wait = max(self.service.interval, own, pace(headers, now=now))
        self._ready = self._clock() + min(wait, self._patience)
        if reply.status_code in none:
            return b""
        if reply.status_code != httpx.codes.OK:
            self._refuse(reply, now)
        try:
            check(reply.content)
        except ValueError as error:
            msg = f"the reply is not what it should be ({error})."
            raise _PassingError(msg) from error
        return reply.content

    def _refuse(self, reply: httpx.Response, now: float) -> None:
        status, body = reply.status_code, reply.content
        said = " ".join(body[: 4 * SHOWN].decode("utf-8", "replace").split())[:SHOWN] or "nothing"
        after = retry_after(reply.headers, now=now, unit=self.service.retry_unit)
        if after is not None and after > self._patience:
            msg = (
                f"{self.service.title} answers {status} and asks to wait {after / 60:.0f} minutes "
                f"(it says: {said}). The allowance is used up; what was fetched so far is kept. "
                "Run the same command after that time."
            )
            raise RefusedError(msg, status=status)
        passing = status in PASSING or bool(
            self._throttled and self._throttled(status, reply.headers, body)
        )
        if passing:
            msg = f"it answers {status} and says: {said}."
            raise _PassingError(msg, after=after, unheard=status in UNHEARD)
        if status in (UNAUTHORIZED, FORBIDDEN):
            keys = " and ".join(self.service.keys)
            advice = f"Check {keys}" if keys else "Wait some hours, and set a contact address"
            msg = (
                f"{self.service.title} refuses access ({status}; it says: {said}). {advice}"
                f"{f' ({self.service.register})' * bool(keys)}; `foresight doctor` names the keys."
            )
        elif httpx.codes.is_redirect(status):
            msg = (
                f"{self.service.title} has moved to {reply.headers.get('location')!r}. Set "
                f"{self.service.variable} to the new address."
            )
        else:
            msg = (
                f"{self.service.title} refuses the request ({status}; it says: {said}). Check "
                "--since and the track's terms; if they are right, the service has changed."
            )
        raise RefusedError(msg, status=status)

    def _wait(self, state: RetryCallState) -> float:
        """Exponential, halved at random; never shorter than the service asks for."""
        error = state.outcome.exception() if state.outcome else None
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (state.attempt_number - 1))
        wait = longest * (0.5 + 0.5 * float(self._rng.random()))
        asked = error.after if isinstance(error, _PassingError) else None
        return wait if asked is None else max(wait, asked + float(self._rng.random()))

    def _tell(self, state: RetryCallState) -> None:
        if self._say and state.outcome and state.next_action:
            self._say(
                f"{self.service.title}: {state.outcome.exception()} Again in "
                f"{state.next_action.sleep:.0f} s ({state.attempt_number + 1} of {self._attempts})."
            )
