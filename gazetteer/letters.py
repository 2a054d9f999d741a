"""How letters are romanised and which spellings sound alike: the tables of `data/`, read once."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def _romanized() -> dict[str, str]:
    with (DATA / "letters.csv").open(encoding="utf-8", newline="") as file:
        return {row["letter"]: row["latin"] for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def letters() -> dict[int, str]:
    """Romanisation of letters by script, from ``data/letters.csv``."""
    return {ord(letter): latin for letter, latin in _romanized().items() if len(letter) == 1}


@lru_cache(maxsize=1)
def pairs() -> list[tuple[str, str]]:
    """Romanisation of letters that are read as one, from ``data/letters.csv``."""
    return [(pair, latin) for pair, latin in _romanized().items() if len(pair) > 1]


@lru_cache(maxsize=1)
def sound_rules() -> list[tuple[str | re.Pattern[str], str]]:
    """Rival spellings of one sound and the sign for it, in the order of ``data/sounds.csv``.

    Plain spellings are replaced as they are, longest first: that is ten times quicker than a pattern.
    """
    rules: list[tuple[str | re.Pattern[str], str]] = []
    with (DATA / "sounds.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if re.fullmatch("[a-z|]+", row["spelling"]):
                rules += [
                    (s, row["sound"]) for s in sorted(row["spelling"].split("|"), key=len, reverse=True)
                ]
            else:
                rules.append((re.compile(row["spelling"], re.MULTILINE), row["sound"]))
    return rules
