"""The document tree between Markdown and the three formats: what may be in it, and its layout.

The tree is pandoc's JSON. Everything here returns new trees; nothing reads or writes files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from foresight.brief.escape import char_width, words
from foresight.errors import RenderError

Node = dict[str, Any]
Blocks = list[Node]

TEXT_WIDTH = 453.0  # points: A4 less margins of 25 mm
SIZES = (9.0, 8.5, 8.0, 7.5)  # points: type in tables, the largest that fits is taken
PADDING = 8.0  # points: left and right of a cell together
LATIN = 0.56  # em: advance of a Latin letter, rather more than the mean
SIGN = 0.36  # em: advance of points, brackets and spaces
CHINESE = 1.0  # em
BOLD = 1.1  # a heading is set in bold, and so wider by up to a tenth
NARROW_SIGNS = set(".,;:()[] ")
SHORT_HEAD = 4.3  # em: a heading up to this length is not broken
SHORT_CELL = 6.0  # em: a text up to this length is not broken
JOINER = "\N{WORD JOINER}"
BRACKETED = re.compile(r"（[^（）]{1,8}）")  # kept on one line in a heading
SHORTHAND = re.compile(r"\.(?=\.)|-(?=\?)")
BREAK = "\N{ZERO WIDTH SPACE}"
LONGEST_WORD = 18  # columns: a longer word may be broken in a table cell
NARROW = 0.55  # share of the text width: a table that needs less is not drawn over all of it
TALL = 25  # lines
ROWS_OF_TEXT = 5  # lines: a cell should not need more, or the type gets smaller

LEAF_BLOCKS = {"Para", "Plain", "Header", "HorizontalRule", "CodeBlock", "Table", "Figure"}
NEST_BLOCKS = {"BlockQuote", "BulletList", "OrderedList"}
INLINES = {
    "Str",
    "Space",
    "SoftBreak",
    "LineBreak",
    "Emph",
    "Strong",
    "Code",
    "Link",
    "Image",
}
LINK = re.compile(r"(?i)^(https?://|mailto:|[\w\u4e00-\u9fff][\w\u4e00-\u9fff./%-]*$)")
CAPTION = re.compile(r"^(Table:|表：|:)$|^(Table:|表：|:)(?=\S)")
NUMERIC = re.compile(
    r"^[<>≤≥≈~±+\-−–]?\s*[\d][\d,.\s]*(%|‰|pp|年)?"
    r"(\s*[\[(（–−\-—/~±]\s*[<>+\-−]?[\d][\d,.\s]*(%|‰)?(\s*[,，;–\-−—]\s*[+\-−]?[\d][\d,.\s]*(%|‰)?)?[\])）]?)?$"
)
ABSENT = {"", "—", "–", "-", "n/a"}
WORDS = {"zh": ("图", "表"), "en": ("Figure ", "Table ")}


def text_of(node: Any) -> str:
    """The visible text of a node or list of nodes."""
    if isinstance(node, list):
        return "".join(map(text_of, node))
    if not isinstance(node, dict):
        return ""
    kind: str = node.get("t", "")
    content: Any = node.get("c")
    if kind == "Str":
        return str(content)
    if kind in {"Space", "SoftBreak", "LineBreak"}:
        return " "
    if kind == "Code":
        return str(content[1])
    if kind in {"Link", "Image"}:
        return text_of(content[1])
    return text_of(content) if content is not None else ""


def inlines_of(text: str) -> Blocks:
    """A text as inline nodes."""
    nodes: Blocks = []
    for place, word in enumerate(text.split(" ")):
        if place:
            nodes.append({"t": "Space"})
        if word:
            nodes.append({"t": "Str", "c": word})
    return nodes


def attr(ident: str = "", classes: tuple[str, ...] = (), **pairs: str) -> list[Any]:
    """Attributes of a node; underscores in the names of `pairs` stand for hyphens."""
    return [ident, list(classes), [[key.replace("_", "-"), value] for key, value in pairs.items()]]


def walk(node: Any) -> Iterator[Node]:
    """Every node below (and including) a node or list."""
    if isinstance(node, list):
        for item in node:
            yield from walk(item)
    elif isinstance(node, dict):
        yield node
        yield from walk(node.get("c"))


def rewrite(node: Any, change: Callable[[Node], Node]) -> Any:
    """A copy of a tree in which `change` has replaced each node, leaves first."""
    if isinstance(node, list):
        return [rewrite(item, change) for item in node]
    if isinstance(node, dict):
        copy = dict(node)
        if "c" in copy:
            copy["c"] = rewrite(copy["c"], change)
        return change(copy) if "t" in copy else copy
    return node


def _refuse(what: str, found: str, do: str) -> RenderError:
    shown = found if len(found) <= 80 else found[:79] + "…"
    return RenderError(f"The Markdown of the brief has {what}: {shown!r}. {do}")


def check_tree(blocks: Blocks) -> None:
    """Check that a document has only the parts that briefs are made of.

    Raises
    ------
    RenderError
        For raw markup, mathematics, links to anything but the web or files beside the brief,
        and a second first-level heading.
    """
    for place, block in enumerate(blocks):
        if block["t"] == "Header" and block["c"][0] == 1 and place:
            raise _refuse(
                "a second `#` heading",
                text_of(block),
                "Sections start with `##`; `#` may only be the title, as the first line.",
            )
    known = LEAF_BLOCKS | NEST_BLOCKS | INLINES
    for node in walk(blocks):
        kind = node.get("t", "")
        if kind.startswith(("Align", "ColWidth")) or kind in {
            "Decimal",
            "Period",
            "OneParen",
            "TwoParens",
            "DefaultStyle",
            "DefaultDelim",
        }:
            continue
        if kind not in known:
            raise _refuse(
                f"a part of the kind {kind}",
                str(node.get("c")),
                "Allowed are headings, paragraphs, lists, pipe tables, images, block quotes, "
                "emphasis, links and code; pass texts of records through `md_text`.",
            )
        if kind == "Link" and not LINK.match(node["c"][2][0]):
            raise _refuse(
                "a link that is neither to the web nor to a file beside the brief",
                node["c"][2][0],
                "Use https:// or a relative path without `..`.",
            )


def _caption(block: Node) -> list[Node] | None:
    """The caption, if a paragraph is one: it starts with `Table:`, `表：` or a colon."""
    if block["t"] != "Para" or not block["c"] or block["c"][0]["t"] != "Str":
        return None
    first = block["c"][0]["c"]
    match = CAPTION.match(first)
    if not match:
        return None
    rest = first[match.end() :]
    nodes = ([{"t": "Str", "c": rest}] if rest else []) + block["c"][1:]
    while nodes and nodes[0]["t"] == "Space":
        nodes = nodes[1:]
    return nodes or None


def attach_captions(blocks: Blocks) -> Blocks:
    """Move each caption paragraph into the table that follows it, or else the one before it."""
    done: Blocks = []
    waiting: list[Node] | None = None
    for place, block in enumerate(blocks):
        found = _caption(block)
        following = blocks[place + 1]["t"] if place + 1 < len(blocks) else ""
        if found is not None and following == "Table":
            waiting = found
        elif (
            found is not None
            and done
            and done[-1]["t"] == "Table"
            and not text_of(done[-1]["c"][1])
        ):
            done[-1] = _with_caption(done[-1], found)
        elif block["t"] == "Table" and waiting is not None:
            done.append(_with_caption(block, waiting))
            waiting = None
        else:
            done.append(block)
    return done


def _lacks_caption(block: Node) -> bool:
    return block["t"] == "Table" and not text_of(block["c"][1])


def _with_caption(block: Node, caption: list[Node]) -> Node:
    content = list(block["c"])
    content[1] = [None, [{"t": "Plain", "c": caption}]]
    return {"t": block["t"], "c": content}


def number_captions(blocks: Blocks, *, lang: str) -> Blocks:
    """Put `图 1` / `Figure 1` and `表 1` / `Table 1` before the captions, in order."""
    figure, table = WORDS[lang]
    counts = {"Figure": 0, "Table": 0}
    done: Blocks = []
    for block in blocks:
        kind = block["t"]
        caption = text_of(block["c"][1]).strip() if kind in counts else ""
        if not caption:
            done.append(block)
            continue
        counts[kind] += 1
        label = f"{figure if kind == 'Figure' else table}{counts[kind]}"
        inlines = block["c"][1][1][0]["c"]
        lead = {"t": "Strong", "c": [{"t": "Str", "c": label.replace(" ", "\N{NO-BREAK SPACE}")}]}
        done.append(_with_caption(block, [lead, {"t": "Str", "c": "\N{EM SPACE}"}, *inlines]))
    return done


def name_headings(blocks: Blocks) -> Blocks:
    """Give headings the ids `section-1`, `section-2` … and raise them by one level."""
    done: Blocks = []
    for block in blocks:
        if block["t"] != "Header":
            done.append(block)
            continue
        level, _, inlines = block["c"]
        number = sum(1 for other in done if other["t"] == "Header") + 1
        done.append({"t": "Header", "c": [max(level - 1, 1), attr(f"section-{number}"), inlines]})
    return done


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


def _em(text: str) -> float:
    """Estimated length of a text in em."""
    wide = sum(1 for char in text if char_width(char) == 2)
    signs = sum(1 for char in text if char in NARROW_SIGNS)
    return wide * CHINESE + signs * SIGN + (len(text) - wide - signs) * LATIN


def _longest(texts: list[str]) -> float:
    pieces = [piece for text in texts for piece in words(text)]
    return max((_em(piece[:LONGEST_WORD]) for piece in pieces), default=1.0)


def _head_width(text: str) -> float:
    """What a heading needs so that it breaks at most once, and never leaves one character over."""
    start, bracket, end = text.partition("（")
    if bracket and BRACKETED.fullmatch(bracket + end):
        return BOLD * max(_em(start), _em(bracket + end))
    whole = _em(text)
    return BOLD * max(whole if whole <= SHORT_HEAD else whole / 2 + 0.6, _longest([text]))


def column_widths(columns: list[list[str]], numeric: list[bool]) -> tuple[list[float], float]:
    """Widths of a table's columns and the size of its type.

    A column of numbers or short words gets what it needs on one line; the rest of the line goes
    to the columns of text, rather more to those with longer cells.

    Parameters
    ----------
    columns : list of columns, each a list of cell texts, the heading first
    numeric : list of bool
        Which columns hold numbers.

    Returns
    -------
    widths : list of float, shares of the text width, sum at most 1
    size : float, points
    """
    natural = [max(BOLD * _em(cells[0]), *map(_em, cells)) for cells in columns]
    least = []
    for cells, number, most in zip(columns, numeric, natural, strict=True):
        body = max((_em(text) for text in cells[1:]), default=1.0)
        needed = body if number else max(_longest(cells[1:]), min(body, SHORT_CELL))
        least.append(min(most, max(_head_width(cells[0]), needed)))
    for size in SIZES:
        room = (TEXT_WIDTH - PADDING * len(columns)) / size
        spare = room - sum(least)
        if spare < 0 and size != SIZES[-1]:
            continue
        given = _share(natural, least, room)
        lines = max(n / g for n, g in zip(natural, given, strict=True))
        if lines <= ROWS_OF_TEXT or size == SIZES[-1]:
            break
    points = [g * size + PADDING for g in given]
    total = sum(points)
    return [p / max(total, TEXT_WIDTH) for p in points], size


def _share(natural: list[float], least: list[float], room: float) -> list[float]:
    if sum(natural) <= room:
        target = room if sum(natural) > NARROW * room else max(sum(natural) * 1.3, NARROW * room)
        extra = (target - sum(natural)) / len(natural)
        return [n + extra for n in natural]
    if sum(least) >= room:
        return [part * room / sum(least) for part in least]
    wish = [max(n - part, 0.0) ** 0.75 for n, part in zip(natural, least, strict=True)]
    given = list(least)
    spare = room - sum(least)
    for _ in range(len(natural)):  # what a full column does not need goes to the others
        open_ = [j for j, n in enumerate(natural) if given[j] < n - 1e-9 and wish[j] > 0]
        if not open_ or spare < 1e-9:
            break
        whole = sum(wish[j] for j in open_)
        taken = 0.0
        for j in open_:
            more = min(spare * wish[j] / whole, natural[j] - given[j])
            given[j] += more
            taken += more
        spare -= taken
    return given


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
    shares, size = column_widths(columns, numeric)
    aligned = []
    for (given, _), number, share in zip(specs, numeric, shares, strict=True):
        align = given
        if align["t"] == "AlignDefault":
            align = {"t": "AlignRight" if number else "AlignLeft"}
        aligned.append([align, {"t": "ColWidth", "c": round(share, 4)}])
    if not any(text_of(cell[4]).strip() for row in head_rows for cell in row):
        head = [head[0], []]
    classes = ["wide"] if len(specs) > 5 else []
    pairs = [["typst:text:size", f"{size:g}pt"]] if typst else []
    if typst:
        room = [(share * TEXT_WIDTH - PADDING) / size / LATIN for share in shares]
        capacity = [max(int(columns), 4) for columns in room]
        head = [head[0], [_broken_row(_joined(row), capacity) for row in head[1]]]
        bodies = [
            [
                *body[:2],
                *[
                    [_tall(_broken_row(row, capacity), capacity) for row in part]
                    for part in body[2:]
                ],
            ]
            for body in bodies
        ]
    parts = [[attributes[0], classes, pairs], caption, aligned, head, bodies, foot]
    return {"t": "Table", "c": parts}


def _broken_row(row: Any, capacity: list[int]) -> Any:
    cells = [
        [*cell[:4], break_long(cell[4], limit)]
        for cell, limit in zip(row[1], capacity, strict=True)
    ]
    return [row[0], cells]


def _tall(row: Any, capacity: list[int]) -> Any:
    """A row that may break across pages if it could fill half of one; others are kept whole."""
    pairs = zip(row[1], capacity, strict=True)
    if max(_em(text_of(cell[4])) / LATIN / limit for cell, limit in pairs) <= TALL:
        return row
    free = ["", [], [["typst:breakable", "true"]]]
    return [row[0], [[free, *cell[1:]] for cell in row[1]]]


def _joined(row: Any) -> Any:
    """A row in which short Chinese brackets are not broken inside."""

    def change(item: Node) -> Node:
        if item["t"] == "Str":
            joined = BRACKETED.sub(lambda m: JOINER.join(m[0]), item["c"])
            return {"t": "Str", "c": joined}
        return item

    return rewrite(row, change)


def break_long(node: Any, limit: int) -> Any:
    """A copy of a tree in which no run of narrow characters is longer than `limit`."""
    long_run = re.compile(rf"[\x21-\u2e7f]{{{limit}}}(?=[\x21-\u2e7f])")

    def change(item: Node) -> Node:
        if item["t"] == "Str":
            return {"t": "Str", "c": long_run.sub(lambda m: m[0] + BREAK, item["c"])}
        return item

    return rewrite(node, change)


def guard_shorthands(node: Any) -> Any:
    """A copy of a tree in which typst finds no ellipsis or soft hyphen that pandoc left unescaped.

    Typst reads three points as one sign and `-?` as an invisible hyphen; a word joiner, which has
    no width, keeps them apart.
    """

    def change(item: Node) -> Node:
        if item["t"] == "Str":
            return {"t": "Str", "c": SHORTHAND.sub(lambda m: m[0] + JOINER, item["c"])}
        return item

    return rewrite(node, change)


def keep_lead_ins(blocks: Blocks) -> Blocks:
    """Keep a paragraph that ends with a colon on the page of the list or table it leads to."""
    done: Blocks = []
    for place, block in enumerate(blocks):
        following = blocks[place + 1]["t"] if place + 1 < len(blocks) else ""
        leads = block["t"] == "Para" and text_of(block).rstrip().endswith(("：", ":"))
        if leads and following in {"BulletList", "OrderedList", "Table"}:
            sticky = ["", [], [["typst:sticky", "true"]]]
            done.append({"t": "Div", "c": [sticky, [block]]})
        else:
            done.append(block)
    return done
