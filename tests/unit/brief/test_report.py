"""The corpus report in words: what it says of a corpus, and what it must not claim."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foresight.brief.render import read_markdown
from foresight.brief.report import (
    CorpusTables,
    compose_report,
    report_meta,
    report_title,
    write_report_figures,
)
from foresight.brief.report.figures import PANELS, chunks, symbols
from foresight.brief.report.words import (
    COUNT_NAMES,
    FIELD_NAMES,
    RULE_NAMES,
    STATE_MEANINGS,
    STATE_NAMES,
)
from foresight.brief.study import CorpusCard
from foresight.concordance import Reclassification
from foresight.corpus.coverage import FIELDS, GROUPS
from foresight.corpus.identity import RULES
from foresight.corpus.moves import STATES, describe_moves
from foresight.errors import SettingsError
from foresight.run.quality import SHARES

ROWS = (
    Reclassification(("C01B31",), ("C01B32",), "2017.01", "carbon", "碳"),
    Reclassification(("G06K9", "G06K7"), ("G06V",), "2022.01", "images", "图像"),
    Reclassification(("H01L51",), ("H10K",), "2023.01", "organic | devices", "有机器件"),
    Reclassification(("A61K39/46",), ("A61K40",), "2025.01", "cells", "细胞"),
)
YEARS = range(2014, 2022)


def _moved_years(sides: dict[int, tuple[int, int, int]]) -> pd.DataFrame:
    """Years of rows from (before the move, from it on, both of it) under each side, by row."""
    lines = [
        (row, year, old + both, new + both, both, old + new + both, 1000)
        for row in range(len(ROWS))
        for old, new, both in [sides.get(row, (0, 0, 0))]
        for year in YEARS
    ]
    names = ["row", "year", "n_old", "n_new", "n_both", "n_either", "n_classed"]
    return pd.DataFrame(lines, columns=names)


def _quality(measured: int) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "track": ["a", "b", "c"],
            "number": [1, 2, 3],
            "label_zh": ["甲", "乙", "丙"],
            "label_en": ["A", "B|x", "C"],
            "documents": [500, 200, 20],
            "class_and_keyword": 10,
            "class": 5,
            "keyword": 3,
            "broad": 2,
            "near_miss": 90,
            "labels": 150,
            "read_twice": 50,
            "kappa": [0.9, 1.0, 0.95],
            "terms_changed": pd.array([False] * 3, dtype="boolean"),
            "labelled_by": "large language model",
            "second_by": "large language model",
            "draft_documents": 900,
        }
    )
    for name in SHARES:
        value = np.array([0.95, 0.85, 0.5])
        value[measured:] = np.nan
        frame = frame.assign(**{name: value, f"{name}_lo": value - 0.1, f"{name}_hi": value + 0.04})
    return frame


def _tables(
    *, sides: dict[int, tuple[int, int, int]] | None = None, measured: int = 3
) -> CorpusTables:
    given = {0: (0, 30, 0), 1: (5, 12, 6), 2: (40, 0, 0)} if sides is None else sides
    moved = _moved_years(given)
    years = pd.DataFrame({"year": [*YEARS, 2022], "n_docs": 1100, "n_patents": 1000})
    fields = pd.DataFrame({"field": FIELDS, "n_docs": 9900, "n_filled": 9900, "share": 1.0})
    fields.loc[fields["field"] == "references", ["n_filled", "share"]] = [0, 0.0]
    fields.loc[fields["field"] == "abstract", ["n_filled", "share"]] = [9899, 9899 / 9900]
    composition = pd.DataFrame(
        [
            ("kind", "patent", 9000),
            ("kind", "paper", 900),
            ("office", "US", 9000),
            ("office", None, 900),
            ("language", "en", 9900),
            ("source", "<b>odd|source", 9900),
            ("doc_type", "A", 9900),
        ],
        columns=["group", "value", "n_docs"],
    )
    return CorpusTables(
        card=CorpusCard(
            name="small",
            title={"zh": "小语料", "en": "Small corpus"},
            licence={"zh": "公有领域", "en": "public domain"},
            notes={"zh": ["偏向甲。"], "en": ["Leans to A."]},
            digest="d" * 64,
            n_docs=9900,
            fields={},
            years=years.assign(n_papers=100),
        ),
        manifest={
            "first_published": "2014-01-01",
            "last_published": "2022-06-28",
            "origin": {"in|put.csv": "e" * 64},
            "counts": {"rows_in": 9950, "rows_refused": 50},
            "caveats": [{"zh": "缺一页。", "en": "A page is missing."}],
        },
        as_of="2022-06-28",
        last_published="2022-06-28",
        last_year=2021,
        composition=composition.assign(share=composition["n_docs"] / 9900),
        fields=fields.assign(patents=1.0, papers=1.0),
        field_years=pd.DataFrame(
            [(field, year, 1100, 1.0) for field in FIELDS for year in YEARS],
            columns=["field", "year", "n_docs", "share"],
        ),
        duplicates=pd.DataFrame(
            [
                ("rows", "parties", 7),
                ("rows", "events", 0),
                ("documents", "doi", 12),
                ("families", "documents", 0),
                ("families", "families", 0),
                ("families", "beyond_first", 0),
                ("titles", "titles", 4),
                ("titles", "documents", 9),
                ("titles", "titles_same_person", 1),
                ("titles", "documents_same_person", 2),
            ],
            columns=["step", "what", "number"],
        ),
        quality=_quality(measured),
        moves=describe_moves(moved, ROWS, last_year=2021),
        moved_years=moved,
        digest="f" * 64,
    )


def test_every_code_has_a_name_in_both_languages() -> None:
    assert set(FIELD_NAMES) == set(FIELDS)
    assert set(RULE_NAMES) == set(RULES)
    assert set(STATE_NAMES) == set(STATE_MEANINGS) == {*STATES, "beside"}
    assert "kind" in GROUPS
    for names in (FIELD_NAMES, RULE_NAMES, STATE_NAMES, STATE_MEANINGS, COUNT_NAMES):
        assert all(
            re.search(r"[\u4e00-\u9fff]|^DOI", zh) and en.isascii() for zh, en in names.values()
        )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_has_its_sections_and_is_sound_markdown(lang: str) -> None:
    tables = _tables()
    text = compose_report(tables, figures={}, lang=lang)
    assert read_markdown(text, lang=lang)
    heads = re.findall(r"^## (\d)\.", text, re.MULTILINE)
    assert heads == list("123456")
    assert "nan" not in text.lower()
    assert "None" not in text
    assert report_title(tables, lang) in text.splitlines()[0]
    assert report_meta(tables, lang)["date"] == "2022-06-28"


def test_it_says_plainly_that_no_data_cross_the_last_year() -> None:
    en = compose_report(_tables(), figures={}, lang="en")
    assert "no data cross the turn of 2022/23" in en
    assert "its last complete year is 2021" in en
    assert (
        "0 rows show new symbols only; in 1 old and new stand side by side (G06K9 +1 → G06V" in en
    )
    assert "88 documents under old symbols, 144 under new ones, 48 under both" in en
    assert "The corpus crosses the move in 1 rows (re-tagged throughout 1)" in en
    assert "proves nothing of the concordance" in en
    zh = compose_report(_tables(), figures={}, lang="zh")
    assert "没有任何数据跨过 2022/23 年之交" in zh
    assert "新旧号并存" in zh
    assert "本语料无法检验" in zh


def test_new_symbols_alone_are_not_called_side_by_side() -> None:
    text = compose_report(_tables(sides={1: (0, 20, 0)}), figures={}, lang="en")
    assert "1 rows show new symbols only; in 0 old and new stand side by side." in text
    assert "incomplete" not in text


def test_a_hand_over_is_not_called_re_tagged() -> None:
    tables = _tables()
    years = tables.moved_years
    carbon = years["row"] == 0
    late = years["year"] >= 2017
    years = years.assign(n_old=years["n_old"].mask(carbon, 30 * ~late))
    years = years.assign(n_new=years["n_new"].mask(carbon, 30 * late))
    moves = describe_moves(years, ROWS, last_year=2021)
    text = compose_report(replace(tables, moves=moves, moved_years=years), figures={}, lang="en")
    assert "(handed over 1)" in text
    assert "proves nothing" not in text
    assert "| carbon | C01B31 → C01B32 | 2017.01 | 240 | 3 | 0.00 (0.00–0.04) | > 23" in text


def test_a_corpus_without_symbols_says_so_once() -> None:
    text = compose_report(_tables(sides={}), figures={}, lang="en")
    assert text.count("No document of this corpus carries any of these symbols") == 2  # and summary
    assert "Drawn are the rows" not in text
    assert "2022/23" not in text


def test_precision_is_told_where_it_is_known_only() -> None:
    known = compose_report(_tables(), figures={}, lang="en")
    assert "Of the 2 labelled tracks with at least 100 documents, 1 have" in known
    assert "range 0.85–0.95" in known
    assert "kappa 0.90–1.00" in known
    assert "agree more easily than two experts" in known
    assert "0.95 (0.85–0.99)" in known
    unknown = _tables(measured=0)
    text = compose_report(
        replace(unknown, quality=unknown.quality.assign(labels=0)), figures={}, lang="en"
    )
    assert "precision and recall cannot be given" in text
    assert "Precision and recall: not measured." in text
    changed = unknown.quality.assign(terms_changed=pd.array([True] * 3, dtype="boolean"))
    text = compose_report(replace(unknown, quality=changed), figures={}, lang="en")
    assert "wait for fresh samples" in text


def test_no_false_hundred_per_cent_and_zeros_are_named() -> None:
    text = compose_report(_tables(), figures={}, lang="en")
    assert "| abstract | 9,899 | >99.9% |" in text
    assert "Wholly absent: citations." in text
    assert "| identical rows | people and organisations | 7 |" in text
    assert "legal events | 0" not in text.split("## 3.")[1].split("## 4.")[0]
    assert "Duplicates merged when it was made: 19." in text


def test_text_of_records_stays_text() -> None:
    text = compose_report(_tables(), figures={}, lang="en")
    assert "\\<b\\>odd\\|source" in text
    assert "B\\|x" in text
    assert "organic \\| devices" in compose_report(
        _tables(sides={2: (40, 5, 0)}), figures={}, lang="en"
    )


def test_figures_are_those_that_the_tables_can_fill(tmp_path: Path) -> None:
    made = write_report_figures(_tables(), tmp_path, lang="en")
    assert set(made) == {"years", "fields", "quality", "crossed", "beside", "ahead"}
    assert all((tmp_path / path).is_file() for paths in made.values() for path in paths)
    text = compose_report(_tables(), figures=made, lang="en")
    assert all(f"]({path})" in text for paths in made.values() for path in paths)
    few = write_report_figures(_tables(sides={}, measured=0), tmp_path / "few", lang="zh")
    assert set(few) == {"years", "fields"}


def test_rows_below_a_hundred_documents_are_not_drawn() -> None:
    drawn = _tables(sides={0: (0, 12, 0), 2: (13, 0, 0)}).drawn  # 96 and 104 in eight years
    assert [len(part) for part in drawn.values()] == [0, 0, 1]


@pytest.mark.parametrize(
    ("n", "sizes"), [(0, []), (1, [1]), (28, [28]), (29, [16, 13]), (60, [20] * 3)]
)
def test_panels_are_spread_evenly_over_figures(n: int, sizes: list[int]) -> None:
    assert [len(part) for part in chunks(pd.DataFrame({"row": range(n)}))] == sizes
    assert max(sizes, default=0) <= PANELS


def test_symbols_name_the_first_and_how_many_more() -> None:
    assert symbols("H01L51", "en") == "H01L51"
    assert symbols("H01L51 H01L27/28 H01L27/32", "en") == "H01L51 +2"
    assert symbols("H01L51 H01L27/28 H01L27/32", "zh") == "H01L51 等3项"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(SettingsError, match="fr"):
        compose_report(_tables(), figures={}, lang="fr")
