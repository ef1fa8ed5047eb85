"""`foresight navigate`."""

from __future__ import annotations

import time

import click

from foresight.cli.group import as_of_option, corpus_option, engine_option, languages_of


@click.command()
@engine_option
@click.argument("track")
@click.option("--region", default="浙江", show_default=True, help="Zhejiang or one of its cities.")
@corpus_option
@as_of_option
@click.option("--lang", default="zh,en", show_default=True, help="Languages of the report.")
@click.option(
    "--known-on",
    default="",
    help="Day on which statuses and lists of families were read; without it neither is used.",
)
@click.option(
    "--events-complete",
    is_flag=True,
    help="Where the corpus has events of a kind at an office, take the record as complete.",
)
@click.option("--strategic", default="", help="CSV of the official classes: industry, prefix.")
@click.option("--pledges", default="", help="CSV of pledges: doc_id, date, amount.")
@click.option("--pledge-threshold", default=0.0, help="Amount that counts as high.")
def navigate(
    track: str,
    region: str,
    corpus_name: str,
    date: str,
    lang: str,
    known_on: str,
    events_complete: bool,
    strategic: str,
    pledges: str,
    pledge_threshold: float,
) -> None:
    """Make the patent navigation report of a TRACK and a region: direction, position, path.

    In the order of GB/T 39551, as web page, PDF, Word and Markdown, with its tables as CSV, in
    outputs/CORPUS/<as-of>/TRACK/navigation.
    """
    from foresight.corpus.store import open_corpus
    from foresight.run.navigation import make_navigation
    from foresight.run.parameters import NavigationParameters

    start = time.perf_counter()
    asked = NavigationParameters(
        track=track,
        region=region,
        corpus=corpus_name,
        as_of=date,
        known_on=known_on,
        events_complete=events_complete,
        strategic=strategic,
        pledges=pledges,
        pledge_threshold=pledge_threshold,
        languages=languages_of(lang),
    )
    page, made = make_navigation(open_corpus(corpus_name), asked)
    state = "" if made else " is up to date"
    click.echo(f"navigation report{state}: {page} ({time.perf_counter() - start:.1f} s)")
