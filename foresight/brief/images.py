"""Figures of a brief as the formats want them: their bytes, their width, where they lie."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import unquote

from foresight.brief import layout
from foresight.errors import RenderError

TEXT_CM = 16.6  # centimetres: width of the text on the page
IMAGE_TYPES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def _figure_bytes(target: str, base: Path) -> tuple[bytes, str]:
    name = unquote(target)
    folder = base.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or "://" in name or name.startswith(("data:", "/")):
        msg = (
            f"The figure {name!r} does not lie below the folder of the brief. "
            "Save it there and name it by a relative path."
        )
        raise RenderError(msg)
    try:
        data = path.read_bytes()
    except OSError as error:
        msg = f"The figure {name!r} cannot be read in {folder}: {error.strerror}. Draw it first."
        raise RenderError(msg) from error
    for magic, kind in IMAGE_TYPES.items():
        if data.startswith(magic):
            return data, kind
    msg = f"The figure {name!r} is neither PNG nor JPEG. Save it with `plots.save_figure`."
    raise RenderError(msg)


def _width_cm(data: bytes) -> float:
    """Width at which an image was drawn, at most that of the text; PNG says its resolution."""
    place = data.find(b"pHYs")
    if data[12:16] != b"IHDR" or place < 0:
        return TEXT_CM
    pixels = int.from_bytes(data[16:20], "big")
    per_metre = int.from_bytes(data[place + 4 : place + 8], "big")
    return min(TEXT_CM, 100 * pixels / per_metre) if per_metre else TEXT_CM


def place_figures(
    blocks: layout.Blocks, *, base: Path, inline: bool, as_percent: bool
) -> tuple[layout.Blocks, dict[str, bytes]]:
    """Give images their width and content: as data URIs, or as files of their own."""
    held: dict[str, bytes] = {}

    def change(node: layout.Node) -> layout.Node:
        if node["t"] != "Image":
            return node
        data, kind = _figure_bytes(node["c"][2][0], base)
        wide = _width_cm(data)
        shown = f"{100 * wide / TEXT_CM:.0f}%" if as_percent else f"{wide:.2f}cm"
        if inline:
            target = f"data:{kind};base64,{base64.b64encode(data).decode()}"
        else:
            target = f"figures/{len(held) + 1}.{kind.removeprefix('image/')}"
            held[target] = data
        return {"t": "Image", "c": [layout.attr(width=shown), node["c"][1], [target, ""]]}

    return layout.rewrite(blocks, change), held
