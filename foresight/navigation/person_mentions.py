"""Mentions of authors and inventors, with all that they are compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.corpus.normalise import organisation_id
from foresight.errors import InsufficientDataError
from foresight.navigation.person_names import PersonName, read_names
from foresight.tables import PARTIES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROLES = ("author", "inventor")
OWNERS = ("applicant", "owner")
LEAST_WEIGHT = 1e-3  # of what all documents share: shared, if hardly telling
_WORD = re.compile(r"[a-z0-9]{3,}")
_HAN = re.compile(r"(?=([\u3400-\u9fff]{2}))")
_CITY_TAIL = re.compile(r"-(?:si|shi|gun|gu|ku|do)$|\bcity$|市$")


@dataclass(frozen=True)
class Mentions:
    """Mentions of one corpus, ready to compare; row i of every attribute is mention i.

    Attributes
    ----------
    names : list of PersonName
    name_mentions, name_applicants : array of float
        log(1 + number) of mentions, and of applicants, of the same name in the corpus.
    documents : array of int, number of the mention's document
    coinventors, applicants, applicant_words, subclasses, titles : sparse arrays
        Weighted so that a row times another is what they share: the sum of rarities (0 to 1
        each) for co-inventors and applicants, a cosine for the others.
    cities, regions, countries : arrays of int, -1 where not stated
    years : array of float, of the earliest of priority, filed and published
    """

    names: list[PersonName]
    name_mentions: Floats
    name_applicants: Floats
    documents: Ints
    coinventors: sparse.csr_array
    applicants: sparse.csr_array
    applicant_words: sparse.csr_array
    subclasses: sparse.csr_array
    titles: sparse.csr_array
    cities: Ints
    regions: Ints
    countries: Ints
    years: Floats


def known_documents(documents: pd.DataFrame, *, as_of: str) -> pd.DataFrame:
    """Documents published by `as_of` and not withdrawn, indexed and sorted by doc_id.

    With `year`, of publication, and `made`, the year of the earliest of its dates.

    Raises
    ------
    InsufficientDataError
        If there is none.
    """
    status = documents.get("status", pd.Series(index=documents.index, dtype="str"))
    keep = (documents["published"] <= as_of) & (status != "withdrawn").fillna(True)
    found = documents[keep].set_index("doc_id").sort_index()
    if found.empty:
        msg = (
            f"No document was published by {as_of}. Give a later date; the first one appeared on "
            f"{documents['published'].min()}."
        )
        raise InsufficientDataError(msg)
    dates = [name for name in ("priority", "filed", "published") if name in found.columns]
    first = found[dates].astype(object).where(found[dates].notna(), "9999").min(axis=1)
    return found.assign(year=found["published"].str[:4].astype(int), made=first.str[:4].astype(int))


def prepare(
    parties: pd.DataFrame, known: pd.DataFrame, classes: pd.DataFrame
) -> tuple[pd.DataFrame, Mentions]:
    """Mentions with what they are compared by, in an order that their content alone decides.

    Parameters
    ----------
    parties, classes : DataFrame
    known : DataFrame, of `known_documents`

    Returns
    -------
    rows : DataFrame
        doc_id, role, position, name, year, published.
    mentions : Mentions
    """
    full = with_all_columns(parties)
    full = full[full["doc_id"].isin(known.index)]
    rows = _named(full, known)
    n, n_docs = len(rows), rows["doc_id"].nunique()
    owners = _owners(full, rows)
    owners["doc_id"] = rows["doc_id"].to_numpy()[owners["row"]]
    owners["key"] = rows["key"].to_numpy()[owners["row"]]
    per_name = owners[["key", "org"]].drop_duplicates().groupby("key").size()
    named = rows[["doc_id", "key"]].drop_duplicates()
    beside = rows[["doc_id"]].assign(row=rows.index, own=rows["key"]).merge(named, on="doc_id")
    beside = beside[beside["own"] != beside["key"]]
    held = owners[["doc_id", "org"]].drop_duplicates()["org"]
    coded = classes[classes["doc_id"].isin(known.index)]
    docs, ids = pd.factorize(rows["doc_id"], sort=True)

    def on_documents(doc: pd.Series, value: pd.Series) -> sparse.csr_array:
        where = ids.get_indexer(pd.Index(doc))
        keep = where >= 0
        return _cosine(where[keep], value[keep], len(ids))[docs]

    mentions = Mentions(
        names=rows["read"].tolist(),
        name_mentions=np.log1p(rows.groupby("key")["key"].transform("size").to_numpy(float)),
        name_applicants=np.log1p(rows["key"].map(per_name).fillna(0).to_numpy(float)),
        documents=docs,
        coinventors=_weighted(beside["row"], beside["key"], _rarity(named["key"], n_docs), n),
        applicants=_weighted(owners["row"], owners["org"], _rarity(held, n_docs), n),
        applicant_words=_cosine(*_words(owners["row"], owners["org"]), n),
        subclasses=on_documents(coded["doc_id"], _subclass(coded)),
        titles=on_documents(*_words(known.index.to_series(), known["title"])),
        cities=_codes(mapped(rows["city"], _city)),
        regions=_codes(rows["region"]),
        countries=_codes(rows["country"]),
        years=rows["made"].to_numpy(float),
    )
    return rows[["doc_id", "role", "position", "name", "year", "published"]], mentions


def with_all_columns(parties: pd.DataFrame) -> pd.DataFrame:
    """The columns of `PARTIES`, those that are absent or all null as empty text."""
    blank = pd.Series(None, index=parties.index, dtype="str")
    return pd.DataFrame(
        {
            name: parties[name] if name in parties and parties[name].notna().any() else blank
            for name in PARTIES.names
        },
        index=parties.index,
    )


def _named(full: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Mentions with a legible name, in the order of their content."""
    rows = full[full["role"].isin(ROLES) & full["name"].notna()].copy()
    read = read_names(rows["name"])
    rows["read"] = rows["name"].map(read)
    rows = rows[rows["read"].notna()]
    rows["key"] = [name.key for name in rows["read"]]
    for column in ("year", "made", "published", "title"):
        rows[column] = rows["doc_id"].map(known[column])
    by = ["key", "made", "published", "title", "name", "org", "country", "region", "city"]
    rows = rows.sort_values([*by, "doc_id", "role", "position"], kind="stable")
    return rows.reset_index(drop=True)


