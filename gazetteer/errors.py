"""The base of every error this project raises on purpose, and the gazetteer's own."""

from __future__ import annotations


class DatelineError(Exception):
    """Base of all errors raised on purpose: one sentence a user can act on.

    The command line prints the sentence and exits with status 2; it never shows a traceback for these.
    """


class GazetteerError(DatelineError, ValueError):
    """A gazetteer file or a row in it cannot be used."""


class GazetteerMissingError(GazetteerError, FileNotFoundError):
    """The bundled gazetteer was not built, or a file to add is not there."""
