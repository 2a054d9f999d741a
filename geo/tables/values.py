"""Cells that hold a type of incident, a status, or a count of people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from geo.frame import STATUSES, TYPES
from geo.tables.words import is_missing, key, plain

TABLE = Path(__file__).parents[1] / "data" / "type_words.toml"

#: No single incident of the last two centuries killed more; beyond it a number is a slip.
MOST = 1_000_000


@cache
def _words(section: str) -> dict[str, str]:
    """Phrase to word of ours; a phrase listed twice keeps its first meaning."""
    table = tomllib.loads(TABLE.read_text("utf-8"))[section]
    found: dict[str, str] = {}
    for word, phrases in table.items():
        for phrase in (word, *phrases):
            found.setdefault(key(phrase), word)
    return found


@cache
def _phrases() -> dict[str, list[list[str]]]:
    """Phrases for a type as words, by their first word, the longest first."""
    found: dict[str, list[list[str]]] = {}
    for phrase, word in _words("types").items():
        if word != "other":
            found.setdefault(phrase.split()[0], []).append(phrase.split())
    return {first: sorted(phrases, key=len, reverse=True) for first, phrases in found.items()}


def read_type(cell: str, schema: Mapping[str, str]) -> str | None:
    """Say which of `geo.frame.TYPES` a cell means; None where no word in it is known.

    Parameters
    ----------
    cell : str
    schema : mapping of str to str
        Words and codes of the table's schema; they go first.
    """
    name = key(cell)
    if name in schema:
        return schema[name]
    if name.replace(" ", "_") in TYPES:
        return name.replace(" ", "_")
    if name in _words("types"):
        return _words("types")[name]
    return find_type(cell)


def find_type(text: str) -> str | None:
    """Type that the longest known phrase in a text speaks for; None where there is none."""
    words, known = key(text).split(), _phrases()
    found = [
        " ".join(phrase)
        for at, word in enumerate(words)
        for phrase in known.get(word, ())
        if words[at : at + len(phrase)] == phrase
    ]
    return _words("types")[max(found, key=len)] if found else None


def read_status(cell: str) -> str | None:
    """Say which of `geo.frame.STATUSES` a cell means; None where it is not known."""
    name = key(cell)
    return name if name in STATUSES else _words("statuses").get(name)


def read_count(cell: str) -> tuple[int | None, str]:
    """Read a number of people.

    Returns
    -------
    count : int or None
        None where none is told: an empty cell is not zero. Of a range, and of "at least" or "over",
        the lowest.
    warning : str
        What was taken of a cell that is not simply a number.
    """
    text = plain(cell)
    if is_missing(text):
        return None, ""
    if re.fullmatch(r"\d{1,3}(?:[ ,.'\u00a0]\d{3})+", text):
        text = re.sub(r"\D", "", text)
    if re.fullmatch(r"\d+(?:[.,]0*)?", text):
        count = int(re.split(r"[.,]", text)[0])
        return (count, "") if count <= MOST else (None, f'"{cell}" is too many to be true')
    if match := re.fullmatch(r"(\d+)\s*(?:-|to|/)\s*(\d+)", text):
        return int(match[1]), f'"{cell}" is a range: its lower end is kept'
    numbers = re.findall(r"(?<![\d.,-])\d+(?![\d.,])", text)
    if len(numbers) == 1:
        return int(numbers[0]), f'"{cell}" is read as {numbers[0]}'
    return None, f'"{cell}" is not a number of people'
