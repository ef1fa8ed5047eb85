"""What every score is compared with: where the corpus moves, and its topics, up to a year.

Dear, so kept under a digest of the records that they are made from: a delivery of the running year
changes none of them, and neither do other tracks, registries or dates of the same year.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from foresight.emergence.drift import Drift
from foresight.emergence.features import features
from foresight.emergence.records import Records
from foresight.emergence.score import NO_REFERENCE, Reference, reference
from foresight.emergence.snapshot import MIN_CORPUS, take_snapshot
from foresight.provenance import code_digest, frame_digest, read_or_make, text_digest
from foresight.run.keys import PAGES
from foresight.settings import Settings, cache_dir

FILE = "ground.npz"


def open_ground(
    known: Records, *, last_year: int, settings: Settings
) -> tuple[Drift | None, Reference]:
    """Drift and topics of the corpus at a year's end; nothing where it is too small for topics.

    Parameters
    ----------
    known : Records
        Up to `last_year`.
    last_year : int
    settings : Settings
    """
    if len(known.documents) < MIN_CORPUS:
        return None, NO_REFERENCE
    numbers = [f"{name}={value}" for name, value in sorted(settings.as_dict().items())]
    key = text_digest(code_digest(without=PAGES), str(last_year), *numbers, *records_digests(known))

    def make(part: Path) -> None:
        snapshot, _ = take_snapshot(known, last_year=last_year, settings=settings)
        one_draw = replace(settings, draws=1)  # intervals of the topics are not used
        found = features(snapshot.members, snapshot.facts, settings=one_draw)
        _write(part, snapshot.drift, reference(found))

    return read_or_make(cache_dir() / "ground" / key[:24], read=_read, make=make)


def records_digests(records: Records) -> list[str]:
    """Digests of all that records hold."""
    found = []
    for item in fields(records):
        value: Any = getattr(records, item.name)
        if isinstance(value, pd.DataFrame):
            found.append(f"{item.name}:{frame_digest(value)}")
        elif isinstance(value, np.ndarray):
            found.append(f"{item.name}:{hashlib.sha256(value.tobytes()).hexdigest()}")
        elif value is not None:  # words, which no ground is made from
            digest = hashlib.sha256(value.data.tobytes() + value.indices.tobytes()).hexdigest()
            found.append(f"{item.name}:{digest}")
    return found


def _write(folder: Path, drift: Drift, against: Reference) -> None:
    factor, lower = drift.factor
    np.savez(
        folder / FILE,
        values=against.values,
        tau2=against.tau2,
        last_year=drift.last_year,
        counts=drift.counts,
        sums=drift.sums,
        factor=factor,
        lower=lower,
    )


def _read(folder: Path) -> tuple[Drift, Reference]:
    try:
        with np.load(folder / FILE) as kept:
            found = {name: kept[name] for name in kept.files}
    except (EOFError, BadZipFile) as error:
        raise ValueError(f"{folder / FILE} is damaged") from error
    factor = (found["factor"], bool(found["lower"]))
    drift = Drift(int(found["last_year"]), found["counts"], found["sums"], factor)
    return drift, Reference(found["values"], float(found["tau2"]))
