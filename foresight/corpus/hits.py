"""Where the terms of a registry occur in the classes and texts of a corpus, before any rule.

Codes are looked up by all their beginnings. Forms of one word are looked up as words, all others
by a pair of neighbouring words (or Han characters) of the form, and only where that pair stands is
the text searched for the whole form: three places a document in the default corpus, against 87
where the longest word of the form stands.

The expressions here say this to any engine. Where a corpus is read span by span, in this process,
`foresight.corpus.scan` gives the same rows from memory, the texts in a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from foresight.concordance import SUBCLASS_LENGTH
from foresight.corpus.normalise import MANY, class_code
from foresight.corpus.portable import lower
from foresight.corpus.spans import EVERY, SPAN, Span
from foresight.corpus.store import Corpus
from foresight.corpus.terms import HAN_BREAKS, PAIR, form_table
from foresight.errors import RegistryError
from foresight.tables import sort

if TYPE_CHECKING:
    from foresight.corpus.scan import Forms, Prefixes

CLASS_KINDS = ("core_class", "broad_class", "exclude_class")
TEXT_KINDS = (
    "keyword_en",
    "keyword_zh",
    "context_en",
    "context_zh",
    "exclude_en",
    "exclude_zh",
)
KINDS = (*CLASS_KINDS, *TEXT_KINDS, "topic")
TERM_COLUMNS = ("track", "sub_direction", "kind", "term")
HIT = ("doc_id", *TERM_COLUMNS)


def check_terms(terms: pd.DataFrame) -> pa.Table:
    """Check the terms of a registry and give them in canonical order without repetitions.

    Raises
    ------
    RegistryError
    """
    missing = [name for name in TERM_COLUMNS if name not in terms.columns]
    if missing:
        msg = (
            f"The terms of the registry lack the column(s) {', '.join(missing)}; "
            f"they have {', '.join(map(str, terms.columns))}."
        )
        raise RegistryError(msg)
    unknown = sorted(set(terms["kind"].dropna()) - set(KINDS))
    if unknown or terms[["track", "kind", "term"]].isna().any(axis=None):
        msg = (
            f"The terms of the registry hold unknown kind(s) {unknown} or empty cells. "
            f"Kinds are {', '.join(KINDS)}; only sub_direction may be empty."
        )
        raise RegistryError(msg)
    rows = sort(terms[list(TERM_COLUMNS)].drop_duplicates(), TERM_COLUMNS)
    schema = pa.schema([(name, pa.string()) for name in TERM_COLUMNS])
    return pa.Table.from_pandas(rows, schema=schema, preserve_index=False)


@dataclass(frozen=True)
class Wanted:
    """What is looked for, as Ibis tables in memory; made by `look_for`.

    Attributes
    ----------
    rows : track, sub_direction, kind, term
    prefixes : term of a class, and the prefix in the form of stored codes
    forms : see `foresight.corpus.terms.form_table`
    """

    rows: ir.Table
    prefixes: ir.Table
    forms: ir.Table

    @cached_property
    def by_text(self) -> tuple[Forms, Forms]:
        """Latin and Han forms as they are looked up in memory."""
        from foresight.corpus.scan import han_forms, latin_forms

        forms = self.forms.to_pyarrow()
        return latin_forms(forms), han_forms(forms)

    @cached_property
    def by_code(self) -> Prefixes:
        """Classes as they are looked up in memory."""
        from foresight.corpus.scan import Prefixes

        return Prefixes(self.prefixes.to_pyarrow())


def look_for(terms: pd.DataFrame) -> Wanted:
    """Write out the terms of a registry as they are looked up, once for any number of spans.

    Raises
    ------
    RegistryError
        See `check_terms`.
    """
    table = check_terms(terms)
    frame = table.to_pandas()
    classes = sorted(set(frame["term"][frame["kind"].isin(CLASS_KINDS)]))
    prefixes = {
        "term": pa.array(classes, pa.string()),
        "prefix": pa.array([class_code(t).removesuffix("/") for t in classes], pa.string()),
    }
    return Wanted(
        rows=ibis.memtable(table),
        prefixes=ibis.memtable(pa.table(prefixes)),
        forms=ibis.memtable(form_table(frame[frame["kind"].isin(TEXT_KINDS)])),
    )


def find_hits(
    corpus: Corpus, wanted: Wanted, *, span: Span = EVERY, doc_id: str | None = None
) -> ir.Table:
    """Every occurrence of a term, before the rules: doc_id, track, sub_direction, kind, term.

    With `span`, those in its documents; with `doc_id`, those of one document.
    """
    classes, texts = (span.of(corpus.table(name)) for name in ("classes", "search_text"))
    if doc_id is not None:
        classes = classes.filter(classes.doc_id == doc_id)
        texts = texts.filter(texts.doc_id == doc_id)
    if doc_id is None and _in_memory(corpus, span):
        coded = _scanned_classes(corpus, classes, wanted)
        worded = _scanned_texts(corpus, texts, wanted)
    else:
        coded, worded = class_terms(classes, wanted), text_terms(texts, wanted)
    # No row comes twice: each part is without repetition, and the parts have kinds of their own.
    return ibis.union(
        _of_kinds(coded, wanted, CLASS_KINDS),
        _of_kinds(worded, wanted, TEXT_KINDS),
        topic_hits(classes, wanted),
    )


def _in_memory(corpus: Corpus, span: Span) -> bool:
    """Whether the rows of a span are read into memory: they fit, and are worth it."""
    if corpus.work.whole:
        return False
    if span != EVERY:
        return True
    rows = int(pq.read_metadata(corpus.folder / "search_text.parquet").num_rows)
    return MANY <= rows <= SPAN


def _scanned_classes(corpus: Corpus, classes: ir.Table, wanted: Wanted) -> ir.Table:
    rows = corpus.work.arrow(classes.select("doc_id", "scheme", "code"))
    return ibis.memtable(wanted.by_code.find(rows))


def _scanned_texts(corpus: Corpus, texts: ir.Table, wanted: Wanted) -> ir.Table:
    from foresight.corpus.scan import scan_texts

    rows = corpus.work.arrow(texts.select("doc_id", "text_en", "text_zh"))
    latin, han = wanted.by_text
    return ibis.memtable(scan_texts(rows, latin=latin, han=han))


def _of_kinds(found: ir.Table, wanted: Wanted, kinds: Sequence[str]) -> ir.Table:
    """Rows of the registry, of some kinds, for documents and terms found."""
    rows = wanted.rows.filter(wanted.rows.kind.isin(kinds))
    return found.join(rows, "term").select(*HIT)


def class_terms(classes: ir.Table, wanted: Wanted) -> ir.Table:
    """Documents that carry a code under a prefix of the registry: doc_id, term.

    Each distinct code is written out as all its beginnings, and those are looked up: exact,
    without a comparison of every code with every prefix.
    """
    symbols = classes.filter(classes.scheme.isin(["cpc", "ipc"]))
    codes = symbols.select("code").distinct()
    begun = codes.mutate(end=ibis.range(1, codes.code.length() + 1).unnest())
    begun = begun.mutate(prefix=begun.code.substr(0, begun.end))
    whole = (
        (begun.end <= SUBCLASS_LENGTH)
        | begun.prefix.contains("/")
        | (begun.prefix == begun.code.split("/")[0])
    )
    found = begun.filter(whole).join(wanted.prefixes, "prefix").select("code", "term")
    return symbols.select("doc_id", "code").join(found, "code").select("doc_id", "term").distinct()


def text_terms(texts: ir.Table, wanted: Wanted) -> ir.Table:
    """Documents whose title or abstract has a term in one of its forms: doc_id, term."""
    latin = wanted.forms.filter(wanted.forms.script == "latin")
    han = wanted.forms.filter(wanted.forms.script == "han")
    chinese = texts.drop_null(["text_zh"])
    return ibis.union(
        *_english(texts.select("doc_id", "text_en"), latin),
        *_chinese(chinese.select("doc_id", text=chinese.text_zh), han),
    ).distinct()


def _english(texts: ir.Table, forms: ir.Table) -> list[ir.Table]:
    """Document and term of the forms of one word, and of those of several."""
    cut = texts.mutate(words=texts.text_en.lower().split(" "))
    single = cut.select("doc_id", "text_en", key=cut.words.unnest())
    at = cut.mutate(at=ibis.range(0, cut.words.length() - 1).unnest())
    pairs = at.select("doc_id", "text_en", key=at.words[at.at] + " " + at.words[at.at + 1])

    def confirmed(places: ir.Table, forms: ir.Table) -> ir.Table:
        near = places.join(forms, "key")
        text = near.cased.ifelse(near.text_en, near.text_en.lower())
        sure = (near.size <= PAIR) & ~near.cased  # the key is the whole form
        return near.filter(sure | text.contains(near.form)).select("doc_id", "term")

    return [
        confirmed(single, forms.filter(forms.size < PAIR)),
        confirmed(pairs, forms.filter(forms.size >= PAIR)),
    ]


def _chinese(texts: ir.Table, forms: ir.Table) -> list[ir.Table]:
    """Document and term of the forms that have a key, and of the few that have none."""
    text = texts.text
    for mark in HAN_BREAKS[1:]:
        text = text.replace(mark, HAN_BREAKS[0])
    pieces = texts.select("doc_id", text=text.split(HAN_BREAKS[0]).unnest())
    at = pieces.mutate(at=ibis.range(0, pieces.text.length() - 1).unnest())
    near = at.mutate(key=at.text.substr(at.at, PAIR)).join(forms, "key")
    sure = near.size == PAIR
    keyed = near.filter(sure | near.text.contains(near.form)).select("doc_id", "term")
    keyless = forms.filter(forms.key.fill_null("") == "")
    return [keyed, texts.join(keyless, texts.text.contains(keyless.form)).select("doc_id", "term")]


def topic_hits(classes: ir.Table, wanted: Wanted) -> ir.Table:
    """Documents that carry an OpenAlex topic ("T10234", alone or at the end of its address)."""
    rows = wanted.rows.filter(wanted.rows.kind == "topic")
    topics = classes.filter(classes.scheme == "openalex_topic")
    coded = topics.select("doc_id", topic=lower(topics.code.re_extract(r"([^/]*)\z", 1)))
    named = rows.mutate(topic=lower(rows.term.re_extract(r"([^/]*)\z", 1)))
    return coded.join(named, "topic").select(*HIT).distinct()
