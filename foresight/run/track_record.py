"""The backtest of a corpus as briefs read it, where one has been made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from foresight.brief.backtest.record import FOLDER, TrackRecord
from foresight.corpus.store import Corpus
from foresight.provenance import file_digest, read_json
from foresight.settings import Settings, outputs_dir

METHOD = "shipped"
"""The score that briefs rank by, under the name that it has in a backtest."""


def read_track_record(
    corpus: Corpus, *, date: str, settings: Settings, method: str = METHOD
) -> TrackRecord | None:
    """Read the backtest of a corpus; None where there is none that may be told of.

    Parameters
    ----------
    corpus : Corpus
    date : str
        ISO date of knowledge. A backtest that looked at later documents is not used: at that date
        nobody could have made it.
    settings : Settings
        A backtest of other weights is none of `weighted`.
    method : str
        The score meant.
    """
    metrics = valid_metrics(corpus, date=date)
    if metrics is None:
        return None
    if method == "weighted" and metrics["weights"] != settings.as_dict()["weights"]:
        return None
    return TrackRecord(
        metrics=metrics,
        method=method,
        controls=read_controls(corpus, metrics=metrics),
        digest=file_digest(_metrics_file(corpus)),
    )


def _metrics_file(corpus: Corpus) -> Path:
    return outputs_dir() / corpus.name / FOLDER / "metrics.json"


def valid_metrics(corpus: Corpus, *, date: str) -> dict[str, Any] | None:
    """Metrics of a corpus's backtest; None where there are none that may be told of at a date.

    They hold as long as the complete years that it looked at say what they said then: what is
    published later, or in the year that its date cuts short, was not asked.
    """
    file = _metrics_file(corpus)
    if not file.is_file():
        return None
    metrics: dict[str, Any] = read_json(file)
    same = metrics.get("complete") == corpus.digest_as_of(f"{metrics['last_year']}-12-31")
    return metrics if same and metrics["as_of"] <= date else None


def read_controls(corpus: Corpus, *, metrics: dict[str, Any]) -> list[dict[str, Any]]:
    """Metrics of the controls on the same corpus, date and horizon as a backtest, by seed."""
    same = ("digest", "as_of", "horizon")
    found = [read_json(file) for file in control_files(corpus.name)]
    kept = [one for one in found if all(one[name] == metrics[name] for name in same)]
    return sorted(kept, key=lambda one: int(one["shuffled"]))


def control_files(corpus: str) -> list[Path]:
    """`metrics.json` of every control of a corpus."""
    return sorted((outputs_dir() / corpus).glob(f"{FOLDER}-shuffled-*/metrics.json"))
