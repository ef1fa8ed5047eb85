"""`foresight brief` and `foresight board`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import click

from foresight.cli.group import (
    DONE,
    SOME_FAILED,
    as_of_option,
    corpus_option,
    engine_option,
    languages_of,
)
from foresight.errors import SettingsError

GIVEN_BY = {
    "track": "as TRACK",
    "corpus": "by --corpus",
    "as_of": "by --as-of",
    "languages": "by --lang",
}


def given_by_set(pairs: Sequence[str], given_by: Mapping[str, str]) -> dict[str, Any]:
    """Notebook parameters of `--set NAME=VALUE`, values read as YAML.

    Parameters
    ----------
    pairs : sequence of str
    given_by : mapping
        Parameters that have an option or argument of their own, and its name.

    Raises
    ------
    SettingsError
        If a pair is none, its value is no YAML, or the parameter has an option of its own.
    """
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
    for name in sorted(given_by.keys() & found):
        msg = f"`{name}` is given {given_by[name]}, not by --set."
        raise SettingsError(msg)
    return found


@click.command()
@engine_option
@click.argument("names", metavar="TRACK…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All 24 tracks.")
@corpus_option
@as_of_option
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
    given = given_by_set(pairs, GIVEN_BY)
    if given.get("output") and len(set(slugs)) > 1:
        msg = f"`output` is the folder of one track, got {len(set(slugs))} tracks. Leave it out."
        raise SettingsError(msg)
    asked = {
        "track": slugs[0],
        "corpus": corpus_name,
        "as_of": date,
        "languages": languages_of(lang),
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


@click.command()
@engine_option
@corpus_option
@as_of_option
@click.option("--lang", default="zh,en", show_default=True)
def board(corpus_name: str, date: str, lang: str) -> None:
    """Make the board over all tracks, and the portal page index.html."""
    from foresight.corpus.store import open_corpus
    from foresight.run.board import make_board
    from foresight.run.parameters import BoardParameters

    parameters = BoardParameters(
        corpus=corpus_name,
        as_of=date,
        languages=languages_of(lang),
    )
    start = time.perf_counter()
    page = make_board(open_corpus(corpus_name), parameters)
    click.echo(f"board and portal: {page} ({time.perf_counter() - start:.1f} s)")
