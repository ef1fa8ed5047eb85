"""Networks of a sector: its topics by likeness, its documents by citation."""

from __future__ import annotations

from foresight.brief.address import document_url
from foresight.brief.escape import plain, shorten
from foresight.brief.exports.model import ExportInputs, Network, about_study
from foresight.brief.study import Study
from foresight.brief.wording import count, pick

MOST_DOCUMENTS = 2000  # nodes that can be told apart, and that Gephi and VOSviewer lay out at once
LABEL_COLUMNS = 60  # columns of a document's title used as its label
LINKS = ["source", "target", "weight"]
TOPIC_FACTS = ("label_zh", "label_en", "stage", "n_recent", "born", "n_zhejiang", "steadiness")
DOCUMENT_FACTS = ("title", "kind", "published", "year", "office", "topic_id", "cites")


def topic_network(study: Study) -> Network:
    """Topics of a track, linked by the cosine of their mean document vectors.

    Likeness is chosen because every corpus has it. A document has one topic, so that topics share
    no documents; lineage links topics to their own past, not to each other; organisations or
    references in common are missing from many corpora. Pairs whose cosine is not above zero have
    no link.

    Returns
    -------
    Network, undirected; a node lies at the median of its documents on the topic map
    """
    columns = ["unit_id", "score", "p_growth", "stage"]
    scores = study.scores[columns].rename(columns={"unit_id": "topic_id"})
    nodes = study.topics.merge(scores, on="topic_id", how="left", validate="one_to_one")
    places = study.documents.groupby("topic_id")[["x", "y"]].median().round(6)
    nodes = nodes.merge(places, on="topic_id", how="left").rename(columns={"topic_id": "id"})
    nodes["label"] = nodes["label_zh"]
    nodes["description"] = nodes["label_zh"] + " · " + nodes["label_en"]
    nodes["url"] = None
    for name in ("score", "p_growth", "steadiness"):
        nodes[name] = nodes[name].astype(float).round(6)
    links = study.topic_similarity.set_axis(LINKS, axis=1)
    links = links[links["weight"].astype(float) > 0]
    return Network(
        directed=False,
        nodes=nodes.sort_values("id").reset_index(drop=True),
        links=links.sort_values(LINKS[:2]).reset_index(drop=True),
        weights={"n_docs": "Documents"},
        scores={"score": "Emergence score", "p_growth": "P(growth)"},
        facts=TOPIC_FACTS,
        about={
            **about_study(study),
            "title": "Topics and their likeness",
            "nodes": "Topics of the track.",
            "links": "Cosine of the mean document vectors of two topics, where above zero.",
        },
    )


def citation_network(study: Study, inputs: ExportInputs, *, most: int = MOST_DOCUMENTS) -> Network:
    """Documents of a track that cite each other.

    Parameters
    ----------
    study, inputs
    most : int, default 2000
        Documents kept: those with most references given and received within the track, ties by
        doc_id. Links between documents kept are all there.

    Returns
    -------
    Network, directed from the citing to the cited; without nodes where nothing is cited
    """
    edges = inputs.references.sort_values(["citing_id", "cited_id"])
    cites, cited = edges["citing_id"].value_counts(), edges["cited_id"].value_counts()
    degree = cites.add(cited, fill_value=0).rename("degree").rename_axis("id").reset_index()
    order = degree.sort_values(["degree", "id"], ascending=[False, True])
    kept = set(order["id"].head(most))
    nodes = study.documents[study.documents["doc_id"].isin(kept)].rename(columns={"doc_id": "id"})
    nodes = nodes.merge(
        study.topics[["topic_id", "colour"]].astype({"topic_id": object}),
        on="topic_id", how="left",
    )  # fmt: skip
    nodes["cites"] = nodes["id"].map(cites).fillna(0).astype(int)
    nodes["cited"] = nodes["id"].map(cited).fillna(0).astype(int)
    nodes["label"] = nodes["title"].map(lambda title: shorten(title, LABEL_COLUMNS))
    nodes["label"] = nodes["label"].where(nodes["label"] != "", nodes["id"])
    nodes["description"] = nodes["title"].map(plain) + " · " + nodes["published"]
    nodes["url"] = [document_url(doc_id) for doc_id in nodes["id"]]
    inside = edges["citing_id"].isin(kept) & edges["cited_id"].isin(kept)
    links = edges[inside].set_axis(LINKS[:2], axis=1).assign(weight=1.0)
    return Network(
        directed=True,
        nodes=nodes.sort_values("id").reset_index(drop=True),
        links=links.reset_index(drop=True),
        weights={"cited": "Citations within the track"},
        scores={"year": "Year"},
        facts=DOCUMENT_FACTS,
        about={
            **about_study(study),
            "title": "Documents and their citations within the track",
            "nodes": "Documents of the track that cite or are cited within it.",
            "links": "From the citing to the cited document; the corpus gives the references.",
            "limit": limit_text(len(order), most, lang="en"),
            "limit_zh": limit_text(len(order), most, lang="zh"),
        },
    )


def limit_text(n: int, most: int, *, lang: str) -> str:
    """What became of the `n` documents with a citation where at most `most` are kept."""
    all_, kept = count(n), count(most)
    if n <= most:
        return pick(
            lang,
            f"有引用关系的文献全部 {all_} 件，上限 {kept} 件",
            f"all {all_} documents with a citation within the track, limit {kept}",
        )
    return pick(
        lang,
        f"有引用关系的文献 {all_} 件中引用最多的 {kept} 件",
        f"the {kept} documents with most citations given and received, of {all_}",
    )
