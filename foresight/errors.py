"""Every error that Foresight raises on purpose.

A message says what is wrong, what was found, where, and what to do. The command line prints
it without a traceback and leaves with status 2.
"""

from __future__ import annotations


class ForesightError(Exception):
    """Base class of all errors raised by Foresight."""


class RegistryError(ForesightError):
    """A reference file under `data/` (tracks, glossary, gazetteer) is malformed."""


class UnknownTrackError(ForesightError):
    """A track name is not in the registry."""


class TableError(ForesightError):
    """A table breaks its contract: column missing, key repeated, value of the wrong type."""


class CorpusError(ForesightError):
    """A corpus does not exist, cannot be read, or was asked for something that it does not hold."""


class SourceError(ForesightError):
    """Records of a source cannot be read."""


class InsufficientDataError(ForesightError):
    """There are too few documents or years for an estimate."""


class SettingsError(ForesightError):
    """A setting or notebook parameter is unknown or has the wrong type."""


class EngineError(ForesightError):
    """An engine is not installed, cannot be reached, or another one runs in its place."""


class RenderError(ForesightError):
    """A brief could not be turned into HTML, PDF or DOCX."""
