"""Labelled samples: which documents, read one by one, belong to a track.

One file per track, `data/labels/<track>.csv`, or `data/labels/<corpus>/<track>.csv` for a corpus
other than the default one. Lines that begin with `# ` hold, as YAML, how the sample was drawn and
by what rule, by whom or what it was labelled; the rest is CSV.
"""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd
import yaml

from foresight.errors import RegistryError
from foresight.provenance import atomic_path
from foresight.settings import data_dir

DEFAULT_CORPUS = "sample"
LABELS = ("yes", "no", "unclear")
COLUMNS = ("doc_id", "stratum", "label", "second", "note")


@dataclass(frozen=True)
class LabelCard:
    """How a sample was drawn and read.

    Attributes
    ----------
    track, corpus : str
    corpus_digest, terms_digest : str
        What the sample was drawn from: the corpus, and the terms of the track
        (`Registry.terms_digest`). Where the terms have changed since, the labels may have guided
        the change, and a fresh sample must be read before precision can be reported.
    seed : int
    drawn : str
        Date.
    sizes : dict
        Documents of each stratum when the sample was drawn (`quality.SAMPLED`): every label
        stands for its stratum's size over the stratum's number of labels.
    labelled_by, second_by : str
        Who or what read the documents first, and a part of them again.
    rule : str
        What belongs: the general rule, then the track's own borders.
    """

    track: str
    corpus: str
    corpus_digest: str
    terms_digest: str
    seed: int
    drawn: str
    sizes: dict[str, int]
    labelled_by: str
    second_by: str
    rule: str


def labels_path(track: str, corpus: str) -> Path:
    """Where the labels of a track lie, whether or not there are any."""
    folder = data_dir() / "labels"
    return (folder if corpus == DEFAULT_CORPUS else folder / corpus) / f"{track}.csv"


def read_labels(track: str, corpus: str) -> tuple[LabelCard, pd.DataFrame] | None:
    """Card and rows of a track's labels; None where nothing has been labelled.

    Returns
    -------
    (LabelCard, DataFrame) or None
        doc_id, stratum (as drawn), label, second (null where not read again), note.

    Raises
    ------
    RegistryError
        If the file is not in form: an unknown column or label, a document twice, a bad card.
    """
    path = labels_path(track, corpus)
    if not path.is_file():
        return None
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = "".join(line[2:] for line in lines if line.startswith("# "))
    body = "".join(line for line in lines if not line.startswith("#"))
    return _card(head, path), _rows(body, path)


def _card(head: str, path: Path) -> LabelCard:
    try:
        values = yaml.safe_load(head)
    except yaml.YAMLError as error:
        msg = f"{path}: the lines that begin with `# ` are not YAML ({error}). Mend them."
        raise RegistryError(msg) from error
    known = [field.name for field in fields(LabelCard)]
    if not isinstance(values, dict) or sorted(values) != sorted(known):
        got = sorted(values) if isinstance(values, dict) else type(values).__name__
        msg = f"{path}: the head must hold {', '.join(known)}; it holds {got}."
        raise RegistryError(msg)
    sizes = values["sizes"]
    if not isinstance(sizes, dict) or not all(type(size) is int for size in sizes.values()):
        msg = f"{path}: `sizes` must give whole numbers of documents by stratum, got {sizes!r}."
        raise RegistryError(msg)
    return LabelCard(**{**values, "drawn": str(values["drawn"])})


def _rows(body: str, path: Path) -> pd.DataFrame:
    frame = pd.read_csv(io.StringIO(body), dtype="str", keep_default_na=False)
    if tuple(frame.columns) != COLUMNS:
        msg = f"{path} has the columns {list(frame.columns)}; they must be {', '.join(COLUMNS)}."
        raise RegistryError(msg)
    wrong = frame[~frame["label"].isin(LABELS) | ~frame["second"].isin([*LABELS, ""])]
    twice = frame["doc_id"][frame["doc_id"].duplicated()]
    if len(wrong) or len(twice):
        first = [*wrong["doc_id"], *twice][0]
        msg = (
            f"{path}: document {first} stands twice or has a label other than "
            f"{', '.join(LABELS)}. Mend the row."
        )
        raise RegistryError(msg)
    return frame.assign(second=frame["second"].replace("", pd.NA))


def write_labels(card: LabelCard, rows: pd.DataFrame) -> Path:
    """Write a track's labels in one step; the old file stays until the new one is whole.

    Parameters
    ----------
    card : LabelCard
    rows : DataFrame
        As `read_labels` gives them.
    """
    path = labels_path(card.track, card.corpus)
    head = yaml.safe_dump(asdict(card), allow_unicode=True, sort_keys=False, width=96)
    with atomic_path(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {line}\n" for line in head.splitlines())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows[list(COLUMNS)].fillna("").itertuples(index=False, name=None))
    return path


def agreement(rows: pd.DataFrame) -> tuple[float, float, int] | None:
    """Agreement of the two readings: share equal, Cohen's kappa, number read twice.

    `unclear` counts as not belonging, as it does in precision. None where nothing was read twice;
    kappa is NaN where both readers gave one and the same label throughout.

    References
    ----------
    Cohen (1960), doi:10.1177/001316446002000104.
    """
    twice = rows.dropna(subset=["second"])
    if twice.empty:
        return None
    first, second = (twice[name] == "yes" for name in ("label", "second"))
    equal = float((first == second).mean())
    chance = float(first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean()))
    return equal, (equal - chance) / (1 - chance) if chance < 1 else float("nan"), len(twice)