def mapped(values: pd.Series, function: Callable[[str], object], dtype: str = "str") -> pd.Series:
    """A function of texts, once for each distinct text; null stays null."""
    each = {text: function(text) for text in values.dropna().unique()}
    found = [None if null else each[text] for text, null in zip(values, values.isna(), strict=True)]
    return pd.Series(found, index=values.index, dtype=dtype)


def _owners(full: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """row, org: organisations of each mention, its own or else those of its document."""
    held = full[full["role"].isin(OWNERS)]
    holder = held.assign(org=_organisation(held)).dropna(subset=["org"])
    holder = holder[["doc_id", "org"]].drop_duplicates()
    own = _organisation(rows)
    stated = pd.DataFrame({"row": rows.index, "org": own}).dropna()
    silent = rows.loc[own.isna(), ["doc_id"]].rename_axis("row").reset_index()
    return pd.concat([stated, silent.merge(holder, on="doc_id")[["row", "org"]]], ignore_index=True)


def _organisation(rows: pd.DataFrame) -> pd.Series:
    org: pd.Series = rows["org_id"].fillna(mapped(rows["org"], organisation_id))
    return org


def _rarity(values: pd.Series, n_docs: int) -> pd.Series:
    """Rarity of values by the documents that have them: 1 for one document, 0 for all."""
    counts = values.value_counts()
    rarity: pd.Series = 1.0 - np.log(counts) / np.log(max(n_docs, 2))
    return rarity


def _weighted(row: pd.Series, value: pd.Series, weight: pd.Series, n: int) -> sparse.csr_array:
    """Rows of square roots of weights, so that a product of rows adds up the shared weights."""
    codes, names = pd.factorize(value, sort=True)
    root = np.sqrt(np.maximum(weight.reindex(names).to_numpy(float), LEAST_WEIGHT))
    shape = (n, max(len(names), 1))
    return sparse.csr_array((root[codes], (row.to_numpy(), codes)), shape=shape)


def _cosine(row: pd.Series | Ints, value: pd.Series, n: int) -> sparse.csr_array:
    """Rows of length 1 of inverse document frequencies; repeated pairs count once."""
    pairs = pd.DataFrame({"row": np.asarray(row), "value": value.to_numpy()}).drop_duplicates()
    codes, names = pd.factorize(pairs["value"], sort=True)
    idf = np.log((n + 1) / np.bincount(codes, minlength=len(names)))
    shape = (n, max(len(names), 1))
    matrix = sparse.csr_array((idf[codes], (pairs["row"].to_numpy(), codes)), shape=shape)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1 / np.where(length > 0, length, 1)) @ matrix)


def _words(row: pd.Series, text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """row, word: words of three letters or more; pairs of characters of Chinese."""
    found = mapped(text, _terms, "object")
    pairs = pd.DataFrame({"row": row.to_numpy(), "word": found.to_numpy()})
    pairs = pairs.explode("word").dropna()
    return pairs["row"], pairs["word"]


def _terms(text: str) -> list[str]:
    flat = unicodedata.normalize("NFKC", text).casefold()
    return sorted({*_WORD.findall(flat), *_HAN.findall(flat)})


def _subclass(coded: pd.DataFrame) -> pd.Series:
    """Codes of CPC and IPC cut to the subclass; others whole."""
    whole = ~coded["scheme"].isin(["cpc", "ipc"])
    cut: pd.Series = coded["code"].where(whole, coded["code"].str[:4])
    return cut


def _city(city: str) -> str:
    flat = _CITY_TAIL.sub("", unicodedata.normalize("NFKC", city).casefold().strip())
    return "".join(c for c in flat if c.isalnum())


def _codes(values: pd.Series) -> Ints:
    codes, _ = pd.factorize(values, sort=True)
    return np.asarray(codes)
