"""Everything that is computed over whole corpora, on one engine, in a process of its own.

`python engine_runs.py corpora FOLDER` writes the corpora; `… results FOLDER OUT [PARTS [PGID]]`
computes with the engine of FORESIGHT_ENGINE and writes one Parquet file per result of PARTS. With
PGID, that process group is killed while tasks of a stage run and others are done.
"""

import json
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from bulk_samples import works

DAY = "2015-12-31"
TERMS = (
    ("battery", "battery/solid", "keyword_en", "solid electrolyte"),
    ("battery", "battery/solid", "broad_class", "H01M4"),
    ("battery", None, "core_class", "H01M10/05"),
    ("battery", None, "context_en", "LED"),
    ("battery", None, "exclude_en", "paper bag"),
    ("models", None, "keyword_zh", "大模型"),
    ("models", None, "keyword_zh", "氢"),
    ("models", None, "keyword_zh", "锂,钠"),
    ("models", "models/chip", "context_zh", "芯片"),
    ("models", "models/chip", "broad_class", "G06N"),
    ("models", None, "topic", "T10018"),
)
TITLES = (
    "A solid electrolyte | of sulfide",
    "LED lamps in a battery. Solid\nelectrolytes",
    "基于大模型的芯片设计方法",
    "一种锂，钠电池，绿氢",
    "ΟΔΟΣ ΤΗΣ ΣΟΦΙΑΣ; İSTANBUL",
    "𠮷野家 😀 {{x}} \\d+ $1 '\"",
    "paper bag with a solid electrolyte",
    "An Editorial of Nothing at all",
)
KEYWORDS = (
    "ΟΔΟΣ",
    "οδος",
    "İZMIR",
    "izmir",
    " Battery ",
    "battery",
    "固态",
    "a|b",
    "e\\d",
    "ＬＥＤ",
)


# Records of one document in two corpora: by title, by filing, by family.
PAIRED = (
    (
        ("doi:10.1101/pre", "Sodium ions in layered cells at rest", "paper", None, None),
        ("US20110000001A1", "Sodium ions that move in cells", "patent", "2010-05-06", None),
        ("EP2000001A1", "Cell of a family", "patent", "2010-05-07", "F-900"),
    ),
    (
        ("doi:10.1/final", "Sodium Ions in Layered Cells at Rest", "paper", None, None),
        ("US9100001B2", "Sodium ions that move in cells", "patent", "2010-05-06", None),
        ("JP2000001A", "电池", "patent", "2010-05-08", "F-900"),
    ),
)


