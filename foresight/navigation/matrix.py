"""Technology x effect matrix (技术功效矩阵): which technology is said to bring which effect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control
from scipy.stats import poisson as poisson_law

from foresight.errors import InsufficientDataError
from foresight.indicators.aggregate import check_columns
from foresight.intervals import poisson
from foresight.provenance import join_ids

Floats = NDArray[np.float64]

LEAST_EXPECTED = 5.0  # documents: an empty cell then has a chance of exp(-5) = 0.7 %


def technology_effect_matrix(
    members: pd.DataFrame,
    doc_effects: pd.DataFrame,
    *,
    effects: Sequence[str],
    least_expected: float = LEAST_EXPECTED,
) -> pd.DataFrame:
    """Count the documents of each technology that claim each effect, beside what chance would give.

    Only documents that state any effect enter: a technology whose abstracts merely describe
    would otherwise look empty throughout. With N of them, n_i in technology i and m_j with
    effect j, the cell's expectation under independence is E = n_i m_j / N. `p_few` is the
    probability of so few documents or fewer in a Poisson law of mean E; over the cells with
    E >= `least_expected` it is corrected for their number (Benjamini-Hochberg).

    Parameters
    ----------
    members : DataFrame
        `unit_id` (technology), `doc_id`; a document may belong to several technologies.
    doc_effects : DataFrame
        `doc_id`, `effect`, as `document_effects` gives.
    effects : sequence of str
        Ids of the columns, in order; also those that no document claims.
    least_expected : float, documents, default 5
        With a smaller expectation even an empty cell is no evidence.

    Returns
    -------
    DataFrame, one row per technology and effect, by unit_id and in the order of `effects`
        unit_id, effect, n, n_unit and n_effect (documents of the technology and with the effect,
        of those that state any), n_all, expected, ratio (n / expected) with lo, hi (95 %, Garwood;
        NaN where nothing is expected), p_few, q_few (NaN below `least_expected`), doc_ids.

    Raises
    ------
    InsufficientDataError
        If no document of the members states an effect.
    TableError
        If a column is missing.

    Notes
    -----
    Given its margins a cell varies less than Poisson, so the test is cautious. The cells of a
    table that is full of one strong cell look emptier for it.

    References
    ----------
    Garwood (1936), doi:10.1093/biomet/28.3-4.437; Benjamini & Hochberg (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x. The matrix: GB/T 39551-2020; its test is ours.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    check_columns(doc_effects, ("doc_id", "effect"), "doc_effects")
    stated = doc_effects.loc[doc_effects["effect"].isin(effects), ["doc_id", "effect"]]
    pairs = members[["unit_id", "doc_id"]].drop_duplicates()
    stated = stated[stated["doc_id"].isin(pairs["doc_id"])].drop_duplicates()
    if stated.empty:
        msg = "No document of the technologies states an effect. Give titles and abstracts."
        raise InsufficientDataError(msg)
    inside = pairs[pairs["doc_id"].isin(stated["doc_id"])]
    grid = pd.MultiIndex.from_product(
        [sorted(pairs["unit_id"].unique()), list(effects)], names=["unit_id", "effect"]
    )
    cells = inside.merge(stated, on="doc_id").groupby(["unit_id", "effect"])["doc_id"]
    frame = pd.DataFrame({"n": cells.size(), "doc_ids": cells.agg(join_ids)}).reindex(grid)
    frame = frame.reset_index().fillna({"n": 0, "doc_ids": ""}).astype({"n": int})
    sizes = inside.groupby("unit_id").size()
    frame["n_unit"] = frame["unit_id"].map(sizes).fillna(0).astype(int)
    totals = stated.groupby("effect").size()
    frame["n_effect"] = frame["effect"].map(totals).fillna(0).astype(int)
    frame["n_all"] = stated["doc_id"].nunique()
    expected = (frame["n_unit"] * frame["n_effect"] / frame["n_all"]).to_numpy(dtype=float)
    counts = frame["n"].to_numpy(dtype=float)
    frame["expected"] = expected
    frame["ratio"], frame["lo"], frame["hi"] = ratio_of(counts, expected)
    frame["p_few"] = poisson_law.cdf(counts, expected)
    frame["q_few"] = _adjusted(frame["p_few"].to_numpy(), expected >= least_expected)
    order = ["unit_id", "effect", "n", "n_unit", "n_effect", "n_all", "expected"]
    return frame[[*order, "ratio", "lo", "hi", "p_few", "q_few", "doc_ids"]]


def ratio_of(counts: Floats, expected: Floats) -> tuple[Floats, Floats, Floats]:
    """Observed over expected with its Garwood interval; NaN where nothing is expected."""
    lo, hi = poisson(counts)
    base = np.where(expected > 0, expected, np.nan)
    return counts / base, lo / base, hi / base


def _adjusted(p: Floats, tested: NDArray[np.bool_]) -> Floats:
    """Benjamini-Hochberg over the tested cells; NaN for the others."""
    q = np.full(len(p), np.nan)
    if tested.any():
        q[tested] = false_discovery_control(p[tested])
    return q


def technology_similarity(members: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Estimate how alike technologies are: cosine of the terms of their documents.

    similarity = sum_k f_ik f_jk / sqrt(sum_k f_ik^2 sum_k f_jk^2), f_ik = documents of
    technology i with term k.

    Parameters
    ----------
    members : DataFrame
        `unit_id`, `doc_id`.
    terms : DataFrame
        `doc_id`, `term`: main groups of CPC/IPC, for example, or topics.

    Returns
    -------
    DataFrame sorted by unit_id, then from the most similar down
        unit_id, other_id, similarity (0 to 1); every ordered pair of different technologies
        that have terms.

    Raises
    ------
    TableError
        If a column is missing.

    References
    ----------
    Jaffe (1986), Technological opportunity and spillovers of R&D, American Economic Review 76(5),
    984-1001.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    check_columns(terms, ("doc_id", "term"), "terms")
    pairs = members[["unit_id", "doc_id"]].drop_duplicates()
    rows = pairs.merge(terms[["doc_id", "term"]].drop_duplicates(), on="doc_id")
    table = rows.groupby(["unit_id", "term"]).size().unstack(fill_value=0)
    profile = table.to_numpy(dtype=float)
    norm = np.sqrt((profile**2).sum(axis=1))
    cosine = profile @ profile.T / np.outer(norm, norm)
    wide = pd.DataFrame(cosine, index=table.index, columns=table.index.rename("other_id"))
    frame = wide.reset_index().melt("unit_id", var_name="other_id", value_name="similarity")
    frame = frame[frame["unit_id"] != frame["other_id"]]
    by = ["unit_id", "similarity", "other_id"]
    return frame.sort_values(by, ascending=[True, False, True]).reset_index(drop=True)
