"""A generated corpus in the shape of OpenAlex and DOCDB together, for measuring and nothing else.

Every value of document i is a function of i, the number of documents and the seed: counters are
hashed (SplitMix64), no generator has a state. So parts can be made in any order, by any number of
processes, and come out the same; memory holds one part.

Where the figures come from
---------------------------
- Papers and patents 64 : 36, as 280 million works of OpenAlex and 160 million publications of
  DOCDB.
- Growth of 4.1 % a year from 1950 to 2024: Bornmann, Haunschild, Mutz 2021,
  doi:10.1057/s41599-021-00903-w.
- Texts: sentences of real abstracts and halves of real titles of the corpora named, put together
  anew from donors that stand next to each other by class, so that lengths, frequencies of terms
  and what stands beside what are like theirs. Vocabulary does not grow with the corpus.
- Classes of a patent: all codes of one real patent. A paper has three topics and one keyword;
  topics T10001 to T14516 as OpenAlex counts them, skewed by Zipf's law (exponent 1, ours).
- Without abstract: 45 % of papers (OpenAlex, roughly), 40 % of patents (ours).
- In Chinese: 4 % of documents (ours), if a corpus with Chinese texts is named.
- References: 45 % of documents have some, lognormal, ten a document on average (200 million to
  20 million documents). Age lognormal with a median of six years; within a block of 65,536
  documents of about one age the cited is drawn by the power 2.5 of its rank, which gives
  in-degrees a tail of exponent 2.7. These are ours.
- Parties: three authors a paper; an applicant and two to three inventors a patent;
  200,000 organisations by Zipf's law.

Ids do not follow the dates of papers, and no file is in the order of ids: as in a snapshot.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scale_donors import Donors, read_donors

PART = 1 << 16  # documents of a part: what is in memory at a time
PAPERS = 0.64
FIRST, LAST = "1950-01-01", "2024-12-31"
GROWTH = 0.041
NO_ABSTRACT = {"paper": 0.45, "patent": 0.40}
CHINESE = 0.04
CITING, REFERENCES = 0.45, 10.0  # share that has references; mean over all documents
SPREAD = 1.0  # of the logarithm of the number of references
AGE, AGE_SPREAD = 6.0, 0.9  # years, median; of its logarithm
BLOCK, SKEW = 1 << 16, 2.5
TOPICS, ORGANISATIONS, VENUES = 4516, 200_000, 60_000
OFFICES = np.array(["CN", "US", "JP", "EP", "KR", "DE", "WO"])
OFFICE_SHARES = np.array([0.35, 0.2, 0.15, 0.1, 0.08, 0.06, 0.06])
PRIME = 4_294_967_291
NEAR = 24  # donors to either side that sentences come from
SEED = 20270101
TABLES = ("documents", "references", "classes", "parties", "events")
_TEXT = pa.large_string()


def hashed(counter: np.ndarray, stream: int, *, seed: int = SEED) -> np.ndarray:
    """64 random bits for each counter: SplitMix64 (Steele 2014, doi:10.1145/2660193.2660195)."""
    with np.errstate(over="ignore"):
        z = counter.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z += np.uint64((seed * 0x2545F4914F6CDD1D + stream * 0xD1342543DE82EF95) % (1 << 64))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform(counter: np.ndarray, stream: int) -> np.ndarray:
    """A number in [0, 1) for each counter."""
    return (hashed(counter, stream) >> np.uint64(11)) * 2.0**-53


def normal(counter: np.ndarray, stream: int) -> np.ndarray:
    """A standard normal number for each counter (Box and Muller)."""
    radius = np.sqrt(-2 * np.log1p(-uniform(counter, stream)))
    return radius * np.cos(2 * np.pi * uniform(counter, stream + 1))


def _zipf(counter: np.ndarray, stream: int, size: int) -> np.ndarray:
    """A rank from 0 by Zipf's law with exponent 1."""
    return np.minimum(
        np.exp(uniform(counter, stream) * np.log(size + 1)).astype(np.int64) - 1, size - 1
    )


def is_paper(numbers: np.ndarray) -> np.ndarray:
    return uniform(numbers, 1) < PAPERS


def doc_ids(numbers: np.ndarray) -> pa.Array:
    """Ids of documents: papers by a number that tells nothing of their date, patents by office."""
    paper = is_paper(numbers)
    scrambled = 1 + (numbers.astype(np.uint64) * np.uint64(2_654_435_761)) % np.uint64(PRIME)
    number = np.where(paper, scrambled.astype(np.int64), 10_000_000 + numbers)
    heads = pa.array([*OFFICES.tolist(), "openalex:W"], _TEXT)
    head = heads.take(pa.array(np.where(paper, len(OFFICES), offices(numbers))))
    return pc.binary_join_element_wise(head, pa.array(number).cast(_TEXT), pa.scalar("", _TEXT))


def offices(numbers: np.ndarray) -> np.ndarray:
    """Place of each document's office in `OFFICES`."""
    places = np.searchsorted(np.cumsum(OFFICE_SHARES), uniform(numbers, 2), side="right")
    return np.minimum(places, len(OFFICES) - 1)


def day_of(numbers: np.ndarray, total: int) -> np.ndarray:
    """Day of publication: documents are numbered as they appear, and grow by the year."""
    first, last = (np.datetime64(day).astype(int) for day in (FIRST, LAST))
    rate = GROWTH / 365.25
    share = (numbers + 0.5) / total
    return first + np.floor(np.log1p(share * np.expm1(rate * (last + 1 - first))) / rate).astype(
        np.int64
    )


def number_on(days: np.ndarray, total: int) -> np.ndarray:
    """The document that appears on a day: the inverse of `day_of`."""
    first, last = (np.datetime64(day).astype(int) for day in (FIRST, LAST))
    rate = GROWTH / 365.25
    share = np.expm1(rate * (days - first)) / np.expm1(rate * (last + 1 - first))
    return np.floor(share * total).astype(np.int64)


def _iso(days: np.ndarray, keep: np.ndarray | None = None) -> pa.Array:
    texts = pa.array(days.astype("datetime64[D]")).cast(pa.string()).cast(_TEXT)
    return texts if keep is None else pc.if_else(pa.array(keep), texts, pa.scalar(None, _TEXT))


