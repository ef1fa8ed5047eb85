"""The command line: `foresight …`."""

from __future__ import annotations

import errno
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foresight import __version__
from foresight.errors import ForesightError, SettingsError

if TYPE_CHECKING:
    from foresight.corpus.store import Corpus

DONE, SOME_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
GIVEN_BY = {
    "track": "as TRACK",
    "corpus": "by --corpus",
    "as_of": "by --as-of",
    "languages": "by --lang",
}
AS_OF_HELP = "Date of knowledge, YYYY-MM-DD; default: the corpus's last day."


class Commands(click.Group):
    """A group whose commands end in one message, not a traceback.

    Exit status 2 for a `ForesightError` or a file that cannot be read or written, 130 for an
    interruption.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ForesightError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(WRONG_USE)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output has left
                raise
            where = error.filename or "A file"
            click.echo(
                f"error: {where}: {error.strerror or error}. Check that the path is right, may be "
                "read and written, and that the disk has room.",
                err=True,
            )
            ctx.exit(WRONG_USE)
        except KeyboardInterrupt:
            click.echo("\ninterrupted: the same command goes on where it stopped", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="foresight")
def main() -> None:
    """Where technology is about to rise, how sure that is, and what to do about it."""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The whole registry as JSON.")
@click.option("--terms", "as_terms", is_flag=True, help="The search terms as CSV.")
def tracks(as_json: bool, as_terms: bool) -> None:
    """List the 24 tracks of the plan."""
    from dataclasses import asdict

    from foresight.tracks import load_registry

    registry = load_registry()
    if as_terms:
        click.echo(registry.terms().to_csv(index=False, lineterminator="\n"), nl=False)
        return
    if as_json:
        click.echo(json.dumps(asdict(registry), ensure_ascii=False, indent=1))
        return
    for track in registry.tracks:
        subs = len(track.sub_directions)
        click.echo(f"{track.number:>2}  {track.slug:<24} {track.name_zh}  {track.name_en} ({subs})")


@main.group(cls=Commands)
def corpus() -> None:
    """Build, import and describe corpora."""


@corpus.group("build", cls=Commands)
def corpus_build() -> None:
    """Build a corpus from a source that is at hand."""


@corpus_build.command("sample")
@click.option("--force", is_flag=True, help="Build again even if nothing changed.")
def corpus_build_sample(force: bool) -> None:
    """Build the default corpus: 122,285 US patents from the installed sample package."""
    from foresight.corpus.store import list_corpora, open_corpus, rules_digest, write_corpus
    from foresight.provenance import file_digest
    from foresight.run.info import row_counts
    from foresight.sources.sample import read_sample, sample_file

    start = time.perf_counter()
    if not force and "sample" in list_corpora():
        built = open_corpus("sample").manifest
        same_rules = built.get("rules") == rules_digest()
        if same_rules and file_digest(sample_file()) in built["origin"].values():
            click.echo(f"corpus sample is up to date ({built['rows']['documents']:,} documents)")
            return
    click.echo("reading the sample package", err=True)
    source = read_sample()
    click.echo("normalising, checking, writing", err=True)
    made = write_corpus(source, name="sample")
    card = made.manifest
    click.echo(
        f"corpus sample: {row_counts(card['rows'])}; {card['first_published']} to "
        f"{card['last_published']} ({time.perf_counter() - start:.1f} s)"
    )


@corpus.command("import")
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
    folder: arxiv-metadata, google-patents, openalex-snapshot, patentsview-tables.
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
@click.argument("name")
def corpus_info(name: str) -> None:
    """Describe a corpus: coverage, duplicates, years, documents per track and route."""
    from foresight.corpus.store import open_corpus
    from foresight.run.info import describe

    click.echo(describe(open_corpus(name)))


@corpus.command("why")
@click.argument("doc_id")
@click.option("--corpus", "corpus_name", default="sample", show_default=True)
def corpus_why(doc_id: str, corpus_name: str) -> None:
    """Say by which classes and words a document is in its tracks, and which did not suffice."""
    from foresight.corpus.store import open_corpus
    from foresight.run.why import explain
    from foresight.tracks import load_registry

    click.echo(explain(open_corpus(corpus_name), load_registry(), doc_id=doc_id))


@corpus.command("compare")
@click.argument("name")
@click.option(
    "--before",
    type=click.Path(path_type=Path),
    help="Terms as they were, from `foresight tracks --terms`; default: the research draft.",
)
def corpus_compare(name: str, before: Path | None) -> None:
    """Show what a change of the registry did to each track: documents, precision, recall."""
    from foresight.corpus.store import open_corpus
    from foresight.run.labelling import effect_table
    from foresight.tracks import draft_terms, load_registry, read_terms

    terms = draft_terms() if before is None else read_terms(before)
    table = effect_table(open_corpus(name), load_registry(), before=terms)
    click.echo(table.to_string(index=False))


@corpus.command("label")
@click.argument("track_name", metavar="TRACK")
@click.option("--corpus", "corpus_name", default="sample", show_default=True)
@click.option("--count", default=15, show_default=True, type=click.IntRange(1))
@click.option("--by", required=True, help="Who reads: stands in the file.")
@click.option("--second", is_flag=True, help="Read labelled documents a second time.")
@click.option("--fresh", is_flag=True, help="Start a new sample; the old labels are replaced.")
def corpus_label(
    track_name: str, corpus_name: str, count: int, by: str, second: bool, fresh: bool
) -> None:
    """Read documents of a TRACK's sample one by one and say whether they belong to it.

    Each answer is kept at once. Precision and recall are shown before and after.
    """
    from foresight.corpus.store import open_corpus
    from foresight.run.labelling import add_labels, quality_table, unlabelled
    from foresight.tracks import load_registry

    registry, opened = load_registry(), open_corpus(corpus_name)
    track = registry.track(track_name)
    before = quality_table(opened, registry)
    todo = unlabelled(opened, registry, track=track.slug, count=count, second=second, fresh=fresh)
    click.echo(f"{track.name_zh} {track.name_en}: " + "、".join(s.zh for s in track.sub_directions))
    answers = {"y": "yes", "n": "no", "u": "unclear"}
    rows = todo[["doc_id", "published", "title", "abstract"]].itertuples(index=False, name=None)
    for place, (doc_id, published, title, abstract) in enumerate(rows, 1):
        click.echo(f"\n[{place}/{len(todo)}] {doc_id} ({published[:4]}) {title}\n{abstract}")
        answer = click.prompt("belongs? yes, no, unclear, quit", type=click.Choice([*answers, "q"]))
        if answer == "q":
            break
        labels = {doc_id: answers[answer]}
        add_labels(
            opened,
            registry,
            track=track.slug,
            labels=labels,
            by=by,
            second=second,
            fresh=fresh and place == 1,
        )
    for when, table in (("before", before), ("now", quality_table(opened, registry))):
        shown = table[table["track"] == track.slug] if len(table) else table
        click.echo(f"\n{when}:\n{shown.to_string(index=False) if len(shown) else 'no labels'}")


@main.command()
@click.argument("source_name", metavar="SOURCE")
@click.option("--track", "names", multiple=True, help="Slug or name; may be given several times.")
@click.option("--all-tracks", is_flag=True, help="All 24 tracks.")
@click.option("--since", default="", help="First year or day; default 2015 for papers.")
@click.option("--until", default="", help="Last year or day; default today.")
@click.option("--limit", type=click.IntRange(1), help="Records per track (and service).")
@click.option("--name", default="", help="Of the corpus; letters, digits, dash, underscore.")
def fetch(
    source_name: str,
    names: tuple[str, ...],
    all_tracks: bool,
    since: str,
    until: str,
    limit: int | None,
    name: str,
) -> None:
    """Fetch documents of tracks from a live SOURCE into a corpus; the same command goes on.

    SOURCE is openalex, arxiv, crossref, europepmc, epo, uspto or patentsview, or papers: arXiv,
    Crossref and Europe PMC, which need no key. `foresight doctor` names the keys.
    """
    from foresight.run import fetching
    from foresight.run.info import row_counts
    from foresight.tracks import load_registry

    registry = load_registry()
    papers = source_name == fetching.PAPERS
    if all_tracks == bool(names):
        msg = "Name tracks by --track, or give --all-tracks. `foresight tracks` lists them."
        raise SettingsError(msg)
    if not papers and not (since and name):
        msg = f"`foresight fetch {source_name}` needs --since YEAR and --name NAME."
        raise SettingsError(msg)
    slugs = registry.slugs if all_tracks else [registry.track(given).slug for given in names]
    tracks = [registry.track(slug) for slug in dict.fromkeys(slugs)]
    first = fetching.first_day(since) if since else fetching.PAPERS_SINCE
    last = fetching.last_day(until) if until else None
    start = time.perf_counter()
    if papers:
        made = fetching.fetch_papers(
            tracks=tracks, name=name or fetching.PAPERS, since=first, until=last, limit=limit
        )
    else:
        made = [
            fetching.fetch_source(
                source_name,
                tracks=tracks,
                raw_name=name,
                corpus_name=name,
                since=first,
                until=last,
                limit=limit,
            )
        ]
    for opened in made:
        click.echo(f"corpus {opened.name}: {row_counts(opened.manifest['rows'])}")
        for caveat in opened.manifest["caveats"]:
            click.echo(f"note: {caveat['en']}", err=True)
    click.echo(f"({time.perf_counter() - start:.1f} s)")


def _given(pairs: Sequence[str]) -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not mark or not name.strip():
            msg = (
                f"--set takes NAME=VALUE, got {pair!r}; for example --set settings={{draws: 800}}."
            )
            raise SettingsError(msg)
        try:
            found[name.strip()] = yaml.safe_load(text)
        except yaml.YAMLError as error:
            msg = f"The value of --set {name} cannot be read as YAML: {text!r}. Quote it."
            raise SettingsError(msg) from error
    for name in sorted(GIVEN_BY.keys() & found):
        msg = f"`{name}` is given {GIVEN_BY[name]}, not by --set."
        raise SettingsError(msg)
    return found


@main.command()
@click.argument("names", metavar="TRACK…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All 24 tracks.")
@click.option("--corpus", "corpus_name", default="sample", show_default=True)
@click.option(
    "--as-of",
    "date",
    default="",
    help=AS_OF_HELP,
)
@click.option("--lang", default="zh,en", show_default=True, help="Languages of the brief.")
@click.option(
    "--jobs", default=2, show_default=True, type=click.IntRange(1), help="Sectors side by side."
)
@click.option(
    "--set", "pairs", metavar="NAME=VALUE", multiple=True, help="Any other notebook parameter."
)
def brief(
    names: tuple[str, ...],
    everything: bool,
    corpus_name: str,
    date: str,
    lang: str,
    jobs: int,
    pairs: tuple[str, ...],
) -> None:
    """Make the briefs of one or more TRACKs: zh and en, as Markdown, HTML, PDF and Word."""
    from foresight.corpus.store import open_corpus
    from foresight.run.briefs import make_briefs, resolve_date, run_folder
    from foresight.run.parameters import SectorParameters
    from foresight.tracks import load_registry

    registry = load_registry()
    if everything == bool(names):
        msg = "Name one or more tracks, or give --all. `foresight tracks` lists them."
        raise SettingsError(msg)
    slugs = registry.slugs if everything else [registry.track(name).slug for name in names]
    given = _given(pairs)
    if given.get("output") and len(set(slugs)) > 1:
        msg = f"`output` is the folder of one track, got {len(set(slugs))} tracks. Leave it out."
        raise SettingsError(msg)
    asked = {
        "track": slugs[0],
        "corpus": corpus_name,
        "as_of": date,
        "languages": [part.strip() for part in lang.split(",") if part.strip()],
    }
    parameters = SectorParameters.from_mapping({**asked, **given})
    opened = open_corpus(parameters.corpus)
    start = time.perf_counter()
    results = make_briefs(
        list(dict.fromkeys(slugs)),
        corpus=opened,
        registry=registry,
        parameters=parameters,
        processes=jobs,
    )
    failed = [result for result in results if result.state == "failed"]
    for result in failed:
        click.echo(f"failed: {result.track}: {result.reason}", err=True)
    states = [result.state for result in results]
    click.echo(
        f"{len(results)} brief(s): {states.count('done')} made, "
        f"{states.count('unchanged')} unchanged, {len(failed)} failed; "
        f"{run_folder(opened, resolve_date(opened, parameters.as_of))} "
        f"({time.perf_counter() - start:.1f} s)"
    )
    sys.exit(SOME_FAILED if failed else DONE)


@main.command()
@click.option("--corpus", "corpus_name", default="sample", show_default=True)
@click.option(
    "--as-of",
    "date",
    default="",
    help=AS_OF_HELP,
)
@click.option("--lang", default="zh,en", show_default=True)
def board(corpus_name: str, date: str, lang: str) -> None:
    """Make the board over all tracks, and the portal page index.html."""
    from foresight.corpus.store import open_corpus
    from foresight.run.board import make_board
    from foresight.run.parameters import BoardParameters

    parameters = BoardParameters(
        corpus=corpus_name,
        as_of=date,
        languages=[part.strip() for part in lang.split(",") if part.strip()],
    )
    start = time.perf_counter()
    page = make_board(open_corpus(corpus_name), parameters)
    click.echo(f"board and portal: {page} ({time.perf_counter() - start:.1f} s)")


@main.command()
def doctor() -> None:
    """Check environment, fonts, data and keys, and say what to do."""
    from foresight.run.doctor import examine

    findings = examine()
    for finding in findings:
        state = "ok  " if finding.ok else "none" if finding.optional else "MISS"
        click.echo(f"{state}  {finding.what}: {finding.found}")
        if not finding.ok:
            click.echo(f"      {finding.advice}")
    if not all(finding.ok or finding.optional for finding in findings):
        raise SystemExit(SOME_FAILED)
