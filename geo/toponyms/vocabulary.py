"""The words that place names are read by (``geo/data``), loaded once."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parents[1] / "data"


class Alias(NamedTuple):
    """A form of words that stands for one place: a demonym, an abbreviation.

    Attributes
    ----------
    place : str
        Name of the place; ``""`` means the country itself.
    country : str
        ISO 3166-1 alpha-2; ``""`` where the place lies in none or several.
    kind : str
        ``demonym``, ``country``, ``division``, ``settlement`` or ``region``.
    alone : bool
        Whether the form is read as a place with no place before it ("Fla." is, "IN" is not).
    """

    place: str
    country: str
    kind: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Word lists, lower case, by name (``"kinds.street"``) as in ``places.toml``; and the aliases."""

    lists: dict[str, frozenset[str]]
    aliases: dict[str, Alias]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]

    def alias(self, form: str) -> Alias | None:
        """Return what `form` stands for: as written, or without capitals where all are capitals."""
        found = self.aliases.get(form)
        if found is None and len(form) > 4 and form.isupper():
            found = self.aliases.get(form.title())
        return found


@cache
def vocabulary() -> Vocabulary:
    """Load the lists, once per process."""
    with (DATA / "places.toml").open("rb") as file:
        tables = tomllib.load(file)
    lists = {
        f"{top}.{name}": frozenset(found) for top, table in tables.items() for name, found in table.items()
    }
    aliases: dict[str, Alias] = {}
    with (DATA / "demonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases[row["form"]] = Alias(row["place"], row["country"], "demonym", alone=True)
    with (DATA / "abbreviations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases[row["form"]] = Alias(
                row["place"], row["country"], row["kind"], alone=row["alone"] == "yes"
            )
    return Vocabulary(lists, aliases)


@cache
def weights(model: str) -> dict[str, float]:
    """Load the weights of one model; ``benchmarks/fit_places.py`` writes them to ``weights.toml``."""
    with (DATA / "weights.toml").open("rb") as file:
        return {name: float(value) for name, value in tomllib.load(file)[model].items()}
