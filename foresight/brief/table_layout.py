"""Tables of a brief: which columns are numbers, how wide each column is, how large the type."""

from __future__ import annotations

import math
import re
from functools import lru_cache, partial
from itertools import product
from typing import Any

from foresight.brief.escape import char_width, words
from foresight.brief.layout import BREAK, JOINER, Node, inlines_of, rewrite, text_of

TEXT_WIDTH = 470.5  # points: A4 less margins of 22 mm
SIZES = (9.0, 8.5, 8.0, 7.5)  # points: type in tables, the largest that fits is taken
PADDING = (8.0, 4.0)  # points: left and right of a cell together; of a table of many columns
MANY_COLUMNS = 8
LATIN = 0.56  # em: advance of a Latin letter, rather more than the mean
SIGN = 0.36  # em: advance of points, brackets and spaces
SLACK = 0.15  # em: a text that fits to the hair is broken where widths are rounded
BROAD = 0.92  # em: advance of the per cent sign and the broadest letters
CHINESE = 1.0  # em
BOLD = 1.06  # a heading is set in bold, and so wider
NARROW_SIGNS = set(".,;:()[] ")
BROAD_SIGNS = set("%@MW")
SHORT_HEAD = 4.3  # em: a heading up to this length is not broken
SHORT_CELL = 6.0  # em: a text up to this length is not broken
BRACKETED = re.compile(r"（[^（）]{1,8}）")  # kept on one line in a heading
LONGEST_WORD = 18  # columns: a longer word may be broken in a table cell
NARROW = 0.55  # share of the text width: a table that needs less is not drawn over all of it
TALL = 25  # lines
MORE_LINES = 1.1  # larger type is worth a tenth more lines, not more
LEADING = 1.55  # em: from line to line in a cell
ROW_PADDING = 9.0  # points: above and below a cell together
KEPT_HEIGHT = 210.0  # points: a table up to this height is never broken, a taller one not at once
KEPT_TERMS = re.compile("增长概率|占比年均|代表专利|代表论文|置信区间|技术主题|细分方向")
STEP = 0.5  # em: by which a column of text grows
SHARPNESS = 6.0  # the height of a row is the power mean of its cells' lines, close to their maximum
NUMERIC = re.compile(
    r"^[<>≤≥≈~±+\-−–]?\s*[\d][\d,.\s]*(%|‰|pp|年)?"
    r"(\s*[\[(（–−\-—/~±]\s*[<>+\-−]?[\d][\d,.\s]*(%|‰)?(\s*([,，;–\-−—]|至|to)\s*[+\-−]?[\d][\d,.\s]*(%|‰)?)?[\])）]?)?$"
)
HYPHEN = re.compile(r"(?<=[a-z]-)(?=[a-z])")  # a line may end there
INTERVAL = re.compile(r"^([^（(]+?)( ?)([（(].+[)）])$")  # a number, and its interval in brackets
ABSENT = {"", "—", "–", "-", "n/a"}


def cells_of(table: Node) -> tuple[list[Any], list[Any]]:
    """Head rows and body rows of a table, each a list of cells."""
    _, _, _, head, bodies, _ = table["c"]
    head_rows = [row[1] for row in head[1]]
    body_rows = [row[1] for body in bodies for row in [*body[2], *body[3]]]
    return head_rows, body_rows


def is_numeric(texts: list[str]) -> bool:
    """Whether a column holds numbers, intervals or nothing, and at least one number."""
    filled = [text.strip() for text in texts if text.strip() not in ABSENT]
    return bool(filled) and all(NUMERIC.match(text) for text in filled)


@lru_cache(maxsize=1 << 16)  # a cell is measured for each format and many times in each
def _em(text: str) -> float:
    """Estimated length of a text in em."""
    wide = sum(1 for char in text if char_width(char) == 2)
    signs = sum(1 for char in text if char in NARROW_SIGNS)
    broad = sum(1 for char in text if char in BROAD_SIGNS)
    others = len(text) - wide - signs - broad
    return wide * CHINESE + signs * SIGN + broad * BROAD + others * LATIN


def _interval_em(text: str) -> float:
    """Length of a number or its interval, whichever is longer."""
    match = INTERVAL.match(text)
    return max(_em(match[1]), _em(match[3])) if match else _em(text)


def _padding(columns: int) -> float:
    return PADDING[columns >= MANY_COLUMNS]


def _longest(texts: list[str]) -> float:
    pieces = [part for text in texts for word in words(text) for part in HYPHEN.split(word)]
    return max((_em(piece[:LONGEST_WORD]) for piece in pieces), default=1.0)


def _head_width(text: str) -> float:
    """What a heading needs so that it breaks at most once, and never leaves one character over."""
    start, bracket, end = text.partition("（")
    if bracket and BRACKETED.fullmatch(bracket + end):
        return BOLD * max(_em(start), _em(bracket + end))
    whole = _em(text)
    return BOLD * max(whole if whole <= SHORT_HEAD else whole / 2 + 0.6, _longest([text]))


