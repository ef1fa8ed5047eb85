"""The figures of a corpus report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from foresight.brief.figures import FOLDER
from foresight.brief.report.tables import CorpusTables
from foresight.brief.report.words import FIELD_NAMES
from foresight.brief.wording import check_language

PANELS = 28  # of a figure, which then fills a page; more are spread evenly over several
Figures = Mapping[str, list[str]]


def write_report_figures(tables: CorpusTables, folder: Path, *, lang: str) -> dict[str, list[str]]:
    """Write the figures that a report's tables can fill.

    Parameters
    ----------
    tables : CorpusTables
    folder : Path
        Of the report; figures go to `figures/` in it.
    lang : str

    Returns
    -------
    dict of name to paths below `folder`
        `years`, `fields`, `quality`, and one or several for each of `crossed`, `beside`, `ahead`;
        names without a figure are absent.
    """
    from foresight import plots

    check_language(lang)
    made: dict[str, list[str]] = {}

    def save(figure: object, name: str, part: str = "") -> None:
        path = folder / FOLDER / f"{name}{part}.{lang}.png"
        plots.save_figure(figure, path)
        made.setdefault(name, []).append(f"{FOLDER}/{path.name}")

    whole = tables.card.years[tables.card.years["year"] <= tables.last_year]
    if whole["n_docs"].sum():
        figure, ax = plots.new_figure(height_cm=plots.height_cm("years"))
        plots.plot_years(tables.card.years, ax=ax, lang=lang, last_year=tables.last_year)
        save(figure, "years")
        fields = _named(tables.fields[tables.fields["share"] > 0])
        figure, ax = plots.new_figure(height_cm=plots.height_cm("fields", rows=len(fields)))
        plots.plot_fields(
            tables.field_years,
            fields=fields,
            ax=ax,
            lang=lang,
            last_year=tables.last_year,
        )
        save(figure, "fields")
    measured = tables.measured
    if len(measured):
        names = measured[f"label_{lang}"]
        height = plots.height_cm("quality", rows=len(measured), labels=names)
        known = [name for name in ("precision", "recall") if measured[name].notna().any()]
        figure, axes = plots.new_figure(height_cm=height, columns=len(known))
        panels = list(np.ravel(axes))
        for ax, measure in zip(panels, known, strict=True):
            plots.plot_quality(measured, measure=measure, ax=ax, lang=lang)
        for ax in panels[1:]:
            ax.set_yticklabels([])
        save(figure, "quality")
    for name, rows in tables.drawn.items():
        for place, part in enumerate(chunks(rows), start=1):
            save(_moves_figure(part, tables, until=_until(rows, tables), lang=lang), name,
                 f"-{place}")  # fmt: skip
    return made


def _named(fields: pd.DataFrame) -> pd.DataFrame:
    names = fields["field"].map(FIELD_NAMES)
    return fields.assign(label_zh=names.str[0], label_en=names.str[1])


def chunks(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows of as few figures as hold them, as even as full lines of panels allow."""
    from foresight.plots import MOVES_COLUMNS

    if rows.empty:
        return
    parts = -(-len(rows) // PANELS)
    size = -(-len(rows) // (parts * MOVES_COLUMNS)) * MOVES_COLUMNS
    for start in range(0, len(rows), size):
        yield rows.iloc[start : start + size]


def _until(rows: pd.DataFrame, tables: CorpusTables) -> int:
    return max(tables.last_year, int(rows["moved"].max()))


def _moves_figure(rows: pd.DataFrame, tables: CorpusTables, *, until: int, lang: str) -> object:
    from foresight import plots

    columns = plots.MOVES_COLUMNS
    lines = -(-len(rows) // columns)
    figure, axes = plots.new_figure(
        height_cm=plots.moves_height_cm(len(rows)), rows=lines, columns=columns
    )
    for ax, row in zip(axes.flat, rows.itertuples(index=False), strict=False):
        years = tables.moved_years[tables.moved_years["row"] == row.row]
        plots.plot_move(
            years,
            ax=ax,
            lang=lang,
            title=str(row.note_zh if lang == "zh" else row.note),
            symbols=f"{symbols(row.old, lang)} → {symbols(row.new, lang)}",
            moved=int(str(row.moved)),
            last_year=tables.last_year,
            until=until,
        )
    plots.finish_moves(figure, axes, drawn=len(rows), lang=lang)
    return figure


def symbols(prefixes: object, lang: str) -> str:
    """The first of some prefixes, and how many more: `H01L51 等3项`, `H01L51 +2`."""
    first, *more = str(prefixes).split()
    if not more:
        return first
    return f"{first} 等{len(more) + 1}项" if lang == "zh" else f"{first} +{len(more)}"
