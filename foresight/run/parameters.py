"""Notebook parameters: typed, and nothing unknown passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self, get_args, get_origin, get_type_hints

from foresight.emergence.methods import SCORES
from foresight.errors import SettingsError
from foresight.settings import LANGUAGES, Settings, outputs_dir

KERNEL_NAMES = frozenset({"In", "Out", "exit", "quit", "open", "get_ipython"})
PLAIN = (str, int, float, bool, list, dict, tuple, set, type(None))


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    origin = get_origin(hint)
    if origin is list:
        (item,) = get_args(hint)
        return isinstance(value, list) and all(_fits(v, item) for v in value)
    if origin is dict:
        key, item = get_args(hint)
        return isinstance(value, dict) and all(
            _fits(k, key) and _fits(v, item) for k, v in value.items()
        )
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _plain_name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)


@dataclass(frozen=True)
class Parameters:
    """Base of a notebook's parameters: every field is a parameter, with its type and default."""

    @classmethod
    def from_namespace(cls, namespace: Mapping[str, Any]) -> Self:
        """Read the parameters from a notebook's `globals()`, called before anything else is set.

        Raises
        ------
        SettingsError
            For a plain value whose name is no parameter (a misspelt one, say) or a value of the
            wrong type; the message names the known parameters.
        """
        given = {
            name: value
            for name, value in namespace.items()
            if not name.startswith("_") and name not in KERNEL_NAMES and isinstance(value, PLAIN)
        }
        return cls.from_mapping(given)

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Self:
        """Read the parameters from names and values. Raises as `from_namespace`."""
        hints = get_type_hints(cls)
        known = [item.name for item in fields(cls)]
        unknown = sorted(set(given) - set(known))
        if unknown:
            near = get_close_matches(unknown[0], known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            msg = f"Unknown parameter(s) {', '.join(unknown)}.{hint} Known are: {', '.join(known)}."
            raise SettingsError(msg)
        for name, value in given.items():
            if not _fits(value, hints[name]):
                msg = (
                    f"Parameter `{name}` must be {_plain_name(hints[name])}, got "
                    f"{type(value).__name__}: {value!r}. Correct it in the parameters cell, or "
                    "where the notebook is called."
                )
                raise SettingsError(msg)
        return cls(**given)


def _check_among(name: str, values: list[str], allowed: tuple[str, ...]) -> None:
    wrong = [value for value in values if value not in allowed]
    if wrong or not values:
        msg = f"`{name}` holds {wrong or 'nothing'}; allowed are {', '.join(allowed)}."
        raise SettingsError(msg)


def _below_outputs(output: str, usual: str) -> Path:
    root = outputs_dir().resolve()
    target = (root / (output or usual)).resolve()
    if target == root or not target.is_relative_to(root):
        msg = f"`output` must be a folder below {root}, got {output!r}."
        raise SettingsError(msg)
    return target


@dataclass(frozen=True)
class SectorParameters(Parameters):
    """Parameters of `sector_brief.ipynb`.

    Parameters
    ----------
    track : str
        Slug, Chinese or English name.
    corpus : str
    as_of : str
        ISO date of knowledge; empty for the last day of the corpus.
    languages : list of str
    settings : dict
        Any of the fields of `foresight.settings.Settings`.
    output : str
        Folder for the results, relative to the outputs folder; empty for the usual one,
        `<corpus>/<as_of>/<track>`.
    """

    track: str
    corpus: str = "sample"
    as_of: str = ""
    languages: list[str] = field(default_factory=lambda: list(LANGUAGES))
    settings: dict[str, Any] = field(default_factory=dict)
    output: str = ""

    def __post_init__(self) -> None:
        _check_among("languages", self.languages, LANGUAGES)
        Settings.from_mapping(self.settings)

    def folder(self, *, corpus: str, as_of: str, track: str) -> Path:
        """The folder of results.

        Raises
        ------
        SettingsError
            If `output` leads out of the outputs folder.
        """
        return _below_outputs(self.output, f"{corpus}/{as_of}/{track}")


@dataclass(frozen=True)
class BoardParameters(Parameters):
    """Parameters of `board.ipynb`: as in `SectorParameters`, for all tracks."""

    corpus: str = "sample"
    as_of: str = ""
    languages: list[str] = field(default_factory=lambda: list(LANGUAGES))

    def __post_init__(self) -> None:
        _check_among("languages", self.languages, LANGUAGES)


@dataclass(frozen=True)
class ReportParameters(Parameters):
    """Parameters of `corpus_report.ipynb`.

    Parameters
    ----------
    corpus, as_of, languages
        As in `SectorParameters`.
    output : str
        Folder for the results, relative to the outputs folder; empty for the usual one,
        `<corpus>/<as_of>/report`.
    """

    corpus: str = "sample"
    as_of: str = ""
    languages: list[str] = field(default_factory=lambda: list(LANGUAGES))
    output: str = ""

    def __post_init__(self) -> None:
        _check_among("languages", self.languages, LANGUAGES)

    def folder(self, *, corpus: str, as_of: str) -> Path:
        """The folder of results. Raises as `SectorParameters.folder`."""
        return _below_outputs(self.output, f"{corpus}/{as_of}/report")


@dataclass(frozen=True)
class BacktestParameters(Parameters):
    """Parameters of `backtest.ipynb`.

    Parameters
    ----------
    corpus, as_of, languages, settings
        As in `SectorParameters`.
    cutoffs : str
        Years, as `2008:2018`; empty for all that the corpus bears.
    horizon : int
        Years looked ahead.
    learn : bool
        Also learn scores from the corpus's own earlier cut-offs: several times dearer.
    method : str
        The score that the report judges first, by its name in results.csv; empty for the one
        that briefs rank by.
    output : str
        Folder for the results, relative to the outputs folder; empty for the usual one,
        `<corpus>/backtest`.
    """

    corpus: str = "sample"
    as_of: str = ""
    cutoffs: str = ""
    horizon: int = 3
    learn: bool = True
    method: str = ""
    languages: list[str] = field(default_factory=lambda: list(LANGUAGES))
    settings: dict[str, Any] = field(default_factory=dict)
    output: str = ""

    def __post_init__(self) -> None:
        _check_among("languages", self.languages, LANGUAGES)
        if self.method:
            _check_among("method", [self.method], SCORES)
        Settings.from_mapping(self.settings)

    def folder(self, *, corpus: str) -> Path:
        """The folder of results. Raises as `SectorParameters.folder`."""
        return _below_outputs(self.output, f"{corpus}/backtest")


@dataclass(frozen=True)
class NavigationParameters(Parameters):
    """Parameters of `patent_navigation.ipynb`.

    Parameters
    ----------
    track, corpus, as_of, languages, settings
        As in `SectorParameters`.
    region : str
        Zhejiang or one of its cities, in Chinese or English.
    known_on : str
        ISO date on which statuses and lists of families were read (day of the export). Without
        it, or where it is later than `as_of`, neither is used.
    events_complete : bool
        Take the record of an event at an office as complete where the corpus holds any.
    strategic : str
        CSV with `industry` and `prefix`: the official table of classes of strategic emerging
        industries, relative to the project; empty for the plan's classes, which stand in for it.
    pledges : str
        CSV with `doc_id`, `date` and `amount` of pledges.
    pledge_threshold : float
        Amount that counts as comparatively high.
    output : str
        Folder for the results, relative to the outputs folder; empty for the usual one,
        `<corpus>/<as_of>/<track>/navigation` (`navigation-hangzhou` for a city).
    """

    track: str
    region: str = "浙江"
    corpus: str = "sample"
    as_of: str = ""
    known_on: str = ""
    events_complete: bool = False
    strategic: str = ""
    pledges: str = ""
    pledge_threshold: float = 0.0
    languages: list[str] = field(default_factory=lambda: list(LANGUAGES))
    settings: dict[str, Any] = field(default_factory=dict)
    output: str = ""

    def __post_init__(self) -> None:
        _check_among("languages", self.languages, LANGUAGES)
        Settings.from_mapping(self.settings)
        if bool(self.pledges) != (self.pledge_threshold > 0):
            msg = "`pledges` and `pledge_threshold` go together. Give both or neither."
            raise SettingsError(msg)

    def folder(self, *, corpus: str, as_of: str, track: str, region: str) -> Path:
        """The folder of results; `region` is the end of its name, empty for the province.

        Raises
        ------
        SettingsError
            If `output` leads out of the outputs folder.
        """
        name = f"navigation-{region}" if region else "navigation"
        return _below_outputs(self.output, f"{corpus}/{as_of}/{track}/{name}")