def column_widths(
    columns: list[list[str]], numeric: list[bool], *, break_intervals: bool = False
) -> tuple[list[float], float]:
    """Widths of a table's columns and the size of its type.

    A column of numbers or short words gets what it needs on one line. The rest of the line goes to
    the columns of text, so that the table gets as low as it can.

    Parameters
    ----------
    columns : list of columns, each a list of cell texts, the heading first
    numeric : list of bool
        Which columns hold numbers.
    break_intervals : bool, default False
        Whether an interval may stand below its number where the columns of text need the room.

    Returns
    -------
    widths : list of float, shares of the text width, sum at most 1
    size : float, points
    """
    lengths = [[SLACK + BOLD * _em(cells[0]), *_lengths(cells[1:])] for cells in columns]
    leasts = [_least(columns, numeric, broken=b) for b in (False, True)[: 1 + break_intervals]]
    found = []
    for least, size in product(leasts, SIZES):
        room = (TEXT_WIDTH - _padding(len(columns)) * len(columns)) / size
        given = _share(lengths, least, room)
        lines = sum(_lines(lengths, given)) if sum(least) <= room else math.inf
        found.append((lines, size, given))
    fewest = min(lines for lines, _, _ in found)
    good = [trial for trial in found if trial[0] <= MORE_LINES * fewest]
    _, size, given = good[0] if fewest < math.inf else found[-1]
    points = [g * size + _padding(len(columns)) for g in given]
    total = sum(points)
    return [p / max(total, TEXT_WIDTH) for p in points], size


def _lengths(texts: list[str]) -> list[float]:
    return [SLACK + _em(text) for text in texts]


def _least(columns: list[list[str]], numeric: list[bool], *, broken: bool) -> list[float]:
    """What each column needs so that its heading, numbers and words are not torn."""
    least = []
    for (head, *texts), number in zip(columns, numeric, strict=True):
        whole = max(_lengths(texts), default=1.0)
        if number:
            needed = SLACK + max(map(_interval_em, texts), default=1.0) if broken else whole
        else:
            needed = max(SLACK + _longest(texts), min(whole, SHORT_CELL))
        natural = max(whole, SLACK + BOLD * _em(head))
        least.append(min(natural, max(SLACK + _head_width(head), needed)))
    return least


def _lines(lengths: list[list[float]], given: list[float]) -> list[int]:
    """Lines of each row, the heading first, at given widths."""
    rows = zip(*lengths, strict=True)
    return [
        max(math.ceil(cell / wide - 1e-9) for cell, wide in zip(row, given, strict=True))
        for row in rows
    ]


def _share(lengths: list[list[float]], least: list[float], room: float) -> list[float]:
    """Widths of columns: what each needs on one line if that fits, else the lowest table."""
    natural = [max(column) for column in lengths]
    if sum(natural) <= room:
        target = room if sum(natural) > NARROW * room else max(sum(natural) * 1.3, NARROW * room)
        extra = (target - sum(natural)) / len(natural)
        return [n + extra for n in natural]
    if sum(least) >= room:
        return [part * room / sum(least) for part in least]
    given = list(least)
    powers = [[(cell / g) ** SHARPNESS for cell in c] for c, g in zip(lengths, given, strict=True)]
    totals = [sum(row) for row in zip(*powers, strict=True)]
    for _ in range(int((room - sum(least)) / STEP)):
        gains = [
            _gain(power, totals, wide) if wide < most else 0.0
            for power, wide, most in zip(powers, given, natural, strict=True)
        ]
        best = max(range(len(given)), key=lambda j: gains[j])
        given[best] += STEP
        powers[best] = [(cell / given[best]) ** SHARPNESS for cell in lengths[best]]
        totals = [sum(row) for row in zip(*powers, strict=True)]
    return given


def _gain(power: list[float], totals: list[float], wide: float) -> float:
    """By how many lines a table gets lower if a column gets wider by a step."""
    shrink, root = math.pow(wide / (wide + STEP), SHARPNESS), 1 / SHARPNESS
    return sum(
        math.pow(total, root) - math.pow(total - part + part * shrink, root)
        for part, total in zip(power, totals, strict=True)
    )


def table_height(table: Node) -> float:
    """Estimated height in points of a table that `lay_out_table` has laid out for the PDF."""
    attributes, _, specs = table["c"][:3]
    size = float(dict(attributes[2])["typst:text:size"].removesuffix("pt"))
    padding = _padding(len(specs))
    given = [(spec[1]["c"] * TEXT_WIDTH - padding) / size for spec in specs]
    rows = [row for part in cells_of(table) for row in part]
    lengths = [[_em(text_of(row[j][4])) for row in rows] for j in range(len(specs))]
    return sum(n * LEADING * size + ROW_PADDING for n in _lines(lengths, given))


