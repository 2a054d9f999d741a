"""What a name may mean: the gazetteer's rows for it, seen as the reader of articles needs them.

A thin, cached view of `gazetteer.Gazetteer`: rows with the rung on which the name met them, the kind
of each place, and codes of country and division that can be compared in bulk.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazetteer.store import ENGLISH, STRIPPED

if TYPE_CHECKING:
    from gazetteer import Gazetteer

Array = npt.NDArray[Any]

#: Kinds of place, as `Senses.kind` codes them.
KINDS = ("country", "division", "subdivision", "capital", "town", "natural", "region", "other")
COUNTRY, DIVISION, SUBDIVISION, CAPITAL, TOWN, NATURAL, REGION, OTHER = range(8)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a name means at best, for telling whether it is a place name at all.

    Attributes
    ----------
    kind : str
        ``country``, ``division``, ``town``, ``natural`` (waters, mountains, regions).
    size : str
        For towns: ``million``, ``large`` (from 100,000 people), ``middle`` (10,000), ``small`` (1,000)
        or ``tiny``.
    main : bool
        Whether it is the place's own name and not another one.
    capital : bool
    countries : tuple of str
        Those of its most important readings (ISO 3166-1 alpha-2), the best one's first.
    """

    kind: str
    size: str
    main: bool
    capital: bool
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows a name met.

    `main` tells a place's own name from others; `rung` is 0 for as spelled, 1 for without the generic
    word, 2 for by sound.
    """

    rows: Array
    main: Array
    rung: Array

    def only(self, keep: Array) -> Hits:
        """Leave out the hits that a mask does not keep."""
        return Hits(self.rows[keep], self.main[keep], self.rung[keep])


_NONE = Hits(np.zeros(0, np.int32), np.zeros(0, bool), np.zeros(0, np.int8))


class Senses:
    """A view of one gazetteer."""

    def __init__(self, places: Gazetteer) -> None:
        self.places = places
        self.prior = np.log10(np.maximum(np.asarray(places.prior, dtype=np.float64), 1.0))
        self.population = np.log10(np.maximum(np.asarray(places.population, dtype=np.float64), 0) + 1.0)
        # What is written of in many languages has a long record of names.
        record = np.asarray(places.store["text_end"]) - np.asarray(places.store["text_start"])
        self.renown = np.log10(np.maximum(record, 32)) - 1.5
        codes = np.array([_kind(code) for code in places.feature_codes], np.int8)
        self.kind = codes[np.asarray(places.feature)]
        names, country = np.unique(np.asarray(places.country), return_inverse=True)
        self.country_names = {str(name): i for i, name in enumerate(names)}
        self.country = country.astype(np.int16)
        self.admin1 = np.asarray(places.admin1_row)
        self.admin2 = np.asarray(places.admin2_row)
        self.radius_km = np.asarray(places.radius_km)
        lat, lon = np.radians(np.asarray(places.lat)), np.radians(np.asarray(places.lon))
        #: Unit vectors (Earth's centre to the place), for distances by one matrix product.
        self.unit = np.column_stack(
            (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
        ).astype(np.float32)
        self.country_row = {
            str(places.country[row]): int(row)
            for row in np.flatnonzero(self.kind == COUNTRY)[::-1]
            if places.country[row]
        }
        self.hits = lru_cache(maxsize=100_000)(self._hits)
        self.summary = lru_cache(maxsize=100_000)(self._summary)
        self.place = lru_cache(maxsize=20_000)(places.place)

    def _hits(self, name: str) -> Hits:
        found = self.places.hits(name)
        rows, kinds, folded = found.rows, found.kinds, found.folded
        if not len(rows):
            return _NONE
        rung = np.where(folded, np.where(kinds == STRIPPED, 1, 0), 2).astype(np.int8)
        if (rung < 2).any():  # what is spelled so shuts out what only sounds so
            keep = rung < 2
            rows, kinds, rung = rows[keep], kinds[keep], rung[keep]
        order = np.lexsort((kinds, rung, rows))
        rows, kinds, rung = rows[order], kinds[order], rung[order]
        first = np.ones(len(rows), bool)
        first[1:] = rows[1:] != rows[:-1]
        return Hits(rows[first], kinds[first] <= ENGLISH, rung[first])

    def _summary(self, name: str) -> Summary | None:
        hits = self.hits(name)
        # What only sounds like a place of that name counts for long names and places that matter.
        spelled = hits.rung < 2
        if len(name) >= 7 and not spelled.any():
            spelled = hits.main & (self.prior[hits.rows] >= 4)
        rows = hits.rows[spelled]
        if not len(rows):
            return None
        kinds, main = self.kind[rows], hits.main[spelled]
        weight = self.prior[rows] + main
        best = int(np.argmax(weight))
        kind = int(kinds[best])
        people = 10 ** self.population[rows[best]]
        size = next(
            (
                word
                for word, low in (("million", 1e6), ("large", 1e5), ("middle", 1e4), ("small", 1e3))
                if people >= low
            ),
            "tiny",
        )
        return Summary(
            {
                COUNTRY: "country",
                DIVISION: "division",
                SUBDIVISION: "subdivision",
                CAPITAL: "town",
                TOWN: "town",
            }.get(kind, "natural"),
            size,
            bool(main[best]),
            kind == CAPITAL,
            tuple(
                dict.fromkeys(
                    str(self.places.country[rows[i]]) for i in np.argsort(-weight, kind="stable")[:6]
                )
            ),
        )


def _kind(feature: str) -> int:
    group, _, code = feature.partition(".")
    if group == "A":
        if code.startswith(("PCL", "TERR")):
            return COUNTRY
        return DIVISION if code.startswith("ADM1") else SUBDIVISION
    if group == "P":
        return CAPITAL if code == "PPLC" else TOWN
    if group in ("H", "T"):
        return NATURAL
    return REGION if group == "L" else OTHER


@lru_cache(maxsize=2)
def senses(places: Gazetteer) -> Senses:
    """Return the view of a gazetteer, made once."""
    return Senses(places)
