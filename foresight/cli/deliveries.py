"""`foresight corpus add` and `compact`: deliveries."""

from __future__ import annotations

import time

import click


@click.command("add")
@click.argument("name", metavar="DELIVERY")
@click.option("--to", required=True, metavar="CORPUS", help="The corpus that takes it.")
@click.option("--label", help="What it is called in lists and briefs; default: its name.")
def add(name: str, to: str, label: str | None) -> None:
    """Add a corpus to another as a DELIVERY, without doing the rest again.

    First read what came (`foresight corpus read FORMAT FILE… --name july`, or `import`), then add
    it. Documents that CORPUS has already are replaced; those that are the same are left.
    """
    from foresight.corpus.deliveries import MOST, add_delivery, deliveries_of
    from foresight.corpus.store import open_corpus
    from foresight.corpus.view import utc_today

    start = time.perf_counter()
    click.echo(f"comparing {name} with {to}", err=True)
    made, told = add_delivery(open_corpus(name), to=to, label=label or name, day=utc_today())
    seconds = time.perf_counter() - start
    if not told.number:
        click.echo(
            f"nothing to add: {to} has all {told.identical:,} document(s) just so ({seconds:.1f} s)"
        )
        return
    rows = made.manifest["rows"]["documents"]
    click.echo(
        f"delivery {told.number} of {to} ({told.label}): {told.new:,} new, {told.replaced:,} "
        f"replaced, {told.identical:,} the same; published {told.first_published} to "
        f"{told.last_published}; now {rows:,} documents ({seconds:.1f} s)"
    )
    if len(deliveries_of(made)) > MOST:
        click.echo(f"note: more than {MOST} deliveries: `foresight corpus compact {to}`", err=True)


@click.command("compact")
@click.argument("name")
def compact(name: str) -> None:
    """Make one of a corpus and its deliveries; what it says stays the same."""
    from foresight.corpus.compaction import compact_corpus
    from foresight.corpus.deliveries import deliveries_of
    from foresight.corpus.store import open_corpus

    start = time.perf_counter()
    number = len(deliveries_of(open_corpus(name)))
    if not number:
        click.echo(f"corpus {name} has no deliveries")
        return
    click.echo(f"writing {name} anew from {number} deliveries", err=True)
    made = compact_corpus(name)
    rows = made.manifest["rows"]["documents"]
    click.echo(
        f"corpus {name}: {rows:,} documents in one piece ({time.perf_counter() - start:.1f} s)"
    )