def keep_table(table: Node) -> list[Node]:
    """A table of the PDF that leaves no row or two behind at the foot of a page.

    A low table is not broken at all. A tall one starts a new page unless there is room for its
    caption and first rows.
    """
    if table_height(table) <= KEPT_HEIGHT:
        return [{"t": "Div", "c": [["", [], [["typst:breakable", "false"]]], [table]]}]
    return [{"t": "RawBlock", "c": ["typst", "#room(110pt)"]}, table]


def lay_out_table(table: Node, *, typst: bool) -> Node:
    """A table with column widths, numbers to the right, and no empty head.

    Parameters
    ----------
    typst : bool
        Whether the table gets its type size as typst's writer reads it, and words longer than
        their column get zero-width spaces, without which typst does not break them.
    """
    attributes, caption, specs, head, bodies, foot = table["c"]
    head_rows, body_rows = cells_of(table)
    columns = [
        [text_of(row[j][4]).strip() for row in [*head_rows, *body_rows]] for j in range(len(specs))
    ]
    numeric = [is_numeric([text_of(row[j][4]) for row in body_rows]) for j in range(len(specs))]
    shares, size = column_widths(columns, numeric, break_intervals=typst)
    aligned = []
    for (given, _), number, share in zip(specs, numeric, shares, strict=True):
        align = given
        if align["t"] == "AlignDefault":
            align = {"t": "AlignRight" if number else "AlignLeft"}
        aligned.append([align, {"t": "ColWidth", "c": round(share, 4)}])
    if not any(text_of(cell[4]).strip() for row in head_rows for cell in row):
        head = [head[0], []]
    classes = ["wide"] if len(specs) > 5 else []
    pairs: list[list[str]] = []
    if typst:
        padding = _padding(len(specs))
        inset = f"(x: {padding / 2:g}pt, y: {ROW_PADDING / 2:g}pt)"
        pairs = [["typst:text:size", f"{size:g}pt"], ["typst:inset", inset]]
        room = [(share * TEXT_WIDTH - padding) / size for share in shares]
        head, bodies = _breakable(head, bodies, room)
    parts = [[attributes[0], classes, pairs], caption, aligned, head, bodies, foot]
    return {"t": "Table", "c": parts}


def _breakable(head: Any, bodies: Any, room: list[float]) -> tuple[Any, Any]:
    """Head and bodies whose cells typst breaks where they may break, and nowhere else."""

    def broken(row: Any) -> Any:
        return _joined(_broken_row(row, room))

    new_head = [head[0], [broken(row) for row in head[1]]]
    new_bodies = [
        [*body[:2], *[[_tall(broken(row), room) for row in part] for part in body[2:]]]
        for body in bodies
    ]
    return new_head, new_bodies


def _broken_row(row: Any, room: list[float]) -> Any:
    """A row in which words longer than their column may be broken where it ends."""

    def change(item: Node, wide: float) -> Node:
        return {"t": "Str", "c": _torn(item["c"], wide)} if item["t"] == "Str" else item

    cells = [
        [*cell[:4], rewrite(cell[4], partial(change, wide=wide))]
        for cell, wide in zip(row[1], room, strict=True)
    ]
    return [row[0], cells]


def _torn(word: str, room: float) -> str:
    """A word with a zero-width space wherever a run without a break grows longer than `room`."""
    done, run = "", 0.0
    for char in word:
        step = _em(char)
        if run + step > room and run:
            done, run = done + BREAK, 0.0
        done += char
        run = 0.0 if char == "-" or char_width(char) == 2 else run + step
    return done


def _tall(row: Any, room: list[float]) -> Any:
    """A row that may break across pages if it could fill half of one; others are kept whole."""
    pairs = zip(row[1], room, strict=True)
    if max(_em(text_of(cell[4])) / wide for cell, wide in pairs) <= TALL:
        return row
    free = ["", [], [["typst:breakable", "true"]]]
    return [row[0], [[free, *cell[1:]] for cell in row[1]]]


def _unbroken(text: str) -> str:
    return JOINER.join(text.replace(" ", "\N{NO-BREAK SPACE}"))


def _joined(row: Any) -> Any:
    """A row in which intervals, short Chinese brackets and fixed terms are not broken inside."""

    def change(item: Node) -> Node:
        if item["t"] != "Plain" or any(part["t"] not in {"Str", "Space"} for part in item["c"]):
            return item
        text = text_of(item)
        match = INTERVAL.match(text) if NUMERIC.match(text) else None
        if match:
            text = match[1] + (match[2] or BREAK) + _unbroken(match[3])
        else:
            for pattern in (BRACKETED, KEPT_TERMS):
                text = pattern.sub(lambda m: _unbroken(m[0]), text)
        return {"t": "Plain", "c": inlines_of(text)}

    return rewrite(row, change)
