"""What all commands share: exit codes, errors as one message, options."""

from __future__ import annotations

import errno
import os
from typing import Any

import click

from foresight.errors import ForesightError
from foresight.settings import check_engine

DONE, SOME_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

as_of_option = click.option(
    "--as-of",
    "date",
    default="",
    help="Date of knowledge, YYYY-MM-DD; default: the corpus's last day.",
)


def _use_engine(_context: click.Context, _option: click.Parameter, name: str | None) -> None:
    """Set the engine for this process and all that it starts: kernels and workers inherit it."""
    if name is not None:
        os.environ["FORESIGHT_ENGINE"] = check_engine(name)


engine_option = click.option(
    "--engine",
    metavar="ENGINE",
    expose_value=False,
    callback=_use_engine,
    help="duckdb (default), spark, local[N], spark://HOST:PORT or bigquery://PROJECT/DATASET.",
)
corpus_option = click.option("--corpus", "corpus_name", default="sample", show_default=True)


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


def languages_of(text: str) -> list[str]:
    """The languages that `--lang` names, separated by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]
