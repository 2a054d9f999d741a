"""Errors of drawing and writing a map."""

from __future__ import annotations

from gazetteer.errors import DatelineError


class MapError(DatelineError, ValueError):
    """What was given cannot be drawn."""


class MapWriteError(DatelineError, OSError):
    """The map cannot be written where it was asked for."""
