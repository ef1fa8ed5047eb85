"""Corpora on disk: a folder of Parquet files with a manifest, written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight import provenance, settings
from foresight.corpus import content, normalise
from foresight.corpus.derived import write_history
from foresight.corpus.engine import connect
from foresight.corpus.parts import stored_table, table_files
from foresight.corpus.prepare import (
    filled_counts,
    prepare_tables,
    search_text,
    shares,
    unknown_countries,
)
from foresight.corpus.walk import walk
from foresight.corpus.workspace import ROW_GROUP, Workspace
from foresight.errors import CorpusError
from foresight.sources.base import SourceTables
from foresight.tables import CORPUS_TABLES, FAMILY_MEMBERS

FORMAT = 3  # raised when the stored tables change, so that an old corpus asks to be built anew
MANIFEST = "manifest.json"
DERIVED = ("search_text", "history", "pair_firsts", "first_organisations", "known")
STORED = (*(table.name for table in CORPUS_TABLES), *DERIVED)
NAME_RULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Corpus:
    """An open corpus.

    Attributes
    ----------
    name : str
    folder : Path
    manifest : dict
        format, name, title, licence, notes, digest, tables (name to digest), rows, counts,
        caveats, filled and fields (number and share of documents that have each),
        first_published, last_published, origin (file name to SHA-256), rules (see `rules_digest`);
        deliveries, where there are any (see `foresight.corpus.deliveries`).
    """

    name: str
    folder: Path
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the content of the five tables, whatever the order and day of import.

        The same for a corpus that came at once as for one that grew by deliveries.
        """
        return str(self.manifest["digest"])

    @cached_property
    def work(self) -> Workspace:
        """The engine that reads the tables (`foresight.corpus.engine`), once per open corpus."""
        return connect()

    @property
    def backend(self) -> Any:
        """The Ibis backend of `work`."""
        return self.work.backend

    def table(self, name: str) -> ir.Table:
        """Give a stored table as an Ibis expression; nothing is read until it is executed.

        Parameters
        ----------
        name : str
            `documents`, `references`, `classes`, `parties`, `events`, `search_text` (doc_id,
            text_en, text_zh), `history` (doc_id, n_pairs, n_first_pairs), `pair_firsts`
            (a, b, first), `first_organisations` (org_id, org, first_published, named) or
            `known` (see `foresight.corpus.content`).

        Raises
        ------
        CorpusError
            For another name, or if the file is damaged.
        """
        if name not in STORED:
            msg = f"A corpus has no table `{name}`. It has: {', '.join(STORED)}."
            raise CorpusError(msg)
        opened: dict[str, ir.Table] = self.__dict__.setdefault("_opened", {})
        if name not in opened:
            try:
                opened[name] = stored_table(self._file, self.folder, self.manifest, name)
            except (OSError, pa.ArrowInvalid) as error:
                msg = (
                    f"{name}.parquet of corpus {self.name!r} cannot be read: "
                    f"{str(error).splitlines()[0]}. Build or import the corpus again."
                )
                raise CorpusError(msg) from error
        return opened[name]

    def _file(self, path: Path) -> ir.Table:
        pq.read_metadata(path)
        return self.work.read(path)

    def digest_as_of(self, date: str) -> str:
        """SHA-256 of what a view at an ISO date holds: what came later does not change it."""
        (path,) = table_files(self.folder, self.manifest, "known").values()
        last = str(self.manifest["last_published"])
        known = content.from_table(pq.read_table(path))
        return content.view_digest(known, date=date, last_published=last)

    def read(self, expression: ir.Table) -> pd.DataFrame:
        """Execute an expression over this corpus's tables and give the rows as pandas.

        Rows come in no order unless the expression has one. Text columns are `str` with NaN for
        null; whole numbers with nulls become floats.
        """
        frame: pd.DataFrame = self.work.arrow(expression).to_pandas()
        return frame

    def __getstate__(self) -> dict[str, Any]:
        """Leave the connection out, so that a corpus can be sent to another process."""
        return {"name": self.name, "folder": self.folder, "manifest": self.manifest}


def check_name(name: str) -> None:
    """Check a corpus name: letters, digits, dash and underscore, up to 64, no path.

    Raises
    ------
    CorpusError
    """
    if not NAME_RULE.fullmatch(name):
        msg = (
            f"{name!r} cannot be the name of a corpus. Use up to 64 letters (a-z), digits, dashes "
            "and underscores, beginning with a letter or digit."
        )
        raise CorpusError(msg)


def list_corpora() -> list[str]:
    """Names of the corpora that can be opened, sorted."""
    folder = settings.corpora_dir()
    if not folder.is_dir():
        return []
    return sorted(
        p.parent.name for p in folder.glob(f"*/{MANIFEST}") if NAME_RULE.fullmatch(p.parent.name)
    )


