"""A generated corpus with a planted rising and a planted fading sub-direction.

For tests only: nothing of it may reach a brief that a reader gets.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

THEMES = {
    # sub-direction: phrase its keywords match, class, yearly growth of its rate (log)
    "quantum/quantum-computing": (
        "superconducting qubit quantum computing processor",
        "G06N10/40",
        0.4,
    ),
    "quantum/quantum-communication": (
        "quantum key distribution photon link",
        "H04L9/0852",
        0.0,
    ),
    "advanced-batteries/solid-state": (
        "all solid state battery sulfide electrolyte",
        "H01M10/0562",
        0.25,
    ),
    "advanced-batteries/fuel-cells": (
        "polymer electrolyte fuel cell stack membrane",
        "H01M8/10",
        -0.35,
    ),
}
FILLER = (
    "cooling circuit", "signal readout", "thin film coating", "porous separator", "control unit",
    "optical path", "catalyst layer", "temperature sensor", "housing", "voltage converter",
)  # fmt: skip
FOREIGN = "paper bag folding conveyor"
HOSTILE = (
    "<script>alert(1)</script> quantum computing",
    '=HYPERLINK("x","quantum computing")',
    "{{x}} quantum computing {% raw %}",
    '#import "x": quantum computing',
    "quantum computing | a | b | $x$ [l](javascript:1) *b* `c` \\input{x}",
)
CITIES = (("Hangzhou", "CN"), ("Ningbo", "CN"), ("Tokyo", "JP"), ("San Jose", "US"))


def corpus_tables(
    *, seed: int = 0, first: int = 2010, last: int = 2021, rate: float = 9.0
) -> dict[str, pd.DataFrame]:
    """Tables of a generated corpus: about 400 patents of four sub-directions and as many others."""
    rng = np.random.default_rng(seed)
    documents, classes, parties = [], [], []

    def add(title: str, code: str, year: int) -> None:
        doc = f"S{len(documents):05d}"
        extra = rng.choice(FILLER, size=3, replace=False)
        date = f"{year}-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}"
        documents.append((doc, "patent", title, f"{title} with {', '.join(extra)}.", "en", date))
        other = f"{rng.choice(list('ABCF'))}{rng.integers(10, 60)}B{rng.integers(1, 40)}/00"
        classes.extend([(doc, "cpc", code, True), (doc, "cpc", other, False)])
        city, country = CITIES[rng.integers(len(CITIES))]
        org = f"Organisation {rng.integers(40)}"
        parties.append((doc, "inventor", 0, f"Person {rng.integers(90)}", None, country, city))
        parties.append((doc, "owner", 0, None, org, None, None))

    for year in range(first, last + 1):
        for phrase, code, growth in THEMES.values():
            for _ in range(rng.poisson(rate * np.exp(growth * (year - 2017)))):
                add(f"{phrase} {rng.choice(FILLER)}", code, year)
        for _ in range(40):
            add(f"{FOREIGN} {rng.choice(FILLER)}", "B65B11/00", year)
    for title in HOSTILE:
        add(title, "G06N10/40", last)
    return {
        "documents": pd.DataFrame(
            documents, columns=["doc_id", "kind", "title", "abstract", "language", "published"]
        ),
        "classes": pd.DataFrame(classes, columns=["doc_id", "scheme", "code", "primary"]),
        "parties": pd.DataFrame(
            parties,
            columns=["doc_id", "role", "position", "name", "org", "country", "city"],
        ),
    }


def write_folder(folder: Path, tables: dict[str, pd.DataFrame]) -> Path:
    """Write tables as an interchange folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder
