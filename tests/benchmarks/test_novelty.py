"""Novelty of the default corpus's texts against scikit-learn year by year, and a dictionary.

The plain way: for each two years fit `TfidfTransformer` on what stands before the earlier (with our
weights put in), and take the mean of `cosine_similarity`. It is run on a part, and scaled by pairs
of documents. Each measure of ours runs in a process of its own, for its peak of memory.
"""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics.pairwise import cosine_similarity

from foresight.corpus.view import as_of, default_as_of
from foresight.indicators.incidence import term_counts
from foresight.indicators.new_terms import new_terms
from foresight.indicators.text_novelty import backward_idf, text_novelty
from foresight.topics.model import texts_of
from foresight.topics.words import tokens

LAST, BACK = 2021, 5
PART = range(2000, 2004)  # years whose documents the plain way compares
CHILD = """
import json, sys, time
from pathlib import Path
import numpy as np
from scipy import sparse
from foresight.indicators import near_similarity, new_terms, text_novelty
counts = sparse.csr_array(sparse.load_npz(sys.argv[2]))
years, days = np.load(sys.argv[3])
name = sys.argv[1]
arguments = (counts, days, years) if name.startswith("new_term") else (counts, years)
module = new_terms if name.startswith("new_term") else globals()[name]
def peak():  # of this process alone: ru_maxrss may carry over its parent's
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x)
    return int(line.split()[1]) / 2**20
before = peak()
start = time.perf_counter()
getattr(module, name)(*arguments, last_year=2021)
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "gib": peak(), "before": before}))
"""


@pytest.fixture(scope="module")
def texts(sample):
    """Counts of words, year and day of the default corpus."""
    rows = as_of(sample, default_as_of(sample)).frame("documents")
    found = [[t for t in tokens(text) if t is not None] for text in texts_of(rows)]
    occurrences = pd.DataFrame(
        {
            "doc_id": np.repeat(rows["doc_id"].to_numpy(), [len(f) for f in found]),
            "term": [term for f in found for term in f],
        }
    )
    counts, _ = term_counts(occurrences, pd.Index(rows["doc_id"]))
    years = rows["published"].str[:4].astype(int).to_numpy()
    days = np.array(rows["published"], dtype="datetime64[D]").astype(np.int64)
    return counts, years, days


@pytest.fixture(scope="module")
def files(texts, tmp_path_factory):
    counts, years, days = texts
    folder = tmp_path_factory.mktemp("novelty")
    sparse.save_npz(folder / "counts.npz", counts)
    np.save(folder / "days.npy", np.array([years, days]))
    return folder / "counts.npz", folder / "days.npy"


def by_loop(counts, years):
    """Mean backward similarity of the documents of a part, year by year; how many pairs it took."""
    means, pairs = [], 0
    for late in PART:
        likeness, after = [], counts[years == late]
        for early in range(late - BACK, late):
            before, model = counts[years < early], TfidfTransformer()
            model.fit(before)
            present = np.asarray((before > 0).sum(axis=0), dtype=float).ravel()
            model.idf_ = backward_idf(before.shape[0], present)
            these, those = model.transform(after), model.transform(counts[years == early])
            likeness.append(cosine_similarity(these, those))
            pairs += likeness[-1].size
        means.append(np.hstack(likeness).mean(axis=1))
    return np.concatenate(means), pairs


def test_text_novelty_against_a_loop(texts, clock, report):
    counts, years, _ = texts
    seconds, found = clock(text_novelty, counts, years, last_year=LAST, back=BACK)
    peer_seconds, (expected, pairs) = clock(by_loop, counts, years)
    wanted = np.concatenate([np.flatnonzero(years == year) for year in PART])
    np.testing.assert_allclose(found["backward"][wanted], expected, rtol=1e-9)
    whole = peer_seconds * found["n_backward"].sum() / pairs
    report(
        f"{counts.shape[0]:,} texts, {counts.shape[1]:,} words, {counts.nnz:,} counts; mean "
        f"similarity of {len(wanted):,} texts agrees to 1e-9",
        f"ours, backward and forward: {seconds:.2f} s for all",
        f"scikit-learn year by year, backward alone: {peer_seconds:.1f} s for {len(wanted):,} "
        f"texts, {whole:,.0f} s for all (scaled by pairs)",
        f"ratio {whole / seconds:,.0f}",
    )


def test_new_words_against_sets(texts, clock, report):
    counts, years, days = texts
    seconds, found = clock(new_terms, counts, days, years, last_year=LAST)

    def by_sets():
        first = {}
        for row in np.argsort(days, kind="stable"):
            if years[row] <= LAST:
                for term in counts.indices[counts.indptr[row] : counts.indptr[row + 1]]:
                    first.setdefault(term, days[row])
        return np.array(
            [
                sum(
                    first.get(t) == days[row]
                    for t in counts.indices[slice(*counts.indptr[row : row + 2])]
                )
                for row in range(len(days))
            ]
        )

    peer_seconds, expected = clock(by_sets)
    known = found["n_new"].notna()
    assert (found["n_new"][known] == expected[known]).all()
    report(
        f"new words and their reuse: {seconds:.2f} s; a dictionary, new words alone: "
        f"{peer_seconds:.2f} s; ratio {peer_seconds / seconds:.1f}",
    )


@pytest.mark.parametrize("name", ["text_novelty", "near_similarity", "new_terms", "new_term_pairs"])
def test_seconds_and_memory(name, files, report, cores):
    done = subprocess.run(
        [sys.executable, "-c", CHILD, name, *map(str, files)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    report(
        f"{name}, {cores} cores: {found['seconds']:.1f} s, peak {found['gib']:.2f} GiB "
        f"({found['before']:.2f} GiB before)"
    )
    assert found["gib"] < 3.0
