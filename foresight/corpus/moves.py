"""Classes that were moved, in the documents of a corpus: series under old and new symbols.

A row of the concordance (`foresight.concordance`) says that the documents under its old symbols
are, from an edition on, those under its new ones. What a corpus shows of that depends on when its
classes were taken: an office that re-tags its back-file writes the new symbols into old documents,
and a corpus that ends before the move has none of them. `moved_years` counts, `describe_moves`
says which of the two it is, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import numpy as np
import pandas as pd

from foresight.concordance import Reclassification, class_start
from foresight.corpus.view import View
from foresight.intervals import wilson

SPAN = 3  # complete years on each side of a move that are compared; ours
MOST, LEAST = 0.9, 0.1  # shares from which, up to which, a side counts as re-tagged, as left; ours
SIDES = ("old", "new", "either")
STATES = {
    "empty": "no document carries a symbol of the row",
    "in_place": "the new symbols hold the old ones: nothing can be told apart",
    "ahead": "the move lies after the last complete year",
    "behind": "no document is from before the move",
    "retagged": "documents from before the move carry the new symbols, few the old",
    "handed_over": "old symbols end with the move, new ones begin",
    "mixed": "neither: old and new symbols stand side by side",
}


def moved_years(view: View, rows: Sequence[Reclassification]) -> pd.DataFrame:
    """Count the documents of each year under a row's old symbols, its new ones, both, either.

    A document counts once per row and side, whichever scheme (CPC or IPC) carries the symbol.

    Parameters
    ----------
    view : View
    rows : sequence of Reclassification
        Of one corpus's registry, in its order.

    Returns
    -------
    DataFrame, sorted by row and year, one line for every row and every year of the view
        row (place in `rows`, from 0), year (of publication), n_old, n_new, n_both, n_either,
        n_classed (documents of the year with any CPC or IPC symbol). Zeros are lines; the year that
        the date cuts short is included.
    """
    totals = view.yearly_totals()["year"]
    classes = view.classes.filter(view.classes.scheme.isin(["cpc", "ipc"]))
    dated = view.documents.mutate(year=lambda t: t.published[:4].cast("int64"))
    dated = dated.select("doc_id", "year")
    symbols = classes.select("doc_id", "code").join(dated, "doc_id")
    classed = view.corpus.read(
        symbols.group_by("year").agg(n_classed=symbols.doc_id.nunique())
    ).set_index("year")["n_classed"]
    sides = _sides(view.corpus.read(symbols.select("code").distinct())["code"], rows)
    marked = symbols.join(ibis.memtable(sides, schema=_SIDES), "code")
    found = marked.group_by("row", "year", "doc_id").agg(
        old=(marked.side == "old").any(), new=(marked.side == "new").any()
    )
    counted = found.group_by("row", "year").agg(
        n_old=found.old.sum(),
        n_new=found.new.sum(),
        n_both=(found.old & found.new).sum(),
        n_either=found.count(),
    )
    grid = pd.MultiIndex.from_product([range(len(rows)), totals], names=["row", "year"])
    frame = view.corpus.read(counted).set_index(["row", "year"]).reindex(grid, fill_value=0)
    frame["n_classed"] = classed.reindex(grid.get_level_values("year"), fill_value=0).to_numpy()
    whole: pd.DataFrame = frame.astype(np.int64).reset_index()
    return whole


_SIDES = {"row": "int64", "side": "string", "code": "string"}


def _sides(codes: pd.Series, rows: Sequence[Reclassification]) -> pd.DataFrame:
    """Which codes lie under which side of which row."""
    found = [
        (number, side, code)
        for number, row in enumerate(rows)
        for side, prefixes in (("old", row.old), ("new", row.new))
        for code in codes[codes.str.startswith(tuple(map(class_start, prefixes)))]
    ]
    return pd.DataFrame(found, columns=list(_SIDES))


def describe_moves(
    years: pd.DataFrame, rows: Sequence[Reclassification], *, last_year: int, span: int = SPAN
) -> pd.DataFrame:
    """Say of each row how its symbols stand in a corpus, and how its series go over the move.

    The change over the move is the documents per document with a symbol in the first `span`
    complete years of the new edition, over that in as many years before. Its interval conditions on
    the documents of both spans together: the later ones are then binomial, and Wilson's interval of
    their share gives that of the ratio.

    Parameters
    ----------
    years : DataFrame
        From `moved_years`, of these rows.
    rows : sequence of Reclassification
    last_year : int
        Last complete year; later ones are not read.
    span : int, years, default 3
        Fewer where the corpus has fewer after the move.

    Returns
    -------
    DataFrame, one line per row, in order
        row, since, moved (year of the edition), old, new (prefixes, joined by a space), note,
        note_zh, n_old, n_new, n_both, n_either (documents up to `last_year`), years_after (complete
        years of the new edition in the corpus), retagged (share of the documents from before the
        move that carry a new symbol; null without such), kept (share of those after it that carry
        an old one), state (of `STATES`), years_compared, and for each of `old`, `new`, `either` the
        change over the move with its 95 % interval: `old_ratio`, `old_ratio_lo`, `old_ratio_hi`, …;
        null where the corpus has no complete year on one side, or no document in either span. `hi`
        is null where nothing stands before the move.

    Notes
    -----
    A ratio above or below 1 is growth or decline of the technology as well as a jump of the
    symbols. Only beside each other do the three tell: where `old` falls to 0 and `either` does not,
    the row closes the gap.

    References
    ----------
    Przyborowski & Wilenski (1940), doi:10.1093/biomet/31.3-4.313 (two Poisson means by the
    conditional binomial); Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    known = years[years["year"] <= last_year]
    first_year = int(years["year"].min()) if len(years) else last_year
    groups = dict(iter(known.groupby("row")))
    lines = [
        _line(number, row, groups.get(number, known.iloc[:0]), first_year, last_year, span)
        for number, row in enumerate(rows)
    ]
    frame = pd.DataFrame(lines)
    return frame.astype(dict.fromkeys(_FLOATS, "float64")) if lines else frame


