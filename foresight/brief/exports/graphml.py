"""Networks as GraphML, which Gephi, Cytoscape, yEd, igraph and networkx read."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd

from foresight.brief.escape import plain
from foresight.brief.exports.model import Network
from foresight.plots.style import PALETTE, SOFT

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
SCALE = 100.0  # of the map's positions, so that nodes do not lie upon each other in Gephi
TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}


def graphml(network: Network) -> bytes:
    """A network as a GraphML document.

    Every value is typed; a null value is left out. Positions and colours are those of the brief:
    Gephi takes `x`, `y`, `r`, `g`, `b` and `label` as such. What the network is stands in the
    attributes of the graph.

    References
    ----------
    Brandes, Eiglsperger, Lerner & Pich (2013), GraphML, in: Handbook of Graph Drawing, ch. 16.
    """
    columns = ["label", "description", "url", "colour", *network.weights, *network.scores]
    nodes = [_node(row, [*columns, *network.facts]) for row in network.nodes.to_dict("records")]
    links = network.links.to_dict("records")
    root = ET.Element("graphml", xmlns=NAMESPACE)
    keys = _Keys(root)
    about = [keys.data("graph", name, plain(text)) for name, text in network.about.items()]
    filled = [[keys.data("node", *item) for item in values.items()] for _, values in nodes]
    weights = [keys.data("edge", "weight", float(row["weight"])) for row in links]
    kind = "directed" if network.directed else "undirected"
    graph = ET.SubElement(root, "graph", edgedefault=kind)
    graph.extend(about)
    for (ident, _), data in zip(nodes, filled, strict=True):
        ET.SubElement(graph, "node", id=ident).extend(data)
    for row, weight in zip(links, weights, strict=True):
        ends = {"source": plain(row["source"]), "target": plain(row["target"])}
        ET.SubElement(graph, "edge", ends).append(weight)
    ET.indent(root, " ")
    text: str = ET.tostring(root, encoding="unicode")  # as text, then bytes: much the faster way
    return f"{DECLARATION}\n{text}\n".encode()


def colour_of(number: Any) -> str:
    """Colour of a topic by its number, the same in figures and files; grey for none."""
    return SOFT if pd.isna(number) else PALETTE[int(number) % len(PALETTE)]


def _node(row: dict[Any, Any], columns: list[str]) -> tuple[str, dict[str, Any]]:
    values = {name: _plain_value(row[name]) for name in dict.fromkeys(columns)}
    shown = colour_of(row["colour"])
    values["colour"] = shown
    values |= {c: int(shown[i : i + 2], 16) for c, i in (("r", 1), ("g", 3), ("b", 5))}
    if pd.notna(row["x"]) and pd.notna(row["y"]):
        values |= {axis: round(float(row[axis]) * SCALE, 4) for axis in ("x", "y")}
    return plain(row["id"]), {name: value for name, value in values.items() if value is not None}


def _plain_value(value: Any) -> bool | int | float | str | None:
    """A value of a table as Python's own type, null as None."""
    if value is None or pd.isna(value):
        return None
    item = value.item() if hasattr(value, "item") else value
    return plain(item) if isinstance(item, str) else item


class _Keys:
    """Declares each attribute of graph, nodes and edges once, before the graph."""

    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self.known: dict[tuple[str, str], str] = {}

    def data(self, of: str, name: str, value: Any) -> ET.Element:
        ident = self.known.get((of, name))
        if ident is None:
            ident = self.known[of, name] = f"{of[0]}_{name}"
            ET.SubElement(
                self.root, "key", {"id": ident, "for": of, "attr.name": name,
                                   "attr.type": TYPES[type(value)]},
            )  # fmt: skip
        element = ET.Element("data", key=ident)
        element.text = str(value).lower() if isinstance(value, bool) else str(value)
        return element
