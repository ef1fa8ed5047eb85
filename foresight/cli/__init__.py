"""The command line: `foresight …`. Commands import what they need when they run."""

from __future__ import annotations

import click

from foresight import __version__
from foresight.cli.backtest import backtest
from foresight.cli.briefs import board, brief
from foresight.cli.corpora import corpus
from foresight.cli.deliveries import add, compact
from foresight.cli.fetching import fetch
from foresight.cli.group import Commands
from foresight.cli.navigation import navigate
from foresight.cli.project import doctor, tracks
from foresight.cli.retrieval import compare, label, why


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="foresight")
def main() -> None:
    """Where technology is about to rise, how sure that is, and what to do about it."""


for command in (add, compact, compare, label, why):
    corpus.add_command(command)
for command in (backtest, board, brief, corpus, doctor, fetch, navigate, tracks):
    main.add_command(command)
