"""Networks as files of VOSviewer: map, network, and both in one JSON file.

Formats as in the manual of VOSviewer 1.6 (Van Eck & Waltman), chapter on file types. Map: columns
separated by tabs under the names id, label, description, url, x, y, cluster, weight<...>,
score<...>. Network: lines of two ids and a strength. JSON: `network` with `items` and `links`.

References
----------
Van Eck & Waltman (2010), doi:10.1007/s11192-009-0146-3.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pandas as pd

from foresight.brief.escape import plain
from foresight.brief.exports.model import Network


def vosviewer_map(network: Network) -> bytes:
    """Items of a network as a map file.

    Items are numbered from 1 in order of their ids; clusters are the colours of topics, numbered
    from 1, documents of no topic last. A position or score that any item lacks is left out for
    all, since the format knows no missing value; the JSON file has it for the others.
    """
    items = _items(network)
    places = ["x", "y"] if all("x" in item for item in items) else []
    url = ["url"] if any("url" in item for item in items) else []
    scores = [n for n in network.scores.values() if all(n in item["scores"] for item in items)]
    weights = list(network.weights.values())
    columns = ["id", "label", "description", *url, *places, "cluster"]
    named = [f"weight<{name}>" for name in weights] + [f"score<{name}>" for name in scores]
    lines = ["\t".join([*columns, *named])]
    for item in items:
        values = [item.get(name, "") for name in columns]
        values += [item["weights"][name] for name in weights]
        values += [item["scores"][name] for name in scores]
        lines.append("\t".join(_cell(value) for value in values))
    return ("\n".join(lines) + "\n").encode("utf-8")


def vosviewer_network(network: Network) -> bytes:
    """Links of a network as a network file: two item numbers and a strength on each line.

    Links of VOSviewer have no direction: those of two items either way are added.
    """
    lines = ("\t".join(_cell(value) for value in link) for link in _links(network))
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def vosviewer_json(network: Network) -> bytes:
    """A network as one JSON file, for VOSviewer 1.6.17 and later and for VOSviewer Online."""
    names = ("source_id", "target_id", "strength")
    told = [plain(value) for name, value in network.about.items() if name != "title"]
    info = {"title": network.about["title"], "description": escape(" · ".join(told))}
    links = [dict(zip(names, link, strict=True)) for link in _links(network)]
    parts = [f'"items": {_listed(_items(network))}', f'"links": {_listed(links)}']
    content = f'{{"info": {_json(info)},\n"network": {{{", ".join(parts)}}}}}\n'
    return content.encode("utf-8")


def _listed(rows: list[dict[str, Any]]) -> str:
    """A list with a line for each of its members."""
    return "[\n" + ",\n".join(map(_json, rows)) + "\n]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _items(network: Network) -> list[dict[str, Any]]:
    colours = network.nodes["colour"].dropna()
    none = 2 + int(colours.max()) if len(colours) else 1
    items = []
    for number, row in enumerate(network.nodes.to_dict("records"), start=1):
        item: dict[str, Any] = {
            "id": number,
            "label": _label(row["label"]),
            "description": escape(_label(row["description"])),  # shown as HTML
        }
        if isinstance(row["url"], str):
            item["url"] = row["url"]
        if pd.notna(row["x"]) and pd.notna(row["y"]):
            item |= {"x": round(float(row["x"]), 6), "y": round(float(row["y"]), 6)}
        item["cluster"] = none if pd.isna(row["colour"]) else 1 + int(row["colour"])
        item["weights"] = {name: int(row[key]) for key, name in network.weights.items()}
        item["scores"] = {
            name: row[key].item() if hasattr(row[key], "item") else row[key]
            for key, name in network.scores.items()
            if pd.notna(row[key])
        }
        items.append(item)
    return items


def _label(text: str) -> str:
    """Text without what a reader of columns could take for the end of one."""
    return plain(text).replace('"', "”")


def _links(network: Network) -> list[tuple[int, int, float]]:
    number = {ident: place for place, ident in enumerate(network.nodes["id"], start=1)}
    sums: dict[tuple[int, int], float] = {}
    for row in network.links.to_dict("records"):
        ends = sorted((number[row["source"]], number[row["target"]]))
        pair = (ends[0], ends[1])
        sums[pair] = sums.get(pair, 0.0) + float(row["weight"])
    return [(*pair, round(strength, 6)) for pair, strength in sorted(sums.items())]


def _cell(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)
