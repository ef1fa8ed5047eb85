"""A generated corpus with a planted rising and a planted fading sub-direction.

For tests only: nothing of it may reach a brief that a reader gets.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from foresight.emergence.records import Records

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


# --- a corpus for the backtest: topics that emerge, fade, stay, or burst without consequence ---

RAMP = (3.0, 6.0, 12.0, 24.0, 30.0)  # documents of an emerging topic in the five years to its peak
BURST = (22.0, 22.0)  # and of a false burst in its two years


def topic_rates(
    years: range, *, steady: int, fading: int, rate: float, planted: int
) -> tuple[np.ndarray, pd.DataFrame]:
    """Expected documents per topic and year, and what each topic is.

    In every year from the seventh `planted` topics reach their peak, and as many others end a burst
    of two years and are never heard of again.

    Returns
    -------
    rates : array of shape (n_topics, n_years)
    kinds : DataFrame
        kind (`steady`, `fading`, `emerging`, `burst`), peak (its year; the last year of a burst).
    """
    rows, kinds = [], []
    span = np.arange(len(years))
    for _ in range(steady):
        rows.append(np.full(len(years), rate))
        kinds.append(("steady", None))
    for _ in range(fading):
        rows.append(2.5 * rate * np.exp(-0.2 * span))
        kinds.append(("fading", None))
    for place in range(6, len(years)):
        for _ in range(planted):
            path = np.where(span > place, RAMP[-1] * np.exp(-0.1 * (span - place)), 0.0)
            path[place - 4 : place + 1] = RAMP
            rows.append(path)
            kinds.append(("emerging", years[place]))
            path = np.zeros(len(years))
            path[place - 1 : place + 1] = BURST
            rows.append(path)
            kinds.append(("burst", years[place]))
    return np.array(rows), pd.DataFrame(kinds, columns=["kind", "peak"])


def backtest_tables(
    *,
    seed: int = 0,
    years: range = range(1996, 2014),
    steady: int = 24,
    fading: int = 6,
    rate: float = 8.0,
    planted: int = 3,
    dimensions: int = 16,
    cited: bool = True,
) -> tuple[dict[str, pd.DataFrame], np.ndarray, pd.DataFrame]:
    """Tables of a generated corpus for the backtest, a vector per document, and its topics.

    Documents of an emerging topic come from many new organisations and cite each other's latest;
    those of a false burst come from two old organisations and are not cited; all others cite at
    random within their topic. With `cited`, papers with references and keywords; without, patents
    with neither.

    Returns
    -------
    tables, vectors : of the same documents, in the order of `tables["documents"]`
    topics : DataFrame indexed by number
        kind, peak, and doc_ids (list).
    """
    rng = np.random.default_rng(seed)
    rates, kinds = topic_rates(years, steady=steady, fading=fading, rate=rate, planted=planted)
    centres = rng.standard_normal((len(rates), dimensions))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    documents, parties, references, vectors, topic_of = [], [], [], [], []
    for topic, row in enumerate(kinds.to_dict("records")):
        own: list[tuple[str, int]] = []
        for year, expected in zip(years, rates[topic], strict=True):
            before = [doc for doc, _ in own]
            latest = [doc for doc, when in own if when >= year - 2]
            for _ in range(rng.poisson(expected)):
                doc = f"B{len(documents):06d}"
                date = f"{year}-12-31"
                kind = "paper" if cited else "patent"
                documents.append((doc, kind, f"Document {doc} on subject {topic}", date))
                vectors.append(centres[topic] + 0.12 * rng.standard_normal(dimensions))
                topic_of.append(topic)
                org = rng.integers(40)
                if row["kind"] == "emerging":
                    org = f"{topic}-{rng.integers(60)}"
                elif row["kind"] == "burst":
                    org = rng.integers(2)
                parties.append((doc, "applicant", 0, f"Organisation {org}"))
                pool = latest if row["kind"] == "emerging" else before
                if cited and pool and row["kind"] != "burst":
                    others = rng.choice(pool, size=min(3, len(pool)), replace=False)
                    references += [(doc, str(other)) for other in others]
                own.append((doc, year))
    tables = {
        "documents": pd.DataFrame(documents, columns=["doc_id", "kind", "title", "published"]),
        "parties": pd.DataFrame(parties, columns=["doc_id", "role", "position", "org"]),
    }
    if cited:
        tables["references"] = pd.DataFrame(references, columns=["citing_id", "cited_id"])
    ids = tables["documents"]["doc_id"].to_numpy()
    members = [ids[np.array(topic_of) == topic].tolist() for topic in range(len(kinds))]
    return tables, np.array(vectors, dtype=np.float32), kinds.assign(doc_ids=members)


def backtest_records(tables: dict[str, pd.DataFrame], vectors: np.ndarray) -> Records:
    """The generated corpus as the plain tables of the backtest, without a corpus on disk."""
    documents = tables["documents"].assign(
        year=tables["documents"]["published"].str[:4].astype(int)
    )
    order = np.argsort(documents["doc_id"].to_numpy(), kind="stable")
    kept = documents.iloc[order].set_index("doc_id")[["year", "kind"]]
    parties = tables["parties"]
    references = tables.get(
        "references", pd.DataFrame(columns=["citing_id", "cited_id"], dtype="str")
    )
    return Records(
        documents=kept.assign(n_pairs=3.0, n_first_pairs=(np.arange(len(kept)) % 4 == 0) * 1.0),
        vectors=vectors[order],
        references=references.assign(
            cited_kind=pd.Series(pd.NA, index=references.index, dtype="str"),
            cited_year=pd.Series(pd.NA, index=references.index, dtype="Int64"),
        ),
        classes=pd.DataFrame({"doc_id": kept.index, "code": np.resize(["a", "b", "c"], len(kept))}),
        organisations=parties[["doc_id", "org"]].rename(columns={"org": "org_id"}),
        countries=pd.DataFrame(
            {"doc_id": kept.index, "country": np.resize(["CN", "US", "DE", "JP"], len(kept))}
        ),
        people=parties[["doc_id", "org"]].rename(columns={"org": "person"}),
        institutions=pd.DataFrame(
            {"doc_id": np.repeat(kept.index, 2),
             "institution": np.resize(["company", "research"] * 3 + ["company"], 2 * len(kept))}
        ).drop_duplicates(),
        venues=pd.DataFrame(
            {"doc_id": kept.index, "venue": np.resize(["v", "w", "x", "v", "v"], len(kept)),
             "form": np.resize(["journal", "conference", "journal"], len(kept))}
        ),
        words=_words(vectors[order], limits=(0.1, 0.5)),
        bigrams=_words(vectors[order], limits=(0.2, 0.3, 0.4)),
    )  # fmt: skip


def _words(vectors: np.ndarray, *, limits: tuple[float, ...]) -> sparse.csr_array:
    """Words that go with the sizes of the numbers of a vector, and one of the document's own."""
    told = np.hstack([vectors > limit for limit in limits] + [vectors < -limits[0]])
    told = told[:, told.any(axis=0)].astype(np.uint8)
    return sparse.csr_array(sparse.hstack([told, sparse.eye(len(told), dtype=np.uint8)]))