def open_corpus(name: str) -> Corpus:
    """Open a corpus by name.

    Raises
    ------
    CorpusError
        If there is none of that name, or it was written by another version.
    """
    check_name(name)
    folder = settings.corpora_dir() / name
    how = (
        "`foresight corpus build sample`"
        if name == "sample"
        else f"`foresight corpus import FOLDER --name {name}`"
    )
    if not (folder / MANIFEST).is_file():
        known = list_corpora()
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        msg = (
            f"There is no corpus named {name!r}.{hint} Known corpora: "
            f"{', '.join(known) or 'none yet'}. Make it with {how}."
        )
        raise CorpusError(msg)
    try:
        manifest = provenance.read_json(folder / MANIFEST)
        found = manifest["format"]
    except (ValueError, KeyError, TypeError) as error:
        msg = f"The manifest of corpus {name!r} cannot be read: {error}. Make it anew with {how}."
        raise CorpusError(msg) from error
    lost = [table for table in STORED if not (folder / f"{table}.parquet").is_file()]
    if found != FORMAT or lost:
        old = f"has format {found}, this version reads {FORMAT}"
        what = old if found != FORMAT else f"lacks {', '.join(lost)}"
        msg = f"Corpus {name!r} {what}. Make it anew with {how}."
        raise CorpusError(msg)
    return Corpus(name, folder, manifest)


def rules_digest() -> str:
    """SHA-256 of the code that reads and normalises records, of gazetteer, names and alias maps.

    A corpus whose manifest carries another one in `rules` was built by other rules: build it anew.
    """
    package = Path(__file__).resolve().parent.parent
    files = sorted([*package.glob("sources/**/*.py"), *package.glob("corpus/*.py")])
    data = settings.data_dir()
    names = [data / normalise.GAZETTEER_FILE, data / normalise.ORGANISATION_FILE]
    maps = sorted((data / "aliases").glob("*.yml"))
    parts = [provenance.file_digest(path) for path in [*files, *names, *maps]]
    return provenance.text_digest(*parts)


def write_corpus(source: SourceTables, *, name: str) -> Corpus:
    """Normalise, check and store the tables of a source under a name.

    Identical rows are merged and counted; classification codes, organisations and places get
    one form (`foresight.corpus.normalise`); the derived tables are computed. A corpus of the
    same name is replaced in one step at the end: whatever fails before leaves it untouched.

    Parameters
    ----------
    source : SourceTables
    name : str
        See `check_name`.

    Returns
    -------
    Corpus

    Raises
    ------
    CorpusError
        For a bad name.
    TableError
        If a table breaks its contract, rows contradict each other, or a row belongs to no
        document.
    """
    check_name(name)
    tables, counts = prepare_tables(source)
    with provenance.atomic_folder(settings.corpora_dir() / name) as part:
        for table, data in tables.items():
            _write_parquet(part / f"{table}.parquet", data)
        _write_parquet(part / "search_text.parquet", search_text(tables["documents"]))
        if source.members is not None:
            _write_parquet(part / f"{FAMILY_MEMBERS.name}.parquet", source.members)
        known = content.sums(walk({name: iter([data]) for name, data in tables.items()}))
        _write_parquet(part / "known.parquet", content.to_table(known))
        digests = content.table_digests(known)
        _write_derived(Corpus(name, part, {}))
        filled = filled_counts(tables)
        published = pc.min_max(tables["documents"]["published"]).as_py()
        manifest = {
            "format": FORMAT,
            "name": name,
            "title": dict(source.title),
            "licence": dict(source.licence),
            "notes": dict(source.notes),
            "origin": dict(source.origin),
            "rules": rules_digest(),
            "counts": counts,
            "caveats": [
                *source.caveats,
                *_merge_caveats(counts),
                *country_caveats(unknown_countries(tables["parties"])),
            ],
            "rows": {table: data.num_rows for table, data in tables.items()},
            "tables": digests,
            "digest": content.corpus_digest(digests),
            "filled": filled,
            "fields": shares(filled, tables["documents"].num_rows),
            "first_published": published["min"],
            "last_published": published["max"],
        }
        provenance.write_json(part / MANIFEST, manifest)
    return open_corpus(name)


def _write_derived(corpus: Corpus) -> None:
    """Write what is derived from the whole corpus."""
    names = ("documents", "classes", "parties")
    write_history(corpus.work, corpus.folder, **{name: corpus.table(name) for name in names})
    corpus.work.close()


def _write_parquet(path: Path, data: pa.Table) -> None:
    pq.write_table(data, path, compression="zstd", row_group_size=ROW_GROUP)


def country_caveats(unknown: Sequence[str]) -> list[dict[str, str]]:
    """Say which names of countries are not recognised, if any."""
    if not unknown:
        return []
    named = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
    return [
        {
            "zh": f"{len(unknown)}种国别写法无法识别，按原文保留：{named}。",
            "en": f"{len(unknown)} name(s) of countries are not recognised and kept as they are: "
            f"{named}.",
        }
    ]


def _merge_caveats(counts: Mapping[str, int]) -> list[dict[str, str]]:
    merged = {
        name.removeprefix("duplicates_merged_"): number
        for name, number in counts.items()
        if name.startswith("duplicates_merged_") and number
    }
    return [
        {
            "zh": f"表 {table} 有{number}行重复记录，已合并。",
            "en": f"{number} repeated row(s) of table `{table}` were merged.",
        }
        for table, number in sorted(merged.items())
    ]
