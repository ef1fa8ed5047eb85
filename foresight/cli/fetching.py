"""`foresight fetch`: documents of tracks from live sources."""

from __future__ import annotations

import time

import click

from foresight.errors import SettingsError


@click.command()
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
