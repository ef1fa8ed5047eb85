"""The document tree between Markdown and the three formats: what may be in it, and its layout.

The tree is pandoc's JSON. Everything here returns new trees; nothing reads or writes files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from foresight.errors import RenderError

Node = dict[str, Any]
Blocks = list[Node]

JOINER = "\N{WORD JOINER}"
SHORTHAND = re.compile(r"\.(?=\.)|-(?=[-?])")
BREAK = "\N{ZERO WIDTH SPACE}"

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


def break_long(node: Any, limit: int) -> Any:
    """A copy of a tree in which no run of narrow characters is longer than `limit`."""
    long_run = re.compile(rf"[\x21-\u2e7f]{{{limit}}}(?=[\x21-\u2e7f])")

    def change(item: Node) -> Node:
        if item["t"] == "Str":
            return {"t": "Str", "c": long_run.sub(lambda m: m[0] + BREAK, item["c"])}
        return item

    return rewrite(node, change)


def guard_shorthands(node: Any) -> Any:
    """A copy of a tree in which typst finds no ellipsis, dash or soft hyphen that was not written.

    Typst reads points or hyphens in a row as one sign, and `-?` as an invisible one; a word joiner,
    which has no width, keeps them apart.
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


def split_pages(blocks: Blocks) -> tuple[Blocks, list[Blocks], Blocks]:
    """What stands on the cover page, on pages of its own, and after them: see `brief.render`.

    Returns
    -------
    opening, sheets, rest
        Blocks before the first rule, between two rules, and after the last. Without a rule,
        everything is the rest.
    """
    parts: list[Blocks] = [[]]
    for block in blocks:
        if block["t"] == "HorizontalRule":
            parts.append([])
        else:
            parts[-1].append(block)
    if len(parts) == 1:
        return [], [], parts[0]
    return parts[0], parts[1:-1], parts[-1]
