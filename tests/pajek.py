"""Networks in Pajek's format, as far as the public test records use it."""

import gzip
import re

import numpy as np
import pandas as pd

from foresight.indicators.graph import from_arrays


def read_network(path):
    """Labels, and the two ends of every arc (numbers from 0), repeated ones and loops included.

    `*arcs` holds pairs (a weight after them is ignored), `*arcslist` a tail and its heads;
    `*edges` (undirected) must be empty.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    labels, pairs, part = [], [], ""
    with opener(path, "rt", encoding="latin-1") as lines:
        for raw in lines:
            line = raw.strip()
            if not line or line.startswith("%"):
                continue
            if line.startswith("*"):
                part = line.split()[0].lower()
            elif part == "*vertices":
                labels.append(re.search(r'"(.*?)"', line)[1])
            elif part == "*arcs":
                pairs.append(line.split()[:2])
            elif part == "*arcslist":
                tail, *heads = line.split()
                pairs.extend((tail, head) for head in heads)
            else:
                raise ValueError(f"{path}: a line of {part or 'no part'} is not read: {line}")
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2) - 1
    return labels, ends[:, 0], ends[:, 1]


def read_numbers(path):
    """One number per vertex: a partition (.clu) or a vector (.vec)."""
    with path.open(encoding="latin-1") as lines:
        values = [line.strip() for line in lines]
    start = next(i for i, line in enumerate(values) if line.lower().startswith("*vertices")) + 1
    return np.array([value for value in values[start:] if value], dtype=float)


# folder: network, years, and whether its arcs run from citing to cited
NETWORKS = {
    "SmallW": ("SmallW.net", "SmallPY.clu", False),
    "SmaGri": ("SmaGri.net", "SmaGriPY.clu", False),
    "SciMet": ("SciMet.net", "SciMetPY.clu", False),
    "Kohonen": ("Kohonen.net", "KohPY.clu", False),
    "Kroto": ("kroto.net", "krPY.clu", False),
    "Zewail": ("Zewail.net", None, False),
    "Lederberg": ("Lederberg.net", "LedPY.clu", False),
    "hep-th": ("hep-th-new.net.gz", "year-new.vec", True),
}


def read_graph(shared, name):
    """The citation graph of a network, ids its vertex numbers from 1; and its labels."""
    network, years, straight = NETWORKS[name]
    folder = shared / "citation_networks" / name
    labels, tails, heads = read_network(folder / network)
    times = read_numbers(folder / years) if years else np.full(len(labels), np.nan)
    citing, cited = (tails, heads) if straight else (heads, tails)
    ids = pd.RangeIndex(1, len(labels) + 1)
    return from_arrays(times, citing, cited, ids=ids), labels
