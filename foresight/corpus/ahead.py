"""Making the next piece while the last is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.1  # seconds between looks whether the pieces are still wanted


def ahead(pieces: Iterator[T]) -> Iterator[T]:
    """Give the same pieces in the same order; the next one is made in a thread meanwhile.

    Two more pieces than without are in memory. What goes wrong in making a piece is raised where
    the piece would have come.
    """
    made: Queue[tuple[bool, T | BaseException | None]] = Queue(1)
    unwanted = Event()

    def hand_over(last: bool, item: T | BaseException | None) -> None:
        while not unwanted.is_set():
            try:
                made.put((last, item), timeout=PAUSE)
            except Full:
                continue
            return

    def make() -> None:
        try:
            for piece in pieces:
                hand_over(False, piece)
                if unwanted.is_set():
                    return
            hand_over(True, None)
        except BaseException as error:  # noqa: BLE001 (raised again by the reader)
            hand_over(True, error)

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            last, item = made.get()
            if isinstance(item, BaseException):
                raise item
            if last:
                return
            yield item  # type: ignore[misc]
    finally:
        unwanted.set()
        thread.join()
