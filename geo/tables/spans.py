"""Cells that tell a time from one day to another, each end written as any date is, or with parts left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

from geo.tables.words import either, words

#: Readings of a date with the day first and with the month first; the same twice where that is plain.
Readings = tuple[str | None, str | None]
#: First and last day.
Span = tuple[str, str]

#: What may part two ends beside words and a dash with blanks around it; the surest first.
BETWEEN = (
    r"\s*(?:\.\.+|…)\s*",
    r"(?<=\d{4}-\d\d-\d\d)\s*/\s*(?=\d)",
    r"(?<=\d{8})\s*[-/]\s*(?=\d{8}$)",
    r"(?<=\d{4}/\d\d/\d\d)\s*-\s*(?=\d)",
    r"(?<=^\d{4}-\d\d)\s*/\s*(?=\d{4}-\d\d$)",
    r"(?<=^\d{4})\s*[-/]\s*(?=\d{4}$)",
    r"(?<=[./-]\d{4})\s*-\s*(?=\d)",  # 22.08.2023-24.08.2023
    r"(?<=\d)\.?\s*-\s*(?=\d\d?([./])\d\d?\1)",  # 22.08-24.08.2023, 22-24.08.2023, 8/22-8/24/2023
    r"(?<=\d)\s*/\s*(?=\d\d?\.\d\d?\.)",
    r"(?<=\d)\s*[-/]\s*(?=\d{1,2}\.?\s+[^\W\d])",
    r"(?<=\d)-?(?:dən|dan|den)\s+(?=\d)",  # 22-dən 23 avqust 2023
    r"(?<=[^\W\d])\s*-\s*(?=[^\W\d]+\.?,?\s+\d{4}$)",  # august-september 2023
    r"(?<=[^\W\d]\s\d)\s*-\s*(?=[^\W\d])|(?<=[^\W\d]\s\d\d)\s*-\s*(?=[^\W\d])",  # aug 30-sep 2, 2023
)


def read_span(text: str, read: Callable[[str], Readings]) -> tuple[Span | None, Span | None] | None:
    """Read ``22-23 august 2023``, ``2023-08-22/2023-08-23``, ``8/22/2023 - 8/23/2023``.

    Parameters
    ----------
    text : str
        In small letters, see `geo.tables.words.plain`.
    read : callable
        Reads one end.

    Returns
    -------
    tuple of (first, last) or None
        ISO 8601, with the day first and with the month first; None for a reading that is none. None
        altogether where the text is no span; two None where it ends before it begins.
    """
    for start, end, adjoining in _ends(text):
        last = read(end)
        if not any(last) and re.fullmatch(r"\d{4}-\d\d-\d\d", start):  # 2023-08-22/23, 2023-08-22/09-01
            last = read(start[: -len(end)] + end)
        found = [_reading(start, one, which, read) for which, one in enumerate(last) if one]
        if not any(found):
            continue
        spans = [
            (first, one) if one and (first := _reading(start, one, which, read)) and first <= one else None
            for which, one in enumerate(last)
        ]
        if adjoining and not any(map(_adjoining, spans)):
            continue
        return spans[0], spans[1]
    return None


def _ends(text: str) -> Iterator[tuple[str, str, bool]]:
    """Cut a text in two; say as well whether its ends are only listed, as in "22 and 23 May"."""
    until, since, both = _words()
    whole = since.sub("", text)
    led = whole != text
    for between in (until, *BETWEEN, both):
        if match := re.search(between, whole):
            start, end = whole[: match.start()].strip(" ,"), whole[match.end() :].strip(" ,")
            if start and end and re.search(r"\d", end) and not re.search(until, end):
                yield start, end, between is both and not led
    if match := re.fullmatch(r"(([^\W\d]+)\.?\s+\d{1,2})\s*-\s*(\d{1,2},?\s+\d{4})", whole):
        yield match[1], f"{match[2]} {match[3]}", False


@cache
def _words() -> tuple[str, re.Pattern[str], str]:
    """Words for until, from, and both, as patterns."""
    until, since, both = (either(words()[name]) for name in ("until", "since", "both"))
    return rf"\s+(?:-|{until})\s+", re.compile(rf"^(?:{since})\s+(?=.*\d)"), rf"\s*(?:&|,|\s(?:{both})\s)\s*"


def _reading(start: str, last: str, which: int, read: Callable[[str], Readings]) -> str | None:
    """Read the first day with what it leaves out taken from the last, in one of the orders."""
    year, month, day = (*last.split("-"), "", "")[:3]
    bare = start.rstrip(".")
    tries = [start, f"{bare} {year}", f"{bare}.{year}", f"{bare}/{year}"]
    if day and bare.isdigit() and len(bare) <= 2:
        tries = [f"{year}-{month}-{bare.zfill(2)}"]
    for text in tries:
        found = read(text)[which]
        if found and len(found) == len(last) and "X" not in found:
            return found
    return None


def _adjoining(span: Span | None) -> bool:
    """Whether the two days follow one another."""
    if span is None or len(span[0]) != 10:
        return False
    return (date.fromisoformat(span[1]) - date.fromisoformat(span[0])).days == 1
