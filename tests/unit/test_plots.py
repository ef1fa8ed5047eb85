from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from PIL import Image

from foresight import plots
from foresight.errors import RenderError
from foresight.plots.style import PALETTE, columns_of, shades, wrap
from foresight.plots.units import _chance

ZH = ["脑电信号的深度学习解码与康复训练", "柔性神经电极阵列", "侵入式脑机接口植入体的无线供能"]
EN = ["Deep-learning decoding", "Flexible electrodes $x_1$", "Wireless power for implants"]


@pytest.fixture
def track_years() -> pd.DataFrame:
    docs = [0, 4, 10, 9]
    frame = pd.DataFrame({"year": [2019, 2020, 2021, 2022], "n_docs": docs})
    return frame.assign(n_corpus=[0, 1000, 2000, 50], n_patents=docs, n_papers=0)


@pytest.fixture
def topics() -> pd.DataFrame:
    ids = ["t1", "t2", "t3"]
    counts = [10, 30, 20]
    frame = pd.DataFrame({"topic_id": ids, "label_zh": ZH, "label_en": EN, "n_docs": counts})
    return frame.assign(colour=range(len(frame)))


@pytest.fixture
def documents() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    ids = ["t1"] * 10 + ["t2"] * 30 + ["t3"] * 20 + [None] * 5
    frame = pd.DataFrame({"topic_id": ids, "x": rng.normal(size=65), "y": rng.normal(size=65)})
    frame.loc[0, ["x", "y"]] = np.nan
    return frame