_RATIOS = [f"{side}_ratio{end}" for side in SIDES for end in ("", "_lo", "_hi")]
_FLOATS = ["retagged", "kept", *_RATIOS]


def _line(
    number: int,
    row: Reclassification,
    years: pd.DataFrame,
    first_year: int,
    last_year: int,
    span: int,
) -> dict[str, object]:
    moved = int(row.since[:4])
    before, after = years[years["year"] < moved], years[years["year"] >= moved]
    total = years[["n_old", "n_new", "n_both", "n_either"]].sum()
    retagged, kept = _share(before, "n_new"), _share(after, "n_old")
    reach = min(span, max(0, last_year - moved + 1), max(0, moved - first_year))
    line: dict[str, object] = {
        "row": number,
        "since": row.since,
        "moved": moved,
        "old": " ".join(row.old),
        "new": " ".join(row.new),
        "note": row.note,
        "note_zh": row.note_zh,
        **{name: int(total[name]) for name in total.index},
        "years_after": max(0, last_year - moved + 1),
        "retagged": retagged,
        "kept": kept,
        "state": _state(row, int(total["n_either"]), len(after), retagged, kept),
        "years_compared": reach,
    }
    for side in SIDES:
        values = _ratio(
            before[before["year"] >= moved - reach], after[after["year"] < moved + reach], side
        )
        line |= dict(zip([f"{side}_ratio{end}" for end in ("", "_lo", "_hi")], values, strict=True))
    return line


def _share(years: pd.DataFrame, column: str) -> float:
    either = int(years["n_either"].sum())
    return float(years[column].sum() / either) if either else float("nan")


def _state(row: Reclassification, docs: int, after: int, retagged: float, kept: float) -> str:
    if not docs:
        return "empty"
    if set(row.old) <= set(row.new):
        return "in_place"
    if not after:
        return "ahead"
    if np.isnan(retagged):
        return "behind"
    if kept <= LEAST or np.isnan(kept):
        if retagged >= MOST:
            return "retagged"
        if retagged <= LEAST:
            return "handed_over"
    return "mixed"


def _ratio(before: pd.DataFrame, after: pd.DataFrame, side: str) -> tuple[float, float, float]:
    """Rate after over rate before, and its interval."""
    a, b = int(after[f"n_{side}"].sum()), int(before[f"n_{side}"].sum())
    wide, narrow = int(after["n_classed"].sum()), int(before["n_classed"].sum())
    if not (a + b and wide and narrow):
        return (float("nan"),) * 3
    scale = narrow / wide
    lo, hi = (float(bound[0]) for bound in wilson([a], [a + b]))

    def odds(share: float) -> float:
        return scale * share / (1 - share) if share < 1 else float("nan")

    return odds(a / (a + b)), odds(lo), odds(hi)
