"""Make `data/models/person-pairs-1.json`: `python -m foresight.run.pair_weights`.

Reads the default corpus as the installed distribution ships it, with the inventors that were
grouped by hand; half of their family names train, the other half are held out. Prints how the
groups compare with the labels on the held-out half. Needs some five minutes and 3 GB. With
`--check` nothing is written: the figures are those of the shipped weights.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from foresight.navigation.linkage_quality import linkage_quality
from foresight.navigation.people import grouped, mean_to_others
from foresight.navigation.person_mentions import Mentions, known_documents, prepare
from foresight.navigation.person_pairs import (
    PairModel,
    load_pair_model,
    model_path,
    name_groups,
    pair_probabilities,
)
from foresight.navigation.person_training import (
    choose_threshold,
    fit_pair_model,
    halves,
    sample_pairs,
    truth,
)
from foresight.provenance import write_json
from foresight.settings import Settings
from foresight.sources.inventor_labels import PUBLISHED, read_inventor_labels
from foresight.sources.sample import read_sample

DECIMALS = 6  # of the weights in the file
LATEST = "9999-12-31"  # labels are of the whole file
LEVELS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)  # of confidence, in the table of its calibration


@dataclass(frozen=True)
class Labelled:
    """Mentions of the default corpus with what is known of them.

    Attributes
    ----------
    rows : DataFrame
        doc_id, position, name, person, half (`train`, `test`, null), family, name_key and the
        published groups, in the order of `mentions`.
    mentions : Mentions
    """

    rows: pd.DataFrame
    mentions: Mentions

    def persons(self, half: str) -> pd.Series:
        """Labels of the mentions of one half, null for all others."""
        persons: pd.Series = self.rows["person"].where(self.rows["half"] == half)
        return persons


def labelled_mentions() -> Labelled:
    """Read the default corpus and the labels that come with it."""
    tables = {
        name: table.to_pandas()
        for name, table in read_sample().tables.items()
        if name in ("documents", "parties", "classes")
    }
    known = known_documents(tables["documents"].drop(columns="abstract"), as_of=LATEST)
    rows, mentions = prepare(tables["parties"], known, tables["classes"])
    rows = rows.merge(
        read_inventor_labels(), on=["doc_id", "position"], how="left", validate="one_to_one"
    )
    rows["family"] = [name.family for name in mentions.names]
    rows["name_key"] = [name.key for name in mentions.names]
    marked = rows.dropna(subset=["person"])
    rows["half"] = rows["person"].map(halves(marked["person"], marked["family"]))
    return Labelled(rows, mentions)


def train(data: Labelled) -> PairModel:
    """Fit weights, threshold and calibration on the training half."""
    rng = np.random.default_rng(Settings().seed)
    persons = data.persons("train")
    model = fit_pair_model(sample_pairs(data.mentions, persons, rng=rng))
    return choose_threshold(data.mentions, persons, model=model)[0]


def rounded(model: PairModel) -> dict[str, object]:
    """The content of the file."""
    content = asdict(model)
    content["weights"] = {name: round(w, DECIMALS) for name, w in model.weights.items()}
    content["intercept"] = round(model.intercept, DECIMALS)
    content["calibration"] = [round(value, DECIMALS) for value in model.calibration]
    return content


def held_out(data: Labelled, model: PairModel) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge the groups on the held-out half.

    Returns
    -------
    quality : DataFrame, of `linkage_quality`
        Ours beside the published groups, and beside taking equal names for one person.
    calibration : DataFrame
        By level of confidence: mean confidence, mean share that is the same person, n mentions.
    """
    persons = data.persons("test")
    person, mean = np.arange(len(persons)), np.full(len(persons), np.nan)
    for rows, levels in name_groups(data.mentions.names, wanted=persons.notna().to_numpy()):
        square = pair_probabilities(data.mentions, rows, levels, model=model)
        labels = grouped(square, threshold=model.threshold)
        mean[rows] = mean_to_others(square, labels)
        _, first, which = np.unique(labels, return_index=True, return_inverse=True)
        person[rows] = rows[first[which]]
    frame = data.rows.assign(person=persons, block=data.rows["family"], ours=person.astype(str))
    quality = linkage_quality(
        frame,
        groupings=["ours", *PUBLISHED, "name_key"],
        rng=np.random.default_rng(Settings().seed),
    )
    judged = truth(data.mentions, persons, groups=person, mean=mean)
    sure = model.confidence(
        judged["mean"].to_numpy(),
        judged["others"].to_numpy(float),
        judged["name_mentions"].to_numpy(),
    )
    judged = judged.assign(confidence=sure, level=pd.cut(sure, list(LEVELS), include_lowest=True))
    parts = [
        (
            str(level),
            np.average(part["confidence"], weights=part["weight"]),
            np.average(part["share"], weights=part["weight"]),
            len(part),
        )
        for level, part in judged.groupby("level", observed=True)
    ]
    return quality, pd.DataFrame(parts, columns=["level", "confidence", "share_same", "n_mentions"])


def main(arguments: list[str]) -> None:
    """Train and write, or with `--check` only judge."""
    data = labelled_mentions()
    if "--check" not in arguments:
        write_json(model_path(), rounded(train(data)))
        load_pair_model.cache_clear()
    quality, calibration = held_out(data, load_pair_model())
    sys.stdout.write(quality.to_string(index=False) + "\n\n")
    sys.stdout.write(calibration.to_string(index=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
