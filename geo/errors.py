"""Errors of reading: articles, tables, dates."""

from __future__ import annotations

from gazetteer.errors import DatelineError


class ArticleError(DatelineError, ValueError):
    """An article cannot be read: missing, empty, binary, or in no known encoding."""


class TableError(DatelineError, ValueError):
    """A table of incidents cannot be read, or has no column that can be used."""


class FrameError(DatelineError, ValueError):
    """A frame is not one of incidents: a column, a type or a value is out of contract."""


class ExportError(DatelineError, OSError):
    """Incidents cannot be written to a file: its format, its folder or its name will not do."""


class BatchError(DatelineError, ValueError):
    """A run of many articles cannot go on: its output holds something else."""


class ClusterError(DatelineError, RuntimeError):
    """A cluster cannot be used: no scheduler, no workers, or another dateline on them."""


class ModelMissingError(DatelineError, ImportError):
    """No English language model is installed, so incidents cannot be read from text."""
