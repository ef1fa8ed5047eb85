"""A corpus as the plain tables that the backtest reads."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from scipy import sparse

from foresight.corpus.history import class_units
from foresight.corpus.institutions import institution
from foresight.corpus.store import Corpus
from foresight.corpus.view import View, as_of
from foresight.emergence.records import Records
from foresight.provenance import VectorCache
from foresight.tables import among
from foresight.topics.embedding import Encoder, embed
from foresight.topics.model import texts_of
from foresight.topics.vocabulary import word_counts

AUTHORS = ("author", "inventor")
FORMS = {"journal": r"journal|^article", "conference": "conference|proceeding"}  # of doc_type


def first_of_family(documents: pd.DataFrame) -> pd.Series:
    """The document that stands for each one: the first of its family to become public.

    Parameters
    ----------
    documents : DataFrame
        doc_id, family_id (null where there is none), published.

    Returns
    -------
    Series indexed by doc_id; a document without a family stands for itself.

    Notes
    -----
    A member that appears later never takes the place of an earlier one, so that what is counted
    at a date does not depend on what came after it.
    """
    ordered = documents.sort_values(["published", "doc_id"], kind="stable")
    family = ordered["family_id"].where(ordered["family_id"].notna(), ordered["doc_id"])
    first = ordered.groupby(family.to_numpy())["doc_id"].transform("first")
    return pd.Series(first.to_numpy(), index=pd.Index(ordered["doc_id"]))


def read_records(
    corpus: Corpus,
    *,
    date: str,
    encoder: Encoder,
    cache: VectorCache,
    jobs: int,
    progress: bool,
    words: bool = True,
) -> Records:
    """Read a corpus as of a date, one document per family, with vectors.

    Parameters
    ----------
    corpus : Corpus
    date : str
        ISO date of knowledge.
    encoder, cache
        What makes the vectors, and where they are kept.
    jobs : int
        Processes that embed.
    progress : bool
        Show a progress bar for embedding.
    words : bool, default True
        Count the words of the texts.

    Returns
    -------
    Records
        The year of a document is that of its publication (docs/decisions/0002-year-basis.md).
    """
    view = as_of(corpus, date)
    columns = [
        "doc_id", "kind", "title", "abstract", "published", "family_id", "doc_type", "venue"
    ]  # fmt: skip
    documents = view.frame("documents")[columns]
    stands_for = first_of_family(documents)
    documents = documents[among(documents["doc_id"], stands_for)].merge(
        view.frame("history"), on="doc_id", how="left", validate="one_to_one"
    )
    documents = documents.sort_values("doc_id").set_index("doc_id")
    documents["year"] = documents["published"].str[:4].astype(int)
    vectors = embed(texts_of(documents), encoder=encoder, cache=cache, jobs=jobs, progress=progress)
    kept = documents[["year", "kind", "n_pairs", "n_first_pairs"]]
    tables = _linked(view, documents.index, stands_for)
    return Records(
        documents=kept.astype({"n_pairs": float, "n_first_pairs": float}),
        vectors=vectors,
        venues=venues(documents),
        **(_words(view, documents.index) if words else {}),
        **tables,
    )


def venues(documents: pd.DataFrame) -> pd.DataFrame:
    """Where papers appeared: the venue as written, case and spaces aside, and what kind it is.

    Parameters
    ----------
    documents : DataFrame indexed by doc_id, sorted
        kind, venue, doc_type.

    Returns
    -------
    DataFrame
        doc_id, venue, form (`journal` or `conference`, by words of the type of document); a row
        per paper of which either is known.
    """
    papers = documents[documents["kind"] == "paper"]
    papers = papers.astype({"venue": "str", "doc_type": "str"})  # all null, they are no text
    name = papers["venue"].str.strip().str.replace(r"\s+", " ", regex=True).str.casefold()
    form = pd.Series(pd.NA, index=papers.index, dtype="str")
    for value, pattern in FORMS.items():
        said = papers["doc_type"].str.contains(pattern, case=False).fillna(value=False).astype(bool)
        form = form.mask(said, value)
    frame = pd.DataFrame({"venue": name, "form": form}).rename_axis("doc_id")
    return frame.dropna(how="all").reset_index()


def authorship(parties: pd.DataFrame) -> pd.DataFrame:
    """Who wrote or invented what: doc_id, person (the name as written, case and ends aside)."""
    people = parties.loc[parties["role"].isin(AUTHORS) & parties["name"].notna()]
    frame = people.assign(person=people["name"].str.strip().str.casefold())
    return frame[["doc_id", "person"]].drop_duplicates()


def _words(view: View, ids: pd.Index) -> dict[str, sparse.csr_array]:
    """Words of title and abstract, from the texts that the corpus keeps for matching."""
    texts = view.frame("search_text").set_index("doc_id").reindex(ids)
    columns = (pa.chunked_array([pa.array(texts[name], pa.large_string(), from_pandas=True)])
               for name in ("text_en", "text_zh"))  # fmt: skip
    words, bigrams = word_counts(*columns)
    return {"words": words, "bigrams": bigrams}


def _linked(view: View, ids: pd.Index, stands_for: pd.Series) -> dict[str, pd.DataFrame]:
    """References, classes and parties of the documents kept."""
    references = view.frame("references")[["citing_id", "cited_id", "cited_kind", "cited_year"]]
    references = references[among(references["citing_id"], ids)]
    cited = references["cited_id"]
    references = references.assign(cited_id=cited.map(stands_for).fillna(cited))
    units = view.corpus.read(class_units(view.documents, view.classes))
    parties = view.frame("parties")
    parties = parties[among(parties["doc_id"], ids)]
    names = parties.loc[parties["org"].notna(), ["doc_id", "org"]]
    kinds = {name: institution(name) for name in names["org"].unique()}
    found = {
        "classes": units[among(units["doc_id"], ids)].rename(columns={"unit": "code"}),
        "organisations": parties.dropna(subset=["org_id"]),
        "countries": parties.dropna(subset=["country"]),
        "people": authorship(parties),
        "institutions": names.assign(institution=names["org"].map(kinds).astype("str")).dropna(),
    }
    columns = {
        "classes": "code", "organisations": "org_id", "countries": "country", "people": "person",
        "institutions": "institution",
    }  # fmt: skip
    tables = {}
    for name, frame in found.items():
        pair = ["doc_id", columns[name]]
        tables[name] = frame[pair].drop_duplicates().sort_values(pair).reset_index(drop=True)
    return {"references": references.reset_index(drop=True), **tables}