@pytest.fixture
def topic_years(topics: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {"topic_id": topic, "year": year, "n_docs": year - 2018 + i, "n_corpus": 1000}
        for i, topic in enumerate(topics["topic_id"])
        for year in range(2018, 2023)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def scores() -> pd.DataFrame:
    frame = pd.DataFrame({"label_zh": ZH, "label_en": EN, "score": [40.0, np.nan, 80.0]})
    frame = frame.assign(score_lo=frame["score"] - 10, score_hi=frame["score"] + 5)
    frame = frame.assign(rank=[2, None, 1], rank_lo=[1, None, 1], rank_hi=[3, None, 2])
    frame = frame.assign(p_growth=[0.25, None, None], growth=[0.1, None, 0.9])
    return frame.assign(vitality=0.5, novelty=[None, None, 0.2], community=1.0).astype(
        {"p_growth": float, "novelty": float, "growth": float}
    )


@pytest.fixture
def organisations() -> pd.DataFrame:
    names = ["浙江大学", "=HYPERLINK($x$)", "The Regents of the University of California at Large"]
    return pd.DataFrame({"org": names, "n_docs": [5, 50, 20], "n_recent": [5, 10, 0]})


@pytest.fixture
def board() -> pd.DataFrame:
    frame = pd.DataFrame({"slug": ["a", "b", "c"], "label_zh": ZH, "label_en": EN})
    return frame.assign(growth=[0.2, np.nan, 0.4], p_growth=[0.5, 0.1, 1.0], n_docs=[3, 1204, 50])


@pytest.fixture
def field_years() -> pd.DataFrame:
    rows = [("abstract", 2019, 1.0), ("abstract", 2021, 0.5), ("office", 2019, 0.0)]
    rows += [("office", 2021, 0.25), ("office", 2022, 1.0)]
    return pd.DataFrame(rows, columns=["field", "year", "share"])


@pytest.fixture
def fields() -> pd.DataFrame:
    frame = pd.DataFrame({"field": ["abstract", "office"], "label_zh": ZH[:2], "label_en": EN[:2]})
    return frame.assign(share=[0.999, 0.004])


@pytest.fixture
def quality() -> pd.DataFrame:
    frame = pd.DataFrame({"label_zh": ZH, "label_en": EN})
    for name, values in (
        ("precision", [0.9, 0.5, np.nan]),
        ("draft_precision", [0.1, np.nan, np.nan]),
    ):
        value = np.array(values)
        frame = frame.assign(**{name: value, f"{name}_lo": value - 0.1, f"{name}_hi": value + 0.1})
    return frame


@pytest.fixture
def move() -> pd.DataFrame:
    sides = {"n_old": [10, 20, 0, 0], "n_new": [0, 5, 30, 99], "n_either": [10, 20, 30, 99]}
    return pd.DataFrame({"year": [2018, 2019, 2020, 2022], **sides, "n_classed": 1000})


Draw = Callable[..., Any]


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def drawn(
    track_years: pd.DataFrame,
    topics: pd.DataFrame,
    documents: pd.DataFrame,
    topic_years: pd.DataFrame,
    scores: pd.DataFrame,
    organisations: pd.DataFrame,
    board: pd.DataFrame,
    field_years: pd.DataFrame,
    fields: pd.DataFrame,
    quality: pd.DataFrame,
    move: pd.DataFrame,
) -> dict[str, tuple[Draw, list[pd.DataFrame]]]:
    last = {"last_year": 2021}
    return {
        "share": (lambda **k: plots.plot_share(track_years, **last, **k), [track_years]),
        "topic_map": (
            lambda **k: plots.plot_topic_map(documents, topics=topics, **k),
            [documents, topics],
        ),
        "topic_years": (
            lambda **k: plots.plot_topic_years(topic_years, topics=topics, **last, **k),
            [topic_years, topics],
        ),
        "ranking": (lambda **k: plots.plot_ranking(scores, **k), [scores]),
        "components": (lambda **k: plots.plot_components(scores, **k), [scores]),
        "organisations": (
            lambda **k: plots.plot_organisations(organisations, **k),
            [organisations],
        ),
        "board": (lambda **k: plots.plot_board(board, **k), [board]),
        "years": (lambda **k: plots.plot_years(track_years, **last, **k), [track_years]),
        "fields": (
            lambda **k: plots.plot_fields(field_years, fields=fields, **last, **k),
            [field_years, fields],
        ),
        "quality": (lambda **k: plots.plot_quality(quality, measure="precision", **k), [quality]),
        "move": (
            lambda **k: plots.plot_move(
                move, title="有机 devices", symbols="A → B", moved=2020, **last, **k
            ),
            [move],
        ),
    }


NAMES = (
    "share", "topic_map", "topic_years", "ranking", "components", "organisations", "board",
    "years", "fields", "quality", "move",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_whole_in_both_languages(
    drawn: dict[str, tuple[Draw, list[pd.DataFrame]]], name: str, lang: str, tmp_path: Path
) -> None:
    draw, frames = drawn[name]
    before = [frame.copy() for frame in frames]
    height = plots.moves_height_cm(1) if name == "move" else plots.height_cm(name, rows=3)
    figure, axes = plots.new_figure(height_cm=height)
    assert draw(ax=axes, lang=lang) is axes
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks is a warning
        figure.canvas.draw()
    box, page = figure.get_tightbbox(), figure.bbox_inches
    assert box.x0 >= -0.02
    assert box.y0 >= -0.02
    assert box.x1 <= page.x1 + 0.02
    assert box.y1 <= page.y1 + 0.02
    plots.save_figure(figure, tmp_path / "a.png")
    for frame, copy in zip(frames, before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_same_figure_same_bytes_without_date_or_program(
    track_years: pd.DataFrame, tmp_path: Path
) -> None:
    for name in ("a.png", "b.png"):
        figure, axes = plots.new_figure(height_cm=8)
        plots.plot_share(track_years, ax=axes, lang="zh", last_year=2021)
        plots.save_figure(figure, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as image:
        assert image.width == pytest.approx(16.6 / 2.54 * 200, abs=1)
        assert set(image.info) <= {"dpi"}


def test_share_leaves_out_incomplete_years_and_years_without_corpus(
    track_years: pd.DataFrame,
) -> None:
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_share(track_years, ax=axes, lang="en", last_year=2021)
    x, y = axes.lines[0].get_data()
    assert list(x) == [2019, 2020, 2021]
    np.testing.assert_allclose(y, [np.nan, 4.0, 5.0])
    assert axes.get_xlim()[1] < 2022


def test_share_says_when_it_cuts_an_interval(track_years: pd.DataFrame) -> None:
    years = range(1997, 2022)
    many = pd.DataFrame({"year": years, "n_docs": [0, *[5] * 24], "n_corpus": [8, *[1000] * 24]})
    many = many.assign(n_patents=5, n_papers=0)
    for frame, cut in ((many, True), (track_years, False)):
        _, axes = plots.new_figure(height_cm=8)
        plots.plot_share(frame, ax=axes, lang="en", last_year=2021)
        texts = [t.get_text() for t in axes.get_legend().get_texts()]
        assert ("cut at the top" in texts[1]) is cut
        assert axes.get_ylim()[1] > np.nanmax(axes.lines[0].get_ydata())


def test_years_before_the_last_25_are_left_out_and_named() -> None:
    years = range(1990, 2023)
    frame = pd.DataFrame({"year": years, "n_docs": 5, "n_corpus": 1000, "n_patents": 5})
    figure, axes = plots.new_figure(height_cm=8)
    plots.plot_share(frame.assign(n_papers=0), ax=axes, lang="en", last_year=2021)
    assert list(axes.lines[0].get_xdata()) == list(range(1997, 2022))
    below = figure.axes[-1]
    assert "the last 25; earlier ones in track_years.csv" in below.get_xlabel()
    assert len(below.patches) == 25
    topics = pd.DataFrame({"topic_id": ["t"], "label_zh": "题", "label_en": "x", "n_docs": 5})
    _, axes = plots.new_figure(height_cm=8)
    rows = frame.assign(topic_id="t")
    plots.plot_topic_years(rows, topics=topics, ax=axes, lang="en", last_year=2021)
    assert axes.images[0].get_array().shape == (1, 25)


def test_ranking_shows_14_units_and_says_how_many_there_are(scores: pd.DataFrame) -> None:
    for n, said in ((14, ""), (15, "First 14 of 15")):
        many = pd.concat([scores.iloc[[2]]] * n).assign(rank=range(1, n + 1))
        _, axes = plots.new_figure(height_cm=8)
        plots.plot_ranking(many, ax=axes, lang="en")
        assert len(axes.collections[-1].get_offsets()) == 14
        assert axes.get_ylabel() == said


@pytest.mark.parametrize("name", ["ranking", "components", "topic_years", "organisations"])
def test_labels_of_two_lines_do_not_touch(name: str) -> None:
    n = 14
    labels = [f"neural network, computer storage media {i:02d}" for i in range(n)]
    ids = [f"t{i}" for i in range(n)]
    frame = pd.DataFrame({"label_en": labels, "label_zh": labels, "org": labels, "n_docs": 9})
    frame = frame.assign(topic_id=ids, n_recent=3, rank=range(1, n + 1), score=50.0, p_growth=0.5)
    frame = frame.assign(score_lo=40.0, score_hi=60.0, rank_lo=1, rank_hi=n, growth=0.5)
    frame = frame.assign(vitality=0.5, novelty=0.5, community=0.5)
    figure, axes = plots.new_figure(height_cm=plots.height_cm(name, rows=n, labels=labels))
    draw: dict[str, Callable[[], Any]] = {
        "ranking": lambda: plots.plot_ranking(frame, ax=axes, lang="en"),
        "components": lambda: plots.plot_components(frame, ax=axes, lang="en"),
        "organisations": lambda: plots.plot_organisations(frame, ax=axes, lang="en"),
        "topic_years": lambda: plots.plot_topic_years(
            frame.assign(year=2020, n_corpus=1000), topics=frame, ax=axes, lang="en", last_year=2021
        ),
    }
    draw[name]()
    figure.canvas.draw()
    boxes = sorted(t.get_window_extent().extents[[1, 3]].tolist() for t in axes.get_yticklabels())
    assert all("\n" in t.get_text() for t in axes.get_yticklabels())
    assert all(low[1] <= high[0] for low, high in pairwise(boxes))


def test_few_rows_make_a_low_figure() -> None:
    assert plots.height_cm("ranking", rows=2) < plots.height_cm("ranking", rows=6)
    assert plots.height_cm("ranking", rows=6) < plots.height_cm("ranking")
    assert plots.height_cm("ranking", rows=40) == plots.height_cm("ranking")
    assert plots.height_cm("share", rows=1) == plots.height_cm("share")
    two_lines = ["neural network, computer storage media"]
    assert plots.height_cm("ranking", labels=two_lines) > plots.height_cm("ranking")


def test_topic_years_stop_at_the_last_complete_year(
    topic_years: pd.DataFrame, topics: pd.DataFrame
) -> None:
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_topic_years(topic_years, topics=topics, ax=axes, lang="en", last_year=2021)
    values = axes.images[0].get_array()
    assert values.shape == (3, 4)
    assert list(values[0]) == [1.0, 2.0, 3.0, 4.0]  # t2, the largest, is first
    assert next(t.get_text() for t in axes.get_yticklabels()).startswith("Flexible")


def test_ranking_shows_scored_units_best_on_top(scores: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_ranking(scores, ax=axes, lang="en")
    spots = axes.collections[-1].get_offsets()
    np.testing.assert_allclose(spots, [[80, 1], [40, 0]])
    texts = [t.get_text() for child in axes.child_axes for t in child.get_yticklabels()]
    assert "1 (1–2)" in texts
    assert "2 (1–3)" in texts
    assert "0.25" in texts
    assert "—" in texts


def test_missing_components_are_hatched_not_zero(scores: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_components(scores, ax=axes, lang="en")
    hatched = [p for p in axes.patches if isinstance(p, Rectangle) and p.get_hatch()]
    assert [(p.get_x(), p.get_y()) for p in hatched] == [(1.5, 0.5)]
    assert sorted(t.get_text() for t in axes.texts) == sorted("90 50 20 100 10 50 100".split())


def test_board_writes_numbers_in_their_units(board: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_board(board, ax=axes, lang="en")
    assert [t.get_text() for t in axes.texts] == "20 50% 3 10% 1,204 40 100% 50".split()


def test_topic_map_numbers_topics_by_size_and_keeps_numbers_apart(
    documents: pd.DataFrame, topics: pd.DataFrame
) -> None:
    same = documents.assign(x=documents["x"] * 1e-6)
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_topic_map(same, topics=topics, ax=axes, lang="en")
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert labels[0] == "No topic"
    assert labels[1].startswith("1  Flexible")
    assert sorted(t.get_text() for t in axes.texts) == ["1", "2", "3"]
    spots = np.array([t.get_position() for t in axes.texts])
    extent = axes.dataLim.p1 - axes.dataLim.p0
    gaps = [np.hypot(*((spots[i] - spots[j]) / extent)) for i in range(3) for j in range(i)]
    assert min(gaps) > 0.06


def test_topic_map_says_how_many_topics_are_not_named(documents: pd.DataFrame) -> None:
    many = pd.DataFrame({"topic_id": [f"t{i}" for i in range(25)], "n_docs": range(25)})
    many = many.assign(label_zh="题", label_en="x", colour=range(len(many)))
    _, axes = plots.new_figure(height_cm=8)
    plots.plot_topic_map(documents, topics=many, ax=axes, lang="en")
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert labels[0] == "5 smaller topics, or none"
    assert len(labels) == 21


@pytest.mark.parametrize("name", NAMES)
def test_unknown_language_is_refused(
    drawn: dict[str, tuple[Draw, list[pd.DataFrame]]], name: str
) -> None:
    _, axes = plots.new_figure(height_cm=8)
    with pytest.raises(RenderError, match="Language 'fr'"):
        drawn[name][0](ax=axes, lang="fr")


def test_missing_columns_and_empty_tables_are_refused(
    track_years: pd.DataFrame, scores: pd.DataFrame
) -> None:
    _, axes = plots.new_figure(height_cm=8)
    with pytest.raises(RenderError, match=r"plot_share needs the column\(s\) n_corpus"):
        plots.plot_share(track_years.drop(columns="n_corpus"), ax=axes, lang="zh", last_year=2021)
    with pytest.raises(RenderError, match="plot_share has no row"):
        plots.plot_share(track_years, ax=axes, lang="zh", last_year=2000)
    with pytest.raises(RenderError, match="plot_ranking has no row"):
        plots.plot_ranking(scores.assign(score=np.nan), ax=axes, lang="zh")
    with pytest.raises(RenderError, match=r"End it in \.png"):
        plots.save_figure(axes.figure, Path("a.pdf"))


@pytest.mark.parametrize(
    ("text", "columns", "lines", "expected"),
    [
        ("short", 10, 2, "short"),
        ("脑电信号的深度学习解码", 12, 2, "脑电信号的深\n度学习解码"),
        ("neural interface device", 16, 2, "neural interface\ndevice"),
        ("neural interface device", 10, 2, "neural\ninterface…"),
        ("x" * 30, 10, 1, "x" * 9 + "…"),
        ("  a \n b ", 10, 2, "a b"),
        ("", 10, 2, ""),
    ],
)
def test_labels_wrap_evenly_and_show_their_cut(
    text: str, columns: int, lines: int, expected: str
) -> None:
    got = wrap(text, columns, lines=lines)
    assert got == expected
    assert all(columns_of(row) <= columns for row in got.split("\n"))


def lightness(colour: Any) -> float:
    red, green, blue = mpl.colors.to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_keep_their_order_in_grey() -> None:
    steps = [lightness(shades()(i / 20)) for i in range(21)]
    assert steps == sorted(steps, reverse=True)
    grey = [lightness(colour) for colour in PALETTE]
    assert min(abs(a - b) for a, b in pairwise(grey)) > 0.1
    assert max(grey) < 0.75  # visible on white


def test_a_figure_shows_no_certainty_that_the_table_denies():
    assert [_chance(p) for p in (0.999, 0.001, 0.5, float("nan"))] == [
        ">0.99",
        "<0.01",
        "0.50",
        "—",
    ]


def test_years_of_a_corpus_stop_at_the_last_complete_one(track_years: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=5)
    plots.plot_years(track_years, ax=axes, lang="en", last_year=2021)
    assert [bar.get_height() for bar in axes.patches] == [0, 4, 10]
    assert "last" not in axes.get_xlabel()
    many = pd.DataFrame({"year": range(1900, 2022), "n_docs": 1, "n_patents": 1, "n_papers": 0})
    _, axes = plots.new_figure(height_cm=5)
    plots.plot_years(many, ax=axes, lang="en", last_year=2020)
    assert len(axes.patches) == 60
    assert "the last 60" in axes.get_xlabel()


def test_fields_leave_years_without_documents_blank_and_total_beside(
    field_years: pd.DataFrame, fields: pd.DataFrame
) -> None:
    _, axes = plots.new_figure(height_cm=5)
    plots.plot_fields(field_years, fields=fields, ax=axes, lang="en", last_year=2021)
    values = axes.images[0].get_array()
    assert values.shape == (2, 5)  # 2019 to 2021, a gap, all years
    assert values.mask[0].tolist() == [False, True, False, True, False]
    assert values[1].compressed().tolist() == [0.0, 25.0, pytest.approx(0.4)]
    assert [t.get_text() for t in axes.texts] == [">99", "<1"]  # never a false 100 or 0


def test_quality_draws_what_is_known_with_its_interval(quality: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=5)
    plots.plot_quality(quality, measure="precision", ax=axes, lang="en")
    lines, dots = axes.collections[0], axes.collections[1]
    spans = [segment[:, 0].tolist() for segment in lines.get_segments() if len(segment)]
    np.testing.assert_allclose(spans[:2], [[0.8, 1.0], [0.4, 0.6]])
    shown = np.ma.filled(dots.get_offsets()[:, 0], np.nan)
    np.testing.assert_allclose(shown, [0.9, 0.5, np.nan])
    assert [t.get_text() for t in axes.get_legend().get_texts()] == [
        "now",
        "draft, before the edits",
    ]
    with pytest.raises(RenderError, match="recall"):
        plots.plot_quality(quality, measure="recall", ax=axes, lang="en")


def test_a_move_is_marked_and_years_without_data_are_shaded(move: pd.DataFrame) -> None:
    _, axes = plots.new_figure(height_cm=5)
    look: dict[str, Any] = {"ax": axes, "lang": "en", "title": "t", "symbols": "s"}
    plots.plot_move(move, moved=2023, last_year=2020, **look)
    either, old, new, line = axes.lines
    assert list(old.get_xdata()) == [2018, 2019, 2020]  # not the year after the last complete one
    np.testing.assert_allclose(old.get_ydata(), [10, 20, 0])
    np.testing.assert_allclose(new.get_ydata(), [0, 5, 30])
    np.testing.assert_allclose(either.get_ydata(), [10, 20, 30])
    assert line.get_xdata() == [2022.5, 2022.5]
    assert [t.get_text() for t in axes.texts] == ["2023"]
    (shade,) = axes.patches
    assert shade.get_x() == 2020.5
    assert axes.get_xlim()[1] > 2023
    assert axes.get_ylim()[1] > 30


def test_panels_share_one_legend_and_empty_ones_go(move: pd.DataFrame) -> None:
    figure, axes = plots.new_figure(height_cm=5, rows=1, columns=4)
    for ax in axes.flat[:2]:
        plots.plot_move(move, ax=ax, lang="zh", title="t", symbols="s", moved=2020, last_year=2020)
    plots.finish_moves(figure, axes, drawn=2, lang="zh")
    assert len(figure.axes) == 2
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.get_texts()] == ["旧号", "新号", "任一"]