def cited_pairs(numbers: np.ndarray, total: int) -> tuple[np.ndarray, np.ndarray]:
    """Citing and cited documents, each pair once, the cited before the citing."""
    mean = REFERENCES / CITING
    sizes = np.exp(np.log(mean) - SPREAD**2 / 2 + SPREAD * normal(numbers, 10))
    sizes = np.where(uniform(numbers, 12) < CITING, np.rint(sizes).astype(np.int64), 0)
    citing = np.repeat(numbers, sizes)
    place = np.arange(len(citing)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    counter = hashed(citing, 13) + place.astype(np.uint64)
    days = day_of(citing, total) - 365.25 * AGE * np.exp(AGE_SPREAD * normal(counter, 14))
    about = number_on(days, total)
    block = about // BLOCK
    rank = (BLOCK * uniform(counter, 16) ** SKEW).astype(np.int64)
    # Which document of a block has which rank: an odd multiplier permutes a power of two.
    cited = block * BLOCK + (rank * 40_503 + hashed(block, 17).astype(np.int64) % BLOCK) % BLOCK
    kept = (about >= 0) & (cited < citing)
    pairs = np.sort(citing[kept] * total + cited[kept])
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    return pairs // total, pairs % total


def part_tables(number: int, *, total: int, donors: Donors) -> dict[str, pa.Table]:
    """The five tables of one part."""
    numbers = np.arange(number * PART, min((number + 1) * PART, total))
    ids, paper = doc_ids(numbers), is_paper(numbers)
    citing, cited = cited_pairs(numbers, total)
    kinds = pa.array(["patent", "paper"], _TEXT).take(pa.array(is_paper(cited).astype(np.int64)))
    donor = donors.draw(hashed(numbers, 20), paper=paper, chinese=uniform(numbers, 21) < CHINESE)
    return {
        "documents": _documents(numbers, ids, paper, donor, total=total, donors=donors),
        "references": pa.table(
            {
                "citing_id": ids.take(pa.array(citing - numbers[0])),
                "cited_id": doc_ids(cited),
                "cited_kind": kinds,
            }
        ),
        "classes": _classes(numbers, ids, paper, donor, donors=donors),
        "parties": _parties(numbers, ids, paper, donors=donors),
        "events": _events(numbers, ids, paper, total=total),
    }


def _documents(numbers, ids, paper, donor, *, total, donors) -> pa.Table:
    days = day_of(numbers, total)
    patent = ~paper
    missing = uniform(numbers, 30) < np.where(paper, NO_ABSTRACT["paper"], NO_ABSTRACT["patent"])
    filed = days - 300 - (uniform(numbers, 31) * 900).astype(np.int64)
    granted = days + (uniform(numbers, 32) * 1500).astype(np.int64)
    end = np.datetime64(LAST).astype(int)
    none = pa.scalar(None, _TEXT)
    family = pc.binary_join_element_wise(
        pa.scalar("F", _TEXT), pa.array(numbers // 2).cast(_TEXT), pa.scalar("", _TEXT)
    )
    venue = donors.venues.take(pa.array(_zipf(numbers, 33, VENUES) % len(donors.venues)))
    chosen = pa.array(paper.astype(np.int64))
    language = pa.array(donors.is_chinese[donor].astype(np.int64))
    office = pa.array(OFFICES.tolist(), _TEXT).take(pa.array(offices(numbers)))
    return pa.table(
        {
            "doc_id": ids,
            "kind": pa.array(["patent", "paper"], _TEXT).take(chosen),
            "title": donors.titles(donor, hashed(numbers, 34), near=NEAR),
            "abstract": donors.abstracts(donor, hashed(numbers, 35), near=NEAR, missing=missing),
            "language": pa.array(["en", "zh"], _TEXT).take(language),
            "published": _iso(days),
            "filed": _iso(filed, patent),
            "priority": _iso(filed - 365, patent & (uniform(numbers, 36) < 0.6)),
            "granted": _iso(granted, patent & (uniform(numbers, 37) < 0.6) & (granted <= end)),
            "office": pc.if_else(pa.array(paper), none, office),
            "family_id": pc.if_else(pa.array(paper), none, family),
            "venue": pc.if_else(pa.array(paper), venue, none),
            "source": pa.array(["docdb", "openalex"], _TEXT).take(chosen),
            "source_id": pc.replace_substring(ids, "openalex:", ""),
        }
    )  # fmt: skip


def _classes(numbers, ids, paper, donor, *, donors) -> pa.Table:
    places, codes, primary = donors.codes(donor[~paper])
    owners = np.flatnonzero(~paper)[places]
    papers = np.flatnonzero(paper)
    first = _zipf(numbers[papers], 40, TOPICS)
    gap = 1 + hashed(numbers[papers], 41).astype(np.int64) % 9
    topic = np.concatenate([(first + step * gap) % TOPICS for step in range(3)])
    topics = pc.binary_join_element_wise(
        pa.scalar("T", _TEXT), pa.array(10_001 + topic).cast(_TEXT), pa.scalar("", _TEXT)
    )
    keyword = donors.keywords.take(pa.array(_zipf(numbers[papers], 42, len(donors.keywords))))
    n, p = len(owners), len(papers)
    schemes = pa.array(["cpc", "openalex_topic", "keyword"], _TEXT)
    return pa.table(
        {
            "doc_id": ids.take(pa.array(np.concatenate([owners, papers, papers, papers, papers]))),
            "scheme": schemes.take(pa.array(np.repeat([0, 1, 2], [n, 3 * p, p]))),
            "code": pa.concat_arrays([codes, topics, keyword]),
            "primary": pa.concat_arrays(
                [primary, pa.array(np.repeat([True, False], [p, 2 * p])), pa.nulls(p, pa.bool_())]
            ),
        }
    )


def _parties(numbers, ids, paper, *, donors) -> pa.Table:
    people = 1 + np.minimum(np.floor(-np.log1p(-uniform(numbers, 50)) * 2.2), 60).astype(np.int64)
    owner = np.repeat(np.arange(len(numbers)), people)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(people) - people, people)
    counter = hashed(numbers, 51)[owner] + place.astype(np.uint64)
    # Most authors of a paper share the organisation of the first one.
    lead = uniform(counter, 52) < 0.6
    rank = np.where(
        lead, _zipf(numbers[owner], 53, ORGANISATIONS), _zipf(counter, 54, ORGANISATIONS)
    )
    known = paper[owner] & (uniform(counter, 55) < 0.7)
    patents = np.flatnonzero(~paper)
    rank = np.concatenate([rank, _zipf(numbers[patents], 53, ORGANISATIONS)])
    known = pa.array(np.concatenate([known, np.ones(len(patents), bool)]))
    none = pa.scalar(None, _TEXT)
    where = pa.array(hashed(rank, 56).astype(np.int64) % len(donors.places))
    role = np.concatenate([np.where(paper[owner], 0, 1), np.full(len(patents), 2)])
    names = donors.names(hashed(counter, 57))
    return pa.table(
        {
            "doc_id": ids.take(pa.array(np.concatenate([owner, patents]))),
            "role": pa.array(["author", "inventor", "applicant"], _TEXT).take(pa.array(role)),
            "position": pa.array(np.concatenate([place, np.zeros(len(patents), np.int64)])),
            "name": pa.concat_arrays([names, pa.nulls(len(patents), _TEXT)]),
            "org": pc.if_else(known, donors.organisations(rank), none),
            "country": pc.if_else(known, donors.places.field("country").take(where), none),
            "city": pc.if_else(known, donors.places.field("city").take(where), none),
        }
    )


def _events(numbers, ids, paper, *, total) -> pa.Table:
    end = np.datetime64(LAST).astype(int)
    days = day_of(numbers, total)
    granted = np.flatnonzero(~paper & (uniform(numbers, 60) < 0.6))
    later = days + 1500 + (uniform(numbers, 61) * 4000).astype(np.int64)
    lapsed = np.flatnonzero(~paper & (uniform(numbers, 62) < 0.3) & (later <= end))
    return pa.table(
        {
            "doc_id": ids.take(pa.array(np.concatenate([granted, lapsed]))),
            "date": _iso(np.concatenate([days[granted], later[lapsed]])),
            "event": pa.array(["grant", "lapse"], _TEXT).take(
                pa.array(np.repeat([0, 1], [len(granted), len(lapsed)]))
            ),
        }
    )


_donors = cache(read_donors)


def _write_part(number: int, *, total: int, folder: Path, texts: tuple[str, ...]) -> dict[str, int]:
    made = part_tables(number, total=total, donors=_donors(texts))
    for name, data in made.items():
        pq.write_table(data, folder / f"{name}-{number:05}.parquet", compression="zstd")
    return {name: data.num_rows for name, data in made.items()}


def write_scale_corpus(
    total: int, folder: Path, *, texts: tuple[str, ...] = ("sample",), jobs: int = 1
) -> dict[str, int]:
    """Write a generated corpus as parts of the interchange format; number of rows of each table.

    Parameters
    ----------
    total : int
        Documents.
    folder : Path
        Gets `<table>-<part>.parquet`; the rows of other tables stand in the part of their
        document.
    texts : tuple of str
        Corpora whose texts, classes and names are put together anew.
    jobs : int
        Processes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = partial(_write_part, total=total, folder=folder, texts=texts)
    rows = dict.fromkeys(TABLES, 0)
    with ProcessPoolExecutor(jobs) as pool:
        for made in pool.map(work, range(-(-total // PART))):
            for name, number in made.items():
                rows[name] += number
    return rows


def main() -> None:
    """Write a corpus from the command line and tell how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("documents", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", default="sample", help="corpora, joined by commas")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    start = time.perf_counter()
    texts = tuple(given.texts.split(","))
    rows = write_scale_corpus(given.documents, given.folder, texts=texts, jobs=given.jobs)
    seconds = time.perf_counter() - start
    told = ", ".join(f"{number:,} {name}" for name, number in rows.items())
    print(f"{told}: {seconds:.0f} s, {given.documents / seconds:,.0f} documents/s")  # noqa: T201


if __name__ == "__main__":
    main()
