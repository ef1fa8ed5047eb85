"""Where things lie, and the numbers that steer an analysis."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from foresight.errors import SettingsError

LANGUAGES = ("zh", "en")
MEMORY = "4GB"
_HOST = r"[\w.-]+:\d+"
ENGINE = re.compile(
    rf"duckdb|spark|local|local\[(\*|[1-9]\d*)\]|spark://{_HOST}(,{_HOST})*"
    r"|bigquery://[\w.:-]+/\w+"
)
COMPONENTS = ("growth", "vitality", "novelty", "community")  # of the composite score
ENCODERS = ("static-multilingual-1", "use-multilingual-3")  # foresight.topics.encoders


def project_root() -> Path:
    """The folder that holds `data/`, `notebooks/` and `outputs/`.

    It is `$FORESIGHT_ROOT` where that is set, otherwise the folder above the package.

    Raises
    ------
    SettingsError
        If the folder has no `data/tracks`.
    """
    named = os.environ.get("FORESIGHT_ROOT")
    root = Path(named) if named else Path(__file__).resolve().parent.parent
    if not (root / "data" / "tracks").is_dir():
        msg = (
            f"{root} has no folder data/tracks, so it is not a Foresight project. "
            "Install from a clone with `pip install -e .`, or set FORESIGHT_ROOT to the clone."
        )
        raise SettingsError(msg)
    return root


def data_dir() -> Path:
    """Folder of reference data, corpora and caches."""
    return project_root() / "data"


def outputs_dir() -> Path:
    """Folder of everything generated: `$FORESIGHT_OUTPUTS`, or `outputs/` of the project."""
    named = os.environ.get("FORESIGHT_OUTPUTS")
    return Path(named) if named else project_root() / "outputs"


def corpora_dir() -> Path:
    """Folder of corpora: `$FORESIGHT_CORPORA`, or `data/corpora/` of the project."""
    named = os.environ.get("FORESIGHT_CORPORA")
    return Path(named) if named else data_dir() / "corpora"


def raw_dir() -> Path:
    """Folder of records as they came: `$FORESIGHT_RAW`, or `data/raw/` of the project."""
    named = os.environ.get("FORESIGHT_RAW")
    return Path(named) if named else data_dir() / "raw"


def cache_dir() -> Path:
    """Folder of what is dear to compute and safe to delete: `$FORESIGHT_CACHE` or `data/cache/`."""
    named = os.environ.get("FORESIGHT_CACHE")
    return Path(named) if named else data_dir() / "cache"


def memory_limit() -> str:
    """What the database may hold before it spills to disk: `$FORESIGHT_MEMORY`, or 4 GB.

    Python and Arrow come on top. Where four fifths of the machine's memory are less, those are the
    limit. No result depends on it.

    Raises
    ------
    SettingsError
        If the variable is not a number with its unit (KB, MB, GB, TB, or KiB and so on).
    """
    named = os.environ.get("FORESIGHT_MEMORY") or MEMORY
    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", named):
        msg = f"FORESIGHT_MEMORY is {named!r}. Write a number with its unit, for example 4GB."
        raise SettingsError(msg)
    return named


def engine() -> str:
    """Where work over whole corpora is computed: `$FORESIGHT_ENGINE`, or `duckdb`.

    No result depends on it.

    Raises
    ------
    SettingsError
        If the variable names no engine.
    """
    return check_engine(os.environ.get("FORESIGHT_ENGINE") or "duckdb")


def check_engine(named: str) -> str:
    """Give the name of an engine back.

    Raises
    ------
    SettingsError
        If there is no such engine.
    """
    if not ENGINE.fullmatch(named):
        msg = (
            f"{named!r} is no engine. Write duckdb, spark, local[2] (Spark on two cores), "
            "spark://host:port (a cluster) or bigquery://project/dataset, with --engine or in "
            "FORESIGHT_ENGINE."
        )
        raise SettingsError(msg)
    return named


@dataclass(frozen=True)
class Settings:
    """What steers an analysis. Changing one value changes the digest of every output.

    Parameters
    ----------
    window : int, years, default 5
        Years over which growth, novelty and community are measured, ending with the last
        complete year (METHODS: five years).
    min_docs : int, default 10
        A unit with fewer documents has no score: its interval would span the scale.
    thin_docs : int, default 100
        A track with fewer documents carries the flag "thin evidence".
    draws : int, default 400
        Bootstrap and weight draws behind every interval.
    seed : int
        Seed of every generator, mixed with the unit's own id.
    encoder : str, default "static-multilingual-1"
        What makes document vectors, by name: one of `ENCODERS`.
    weights : dict of component to number, default empty
        The analyst's own weights of `COMPONENTS` (any scale, at least one above 0; those left out
        weigh nothing): units are then ranked by the composite with these weights in place of the
        learned score.
    """

    window: int = 5
    min_docs: int = 10
    thin_docs: int = 100
    draws: int = 400
    seed: int = 20270101
    encoder: str = ENCODERS[0]
    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, values: dict[str, Any]) -> Settings:
        """Build settings from names and values.

        Raises
        ------
        SettingsError
            For a name that is not a setting, a number that is not whole and positive, an
            encoder that does not exist, or weights that are none.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            msg = f"Unknown setting(s) {unknown}. Known are: {', '.join(sorted(known))}."
            raise SettingsError(msg)
        for name, value in values.items():
            if name == "encoder":
                if value not in ENCODERS:
                    msg = f"Setting `encoder` must be one of {', '.join(ENCODERS)}, got {value!r}."
                    raise SettingsError(msg)
            elif name == "weights":
                _check_weights(value)
            elif not isinstance(value, int) or isinstance(value, bool) or value <= 0:
                msg = f"Setting `{name}` must be a whole number above 0, got {value!r}."
                raise SettingsError(msg)
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """Names and values; weights in the order of `COMPONENTS`."""
        weights = {name: self.weights[name] for name in COMPONENTS if name in self.weights}
        return {**asdict(self), "weights": weights}


def _check_weights(value: Any) -> None:
    wrong = "" if isinstance(value, Mapping) else f"got {value!r}"
    if not wrong:
        unknown = sorted(str(name) for name in set(value) - set(COMPONENTS))
        numbers = list(value.values())
        if unknown:
            wrong = f"it names {', '.join(unknown)}"
        elif not all(type(one) in (int, float) and 0 <= one < float("inf") for one in numbers):
            wrong = f"got {value!r}; a weight is a number from 0"
        elif value and not any(numbers):
            wrong = "all are 0"
    if wrong:
        msg = (
            f"Setting `weights` gives components ({', '.join(COMPONENTS)}) their weights, for "
            f"example {{growth: 2, novelty: 1}}: {wrong}."
        )
        raise SettingsError(msg)