def own_id(n, *, later):
    """Id of a document; the later corpus has some under another one."""
    if n % 4 == 3:
        numbers = (f"US{9000000 + n}B2", f"CN{101000000 + n}{'B' if later else 'A'}")
        return numbers[n // 4 % 2]
    return f"arxiv:21{n:02d}.00001v1" if later and n % 3 == 0 else f"doi:10.1/x{n + 300 * later}"


def papers(numbers, *, later=False):
    """Tables of papers and patents with odd texts, references to each other and to others."""
    docs, classes, parties, references, events = [], [], [], [], []
    for n in numbers:
        patent = n % 4 == 3
        docs.append(
            {
                "doc_id": own_id(n, later=later),
                "kind": "patent" if patent else "paper",
                "title": f"{TITLES[n % len(TITLES)]}" + (f" {n // 16}" if n % 3 else ""),
                "abstract": None if n % 5 == 0 else f"Words of {TITLES[(n + 3) % len(TITLES)]}.",
                "published": f"{2005 + n % 12}-{1 + n % 12:02d}-{1 + (n + later) % 28:02d}",
                "granted": f"{2006 + n % 12}-01-05" if patent and n % 3 else None,
                "filed": f"{2003 + n % 12}-02-03" if patent else None,
                "office": own_id(n, later=later)[:2] if patent and n % 7 else None,
                "family_id": f"F{n // 8}" if patent and n % 5 == 0 else None,
                "doc_type": "B2" if patent else ("preprint" if n % 6 == 0 else None),
                "source": ("arxiv", "crossref", None)[n % 3],
                "source_id": f"21{n:02d}.00001" if n % 3 == 0 else None,
                "status": "withdrawn" if n % 31 == 30 else None,
            }
        )
        own = docs[-1]["doc_id"]
        for k in range(n % 4):
            scheme, code = (
                ("cpc", f"H01M10/05{k}") if patent else ("keyword", KEYWORDS[(n + k) % 10])
            )
            classes.append(
                {"doc_id": own, "scheme": scheme, "code": code, "primary": (True, None)[k % 2]}
            )
        topic = "https://openalex.org/T10018" if n % 2 else "t10018"
        classes.append({"doc_id": own, "scheme": "openalex_topic", "code": topic, "primary": None})
        people = (("Li, Wei{}", "Wei{} Li")[later].format(n % 5), "Øre, Ł.", None)
        for k in range(1 + n % 3):
            org = ("Zhejiang University", "浙江大学", None, "ACME GmbH")[(n + k) % 4]
            place = {"country": ("CN", None, "NY")[k], "city": ("Hangzhou", None, None)[k]}
            role = "inventor" if patent else "author"
            row = {"doc_id": own, "role": role, "position": k, "name": people[k], "org": org}
            parties += [{**row, **place}]
        for k in range(n % 6):
            cited = own_id((n * 7 + k) % 90, later=later) if k % 2 else f"doi:10.9/out{k}"
            if k == 3:
                cited = f"doi:10.48550/arXiv.21{(n + 1) % 60:02d}.00001v2"
            year = 2001 + k if k % 3 else None
            references += [{"citing_id": own, "cited_id": cited, "cited_year": year}]
        if patent:
            events.append({"doc_id": own, "date": f"20{10 + n % 9}-05-05", "event": "transfer"})
    for own, title, kind, filed, family in PAIRED[later]:
        docs.append(
            {"doc_id": own, "kind": kind, "title": title, "published": f"201{2 + later}-03-04",
             "filed": filed, "office": own[:2] if filed else None, "family_id": family,
             "source": "lens"}
        )  # fmt: skip
        role = "inventor" if filed else "author"
        parties.append({"doc_id": own, "role": role, "position": 0, "name": "Zhang, San"})
    tables = {"documents": docs, "classes": classes, "parties": parties, "events": events}
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    frames["references"] = pd.DataFrame(references).astype({"cited_year": "Int64"})
    return {
        name: frame.drop_duplicates(
            {"references": ["citing_id", "cited_id"], "classes": ["doc_id", "scheme", "code"]}.get(
                name
            )
        )
        for name, frame in frames.items()
    }


def write_corpora(folder):
    """A slice of the default corpus, and two of papers and patents that overlap."""
    from foresight.corpus.store import write_corpus
    from foresight.sources.base import conform, from_frames
    from foresight.sources.sample import read_sample, sample_file
    from foresight.tables import FAMILY_MEMBERS

    part = folder / "slice.parquet"
    mentions = duckdb.read_parquet(str(sample_file()))
    mentions.filter("hash(patent_id) % 250 = 0").write_parquet(str(part))
    write_corpus(read_sample(part), name="slice")
    write_corpus(from_frames(papers(range(80))), name="papers")
    listed = {"doc_id": "US9000051B2", "member_id": "US9000055B2", "known_by": "listed"}
    members = conform(pa.table({name: [text] for name, text in listed.items()}), FAMILY_MEMBERS)
    others = from_frames(papers(range(40, 110), later=True))
    write_corpus(replace(others, members=members), name="others")


def _match():
    from foresight.corpus import select
    from foresight.corpus.store import open_corpus
    from foresight.tracks import load_registry

    corpus, terms = open_corpus("slice"), load_registry().terms()
    yield "slice_matches", select.match_tracks(corpus, terms)
    yield "slice_strata", select.track_strata(corpus, terms)


def _views():
    from foresight.corpus import history, select
    from foresight.corpus.spans import spans
    from foresight.corpus.store import open_corpus
    from foresight.corpus.view import as_of, default_as_of

    corpus = open_corpus("papers")
    terms = pd.DataFrame(TERMS, columns=["track", "sub_direction", "kind", "term"], dtype="str")
    yield "matches", select.match_tracks(corpus, terms)
    yield "strata", select.track_strata(corpus, terms)
    for opened, day in ((open_corpus("slice"), "2010-06-30"), (corpus, DAY)):
        view = as_of(opened, day)
        yield f"{opened.name}_yearly_totals", view.yearly_totals()
        some = sorted(view.frame("documents")["doc_id"])[::3]
        for table in ("documents", "references", "classes", "parties", "events", "history"):
            yield f"{opened.name}_{table}_of_subset", view.frame(table, some)
    yield "default_day", pd.DataFrame({"day": [default_as_of(corpus), view.last_published]})
    firsts = history.first_organisations(corpus.table("documents"), corpus.table("parties"))
    yield "first_organisations", corpus.read(firsts)
    units = history.class_units(corpus.table("documents"), corpus.table("classes"))
    pairs = history.document_pairs(units)
    firsts = history.pair_firsts(pairs)
    yield "pair_firsts", corpus.read(firsts.order_by("a", "b"))
    found = history.first_pairs(corpus.table("documents"), units, pairs, firsts)
    yield "first_pairs", corpus.read(found)
    yield "spans", pd.DataFrame({"first": [span.first for span in spans(corpus, size=13)]})


def _counts():
    from foresight.concordance import Reclassification
    from foresight.corpus import coverage, moves, pairs
    from foresight.corpus.store import open_corpus
    from foresight.corpus.view import as_of

    corpus = open_corpus("papers")
    view = as_of(corpus, DAY)
    yield "composition", coverage.composition(view)
    yield "fill_counts", coverage.fill_counts(view)
    yield "duplicates", coverage.duplicate_counts(view, corpus.manifest)
    row = Reclassification(("H01M10/05",), ("H01M10/052",), "2010.01", "moved", "移")
    yield "moves", moves.moved_years(view, [row])
    tables = (corpus.table("documents"), corpus.table("classes"))
    yield "recombinations", corpus.read(pairs.recombinations(*tables))
    yield "pair_counts", corpus.read(pairs.pair_counts(*tables))


def _merge():
    from foresight.corpus.merge import IDENTITY, merge_corpora

    merged = merge_corpora(["papers", "others"], name="merged")
    yield "merged_identity", pq.read_table(merged.folder / IDENTITY)
    yield "merged_members", pq.read_table(merged.folder / "family_members.parquet")
    yield from _whole(merged)


def _bulk():
    from foresight.run.reading import read_bulk

    lines = Path(os.environ["FORESIGHT_RAW"]).parent / "works.jsonl"
    lines.write_text("".join(json.dumps(one) + "\n" for one in [*works(), *works(5)]))
    read, account = read_bulk("openalex-snapshot", [lines], name="bulk", today="2030-01-01")
    yield "bulk_account", pd.DataFrame({"text": account.text().splitlines()})
    yield from _whole(read)


def _whole(corpus):
    """All files of a corpus, and what its manifest says."""
    from foresight.corpus.store import STORED

    text = json.dumps(corpus.manifest, sort_keys=True)
    yield f"{corpus.name}_manifest", pd.DataFrame({"text": [text]})
    for table in STORED:
        yield f"{corpus.name}_{table}", pq.read_table(corpus.folder / f"{table}.parquet")


PARTS = {"match": _match, "views": _views, "counts": _counts, "merge": _merge, "bulk": _bulk}


def kill_when_busy(group, out):
    """Kill a process group while tasks of a job run; write when."""
    from pyspark import SparkContext

    tracker = SparkContext._active_spark_context.statusTracker()

    def watch():
        while True:
            for stage in tracker.getActiveStageIds():
                info = tracker.getStageInfo(stage)
                if info and info.numActiveTasks and info.numCompletedTasks:
                    os.killpg(group, signal.SIGKILL)
                    found = {"stage": stage, "active": info.numActiveTasks, "at": time.time()}
                    (out / "killed.json").write_text(json.dumps(found))
                    return
            time.sleep(0.01)

    threading.Thread(target=watch, daemon=True).start()


def main(what, folder, out=None, parts=None, group=None):
    folder = Path(folder)
    for name in ("corpora", "raw", "cache", "outputs"):
        os.environ[f"FORESIGHT_{name.upper()}"] = str(folder / name)
    if what == "corpora":
        write_corpora(folder)
        return
    out = Path(out)
    if group is not None:
        from foresight.corpus.store import open_corpus

        open_corpus("slice").work  # noqa: B018 (starts Spark)
        kill_when_busy(int(group), out)
    for part in parts.split(",") if parts else PARTS:
        for name, table in PARTS[part]():
            frame = isinstance(table, pd.DataFrame)
            data = pa.Table.from_pandas(table, preserve_index=False) if frame else table
            plain = pa.schema([(field.name, field.type) for field in data.schema])
            pq.write_table(data.cast(plain), out / f"{name}.parquet")


if __name__ == "__main__":
    main(*sys.argv[1:])
