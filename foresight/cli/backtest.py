"""`foresight backtest`."""

from __future__ import annotations

import time

import click

from foresight.cli.briefs import given_by_set
from foresight.cli.group import as_of_option, corpus_option, engine_option, languages_of

GIVEN_BY = {
    "corpus": "by --corpus",
    "as_of": "by --as-of",
    "cutoffs": "by --cutoffs",
    "horizon": "by --horizon",
    "learn": "by --no-learning",
    "languages": "by --lang",
}


@click.command()
@engine_option
@corpus_option
@click.option(
    "--cutoffs", default="", help="Years, as 2008:2018; default: all that the corpus bears."
)
@click.option("--horizon", default=3, show_default=True, help="Years looked ahead.")
@as_of_option
@click.option(
    "--jobs", default=2, show_default=True, type=click.IntRange(1), help="Cut-offs side by side."
)
@click.option("--lang", default="zh,en", show_default=True, help="Languages of the report.")
@click.option(
    "--no-learning",
    "learn",
    is_flag=True,
    flag_value=False,
    default=True,
    help="Leave out the scores learnt from the corpus itself: several times faster.",
)
@click.option(
    "--set", "pairs", metavar="NAME=VALUE", multiple=True, help="Any other notebook parameter."
)
@click.option(
    "--shuffle-years",
    "shuffle",
    metavar="SEED",
    type=click.IntRange(0),
    help="Deal the years out anew: the control, in which nothing can be foreseen.",
)
def backtest(
    corpus_name: str,
    cutoffs: str,
    horizon: int,
    date: str,
    jobs: int,
    lang: str,
    shuffle: int | None,
    learn: bool,
    pairs: tuple[str, ...],
) -> None:
    """Say how well the score would have foreseen what rose, beside simple rules.

    A killed run goes on where it stopped. Results and report in outputs/CORPUS/backtest; briefs
    made afterwards tell of them in section 10.
    """
    from foresight.corpus.store import open_corpus
    from foresight.run.backtest import make_backtest, summary
    from foresight.run.parameters import BacktestParameters

    start = time.perf_counter()
    asked = BacktestParameters.from_mapping(
        {
            **given_by_set(pairs, GIVEN_BY),
            "corpus": corpus_name,
            "as_of": date,
            "cutoffs": cutoffs,
            "horizon": horizon,
            "learn": learn,
            "languages": languages_of(lang),
        }
    )
    found = make_backtest(open_corpus(corpus_name), asked, shuffle=shuffle, processes=jobs)
    metrics = found.metrics
    compared = metrics["compared"]
    click.echo(summary(metrics))
    click.echo(
        f"{len(compared)} of {len(metrics['cutoffs'])} cut-off(s) compared, {compared[0]} to "
        f"{compared[-1]}; horizon {metrics['horizon']} years; intervals of 95 %"
    )
    if learn and not metrics["learned"]:
        click.echo(
            "note: too few earlier cut-offs to learn from; the learned scores are silent.", err=True
        )
    limit = metrics["noise_ceiling"]["spearman"]
    if limit is not None:
        click.echo(f"noise ceiling of spearman: {limit:.2f}")
    state = "" if found.made else " is up to date"
    click.echo(f"backtest{state}: {found.folder} ({time.perf_counter() - start:.1f} s)")
    for page in found.pages:
        click.echo(f"  {page.name}")
