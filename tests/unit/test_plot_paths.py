from __future__ import annotations

import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight import plots
from foresight.errors import RenderError
from foresight.indicators.graph import citation_graph
from foresight.indicators.main_path import MainPath, main_path
from foresight.indicators.traversal import traversal
from foresight.plots.paths import path_height_cm, plot_main_path
from foresight.plots.style import ACCENT

TITLES = {
    "zh": "面向脑机接口的柔性神经电极阵列及其制备方法与应用研究进展",
    "en": "Flexible electrode arrays for brain-computer interfaces, their making and their $uses$",
}


def path_of(years: list[int | None], flows: str, *, key_arcs: int = 1) -> MainPath:
    names = [f"d{i}" for i in range(len(years))]
    pairs = [tuple(f"d{k}" for k in reversed(flow.split(">"))) for flow in flows.split()]
    graph = citation_graph(
        pd.DataFrame({"doc_id": names, "year": years}),
        pd.DataFrame(pairs, columns=["citing_id", "cited_id"]),
    )
    return main_path(traversal(graph), key_arcs=key_arcs)


FORK = "0>1 1>2 1>3 2>4 3>4 4>5 4>6"


@pytest.fixture
def fork() -> MainPath:
    return path_of([1990, 1991, 2000, 2000, 2001, 2001, 2002], FORK)


def documents(path: MainPath, *, author: Any = "Zhang San", title: Any = None) -> pd.DataFrame:
    return pd.DataFrame({"doc_id": path.nodes["doc_id"], "author": author, "title": title})


def draw(path: MainPath, *, lang: str = "en", **columns: Any) -> tuple[Any, Any]:
    figure, axes = plots.new_figure(height_cm=path_height_cm(len(path.nodes)))
    table = documents(path, **columns)
    drawn = plot_main_path(path.nodes, arcs=path.arcs, documents=table, ax=axes, lang=lang)
    assert drawn is axes
    return figure, axes


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("n", [2, 30, 48])
def test_the_figure_is_whole_and_its_labels_do_not_touch(lang: str, n: int, tmp_path: Path) -> None:
    years: list[int | None] = [2000 + i // 5 for i in range(n)]
    path = path_of(years, " ".join(f"{i}>{i + 1}" for i in range(n - 1)))
    before = path.nodes.copy(), path.arcs.copy()
    figure, axes = draw(path, lang=lang, author="欧阳明日" if lang == "zh" else "Papadopoulos K",
                        title=TITLES[lang])  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks is a warning
        figure.canvas.draw()
    page = figure.bbox
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 2 * n
    for one, two in zip(boxes[::2], boxes[1::2], strict=True):
        assert one.x1 < two.x0
        assert two.x1 <= page.x1
    lines = sorted((box.y0, box.y1) for box in boxes[::2])
    assert all(low[1] <= high[0] for low, high in pairwise(lines))
    plots.save_figure(figure, tmp_path / "a.png")
    for frame, copy in zip((path.nodes, path.arcs), before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_documents_run_down_in_time_and_lines_down_and_right(fork: MainPath) -> None:
    _, axes = draw(fork)
    spots = np.asarray(axes.collections[0].get_offsets())
    assert spots[:, 1].tolist() == list(range(7))
    assert (np.diff(spots[:, 0]) > 0).all()
    for line in axes.lines:
        x, y = line.get_data()
        assert y[0] < y[1] == y[2]
        assert x[0] == x[1] < x[2]
    heads = [text.get_text() for text in axes.texts]
    assert heads[0] == "Zhang San 1990"
    assert heads[-1] == "Zhang San 2002"


def test_lines_are_as_thick_as_their_weight_and_key_citations_dark(fork: MainPath) -> None:
    _, axes = draw(fork)
    widths = sorted({round(line.get_linewidth(), 6) for line in axes.lines})
    assert widths == [2.4, 4.2]  # half, and all, of the paths
    dark = [line for line in axes.lines if line.get_color() == ACCENT]
    assert {round(line.get_linewidth(), 6) for line in dark} == {4.2}
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["100% of search paths", "50%", "key citation"]


def test_no_line_crosses_a_label(fork: MainPath) -> None:
    figure, axes = draw(fork, title=TITLES["en"])
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    for line in axes.lines:
        x, y = axes.transData.transform(np.column_stack(line.get_data())).T
        for box in boxes:
            assert not (box.x0 < x[0] < box.x1 and y[1] < box.y1 and box.y0 < y[0])
            assert not (box.y0 < y[2] < box.y1 and x[1] < box.x1 and box.x0 < x[2])


def test_a_line_from_the_later_document_is_dashed() -> None:
    _, axes = draw(path_of([2001, 2000, 2002], "0>1 1>2"))
    assert [line.is_dashed() for line in axes.lines].count(True) == 1


def test_an_unknown_author_or_title_is_left_out(fork: MainPath) -> None:
    _, axes = draw(fork, author=None)
    assert [text.get_text() for text in axes.texts][:2] == ["1990", "1991"]
    assert len(axes.texts) == 7


def test_busy_years_are_wider_and_said_to_be() -> None:
    crowd = path_of([1960, *[2000] * 6, 2001], "0>1 1>2 2>3 3>4 4>5 5>6 6>7")
    _, axes = draw(crowd)
    spots = np.asarray(axes.collections[0].get_offsets())
    width = axes.get_window_extent().width / (axes.get_xlim()[1] - axes.get_xlim()[0])
    apart = np.diff(spots[1:7, 0]) * width / axes.figure.dpi * 72
    assert apart.min() > 4.2  # points: the thickest line
    assert "busy years are wider" in axes.get_xlabel()
    calm = path_of([2000, 2001, 2002], "0>1 1>2")
    assert "busy" not in draw(calm)[1].get_xlabel()


def test_what_cannot_be_drawn_is_named(fork: MainPath) -> None:
    _, axes = plots.new_figure(height_cm=8)
    table = documents(fork)
    for nodes in (fork.nodes.assign(time=np.nan), pd.concat([fork.nodes] * 7)):
        with pytest.raises(RenderError, match="cannot be drawn: at most 48, each with its year"):
            plot_main_path(nodes, arcs=fork.arcs, documents=table, ax=axes, lang="en")
    with pytest.raises(RenderError, match="plot_main_path has no row"):
        plot_main_path(fork.nodes, arcs=fork.arcs.iloc[:0], documents=table, ax=axes, lang="en")
    with pytest.raises(RenderError, match="Language 'fr'"):
        plot_main_path(fork.nodes, arcs=fork.arcs, documents=table, ax=axes, lang="fr")
