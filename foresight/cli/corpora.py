"""`foresight corpus …`: make corpora and describe them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foresight.cli.group import Commands, as_of_option, engine_option, languages_of
from foresight.errors import SettingsError

if TYPE_CHECKING:
    from foresight.corpus.store import Corpus


@click.group(cls=Commands)
def corpus() -> None:
    """Build, import and describe corpora."""


@corpus.group("build", cls=Commands)
def corpus_build() -> None:
    """Build a corpus from a source that is at hand."""


@corpus_build.command("sample")
@engine_option
@click.option("--force", is_flag=True, help="Build again even if nothing changed.")
def corpus_build_sample(force: bool) -> None:
    """Build the default corpus: 122,285 US patents from the installed sample package."""
    from foresight.corpus.deliveries import deliveries_of
    from foresight.corpus.store import list_corpora, rules_digest, write_corpus
    from foresight.provenance import file_digest
    from foresight.run.info import row_counts
    from foresight.sources.sample import read_sample, sample_file

    start = time.perf_counter()
    old = _readable("sample") if "sample" in list_corpora() else None
    if old is not None and not force:
        built = old.manifest
        same_rules = built.get("rules") == rules_digest()
        if same_rules and file_digest(sample_file()) in built["origin"].values():
            click.echo(f"corpus sample is up to date ({built['rows']['documents']:,} documents)")
            return
    for one in deliveries_of(old) if old is not None else []:
        click.echo(f"note: delivery {one.number} ({one.label}) is lost: add it again", err=True)
    click.echo("reading the sample package", err=True)
    source = read_sample()
    click.echo("normalising, checking, writing", err=True)
    made = write_corpus(source, name="sample")
    card = made.manifest
    click.echo(
        f"corpus sample: {row_counts(card['rows'])}; {card['first_published']} to "
        f"{card['last_published']} ({time.perf_counter() - start:.1f} s)"
    )


def _readable(name: str) -> Corpus | None:
    """A corpus; None where it is there but was written by another version or is damaged."""
    from foresight.corpus.store import open_corpus
    from foresight.errors import CorpusError

    try:
        return open_corpus(name)
    except CorpusError as error:
        click.echo(f"note: {error}", err=True)
        return None


@corpus.command("import")
@engine_option
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Letters, digits, dash, underscore.")
def corpus_import(folder: Path, name: str) -> None:
    """Import a FOLDER in the interchange format: documents, references, classes, …."""
    from foresight.corpus.store import check_name, write_corpus
    from foresight.run.info import row_counts
    from foresight.sources.interchange import read_interchange

    check_name(name)
    if name == "sample":
        msg = "`sample` is the name of the default corpus. Give yours another --name."
        raise SettingsError(msg)
    start = time.perf_counter()
    click.echo(f"reading {folder}", err=True)
    made = write_corpus(read_interchange(folder), name=name)
    rows = row_counts(made.manifest["rows"])
    click.echo(f"corpus {name}: {rows} ({time.perf_counter() - start:.1f} s)")
    for caveat in made.manifest["caveats"]:
        click.echo(f"note: {caveat['en']}", err=True)


@corpus.command("read")
@engine_option
@click.argument("form", metavar="FORMAT")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Letters, digits, dash, underscore.")
@click.option("--keep-utility-models", is_flag=True, help="And designs; else left out, counted.")
@click.option("--published", help="Date of records without any date: YYYY-MM-DD or YYYY.")
@click.option("--aliases", type=click.Path(path_type=Path), help="Your own map of column names.")
def corpus_read(
    form: str,
    files: tuple[Path, ...],
    name: str,
    keep_utility_models: bool,
    published: str | None,
    aliases: Path | None,
) -> None:
    """Read exported FILES into a corpus, with an account of every row.

    FORMAT is one of: bibtex, cnipa, cnki, csl, derwent, himmpat, incopat, lens, openalex,
    patentsview, patsnap, ris, scopus, wos; or, for whole data sets of any size, as files or a
    folder: arxiv-metadata, google-patents, interchange-parts, openalex-snapshot,
    patentsview-tables.
    """
    from tqdm import tqdm

    from foresight.run.reading import read_bulk, read_corpus, refused_path, report_text
    from foresight.sources.bulk.formats import BULK
    from foresight.sources.records import NothingReadError, Options

    start = time.perf_counter()
    if form in BULK:
        if keep_utility_models or published or aliases:
            msg = f"{form} takes no option but --name. Leave the others out."
            raise SettingsError(msg)
        with tqdm(unit=" records", desc="reading", disable=None, leave=False) as bar:
            made, account = read_bulk(form, files, name=name, progress=bar.update)
        _say_read(made, account.text(), refused_path(name), start)
        return
    with tqdm(unit=" rows", desc="reading", disable=None, leave=False) as bar:
        options = Options(
            keep_minor=keep_utility_models,
            published=published,
            aliases=aliases,
            progress=bar.update,
        )
        try:
            made, source = read_corpus(form, files, name=name, options=options)
        except NothingReadError as error:
            click.echo(error.report.text(), err=True)
            raise
    _say_read(made, report_text(source), refused_path(name), start)


def _say_read(made: Corpus, account: str, refused: Path, start: float) -> None:
    from foresight.run.info import row_counts

    click.echo(account)
    if refused.is_file():
        click.echo(f"refused rows: {refused}")
    rows = row_counts(made.manifest["rows"])
    click.echo(f"corpus {made.name}: {rows} ({time.perf_counter() - start:.1f} s)")


@corpus.command("merge")
@engine_option
@click.argument("names", metavar="CORPUS…", nargs=-1)
@click.option("--name", required=True, help="Of the new corpus; letters, digits, dash, underscore.")
def corpus_merge(names: tuple[str, ...], name: str) -> None:
    """Merge corpora: a document that several have is one, a family counts once."""
    from foresight.corpus.merge import merge_corpora
    from foresight.run.info import row_counts

    start = time.perf_counter()
    made = merge_corpora(names, name=name)
    rows = row_counts(made.manifest["rows"])
    click.echo(f"corpus {name}: {rows} ({time.perf_counter() - start:.1f} s)")
    for rule, number in made.manifest["identity"].items():
        if number:
            click.echo(f"joined by {rule.replace('_', ' ')}: {number:,}")
    for caveat in made.manifest["caveats"]:
        click.echo(f"note: {caveat['en']}", err=True)


@corpus.command("info")
@engine_option
@click.argument("name")
def corpus_info(name: str) -> None:
    """Describe a corpus: coverage, duplicates, years, documents per track and route."""
    from foresight.corpus.store import open_corpus
    from foresight.run.info import describe

    click.echo(describe(open_corpus(name)))


@corpus.command("report")
@engine_option
@click.argument("name")
@as_of_option
@click.option("--lang", default="zh,en", show_default=True, help="Languages of the report.")
def corpus_report(name: str, date: str, lang: str) -> None:
    """Report on a corpus: contents, fields, duplicates, retrieval quality, moved classes.

    As web page, PDF, Word and Markdown, with its tables as CSV, in outputs/NAME/<as-of>/report.
    """
    from foresight.corpus.store import open_corpus
    from foresight.run.corpus_report import make_report
    from foresight.run.parameters import ReportParameters

    parameters = ReportParameters(corpus=name, as_of=date, languages=languages_of(lang))
    start = time.perf_counter()
    page, made = make_report(open_corpus(name), parameters)
    state = "" if made else " is up to date"
    click.echo(f"corpus report{state}: {page} ({time.perf_counter() - start:.1f} s)")
