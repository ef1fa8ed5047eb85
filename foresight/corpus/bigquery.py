"""BigQuery, by the same expressions. Compiled in tests, never run against a server."""

from __future__ import annotations

from pathlib import Path

import ibis
from ibis.common.exceptions import IbisError

from foresight.corpus.workspace import Workspace
from foresight.errors import EngineError


def open_bigquery(name: str, *, folder: Path | None = None) -> Workspace:
    """Connect to `bigquery://project/dataset` with the credentials of the machine.

    Files are loaded into the dataset when they are first read, tables that are kept lie in it.

    Raises
    ------
    EngineError
        If the client is not installed or does not connect.
    """
    project, _, dataset = name.removeprefix("bigquery://").partition("/")
    try:
        import google.cloud.bigquery as client
        from google.auth.exceptions import GoogleAuthError
    except ModuleNotFoundError as error:
        msg = (
            f"Engine {name!r} needs the client of BigQuery, which is not installed. "
            "Run `pip install 'foresight[bigquery]'`."
        )
        raise EngineError(msg) from error
    try:
        backend = ibis.bigquery.connect(project_id=project, dataset_id=dataset)
    except (GoogleAuthError, IbisError, OSError) as error:
        msg = (
            f"BigQuery does not open {project}/{dataset} (client {client.__version__}): "
            f"{str(error).splitlines()[0]}. Log in with `gcloud auth application-default login`, "
            "and check project and dataset."
        )
        raise EngineError(msg) from error
    return Workspace(backend, folder=folder)
