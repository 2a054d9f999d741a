"""An article: its text, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """Text with what is known about it.

    Attributes
    ----------
    text : str
        The text as given; all offsets are code points into it, end exclusive.
    title : str
    published : str or None
        ISO 8601 date; None where not known, and then no year is invented.
    source : str or None
        Who published it.
    url, path : str or None
    """

    text: str
    title: str = ""
    published: str | None = None
    source: str | None = None
    url: str | None = None
    path: str | None = None
