"""Exports of a sector: networks, references and tables in the formats that other programs read.

Pure functions make the bytes; `write_exports` writes them. The same study gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from foresight.brief.exports.bibtex import bibtex
from foresight.brief.exports.entries import entries, evidence
from foresight.brief.exports.graphml import graphml
from foresight.brief.exports.model import ExportInputs, Network
from foresight.brief.exports.networks import citation_network, topic_network
from foresight.brief.exports.ris import ris
from foresight.brief.exports.vosviewer import vosviewer_json, vosviewer_map, vosviewer_network
from foresight.brief.exports.workbook import workbook
from foresight.brief.study import CompanionFile, Study
from foresight.brief.wording import count, documents
from foresight.provenance import atomic_path

FOLDER = "exports"


def make_exports(
    study: Study, inputs: ExportInputs, *, tables: Mapping[str, pd.DataFrame]
) -> list[tuple[CompanionFile, bytes]]:
    """All exports of a sector, each with what the brief says of it.

    Parameters
    ----------
    study : Study
    inputs : ExportInputs
    tables : mapping
        The sector's tables by name, among them `claims` and `candidates`.

    Returns
    -------
    list of (CompanionFile, bytes)
        A network without nodes and a list of references without entries have no file.
    """
    topics, citations = topic_network(study), citation_network(study, inputs)
    cited = evidence(tables["claims"], tables["candidates"], track=study.track.slug)
    found = entries(cited, inputs)
    of_topics = ("主题相似网络", "network of topics by likeness")
    of_citations = (
        f"赛道内引文网络（{citations.about['limit_zh']}）",
        f"network of citations ({citations.about['limit']})",
    )
    files = [
        *_network_files("topics", topics, *of_topics),
        *_network_files("citations", citations, *of_citations),
    ]
    if found:
        zh, en = (
            f"作为依据的 {count(len(found))} 件文献",
            f"evidence: {documents(len(found), 'en')}",
        )
        files += [
            ("references.ris", f"{zh}，RIS（Zotero、EndNote）", f"{en}, RIS", ris(found)),
            ("references.bib", f"{zh}，BibTeX", f"{en}, BibTeX", bibtex(found)),
        ]
    book = workbook(study, tables)
    files.append(("tables.xlsx", "以上全部表格，Excel", "all tables above, Excel", book))
    return [(CompanionFile(f"{FOLDER}/{name}", zh, en), data) for name, zh, en, data in files]


def write_exports(
    folder: Path, study: Study, inputs: ExportInputs, *, tables: Mapping[str, pd.DataFrame]
) -> tuple[CompanionFile, ...]:
    """Write the exports below a sector's folder, each atomically; what was written, in order.

    Parameters and files as in `make_exports`.
    """
    made = make_exports(study, inputs, tables=tables)
    for file, data in made:
        with atomic_path(folder / file.name) as part:
            part.write_bytes(data)
    return tuple(file for file, _ in made)


def _network_files(
    stem: str, network: Network, zh: str, en: str
) -> Iterator[tuple[str, str, str, bytes]]:
    if network.nodes.empty:
        return
    yield f"{stem}.graphml", f"{zh}，GraphML（Gephi）", f"{en}, GraphML", graphml(network)
    start = f"vosviewer_{stem}"
    zh_map, zh_links = "VOSviewer 节点文件", "VOSviewer 连线文件"
    yield f"{start}_map.txt", zh_map, "VOSviewer, map file", vosviewer_map(network)
    if len(network.links):
        links = vosviewer_network(network)
        yield f"{start}_network.txt", zh_links, "VOSviewer, network file", links
    yield f"{start}.json", "VOSviewer JSON 文件", "VOSviewer, JSON", vosviewer_json(network)


__all__ = ["FOLDER", "ExportInputs", "make_exports", "write_exports"]
