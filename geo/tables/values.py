"""Cells that hold a type of incident, a status, or a count of people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from geo.frame import STATUSES, TYPES
from geo.tables.words import either, is_missing, key, plain, words

TABLE = Path(__file__).parents[1] / "data" / "type_words.toml"

#: Letters by which phrases are found; no word with an open end is shorter than one less.
LEAST = 4
#: Types that say with what it was done.
ARMED = frozenset({"drone_strike", "air_strike", "missile_strike", "shelling", "firing", "explosion"})

#: No single incident of the last two centuries killed more; beyond it a number is a slip.
MOST = 1_000_000


Phrase = tuple[str, ...]


@cache
def _words(section: str) -> dict[str, str]:
    """Phrase to word of ours; a phrase listed twice keeps its first meaning."""
    table = tomllib.loads(TABLE.read_text("utf-8"))[section]
    found: dict[str, str] = {}
    for word, phrases in table.items():
        for phrase in (word, *phrases):
            found.setdefault(" ".join(_parts(phrase)), word)
    return found


def _parts(phrase: str) -> Phrase:
    """Words of a phrase as texts are compared with them; an open end stays marked."""
    parts: list[str] = []
    for word in phrase.split():
        parts += key(word).split()
        parts[-1] += "*" * word.endswith("*")
    return tuple(parts)


@cache
def _phrases() -> dict[str, list[tuple[Phrase, str, bool]]]:
    """Phrases for types by the first letters of their first word, whether they are but general."""
    found: dict[str, list[tuple[Phrase, str, bool]]] = {}
    for general, section in ((False, "types"), (True, "general")):
        for phrase, word in _words(section).items():
            if word != "other" and (section == "types" or phrase != word):
                parts = tuple(phrase.split())
                found.setdefault(parts[0].rstrip("*")[:LEAST], []).append((parts, word, general))
    return found


def _fits(phrase: Phrase, words: Sequence[str]) -> bool:
    """Whether words begin with a phrase."""
    return len(words) >= len(phrase) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(phrase, words, strict=False)
    )


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
    return _words("types").get(name) or _words("general").get(name) or find_type(cell)


def find_type(text: str) -> str | None:
    """Type that the longest known phrase in a text speaks for; None where there is none.

    A word for an attack of any kind counts only where no word says with what it was done.
    """
    words = key(text).split()
    found: list[tuple[int, str, bool]] = []
    for at, word in enumerate(words):
        for some in {word[:LEAST], word[: LEAST - 1], word[1:][:LEAST] if word.startswith("و") else ""}:
            for phrase, kind, general in _phrases().get(some, ()):
                rest = words[at : at + len(phrase)]
                if _fits(phrase, rest) or (word.startswith("و") and _fits(phrase, [word[1:], *rest[1:]])):
                    found.append((sum(map(len, phrase)), kind, general))
    if any(kind in ARMED for _, kind, _ in found):
        found = [one for one in found if not one[2]]
    return max(found, key=lambda one: (one[0], -TYPES.index(one[1])))[1] if found else None


def read_status(cell: str) -> str | None:
    """Say which of `geo.frame.STATUSES` a cell means; None where it is not known."""
    name = key(cell)
    return name if name in STATUSES else _words("statuses").get(name)


@cache
def _range() -> re.Pattern[str]:
    """Two counts and what stands between them: ``3-5``, ``between 3 and 5``."""
    between = either([*words()["until"], *words()["both"]])
    return re.compile(rf"(?:\w+\s+)?(\d+)\s*(?:-|/|\s(?:{between})\s)\s*(\d+)\D*")


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
    if (count := words()["number"].get(key(text))) is not None:
        return count, f'"{cell}" is read as {count}'
    if match := _range().fullmatch(text):
        return int(match[1]), f'"{cell}" is a range: its lower end is kept'
    aside = re.sub(r"\([^()]*\)", " ", text)  # 12 (3 children)
    numbers = re.findall(r"(?<![\d.,-])\d+(?![\d.,]*\d)", aside if re.search(r"\d", aside) else text)
    if len(numbers) == 1:
        return int(numbers[0]), f'"{cell}" is read as {numbers[0]}'
    return None, f'"{cell}" is not a number of people'
