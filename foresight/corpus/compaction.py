"""Making one of a corpus and its deliveries."""

from __future__ import annotations

import shutil

from foresight import settings
from foresight.corpus.deliveries import adding_alone, corpus_tables
from foresight.corpus.engine import workspace
from foresight.corpus.members import FILE, has_members, members_table
from foresight.corpus.staged import Card, write_staged
from foresight.corpus.store import Corpus, open_corpus
from foresight.tables import CORPUS_TABLES, FAMILY_MEMBERS

KEPT = ("matches-*.parquet", "strata-*.parquet")  # results that hold as long as the content does


def compact_corpus(name: str) -> Corpus:
    """Write a corpus and its deliveries anew, as one.

    Content and digest stay as they are. The list of deliveries stays in the manifest as `folded`;
    briefs tell of those that are added from then on.

    Parameters
    ----------
    name : str

    Returns
    -------
    Corpus

    Raises
    ------
    CorpusError
        If there is no such corpus, or something is just being added to it.
    """
    corpus = open_corpus(name)
    with adding_alone(corpus), workspace(folder=settings.corpora_dir()) as space:
        corpus = open_corpus(name)
        manifest = corpus.manifest
        tables = corpus_tables(corpus, space)
        for table in CORPUS_TABLES:
            rows = tables[table.name].order_by(list(table.key))
            space.write(rows, space.folder / f"{table.name}.parquet")
        beside = [path.name for pattern in KEPT for path in corpus.folder.glob(pattern)]
        for file in beside:
            shutil.copyfile(corpus.folder / file, space.folder / file)
        if has_members(corpus):
            members = members_table(corpus, space.read).order_by(list(FAMILY_MEMBERS.key))
            space.write(members, space.folder / FILE)
            beside.append(FILE)
        card = Card(
            manifest["title"],
            manifest["licence"],
            manifest["notes"],
            manifest["origin"],
            manifest["counts"],
            list(manifest["caveats"]),
            {"folded": [*manifest.get("folded", []), *manifest.get("deliveries", [])]},
        )
        return write_staged(space, name=name, card=card, beside=tuple(beside))
