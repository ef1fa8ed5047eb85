"""`foresight backtest`."""

from __future__ import annotations

import time

import click

from foresight.cli.group import as_of_option, corpus_option


@click.command()
@corpus_option
@click.option(
    "--cutoffs", default="", help="Years, as 2008:2018; default: all that the corpus bears."
)
@click.option("--horizon", default=3, show_default=True, help="Years looked ahead.")
@as_of_option
@click.option(
    "--jobs", default=2, show_default=True, type=click.IntRange(1), help="Cut-offs side by side."
)
@click.option(
    "--shuffle-years",
    "shuffle",
    metavar="SEED",
    type=click.IntRange(0),
    help="Deal the years out anew: the control, in which nothing can be foreseen.",
)
def backtest(
    corpus_name: str, cutoffs: str, horizon: int, date: str, jobs: int, shuffle: int | None
) -> None:
    """Say how well the score would have foreseen what rose, beside simple rules.

    A killed run goes on where it stopped. Results in outputs/CORPUS/backtest.
    """
    from foresight.corpus.store import open_corpus
    from foresight.run.backtest import make_backtest, read_cutoffs, summary

    start = time.perf_counter()
    found = make_backtest(
        open_corpus(corpus_name),
        cutoffs=read_cutoffs(cutoffs),
        horizon=horizon,
        date=date,
        shuffle=shuffle,
        processes=jobs,
    )
    metrics = found.metrics
    compared = metrics["compared"]
    click.echo(summary(metrics))
    click.echo(
        f"{len(compared)} of {len(metrics['cutoffs'])} cut-off(s) compared, {compared[0]} to "
        f"{compared[-1]}; horizon {metrics['horizon']} years; intervals of 95 %"
    )
    if not metrics["learned"]:
        click.echo(
            "note: too few earlier cut-offs to learn from; the learned scores are silent.", err=True
        )
    limit = metrics["noise_ceiling"]["spearman"]
    if limit is not None:
        click.echo(f"noise ceiling of spearman: {limit:.2f}")
    state = "" if found.made else " is up to date"
    click.echo(f"backtest{state}: {found.folder} ({time.perf_counter() - start:.1f} s)")
